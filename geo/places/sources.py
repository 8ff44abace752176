"""Files of places in other people's formats, read as rows: GeoNames dumps, OpenStreetMap, CSV.

A row is a :class:`~geo.records.Place` or, where it cannot be one, a :class:`Rejected` with the reason.
"""

import csv
import functools
import io
import json
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.errors import GazetteerError
from geo.names import fold
from geo.places.index import PRECISION
from geo.records import PLACE_KINDS, Place
from geo.resources import data_path

GEONAMES_COLUMNS = 19  # of a line of a country's dump, as GeoNames' readme gives them
CSV_COLUMNS = ("name", "lat", "lon", "id", "kind", "names", "country", "admin1", "within", "population", "precision_m", "source")
OSM_NAMES = (
    "name:en",
    "int_name",
    "name",
    "alt_name",
    "alt_name:en",
    "old_name",
    "official_name",
    "short_name",
    "name:ar",
    "name:uk",
    "name:ru",
    "name:my",
    "name:fr",
)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is left out: where it stands, its name, and why."""

    where: str
    name: str
    reason: str


def read_source(path: Path) -> Iterator[Place | Rejected]:
    """Read a file of places by its form, which its ending and its content tell.

    Parameters
    ----------
    path
        ``.txt`` or ``.zip`` (GeoNames), ``.geojson`` or ``.json`` (OSM as GeoJSON, or Overpass), ``.csv``
        (the columns of :data:`CSV_COLUMNS`, of which name, lat and lon must be there).

    Raises
    ------
    GazetteerError
        If the file cannot be read or is none of these.
    """
    reader = {".txt": _geonames_text, ".zip": _geonames_zip, ".geojson": _osm, ".json": _osm, ".csv": _csv}.get(path.suffix.lower())
    if reader is None:
        raise GazetteerError(f"{path}: not a file of places; give .txt or .zip (GeoNames), .geojson or .json (OpenStreetMap), or .csv")
    try:
        yield from reader(path)
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile, json.JSONDecodeError, csv.Error) as error:
        raise GazetteerError(f"{path}: cannot be read as {path.suffix[1:]}: {error}") from error


def _geonames_text(path: Path) -> Iterator[Place | Rejected]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from _geonames(file, path.name)


def _geonames_zip(path: Path) -> Iterator[Place | Rejected]:
    with zipfile.ZipFile(path) as archive:
        members = [name for name in archive.namelist() if name.endswith(".txt") and "readme" not in name.lower()]
        if not members:
            raise GazetteerError(f"{path}: holds no .txt; give a country's dump or allCountries.zip as GeoNames offers them")
        for member in members:
            with archive.open(member) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="\n") as file:
                yield from _geonames(file, member)


def _geonames(lines: Iterable[str], origin: str) -> Iterator[Place | Rejected]:
    codes = _features()["geonames"]
    for number, line in enumerate(lines, 1):
        where = f"{origin}:{number}"
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) != GEONAMES_COLUMNS:
            yield Rejected(where, cells[1] if len(cells) > 1 else "", f"{len(cells)} columns, a GeoNames line has {GEONAMES_COLUMNS}")
            continue
        kind = _geonames_kind(cells[7], codes)
        if kind is None:
            yield Rejected(where, cells[1], f"feature code {cells[7] or 'missing'} is no kind of place that reports name")
            continue
        people = _whole(cells[14])
        yield _checked(
            where,
            place_id=f"user:gn-{cells[0]}",
            name=cells[1],
            kind=_settlement(people) if kind == "settlement" else kind,
            lat=cells[4],
            lon=cells[5],
            names=[name for name in (cells[2], *cells[3].split(",")) if name],
            country=cells[8],
            admin1=cells[10],
            population=people,
            source="GeoNames",
        )


def _geonames_kind(code: str, codes: Mapping[str, str]) -> str | None:
    if code in codes:
        return codes[code]
    return next((kind for start, kind in codes.items() if code.startswith(start)), None) if code else None


def _settlement(people: int) -> str:
    return "city" if people >= 100_000 else "town" if people >= 5000 else "village"


def _osm(path: Path) -> Iterator[Place | Rejected]:
    whole = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(whole, dict) and isinstance(whole.get("features"), list):
        rows = _geojson_rows(whole["features"])
    elif isinstance(whole, dict) and isinstance(whole.get("elements"), list):
        rows = _overpass_rows(whole["elements"])
    else:
        raise GazetteerError(f"{path}: neither GeoJSON ('features') nor Overpass JSON ('elements')")
    rules = _features()["osm"]
    for number, (osm_id, tags, lon, lat) in enumerate(rows, 1):
        where = f"{path.name}: feature {number}"
        names = [part.strip() for key in OSM_NAMES for part in str(tags.get(key) or "").split(";") if part.strip()]
        kind = next((kind for rule, kind in rules.items() if _fits(rule, tags)), None)
        if not names:
            yield Rejected(where, "", "no name")
        elif kind is None:
            yield Rejected(where, names[0], "its tags are no kind of place that reports name")
        else:
            country = str(tags.get("is_in:country_code") or tags.get("addr:country") or "")
            yield _checked(
                where, place_id=f"user:osm-{osm_id or number}", name=names[0], kind=kind, lat=lat, lon=lon, names=names[1:],
                country=country,                 population=_whole(str(tags.get("population") or "")), source="OpenStreetMap",
            )  # fmt: skip


def _geojson_rows(features: list[Any]) -> Iterator[tuple[str, Mapping[str, Any], Any, Any]]:
    for feature in features:
        tags = feature.get("properties") or {}
        if isinstance(tags.get("tags"), dict):  # as some exporters nest them
            tags = tags | tags["tags"]
        osm_id = str(feature.get("id") or tags.get("@id") or tags.get("osm_id") or "").replace("/", "-")
        lon = lat = None
        try:
            point = shape(feature["geometry"]).representative_point()
            lon, lat = (None, None) if point.is_empty else (point.x, point.y)
        except (ShapelyError, AttributeError, KeyError, TypeError, ValueError):
            pass  # no geometry: the row is rejected for its coordinates
        yield osm_id, tags, lon, lat


def _overpass_rows(elements: list[Any]) -> Iterator[tuple[str, Mapping[str, Any], Any, Any]]:
    for element in elements:
        if element.get("tags"):
            point = element if "lat" in element else element.get("center") or {}
            yield f"{element.get('type')}-{element.get('id')}", element["tags"], point.get("lon"), point.get("lat")


def _fits(rule: str, tags: Mapping[str, Any]) -> bool:
    for part in rule.split(";"):
        key, _, value = part.partition("=")
        if key not in tags or (value and str(tags[key]) != value):
            return False
    return True


def _csv(path: Path) -> Iterator[Place | Rejected]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        missing = [column for column in CSV_COLUMNS[:3] if column not in (table.fieldnames or ())]
        if missing:
            raise GazetteerError(f"{path}: no column {', '.join(missing)}; the columns are {','.join(CSV_COLUMNS)}, the first three needed")
        seen: Counter[str] = Counter()
        for row in table:
            cell = {column: (row.get(column) or "").strip() for column in CSV_COLUMNS}
            slug = cell["id"] or _slug(cell["name"], cell["within"], cell["admin1"])
            # without an id, namesakes of one file are told apart by their order: a row with mended coordinates is still the same
            seen[slug] += 1
            slug += f"-{seen[slug]}" if seen[slug] > 1 else ""
            yield _checked(
                f"{path.name}:{table.line_num}", place_id=f"user:{slug.removeprefix('user:')}", name=cell["name"],
                kind=cell["kind"] or "village", lat=cell["lat"], lon=cell["lon"], names=cell["names"].split("|"), country=cell["country"],
                admin1=cell["admin1"], within=cell["within"],
                population=_whole(cell["population"]), precision_m=_number(cell["precision_m"]), source=cell["source"] or path.name,
            )  # fmt: skip


def _slug(*parts: str) -> str:
    return "-".join(fold(part).replace(" ", "-") for part in parts if part)


def _checked(  # noqa: PLR0913 -- the fields of a place, all by keyword
    where: str, *, place_id: str, name: str, kind: str, lat: object, lon: object, names: Iterable[str] = (), country: str = "",
    admin1: str = "",
    within: str = "", population: int = 0, precision_m: float | None = None, source: str = "",
) -> Place | Rejected:  # fmt: skip
    """Make a place of a row, or say why it is none."""
    if not fold(name):
        return Rejected(where, name, "no name")
    if kind not in PLACE_KINDS:
        return Rejected(where, name, f"kind {kind!r} is none of {', '.join(PLACE_KINDS)}")
    y, x = _number(lat), _number(lon)
    if y is None or x is None:
        return Rejected(where, name, "no coordinates")
    if abs(y) > 90 and abs(x) <= 90 and abs(y) <= 180:
        return Rejected(where, name, f"latitude {y:g} out of range: latitude and longitude look swapped")
    if abs(y) > 90 or abs(x) > 180:
        return Rejected(where, name, f"out of range: latitude {y:g}, longitude {x:g}")
    others = tuple(dict.fromkeys(other.strip() for other in names if other.strip() and other.strip() != name))
    return Place(
        place_id=place_id, name=name, kind=kind, lon=x, lat=y, precision_m=precision_m or PRECISION.get(kind, 1000.0), names=others,
        country=country.upper() or None, admin1=admin1 or None, within=within or None, population=population, source=source,
    )  # fmt: skip


def _number(cell: object) -> float | None:
    try:
        value = float(str(cell).replace(",", "."))
    except ValueError:
        return None
    return value if -1e9 < value < 1e9 else None


def _whole(cell: str) -> int:
    value = _number(cell)
    return int(value) if value and value > 0 else 0


@functools.cache
def _features() -> dict[str, dict[str, str]]:
    return tomllib.loads(data_path("places", "features.toml").read_text(encoding="utf-8"))
