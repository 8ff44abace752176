"""The example: twelve days of Syria from our own reports, true to what happened, whole on every date, and traced to its sentences."""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely

from geo import pipeline
from geo.control.history import areas_on
from geo.records import Event, History, Report
from geo.reports import read_reports
from geo.resources import seeds_path
from geo.theatre import Theatre, load_theatre

DAYS = [dt.date(2024, 11, 27) + dt.timedelta(days=n) for n in range(12)]
ALEPPO, HAMA, HOMS, DAMASCUS = (37.155, 36.200), (36.755, 35.135), (36.715, 34.730), (36.300, 33.510)
TEL_RIFAAT, DEIR_EZ_ZOR, RAQQA = (37.095, 36.473), (40.140, 35.335), (39.010, 35.950)


@pytest.fixture(scope="module")
def syria() -> Theatre:
    return load_theatre("syria")


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {report.id: report for report in read_reports([seeds_path()], on_fault=pytest.fail)}


@pytest.fixture(scope="module")
def events(reports: dict[str, Report], syria: Theatre) -> list[Event]:
    return list(pipeline.extract(reports.values(), syria))


@pytest.fixture(scope="module")
def history(events: list[Event], syria: Theatre) -> History:
    return pipeline.make_history(events, syria, DAYS)


def holders(history: History, point: tuple[float, float]) -> Iterator[tuple[dt.date, str | None]]:
    for day in history.dates:
        areas = areas_on(day, history)
        row = areas[areas.covers(shapely.Point(point))].iloc[0]
        yield day, row["actor"] if row["state"] == "held" else None


@pytest.mark.parametrize(
    ("point", "before", "after", "first", "last"),
    [
        (ALEPPO, "syrian-government", "hts", "2024-11-28", "2024-12-01"),
        (HAMA, "syrian-government", "hts", "2024-12-04", "2024-12-05"),
        (HOMS, "syrian-government", "hts", "2024-12-06", "2024-12-08"),
        (DAMASCUS, "syrian-government", "hts", "2024-12-07", "2024-12-08"),
        (TEL_RIFAAT, "sdf", "sna", "2024-11-30", "2024-12-02"),
        (DEIR_EZ_ZOR, "syrian-government", "sdf", "2024-12-05", "2024-12-06"),
        (RAQQA, "sdf", "sdf", "2024-11-27", "2024-12-08"),
    ],
)
def test_a_city_changes_hands_when_it_did(  # noqa: PLR0917  # a row of the table
    history: History, point: tuple[float, float], before: str, after: str, first: str, last: str
) -> None:
    for day, holder in holders(history, point):
        if day <= dt.date.fromisoformat(first):
            assert holder == before, day
        if day >= dt.date.fromisoformat(last):
            assert holder == after, day


def test_on_every_date_the_assessed_areas_partition_the_known_land(history: History, syria: Theatre) -> None:
    land_km2 = syria.land.to_crs(syria.crs).area.sum() / 1e6
    for day in history.dates:
        areas = areas_on(day, history)
        assert areas.geometry.is_valid.all()
        assert areas["area_km2"].sum() == pytest.approx(land_km2, rel=1e-3)
        metric = areas.to_crs(syria.crs)
        assert shapely.union_all(metric.geometry.to_numpy()).area == pytest.approx(metric.area.sum(), rel=1e-6)


def test_every_event_stands_in_its_report(events: list[Event], reports: dict[str, Report]) -> None:
    for event in events:
        assert event.evidence == reports[event.report_id].text[event.start : event.end]


def test_every_area_rests_on_events_that_were_read_or_on_the_baseline(history: History, events: list[Event]) -> None:
    known = {event.event_id for event in events}
    for row in history.areas.itertuples():
        assert set(row.event_ids) <= known
        assert row.event_ids or row.basis in ("baseline", "inferred")


def test_most_of_what_the_seeds_tell_is_read(events: list[Event]) -> None:
    with (Path(__file__).parent / "data" / "seeds-expected.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    read: dict[tuple[str, str, str | None, str], list[str]] = {}
    for event in events:
        kind = "capture" if event.type == "transfer" else event.type
        read.setdefault((event.report_id, kind, event.actor, str(event.date)), []).append(event.place.lower())
    hits = 0
    for row in expected:
        places = read.get((row["report"], row["type"], row["actor"], row["date"]), [])
        hits += any(row["place"].lower() in place or place in row["place"].lower() for place in places)
    assert hits >= 0.6 * len(expected), f"{hits} of {len(expected)}"


def test_the_committed_example_is_whole() -> None:
    maps = Path(__file__).parent.parent / "maps"
    assert {f"{day}.html" for day in DAYS} | {"index.html"} <= {path.name for path in maps.iterdir()}
    assert json.loads((maps / "areas.geojson").read_text(encoding="utf-8"))["features"]
