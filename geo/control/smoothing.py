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
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.control.arrays import Bools, Floats, Ints
from geo.control.cells import Cells

ROUNDS = 8  # of averaging; after these a zigzag of one cell's width is gone, a bend of five cells is not
MENDS = 10  # rounds; each puts some corners back, and a few suffice
ROOM = 0.8  # share of the distance to the nearest place that a corner may move

Points = NDArray[np.complex128]  # x + iy, metres: one number to look up for each corner


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
        self._named: Points = cells.xy[named, 0] + 1j * cells.xy[named, 1]
        self._tree = cKDTree(cells.xy[named]) if named.any() else None
        self._room = np.full(len(cells.ends), np.nan)
        self._drawn = cells.zone[cells.sides[:, 0]] != cells.zone[cells.sides[:, 1]]
        self._fixed = np.bincount(cells.ends.ravel(), minlength=len(cells.vertices)) < 2
        self._ends, self._sides = (np.ascontiguousarray(pairs.T) for pairs in (cells.ends, cells.sides))
        self._centre: Points = cells.xy[:, 0] + 1j * cells.xy[:, 1]
        everything = np.arange(len(cells.ends))
        self._turned = [self._turns(cells.keys, everything, k) for k in (0, 1)]
        self._star = _stars(cells)

    def smooth(self, tiers: Sequence[Bools]) -> tuple[Floats, Bools]:
        """Move the corners.

        Parameters
        ----------
        tiers
            Masks of segments, most important first: a line of a later tier ends on one of an earlier tier and does not bend it.

        Returns
        -------
        tuple
            The corners (vertices, 2), metres; and which of them moved.
        """
        places = self._cells.keys.copy()
        fixed = self._fixed.copy()
        for mask in tiers:
            segments = np.flatnonzero(mask)
            if len(segments):
                self._move(places, fixed, segments)
                fixed[self._ends[:, segments].ravel()] = True
        self._mend(places)
        return np.column_stack([places.real, places.imag]), places != self._cells.keys

    def _move(self, places: Points, fixed: Bools, segments: Ints) -> None:
        """Average the corners in the middle of lines with their neighbours, and pull them back to where there is room."""
        one, two = self._ends[:, segments]
        both = np.concatenate([one, two])
        count = np.bincount(both, minlength=len(places))
        drawn = self._drawn[segments]
        lines = np.bincount(both[np.concatenate([drawn, drawn])], minlength=len(places))
        order = np.argsort(both, kind="stable")
        at = np.flatnonzero((count == 2) & (lines < 2) & ~fixed)
        first = order[np.searchsorted(both[order], at)]
        second = order[np.searchsorted(both[order], at) + 1]
        other = np.concatenate([two, one])
        left, right = other[first], other[second]
        clear = np.tile(self._clearance(segments), 2)
        origin, limit = places[at], ROOM * np.minimum(clear[first], clear[second])
        for _ in range(ROUNDS):
            step = (places[at] + (places[left] + places[right]) / 2) / 2 - origin
            places[at] = origin + step * np.minimum(1.0, limit / np.maximum(np.abs(step), 1e-9))

    def _clearance(self, segments: Ints) -> Floats:
        """Give the distance of segments to the nearest place, worked out once for each."""
        if self._tree is None:
            return np.full(len(segments), np.inf)
        new = segments[np.isnan(self._room[segments])]
        if len(new):
            a, b = self._cells.keys[self._ends[:, new]]
            middle, half = (a + b) / 2, (b - a) / 2
            distance, nearest = self._tree.query(np.column_stack([middle.real, middle.imag]), k=3)
            room = distance[:, 2] - np.abs(half)  # of all places but the nearest two
            for k in (0, 1):
                away = np.append(self._named, 1e12)[nearest[:, k]] - middle
                along = np.clip((away * np.conj(half)).real / np.maximum(np.abs(half) ** 2, 1e-9), -1.0, 1.0)
                room = np.minimum(room, np.abs(away - along * half))
            self._room[new] = np.maximum(0.0, room)
        return self._room[segments]

    def _mend(self, places: Points) -> None:
        """Put corners back until every cell is whole: seen from its point, its outline still runs one way round."""
        suspect = places != self._cells.keys
        for _ in range(MENDS):
            near = np.flatnonzero(suspect[self._ends[0]] | suspect[self._ends[1]])
            bad = np.zeros(len(near), dtype=bool)
            odd = np.zeros(len(self._cells), dtype=bool)
            for k in (0, 1):
                cell = self._sides[k, near]
                star = self._star[cell]
                bad |= star & (self._turns(places, near, k) * self._turned[k][near] <= 0)
                odd[cell[~star]] = True
            back = np.concatenate([self._ends[:, near[bad]].ravel(), self._broken(np.flatnonzero(odd), places)])
            back = back[places[back] != self._cells.keys[back]]
            if not len(back):
                return
            places[back] = self._cells.keys[back]
            suspect = np.zeros(len(places), dtype=bool)
            suspect[back] = True
        places[:] = self._cells.keys

    def _turns(self, places: Points, segments: Ints, side: int) -> Floats:
        """Give twice the signed area of the triangles between segments and the points of the cells on one side of them."""
        centre = self._centre[self._sides[side, segments]]
        a, b = places[self._ends[0, segments]] - centre, places[self._ends[1, segments]] - centre
        return np.asarray((np.conj(a) * b).imag)

    def _broken(self, cells: Ints, places: Points) -> Ints:
        """Give the corners of those of some cells, not stars, that are not valid any more."""
        if not len(cells):
            return cells
        shapes = self._cells.polygons[cells]
        flat, owner = shapely.get_coordinates(shapes, return_index=True)
        corner = np.searchsorted(self._cells.keys, flat[:, 0] + 1j * flat[:, 1])
        moved = np.column_stack([places[corner].real, places[corner].imag])
        valid = shapely.is_valid(shapely.set_coordinates(shapes.copy(), moved))
        return np.asarray(corner[~valid[owner]])


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
