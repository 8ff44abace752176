"""Read the labelled corpus and say, for each window, which answers its labels give: the linker's school."""

import csv
import datetime as dt
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from geo.reading.linker_decode import SLOTS, STATUSES
from geo.reading.linker_layout import meaning_on
from geo.reading.linker_records import DateCandidate, Layout, PlaceSpan, Window
from geo.records import Place, Report, Toponym
from geo.theatre import Actor, Generic, Theatre

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the labels say of one window: for each event the slot, the candidates that are right, and the rest.

    Candidates are indices into the window's; an empty tuple means that the labels do not tell.
    """

    slot: int
    actors: tuple[int, ...]
    dates: tuple[int, ...]
    targets: tuple[int, ...]
    status: int
    part: int
    transfer: int
    control: bool


def read_corpus(path: Path) -> list[dict[str, Any]]:
    """Read a labelled file, one report a line."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def read_cast(folder: Path) -> dict[str, Theatre]:
    """Read the wars of the corpus as theatres without land: only who fights in each, and by which words.

    Parameters
    ----------
    folder
        Holds ``actors.csv`` (theatre, id, name, camp, side, start, end, aliases, forms, sources) and ``generics.csv``
        (theatre, words, actor, start, end); lists are separated by ``|``.
    """
    actors: dict[str, list[Actor]] = {}
    generics: dict[str, list[Generic]] = {}
    countries: dict[str, str] = {}
    with (folder / "actors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases = _split(row["aliases"])
            actors.setdefault(row["theatre"], []).append(
                Actor(
                    id=row["id"],
                    name=row["name"],
                    short=(aliases or (row["name"],))[0],
                    camp=row["camp"],
                    side=row["side"],
                    colour="#888888",
                    aliases=aliases,
                    forms=_with_article(_split(row["forms"])),
                    sources=_split(row["sources"]),
                    start=_day(row["start"]),
                    end=_day(row["end"]),
                )
            )
    with (folder / "generics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            generics.setdefault(row["theatre"], []).append(
                Generic(words=_with_article(_split(row["words"])), actor=row["actor"], start=_day(row["start"]), end=_day(row["end"]))
            )
    with (folder / "theatres.csv").open(encoding="utf-8", newline="") as file:
        countries = {row["theatre"]: row["country"] for row in csv.DictReader(file)}
    land = gpd.GeoDataFrame({"country": [], "name": []}, geometry=[], crs=4326)
    return {
        name: Theatre(
            name=name,
            title=name,
            countries=(countries[name],),
            extent=(0, 0, 1, 1),
            start=dt.date(1990, 1, 1),
            actors=tuple(cast),
            generics=tuple(generics.get(name, ())),
            land=land,
        )
        for name, cast in sorted(actors.items())
    }


DRILL_CAST = ("Redland", "Northern Front", "ULA", "Zelia", "Patriots' Union", "KDF")
_DRILL_DATES = ("%-d %B %Y", "%-d %B", "%B %-d", "%A", "%A", "%-d %b %Y")


def drill_theatre() -> Theatre:
    """Give the made-up war in which the drills are set."""
    actors = tuple(
        Actor(
            id=f"drill-{number}",
            name=name,
            short=name,
            camp=f"drill-{number}",
            side=("government", "non-state", "foreign")[number % 3],
            colour="#888888",
            aliases=(name,),
        )
        for number, name in enumerate(DRILL_CAST)
    )
    land = gpd.GeoDataFrame({"country": [], "name": []}, geometry=[], crs=4326)
    return Theatre(name="drill", title="drill", countries=("XX",), extent=(0, 0, 1, 1), start=dt.date(1990, 1, 1), actors=actors, land=land)


def read_drills(path: Path, chance: random.Random, towns: Sequence[str]) -> list[dict[str, Any]]:
    """Read the drills and fill each with names and a date: reports in the corpus's form, other ones each time.

    Parameters
    ----------
    path
        ``drills.psv``: a text with slots, a bar, its events.
    chance
        Chooses the names.
    towns
        Names to choose from.
    """
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    halves = [line.rsplit(" | ", 1) for line in lines]
    return [_fill_drill(number, text, told, chance, towns) for number, (text, told) in enumerate(halves)]


def _fill_drill(number: int, text: str, told: str, chance: random.Random, towns: Sequence[str]) -> dict[str, Any]:
    published = dt.date(2005, 1, 1) + dt.timedelta(days=chance.randrange(7300))
    date = published - dt.timedelta(days=chance.randrange(6))
    a, b = chance.sample(range(len(DRILL_CAST)), 2)
    p, q = chance.sample(list(towns), 2)
    shapes = chance.choice(_DRILL_DATES)
    # an earlier date is never a bare weekday, which would mean the last such day
    earlier, older = date - dt.timedelta(days=chance.randrange(2, 25)), chance.choice([shape for shape in _DRILL_DATES if shape != "%A"])
    fills = {"{A}": DRILL_CAST[a], "{B}": DRILL_CAST[b], "{P}": p, "{Q}": q, "{D}": date.strftime(shapes), "{E}": earlier.strftime(older)}
    written, places, at = "", [], {"P": (10.0, 10.0), "Q": (20.0, 20.0)}
    for piece in re.split(r"(\{[ABPQDE]\})", text):
        if piece in ("{P}", "{Q}"):
            lat, lon = at[piece[1]]
            places.append({"text": fills[piece], "start": len(written), "lat": lat, "lon": lon, "kind": "town"})
        written += fills.get(piece, piece)
    ids = {"A": f"drill-{a}", "B": f"drill-{b}", "-": None}
    events = []
    for row in [] if told.strip() == "none" else told.split(";"):
        kind, actor, target, where, *rest = row.split()
        lat, lon = at[where]
        slot = "{E}" if "@E" in rest else "{D}"
        when = earlier if slot == "{E}" else date if slot in text else published
        events.append(
            {
                "type": kind,
                "actor": ids[actor],
                "target": ids[target],
                "place": fills[f"{{{where}}}"],
                "lat": lat,
                "lon": lon,
                "kind": "town",
                "date": str(when),
                "precision": "day",
                "date_end": None,
                "status": next((word for word in rest if word in STATUSES), "confirmed"),
                "extent": "part" if "part" in rest else "full",
                "by": None,
                "when": fills[slot] if slot in text else None,
                "evidence": written,
            }
        )
    return {
        "id": f"drill-{number}",
        "style": "notes",
        "source": "notes",
        "theatre": "drill",
        "published": str(published),
        "text": written,
        "events": events,
        "places": places,
    }


def as_report(row: Row) -> Report:
    """Give a labelled row as a report."""
    return Report(
        id=row["id"], published=dt.date.fromisoformat(row["published"]), source=row["source"], source_kind=row["style"], text=row["text"]
    )


def gold_toponyms(report: Row) -> list[Toponym]:
    """Give the labelled place mentions of a report as if they had been found, each with its labelled place."""
    found = []
    for row in sorted(report["places"], key=lambda row: (row["start"], row["text"])):
        if row["lat"] is None:
            continue
        place = Place(
            place_id=f"gold:{row['lat']}:{row['lon']}", name=row["text"], kind=row["kind"] or "town", lon=row["lon"], lat=row["lat"]
        )
        end = row["start"] + len(row["text"])
        found.append(Toponym(report_id=report["id"], text=row["text"], start=row["start"], end=end, place=place, match="given", score=1.0))
    return found


def answers(report: Row, layout: Layout, windows: Sequence[Window], camps: Mapping[str, str]) -> list[list[Answer]]:
    """Give the answers of each window; an event that no window can ask for is left out."""
    told: list[list[tuple[tuple[int, int], Row]]] = [[] for _ in windows]
    for number, event in enumerate(report["events"]):
        row = _home(report, event, layout, windows)
        if row is not None:
            begin = layout.sentences[windows[row].sentence].start
            at = layout.text.find(event.get("when") or event.get("by") or "\0", begin)
            told[row].append(((at if at >= 0 else 10**9, number), event))
    return [
        _answer_window(window, sorted(events, key=lambda pair: pair[0]), layout, camps)
        for window, events in zip(windows, told, strict=True)
    ]


def _answer_window(window: Window, events: Iterable[tuple[Any, Row]], layout: Layout, camps: Mapping[str, str]) -> list[Answer]:
    used: set[int] = set()
    given = []
    for _, event in events:
        kind = "capture" if event["type"] == "transfer" else event["type"]
        slot = next((number for number, name in enumerate(SLOTS) if name == kind and number not in used), None)
        if slot is None:
            continue
        used.add(slot)
        given.append(
            Answer(
                slot=slot,
                actors=_right_actors(window, event, camps),
                dates=_right_dates(window, event, layout),
                targets=_targets(window, event, camps),
                status=STATUSES.index(event["status"]),
                part=int(event["extent"] == "part"),
                transfer=int(event["type"] == "transfer"),
                control=kind in ("capture", "withdrawal"),
            )
        )
    return given


def _home(report: Row, event: Row, layout: Layout, windows: Sequence[Window]) -> int | None:
    """Find the window that should tell an event: of its evidence's sentences the one that names the place, its date and its actor."""
    begin = report["text"].find(event["evidence"])
    end = begin + len(event["evidence"])
    best, best_score = None, -1.0
    for number, window in enumerate(windows):
        sentence = layout.sentences[window.sentence]
        if sentence.start >= end or sentence.end <= begin or not _is_place(window.place, event):
            continue
        text = layout.text[sentence.start : sentence.end]
        when, by = str(event.get("when") or ""), str(event.get("by") or "")
        score = 1.5 * window.named + 2.0 * bool(when and when in text) + bool(by and by in text)
        score += 0.1 * (number if not window.named else -number) / max(1, len(windows))
        if score > best_score:
            best, best_score = number, score
    return best


def _is_place(place: PlaceSpan, event: Row) -> bool:
    return place.key == f"gold:{event['lat']}:{event['lon']}"


def _right_actors(window: Window, event: Row, camps: Mapping[str, str]) -> tuple[int, ...]:
    if not event["actor"]:
        return ()
    on = _day(event["date"]) or dt.date(1, 1, 1)
    meant = [meaning_on(candidate, on) for candidate in window.actors]
    exact = tuple(number for number, actor in enumerate(meant) if actor == event["actor"])
    camp = camps.get(event["actor"], event["actor"])
    return exact or tuple(number for number, actor in enumerate(meant) if actor is not None and camps.get(actor, actor) == camp)


def _targets(window: Window, event: Row, camps: Mapping[str, str]) -> tuple[int, ...]:
    if not event["target"]:
        return (len(window.actors),)
    camp = camps.get(event["target"], event["target"])
    return tuple(number for number, candidate in enumerate(window.actors) if camps.get(candidate.actor, candidate.actor) == camp)


def _right_dates(window: Window, event: Row, layout: Layout) -> tuple[int, ...]:
    right = [number for number, candidate in enumerate(window.dates) if _is_date(candidate, event)]
    when = (event.get("when") or "").lower()
    if not when:
        return tuple(right)
    worded = [
        number
        for number in right
        if (mention := window.dates[number].mention) is not None and _alike(when, layout.text[mention.start : mention.end].lower())
    ]
    near = [number for number in worded if window.dates[number].where == "sentence"]
    return tuple(near or worded or right)


def _alike(when: str, written: str) -> bool:
    return when in written or written in when


def _is_date(candidate: DateCandidate, event: Row) -> bool:
    want = _day(event["date"]) or dt.date(1, 1, 1)
    if event["precision"] == "year":
        return candidate.date.year == want.year and candidate.precision in ("year", "month", "day")
    if event["precision"] == "month":
        return (candidate.date.year, candidate.date.month) == (want.year, want.month)
    if event["precision"] == "week":
        return abs((candidate.date - want).days) <= 6
    last = candidate.date_end or candidate.date
    return candidate.date == want or (candidate.precision == "day" and candidate.date <= want <= last)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _with_article(words: tuple[str, ...]) -> tuple[str, ...]:
    bare = [word.removeprefix("the ") for word in words]
    return tuple(dict.fromkeys([*bare, *(f"the {word}" for word in bare)]))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
