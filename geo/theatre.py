"""The configuration of one conflict, read from a folder and checked whole: every fault is reported, not the first.

A theatre is ``theatre.toml`` (what and where), ``actors.toml`` (who, and by which words),
``places.csv`` (what the gazetteer lacks) and a baseline, ``baseline.csv`` or ``baseline.geojson``
or both (who held what at the start). ``data/README.md`` describes each column.
"""

import csv
import datetime as dt
import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
from pyproj import CRS

from geo.errors import TheatreError
from geo.geometry import WGS84, metric_crs
from geo.records import PLACE_KINDS, Place
from geo.resources import data_path

SIDES = ("government", "non-state", "foreign")
STATES = ("held", "contested", "unknown")
PLACE_COLUMNS = ("id", "name", "kind", "lat", "lon", "precision_m", "within", "admin1", "country", "names", "population", "source")
HOLDER_COLUMNS = ("place", "actor", "state", "actors", "since", "source")
AREA_COLUMNS = ("actor", "state", "since", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A side's force or party, and the words by which reports call it.

    ``aliases`` are proper names and acronyms, matched with their case; ``forms`` are common
    nouns ("government troops"), matched in any case; ``sources`` are the outlets and spokesmen
    that speak for it. ``start`` and ``end`` bound the time in which it exists.
    """

    id: str
    name: str
    short: str
    camp: str
    side: str
    colour: str
    aliases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generic:
    """Words that mean an actor between two dates ("rebels"), both inclusive, open where ``None``."""

    words: tuple[str, ...]
    actor: str
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A row of the baseline: who held a place at the start."""

    place: str
    actor: str | None
    state: str = "held"
    actors: tuple[str, ...] = ()
    since: dt.date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """One conflict: where, since when, between whom, and how reports speak of it.

    ``extent`` is west, south, east, north in degrees. ``land`` holds the countries' outlines
    (country, name, geometry; EPSG:4326). ``baseline_areas`` holds actor, state, since, source,
    geometry (EPSG:4326), or is ``None``. ``settings`` are the theatre's own tables
    (``control``, ``places``, ``reading``, ``words``).
    """

    name: str
    title: str
    countries: tuple[str, ...]
    extent: tuple[float, float, float, float]
    languages: tuple[str, ...] = ("en",)
    start: dt.date
    actors: tuple[Actor, ...] = ()
    generics: tuple[Generic, ...] = ()
    places: tuple[Place, ...] = ()
    holders: tuple[Holder, ...] = ()
    baseline_areas: gpd.GeoDataFrame | None = field(default=None, compare=False, repr=False)
    land: gpd.GeoDataFrame = field(compare=False, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def actor(self, actor_id: str) -> Actor:
        """Give the actor with this id; ``KeyError`` where the theatre has none."""
        for actor in self.actors:
            if actor.id == actor_id:
                return actor
        raise KeyError(actor_id)

    def camp(self, actor_id: str) -> str:
        """Give the camp of an actor; an id that the theatre does not know is a camp of its own."""
        return next((actor.camp for actor in self.actors if actor.id == actor_id), actor_id)

    @property
    def crs(self) -> CRS:
        """The equal-area CRS, in metres, in which lengths and areas of this theatre are taken."""
        return metric_crs(self.extent)


def theatre_names() -> list[str]:
    """Name the theatres that ship, in order.

    Examples
    --------
    >>> "syria" in theatre_names()
    True
    """
    return sorted(path.parent.name for path in data_path("theatres").glob("*/theatre.toml"))


def load_theatre(name_or_folder: str | Path) -> Theatre:
    """Load a theatre that ships, by its name, or any folder of that form, by its path.

    Raises
    ------
    TheatreError
        Lists every fault of every file of the theatre.
    """
    folder = _find(name_or_folder)
    faults: list[str] = []
    head = _read_toml(folder / "theatre.toml", faults)
    basics = _check_head(head, faults)
    countries = basics["countries"]
    actors, generics = _read_actors(folder / "actors.toml", faults)
    ids = {actor.id for actor in actors}
    places = _read_places(folder / "places.csv", basics["name"] or folder.name, faults)
    holders = _read_holders(folder / "baseline.csv", ids, faults)
    areas = _read_areas(folder / "baseline.geojson", ids, faults)
    land = load_land(countries)
    unknown = sorted(set(countries) - set(land["country"]))
    faults += [f"theatre.toml: countries: no country has the code {code!r}; use ISO 3166 alpha-2, e.g. 'SY'" for code in unknown]
    if faults:
        raise TheatreError(str(name_or_folder), faults)
    settings = {key: value for key, value in head.items() if isinstance(value, dict)}
    return Theatre(
        **basics, actors=actors, generics=generics, places=places, holders=holders, baseline_areas=areas, land=land, settings=settings
    )


def load_world() -> Theatre:
    """Give the theatre ``world``: every country and no actors, for place names in any text."""
    return Theatre(
        name="world", title="World", countries=(), extent=(-180.0, -90.0, 180.0, 90.0), start=dt.date(1900, 1, 1),
        land=gpd.GeoDataFrame({"country": [], "name": []}, geometry=[], crs=WGS84),
    )  # fmt: skip


def load_land(countries: Iterable[str]) -> gpd.GeoDataFrame:
    """Load the outlines of countries from the basemap that ships.

    Returns
    -------
    geopandas.GeoDataFrame
        country (ISO 3166 alpha-2), name, geometry (EPSG:4326), in the order of ``country``.
    """
    return _outlines(tuple(sorted(set(countries)))).copy()


@functools.lru_cache(maxsize=16)
def _outlines(countries: tuple[str, ...]) -> gpd.GeoDataFrame:
    wanted = ", ".join(f"'{code}'" for code in countries if code.isalpha())
    frame = gpd.read_file(data_path("basemap", "countries.fgb"), where=f"country IN ({wanted or 'NULL'})")
    return frame[["country", "name", "geometry"]].sort_values("country", ignore_index=True)


def _find(name_or_folder: str | Path) -> Path:
    shipped = data_path("theatres", str(name_or_folder))
    for folder in (shipped, Path(name_or_folder)):
        if (folder / "theatre.toml").is_file():
            return folder
    known = ", ".join(theatre_names())
    raise TheatreError(str(name_or_folder), [f"no such theatre: known are {known}; or give a folder that holds a theatre.toml"])


def _read_toml(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"{path.name}: missing; `controlmap theatre new` writes one to start from")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: not readable as TOML: {error}")
    return {}


def _check_head(head: Mapping[str, Any], faults: list[str]) -> dict[str, Any]:
    """Take the fields of ``theatre.toml``, with a stand-in for each one that is at fault."""
    out: dict[str, Any] = {}
    for key in ("name", "title"):
        out[key] = head.get(key, "")
        if not isinstance(out[key], str) or not out[key]:
            faults.append(f'theatre.toml: {key}: {out[key]!r} is no text; write {key} = "…"')
    for key, example in (("countries", '["SY"]'), ("languages", '["en"]')):
        value = head.get(key, [])
        good = isinstance(value, list) and value and all(isinstance(v, str) for v in value)
        if not good:
            faults.append(f"theatre.toml: {key}: {value!r} is no list of texts; write {key} = {example}")
        out[key] = tuple(value) if good else ()
    extent = head.get("extent")
    out["extent"] = _extent(extent) or (0.0, 0.0, 1.0, 1.0)
    if _extent(extent) is None:
        faults.append(f"theatre.toml: extent: {extent!r} is no extent; write [west, south, east, north] in degrees, south below north")
    out["start"] = head.get("start")
    if not isinstance(out["start"], dt.date):
        faults.append(f"theatre.toml: start: {out['start']!r} is no date; write start = 2024-11-26, without quotes")
    return out


def _extent(value: object) -> tuple[float, float, float, float] | None:
    if not isinstance(value, list) or len(value) != 4 or not all(isinstance(v, int | float) for v in value):
        return None
    west, south, east, north = (float(v) for v in value)
    good = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south < north <= 90 and west != east
    return (west, south, east, north) if good else None


def _read_actors(path: Path, faults: list[str]) -> tuple[tuple[Actor, ...], tuple[Generic, ...]]:
    table = _read_toml(path, faults)
    actors: dict[str, Actor] = {}
    for number, row in enumerate(table.get("actor", []), 1):
        where = f"{path.name}: actor {number} ({row.get('id', 'no id')})"
        missing = [key for key in ("id", "name", "camp", "side", "colour") if not row.get(key)]
        faults += [f"{where}: {key}: missing" for key in missing]
        if row.get("side") and row["side"] not in SIDES:
            faults.append(f"{where}: side: {row['side']!r} is none of {', '.join(SIDES)}")
        if row.get("colour") and not _is_colour(row["colour"]):
            faults.append(f'{where}: colour: {row["colour"]!r} is no colour; write "#rrggbb"')
        if row.get("id") in actors:
            faults.append(f"{where}: id: used twice")
        if not missing:
            actors[row["id"]] = Actor(
                id=row["id"], name=row["name"], short=row.get("short", row["name"]), camp=row["camp"], side=row["side"],
                colour=row["colour"], aliases=tuple(row.get("aliases", ())), forms=tuple(row.get("forms", ())),
                sources=tuple(row.get("sources", ())), start=row.get("start"), end=row.get("end"),
            )  # fmt: skip
    generics = []
    for number, row in enumerate(table.get("generic", []), 1):
        if row.get("actor") not in actors:
            faults.append(f"{path.name}: generic {number}: actor: no actor has the id {row.get('actor')!r}")
        generics.append(Generic(words=tuple(row.get("words", ())), actor=row.get("actor", ""), start=row.get("start"), end=row.get("end")))
    return tuple(actors.values()), tuple(generics)


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and len(value) == 7 and value[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in value[1:])


def _rows(path: Path, columns: tuple[str, ...], faults: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and row of a CSV that may be missing; a column that is missing is one fault."""
    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            absent = [name for name in columns if name not in (reader.fieldnames or ())]
            if absent:
                faults.append(f"{path.name}: line 1: no column {', '.join(absent)}; the columns are {','.join(columns)}")
                return
            for row in reader:
                yield reader.line_num, {key: (row[key] or "").strip() for key in columns}
    except (UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{path.name}: not readable as CSV in UTF-8: {error}")


def _read_places(path: Path, theatre: str, faults: list[str]) -> tuple[Place, ...]:
    rows = list(_rows(path, PLACE_COLUMNS, faults))
    slugs = {row["id"] for _, row in rows}
    seen: set[str] = set()
    places = []
    for line, row in rows:
        found = _place_faults(row, seen)
        faults += [f"{path.name}: line {line} ({row['id'] or row['name']}): {fault}" for fault in found]
        seen.add(row["id"])
        if not found:
            places.append(_place(row, theatre, slugs))
    return tuple(places)


def _place_faults(row: Mapping[str, str], seen: set[str]) -> list[str]:
    found = [f"{key}: missing" for key in ("id", "name") if not row[key]]
    if row["id"] in seen:
        found.append("id: used twice")
    if row["kind"] not in PLACE_KINDS:
        found.append(f"kind: {row['kind']!r} is none of {', '.join(PLACE_KINDS)}")
    for key, limit in (("lat", 90.0), ("lon", 180.0)):
        value = _number(row[key])
        if value is None or abs(value) > limit:
            found.append(f"{key}: {row[key]!r} is no number of degrees within ±{limit:.0f}")
    found += [f"{key}: {row[key]!r} is no number" for key in ("precision_m", "population") if row[key] and _number(row[key]) is None]
    return found


def _place(row: Mapping[str, str], theatre: str, slugs: set[str]) -> Place:
    within = row["within"] or None
    return Place(
        place_id=f"{theatre}:{row['id']}", name=row["name"], kind=row["kind"], lon=float(row["lon"]), lat=float(row["lat"]),
        precision_m=float(row["precision_m"] or 1000), names=tuple(n.strip() for n in row["names"].split("|") if n.strip()),
        country=row["country"] or None, admin1=row["admin1"] or None, within=f"{theatre}:{within}" if within in slugs else within,
        population=int(float(row["population"] or 0)), source=row["source"],
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124  # NaN is unequal to itself


def _read_holders(path: Path, actors: set[str], faults: list[str]) -> tuple[Holder, ...]:
    holders = []
    for line, row in _rows(path, HOLDER_COLUMNS, faults):
        where = f"{path.name}: line {line} ({row['place']})"
        several = tuple(a.strip() for a in row["actors"].split("|") if a.strip())
        state = row["state"] or "held"
        found = _holder_faults(state, row["actor"] or None, several, actors)
        if not row["place"]:
            found.append("place: missing")
        since = _date(row["since"])
        if row["since"] and since is None:
            found.append(f"since: {row['since']!r} is no date; write YYYY-MM-DD")
        faults += [f"{where}: {fault}" for fault in found]
        actor = row["actor"] or None
        holders.append(Holder(place=row["place"], actor=actor, state=state, actors=several, since=since, source=row["source"]))
    return tuple(holders)


def _holder_faults(state: str, actor: str | None, several: tuple[str, ...], actors: set[str]) -> list[str]:
    found = [f"actor: no actor has the id {a!r}" for a in (actor, *several) if a and a not in actors]
    if state not in STATES:
        found.append(f"state: {state!r} is none of {', '.join(STATES)}")
    if state == "held" and not actor:
        found.append("actor: missing; a place that is held has a holder, else write state unknown")
    return found


def _date(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


def _read_areas(path: Path, actors: set[str], faults: list[str]) -> gpd.GeoDataFrame | None:
    if not path.is_file():
        return None
    try:
        frame = gpd.read_file(path)
    except Exception as error:  # noqa: BLE001  # GDAL raises many kinds; each means that the file cannot be read
        faults.append(f"{path.name}: not readable as GeoJSON: {error}")
        return None
    if "actor" not in frame.columns:
        faults.append(f"{path.name}: no feature has the property 'actor'; each polygon names who holds it")
        return None
    for column in AREA_COLUMNS:
        if column not in frame.columns:
            frame[column] = None
    frame["state"] = frame["state"].fillna("held")
    for number, row in enumerate(frame.itertuples(), 1):
        actor = row.actor if isinstance(row.actor, str) and row.actor else None
        found = _holder_faults(row.state, actor, (), actors)
        if row.geometry is None or row.geometry.geom_type not in ("Polygon", "MultiPolygon"):
            found.append("geometry: is no polygon")
        faults += [f"{path.name}: feature {number}: {fault}" for fault in found]
    frame["since"] = [_date(str(v)[:10]) for v in frame["since"]]
    return frame[[*AREA_COLUMNS, "geometry"]].to_crs(WGS84)
