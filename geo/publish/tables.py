"""The figures beside the map: km² and share by side on a date, and what changed since the date before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geo.publish.rows import Row, rows_of
from geo.records import History


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """What one side holds in the assessed layer, ``inferred_km2`` of it inferred, and what it claims beyond."""

    actor: str
    area_km2: float
    claimed_km2: float
    inferred_km2: float
    change_km2: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """All of the known land on one date; the sides, the contested and the unknown add up to ``total_km2``."""

    date: dt.date
    sides: tuple[SideRow, ...]
    contested_km2: float
    unknown_km2: float
    total_km2: float

    def share(self, area_km2: float) -> float:
        """Give a part of the known land in percent."""
        return 100 * area_km2 / self.total_km2 if self.total_km2 else 0.0


def balances(history: History) -> Mapping[dt.date, Balance]:
    """Add up each date's assessed areas; sides in falling order of area, then by name."""
    assessed = history.areas["layer"] == "assessed"
    areas, claims = history.areas[assessed], history.areas[~assessed]
    found: dict[dt.date, Balance] = {}
    before: dict[str, float] | None = None
    for date in history.dates:
        today = areas[areas["date"] == date]
        sides, before = _sides(today, claims[claims["date"] == date], before)
        by_state = today.groupby("state")["area_km2"].sum()
        found[date] = Balance(
            date=date, sides=sides, contested_km2=float(by_state.get("contested", 0.0)),
            unknown_km2=float(by_state.get("unknown", 0.0)), total_km2=float(by_state.sum()),
        )  # fmt: skip
    return found


def changes_on(history: History, date: dt.date) -> list[Row]:
    """Give a date's changes as rows, the largest first."""
    today = history.changes[history.changes["date"] == date]
    return sorted(rows_of(today), key=lambda row: (-row["area_km2"], str(row["to_actor"]), str(row["from_actor"])))


def _sides(areas: pd.DataFrame, claims: pd.DataFrame, before: dict[str, float] | None) -> tuple[tuple[SideRow, ...], dict[str, float]]:
    held = areas[areas["actor"].notna() & (areas["state"] == "held")]
    total = held.groupby("actor")["area_km2"].sum()
    claimed = claims.groupby("actor")["area_km2"].sum()
    inferred = held[held["basis"] == "inferred"].groupby("actor")["area_km2"].sum()
    actors = set(total.index) | set(claimed.index) | set(before or ())
    rows = [
        SideRow(
            actor=actor, area_km2=float(total.get(actor, 0.0)), claimed_km2=float(claimed.get(actor, 0.0)),
            inferred_km2=float(inferred.get(actor, 0.0)),
            change_km2=None if before is None else float(total.get(actor, 0.0)) - before.get(actor, 0.0),
        )
        for actor in actors
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.area_km2, row.actor))), {str(key): float(value) for key, value in total.items()}
