"""The linker's scores become events that agree with each other, and that no last bit decides."""

import datetime as dt

import numpy as np
import pytest

from geo.reading.linker_decode import SLOTS, Cast, Choice, choose
from geo.reading.linker_records import ActorCandidate, DateCandidate, PlaceSpan, Window

CAMPS = {"rebels": "opposition", "sna": "opposition", "army": "government"}
CAST = Cast(camps=CAMPS, meaning_on=lambda candidate, _date: candidate.actor)
DAY = dt.date(2024, 11, 30)


def window(sentence: int = 0, actors: tuple[str, ...] = ("rebels", "sna", "army"), days: tuple[int, ...] = (0, 1)) -> Window:
    dates = tuple(
        DateCandidate(
            date=DAY - dt.timedelta(days=day), date_end=None, precision="day", at=(0, 1), where="sentence", sentence=0, anchoring="absolute"
        )
        for day in days
    )
    return Window(
        sentence=sentence,
        place=PlaceSpan(start=5, end=9, key="hama", kind="city"),
        named=True,
        text="x",
        place_at=((0, 1),),
        sentence_at=(0, 1),
        actors=tuple(ActorCandidate(actor=actor, at=(0, 1), where="sentence", sentence=0) for actor in actors),
        dates=dates,
        seen_before=0,
        in_sentence=1,
    )


def outputs(windows: int = 1, actors: int = 3, dates: int = 2, **given: object) -> dict[str, np.ndarray]:
    slots = len(SLOTS)
    scores = {
        "slot": np.zeros((windows, slots)),
        "actor": np.full((windows, slots, actors), 1 / actors),
        "target": np.full((windows, slots, actors + 1), 1 / (actors + 1)),
        "date": np.full((windows, slots, dates), 1 / dates),
        "status": np.tile([0.8, 0.1, 0.1], (windows, slots, 1)),
        "extent": np.zeros((windows, slots)),
        "transfer": np.zeros((windows, slots)),
    }
    for name, rows in given.items():
        for index, value in rows.items():  # type: ignore[attr-defined]
            scores[name][index] = value
    return {name: values.astype(np.float32) for name, values in scores.items()}


def read(windows: list[Window], scores: dict[str, np.ndarray], threshold: float = 0.5) -> list[Choice]:
    return choose(windows, scores, cast=CAST, thresholds=[threshold] * len(SLOTS))


def test_a_slot_below_its_threshold_is_no_event() -> None:
    assert read([window()], outputs(slot={(0, 0): 0.49})) == []
    assert [choice.type for choice in read([window()], outputs(slot={(0, 0): 0.51}))] == ["capture"]


def test_the_camp_with_most_probability_wins_over_the_single_likeliest_actor() -> None:
    scores = outputs(slot={(0, 0): 0.9}, actor={(0, 0): [0.3, 0.3, 0.4]})
    (choice,) = read([window()], scores)
    assert choice.actor in {"rebels", "sna"}
    assert choice.p_actor == pytest.approx(0.6, abs=1e-3)
    assert choice.actor_runner_up is not None
    assert choice.actor_runner_up[0] == "army"


def test_a_place_taken_and_taken_back_in_one_sentence_has_two_different_takers() -> None:
    scores = outputs(
        slot={(0, 0): 0.9, (0, 1): 0.9},
        actor={(0, 0): [0.9, 0.0, 0.1], (0, 1): [0.55, 0.0, 0.45]},
        date={(0, 0): [0.1, 0.9], (0, 1): [0.9, 0.1]},
    )
    assert [(choice.actor, choice.date.date.day) for choice in read([window()], scores)] == [("rebels", 29), ("army", 30)]


def test_who_leaves_is_not_who_takes() -> None:
    scores = outputs(slot={(0, 0): 0.9, (0, 3): 0.9}, actor={(0, 0): [0.1, 0.0, 0.9], (0, 3): [0.45, 0.0, 0.55]})
    assert {choice.type: choice.actor for choice in read([window()], scores)} == {"capture": "army", "withdrawal": "rebels"}


def test_the_same_told_twice_is_kept_once_and_surer() -> None:
    scores = outputs(windows=2, slot={(0, 0): 0.6, (1, 0): 0.9}, actor={(0, 0): [0.9, 0, 0.1], (1, 0): [0.9, 0, 0.1]})
    (choice,) = read([window(0), window(1)], scores)
    assert choice.window.sentence == 1


def test_the_last_bits_of_a_score_decide_nothing() -> None:
    even = outputs(slot={(0, 0): 0.5}, actor={(0, 0): [0.5, 0.0, 0.5]}, date={(0, 0): [0.5, 0.5]})
    first = read([window()], even)
    for bit in (-1e-7, 1e-7):
        moved = {
            name: values + np.float32(bit) * np.arange(values.size, dtype=np.float32).reshape(values.shape) for name, values in even.items()
        }
        again = read([window()], moved)
        assert [(c.type, c.actor, c.date.date, c.confidence) for c in again] == [
            (c.type, c.actor, c.date.date, c.confidence) for c in first
        ]


def test_a_target_is_of_another_camp_or_nobody() -> None:
    scores = outputs(slot={(0, 0): 0.9}, actor={(0, 0): [0.9, 0, 0.1]}, target={(0, 0): [0.5, 0.3, 0.15, 0.05]})
    assert read([window()], scores)[0].target == "army"
    scores = outputs(slot={(0, 0): 0.9}, actor={(0, 0): [0.9, 0, 0.1]}, target={(0, 0): [0.5, 0.1, 0.1, 0.3]})
    assert read([window()], scores)[0].target is None


def test_nobody_takes_and_leaves_a_place_by_one_sentence_on_one_day() -> None:
    scores = outputs(actors=1, slot={(0, 0): 0.6, (0, 3): 0.9})
    assert [choice.type for choice in read([window(actors=("army",))], scores)] == ["withdrawal"]
