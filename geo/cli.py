"""The command ``controlmap``: parse, call one function, echo; data to stdout or ``-o``, words to stderr."""

import dataclasses
import datetime as dt
import io
import json
import math
import sys
from pathlib import Path

import click

from geo import __version__, pipeline
from geo.cli_data import gazetteer_group, theatre_group
from geo.cli_options import (
    DAY,
    FOLDER,
    Source,
    day_of,
    find_theatre,
    known_errors,
    output_option,
    say,
    takes_source,
    theatre_option,
    write,
    write_lines,
)
from geo.eventfile import event_row
from geo.publish import exports
from geo.publish.embed import FORMS, HEIGHT, embed_snippet
from geo.publish.words import languages
from geo.resources import seeds_path
from geo.theatre import Theatre

MOST_INCHES = 100  # a wall; beyond it a picture is a slip of the finger that fills the memory


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="controlmap")
def main() -> None:
    """Turn reports of an armed conflict into dated control maps.

    \b
    controlmap build seeds --out maps          a map for each date, from the example reports
    controlmap extract report.md               the events that a report tells
    controlmap geocode "Maarat al-Numan"       where a name lies
    """  # noqa: D301  # click reads the backspace: it keeps the lines below as they are
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # data is UTF-8 whatever the locale


main.add_command(theatre_group)
main.add_command(gazetteer_group)


@main.command()
@click.option("--out", type=FOLDER, default=Path("maps"), show_default=True, help="Folder to write into.")
@click.option("--from", "first", type=DAY, metavar="D", help="First date to map; default: of the first report.")
@click.option("--to", "last", type=DAY, metavar="D", help="Last date to map; default: of the last report.")
@click.option("--example", is_flag=True, help="Build from the example reports that ship.")
@click.option("--lang", type=click.Choice(languages()), default="en", show_default=True, help="The pages' language.")
@click.option(
    "--tiles", nargs=2, metavar="URL CREDIT", help="An online base map ({z}, {x}, {y}) and whom to credit; pages then ask the network."
)
@click.option(
    "--assets", type=click.Choice(["inline", "shared"]), default="inline", show_default=True, help="Leaflet in each page, or once beside."
)
@click.option("--figures", is_flag=True, help="Also a PNG for each date, which embeds fall back on.")
@takes_source()
def build(  # each option is an argument
    source: Source, *, out: Path, first: dt.datetime | None, last: dt.datetime | None, example: bool,
    lang: str, tiles: tuple[str, str] | None, assets: str, figures: bool,
) -> None:  # fmt: skip
    """Build the maps: a page for each date, the timeline, and the data behind them."""
    if example:
        source = dataclasses.replace(source, paths=(*source.paths, str(seeds_path())))
    if not source.paths and source.events_file is None:
        raise click.UsageError("give REPORTS (files or folders), --events FILE, or --example")
    if first and last and first > last:
        raise click.UsageError(f"--from {first.date()} is after --to {last.date()}")
    base = pipeline.Tiles(url=tiles[0], credit=tiles[1]) if tiles else None
    look = pipeline.Look(lang=lang, tiles=base, shared_assets=assets == "shared", figures=figures)
    made = pipeline.build(
        source.reports(), source.theatre, out,
        events=source.own_events(), first=day_of(first), last=day_of(last), reader=source.reader, look=look, progress=say,
    )  # fmt: skip
    say(f"wrote {len(made.files)} files into {out}: {len(made.dates)} dates, {made.events} events of {made.reports} reports")
    if made.unresolved:
        say(f"names refused or not found: {made.unresolved}; unresolved.csv lists them")
    if made.stale:
        say(f"not of this build, and left as they are: {', '.join(path.name for path in made.stale)}")


@main.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "geojson", "acled"]), default="jsonl", show_default=True)
@output_option
@takes_source()
def extract(source: Source, *, form: str, output: Path | None) -> None:
    """Read reports and give the events that they tell."""
    if form == "jsonl" and source.events_file is None:
        write_lines((event_row(event) for event in pipeline.extract(source.reports(), source.theatre, reader=source.reader)), output)
        return
    events = source.events()
    if form == "jsonl":
        write_lines(map(event_row, events), output)
    elif form == "acled":
        write(exports.acled_csv(exports.events_frame(events), theatre=source.theatre), output)
    else:
        write({"csv": exports.events_csv, "geojson": exports.events_geojson}[form](exports.events_frame(events)), output)


@main.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "geojson"]), default="jsonl", show_default=True)
@click.option("--explain", is_flag=True, help="Also the names that were refused, with the reason.")
@output_option
@takes_source(reader=False)
def toponyms(source: Source, *, form: str, explain: bool, output: Path | None) -> None:
    """Give the place names in reports and the places that they mean."""
    found = pipeline.find_toponyms(source.reports(), source.theatre, refused=explain)
    if form == "jsonl":
        write_lines(map(exports.toponym_row, found), output)
    else:
        write(exports.toponyms_geojson(found), output)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@theatre_option
@click.option("--near", metavar="PLACE", help="Prefer what lies near this place.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@known_errors
def geocode(*, names: tuple[str, ...], theatre: str, near: str | None, form: str) -> None:
    """Find where names lie: the best place first, then the runners-up, each with method and score."""
    missing = [name for name in names if not _geocode(name, find_theatre(theatre), near, form)]
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
    write(exports.write_areas(history.areas, form, theatre=source.theatre), output)


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
    write(writers[form](changes), output)


@main.command()
@click.option("--format", "form", type=click.Choice(["png", "svg", "pdf"]), default="png", show_default=True)
@click.option("--size", default=None, metavar="W,H", help="Width and height in inches; default: what the panels need.")
@click.option("--lang", type=click.Choice(languages()), default="en", show_default=True)
@output_option
@takes_source()
def figure(source: Source, *, form: str, size: str | None, lang: str, output: Path | None) -> None:
    """Draw one date or several for print and slides: D... REPORTS..., the dates first."""
    dates = [day for day in map(parse_day, source.paths) if day]
    if not dates:
        raise click.UsageError("give a date or several (YYYY-MM-DD), then REPORTS")
    source = dataclasses.replace(source, paths=source.paths[len(dates) :])
    picture = pipeline.draw_figure(source.events(), source.theatre, dates, form=form, size=parse_size(size), lang=lang)
    write(picture, output)


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


def parse_day(text: str) -> dt.date | None:
    """Give the date that an argument is, or ``None`` where it is a path."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def parse_size(text: str | None) -> tuple[float, float] | None:
    """Read a figure's width and height."""
    if text is None:
        return None
    try:
        width, height = (float(part) for part in text.split(","))
    except ValueError:
        width = height = math.nan
    if not (0 < width <= MOST_INCHES and 0 < height <= MOST_INCHES):
        raise click.UsageError(f"--size: {text!r} is no size; write W,H in inches up to {MOST_INCHES}, e.g. 7,5")
    return width, height


def _geocode(name: str, war: Theatre, near: str | None, form: str) -> bool:
    """Echo the candidates of a name; tell whether there was one."""
    candidates = pipeline.geocode_name(name, war, near=near)
    for rank, candidate in enumerate(candidates, 1):
        row = exports.candidate_row(name, candidate)
        click.echo(
            json.dumps({"rank": rank, **row}, ensure_ascii=False) if form == "jsonl" else f"{name}: {rank}. {exports.candidate_text(row)}"
        )
    if not candidates:
        say(f"{name}: no such place in {war.name}" + ("" if war.name == "world" else "; --theatre world searches every country"))
    return bool(candidates)
