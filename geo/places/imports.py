"""Places that a user brings, kept beside the index: into one theatre or for all, over everything else.

An import writes a new file and renames it into place, so that one that is killed leaves the old file whole;
a row that is there already is left as it is.
"""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shapely import contains_xy
from shapely.geometry.base import BaseGeometry

from geo.places.index import data_folder, open_read_only, read_places, replacing, write_places
from geo.places.sources import Rejected, read_source
from geo.records import Place
from geo.theatre import Theatre

ALL = "all"  # the scope of places that every theatre and the world see
LISTED = 1000  # rejected rows that are kept for the list; all are counted
MARGIN_DEG = 0.25  # places this far over the border are a theatre's own: crossings, enemy bases


@dataclass(slots=True, kw_only=True)
class ImportResult:
    """What an import did: rows added, changed and there already, and those left out, by reason and the first of them by name."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    listed: list[Rejected] = field(default_factory=list)


def import_places(paths: Iterable[Path], theatre: Theatre | None = None) -> ImportResult:
    """Import files of places into a theatre, or for all where none is given.

    Raises
    ------
    GazetteerError
        If a file cannot be read or the folder of the imports not be written; then nothing is changed.
    """
    result = ImportResult()
    land = theatre.land.geometry.union_all().buffer(MARGIN_DEG) if theatre is not None and len(theatre.land) else None
    with replacing(imported_path(theatre.name if theatre else ALL), keep=True) as index:
        (number,) = index.execute("SELECT coalesce(max(id), 0) FROM place").fetchone()
        for source in paths:
            for row in read_source(source):
                place = row if isinstance(row, Rejected) or theatre is None else _in_theatre(row, source.name, theatre, land)
                if isinstance(place, Rejected):
                    _reject(place, result)
                else:
                    number += 1
                    _put(index, number, place, result)
    return result


def read_imported(scope: str, countries: Sequence[str] = ()) -> list[Place]:
    """Give the places imported into a scope; of countries alone, and of rows that name none, where ``countries`` are given."""
    path = imported_path(scope)
    if not path.exists():
        return []
    where = f"country IN ({','.join('?' * len(countries))}) OR country IS NULL" if countries else "1"
    with contextlib.closing(open_read_only(path)) as index:
        return [place for place, _ in read_places(index, where, countries)]


def imported_path(scope: str) -> Path:
    """Give the file of the places imported into a scope, whether it is there or not."""
    return data_folder() / f"places-{scope}.sqlite"


def _put(index: sqlite3.Connection, number: int, place: Place, result: ImportResult) -> None:
    known = next((known for known, _ in read_places(index, "place_id = ?", (place.place_id,))), None)
    if known == place:
        result.unchanged += 1
        return
    if known is not None:
        index.execute("DELETE FROM name WHERE place = (SELECT id FROM place WHERE place_id = ?)", (place.place_id,))
        index.execute("DELETE FROM place WHERE place_id = ?", (place.place_id,))
    write_places(index, (place,), first=number)
    result.changed += known is not None
    result.added += known is None


def _in_theatre(place: Place, origin: str, theatre: Theatre, land: BaseGeometry | None) -> Place | Rejected:
    west, south, east, north = theatre.extent

    def inside(lon: float, lat: float) -> bool:
        return bool(contains_xy(land, lon, lat)) if land is not None else west <= lon <= east and south <= lat <= north

    if inside(place.lon, place.lat):
        return place
    where = f"{origin}: {place.place_id.removeprefix('user:')}"
    reason = "latitude and longitude look swapped" if inside(place.lat, place.lon) else f"not in the theatre {theatre.name!r}"
    return Rejected(where, f"{place.name} ({place.lat:g}, {place.lon:g})", reason)


def _reject(row: Rejected, result: ImportResult) -> None:
    result.rejected[row.reason] += 1
    if len(result.listed) < LISTED:
        result.listed.append(row)
