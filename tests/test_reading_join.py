"""Two readings become one: the network leads, sure rules fill its silence, and a place that only locates another has no event."""

import dataclasses
import datetime as dt

from geo import pipeline
from geo.reading.linker_join import join_readings
from geo.reading.normalise import keep_distinct
from geo.records import Event, Report
from geo.theatre import load_theatre

RULE = Event(
    event_id="r", report_id="x", published=dt.date(2024, 12, 1), source="s", date=dt.date(2024, 12, 1), type="capture", place="Saraqib",
    place_id="p1", kind="town", lon=36.8, lat=35.8, evidence="…", start=10, end=60, rule="take-control", confidence=0.9,
)  # fmt: skip
NETWORK = dataclasses.replace(RULE, event_id="n", start=0, rule="model:capture", confidence=0.6, actor="hts")


def test_where_the_network_speaks_of_a_place_the_rules_are_silent() -> None:
    assert join_readings([NETWORK], [RULE]) == [NETWORK]


def test_sure_rules_speak_of_another_place_or_year_and_doubtful_ones_do_not() -> None:
    elsewhere = dataclasses.replace(RULE, place_id="p2")
    history = dataclasses.replace(RULE, date=dt.date(2016, 12, 1))
    doubtful = dataclasses.replace(elsewhere, confidence=0.5)
    assert join_readings([NETWORK], [elsewhere, history]) == [NETWORK, elsewhere, history]
    assert join_readings([NETWORK], [doubtful]) == [NETWORK]


def test_a_strike_that_only_the_network_half_believes_is_left_out() -> None:
    strike = dataclasses.replace(NETWORK, type="strike", confidence=0.5)
    assert join_readings([strike], []) == []
    assert join_readings([strike], [dataclasses.replace(RULE, type="strike")]) == [strike]


def test_a_province_in_brackets_only_says_where_the_town_lies() -> None:
    text = "On 7 December 2024, the Syrian Free Army took control of Palmyra (Homs, Syria). No fatalities."
    report = Report(id="x", published=dt.date(2024, 12, 7), source="notes", source_kind="acled-note", text=text)
    assert {event.place for event in pipeline.extract([report], load_theatre("syria"))} == {"Palmyra"}


def test_the_network_alone_sees_no_events_abroad() -> None:
    text = "Istanbul watched. Rebels took Hama on Thursday."
    report = Report(id="x", published=dt.date(2024, 12, 6), source="wire", source_kind="wire", text=text)
    assert {event.place for event in pipeline.extract([report], load_theatre("syria"))} == {"Hama"}


def test_events_that_differ_in_their_actor_alone_have_ids_of_their_own() -> None:
    other = dataclasses.replace(NETWORK, actor="sna")
    first, second = keep_distinct([NETWORK, other])
    assert first.event_id == NETWORK.event_id
    assert second.event_id != first.event_id


def test_a_sentence_that_opens_with_a_side_as_its_speaker_is_that_sides_word() -> None:
    text = "Rebel sources said that their fighters had taken control of Kafr Nabl on Saturday."
    report = Report(id="x", published=dt.date(2024, 11, 30), source="wire", source_kind="wire", text=text)
    assert [(event.place, event.status) for event in pipeline.extract([report], load_theatre("syria"))] == [("Kafr Nabl", "claimed")]
