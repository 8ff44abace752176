"""What all pages of one history share: words, base map, sides with their tones, places, events; made once, read by each page."""

import datetime as dt
import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import numpy as np
import shapely

from geo.publish.base import Base, load_surroundings, make_base
from geo.publish.encode import STEPS, encode_numbers, encode_shape
from geo.publish.palette import UNNAMED, Tones, dark_tones, light_tones
from geo.publish.rows import Row, rows_of
from geo.publish.symbols import ORDER
from geo.publish.tables import Balance, balances
from geo.publish.words import Words, load_words
from geo.records import History
from geo.theatre import Theatre

# how many of the biggest places are labelled at each step of zoom; the client lets names that would overlap wait
RANKS = (6, 20, 60, 150, 400)
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
class Atlas:
    """The shared part of a history's pages.

    ``events`` are the ledger's rows by date, ``event_numbers`` leads from ids to them. ``places`` are
    the rows of the cells that have a name; ``place_numbers`` leads from place ids to positions in ``places``;
    ``points`` are all cells' points, (n, 2) degrees.
    """

    history: History
    theatre: Theatre
    words: Words
    base: Base
    sides: tuple[Side, ...]
    contests: Mapping[tuple[str, ...], int]
    balances: Mapping[dt.date, Balance]
    events: tuple[Row, ...]
    event_numbers: Mapping[str, int]
    places: tuple[int, ...]
    place_numbers: Mapping[str, int]
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


def make_atlas(history: History, theatre: Theatre, *, lang: str = "en", surroundings: gpd.GeoDataFrame | None = None) -> Atlas:
    """Prepare what the pages share; ``surroundings`` are the countries around, by default those of the basemap that ships."""
    around = load_surroundings(theatre) if surroundings is None else surroundings
    events = tuple(rows_of(history.ledger.drop(columns="geometry").sort_values(["date", "event_id"], kind="stable")))
    places = tuple(row for row, name in enumerate(history.cells["name"]) if isinstance(name, str) and name)
    ids = history.cells["place_id"].to_numpy()
    return Atlas(
        history=history, theatre=theatre, words=load_words(lang), base=make_base(theatre, around), sides=_sides(history, theatre),
        contests=_contests(history), balances=balances(history), events=events,
        event_numbers={event["event_id"]: number for number, event in enumerate(events)} | _merged(events),
        places=places, place_numbers={ids[row]: number for number, row in enumerate(places)}, points=_points(history),
    )  # fmt: skip


def base_payload(base: Base) -> dict[str, Any]:
    """Give the base map as the client reads it."""
    return {
        "land": encode_shape(base.land), "around": encode_shape(base.around), "borders": encode_shape(base.borders),
        "names": [list(name) for name in base.names], "extent": list(base.extent),
    }  # fmt: skip


def places_payload(atlas: Atlas, rows: Sequence[int]) -> dict[str, Any]:
    """Give the places of some cells as the client reads them: names in one string, ranks in another, coordinates as deltas."""
    cells = atlas.history.cells.iloc[list(rows)]
    steps = np.rint(atlas.points[list(rows)] * STEPS).astype(np.int64)
    return {
        "names": "\n".join(str(name).replace("\n", " ") for name in cells["name"]),
        "ranks": "".join(str(bisect(RANKS, int(rank))) for rank in cells["rank"]),
        "xy": encode_numbers(np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()),
    }


def events_payload(atlas: Atlas, numbers: Sequence[int]) -> dict[str, Any]:
    """Give events as the client reads them; sentences, sources and dates that several events share are sent once."""
    texts: dict[str, int] = {}
    dates: dict[dt.date, int] = {}

    def text(value: object) -> int:
        return texts.setdefault(str(value), len(texts)) if value else -1

    def date(value: dt.date | None) -> int:
        return dates.setdefault(value, len(dates)) if value is not None else -1

    rows = []
    for number in numbers:
        event = atlas.events[number]
        others = [source for source in event.get("sources") or () if not str(source).startswith(f"{event['source']} ")]
        rows.append([
            ORDER.index(event["type"]), round(event["lon"] * STEPS), round(event["lat"] * STEPS), text(event["place"]),
            atlas.number(event["actor"]), atlas.number(event["target"]), text(event.get("assessed") or event["status"]),
            text(event["evidence"]), text(event["source"]), text(event["attribution"]), text(safe_link(event["url"])),
            date(event["date"]), date(event["date_end"]), text("" if event["time_precision"] == "day" else event["time_precision"]),
            date(event["published"]), atlas.place_numbers.get(event["place_id"], -1), text("; ".join(map(str, others))),
        ])  # fmt: skip
    return {"rows": rows, "texts": list(texts), "dates": [[day.isoformat(), atlas.words.date(day)] for day in dates]}


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
