"""What holds for any reports: partition, conserved area, indifference to order and doubles, no reach into the past, evidence for all."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pytest
import shapely
from control_world import BLUE, GREEN, PLACES, RED, START, VILLAGES, day, event, history, theatre, village
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from geo.control import areas_on
from geo.records import Event, History

LAST = 8
SHIFTS = tuple(0.05 * np.sin(7 * n) for n in range(25))  # degrees, so that cells are no squares
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

EVENTS = st.lists(
    st.builds(
        lambda place, kind, actor, when, length, status, extent, report: event(
            place, kind, actor, when, date_end=day(when + length) if length else None, published=day(when + length), status=status,
            extent=extent, report_id=f"r{report}",
        ),
        place=st.sampled_from(PLACES), kind=st.sampled_from(["capture", "transfer", "withdrawal", "contested", "repelled", "strike"]),
        actor=st.sampled_from([RED, BLUE, GREEN, None]), when=st.integers(0, LAST - 3), length=st.integers(0, 2),
        status=st.sampled_from(["confirmed", "claimed", "denied"]), extent=st.sampled_from(["full", "full", "part"]),
        report=st.integers(0, 3),
    ),
    max_size=12,
)  # fmt: skip


def states_of(built: History) -> list[tuple[object, ...]]:
    return list(built.states.drop(columns=["event_ids", "confidence"]).itertuples(index=False, name=None))


@QUICK
@given(EVENTS)
def test_the_assessed_areas_of_each_date_partition_the_land(events: list[Event]) -> None:
    built = history(events, until=LAST)
    land = built.cells["area_km2"].sum()
    for date in built.dates:
        areas = areas_on(date, built)
        assert areas.geometry.is_valid.all()
        assert shapely.coverage_is_valid(areas.geometry.to_numpy())
        assert areas["area_km2"].sum() == pytest.approx(land, rel=1e-9)
        assert areas.to_crs(theatre().crs).area.sum() / 1e6 == pytest.approx(land, rel=1e-4)


@QUICK
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(events: list[Event], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    one, two = history(events, until=LAST), history(shuffled, until=LAST)
    assert one.states.equals(two.states)
    assert one.areas.to_wkb().equals(two.areas.to_wkb())


@QUICK
@given(EVENTS, st.integers(0, 11))
def test_the_same_report_twice_changes_no_holder(events: list[Event], which: int) -> None:
    if not events:
        return
    told = events[which % len(events)]
    again = event(
        next(p for p in PLACES if p.place_id == told.place_id), told.type, told.actor, (told.date - START).days, date_end=told.date_end,
        published=told.published, status=told.status, extent=told.extent, report_id="again",
    )  # fmt: skip
    one, two = history(events, until=LAST).states, history([*events, again], until=LAST).states
    columns = ["place_id", "state", "actor", "claimed_by"]
    assert one[columns].equals(two[columns])


@QUICK
@given(EVENTS, EVENTS)
def test_a_later_event_never_changes_an_earlier_date(events: list[Event], more: list[Event]) -> None:
    split = day(4)
    early = [e for e in events if (e.date_end or e.date) <= split]
    late = [e for e in more if e.date > split]
    one, two = history(early, until=4), history([*early, *late], until=4)
    assert states_of(one) == states_of(two)


@QUICK
@given(EVENTS)
def test_the_evidence_of_every_area_exists_and_an_area_without_events_is_the_baselines(events: list[Event]) -> None:
    built = history(events, until=LAST)
    known = set(built.ledger["event_id"]) | {i for merged in built.ledger["merged"] for i in merged}
    for frame in (built.areas, built.changes, built.disagreements, built.states):
        assert {i for ids in frame["event_ids"] for i in ids} <= known
    observed = built.areas[built.areas["basis"] == "observed"]
    assert all(observed["event_ids"].map(len) > 0)
    assert all(built.changes["event_ids"].map(len) > 0)


@QUICK
@given(st.sampled_from(VILLAGES), st.integers(1, 5))
def test_land_that_one_side_gains_the_other_loses(place: object, when: int) -> None:
    built = history([event(place, "capture", GREEN, when)], until=LAST)  # type: ignore[arg-type]
    for change in built.changes.itertuples():
        before, after = areas_on(change.date_before, built), areas_on(change.date, built)
        gained = after.loc[after["actor"] == GREEN, "area_km2"].sum() - before.loc[before["actor"] == GREEN, "area_km2"].sum()
        to_green = built.changes[(built.changes["date"] == change.date) & (built.changes["to_actor"] == GREEN)]
        assert abs(gained - to_green["area_km2"].sum()) <= to_green["error_km2"].sum()


@QUICK
@given(EVENTS)
def test_no_border_puts_a_place_on_the_other_side(events: list[Event]) -> None:
    built = history(events, until=LAST)
    named = built.cells[built.cells["name"] != ""]
    points = gpd.points_from_xy(named["lon"], named["lat"])
    for date in built.dates:
        areas, rows = areas_on(date, built), built.states[built.states["date"] == date].set_index("place_id")
        tree = shapely.STRtree(areas.geometry.to_numpy())
        for place_id, point in zip(named["place_id"], points, strict=True):
            inside = areas.iloc[tree.query(point, predicate="within")]
            assert set(inside["state"]) == {rows.loc[place_id, "state"]}
            assert set(inside["actor"].map(str)) == {str(rows.loc[place_id, "actor"])}


def test_borders_are_drawn_smoother_than_the_cells() -> None:
    scattered = [
        village(int(p.place_id[2]), int(p.place_id[3]), lon=p.lon + shift, lat=p.lat - shift)
        for p, shift in zip(VILLAGES, SHIFTS, strict=True)
    ]
    built = history([], until=2, places=scattered)
    raw = shapely.coverage_union_all(
        built.cells.merge(built.states[built.states["date"] == day(2)].query("actor == 'red'"), on="place_id").geometry
    )
    drawn = areas_on(day(2), built)
    smooth = shapely.coverage_union_all(drawn.loc[drawn["actor"] == RED, "geometry"].to_numpy())
    assert turning(smooth) < 0.9 * turning(raw)


def turning(shape: BaseGeometry) -> float:
    """Give the sum of all angles by which an outline turns, in radians; a convex one has two pi."""
    ring = shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_geometry(shape, 0)))
    x, y = np.diff(ring, axis=0).T
    turns = np.diff(np.append(np.arctan2(y, x), np.arctan2(y[0], x[0])))
    return float(np.abs((turns + np.pi) % (2 * np.pi) - np.pi).sum())


def test_a_change_has_its_km2_its_band_its_places_and_its_events() -> None:
    told = event("t:22", "capture", RED, 2)
    change = history([told], until=3).changes.query("to_actor == 'red' and from_actor == 'blue'").iloc[0]
    assert (change["date"], change["date_before"]) == (day(2), day(1))
    assert "V22" in change["places"]
    assert change["event_ids"] == (told.event_id,)
    assert 0 < change["error_km2"] < change["area_km2"] * 2


def test_a_front_runs_between_camps_and_not_between_friends() -> None:
    built = history([event("t:22", "capture", "pink", 2)], until=2)
    facing = set(built.fronts.loc[built.fronts["date"] == day(2), "actors"])
    assert ("blue", "pink") in facing
    assert ("pink", "red") not in facing
    assert (built.fronts["length_km"] > 0).all()


def test_a_date_without_news_repeats_the_one_before() -> None:
    built = history([event("t:22", "capture", RED, 2)], until=6)
    assert areas_on(day(3), built).geometry.equals(areas_on(day(6), built).geometry)
    assert dt.date(2024, 1, 7) not in set(built.changes["date"])
