"""Files, folders and standard input to reports: text, Markdown, JSON lines and CSV, each fault told and the rest read.

A file's date stands in its front matter or its dateline, or is given for all files without one;
a report without a date is a fault, since nothing in it can be dated.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from geo.errors import ReportError
from geo.records import SOURCE_KINDS, Report

SUFFIXES = (".txt", ".md", ".jsonl", ".csv")
STDIN = "-"

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
# full dates, year included: a dateline that leaves the year out does not date a report
_FULL_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
    re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]{2,8})\.?,?\s+(?P<year>\d{4})"),
    re.compile(r"(?P<month>[A-Z][a-z]{2,8})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})"),
)
_DATELINE_CHARACTERS = 120  # a date later in the text is news, not the dateline
# how an ACLED download names what a report calls otherwise
_ACLED = {"event_id_cnty": "id", "event_date": "published", "notes": "text"}


def read_reports(paths: Iterable[str | Path], *, published: dt.date | None = None, on_fault: Callable[[str], None]) -> Iterator[Report]:
    """Yield the reports of files, folders and standard input (``-``), one by one, in the order of their names.

    Parameters
    ----------
    paths
        Files, or folders of which every file of a known form is read, sorted by name.
    published
        The date of files that state none.
    on_fault
        Called with one message for each record that cannot be read; the others still come.

    Raises
    ------
    ReportError
        A path that does not exist, or holds no file of a known form.
    """
    seen: dict[str, bytes] = {}  # the same report given twice is read once
    for path in paths:
        for file in _files(path):
            for report in _read_file(file, published, on_fault):
                digest = hashlib.sha256(f"{report.published}\n{report.text}".encode("utf-8", "surrogatepass")).digest()
                known = seen.setdefault(report.id, digest)
                if known is digest:
                    yield report
                elif known != digest:
                    on_fault(f"{report.origin}: id {report.id!r} is another report's too; give each report its own")


def parse_date(text: str) -> dt.date | None:
    """Read a full date, or give ``None``.

    Examples
    --------
    >>> parse_date("30 November 2024"), parse_date("Nov. 30, 2024"), parse_date("2024-11-30"), parse_date("November 30")
    (datetime.date(2024, 11, 30), datetime.date(2024, 11, 30), datetime.date(2024, 11, 30), None)
    """
    for pattern in _FULL_DATES:
        for match in pattern.finditer(text):
            try:
                return dt.date(int(match["year"]), _month(match["month"]), int(match["day"]))
            except ValueError:
                continue
    return None


def _month(text: str) -> int:
    """Give a month's number, 0 where the word names none."""
    return int(text) if text.isdigit() else next((n for n, full in enumerate(_MONTHS, 1) if full.startswith(text.lower())), 0)


def _files(path: str | Path) -> list[str | Path]:
    if str(path) == STDIN:
        return [STDIN]
    path = Path(path)
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)
        if not found:
            raise ReportError(f"{path}: no report in this folder; reports are files that end in {', '.join(SUFFIXES)}")
        return list(found)
    if not path.exists():
        raise ReportError(f"{path}: no such file or folder")
    if path.suffix.lower() not in SUFFIXES:
        raise ReportError(f"{path}: not a form that is read; reports are files that end in {', '.join(SUFFIXES)}")
    return [path]


def _read_file(file: str | Path, published: dt.date | None, on_fault: Callable[[str], None]) -> Iterator[Report]:
    if file == STDIN:
        yield from _read_stdin(published, on_fault)
        return
    path = Path(file)
    suffix = path.suffix.lower()
    try:
        if suffix in (".jsonl", ".csv"):
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = _json_rows(stream, path.name, on_fault) if suffix == ".jsonl" else _csv_rows(stream, path.name)
                yield from _from_rows(rows, published, on_fault)
        else:
            text = path.read_text(encoding="utf-8-sig")
            if "\0" in text:
                on_fault(f"{path}: a binary file, not text")
                return
            yield from _from_rows([(str(path), _text_row(text, path.stem, markdown=suffix == ".md"))], published, on_fault)
    except UnicodeDecodeError as error:
        on_fault(f"{path}: not text in UTF-8 (byte {error.start}); save it as UTF-8")
    except (ReportError, yaml.YAMLError, csv.Error) as error:
        on_fault(f"{path}: {error}")


def _read_stdin(published: dt.date | None, on_fault: Callable[[str], None]) -> Iterator[Report]:
    """Read JSON lines where the first line is a JSON object, else one report as text."""
    first = sys.stdin.readline()
    if first.lstrip().startswith("{"):
        lines = _chain(first, sys.stdin)
        yield from _from_rows(_json_rows(lines, "stdin", on_fault), published, on_fault)
    else:
        row = _text_row(first + sys.stdin.read(), "stdin", markdown=first.startswith("---"))
        yield from _from_rows([("stdin", row)], published, on_fault)


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _json_rows(lines: Iterable[str], name: str, on_fault: Callable[[str], None]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        origin = f"{name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            on_fault(f"{origin}: not JSON: {error.msg} at character {error.colno}")
            continue
        if isinstance(row, dict):
            yield origin, row
        else:
            on_fault(f"{origin}: a JSON {type(row).__name__}, not an object with id, published, source, text")


def _csv_rows(stream: io.TextIOBase, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.DictReader(stream)
    acled = {"event_date", "notes"} <= set(reader.fieldnames or ())
    if not acled and not {"id", "published", "source", "text"} <= set(reader.fieldnames or ()):
        raise ReportError("line 1: the columns are at least id, published, source, text (or those of an ACLED download)")
    for row in reader:
        extra = {"source_kind": "acled-note"} if acled else {}
        yield f"{name}:{reader.line_num}", {**{_ACLED.get(key, key) if acled else key: value for key, value in row.items() if key}, **extra}


def _text_row(text: str, stem: str, *, markdown: bool) -> Mapping[str, Any]:
    """Give a text's fields: its front matter over its file's name, and the dateline's date."""
    head: Mapping[str, Any] = {}
    if markdown and text.startswith("---"):
        front, mark, body = text[3:].partition("\n---")
        loaded = yaml.safe_load(front) if mark else None
        if not isinstance(loaded, dict):
            raise ReportError("the front matter is no list of `key: value` between two lines of ---")
        head, text = loaded, body.partition("\n")[2]
    dateline = next((line for line in text.splitlines() if line.strip()), "")[:_DATELINE_CHARACTERS]
    return {"id": stem, "source": stem, "published": parse_date(dateline), **head, "text": text.strip("\n")}


def _from_rows(
    rows: Iterable[tuple[str, Mapping[str, Any]]], published: dt.date | None, on_fault: Callable[[str], None]
) -> Iterator[Report]:
    for origin, row in rows:
        try:
            yield _report(row, origin, published)
        except ReportError as error:
            on_fault(f"{origin}: {error}")


def _report(row: Mapping[str, Any], origin: str, published: dt.date | None) -> Report:
    text = row.get("text")
    if not isinstance(text, str):
        raise ReportError("no text")
    for key in ("id", "source"):
        if row.get(key) in (None, ""):
            raise ReportError(f"no {key}")
    stated = row.get("published")
    date = stated if isinstance(stated, dt.date) else parse_date(str(stated or ""))
    if stated and date is None:
        raise ReportError(f"published: {stated!r} is no date; write YYYY-MM-DD")
    date = date or published
    if date is None:
        raise ReportError("no date: write `published: YYYY-MM-DD` in its front matter or a dateline with the year, or give --published D")
    kind = str(row.get("source_kind") or "other")
    if kind not in SOURCE_KINDS:
        raise ReportError(f"source_kind: {kind!r} is none of {', '.join(SOURCE_KINDS)}")
    known = {key: str(row[key]) for key in ("lang", "url", "title") if row.get(key)}
    day = date.date() if isinstance(date, dt.datetime) else date
    return Report(id=str(row["id"]), published=day, source=str(row["source"]), text=text, source_kind=kind, origin=origin, **known)
