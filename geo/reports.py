"""Files, folders and standard input to reports: text, Markdown, JSON lines and CSV, each fault told and the rest read.

A file's date stands in its front matter or its dateline, or is given for all files without one;
a report without a date is a fault, since nothing in it can be dated.
"""

import csv
import datetime as dt
import hashlib
import io
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_CSV_FIELD_CHARACTERS = 1 << 24  # the csv module stops at 131,072, which a long report passes
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
            for report in _read_source(file, published, on_fault):
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


def is_english(report: Report) -> bool:
    """Tell whether a report can be in English: by its ``lang``, else by its script, and not where it has no letters.

    Examples
    --------
    >>> import datetime as dt
    >>> day = dt.date(2024, 11, 30)
    >>> [is_english(Report(id="1", published=day, source="s", text=text)) for text in ("Rebels took Hama.", "سيطرت الفصائل على حماة")]
    [True, False]
    """
    if report.lang:
        return report.lang.lower().startswith("en")
    letters = [letter for letter in report.text[:2000] if letter.isalpha()]
    return 2 * sum(letter < "\u0250" for letter in letters) >= len(letters)  # up to here the Latin letters of Europe


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


def _read_source(file: str | Path, published: dt.date | None, on_fault: Callable[[str], None]) -> Iterator[Report]:
    """Yield the reports of one file or of standard input; what makes it unreadable as a whole is one fault."""
    name = "stdin" if file == STDIN else str(file)
    try:
        yield from _read_stdin(published, on_fault) if file == STDIN else _read_file(Path(file), published, on_fault)
    except UnicodeDecodeError as error:
        on_fault(f"{name}: not text in UTF-8 (byte {error.start}); save it as UTF-8")
    except ReportError as error:
        on_fault(f"{name}: {error}")
    except OSError as error:
        on_fault(f"{name}: {error.strerror or error}")


def _read_file(path: Path, published: dt.date | None, on_fault: Callable[[str], None]) -> Iterator[Report]:
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = _json_rows(stream, str(path), on_fault) if suffix == ".jsonl" else _csv_rows(stream, str(path), on_fault)
            yield from _from_rows(rows, published, on_fault)
    else:
        row = _text_row(path.read_text(encoding="utf-8-sig"), path.stem, markdown=suffix == ".md")
        yield from _from_rows([(str(path), row)], published, on_fault)


def _read_stdin(published: dt.date | None, on_fault: Callable[[str], None]) -> Iterator[Report]:
    """Read JSON lines or CSV where the first line is of that form, else one report as text."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="strict")  # as files are read, whatever the locale
    first = sys.stdin.readline()
    lines = itertools.chain([first], sys.stdin)
    if first.lstrip().startswith("{"):
        yield from _from_rows(_json_rows(lines, "stdin", on_fault), published, on_fault)
    elif _is_csv_head(first.strip().split(",")):
        yield from _from_rows(_csv_rows(lines, "stdin", on_fault), published, on_fault)
    else:
        yield from _from_rows([("stdin", _text_row("".join(lines), "stdin", markdown=first.startswith("---")))], published, on_fault)


def _json_rows(lines: Iterable[str], name: str, on_fault: Callable[[str], None]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    number = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        origin = f"{name}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            on_fault(f"{origin}: not JSON: {fault_in_json(error)}")
            continue
        if isinstance(row, dict):
            yield origin, row
        else:
            on_fault(f"{origin}: a JSON {type(row).__name__}, not an object with id, published, source, text")
    if not number:
        raise ReportError("an empty file")


def fault_in_json(error: ValueError | RecursionError) -> str:
    """Tell in a few words what ``json.loads`` could not read."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno}"
    return "nested too deep" if isinstance(error, RecursionError) else "a number of too many digits"


def _is_csv_head(columns: Sequence[str]) -> bool:
    return {"id", "published", "source", "text"} <= set(columns) or _is_acled(columns)


def _is_acled(columns: Sequence[str]) -> bool:
    return {"event_date", "notes"} <= set(columns)


def _csv_rows(lines: Iterable[str], name: str, on_fault: Callable[[str], None]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    csv.field_size_limit(_CSV_FIELD_CHARACTERS)
    reader = csv.DictReader(lines)
    try:
        columns = reader.fieldnames or ()
        if not _is_csv_head(columns):
            raise ReportError("line 1: the columns are at least id, published, source, text (or those of an ACLED download)")
        names = {key: _ACLED.get(key, key) for key in columns} if _is_acled(columns) else {key: key for key in columns}
        extra = {"source_kind": "acled-note"} if _is_acled(columns) else {}
        for row in reader:
            origin = f"{name}:{reader.line_num}"
            if None in row:
                on_fault(f"{origin}: more fields than columns; a text with commas stands between double quotes")
                continue
            yield origin, {names[key]: value for key, value in row.items()} | extra
    except csv.Error as error:
        raise ReportError(f"line {reader.line_num}: {error}; nothing after this line is read") from error


def _text_row(text: str, stem: str, *, markdown: bool) -> Mapping[str, Any]:
    """Give a text's fields: its front matter over its file's name, and the dateline's date."""
    head: Mapping[str, Any] = {}
    if markdown and text.startswith("---"):
        front, mark, body = text[3:].partition("\n---")
        loaded = _front_matter(front) if mark else None
        if not isinstance(loaded, dict):
            raise ReportError("the front matter is no list of `key: value` between two lines of ---")
        head, text = loaded, body.partition("\n")[2]
    dateline = next((line for line in text.splitlines() if line.strip()), "")[:_DATELINE_CHARACTERS]
    return {"id": stem, "source": stem, "published": parse_date(dateline), **head, "text": text.strip("\n")}


def _front_matter(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ReportError(f"{line}the front matter is not YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: the 31st of February
        raise ReportError(f"the front matter cannot be read: {' '.join(str(error).split())}; write dates as YYYY-MM-DD") from error


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
    if not isinstance(text, str) or not text.strip():
        raise ReportError("no text")
    for key in ("id", "source"):
        if row.get(key) in (None, ""):
            raise ReportError(f"no {key}")
    for key in ("id", "source", "source_kind", "lang", "url", "title", "text"):
        _check_text(key, row.get(key))
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


def _check_text(key: str, value: object) -> None:
    """Refuse what is no text, or text that no file in UTF-8 can hold."""
    if isinstance(value, list | dict):
        raise ReportError(f"{key}: {value!r} is no text")
    written = str(value or "")
    if "\0" in written:
        raise ReportError(f"{key}: binary, not text")
    try:
        written.encode()
    except UnicodeEncodeError as error:
        raise ReportError(f"{key}: half a character (a lone surrogate) at {error.start}; write it whole") from error
