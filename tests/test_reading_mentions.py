"""Sentences, dates, actors and triggers: what the readers link."""

import datetime as dt

import pytest
from reading_world import make_theatre, mark_places

from geo.reading.actors import ActorFinder, actor_on
from geo.reading.dates import find_dates
from geo.reading.sentences import split_sentences
from geo.reading.triggers import TriggerFinder

FRIDAY = dt.date(2024, 12, 6)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Gen. Idris left. On Nov. 30 the town fell.", 2),
        ("U.S. forces struck at 5 a.m. on Friday. Nobody died.", 2),
        ('"We left," he said. "It is over."', 2),
        ("• Saraqib: taken.\n• Nayrab: quiet.", 2),
        ("1/2 rebels in Hama 🔴\n2/2 army gone", 2),
        ("", 0),
    ],
)
def test_sentences_survive_abbreviations_quotes_bullets_and_posts(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


def test_offsets_of_sentences_lie_in_the_text() -> None:
    text = "One town fell.\n\nAnother did not.  A third?"
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in split_sentences(text))


def test_wrapped_lines_are_one_sentence() -> None:
    text = (
        "The rebels took the town of Saraqib on Thursday after heavy fighting along\n"
        "the highway between the two cities and the army fell back to the\n"
        "hills beyond, an officer of the army said, who did not give his name.\n"
    )
    assert len(split_sentences(text)) == 1


@pytest.mark.parametrize(
    ("expression", "date", "precision"),
    [
        ("on Thursday", "2024-12-05", "day"),
        ("yesterday", "2024-12-05", "day"),
        ("last night", "2024-12-05", "day"),
        ("overnight", "2024-12-06", "day"),
        ("on 30 November", "2024-11-30", "day"),
        ("on 12 December", "2023-12-12", "day"),
        ("on Nov. 28", "2024-11-28", "day"),
        ("on 2024-11-27", "2024-11-27", "day"),
        ("on 27/11/2024", "2024-11-27", "day"),
        ("in late November", "2024-11-01", "month"),
        ("in March 2017", "2017-03-01", "month"),
        ("in 2016", "2016-01-01", "year"),
        ("two weeks ago", "2024-11-22", "day"),
        ("eight years ago", "2016-01-01", "year"),
        ("since mid-May", "2024-05-01", "month"),
        ("over the weekend", "2024-11-30", "day"),
        ("on New Year's Day", "2024-01-01", "day"),
    ],
)
def test_a_date_is_resolved_against_the_dateline(expression: str, date: str, precision: str) -> None:
    (mention,) = find_dates(f"The town fell {expression}.", FRIDAY)
    assert (mention.date.isoformat(), mention.precision) == (date, precision)


@pytest.mark.parametrize(
    ("expression", "date"),
    [
        ("two days later", "2024-12-04"),
        ("the same evening", "2024-12-02"),
        ("the next morning", "2024-12-03"),
        ("a day earlier", "2024-12-01"),
        ("the evening before", "2024-12-01"),
        ("on the 4th", "2024-12-04"),
        ("48 hours later", "2024-12-04"),
    ],
)
def test_a_chained_date_counts_from_the_one_before(expression: str, date: str) -> None:
    mentions = find_dates(f"Saraqib fell on Monday. Hama fell {expression}.", FRIDAY)
    assert mentions[-1].date.isoformat() == date
    assert mentions[-1].chained


def test_a_clause_behind_days_after_lies_before_the_main_one() -> None:
    mentions = find_dates("Saraqib was retaken on Thursday, four days after the rebels had seized it.", FRIDAY)
    assert [mention.date.isoformat() for mention in mentions] == ["2024-12-05", "2024-12-01"]
    assert mentions[1].backward


@pytest.mark.parametrize("text", ["It may fall.", "They march on.", "The 93rd Brigade left.", "The sun rose.", "2/6 quiet\n3/6 quiet"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(text, FRIDAY) == []


def test_dates_across_the_new_year_are_of_the_year_before() -> None:
    (mention,) = find_dates("It fell on 28 December.", dt.date(2025, 1, 3))
    assert mention.date == dt.date(2024, 12, 28)


def test_a_chronicle_goes_on_from_its_old_dates() -> None:
    text = "The jihadists took it on 20 May 2015; the army came back on 27 March 2016 and lost it again on 11 December."
    assert [mention.date.isoformat() for mention in find_dates(text, FRIDAY)] == ["2015-05-20", "2016-03-27", "2016-12-11"]


def _actors(text: str, on: dt.date = FRIDAY) -> list[tuple[str, str | None]]:
    return [(mention.text, mention.actor) for mention in ActorFinder(make_theatre()).find(text, on)]


def test_actors_are_found_by_name_form_and_generic_word() -> None:
    assert _actors("HTS fighters and the army met; insurgents fled.") == [
        ("HTS fighters", "hts"),
        ("the army", "government"),
        ("insurgents", "hts"),
    ]


def test_generic_words_mean_others_on_another_date() -> None:
    (mention,) = ActorFinder(make_theatre()).find("Rebels took over.", FRIDAY)
    assert actor_on(mention, dt.date(2016, 12, 1)) == "opposition"


def test_backed_by_somebody_is_not_that_somebody() -> None:
    assert _actors("Turkey-backed men came.") == []


def test_held_by_somebody_tells_a_holder_and_no_actor_that_acts() -> None:
    (mention,) = ActorFinder(make_theatre()).find("Rebel-held quarters burned.", FRIDAY)
    assert mention.kind == "holder"


def test_an_actors_name_inside_a_place_is_the_place() -> None:
    text, toponyms = mark_places("They crossed [Russia Bridge|facility].")
    assert [m.text for m in ActorFinder(make_theatre()).find(text, FRIDAY, toponyms=toponyms) if m.actor] == []


def test_words_that_point_back_have_a_role_and_no_actor() -> None:
    found = ActorFinder(make_theatre()).find("They left; the garrison stayed; our forces won; the enemy ran.", FRIDAY)
    assert [(m.role, m.actor) for m in found] == [("they", None), ("holder", None), ("self", None), ("enemy", None)]


def test_triggers_come_longest_first_with_their_frame() -> None:
    found = TriggerFinder().find("Rebels took control of it; it fell to them; they pulled out of it.")
    assert [(m.text, m.trigger.frame) for m in found] == [("took control of", "gain"), ("fell to", "fall"), ("pulled out of", "leave")]


def test_a_trigger_inside_a_compound_is_an_adjective() -> None:
    assert TriggerFinder().find("rebel-held, bomb-hit streets") == []
