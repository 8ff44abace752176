"""A coverage of cells as text: every corner once, rings as steps through the table of corners.

Cells are taken in the order of a Hilbert curve, so that neighbours follow each other and steps are
short. A cell is its number of rings; a ring its number of corners, then a number for each: 0 is the next corner that
was not met before, ``n > 0`` the corner ``n - 1`` after the one before, ``n < 0`` the corner ``-n`` before it.
``assets/timeline.js`` reads it back.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish.encode import STEPS, decode_numbers, encode_numbers

Ints = NDArray[np.int64]

_LATITUDES = 4_000_000  # more than the steps between the poles, so that a corner's two numbers make one key


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The text, and the mesh behind it.

    ``order`` are the cells' rows in the order of the text; ``corners`` and ``rings`` are the text.
    ``keys`` names the corners of the table as ``corner_keys`` does. An edge runs between the corners
    ``ends`` (k, 2) and parts the cells ``sides`` (k, 2), which are positions in ``order``.
    """

    order: Ints
    corners: str
    rings: str
    keys: Ints
    ends: Ints
    sides: Ints


def encode_coverage(cells: gpd.GeoSeries) -> Coverage:
    """Write the cells' outlines; corners that round alike (1e-4 degrees) are one, so shared borders stay shared."""
    order = np.argsort(cells.hilbert_distance().to_numpy(), kind="stable")
    parts, cell_of_part = shapely.get_parts(cells.to_numpy()[order], return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    walks = np.split(corner_keys(xy), np.flatnonzero(np.diff(ring_of_point)) + 1)
    owner = cell_of_part[part_of_ring]
    table: dict[int, int] = {}
    texts: list[list[str]] = [[] for _ in range(len(cells))]
    numbers: list[list[int]] = []
    before = 0
    for walk, cell in zip(walks, owner.tolist(), strict=True):
        text, ring = _walk(walk.tolist()[:-1], table, before)
        texts[cell].append(text)
        numbers.append(ring)
        before = ring[-1]
    keys = np.fromiter(table, dtype=np.int64, count=len(table))
    ends, sides = _edges(numbers, owner)
    whole = "".join(encode_numbers([len(rings)]) + "".join(rings) for rings in texts)
    return Coverage(order=order, corners=encode_numbers(_deltas(keys)), rings=whole, keys=keys, ends=ends, sides=sides)


def corner_keys(xy: NDArray[np.float64]) -> Ints:
    """Give one whole number for each (lon, lat) at 1e-4 degrees."""
    steps: Ints = np.rint(xy * STEPS).astype(np.int64)
    return steps[:, 0] * _LATITUDES + steps[:, 1]


def decode_coverage(coverage: Coverage) -> list[shapely.Geometry]:
    """Read back the cells' outlines, in the order of the text; for tests and for tools without a browser."""
    corners = np.cumsum(np.array(decode_numbers(coverage.corners)).reshape(-1, 2), axis=0) / STEPS
    numbers = iter(decode_numbers(coverage.rings))
    shapes = []
    fresh, before = 0, 0
    for _ in coverage.order:
        rings = []
        for _ in range(next(numbers)):
            ring = []
            for _ in range(next(numbers)):
                step = next(numbers)
                before = fresh if step == 0 else before + step - (step > 0)
                fresh += step == 0
                ring.append(before)
            rings.append(corners[ring])
        polygons = [shapely.Polygon(ring) for ring in rings if len(ring) > 2]
        shapes.append(_even_odd(polygons))
    return shapes


def _walk(corners: list[int], table: dict[int, int], before: int) -> tuple[str, list[int]]:
    """Write one ring, put its new corners into the table, and give the numbers of its corners."""
    steps: list[int] = []
    ring: list[int] = []
    for corner in corners:
        number = table.get(corner)
        if number is None:
            number = table[corner] = len(table)
            steps.append(0)
        elif ring and number == ring[-1]:
            continue
        else:
            steps.append(number - before + (number >= before))
        ring.append(number)
        before = number
    return encode_numbers([len(steps), *steps]), ring


def _deltas(keys: Ints) -> list[int]:
    """Split keys into steps of longitude and latitude, each from the corner before."""
    lat = (keys + _LATITUDES // 2) % _LATITUDES - _LATITUDES // 2
    steps = np.diff(np.c_[(keys - lat) // _LATITUDES, lat], axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    deltas: list[int] = steps.ravel().tolist()
    return deltas


def _edges(rings: list[list[int]], owner: Ints) -> tuple[Ints, Ints]:
    """Give the edges that two cells share: their corners, and the cells."""
    start = np.concatenate([np.array(ring) for ring in rings])
    end = np.concatenate([np.roll(ring, -1) for ring in rings])
    cell = np.repeat(owner, [len(ring) for ring in rings])
    low, high = np.minimum(start, end), np.maximum(start, end)
    key = low * (start.max() + 1) + high
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][1:] == key[order][:-1])
    one, two = order[twin], order[twin + 1]
    return np.c_[low[one], high[one]], np.c_[cell[one], cell[two]]


def _even_odd(polygons: list[shapely.Polygon]) -> shapely.Geometry:
    """Join rings as the even-odd rule fills them: a ring inside another one is a hole."""
    whole: shapely.Geometry = shapely.Polygon()
    for polygon in polygons:
        whole = shapely.symmetric_difference(whole, polygon)
    return whole
