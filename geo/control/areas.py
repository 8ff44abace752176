"""Areas of control: a row for each connected area of one holder and basis, with its evidence."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo.control.cells import Cells
from geo.control.sheets import Draughtsman, Sheet, connected, join
from geo.control.state import as_date
from geo.control.views import View, Views

Ints = NDArray[np.int64]


class AreaTable:
    """Makes the rows of the areas frame.

    Parameters
    ----------
    views, cells
        All dates, and the coverage.
    draughtsman
        Who joined the cells.
    """

    def __init__(self, views: Views, cells: Cells, draughtsman: Draughtsman) -> None:
        self._views, self._cells, self._draughtsman = views, cells, draughtsman
        self._names, self._ids = cells.frame["name"].to_numpy(), cells.frame["place_id"].to_numpy()
        self._named = np.flatnonzero(self._names != "")

    def rows(self, view: View, sheet: Sheet) -> list[dict[str, object]]:
        """Give a date's areas, the assessed layer first."""
        return [*sorted(self._assessed(view, sheet), key=_order), *sorted(self._claimed(view, sheet), key=_order)]

    def _assessed(self, view: View, sheet: Sheet) -> Iterator[dict[str, object]]:
        count = len(sheet.shapes)
        geometry, area = self._draughtsman.place(sheet.shapes, sheet.corners, sheet.metric, sheet.lonlat)
        _, first = np.unique(sheet.part, return_index=True)
        members, evidence = self._members(sheet.part, count), self._evidence(sheet.part, view.record, count)
        for k in range(count):
            label = self._views.labels[view.label[first[k]]]
            yield {
                "layer": "assessed", "actor": label.actor, "actors": label.actors, "state": label.state, "basis": label.basis,
                "area_km2": float(area[k]), **members[k], **evidence[k], "geometry": geometry[k],
            }  # fmt: skip

    def _claimed(self, view: View, sheet: Sheet) -> Iterator[dict[str, object]]:
        """Give the areas that somebody claims and does not hold on the assessed layer."""
        claimed = np.flatnonzero(view.claim >= 0)
        if not len(claimed):
            return
        apart = connected(self._cells.pairs, np.where(view.claim >= 0, view.claim, -1))
        wanted, number = np.unique(apart[claimed], return_inverse=True)
        part = np.full(len(self._cells), -1)
        part[claimed] = number
        shapes = [join(self._cells.polygons[part == k]) for k in range(len(wanted))]
        geometry, area = self._draughtsman.place(shapes, [self._draughtsman.corners(s) for s in shapes], sheet.metric, sheet.lonlat)
        members = self._members(part, len(shapes))
        for k in range(len(shapes)):
            cells = np.flatnonzero(part == k)
            claims = [self._views.claims[c] for c in np.unique(view.claim_record[cells]).tolist()]
            yield {
                "layer": "claimed", "actor": self._views.actors[view.claim[cells[0]]], "actors": (), "state": "claimed", "basis": "observed",
                "area_km2": float(area[k]), **members[k], "event_ids": tuple(sorted({i for ids, _, _ in claims for i in ids})),
                "oldest_evidence": as_date(min(c[1] for c in claims)), "newest_evidence": as_date(max(c[2] for c in claims)),
                "geometry": geometry[k],
            }  # fmt: skip

    def _members(self, part: Ints, count: int) -> list[dict[str, object]]:
        """List the named places of each part, biggest first."""
        named = self._named[part[self._named] >= 0]
        order = named[np.argsort(part[named], kind="stable")]
        bounds = np.searchsorted(part[order], np.arange(count + 1)).tolist()
        return [
            {"places": tuple(self._names[order[a:b]].tolist()), "place_ids": tuple(self._ids[order[a:b]].tolist())}
            for a, b in zip(bounds[:-1], bounds[1:], strict=True)
        ]

    def _evidence(self, part: Ints, record: Ints, count: int) -> list[dict[str, object]]:
        """Gather the events behind each part, and the days of the oldest and newest evidence."""
        size = len(self._views.records)
        both = np.unique(part * size + record)
        ids: list[set[str]] = [set() for _ in range(count)]
        days: list[list[int]] = [[] for _ in range(count)]
        for k, r in zip((both // size).tolist(), (both % size).tolist(), strict=True):
            control = self._views.records[r]
            ids[k].update(control.event_ids)
            days[k] += [d for d in (control.seen_first, control.seen) if d is not None]
        return [
            {"event_ids": tuple(sorted(i)), "oldest_evidence": as_date(min(d, default=None)), "newest_evidence": as_date(max(d, default=None))}
            for i, d in zip(ids, days, strict=True)
        ]


def _order(row: dict[str, object]) -> tuple[object, ...]:
    area, ids, events = row["area_km2"], row["place_ids"], row["event_ids"]
    assert isinstance(area, float)  # noqa: S101  # so it was made, a few lines above
    return (str(row["actor"]), str(row["state"]), str(row["basis"]), -round(area, 6), ids, events)
