"""The states of all cells on all dates as numbers: what is distinct is told once, and a date costs what it changes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.publish.encode import encode_numbers
from geo.publish.rows import plain
from geo.records import History

# the columns of the states frame in which a cell's state is told
STATE_COLUMNS = ("state", "actor", "actors", "status", "basis", "since", "event_ids", "claimed_by")

Ints = NDArray[np.int64]
Label = tuple[str, str | None, tuple[str, ...], str | None]  # state, holder, all who are there, basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """What every cell is on every date.

    ``records`` numbers the states (dates, cells); ``table`` holds what each number means, by column; ``label`` leads from
    a record to its row of ``labels``, which is what is drawn of it.
    """

    dates: tuple[dt.date, ...]
    records: Ints
    table: Mapping[str, Sequence[Any]]
    label: Ints
    labels: tuple[Label, ...]


def make_tape(history: History) -> Tape:
    """Give each distinct state a number, and lay the numbers out by date and cell."""
    states = history.states
    columns = [states[column].to_numpy(dtype=object) for column in STATE_COLUMNS]
    codes = [pd.factorize(column)[0].astype(np.int64) + 1 for column in columns]
    _, first, record = np.unique(_combined(codes), return_index=True, return_inverse=True)
    cell = pd.Index(history.cells["place_id"]).get_indexer(pd.Index(states["place_id"]))
    date = pd.Index(list(history.dates), dtype=object).get_indexer(pd.Index(states["date"], dtype=object))
    records = np.zeros((len(history.dates), len(history.cells)), dtype=np.int64)
    known = (date >= 0) & (cell >= 0)
    records[date[known], cell[known]] = record[known]
    table = {name: [plain(value) for value in column[first]] for name, column in zip(STATE_COLUMNS, columns, strict=True)}
    keys: list[Label] = list(zip(table["state"], table["actor"], map(tuple, table["actors"]), table["basis"], strict=True))
    labels = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    label = np.array([labels[key] for key in keys], dtype=np.int64)
    return Tape(dates=history.dates, records=records, table=table, label=label, labels=tuple(labels))


def encode_reel(rows: Ints) -> list[str]:
    """Write rows of numbers: the first as runs (value, length), each later one as what differs (step to the place, value).

    Examples
    --------
    >>> encode_reel(np.array([[7, 7, 7, 9], [7, 8, 7, 9]]))
    ['OGSC', 'CQ']
    """
    starts = np.flatnonzero(np.r_[True, rows[0][1:] != rows[0][:-1]])
    reel = [np.c_[rows[0][starts], np.diff(np.r_[starts, rows.shape[1]])]]
    for before, after in pairwise(rows):
        moved = np.flatnonzero(before != after)
        reel.append(np.c_[np.diff(moved, prepend=0), after[moved]])
    return [encode_numbers(numbers.ravel().tolist()) for numbers in reel]


def _combined(codes: Sequence[Ints]) -> Ints:
    """Join columns of codes to one; renumbered at each step, so that no product overflows."""
    whole = codes[0]
    for column in codes[1:]:
        _, whole = np.unique(whole * (int(column.max()) + 1) + column, return_inverse=True)
    return whole
