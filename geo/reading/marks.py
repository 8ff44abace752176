"""Bring a report's mentions together: what stands in each sentence, by token, with the role that the words beside it give a place."""

import bisect
import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.reading.actors import ActorFinder, ActorMention
from geo.reading.dates import DateMention, find_dates
from geo.reading.grammar import load_grammar
from geo.reading.sentences import Sentence, split_sentences
from geo.reading.tokens import PhraseTable, Tokens, tokenise
from geo.reading.triggers import TriggerFinder, TriggerMention
from geo.records import Place, Report, Toponym
from geo.resources import data_path

_LOOK_BACK = 7  # tokens before a name in which a preposition or "part of the city of" is looked for


@functools.cache
def load_cues() -> dict[str, Any]:
    """Give the word lists of ``data/lexicon/cues.toml``."""
    with data_path("lexicon", "cues.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """A place name in a sentence; ``first`` and ``last`` are token indices (end exclusive).

    ``role`` is the preposition before it, ``"bare"`` where there is none (subject or object), ``"near"``, ``"outskirts"``,
    ``"holder"`` (after "'s" or before "residents": it belongs to something else) or ``"container"`` (the province behind a town).
    ``preposition`` is the index of that word, -1 where there is none.
    """

    first: int
    last: int
    toponym: Toponym
    role: str
    part: bool = False
    whole: bool = False
    preposition: int = -1

    @property
    def place(self) -> Place:
        """The resolved place."""
        place = self.toponym.place
        assert place is not None  # noqa: S101 - only resolved names become marks
        return place


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Names in one list ("Saraqib, Nayrab and the village of Afis"), with the role of the first."""

    first: int
    last: int
    marks: tuple[PlaceMark, ...]
    role: str
    part: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A mention with its token indices (end exclusive)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ActorMark(Span):
    """An actor mention, by token."""

    mention: ActorMention


@dataclass(frozen=True, slots=True)
class DateMark(Span):
    """A date mention, by token."""

    mention: DateMention


@dataclass(frozen=True, slots=True)
class TriggerMark(Span):
    """A trigger mention, by token."""

    mention: TriggerMention


@dataclass(slots=True)
class SentenceMarks:
    """All that was found in one sentence, tokens ``first`` to ``last``."""

    sentence: Sentence
    first: int
    last: int
    groups: list[PlaceGroup] = field(default_factory=list)
    actors: list[ActorMark] = field(default_factory=list)
    dates: list[DateMark] = field(default_factory=list)
    triggers: list[TriggerMark] = field(default_factory=list)


@dataclass(slots=True)
class Marks:
    """A report taken apart, ready for a reader."""

    report: Report
    tokens: Tokens
    sentences: list[SentenceMarks]
    actors: list[ActorMention]
    dates: list[DateMention]


class _Sheet:
    """Sorts mentions into their sentences, by token; what lies inside a place's name, or inside a longer mention, is left out."""

    def __init__(self, tokens: Tokens, sentences: Sequence[Sentence], names: Sequence[tuple[int, int]]) -> None:
        self._tokens, self._names = tokens, names
        self._name_starts = [start for start, _ in names]
        self._starts = [sentence.start for sentence in sentences]
        bounds = [(bisect.bisect_left(tokens.starts, s.start), bisect.bisect_left(tokens.starts, s.end)) for s in sentences]
        pairs = zip(sentences, bounds, strict=True)
        self.marked = [SentenceMarks(sentence=sentence, first=first, last=last) for sentence, (first, last) in pairs]

    def add(self, dates: Sequence[DateMention], actors: Sequence[ActorMention], triggers: Sequence[TriggerMention]) -> None:
        """Sort the mentions in: dates first, then actors, then triggers where neither stands."""
        dated: set[int] = set()
        for date in dates:
            into = self._home(date.start, date.end)
            if into is not None:
                first, last = self.span(date.start, date.end)
                into.dates.append(DateMark(first, last, date))
                dated.update(range(first, last))
        acting = self._add_actors(actors, dated)
        for trigger in triggers:
            first, last = self.span(trigger.start, trigger.end)
            into = self._home(trigger.start, trigger.end)
            if into is not None and first not in dated and first not in acting:
                into.triggers.append(TriggerMark(first, last, trigger))

    def _add_actors(self, actors: Sequence[ActorMention], dated: set[int]) -> set[int]:
        """Sort the actors in and give the tokens at which no trigger can start."""
        acting: set[int] = set()
        for actor in actors:
            index = bisect.bisect_right(self._starts, actor.start) - 1
            first, last = self.span(actor.start, actor.end)
            if index < 0 or (first in dated and actor.kind == "pronoun"):
                continue
            self.marked[index].actors.append(ActorMark(first, last, actor))
            if actor.role not in ("weapon", "air"):  # "drone strikes on" is a trigger too
                acting.update(range(first, last))
        return acting

    def by_sentence(self, names: Sequence[Toponym]) -> dict[int, list[Toponym]]:
        """Give the names of each sentence that has some."""
        sorted_in: dict[int, list[Toponym]] = {}
        for name in names:
            index = bisect.bisect_right(self._starts, name.start) - 1
            if index >= 0:
                sorted_in.setdefault(index, []).append(name)
        return sorted_in

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the tokens of a stretch of text."""
        first = bisect.bisect_right(self._tokens.starts, start) - 1
        return max(first, 0), bisect.bisect_left(self._tokens.starts, end)

    def _home(self, start: int, end: int) -> SentenceMarks | None:
        near = max(0, bisect.bisect_right(self._name_starts, start) - 1)
        if any(a < end and start < b for a, b in self._names[near : near + 2]):
            return None
        index = bisect.bisect_right(self._starts, start) - 1
        return self.marked[index] if index >= 0 else None


class Marker:
    """Takes reports apart; built once for a theatre.

    Parameters
    ----------
    actors
        The theatre's actor finder.
    triggers
        The lexicon's trigger finder.
    """

    def __init__(self, actors: ActorFinder, triggers: TriggerFinder) -> None:
        self._actors, self._triggers = actors, triggers
        self._words = load_grammar()
        places = load_cues()["places"]
        entries = [(phrase, "near") for phrase in places["near"]]
        entries += [(phrase, "outskirts") for phrase in places["outskirts"]]
        entries += [(phrase, "part") for phrase in places["part"]]
        entries += [(phrase, "whole") for phrase in places["whole"]]
        self._before = PhraseTable(entries)
        self._class_nouns = frozenset(places["class_nouns"])
        self._glue = frozenset(places["list_glue"])
        self._modifies = frozenset(places["modifies"])

    def mark(self, report: Report, toponyms: Sequence[Toponym]) -> Marks:
        """Find all mentions of a report and sort them into its sentences."""
        text = report.text
        tokens = tokenise(text)
        sentences = split_sentences(text)
        known = sorted((t for t in toponyms if t.place is not None), key=lambda t: (t.start, t.end))
        dates = find_dates(text, report.published, sentences)
        actors = self._actors.find(text, report.published, tokens=tokens, toponyms=known)
        triggers = self._triggers.find(text, tokens=tokens)
        sheet = _Sheet(tokens, sentences, [(t.start, t.end) for t in known])
        sheet.add(dates, actors, triggers)
        for index, names in sheet.by_sentence(known).items():
            spans = [(*sheet.span(t.start, t.end), t) for t in names]
            marks = self._places(tokens, sheet.marked[index], spans, first_of_text=index == 0)
            sheet.marked[index].groups = self._group(tokens, marks)
        return Marks(report=report, tokens=tokens, sentences=sheet.marked, actors=actors, dates=dates)

    def _places(
        self, tokens: Tokens, into: SentenceMarks, names: list[tuple[int, int, Toponym]], *, first_of_text: bool
    ) -> list[PlaceMark]:
        marks: list[PlaceMark] = []
        for first, last, toponym in names:
            place = toponym.place
            if place is None:
                continue
            role, part, whole, preposition = self._role(tokens, into.first, first, last)
            if (first_of_text and first - into.first <= 1 and _is_dateline(tokens, last, into.last)) or (
                marks and first_of_text and marks[-1].role == "dateline" and first - marks[-1].last <= 2
            ):
                role = "dateline"
            if (
                marks
                and role in ("bare", "in", "of")
                and place.kind in ("province", "region", "country", "district")
                and self._contains(tokens, marks[-1], first, role)
            ):
                role = "container"
            if marks and tokens.low[marks[-1].last : first] == ["("]:
                role = "container"  # "Palmyra (Homs, Syria)", as notes write where a place lies
            marks.append(PlaceMark(first, last, toponym, role, part, whole, preposition))
        return marks

    def _contains(self, tokens: Tokens, before: PlaceMark, first: int, role: str) -> bool:
        between = tokens.low[before.last : first]
        if before.place.kind in ("province", "region", "country") and role == "bare":
            return False
        return (between in (["in"], ["of"], ["in", "the"]) and before.place.kind != "province") or (
            between == [","] and before.place.kind not in ("province", "district") and before.role != "dateline"
        )

    def _owner(self, tokens: Tokens, last: int) -> str | None:
        """Read the words behind a name: "Aleppo's suburbs", "Jonglei state capital", "Homs residents" are no place of an event."""
        low = tokens.low
        following = low[last : last + 3]
        if following[:2] == ["'", "s"] and tokens.glued(last):
            return "outskirts" if following[2:] and following[2] in self._words.around else "holder"
        if following[:1] and following[0] in ("state", "province", "provincial", "regional") and following[1:2] == ["capital"]:
            return "holder"
        compound = following[:1] == ["-"] and tokens.glued(last) and last + 1 < len(low) and tokens.glued(last + 1)
        if following[:1] and following[0] in self._modifies and (following[0] != "-" or compound):
            return "holder"
        return None

    def _role(self, tokens: Tokens, start: int, first: int, last: int) -> tuple[str, bool, bool, int]:
        """Read the words before and behind a name: role, whether part or all of it, and where its preposition stands."""
        owner = self._owner(tokens, last)
        if owner is not None:
            return owner, False, False, -1
        low = tokens.low
        part = whole = False
        at = first
        while at > start and first - at < _LOOK_BACK:
            hit = self._phrase_before(low, start, at)
            if hit is not None:
                begin, kind = hit
                if kind in ("near", "outskirts"):
                    return kind, part, whole, begin
                part, whole = part or kind == "part", whole or kind == "whole"
                at = begin
                continue
            word = low[at - 1]
            if word in self._words.articles or word in self._class_nouns:
                at -= 1
            elif word == "of" and at - 2 >= start and low[at - 2] in self._class_nouns:
                at -= 2
            elif word in self._words.prepositions:
                return word, part, whole, at - 1
            elif word in {'"', "'"}:
                at -= 1
            elif word == "s" and at - 3 >= start and low[at - 2] == "'":  # "in the city's Citadel"
                at -= 3
            else:
                break
        return "bare", part, whole, -1

    def _phrase_before(self, low: list[str], start: int, at: int) -> tuple[int, str] | None:
        """Give the longest phrase of the role lists that ends right before token ``at``."""
        for begin in range(max(start, at - 4), at):
            hit = self._before.find(low, begin, at)
            if hit is not None and hit[0] == at:
                return begin, hit[1][0]
        return None

    def _group(self, tokens: Tokens, marks: list[PlaceMark]) -> list[PlaceGroup]:
        groups: list[list[PlaceMark]] = []
        for mark in marks:
            if groups and self._listed(tokens, groups[-1][-1], mark):
                groups[-1].append(mark)
            else:
                groups.append([mark])
        return [PlaceGroup(g[0].first, g[-1].last, tuple(g), g[0].role, any(m.part for m in g), any(m.whole for m in g)) for g in groups]

    def _listed(self, tokens: Tokens, before: PlaceMark, mark: PlaceMark) -> bool:
        if mark.role in ("container", "dateline") or before.role in ("container", "dateline", "holder"):
            return False
        between = tokens.low[before.last : mark.first]
        if not between or len(between) > 9:
            return False
        if between == [","] and before.role == "in" and before.place.kind in ("region", "province", "district", "country"):
            return False  # "In Idlib province, Saraqib fell"
        if mark.role in ("near", "outskirts") or (mark.role not in ("bare", "of", before.role)):
            return False
        joined = any(word in (",", "and", "&", "+", "/", "plus", "n", "or") for word in between) or between in (
            ["as", "well", "as"],
            ["then"],
        )
        return joined and all(word in self._glue for word in between)


def _is_dateline(tokens: Tokens, last: int, end: int) -> bool:
    """Tell a dateline ("BEIRUT, July 20 -", "SANAA (Wire) -") from a sentence that starts with a place."""
    window = tokens.low[last : min(end, last + 16)]
    dash = next((index for index, word in enumerate(window) if word in ("-", "—", "--", "–")), None)
    if dash is None or tokens.glued(last + dash):
        return False
    return all(
        not word.islower() or not word.isalpha() or tokens.text[tokens.starts[last + i]].isupper() or len(word) < 4
        for i, word in enumerate(window[:dash])
    ) or any(word.isdigit() for word in window[:dash])
