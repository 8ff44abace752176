"""Find who is spoken of: names, common nouns ("government troops"), generic words whose meaning depends on the date, words that point back.

Names and forms come from the theatre's ``actors.toml``; what is the same in every war (soldiers, "Russian airborne troops",
"fighters of …", "they", "the garrison") from ``data/lexicon/actors.toml``. What points back is found here and linked by the readers.
"""

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geo.reading.grammar import load_grammar
from geo.reading.tokens import PhraseTable, Tokens, tokenise
from geo.records import Toponym
from geo.resources import data_path
from geo.theatre import Actor, Theatre

ActorKind = Literal["alias", "form", "generic", "pronoun", "holder"]

_RANK = {"alias": 3, "form": 2, "generic": 1, "pronoun": 0, "holder": 0}
_RELATIVE = frozenset({"self", "enemy", "holder", "attacker"})
_REACH = 4  # tokens that may stand between a name and the noun that belongs to it ("Russian airborne assault troops")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMention:
    """A mention of somebody who fights.

    ``kind`` tells how: by an ``alias`` (name), a ``form`` (common noun of one actor), a ``generic`` word (by date), a
    ``pronoun`` (anything that points back; ``actor`` is ``None``, ``role`` says whom to look for: self, enemy, attacker, holder, group, former,
    latter, they, fighters) or a ``holder`` adjective ("rebel-held"), which tells who has a place and never who acts.
    ``options`` are all actors it may mean with the years in which it does. ``possessive`` marks "Russia's" and "their".
    """

    start: int
    end: int
    text: str
    actor: str | None
    kind: ActorKind
    role: str | None = None
    options: tuple[tuple[str, dt.date | None, dt.date | None], ...] = ()
    possessive: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: ActorKind
    options: tuple[tuple[str, dt.date | None, dt.date | None], ...] = ()
    written: str | None = None  # the alias, where its case counts
    role: str | None = None


class ActorFinder:
    """Finds the actors of one theatre; built once, it reads any number of texts.

    Parameters
    ----------
    theatre
        Whose actors to look for.
    """

    def __init__(self, theatre: Theatre) -> None:
        words = _load_words()
        self._heads = frozenset(words["heads"]["words"])
        self._modifiers = frozenset(words["modifiers"]["words"])
        self._numbered = frozenset(words["numbered"]["words"])
        self._not_after = frozenset(words["not_the_actor"]["after"])
        self._not_before = frozenset(words["not_the_actor"]["before"])
        self._holding = frozenset(words["holding"]["after"])
        self._joins = PhraseTable((phrase, True) for phrase in words["joins"]["phrases"])
        self._where = load_grammar().where
        self._government = _governments(theatre)
        self._table = PhraseTable(_entries(theatre, words, self._government))

    def find(self, text: str, on: dt.date, *, tokens: Tokens | None = None, toponyms: Sequence[Toponym] = ()) -> list[ActorMention]:
        """Find the actor mentions of a text, in order, none overlapping.

        Parameters
        ----------
        text
            The report's text.
        on
            The date for which words that change their meaning are read; ``actor_on`` reads a mention for another.
        tokens
            The text's tokens, where they are known already.
        toponyms
            Place names: a name of an actor inside one is the place, not the actor.
        """
        tokens = tokens or tokenise(text)
        blocked = _blocked(tokens, toponyms)
        states = _states(tokens, toponyms)
        casual = _is_casual(text)
        found: list[ActorMention] = []
        index, last = 0, len(tokens)
        low = tokens.low
        while index < last:
            if index in blocked:
                index += 1
                continue
            hit = self._table.find(low, index)
            if hit is None:
                step = self._number(tokens, index, found, on)
                index = step or index + 1
                continue
            end, entries = hit
            good = [entry for entry in entries if self._fits(entry, tokens, index, end, casual=casual)]
            if (
                not good
                or any(at in blocked for at in range(index, end))
                or (index in states and index > 0 and low[index - 1] in self._where)
            ):
                index += 1
                continue
            index = self._take(tokens, index, end, good, found, on, blocked)
        return self._join_heads(tokens, found)

    def _fits(self, entry: _Entry, tokens: Tokens, start: int, end: int, *, casual: bool) -> bool:
        if entry.written is None:
            return True
        written = tokens.text[tokens.starts[start] : tokens.ends[end - 1]]
        if _same_case(written, entry.written):
            return True
        if written.isupper() and len(written) > 3:
            return True
        long_enough = len(written) >= (3 if entry.written.isupper() else 5) and written not in (
            "aim",
            "fact",
            "dawn",
            "front",
            "giants",
            "sun",
        )
        return casual and written.islower() and long_enough

    def _take(
        self, tokens: Tokens, start: int, end: int, entries: list[_Entry], found: list[ActorMention], on: dt.date, blocked: frozenset[int]
    ) -> int:
        low, last = tokens.low, len(tokens)
        if start > 1 and low[start - 1] == "-" and low[start - 2] in self._not_before:
            return end
        # "our forces" and "the garrison" are whoever speaks and whoever is there, even where a theatre lists them
        kind: ActorKind = max((entry.kind for entry in entries), key=lambda k: _RANK[k])
        if any(entry.role in _RELATIVE for entry in entries):
            kind = "pronoun"
        best = [entry for entry in entries if entry.kind == kind]
        options = tuple(dict.fromkeys(option for entry in best for option in entry.options))
        role = best[0].role
        stop = end
        possessive = False
        if kind != "pronoun":
            if end + 1 < last and low[end] == "-":
                if low[end + 1] in self._not_after:
                    return end + 2
                if low[end + 1] in self._holding:
                    self._add(tokens, start, end + 2, "holder", options, None, found, on)
                    return end + 2
            if end + 1 < last and low[end] == "'" and low[end + 1] == "s":
                possessive, end = True, end + 2
            elif end < last and low[end] == "'" and low[end - 1].endswith("s"):
                possessive, end = True, end + 1
            head = self._head(tokens, end, blocked)
            if head > end:
                stop, possessive = head, False
        elif end - start == 1 and low[start] in ("their", "its", "his", "our", "whose"):
            possessive = True
        self._add(tokens, start, max(stop, start + 1), kind, options, role, found, on, possessive=possessive)
        return max(stop, end)

    def _head(self, tokens: Tokens, at: int, blocked: frozenset[int]) -> int:
        """Give the token behind the noun that goes with a name ending at ``at``; ``at`` itself where there is none."""
        best = at
        for index in range(at, min(at + _REACH + 1, len(tokens))):
            word = tokens.low[index]
            if index in blocked:
                break
            if word in self._heads and (index + 1 >= len(tokens) or tokens.low[index + 1] != "-" or not tokens.glued(index + 1)):
                best = index + 1
            elif word not in self._modifiers and not word[:1].isdigit():
                break
        return best

    def _number(self, tokens: Tokens, index: int, found: list[ActorMention], on: dt.date) -> int | None:
        """Read "(the) 93rd Mechanised Brigade" as the theatre's government, which numbers its units in reports."""
        word = tokens.low[index]
        if not (word[0].isdigit() and word[-2:] in ("st", "nd", "rd", "th")) or not self._government:
            return None
        for at in range(index + 1, min(index + 5, len(tokens))):
            if tokens.low[at] in self._numbered:
                options = tuple((actor.id, actor.start, actor.end) for actor in self._government)
                self._add(tokens, index, at + 1, "generic", options, "unit", found, on)
                return at + 1
            if tokens.low[at] not in self._modifiers:
                return None
        return None

    def _add(
        self,
        tokens: Tokens,
        start: int,
        end: int,
        kind: ActorKind,
        options: tuple[tuple[str, dt.date | None, dt.date | None], ...],
        role: str | None,
        found: list[ActorMention],
        on: dt.date,
        *,
        possessive: bool = False,
    ) -> None:
        a, b = tokens.starts[start], tokens.ends[end - 1]
        found.append(
            ActorMention(
                start=a, end=b, text=tokens.text[a:b], actor=_at(options, on), kind=kind, role=role, options=options, possessive=possessive
            )
        )

    def _join_heads(self, tokens: Tokens, found: list[ActorMention]) -> list[ActorMention]:
        """Join "gunmen of" to the name behind it."""
        if len(found) < 2:
            return found
        joined: list[ActorMention] = []
        for mention in found:
            before = joined[-1] if joined else None
            if (
                before is not None
                and mention.kind in ("alias", "form")
                and not before.possessive
                and 0 < mention.start - before.end <= 20
                and before.text.rsplit(None, 1)[-1].lower() in self._heads
                and before.kind in ("pronoun", "generic", "form")
                and self._is_join(tokens.text[before.end : mention.start])
            ):
                joined[-1] = ActorMention(
                    start=before.start,
                    end=mention.end,
                    text=tokens.text[before.start : mention.end],
                    actor=mention.actor,
                    kind=mention.kind,
                    options=mention.options,
                )
            else:
                joined.append(mention)
        return joined

    def _is_join(self, between: str) -> bool:
        low = tokenise(between).low
        if not low:
            return False
        hit = self._joins.find(low, 0)
        return hit is not None and (hit[0] == len(low) or (len(low) - hit[0] <= 1 and low[-1] in ("the", "general", "president", "mr")))


def actor_on(mention: ActorMention, date: dt.date) -> str | None:
    """Give whom a mention means on a date: "rebels" of 2016 are others than those of 2024."""
    return _at(mention.options, date) or mention.actor


def _at(options: tuple[tuple[str, dt.date | None, dt.date | None], ...], on: dt.date) -> str | None:
    for actor, start, end in options:
        if (start is None or start <= on) and (end is None or on <= end):
            return actor
    return options[0][0] if options else None


def _blocked(tokens: Tokens, toponyms: Sequence[Toponym]) -> frozenset[int]:
    """Give the tokens inside place names; a country's name stays readable as its state."""
    blocked: set[int] = set()
    spans = sorted((t.start, t.end) for t in toponyms if t.place is not None and t.place.kind != "country")
    at = 0
    for start, end in spans:
        while at < len(tokens) and tokens.ends[at] <= start:
            at += 1
        here = at
        while here < len(tokens) and tokens.starts[here] < end:
            blocked.add(here)
            here += 1
    return frozenset(blocked)


def _states(tokens: Tokens, toponyms: Sequence[Toponym]) -> frozenset[int]:
    starts = {t.start for t in toponyms if t.place is not None and t.place.kind == "country"}
    return frozenset(index for index, start in enumerate(tokens.starts) if start in starts)


def _is_casual(text: str) -> bool:
    """Tell whether a text is written without capitals, as posts are: then "hts" is HTS."""
    letters = [text[i + 2 : i + 3] for i in range(len(text) - 2) if text[i] in ".!?" and text[i + 1] == " "]
    small = sum(letter.islower() for letter in letters)
    return text[:1].islower() or small >= 2


def _same_case(written: str, alias: str) -> bool:
    if written == alias or (written[1:] == alias[1:] and written[:1].lower() == alias[:1].lower() and alias[:1].islower()):
        return True
    straight = written.replace("’", "'").replace("‑", "-")
    if straight == alias:
        return True
    # spelled with other accents or blanks, but with the capitals in their places
    return [c.isupper() for c in straight if c.isalpha()] == [c.isupper() for c in alias if c.isalpha()]


def _governments(theatre: Theatre) -> list[Actor]:
    return [actor for actor in theatre.actors if actor.side == "government"]


def _entries(theatre: Theatre, words: Mapping[str, Any], government: list[Actor]) -> list[tuple[str, _Entry]]:
    entries: list[tuple[str, _Entry]] = []
    known: set[str] = set()

    def add(phrase: str, entry: _Entry) -> None:
        entries.append((phrase, entry))
        known.add(phrase.lower())

    for actor in theatre.actors:
        option = ((actor.id, actor.start, actor.end),)
        for alias in dict.fromkeys((*actor.aliases, actor.short)):
            add(alias, _Entry("alias", option, written=alias))
        for form in actor.forms:
            add(form, _Entry("form", option))
    for generic in theatre.generics:
        for word in generic.words:
            add(word, _Entry("generic", ((generic.actor, generic.start, generic.end),)))
    for phrase, entry in _demonyms(theatre, words, government):
        if phrase.lower() not in known:
            entries.append((phrase, entry))
    if government:
        option = tuple((actor.id, actor.start, actor.end) for actor in government)
        entries += [(form, _Entry("form", option)) for form in words["government"]["forms"] if form not in known]
    for role, phrases in words["anaphora"].items():
        entries += [
            (phrase, _Entry("pronoun", role=role))
            for phrase in phrases
            if role in _RELATIVE or not {phrase, phrase.removeprefix("the ")} & known
        ]
    return entries


def _demonyms(theatre: Theatre, words: Mapping[str, Any], government: list[Actor]) -> list[tuple[str, _Entry]]:
    """Give the adjectives of states: "Russian" for the actor Russia, "Syrian army" for the government of Syria."""
    entries: list[tuple[str, _Entry]] = []
    home = {words["countries"].get(country) for country in theatre.countries[:1]}
    for state, adjectives in words["demonyms"].items():
        actors = [actor for actor in theatre.actors if state in (actor.name.split(" (")[0].lower(), actor.id.replace("-", " "))]
        actors = actors or [a for a in theatre.actors if a.side == "foreign" and state in {alias.lower() for alias in a.aliases}]
        if actors:
            option = tuple((actor.id, actor.start, actor.end) for actor in actors)
            for adjective in adjectives:
                entries.append((adjective, _Entry("alias", option, written=adjective)))
            entries.append((actors[0].name.split(" (")[0], _Entry("alias", option, written=actors[0].name.split(" (")[0])))
        elif state in home and government:
            option = tuple((actor.id, actor.start, actor.end) for actor in government)
            for noun in (
                "army",
                "troops",
                "soldiers",
                "forces",
                "government",
                "government forces",
                "military",
                "authorities",
                "air force",
                "warplanes",
                "jets",
                "aircraft",
                "armed forces",
                "regime",
                "army units",
                "government troops",
            ):
                entries += [(f"{adjective} {noun}", _Entry("form", option)) for adjective in adjectives[:1]]
    return entries


@functools.cache
def _load_words() -> dict[str, Any]:
    with data_path("lexicon", "actors.toml").open("rb") as file:
        return tomllib.load(file)
