"""Frames as rows: dictionaries with ``None`` where a value is missing, and dates as dates."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

Row = Mapping[str, Any]


def rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    """Yield a frame's rows in its order, geometry among them.

    Examples
    --------
    >>> list(rows_of(pd.DataFrame({"place": ["Idlib"], "actor": [None]})))
    [{'place': 'Idlib', 'actor': None}]
    """
    columns = list(frame.columns)
    for values in zip(*(frame[column].to_numpy(dtype=object) for column in columns), strict=True):
        yield {key: plain(value) for key, value in zip(columns, values, strict=True)}


def rows_by_date(frame: pd.DataFrame, dates: Iterable[dt.date]) -> dict[dt.date, tuple[Row, ...]]:
    """Group a frame's rows by their column ``date``, in the frame's order; dates without rows have none."""
    found: dict[dt.date, list[Row]] = {date: [] for date in dates}
    for row in rows_of(frame):
        if row["date"] in found:
            found[row["date"]].append(row)
    return {date: tuple(rows) for date, rows in found.items()}


def plain(value: Any) -> Any:  # noqa: ANN401 a frame's cell can be anything
    """Give a cell's value with NaN and NaT as ``None`` and time stamps as dates."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124 NaN differs from itself
        return None
    if value is pd.NaT or value is pd.NA:
        return None
    return value.date() if isinstance(value, dt.datetime) else value
