"""A small flat world for the tests of control: 25 villages on a grid, west held by red, east by blue, green in one corner."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import shapely

from geo.control import build_history, build_ledger
from geo.records import Event, History, Place
from geo.theatre import Actor, Holder, Theatre

START = dt.date(2024, 1, 1)
RED, BLUE, GREEN, PINK = "red", "blue", "green", "pink"
ACTORS = (
    Actor(id=BLUE, name="Blue Army", short="Blue", camp="blue", side="government", colour="#0000ff", sources=("Blue News",)),
    Actor(id=RED, name="Red Front", short="Red", camp="red", side="non-state", colour="#ff0000", sources=("Red Radio",)),
    Actor(id=PINK, name="Pink Brigade", short="Pink", camp="red", side="non-state", colour="#ff8888"),
    Actor(id=GREEN, name="Green Guard", short="Green", camp="green", side="non-state", colour="#00ff00"),
)


def village(column: int, row: int, **more: Any) -> Place:  # noqa: ANN401  # any field of a place
    """Make the village in a column (west to east) and row (south to north), 0 to 4."""
    fields = {
        "place_id": f"t:{column}{row}", "name": f"V{column}{row}", "kind": "village", "lon": 30.1 + 0.2 * column, "lat": 10.1 + 0.2 * row,
        "country": "XX", "admin1": "W" if column < 3 else "E",
    }  # fmt: skip
    return Place(**{**fields, **more})


VILLAGES = tuple(village(c, r) for c in range(5) for r in range(5))
PROVINCES = tuple(
    Place(place_id=f"t:{name}", name=f"{name} province", kind="province", lon=lon, lat=10.5, country="XX", admin1=name)
    for name, lon in (("W", 30.3), ("E", 30.8))
)
QUARTER = Place(
    place_id="t:quarter", name="Old Quarter", kind="neighbourhood", lon=30.51, lat=10.51, within="t:22", country="XX", admin1="W"
)
PLACES = (*VILLAGES, *PROVINCES, QUARTER)


def holder_of(place_id: str) -> str:
    """Say who holds a village at the start: columns 0 and 1 are red, the others blue, the corner 44 green."""
    return GREEN if place_id == "t:44" else RED if int(place_id[2]) < 2 else BLUE


def theatre(*, holders: Sequence[Holder] | None = None, land: shapely.Geometry | None = None, **more: Any) -> Theatre:  # noqa: ANN401
    """Make the theatre, with a baseline for every village unless told otherwise."""
    rows = tuple(Holder(place=p.place_id, actor=holder_of(p.place_id)) for p in VILLAGES) if holders is None else tuple(holders)
    outline = land or shapely.box(30.0, 10.0, 31.0, 11.0)
    fields: dict[str, Any] = {
        "name": "t", "title": "Test", "countries": ("XX",), "extent": (30.0, 10.0, 31.0, 11.0), "start": START, "actors": ACTORS,
        "land": gpd.GeoDataFrame({"country": ["XX"], "name": ["X"]}, geometry=[outline], crs="EPSG:4326"), "holders": rows,
        "settings": {"control": {"filler_km": 500}},
    }  # fmt: skip
    return Theatre(**{**fields, **more})


def day(number: int) -> dt.date:
    """Give a date so many days after the start."""
    return START + dt.timedelta(days=number)


def event(place: Place | str, kind: str, actor: str | None, when: int, **more: Any) -> Event:  # noqa: ANN401  # any field of an event
    """Make an event, told by a monitor of no side on its own day unless told otherwise."""
    where = next(p for p in PLACES if p.place_id == place) if isinstance(place, str) else place
    report = more.pop("report_id", f"r{when}")
    fields: dict[str, Any] = {
        "report_id": report, "published": day(when), "source": "Monitor", "source_kind": "monitor", "date": day(when), "type": kind,
        "place": where.name, "place_id": where.place_id, "kind": where.kind, "lon": where.lon, "lat": where.lat, "admin1": where.admin1,
        "within": where.within, "actor": actor, "extent": "full", "evidence": "So it was.", "start": 0, "end": 10, "confidence": 0.8,
    }  # fmt: skip
    fields |= more
    keys = ("report_id", "place_id", "type", "actor", "date", "date_end", "source", "extent", "status")
    fields.setdefault(
        "event_id",
        "|".join(str(fields.get(k)) for k in keys),
    )
    return Event(**fields)


def history(events: Sequence[Event], *, until: int = 10, places: Sequence[Place] = PLACES, where: Theatre | None = None) -> History:
    """Build the history of days 0 to ``until``."""
    world = where or theatre()
    return build_history(build_ledger(events, world), places, world, [day(n) for n in range(until + 1)])


def state(built: History, place_id: str, when: int) -> Any:  # noqa: ANN401  # a row of the states frame
    """Give a place's row on a day."""
    rows = built.states
    return rows[(rows["place_id"] == place_id) & (rows["date"] == day(when))].iloc[0]


def holder(built: History, place_id: str, when: int) -> str:
    """Say who holds a place on a day, in short: an actor, ``a/b`` where contested, ``?`` where unknown."""
    row = state(built, place_id, when)
    return {"held": str(row["actor"]), "contested": "/".join(row["actors"]), "unknown": "?"}[row["state"]]
