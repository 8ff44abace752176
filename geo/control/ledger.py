"""The ledger: all events of all reports, one row for what several of them say alike, weighed by who says it.

Events of the same type, place, actor and dates are one row, whichever report they come from. The
row keeps the best of them as its own and names the others in ``merged``. ``assessed`` weighs the
source: a partisan source counts alone only against its own side, so what it says to its side's
gain is a claim, and what it says to its side's loss is confirmed; of others the reader's ``status``
stands. One confirmed report confirms the row.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import geopandas as gpd

from geo.control.schema import LEDGER, geoframe_of
from geo.records import Event
from geo.theatre import Theatre

PARTISAN_KINDS = frozenset({"state-media", "ministry", "party"})
IMPARTIAL_KINDS = frozenset({"monitor", "un", "background", "acled-note"})
GOVERNMENT_KINDS = frozenset({"state-media", "ministry"})
_FIELDS = tuple(field.name for field in dataclasses.fields(Event))
_RANK = {"confirmed": 0, "claimed": 1, "denied": 2}


def build_ledger(events: Iterable[Event], theatre: Theatre) -> gpd.GeoDataFrame:
    """Merge events that say the same and weigh who says it.

    Parameters
    ----------
    events
        In any order; the same event id twice is one event.
    theatre
        Tells which sources speak for which side.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of ``geo.control.schema.LEDGER``, by date, place and id; the order of the events does not matter.
    """
    speaker = Speakers(theatre)
    groups: dict[tuple[object, ...], list[Event]] = {}
    for event in sorted({e.event_id: e for e in sorted(events, key=_order)}.values(), key=_order):
        groups.setdefault(_key(event), []).append(event)
    rows = [_merge(members, speaker) for members in groups.values()]
    rows.sort(key=lambda row: (row["date"], row["date_end"] or row["date"], row["place"], row["event_id"]))
    data = {name: [row[name] for row in rows] for name in LEDGER if name != "geometry"}
    data["geometry"] = list(gpd.points_from_xy(data["lon"], data["lat"]))
    return geoframe_of(LEDGER, data)


class Speakers:
    """Which camp a source speaks for.

    Parameters
    ----------
    theatre
        Its actors' ``sources``, names and aliases are looked for in a source's or an attribution's text.
    """

    def __init__(self, theatre: Theatre) -> None:
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._government = next((actor.camp for actor in theatre.actors if actor.side == "government"), None)
        outlets = {word.casefold(): actor.camp for actor in theatre.actors for word in actor.sources if word}
        names = {word.casefold(): actor.camp for actor in theatre.actors for word in (actor.name, *actor.aliases) if word}
        self._outlets, self._all = _finder(outlets), _finder(names | outlets)

    def camp(self, actor: str | None) -> str | None:
        """Give the camp of an actor."""
        return self._camps.get(actor, actor) if actor else None

    def of_report(self, event: Event) -> str | None:
        """Give the camp that an event's report speaks for; ``None`` for a source of no side.

        A side's outlets speak for it whatever their kind; its name in a source's ("HTS media office") only where the kind allows.
        """
        if event.source_kind in IMPARTIAL_KINDS:
            return None
        named = (self._all if event.source_kind in (*PARTISAN_KINDS, "social", "other") else self._outlets)(event.source)
        if named is None and event.source_kind in GOVERNMENT_KINDS:
            return self._government
        if named is None and event.source_kind == "party":
            return self.camp(event.actor)  # some side's, and so no witness to what it gains
        return named

    def assess(self, event: Event) -> str:
        """Weigh one event by who says it."""
        if event.status == "denied":
            return "denied"
        partisan = self.of_report(event)
        told_by = self._all(event.attribution) if event.attribution else None
        own, other = self.camp(event.actor), self.camp(event.target)
        gains = event.type != "withdrawal"
        if partisan is None:
            against = other if gains else own
            return "confirmed" if event.status == "confirmed" or (told_by is not None and told_by == against) else "claimed"
        if (partisan == own) == gains:
            return "claimed"  # to its own side's gain; or another side's retreat, which is a gain too
        if partisan in (own, other):
            return "confirmed"
        return event.status


def _finder(words: Mapping[str, str]) -> Callable[[str], str | None]:
    """Make a function that finds the first of some words in a text and gives what it stands for."""
    longest_first = sorted(words, key=lambda w: (-len(w), w))
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)") if words else None

    @lru_cache(maxsize=4096)
    def find(text: str) -> str | None:
        found = pattern.search(text.casefold()) if pattern else None
        return words[found.group()] if found else None

    return find


def _order(event: Event) -> tuple[object, ...]:
    return (event.date, event.published, event.report_id, event.event_id, event.start)


def _key(event: Event) -> tuple[object, ...]:
    part = event.extent == "part"
    return (
        event.place_id,
        event.type,
        event.actor or "",
        event.date,
        event.date_end or event.date,
        event.time_precision,
        part,
        event.status == "denied",
    )


def _merge(members: list[Event], speaker: Speakers) -> dict[str, object]:
    """Make one row of events that say the same: the best is the row, the others are named."""
    weighed = sorted(
        ((speaker.assess(e), e) for e in members),
        key=lambda pair: (_RANK[pair[0]], -pair[1].confidence, pair[1].published, pair[1].event_id),
    )
    assessed, best = weighed[0]
    row: dict[str, object] = {name: getattr(best, name) for name in _FIELDS}
    row["target"] = best.target or next((e.target for _, e in weighed if e.target), None)
    row["sources"] = tuple(sorted({f"{e.source} ({status})" for status, e in weighed}))
    row["merged"] = tuple(sorted(e.event_id for _, e in weighed[1:]))
    row["assessed"] = assessed
    return row
