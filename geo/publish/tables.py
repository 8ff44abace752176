"""The figures beside the map: km² and share by side on a date, and what changed since the date before."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.publish.rows import Row


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


def balances(areas: Mapping[dt.date, Sequence[Row]]) -> Mapping[dt.date, Balance]:
    """Add up each date's areas; sides in falling order of area, then by name."""
    found: dict[dt.date, Balance] = {}
    before: Mapping[str, float] | None = None
    for date, rows in areas.items():
        assessed = [row for row in rows if row["layer"] == "assessed"]
        held = _sums(row for row in assessed if row["state"] == "held")
        inferred = _sums(row for row in assessed if row["state"] == "held" and row["basis"] == "inferred")
        claimed = _sums(row for row in rows if row["layer"] == "claimed")
        sides = [
            SideRow(
                actor=actor, area_km2=held.get(actor, 0.0), claimed_km2=claimed.get(actor, 0.0), inferred_km2=inferred.get(actor, 0.0),
                change_km2=None if before is None else held.get(actor, 0.0) - before.get(actor, 0.0),
            )
            for actor in {*held, *claimed, *(before or ())}
        ]  # fmt: skip
        found[date] = Balance(
            date=date, sides=tuple(sorted(sides, key=lambda row: (-row.area_km2, row.actor))),
            contested_km2=sum(row["area_km2"] for row in assessed if row["state"] == "contested"),
            unknown_km2=sum(row["area_km2"] for row in assessed if row["state"] == "unknown"),
            total_km2=sum(row["area_km2"] for row in assessed),
        )  # fmt: skip
        before = held
    return found


def by_size(changes: Iterable[Row]) -> list[Row]:
    """Order changes, the largest first."""
    return sorted(changes, key=lambda row: (-row["area_km2"], str(row["to_actor"]), str(row["from_actor"])))


def _sums(rows: Iterable[Row]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for row in rows:
        if row["actor"] is not None:
            sums[row["actor"]] = sums.get(row["actor"], 0.0) + row["area_km2"]
    return sums
