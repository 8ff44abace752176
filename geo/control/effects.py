"""What each row of the ledger does to which cells: an event's kind of place decides how far it reaches.

A settlement's event is about its cell. A quarter, a square, or a base inside a town can only make the
town contested. A province's event reaches every cell of the province. Roads, rivers and countries move nothing.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.control.cells import PARTS, SETTLEMENTS, SITES, Cells
from geo.control.projection import project
from geo.control.schema import rows_of
from geo.records import Place

PART_REACH_M = 5000.0  # a quarter or base whose town is not stated belongs to the nearest settlement within this
# below this the reader is wrong more often than right (`data/models/CARD.md`); one report alone then moves nothing
LEAST_CONFIDENCE = 0.4
SPREAD_M = 3000.0  # a district whose point is known no better than this is a circle of that radius
_DAYS = {"day": 0, "week": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one event does to one cell.

    ``verb``: ``take`` holds it, ``contest`` is inside, ``hold`` beat an attack off, ``leave`` is gone, ``deny`` a claim
    of ``actor`` is denied. ``first`` and ``day`` (ordinals) are the first and last day it can have been; it counts from ``day`` on.
    ``sure`` is false for a claim, ``wide`` true for an event of a whole province or district.
    """

    cell: int
    verb: str
    actor: str
    target: str | None
    first: int
    day: int
    sure: bool
    wide: bool
    event_ids: tuple[str, ...]
    confidence: float
    voices: frozenset[str] = frozenset()  # sources that say so and count

    @property
    def width(self) -> int:
        """Days of doubt about the date."""
        return self.day - self.first


def effects_of(ledger: gpd.GeoDataFrame, reach: "Reach", horizon: dt.date) -> list[Effect]:
    """Turn the ledger into effects on cells, in a fixed order.

    Events that were over before ``horizon`` are history and have none; nor have those too doubtful to draw.
    """
    effects: list[Effect] = []
    for row in rows_of(ledger.drop(columns="geometry")):
        first, last = interval(row)
        verb, actor = _verb(row)
        if last < horizon or verb is None or actor is None:
            continue
        if row["confidence"] < LEAST_CONFIDENCE and not row["merged"]:
            continue
        wanted, whole, wide = reach.of(row)
        if not whole and verb == "take":
            verb = "contest"
        if (not whole and verb in ("leave", "deny")) or (wide and verb in ("contest", "hold")):
            continue  # a quarter given up, or fighting somewhere in a province, says nothing of the town or of each place
        effects += [
            Effect(
                cell=cell,
                verb=verb,
                actor=actor,
                target=row["target"],
                first=first.toordinal(),
                day=last.toordinal(),
                sure=row["assessed"] == "confirmed",
                wide=wide,
                event_ids=(row["event_id"], *row["merged"]),
                confidence=float(row["confidence"]),
                voices=frozenset(source for source in row["sources"] if source.endswith("(confirmed)")),
            )
            for cell in wanted
        ]
    return sorted(effects, key=lambda e: (e.day, e.cell, e.first, e.verb, e.actor, e.event_ids))


def interval(row: Mapping[str, object]) -> tuple[dt.date, dt.date]:
    """Give the first and the last day on which an event can have been; never after its report.

    Examples
    --------
    >>> row = {"date": dt.date(2024, 11, 1), "date_end": None, "time_precision": "month", "published": dt.date(2024, 12, 2)}
    >>> interval(row)[1].isoformat()
    '2024-11-30'
    """
    first, last, published = row["date"], row["date_end"], row["published"]
    assert isinstance(first, dt.date)  # noqa: S101  # the record says so; mypy cannot see it through a frame
    if not isinstance(last, dt.date):
        precision = str(row["time_precision"])
        if precision == "year":
            last = first.replace(month=12, day=31)
        elif precision == "month":
            last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        else:
            last = first + dt.timedelta(days=_DAYS.get(precision, 0))
    if isinstance(published, dt.date):
        last = min(last, published)
    return first, max(first, last)


def _verb(row: Mapping[str, object]) -> tuple[str | None, str | None]:
    """Name what the event does, and whose doing it is."""
    kind, actor, target, part = row["type"], row["actor"], row["target"], row["extent"] == "part"
    who = actor if isinstance(actor, str) else None
    loser = target if isinstance(target, str) else None
    if row["assessed"] == "denied":
        return ("deny" if kind in ("capture", "transfer", "contested") else None), who
    if kind in ("capture", "transfer"):
        if who is None:  # somebody took it from the target: all that is known is that the target is gone
            return (None if part else "leave"), loser
        return ("contest" if part else "take"), who
    if kind == "withdrawal":
        return (None if part else "leave"), who
    return {"contested": "contest", "repelled": "hold"}.get(str(kind)), who


class Reach:
    """Which cells an event at a place is about.

    Parameters
    ----------
    cells
        The coverage.
    places
        The gazetteer's places, to look up what lies within what.
    """

    def __init__(self, cells: Cells, places: Sequence[Place]) -> None:
        self._cells = cells
        self._places = {place.place_id: place for place in places}
        names: dict[str, int] = {}
        for index in range(len(cells) - 1, -1, -1):  # the biggest of a name stays
            place = cells.places[index]
            if place is not None:
                names[place.name.casefold()] = index
        self._names = names
        provinces: dict[tuple[str, str], list[int]] = {}
        for index, code in enumerate(cells.province):
            if code is not None:
                provinces.setdefault(code, []).append(index)
        self._provinces = provinces
        within: dict[str, list[str]] = {}
        for place in places:
            if place.within:
                within.setdefault(place.within, []).append(place.place_id)
        self._within = within
        self._settled = np.array([i for i, p in enumerate(cells.places) if p is not None and p.kind in SETTLEMENTS], dtype=np.int64)

    def of(self, row: Mapping[str, object]) -> tuple[list[int], bool, bool]:
        """Give the cells of a row's place, whether it is about the whole of them, and whether the place is wide."""
        place_id, kind = str(row["place_id"]), str(row["kind"])
        if place_id in self._cells.host:
            return [self._cells.host[place_id]], True, False
        if kind in ("province", "district", "region"):
            return list(self._wide(place_id, kind, row)), True, True
        if kind in PARTS or kind in SITES:
            town = self._town(row)
            return ([] if town is None else [town]), False, False
        return [], True, False

    def _wide(self, place_id: str, kind: str, row: Mapping[str, object]) -> Iterator[int]:
        place = self._places.get(place_id)
        if kind == "province":
            admin1 = (place.admin1 if place else None) or row["admin1"]
            country = place.country if place else None
            for code, indices in sorted(self._provinces.items()):
                if code[1] == admin1 and country in (None, "", code[0]):
                    yield from indices
            return
        inside = sorted({self._cells.host[i] for i in self._members(place_id) if i in self._cells.host})
        if not inside and place is not None and place.precision_m >= SPREAD_M:
            inside = np.flatnonzero(self._distance(place.lon, place.lat) <= place.precision_m).tolist()
        yield from inside

    def _members(self, place_id: str) -> Iterator[str]:
        """Name all places within a place, however deep."""
        todo, seen = [place_id], {place_id}
        while todo:
            for member in self._within.get(todo.pop(), ()):
                if member not in seen:
                    seen.add(member)
                    todo.append(member)
                    yield member

    def _town(self, row: Mapping[str, object]) -> int | None:
        """Find the cell of the town that a quarter, square or base is a part of."""
        place = self._places.get(str(row["place_id"]))
        within = (place.within if place else None) or row["within"]
        for _ in range(4):  # a square within a quarter within a city
            if not isinstance(within, str):
                break
            if within in self._cells.host:
                return self._cells.host[within]
            if within.casefold() in self._names:
                return self._names[within.casefold()]
            above = self._places.get(within)
            within = above.within if above else None
        if not len(self._settled):
            return None
        distance = self._distance(float(str(row["lon"])), float(str(row["lat"])))[self._settled]
        nearest = int(np.argmin(distance))
        return int(self._settled[nearest]) if distance[nearest] <= PART_REACH_M else None

    def _distance(self, lon: float, lat: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.asarray(np.linalg.norm(self._cells.xy - project(np.array([[lon, lat]]), self._cells.crs), axis=1))
