"""Bad or extreme input to control: each has its outcome."""

import datetime as dt
import warnings

import geopandas as gpd
import pytest
import shapely
from control_world import ACTORS, BLUE, GREEN, RED, START, VILLAGES, day, event, history, holder, state, theatre, village

from geo.control import areas_on, build_history, build_ledger, control_on
from geo.control.schema import AREAS, CELLS, CHANGES, DISAGREEMENTS, FRONTS, LEDGER, STATES
from geo.errors import ControlmapError, TheatreError
from geo.geometry import distance_km
from geo.records import History, Place
from geo.theatre import Holder, Theatre


def drawn(*rows: tuple[str | None, str, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    """Make a baseline of boxes: actor, state, west-south-east-north."""
    return gpd.GeoDataFrame(
        {"actor": [r[0] for r in rows], "state": [r[1] for r in rows], "since": None, "source": "map"},
        geometry=[shapely.box(*r[2]) for r in rows], crs="EPSG:4326",
    )  # fmt: skip


def of_baseline(areas: gpd.GeoDataFrame | None, holders: tuple[Holder, ...] = ()) -> History:
    return history([], until=0, where=theatre(holders=holders, baseline_areas=areas))


def at(built: History, lon: float, lat: float, when: int = 0) -> tuple[str, str | None]:
    """Give state and actor of the area at a point."""
    areas = areas_on(day(when), built)
    row = areas[areas.contains(shapely.Point(lon, lat))].iloc[0]
    return row["state"], row["actor"]


def test_the_frames_have_the_columns_that_the_schema_declares() -> None:
    built = history([event("t:22", "capture", RED, 2), event("t:22", "capture", GREEN, 2)])
    frames = ((built.ledger, LEDGER), (built.cells, CELLS), (built.states, STATES), (built.areas, AREAS), (built.fronts, FRONTS))
    for frame, columns in (*frames, (built.changes, CHANGES), (built.disagreements, DISAGREEMENTS)):
        assert list(frame.columns) == list(columns)
        assert len(frame)


def test_frames_without_rows_have_their_columns_too() -> None:
    built = history([], until=1, where=theatre(holders=()))
    assert list(built.changes.columns) == list(CHANGES)
    assert list(built.disagreements.columns) == list(DISAGREEMENTS)
    assert list(built.ledger.columns) == list(LEDGER)


def test_a_drawn_line_is_followed_through_the_cells() -> None:
    built = of_baseline(drawn((RED, "held", (30.0, 10.0, 30.47, 11.0)), (BLUE, "held", (30.47, 10.0, 31.0, 11.0))))
    assert at(built, 30.465, 10.5) == ("held", RED)
    assert at(built, 30.475, 10.5) == ("held", BLUE)
    assert set(areas_on(day(0), built)["basis"]) == {"baseline"}


def test_baseline_polygons_that_overlap_make_contested_land() -> None:
    built = of_baseline(drawn((RED, "held", (30.0, 10.0, 30.6, 11.0)), (BLUE, "held", (30.4, 10.0, 31.0, 11.0))))
    assert [at(built, lon, 10.5) for lon in (30.2, 30.5, 30.8)] == [("held", RED), ("contested", RED), ("held", BLUE)]
    assert areas_on(day(0), built)["area_km2"].sum() == pytest.approx(built.cells["area_km2"].sum())


def test_a_baseline_polygon_inside_another_one_is_an_enclave() -> None:
    built = of_baseline(drawn((BLUE, "held", (30.0, 10.0, 31.0, 11.0)), (RED, "held", (30.4, 10.4, 30.6, 10.6))))
    assert [at(built, 30.5, 10.5), at(built, 30.2, 10.2)] == [("held", RED), ("held", BLUE)]


def test_outlines_of_many_days_in_one_baseline_are_told_and_not_computed_for_ever() -> None:
    days = [(RED if n % 2 else BLUE, "held", (30.0, 10.0, 30.6 + n / 100, 11.0)) for n in range(30)]
    with pytest.raises(TheatreError, match="30 polygons lie over one another"):
        of_baseline(drawn(*days))


def test_a_quarter_that_a_polygon_gives_to_another_side_than_its_town_is_held_apart() -> None:
    areas = drawn((BLUE, "held", (30.0, 10.0, 31.0, 11.0)), (RED, "held", (30.505, 10.505, 30.52, 10.52)))
    built = history([event("t:quarter", "capture", GREEN, 1)], until=1, where=theatre(holders=(), baseline_areas=areas))
    assert [holder(built, "t:quarter", n) for n in (0, 1)] == [RED, GREEN]
    assert holder(built, "t:22", 1) == BLUE


def test_a_row_of_the_table_outranks_a_polygon() -> None:
    built = of_baseline(drawn((BLUE, "held", (30.0, 10.0, 31.0, 11.0))), (Holder(place="V22", actor=RED),))
    assert (holder(built, "t:22", 0), holder(built, "t:33", 0)) == (RED, BLUE)


def test_a_row_of_a_province_reaches_its_places_and_a_row_of_a_place_outranks_it() -> None:
    built = of_baseline(None, (Holder(place="t:22", actor=GREEN), Holder(place="W province", actor=RED)))
    assert [holder(built, i, 0) for i in ("t:00", "t:22")] == [RED, GREEN]


def test_a_baseline_that_names_unknown_places_and_actors_lists_them_all() -> None:
    with pytest.raises(TheatreError) as caught:
        of_baseline(drawn(("mauve", "held", (30, 10, 31, 11))), (Holder(place="Atlantis", actor=RED), Holder(place="V22", actor="ochre")))
    assert len(caught.value.faults) == 3
    assert all(word in str(caught.value) for word in ("Atlantis", "ochre", "mauve"))


def test_land_that_the_baseline_calls_unknown_stays_unknown_until_a_report() -> None:
    rows = tuple(
        Holder(place=p.place_id, actor=None if p.place_id == "t:22" else BLUE, state="unknown" if p.place_id == "t:22" else "held")
        for p in VILLAGES
    )
    built = history([event("t:22", "capture", RED, 2)], until=2, where=theatre(holders=rows))
    assert [holder(built, "t:22", n) for n in (0, 2)] == ["?", RED]


def test_events_before_the_start_move_nothing_and_stay_in_the_ledger() -> None:
    built = history([event("t:22", "capture", RED, -400)])
    assert holder(built, "t:22", 3) == BLUE
    assert len(built.ledger) == 1


def test_two_captures_by_two_sides_on_one_day_are_contested_and_a_disagreement() -> None:
    one, two = event("t:22", "capture", RED, 2, source="Wire A"), event("t:22", "capture", GREEN, 2, source="Wire B")
    built = history([one, two])
    assert state(built, "t:22", 2)["state"] == "contested"
    row = built.disagreements.iloc[0]
    assert row["says"] == ("Wire A: red capture (confirmed)", "Wire B: green capture (confirmed)")
    assert row["event_ids"] == tuple(sorted((one.event_id, two.event_id)))


def test_a_claim_and_its_denial_are_a_disagreement() -> None:
    built = history([event("t:22", "capture", RED, 2, status="denied"), event("t:33", "capture", RED, 2, status="confirmed")])
    assert set(built.disagreements["place_id"]) == {"t:22"}


def test_captures_on_different_days_are_no_disagreement() -> None:
    assert history([event("t:22", "capture", RED, 2), event("t:22", "capture", BLUE, 3)]).disagreements.empty


def test_a_theatre_of_one_place_is_one_cell() -> None:
    built = history(
        [event("t:22", "capture", RED, 1)], until=1, places=[village(2, 2)], where=theatre(holders=[Holder(place="V22", actor=BLUE)])
    )
    assert len(built.cells) == 1
    assert [holder(built, "t:22", n) for n in (0, 1)] == [BLUE, RED]
    assert len(areas_on(day(1), built)) == 1


def test_a_theatre_of_two_places_is_two_cells() -> None:
    built = history(
        [],
        until=0,
        places=[village(1, 1), village(3, 3)],
        where=theatre(holders=[Holder(place="V11", actor=BLUE), Holder(place="V33", actor=RED)]),
    )
    assert len(built.cells) == 2
    assert len(built.fronts) == 1


def test_a_theatre_of_no_place_is_unknown_land() -> None:
    built = history([], until=0, places=[], where=theatre(holders=()))
    assert set(areas_on(day(0), built)["state"]) == {"unknown"}
    assert areas_on(day(0), built)["area_km2"].sum() == pytest.approx(built.cells["area_km2"].sum())


def test_a_theatre_without_land_says_what_to_correct() -> None:
    with pytest.raises(TheatreError, match="extent"):
        history([], until=0, where=theatre(extent=(80.0, 10.0, 81.0, 11.0)))


def test_a_theatre_on_the_antimeridian_is_one_land_cut_in_two() -> None:
    sides = [shapely.box(179.0, 10.0, 180.0, 11.0), shapely.box(-180.0, 10.0, -179.0, 11.0)]
    land = gpd.GeoDataFrame({"country": ["XX", "XX"], "name": ["X", "X"]}, geometry=sides, crs="EPSG:4326")
    places = [village(0, 0, place_id=f"t:{n}", name=f"P{n}", lon=lon, lat=10.5) for n, lon in enumerate((179.3, 179.9, -179.7, -179.2))]
    holders = [Holder(place=p.place_id, actor=RED if k < 2 else BLUE) for k, p in enumerate(places)]
    world = theatre(land=None, holders=holders, extent=(179.0, 10.0, -179.0, 11.0))
    world = Theatre(**{f: getattr(world, f) for f in Theatre.__dataclass_fields__ if f != "land"}, land=land)
    built = history([], until=0, places=places, where=world)
    areas = areas_on(day(0), built)
    assert set(areas["actor"]) == {RED, BLUE}
    assert areas.geometry.is_valid.all()
    assert all(-180 <= b <= 180 for b in areas.total_bounds)
    width = distance_km(179.0, 10.5, 180.0, 10.5)
    assert built.cells["area_km2"].sum() == pytest.approx(2 * width * 110.6, rel=0.01)
    assert areas["area_km2"].sum() == pytest.approx(built.cells["area_km2"].sum())
    assert not built.cells.geometry.is_empty.any()


def test_two_entries_on_one_spot_share_a_cell() -> None:
    twin = village(2, 2, place_id="t:twin", name="Twin", population=5)
    built = history([event(twin, "capture", RED, 2)], places=(*VILLAGES, twin), where=theatre(holders=[Holder(place="V22", actor=BLUE)]))
    assert len(built.cells[built.cells["name"] != ""]) == 25
    assert holder(built, "t:twin", 2) == RED


def test_a_place_off_the_coast_still_counts_for_the_nearest_cell() -> None:
    harbour = Place(place_id="t:port", name="Port", kind="town", lon=31.02, lat=10.5, country="XX")
    built = history([event(harbour, "capture", RED, 2)], places=(*VILLAGES, harbour))
    assert holder(built, "t:port", 2) == RED


def test_an_island_belongs_to_the_nearest_places_cell() -> None:
    land = shapely.union_all([shapely.box(30.0, 10.0, 31.0, 11.0), shapely.box(31.05, 10.4, 31.1, 10.5)])
    built = history([], until=0, where=theatre(land=land, extent=(30.0, 10.0, 31.2, 11.0)))
    assert built.cells[built.cells.contains(shapely.Point(31.07, 10.45))]["place_id"].tolist() == ["t:42"]


def test_land_too_far_from_evidence_is_unknown() -> None:
    far = theatre(holders=[Holder(place="V00", actor=RED)], settings={"control": {"filler_km": 10, "unknown_beyond_km": 30}})
    built = history([], until=0, where=far)
    assert (holder(built, "t:01", 0), state(built, "t:01", 0)["basis"], holder(built, "t:44", 0)) == (RED, "inferred", "?")


def test_evidence_that_is_too_old_makes_land_unknown() -> None:
    world = theatre(settings={"control": {"filler_km": 500, "stale_after_days": 5}})
    built = history([event("t:22", "capture", RED, 3)], where=world)
    assert [holder(built, i, 7) for i in ("t:00", "t:22")] == ["?", RED]


def test_a_build_without_dates_says_so() -> None:
    with pytest.raises(ControlmapError, match="date"):
        build_history(build_ledger([], theatre()), VILLAGES, theatre(), [])


def test_a_date_that_was_not_built_says_so() -> None:
    with pytest.raises(ControlmapError, match="2025-01-01"):
        areas_on(dt.date(2025, 1, 1), history([], until=0))


def test_control_on_gives_the_named_places_of_a_date() -> None:
    rows = control_on(day(1), history([event("t:22", "capture", RED, 1)], until=1))
    assert rows.loc[rows["name"] == "V22", "actor"].tolist() == [RED]
    assert len(rows) == 25


def test_nothing_given_is_changed() -> None:
    world, events = theatre(), [event("t:22", "capture", RED, 2)]
    ledger = build_ledger(events, world)
    before = ledger.copy()
    build_history(ledger, VILLAGES, world, [START, day(3)])
    assert ledger.equals(before)
    assert len(world.actors) == len(ACTORS)


def test_numpy_and_shapely_have_nothing_to_warn_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history([event("t:22", "contested", RED, 2), event("t:22", "withdrawal", RED, 3)])
