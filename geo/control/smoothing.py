"""Borders drawn smooth, as shared lines that no place ends up on the wrong side of.

A border of Voronoi cells zigzags. Its corners are moved, each towards the middle of its two neighbours on the
line, and every area that has a corner takes it from the same table, so that shared borders
stay shared. Ends, junctions, coasts and lines that the baseline drew stay where they are. No corner moves
farther than the nearest place is from the line beside it, so that no place changes sides; and none moves where a cell beside it
would be turned inside out, so that no border cuts itself or another one.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.control.arrays import Bools, Floats, Ints
from geo.control.cells import Cells

ROUNDS = 8  # of averaging; after these a zigzag of one cell's width is gone, a bend of five cells is not
MENDS = 10  # rounds; each puts some corners back, and a few suffice
ROOM = 0.8  # share of the distance to the nearest place that a corner may move


class Smoother:
    """Moves the corners of borders.

    Parameters
    ----------
    cells
        The coverage; its named places are what no border may cross.
    """

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        named = np.array([p is not None for p in cells.places], dtype=bool)
        self._tree = cKDTree(cells.xy[named]) if named.any() else None
        self._room = np.full(len(cells.ends), np.nan)
        coast = np.bincount(cells.ends.ravel(), minlength=len(cells.vertices))
        self._drawn = cells.zone[cells.sides[:, 0]] != cells.zone[cells.sides[:, 1]]
        self._lonely = coast < 2
        self._turned = [_turns(cells.vertices, cells.ends, cells.xy[cells.sides[:, k]]) for k in (0, 1)]
        self._star = _stars(cells)

    def smooth(self, tiers: Sequence[Bools]) -> Floats:
        """Give the corners' new positions.

        Parameters
        ----------
        tiers
            Masks of segments, most important first: a line of a later tier ends on one of an earlier tier and does not bend it.

        Returns
        -------
        numpy.ndarray
            (vertices, 2), metres.
        """
        places = self._cells.vertices.copy()
        fixed = self._lonely.copy()
        for mask in tiers:
            segments = np.flatnonzero(mask)
            if len(segments):
                self._move(places, fixed, segments)
                fixed[self._cells.ends[segments].ravel()] = True
        self._mend(places)
        return places

    def _mend(self, places: Floats) -> None:
        """Put corners back until every cell is whole: seen from its point, its outline still runs one way round."""
        ends, sides = self._cells.ends, self._cells.sides
        for _ in range(MENDS):
            gone = moved(self._cells, places)
            near = np.flatnonzero(gone[ends[:, 0]] | gone[ends[:, 1]])
            bad = np.zeros(len(near), dtype=bool)
            odd = np.zeros(len(self._cells), dtype=bool)
            for k in (0, 1):
                cell = sides[near, k]
                turn = _turns(places, ends[near], self._cells.xy[cell])
                bad |= self._star[cell] & (turn * self._turned[k][near] <= 0)
                odd[cell[~self._star[cell]]] = True
            back = np.concatenate([ends[near[bad]].ravel(), self._broken(np.flatnonzero(odd), places)])
            if not gone[back].any():
                return
            places[back] = self._cells.vertices[back]
        places[:] = self._cells.vertices

    def _broken(self, cells: Ints, places: Floats) -> Ints:
        """Give the corners of those of some cells, not stars, that are not valid any more."""
        if not len(cells):
            return cells
        shapes = self._cells.polygons[cells]
        flat, owner = shapely.get_coordinates(shapes, return_index=True)
        corner = np.searchsorted(self._cells.keys, flat[:, 0] + 1j * flat[:, 1])
        valid = shapely.is_valid(shapely.set_coordinates(shapes.copy(), places[corner]))
        return np.asarray(corner[~valid[owner]])

    def _move(self, places: Floats, fixed: Bools, segments: Ints) -> None:
        ends = self._cells.ends[segments]
        count = np.bincount(ends.ravel(), minlength=len(places))
        drawn = np.bincount(ends[self._drawn[segments]].ravel(), minlength=len(places))
        free = (count == 2) & (drawn < 2) & ~fixed
        order = np.argsort(ends.ravel(), kind="stable")
        other = ends[:, ::-1].ravel()[order]
        corner = ends.ravel()[order]
        at = np.flatnonzero(free)
        first = np.searchsorted(corner, at)
        left, right = other[first], other[first + 1]
        room = np.full(len(places), np.inf)
        np.minimum.at(room, ends.ravel(), np.repeat(self._clearance(segments), 2))
        origin = places[at].copy()
        limit = ROOM * room[at]
        for _ in range(ROUNDS):
            moved = (places[at] + (places[left] + places[right]) / 2) / 2
            step = moved - origin
            length = np.linalg.norm(step, axis=1)
            shrink = np.minimum(1.0, np.divide(limit, length, out=np.ones_like(length), where=length > 0))
            places[at] = origin + step * shrink[:, None]

    def _clearance(self, segments: Ints) -> Floats:
        """Give the distance of segments to the nearest place, worked out once for each."""
        if self._tree is None:
            return np.full(len(segments), np.inf)
        new = segments[np.isnan(self._room[segments])]
        if len(new):
            a, b = (self._cells.vertices[self._cells.ends[new, k]] for k in (0, 1))
            middle, half = (a + b) / 2, np.linalg.norm(b - a, axis=1) / 2
            distance, _ = self._tree.query(middle)
            self._room[new] = np.maximum(0.0, distance - half)
        return self._room[segments]


def _turns(places: Floats, ends: Ints, centre: Floats) -> Floats:
    """Give twice the signed area of the triangles between centres and segments."""
    a, b = places[ends[:, 0]] - centre, places[ends[:, 1]] - centre
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _stars(cells: Cells) -> Bools:
    """Tell the cells whose whole outline is seen from their point, going one way round: a Voronoi cell that nothing cut."""
    flat, owner = shapely.get_coordinates(cells.polygons, return_index=True)
    start, end = flat[:-1], flat[1:]
    same = owner[:-1] == owner[1:]
    centre = cells.xy[owner[:-1]]
    a, b = start - centre, end - centre
    turn = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    against = np.bincount(owner[:-1][same & (turn >= 0)], minlength=len(cells))
    along = np.bincount(owner[:-1][same & (turn <= 0)], minlength=len(cells))
    return np.asarray(((against == 0) | (along == 0)) & (shapely.get_num_geometries(cells.polygons) == 1))


def moved(cells: Cells, places: Floats) -> Bools:
    """Tell which corners are not where the cells have them."""
    return np.asarray((places[:, 0] != cells.vertices[:, 0]) | (places[:, 1] != cells.vertices[:, 1]))
