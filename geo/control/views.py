"""The state of all cells on each date of a build: what the timeline says, and what is inferred from it.

Cells are many and states few, so a view holds numbers: each cell's record (a row of ``Records``),
its area's label, its confidence, and who claims it. A date on which nothing happened shares the
arrays of the date before.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.control.arrays import Floats, Ints
from geo.control.cells import Cells
from geo.control.inference import Inference
from geo.control.timeline import UNKNOWN, Control, Timeline
from geo.theatre import Theatre

UNKNOWN_BEYOND_KM = 50.0
STALE_AFTER_DAYS = 365
NEVER = np.iinfo(np.int64).max // 2  # a day so late that no evidence of it is ever stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What makes two neighbouring cells one area."""

    state: str
    actor: str | None
    actors: tuple[str, ...]
    basis: str | None
    camp: int  # index of the holder's camp, -1 unknown, -2 contested


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All cells on one date.

    ``record``, ``label`` and ``claim_record`` are indices into those of ``Views``, ``claim`` into its actors (-1 for none).
    """

    record: Ints
    label: Ints
    confidence: Floats
    claim: Ints
    claim_record: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Views of several dates, and the records, labels and claims (event ids, first day, last day) that their numbers mean."""

    dates: tuple[dt.date, ...]
    views: tuple[View, ...]
    records: tuple[Control, ...]
    labels: tuple[Label, ...]
    claims: tuple[tuple[tuple[str, ...], int, int], ...]
    actors: tuple[str, ...]


def view_dates(timeline: Timeline, baseline: Mapping[int, Control], cells: Cells, theatre: Theatre, dates: Sequence[dt.date]) -> Views:
    """Follow the timeline from date to date, and infer what it leaves open.

    Parameters
    ----------
    timeline
        Which control changed when.
    baseline
        Control at the theatre's start.
    cells, theatre
        Where, and between whom.
    dates
        Ascending.
    """
    return _Viewer(timeline, baseline, cells, theatre).follow(dates)


class _Viewer:
    def __init__(self, timeline: Timeline, baseline: Mapping[int, Control], cells: Cells, theatre: Theatre) -> None:
        settings = theatre.settings.get("control", {})
        self._timeline, self._baseline, self._cells = timeline, baseline, cells
        self._start = theatre.start.toordinal()
        self._stale = int(settings.get("stale_after_days", STALE_AFTER_DAYS))
        named = {
            a for changed in timeline.changes for c in changed.values() for a in (c.actor, *c.actors, *(k.actor for k in c.claims)) if a
        }
        self._actors = tuple(sorted({actor.id for actor in theatre.actors} | named))
        self._number = {actor: k for k, actor in enumerate(self._actors)}
        camps = [theatre.camp(a) for a in self._actors]
        self._camp_names = tuple(sorted(set(camps)))
        self._camp = [self._camp_names.index(c) for c in camps]
        self._inference = Inference(cells, self._camp, float(settings.get("unknown_beyond_km", UNKNOWN_BEYOND_KM)) * 1000)
        n = len(cells)
        self._records: dict[Control, int] = {UNKNOWN: 0}
        self._record_list = [UNKNOWN]
        self._followed: dict[int, tuple[int, int]] = {}
        self._known: dict[int, tuple[int, int, Floats]] = {}
        self._kept: list[Control] = []  # so that no id is used twice
        self._labels: dict[Label, int] = {}
        self._claims: dict[tuple[tuple[str, ...], int, int], int] = {}
        self._record = np.zeros(n, dtype=np.int32)
        self._hard_label = np.full(n, self._label(UNKNOWN), dtype=np.int32)
        self._confidence, self._claim, self._claim_record = np.zeros(n), np.full(n, -1, dtype=np.int32), np.full(n, -1, dtype=np.int32)
        self._seen = np.full(n, NEVER)
        self._holders = np.zeros((n, len(self._actors)))
        self._firm, self._exact = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)

    def follow(self, dates: Sequence[dt.date]) -> Views:
        views: list[View] = []
        events = list(zip(self._timeline.days, self._timeline.changes, strict=True))
        position, filled, stale_at = 0, False, -1
        for date in dates:
            today, moved = date.toordinal(), False
            while position < len(events) and events[position][0] <= today:
                for cell, control in events[position][1].items():
                    self._set(cell, control)
                moved = moved or bool(events[position][1])
                position += 1
            if not filled and self._baseline and self._start <= today:
                self._fill()
                filled = moved = True
            expired = int(np.count_nonzero(self._seen < today - self._stale))
            if views and not moved and expired == stale_at:
                views.append(views[-1])
                continue
            stale_at = expired
            views.append(self._view(today))
        return Views(
            dates=tuple(dates),
            views=tuple(views),
            records=tuple(self._record_list),
            labels=tuple(self._labels),
            claims=tuple(self._claims),
            actors=self._actors,
        )

    def _set(self, cell: int, control: Control) -> None:
        """Take one cell's new control in."""
        known = self._known.get(id(control))
        if known is None:  # the baseline's few controls are shared by its many cells
            known = self._known[id(control)] = (self._number_of(control), self._label(control), self._shares(control))
            self._kept.append(control)
        self._record[cell], self._hard_label[cell], self._holders[cell] = known
        self._confidence[cell] = control.confidence
        self._seen[cell] = control.seen if control.seen is not None else NEVER
        self._exact[cell] = control.exact is not None
        self._firm[cell] = control.basis is not None and control.basis != "baseline"
        latest = max(control.claims, key=lambda k: (k.day, k.actor), default=None)
        self._claim[cell] = self._number[latest.actor] if latest else -1
        key = (latest.event_ids, latest.first, latest.day) if latest else None
        self._claim_record[cell] = self._claims.setdefault(key, len(self._claims)) if key else -1

    def _shares(self, control: Control) -> Floats:
        share = np.zeros(len(self._actors))
        if control.state == "held" and control.actor is not None:
            share[self._number[control.actor]] = 1.0
        elif control.state == "contested":
            share[[self._number[a] for a in control.actors]] = 1.0 / len(control.actors)
        return share

    def _fill(self) -> None:
        """Put the baseline to the inference, as it is before any report."""
        holders = np.zeros_like(self._holders)
        blank = np.zeros(len(holders), dtype=bool)
        for cell, control in self._baseline.items():
            holders[cell] = self._shares(control)
            blank[cell] = control.state == "unknown"
        self._inference.fill(holders, blank)

    def _view(self, today: int) -> View:
        guess = self._inference.follow(self._holders, self._firm, self._exact)
        record, label, confidence = self._record.copy(), self._hard_label.copy(), self._confidence.copy()
        held = (
            np.where(self._holders.max(axis=1, initial=0.0) >= 1.0, self._holders.argmax(axis=1), -1)
            if self._actors
            else np.full(len(record), -1)
        )
        inferred = np.flatnonzero(~self._firm & (guess.actor >= 0) & (guess.source >= 0) & (guess.actor != held))
        confidence[inferred] = np.round(guess.probability[inferred], 3)
        key, which = np.unique(self._record[guess.source[inferred]] * len(self._actors) + guess.actor[inferred], return_inverse=True)
        followed = np.array([self._inferred(k) for k in key.tolist()], dtype=np.int64).reshape(-1, 2)[which.ravel()]
        record[inferred], label[inferred] = followed[:, 0], followed[:, 1]
        seen = self._seen.copy()
        seen[inferred] = self._seen[guess.source[inferred]]
        stale = seen < today - self._stale  # what was not heard of for too long is unknown again
        record[stale], label[stale], confidence[stale] = 0, self._label(UNKNOWN), 0.0
        return View(record=record, label=label, confidence=confidence, claim=self._claim.copy(), claim_record=self._claim_record.copy())

    def _inferred(self, key: int) -> tuple[int, int]:
        """Give record and label of cells that follow another one's record."""
        if key not in self._followed:
            source, actor = divmod(key, len(self._actors))
            evidence = self._record_list[source]
            control = Control(
                state="held", actor=self._actors[actor], status=evidence.status or "confirmed", basis="inferred", since=evidence.since,
                since_end=evidence.since_end, seen_first=evidence.seen_first, seen=evidence.seen, event_ids=evidence.event_ids,
            )  # fmt: skip
            self._followed[key] = (self._number_of(control), self._label(control))
        return self._followed[key]

    def _number_of(self, control: Control) -> int:
        """Give the number of a record."""
        number = self._records.setdefault(control, len(self._records))
        if number == len(self._record_list):
            self._record_list.append(control)
        return number

    def _label(self, control: Control) -> int:
        camp = -1 if control.state == "unknown" else -2 if control.state == "contested" else self._camp[self._number[control.actor or ""]]
        actors = control.actors if control.state == "contested" else ()
        key = Label(state=control.state, actor=control.actor, actors=actors, basis=control.basis, camp=camp)
        return self._labels.setdefault(key, len(self._labels))
