"""A war of two sides and their friends, made up for the reading tests, and a way to write a report with its places marked.

``read_text("Rebels took [Saraqib] on Thursday.")`` reads the sentence with Saraqib as a resolved town;
``[Idlib province|province]`` tells the kind.
"""

import datetime as dt
import functools
import re

import geopandas as gpd

from geo.reading.rules import RuleReader
from geo.records import Event, Place, Report, Toponym
from geo.theatre import Actor, Generic, Theatre

FRIDAY = dt.date(2024, 12, 6)
_MARKED = re.compile(r"\[([^|\]]+)(?:\|(\w+))?\]")


def make_theatre() -> Theatre:
    """Build the theatre: a government with an ally, rebels of two ages, a third side and a foreign backer."""
    army = ("the army", "government forces", "regime forces", "the regime", "the government")
    actors = (
        _actor("government", "government", "government", ("Syrian army", "SAA", "Assad's forces"), forms=army, sources=("SANA",)),
        _actor("russia", "government", "foreign", ("Russia", "Russian jets", "Russian forces"), sources=("Kremlin",)),
        _actor("hts", "opposition", "non-state", ("Hayat Tahrir al-Sham", "HTS")),
        _actor("opposition", "opposition", "non-state", ("Free Syrian Army", "FSA")),
        _actor("sna", "opposition", "non-state", ("Syrian National Army", "SNA"), forms=("turkish-backed fighters",)),
        _actor("sdf", "sdf", "non-state", ("Syrian Democratic Forces", "SDF", "YPG"), forms=("kurdish-led forces",)),
        _actor("turkey", "opposition", "foreign", ("Turkey", "Turkish army")),
    )
    rebels = ("rebels", "rebel", "insurgents", "rebel fighters", "rebel forces")
    generics = (
        Generic(words=rebels, actor="opposition", end=dt.date(2019, 1, 1)),
        Generic(words=rebels, actor="hts", start=dt.date(2019, 1, 2)),
    )
    return Theatre(
        name="made-up",
        title="A war of the tests",
        countries=("SY",),
        extent=(35.0, 32.0, 42.5, 37.5),
        start=dt.date(2024, 11, 26),
        actors=actors,
        generics=generics,
        land=gpd.GeoDataFrame(),
    )


def _actor(
    actor_id: str, camp: str, side: str, aliases: tuple[str, ...], *, forms: tuple[str, ...] = (), sources: tuple[str, ...] = ()
) -> Actor:
    name = aliases[0]
    return Actor(id=actor_id, name=name, short=name, camp=camp, side=side, colour="#000000", aliases=aliases, forms=forms, sources=sources)


@functools.cache
def load_reader() -> RuleReader:
    """Build the reader of the made-up war once."""
    return RuleReader(make_theatre())


def mark_places(marked: str) -> tuple[str, list[Toponym]]:
    """Take the marks off a text and give its toponyms; one name is one place, wherever it stands."""
    text, toponyms, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        name, start = match[1], len(text)
        text += name
        at = match.end()
        kind = match[2] or "town"
        east = sum(map(ord, name)) % 97
        place = Place(place_id=f"test:{name.lower().replace(' ', '-')}", name=name, kind=kind, lon=36.0 + east / 50, lat=33.0 + east / 60)
        toponyms.append(Toponym(report_id="r", text=name, start=start, end=len(text), place=place, match="given", score=1.0))
    return text + marked[at:], toponyms


def read_text(marked: str, *, source: str = "Agency", source_kind: str = "wire", published: dt.date = FRIDAY) -> list[Event]:
    """Read a report whose places are marked with brackets."""
    text, toponyms = mark_places(marked)
    return load_reader().read(Report(id="r", published=published, source=source, source_kind=source_kind, text=text), toponyms)


def told(events: list[Event]) -> list[tuple[str, str, str | None, str, str]]:
    """Give what the events say: type, place, actor, date, status."""
    return [(e.type, e.place, e.actor, e.date.isoformat(), e.status) for e in events]
