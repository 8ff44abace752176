"""The rules of ``geo/control/state.py``, each under its number."""

import datetime as dt

import pytest
from control_world import BLUE, GREEN, PINK, QUARTER, RED, VILLAGES, day, event, history, holder, state, theatre, village

from geo.control.state import ADVANCE_DAYS
from geo.records import Place
from geo.theatre import Holder


def test_rule_1_latest_capture_wins() -> None:
    built = history([event("t:22", "capture", RED, 2), event("t:22", "capture", BLUE, 5)])
    assert [holder(built, "t:22", n) for n in (1, 2, 4, 5, 10)] == [BLUE, RED, RED, BLUE, BLUE]


def test_rule_1_transfer_counts_as_capture() -> None:
    assert holder(history([event("t:22", "transfer", GREEN, 2)]), "t:22", 2) == GREEN


def test_rule_1_an_event_counts_from_the_last_day_it_can_have_been() -> None:
    built = history([event("t:22", "capture", RED, 2, date_end=day(5), published=day(6))])
    assert [holder(built, "t:22", n) for n in (4, 5)] == [BLUE, RED]
    assert (state(built, "t:22", 5)["since"], state(built, "t:22", 5)["since_end"]) == (day(2), day(5))


def test_rule_1_an_event_cannot_be_after_its_report() -> None:
    built = history([event("t:22", "capture", RED, 3, date=dt.date(2024, 1, 1), time_precision="month", published=day(3))])
    assert [holder(built, "t:22", n) for n in (2, 3)] == [BLUE, RED]


def test_rule_2_the_more_exact_date_wins_where_dates_overlap() -> None:
    exact = event("t:22", "capture", RED, 4)
    vague = event("t:22", "capture", GREEN, 2, date_end=day(7), published=day(8))
    assert holder(history([exact, vague]), "t:22", 10) == RED


def test_rule_2_a_vague_event_after_an_exact_one_wins() -> None:
    built = history([event("t:22", "capture", RED, 4), event("t:22", "capture", GREEN, 5, date_end=day(7), published=day(8))])
    assert [holder(built, "t:22", n) for n in (6, 7)] == [RED, GREEN]


def test_rule_3_two_takers_on_one_day_make_a_place_contested() -> None:
    built = history([event("t:22", "capture", RED, 2), event("t:22", "capture", GREEN, 2)])
    assert set(state(built, "t:22", 2)["actors"]) == {RED, GREEN}


def test_rule_3_a_taker_that_far_more_sources_name_holds() -> None:
    told = [event("t:22", "capture", RED, 2, source=f"Wire {n}") for n in range(3)]
    assert holder(history([*told, event("t:22", "capture", GREEN, 2)]), "t:22", 2) == RED
    assert state(history([*told, *(event("t:22", "capture", GREEN, 2, source=s) for s in "ab")]), "t:22", 2)["state"] == "contested"


def test_rule_3_two_takers_of_one_side_are_no_contest() -> None:
    assert state(history([event("t:22", "capture", RED, 2), event("t:22", "capture", PINK, 2)]), "t:22", 2)["state"] == "held"


def test_rule_4_a_claim_shows_at_once_and_flips_nothing() -> None:
    row = state(history([event("t:22", "capture", RED, 2, status="claimed")]), "t:22", 2)
    assert (row["actor"], row["claimed_by"]) == (BLUE, RED)


def test_rule_4_a_claim_that_another_source_confirms_is_held_and_its_interval_starts_with_the_claim() -> None:
    built = history([event("t:22", "capture", RED, 2, status="claimed"), event("t:22", "capture", RED, 4)])
    row = state(built, "t:22", 4)
    assert (row["actor"], row["status"], row["claimed_by"], row["since"], row["since_end"]) == (RED, "confirmed", None, day(2), day(4))
    assert holder(built, "t:22", 3) == BLUE


def test_rule_4_a_claim_nobody_contradicts_is_held_after_some_days_as_claimed() -> None:
    built = history([event("t:22", "capture", RED, 2, status="claimed")])
    assert [holder(built, "t:22", n) for n in (6, 7)] == [BLUE, RED]
    assert state(built, "t:22", 7)["status"] == "claimed"


def test_rule_4_what_only_silence_confirms_is_drawn_as_inferred_until_somebody_says_so() -> None:
    claim = event("t:22", "capture", RED, 2, status="claimed")
    assert state(history([claim]), "t:22", 7)["basis"] == "inferred"
    row = state(history([claim, event("t:22", "capture", RED, 8)]), "t:22", 8)
    assert (row["actor"], row["basis"], row["status"]) == (RED, "observed", "confirmed")


def test_rule_4_the_theatre_sets_the_days() -> None:
    world = theatre(settings={"control": {"filler_km": 500, "claim_holds_after_days": 2}})
    built = history([event("t:22", "capture", RED, 2, status="claimed")], where=world)
    assert [holder(built, "t:22", n) for n in (3, 4)] == [BLUE, RED]


def test_rule_4_a_claim_is_true_when_the_loser_has_left() -> None:
    row = state(history([event("t:22", "capture", RED, 2, status="claimed"), event("t:22", "withdrawal", BLUE, 3)]), "t:22", 3)
    assert (row["actor"], row["basis"], row["status"]) == (RED, "observed", "confirmed")


def test_rule_4_a_claim_on_the_day_the_loser_left_is_true() -> None:
    row = state(history([event("t:22", "capture", RED, 3, status="claimed"), event("t:22", "withdrawal", BLUE, 3)]), "t:22", 3)
    assert (row["actor"], row["basis"]) == (RED, "observed")


@pytest.mark.parametrize(
    ("source", "kind", "outcome"), [("Red Radio", "other", BLUE), ("Blue News", "state-media", RED), ("Monitor", "monitor", RED)]
)
def test_rule_5_a_partisan_source_counts_only_against_its_own_side(source: str, kind: str, outcome: str) -> None:
    told = event("t:22", "capture", RED, 2, target=BLUE, source=source, source_kind=kind)
    assert holder(history([told]), "t:22", 2) == outcome


def test_rule_5_a_retreat_told_by_the_other_side_is_a_claim() -> None:
    told = event("t:22", "withdrawal", BLUE, 2, source="Red Radio", source_kind="party")
    assert holder(history([told]), "t:22", 2) == BLUE


def test_rule_5_a_loss_admitted_to_a_neutral_source_is_confirmed() -> None:
    told = event("t:22", "capture", RED, 2, target=BLUE, status="claimed", attribution="Blue News")
    assert holder(history([told]), "t:22", 2) == RED


def test_rule_6_a_claim_denied_in_its_own_report_is_no_claim() -> None:
    row = state(history([event("t:22", "capture", RED, 2, status="denied")]), "t:22", 9)
    assert (row["actor"], row["claimed_by"]) == (BLUE, None)


def test_rule_6_a_beaten_off_attack_keeps_a_claim_from_coming_true() -> None:
    built = history([event("t:22", "capture", RED, 2, status="claimed"), event("t:22", "repelled", BLUE, 4, target=RED, status="claimed")])
    assert holder(built, "t:22", 9) == BLUE


def test_rule_6_a_later_event_that_counts_ends_a_claim() -> None:
    built = history([event("t:22", "capture", RED, 2, status="claimed"), event("t:22", "repelled", BLUE, 4, target=RED)])
    assert [state(built, "t:22", n)["claimed_by"] for n in (3, 4)] == [RED, None]


def test_rule_7_contested_until_one_side_takes_it() -> None:
    built = history([event("t:22", "contested", RED, 2, target=BLUE, extent="part"), event("t:22", "capture", RED, 6)])
    assert [holder(built, "t:22", n) for n in (1, 2, 5, 6)] == [BLUE, "blue/red", "blue/red", RED]


def test_rule_7_contested_until_one_side_leaves() -> None:
    row = state(history([event("t:22", "contested", RED, 2), event("t:22", "withdrawal", BLUE, 5)]), "t:22", 5)
    assert (row["state"], row["actor"], row["basis"]) == ("held", RED, "observed")


def test_rule_7_a_beaten_off_attack_does_not_end_a_contest() -> None:
    built = history([event("t:22", "contested", RED, 2), event("t:22", "repelled", BLUE, 4, target=RED)])
    assert holder(built, "t:22", 5) == "blue/red"


def test_rule_7_most_of_a_town_is_not_the_town() -> None:
    assert holder(history([event("t:22", "capture", RED, 2, extent="part")]), "t:22", 2) == "blue/red"


def test_rule_8_a_quarter_taken_makes_its_town_contested() -> None:
    built = history([event(QUARTER, "capture", RED, 2)])
    assert holder(built, "t:22", 2) == "blue/red"


def test_rule_8_a_quarter_taken_in_ones_own_town_changes_nothing() -> None:
    built = history([event("t:22", "capture", RED, 2), event(QUARTER, "capture", RED, 3)])
    assert holder(built, "t:22", 3) == RED


def test_rule_8_a_quarter_given_up_does_not_empty_the_town() -> None:
    assert holder(history([event(QUARTER, "withdrawal", BLUE, 2)]), "t:22", 2) == BLUE


def test_rule_8_a_quarter_that_the_baseline_names_is_held_apart() -> None:
    world = theatre(holders=[Holder(place=p.place_id, actor=BLUE) for p in VILLAGES] + [Holder(place=QUARTER.place_id, actor=GREEN)])
    built = history([event(QUARTER, "capture", RED, 3)], where=world)
    assert [holder(built, QUARTER.place_id, n) for n in (0, 3)] == [GREEN, RED]
    assert holder(built, "t:22", 3) == BLUE


def test_rule_9_land_that_was_left_goes_to_the_nearest_advancing_side_as_inferred() -> None:
    built = history([event("t:32", "capture", GREEN, 2), event("t:22", "withdrawal", BLUE, 3)])
    row = state(built, "t:22", 3)
    assert (row["actor"], row["basis"], row["status"]) == (GREEN, "inferred", "claimed")


def test_rule_9_without_an_advance_it_goes_to_the_nearest_opposing_holder() -> None:
    built = history([event("t:22", "withdrawal", BLUE, 3)])
    assert (holder(built, "t:22", 3), state(built, "t:22", 3)["basis"]) == (RED, "inferred")


def test_rule_9_an_old_advance_is_forgotten() -> None:
    late = 3 + ADVANCE_DAYS
    built = history([event("t:43", "capture", GREEN, 2), event("t:22", "withdrawal", BLUE, late)], until=late)
    assert holder(built, "t:22", late) == RED


def test_rule_9_a_capture_later_makes_it_observed() -> None:
    built = history([event("t:22", "withdrawal", BLUE, 3), event("t:22", "capture", RED, 4)])
    assert state(built, "t:22", 4)["basis"] == "observed"


def test_rule_10_a_province_reaches_its_places() -> None:
    built = history([event("t:E", "capture", RED, 3)])
    assert {holder(built, p.place_id, 3) for p in VILLAGES if p.admin1 == "E"} == {RED}
    assert state(built, "t:22", 3)["basis"] != "observed"


def test_rule_10_newer_and_more_exact_news_of_a_place_stands() -> None:
    built = history(
        [
            event("t:33", "capture", GREEN, 3),
            event("t:34", "capture", GREEN, 2),
            event("t:32", "capture", GREEN, 5),
            event("t:E", "capture", RED, 3),
        ]
    )
    assert [holder(built, i, 6) for i in ("t:33", "t:34", "t:32", "t:31")] == [GREEN, RED, GREEN, RED]


def test_rule_10_places_of_third_sides_stay() -> None:
    built = history([event("t:E", "capture", RED, 3, target=BLUE)])
    assert [holder(built, i, 3) for i in ("t:33", "t:44")] == [RED, GREEN]


def test_rule_10_places_of_friends_stay() -> None:
    built = history([event("t:33", "capture", PINK, 2), event("t:E", "capture", RED, 3), event("t:E", "withdrawal", RED, 6)])
    assert [holder(built, i, 3) for i in ("t:32", "t:33")] == [RED, PINK]
    assert [holder(built, i, 6) for i in ("t:32", "t:33")] == [BLUE, PINK]


def test_rule_10_most_of_a_province_reaches_none() -> None:
    assert holder(history([event("t:E", "capture", RED, 3, extent="part"), event("t:E", "contested", RED, 3)]), "t:33", 5) == BLUE


def test_rule_11_history_moves_nothing() -> None:
    assert holder(history([event("t:22", "capture", RED, -30, published=day(4))]), "t:22", 5) == BLUE


def test_rule_11_a_build_that_starts_before_the_baseline_shows_history_until_the_baseline() -> None:
    from geo.control import build_history, build_ledger  # noqa: PLC0415  # dates that `history` does not build

    world = theatre()
    built = build_history(build_ledger([event("t:22", "capture", RED, -20)], world), VILLAGES, world, [day(-30), day(-20), day(0)])
    assert [holder(built, "t:22", n) for n in (-30, -20, 0)] == ["?", RED, BLUE]
    assert holder(built, "t:44", -20) != GREEN


def test_rule_11_an_event_of_the_baselines_day_outranks_it() -> None:
    assert holder(history([event("t:22", "capture", RED, 0)]), "t:22", 0) == RED


def test_rule_12_the_same_again_renews_the_evidence() -> None:
    first, again = event("t:22", "capture", RED, 2), event("t:22", "capture", RED, 6, source="Wire")
    row = state(history([first, again]), "t:22", 6)
    assert (row["since"], row["age_days"], row["event_ids"]) == (day(2), 0, (first.event_id, again.event_id))


def test_rule_13_come_and_gone_on_one_day_is_gone_unless_more_sources_say_that_it_came() -> None:
    come, gone = event("t:22", "capture", RED, 3), event("t:22", "withdrawal", RED, 3)
    assert holder(history([come, gone]), "t:22", 3) == BLUE
    assert holder(history([come, event("t:22", "capture", RED, 3, source="Wire"), gone]), "t:22", 3) == RED
    assert holder(history([come, gone, event("t:22", "withdrawal", BLUE, 3)]), "t:22", 3) == RED


def test_rule_13_a_holder_that_left_has_not_taken_it_as_well() -> None:
    told = [event("t:22", "withdrawal", BLUE, 3), event("t:22", "capture", BLUE, 3), event("t:22", "capture", RED, 3)]
    assert holder(history(told), "t:22", 3) == RED


def test_rule_3_the_sources_of_friends_count_together() -> None:
    told = [event("t:22", "capture", actor, 2, source=source) for actor, source in ((RED, "a"), (PINK, "b"), (GREEN, "c"))]
    assert state(history(told), "t:22", 2)["state"] == "held"


def test_a_strike_a_clash_and_a_closure_move_nothing() -> None:
    built = history([event("t:22", kind, RED, 2) for kind in ("strike", "clash", "closure")])
    assert (holder(built, "t:22", 5), state(built, "t:22", 5)["basis"]) == (BLUE, "baseline")


def test_a_capture_by_nobody_named_is_the_losers_leaving() -> None:
    built = history([event("t:22", "capture", None, 3, target=BLUE)])
    assert (holder(built, "t:22", 3), state(built, "t:22", 3)["basis"]) == (RED, "inferred")


def test_a_base_far_from_every_town_has_its_own_cell_and_one_in_town_has_not() -> None:
    lonely = Place(place_id="t:base", name="Far Base", kind="base", lon=30.4, lat=10.4, country="XX", admin1="W")
    near = Place(place_id="t:camp", name="Camp", kind="base", lon=30.505, lat=10.505, country="XX", admin1="W")
    built = history([event(lonely, "capture", RED, 2), event(near, "capture", RED, 2)], places=(*VILLAGES, lonely, near))
    assert holder(built, "t:base", 2) == RED
    assert holder(built, "t:22", 2) == "blue/red"


def test_a_place_that_the_gazetteer_lacks_gets_a_cell_from_its_event() -> None:
    unlisted = village(2, 2, place_id="user:new", name="New", lon=30.6, lat=10.6)
    assert holder(history([event(unlisted, "capture", RED, 2)]), "user:new", 2) == RED


def test_rule_14_what_one_report_is_hardly_read_to_say_moves_nothing_until_another_says_it() -> None:
    doubtful = event("t:22", "capture", RED, 2, confidence=0.3)
    assert holder(history([doubtful]), "t:22", 2) == BLUE
    assert holder(history([doubtful, event("t:22", "capture", RED, 2, confidence=0.3, source="Other")]), "t:22", 2) == RED
