"""A date's page as data: what the client draws and tells, in the shortest form that it can read."""

import datetime as dt
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geo.publish.atlas import Atlas, safe_link
from geo.publish.encode import STEPS, encode_numbers, encode_places, encode_shape
from geo.publish.rows import Row
from geo.publish.symbols import ORDER
from geo.publish.tape import encode_reel

MOST_AREA_EVENTS = 12  # of an area's evidence, the newest; the popup says how many more there are, the exports hold all
MOST_PLACE_EVENTS = 4
MOST_NAMES = 6
SURE_AREA_EVENTS = 2  # that each area keeps, whatever the page weighs
MOST_TEXT = 16_000  # letters of sentences and links on a page besides the date's own; the timeline and the exports hold all
STATUSES = ("", "confirmed", "claimed", "denied")
PRECISIONS = ("day", "week", "month", "year")
MIDDLE_DEG = 0.03  # a name may stand this far from the very middle
# how many of the biggest places are labelled at each step of zoom; the client lets names that would overlap wait
RANKS = (6, 20, 60, 150, 400)
CLIENT_WORDS = (
    "held_by", "claimed_by", "contested_by", "unknown_here", "since", "age", "days", "basis_baseline", "basis_observed", "basis_inferred",
    "status_confirmed", "status_claimed", "status_denied", "no_evidence", "said_by", "published", "open_source", "link_here", "close",
    "search", "search_none", "zoom_in", "zoom_out", "whole", "more", "inferred", "disputed", "nearest", "credit_short", "layers",
    "layer_areas", "layer_claimed", "layer_changes", "layer_fronts", "layer_events", "layer_labels", "play", "pause", "nobody", "contested",
    "unknown", "total", "part_claimed", "part_inferred", "from", "to", "places", "no_events", "no_changes", "first_date",
    "since_date", "data_as_of",
    "claimed", "precision_week", "precision_month", "precision_year", "thousands", "decimal",
    "timeline_of", *(f"type_{kind}" for kind in ORDER),
)  # fmt: skip


def page_payload(atlas: Atlas, date: dt.date, today: Sequence[int]) -> dict[str, Any]:
    """Give everything that the client draws and tells of a date, sentences among it; it reads them as text only."""
    records = atlas.tape.records[atlas.tape.dates.index(date), list(atlas.places)]
    met, met_of_place = np.unique(records, return_inverse=True)
    carried = [*today, *_evidence(atlas, date, met.tolist(), today)]
    local = {number: here for here, number in enumerate(carried)}
    told, told_of_met = np.unique(records_payload(atlas, met.tolist(), date, local), return_inverse=True)
    layers = {layer: [_area(atlas, row, local) for row in atlas.areas[date] if row["layer"] == layer] for layer in ("assessed", "claimed")}
    return {
        **shared_payload(atlas), "date": date.isoformat(), "labels": labels_payload(atlas),
        "records": "".join(told.tolist()), "states": encode_reel(told_of_met[met_of_place][None, :]),
        "areas": layers["assessed"], "claims": layers["claimed"],
        "changes": [_change(atlas, row) for row in atlas.changes[date]],
        "fronts": [encode_shape(row["geometry"]) for row in atlas.fronts[date]], "names": labels_of_sides(atlas, date),
        "events": events_payload(atlas, carried), "today": len(today), "says": says_payload(atlas, date),
    }  # fmt: skip


def _evidence(atlas: Atlas, date: dt.date, records: Iterable[int], today: Sequence[int]) -> list[int]:
    """Choose the events besides the date's own that a page carries: some of each area's, then the newest, as far as their text goes."""
    areas = [newest(atlas, row["event_ids"], MOST_AREA_EVENTS) for row in atlas.areas[date]]
    places = [newest(atlas, atlas.tape.table["event_ids"][record], MOST_PLACE_EVENTS) for record in records]
    chosen = {number for numbers in areas for number in numbers[:SURE_AREA_EVENTS]}.union(today)
    rest = {number for numbers in (*areas, *places) for number in numbers} - chosen
    said = {(event["evidence"], event["url"]) for event in map(atlas.events.__getitem__, chosen)}
    room = MOST_TEXT
    for number in sorted(rest, reverse=True):
        event = atlas.events[number]
        if (event["evidence"], event["url"]) not in said:
            said.add((event["evidence"], event["url"]))
            room -= len(event["evidence"]) + len(event["url"] or "")
            if room < 0:
                break
        chosen.add(number)
    return sorted(chosen.difference(today))


def shared_payload(atlas: Atlas) -> dict[str, Any]:
    """Give what every page sends: words, sides, base map, places."""
    base = atlas.base
    return {
        "words": {key: atlas.words[key] for key in CLIENT_WORDS}, "types": list(ORDER),
        "sides": [[side.name, side.short] for side in atlas.sides], "places": _places(atlas),
        "tiles": [atlas.tiles.url, atlas.tiles.credit] if atlas.tiles else None,
        "base": {
            "land": encode_shape(base.land), "around": encode_shape(base.around), "borders": encode_shape(base.borders),
            "provinces": encode_shape(base.provinces),
            "names": [list(name) for name in base.names], "extent": list(base.extent),
        },
    }  # fmt: skip


def labels_payload(atlas: Atlas) -> list[list[Any]]:
    """Give what can be drawn: CSS classes, state and sides, basis, camp (-1 unknown, -2 contested)."""
    camps = {camp: number for number, camp in enumerate(sorted({atlas.theatre.camp(side.id) for side in atlas.sides}))}
    found = []
    for state, actor, actors, basis in atlas.tape.labels:
        css = atlas.area_class({"state": state, "actor": actor, "actors": actors, "basis": basis})
        camp = -2 if state == "contested" else camps[atlas.theatre.camp(actor)] if actor and state != "unknown" else -1
        found.append([css, *what_of(atlas, state, actor, actors), basis or "", camp])
    return found


def records_payload(atlas: Atlas, records: Iterable[int], date: dt.date, local: Mapping[int, int]) -> list[str]:
    """Give states as numbers.

    A state is its label, status, who else claims it, days since (before ``date``; 1 more, 0 for unknown), how many more events
    there are than the page tells, how many it tells, and these.
    """
    table = atlas.tape.table
    texts: list[str] = []
    for record in records:
        since = table["since"][record]
        known = newest(atlas, table["event_ids"][record], len(table["event_ids"][record]))
        events = [local[number] for number in known[:MOST_PLACE_EVENTS] if number in local]
        days = 0 if since is None else (date - since).days
        told = [int(atlas.tape.label[record]), STATUSES.index(table["status"][record] or ""), atlas.number(table["claimed_by"][record])]
        told += [days + (days >= 0) if since is not None else 0, len(known) - len(events), len(events), *events]
        texts.append(encode_numbers(told))
    return texts


def events_payload(atlas: Atlas, numbers: Iterable[int]) -> dict[str, Any]:
    """Give events as the client reads them.

    ``says`` has eight numbers for each distinct saying: texts (sentence, source, who said so, link), dates (first, last),
    precision, date of publication. ``rows`` has for each event: step to its saying, type, side, target, status, text of other sources,
    number of its place; where the place has none (-1), its name's text, longitude and latitude follow. -1 is none.
    """
    book = _Book()
    says: dict[tuple[int, ...], int] = {}
    rows: list[int] = []
    before = 0
    for event in (atlas.events[number] for number in numbers):
        said = says.setdefault(book.saying(event), len(says))
        others = [str(source) for source in event.get("sources") or () if not str(source).startswith(f"{event['source']} ")]
        status = STATUSES.index(event.get("assessed") or event["status"])
        rows += [said - before, ORDER.index(event["type"]), atlas.number(event["actor"]), atlas.number(event["target"]), status]
        rows += [book.text("; ".join(others)), *_place(atlas, event, book)]
        before = said
    return {
        "rows": encode_numbers(rows), "says": encode_numbers(number for said in says for number in said), "texts": list(book.texts),
        "dates": [[day.isoformat(), atlas.words.date(day)] for day in book.dates],
    }  # fmt: skip


class _Book:
    """Texts and dates that events share, each written once and called by its number."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.dates: dict[dt.date, int] = {}

    def text(self, value: object) -> int:
        return self.texts.setdefault(str(value), len(self.texts)) if value else -1

    def date(self, value: dt.date | None) -> int:
        return self.dates.setdefault(value, len(self.dates)) if value is not None else -1

    def saying(self, event: Row) -> tuple[int, ...]:
        texts = (event["evidence"], event["source"], event["attribution"], safe_link(event["url"]))
        days = (self.date(event["date"]), self.date(event["date_end"]))
        return (*map(self.text, texts), *days, PRECISIONS.index(event["time_precision"]), self.date(event["published"]))


def _place(atlas: Atlas, event: Row, book: _Book) -> list[int]:
    """Give the number of an event's place, or its name and coordinates where it is no named cell's or is called otherwise."""
    number = atlas.place_numbers.get(event["place_id"], -1)
    steps = [round(event["lon"] * STEPS), round(event["lat"] * STEPS)]
    if number >= 0:
        row = atlas.places[number]
        if atlas.names[row] == event["place"] and np.rint(atlas.points[row] * STEPS).astype(int).tolist() == steps:
            return [number]
    return [-1, book.text(event["place"]), *steps]


def says_payload(atlas: Atlas, date: dt.date) -> dict[str, list[str]]:
    """Give what sources that disagree say of a place, by its number."""
    known = [row for row in atlas.disagreements[date] if row["place_id"] in atlas.place_numbers]
    return {str(atlas.place_numbers[row["place_id"]]): list(map(str, row["says"])) for row in known}


def side_labels(atlas: Atlas, date: dt.date) -> list[tuple[int, float, float, float]]:
    """Place each side's name once, in the middle of the widest land that it holds: side, longitude, latitude, room in degrees."""
    held: dict[str, list[shapely.Geometry]] = {}
    for row in atlas.areas[date]:
        if row["layer"] == "assessed" and row["state"] == "held":
            held.setdefault(row["actor"], []).append(row["geometry"])
    return [(atlas.number(actor), *_middle(shapely.coverage_union_all(held[actor]))) for actor in sorted(held)]


def labels_of_sides(atlas: Atlas, date: dt.date) -> str:
    """Give the sides' names as numbers: side, longitude, latitude, room in thousandths of a degree."""
    return encode_numbers(n for number, *middle in side_labels(atlas, date) for n in (number, *(round(1000 * x) for x in middle)))


def what_of(atlas: Atlas, state: str, actor: object, actors: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Give a state as the client's sentences need it: its word and the numbers of the sides in it."""
    who = list(actors) if state == "contested" else [actor]
    return state, tuple(number for number in map(atlas.number, who) if number >= 0)


def newest(atlas: Atlas, ids: Iterable[str], most: int) -> list[int]:
    """Give the latest events of some ids, the latest first."""
    numbers = {atlas.event_numbers[key] for key in ids if key in atlas.event_numbers}
    return sorted(numbers, reverse=True)[:most]


def _places(atlas: Atlas) -> dict[str, Any]:
    """Give the named places: names in one string, ranks in another, coordinates as deltas."""
    rows = list(atlas.places)
    names, ranks = atlas.names[rows], atlas.history.cells["rank"].to_numpy()[rows]
    steps = np.rint(atlas.points[rows] * STEPS).astype(np.int64)
    return {
        "names": "\n".join(str(name).replace("\n", " ") for name in names),
        "ranks": "".join(str(bisect(RANKS, int(rank))) for rank in ranks),
        "xy": encode_places(steps),
    }  # fmt: skip


def _area(atlas: Atlas, row: Row, local: Mapping[int, int]) -> dict[str, Any]:
    return {
        "css": atlas.area_class(row), "shape": encode_shape(row["geometry"]), "km2": round(row["area_km2"]), "basis": row["basis"],
        "what": what_of(atlas, row["state"], row["actor"], row["actors"]), "places": list(row["places"][:MOST_NAMES]),
        "more": max(0, len(row["places"]) - MOST_NAMES), "of": len(set(row["event_ids"])),
        "events": [local[number] for number in newest(atlas, row["event_ids"], MOST_AREA_EVENTS) if number in local],
    }  # fmt: skip


def _change(atlas: Atlas, row: Row) -> dict[str, Any]:
    x, y, room = _middle(row["geometry"])
    number = atlas.number(row["to_actor"]) if row["to_state"] == "held" else -1
    return {
        "css": f"changed a{number}" if number >= 0 else "changed nobody", "shape": encode_shape(row["geometry"]),
        "km2": atlas.words.number(row["area_km2"]), "at": [x, y], "room": room, "side": number,
    }  # fmt: skip


def _middle(shape: shapely.Geometry) -> tuple[float, float, float]:
    """Give the point of a shape that is farthest from its outline, and that distance, in degrees."""
    part = max(shapely.get_parts(shape), key=lambda piece: piece.area)
    radius = shapely.maximum_inscribed_circle(shapely.simplify(part, MIDDLE_DEG), tolerance=MIDDLE_DEG)
    x, y = shapely.get_coordinates(radius)[0]
    return round(float(x), 3), round(float(y), 3), round(float(shapely.length(radius)), 3)
