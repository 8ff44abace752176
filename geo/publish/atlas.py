"""What all pages of one history share: words, base map, sides with their tones, places, events; made once, read by each page."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import ControlmapError
from geo.publish.base import Base, load_surroundings, make_base
from geo.publish.palette import UNNAMED, Tones, dark_tones, light_tones
from geo.publish.rows import Row, rows_by_date, rows_of
from geo.publish.tables import Balance, balances, by_size
from geo.publish.tape import Tape, make_tape
from geo.publish.words import Words, load_words
from geo.records import History
from geo.theatre import Theatre

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An actor as it is drawn: ``number`` names its CSS class, ``a<number>``."""

    number: int
    id: str
    name: str
    short: str
    light: Tones
    dark: Tones


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """An online base map: an address with ``{z}``, ``{x}`` and ``{y}``, and whom to credit. It costs a page its independence."""

    url: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """The shared part of a history's pages.

    ``events`` are the ledger's rows by date, ``event_numbers`` leads from ids to them. ``places`` are the rows of the cells
    that have a name, in the order of a Hilbert curve; ``place_numbers`` and ``name_numbers`` lead to positions in it;
    ``names`` and ``points``, (n, 2) degrees, are all cells'. ``areas``, ``fronts`` and ``changes`` are the frames' rows by date.
    ``shared`` pages take Leaflet from a folder beside them (``geo.publish.page.shared_assets``) instead of holding it.
    """

    history: History
    theatre: Theatre
    words: Words
    base: Base
    sides: tuple[Side, ...]
    contests: Mapping[tuple[str, ...], int]
    tape: Tape
    areas: Mapping[dt.date, tuple[Row, ...]]
    fronts: Mapping[dt.date, tuple[Row, ...]]
    changes: Mapping[dt.date, tuple[Row, ...]]
    disagreements: Mapping[dt.date, tuple[Row, ...]]
    balances: Mapping[dt.date, Balance]
    events: tuple[Row, ...]
    event_numbers: Mapping[str, int]
    places: tuple[int, ...]
    place_numbers: Mapping[str, int]
    name_numbers: Mapping[str, int]
    tiles: Tiles | None
    shared: bool
    names: np.ndarray
    points: np.ndarray

    def side(self, actor: str) -> Side:
        """Give the side that an actor is drawn as."""
        return next(side for side in self.sides if side.id == actor)

    def number(self, actor: object) -> int:
        """Give an actor's number, -1 for nobody."""
        return next((side.number for side in self.sides if side.id == actor), -1)

    def area_class(self, row: Row) -> str:
        """Give the CSS classes of an area or a cell, "" for one that stays blank."""
        if row["state"] == "contested":
            return f"contested c{self.contests[tuple(row['actors'])]}"
        number = self.number(row["actor"])
        if row["state"] == "unknown" or number < 0:
            return ""
        if row["state"] == "claimed":
            return f"claimed a{number}"
        return f"{'inferred' if row['basis'] == 'inferred' else 'held'} a{number}"


def make_atlas(
    history: History,
    theatre: Theatre,
    *,
    lang: str = "en",
    surroundings: gpd.GeoDataFrame | None = None,
    tiles: Tiles | None = None,
    shared: bool = False,
) -> Atlas:
    """Prepare what the pages share; ``surroundings`` are the countries around, by default those of the basemap that ships."""
    if tiles is not None and not (safe_link(tiles.url) and all(part in tiles.url for part in ("{z}", "{x}", "{y}"))):
        raise ControlmapError(f"tiles {tiles.url!r}: give an http or https address with {{z}}, {{x}} and {{y}} in it")
    around = load_surroundings(theatre) if surroundings is None else surroundings
    events = tuple(rows_of(history.ledger.drop(columns="geometry").sort_values(["date", "event_id"], kind="stable")))
    curve = np.argsort(history.cells.geometry.hilbert_distance().to_numpy(), kind="stable").tolist()
    names, ids = history.cells["name"].to_numpy(dtype=object), history.cells["place_id"].to_numpy(dtype=object)
    places = tuple(row for row in curve if names[row])
    areas = rows_by_date(history.areas, history.dates)
    changes = rows_by_date(history.changes, history.dates)
    return Atlas(
        history=history, theatre=theatre, words=load_words(lang), base=make_base(theatre, around, history.cells),
        sides=_sides(history, theatre),
        contests=_contests(history), tape=make_tape(history), areas=areas, fronts=rows_by_date(history.fronts, history.dates),
        changes={date: tuple(by_size(rows)) for date, rows in changes.items()},
        disagreements=rows_by_date(history.disagreements, history.dates), balances=balances(areas), events=events,
        event_numbers={event["event_id"]: number for number, event in enumerate(events)} | _merged(events),
        places=places, place_numbers={ids[row]: number for number, row in enumerate(places)},
        name_numbers={names[row]: number for number, row in enumerate(places)}, names=names, points=_points(history),
        tiles=tiles, shared=shared,
    )  # fmt: skip


def safe_link(url: str | None) -> str | None:
    """Give an address that may be a link, http or https only.

    Examples
    --------
    >>> safe_link("https://example.org/a"), safe_link("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and parts.netloc else None


def _sides(history: History, theatre: Theatre) -> tuple[Side, ...]:
    """Give the actors that appear: in the theatre's order, then those that only the data know."""
    known = {actor.id: actor for actor in theatre.actors}
    met = {*history.areas["actor"].dropna(), *history.ledger["actor"].dropna(), *history.ledger["target"].dropna()}
    met |= {actor for actors in history.areas["actors"] for actor in actors}
    sides = []
    for number, key in enumerate([key for key in known if key in met] + sorted(met - set(known))):
        actor = known.get(key)
        colour = actor.colour if actor is not None and _COLOUR.fullmatch(actor.colour) else UNNAMED
        sides.append(Side(
            number=number, id=key, name=actor.name if actor else key, short=(actor.short or actor.name) if actor else key,
            light=light_tones(colour), dark=dark_tones(colour),
        ))  # fmt: skip
    return tuple(sides)


def _contests(history: History) -> dict[tuple[str, ...], int]:
    found = {tuple(actors) for actors in history.areas.loc[history.areas["state"] == "contested", "actors"]}
    found |= {tuple(actors) for actors in history.states.loc[history.states["state"] == "contested", "actors"]}
    return {actors: number for number, actors in enumerate(sorted(found))}


def _merged(events: Sequence[Row]) -> dict[str, int]:
    """Let the ids of events merged into another lead to that one."""
    return {other: number for number, event in enumerate(events) for other in event.get("merged") or ()}


def _points(history: History) -> np.ndarray:
    cells = history.cells
    if {"lon", "lat"} <= set(cells.columns):
        return np.asarray(cells[["lon", "lat"]], dtype=np.float64)
    points = shapely.get_coordinates(shapely.point_on_surface(cells.geometry.to_numpy()))
    known = {event["place_id"]: (event["lon"], event["lat"]) for event in rows_of(history.ledger)}
    return np.array([known.get(place, tuple(point)) for place, point in zip(cells["place_id"], points, strict=True)]).reshape(-1, 2)
