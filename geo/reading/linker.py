"""Lay out, for each sentence and place of a report, the text and the candidates from which the linker chooses.

The linker reads one place at a time: a sentence, the two before it, and a header with the actors and dates that may count without
being named there. The place asked about is written ``paris``, every other place as another city, every actor's mention as one
stand-in name for that actor, so that roles are learned and not names. A stand-in is a word that the encoder knows.
"""

import datetime as dt
import functools
import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from geo.reading.actors import ActorMention
from geo.reading.dates import DateMention
from geo.reading.linker_records import ActorCandidate, DateCandidate, Layout, PlaceSpan, Window
from geo.resources import data_path

_CONTEXT_SENTENCES = 2
_CONTEXT_CHARS = 360
_SENTENCE_CHARS = 640
MAX_CANDIDATES = 24  # of a kind; where there are more, the header's and those that stand last are kept
_BEFORE = 4  # actors named before the window that the header repeats, the last one first
_TOLD = ("before", "earlier")  # what the header calls the two dates told last before the window
_OTHER_DATES = 2
_REACH = 6000  # characters before and behind the window in which the header looks
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COREFERENT = 2  # places of the sentences before that a sentence without their names may still be about


_Candidate = TypeVar("_Candidate", ActorCandidate, DateCandidate)


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
    sheet = _Sheet(
        layout=layout,
        groups=_assign([span.actor for span in layout.actors] + [layout.source_actor], stand_ins or words["actors"]),
        towns=_assign([span.key for span in layout.places], cities or words["places"]),
        starts=tuple([span.start for span in spans] for spans in (layout.places, layout.actors, layout.dates)),
    )
    windows = []
    for index, sentence in enumerate(layout.sentences):
        keys = list(dict.fromkeys(span.key for span in sheet.places(sentence.start, sentence.end)))
        asked = [(key, True) for key in keys] + [(key, False) for key in _meant(sheet, index, keys)]
        windows += [_lay(sheet, index, key, named=named) for key, named in asked]
    return windows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A layout with its stand-ins, and with where its spans start, so that a long report is not searched through for each window."""

    layout: Layout
    groups: dict[str, str]
    towns: dict[str, str]
    starts: tuple[list[int], ...]

    def places(self, begin: int, end: int) -> Sequence[PlaceSpan]:
        """Give the place mentions that start from ``begin`` on and before ``end``."""
        return self.layout.places[bisect_left(self.starts[0], begin) : bisect_left(self.starts[0], end)]

    def actors(self, begin: int, end: int) -> Sequence[ActorMention]:
        """Give the actor mentions that start from ``begin`` on and before ``end``."""
        return self.layout.actors[bisect_left(self.starts[1], begin) : bisect_left(self.starts[1], end)]

    def dates(self, begin: int, end: int) -> Sequence[DateMention]:
        """Give the date expressions that start from ``begin`` on and before ``end``."""
        return self.layout.dates[bisect_left(self.starts[2], begin) : bisect_left(self.starts[2], end)]


def _assign(names: Sequence[str | None], stand_ins: Sequence[str]) -> dict[str, str]:
    order = list(dict.fromkeys(name for name in names if name))
    return {name: stand_ins[number % len(stand_ins)] for number, name in enumerate(order)}


def _meant(sheet: _Sheet, index: int, named: Sequence[str]) -> list[str]:
    """Name the places of the sentences before that this one may be about ("the town", "it", "there", or no place at all)."""
    if index == 0:
        return []
    sentence = sheet.layout.sentences[index]
    sure, weak = _pointers()
    if not sure.search(sentence.text) and (named or not weak.search(sentence.text)):
        return []
    start = sheet.layout.sentences[max(0, index - _CONTEXT_SENTENCES)].start
    before = [span.key for span in sheet.places(start, sentence.start) if span.kind not in ("country", "region")]
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


def _lay(sheet: _Sheet, index: int, key: str, *, named: bool) -> Window:
    layout = sheet.layout
    sentence = layout.sentences[index]
    first = max(0, index - _CONTEXT_SENTENCES)
    begin = max(layout.sentences[first].start, sentence.start - _CONTEXT_CHARS) if index else sentence.start
    while sentence.start > begin > 0 and layout.text[begin - 1].isalnum():
        begin += 1
    end = min(sentence.end, sentence.start + _SENTENCE_CHARS)
    writer = _Writer([])
    actors, dates = _write_header(writer, sheet, begin)
    place_at: list[tuple[int, int]] = []
    context = _Body(sheet, index, key, actors, dates, place_at)
    if begin < sentence.start:
        context.write(writer, begin, sentence.start)
    writer.add(" | ")
    outside = len(place_at)
    at = writer.length
    context.write(writer, sentence.start, end)
    inside = place_at[outside:]
    earlier = [span for span in sheet.places(0, sentence.start) if span.key == key]
    here = [span for span in sheet.places(sentence.start, sentence.end) if span.key == key]
    place = here[0] if here else earlier[-1]
    return Window(
        sentence=index,
        place=place,
        named=named,
        text="".join(writer.parts),
        place_at=tuple(inside or place_at[-1:] or [(at, at + 1)]),
        sentence_at=(at, writer.length),
        actors=tuple(_last(actors)),
        dates=tuple(_last(dates)),
        seen_before=len(earlier),
        in_sentence=len(inside),
    )


def _last(candidates: list[_Candidate]) -> list[_Candidate]:
    header = [candidate for candidate in candidates if candidate.where not in ("sentence", "context")]
    body = candidates[len(header) :]
    return header + body[max(0, len(body) - MAX_CANDIDATES + len(header)) :]


def _write_header(writer: _Writer, sheet: _Sheet, begin: int) -> tuple[list[ActorCandidate], list[DateCandidate]]:
    layout, groups = sheet.layout, sheet.groups
    actors, dates = [], []
    if layout.source_actor is not None:
        writer.add("by ")
        actors.append(ActorCandidate(actor=layout.source_actor, at=writer.add(groups[layout.source_actor]), where="source", sentence=9))
        writer.add(" : ")
    named = [*reversed(sheet.actors(max(0, begin - _REACH), begin)), *sheet.actors(begin, begin + _REACH)]
    for number, actor in enumerate(list(dict.fromkeys(span.actor for span in named if span.actor))[:_BEFORE]):
        actors.append(ActorCandidate(actor=actor, at=writer.add(groups[actor]), where="before", sentence=6 + number))
        writer.add(" , ")
    at = writer.add("today")
    dates.append(
        DateCandidate(date=layout.published, date_end=None, precision="day", at=at, where="published", sentence=9, anchoring="published")
    )
    told = [span for span in sheet.dates(max(0, begin - _REACH), begin) if span.anchoring != "bare"]
    latest = list({span.date: span for span in told}.values())[-2:]
    for number, span in enumerate(reversed(latest)):
        writer.add(" , ")
        dates.append(
            DateCandidate(
                date=span.date,
                date_end=span.date_end,
                precision=span.precision,
                at=writer.add(_TOLD[number]),
                where="before",
                sentence=6 + number,
                anchoring=span.anchoring,
                mention=span,
            )
        )
    writer.add(" | ")
    return actors, dates


@dataclass(slots=True)
class _Body:
    sheet: _Sheet
    index: int
    key: str
    actors: list[ActorCandidate]
    dates: list[DateCandidate]
    place_at: list[tuple[int, int]]
    target: str = field(default_factory=lambda: str(load_words()["stand_ins"]["target"]))
    class_words: frozenset[str] = field(default_factory=lambda: frozenset(load_words()["class_words"]["words"]))

    def write(self, writer: _Writer, begin: int, end: int) -> None:
        """Write the text from ``begin`` to ``end`` with its stand-ins; a place outranks an actor, an actor a date."""
        text = self.sheet.layout.text
        taken: list[tuple[int, int, PlaceSpan | ActorMention | DateMention]] = []
        groups: tuple[Sequence[PlaceSpan | ActorMention | DateMention], ...] = (
            self.sheet.places(begin, end),
            self.sheet.actors(begin, end),
            self.sheet.dates(begin, end),
        )
        for spans in groups:
            for span in spans:
                if span.end <= end and not any(span.start < last and first < span.end for first, last, _ in taken):
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
            if self.index - back >= 0 and self.sheet.layout.sentences[self.index - back].start <= start:
                return back
        return _CONTEXT_SENTENCES

    def _write_place(self, writer: _Writer, span: PlaceSpan, written: str) -> None:
        asked = span.key == self.key
        at = writer.add(self.target if asked else self.sheet.towns[span.key])
        if asked:
            self.place_at.append(at)
        last = written.rsplit(maxsplit=1)[-1].lower() if written.strip() else ""
        if " " in written and last in self.class_words:
            writer.add(f" {last}")

    def _write_actor(self, writer: _Writer, span: ActorMention, back: int) -> None:
        if span.actor is None:
            writer.add(_plain(self.sheet.layout.text[span.start : span.end]))
            return
        at = writer.add(self.sheet.groups[span.actor])
        where = "context" if back else "sentence"
        self.actors.append(ActorCandidate(actor=span.actor, at=at, where=where, sentence=back, mention=span))

    def _write_date(self, writer: _Writer, span: DateMention, written: str, back: int) -> None:
        at = writer.add(_plain(written))
        where = "context" if back else "sentence"
        told = [other for other in self.sheet.dates(max(0, span.start - _REACH), span.start) if other.anchoring != "bare"][-2:]
        before = told[-1].date if told else None
        for number, date in enumerate(
            [span.date, *_other_dates(span, written, self.sheet.layout.published, [other.date for other in told])]
        ):
            self.dates.append(
                DateCandidate(
                    date=date,
                    date_end=None if number else span.date_end,
                    precision=span.precision,
                    at=at,
                    where=where,
                    sentence=back,
                    anchoring=span.anchoring,
                    told_before=before,
                    alternate=number > 0,
                    mention=span,
                )
            )


def _other_dates(span: DateMention, written: str, published: dt.date, told: Sequence[dt.date]) -> list[dt.date]:
    """Give the other days that an expression can mean: of another year, or counted from the date before last."""
    others: list[dt.date] = []
    if span.precision == "day" and span.anchoring == "chained" and len(told) == 2 and told[0] != told[1]:
        others.append(told[0] + (span.date - told[1]))
    counted = span.anchoring == "chained" and not any(letter.isdigit() for letter in written)  # "the next day": no calendar's day
    if span.precision in ("day", "month") and span.anchoring in ("absolute", "chained") and not counted and not _YEAR.search(written):
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
