"""A report of the fall of Aleppo, told in our own words with the constructions of the one that began the project."""

import datetime as dt
from pathlib import Path

import pytest

from geo import pipeline
from geo.records import Event
from geo.reports import read_reports
from geo.theatre import load_theatre

FOUNDING = Path(__file__).parent / "data" / "founding.md"


def read(reader: str) -> list[Event]:
    reports = read_reports([FOUNDING], on_fault=pytest.fail)
    return list(pipeline.extract(reports, load_theatre("syria"), reader=reader))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return read("rules")


BYSTANDERS = {"turkey", "iran-backed", "us-coalition", "israel"}
EXPECTED = [
    ({"contested"}, "Aleppo", "city", {"hts"}, "2024-11-30", "confirmed"),
    ({"capture"}, "Aleppo", "city", {"syrian-government"}, "2016-01-01", "confirmed"),
    ({"contested", "capture"}, "Saadallah al-Jabiri Square", "square", {"hts"}, "2024-11-30", "confirmed"),
    ({"capture"}, "Maarat al-Numan", "town", {"hts"}, "2024-11-30", "claimed"),
    ({"capture"}, "Idlib", "province", {"hts"}, "2024-11-30", "claimed"),
    ({"strike"}, "Aleppo", "city", {"russia", "syrian-government"}, "2024-11-30", "confirmed"),
    ({"strike"}, "Idlib", "city", {"russia", "syrian-government"}, "2024-11-30", "confirmed"),
    ({"closure"}, "Aleppo airport", "airport", {"syrian-government"}, "2024-11-30", "confirmed"),
]


def has(events: list[Event], expected: tuple[set[str], str, str, set[str], str, str]) -> bool:
    types, place, kind, actors, date, status = expected
    found = [event for event in events if event.type in types and event.place.startswith(place) and event.kind == kind]
    return any(event.actor in actors and str(event.date) == date and event.status == status for event in found)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: f"{row[1]} {row[4]}")
def test_what_the_report_says_comes_out_by_rules(events: list[Event], expected: tuple[set[str], str, str, set[str], str, str]) -> None:
    assert has(events, expected)


def test_the_model_reads_nearly_all_of_it_and_acts_for_no_bystander() -> None:
    events = read("model")
    assert has(events, EXPECTED[0])
    assert sum(has(events, expected) for expected in EXPECTED) >= 6
    assert not [event for event in events if event.actor in BYSTANDERS or event.date > dt.date(2024, 11, 30)]
    assert not [event for event in events if event.type == "capture" and event.actor == "syrian-government" and event.date.year == 2024]


def test_nothing_comes_of_what_is_promised_planned_ordered_or_felt(events: list[Event]) -> None:
    assert not [event for event in events if event.date > dt.date(2024, 11, 30)]
    assert not [event for event in events if event.actor in BYSTANDERS]
    assert not [event for event in events if event.type == "capture" and event.actor == "syrian-government" and event.date.year == 2024]
    assert not [event for event in events if event.type == "withdrawal" and event.status != "denied"]


def test_the_province_is_not_its_city(events: list[Event]) -> None:
    whole = [event for event in events if event.type == "capture" and event.place.startswith("Idlib")]
    assert [event.kind for event in whole] == ["province"]
    assert whole[0].admin1 == "12"
