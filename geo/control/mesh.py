"""A coverage's corners, segments and neighbours, worked out once so that no date asks geometry again."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from geo.control.arrays import Bools, Floats, Geometries, Ints


@dataclass(frozen=True, slots=True)
class Mesh:
    """Polygons whose shared borders are halved, their corners and what the borders part, as in ``Cells``."""

    polygons: Geometries
    keys: NDArray[np.complex128]
    vertices: Floats
    ends: Ints
    sides: Ints
    middle: Bools  # vertices that halve a border
    corner: Ints  # vertex of each coordinate of ``polygons``


def build_mesh(shapes: Geometries) -> Mesh:
    """Halve every border between two cells, so that fronts can be drawn smooth, and list corners and segments."""
    kind, coords, offsets = shapely.to_ragged_array(shapes)
    ring = offsets[0]
    start = np.ones(len(coords), dtype=bool)
    start[ring[:-1]] = False  # coords[i] closes a segment from coords[i - 1], except where a ring begins
    last = np.flatnonzero(start)
    keys, corner = np.unique(coords[:, 0] + 1j * coords[:, 1], return_inverse=True)
    low, high = np.minimum(corner[last - 1], corner[last]), np.maximum(corner[last - 1], corner[last])
    _, segment, count = np.unique(low * len(keys) + high, return_inverse=True, return_counts=True)
    shared = count[segment] == 2
    middle = (coords[last[shared] - 1] + coords[last[shared]]) / 2
    coords = np.insert(coords, last[shared], middle, axis=0)
    grown = np.concatenate([[0], np.cumsum(np.bincount(last[shared], minlength=len(start)))])
    offsets = (ring + grown[np.minimum(ring, len(grown) - 1)], *offsets[1:])
    polygons = shapely.from_ragged_array(kind, coords, offsets)
    start = np.ones(len(coords), dtype=bool)
    start[offsets[0][:-1]] = False
    last = np.flatnonzero(start)
    keys, corner = np.unique(coords[:, 0] + 1j * coords[:, 1], return_inverse=True)
    ends, sides = _segments(corner, last, _cell_of_coordinate(polygons), len(keys))
    halving = np.zeros(len(keys), dtype=bool)
    halving[np.searchsorted(keys, middle[:, 0] + 1j * middle[:, 1])] = True
    return Mesh(polygons, keys, np.column_stack([keys.real, keys.imag]), ends, sides, halving, corner)


def _cell_of_coordinate(polygons: Geometries) -> Ints:
    return np.repeat(np.arange(len(polygons)), shapely.get_num_coordinates(polygons))


def _segments(corner: Ints, last: Ints, cell: Ints, count: int) -> tuple[Ints, Ints]:
    """List the segments that part two cells: their ends, and the cells."""
    a, b = corner[last - 1], corner[last]
    low, high = np.minimum(a, b), np.maximum(a, b)
    key = low * count + high
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][1:] == key[order][:-1])
    left, right = order[twin], order[twin + 1]
    return np.column_stack([low[left], high[left]]), np.column_stack([cell[last[left]], cell[last[right]]])


def border_pairs(mesh: Mesh, centre: Floats) -> tuple[Ints, Floats, Floats]:
    """Give neighbours, the length of their border and the distance of their points, in metres."""
    low, high = mesh.sides.min(axis=1), mesh.sides.max(axis=1)
    length = np.linalg.norm(mesh.vertices[mesh.ends[:, 0]] - mesh.vertices[mesh.ends[:, 1]], axis=1)
    key, index = np.unique(low * len(centre) + high, return_inverse=True)
    pairs = np.column_stack(np.divmod(key, len(centre)))
    border: Floats = np.bincount(index, weights=length, minlength=len(key)).astype(np.float64)
    gap: Floats = np.linalg.norm(centre[pairs[:, 0]] - centre[pairs[:, 1]], axis=1)
    return pairs, border, gap


def connected(pairs: Ints, label: Ints) -> Ints:
    """Give the number of the connected part of equal label of each cell.

    Examples
    --------
    >>> connected(np.array([[0, 1], [1, 2]]), np.array([7, 7, 8])).tolist()
    [0, 0, 1]
    """
    same = pairs[label[pairs[:, 0]] == label[pairs[:, 1]]]
    graph = sparse.coo_matrix((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(len(label), len(label)))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)
