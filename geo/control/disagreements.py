"""Where sources disagree: of one place, on overlapping days, they say things that cannot all be so."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import combinations

import geopandas as gpd
import pandas as pd

from geo.control.effects import interval
from geo.control.schema import DISAGREEMENTS, frame_of, rows_of
from geo.theatre import Theatre

LINGER_DAYS = 3  # for which a disagreement is news after the last of the events
_TAKES = ("capture", "transfer")

Row = Mapping[str, object]


def find_disagreements(ledger: gpd.GeoDataFrame, theatre: Theatre, dates: Sequence[dt.date]) -> pd.DataFrame:
    """List, for each date and place, who says what against whom.

    Returns
    -------
    pandas.DataFrame
        The columns of ``geo.control.schema.DISAGREEMENTS``, by date and place.
    """
    data: dict[str, list[object]] = {name: [] for name in DISAGREEMENTS}
    spans: dict[tuple[str, dt.date], dict[str, Row]] = {}
    for place_id, rows in sorted(_by_place(ledger).items()):
        for first, last, involved in _quarrels(rows, theatre):
            for date in dates:
                if first <= date <= last:
                    spans.setdefault((place_id, date), {}).update({str(row["event_id"]): row for row in involved})
    for (place_id, date), quarrel in sorted(spans.items(), key=lambda item: (item[0][1], item[0][0])):
        some = [quarrel[i] for i in sorted(quarrel)]
        data["date"].append(date)
        data["place_id"].append(place_id)
        data["place"].append(some[0]["place"])
        data["says"].append(tuple(sorted({_saying(source, row) for row in some for source in _sources(row)})))
        data["event_ids"].append(tuple(sorted({i for row in some for i in (str(row["event_id"]), *_merged(row))})))
    return frame_of(DISAGREEMENTS, data)


def _by_place(ledger: gpd.GeoDataFrame) -> dict[str, list[Row]]:
    wanted = ledger[ledger["type"].isin([*_TAKES, "withdrawal", "contested", "repelled"])]
    places: dict[str, list[Row]] = {}
    for row in rows_of(wanted.drop(columns="geometry")):
        places.setdefault(str(row["place_id"]), []).append(row)
    return places


def _quarrels(rows: list[Row], theatre: Theatre) -> list[tuple[dt.date, dt.date, tuple[Row, ...]]]:
    found: list[tuple[dt.date, dt.date, tuple[Row, ...]]] = []
    linger = dt.timedelta(days=LINGER_DAYS)
    for row in rows:
        if row["assessed"] == "denied":  # the claim and its denial stand in one report
            last = interval(row)[1]
            found.append((last, last + linger, (row,)))
    for one, two in combinations(rows, 2):
        (a, b), (c, d) = interval(one), interval(two)
        if a <= d and c <= b and (_against(one, two, theatre) or _against(two, one, theatre)):
            found.append((max(b, d), max(b, d) + linger, (one, two)))
    return found


def _against(one: Row, two: Row, theatre: Theatre) -> bool:
    """Tell whether ``one`` being so excludes ``two``."""
    if one["type"] not in _TAKES or one["assessed"] == "denied":
        gone = one["type"] == "withdrawal" and one["assessed"] != "denied"
        return gone and two["type"] == "repelled" and _camp(one, theatre) == _camp(two, theatre)
    same = _camp(one, theatre) == _camp(two, theatre)
    if two["assessed"] == "denied":
        return same and two["type"] in (*_TAKES, "contested")
    if two["type"] == "contested":
        return one["assessed"] == "claimed" and one["extent"] != "part"
    return not same and two["type"] in (*_TAKES, "repelled")


def _camp(row: Row, theatre: Theatre) -> str:
    return theatre.camp(str(row["actor"])) if row["actor"] else ""


def _sources(row: Row) -> tuple[str, ...]:
    sources = row["sources"]
    return sources if isinstance(sources, tuple) else ()


def _merged(row: Row) -> tuple[str, ...]:
    merged = row["merged"]
    return merged if isinstance(merged, tuple) else ()


def _saying(source: str, row: Row) -> str:
    """Write ``source: actor type (status)`` from the ledger's ``source (status)``."""
    name, _, status = source.rpartition(" (")
    return f"{name}: {row['actor'] or 'somebody'} {row['type']} ({status}"
