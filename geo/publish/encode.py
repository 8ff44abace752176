"""Numbers and shapes as short text: signed deltas in base 64, coordinates in steps of 1e-4 degrees.

A number is zigzag-coded and written in groups of five bits, the lowest first, with a sixth bit
for "goes on"; the alphabet needs no escape in JSON or HTML. ``assets/map.js`` reads it back.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STEPS = 10_000  # 1e-4 degrees: 11 m on the ground, under a pixel at any zoom that the pages allow


def encode_number(value: int) -> str:
    """Write one whole number.

    Examples
    --------
    >>> encode_number(0), encode_number(-1), encode_number(1000)
    ('A', 'B', 'w-B')
    >>> decode_numbers("w-B")
    [1000]
    """
    rest = value * 2 if value >= 0 else -value * 2 - 1
    text = ""
    while rest > 31:
        text += ALPHABET[32 + (rest & 31)]
        rest >>= 5
    return text + ALPHABET[rest]


_SHORT = {value: encode_number(value) for value in range(-4096, 4097)}


def encode_numbers(values: Iterable[int]) -> str:
    """Write whole numbers one after the other, without a separator."""
    return "".join([_SHORT.get(value) or encode_number(value) for value in values])


def encode_places(steps: NDArray[np.int64]) -> str:
    """Write scattered points, (n, 2) steps of 1e-4 degrees, as deltas: two letters for each number where that is shorter.

    Deltas that are all alike long need no bit for "goes on". Text that begins with a point is of that form; in it, "_" comes
    before a number that two letters do not hold.

    Examples
    --------
    >>> encode_places(np.array([[900, 800], [1800, 1600]]))
    '.cIZAcIZA'
    """
    deltas = np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
    wide = "." + "".join([_two_letters(value) for value in deltas])
    return min(wide, encode_numbers(deltas), key=len)


def _two_letters(value: int) -> str:
    zigzag = value * 2 if value >= 0 else -value * 2 - 1
    return ALPHABET[zigzag >> 6] + ALPHABET[zigzag & 63] if zigzag < 63 * 64 else "_" + encode_number(value)


def decode_numbers(text: str) -> list[int]:
    """Read back what ``encode_numbers`` wrote."""
    numbers, value, shift = [], 0, 0
    for letter in text:
        digit = ALPHABET.index(letter)
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(-(value + 1) // 2 if value & 1 else value // 2)
            value, shift = 0, 0
    return numbers


def encode_shape(geometry: shapely.Geometry) -> str:
    """Write a polygon's rings or a line's parts, separated by spaces; a ring leaves out its last point.

    Points that round alike are written once; rings of fewer than three points fall away.
    """
    return " ".join(_parts(geometry))


def _parts(geometry: shapely.Geometry) -> Iterator[str]:
    parts = shapely.get_parts(geometry)
    lines = parts[shapely.get_type_id(parts) == 1]
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == 3])
    for line in lines:
        yield _deltas(_rounded(line))
    for ring in rings:
        points = _rounded(ring)[:-1]
        if len(points) > 2:
            yield _deltas(points)


def _rounded(line: shapely.Geometry) -> NDArray[np.int64]:
    points: NDArray[np.int64] = np.rint(shapely.get_coordinates(line) * STEPS).astype(np.int64)
    keep: NDArray[np.int64] = points[np.r_[True, (points[1:] != points[:-1]).any(axis=1)]]
    return keep


def _deltas(points: NDArray[np.int64]) -> str:
    return encode_numbers(np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist())
