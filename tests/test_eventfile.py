"""Events survive the way to a file and back, and a bad row is told."""

import csv
import datetime as dt
import json
from pathlib import Path

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


def test_each_bad_row_is_told_with_its_number_and_the_good_ones_come(tmp_path: Path) -> None:
    row = event_row(EVENT)
    bad = ["{", "[]", json.dumps({**row, "type": "conquest"}), json.dumps({**row, "lon": "east"}), json.dumps({**row, "date": None})]
    path = tmp_path / "e.jsonl"
    path.write_text("\n".join([*bad, json.dumps(row)]), encoding="utf-8")
    faults: list[str] = []
    assert list(read_events(path, on_fault=faults.append)) == [EVENT]
    assert [fault.split(":")[1] for fault in faults] == [f" event {n}" for n in range(1, 6)]
    assert "conquest" in faults[2]
