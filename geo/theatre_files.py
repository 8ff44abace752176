"""The files of a theatre, read and checked row by row: each fault names its file, line or key, and what to write instead.

Every function takes the list of faults found so far and adds its own, so that all files are
checked before any fault is raised.
"""

import csv
import datetime as dt
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from geo.geometry import WGS84
from geo.records import PLACE_KINDS, Place

SIDES = ("government", "non-state", "foreign")
STATES = ("held", "contested", "unknown")
PLACE_COLUMNS = ("id", "name", "kind", "lat", "lon", "precision_m", "within", "admin1", "country", "names", "population", "source")
HOLDER_COLUMNS = ("place", "actor", "state", "actors", "since", "source")
AREA_COLUMNS = ("actor", "state", "since", "source")
# the theatre's own tables and what each may hold
NUMBERS = {"control": ("unknown_beyond_km", "stale_after_days", "claim_holds_after_days", "filler_km")}
WORDS = {"words": ("admin1", "admin2", "countryside")}
RESERVED = ("world",)


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


def read_toml(path: Path, faults: list[str]) -> dict[str, Any] | None:
    """Read a TOML file; where it is missing or broken give ``None`` and add the fault."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"{path.name}: missing; `controlmap theatre new` writes one to start from")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: not readable as TOML in UTF-8: {error}")
    return None


def check_head(head: Mapping[str, Any], faults: list[str]) -> dict[str, Any]:
    """Take the fields of ``theatre.toml``, with a stand-in for each one that is at fault; ``settings`` are its tables."""
    out: dict[str, Any] = {}
    for key in ("name", "title"):
        out[key] = head.get(key, "")
        if not isinstance(out[key], str) or not out[key]:
            faults.append(f'theatre.toml: {key}: {out[key]!r} is no text; write {key} = "…"')
    if out["name"] in RESERVED:
        faults.append(f"theatre.toml: name: {out['name']!r} is taken by the program; choose another")
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
    if not _is_day(out["start"]):
        faults.append(f"theatre.toml: start: {out['start']!r} is no date; write start = 2024-11-26, without quotes or time")
    out["settings"] = {key: value for key, value in head.items() if isinstance(value, dict)}
    faults += [f"theatre.toml: {fault}" for table, rows in out["settings"].items() for fault in _setting_faults(table, rows)]
    return out


def _setting_faults(table: str, rows: Mapping[str, Any]) -> list[str]:
    keys = {**NUMBERS, **WORDS}.get(table)
    if keys is None:
        return [f"[{table}]: no such table; there are [{'], ['.join((*NUMBERS, *WORDS))}]"]
    found = [f"[{table}] {key}: no such setting; there are {', '.join(keys)}" for key in rows if key not in keys]
    if table in WORDS:
        return found + [f"[{table}] {fault}" for fault in _word_faults(rows, keys)]
    return found + [
        f"[{table}] {key}: {rows[key]!r} is no number of zero or more"
        for key in keys
        if key in rows and not (isinstance(rows[key], int | float) and 0 <= rows[key] < math.inf)
    ]


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _extent(value: object) -> tuple[float, float, float, float] | None:
    if not isinstance(value, list) or len(value) != 4 or not all(isinstance(v, int | float) for v in value):
        return None
    west, south, east, north = (float(v) for v in value)
    good = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south < north <= 90 and west != east
    return (west, south, east, north) if good else None


def read_actors(path: Path, faults: list[str]) -> tuple[tuple[Actor, ...], tuple[Generic, ...], frozenset[str]]:
    """Read ``actors.toml``: the actors, the words that mean one of them at a time, and every id, also of an actor at fault."""
    table = read_toml(path, faults) or {}
    rows, words = _tables(table, "actor", path, faults), _tables(table, "generic", path, faults)
    ids = [str(row.get("id")) for row in rows]
    actors = []
    for number, row in enumerate(rows, 1):
        found = _actor_faults(row)
        if ids[number - 1] in ids[: number - 1]:
            found.append("id: used twice")
        faults += [f"{path.name}: actor {number} ({row.get('id', 'no id')}): {fault}" for fault in found]
        if not found:
            known = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if key in Actor.__slots__}
            actors.append(Actor(**{"short": row["name"], **known}))
    generics = []
    for number, row in enumerate(words, 1):
        found = _word_faults(row, ("words",))
        if str(row.get("actor")) not in ids:
            found.append(f"actor: no actor has the id {row.get('actor')!r}")
        faults += [f"{path.name}: generic {number}: {fault}" for fault in found]
        if not found:
            generics.append(Generic(words=tuple(row.get("words", ())), actor=row["actor"], start=row.get("start"), end=row.get("end")))
    return tuple(actors), tuple(generics), frozenset(ids)


def _tables(table: Mapping[str, Any], key: str, path: Path, faults: list[str]) -> list[dict[str, Any]]:
    rows = table.get(key, [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    faults.append(f"{path.name}: {key}: {rows!r} is no list of tables; write [[{key}]] above each")
    return []


def _actor_faults(row: Mapping[str, Any]) -> list[str]:
    found = [f"{key}: missing" for key in ("id", "name", "camp", "side", "colour") if not row.get(key)]
    texts = ("id", "name", "short", "camp", "side", "colour")
    found += [f'{key}: {row[key]!r} is no text; write {key} = "…"' for key in texts if row.get(key) and not isinstance(row[key], str)]
    if isinstance(row.get("side"), str) and row["side"] not in (*SIDES, ""):
        found.append(f"side: {row['side']!r} is none of {', '.join(SIDES)}")
    if isinstance(row.get("colour"), str) and row["colour"] and not _is_colour(row["colour"]):
        found.append(f'colour: {row["colour"]!r} is no colour; write "#rrggbb"')
    return found + _word_faults(row, ("aliases", "forms", "sources"))


def _word_faults(row: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    """Check what actors and generics share: lists of words, and the dates between which they hold."""
    found = []
    for key in keys:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            found.append(f'{key}: {value!r} is no list of texts; write {key} = ["…"]')
    undated = [key for key in ("start", "end") if row.get(key) is not None and not _is_day(row[key])]
    return found + [f"{key}: {row[key]!r} is no date; write {key} = 2024-11-26, without quotes or time" for key in undated]


def _is_colour(value: str) -> bool:
    return len(value) == 7 and value[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in value[1:])


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


def read_places(path: Path, theatre: str, faults: list[str]) -> tuple[Place, ...]:
    """Read ``places.csv``; a place's id is ``theatre:slug``."""
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


def read_holders(path: Path, actors: frozenset[str], faults: list[str]) -> tuple[Holder, ...]:
    """Read ``baseline.csv``; an actor that is none of ``actors`` is a fault."""
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


def _holder_faults(state: str, actor: str | None, several: tuple[str, ...], actors: frozenset[str]) -> list[str]:
    found = [f"actor: no actor has the id {a!r}" for a in dict.fromkeys((actor, *several)) if a and a not in actors]
    if state not in STATES:
        found.append(f"state: {state!r} is none of {', '.join(STATES)}")
    if state == "held" and not actor:
        found.append("actor: missing; a place that is held has a holder, else write state unknown")
    if state == "contested" and not (actor or several):
        found.append("actors: missing; name who is there, with | between them")
    return found


def _date(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


def read_areas(path: Path, actors: frozenset[str], faults: list[str]) -> gpd.GeoDataFrame | None:
    """Read ``baseline.geojson``: actor (several with ``|``), state, since, source, geometry (EPSG:4326); ``None`` where there is none."""
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
        several = tuple(row.actor.split("|")) if isinstance(row.actor, str) and row.actor else ()
        found = _holder_faults(row.state, several[0] if several else None, several, actors)
        if row.geometry is None or row.geometry.geom_type not in ("Polygon", "MultiPolygon"):
            found.append("geometry: is no polygon")
        faults += [f"{path.name}: feature {number}: {fault}" for fault in found]
    frame["since"] = [_date(str(v)[:10]) for v in frame["since"]]
    return frame[[*AREA_COLUMNS, "geometry"]].to_crs(WGS84)
