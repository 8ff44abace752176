"""Events and areas as files that other tools read: GeoJSON, CSV, ACLED's columns, GeoPackage, Parquet, KML; same input, same bytes.

Coordinates are EPSG:4326, longitude first, at six decimals (0.1 m).
"""

import csv
import dataclasses
import datetime as dt
import functools
import io
import json
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.eventfile import COLUMNS, guard_cell
from geo.geometry import WGS84
from geo.publish.rows import Row, rows_of
from geo.records import Event, Place, Toponym
from geo.resources import data_path
from geo.theatre import Theatre

DECIMALS = 6
MOST_PLACES = 6  # that a line of text names
EXTRA_COLUMNS = ("assessed", "sources", "merged")  # what the ledger knows beyond the event itself
ACLED_COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1", "actor2",
    "country", "admin1", "location", "latitude", "longitude", "geo_precision", "source", "notes",
)  # fmt: skip
ACLED_PRECISION = {"day": 1, "week": 2, "month": 3, "year": 3}  # ACLED's codes; it has none beyond the month
# what a GeoPackage writes as its date of change: a constant, so that the same areas give the same bytes
NO_DATE = "2000-01-01T00:00:00.000Z"


class SupportsCandidate(Protocol):
    """A place that a name can mean, as geocoding gives it."""

    @property
    def place(self) -> Place:
        """The place."""

    @property
    def method(self) -> str:
        """How the name was matched."""

    @property
    def score(self) -> float:
        """How well, 0 to 1."""

    @property
    def near_km(self) -> float | None:
        """How far from the place that it was to be near."""


def events_frame(events: Sequence[Event]) -> gpd.GeoDataFrame:
    """Give events as a frame with a row each, dates as dates, points in EPSG:4326."""
    frame = pd.DataFrame([dataclasses.asdict(event) for event in events], columns=list(COLUMNS))
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=WGS84)


def events_csv(events: pd.DataFrame) -> str:
    """Write events by the names of DESIGN §3, a row each; the file can be edited and given back with ``--events``."""
    return _csv(_event_columns(events), (_event_row(row) for row in rows_of(events)))


def events_geojson(events: pd.DataFrame) -> str:
    """Write events as points with every field."""
    columns = _event_columns(events)
    features = (
        _feature({"type": "Point", "coordinates": [round(row["lon"], DECIMALS), round(row["lat"], DECIMALS)]},
                 {key: _plain(row[key]) for key in columns}, row["event_id"])
        for row in rows_of(events)
    )  # fmt: skip
    return _collection(features)


def acled_csv(events: pd.DataFrame, *, theatre: Theatre | None = None) -> str:
    """Write events in ACLED's columns and terms; ``theatre`` tells the government's side and the actors' names."""
    actors = {actor.id: actor for actor in theatre.actors} if theatre else {}
    countries = dict(zip(theatre.land["country"], theatre.land["name"], strict=True)) if theatre else {}
    country = next(iter(countries.values()), "") if len(countries) == 1 else ""
    named = {key: actor.name for key, actor in actors.items()}
    governments = {key for key, actor in actors.items() if actor.side == "government"}

    def row(event: Row) -> dict[str, Any]:
        kind = _acled_kind(event, governments)
        return {
            "event_id_cnty": event["event_id"], "event_date": event["date"], "year": event["date"].year,
            "time_precision": ACLED_PRECISION[event["time_precision"]], **kind,
            "actor1": named.get(event["actor"], event["actor"]), "actor2": named.get(event["target"], event["target"]),
            "country": country, "admin1": event.get("admin1"), "location": event["place"], "latitude": event["lat"],
            "longitude": event["lon"], "geo_precision": event["geo_precision"], "source": event["source"], "notes": event["evidence"],
        }  # fmt: skip

    return _csv(ACLED_COLUMNS, (row(event) for event in rows_of(events)))


def areas_geojson(areas: gpd.GeoDataFrame) -> str:
    """Write areas as polygons with every column; each names its events, or stands on the baseline."""
    return _polygons(areas, _area_id)


def write_areas(areas: gpd.GeoDataFrame, form: str, *, theatre: Theatre | None = None) -> bytes:
    """Write areas in a format by its name: ``geojson``, ``gpkg``, ``parquet`` or ``kml``."""
    writers: dict[str, Callable[[], bytes]] = {
        "geojson": lambda: areas_geojson(areas).encode(),
        "gpkg": lambda: areas_gpkg(areas),
        "parquet": lambda: areas_parquet(areas),
        "kml": lambda: areas_kml(areas, theatre=theatre).encode(),
    }
    if form not in writers:
        raise ValueError(f"no format {form!r}; known are {', '.join(writers)}")
    return writers[form]()


def areas_gpkg(areas: gpd.GeoDataFrame) -> bytes:
    """Write areas as a GeoPackage with one layer, ``areas``; lists become text with ``; `` between."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "areas.gpkg")
        before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": NO_DATE})
        try:
            _flat(areas).to_file(path, driver="GPKG", layer="areas", engine="pyogrio", promote_to_multi=True)
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        return path.read_bytes()


def areas_parquet(areas: gpd.GeoDataFrame) -> bytes:
    """Write areas as GeoParquet; lists stay lists, dates stay dates."""
    lists = {c: [list(value) for value in areas[c]] for c in areas.columns if c != "geometry" and _holds_tuples(areas[c])}
    buffer = io.BytesIO()
    areas.assign(**lists).set_geometry(list(_rounded(areas.geometry.to_numpy())), crs=areas.crs).to_parquet(buffer, index=False)
    return buffer.getvalue()


def areas_kml(areas: gpd.GeoDataFrame, *, theatre: Theatre | None = None) -> str:
    """Write areas as KML: a placemark each, in its side's colour, with its date and evidence."""
    actors = {actor.id: actor for actor in theatre.actors} if theatre else {}
    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = ET.SubElement(root, "Document")
    for actor in sorted({row["actor"] for row in rows_of(areas) if row["actor"]}):
        colour = actors[actor].colour if actor in actors else "#8a8f98"
        style = ET.SubElement(document, "Style", id=f"side-{actor}")
        ET.SubElement(ET.SubElement(style, "PolyStyle"), "color").text = f"99{colour[5:7]}{colour[3:5]}{colour[1:3]}"  # KML: aabbggrr
    for shape, row in zip(_rounded(areas.geometry.to_numpy()), rows_of(areas), strict=True):
        who = [row["actor"]] if row["actor"] else list(row["actors"])
        mark = ET.SubElement(document, "Placemark")
        ET.SubElement(mark, "name").text = f"{', '.join(actors[a].name if a in actors else a for a in who)} ({row['state']})".strip()
        ET.SubElement(mark, "description").text = f"{row['area_km2']:.0f} km²; events: {', '.join(row['event_ids']) or 'baseline'}"
        ET.SubElement(ET.SubElement(mark, "TimeStamp"), "when").text = row["date"].isoformat()
        if row["actor"]:
            ET.SubElement(mark, "styleUrl").text = f"#side-{row['actor']}"
        many = ET.SubElement(mark, "MultiGeometry")
        for polygon in shapely.get_parts(shape):
            _kml_polygon(many, polygon)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def toponym_row(toponym: Toponym) -> dict[str, Any]:
    """Give a toponym's fields for one line of JSON; a refused one has no place and says why."""
    place = toponym.place
    row: dict[str, Any] = {
        "report_id": toponym.report_id, "text": toponym.text, "start": toponym.start, "end": toponym.end,
        "lat": place.lat if place else None, "lon": place.lon if place else None, "kind": place.kind if place else None,
        "place_id": place.place_id if place else None, "name": place.name if place else None, "match": toponym.match,
        "score": round(toponym.score, 3), "runner_up": toponym.runner_up, "runner_up_km": toponym.runner_up_km, "warning": toponym.warning,
    }  # fmt: skip
    return row if place else row | {"refused": toponym.refused, "suggestions": list(toponym.suggestions)}


def toponyms_geojson(toponyms: Iterable[Toponym]) -> str:
    """Write resolved toponyms as points; refused ones have no geometry."""
    features = []
    for row in map(toponym_row, toponyms):
        point = None if row["lat"] is None else {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
        features.append(_feature(point, row, f"{row['report_id']}:{row['start']}"))
    return _collection(features)


def changes_csv(changes: gpd.GeoDataFrame) -> str:
    """Write what changed hands, a row for each two holders and date, without the geometry."""
    columns = [column for column in changes.columns if column != "geometry"]
    return _csv(columns, ({key: _plain(value) for key, value in _event_row(row).items()} for row in rows_of(changes[columns])))


def changes_geojson(changes: gpd.GeoDataFrame) -> str:
    """Write what changed hands as polygons with every column."""
    columns = [column for column in changes.columns if column != "geometry"]
    features = (
        _feature(json.loads(shapely.to_geojson(shape)), {key: _plain(row[key]) for key in columns}, f"{row['date']}:change:{number}")
        for number, (shape, row) in enumerate(zip(_rounded(changes.geometry.to_numpy()), rows_of(changes[columns]), strict=True))
    )
    return _collection(features)


def changes_text(changes: gpd.GeoDataFrame) -> str:
    """Write what changed hands for people: km² with its error, from whom to whom, the places."""
    rows = sorted(rows_of(changes), key=lambda row: (row["date"], -row["area_km2"], str(row["to_actor"]), str(row["from_actor"])))
    if not rows:
        return "no area changed hands\n"
    lines = [
        f"{row['area_km2']:>9,.0f} ± {row['error_km2']:,.0f} km²  {_holder(row, 'from')} → {_holder(row, 'to')}  {_first(row['places'])}"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def candidate_row(name: str, candidate: SupportsCandidate) -> dict[str, Any]:
    """Give a candidate for a name as a line of JSON has it."""
    place = candidate.place
    return {
        "name": name, "place_id": place.place_id, "place": place.name, "kind": place.kind, "lat": place.lat, "lon": place.lon,
        "country": place.country, "admin1": place.admin1, "population": place.population, "method": candidate.method,
        "score": round(candidate.score, 3), "near_km": None if candidate.near_km is None else round(candidate.near_km, 1),
    }  # fmt: skip


def candidate_text(row: Mapping[str, Any]) -> str:
    """Give a candidate as a line for people.

    Examples
    --------
    >>> candidate_text({"place": "Idlib", "kind": "city", "lat": 35.93, "lon": 36.63, "country": "SY", "place_id": "gn:169389",
    ...                 "method": "exact", "score": 1.0, "near_km": None})
    'Idlib  city, SY  35.9300, 36.6300  gn:169389  exact 1.00'
    """
    near = "" if row["near_km"] is None else f"  {row['near_km']:.0f} km off"
    where = ", ".join(filter(None, (row["kind"], row["country"])))
    return f"{row['place']}  {where}  {row['lat']:.4f}, {row['lon']:.4f}  {row['place_id']}  {row['method']} {row['score']:.2f}{near}"


@functools.cache
def _acled_terms() -> dict[str, Any]:
    return tomllib.loads(data_path("publish", "acled", "terms.toml").read_text(encoding="utf-8"))


def _acled_kind(event: Row, governments: set[str]) -> dict[str, str]:
    """Give ACLED's three levels of type for an event."""
    terms = _acled_terms()
    words = event["evidence"].casefold()
    key = event["type"]
    if key == "capture":
        peaceful = any(cue in words for cue in terms["cues"]["without_a_fight"])
        key = "capture_without_a_fight" if peaceful else "capture_by_government" if event["actor"] in governments else "capture"
    elif key == "strike":
        key = "strike_shelling" if any(cue in words for cue in terms["cues"]["shelling"]) else "strike"
    return dict(zip(("disorder_type", "event_type", "sub_event_type"), terms["types"][key], strict=True))


def _event_columns(events: pd.DataFrame) -> tuple[str, ...]:
    return (*COLUMNS, *(column for column in EXTRA_COLUMNS if column in events.columns))


def _event_row(row: Row) -> dict[str, Any]:
    return {key: "; ".join(value) if isinstance(value, tuple | list) else value for key, value in row.items()}


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows; text that a spreadsheet would run is guarded, and ``read_events`` takes the guard away."""
    out = _Lines()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: guard_cell(value) for key, value in row.items()} for row in rows)
    return "".join(out.lines)


class _Lines:
    """Lines that end in a line feed alone, though cells with a carriage return are quoted, as the csv module does for CRLF only."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line.removesuffix("\r\n") + "\n")


def _plain(value: Any) -> Any:  # noqa: ANN401 a frame's cell can be anything
    """Give a value as JSON has it: dates as ISO text, tuples as lists, whole floats short."""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, tuple | list | np.ndarray):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    return round(value, DECIMALS) if isinstance(value, float) else value


def _feature(geometry: dict[str, Any] | None, properties: dict[str, Any], name: str) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "properties": properties, "geometry": geometry}


def _collection(features: Iterable[dict[str, Any]]) -> str:
    """Write features one a line, so that two builds can be compared by eye."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _polygons(frame: gpd.GeoDataFrame, name: Callable[[Row, int], str]) -> str:
    columns = [column for column in frame.columns if column != frame.geometry.name]
    features = (
        _feature(json.loads(shapely.to_geojson(shape)), {key: _plain(row[key]) for key in columns}, name(row, number))
        for number, (shape, row) in enumerate(zip(_rounded(frame.geometry.to_numpy()), rows_of(frame), strict=True))
    )
    return _collection(features)


def _area_id(row: Row, number: int) -> str:
    who = row["actor"] or "+".join(row["actors"]) or "none"
    return f"{row['date']}:{row['layer']}:{who}:{row['state']}:{number}"


def _rounded(geometries: np.ndarray) -> np.ndarray:
    """Round coordinates; a geometry that rounding would make invalid keeps its own."""
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS))
    return np.where(shapely.is_valid(rounded), rounded, geometries)


def _flat(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give areas with lists as text and dates as ISO text, as formats without lists need them."""
    columns = [column for column in areas.columns if column != "geometry"]
    rows = [{key: "; ".join(v) if isinstance(v, tuple | list) else _plain(v) for key, v in row.items()} for row in rows_of(areas[columns])]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=list(_rounded(areas.geometry.to_numpy())), crs=areas.crs)


def _holder(row: Row, end: str) -> str:
    actor, state = row[f"{end}_actor"], row[f"{end}_state"]
    return f"{actor or 'nobody known'}{'' if state == 'held' or not actor else f' ({state})'}"


def _first(places: Sequence[str]) -> str:
    shown = ", ".join(places[:MOST_PLACES])
    return f"{shown} and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else shown


def _holds_tuples(column: pd.Series) -> bool:
    return any(isinstance(value, tuple) for value in column)


def _kml_polygon(parent: ET.Element, polygon: shapely.Polygon) -> None:
    element = ET.SubElement(parent, "Polygon")
    for tag, ring in (("outerBoundaryIs", polygon.exterior), *(("innerBoundaryIs", ring) for ring in polygon.interiors)):
        line = ET.SubElement(ET.SubElement(element, tag), "LinearRing")
        ET.SubElement(line, "coordinates").text = " ".join(f"{x:.6f},{y:.6f}" for x, y in shapely.get_coordinates(ring))
