"""The only file that joins the rooms: reports → toponyms → events → history → pages, and the files they end in."""

import csv
import dataclasses
import datetime as dt
import io
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.control.baseline import find_holders
from geo.control.history import build_history
from geo.control.ledger import build_ledger
from geo.errors import GazetteerError, ReportError
from geo.names import fold
from geo.places.gazetteer import Gazetteer
from geo.places.geocode import Candidate, geocode
from geo.places.imports import import_places
from geo.places.index import index_path
from geo.places.toponyms import ToponymFinder
from geo.places.unknown import MAYBE, UNKNOWN
from geo.publish import exports
from geo.publish.atlas import Tiles, make_atlas
from geo.publish.rows import Row, rows_of
from geo.reading.reader import Reader
from geo.reading.rules import RuleReader
from geo.records import Event, History, Place, Report, Toponym
from geo.theatre import Theatre

__all__ = [
    "Look", "Reading", "Summary", "Tiles", "build", "check_theatre", "draw_figure", "extract", "find_toponyms", "gazetteer_info",
    "geocode_name", "import_places", "load_reader", "make_history", "map_dates", "read", "search_places", "unresolved_csv", "write_file",
    "write_files",
]  # fmt: skip

READERS = ("model", "rules")
DEFAULT_READER = "model"
# a page a day up to a year; beyond it a page for each day with evidence
MOST_DAILY_PAGES = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one report gave: its toponyms, resolved and refused, and its events."""

    report: Report
    toponyms: tuple[Toponym, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a site is made: the interface's language, an online base map if any, Leaflet beside the pages or in each, and pictures."""

    lang: str = "en"
    tiles: Tiles | None = None
    shared_assets: bool = False
    figures: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build wrote: the dates that have a page, the files in order, and counts; ``stale`` are pages of other dates found there."""

    dates: tuple[dt.date, ...]
    files: tuple[Path, ...]
    stale: tuple[Path, ...] = ()
    reports: int
    events: int
    unresolved: int


def find_toponyms(reports: Iterable[Report], theatre: Theatre, *, refused: bool = False) -> Iterator[Toponym]:
    """Yield the place names of reports in text order; where ``refused`` is asked also those that are no place's, with the reason."""
    finder = ToponymFinder(_gazetteer(theatre), theatre)
    for report in reports:
        yield from (toponym for toponym in finder.find(report) if refused or toponym.refused in (None, UNKNOWN))


def geocode_name(name: str, theatre: Theatre, *, near: str | None = None) -> list[Candidate]:
    """Give the places that a name can mean, the best first; those near a place before others.

    Raises
    ------
    GazetteerError
        The place to be near is not known.
    """
    gazetteer = _gazetteer(theatre)
    anchors = geocode(near, gazetteer, limit=1) if near else []
    if near and not anchors:
        raise GazetteerError(f"--near: no place {near!r} in {theatre.name}")
    return geocode(name, gazetteer, near=anchors[0].place if anchors else None)


def search_places(name: str, theatre: Theatre) -> list[Place]:
    """Give the places one of whose names holds this text, by name; in the world only those that bear it whole."""
    gazetteer = _gazetteer(theatre)
    if gazetteer.is_world:
        return list(gazetteer.find(name))
    key = fold(name)
    found = [place for place in gazetteer.places if any(key in fold(other) for other in (place.name, *place.names))]
    return sorted(found, key=lambda place: (place.name, place.place_id))


def check_theatre(theatre: Theatre) -> None:
    """Check what only the gazetteer can tell of a theatre: that each row of the baseline names a place.

    Raises
    ------
    TheatreError
        Lists every row that names none.
    """
    find_holders(theatre, _gazetteer(theatre).places)


def gazetteer_info(theatre: Theatre) -> dict[str, str]:
    """Tell where a theatre's places come from and how many there are of each kind."""
    gazetteer = _gazetteer(theatre)
    info = {
        "index": str(index_path()),
        "theatre": theatre.name,
        "places": str(len(gazetteer.places)) if gazetteer.places else "read on demand",
    }
    sources = Counter(place.place_id.partition(":")[0] for place in gazetteer.places)
    kinds = Counter(place.kind for place in gazetteer.places)
    info |= {f"source {source}": str(count) for source, count in sorted(sources.items())}
    return info | {f"kind {kind}": str(count) for kind, count in sorted(kinds.items())}


def read(reports: Iterable[Report], theatre: Theatre, *, reader: str = DEFAULT_READER) -> Iterator[Reading]:
    """Yield each report with its toponyms and events; memory stays flat however many there are."""
    finder = ToponymFinder(_gazetteer(theatre), theatre)
    chosen = load_reader(theatre, reader)
    for report in reports:
        toponyms = tuple(finder.find(report))
        resolved = [toponym for toponym in toponyms if toponym.place is not None]
        yield Reading(report=report, toponyms=toponyms, events=tuple(chosen.read(report, resolved)))


def extract(reports: Iterable[Report], theatre: Theatre, *, reader: str = DEFAULT_READER) -> Iterator[Event]:
    """Yield the events of reports, report by report."""
    for reading in read(reports, theatre, reader=reader):
        yield from reading.events


def load_reader(theatre: Theatre, name: str = DEFAULT_READER) -> Reader:
    """Give the reader of this name; ``ValueError`` where there is none."""
    if name == "rules":
        return RuleReader(theatre)
    if name == "model":
        from geo.reading.model import ModelReader  # noqa: PLC0415 - the rules need not wait for onnxruntime

        return ModelReader(theatre)
    raise ValueError(f"no reader {name!r}; known are {', '.join(READERS)}")


def make_history(events: Iterable[Event], theatre: Theatre, dates: Sequence[dt.date]) -> History:
    """Turn events into who held what on each date."""
    ordered = sorted(events, key=lambda event: (event.published, event.report_id, event.start, event.event_id))
    return build_history(build_ledger(ordered, theatre), _gazetteer(theatre).places, theatre, dates)


def draw_figure(
    events: Iterable[Event],
    theatre: Theatre,
    dates: Sequence[dt.date],
    *,
    form: str = "png",
    size: tuple[float, float] | None = None,
    lang: str = "en",
) -> bytes:
    """Draw one date, or several side by side, for print and slides."""
    from geo.publish.figure import render_figure  # noqa: PLC0415  # whoever reads reports need not wait for matplotlib

    ordered = sorted(set(dates))
    return render_figure(make_history(events, theatre, ordered), ordered, theatre, form=form, size=size, lang=lang)


def map_dates(
    reports: Sequence[Report], events: Sequence[Event], *, first: dt.date | None = None, last: dt.date | None = None
) -> list[dt.date]:
    """Give the dates that get a page: each day from the first report to the last, or those with evidence where that is over a year.

    ``first`` and ``last`` override the ends. History told in a report never adds a date before the first report.
    """
    known = sorted({report.published for report in reports} | {event.published for event in events})
    if not known and (first is None or last is None):
        raise ReportError("no report and no event, so no date to map; give reports, or --from and --to")
    start, end = first or known[0], last or known[-1]
    if start > end:
        raise ReportError(f"the first date, {start}, is after the last, {end}")
    days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    if len(days) <= MOST_DAILY_PAGES:
        return days
    evidence = set(known) | {event.date for event in events}
    return [day for day in days if day in evidence]


def build(
    reports: Iterable[Report],
    theatre: Theatre,
    out: Path,
    *,
    events: Iterable[Event] = (),
    first: dt.date | None = None,
    last: dt.date | None = None,
    reader: str = DEFAULT_READER,
    look: Look = Look(),
    progress: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Build the whole site into a folder: a page for each date, the timeline, and the data behind them.

    ``events`` are an analyst's own or edited ones: they outrank those read from the reports that
    have the same ``event_id``. All files are made before the first takes its old version's place, so that a build
    that stops half-way leaves the folder as it was.
    """
    readings = sorted(read(reports, theatre, reader=reader), key=lambda reading: (reading.report.published, reading.report.id))
    progress(f"read {len(readings)} reports")
    merged = {event.event_id: event for reading in readings for event in reading.events} | {event.event_id: event for event in events}
    found = list(merged.values())
    dates = map_dates([reading.report for reading in readings], found, first=first, last=last)
    history = make_history(found, theatre, dates)
    progress(f"placed {len(found)} events on {len(dates)} dates")
    unresolved = [toponym for reading in readings for toponym in reading.toponyms if toponym.refused in (UNKNOWN, MAYBE)]
    files = write_files(out, _site(history, _weighed(found, history), theatre, unresolved, look))
    stale = sorted(path for path in out.glob("????-??-??.html") if path not in files)
    return Summary(
        dates=tuple(dates), files=tuple(files), stale=tuple(stale), reports=len(readings), events=len(found), unresolved=len(unresolved)
    )


def write_file(path: Path, content: str | bytes) -> Path:
    """Write a file whole or not at all; what is no plain file (``/dev/stdout``, a pipe) is written into, never replaced."""
    if path.exists() and not path.is_file():
        _fill(path, content, path)
        return path
    return write_files(path.parent, [(path.name, content)])[0]


def write_files(folder: Path, contents: Iterable[tuple[str, str | bytes]]) -> list[Path]:
    """Write files by their names into a folder, all or none: aside first, and when the last one is whole each over its old version."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".controlmap-", dir=folder) as aside:
        names = []
        for name, content in contents:
            Path(aside, name).parent.mkdir(parents=True, exist_ok=True)
            _fill(Path(aside, name), content, folder / name)
            names.append(name)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        return [Path(aside, name).replace(folder / name) for name in names]


def _fill(path: Path, content: str | bytes, meant: Path) -> None:
    """Write a file; a fault (a full disk) names the file that was meant, not the one aside."""
    try:
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        error.filename = str(meant)
        raise


def unresolved_csv(toponyms: Iterable[Toponym]) -> str:
    """List what looked like a place and was refused, in the columns that ``gazetteer import`` reads back once completed."""
    counts: dict[tuple[str, str, str], int] = {}
    reports: dict[tuple[str, str, str], set[str]] = {}
    for toponym in toponyms:
        key = (toponym.text, toponym.refused or "", " | ".join(toponym.suggestions))
        counts[key] = counts.get(key, 0) + 1
        reports.setdefault(key, set()).add(toponym.report_id)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "kind", "lat", "lon", "refused", "suggestions", "mentions", "reports"])
    for key in sorted(counts):
        writer.writerow([key[0], "", "", "", key[1], key[2], counts[key], " ".join(sorted(reports[key]))])
    return out.getvalue()


def _weighed(events: Iterable[Event], history: History) -> pd.DataFrame:
    """Give each event a row in the ledger's order, those that it merged too: areas name them, and each has a sentence of its own."""
    by_id = {event.event_id: event for event in events}
    rows: list[Row] = []
    for row in rows_of(history.ledger.drop(columns="geometry")):
        alike = {row["event_id"], *row["merged"]}
        rows.append(row)
        rows += [{**row, **dataclasses.asdict(by_id[other]), "merged": tuple(sorted(alike - {other}))} for other in row["merged"]]
    return pd.DataFrame(rows, columns=[column for column in history.ledger.columns if column != "geometry"])


def _site(
    history: History, events: pd.DataFrame, theatre: Theatre, unresolved: Sequence[Toponym], look: Look
) -> Iterator[tuple[str, str | bytes]]:
    from geo.publish.figure import render_figure  # noqa: PLC0415  # nor for folium
    from geo.publish.page import render_page, shared_assets  # noqa: PLC0415  # the same
    from geo.publish.timeline import render_timeline  # noqa: PLC0415  # the same

    atlas = make_atlas(history, theatre, lang=look.lang, tiles=look.tiles, shared=look.shared_assets)
    for date in history.dates:
        yield f"{date}.html", render_page(history, date, theatre, lang=look.lang, atlas=atlas)
        if look.figures:
            yield f"{date}.png", render_figure(history, [date], theatre, lang=look.lang, atlas=atlas)
    yield "index.html", render_timeline(history, theatre, lang=look.lang, atlas=atlas)
    if look.shared_assets:
        yield from shared_assets().items()
    yield "areas.geojson", exports.areas_geojson(history.areas)
    yield "events.geojson", exports.events_geojson(events)
    yield "events.csv", exports.events_csv(events)
    yield "unresolved.csv", unresolved_csv(unresolved)


def _gazetteer(theatre: Theatre) -> Gazetteer:
    return Gazetteer.world() if theatre.name == "world" else Gazetteer.for_theatre(theatre)
