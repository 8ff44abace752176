"""Exports hold every field, read back in other tools, and come out the same each time."""

import csv
import dataclasses
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from synthetic import make_history, make_theatre

from geo.eventfile import COLUMNS, read_events
from geo.publish import exports
from geo.records import Event, History


@pytest.fixture(scope="module")
def history() -> History:
    return make_history(places=60, dates=4)


def test_each_area_names_its_events_or_stands_on_the_baseline(history: History) -> None:
    areas = json.loads(exports.areas_geojson(history.areas))["features"]
    assert len(areas) == len(history.areas)
    for area in areas:
        facts = area["properties"]
        assert facts["event_ids"] or facts["basis"] in {"baseline", "inferred"} or facts["state"] != "held"
        assert shapely.from_geojson(json.dumps(area["geometry"])).is_valid


def test_areas_of_a_date_still_add_up_after_export(history: History) -> None:
    frame = gpd.read_file(io.StringIO(exports.areas_geojson(history.areas)))
    first = frame[(frame["date"] == frame["date"].min()) & (frame["layer"] == "assessed")]
    whole = shapely.union_all(first.geometry.to_numpy())
    assert whole.area == pytest.approx(shapely.area(first.geometry.to_numpy()).sum(), rel=1e-6)
    assert whole.area == pytest.approx(make_theatre().land.geometry.iloc[0].area, rel=1e-4)


def test_events_csv_has_the_records_columns_first_and_reads_back(history: History) -> None:
    rows = list(csv.DictReader(io.StringIO(exports.events_csv(history.ledger))))
    assert tuple(rows[0])[: len(COLUMNS)] == COLUMNS
    assert [row["event_id"] for row in rows] == list(history.ledger["event_id"])


def test_no_cell_runs_in_a_spreadsheet_and_the_events_read_back_the_same(tmp_path: Path) -> None:
    evil = ("=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-1", "'Adra", "＝1")
    one = Event(
        event_id="e1", report_id="r1", published=dt.date(2024, 11, 30), source="=SUM(1)", date=dt.date(2024, 11, 29), type="capture",
        place="-Saraqib", place_id="syria:saraqib", kind="town", lon=-36.8, lat=-35.86, actor="hts", extent="full", evidence="x",
        attribution="@someone", start=3, end=40, rule="strong", confidence=0.75,
    )  # fmt: skip
    events = [dataclasses.replace(one, event_id=f"e{n}", evidence=text) for n, text in enumerate(evil)]
    path = tmp_path / "events.csv"
    path.write_text(exports.events_csv(exports.events_frame(events)), encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    texts = [value for row in rows for key, value in row.items() if key not in {"lon", "lat"}]
    assert None not in texts
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    assert [row["lon"] for row in rows] == ["-36.8"] * len(evil), "numbers stay numbers"
    assert list(read_events(path, on_fault=pytest.fail)) == events
    notes = csv.DictReader(io.StringIO(exports.acled_csv(exports.events_frame(events)), newline=""))
    assert all(row["notes"][0] not in "=+-@\t\r" for row in notes)


def test_events_geojson_puts_longitude_first(history: History) -> None:
    event = json.loads(exports.events_geojson(history.ledger))["features"][0]
    assert event["geometry"]["coordinates"] == pytest.approx([event["properties"]["lon"], event["properties"]["lat"]], abs=1e-5)


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet", "kml"])
def test_the_same_areas_give_the_same_bytes(history: History, form: str) -> None:
    theatre = make_theatre()
    assert exports.write_areas(history.areas, form, theatre=theatre) == exports.write_areas(history.areas, form, theatre=theatre)


def test_a_geopackage_and_a_parquet_file_hold_every_area(history: History, tmp_path: Path) -> None:
    for form, read in (("gpkg", gpd.read_file), ("parquet", gpd.read_parquet)):
        path = tmp_path / f"areas.{form}"
        path.write_bytes(exports.write_areas(history.areas, form))
        back = read(path)
        assert len(back) == len(history.areas)
        assert back.crs.to_epsg() == 4326


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ValueError, match="shapefile"):
        exports.write_areas(make_history(places=20, dates=1).areas, "shapefile")


def event(**values: Any) -> Event:  # noqa: ANN401 fields of any type
    day = dt.date(2024, 12, 1)
    base: dict[str, Any] = {
        "event_id": "a" * 16, "report_id": "r1", "published": day, "source": "Wire", "date": day, "type": "capture", "place": "Tunsar",
        "place_id": "x:1", "kind": "town", "lon": 37.0, "lat": 35.0, "actor": "front", "target": "crown", "evidence": "They took Tunsar.",
        "start": 0, "end": 17,
    }  # fmt: skip
    return Event(**(base | values))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("Battles", "Non-state actor overtakes territory")),
        ({"actor": "crown"}, ("Battles", "Government regains territory")),
        ({"evidence": "They entered without a fight."}, ("Strategic developments", "Non-violent transfer of territory")),
        ({"type": "transfer"}, ("Strategic developments", "Agreement")),
        ({"type": "withdrawal"}, ("Strategic developments", "Change to group/activity")),
        ({"type": "repelled"}, ("Battles", "Armed clash")),
        ({"type": "strike", "evidence": "Jets struck it."}, ("Explosions/Remote violence", "Air/drone strike")),
        ({"type": "strike", "evidence": "Artillery fire hit it."}, ("Explosions/Remote violence", "Shelling/artillery/missile attack")),
    ],
)
def test_acled_columns_follow_the_codebook(values: dict[str, Any], expected: tuple[str, str]) -> None:
    text = exports.acled_csv(exports.events_frame([event(**values)]), theatre=make_theatre())
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["event_type"], row["sub_event_type"]) == expected
    assert (row["event_date"], row["time_precision"], row["latitude"], row["longitude"]) == ("2024-12-01", "1", "35.0", "37.0")


def test_changes_read_as_text_with_their_error(history: History) -> None:
    text = exports.changes_text(history.changes)
    assert "± " in text
    assert "km²" in text
    assert len(text.splitlines()) == len(history.changes)
    assert exports.changes_text(history.changes.iloc[:0]) == "no area changed hands\n"
