"""Place names in reports: what is found, what is refused and why, and which place is meant."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.places import Gazetteer, ToponymFinder
from geo.records import Place, Report, Toponym
from geo.theatre import Actor, Theatre, load_world


def place(slug: str, name: str, kind: str, lat: float, lon: float, **more: object) -> Place:
    return Place(place_id=f"tiny:{slug}", name=name, kind=kind, lat=lat, lon=lon, **more)  # type: ignore[arg-type]


PLACES = (
    place("khan-tuman", "Khan Tuman", "village", 36.12, 37.06, country="SY", admin1="09"),
    place("castello", "Castello Road", "road", 36.25, 37.13, country="SY", names=("Castello",)),
    place("kuweires", "Kuweires airbase", "base", 36.19, 37.58, country="SY", names=("Kweires airbase",)),
    place("naame-a", "Naame", "village", 36.30, 37.10, country="SY", admin1="09"),
    place("naame-d", "Naame", "village", 33.45, 36.40, country="SY", admin1="08"),
    place("euphrates", "Euphrates", "river", 35.9, 38.8, country="SY"),
    place("idlib", "Idlib province", "province", 35.8, 36.7, country="SY", admin1="12"),
)
ACTORS = (Actor(id="reds", name="Hama Liberation Rooms", short="HLR", camp="reds", side="non-state", colour="#aa0000"),)


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return replace(load_world(), name="tiny", countries=("SY",), extent=(35.0, 32.0, 42.5, 37.5), places=PLACES, actors=ACTORS)


@pytest.fixture(scope="module")
def finder(theatre: Theatre) -> ToponymFinder:
    return ToponymFinder(Gazetteer.for_theatre(theatre), theatre)


@pytest.fixture(scope="module")
def world() -> ToponymFinder:
    return ToponymFinder(Gazetteer.world())


def read(finder: ToponymFinder, text: str) -> list[Toponym]:
    return finder.find(Report(id="r", published=dt.date(2024, 12, 1), source="test", text=text))


def names(finder: ToponymFinder, text: str) -> list[str]:
    return [top.text for top in read(finder, text) if top.place is not None]


def one(finder: ToponymFinder, text: str, name: str) -> Toponym:
    return next(top for top in read(finder, text) if top.text == name)


def test_a_span_is_the_name_as_written(finder: ToponymFinder) -> None:
    """Start and end cut the name out of the text, whatever stands before it."""
    text = "«É́» — 🧵 Fighters reached Khān Tūmān’s mill\nand Aleppo."
    for top in read(finder, text):
        assert text[top.start : top.end] == top.text
    assert names(finder, text) == ["Khān Tūmān", "Aleppo"]


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("The Aleppo Military Council said so.", "Aleppo", "part of an organisation's name"),
        ("A statement by Ahmad Aleppo was read out.", "Aleppo", "person's name"),
        ("Colonel Idlib spoke to his men.", "Idlib", "person's name"),
        ("Turkey said it would answer.", "Turkey", "stands for a government"),
        ("An Ankara-backed faction left.", "Ankara", "stands for a government"),
        ("Moscow's jets were heard.", "Moscow", "stands for a government"),
    ],
)
def test_what_is_no_place_is_refused_with_its_reason(finder: ToponymFinder, text: str, name: str, why: str) -> None:
    """Persons, organisations and governments stand in the output without a place and with the reason."""
    top = one(finder, text, name)
    assert top.place is None
    assert top.refused == why


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BEIRUT, Dec 1 - Nothing moved.", "BEIRUT"),
        ("They fled to Turkey.", "Turkey"),
        ("Shells fell on Damascus's suburbs.", "Damascus"),
        ("He flew to Moscow on Sunday.", "Moscow"),
    ],
)
def test_capitals_and_countries_count_where_they_are_places(finder: ToponymFinder, text: str, name: str) -> None:
    """A dateline, a preposition or a part of the town makes a capital a place again."""
    assert name in names(finder, text)


def test_an_actors_name_is_not_cut_into_places(finder: ToponymFinder) -> None:
    """The town inside a faction's name is no mention of the town."""
    assert names(finder, "The Hama Liberation Rooms moved on Homs.") == ["Homs"]


def test_a_class_word_chooses_the_kind(finder: ToponymFinder) -> None:
    """A province, an air base and a town of one name are told apart by the word beside it."""
    assert one(finder, "All of Idlib province is quiet.", "Idlib").place.kind == "province"  # type: ignore[union-attr]
    assert one(finder, "The city of Idlib is quiet.", "Idlib").place.kind == "city"  # type: ignore[union-attr]
    base = one(finder, "They stormed Kweires military air base today.", "Kweires military air base")
    assert base.place is not None
    assert base.place.kind == "base"
    assert base.class_word == "base"


def test_a_theatres_own_words_tell_its_provinces(theatre: Theatre) -> None:
    """Where the press says "mohafazat" that is the province, and "region" is the land around the town."""
    own = replace(theatre, settings={"words": {"admin1": ["mohafazat"]}})
    finder = ToponymFinder(Gazetteer.for_theatre(own), own)
    assert one(finder, "All of Idlib mohafazat is quiet.", "Idlib").place.kind == "province"  # type: ignore[union-attr]
    assert one(finder, "In the Idlib region it is quiet.", "Idlib").place.kind == "city"  # type: ignore[union-attr]


def test_a_road_between_two_towns_is_one_mention(finder: ToponymFinder) -> None:
    """The road named by its ends is one place of kind road, half-way; a list of towns stays a list."""
    (road,) = [top for top in read(finder, "They cut the Aleppo-Hama road at dawn.") if top.place]
    assert road.place is not None
    assert (road.text, road.place.kind) == ("Aleppo-Hama road", "road")
    assert road.place.lat == pytest.approx((36.2 + 35.13) / 2, abs=0.05)
    assert names(finder, "Aleppo, Hama and the road to Homs.") == ["Aleppo", "Hama", "Homs"]


def test_a_towns_airport_is_not_the_town(finder: ToponymFinder) -> None:
    """A facility that no gazetteer has is a place of its own kind, within the town whose name it bears, known less exactly."""
    top = one(finder, "Flights from Saraqib airport were stopped.", "Saraqib airport")
    town = one(finder, "They left Saraqib.", "Saraqib").place
    assert top.place is not None
    assert town is not None
    assert (top.place.kind, top.place.within, top.place.lat) == ("airport", town.place_id, town.lat)
    assert top.place.place_id == f"{town.place_id}/airport"
    assert top.place.precision_m > town.precision_m


def test_a_part_of_an_unknown_name_is_not_taken_for_the_place(finder: ToponymFinder) -> None:
    """Where only "Homs" of "Homs al-Gharbi" is known, nothing is placed."""
    assert names(finder, "Near Homs al-Gharbi they stopped.") == []


def test_an_unknown_village_is_kept_with_suggestions(finder: ToponymFinder) -> None:
    """What stands like a village and is in no gazetteer is given without a place, with the nearest names."""
    top = one(finder, "They entered the village of Khan Tomanshah at dawn.", "Khan Tomanshah")
    assert top.place is None
    assert top.refused == "not in the gazetteer"
    assert "Khan Tuman" in top.suggestions


def test_a_respelled_name_is_placed_and_says_how(finder: ToponymFinder) -> None:
    """Another romanisation is matched by its consonants, with the method and a score below 1."""
    top = one(finder, "Fighting went on in Khaan Toumaan.", "Khaan Toumaan")
    assert top.place is not None
    assert top.place.place_id == "tiny:khan-tuman"
    assert top.match == "skeleton"
    assert 0.9 < top.score < 1


def test_homonyms_are_told_apart_by_the_reports_other_places(finder: ToponymFinder) -> None:
    """Of two villages of one name the one near the report's other places is meant; the other is the runner-up."""
    north = one(finder, "After Aleppo, Khan Tuman and Anadan they took Naame.", "Naame")
    south = one(finder, "After Damascus, Daraya and Harasta they took Naame.", "Naame")
    assert north.place is not None
    assert south.place is not None
    assert (north.place.place_id, north.runner_up) == ("tiny:naame-a", "tiny:naame-d")
    assert south.place.place_id == "tiny:naame-d"
    assert north.runner_up_km is not None
    assert north.runner_up_km == pytest.approx(323, abs=5)


def test_the_province_after_the_comma_chooses(finder: ToponymFinder) -> None:
    """What a report says to contain a place outweighs what is near."""
    top = one(finder, "From Damascus they drove to Naame, Aleppo province.", "Naame")
    assert top.place is not None
    assert top.place.place_id == "tiny:naame-a"


def test_a_close_call_is_a_warning(finder: ToponymFinder) -> None:
    """With nothing to choose by, the homonym is marked."""
    assert one(finder, "They took Naame.", "Naame").warning == "homonym"


def test_lower_case_words_are_no_names(finder: ToponymFinder) -> None:
    """A word that is also a village's name counts only where it is written as a name."""
    assert names(finder, "They rested in the shade of a salma tree and had a hit.") == []


def test_names_in_other_scripts_are_found(finder: ToponymFinder) -> None:
    """A report in Arabic finds the towns by the gazetteer's Arabic names."""
    found = [top.place.name for top in read(finder, "دخلت القوات حلب صباحا") if top.place]
    assert found == ["Aleppo"]


def test_the_world_reads_states_after_towns(world: ToponymFinder) -> None:
    """A state's short form behind a comma is the state, and chooses the town."""
    found = {top.text: top.place for top in read(world, "A man from Paris, Tex., was found in Waco, Texas, on Monday.") if top.place}
    assert found["Paris"].admin1 == "TX"
    assert found["Waco"].admin1 == "TX"
    assert found["Tex"].place_id == "gn:US.TX"


def test_the_world_weighs_a_town_and_its_state_together(world: ToponymFinder) -> None:
    """Of two Georgias the one that has an Athens is meant, although Greece's Athens is bigger."""
    found = {top.text: top.place for top in read(world, "She was born in Athens, Georgia, in 1950.") if top.place}
    assert (found["Athens"].country, found["Georgia"].place_id) == ("US", "gn:US.GA")


def test_the_world_takes_a_towns_name_for_the_town_before_its_province(world: ToponymFinder) -> None:
    """Istanbul is the city unless the text says province."""
    assert one(world, "He was seen in Istanbul.", "Istanbul").place.kind == "city"  # type: ignore[union-attr]
    assert one(world, "Villages of Istanbul province burned.", "Istanbul").place.kind == "province"  # type: ignore[union-attr]


def test_the_world_refuses_small_towns_that_are_surnames(world: ToponymFinder) -> None:
    """A surname that is a village somewhere is no place unless the report says so."""
    assert names(world, "Harold Willis was there. Willis said that he had seen nothing.") == []


def test_finding_twice_gives_the_same(finder: ToponymFinder) -> None:
    """The finder keeps nothing of one report for the next."""
    text = "Naame, Aleppo, Homs, Khan Tuman: all quiet; Willis went to Damascus."
    first = read(finder, text)
    read(finder, "Damascus, Daraya and Naame.")
    assert read(finder, text) == first


PIECES = st.sampled_from(
    [
        "Aleppo", "al-", "Khan Tuman", "Naame", "of", "the", ",", ". ", "\n", "'s", "\u2019s", " ", "-", "Tex.", "D.C.", "U.S.", "road",
        "province", "(", '"', "General", "Omar", "حلب", "وحلب", "Бахмут", "🧵", "\u0301", "\u200f", "ﬁ", "İ", "ß", "1/", "M5", "village of",
        "hama", "AND", "Brigade", "Waco", "near",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map(" ".join)))
def test_any_text_gives_spans_in_order(finder: ToponymFinder, world: ToponymFinder, text: str) -> None:
    """Whatever the text, spans lie in it, ascend, never overlap, and say what they cut out; a place or a reason, not both."""
    for one_finder in (finder, world):
        end = 0
        for top in read(one_finder, text):
            assert end <= top.start < top.end <= len(text)
            assert text[top.start : top.end] == top.text
            assert (top.place is None) == (top.refused is not None)
            assert 0 <= top.score <= 1
            end = top.end


def test_a_text_without_names_and_an_empty_text_give_nothing(finder: ToponymFinder) -> None:
    """No words, no toponyms."""
    assert read(finder, "") == []
    assert read(finder, "nothing happened anywhere today") == []
