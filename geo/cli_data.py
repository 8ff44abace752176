"""Commands that look after the data: theatres and the gazetteer."""

import datetime as dt
import sys
from pathlib import Path

import click

from geo import pipeline
from geo.cli_options import DAY, FOLDER, find_theatre, known_errors, say, theatre_option
from geo.theatre import load_theatre, new_theatre, theatre_names


@click.group("theatre")
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
        say(f"wrote {pipeline.write_file(path, content)}")


@theatre_group.command("check")
@click.argument("name")
@known_errors
def theatre_check(*, name: str) -> None:
    """Check a theatre whole and list every fault."""
    war = load_theatre(name)
    pipeline.check_theatre(war)
    polygons = 0 if war.baseline_areas is None else len(war.baseline_areas)
    baseline = f"baseline of {len(war.holders)} rows and {polygons} polygons on {war.start}"
    click.echo(f"{war.name}: good; {len(war.actors)} actors, {len(war.places)} places, {baseline}")


@click.group("gazetteer")
def gazetteer_group() -> None:
    """Look into the gazetteer, and bring places of your own."""


@gazetteer_group.command("info")
@theatre_option
@known_errors
def gazetteer_info(*, theatre: str) -> None:
    """Count the places that a theatre sees, by kind and by source."""
    for key, value in pipeline.gazetteer_info(find_theatre(theatre)).items():
        click.echo(f"{key}: {value}")


@gazetteer_group.command("search")
@click.argument("name")
@theatre_option
@known_errors
def gazetteer_search(*, name: str, theatre: str) -> None:
    """List the places that a name, or a part of one, can mean."""
    found = pipeline.search_places(name, find_theatre(theatre))
    for place in found:
        names = f"  ({' | '.join(place.names)})" if place.names else ""
        click.echo(f"{place.name}, {place.kind}, {place.country}  {place.lat:.4f} {place.lon:.4f}  {place.place_id}{names}")
    if not found:
        say(f"nothing called {name!r}; `controlmap gazetteer import` brings places of your own")
        sys.exit(1)


@gazetteer_group.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE...")
@click.option("--theatre", default=None, help="Only for this theatre; default: for all.")
@known_errors
def gazetteer_import(*, files: tuple[Path, ...], theatre: str | None) -> None:
    """Import places: a GeoNames dump (.txt, .zip), OpenStreetMap (.geojson, .json), or a .csv with name, lat, lon."""
    result = pipeline.import_places(files, find_theatre(theatre) if theatre else None)
    say(f"{result.added} added, {result.changed} changed, {result.unchanged} there already")
    for row in result.listed:
        say(f"left out: {row.where}: {row.name}: {row.reason}")
    for reason, count in sorted(result.rejected.items()):
        say(f"{count} left out: {reason}")
    if result.rejected:
        sys.exit(1)
