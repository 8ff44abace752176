"""A date's page as data: what the client draws and tells, in the shortest form that it can read."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import shapely

from geo.publish.atlas import Atlas, base_payload, events_payload, places_payload
from geo.publish.encode import encode_numbers, encode_shape
from geo.publish.rows import rows_of
from geo.publish.symbols import ORDER, SYMBOLS
from geo.publish.tables import changes_on

MOST_AREA_EVENTS = 12  # of an area's evidence, the newest; the popup says how many more there are, the exports hold all
MOST_PLACE_EVENTS = 4
MOST_NAMES = 8
CLIENT_WORDS = (
    "held_by", "claimed_by", "contested_by", "unknown_here", "since", "age", "days", "basis_baseline", "basis_observed", "basis_inferred",
    "status_confirmed", "status_claimed", "status_denied", "no_evidence", "said_by", "published", "open_source", "link_here", "close",
    "search", "search_none", "zoom_in", "zoom_out", "whole", "more", "inferred", "disputed", "nearest", "credit_short", "layers",
    "layer_areas", "layer_claimed", "layer_changes", "layer_fronts", "layer_events", "layer_labels", "play", "pause", "nobody", "contested",
    "unknown", "total", "part_claimed", "part_inferred", "from", "to", "places", "no_events", "no_changes", "since_date", "data_as_of",
    "claimed", "precision_week", "precision_month", "precision_year", "thousands", "decimal", *(f"type_{kind}" for kind in ORDER),
)  # fmt: skip


def page_payload(atlas: Atlas, date: dt.date, today: Sequence[int]) -> dict[str, Any]:
    """Give everything that the client draws and tells, sentences among it; it reads them as text only."""
    history = atlas.history
    layers = {layer: _areas(atlas, date, layer) for layer in ("assessed", "claimed")}
    states = _states(atlas, date)
    wanted = sorted({number for rows in layers.values() for row in rows for number in row["events"]}
                    | {number for row in states for number in row[2]}.difference(today))  # fmt: skip
    local = {number: here for here, number in enumerate([*today, *(number for number in wanted if number not in set(today))])}
    for rows in layers.values():
        for row in rows:
            row["events"] = [local[number] for number in row["events"]]
    codes: dict[tuple[Any, ...], int] = {}
    flat: list[int] = []
    for code, since, numbers in states:
        flat += [codes.setdefault(code, len(codes)), since, len(numbers), *(local[number] for number in numbers)]
    fronts = history.fronts
    return {
        **shared_payload(atlas), "date": date.isoformat(),
        "places": places_payload(atlas, atlas.places), "codes": [list(code) for code in codes], "states": encode_numbers(flat),
        "areas": layers["assessed"], "claims": layers["claimed"], "changes": _changes(atlas, date),
        "fronts": [encode_shape(line) for line in fronts.geometry[fronts["date"] == date]], "labels": side_labels(atlas, date),
        "events": events_payload(atlas, list(local)), "today": len(today), "says": _says(atlas, date),
    }  # fmt: skip


def shared_payload(atlas: Atlas) -> dict[str, Any]:
    """Give what every page sends: words, symbols, sides, base map."""
    return {
        "words": {key: atlas.words[key] for key in CLIENT_WORDS}, "symbols": [SYMBOLS[kind] for kind in ORDER], "types": list(ORDER),
        "sides": [[side.name, side.short] for side in atlas.sides], "base": base_payload(atlas.base),
    }  # fmt: skip


def _areas(atlas: Atlas, date: dt.date, layer: str) -> list[dict[str, Any]]:
    areas = atlas.history.areas
    rows = areas[(areas["date"] == date) & (areas["layer"] == layer)]
    found = []
    for row in rows_of(rows):
        events = newest(atlas, row["event_ids"], MOST_AREA_EVENTS)
        found.append({
            "css": atlas.area_class(row), "shape": encode_shape(row["geometry"]), "km2": round(row["area_km2"]), "basis": row["basis"],
            "what": what_of(atlas, row["state"], row["actor"], row["actors"]), "places": list(row["places"][:MOST_NAMES]),
            "more": max(0, len(row["places"]) - MOST_NAMES), "events": events, "of": len(set(row["event_ids"])),
        })  # fmt: skip
    return found


def _states(atlas: Atlas, date: dt.date) -> list[tuple[tuple[Any, ...], int, list[int]]]:
    """Give each named place's state on a date: what it is, days since, newest evidence."""
    states = atlas.history.states
    by_place = {row["place_id"]: row for row in rows_of(states[states["date"] == date])}
    ids = atlas.history.cells["place_id"].to_numpy()
    found = []
    for cell in atlas.places:
        row = by_place[ids[cell]]
        code = (*what_of(atlas, row["state"], row["actor"], row["actors"]), row["status"], row["basis"], atlas.number(row["claimed_by"]))
        since = -1 if row["since"] is None else (date - row["since"]).days
        found.append((code, since, newest(atlas, row["event_ids"], MOST_PLACE_EVENTS)))
    return found


def what_of(atlas: Atlas, state: str, actor: object, actors: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Give a state as the client's sentences need it: its word and the numbers of the sides in it."""
    who = list(actors) if state == "contested" else [actor]
    return state, tuple(number for number in map(atlas.number, who) if number >= 0)


def newest(atlas: Atlas, ids: Iterable[str], most: int) -> list[int]:
    """Give the latest events of some ids, the latest first."""
    numbers = {atlas.event_numbers[key] for key in ids if key in atlas.event_numbers}
    return sorted(numbers, reverse=True)[:most]


def _changes(atlas: Atlas, date: dt.date) -> list[dict[str, Any]]:
    found = []
    for row in changes_on(atlas.history, date):
        x, y, room = _middle(row["geometry"])
        number = atlas.number(row["to_actor"])
        found.append({
            "css": f"changed a{number}" if number >= 0 else "changed nobody", "shape": encode_shape(row["geometry"]),
            "km2": atlas.words.number(row["area_km2"]), "at": [x, y], "room": room, "side": number,
        })  # fmt: skip
    return found


def side_labels(atlas: Atlas, date: dt.date) -> list[list[Any]]:
    """Place each side's name once, in the middle of the largest part of what it holds."""
    areas = atlas.history.areas
    held = areas[(areas["date"] == date) & (areas["layer"] == "assessed") & (areas["state"] == "held")]
    found = []
    for actor, rows in held.groupby("actor", sort=True):
        found.append([atlas.number(actor), *_middle(shapely.coverage_union_all(rows.geometry.to_numpy()))])
    return found


def _middle(shape: shapely.Geometry) -> tuple[float, float, float]:
    """Give the point of a shape that is farthest from its outline, and that distance, in degrees."""
    part = max(shapely.get_parts(shape), key=lambda piece: piece.area)
    radius = shapely.maximum_inscribed_circle(part, tolerance=0.02)
    x, y = shapely.get_coordinates(radius)[0]
    return round(float(x), 3), round(float(y), 3), round(float(shapely.length(radius)), 3)


def _says(atlas: Atlas, date: dt.date) -> dict[str, list[str]]:
    frame = atlas.history.disagreements
    today = frame[frame["date"] == date] if len(frame) else frame
    known = [row for row in rows_of(today) if row["place_id"] in atlas.place_numbers]
    return {str(atlas.place_numbers[row["place_id"]]): list(map(str, row["says"])) for row in known}
