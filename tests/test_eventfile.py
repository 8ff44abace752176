"""Events survive the way to a file and back, and a bad row is told."""

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from geo.eventfile import COLUMNS, event_row, read_events
from geo.records import Event

EVENT = Event(
    event_id="e1", report_id="r1", published=dt.date(2024, 11, 30), source="Wire", date=dt.date(2024, 11, 29), type="capture",
    place="Saraqib", place_id="syria:saraqib", kind="town", lon=36.8, lat=35.86, actor="hts", extent="full",
    evidence='Rebels "took" Saraqib,\non Friday.', start=3, end=40, rule="strong", confidence=0.75,
)  # fmt: skip


def test_an_event_reads_back_as_it_was_written(tmp_path: Path) -> None:
    as_json, as_csv = tmp_path / "e.jsonl", tmp_path / "e.csv"
    as_json.write_text(json.dumps(event_row(EVENT)) + "\n", encoding="utf-8")
    with as_csv.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerow(event_row(EVENT))
    faults: list[str] = []
    assert [*read_events(as_json, on_fault=faults.append), *read_events(as_csv, on_fault=faults.append)] == [EVENT, EVENT]
    assert not faults


BAD = [
    "{", "[]", "[" * 100_000, json.dumps({"event_id": "e2"}),
    *(
        json.dumps({**event_row(EVENT), key: value})
        for key, value in [
            ("type", "conquest"), ("kind", "hamlet"), ("status", "maybe"), ("time_precision", "hour"), ("lon", "east"), ("lat", 135.0),
            ("confidence", float("nan")), ("date", "5/12/2024"), ("date_end", "2024-01-01"), ("place", ["Hama"]),
        ]
    ),
]  # fmt: skip


def test_each_bad_row_is_told_with_its_line_and_the_good_ones_come(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text("\n\n".join([*BAD, json.dumps(event_row(EVENT))]), encoding="utf-8")
    faults: list[str] = []
    assert list(read_events(path, on_fault=faults.append)) == [EVENT]
    assert [fault.split(": ")[0] for fault in faults] == [f"{path}:{2 * n + 1}" for n in range(len(BAD))]
    assert "conquest" in faults[4]


@pytest.mark.parametrize(("content", "told"), [(b"event_id,date\ne1,2024-12-05\n", "no column"), ("\u0645".encode("cp1256"), "UTF-8")])
def test_a_file_without_its_columns_or_in_another_encoding_is_one_fault(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(content)
    faults: list[str] = []
    assert not list(read_events(path, on_fault=faults.append))
    assert [told in fault for fault in faults] == [True]
