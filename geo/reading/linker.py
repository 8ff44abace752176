"""Lay out, for each sentence and place of a report, the text and the candidates from which the linker chooses.

The linker reads one place at a time: a sentence, the two before it, and a header with the actors and dates that may count without
being named there. The place asked about is written ``paris``, every other place as another city, every actor's mention as one
stand-in name for that actor, so that roles are learned and not names. A stand-in is a word that the encoder knows.
"""

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from geo.reading.actors import ActorMention
from geo.reading.dates import DateMention
from geo.reading.sentences import Sentence
from geo.resources import data_path

_CONTEXT_SENTENCES = 2
_CONTEXT_CHARS = 360
_SENTENCE_CHARS = 640
MAX_CANDIDATES = 24  # of a kind; where there are more, the header's and those that stand last are kept
_BEFORE = 4  # actors named before the window that the header repeats, the last one first
_TOLD = ("before", "earlier")  # what the header calls the two dates told last before the window
_OTHER_DATES = 2
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COREFERENT = 2  # places of the sentences before that a sentence without their names may still be about


_Candidate = TypeVar("_Candidate", "ActorCandidate", "DateCandidate")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSpan:
    """A mention of a place; ``key`` is the place's id."""

    start: int
    end: int
    key: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An event that the rules read in the report, by their sentence's first character and the place's id."""

    start: int
    key: str
    type: str
    actor: str | None
    target: str | None
    date: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All that was found in a report, in text order, ready to be laid out."""

    text: str
    published: dt.date
    sentences: Sequence[Sentence]
    places: Sequence[PlaceSpan]
    actors: Sequence[ActorMention]
    dates: Sequence[DateMention]
    source_actor: str | None = None
    advice: Sequence[Advice] = ()
    partisan: int = 0  # 0 independent, 1 a party's own communiqué, 2 a partisan post


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCandidate:
    """An actor that may have acted: ``at`` is its character span in the window's text, ``sentence`` counts back from the window's own (0)."""

    actor: str
    at: tuple[int, int]
    where: str  # "sentence", "context", "source", "before"
    sentence: int
    mention: ActorMention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCandidate:
    """A date on which it may have happened: ``at`` is its character span in the window's text."""

    date: dt.date
    date_end: dt.date | None
    precision: str
    at: tuple[int, int]
    where: str  # "sentence", "context", "published", "before"
    sentence: int
    anchoring: str
    told_before: dt.date | None = None
    alternate: bool = False
    mention: DateMention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One question to the linker: what happened to this place, by this sentence.

    ``text`` is what the encoder reads; ``place_at`` are the character spans of ``paris`` in it, ``sentence_at`` is the span of
    the sentence itself.
    """

    sentence: int
    place: PlaceSpan
    named: bool
    text: str
    place_at: tuple[tuple[int, int], ...]
    sentence_at: tuple[int, int]
    actors: tuple[ActorCandidate, ...]
    dates: tuple[DateCandidate, ...]
    seen_before: int
    in_sentence: int


@functools.cache
def load_words() -> dict[str, Any]:
    """Give the word lists of ``data/lexicon/linker.toml``."""
    with data_path("lexicon", "linker.toml").open("rb") as file:
        return tomllib.load(file)


@functools.cache
def _pointers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give what points back to a place: surely, and where a sentence names none."""
    words = load_words()["anaphora"]
    nouns, strong, weak = ("|".join(words[name]) for name in ("nouns", "strong", "weak"))
    sure = rf"\b(?:the|this|that|its|whole|entire|same)\s+(?:\w+\s+)?(?:{nouns})\b|\b(?:{strong})\b"
    return re.compile(sure, re.IGNORECASE), re.compile(rf"\b(?:{weak})\b", re.IGNORECASE)


def lay_windows(layout: Layout, *, stand_ins: Sequence[str] = (), cities: Sequence[str] = ()) -> list[Window]:
    """Lay out one window for each sentence and each place that it names or may mean.

    Parameters
    ----------
    layout
        The report and what was found in it.
    stand_ins, cities
        The names given to actors and places in the order in which the report first names them (the word list's own, if empty); shuffled
        anew for training.
    """
    words = load_words()["stand_ins"]
    groups = _assign([span.actor for span in layout.actors] + [layout.source_actor], stand_ins or words["actors"])
    towns = _assign([span.key for span in layout.places], cities or words["places"])
    windows = []
    for index, sentence in enumerate(layout.sentences):
        inside = [span for span in layout.places if sentence.start <= span.start < sentence.end]
        keys = list(dict.fromkeys(span.key for span in inside))
        asked = [(key, True) for key in keys] + [(key, False) for key in _meant(layout, index, keys)]
        windows += [_lay(layout, index, key, named, groups, towns) for key, named in asked]
    return windows


def _assign(names: Sequence[str | None], stand_ins: Sequence[str]) -> dict[str, str]:
    order = list(dict.fromkeys(name for name in names if name))
    return {name: stand_ins[number % len(stand_ins)] for number, name in enumerate(order)}


def _meant(layout: Layout, index: int, named: Sequence[str]) -> list[str]:
    """Name the places of the sentences before that this one may be about ("the town", "it", "there", or no place at all)."""
    if index == 0:
        return []
    sentence = layout.sentences[index]
    sure, weak = _pointers()
    if not sure.search(sentence.text) and (named or not weak.search(sentence.text)):
        return []
    start = layout.sentences[max(0, index - _CONTEXT_SENTENCES)].start
    before = [span.key for span in layout.places if start <= span.start < sentence.start and span.kind not in ("country", "region")]
    return [key for key in dict.fromkeys(reversed(before)) if key not in named][:_COREFERENT]


@dataclass(slots=True)
class _Writer:
    """Writes a window's text piece by piece and remembers where each stand-in came to stand."""

    parts: list[str]
    length: int = 0

    def add(self, piece: str) -> tuple[int, int]:
        start = self.length
        self.parts.append(piece)
        self.length += len(piece)
        return start, self.length


def _lay(layout: Layout, index: int, key: str, named: bool, groups: dict[str, str], towns: dict[str, str]) -> Window:  # noqa: FBT001
    sentence = layout.sentences[index]
    first = max(0, index - _CONTEXT_SENTENCES)
    begin = max(layout.sentences[first].start, sentence.start - _CONTEXT_CHARS) if index else sentence.start
    while sentence.start > begin > 0 and layout.text[begin - 1].isalnum():
        begin += 1
    end = min(sentence.end, sentence.start + _SENTENCE_CHARS)
    writer = _Writer([])
    actors, dates = _write_header(writer, layout, begin, groups)
    place_at: list[tuple[int, int]] = []
    context = _Body(layout, index, key, groups, towns, actors, dates, place_at)
    if begin < sentence.start:
        context.write(writer, begin, sentence.start)
    writer.add(" | ")
    outside = len(place_at)
    at = writer.length
    context.write(writer, sentence.start, end)
    inside = place_at[outside:]
    spans = [span for span in layout.places if span.key == key]
    place = next((span for span in spans if sentence.start <= span.start < sentence.end), None) or max(
        (span for span in spans if span.start < sentence.start), key=lambda span: span.start
    )
    return Window(
        sentence=index, place=place, named=named, text="".join(writer.parts), place_at=tuple(inside or place_at[-1:] or [(at, at + 1)]),
        sentence_at=(at, writer.length), actors=tuple(_last(actors)), dates=tuple(_last(dates)),
        seen_before=sum(span.start < sentence.start for span in spans), in_sentence=len(inside),
    )  # fmt: skip


def _last(candidates: list[_Candidate]) -> list[_Candidate]:
    header = [candidate for candidate in candidates if candidate.where not in ("sentence", "context")]
    body = candidates[len(header) :]
    return header + body[max(0, len(body) - MAX_CANDIDATES + len(header)) :]


def _write_header(writer: _Writer, layout: Layout, begin: int, groups: dict[str, str]) -> tuple[list[ActorCandidate], list[DateCandidate]]:
    actors, dates = [], []
    if layout.source_actor is not None:
        writer.add("by ")
        actors.append(ActorCandidate(actor=layout.source_actor, at=writer.add(groups[layout.source_actor]), where="source", sentence=9))
        writer.add(" : ")
    before = [span.actor for span in layout.actors if span.start < begin and span.actor]
    after = [span.actor for span in layout.actors if span.start >= begin and span.actor]
    for number, actor in enumerate(list(dict.fromkeys([*reversed(before), *after]))[:_BEFORE]):
        actors.append(ActorCandidate(actor=actor, at=writer.add(groups[actor]), where="before", sentence=6 + number))
        writer.add(" , ")
    at = writer.add("today")
    dates.append(DateCandidate(date=layout.published, date_end=None, precision="day", at=at, where="published", sentence=9, anchoring="published"))
    told = [span for span in layout.dates if span.start < begin and span.anchoring != "bare"]
    latest = list({span.date: span for span in told}.values())[-2:]
    for number, span in enumerate(reversed(latest)):
        writer.add(" , ")
        dates.append(
            DateCandidate(
                date=span.date, date_end=span.date_end, precision=span.precision, at=writer.add(_TOLD[number]), where="before", sentence=6 + number,
                anchoring=span.anchoring, mention=span,
            )
        )  # fmt: skip
    writer.add(" | ")
    return actors, dates


@dataclass(slots=True)
class _Body:
    layout: Layout
    index: int
    key: str
    groups: dict[str, str]
    towns: dict[str, str]
    actors: list[ActorCandidate]
    dates: list[DateCandidate]
    place_at: list[tuple[int, int]]
    target: str = field(default_factory=lambda: str(load_words()["stand_ins"]["target"]))
    class_words: frozenset[str] = field(default_factory=lambda: frozenset(load_words()["class_words"]["words"]))

    def write(self, writer: _Writer, begin: int, end: int) -> None:
        """Write the text from ``begin`` to ``end`` with its stand-ins; a place outranks an actor, an actor a date."""
        text = self.layout.text
        taken: list[tuple[int, int, PlaceSpan | ActorMention | DateMention]] = []
        groups: tuple[Sequence[PlaceSpan | ActorMention | DateMention], ...] = (self.layout.places, self.layout.actors, self.layout.dates)
        for spans in groups:
            for span in spans:
                if begin <= span.start and span.end <= end and not any(span.start < last and first < span.end for first, last, _ in taken):
                    taken.append((span.start, span.end, span))
        position = begin
        for start, stop, span in sorted(taken, key=lambda item: item[:2]):
            writer.add(_plain(text[position:start]))
            back = self._back(start)
            if isinstance(span, PlaceSpan):
                self._write_place(writer, span, text[start:stop])
            elif isinstance(span, DateMention):
                self._write_date(writer, span, text[start:stop], back)
            else:
                self._write_actor(writer, span, back)
            position = stop
        writer.add(_plain(text[position:end]))

    def _back(self, start: int) -> int:
        for back in range(_CONTEXT_SENTENCES + 1):
            if self.index - back >= 0 and self.layout.sentences[self.index - back].start <= start:
                return back
        return _CONTEXT_SENTENCES

    def _write_place(self, writer: _Writer, span: PlaceSpan, written: str) -> None:
        asked = span.key == self.key
        at = writer.add(self.target if asked else self.towns[span.key])
        if asked:
            self.place_at.append(at)
        last = written.rsplit(maxsplit=1)[-1].lower() if written.strip() else ""
        if " " in written and last in self.class_words:
            writer.add(f" {last}")

    def _write_actor(self, writer: _Writer, span: ActorMention, back: int) -> None:
        if span.actor is None:
            writer.add(_plain(self.layout.text[span.start : span.end]))
            return
        at = writer.add(self.groups[span.actor])
        where = "context" if back else "sentence"
        self.actors.append(ActorCandidate(actor=span.actor, at=at, where=where, sentence=back, mention=span))

    def _write_date(self, writer: _Writer, span: DateMention, written: str, back: int) -> None:
        at = writer.add(_plain(written))
        where = "context" if back else "sentence"
        told = [other for other in self.layout.dates if other.start < span.start and other.anchoring != "bare"][-2:]
        before = told[-1].date if told else None
        for number, date in enumerate([span.date, *_other_dates(span, written, self.layout.published, [other.date for other in told])]):
            self.dates.append(
                DateCandidate(
                    date=date, date_end=None if number else span.date_end, precision=span.precision, at=at, where=where, sentence=back,
                    anchoring=span.anchoring, told_before=before, alternate=number > 0, mention=span,
                )
            )  # fmt: skip


def _other_dates(span: DateMention, written: str, published: dt.date, told: Sequence[dt.date]) -> list[dt.date]:
    """Give the other days that an expression can mean: of another year, or counted from the date before last."""
    others: list[dt.date] = []
    if span.precision == "day" and span.anchoring == "chained" and len(told) == 2 and told[0] != told[1]:
        others.append(told[0] + (span.date - told[1]))
    if span.precision in ("day", "month") and span.anchoring in ("absolute", "chained") and not _YEAR.search(written):
        years = dict.fromkeys([published.year, published.year - 1, *(date.year for date in reversed(told))])
        others += [other for year in years if (other := _in_year(span.date, year)) is not None and other <= published]
    return [date for date in dict.fromkeys(others) if date != span.date][:_OTHER_DATES]


def _in_year(date: dt.date, year: int) -> dt.date | None:
    try:
        return date.replace(year=year)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return text.replace("\n", " ; ")
