"""Readers are held to the traps: short cases that look like an event and are none, each kind beside cases that are one."""

import datetime as dt
import re
import sys
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from geo.records import EVENT_TYPES, PLACE_KINDS, SOURCE_KINDS
from geo.theatre import load_theatre

ROOT = Path(__file__).resolve().parent.parent

# The share of the cases that the rules pass, a little under what was measured last. It may only rise.
RULES_FLOOR = 0.87

# The share that a reader passes which never says anything: the set must not reward silence.
MOST_FOR_SILENCE = 0.55


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = SourceFileLoader("evaluate_traps", str(ROOT / "scripts" / "evaluate-traps"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    # its dataclass looks its own module up by name
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, loader.name, module)
        loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cases(script: ModuleType) -> list[dict[str, Any]]:
    return list(script.read_traps())


def test_the_rules_pass_no_fewer_traps_than_before(script: ModuleType, cases: list[dict[str, Any]]) -> None:
    verdicts = script.judge_all(cases, script.load_bench("rules"))
    assert script.share(verdicts) >= RULES_FLOOR


def test_a_reader_that_says_nothing_does_not_pass(script: ModuleType, cases: list[dict[str, Any]]) -> None:
    assert script.share([script.judge(case, [], str) for case in cases]) < MOST_FOR_SILENCE


def test_there_are_many_cases_of_each_kind_in_each_theatre(cases: list[dict[str, Any]]) -> None:
    assert len(cases) >= 300
    assert len({case["id"] for case in cases}) == len(cases)
    assert len({case["text"] for case in cases}) == len(cases)
    assert min(Counter(case["trap"] for case in cases).values()) >= 10
    assert min(Counter(case["theatre"] for case in cases).values()) >= 25


def test_every_kind_has_cases_from_which_something_must_come_out(cases: list[dict[str, Any]]) -> None:
    assert {case["trap"] for case in cases if case["must"]} == {case["trap"] for case in cases}


def test_every_case_asks_for_something_and_is_short(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        assert case["must"] or case["must_not"], case["id"]
        assert len(re.findall(r"[.!?](?:\s|$)", case["text"])) <= 4, case["id"]
        assert len(case["text"]) < 320, case["id"]
        assert case["source_kind"] in SOURCE_KINDS, case["id"]
        assert case["source"], case["id"]


def test_every_place_stands_in_its_text_and_lies_in_the_world(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        assert case["places"], case["id"]
        for place in case["places"]:
            assert case["text"][place["start"] : place["start"] + len(place["text"])] == place["text"], case["id"]
            assert place["kind"] in PLACE_KINDS, case["id"]
            assert -90 <= place["lat"] <= 90, case["id"]
            assert -180 <= place["lon"] <= 180, case["id"]


def test_every_event_named_is_of_a_known_type_at_a_place_of_the_case(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        names = {place["text"] for place in case["places"]}
        for event in case["must"]:
            assert event["type"] in EVENT_TYPES, case["id"]
            assert event["place"] in names, case["id"]
        for event in case["must_not"]:
            assert event["type"] in (*EVENT_TYPES, "any"), case["id"]
            assert event.get("place") in {*names, None}, case["id"]


def test_every_actor_named_is_one_of_its_theatre(cases: list[dict[str, Any]]) -> None:
    actors = {name: {actor.id for actor in load_theatre(name).actors} for name in {case["theatre"] for case in cases}}
    for case in cases:
        named = {event["actor"] for event in (*case["must"], *case["must_not"]) if "actor" in event}
        assert named <= actors[case["theatre"]], case["id"]


def test_every_date_is_a_day_a_month_or_a_year_and_none_of_a_must_lies_after_the_report(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        published = dt.date.fromisoformat(case["published"])
        for event in (*case["must"], *case["must_not"]):
            if "date" in event:
                assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", event["date"]), case["id"]
        for event in case["must"]:
            assert event.get("date", "0000") <= published.isoformat(), case["id"]
