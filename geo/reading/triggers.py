"""Find the words that tell what happened, by ``data/lexicon/triggers.toml``, each with the frame that says who stands where."""

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geo.reading.tokens import PhraseTable, Tokens, tokenise
from geo.records import EventType
from geo.resources import data_path

Form = Literal["base", "third", "past", "part", "regular", "any", "ing", "noun"]
FORMS: tuple[Form, ...] = ("base", "third", "past", "part", "ing")

_SLOT = re.compile(r"\{(?P<verb>[a-z]+)(?::(?P<form>part|ing|base))?\}|\((?P<choices>[^)]*)\)(?P<optional>\?)?|(?P<word>[^\s{}()]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One entry of the lexicon: a name, the class of event, how sure it is by itself, and the frame."""

    name: str
    type: EventType
    strength: Literal["strong", "weak"]
    frame: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerMention:
    """A trigger in a text.

    ``form`` is that of its verb; ``regular`` may be past or participle ("captured"), ``any`` the base as well ("hit", "overrun").
    """

    start: int
    end: int
    text: str
    trigger: Trigger
    form: Form
    verb: str
    alternatives: tuple[Trigger, ...] = ()


class TriggerFinder:
    """Finds the triggers of the lexicon; built once, it reads any number of texts."""

    def __init__(self) -> None:
        self._table = _load_table()

    def find(self, text: str, *, tokens: Tokens | None = None) -> list[TriggerMention]:
        """Find the triggers of a text, in order, the longest phrase first, none overlapping.

        Examples
        --------
        >>> [(m.text, m.trigger.type, m.form) for m in TriggerFinder().find("Rebels took control of Saraqib; Hama fell.")]
        [('took control of', 'capture', 'past'), ('fell', 'capture', 'past')]
        """
        tokens = tokens or tokenise(text)
        found = []
        for start, end, payloads in self._table.scan(tokens.low):
            if start and tokens.low[start - 1] == "-" and tokens.glued(start):
                continue  # "rebel-held", "blast-damaged": an adjective
            if (
                end < len(tokens)
                and tokens.low[end] == "-"
                and tokens.glued(end)
                and end + 1 < len(tokens)
                and tokens.glued(end + 1)
                and tokens.low[end - 1] not in ("in", "of")
            ):
                continue
            trigger, form, verb = payloads[0]
            a, b = tokens.starts[start], tokens.ends[end - 1]
            others = tuple(dict.fromkeys(other for other, _, _ in payloads[1:] if other is not trigger))
            found.append(TriggerMention(start=a, end=b, text=tokens.text[a:b], trigger=trigger, form=form, verb=verb, alternatives=others))
        return found


@functools.cache
def _load_table() -> PhraseTable:
    with data_path("lexicon", "triggers.toml").open("rb") as file:
        lexicon = tomllib.load(file)
    return PhraseTable(_entries(lexicon))


def _entries(lexicon: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Trigger, Form, str]]]:
    verbs = {verb: _irregular(verb, forms) for verb, forms in lexicon["verbs"].items()}
    for row in lexicon["trigger"]:
        trigger = Trigger(name=row["name"], type=row["class"], strength=row["strength"], frame=row["frame"])
        seen = set()
        for phrase in row["phrases"]:
            for written, form, verb in expand(phrase, verbs):
                if written not in seen:
                    seen.add(written)
                    yield written, (trigger, form, verb)


def expand(phrase: str, verbs: Mapping[str, Mapping[Form, str]]) -> Iterator[tuple[str, Form, str]]:
    """Give all that a phrase of the lexicon stands for: the words, the form of its verb and the verb.

    Examples
    --------
    >>> [words for words, _, _ in expand("{seize} (full)? control", {})][:3]
    ['seize full control', 'seize control', 'seizes full control']
    """
    slots: list[list[tuple[str, Form | None]]] = []
    verb = ""
    for match in _SLOT.finditer(phrase):
        if match["verb"]:
            verb = verb or match["verb"]
            slots.append(_verb_forms(match["verb"], match["form"], verbs, first=not any(form for slot in slots for _, form in slot)))
        elif match["choices"] is not None:
            choices: list[tuple[str, Form | None]] = [(choice.strip(), None) for choice in match["choices"].split("|")]
            slots.append([*choices, ("", None)] if match["optional"] else choices)
        else:
            slots.append([(match["word"], None)])
    for combination in itertools.product(*slots):
        form: Form = next((form for _, form in combination if form is not None), "noun")
        yield " ".join(word for word, _ in combination if word), form, verb or phrase


def _verb_forms(verb: str, only: str | None, verbs: Mapping[str, Mapping[Form, str]], *, first: bool) -> list[tuple[str, Form | None]]:
    forms = verbs.get(verb) or _regular(verb)
    chosen: list[tuple[str, Form | None]] = []
    for form in FORMS:
        word = forms[form]
        if only and form != only:
            continue
        if form == "part" and word == forms["past"]:
            continue
        told = form
        if form == "base" and word in (forms["past"], forms["part"]):
            told = "any"
        elif form == "past" and word == forms["part"]:
            told = "regular"
        if all(word != other for other, _ in chosen):
            chosen.append((word, told if first else None))
    if verb == "be":
        chosen += [(word, "past" if first else None) for word in ("are", "were", "am")]
    return chosen


def _irregular(verb: str, forms: str) -> dict[Form, str]:
    return dict(zip(FORMS, [verb, *forms.split()], strict=True))


def _regular(verb: str) -> dict[Form, str]:
    """Inflect a regular verb.

    Examples
    --------
    >>> list(_regular("occupy").values())
    ['occupy', 'occupies', 'occupied', 'occupied', 'occupying']
    """
    if verb.endswith("e"):
        return dict(zip(FORMS, [verb, verb + "s", verb + "d", verb + "d", verb[:-1] + "ing"], strict=True))
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return dict(zip(FORMS, [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb[:-1] + "ied", verb + "ing"], strict=True))
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return dict(zip(FORMS, [verb, third, verb + "ed", verb + "ed", verb + "ing"], strict=True))
