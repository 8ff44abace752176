"""Changes: the land that switched between two dates, from whom to whom, with an error band.

The band has two parts. A border between two places can lie anywhere between them, so a border of length ``l`` between
places ``d`` apart is off by an area of standard deviation ``l * d / sqrt(12)``. And an
inferred cell of area ``a`` that is right with probability ``p`` adds a variance of ``a**2 * p * (1 - p)``.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo.control.cells import Cells
from geo.control.sheets import Draughtsman, Sheet, join
from geo.control.views import View, Views

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BAND = 1.96  # standard deviations, for 95 %


class ChangeTable:
    """Makes the rows of the changes frame.

    Parameters
    ----------
    views, cells
        All dates, and the coverage.
    draughtsman
        Who joins the cells.
    """

    def __init__(self, views: Views, cells: Cells, draughtsman: Draughtsman) -> None:
        self._views, self._cells, self._draughtsman = views, cells, draughtsman
        self._names = cells.frame["name"].to_numpy()
        keys = [(label.state, label.actor, label.actors) for label in views.labels]
        distinct = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        self._holder = np.array([distinct[key] for key in keys], dtype=np.int64)
        self._keys = tuple(distinct)

    def rows(self, before: tuple[View, Sheet], after: tuple[View, Sheet]) -> list[dict[str, object]]:
        """Give what changed between two dates, one row for each holder before and after."""
        return list(self._rows(*before, *after))

    def _rows(self, view: View, sheet: Sheet, later: View, later_sheet: Sheet) -> Iterator[dict[str, object]]:
        was, now = self._holder[view.label], self._holder[later.label]
        changed = np.flatnonzero(was != now)
        if not len(changed):
            return
        moved = (later_sheet.metric != self._cells.vertices).any(axis=1)[:, None]  # on a border of the later date
        metric = np.where(moved, later_sheet.metric, sheet.metric)
        lonlat = np.where(moved, later_sheet.lonlat, sheet.lonlat)
        both = was[changed] * len(self._keys) + now[changed]
        for key in np.unique(both).tolist():
            cells = changed[both == key]
            shape = join(self._cells.polygons[cells])
            geometry, area = self._draughtsman.place([shape], [self._draughtsman.corners(shape)], metric, lonlat)
            if not geometry[0].is_valid:  # two borders that were smoothed apart can cut each other
                geometry, area = self._draughtsman.place([shape], [self._draughtsman.corners(shape)], self._cells.vertices, self._cells.lonlat)
            old, new = self._keys[key // len(self._keys)], self._keys[key % len(self._keys)]
            records = (self._views.records[r] for r in np.unique(later.record[cells]).tolist())
            yield {
                "from_actor": old[1], "to_actor": new[1], "from_state": old[0], "to_state": new[0], "area_km2": float(area[0]),
                "error_km2": self._error(cells, view, later), "places": tuple(n for n in self._names[cells].tolist() if n),
                "event_ids": tuple(sorted({i for control in records for i in control.event_ids})), "geometry": geometry[0],
            }  # fmt: skip

    def _error(self, cells: Ints, view: View, later: View) -> float:
        """Give the half width of the 95 % band, km²."""
        inside = np.zeros(len(self._cells), dtype=bool)
        inside[cells] = True
        pairs, zone = self._cells.pairs, self._cells.zone
        rim = (inside[pairs[:, 0]] != inside[pairs[:, 1]]) & (zone[pairs[:, 0]] == zone[pairs[:, 1]])  # the baseline's own lines are no guess
        borders = (self._cells.border_m[rim] / 1000 * self._cells.gap_m[rim] / 1000) ** 2 / 12
        doubt = sum(self._doubt(v, cells) for v in (view, later))
        return float(BAND * np.sqrt(borders.sum() + doubt))

    def _doubt(self, view: View, cells: Ints) -> float:
        inferred = cells[np.array([self._views.labels[k].basis == "inferred" for k in view.label[cells].tolist()], dtype=bool)]
        p = view.confidence[inferred]
        return float((self._cells.area_km2[inferred] ** 2 * p * (1 - p)).sum())
