"""What the linker is asked about: a report laid out, and for each place in a sentence the window with its candidates."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.reading.actors import ActorMention
from geo.reading.dates import DateMention
from geo.reading.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSpan:
    """A mention of a place; ``key`` is the place's id."""

    start: int
    end: int
    key: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An event that the rules read; ``start`` is their sentence's first character."""

    start: int
    type: str
    actor: str | None
    target: str | None
    date: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All that was found in a report, in text order, ready to be laid out.

    ``shares`` is each actor's share of all mentions, ``advice`` what the rules read of each place.
    """

    text: str
    published: dt.date
    sentences: Sequence[Sentence]
    places: Sequence[PlaceSpan]
    actors: Sequence[ActorMention]
    dates: Sequence[DateMention]
    source_actor: str | None = None
    shares: Mapping[str, float]
    advice: Mapping[str, Sequence[Advice]]
    partisan: int = 0  # 0 independent, 1 a party's own communiqué, 2 a partisan post


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCandidate:
    """An actor that may have acted.

    ``at`` is its character span in the window's text; ``sentence`` counts back from the window's own (0).
    """

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
