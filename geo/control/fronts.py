"""Fronts: lines between land of opposing camps, with their length."""

import numpy as np
import shapely

from geo.control.arrays import Ints
from geo.control.cells import Cells
from geo.control.projection import split_antimeridian
from geo.control.sheets import Sheet
from geo.control.views import Label, View, Views
from geo.theatre import Theatre


class FrontTable:
    """Makes the rows of the fronts frame.

    Parameters
    ----------
    views, cells, theatre
        All dates, the coverage, and who is on whose side.
    """

    def __init__(self, views: Views, cells: Cells, theatre: Theatre) -> None:
        self._views, self._cells, self._theatre = views, cells, theatre
        self._camp = np.array([label.camp for label in views.labels], dtype=np.int64)
        self._known = np.array([label.state != "unknown" for label in views.labels], dtype=bool)

    def columns(self, view: View, sheet: Sheet) -> dict[str, list[object]]:
        """Give a date's fronts column by column, one row for each two actors that face each other."""
        a, b = view.label[self._cells.sides].T
        meet = np.flatnonzero((self._camp[a] != self._camp[b]) & self._known[a] & self._known[b])
        key, which = np.unique(np.sort(np.column_stack([a[meet], b[meet]]), axis=1), axis=0, return_inverse=True)
        lines: dict[tuple[str, str], list[Ints]] = {}
        for number, (one, two) in enumerate(key.tolist()):
            facing = self._facing(self._views.labels[one], self._views.labels[two])
            if facing is not None:
                lines.setdefault(facing, []).append(meet[which.ravel() == number])
        drawn = [self._line(np.concatenate(lines[facing]), sheet) for facing in sorted(lines)]
        return {
            "actors": [*sorted(lines)], "camps": [tuple(self._theatre.camp(actor) for actor in facing) for facing in sorted(lines)],
            "length_km": [length for _, length in drawn], "geometry": [line for line, _ in drawn],
        }  # fmt: skip

    def _line(self, segments: Ints, sheet: Sheet) -> tuple[shapely.Geometry, float]:
        """Chain segments to lines; give them in degrees, and their length in km."""
        ends = self._cells.ends[segments]
        metres = np.linalg.norm(sheet.metric[ends[:, 0]] - sheet.metric[ends[:, 1]], axis=1)
        line = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(sheet.lonlat[ends])))
        shape = np.array([shapely.multilinestrings(shapely.get_parts(line))], dtype=object)
        return split_antimeridian(shape, self._theatre)[0], float(metres.sum() / 1000)

    def _facing(self, left: Label, right: Label) -> tuple[str, str] | None:
        """Name the two actors that a border parts; round a contested place the front is on its defender's side."""
        if left.state == right.state == "contested":
            return None
        if left.state == "contested":
            left, right = right, left
        if left.actor is None or right.actor is None:
            return None
        other: str | None = right.actor
        if right.state == "contested":
            defender = self._theatre.camp(right.actor)
            if self._theatre.camp(left.actor) in {self._theatre.camp(a) for a in right.actors if self._theatre.camp(a) != defender}:
                return None  # the attacker's side
            if self._theatre.camp(left.actor) == defender:
                other = next((a for a in right.actors if self._theatre.camp(a) != defender), None)
        return None if other is None else (min(left.actor, other), max(left.actor, other))
