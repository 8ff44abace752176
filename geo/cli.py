"""The command ``controlmap``: parse, call one function, echo; data to stdout or ``-o``, words to stderr."""

import dataclasses
import datetime as dt
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from geo import __version__, pipeline
from geo.errors import ControlmapError
from geo.eventfile import event_row, read_events
from geo.publish import exports
from geo.publish.embed import FORMS, HEIGHT, embed_snippet
from geo.publish.words import languages
from geo.records import Event, Report
from geo.reports import read_reports
from geo.resources import seeds_path
from geo.theatre import Theatre, load_theatre, load_world, new_theatre, theatre_names

Command = Callable[..., None]
DAY = click.DateTime(["%Y-%m-%d"])
CANDIDATE = "{name}: {rank}. {place}, {kind}, {country}  {lat:.4f} {lon:.4f}  {match} {score:.2f}  {place_id}"
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

theatre_option = click.option("--theatre", default="syria", show_default=True, help="A theatre that ships, or a folder's path.")
output_option = click.option("-o", "--output", type=FILE, help="Write here, not to stdout.")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a command reads from: reports, an analyst's own events, and the theatre; with the count of faults found on the way."""

    paths: tuple[str, ...]
    theatre: Theatre
    published: dt.date | None
    reader: str = pipeline.DEFAULT_READER
    events_file: Path | None = None
    faults: list[str] = dataclasses.field(default_factory=list)

    def reports(self) -> Iterator[Report]:
        """Yield the reports that can be read."""
        return read_reports(self.paths, published=self.published, on_fault=self.tell)

    def own_events(self) -> list[Event]:
        """Give the events of the analyst's file."""
        return list(read_events(self.events_file, on_fault=self.tell)) if self.events_file else []

    def events(self) -> list[Event]:
        """Give the events read from the reports and the analyst's own, which outrank those of the same id."""
        read = pipeline.extract(self.reports(), self.theatre, reader=self.reader)
        return list({event.event_id: event for event in (*read, *self.own_events())}.values())

    def tell(self, fault: str) -> None:
        """Echo a fault when it comes, and keep it for the exit code."""
        self.faults.append(fault)
        click.echo(f"fault: {fault}", err=True)


def takes_source(*, reader: bool = True) -> Callable[[Command], Command]:
    """Give a command the options of everything that reads reports, as one ``source``; it exits with 1 where a record was at fault."""

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def wrapped(*, reports: tuple[str, ...], theatre: str, published: dt.datetime | None, **options: Any) -> None:  # noqa: ANN401  # click's
            chosen = {key: options.pop(key) for key in ("reader", "events_file") if key in options}
            source = Source(paths=reports, theatre=_theatre(theatre), published=_day(published), **chosen)
            command(source, **options)
            if source.faults:
                click.echo(f"{len(source.faults)} left out; the rest went through", err=True)
                sys.exit(1)

        dressed: Command = known_errors(wrapped)
        if reader:
            dressed = click.option("--reader", type=click.Choice(pipeline.READERS), default=pipeline.DEFAULT_READER, show_default=True)(
                dressed
            )
            events_help = "Events (jsonl, csv) of your own, or edited; they outrank those read."
            dressed = click.option(
                "--events", "events_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=events_help
            )(dressed)
        dressed = click.option("--published", type=DAY, metavar="D", help="Date of reports that state none (YYYY-MM-DD).")(dressed)
        return click.argument("reports", nargs=-1, metavar="REPORTS...")(theatre_option(dressed))

    return decorate


def known_errors(command: Command) -> Command:
    """Turn the faults that a user can mend into one message and exit code 1."""

    @functools.wraps(command)
    def wrapped(**options: Any) -> None:  # noqa: ANN401  # click's
        try:
            command(**options)
        except ControlmapError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'file'}: {error.strerror or error}") from error

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="controlmap")
def main() -> None:
    """Turn reports of an armed conflict into dated control maps.

    \b
    controlmap build seeds --out maps          a map for each date, from the example reports
    controlmap extract report.md               the events that a report tells
    controlmap geocode "Maarat al-Numan"       where a name lies
    """  # noqa: D301  # click reads the backspace: it keeps the lines below as they are


@main.command()
@click.option("--out", type=FOLDER, default=Path("maps"), show_default=True, help="Folder to write into.")
@click.option("--from", "first", type=DAY, metavar="D", help="First date to map; default: of the first report.")
@click.option("--to", "last", type=DAY, metavar="D", help="Last date to map; default: of the last report.")
@click.option("--example", is_flag=True, help="Build from the example reports that ship.")
@takes_source()
def build(source: Source, *, out: Path, first: dt.datetime | None, last: dt.datetime | None, example: bool) -> None:
    """Build the maps: a page for each date, the timeline, and the data behind them."""
    if example:
        source = dataclasses.replace(source, paths=(*source.paths, str(seeds_path())))
    if not source.paths and source.events_file is None:
        raise click.UsageError("give REPORTS (files or folders), --events FILE, or --example")
    made = pipeline.build(
        source.reports(), source.theatre, out,
        events=source.own_events(), first=_day(first), last=_day(last), reader=source.reader, progress=_say,
    )  # fmt: skip
    _say(f"wrote {len(made.files)} files into {out}: {len(made.dates)} dates, {made.events} events of {made.reports} reports")
    _say(f"{made.unresolved} names were refused or not found; unresolved.csv lists them")


@main.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "geojson", "acled"]), default="jsonl", show_default=True)
@output_option
@takes_source()
def extract(source: Source, *, form: str, output: Path | None) -> None:
    """Read reports and give the events that they tell."""
    if form == "jsonl" and source.events_file is None:
        _write_lines((event_row(event) for event in pipeline.extract(source.reports(), source.theatre, reader=source.reader)), output)
        return
    events = source.events()
    if form == "jsonl":
        _write_lines(map(event_row, events), output)
    elif form == "acled":
        _write(exports.acled_csv(exports.events_frame(events), theatre=source.theatre), output)
    else:
        _write({"csv": exports.events_csv, "geojson": exports.events_geojson}[form](exports.events_frame(events)), output)


@main.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "geojson"]), default="jsonl", show_default=True)
@click.option("--explain", is_flag=True, help="Also the names that were refused, with the reason.")
@output_option
@takes_source(reader=False)
def toponyms(source: Source, *, form: str, explain: bool, output: Path | None) -> None:
    """Give the place names in reports and the places that they mean."""
    found = pipeline.find_toponyms(source.reports(), source.theatre, refused=explain)
    if form == "jsonl":
        _write_lines(map(exports.toponym_row, found), output)
    else:
        _write(exports.toponyms_geojson(found), output)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@theatre_option
@click.option("--near", metavar="PLACE", help="Prefer what lies near this place.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@known_errors
def geocode(*, names: tuple[str, ...], theatre: str, near: str | None, form: str) -> None:
    """Find where names lie: the best place first, then the runners-up, each with method and score."""
    missing = [name for name in names if not _geocode(name, _theatre(theatre), near, form)]
    if missing:
        sys.exit(1)


@main.command()
@click.option("--date", "day", type=DAY, required=True, metavar="D", help="The date (YYYY-MM-DD).")
@click.option("--format", "form", type=click.Choice(["geojson", "gpkg", "parquet", "kml"]), default="geojson", show_default=True)
@output_option
@takes_source()
def areas(source: Source, *, day: dt.datetime, form: str, output: Path | None) -> None:
    """Give the areas of control on a date; without reports, those of the theatre's baseline."""
    history = pipeline.make_history(source.events(), source.theatre, [day.date()])
    _write(exports.write_areas(history.areas, form, theatre=source.theatre), output)


@main.command()
@click.argument("dates", nargs=2, type=DAY, metavar="D1 D2")
@click.option("--format", "form", type=click.Choice(["text", "csv", "geojson"]), default="text", show_default=True)
@output_option
@takes_source()
def diff(source: Source, *, dates: tuple[dt.datetime, dt.datetime], form: str, output: Path | None) -> None:
    """Give what changed hands between two dates: from whom, to whom, km² with its error, places."""
    first, last = (moment.date() for moment in dates)
    if first >= last:
        raise click.UsageError(f"the first date, {first}, is not before the second, {last}")
    changes = pipeline.make_history(source.events(), source.theatre, [first, last]).changes
    writers = {"text": exports.changes_text, "csv": exports.changes_csv, "geojson": exports.changes_geojson}
    _write(writers[form](changes), output)


@main.command()
@click.argument("day", type=DAY, metavar="D")
@click.option("--maps", type=FOLDER, default=Path("maps"), show_default=True, help="The folder that build wrote.")
@click.option("--format", "form", type=click.Choice(FORMS), default="iframe", show_default=True)
@click.option("--title", default=None, help="The frame's title; default: the date.")
@click.option("--height", type=click.IntRange(min=120), default=HEIGHT, show_default=True, help="Height of the frame in pixels.")
@click.option("--lang", type=click.Choice(languages()), default="en", show_default=True)
@known_errors
def embed(*, day: dt.datetime, maps: Path, form: str, title: str | None, height: int, lang: str) -> None:
    """Give the snippet that embeds a date's map in a report."""
    page = maps / f"{day.date()}.html"
    if not page.is_file():
        raise click.ClickException(f"{page}: no such page; `controlmap build REPORTS --out {maps}` writes one for each date")
    picture = page.with_suffix(".png")
    snippet = embed_snippet(
        page.as_posix(), form=form, title=title or f"Who holds what, {day.date()}", height=height, lang=lang,
        html=page.read_text(encoding="utf-8") if form == "inline" else None, figure=picture.as_posix() if picture.is_file() else None,
    )  # fmt: skip
    click.echo(snippet, nl=False)


@main.group("theatre")
def theatre_group() -> None:
    """List, start and check theatres: the configuration of one conflict."""


@theatre_group.command("list")
def theatre_list() -> None:
    """Name the theatres that ship."""
    for name in theatre_names():
        click.echo(name)


@theatre_group.command("new")
@click.argument("folder", type=FOLDER)
@click.option("--countries", required=True, help="ISO 3166 alpha-2 codes, with commas: SY or RW,CD.")
@click.option("--start", type=DAY, required=True, metavar="D", help="The date of the baseline.")
@known_errors
def theatre_new(*, folder: Path, countries: str, start: dt.datetime) -> None:
    """Write a folder to start a theatre from."""
    for path, content in new_theatre(folder, [code.strip().upper() for code in countries.split(",")], start.date()):
        _say(f"wrote {pipeline.write_file(path, content)}")


@theatre_group.command("check")
@click.argument("name")
@known_errors
def theatre_check(*, name: str) -> None:
    """Check a theatre whole and list every fault."""
    war = load_theatre(name)
    polygons = 0 if war.baseline_areas is None else len(war.baseline_areas)
    baseline = f"baseline of {len(war.holders)} rows and {polygons} polygons on {war.start}"
    click.echo(f"{war.name}: good; {len(war.actors)} actors, {len(war.places)} places, {baseline}")


@main.group("gazetteer")
def gazetteer_group() -> None:
    """Look into the gazetteer, and bring places of your own."""


@gazetteer_group.command("info")
@theatre_option
@known_errors
def gazetteer_info(*, theatre: str) -> None:
    """Count the places that a theatre sees, by kind and by source."""
    for key, value in pipeline.gazetteer_info(_theatre(theatre)).items():
        click.echo(f"{key}: {value}")


@gazetteer_group.command("search")
@click.argument("name")
@theatre_option
@known_errors
def gazetteer_search(*, name: str, theatre: str) -> None:
    """List the places that a name, or a part of one, can mean."""
    found = pipeline.search_places(name, _theatre(theatre))
    for place in found:
        names = f"  ({' | '.join(place.names)})" if place.names else ""
        click.echo(f"{place.name}, {place.kind}, {place.country}  {place.lat:.4f} {place.lon:.4f}  {place.place_id}{names}")
    if not found:
        _say(f"nothing called {name!r}; `controlmap gazetteer import` brings places of your own")
        sys.exit(1)


@gazetteer_group.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE...")
@click.option("--theatre", default=None, help="Only for this theatre; default: for all.")
@known_errors
def gazetteer_import(*, files: tuple[Path, ...], theatre: str | None) -> None:
    """Import places: a GeoNames dump (.txt, .zip), OpenStreetMap (.geojson, .json), or a .csv with name, lat, lon."""
    result = pipeline.import_places(files, _theatre(theatre) if theatre else None)
    _say(f"{result.added} added, {result.changed} changed, {result.unchanged} there already")
    for row in result.listed:
        _say(f"left out: {row.where}: {row.name}: {row.reason}")
    for reason, count in sorted(result.rejected.items()):
        _say(f"{count} left out: {reason}")
    if result.rejected:
        sys.exit(1)


def _geocode(name: str, war: Theatre, near: str | None, form: str) -> bool:
    """Echo the candidates of a name; tell whether there was one."""
    candidates = pipeline.geocode_name(name, war, near=near)
    for rank, candidate in enumerate(candidates, 1):
        place = candidate.place
        row = {
            "name": name, "rank": rank, "place": place.name, "kind": place.kind, "country": place.country,
            "lat": place.lat, "lon": place.lon, "place_id": place.place_id, "match": candidate.method, "score": candidate.score,
            "near_km": candidate.near_km,
        }  # fmt: skip
        click.echo(json.dumps(row, ensure_ascii=False) if form == "jsonl" else CANDIDATE.format(**row))
    if not candidates:
        _say(f"{name}: no such place in {war.name}" + ("" if war.name == "world" else "; --theatre world searches every country"))
    return bool(candidates)


def _theatre(name: str) -> Theatre:
    return load_world() if name == "world" else load_theatre(name)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


def _say(words: str) -> None:
    click.echo(words, err=True)


def _write(content: str | bytes, output: Path | None) -> None:
    if output is not None:
        pipeline.write_file(output, content)
    else:
        click.echo(content, nl=isinstance(content, str) and not content.endswith("\n"))


def _write_lines(rows: Iterable[dict[str, Any]], output: Path | None) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if output is not None:
        pipeline.write_file(output, "".join(lines))
    else:
        for line in lines:
            click.echo(line, nl=False)
