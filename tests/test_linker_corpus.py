"""The corpus teaches what its labels say, and the dev reports are no part of it."""

import datetime as dt
import json
import random
from typing import Any

import pytest

from geo.reading.actors import ActorFinder
from geo.reading.linker import lay_windows
from geo.reading.linker_corpus import answers, as_report, drill_theatre, gold_toponyms, read_cast, read_corpus, read_drills
from geo.reading.linker_decode import SLOTS
from geo.reading.linker_layout import layout_of, meaning_on
from geo.resources import data_path

FOLDER = data_path("corpus")


@pytest.fixture(scope="module")
def train() -> list[dict[str, Any]]:
    return read_corpus(FOLDER / "train.jsonl")


def test_no_dev_report_is_trained_on(train: list[dict[str, Any]]) -> None:
    dev = read_corpus(FOLDER / "dev.jsonl")
    assert not {row["id"] for row in dev} & {row["id"] for row in train}
    assert not {row["text"] for row in dev} & {row["text"] for row in train}


def test_every_place_name_and_evidence_stands_in_its_text(train: list[dict[str, Any]]) -> None:
    for row in train:
        assert all(row["text"][place["start"] :].startswith(place["text"]) for place in row["places"])
        assert all(event["evidence"] in row["text"] for event in row["events"])


def test_every_actor_of_a_label_is_in_the_cast(train: list[dict[str, Any]]) -> None:
    cast = read_cast(FOLDER)
    known = {(name, actor.id) for name, theatre in cast.items() for actor in theatre.actors}
    assert {(row["theatre"], event["actor"]) for row in train for event in row["events"] if event["actor"]} <= known


def test_nine_labels_in_ten_can_be_asked_for_and_answered(train: list[dict[str, Any]]) -> None:
    cast = read_cast(FOLDER)
    finders = {name: ActorFinder(theatre) for name, theatre in cast.items()}
    asked = full = events = 0
    for row in train[::6]:
        theatre = cast[row["theatre"]]
        layout = layout_of(as_report(row), gold_toponyms(row), theatre, finder=finders[row["theatre"]], rules=())
        given = answers(row, layout, lay_windows(layout), {actor.id: actor.camp for actor in theatre.actors})
        events += len(row["events"])
        asked += sum(map(len, given))
        full += sum(bool(answer.actors and answer.dates) for answers_ in given for answer in answers_)
    assert asked / events > 0.93
    assert full / events > 0.85


def test_a_label_is_answered_by_the_candidates_that_the_text_names() -> None:
    text = "KESH, Nov 30 - Zelia left Umbar on Thursday and Redland walked in a day later."
    label = {
        "place": "Umbar",
        "lat": 1.0,
        "lon": 2.0,
        "kind": "town",
        "target": None,
        "precision": "day",
        "date_end": None,
        "status": "confirmed",
    }
    label |= {"extent": "full", "evidence": text}
    row = {
        "id": "x", "theatre": "drill", "style": "wire", "source": "wire", "published": "2024-11-30", "text": text,
        "places": [{"text": "Umbar", "start": text.index("Umbar"), "lat": 1.0, "lon": 2.0, "kind": "town"}],
        "events": [
            label | {"type": "withdrawal", "actor": "drill-3", "date": "2024-11-28", "by": "Zelia", "when": "Thursday"},
            label | {"type": "capture", "actor": "drill-0", "date": "2024-11-29", "by": "Redland", "when": "a day later"},
        ],
    }  # fmt: skip
    theatre = drill_theatre()
    layout = layout_of(as_report(row), gold_toponyms(row), theatre, finder=ActorFinder(theatre), rules=())
    (window,) = lay_windows(layout)
    (given,) = answers(row, layout, [window], {})
    day = dt.date(2024, 11, 29)
    told = {
        SLOTS[answer.slot]: ({meaning_on(window.actors[n], day) for n in answer.actors}, {window.dates[n].date.day for n in answer.dates})
        for answer in given
    }
    assert told == {"withdrawal": ({"drill-3"}, {28}), "capture": ({"drill-0"}, {29})}


def test_drills_are_filled_alike_for_one_seed_and_hold_what_they_say() -> None:
    towns = ("Umbar", "Kesh", "Tol")
    first, again = (read_drills(FOLDER / "drills.psv", random.Random(5), towns) for _ in range(2))  # noqa: S311 - a seeded deal of names, no secret
    assert json.dumps(first) == json.dumps(again)
    assert len(first) > 120
    assert not any("{" in row["text"] for row in first)
    empty = sum(not row["events"] for row in first)
    assert 0.3 < empty / len(first) < 0.75
    for row in first:
        assert all(row["text"][place["start"] :].startswith(place["text"]) for place in row["places"])
