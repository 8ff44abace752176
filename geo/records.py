"""What passes between the rooms: reports, places, toponyms, events; frozen, and in words of the field.

Longitude and latitude are degrees, EPSG:4326, longitude first. Offsets into a text count
Python characters (code points), end exclusive. "Not stated" is ``None``.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd

EventType = Literal["capture", "transfer", "withdrawal", "contested", "repelled", "strike", "clash", "closure"]
Status = Literal["confirmed", "claimed", "denied"]
Extent = Literal["full", "part"]
TimePrecision = Literal["day", "week", "month", "year"]

EVENT_TYPES: tuple[EventType, ...] = ("capture", "transfer", "withdrawal", "contested", "repelled", "strike", "clash", "closure")
CONTROL_TYPES: frozenset[str] = frozenset({"capture", "transfer", "withdrawal", "contested"})

# the kinds a place can have; WIDE_KINDS are known to tens of kilometres, not to one point
PLACE_KINDS = (
    "city", "town", "village", "neighbourhood", "square", "province", "district", "base", "airport", "road", "crossing", "facility",
    "river", "lake", "region", "country",
)  # fmt: skip
WIDE_KINDS = frozenset({"province", "district", "road", "river", "lake", "region", "country"})
SOURCE_KINDS = ("wire", "monitor", "state-media", "ministry", "analyst", "social", "acled-note", "background", "party", "un", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One text by one source, with the date it was published on.

    ``origin`` says where it was read from (``file`` or ``file:line``), for messages.
    """

    id: str
    published: dt.date
    source: str
    text: str
    source_kind: str = "other"
    lang: str | None = None
    url: str | None = None
    title: str | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A gazetteer's entry.

    ``place_id`` starts with its source: ``gn:170063`` (GeoNames), ``syria:khan-al-asal`` (the
    theatre's ``places.csv``), ``user:…`` (imported). ``admin1`` is GeoNames' first-level code
    ("09"), which joins a place to its province; ``within`` is the ``place_id`` of the place it
    is a part of (a square's city). ``precision_m`` is the radius, in metres, in which the point is known to lie.
    """

    place_id: str
    name: str
    kind: str
    lon: float
    lat: float
    precision_m: float = 1000.0
    names: tuple[str, ...] = ()
    country: str | None = None
    admin1: str | None = None
    within: str | None = None
    population: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name in a report and the place that it was resolved to.

    ``match`` names the method (``exact``, ``folded``, ``article``, ``skeleton``, ``respelled`` …),
    ``score`` is 0–1. ``runner_up`` is the ``place_id`` of the next best and ``runner_up_km`` its
    distance from the chosen one. ``warning`` is ``"homonym"`` for a close call. Where ``place`` is ``None``,
    ``refused`` says why and ``suggestions`` are the nearest names. ``start`` and ``end`` span
    the name as written; ``class_word`` is the word beside it that told the kind ("province", "air base").
    """

    report_id: str
    text: str
    start: int
    end: int
    place: Place | None
    match: str | None = None
    score: float = 0.0
    runner_up: str | None = None
    runner_up_km: float | None = None
    warning: str | None = None
    refused: str | None = None
    suggestions: tuple[str, ...] = ()
    class_word: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened at one place on one date, as one report says it (DESIGN §3).

    ``date`` and ``date_end`` are the first and the last day it can have been. ``start`` and
    ``end`` span ``evidence`` in the report's text. ``actor`` gains or acts, ``target`` loses or
    """

    event_id: str
    report_id: str
    published: dt.date
    source: str
    source_kind: str = "other"
    url: str | None = None
    date: dt.date
    date_end: dt.date | None = None
    time_precision: TimePrecision = "day"
    type: EventType
    place: str
    place_id: str
    kind: str
    lon: float
    lat: float
    geo_precision: int = 1
    match: str = ""
    admin1: str | None = None
    within: str | None = None
    actor: str | None = None
    target: str | None = None
    extent: Extent | None = None
    status: Status = "confirmed"
    attribution: str | None = None
    evidence: str
    start: int
    end: int
    rule: str = ""
    confidence: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Who held what on each date, ready to be drawn; made by ``control``, read by ``publish``.

    ``dates`` are ascending. The frames' columns are declared in ``geo.control.schema``; geometries
    are EPSG:4326 and every list of ids is a tuple of strings.
    """

    dates: tuple[dt.date, ...]
    cells: gpd.GeoDataFrame
    states: pd.DataFrame
    areas: gpd.GeoDataFrame
    fronts: gpd.GeoDataFrame
    changes: gpd.GeoDataFrame
    disagreements: pd.DataFrame
    ledger: gpd.GeoDataFrame
