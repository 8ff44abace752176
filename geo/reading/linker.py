"""Lay out, for each sentence and place of a report, the text and the candidates from which the linker chooses.

The linker reads one place at a time: a sentence, the two before it, and a header with the actors and dates that may count without
being named there. The place asked about is written ``paris``, every other place as another city, every actor's mention as one
stand-in name for that actor, so that roles are learned and not names. A stand-in is a word that the encoder knows.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from geo.reading.sentences import Sentence

TARGET = "paris"
CITIES = (
    "boston", "dallas", "denver", "houston", "oxford", "lisbon", "dublin", "milan", "vienna", "prague", "leeds", "bristol", "munich", "toronto",
    "chicago", "seattle", "madrid", "lima", "oslo", "perth", "sydney", "glasgow", "cardiff", "berlin", "hamburg", "orlando", "phoenix", "tampa",
)  # fmt: skip
GROUPS = (
    "panthers", "ravens", "bears", "hawks", "dolphins", "cardinals", "dodgers", "rockets", "spurs", "pistons", "vikings", "cowboys",
    "yankees", "braves", "rangers", "saints", "knights", "angels", "bulls", "pirates",
)  # fmt: skip
# class words that stay behind a stand-in: they tell a facility from the town of its name
_CLASS_WORDS = frozenset(
    "airport airbase airfield base crossing gate dam bridge port prison square district quarter neighbourhood camp road highway barracks refinery field hospital "
    "mountain mountains hill hills island province governorate oblast region state county pass junction station plant factory village city town valley".split()
)
_ANAPHOR = re.compile(
    r"\b(?:the|this|that|its|whole|entire|same)\s+(?:\w+\s+)?(?:town|city|village|place|airport|airfield|airbase|base|crossing|bridge|dam|port|quarter|district|camp|province|"
    r"capital|settlement|gate|island|hill|road|highway|two|three|pair)\b|\b(?:both|all three|the latter|the former)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(r"\b(?:there|it|them|its|here|inside|again|back|place|same)\b", re.IGNORECASE)
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


class ActorSpan(Protocol):
    """A mention of an actor: where it stands and whom it means."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def actor(self) -> str | None: ...


class DateSpan(Protocol):
    """A date expression and what it was resolved to."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def date(self) -> dt.date: ...
    @property
    def date_end(self) -> dt.date | None: ...
    @property
    def precision(self) -> str: ...
    @property
    def anchoring(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSpan:
    """A mention of a place; ``key`` is the place's id."""

    start: int
    end: int
    key: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All that was found in a report, in text order, ready to be laid out."""

    text: str
    published: dt.date
    sentences: Sequence[Sentence]
    places: Sequence[PlaceSpan]
    actors: Sequence[ActorSpan]
    dates: Sequence[DateSpan]
    source_actor: str | None = None
    partisan: int = 0  # 0 independent, 1 a party's own communiqué, 2 a partisan post


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCandidate:
    """An actor that may have acted: ``at`` is its character span in the window's text, ``sentence`` counts back from the window's own (0)."""

    actor: str
    at: tuple[int, int]
    where: str  # "sentence", "context", "source", "before"
    sentence: int
    mention: ActorSpan | None = None


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
    mention: DateSpan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One question to the linker: what happened to this place, by this sentence?

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


def lay_windows(layout: Layout, *, stand_ins: Sequence[str] = GROUPS, cities: Sequence[str] = CITIES) -> list[Window]:
    """Lay out one window for each sentence and each place that it names or may mean.

    Parameters
    ----------
    layout
        The report and what was found in it.
    stand_ins, cities
        The names given to actors and places in the order in which the report first names them; shuffled anew for training.
    """
    groups = _assign([span.actor for span in layout.actors] + [layout.source_actor], stand_ins)
    towns = _assign([span.key for span in layout.places], cities)
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
    strong = _ANAPHOR.search(sentence.text) is not None
    if not strong and (named or not _POINTER.search(sentence.text)):
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

    def write(self, writer: _Writer, begin: int, end: int) -> None:
        """Write the text from ``begin`` to ``end`` with its stand-ins; a place outranks an actor, an actor a date."""
        text = self.layout.text
        taken: list[tuple[int, int, int, PlaceSpan | ActorSpan | DateSpan]] = []
        for rank, spans in enumerate((self.layout.places, self.layout.actors, self.layout.dates)):
            for span in spans:
                if begin <= span.start and span.end <= end and not any(span.start < t[1] and t[0] < span.end for t in taken):
                    taken.append((span.start, span.end, rank, span))
        position = begin
        for start, stop, rank, span in sorted(taken, key=lambda t: t[:3]):
            writer.add(_plain(text[position:start]))
            back = self._back(start)
            if rank == 0:
                self._write_place(writer, span, text[start:stop])  # type: ignore[arg-type]
            elif rank == 1:
                self._write_actor(writer, span, back)  # type: ignore[arg-type]
            else:
                self._write_date(writer, span, text[start:stop], back)  # type: ignore[arg-type]
            position = stop
        writer.add(_plain(text[position:end]))

    def _back(self, start: int) -> int:
        for back in range(_CONTEXT_SENTENCES + 1):
            if self.index - back >= 0 and self.layout.sentences[self.index - back].start <= start:
                return back
        return _CONTEXT_SENTENCES

    def _write_place(self, writer: _Writer, span: PlaceSpan, written: str) -> None:
        asked = span.key == self.key
        at = writer.add(TARGET if asked else self.towns[span.key])
        if asked:
            self.place_at.append(at)
        last = written.split()[-1].lower() if written.split() else ""
        if " " in written and last in _CLASS_WORDS:
            writer.add(f" {last}")

    def _write_actor(self, writer: _Writer, span: ActorSpan, back: int) -> None:
        if span.actor is None:
            writer.add(_plain(self.layout.text[span.start : span.end]))
            return
        at = writer.add(self.groups[span.actor])
        where = "context" if back else "sentence"
        self.actors.append(ActorCandidate(actor=span.actor, at=at, where=where, sentence=back, mention=span))

    def _write_date(self, writer: _Writer, span: DateSpan, written: str, back: int) -> None:
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


def _other_dates(span: DateSpan, written: str, published: dt.date, told: Sequence[dt.date]) -> list[dt.date]:
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
