"""All dates in one HTML file: cells once, and for each date only what switched; the client joins cells to areas."""

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.publish import chrome
from geo.publish.atlas import Atlas, make_atlas
from geo.publish.coverage import Coverage, corner_keys, encode_coverage
from geo.publish.encode import encode_numbers
from geo.publish.page import Page, render_document
from geo.publish.payload import (
    MOST_NAMES,
    events_payload,
    labels_of_sides,
    labels_payload,
    records_payload,
    says_payload,
    shared_payload,
)  # fmt: skip
from geo.publish.rows import Row
from geo.publish.tape import Label, encode_reel
from geo.records import History
from geo.theatre import Theatre

Ints = NDArray[np.int64]
STATES = ("held", "contested", "unknown")


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
) -> Page:
    """Write the page of all dates.

    Parameters
    ----------
    history, theatre, lang, atlas, surroundings
        As for ``geo.publish.page.render_page``.

    Returns
    -------
    Page
        A whole HTML document, a string; the same input gives the same bytes.
    """
    atlas = atlas or make_atlas(history, theatre, lang=lang, surroundings=surroundings)
    words, dates = atlas.words, history.dates
    first, last = words.date(dates[0]), words.date(dates[-1])
    title = words.fill("title_timeline", theatre=theatre.title, first=first, last=last)
    aside = "".join((
        chrome.sides_table(atlas, dates[-1]), chrome.changes_table(atlas, dates[-1]), chrome.events_list(atlas, ()),
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
    regions = _regions(atlas)
    labels = labels_payload(atlas)
    camps = np.array([label[-1] for label in labels], dtype=np.int64)
    everything = range(len(atlas.events))
    records = "".join(
        records_payload(atlas, range(len(atlas.tape.label)), atlas.history.dates[0], dict(zip(everything, everything, strict=True)))
    )
    return {
        **shared_payload(atlas), "corners": regions.coverage.corners, "rings": regions.coverage.rings,
        "fixed": _fixed(atlas, regions, camps), "labels": labels, "facing": _facing(atlas), "marks": regions.pairs.tolist(),
        "regions": encode_reel(regions.marks), "records": records, "states": encode_reel(atlas.tape.records[:, list(atlas.places)]),
        "days": [_day(atlas, date) for date in atlas.history.dates], "events": events_payload(atlas, everything),
    }  # fmt: skip


def _regions(atlas: Atlas) -> Regions:
    """Join the cells that look alike on every date: only borders that are one on some date need their corners."""
    tape, cells = atlas.tape, atlas.history.cells
    claim = np.array([atlas.number(claimant) for claimant in tape.table["claimed_by"]], dtype=np.int64)
    pairs, mark = np.unique(np.c_[tape.label, claim], axis=0, return_inverse=True)
    fates, fate = np.unique(mark.ravel()[tape.records].T, axis=0, return_inverse=True)
    shapes = cells.geometry.to_numpy()
    members = np.split(np.argsort(fate, kind="stable"), np.cumsum(np.bincount(fate))[:-1])
    joined = gpd.GeoSeries([shapely.coverage_union_all(shapes[alike]) for alike in members], crs=cells.crs)
    coverage = encode_coverage(joined)
    return Regions(coverage=coverage, marks=fates[coverage.order].T, pairs=pairs)


def _facing(atlas: Atlas) -> list[list[int]]:
    """List the pairs of labels between which a front runs, by the rule of control: opposing camps, both known.

    Round a contested place the front is on its defender's side, so none is drawn towards the attacker.
    """
    labels = atlas.tape.labels
    return [[two, one] for one in range(len(labels)) for two in range(one) if _face(atlas.theatre, labels[one], labels[two])]


def _face(theatre: Theatre, one: Label, two: Label) -> bool:
    if one[0] == "contested":
        one, two = two, one
    (state, actor, *_), (other_state, other, others, _) = one, two
    if state != "held" or not actor or not other:
        return False
    here, there = theatre.camp(actor), theatre.camp(other)
    if other_state == "contested":
        return here not in {theatre.camp(a) for a in others} - {there}
    return other_state == "held" and here != there


def _fixed(atlas: Atlas, regions: Regions, camps: Ints) -> list[str]:
    """List the corners on borders that control's smoothing leaves where they are: first on every date, then on each date besides.

    The client smooths borders as control does; what it cannot know is where the baseline drew a line, and
    where control gave up smoothing because a border would have cut itself.
    """
    coverage, count = regions.coverage, len(regions.coverage.keys)
    dates = atlas.history.dates
    straight = np.zeros((len(dates), count), dtype=bool)
    bent = np.zeros(count, dtype=bool)
    for date, marks, row in zip(dates, regions.marks, straight, strict=True):
        one, two = regions.pairs[marks, 0][coverage.sides].T
        front = camps[one] != camps[two]
        first, later = (np.bincount(coverage.ends[mask].ravel(), minlength=count) for mask in (front, (one != two) & ~front))
        inner = np.flatnonzero((first == 2) | ((first == 0) & (later == 2)))  # what smoothing would move
        shapes = [area["geometry"] for area in atlas.areas[date] if area["layer"] == "assessed"]
        drawn = np.isin(coverage.keys[inner], corner_keys(shapely.get_coordinates(shapes)))
        row[inner[drawn]] = True
        bent[inner[~drawn]] = True
    always = straight.any(axis=0) & ~bent
    lists = [always, *(straight & ~always)]
    return [encode_numbers(np.diff(np.flatnonzero(corners), prepend=0).tolist()) for corners in lists]


def _day(atlas: Atlas, date: dt.date) -> dict[str, Any]:
    """Give what the panel shows of a date: sides, changes, where names stand, who disagrees.

    ``figures`` are the km² contested, unknown and in all, then for each side its number and its km² held, claimed, inferred and
    gained. ``changes`` are for each change: state and side now, state and side before, km², error, how many places more, how many
    are named, their numbers.
    """
    balance = atlas.balances[date]
    figures = [round(balance.contested_km2), round(balance.unknown_km2), round(balance.total_km2)]
    for row in balance.sides:
        figures += [atlas.number(row.actor), *map(round, (row.area_km2, row.claimed_km2, row.inferred_km2, row.change_km2 or 0))]
    return {
        "date": date.isoformat(), "name": atlas.words.date(date),
        "figures": encode_numbers(figures), "changes": encode_numbers(n for row in atlas.changes[date] for n in _change(atlas, row)),
        "names": labels_of_sides(atlas, date), "says": says_payload(atlas, date),
    }  # fmt: skip


def _change(atlas: Atlas, row: Row) -> list[int]:
    ends = [n for end in ("to", "from") for n in (STATES.index(row[f"{end}_state"]), atlas.number(row[f"{end}_actor"]))]
    places = [atlas.name_numbers[name] for name in row["places"] if name in atlas.name_numbers][:MOST_NAMES]
    return [*ends, round(row["area_km2"]), round(row["error_km2"]), len(row["places"]) - len(places), len(places), *places]


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
        moved = sum(row["area_km2"] for row in atlas.changes[date])
        figures = "".join(f"<td>{number(areas.get(side.id, 0.0))}</td>" for side in sides)
        link = f'<a href="{date}.html">{escape(words.date_short(date))}</a>'
        rows.append(f'<tr><th scope="row">{link}</th>{figures}<td>{number(moved)}</td></tr>')
    return (
        f'<details class="all"><summary>{escape(words["all_dates"])}</summary><div class="wide"><table><thead><tr><th scope="col">'
        f'{escape(words["date_slider"])}</th>{heads}<th scope="col">{escape(words["changed"])}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>"
    )
