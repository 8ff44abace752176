"""Cells joined to parts of one label, on each date of a build, with smooth borders.

Cells that share their fate, that is, have the same label as their neighbour on every date of a run of dates, are
joined once for that run: cells for a long run, those blocks for a shorter one within it, and these for each date. So a
date costs what changed about it, and its borders.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.control.arrays import Bools, Floats, Geometries, Ints
from geo.control.cells import Cells
from geo.control.mesh import connected
from geo.control.projection import split_antimeridian, unproject
from geo.control.smoothing import Smoother
from geo.control.views import View, Views
from geo.theatre import Theatre

RUNS = (16, 4)  # dates joined at a time


@dataclass(frozen=True, slots=True)
class Sheet:
    """One date, joined: corners in metres and degrees, which of them were moved, and its parts.

    ``part`` numbers the part of each cell; ``shapes`` (EPSG:4326) and ``area_km2`` go by that number.
    """

    metric: Floats
    lonlat: Floats
    moved: Bools
    part: Ints
    shapes: Geometries
    area_km2: Floats


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Connected cells joined: shapes in metres, a cell of each, neighbours, and the block of each cell."""

    shapes: Geometries
    member: Ints
    pairs: Ints
    of_cell: Ints

    def joined(self, labels: Sequence[Ints]) -> "_Blocks":
        """Join neighbours whose labels agree on every date; ``labels`` go by cell."""
        number = connected(self.pairs, _fates([label[self.member] for label in labels]))
        order = np.argsort(number, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
        pairs = np.sort(number[self.pairs], axis=1)
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        key = np.unique(pairs[:, 0] * len(groups) + pairs[:, 1])
        return _Blocks(
            np.array([join(self.shapes[group]) for group in groups], dtype=object),
            self.member[[group[0] for group in groups]],
            np.column_stack(np.divmod(key, len(groups))),
            number[self.of_cell],
        )


class Draughtsman:
    """Joins cells, date by date.

    Parameters
    ----------
    views
        All dates.
    cells, theatre
        The coverage, and whether it crosses 180 degrees.
    """

    def __init__(self, views: Views, cells: Cells, theatre: Theatre) -> None:
        self._cells, self._theatre = cells, theatre
        self._camp = np.array([label.camp for label in views.labels], dtype=np.int64)
        self._smoother = Smoother(cells)
        self._labels = [view.label for view in {id(view): view for view in views.views}.values()]
        every = np.arange(len(cells))
        self._levels = [_Blocks(cells.polygons, every, cells.pairs, every)] * (len(RUNS) + 1)
        self._date = 0

    def sheet(self, view: View) -> Sheet:
        """Join a date's cells and smooth its borders; views are asked for in their order, each once."""
        for level, run in enumerate(RUNS):
            if self._date % run == 0:
                self._levels[level + 1] = self._levels[level].joined(self._labels[self._date : self._date + run])
        self._date += 1
        parts = self._levels[-1].joined([view.label])
        metric, moved = self._smoother.smooth(self._borders(view))
        lonlat = self._cells.lonlat.copy()
        lonlat[moved] = unproject(metric[moved], self._cells.crs)
        corners = self.corners(parts.shapes)
        drawn, area = self.place(parts.shapes, metric[corners], lonlat[corners])
        return Sheet(metric, lonlat, moved, parts.of_cell, drawn, area)

    def _borders(self, view: View) -> tuple[Bools, Bools, Bools]:
        """Mark the segments that are fronts, that otherwise part two labels, and that bound a claim."""
        a, b = view.label[self._cells.sides[:, 0]], view.label[self._cells.sides[:, 1]]
        differ = a != b
        front = self._camp[a] != self._camp[b]
        claim = view.claim[self._cells.sides[:, 0]] != view.claim[self._cells.sides[:, 1]]
        return front, differ & ~front, claim & ~differ

    def place(self, shapes: Geometries, metric: Floats, lonlat: Floats) -> tuple[Geometries, Floats]:
        """Put shapes on coordinates of a date: geometries in degrees, and km²."""
        area = shapely.area(shapely.set_coordinates(shapes.copy(), metric)) / 1e6
        return split_antimeridian(shapely.set_coordinates(shapes.copy(), lonlat), self._theatre), area

    def corners(self, shapes: Geometries) -> Ints:
        """Look up the corner of each coordinate of shapes made of cells."""
        c = shapely.get_coordinates(shapes)
        return np.asarray(np.searchsorted(self._cells.keys, c[:, 0] + 1j * c[:, 1]))


def join(shapes: Geometries) -> shapely.Geometry:
    """Join shapes of one coverage."""
    return shapely.coverage_union_all(shapes) if len(shapes) > 1 else shapes[0]


def _fates(labels: Sequence[Ints]) -> Ints:
    """Give the number of each row of labels side by side."""
    rows = np.ascontiguousarray(np.column_stack(labels))
    whole = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    return np.asarray(np.unique(whole, return_inverse=True)[1])
