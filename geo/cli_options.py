"""What several commands share: their options, their errors, and how data and words leave."""

import dataclasses
import datetime as dt
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from geo import pipeline
from geo.errors import ControlmapError
from geo.eventfile import read_events
from geo.records import Event, Report
from geo.reports import is_english, read_reports
from geo.theatre import Theatre, load_theatre, load_world

Command = Callable[..., None]
DAY = click.DateTime(["%Y-%m-%d"])
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
    foreign: list[str] = dataclasses.field(default_factory=list)

    def reports(self) -> Iterator[Report]:
        """Yield the reports that can be read; those in another language than English too, counted, since little is found in them."""
        for report in read_reports(self.paths, published=self.published, on_fault=self.tell):
            if not is_english(report):
                self.foreign.append(report.origin)
            yield report

    def own_events(self) -> list[Event]:
        """Give the events of the analyst's file."""
        if self.events_file is None:
            return []
        return list(read_events(self.events_file, actors={actor.id for actor in self.theatre.actors}, on_fault=self.tell))

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
            if reader and theatre == "world":
                raise click.UsageError("--theatre world has places and no actors: it serves toponyms and geocode; name a theatre")
            chosen = {key: options.pop(key) for key in ("reader", "events_file") if key in options}
            source = Source(paths=reports, theatre=find_theatre(theatre), published=day_of(published), **chosen)
            command(source, **options)
            if source.foreign and reader:
                many = f" and {len(source.foreign) - 1} more" if len(source.foreign) > 1 else ""
                click.echo(
                    f"warning: {source.foreign[0]}{many}: not in English, the language that events are read in; few or none are found",
                    err=True,
                )
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
        except BrokenPipeError:
            raise  # who reads our output has read enough; click ends quietly
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'stdout'}: {error.strerror or error}") from error

    return wrapped


def find_theatre(name: str) -> Theatre:
    """Load a theatre, or the world, by name."""
    return load_world() if name == "world" else load_theatre(name)


def day_of(moment: dt.datetime | None) -> dt.date | None:
    """Give the day of a moment that click has parsed."""
    return moment.date() if moment else None


def say(words: str) -> None:
    """Echo words to stderr, where they never mix with data."""
    click.echo(words, err=True)


def write(content: str | bytes, output: Path | None) -> None:
    """Write data to a file, whole or not at all, or to stdout."""
    if output is not None:
        pipeline.write_file(output, content)
    else:
        click.echo(content, nl=isinstance(content, str) and not content.endswith("\n"))


def write_lines(rows: Iterable[dict[str, Any]], output: Path | None) -> None:
    """Write rows as JSON lines, to stdout one by one as they come."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if output is not None:
        pipeline.write_file(output, "".join(lines))
    else:
        for line in lines:
            click.echo(line, nl=False)
