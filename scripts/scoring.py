"""Score events against labelled reports: maximum matching by class, place, date and camp; shared by the helpers of this folder.

An event matches when the class (capture and transfer are one), the place (10 km; 60 km for wide kinds), the date (a day either way or
inside the range; the same week, month or year where the label says no more) and, for control classes, the actor's camp agree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from geo.geometry import distance_km
from geo.records import CONTROL_TYPES, WIDE_KINDS

Row = Mapping[str, Any]
NEAR_KM, WIDE_KM = 10.0, 60.0
LONGEST_RANGE_DAYS = 10


@dataclass(slots=True)
class Tally:
    """Hits, labels and predictions of one slice of the reports."""

    hits: int = 0
    gold: int = 0
    predicted: int = 0

    @property
    def precision(self) -> float:
        """The share of the predictions that is right."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the labels that was found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, hits: int, gold: int, predicted: int) -> None:
        """Count a report."""
        self.hits, self.gold, self.predicted = self.hits + hits, self.gold + gold, self.predicted + predicted


@dataclass(slots=True)
class Score:
    """The figures of a run: control (strict and loose), incidents, the slices, what is right of the matched, and the errors."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    errors: list[tuple[str, str, Row]] = field(default_factory=list)


def event_class(row: Row) -> str:
    """Give the class by which events match: capture and transfer are one."""
    return "gain" if row["type"] in ("capture", "transfer") else str(row["type"])


def is_control(row: Row) -> bool:
    """Tell whether an event changes who holds a place."""
    return row["type"] in CONTROL_TYPES


def score_reports(reports: Iterable[Row], predicted: Mapping[str, Sequence[Row]], camp: Callable[[str, str], str]) -> Score:
    """Compare predictions, by report id, with labelled reports.

    Parameters
    ----------
    reports
        Labelled reports: id, theatre, style, events.
    predicted
        The events found in each report.
    camp
        Gives the camp of an actor of a theatre: ``camp(theatre, actor)``.
    """
    score = Score()
    for report in reports:
        theatre = str(report["theatre"])
        gold = list(report["events"])
        mine = list(predicted.get(report["id"], ()))

        def same_camp(label: Row, guess: Row, theatre: str = theatre) -> bool:
            if not label.get("actor"):
                return True
            return bool(guess.get("actor")) and camp(theatre, label["actor"]) == camp(theatre, str(guess["actor"]))

        control = [row for row in gold if is_control(row)], [row for row in mine if is_control(row)]
        incidents = [row for row in gold if not is_control(row)], [row for row in mine if not is_control(row)]
        strict = match(*control, lambda a, b: event_class(a) == event_class(b) and same_place(a, b) and same_date(a, b) and same_camp(a, b))
        loose = match(*control, lambda a, b: same_place(a, b) and same_date(a, b))
        incident = match(*incidents, lambda a, b: event_class(a) == event_class(b) and same_place(a, b) and same_date(a, b))
        score.tallies["control"].add(len(strict), *map(len, control))
        score.tallies["control, loose"].add(len(loose), *map(len, control))
        score.tallies["incidents"].add(len(incident), *map(len, incidents))
        for name in (f"style {report['style']}", f"theatre {theatre}"):
            score.tallies[name].add(len(strict), *map(len, control))
        _count_classes(score, control, strict)
        _count_right(score, control, strict)
        _note_errors(score, str(report["id"]), control, strict)
    return score


def _count_classes(score: Score, control: tuple[list[Row], list[Row]], strict: Mapping[int, int]) -> None:
    for name in ("gain", "withdrawal", "contested"):
        hits = sum(event_class(control[0][i]) == name for i in strict)
        score.tallies[f"class {name}"].add(hits, *(sum(event_class(row) == name for row in side) for side in control))


def _count_right(score: Score, control: tuple[list[Row], list[Row]], strict: Mapping[int, int]) -> None:
    for i, j in strict.items():
        label, guess = control[0][i], control[1][j]
        score.right["matched"] += 1
        score.right["actor"] += label.get("actor") in (None, guess.get("actor"))
        score.right["status"] += label["status"] == guess.get("status")
        score.right["extent"] += label["type"] == "contested" or label.get("extent") == guess.get("extent")


def _note_errors(score: Score, report_id: str, control: tuple[list[Row], list[Row]], strict: Mapping[int, int]) -> None:
    hit = set(strict.values())
    score.errors += [("missed", report_id, row) for i, row in enumerate(control[0]) if i not in strict]
    score.errors += [("false", report_id, row) for j, row in enumerate(control[1]) if j not in hit]


def match(gold: Sequence[Row], predicted: Sequence[Row], agree: Callable[[Row, Row], bool]) -> dict[int, int]:
    """Match each label with at most one prediction, as many as can be: {label's index: prediction's index}."""
    if not gold or not predicted:
        return {}
    edges = np.array([[agree(label, guess) for guess in predicted] for label in gold])
    pairs = maximum_bipartite_matching(csr_matrix(edges), perm_type="column")
    return {i: int(j) for i, j in enumerate(pairs) if j >= 0}


def same_place(label: Row, guess: Row) -> bool:
    """Tell whether two events lie at one place, by distance."""
    if guess.get("lat") is None or guess.get("lon") is None:
        return False
    limit = WIDE_KM if label["kind"] in WIDE_KINDS else NEAR_KM
    return distance_km(label["lon"], label["lat"], guess["lon"], guess["lat"]) <= limit


def same_date(label: Row, guess: Row) -> bool:
    """Tell whether two events can be of one date, as far as the label is precise."""
    first, want = _day(guess["date"]), _day(label["date"])
    last = _day(guess["date_end"]) if guess.get("date_end") else first
    if label["precision"] == "year":
        return first.year <= want.year <= last.year
    if label["precision"] == "month":
        return (first.year, first.month) == (want.year, want.month)
    slack = 7 if label["precision"] == "week" else 1
    return abs((first - want).days) <= slack or (first <= want <= last and (last - first).days <= LONGEST_RANGE_DAYS)


def _day(value: object) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])
