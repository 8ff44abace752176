"""Events as rows and back: JSON lines and CSV that an analyst may edit, and the pipeline reads again."""

import csv
import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from geo.errors import ReportError
from geo.records import EVENT_TYPES, Event

# DESIGN §3's order; what only the next stage needs stands at the end
COLUMNS = (
    "event_id", "report_id", "published", "source", "url", "date", "date_end", "time_precision", "type", "place", "place_id", "kind", "lon",
    "lat", "geo_precision", "match", "actor", "target", "extent", "status", "attribution", "evidence", "start", "end", "rule", "confidence",
    "source_kind", "admin1", "within",
)  # fmt: skip
_DATES = ("published", "date", "date_end")
_NUMBERS: Mapping[str, type] = {"lon": float, "lat": float, "confidence": float, "geo_precision": int, "start": int, "end": int}
_NEEDED = ("event_id", "report_id", "published", "source", "date", "type", "place", "place_id", "kind", "lon", "lat", "evidence")
_CHOICES: Mapping[str, tuple[str, ...]] = {"type": EVENT_TYPES, "status": ("confirmed", "claimed", "denied"), "extent": ("full", "part")}


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
    try:
        values |= {key: dt.date.fromisoformat(values[key]) for key in _DATES if key in values}
        values |= {key: kind(values[key]) for key, kind in _NUMBERS.items() if key in values}
    except (TypeError, ValueError) as error:
        raise ReportError(str(error)) from error
    for key, allowed in _CHOICES.items():
        if key in values and values[key] not in allowed:
            raise ReportError(f"{key}: {values[key]!r} is none of {', '.join(allowed)}")
    return Event(**{"start": 0, "end": 0, **values})


def read_events(path: Path, *, on_fault: Callable[[str], None]) -> Iterator[Event]:
    """Yield the events of a ``.jsonl`` or ``.csv`` file; a row that cannot be used is told and left out."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream) if path.suffix.lower() == ".csv" else (line for line in stream if line.strip())
        for number, row in enumerate(rows, 1):
            try:
                yield event_from_row(json.loads(row) if isinstance(row, str) else row)
            except (ReportError, json.JSONDecodeError) as error:
                on_fault(f"{path.name}: event {number}: {error}")
