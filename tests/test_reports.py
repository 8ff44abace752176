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
    assert [f.split(": ")[0] for f in faults] == [f"{tmp_path}/r.jsonl:{n}" for n in (2, 3, 4)]


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


GOOD = {"id": "good", "published": "2024-11-30", "source": "s", "text": "t"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[" * 100_000, "nested"),
        ('{"id": ' + "1" * 5000 + "}", "not JSON"),
        (json.dumps({**GOOD, "id": "b", "text": "a\ud800b"}), "half a character"),
        (json.dumps({**GOOD, "id": "b", "text": "a\0b"}), "binary"),
        (json.dumps({**GOOD, "id": ["b"]}), "no text"),
        (json.dumps({**GOOD, "id": "b", "text": " \n "}), "no text"),
    ],
)
def test_a_line_that_breaks_the_parser_or_the_files_after_it_is_a_fault(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(f"{line}\n{json.dumps(GOOD)}\n", encoding="utf-8")
    reports, (fault,) = read(tmp_path)
    assert [r.id for r in reports] == ["good"]
    assert "r.jsonl:1: " in fault
    assert told in fault


@pytest.mark.parametrize(
    ("front", "told"),
    [("published: 2024-13-45", "month"), ("published: [2024", "line 2"), ("[" * 5000, "read"), ("a: \x07", "read")],
)
def test_front_matter_that_cannot_be_read_is_one_line_of_fault(front: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text(f"---\n{front}\n---\nRebels took Hama.\n", encoding="utf-8")
    (tmp_path / "good.md").write_text("---\npublished: 2024-11-30\n---\nRebels took Hama.\n", encoding="utf-8")
    reports, (fault,) = read(tmp_path)
    assert [r.id for r in reports] == ["good"]
    assert fault.startswith(f"{tmp_path / 'bad.md'}: ")
    assert told in fault
    assert "\n" not in fault


def test_a_table_keeps_long_texts_and_tells_rows_that_commas_have_torn(tmp_path: Path) -> None:
    long = "word " * 40_000
    rows = ["id,published,source,text", f'a,2024-11-30,s,"{long}"', "b,2024-11-30,s,Rebels took Hama, then Homs", "c,2024-11-30,s,t"]
    (tmp_path / "r.csv").write_text("\n".join(rows), encoding="utf-8")
    reports, (fault,) = read(tmp_path)
    assert [(r.id, len(r.text)) for r in reports] == [("a", len(long)), ("c", 1)]
    assert "r.csv:3: more fields than columns" in fault


def test_an_empty_file_is_told_whatever_its_form(tmp_path: Path) -> None:
    for suffix in ("txt", "md", "jsonl", "csv"):
        (tmp_path / f"empty.{suffix}").touch()
    reports, faults = read(tmp_path)
    assert not reports
    assert len(faults) == 4


def test_a_file_that_may_not_be_read_does_not_keep_the_others_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("closed.txt", "open.txt"):
        (tmp_path / name).write_text("30 November 2024\nRebels took Hama.", encoding="utf-8")
    read_text = Path.read_text

    def refuse(path: Path, **options: str) -> str:
        if path.name == "closed.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read_text(path, **options)

    monkeypatch.setattr(Path, "read_text", refuse)
    reports, faults = read(tmp_path)
    assert [r.id for r in reports] == ["open"]
    assert faults == [f"{tmp_path / 'closed.txt'}: Permission denied"]


@pytest.mark.parametrize(
    ("given", "ids", "fault"),
    [
        (b"id,published,source,text\na,2024-11-30,s,Rebels took Hama.\n", ["a"], None),
        ("\ufeff---\npublished: 2024-11-30\n---\nRebels took Hama.\n".encode(), ["stdin"], None),
        ("30 November 2024\nRebels took Hama\u2019s centre.".encode(), ["stdin"], None),
        (b"30 November 2024\nRebels took Hama\x92s centre.", [], "UTF-8"),
        (b"---\npublished: [2024\n---\nt", [], "line 2"),
    ],
)
def test_standard_input_is_read_as_a_file_is_in_any_locale(
    given: bytes, ids: list[str], fault: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="ascii", errors="surrogateescape"))
    reports, faults = read("-")
    assert [r.id for r in reports] == ids
    assert all("\ufeff" not in r.text for r in reports)
    assert [fault in told for told in faults] == ([True] if fault else [])


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
