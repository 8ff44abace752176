"""Cells joined to parts of one label, on each date of a build, with smooth borders.

Cells that share their fate, that is, have the same label as their neighbour on every date, are
joined once; each date then joins these blocks, and what the date before joined already is kept. So a
date costs what changed on it, and its borders.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
import shapely
from numpy.typing import NDArray
from scipy.sparse import csgraph

from geo.control.cells import Cells, split_antimeridian, unproject
from geo.control.smoothing import Smoother
from geo.control.views import View, Views
from geo.theatre import Theatre

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]

ATTEMPTS = 4  # at borders that do not cut themselves, before they are left as they were
AREA_TOLERANCE = 1e-6  # share of the land; parts that overlapped would add up to more


@dataclass(frozen=True, slots=True)
class Sheet:
    """One date, joined: corners in metres and degrees, the part of each cell, and each part's shape with the corner of each coordinate."""

    metric: Floats
    lonlat: Floats
    part: Ints
    shapes: tuple[shapely.Geometry, ...]
    corners: tuple[Ints, ...]


class Draughtsman:
    """Joins cells, date by date.

    Parameters
    ----------
    views
        All dates; it must know them all to tell which cells never part.
    cells, theatre
        The coverage, and whether it crosses 180 degrees.
    """

    def __init__(self, views: Views, cells: Cells, theatre: Theatre) -> None:
        self._cells, self._theatre = cells, theatre
        self._camp = np.array([label.camp for label in views.labels], dtype=np.int64)
        self._smoother = Smoother(cells)
        distinct = {id(view): view for view in views.views}.values()
        self._block = _blocks([a for view in distinct for a in (view.label, view.claim)], cells.pairs)
        order = np.argsort(self._block, kind="stable")
        self._shapes = np.array([join(cells.polygons[group]) for group in _groups(self._block, order)], dtype=object)
        self._member = order[np.searchsorted(self._block[order], np.arange(len(self._shapes)))]
        pairs = np.sort(self._block[cells.pairs], axis=1)
        self._pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
        self._joined: dict[tuple[int, ...], tuple[shapely.Geometry, Ints]] = {}

    def sheet(self, view: View) -> Sheet:
        """Join a date's cells and smooth its borders; a border that would cut itself is left as it was."""
        part, shapes, corners = self._parts(view.label)
        sides = self._cells.sides
        camp = self._camp[view.label]
        differ = view.label[sides[:, 0]] != view.label[sides[:, 1]]
        front = camp[sides[:, 0]] != camp[sides[:, 1]]
        claim = (view.claim[sides[:, 0]] != view.claim[sides[:, 1]]) & ~differ
        metric = self._smoother.smooth((front, differ & ~front, claim))
        total, where = float(self._cells.area_km2.sum()), np.concatenate(corners)
        for _ in range(ATTEMPTS):
            moved = shapely.set_coordinates(np.array(shapes, dtype=object), metric[where])
            broken = np.flatnonzero(~shapely.is_valid(moved))
            if not len(broken) and abs(float(shapely.area(moved).sum()) / 1e6 - total) <= AREA_TOLERANCE * total:
                break
            back = np.unique(np.concatenate([corners[k] for k in broken])) if len(broken) else np.arange(len(metric))
            metric[back] = self._cells.vertices[back]
        lonlat = self._cells.lonlat.copy()
        changed = np.flatnonzero((metric != self._cells.vertices).any(axis=1))
        lonlat[changed] = unproject(metric[changed], self._cells.crs)
        return Sheet(metric, lonlat, part, tuple(shapes), tuple(corners))

    def place(self, shapes: Sequence[shapely.Geometry], corners: Sequence[Ints], metric: Floats, lonlat: Floats) -> tuple[Geometries, Floats]:
        """Put shapes on a date's corners: geometries in degrees, and km²."""
        where = np.concatenate(corners)
        area = shapely.area(shapely.set_coordinates(np.array(shapes, dtype=object), metric[where])) / 1e6
        return split_antimeridian(shapely.set_coordinates(np.array(shapes, dtype=object), lonlat[where]), self._theatre), area

    def corners(self, shape: shapely.Geometry) -> Ints:
        """Look up the corner of each coordinate of a shape made of cells."""
        c = shapely.get_coordinates(shape)
        return np.searchsorted(self._cells.keys, c[:, 0] + 1j * c[:, 1]).astype(np.int64)

    def _parts(self, label: Ints) -> tuple[Ints, list[shapely.Geometry], list[Ints]]:
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
        return part[self._block], [shape for shape, _ in kept.values()], [corners for _, corners in kept.values()]


def join(shapes: Geometries) -> shapely.Geometry:
    """Join shapes of one coverage."""
    return shapely.coverage_union_all(shapes) if len(shapes) > 1 else shapes[0]


def connected(pairs: Ints, label: Ints) -> Ints:
    """Number the connected parts of equal label.

    Examples
    --------
    >>> connected(np.array([[0, 1], [1, 2]]), np.array([7, 7, 8])).tolist()
    [0, 0, 1]
    """
    same = pairs[label[pairs[:, 0]] == label[pairs[:, 1]]]
    graph = sparse.coo_matrix((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(len(label), len(label)))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def _groups(number: Ints, order: Ints) -> list[Ints]:
    """Split an order by the number of what it orders."""
    return np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def _blocks(labels: Sequence[Ints], pairs: Ints) -> Ints:
    """Number the connected parts of cells whose labels agree on every date."""
    fates = np.ascontiguousarray(np.column_stack(labels))
    rows = fates.view(np.dtype((np.void, fates.dtype.itemsize * fates.shape[1]))).ravel()
    _, fate = np.unique(rows, return_inverse=True)
    return connected(pairs, fate.astype(np.int64))
