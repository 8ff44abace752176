"""The scorer of ``scripts/``: what matches, and what it takes to match strictly."""

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


@pytest.fixture(scope="module")
def scoring() -> ModuleType:
    path = Path(__file__).resolve().parent.parent / "scripts" / "scoring.py"
    spec = importlib.util.spec_from_file_location("scoring", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _row(**changes: object) -> dict[str, Any]:
    row = {
        "date": "2024-12-05",
        "date_end": None,
        "precision": "day",
        "type": "capture",
        "place": "Hama",
        "lat": 35.13,
        "lon": 36.75,
        "kind": "city",
    }
    return {**row, "actor": "hts", "status": "confirmed", "extent": "full", **changes}


def _score(scoring: ModuleType, gold: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> SimpleNamespace:
    report = {"id": "r", "theatre": "t", "style": "wire", "events": gold}
    camps = {"hts": "opposition", "sna": "opposition", "army": "government"}
    return scoring.score_reports([report], {"r": predicted}, lambda _theatre, actor: camps[actor])


def test_an_event_like_its_label_matches_and_a_repeat_is_false(scoring: ModuleType) -> None:
    tally = _score(scoring, [_row()], [_row(), _row()]).tallies["control"]
    assert (tally.hits, tally.gold, tally.predicted) == (1, 1, 2)


def test_a_friend_of_the_actor_matches_and_an_enemy_only_loosely(scoring: ModuleType) -> None:
    assert _score(scoring, [_row()], [_row(actor="sna")]).tallies["control"].hits == 1
    score = _score(scoring, [_row()], [_row(actor="army")])
    assert (score.tallies["control"].hits, score.tallies["control, loose"].hits) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "hits"), [({"date": "2024-12-06"}, 1), ({"date": "2024-12-08"}, 0), ({"lat": 35.6}, 0), ({"type": "transfer"}, 1)]
)
def test_a_day_and_ten_kilometres_are_forgiven_and_no_more(scoring: ModuleType, changes: dict[str, Any], hits: int) -> None:
    assert _score(scoring, [_row()], [_row(**changes)]).tallies["control"].hits == hits


def test_matching_finds_the_most_pairs(scoring: ModuleType) -> None:
    allowed = {(0, 0), (0, 1), (1, 0)}
    pairs = scoring.match([{"i": 0}, {"i": 1}], [{"i": 0}, {"i": 1}], lambda a, b: (a["i"], b["i"]) in allowed)
    assert pairs == {0: 1, 1: 0}
