"""The columns of every frame that control gives out, what they mean, and frames without rows.

Geometries are EPSG:4326. Dates are ``datetime.date``; "not stated" is ``None``; every list is a tuple of strings.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.geometry import WGS84
from geo.records import Event

LEDGER = {
    **{field.name: f"as in the event record: {field.name}" for field in dataclasses.fields(Event)},
    "sources": "who says so, one text 'source (status)' for each report merged into the row, sorted",
    "merged": "event ids of the other reports that say the same of the same place and date, sorted",
    "assessed": "confirmed, claimed or denied, after weighing who says it (`geo.control.ledger`)",
    "geometry": "point of the place",
}
CELLS = {
    "place_id": "gazetteer's id; `land:LAT,LON` for land that is no named place's",
    "name": "the place's name, empty for land",
    "kind": "the place's kind, `land` for land",
    "rank": "int: 0 is the biggest place",
    "area_km2": "float: equal-area",
    "lon": "float: longitude of the place, or of the point that stands for the land",
    "lat": "float: its latitude",
    "province": "country and admin1 code, `SY.09`; empty where no place near has one",
    "geometry": "polygon or multipolygon; all cells together are a coverage of the theatre's land",
}
STATES = {
    "date": "the date",
    "place_id": "as in cells",
    "state": "held, contested or unknown",
    "actor": "who holds it, or held it before it was contested; None where unknown",
    "actors": "tuple: all who are there, when contested",
    "status": "confirmed or claimed; None where unknown",
    "basis": "baseline, observed or inferred; None where unknown",
    "since": "first day on which it can have come into this state; None where the baseline does not say",
    "since_end": "last day on which it can have",
    "age_days": "int: days since the newest evidence; -1 where there is none",
    "confidence": "float, 0 to 1: of the holder, or of the place being contested",
    "event_ids": "tuple: the events that say so; for an inferred state those of the place it follows; empty for the baseline",
    "claimed_by": "actor who claims the place and does not hold it on the assessed layer, else None",
}
AREAS = {
    "date": "the date",
    "layer": "assessed (all land, without gap or overlap) or claimed (only what somebody claims beyond it)",
    "actor": "as in states; on the claimed layer who claims it",
    "actors": "as in states",
    "state": "held, contested, unknown; claimed on the claimed layer",
    "basis": "baseline, observed, inferred; None where unknown",
    "area_km2": "float: equal-area, of the geometry",
    "places": "tuple: names of the places in it, biggest first",
    "place_ids": "tuple: their ids, in the same order",
    "event_ids": "tuple: the events behind it, sorted",
    "oldest_evidence": "date of the oldest evidence behind it",
    "newest_evidence": "date of the newest",
    "geometry": "polygon or multipolygon: one connected area",
}
FRONTS = {
    "date": "the date",
    "actors": "tuple of two actor ids, sorted",
    "camps": "tuple of their camps, in the same order",
    "length_km": "float",
    "geometry": "multilinestring",
}
CHANGES = {
    "date": "the later date",
    "date_before": "the earlier date",
    "from_actor": "who held it before; None where unknown",
    "to_actor": "who holds it after; None where unknown",
    "from_state": "its state before",
    "to_state": "its state after",
    "area_km2": "float: equal-area, of the geometry",
    "error_km2": "float: half width of the 95 % band of area_km2, from the density of the places and the doubt of inferred ones",
    "places": "tuple: names of the places that changed, biggest first",
    "event_ids": "tuple: the events behind its state after, or, where land falls back to the baseline, behind its state before; sorted",
    "geometry": "polygon or multipolygon",
}
DISAGREEMENTS = {
    "date": "the date",
    "place_id": "as in cells",
    "place": "its name",
    "says": "tuple: 'source: actor type (status)', sorted",
    "event_ids": "tuple: the events of those who disagree, sorted",
}

NUMBERS = {
    "area_km2": np.float64,
    "error_km2": np.float64,
    "length_km": np.float64,
    "confidence": np.float64,
    "age_days": np.int64,
    "rank": np.int64,
}


def frame_of(columns: dict[str, str], data: Mapping[str, Sequence[object] | NDArray[Any]]) -> pd.DataFrame:
    """Make a frame with these columns, in this order and with their types, from lists (all empty if ``data`` is).

    Examples
    --------
    >>> frame_of(DISAGREEMENTS, {}).columns.tolist()
    ['date', 'place_id', 'place', 'says', 'event_ids']
    """
    typed = {
        name: pd.Series(_values(data.get(name, ())), dtype=NUMBERS.get(name, object), copy=False) for name in columns if name != "geometry"
    }
    return pd.DataFrame(typed, copy=False)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a frame as dicts; pandas' own way takes five times as long.

    Examples
    --------
    >>> rows_of(pd.DataFrame({"a": [1, 2], "b": ["x", None]}, dtype=object))
    [{'a': 1, 'b': 'x'}, {'a': 2, 'b': None}]
    """
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(frame[name].tolist() for name in names), strict=True)]


def _values(values: Sequence[object] | NDArray[Any]) -> Any:  # noqa: ANN401  # pandas' stubs know no sequence of anything
    return values if isinstance(values, np.ndarray) else list(values)


def geoframe_of(columns: dict[str, str], data: Mapping[str, Sequence[object]]) -> gpd.GeoDataFrame:
    """Do the same for a frame with geometries.

    Examples
    --------
    >>> geoframe_of(FRONTS, {}).crs.to_epsg()
    4326
    """
    return gpd.GeoDataFrame(frame_of(columns, data), geometry=gpd.GeoSeries(data.get("geometry", []), crs=WGS84), crs=WGS84)


class Columns:
    """A frame in the making, grown by several rows at a time.

    Examples
    --------
    >>> table = Columns(DISAGREEMENTS)
    >>> table.add({"place_id": ["a", "b"], "place": ["A", "B"], "says": [(), ()], "event_ids": [(), ()]}, date=None)
    >>> len(table.frame())
    2
    """

    def __init__(self, columns: dict[str, str]) -> None:
        self._columns = columns
        self._data: dict[str, list[object]] = {name: [] for name in columns}

    def add(self, rows: Mapping[str, Sequence[object]], **same: object) -> None:
        """Add rows, given column by column; ``same`` are columns with one value in all of them."""
        count = max((len(values) for values in rows.values()), default=0)
        for name, values in self._data.items():
            values.extend([same[name]] * count if name in same else rows.get(name, ()))

    def frame(self) -> pd.DataFrame:
        """Give the frame."""
        return frame_of(self._columns, self._data)

    def geoframe(self) -> gpd.GeoDataFrame:
        """Give the frame with its geometries."""
        return geoframe_of(self._columns, self._data)
