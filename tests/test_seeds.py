"""The example reports: every day of the offensive told, dated, sourced, and matched by the events expected of them."""

import csv
import datetime as dt
import re
from pathlib import Path

import pytest

from geo.records import EVENT_TYPES, SOURCE_KINDS
from geo.resources import seeds_path

EXPECTED = Path(__file__).parent / "data" / "seeds-expected.csv"
FIRST, LAST = dt.date(2024, 11, 27), dt.date(2024, 12, 8)
SEEDS = sorted(seeds_path().glob("*.md"))


def front_matter(path: Path) -> tuple[dict[str, str], str]:
    """Split a seed into its front matter and its text."""
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return {key: value.strip('"') for key, value in fields.items()}, body.strip()


def expected() -> list[dict[str, str]]:
    """Read the key events that an editor expects of each seed."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_day_of_the_offensive_has_a_report() -> None:
    days = {dt.date.fromisoformat(front_matter(path)[0]["published"]) for path in SEEDS}
    assert days == {FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)}
    assert len(SEEDS) >= 18


def test_the_seeds_come_in_at_least_seven_kinds_of_source_or_style() -> None:
    styles = {path.stem.split("-")[3] for path in SEEDS}
    assert {"wire", "brief", "monitor", "communique", "analyst", "social", "notes"} <= styles


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_front_matter_is_whole_and_agrees_with_the_file_name(path: Path) -> None:
    fields, text = front_matter(path)
    assert fields.keys() >= {"published", "source", "source_kind", "title", "lang"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-[a-z-]+", path.stem)
    assert path.stem.startswith(fields["published"])
    assert fields["source_kind"] in SOURCE_KINDS
    assert len(text.split()) > 80
    assert "\r" not in text


def test_each_seed_has_its_key_events_and_each_names_a_place_in_the_text() -> None:
    texts = {path.stem: front_matter(path)[1] for path in SEEDS}
    rows = expected()
    assert {row["report"] for row in rows} == texts.keys()
    for row in rows:
        first_word = row["place"].split()[0]
        assert first_word in texts[row["report"]], row
        assert row["type"] in EVENT_TYPES, row
        assert row["status"] in {"confirmed", "claimed", "denied"}, row
        assert dt.date.fromisoformat(row["date"]) <= dt.date.fromisoformat(row["report"][:10]), row


def test_no_key_event_is_listed_twice() -> None:
    keys = [tuple(row[key] for key in ("report", "type", "place", "actor", "date")) for row in expected()]
    assert len(keys) == len(set(keys))


def test_the_retelling_of_the_founding_report_holds_its_eight_facts() -> None:
    rows = [row for row in expected() if row["report"] == "2024-11-30-wire-army-admits"]
    assert len(rows) == 8
    told = {(row["type"], row["place"]) for row in rows}
    assert told >= {("contested", "Aleppo"), ("closure", "Aleppo airport"), ("capture", "Idlib province")}
