"""An invented country at war, with frames in the form that control makes them: the fixture of publication's tests and bench.

Nothing in it is real. Holders are the sides of a power diagram whose weights move from day to
day, so that fronts are coherent and shift; everything follows from the seed.
"""

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon

from geo.geometry import WGS84, metric_crs
from geo.records import History
from geo.theatre import Actor, Theatre

EXTENT = (35.0, 32.0, 41.0, 37.0)
ACTORS = (
    Actor(id="crown", name="Government of Arden", short="Government", camp="government", side="government", colour="#c1443c"),
    Actor(id="front", name="Northern Front", short="Northern Front", camp="opposition", side="non-state", colour="#3f8f4f"),
    Actor(id="league", name="River League", short="River League", camp="league", side="non-state", colour="#c9a227"),
    Actor(id="host", name="Host of the East", short="The Host", camp="host", side="non-state", colour="#3b6fb0"),
)
FIRST = dt.date(2024, 11, 27)
PLACES_A_SENTENCE = 6
SYLLABLES = ("ka", "ra", "mel", "tun", "ash", "dor", "bel", "sar", "nim", "hal", "ger", "wad", "tel", "ish", "mor", "zan")


def make_theatre() -> Theatre:
    """Give the invented country's theatre: one country with a coast, four sides."""
    return Theatre(
        name="arden", title="Arden", countries=("AR",), extent=EXTENT, start=FIRST - dt.timedelta(days=1), actors=ACTORS,
        land=gpd.GeoDataFrame({"country": ["AR"], "name": ["Arden"]}, geometry=[_outline()], crs=WGS84),
    )  # fmt: skip


def make_neighbours() -> gpd.GeoDataFrame:
    """Give the countries around it: land to the east and north, sea to the west."""
    around = shapely.box(34.9, 30.5, 43, 38.5).difference(_outline())
    north, south = shapely.box(30, 35, 45, 40), shapely.box(30, 30, 45, 35)
    parts = [around.intersection(north), around.intersection(south)]
    return gpd.GeoDataFrame({"country": ["NO", "SO"], "name": ["Norland", "Southmark"]}, geometry=parts, crs=WGS84)


def make_history(*, places: int = 200, dates: int = 12, seed: int = 7, evidence: str | None = None) -> History:
    """Give a history of that many places and dates; ``evidence`` replaces each event's sentence."""
    rng = np.random.default_rng(seed)
    cells = _cells(places, rng)
    days = tuple(FIRST + dt.timedelta(days=i) for i in range(dates))
    holders = _holders(cells, dates, rng)
    ledger = _ledger(cells, holders, days, rng, evidence)
    states = _states(cells, holders, days, ledger)
    areas = pd.concat([_areas(day, states[states["date"] == day], cells) for day in days], ignore_index=True)
    return History(
        dates=days, cells=cells, states=states, areas=gpd.GeoDataFrame(areas, crs=WGS84), fronts=_fronts(areas, days),
        changes=_changes(cells, holders, days, ledger),
        disagreements=pd.DataFrame(
            {"date": [days[-1]], "place_id": ["x:0"], "place": [cells["name"].iloc[0]], "says": [("Wire: front/capture (claimed)",)],
             "event_ids": [(ledger["event_id"].iloc[0],)]}),
        ledger=ledger,
    )  # fmt: skip


def _outline() -> Polygon:
    """Give a wavy blob inside the extent."""
    turn = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    wave = 1 + 0.10 * np.sin(3 * turn) + 0.05 * np.sin(7 * turn + 1) + 0.015 * np.sin(29 * turn)
    return Polygon(np.round(np.c_[38 + 2.5 * wave * np.cos(turn), 34.5 + 2.0 * wave * np.sin(turn)], 5))


def _cells(count: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    outline = _outline()
    points = []
    while len(points) < count:
        x, y = rng.uniform(35, 41), rng.uniform(32, 37)
        if outline.contains(shapely.Point(x, y)):
            points.append((x, y))
    multi = shapely.MultiPoint(points)
    polygons = shapely.get_parts(shapely.voronoi_polygons(multi, ordered=True, extend_to=outline.buffer(3)))
    polygons = shapely.coverage_clean(list(shapely.intersection(polygons, outline)))
    names = ["".join(rng.choice(SYLLABLES, 2 + i % 2)).capitalize() for i in range(count)]
    frame = gpd.GeoDataFrame(
        {"place_id": [f"x:{i}" for i in range(count)], "name": names, "kind": ["city" if i < 8 else "town" for i in range(count)],
         "rank": range(count)},
        geometry=list(polygons), crs=WGS84,
    )  # fmt: skip
    frame["province"] = ["AR.01" if x < 38 else "AR.02" for x, _ in points]
    frame["area_km2"] = frame.geometry.to_crs(metric_crs(EXTENT)).area / 1e6
    frame["lon"], frame["lat"] = np.array(points).T
    return frame


def _holders(cells: gpd.GeoDataFrame, dates: int, rng: np.random.Generator) -> np.ndarray:
    """Give the index of each cell's holder on each date, by shifting a power diagram."""
    xy = np.c_[cells["lon"], cells["lat"]]
    seats = np.array([[36.8, 33.8], [36.9, 35.8], [38.3, 36.2], [39.6, 34.4]])
    weights = np.array([2.6, 0.2, 0.0, 1.0])
    steps = np.array([-0.16, 0.30, 0.02, 0.04]) * 12 / max(dates, 12)
    bias = rng.normal(0, 0.10 * min(1.0, 20 / np.sqrt(len(cells))), (len(cells), 4))
    power = ((xy[:, None, :] - seats) ** 2).sum(axis=2) + bias
    return np.array([(power - weights - steps * day).argmin(axis=1) for day in range(dates)])


def _ledger(
    cells: gpd.GeoDataFrame, holders: np.ndarray, days: tuple[dt.date, ...], rng: np.random.Generator, evidence: str | None
) -> gpd.GeoDataFrame:
    rows = []
    for i, day in enumerate(days):
        switched = np.flatnonzero(holders[i] != holders[i - 1]) if i else np.array([], dtype=int)
        rows += _captures(len(rows), day, cells, switched, (holders[i], holders[i - 1]))
        kinds = ("strike", "clash", "contested", "repelled", "closure", "withdrawal", "transfer")
        for kind, c in zip(kinds, rng.integers(0, len(cells), 7), strict=True):
            other = (holders[i][c] + 1) % 4
            rows.append(_event(len(rows), day, cells.iloc[c], kind, (other, holders[i][c])))
    frame = pd.DataFrame(rows)
    if evidence is not None:
        frame["evidence"] = evidence
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=WGS84)


def _captures(
    first: int, day: dt.date, cells: gpd.GeoDataFrame, switched: np.ndarray, holders: tuple[np.ndarray, np.ndarray]
) -> list[dict[str, Any]]:
    """Give the captures of a day; as in real reports, one sentence names several places."""
    rows = []
    for to in range(len(ACTORS)):
        taken = [c for c in switched if holders[0][c] == to]
        for start in range(0, len(taken), PLACES_A_SENTENCE):
            some = taken[start : start + PLACES_A_SENTENCE]
            names = ", ".join(cells["name"].iloc[c] for c in some)
            sentence = f"Fighters of the {ACTORS[to].name} entered {names} in the morning after the last units had left, residents said."
            for c in some:
                row = _event(first + len(rows), day, cells.iloc[c], "capture", (to, holders[1][c]))
                rows.append(row | {"evidence": sentence, "url": f"https://example.org/{day}/{to}-{start}", "source": "Arden Wire"})
    return rows


def _event(number: int, day: dt.date, cell: pd.Series, kind: str, sides: tuple[int, int]) -> dict[str, Any]:
    who, whom = ACTORS[sides[0]], ACTORS[sides[1]]
    status = "claimed" if number % 3 == 0 else "confirmed"
    return {
        "event_id": f"{number:016x}", "report_id": f"r{day}", "published": day, "source": "Arden Wire" if number % 2 else "Monitor",
        "source_kind": "wire", "url": f"https://example.org/{day}/{number}", "date": day, "date_end": None, "time_precision": "day",
        "type": kind, "place": cell["name"], "place_id": cell["place_id"], "kind": cell["kind"], "lon": cell["lon"], "lat": cell["lat"],
        "geo_precision": 1, "match": "exact", "admin1": "01", "within": None, "actor": who.id, "target": whom.id, "extent": "full",
        "status": status, "attribution": "a spokesman" if number % 3 == 0 else None,
        "evidence": f"{who.name} forces were reported in {cell['name']} ({kind}), from where units of the {whom.name} had left.",
        "start": 0, "end": 80, "rule": "synthetic", "confidence": 0.8, "sources": ("Arden Wire (confirmed)",), "merged": (),
        "assessed": status,
    }  # fmt: skip


def _states(cells: gpd.GeoDataFrame, holders: np.ndarray, days: tuple[dt.date, ...], ledger: gpd.GeoDataFrame) -> pd.DataFrame:
    frames = []
    last: dict[str, tuple[str, dt.date, str]] = {}
    contested_days: dict[str, dt.date] = {}
    # what is unknown, inferred or claimed besides lies in patches, as it does on real maps
    clump = ((np.floor(cells["lon"] * 3) * 7 + np.floor(cells["lat"] * 3) * 5) % 23).astype(int).tolist()
    for i, day in enumerate(days):
        for event in ledger[ledger["date"] == day].itertuples():
            if event.type == "capture":
                last[event.place_id] = (event.event_id, day, event.status)
            elif event.type == "contested":
                contested_days[event.place_id] = day
        ids = list(cells["place_id"])
        contested = [p in contested_days and (day - contested_days[p]).days < 3 for p in ids]
        unknown = [clump[k] == 3 and p not in last and not contested[k] for k, p in enumerate(ids)]
        seen = [last.get(p) for p in ids]
        state = ["contested" if c else "unknown" if u else "held" for c, u in zip(contested, unknown, strict=True)]
        who = [ACTORS[h].id for h in holders[i]]
        nxt = [ACTORS[(h + 1) % 4].id for h in holders[i]]
        frames.append(pd.DataFrame({
            "date": day, "place_id": ids, "state": state,
            "actor": [w if s == "held" else None for w, s in zip(who, state, strict=True)],
            "actors": [(w, n) if s == "contested" else () for w, n, s in zip(who, nxt, state, strict=True)],
            "status": ["claimed" if s is not None and s[2] == "claimed" and (day - s[1]).days < 2 else "confirmed" for s in seen],
            "basis": ["observed" if s is not None else "inferred" if clump[k] in {1, 7} else "baseline" for k, s in enumerate(seen)],
            "since": [s[1] if s is not None else FIRST - dt.timedelta(days=1) for s in seen], "since_end": None,
            "age_days": [(day - s[1]).days if s is not None else i + 1 for s in seen], "confidence": 0.8,
            "event_ids": [(s[0],) if s is not None else () for s in seen],
            "claimed_by": [n if clump[k] == 5 and s == "held" else None for k, (n, s) in enumerate(zip(nxt, state, strict=True))],
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _areas(day: dt.date, states: pd.DataFrame, cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Dissolve the states of one date in both layers."""
    keyed = states.reset_index(drop=True)
    rows = []
    keyed = keyed.assign(shown=keyed["state"], drawn_basis=keyed["basis"])
    keyed["actor_key"] = keyed["actor"].fillna("").to_numpy()
    keyed["actors_key"] = ["/".join(pair) for pair in keyed["actors"]]
    assessed = keyed.groupby(["actor_key", "actors_key", "shown", "drawn_basis"], sort=True)
    rows += [_area(day, "assessed", key, group, cells) for key, group in assessed]
    claims = keyed[keyed["claimed_by"].notna()].groupby("claimed_by", sort=True)
    rows += [_area(day, "claimed", (actor, "", "claimed", "observed"), group, cells) for actor, group in claims]
    return gpd.GeoDataFrame(rows, crs=WGS84)


def _area(day: dt.date, layer: str, key: tuple[str, ...], group: pd.DataFrame, cells: gpd.GeoDataFrame) -> dict[str, Any]:
    where = group.index.to_numpy()
    actor, actors, state, basis = key
    return {
        "date": day, "layer": layer, "actor": actor or None, "actors": tuple(actors.split("/")) if actors else (), "state": state,
        "basis": basis, "area_km2": float(cells["area_km2"].to_numpy()[where].sum()),
        "places": tuple(cells["name"].to_numpy()[where]), "place_ids": tuple(group["place_id"]),
        "event_ids": tuple(e for ids in group["event_ids"] for e in ids), "oldest_evidence": group["since"].min(),
        "newest_evidence": group["since"].max(), "geometry": shapely.coverage_union_all(cells.geometry.to_numpy()[where]),
    }  # fmt: skip


def _fronts(areas: pd.DataFrame, days: tuple[dt.date, ...]) -> gpd.GeoDataFrame:
    rows = []
    for day in days:
        held = areas[(areas["date"] == day) & (areas["layer"] == "assessed") & (areas["state"] == "held")]
        sides = {actor: shapely.union_all(group["geometry"].to_numpy()) for actor, group in held.groupby("actor")}
        names = sorted(sides)
        for n, one in enumerate(names):
            for two in names[n + 1 :]:
                line = shapely.line_merge(sides[one].boundary.intersection(sides[two].boundary))
                if line.length:
                    rows.append({"date": day, "actors": (one, two), "camps": (one, two), "length_km": line.length * 100, "geometry": line})
    return gpd.GeoDataFrame(rows, crs=WGS84)


def _changes(cells: gpd.GeoDataFrame, holders: np.ndarray, days: tuple[dt.date, ...], ledger: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = []
    for i in range(1, len(days)):
        moved = pd.DataFrame({"from": holders[i - 1], "to": holders[i]})
        moved = moved[moved["from"] != moved["to"]]
        for (was, now), group in moved.groupby(["from", "to"], sort=True):
            where = group.index.to_numpy()
            ids = cells["place_id"].to_numpy()[where]
            events = ledger[(ledger["date"] == days[i]) & ledger["place_id"].isin(ids) & (ledger["type"] == "capture")]
            km2 = float(cells["area_km2"].to_numpy()[where].sum())
            rows.append({
                "date": days[i], "date_before": days[i - 1], "from_actor": ACTORS[was].id, "to_actor": ACTORS[now].id,
                "from_state": "held", "to_state": "held", "area_km2": km2, "error_km2": km2 * 0.2,
                "places": tuple(cells["name"].to_numpy()[where]), "event_ids": tuple(events["event_id"]),
                "geometry": shapely.coverage_union_all(cells.geometry.to_numpy()[where]),
            })  # fmt: skip
    columns = ["date", "date_before", "from_actor", "to_actor", "from_state", "to_state", "area_km2", "error_km2", "places", "event_ids"]
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], crs=WGS84)
