"""The baseline's polygons, made into zones that do not overlap.

An outline drawn inside another one is an enclave and counts; outlines of one holder that overlap
are one zone; outlines of several holders that overlap otherwise make contested land.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.control.projection import STRAIGHT_DEGREES
from geo.errors import TheatreError
from geo.geometry import WGS84
from geo.theatre import Theatre

ENCLAVE_SHARE = 0.98  # of a polygon's area inside another one, that makes it an enclave and not an overlap
MOST_SETS = 20_000  # thousands of enclaves, or fourteen outlines one over another; each outline more, of another day, doubles them


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Land under one or several of the baseline's polygons, and what they say of it together."""

    polygons: tuple[int, ...]
    state: str
    actors: tuple[str, ...]
    since: dt.date | None = None
    source: str = ""


def zones_of(theatre: Theatre, crs: CRS) -> tuple[tuple[Zone, ...], NDArray[np.object_]]:
    """Give the zones of a theatre's baseline polygons, and the polygons in metres.

    Returns
    -------
    tuple
        Every combination of polygons that overlap is a zone, named by the numbers of its polygons.

    Raises
    ------
    TheatreError
        So many lie over one another that they cannot be the drawing of one day.
    """
    areas = theatre.baseline_areas
    if areas is None or not len(areas):
        return (), np.empty(0, dtype=object)
    transformer = Transformer.from_crs(WGS84, crs, always_xy=True)
    crosses = theatre.extent[2] < theatre.extent[0]
    geometries = shapely.segmentize(areas.geometry.to_numpy(), STRAIGHT_DEGREES)
    polygons = shapely.make_valid(shapely.transform(geometries, lambda c: np.column_stack(transformer.transform(c[:, 0], c[:, 1]))))
    if crosses:
        polygons = shapely.buffer(polygons, 1.0)  # closes the cut at 180 degrees, one metre wide at most
    rows = [_row(row) for row in areas.itertuples()]
    together = _overlaps(polygons, theatre.name)
    return tuple(_combine(numbers, rows, polygons) for numbers in together), polygons


def _row(row: object) -> Zone:
    actor, state, since, source = (getattr(row, key, None) for key in ("actor", "state", "since", "source"))
    holders = tuple(a.strip() for a in actor.split("|")) if isinstance(actor, str) and actor else ()
    state = str(state) if isinstance(state, str) and state else "held"
    return Zone(
        polygons=(), state=state if holders else "unknown", actors=holders,
        since=since if isinstance(since, dt.date) and not pd.isna(since) else None, source=source if isinstance(source, str) else "",
    )  # fmt: skip


def _overlaps(polygons: NDArray[np.object_], theatre: str) -> list[tuple[int, ...]]:
    """List each set of polygons that share some land, single ones first."""
    fault = f"baseline.geojson: too many of its {len(polygons)} polygons lie over one another; keep those of one day, one outline a side"
    pairs = {
        (i, j)
        for i, j in combinations(range(len(polygons)), 2)
        if shapely.intersects(polygons[i], polygons[j]) and shapely.area(shapely.intersection(polygons[i], polygons[j])) > 0
    }
    sets: list[tuple[int, ...]] = [(i,) for i in range(len(polygons))]
    level: list[tuple[int, ...]] = sorted(pairs)
    while level:
        sets += level
        if len(sets) > MOST_SETS:
            raise TheatreError(theatre, [fault])
        level = sorted({(*group, k) for group in level for k in range(group[-1] + 1, len(polygons)) if all((g, k) in pairs for g in group)})
    return sets


def _combine(numbers: tuple[int, ...], rows: list[Zone], polygons: NDArray[np.object_]) -> Zone:
    """Say what overlapping polygons say together."""
    left = sorted(numbers, key=lambda i: (shapely.area(polygons[i]), i))
    while len(left) > 1 and shapely.area(shapely.intersection(polygons[left[0]], polygons[left[1]])) >= ENCLAVE_SHARE * shapely.area(
        polygons[left[0]]
    ):
        left = [left[0], *left[2:]]
    says = [rows[i] for i in sorted(left)]
    first = says[0]
    actors = tuple(dict.fromkeys(actor for row in says for actor in row.actors))
    one = len(left) == 1 or (len(actors) == 1 and len({row.state for row in says}) == 1)
    state = first.state if one else "contested"
    source = first.source if one else "; ".join(sorted({row.source for row in says if row.source}))
    return Zone(polygons=numbers, state=state, actors=first.actors if len(left) == 1 else actors, since=first.since, source=source)
