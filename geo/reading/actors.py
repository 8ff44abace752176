"""Find who is spoken of: names, common nouns ("government troops"), generic words whose meaning depends on the date, words that point back.

Names and forms come from the theatre's ``actors.toml``; what is the same in every war (soldiers, "Russian airborne troops",
"fighters of …", "they", "the garrison") from ``data/lexicon/actors.toml``. What points back is found here and linked by the readers.
"""

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from geo.reading.grammar import load_grammar
from geo.reading.tokens import PhraseTable, Tokens, tokenise
from geo.records import Toponym
from geo.resources import data_path
from geo.theatre import Actor, Theatre

ActorKind = Literal["alias", "form", "generic", "pronoun", "holder"]
# who may be meant, and between which dates
Options = tuple[tuple[str, dt.date | None, dt.date | None], ...]

_RANK = {"alias": 3, "form": 2, "generic": 1, "pronoun": 0, "holder": 0}
_RELATIVE = frozenset({"self", "enemy", "holder", "attacker"})
_REACH = 4  # tokens that may stand between a name and the noun that belongs to it ("Russian airborne assault troops")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMention:
    """A mention of somebody who fights.

    ``kind`` tells how: by an ``alias`` (name), a ``form`` (common noun of one actor), a ``generic`` word (by date), a
    ``pronoun`` (anything that points back; ``actor`` is ``None``;
    ``role`` says whom to look for: self, enemy, attacker, holder, group, former,
    latter, they, fighters) or a ``holder`` adjective ("rebel-held"), which tells who has a place and never who acts.
    ``options`` are all actors it may mean with the years in which it does. ``possessive`` marks "Russia's" and "their".
    """

    start: int
    end: int
    text: str
    actor: str | None
    kind: ActorKind
    role: str | None = None
    options: Options = ()
    possessive: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: ActorKind
    options: Options = ()
    written: str | None = None  # the alias, where its case counts
    role: str | None = None
    joint: bool = False  # only before "and" and another actor


@dataclass(slots=True)
class _Search:
    """One text being searched."""

    tokens: Tokens
    on: dt.date
    blocked: frozenset[int]
    found: list[ActorMention] = field(default_factory=list)

    def add(self, start: int, end: int, kind: ActorKind, options: Options, *, role: str | None = None, possessive: bool = False) -> None:
        a, b = self.tokens.starts[start], self.tokens.ends[end - 1]
        mention = ActorMention(
            start=a,
            end=b,
            text=self.tokens.text[a:b],
            actor=_at(options, self.on),
            kind=kind,
            role=role,
            options=options,
            possessive=possessive,
        )
        self.found.append(mention)


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
        self._never_casual = frozenset(words["never_casual"]["words"])
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
        search = _Search(tokens, on, _blocked(tokens, toponyms))
        states = _states(tokens, toponyms)
        casual = _is_casual(text)
        low = tokens.low
        index = 0
        while index < len(low):
            hit = None if index in search.blocked else self._table.find(low, index)
            if hit is None:
                index = self._number(search, index) or index + 1
                continue
            end, entries = hit
            good = [
                entry
                for entry in entries
                if self._fits(entry, tokens, index, end, casual=casual) and (not entry.joint or self._is_joint(low, end))
            ]
            inside = any(at in search.blocked for at in range(index, end))
            land = index in states and index > 0 and low[index - 1] in self._where
            index = self._take(search, index, end, good) if good and not inside and not land else index + 1
        return self._join_heads(tokens, search.found)

    def _fits(self, entry: _Entry, tokens: Tokens, start: int, end: int, *, casual: bool) -> bool:
        if entry.written is None:
            return True
        written = tokens.text[tokens.starts[start] : tokens.ends[end - 1]]
        if _same_case(written, entry.written) or (written.isupper() and len(written) > 3):
            return True
        long_enough = len(written) >= (3 if entry.written.isupper() else 5) and written not in self._never_casual
        return casual and written.islower() and long_enough

    def _is_joint(self, low: list[str], end: int) -> bool:
        """Tell whether "and" and another actor follow: "Syrian and Russian forces" are the forces of two."""
        following = self._table.find(low, end + 1) if low[end : end + 1] == ["and"] and end + 1 < len(low) else None
        return following is not None and any(entry.kind == "alias" for entry in following[1])

    def _take(self, search: _Search, start: int, end: int, entries: list[_Entry]) -> int:
        """Add the mention of a phrase and give the token to go on from."""
        low = search.tokens.low
        if start > 1 and low[start - 1] == "-" and low[start - 2] in self._not_before:
            return end
        # "our forces" and "the garrison" are whoever speaks and whoever is there, even where a theatre lists them
        kind: ActorKind = max((entry.kind for entry in entries), key=lambda k: _RANK[k])
        if any(entry.role in _RELATIVE for entry in entries):
            kind = "pronoun"
        best = [entry for entry in entries if entry.kind == kind]
        options = tuple(dict.fromkeys(option for entry in best for option in entry.options))
        if kind == "pronoun":
            alone = end - start == 1 and low[start] in ("their", "its", "his", "our", "whose")
            search.add(start, end, kind, options, role=best[0].role, possessive=alone)
            return end
        compound = low[end + 1] if low[end : end + 1] == ["-"] and end + 1 < len(low) else ""
        if compound in self._not_after:
            return end + 2
        if compound in self._holding:
            search.add(start, end + 2, "holder", options)
            return end + 2
        genitive = low[end : end + 2] == ["'", "s"]
        possessive = genitive or (low[end : end + 1] == ["'"] and low[end - 1].endswith("s"))
        behind = end + 2 if genitive else end + 1 if possessive else end
        head = self._head(search.tokens, behind, search.blocked)
        search.add(start, head if head > behind else end, kind, options, role=best[0].role, possessive=possessive and head == behind)
        return max(head, behind)

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

    def _number(self, search: _Search, index: int) -> int | None:
        """Read "(the) 93rd Mechanised Brigade" as the theatre's government, which numbers its units in reports."""
        low = search.tokens.low
        if index in search.blocked or not self._government or not (low[index][0].isdigit() and low[index][-2:] in ("st", "nd", "rd", "th")):
            return None
        for at in range(index + 1, min(index + 5, len(low))):
            if low[at] in self._numbered:
                search.add(index, at + 1, "generic", tuple((actor.id, actor.start, actor.end) for actor in self._government), role="unit")
                return at + 1
            if low[at] not in self._modifiers:
                return None
        return None

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


def _at(options: Options, on: dt.date) -> str | None:
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
        every: Options = tuple((actor.id, actor.start, actor.end) for actor in government)
        entries += [(form, _Entry("form", every)) for form in words["government"]["forms"] if form not in known]
    if not theatre.actors:
        entries += [(form, _Entry("pronoun", role="they")) for form in words["government"]["forms"]]
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
            entries += [(adjective, _Entry("alias", option, written=adjective)) for adjective in adjectives]
            entries.append((actors[0].name.split(" (")[0], _Entry("alias", option, written=actors[0].name.split(" (")[0])))
        elif state in home and government:
            option = tuple((actor.id, actor.start, actor.end) for actor in government)
            for noun in words["home_nouns"]["words"]:
                entries += [(f"{adjective} {noun}", _Entry("form", option)) for adjective in adjectives[:1]]
            entries += [(adjective, _Entry("alias", option, written=adjective, joint=True)) for adjective in adjectives]
    return entries


@functools.cache
def _load_words() -> dict[str, Any]:
    with data_path("lexicon", "actors.toml").open("rb") as file:
        return tomllib.load(file)
