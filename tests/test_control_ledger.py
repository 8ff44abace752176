"""The ledger: what is merged, and how what a source says is weighed."""

import pytest
from control_world import BLUE, RED, day, event, theatre

from geo.control import build_ledger


def test_reports_that_say_the_same_are_one_row_that_names_them_all() -> None:
    one, two = event("t:22", "capture", RED, 2, source="Wire A"), event("t:22", "capture", RED, 2, source="Wire B", confidence=0.9)
    ledger = build_ledger([one, two], theatre())
    assert len(ledger) == 1
    assert ledger.loc[0, "event_id"] == two.event_id
    assert ledger.loc[0, "merged"] == (one.event_id,)
    assert ledger.loc[0, "sources"] == ("Wire A (confirmed)", "Wire B (confirmed)")


def test_one_confirmed_report_confirms_a_claim_of_the_same_day() -> None:
    claim = event("t:22", "capture", RED, 2, status="claimed", source="Red Radio", source_kind="party")
    told = event("t:22", "capture", RED, 2)
    row = build_ledger([claim, told], theatre()).iloc[0]
    assert (row["assessed"], row["event_id"]) == ("confirmed", told.event_id)
    assert row["sources"] == ("Monitor (confirmed)", "Red Radio (claimed)")


@pytest.mark.parametrize("more", [{"date": day(3)}, {"actor": BLUE}, {"extent": "part"}, {"status": "denied"}, {"type": "contested"}])
def test_reports_that_say_something_else_are_rows_of_their_own(more: dict[str, object]) -> None:
    first = event("t:22", "capture", RED, 2)
    fields = {"type": "capture", "actor": RED, "report_id": "other"} | more
    second = event("t:22", str(fields.pop("type")), str(fields.pop("actor")), 2, **fields)
    assert len(build_ledger([first, second], theatre())) == 2


def test_the_same_event_given_twice_is_one_event() -> None:
    told = event("t:22", "capture", RED, 2)
    assert build_ledger([told, told], theatre()).loc[0, "merged"] == ()


@pytest.mark.parametrize(
    ("source", "kind", "what", "actor", "target", "assessed"),
    [
        ("Monitor", "monitor", "capture", RED, BLUE, "confirmed"),
        ("Blue News", "wire", "capture", BLUE, RED, "claimed"),  # an outlet of a side, whatever it calls itself
        ("Blue News", "wire", "capture", RED, BLUE, "confirmed"),
        ("Ministry of Defence", "ministry", "capture", BLUE, RED, "claimed"),  # a government's, though nobody listed it
        ("Red Front press office", "party", "withdrawal", RED, None, "confirmed"),
        ("Red Front press office", "party", "withdrawal", BLUE, None, "claimed"),
        ("Red Front watch", "monitor", "capture", RED, BLUE, "confirmed"),  # a monitor of a side is not the side's
        ("Some channel", "party", "capture", RED, BLUE, "claimed"),
        ("Blue News", "state-media", "repelled", BLUE, RED, "claimed"),
    ],
)
def test_a_source_counts_by_who_it_speaks_for(  # noqa: PLR0917  # the columns of the table above
    source: str, kind: str, what: str, actor: str, target: str | None, assessed: str
) -> None:
    told = event("t:22", what, actor, 2, target=target, source=source, source_kind=kind)
    assert build_ledger([told], theatre()).loc[0, "assessed"] == assessed


def test_no_events_make_an_empty_ledger_with_its_columns() -> None:
    ledger = build_ledger([], theatre())
    assert ledger.empty
    assert ledger.crs.to_epsg() == 4326
