"""Reports come in whole or are told: every form that is read, every fault that can be mended."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ReportError
from geo.records import Report
from geo.reports import parse_date, read_reports

NOV30 = dt.date(2024, 11, 30)


def read(*paths: Path | str, published: dt.date | None = None) -> tuple[list[Report], list[str]]:
    faults: list[str] = []
    return list(read_reports(paths, published=published, on_fault=faults.append)), faults


def test_markdown_takes_its_fields_from_the_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\npublished: 2024-11-30\nsource: Wire\nsource_kind: wire\n---\nRebels took Saraqib.\n", encoding="utf-8"
    )
    (report,), faults = read(tmp_path)
    assert (report.id, report.published, report.source, report.source_kind, report.text) == (
        "a",
        NOV30,
        "Wire",
        "wire",
        "Rebels took Saraqib.",
    )
    assert not faults


def test_a_dateline_with_its_year_dates_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("BEIRUT, November 30, 2024 - Rebels took Saraqib.", encoding="utf-8")
    assert read(tmp_path)[0][0].published == NOV30


def test_a_text_without_a_date_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rebels took Saraqib on 30 November.", encoding="utf-8")
    reports, faults = read(tmp_path)
    assert not reports
    assert "a.txt" in faults[0]
    assert "--published" in faults[0]
    assert read(tmp_path, published=NOV30)[0][0].published == NOV30


def test_a_bad_line_is_told_with_its_number_and_the_good_ones_still_come(tmp_path: Path) -> None:
    good = json.dumps({"id": "r1", "published": "2024-11-30", "source": "s", "text": "t"})
    (tmp_path / "r.jsonl").write_text(
        f"{good}\n{{broken\n[1]\n" + json.dumps({"id": "r2", "published": "soon", "source": "s", "text": "t"}), encoding="utf-8"
    )
    reports, faults = read(tmp_path)
    assert [r.id for r in reports] == ["r1"]
    assert [f.split(": ")[0] for f in faults] == ["r.jsonl:2", "r.jsonl:3", "r.jsonl:4"]


def test_an_acled_download_is_read_as_reports(tmp_path: Path) -> None:
    (tmp_path / "acled.csv").write_text(
        'event_id_cnty,event_date,source,notes\nSYR1,30 November 2024,SOHR,"HTS took Saraqib."\n', encoding="utf-8"
    )
    (report,), _ = read(tmp_path)
    assert (report.id, report.published, report.source_kind, report.text) == ("SYR1", NOV30, "acled-note", "HTS took Saraqib.")


def test_binary_files_and_other_encodings_are_faults_not_crashes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    (tmp_path / "b.txt").write_bytes(b"ab\0cd")
    reports, faults = read(tmp_path, published=NOV30)
    assert not reports
    assert len(faults) == 2


def test_a_report_given_twice_is_read_once_and_an_id_used_twice_is_told(tmp_path: Path) -> None:
    row = {"id": "r1", "published": "2024-11-30", "source": "s", "text": "t"}
    (tmp_path / "r.jsonl").write_text("\n".join(json.dumps(r) for r in (row, row, {**row, "text": "other"})), encoding="utf-8")
    reports, faults = read(tmp_path)
    assert len(reports) == 1
    assert "r.jsonl:3" in faults[0]


def test_an_empty_folder_and_a_missing_file_say_what_is_read(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"\.jsonl"):
        read(tmp_path)
    with pytest.raises(ReportError, match="no such file"):
        read(tmp_path / "none.md")


def test_standard_input_takes_json_lines_or_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": "a", "published": "2024-11-30", "source": "s", "text": "t"}\n'))
    assert read("-")[0][0].id == "a"
    monkeypatch.setattr("sys.stdin", io.StringIO("Rebels took Saraqib.\nMore."))
    assert read("-", published=NOV30)[0][0].text == "Rebels took Saraqib.\nMore."


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_every_way_to_write_a_full_date_reads_as_that_date(date: dt.date) -> None:
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[date.month - 1]
    written = (
        date.isoformat(),
        f"{date.day} {month} {date.year}",
        f"{month}. {date.day}, {date.year}",
        f"PLACE, {date.day} {month} {date.year} -",
    )
    assert {parse_date(text) for text in written} == {date}


@given(st.text())
def test_no_text_breaks_the_date_parser(text: str) -> None:
    assert parse_date(text) is None or isinstance(parse_date(text), dt.date)
