"""Events as rows and back: JSON lines and CSV that an analyst may edit, and the pipeline reads again."""

import csv
import dataclasses
import datetime as dt
import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from geo.errors import ReportError
from geo.records import EVENT_TYPES, PLACE_KINDS, SOURCE_KINDS, Event
from geo.reports import fault_in_json

# DESIGN §3's order; what only the next stage needs stands at the end
COLUMNS = (
    "event_id", "report_id", "published", "source", "url", "date", "date_end", "time_precision", "type", "place", "place_id", "kind", "lon",
    "lat", "geo_precision", "match", "actor", "target", "extent", "status", "attribution", "evidence", "start", "end", "rule", "confidence",
    "source_kind", "admin1", "within",
)  # fmt: skip
_DATES = ("published", "date", "date_end")
_NUMBERS: Mapping[str, type] = {"lon": float, "lat": float, "confidence": float, "geo_precision": int, "start": int, "end": int}
_NEEDED = ("event_id", "report_id", "published", "source", "date", "type", "place", "place_id", "kind", "lon", "lat", "evidence")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "type": EVENT_TYPES, "status": ("confirmed", "claimed", "denied"), "extent": ("full", "part"), "kind": PLACE_KINDS,
    "time_precision": ("day", "week", "month", "year"), "source_kind": SOURCE_KINDS,
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # what spreadsheets take for a formula's beginning
_RANGES: Mapping[str, tuple[float, float]] = {"lon": (-180, 180), "lat": (-90, 90), "confidence": (0, 1), "geo_precision": (1, 3)}


def event_row(event: Event) -> dict[str, Any]:
    """Give an event's fields by their names and in their order, dates as ISO text."""
    row = dataclasses.asdict(event)
    return {key: row[key].isoformat() if isinstance(row[key], dt.date) else row[key] for key in COLUMNS}


def event_from_row(row: object) -> Event:
    """Make an event of a row; fields that are missing or empty take their default.

    Raises
    ------
    ReportError
        Names the field that is missing or cannot be read.
    """
    if not isinstance(row, Mapping):
        raise ReportError(f"a {type(row).__name__}, not an object with an event's fields")
    values = {key: row[key] for key in COLUMNS if row.get(key) not in (None, "")}
    missing = [key for key in _NEEDED if key not in values]
    if missing:
        raise ReportError(f"no {', '.join(missing)}")
    lists = [key for key, value in values.items() if isinstance(value, list | dict)]
    if lists:
        raise ReportError(f"{lists[0]}: {values[lists[0]]!r} is no text")
    values = {key: _value(key, value) for key, value in values.items()}
    if values.get("date_end", values["date"]) < values["date"]:
        raise ReportError(f"date_end: {values['date_end']} is before date, {values['date']}")
    return Event(**{"start": 0, "end": 0, **values})


def read_events(path: Path, *, actors: Collection[str] | None = None, on_fault: Callable[[str], None]) -> Iterator[Event]:
    """Yield the events of a ``.jsonl`` or ``.csv`` file; a row that cannot be used is told with its line and left out.

    Where ``actors`` are given, an ``actor`` or ``target`` that is none of these ids is such a fault.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for line, row in _csv_rows(stream) if path.suffix.lower() == ".csv" else _json_rows(stream):
                try:
                    event = event_from_row(json.loads(row) if isinstance(row, str) else row)
                    _check_actors(event, actors)
                    yield event
                except ReportError as error:
                    on_fault(f"{path}:{line}: {error}")
                except (ValueError, RecursionError) as error:
                    on_fault(f"{path}:{line}: not JSON: {fault_in_json(error)}")
    except UnicodeDecodeError as error:
        on_fault(f"{path}: not text in UTF-8 (byte {error.start}); save it as UTF-8")
    except (ReportError, csv.Error) as error:
        on_fault(f"{path}: {error}")


def guard_cell(value: Any) -> Any:  # noqa: ANN401  # a cell of any column
    """Set an apostrophe before text that a spreadsheet would run as a formula; numbers and dates stay.

    Examples
    --------
    >>> guard_cell("=1+1"), guard_cell("'=1+1"), guard_cell("'Adra"), guard_cell(-3.5)
    ("'=1+1", "''=1+1", "'Adra", -3.5)
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip("'").startswith(_FORMULA) else value


def unguard_cell(value: Any) -> Any:  # noqa: ANN401  # a cell of any column
    """Take the apostrophe away that ``guard_cell`` has set.

    Examples
    --------
    >>> unguard_cell("'=1+1"), unguard_cell("'Adra")
    ('=1+1', "'Adra")
    """
    return value[1:] if isinstance(value, str) and value.startswith("'") and value.lstrip("'").startswith(_FORMULA) else value


def _check_actors(event: Event, actors: Collection[str] | None) -> None:
    for key, actor in (("actor", event.actor), ("target", event.target)):
        if actors is not None and actor is not None and actor not in actors:
            raise ReportError(f"{key}: no actor has the id {actor!r}; the ids are {', '.join(sorted(actors))}")


def _json_rows(stream: Iterable[str]) -> Iterator[tuple[int, str]]:
    yield from ((number, line) for number, line in enumerate(stream, 1) if line.strip())


def _csv_rows(stream: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = csv.DictReader(stream)
    missing = [key for key in _NEEDED if key not in (rows.fieldnames or ())]
    if missing:
        raise ReportError(f"line 1: no column {', '.join(missing)}; `controlmap extract --format csv` writes them all")
    for row in rows:
        yield rows.line_num, {key: unguard_cell(value) for key, value in row.items()}


def _value(key: str, value: Any) -> Any:  # noqa: ANN401  # a cell of any column
    """Read a cell as its column's kind of value."""
    if key in _DATES:
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            raise ReportError(f"{key}: {value!r} is no date; write YYYY-MM-DD") from None
    if key in _NUMBERS:
        try:
            number = _NUMBERS[key](value)
        except (TypeError, ValueError, OverflowError):
            raise ReportError(f"{key}: {value!r} is no number") from None
        low, high = _RANGES.get(key, (0, math.inf))
        if not low <= number <= high:  # NaN is in no range
            raise ReportError(f"{key}: {value!r} is not between {low} and {high}")
        return number
    if key in _CHOICES and value not in _CHOICES[key]:
        raise ReportError(f"{key}: {value!r} is none of {', '.join(_CHOICES[key])}")
    return str(value)
