"""Places of several sources laid over each other: which are one place, and what one source tells of another's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from geo.geometry import distance_km
from geo.names import fold, skeleton
from geo.records import WIDE_KINDS, Place

SETTLEMENTS = frozenset({"city", "town", "village"})
CONTAINERS = SETTLEMENTS | {"province", "district", "neighbourhood", "region"}
SAME_PLACE_KM = 10.0  # two settlements of one name this near are one; the gold's own tolerance
SAME_SPELLING_KM = 5.0  # ... and two settlements of one skeleton this near
SAME_PROVINCE_KM = 250.0
CELL_DEG = 0.05  # degrees of a cell of the grid in which near settlements are sought


def merge(
    upper: Iterable[tuple[Place, Sequence[str]]], lower: Iterable[tuple[Place, Sequence[str]]]
) -> tuple[list[tuple[Place, list[str]]], dict[str, str]]:
    """Lay places over others: a place of both is the upper one, with the names and the missing facts of the lower.

    Returns
    -------
    list of (Place, folded names), dict
        Upper places first, then the lower ones that no upper place is; and the ids of the lower ones that were merged.
    """
    result = [(place, list(keys)) for place, keys in upper]
    by_key: dict[str, list[int]] = defaultdict(list)
    by_cell: dict[tuple[int, int], list[int]] = defaultdict(list)
    provinces: dict[tuple[str | None, str], int] = {}
    for at, (place, keys) in enumerate(result):
        for key in keys:
            by_key[key].append(at)
        if place.kind in SETTLEMENTS:
            for cell in _cells_around(place):
                by_cell[cell].append(at)
        elif place.kind == "province" and place.admin1:
            provinces[place.country, place.admin1] = at
    aliases: dict[str, str] = {}
    for place, names in lower:
        keys = list(names)
        near = dict.fromkeys(at for key in keys if key in by_key for at in by_key[key])
        twin = next((at for at in near if same_place(result[at][0], place)), None)
        if twin is None and place.kind == "province" and place.admin1:
            twin = provinces.get((place.country, place.admin1))
        elif twin is None and place.kind in SETTLEMENTS:
            twin = next((at for at in by_cell.get(_cell(place), ()) if _is_respelled(result[at], place, keys)), None)
        if twin is None:
            result.append((place, keys))
            continue
        above, have = result[twin]
        aliases[place.place_id] = above.place_id
        result[twin] = (_joined(above, place), [*have, *(key for key in keys if key not in have)])
    return result, aliases


def _cell(place: Place) -> tuple[int, int]:
    return int(place.lat // CELL_DEG), int(place.lon // CELL_DEG)


def _cells_around(place: Place) -> Iterator[tuple[int, int]]:
    """Give the cells in which a place is within 5 km, up to 60 degrees of latitude."""
    row, column = _cell(place)
    for near in range(row - 1, row + 2):
        for beside in range(column - 2, column + 3):
            yield near, beside


def _is_respelled(upper: tuple[Place, list[str]], place: Place, keys: list[str]) -> bool:
    if _apart_km(upper[0], place) > SAME_SPELLING_KM:
        return False
    return not {skeleton(key) for key in keys[:3] if key.isascii()}.isdisjoint(skeleton(key) for key in upper[1] if key.isascii())


def _joined(above: Place, below: Place) -> Place:
    names = tuple(dict.fromkeys((*above.names, *(name for name in (below.name, *below.names) if name != above.name))))
    return replace(
        above,
        names=names,
        population=above.population or below.population,
        admin1=above.admin1 or below.admin1,
        country=above.country or below.country,
    )


def _apart_km(one: Place, other: Place) -> float:
    return distance_km(one.lon, one.lat, other.lon, other.lat)


def same_place(one: Place, other: Place) -> bool:
    """Say whether two places of one name are one: settlements near each other, or provinces and countries of a kind."""
    if one.kind in SETTLEMENTS and other.kind in SETTLEMENTS:
        return _apart_km(one, other) <= SAME_PLACE_KM
    if one.kind != other.kind:
        return False
    if one.kind == "province" and one.admin1 and other.admin1:
        return one.admin1 == other.admin1
    return _apart_km(one, other) <= (SAME_PROVINCE_KM if one.kind in WIDE_KINDS else SAME_PLACE_KM / 5)


def complete(rows: list[tuple[Place, list[str]]]) -> list[tuple[Place, list[str]]]:
    """Fill in what a theatre's rows leave open: the country and the province from the nearest place, the id of what a place is within."""
    known = [place for place, _ in rows if place.admin1 and place.country and place.kind in SETTLEMENTS]
    if not known:
        return rows
    points = np.radians([(place.lon, place.lat) for place in known])
    by_name: dict[str, Place] = {}
    for place, keys in rows:
        if place.kind in CONTAINERS:
            for key in keys:
                by_name.setdefault(key, place)
    return [(_completed(place, known, points, by_name), keys) for place, keys in rows]


def _completed(place: Place, known: list[Place], points: npt.NDArray[np.float64], by_name: dict[str, Place]) -> Place:
    change: dict[str, str] = {}
    if place.kind in {"country", "region"}:
        return place
    if not place.country or (not place.admin1 and place.kind not in WIDE_KINDS):
        lon, lat = np.radians([place.lon, place.lat])
        near = known[int(np.argmin(((points[:, 0] - lon) * np.cos(lat)) ** 2 + (points[:, 1] - lat) ** 2))]
        change["country"] = place.country or near.country or ""
        if not place.admin1 and near.country == change["country"]:
            change["admin1"] = near.admin1 or ""
    if place.within and ":" not in place.within:
        holder = by_name.get(fold(place.within))
        if holder is not None and holder is not place:
            change["within"] = holder.place_id
    return replace(place, **change) if change else place  # type: ignore[arg-type]
