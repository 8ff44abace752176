"""What both readers do to an event once it is found: extent, type rules, identity, and no event told twice."""

import datetime as dt
import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from geo.reading.dates import DateMention
from geo.reading.marks import PlaceMark, load_cues
from geo.reading.tokens import PhraseTable, Tokens
from geo.records import WIDE_KINDS, Event, EventType, Extent, Place, Report, Status, TimePrecision, Toponym

EXTENT_TYPES: frozenset[str] = frozenset({"capture", "transfer", "withdrawal"})
# settlements and what lies in or at them can change hands; a country or a region never does in one event
NO_EVENT_KINDS = frozenset({"country", "region", "lake"})
CLOSABLE_KINDS = frozenset({"road", "airport", "crossing", "base", "facility", "province", "city", "town", "village", "river"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader made of one place in one sentence, before it becomes an event."""

    type: EventType
    toponym: Toponym
    start: int
    end: int
    date: DateMention | None
    actor: str | None
    target: str | None
    extent: Extent | None
    status: Status
    attribution: str | None
    rule: str
    confidence: float


@functools.cache
def _extent_tables() -> tuple[PhraseTable, PhraseTable]:
    extent = load_cues()["extent"]
    return PhraseTable((phrase, True) for phrase in extent["less"]), PhraseTable((phrase, True) for phrase in extent["nearly"])


def share_told(tokens: Tokens, first: int, mark: PlaceMark) -> str | None:
    """Say how much of a place its name's own words speak of: ``"nearly"`` all, ``"less"``, or ``None`` for all of it.

    Parameters
    ----------
    tokens
        The report's tokens.
    first
        The first token that can belong to the name ("parts of the city of Aleppo").
    mark
        The place in its sentence.
    """
    return share_between(tokens, max(first, mark.first - 9), mark.first, near=5)


def share_between(tokens: Tokens, first: int, last: int, *, near: int = 99) -> str | None:
    """Say how much of a place some tokens speak of; words of less than all count only ``near`` the last."""
    less, nearly = _extent_tables()
    if nearly.occurs(tokens.low, first, last):
        return "nearly"
    for index in range(first, last):
        hit = less.find(tokens.low, index, last)
        if hit is not None and last - hit[0] <= near:
            return "less"
    return None


def build_event(report: Report, reading: Reading) -> Event:
    """Make the event of a reading."""
    place = reading.toponym.place
    if place is None:
        raise ValueError(f"{reading.toponym.text!r} in {report.id} has no place: only resolved names can have events")
    date, date_end, precision = event_dates(report.published, reading.date)
    extent: Extent | None = (
        (reading.extent or "full") if reading.type in EXTENT_TYPES else ("part" if reading.type == "contested" else None)
    )
    return Event(
        event_id=event_id(report.id, reading.start, reading.end, place.place_id, reading.type, date),
        report_id=report.id,
        published=report.published,
        source=report.source,
        source_kind=report.source_kind,
        url=report.url,
        date=date,
        date_end=date_end,
        time_precision=precision,
        type=reading.type,
        place=reading.toponym.text,
        place_id=place.place_id,
        kind=place.kind,
        lon=place.lon,
        lat=place.lat,
        geo_precision=geo_precision(place),
        match=describe_match(reading.toponym),
        admin1=place.admin1,
        within=place.within,
        actor=reading.actor,
        target=None if reading.type == "withdrawal" else reading.target,
        extent=extent,
        status=reading.status,
        attribution=reading.attribution,
        evidence=report.text[reading.start : reading.end],
        start=reading.start,
        end=reading.end,
        rule=reading.rule,
        confidence=reading.confidence,
    )


def event_id(  # noqa: PLR0917 - the parts of the hash, in its order
    report_id: str, start: int, end: int, place_id: str, kind: str, date: dt.date
) -> str:
    """Give the id that an event keeps over rebuilds: 16 hex digits of a hash of what it is.

    Examples
    --------
    >>> event_id("r1", 0, 20, "gn:170063", "capture", dt.date(2024, 11, 30))
    '3d08449da3d18c04'
    """
    return hashlib.sha256(f"{report_id}|{start}|{end}|{place_id}|{kind}|{date}".encode()).hexdigest()[:16]


def event_dates(published: dt.date, mention: DateMention | None) -> tuple[dt.date, dt.date | None, TimePrecision]:
    """Give first day, last day and precision of an event; the dateline's day where no date is told."""
    if mention is None:
        return published, None, "day"
    date = min(mention.date, published)
    end = mention.date_end
    if end is not None and mention.precision in ("day", "week"):
        return date, min(end, published), mention.precision
    return date, None, mention.precision


def geo_precision(place: Place) -> int:
    """Give ACLED's precision: 1 exact, 2 near or a small region, 3 a region."""
    if place.kind in ("province", "region", "country"):
        return 3
    return 2 if place.kind in WIDE_KINDS or place.precision_m > 5000 else 1


def describe_match(toponym: Toponym) -> str:
    """Say in one line how a name was matched: method, score, runner-up."""
    if toponym.match is None:
        return ""
    line = f"{toponym.match} {toponym.score:.2f}"
    if toponym.runner_up is not None:
        line += f"; runner-up {toponym.runner_up}" + (f" ({toponym.runner_up_km:.0f} km)" if toponym.runner_up_km is not None else "")
    return line + (f"; {toponym.warning}" if toponym.warning else "")


def keep_distinct(events: Iterable[Event]) -> list[Event]:
    """Drop what is told twice: one event for type, place, actor and date; a clash or an entry inside a capture of the day.

    The first telling stays; a later one that is surer of its status raises it.
    """
    kept: list[Event] = []
    for event in events:
        twin = next((i for i, other in enumerate(kept) if _same(other, event)), None)
        if twin is None:
            kept.append(event)
        elif kept[twin].status == "claimed" and event.status == "confirmed":
            kept[twin] = replace(kept[twin], status="confirmed")
    kept = [event for event in kept if not _only_entered(event, kept)]
    return _with_own_ids([event for event in kept if not _inside_capture(event, kept)])


def _with_own_ids(events: list[Event]) -> list[Event]:
    """Tell events apart that differ in their actor alone; the first keeps its id, so that a review of it survives."""
    seen: set[str] = set()
    own = []
    for event in events:
        name = event.event_id
        if name in seen:
            name = hashlib.sha256(f"{name}|{event.actor}".encode()).hexdigest()[:16]
        seen.add(name)
        own.append(event if name == event.event_id else replace(event, event_id=name))
    return own


def _same(one: Event, other: Event) -> bool:
    gain = {"capture", "transfer"}
    same_type = one.type == other.type or (one.type in gain and other.type in gain)
    same_place = one.place_id == other.place_id
    return (
        same_type
        and same_place
        and one.date == other.date
        and (one.actor == other.actor or (one.type in ("strike", "closure", "repelled") and None in (one.actor, other.actor)))
    )


def _only_entered(event: Event, events: Sequence[Event]) -> bool:
    """Tell a capture read from "swept into" while the same report says that only parts were taken."""
    if event.type != "capture" or not event.rule.startswith("march-in"):
        return False
    return any(
        other.type == "contested"
        and other.place_id == event.place_id
        and other.date == event.date
        and other.actor == event.actor
        and other is not event
        for other in events
    )


def _inside_capture(event: Event, events: Sequence[Event]) -> bool:
    if event.type not in ("clash", "contested"):
        return False
    return any(
        other.type in ("capture", "transfer")
        and other.place_id == event.place_id
        and other.date == event.date
        and other.status != "denied"
        and other is not event
        for other in events
    )
