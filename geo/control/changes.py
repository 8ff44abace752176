"""Changes: the land that switched between two dates, from whom to whom, with an error band.

The band has two parts. A border between two places can lie anywhere between them, so a border of length ``l`` between
places ``d`` apart is off by an area of standard deviation ``l * d / sqrt(12)``. And an
inferred cell of area ``a`` that is right with probability ``p`` adds a variance of ``a**2 * p * (1 - p)``.
"""

import numpy as np
import shapely

from geo.control.arrays import Ints
from geo.control.cells import Cells
from geo.control.sheets import Draughtsman, Sheet, join
from geo.control.views import View, Views

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
        self._inferred = np.array([label.basis == "inferred" for label in views.labels], dtype=bool)
        self._camp = np.array([label.camp for label in views.labels], dtype=np.int64)

    def columns(self, before: tuple[View, Sheet], after: tuple[View, Sheet]) -> dict[str, list[object]]:
        """Give what changed between two dates column by column, one row for each holder before and after."""
        (view, sheet), (later, later_sheet) = before, after
        was, now = self._holder[view.label], self._holder[later.label]
        friends = self._inferred[view.label] & self._inferred[later.label] & (self._camp[view.label] == self._camp[later.label])
        changed = np.flatnonzero((was != now) & ~friends)  # which of two friends holds inferred land is no news
        if not len(changed):
            return {}
        both = was[changed] * len(self._keys) + now[changed]
        keys = sorted(np.unique(both).tolist(), key=self._naming)
        groups = [changed[both == key] for key in keys]
        drawn = [self._shape(group, sheet, later_sheet) for group in groups]
        names = [self._naming(key) for key in keys]
        return {
            "from_actor": [n[0] or None for n in names], "to_actor": [n[2] or None for n in names],
            "from_state": [n[1] for n in names], "to_state": [n[3] for n in names],
            "area_km2": [area for _, area in drawn], "error_km2": [self._error(group, view, later) for group in groups],
            "places": [tuple(n for n in self._names[group].tolist() if n) for group in groups],
            "event_ids": [self._events(later, group) or self._events(view, group) for group in groups],
            "geometry": [shape for shape, _ in drawn],
        }  # fmt: skip

    def _naming(self, key: int) -> tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]:
        """Name the holder and state before and after."""
        old, new = self._keys[key // len(self._keys)], self._keys[key % len(self._keys)]
        return (old[1] or "", old[0], new[1] or "", new[0], old[2], new[2])

    def _events(self, view: View, cells: Ints) -> tuple[str, ...]:
        records = (self._views.records[r] for r in np.unique(view.record[cells]).tolist())
        return tuple(sorted({i for control in records for i in control.event_ids}))

    def _shape(self, cells: Ints, sheet: Sheet, later: Sheet) -> tuple[shapely.Geometry, float]:
        """Draw the land that changed: along the later date's borders, and elsewhere along the earlier one's."""
        shape = np.array([join(self._cells.polygons[cells])], dtype=object)
        at = self._draughtsman.corners(shape)
        new = later.moved[at][:, None]
        metric, lonlat = np.where(new, later.metric[at], sheet.metric[at]), np.where(new, later.lonlat[at], sheet.lonlat[at])
        geometry, area = self._draughtsman.place(shape, metric, lonlat)
        if not geometry[0].is_valid:  # two borders that were smoothed apart can cut each other
            geometry, area = self._draughtsman.place(shape, self._cells.vertices[at], self._cells.lonlat[at])
        return geometry[0], float(area[0])

    def _error(self, cells: Ints, view: View, later: View) -> float:
        """Give the half width of the 95 % band, km²."""
        inside = np.zeros(len(self._cells), dtype=bool)
        inside[cells] = True
        pairs, zone = self._cells.pairs, self._cells.zone
        rim = (inside[pairs[:, 0]] != inside[pairs[:, 1]]) & (
            zone[pairs[:, 0]] == zone[pairs[:, 1]]
        )  # the baseline's own lines are no guess
        borders = (self._cells.border_m[rim] / 1000 * self._cells.gap_m[rim] / 1000) ** 2 / 12
        doubt = sum(self._doubt(v, cells) for v in (view, later))
        return float(BAND * np.sqrt(borders.sum() + doubt))

    def _doubt(self, view: View, cells: Ints) -> float:
        inferred = cells[self._inferred[view.label[cells]]]
        p = view.confidence[inferred]
        return float((self._cells.area_km2[inferred] ** 2 * p * (1 - p)).sum())
