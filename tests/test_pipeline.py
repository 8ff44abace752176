"""Files are written whole or not at all, and every event that an area names has its sentence in them."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import pipeline
from geo.reports import read_reports
from geo.theatre import Theatre, load_theatre

DATA = Path(__file__).parent / "data"
SAME = "---\npublished: 2030-01-02\nsource: Pass Monitor\nsource_kind: monitor\n---\nRebels took control of Encamp on Wednesday.\n"


@pytest.fixture(scope="module")
def andorra() -> Theatre:
    return load_theatre(DATA / "andorra")


def build(out: Path, theatre: Theatre, *paths: Path) -> pipeline.Summary:
    reports = read_reports([DATA / "andorra-reports", *paths], on_fault=print)
    return pipeline.build(reports, theatre, out, reader="rules")


def test_a_second_source_of_the_same_news_keeps_its_own_sentence_in_every_table(tmp_path: Path, andorra: Theatre) -> None:
    report = tmp_path / "same.md"
    report.write_text(SAME, encoding="utf-8")
    made = build(tmp_path / "out", andorra, report)
    with (tmp_path / "out" / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["event_id"]: row for row in csv.DictReader(file)}
    points = json.loads((tmp_path / "out" / "events.geojson").read_text(encoding="utf-8"))["features"]
    areas = json.loads((tmp_path / "out" / "areas.geojson").read_text(encoding="utf-8"))["features"]
    assert len(rows) == len(points) == made.events
    assert {key for area in areas for key in area["properties"]["event_ids"]} <= set(rows)
    (told,) = (row for row in rows.values() if row["source"] == "Pass Monitor")
    assert told["evidence"] == "Rebels took control of Encamp on Wednesday."
    assert [rows[other]["source"] for other in told["merged"].split("; ")] == ["Valley Wire"]


def test_a_build_that_stops_half_way_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    pipeline.write_files(tmp_path, [("a.html", "old"), ("b.html", "old")])

    def stopped() -> Iterator[tuple[str, str]]:
        yield "a.html", "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.write_files(tmp_path, stopped())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.html": "old", "b.html": "old"}


def test_a_pipe_or_device_is_written_into_and_never_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        pipeline.write_file(pipe, "data")
        assert os.read(reader, 10) == b"data"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_pages_of_other_dates_are_told_and_left_as_they_are(tmp_path: Path, andorra: Theatre) -> None:
    old = tmp_path / "2029-12-31.html"
    old.write_text("old", encoding="utf-8")
    assert build(tmp_path, andorra).stale == (old,)
    assert old.read_text(encoding="utf-8") == "old"
