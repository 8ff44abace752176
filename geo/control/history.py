"""The whole way of control: from a ledger to who held what on each date, as frames."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.control.areas import AreaTable
from geo.control.baseline import baseline_of, find_holders, held_apart
from geo.control.cells import SETTLEMENTS, Cells, build_cells
from geo.control.changes import ChangeTable
from geo.control.disagreements import find_disagreements
from geo.control.effects import Reach, effects_of
from geo.control.fronts import FrontTable
from geo.control.schema import AREAS, CHANGES, FRONTS, STATES, Columns, frame_of, rows_of
from geo.control.sheets import Draughtsman, Sheet
from geo.control.state import resolve
from geo.control.timeline import as_date
from geo.control.views import View, Views, view_dates
from geo.errors import ControlmapError
from geo.records import History, Place
from geo.theatre import Theatre


def build_history(ledger: gpd.GeoDataFrame, places: Sequence[Place], theatre: Theatre, dates: Iterable[dt.date]) -> History:
    """Work out control, areas, fronts and changes for some dates.

    Parameters
    ----------
    ledger
        As ``build_ledger`` makes it; may be empty.
    places
        The gazetteer's places of the theatre's countries: settlements, and the provinces, quarters and bases that events name.
    theatre
        Land, actors, baseline, settings.
    dates
        In any order; each date's state depends on what happened up to it and on nothing later.

    Returns
    -------
    History
        Frames with the columns of ``geo.control.schema``.

    Raises
    ------
    TheatreError
        The theatre's extent holds no land, or its baseline names a place or an actor that nobody knows.
    """
    days = tuple(sorted(set(dates)))
    if not days:
        raise ControlmapError("no dates to build: give at least one")
    everywhere = (*places, *_places_of_events(ledger, places))
    holders = find_holders(theatre, everywhere)
    cells = build_cells(everywhere, theatre, apart=held_apart(holders))
    reach = Reach(cells, everywhere)
    baseline = baseline_of(theatre, cells, reach, holders)
    effects = effects_of(ledger, reach, min(days[0], theatre.start))
    timeline = resolve(effects, baseline, cells, theatre)
    views = view_dates(timeline, baseline, cells, theatre, days)
    areas, fronts, changes = _draw(views, cells, theatre)
    return History(
        dates=days, cells=cells.frame, states=_states(views, cells), areas=areas, fronts=fronts, changes=changes,
        disagreements=find_disagreements(ledger, theatre, days), ledger=ledger,
    )  # fmt: skip


def control_on(date: dt.date, history: History) -> gpd.GeoDataFrame:
    """Give the control state of each named place on a date of a history.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of ``geo.control.schema.STATES``, then name and kind; the geometry is the place's cell.
    """
    _check(history, date)
    named = history.cells.loc[history.cells["name"] != "", ["place_id", "name", "kind", "geometry"]]
    rows = history.states[history.states["date"] == date].merge(named, on="place_id", how="inner")
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=history.cells.crs)


def areas_on(date: dt.date, history: History, *, layer: str = "assessed") -> gpd.GeoDataFrame:
    """Give the areas of control on a date of a history.

    Parameters
    ----------
    date
        One of the history's dates.
    history
        As ``build_history`` makes it.
    layer
        ``assessed`` or ``claimed``.
    """
    _check(history, date)
    areas = history.areas
    return areas[(areas["date"] == date) & (areas["layer"] == layer)].reset_index(drop=True)


def _check(history: History, date: dt.date) -> None:
    if date not in history.dates:
        raise ControlmapError(
            f"{date} is no date of this history, which has {history.dates[0]} to {history.dates[-1]}; build it with that date"
        )


def _places_of_events(ledger: gpd.GeoDataFrame, places: Sequence[Place]) -> list[Place]:
    """Make places of the settlements that events name and the gazetteer has not."""
    known = {place.place_id for place in places}
    rows = ledger[~ledger["place_id"].isin(known) & ledger["kind"].isin(SETTLEMENTS)].drop_duplicates("place_id")
    return [
        Place(
            place_id=row["place_id"],
            name=row["place"],
            kind=row["kind"],
            lon=row["lon"],
            lat=row["lat"],
            admin1=row["admin1"],
            source="event",
        )
        for row in rows_of(rows.drop(columns="geometry"))
    ]


def _draw(views: Views, cells: Cells, theatre: Theatre) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Make the frames of what is drawn, date by date; a date without news repeats the one before."""
    draughtsman = Draughtsman(views, cells, theatre)
    area_table, front_table, change_table = (
        AreaTable(views, cells, draughtsman),
        FrontTable(views, cells, theatre),
        ChangeTable(views, cells, draughtsman),
    )
    areas, fronts, changes = (Columns(columns) for columns in (AREAS, FRONTS, CHANGES))
    drawn: tuple[dict[str, list[object]], dict[str, list[object]]] = ({}, {})
    before: tuple[View, Sheet] | None = None
    for number, (date, view) in enumerate(zip(views.dates, views.views, strict=True)):
        if before is None or view is not before[0]:
            sheet = draughtsman.sheet(view)
            drawn = (area_table.columns(view, sheet), front_table.columns(view, sheet))
            if before is not None:
                changes.add(change_table.columns(before, (view, sheet)), date=date, date_before=views.dates[number - 1])
            before = (view, sheet)
        areas.add(drawn[0], date=date)
        fronts.add(drawn[1], date=date)
    return areas.geoframe(), fronts.geoframe(), changes.geoframe()


def _states(views: Views, cells: Cells) -> pd.DataFrame:
    """Unroll the views: a row for each date and cell."""
    count, n = len(views.dates), len(cells)
    record = np.concatenate([v.record for v in views.views])
    claim = np.concatenate([v.claim for v in views.views])
    table = views.records
    data: dict[str, NDArray[Any]] = {
        "date": np.repeat(_objects(views.dates), n),
        "place_id": np.tile(cells.frame["place_id"].to_numpy(), count),
        "state": _objects([c.state for c in table])[record],
        "actor": _objects([c.actor for c in table])[record],
        "actors": _objects([c.actors for c in table])[record],
        "status": _objects([c.status for c in table])[record],
        "basis": _objects([c.basis for c in table])[record],
        "since": _objects([as_date(c.since) for c in table])[record],
        "since_end": _objects([as_date(c.since_end) for c in table])[record],
        "age_days": _ages(views, record, n),
        "confidence": np.concatenate([v.confidence for v in views.views]),
        "event_ids": _objects([c.event_ids for c in table])[record],
        "claimed_by": _objects([*views.actors, None])[claim],
    }
    return frame_of(STATES, data)


def _ages(views: Views, record: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    seen = np.array([-1 if c.seen is None else c.seen for c in views.records], dtype=np.int64)[record]
    today = np.repeat(np.array([d.toordinal() for d in views.dates], dtype=np.int64), n)
    return np.where(seen < 0, -1, today - seen)


def _objects(values: Sequence[object]) -> NDArray[np.object_]:
    """Make an array of objects, also of tuples."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out
