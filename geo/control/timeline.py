"""What the rules say of a place from one day to the next, as records. Days are ordinals (``date.toordinal``)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who says that it holds a place, since when (ordinal); ``contrary`` if somebody said otherwise."""

    actor: str
    whole: bool
    day: int
    first: int
    event_ids: tuple[str, ...]
    contrary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The control state of a place, from some day until the next change. Days are ordinals.

    ``seen_first`` and ``seen`` are the days of the oldest and newest evidence, ``exact`` that of the newest about the
    place itself and not its province, ``width`` the days of doubt about it.
    """

    state: str = "unknown"
    actor: str | None = None
    actors: tuple[str, ...] = ()
    status: str | None = None
    basis: str | None = None
    since: int | None = None
    since_end: int | None = None
    seen_first: int | None = None
    seen: int | None = None
    exact: int | None = None
    width: int = 0
    confidence: float = 0.0
    event_ids: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


UNKNOWN = Control()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What changed on which day: ``days`` ascending (ordinals), ``changes[k]`` the new control of each cell that changed then."""

    days: tuple[int, ...]
    changes: tuple[Mapping[int, Control], ...]


def as_date(ordinal: int | None) -> dt.date | None:
    """Turn an ordinal into a date."""
    return None if ordinal is None else dt.date.fromordinal(ordinal)
