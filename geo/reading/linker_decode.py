"""Read the network's scores of a report's windows as events, all windows together: who and when must agree within a place.

Each window has a few slots (three captures, for a place taken, lost and retaken in one sentence; one withdrawal …). A slot counts
when its probability reaches a threshold; its actor is the camp, then the actor, with the most probability over all mentions; its
date the day with the most over all expressions. Probabilities are rounded before they are compared, so that the last bit of a
processor decides nothing.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.reading.linker_records import ActorCandidate, DateCandidate, Window
from geo.records import EventType, Extent, Status

SLOTS: tuple[EventType, ...] = (
    "capture",
    "capture",
    "capture",
    "withdrawal",
    "contested",
    "repelled",
    "repelled",
    "strike",
    "clash",
    "closure",
    "closure",
)
STATUSES: tuple[Status, ...] = ("confirmed", "claimed", "denied")
_DIGITS = 4
_DENIED = 0.8  # on held-out reports, nine in ten denials below it were claims
_OPTIONS = 3  # runner-ups that the joint choice of a place's actors considers

Floats = NDArray[np.float32]
MeaningOn = Callable[[ActorCandidate, dt.date], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is whom in a theatre: the camp of each actor id, and whom a mention means on a date."""

    camps: Mapping[str, str]
    meaning_on: MeaningOn

    def camp(self, actor: str | None) -> str | None:
        """Give an actor's camp; an unknown actor is a camp of its own."""
        return None if actor is None else self.camps.get(actor, actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An event as the network links it, with the probability of each of its parts and the runner-up actor and date."""

    window: Window
    slot: int
    type: EventType
    actor: str | None
    date: DateCandidate
    status: Status
    extent: Extent | None
    target: str | None
    p_type: float
    p_actor: float
    p_date: float
    p_denied: float
    by: ActorCandidate | None
    actor_runner_up: tuple[str, float] | None = None
    date_runner_up: tuple[dt.date, float] | None = None

    @property
    def confidence(self) -> float:
        """The probability that class, actor and date are all right."""
        return round(self.p_type * self.p_actor * self.p_date, _DIGITS)


def choose(
    windows: Sequence[Window],
    outputs: Mapping[str, Floats],
    *,
    cast: Cast,
    thresholds: Sequence[float],
) -> list[Choice]:
    """Choose the events of a report.

    Parameters
    ----------
    windows
        The report's windows, in order.
    outputs
        The network's probabilities, a row for each window: ``slot`` (windows, slots), ``actor`` and ``target`` (windows, slots, candidates;
        the last column of ``target`` is "nobody"), ``date``, ``status`` (windows, slots, 3), ``extent`` and ``transfer`` (windows, slots).
    cast
        Who is whom.
    thresholds
        For each slot, the least probability at which it counts.
    """
    chosen: list[Choice] = []
    for row, window in enumerate(windows):
        slots = [slot for slot in range(len(SLOTS)) if round(float(outputs["slot"][row, slot]), _DIGITS) >= thresholds[slot]]
        chosen += _read_window(window, {name: values[row] for name, values in outputs.items()}, slots, cast)
    return _without_repeats(chosen, cast)


def _read_window(window: Window, outputs: Mapping[str, Floats], slots: Sequence[int], cast: Cast) -> list[Choice]:
    dates = {slot: _rank_dates(window, outputs["date"][slot]) for slot in slots}
    actors = {slot: _rank_actors(window, outputs["actor"][slot], dates[slot][0][0].date, cast) for slot in slots}
    picks = _agree(slots, actors, dates, cast)
    choices = []
    for slot in slots:
        actor, p_actor, by = actors[slot][picks[slot]]
        date, p_date = dates[slot][0]
        kind = SLOTS[slot]
        if kind == "capture" and round(float(outputs["transfer"][slot]), _DIGITS) >= 0.5:
            kind = "transfer"
        part = round(float(outputs["extent"][slot]), _DIGITS) >= 0.5
        others = [other for number, other in enumerate(actors[slot]) if number != picks[slot]]
        choices.append(
            Choice(
                window=window,
                slot=slot,
                type=kind,
                actor=actor,
                date=date,
                status=_status(outputs["status"][slot]),
                extent=("part" if part or kind == "contested" else "full")
                if kind in ("capture", "transfer", "withdrawal", "contested")
                else None,
                target=_target(window, outputs["target"][slot], actor, cast) if kind not in ("withdrawal", "closure") else None,
                p_type=round(float(outputs["slot"][slot]), _DIGITS),
                p_actor=round(p_actor, _DIGITS),
                p_date=round(p_date, _DIGITS),
                p_denied=round(float(outputs["status"][slot][2]), _DIGITS),
                by=by,
                actor_runner_up=(str(others[0][0]), round(others[0][1], _DIGITS)) if others else None,
                date_runner_up=(dates[slot][1][0].date, round(dates[slot][1][1], _DIGITS)) if len(dates[slot]) > 1 else None,
            )
        )
    return choices


def _status(scores: Floats) -> Status:
    """Give the likelier of confirmed and claimed; a denial is rare and must be all but sure."""
    confirmed, claimed, denied = (round(float(score), _DIGITS) for score in scores)
    if denied >= _DENIED:
        return "denied"
    return "claimed" if claimed > confirmed else "confirmed"


def _rank_dates(window: Window, scores: Floats) -> list[tuple[DateCandidate, float]]:
    """Give the days, the likeliest first, each with its best candidate and its probability over all candidates."""
    total: dict[tuple[dt.date, dt.date | None, str], float] = defaultdict(float)
    best: dict[tuple[dt.date, dt.date | None, str], tuple[float, int]] = {}
    for number, candidate in enumerate(window.dates):
        key = (candidate.date, candidate.date_end, candidate.precision)
        score = round(float(scores[number]), _DIGITS)
        total[key] += score
        best[key] = max(best.get(key, (-1.0, 0)), (score, -number))
    ranked = sorted(total, key=lambda key: (-round(total[key], _DIGITS), -best[key][1]))
    return [(window.dates[-best[key][1]], min(1.0, total[key])) for key in ranked]


def _rank_actors(window: Window, scores: Floats, date: dt.date, cast: Cast) -> list[tuple[str | None, float, ActorCandidate | None]]:
    """Give one actor of each camp, the likeliest camp first, with the camp's probability and the actor's best mention."""
    by_camp: dict[str, float] = defaultdict(float)
    by_actor: dict[str, float] = defaultdict(float)
    mention: dict[str, tuple[float, int]] = {}
    for number, candidate in enumerate(window.actors):
        actor = cast.meaning_on(candidate, date)
        if actor is None:
            continue
        score = round(float(scores[number]), _DIGITS)
        by_camp[str(cast.camp(actor))] += score
        by_actor[actor] += score
        mention[actor] = max(mention.get(actor, (-1.0, 0)), (score, -number))
    ranked: list[tuple[str | None, float, ActorCandidate | None]] = []
    for camp in sorted(by_camp, key=lambda camp: (-round(by_camp[camp], _DIGITS), camp)):
        actor = max((a for a in by_actor if cast.camp(a) == camp), key=lambda a: (round(by_actor[a], _DIGITS), a))
        ranked.append((actor, min(1.0, by_camp[camp]), window.actors[-mention[actor][1]]))
    return ranked or [(None, 0.5, None)]


def _agree(
    slots: Sequence[int],
    actors: Mapping[int, Sequence[tuple[str | None, float, ActorCandidate | None]]],
    dates: Mapping[int, Sequence[tuple[DateCandidate, float]]],
    cast: Cast,
) -> dict[int, int]:
    """Choose the actors of a window's events together: two captures in a row, or a capture and a withdrawal, have different camps."""
    involved = [slot for slot in slots if SLOTS[slot] in ("capture", "withdrawal")]
    picks = dict.fromkeys(slots, 0)
    if len(involved) < 2:
        return picks

    def clash(a: int, b: int, pick: Mapping[int, int]) -> bool:
        camp_a, camp_b = (cast.camp(actors[s][pick[s]][0]) for s in (a, b))
        near = abs((dates[a][0][0].date - dates[b][0][0].date).days) <= 3
        both = SLOTS[a] == SLOTS[b] == "capture"
        return camp_a is not None and camp_a == camp_b and (near or both)

    best = -1.0
    for options in itertools.product(*(range(min(_OPTIONS, len(actors[slot]))) for slot in involved)):
        pick = dict(zip(involved, options, strict=True))
        score = float(np.prod([actors[slot][option][1] for slot, option in pick.items()]))
        score *= 0.05 ** sum(clash(a, b, pick) for a, b in itertools.pairwise(involved))
        if round(score, _DIGITS + 2) > best:
            best = round(score, _DIGITS + 2)
            picks.update(pick)
    return picks


def _target(window: Window, scores: Floats, actor: str | None, cast: Cast) -> str | None:
    total: dict[str, float] = defaultdict(float)
    for number, candidate in enumerate(window.actors):
        if cast.camp(candidate.actor) != cast.camp(actor):
            total[candidate.actor] += round(float(scores[number]), _DIGITS)
    best = max(total, key=lambda name: (round(total[name], _DIGITS), name), default=None)
    return best if best is not None and round(total[best], _DIGITS) > round(float(scores[-1]), _DIGITS) else None


def _without_repeats(choices: Sequence[Choice], cast: Cast) -> list[Choice]:
    """Keep one of those that tell the same of the same place and day, or that a sentence cannot both tell, the surest."""
    kept: list[Choice] = []
    for choice in sorted(choices, key=lambda c: (-c.confidence, c.window.sentence, c.window.place.start, c.slot)):
        if not any(_same(choice, other, cast) or _contradicts(choice, other, cast) for other in kept):
            kept.append(choice)
    return sorted(kept, key=lambda c: (c.window.sentence, c.window.place.start, c.slot))


def _same(a: Choice, b: Choice, cast: Cast) -> bool:
    if a.window.place.key != b.window.place.key:
        return False
    gains = ("capture", "transfer")
    if a.type != b.type and not (a.type in gains and b.type in gains):
        return False
    same_camp = cast.camp(a.actor) == cast.camp(b.actor)
    return same_camp and abs((a.date.date - b.date.date).days) <= 1


def _contradicts(a: Choice, b: Choice, cast: Cast) -> bool:
    """Tell whether one sentence is read as the same side's taking a place and leaving it on one day."""
    if {a.type, b.type} not in ({"capture", "withdrawal"}, {"transfer", "withdrawal"}) or a.window is not b.window:
        return False
    return a.date.date == b.date.date and cast.camp(a.actor) == cast.camp(b.actor)
