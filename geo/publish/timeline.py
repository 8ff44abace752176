"""All dates in one HTML file: cells once, and for each date only what switched; the client joins cells to areas."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.publish import chrome
from geo.publish.atlas import Atlas, events_payload, make_atlas, places_payload
from geo.publish.coverage import Coverage, corner_keys, encode_coverage
from geo.publish.encode import encode_numbers
from geo.publish.page import render_document
from geo.publish.payload import MOST_NAMES, MOST_PLACE_EVENTS, newest, shared_payload, side_labels, what_of
from geo.publish.rows import Row, plain
from geo.publish.tables import changes_on
from geo.records import History
from geo.theatre import Theatre

# the columns of the states frame in which a cell's state is told
STATE_COLUMNS = ("state", "actor", "actors", "status", "basis", "since", "event_ids", "claimed_by")

Ints = NDArray[np.int64]
Holding = tuple[str, str | None, tuple[str, ...]]  # state, holder, all who are there


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """What every cell is on every date.

    ``records`` numbers the states (dates, cells), ``table`` holds them by column. ``label`` and ``claim`` lead from a record to
    what is drawn: a row of ``labels`` (state, holder, all who are there, basis) and a side's number, -1 for none.
    """

    records: Ints
    table: dict[str, list[Any]]
    label: Ints
    labels: tuple[tuple[str, str | None, tuple[str, ...], str | None], ...]
    claim: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """Cells that look alike on every date, joined.

    ``marks`` numbers what each region is on each date (dates, regions): rows of ``pairs``, label and claim.
    """

    coverage: Coverage
    marks: Ints
    pairs: Ints


def render_timeline(
    history: History,
    theatre: Theatre,
    *,
    lang: str = "en",
    atlas: Atlas | None = None,
    surroundings: gpd.GeoDataFrame | None = None,
) -> str:
    """Write the page of all dates.

    Parameters
    ----------
    history, theatre, lang, atlas, surroundings
        As for ``geo.publish.page.render_page``.

    Returns
    -------
    str
        A whole HTML document; the same input gives the same bytes.
    """
    atlas = atlas or make_atlas(history, theatre, lang=lang, surroundings=surroundings)
    words, dates = atlas.words, history.dates
    first, last = words.date(dates[0]), words.date(dates[-1])
    title = words.fill("title_timeline", theatre=theatre.title, first=first, last=last)
    today = [number for number, event in enumerate(atlas.events) if event["date"] == dates[-1]]
    aside = "".join((
        chrome.sides_table(atlas, dates[-1]), chrome.changes_table(atlas, dates[-1]), chrome.events_list(atlas, today),
        chrome.legend(atlas, (event["type"] for event in atlas.events)), _all_dates(atlas), chrome.colophon(atlas, dates[-1]),
    ))  # fmt: skip
    nav = f'<nav><a id="day-page" href="{dates[-1]}.html">{escape(words["day_page"])}</a></nav>'
    return render_document(
        atlas, title=title, payload=_payload(atlas), aside=aside,
        head=chrome.header(atlas, title=title, as_of=dates[-1], nav=nav),
        under=chrome.locator(atlas) + _dock(atlas) + chrome.fallback(atlas, dates[-1]), scripts=("map.js", "mesh.js", "timeline.js"),
        styles=("map.css", "timeline.css"),
    )  # fmt: skip


def _payload(atlas: Atlas) -> dict[str, Any]:
    history = atlas.history
    tape = _tape(atlas)
    regions = _regions(history, tape)
    named = tape.records[:, list(atlas.places)]
    labels = _labels(atlas, tape)
    camps = np.array([label[-1] for label in labels], dtype=np.int64)
    return {
        **shared_payload(atlas), "places": places_payload(atlas, atlas.places), "corners": regions.coverage.corners,
        "rings": regions.coverage.rings, "fixed": _fixed(history, regions, camps), "labels": labels,
        "facing": _facing(atlas, tape), "marks": regions.pairs.tolist(), "regions": _reel(regions.marks),
        "records": _records(atlas, tape), "states": _reel(named), "days": [_day(atlas, date) for date in history.dates],
        "events": events_payload(atlas, range(len(atlas.events))),
    }  # fmt: skip


def _tape(atlas: Atlas) -> Tape:
    """Give each distinct state a number, and lay the numbers out by date and cell."""
    history, states = atlas.history, atlas.history.states
    columns = [states[column].to_numpy(dtype=object) for column in STATE_COLUMNS]
    codes = [pd.factorize(column)[0].astype(np.int64) + 1 for column in columns]
    _, first, record = np.unique(_combined(codes), return_index=True, return_inverse=True)
    cell = pd.Index(history.cells["place_id"]).get_indexer(pd.Index(states["place_id"]))
    date = pd.Index(list(history.dates), dtype=object).get_indexer(pd.Index(states["date"], dtype=object))
    records = np.zeros((len(history.dates), len(history.cells)), dtype=np.int64)
    known = (date >= 0) & (cell >= 0)
    records[date[known], cell[known]] = record[known]
    table = {name: [plain(value) for value in column[first]] for name, column in zip(STATE_COLUMNS, columns, strict=True)}
    keys = list(zip(table["state"], table["actor"], map(tuple, table["actors"]), table["basis"], strict=True))
    labels = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return Tape(
        records=records, table=table, label=np.array([labels[key] for key in keys], dtype=np.int64), labels=tuple(labels),
        claim=np.array([atlas.number(claimant) for claimant in table["claimed_by"]], dtype=np.int64),
    )  # fmt: skip


def _regions(history: History, tape: Tape) -> Regions:
    """Join the cells that look alike on every date: only borders that are one on some date need their corners."""
    pairs, mark = np.unique(np.c_[tape.label, tape.claim], axis=0, return_inverse=True)
    fates, fate = np.unique(mark.ravel()[tape.records].T, axis=0, return_inverse=True)
    shapes = history.cells.geometry.to_numpy()
    members = np.split(np.argsort(fate, kind="stable"), np.cumsum(np.bincount(fate))[:-1])
    joined = gpd.GeoSeries([shapely.coverage_union_all(shapes[cells]) for cells in members], crs=history.cells.crs)
    coverage = encode_coverage(joined)
    return Regions(coverage=coverage, marks=fates[coverage.order].T, pairs=pairs)


def _combined(codes: Sequence[Ints]) -> Ints:
    """Join columns of codes to one; renumbered at each step, so that no product overflows."""
    whole = codes[0]
    for column in codes[1:]:
        _, whole = np.unique(whole * (int(column.max()) + 1) + column, return_inverse=True)
    return whole


def _labels(atlas: Atlas, tape: Tape) -> list[list[Any]]:
    """Give the labels: CSS classes, state and sides, basis, camp (-1 unknown, -2 contested), for drawing and smoothing."""
    camps = {camp: number for number, camp in enumerate(sorted({atlas.theatre.camp(side.id) for side in atlas.sides}))}
    found = []
    for state, actor, actors, basis in tape.labels:
        css = atlas.area_class({"state": state, "actor": actor, "actors": actors, "basis": basis})
        camp = -2 if state == "contested" else camps[atlas.theatre.camp(actor)] if actor and state != "unknown" else -1
        found.append([css, *what_of(atlas, state, actor, actors), basis or "", camp])
    return found


def _facing(atlas: Atlas, tape: Tape) -> list[list[int]]:
    """List the pairs of labels between which a front runs, by the rule of control: opposing camps, both known.

    Round a contested place the front is on its defender's side, so none is drawn towards the attacker.
    """
    return [
        [two, one]
        for one, (state, actor, actors, _) in enumerate(tape.labels)
        for two, (other_state, other_actor, other_actors, _) in enumerate(tape.labels[:one])
        if _face(atlas.theatre, (state, actor, actors), (other_state, other_actor, other_actors))
    ]


def _face(theatre: Theatre, one: Holding, two: Holding) -> bool:
    if one[0] == "contested":
        one, two = two, one
    (state, actor, _), (other_state, other, others) = one, two
    if state != "held" or not actor or not other:
        return False
    here, there = theatre.camp(actor), theatre.camp(other)
    if other_state == "contested":
        return here not in {theatre.camp(a) for a in others} - {there}
    return other_state == "held" and here != there


def _records(atlas: Atlas, tape: Tape) -> list[list[Any]]:
    """Give the records: label, status, who else claims it, days before the first date since when (None unknown), newest events."""
    table, start = tape.table, atlas.history.dates[0]
    statuses = ("", "confirmed", "claimed")
    return [
        [int(label), statuses.index(status or ""), int(claim), None if since is None else (start - since).days,
         newest(atlas, events, MOST_PLACE_EVENTS)]
        for label, status, claim, since, events in zip(
            tape.label, table["status"], tape.claim, table["since"], table["event_ids"], strict=True)
    ]  # fmt: skip


def _reel(rows: Ints) -> list[str]:
    """Write rows of numbers: the first as runs (value, length), each later one as what differs (step to the place, value)."""
    starts = np.flatnonzero(np.r_[True, rows[0][1:] != rows[0][:-1]])
    reel = [np.c_[rows[0][starts], np.diff(np.r_[starts, rows.shape[1]])]]
    for before, after in pairwise(rows):
        moved = np.flatnonzero(before != after)
        reel.append(np.c_[np.diff(moved, prepend=0), after[moved]])
    return [encode_numbers(numbers.ravel().tolist()) for numbers in reel]


def _fixed(history: History, regions: Regions, camps: Ints) -> list[str]:
    """List the corners on borders that control's smoothing leaves where they are: first on every date, then on each date besides.

    The client smooths borders as control does; what it cannot know is where the baseline drew a line, and
    where control gave up smoothing because a border would have cut itself.
    """
    coverage, count = regions.coverage, len(regions.coverage.keys)
    areas = history.areas[history.areas["layer"] == "assessed"]
    shapes, dates = areas.geometry.to_numpy(), areas["date"].to_numpy(dtype=object)
    straight = np.zeros((len(history.dates), count), dtype=bool)
    bent = np.zeros(count, dtype=bool)
    for date, marks, row in zip(history.dates, regions.marks, straight, strict=True):
        one, two = regions.pairs[marks, 0][coverage.sides].T
        front = camps[one] != camps[two]
        first, later = (np.bincount(coverage.ends[mask].ravel(), minlength=count) for mask in (front, (one != two) & ~front))
        inner = np.flatnonzero((first == 2) | ((first == 0) & (later == 2)))  # what smoothing would move
        drawn = np.isin(coverage.keys[inner], corner_keys(shapely.get_coordinates(shapes[dates == date])))
        row[inner[drawn]] = True
        bent[inner[~drawn]] = True
    always = straight.any(axis=0) & ~bent
    lists = [always, *(straight & ~always)]
    return [encode_numbers(np.diff(np.flatnonzero(corners), prepend=0).tolist()) for corners in lists]


def _day(atlas: Atlas, date: dt.date) -> dict[str, Any]:
    """Give what the panel shows of a date: sides, changes, where names stand, who disagrees."""
    balance = atlas.balances[date]
    frame = atlas.history.disagreements
    says = frame[frame["date"] == date] if len(frame) else frame
    number, pairs = atlas.place_numbers, zip(says["place_id"], says["says"], strict=True)
    return {
        "date": date.isoformat(), "name": atlas.words.date(date), "short": atlas.words.date_short(date),
        "sides": [[atlas.number(row.actor), round(row.area_km2), round(row.claimed_km2), round(row.inferred_km2),
                   None if row.change_km2 is None else round(row.change_km2)] for row in balance.sides],
        "rest": [round(balance.contested_km2), round(balance.unknown_km2), round(balance.total_km2)],
        "changes": [_change(atlas, row) for row in changes_on(atlas.history, date)], "labels": side_labels(atlas, date),
        "says": {str(number[place]): list(map(str, said)) for place, said in pairs if place in number},
    }  # fmt: skip


def _change(atlas: Atlas, row: Row) -> list[Any]:
    now, before = (what_of(atlas, row[f"{end}_state"], row[f"{end}_actor"], ()) for end in ("to", "from"))
    places = row["places"]
    return [*now, *before, round(row["area_km2"]), round(row["error_km2"]), list(places[:MOST_NAMES]), max(0, len(places) - MOST_NAMES)]


def _dock(atlas: Atlas) -> str:
    """Give the bar under the map: play, the date, and the slider with the chart of changes behind it."""
    words, last = atlas.words, len(atlas.history.dates) - 1
    return (
        f'<div id="dock"><button type="button" id="play" aria-pressed="false" aria-label="{escape(words["play"])}">'
        f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2l10 6l-10 6z"/></svg></button>'
        f'<output id="day" for="slider">{escape(words.date(atlas.history.dates[-1]))}</output>'
        f'<div id="track"><svg id="chart" preserveAspectRatio="none" role="img" aria-label="{escape(words["chart_label"])}"></svg>'
        f'<input type="range" id="slider" min="0" max="{last}" value="{last}" step="1" aria-label="{escape(words["date_slider"])}" '
        f'aria-valuetext="{escape(words.date(atlas.history.dates[-1]))}"></div></div>'
    )


def _all_dates(atlas: Atlas) -> str:
    """Give the table of all dates, the chart's and the map's text alternative."""
    words, number = atlas.words, atlas.words.number
    held = {row.actor for balance in atlas.balances.values() for row in balance.sides if row.area_km2}
    sides = [side for side in atlas.sides if side.id in held]
    heads = "".join(f'<th scope="col"><bdi>{escape(side.short)}</bdi></th>' for side in sides)
    rows = []
    for date, balance in atlas.balances.items():
        areas = {row.actor: row.area_km2 for row in balance.sides}
        moved = sum(row["area_km2"] for row in changes_on(atlas.history, date))
        figures = "".join(f'<td class="n">{number(areas.get(side.id, 0.0))}</td>' for side in sides)
        link = f'<a href="{date}.html">{escape(words.date_short(date))}</a>'
        rows.append(f'<tr><th scope="row">{link}</th>{figures}<td class="n">{number(moved)}</td></tr>')
    return (
        f'<details class="all"><summary>{escape(words["all_dates"])}</summary><div class="wide"><table><thead><tr><th scope="col">'
        f'{escape(words["date_slider"])}</th>{heads}<th scope="col">{escape(words["changed"])}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>"
    )
