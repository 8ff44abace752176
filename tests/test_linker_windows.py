"""The linker's windows hide every name behind a stand-in and know where each candidate stands."""

import datetime as dt

import pytest

from geo.reading.actors import ActorFinder
from geo.reading.features import ACTOR_FEATURES, DATE_FEATURES, PLACE_FEATURES, actor_features, date_features, place_features
from geo.reading.linker import lay_windows, load_words
from geo.reading.linker_corpus import drill_theatre
from geo.reading.linker_layout import layout_of, meaning_on
from geo.reading.linker_records import Layout, Window
from geo.records import Event, Place, Report, Toponym

THEATRE = drill_theatre()
FINDER = ActorFinder(THEATRE)


def lay(text: str, names: tuple[str, ...], *, source_kind: str = "wire", rules: tuple[Event, ...] = ()) -> tuple[Layout, list[Window]]:
    toponyms = []
    for number, name in enumerate(names):
        place = Place(place_id=f"t:{name.lower()}", name=name, kind="town", lon=number, lat=number)
        at = text.find(name)
        while at >= 0:
            toponyms.append(Toponym(report_id="r", text=name, start=at, end=at + len(name), place=place, match="exact", score=1.0))
            at = text.find(name, at + 1)
    toponyms.sort(key=lambda toponym: toponym.start)
    report = Report(id="r", published=dt.date(2024, 11, 30), source="s", source_kind=source_kind, text=text)
    layout = layout_of(report, toponyms, THEATRE, finder=FINDER, rules=rules)
    return layout, lay_windows(layout)


TWO = "Redland forces took Umbar on Friday. The next day Zelia was driven out of Kesh, and the town fell quiet."


def test_each_place_of_a_sentence_is_asked_about_and_no_name_is_left() -> None:
    _, windows = lay(TWO, ("Umbar", "Kesh"))
    assert [(window.sentence, window.place.key, window.named) for window in windows] == [
        (0, "t:umbar", True),
        (1, "t:kesh", True),
        (1, "t:umbar", False),
    ]
    for window in windows:
        assert not any(name in window.text for name in ("Redland", "Zelia", "Umbar", "Kesh"))


def test_the_place_asked_about_is_the_target_word_and_candidates_stand_where_they_say() -> None:
    words = load_words()["stand_ins"]
    for window in lay(TWO, ("Umbar", "Kesh"))[1]:
        assert {window.text[a:b] for a, b in window.place_at} == {words["target"]}
        for actor in window.actors:
            assert window.text[slice(*actor.at)] in words["actors"]
        told = [window.text[slice(*date.at)] for date in window.dates if date.where == "sentence"]
        assert [word.rstrip(".") for word in told] in (["Friday"], ["The next day"])


def test_one_actor_has_one_stand_in_in_a_report() -> None:
    _, windows = lay("Redland took Umbar. Redland troops left Kesh. Zelia was silent.", ("Umbar", "Kesh"))
    for window in windows:
        names = {actor.actor: {window.text[slice(*a.at)] for a in window.actors if a.actor == actor.actor} for actor in window.actors}
        assert all(len(name) == 1 for name in names.values())
        assert len(set.union(*names.values())) == len(names)


def test_the_dateline_is_always_a_candidate_and_so_are_dates_and_actors_told_before_the_window() -> None:
    text = "Redland took Umbar on 3 November. It rained. It snowed. It thawed. Then Kesh fell."
    _, windows = lay(text, ("Umbar", "Kesh"))
    last = next(window for window in windows if window.place.key == "t:kesh")
    assert {date.date for date in last.dates} >= {dt.date(2024, 11, 30), dt.date(2024, 11, 3)}
    assert [meaning_on(actor, dt.date(2024, 11, 3)) for actor in last.actors if actor.where == "before"] == ["drill-0"]


def test_a_day_without_its_year_may_lie_in_the_year_told_before() -> None:
    text = "Umbar fell to Redland in May 2019. On 2 June so did Kesh."
    _, windows = lay(text, ("Umbar", "Kesh"))
    kesh = next(window for window in windows if window.place.key == "t:kesh")
    assert {date.date for date in kesh.dates if date.where == "sentence"} >= {dt.date(2019, 6, 2), dt.date(2024, 6, 2)}


@pytest.mark.parametrize("stand_ins", [("vikings", "bulls"), ("bulls", "vikings")])
def test_other_stand_ins_change_the_words_and_nothing_else(stand_ins: tuple[str, ...]) -> None:
    layout, windows = lay("Redland took Umbar from Zelia.", ("Umbar",))
    other = lay_windows(layout, stand_ins=stand_ins)
    assert other[0].text != windows[0].text
    assert [actor.actor for actor in other[0].actors] == [actor.actor for actor in windows[0].actors]


def test_features_have_their_declared_shapes_and_stay_between_minus_one_and_two() -> None:
    layout, windows = lay(TWO, ("Umbar", "Kesh"))
    for window in windows:
        place, actors, dates = place_features(window, layout), actor_features(window, layout, {}, {}), date_features(window, layout)
        assert place.shape == (PLACE_FEATURES,)
        assert actors.shape == (len(window.actors), ACTOR_FEATURES)
        assert dates.shape == (len(window.dates), DATE_FEATURES)
        for numbers in (place, actors, dates):
            assert (abs(numbers) <= 2).all()


def test_a_report_of_many_places_is_laid_out_in_time_that_grows_with_its_length() -> None:
    _, windows = lay("Redland took Umbar from Zelia on Friday. " * 400, ("Umbar",))
    assert len(windows) == 400
    assert max(len(window.text) for window in windows) < 700
