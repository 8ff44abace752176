"""The configuration of one conflict, read from a folder and checked whole: every fault is reported, not the first.

A theatre is ``theatre.toml`` (what and where), ``actors.toml`` (who, and by which words),
``places.csv`` (what the gazetteer lacks) and a baseline, ``baseline.csv`` or ``baseline.geojson``
or both (who held what at the start). ``data/README.md`` describes each column.
"""

import datetime as dt
import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
from pyproj import CRS

from geo.errors import TheatreError
from geo.geometry import WGS84, metric_crs
from geo.records import Place
from geo.resources import data_path
from geo.theatre_files import (
    HOLDER_COLUMNS,
    PLACE_COLUMNS,
    Actor,
    Generic,
    Holder,
    check_head,
    read_actors,
    read_areas,
    read_holders,
    read_places,
    read_toml,
)

__all__ = ["Actor", "Generic", "Holder", "Theatre", "load_land", "load_theatre", "load_world", "new_theatre", "theatre_names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """One conflict: where, since when, between whom, and how reports speak of it.

    ``extent`` is west, south, east, north in degrees. ``land`` holds the countries' outlines
    (country, name, geometry; EPSG:4326). ``baseline_areas`` holds actor, state, since, source,
    geometry (EPSG:4326), or is ``None``. ``settings`` are the theatre's own tables
    (``control``, ``words``).
    """

    name: str
    title: str
    countries: tuple[str, ...]
    extent: tuple[float, float, float, float]
    languages: tuple[str, ...] = ("en",)
    start: dt.date
    actors: tuple[Actor, ...] = ()
    generics: tuple[Generic, ...] = ()
    places: tuple[Place, ...] = ()
    holders: tuple[Holder, ...] = ()
    baseline_areas: gpd.GeoDataFrame | None = field(default=None, compare=False, repr=False)
    land: gpd.GeoDataFrame = field(compare=False, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def actor(self, actor_id: str) -> Actor:
        """Give the actor with this id; ``KeyError`` where the theatre has none."""
        for actor in self.actors:
            if actor.id == actor_id:
                return actor
        raise KeyError(actor_id)

    def camp(self, actor_id: str) -> str:
        """Give the camp of an actor; an id that the theatre does not know is a camp of its own."""
        return next((actor.camp for actor in self.actors if actor.id == actor_id), actor_id)

    @property
    def crs(self) -> CRS:
        """The equal-area CRS, in metres, in which lengths and areas of this theatre are taken."""
        return metric_crs(self.extent)


def theatre_names() -> list[str]:
    """Name the theatres that ship, in order.

    Examples
    --------
    >>> "syria" in theatre_names()
    True
    """
    return sorted(path.parent.name for path in data_path("theatres").glob("*/theatre.toml"))


def load_theatre(name_or_folder: str | Path) -> Theatre:
    """Load a theatre that ships, by its name, or any folder of that form, by its path.

    Raises
    ------
    TheatreError
        Lists every fault of every file of the theatre.
    """
    folder = _find(name_or_folder)
    faults: list[str] = []
    head = read_toml(folder / "theatre.toml", faults)
    basics = check_head(head or {}, [] if head is None else faults)  # what a broken file lacks is no fault of its own
    countries = basics["countries"]
    actors, generics, ids = read_actors(folder / "actors.toml", faults)
    places = read_places(folder / "places.csv", basics["name"] or folder.name, faults)
    holders = read_holders(folder / "baseline.csv", ids, faults)
    areas = read_areas(folder / "baseline.geojson", ids, faults)
    land = load_land(countries)
    unknown = sorted(set(countries) - set(land["country"]))
    faults += [f"theatre.toml: countries: no country has the code {code!r}; use ISO 3166 alpha-2, e.g. 'SY'" for code in unknown]
    if faults:
        raise TheatreError(str(name_or_folder), faults)
    return Theatre(**basics, actors=actors, generics=generics, places=places, holders=holders, baseline_areas=areas, land=land)


def new_theatre(folder: Path, countries: Sequence[str], start: dt.date) -> list[tuple[Path, str]]:
    """Give the files to start a theatre from: the extent from the countries' outlines, the rest for the user to fill in.

    Raises
    ------
    TheatreError
        A code that names no country, or a folder that holds a theatre already.
    """
    land = load_land(countries)
    faults = [
        f"no country has the code {code!r}; use ISO 3166 alpha-2, e.g. 'SY'" for code in countries if code not in set(land["country"])
    ]
    if (folder / "theatre.toml").exists():
        faults.append(f"{folder / 'theatre.toml'} exists; choose another folder")
    if faults:
        raise TheatreError(str(folder), faults)
    extent = [round(float(v), 2) for v in land.total_bounds]
    title = " and ".join(land["name"])
    head = {"name": folder.name, "title": title, "countries": list(countries), "extent": extent, "languages": ["en"]}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items()]
    return [
        (folder / "theatre.toml", "".join(lines) + f"start = {start}\n"),
        (folder / "actors.toml", data_path("theatres", "actors-to-start-from.toml").read_text(encoding="utf-8")),
        (folder / "places.csv", ",".join(PLACE_COLUMNS) + "\n"),
        (folder / "baseline.csv", ",".join(HOLDER_COLUMNS) + "\n"),
    ]


def load_world() -> Theatre:
    """Give the theatre ``world``: every country and no actors, for place names in any text."""
    return Theatre(
        name="world", title="World", countries=(), extent=(-180.0, -90.0, 180.0, 90.0), start=dt.date(1900, 1, 1),
        land=gpd.GeoDataFrame({"country": [], "name": []}, geometry=[], crs=WGS84),
    )  # fmt: skip


def load_land(countries: Iterable[str]) -> gpd.GeoDataFrame:
    """Load the outlines of countries from the basemap that ships.

    Returns
    -------
    geopandas.GeoDataFrame
        country (ISO 3166 alpha-2), name, geometry (EPSG:4326), in the order of ``country``.
    """
    return _outlines(tuple(sorted(set(countries)))).copy()


@functools.lru_cache(maxsize=16)
def _outlines(countries: tuple[str, ...]) -> gpd.GeoDataFrame:
    wanted = ", ".join(f"'{code}'" for code in countries if code.isalpha())
    frame = gpd.read_file(data_path("basemap", "countries.fgb"), where=f"country IN ({wanted or 'NULL'})")
    return frame[["country", "name", "geometry"]].sort_values("country", ignore_index=True)


def _find(name_or_folder: str | Path) -> Path:
    shipped = data_path("theatres", str(name_or_folder))
    for folder in (shipped, Path(name_or_folder)):
        if (folder / "theatre.toml").is_file():
            return folder
    known = ", ".join(theatre_names())
    raise TheatreError(str(name_or_folder), [f"no such theatre: known are {known}; or give a folder that holds a theatre.toml"])
