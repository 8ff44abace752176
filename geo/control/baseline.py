"""Who held which cell at the start: from polygons, from rows of a table, or from neither."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from geo.control.cells import SETTLEMENTS, SITES, Cells, place_order
from geo.control.effects import Reach
from geo.control.timeline import Control
from geo.errors import TheatreError
from geo.records import Place
from geo.theatre import Holder, Theatre

BASELINE_CONFIDENCE = 0.9  # a table or a map drawn by hand; published maps agree with each other to about this


def held_apart(holders: Sequence[Place]) -> frozenset[str]:
    """Name the quarters and bases that have a row of their own in the baseline, and so a cell of their own."""
    return frozenset(place.place_id for place in holders if place.kind in (*SITES, "neighbourhood"))


def find_holders(theatre: Theatre, places: Sequence[Place]) -> list[Place]:
    """Find the place of each row of the baseline table, by id or by name.

    Raises
    ------
    TheatreError
        Lists every row whose place or actor nobody knows.
    """
    by_id = {place.place_id: place for place in places}
    by_name: dict[str, Place] = {}
    for place in sorted(places, key=lambda p: (p.kind not in SETTLEMENTS, place_order(p))):
        for name in (place.name, *place.names):
            by_name.setdefault(name.casefold(), place)
    actors = {actor.id for actor in theatre.actors}
    found: list[Place] = []
    faults = []
    for row in theatre.holders:
        place_found = by_id.get(row.place) or by_id.get(f"{theatre.name}:{row.place}") or by_name.get(row.place.casefold())
        if place_found is None:
            faults.append(
                f"baseline.csv: no place has the id or name {row.place!r}; add it to places.csv, or write it as the gazetteer does"
            )
        faults += [
            f"baseline.csv: {row.place}: no actor has the id {a!r}; the ids are {', '.join(sorted(actors))}"
            for a in (row.actor, *row.actors)
            if a and a not in actors
        ]
        found += [place_found] if place_found is not None else []
    if theatre.baseline_areas is not None:
        faults += [
            f"baseline.geojson: no actor has the id {a!r}; the ids are {', '.join(sorted(actors))}"
            for cell in theatre.baseline_areas["actor"]
            if isinstance(cell, str) and cell
            for a in cell.split("|")
            if a not in actors
        ]
    if faults:
        raise TheatreError(theatre.name, sorted(set(faults)))
    return found


def baseline_of(theatre: Theatre, cells: Cells, reach: Reach, holders: Sequence[Place]) -> dict[int, Control]:
    """Give the control of each cell that the baseline speaks of; rows outrank polygons, places outrank provinces."""
    start = theatre.start
    states: dict[int, Control] = {}
    zones = [_control(z.state, z.actors[0] if z.actors else None, z.actors, z.since, start) for z in cells.zones]
    for cell in np.flatnonzero(cells.zone >= 0).tolist():
        states[cell] = zones[cells.zone[cell]]
    rows = list(zip(theatre.holders, holders, strict=True))
    for row, place in sorted(rows, key=lambda pair: pair[1].kind not in ("province", "district", "region")):
        spot = {
            "place_id": place.place_id,
            "kind": place.kind,
            "admin1": place.admin1,
            "within": place.within,
            "lon": place.lon,
            "lat": place.lat,
        }
        wanted, whole, _ = reach.of(spot)
        if whole:
            states |= dict.fromkeys(wanted, _row_control(row, start))
    return states


def _row_control(row: Holder, start: dt.date) -> Control:
    actors = row.actors or ((row.actor,) if row.actor else ())
    return _control(row.state, row.actor or (actors[0] if actors else None), actors, row.since, start)


@lru_cache(maxsize=4096)
def _control(state: str, actor: str | None, actors: tuple[str, ...], since: dt.date | None, start: dt.date) -> Control:
    day = start.toordinal()
    if state == "unknown" or actor is None:
        return Control(state="unknown")
    first = since.toordinal() if since else None
    return Control(
        state=state, actor=actor, actors=actors if state == "contested" else (), status="confirmed", basis="baseline", since=first,
        since_end=first, seen_first=day, seen=day, width=0, confidence=BASELINE_CONFIDENCE,
    )  # fmt: skip
