"""Areas of control: a row for each connected area of one holder and basis, with its evidence."""

import datetime as dt

import numpy as np

from geo.control.arrays import Ints
from geo.control.cells import Cells
from geo.control.mesh import connected
from geo.control.sheets import Draughtsman, Sheet, join
from geo.control.timeline import as_date
from geo.control.views import View, Views


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
        self._known: dict[tuple[int, ...], tuple[tuple[str, ...], dt.date | None, dt.date | None]] = {}
        keys = [(str(k.actor), k.state, k.actors, str(k.basis)) for k in views.labels]
        self._rank = np.array([sorted(set(keys)).index(key) for key in keys], dtype=np.int64)

    def columns(self, view: View, sheet: Sheet) -> dict[str, list[object]]:
        """Give a date's areas column by column, the assessed layer first, each by actor and then biggest first."""
        assessed, claimed = self._assessed(view, sheet), self._claimed(view, sheet)
        return {name: [*values, *claimed[name]] for name, values in assessed.items()} if claimed else assessed

    def _assessed(self, view: View, sheet: Sheet) -> dict[str, list[object]]:
        _, first = np.unique(sheet.part, return_index=True)
        label = view.label[first]
        order = np.lexsort((first, -np.round(sheet.area_km2, 6), self._rank[label]))
        labels = [self._views.labels[k] for k in label[order].tolist()]
        names, ids = self._members(sheet.part, order)
        events, oldest, newest = self._evidence(sheet.part, view.record, order)
        return {
            "layer": ["assessed"] * len(order), "actor": [k.actor for k in labels], "actors": [k.actors for k in labels],
            "state": [k.state for k in labels], "basis": [k.basis for k in labels], "area_km2": sheet.area_km2[order].tolist(),
            "places": names, "place_ids": ids, "event_ids": events, "oldest_evidence": oldest, "newest_evidence": newest,
            "geometry": list(sheet.shapes[order]),
        }  # fmt: skip

    def _claimed(self, view: View, sheet: Sheet) -> dict[str, list[object]]:
        """Give the areas that somebody claims and does not hold on the assessed layer."""
        claimed = np.flatnonzero(view.claim >= 0)
        if not len(claimed):
            return {}
        apart = connected(self._cells.pairs, np.where(view.claim >= 0, view.claim, -1))
        wanted, number = np.unique(apart[claimed], return_inverse=True)
        part = np.full(len(self._cells), -1)
        part[claimed] = number
        shapes = np.array([join(self._cells.polygons[part == k]) for k in range(len(wanted))], dtype=object)
        corners = self._draughtsman.corners(shapes)
        geometry, area = self._draughtsman.place(shapes, sheet.metric[corners], sheet.lonlat[corners])
        first = np.array([np.flatnonzero(part == k)[0] for k in range(len(wanted))])
        actor = [self._views.actors[k] for k in view.claim[first].tolist()]
        order = np.array(sorted(range(len(wanted)), key=lambda k: (actor[k], -round(float(area[k]), 6), first[k])))
        names, ids = self._members(part, order)
        claims = [[self._views.claims[c] for c in np.unique(view.claim_record[part == k]).tolist()] for k in order.tolist()]
        return {
            "layer": ["claimed"] * len(order), "actor": [actor[k] for k in order], "actors": [()] * len(order),
            "state": ["claimed"] * len(order), "basis": ["observed"] * len(order), "area_km2": area[order].tolist(),
            "places": names, "place_ids": ids, "event_ids": [tuple(sorted({i for ids, _, _ in some for i in ids})) for some in claims],
            "oldest_evidence": [as_date(min(c[1] for c in some)) for some in claims],
            "newest_evidence": [as_date(max(c[2] for c in some)) for some in claims], "geometry": list(geometry[order]),
        }  # fmt: skip

    def _members(self, part: Ints, order: Ints) -> tuple[list[object], list[object]]:
        """List the names and the ids of the named places of each part, biggest first."""
        named = self._named[part[self._named] >= 0]
        ranked = named[np.argsort(part[named], kind="stable")]
        bounds = np.searchsorted(part[ranked], np.arange(len(order) + 1)).tolist()
        names, ids = self._names[ranked].tolist(), self._ids[ranked].tolist()
        spans = [(bounds[k], bounds[k + 1]) for k in order.tolist()]
        return [tuple(names[a:b]) for a, b in spans], [tuple(ids[a:b]) for a, b in spans]

    def _evidence(self, part: Ints, record: Ints, order: Ints) -> tuple[list[object], list[object], list[object]]:
        """Gather the events behind each part, and the days of its oldest and newest evidence."""
        size = len(self._views.records)
        both = np.unique(part * size + record)
        records = (both % size).tolist()
        bounds = np.searchsorted(both // size, np.arange(len(order) + 1)).tolist()
        found = [self._summary(records[bounds[k] : bounds[k + 1]]) for k in order.tolist()]
        return [ids for ids, _, _ in found], [first for _, first, _ in found], [last for _, _, last in found]

    def _summary(self, records: list[int]) -> tuple[tuple[str, ...], dt.date | None, dt.date | None]:
        key = tuple(records)
        if key not in self._known:
            self._known[key] = self._summarise(records)
        return self._known[key]

    def _summarise(self, records: list[int]) -> tuple[tuple[str, ...], dt.date | None, dt.date | None]:
        some = [self._views.records[r] for r in records]
        ids = tuple(sorted({i for control in some for i in control.event_ids}))
        days = [d for control in some for d in (control.seen_first, control.seen) if d is not None]
        return ids, as_date(min(days, default=None)), as_date(max(days, default=None))
