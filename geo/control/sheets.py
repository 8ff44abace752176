"""Cells joined to parts of one label, on each date of a build, with smooth borders.

Cells that share their fate, that is, have the same label as their neighbour on every date of a window of dates, are
joined once for that window; each date then joins these blocks, and what the date before joined already is kept. So a
date costs what changed on it, and its borders.
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

WINDOW = 15  # dates joined at a time: long enough to share work, short enough for most cells to keep their label


@dataclass(frozen=True, slots=True)
class Sheet:
    """One date, joined: corners in metres and degrees, which of them were moved, and its parts.

    ``part`` numbers the part of each cell; ``shapes``, ``area_km2`` and ``corners`` (the corner of each coordinate) go by that number.
    """

    metric: Floats
    lonlat: Floats
    moved: Bools
    part: Ints
    shapes: Geometries
    area_km2: Floats
    corners: tuple[Ints, ...]


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
        self._left = list({id(view): view for view in views.views}.values())
        self._window: list[View] = []
        nothing: Ints = np.empty(0, dtype=np.int64)
        self._block = self._member = self._pairs = nothing
        self._shapes: Geometries = np.empty(0, dtype=object)
        self._joined: dict[tuple[int, ...], tuple[shapely.Geometry, Ints]] = {}

    def sheet(self, view: View) -> Sheet:
        """Join a date's cells and smooth its borders; views are asked for in their order."""
        if not any(view is known for known in self._window):
            self._open_window()
        part, shapes, corners = self._parts(view.label)
        metric, moved = self._smoother.smooth(self._borders(view))
        lonlat = self._cells.lonlat.copy()
        lonlat[moved] = unproject(metric[moved], self._cells.crs)
        where = np.concatenate(corners)
        drawn, area = self.place(shapes, metric[where], lonlat[where])
        return Sheet(metric, lonlat, moved, part, drawn, area, tuple(corners))

    def _borders(self, view: View) -> tuple[Bools, Bools, Bools]:
        """Mark the segments that are fronts, that otherwise part two labels, and that bound a claim."""
        a, b = view.label[self._cells.sides[:, 0]], view.label[self._cells.sides[:, 1]]
        differ = a != b
        front = self._camp[a] != self._camp[b]
        claim = view.claim[self._cells.sides[:, 0]] != view.claim[self._cells.sides[:, 1]]
        return front, differ & ~front, claim & ~differ

    def _open_window(self) -> None:
        """Join what keeps together over the next dates."""
        self._window, self._left = self._left[:WINDOW], self._left[WINDOW:]
        self._block = _blocks([view.label for view in self._window], self._cells.pairs)
        order = np.argsort(self._block, kind="stable")
        groups = _groups(self._block, order)
        self._shapes = np.array([join(self._cells.polygons[group]) for group in groups], dtype=object)
        self._member = np.array([group[0] for group in groups], dtype=np.int64)
        pairs = np.sort(self._block[self._cells.pairs], axis=1)
        self._pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
        self._joined = {}

    def place(self, shapes: Geometries, metric: Floats, lonlat: Floats) -> tuple[Geometries, Floats]:
        """Put shapes on coordinates of a date: geometries in degrees, and km²."""
        area = shapely.area(shapely.set_coordinates(shapes.copy(), metric)) / 1e6
        return split_antimeridian(shapely.set_coordinates(shapes.copy(), lonlat), self._theatre), area

    def corners(self, shape: shapely.Geometry) -> Ints:
        """Look up the corner of each coordinate of a shape made of cells."""
        c = shapely.get_coordinates(shape)
        return np.asarray(np.searchsorted(self._cells.keys, c[:, 0] + 1j * c[:, 1]))

    def _parts(self, label: Ints) -> tuple[Ints, Geometries, list[Ints]]:
        """Join blocks of equal label: the part of each cell, each part's shape and corners."""
        part = connected(self._pairs, label[self._member])
        kept: dict[tuple[int, ...], tuple[shapely.Geometry, Ints]] = {}
        for group in _groups(part, np.argsort(part, kind="stable")):
            key = tuple(group.tolist())
            found = self._joined.get(key)
            if found is None:
                shape = join(self._shapes[group])
                found = (shape, self.corners(shape))
            kept[key] = found
        self._joined = kept
        return part[self._block], np.array([shape for shape, _ in kept.values()], dtype=object), [corners for _, corners in kept.values()]


def join(shapes: Geometries) -> shapely.Geometry:
    """Join shapes of one coverage."""
    return shapely.coverage_union_all(shapes) if len(shapes) > 1 else shapes[0]


def _groups(number: Ints, order: Ints) -> list[Ints]:
    """Split an order by the number of what it orders."""
    return np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def _blocks(labels: Sequence[Ints], pairs: Ints) -> Ints:
    """Give the number of the block of each cell: connected cells whose labels agree on every date."""
    fates = np.ascontiguousarray(np.column_stack(labels))
    rows = fates.view(np.dtype((np.void, fates.dtype.itemsize * fates.shape[1]))).ravel()
    _, fate = np.unique(rows, return_inverse=True)
    return connected(pairs, fate.astype(np.int64))
