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
        middle = np.where(cells.middle[cells.ends[:, 0]], cells.ends[:, 0], cells.ends[:, 1])
        order = np.argsort(middle, kind="stable")  # puts the two halves of a border's straight piece side by side
        outer = cells.ends.sum(axis=1) - middle
        self._lines = np.column_stack([outer[order][::2], middle[order][::2], outer[order][1::2]])
        self._sides = cells.sides[order][::2]
        self._known = np.array([label.state != "unknown" for label in views.labels], dtype=bool)

    def columns(self, view: View, sheet: Sheet) -> dict[str, list[object]]:
        """Give a date's fronts column by column, one row for each two actors that face each other."""
        a, b = view.label[self._sides].T
        meet = np.flatnonzero((self._camp[a] != self._camp[b]) & self._known[a] & self._known[b])
        count = len(self._views.labels)
        key, which = np.unique(np.minimum(a[meet], b[meet]) * count + np.maximum(a[meet], b[meet]), return_inverse=True)
        lines: dict[tuple[str, str], list[Ints]] = {}
        for number, pair in enumerate(key.tolist()):
            facing = self._facing(self._views.labels[pair // count], self._views.labels[pair % count])
            if facing is not None:
                lines.setdefault(facing, []).append(meet[which == number])
        drawn = [self._line(np.concatenate(lines[facing]), sheet) for facing in sorted(lines)]
        return {
            "actors": [*sorted(lines)], "camps": [tuple(self._theatre.camp(actor) for actor in facing) for facing in sorted(lines)],
            "length_km": [length for _, length in drawn], "geometry": [line for line, _ in drawn],
        }  # fmt: skip

    def _line(self, pieces: Ints, sheet: Sheet) -> tuple[shapely.Geometry, float]:
        """Chain pieces to lines; give them in degrees, and their length in km."""
        corners = self._lines[pieces]
        metres = np.linalg.norm(np.diff(sheet.metric[corners], axis=1), axis=2)
        line = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(sheet.lonlat[corners])))
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
