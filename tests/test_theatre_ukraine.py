"""The theatre ``ukraine``: whole, in the country, known by old and new names, and split at the start as it was."""

import csv
import datetime as dt
from collections import Counter

import pytest
from shapely.geometry import Point

from geo.resources import data_path
from geo.theatre import Theatre, load_land, load_theatre

POINTLIKE = {"city", "town", "village", "neighbourhood", "square", "province", "district", "base", "airport", "crossing", "facility"}


@pytest.fixture(scope="module")
def ukraine() -> Theatre:
    return load_theatre("ukraine")


def test_it_has_the_actors_of_the_war_in_their_camps(ukraine: Theatre) -> None:
    camps = {actor.id: (actor.camp, actor.side) for actor in ukraine.actors}
    assert camps == {
        "russia": ("russia", "foreign"),
        "dpr": ("russia", "non-state"),
        "lpr": ("russia", "non-state"),
        "ukraine": ("ukraine", "government"),
        "rvc": ("ukraine", "non-state"),
    }


def test_no_proper_name_belongs_to_two_actors(ukraine: Theatre) -> None:
    owners = Counter(name for actor in ukraine.actors for name in set(actor.aliases))
    assert [name for name, count in owners.items() if count > 1] == []


@pytest.mark.parametrize(
    ("word", "day", "actor"),
    [("separatists", dt.date(2014, 8, 1), "dpr"), ("rebels", dt.date(2015, 2, 17), "dpr"), ("separatists", dt.date(2022, 3, 1), "russia")],
)
def test_a_word_means_whom_it_meant_on_the_day(ukraine: Theatre, word: str, day: dt.date, actor: str) -> None:
    meant = {
        g.actor for g in ukraine.generics if word in g.words and (g.start is None or g.start <= day) and (g.end is None or day <= g.end)
    }
    assert meant == {actor}


def test_it_names_more_than_three_hundred_places_of_every_kind(ukraine: Theatre) -> None:
    kinds = Counter(place.kind for place in ukraine.places)
    assert sum(kinds.values()) >= 300
    assert kinds.keys() >= POINTLIKE | {"road", "river", "lake", "region"}
    assert sum(place.kind == "province" and place.country == "UA" for place in ukraine.places) == 24


@pytest.mark.parametrize(
    ("old", "new"),
    [("Artemivsk", "Bakhmut"), ("Dzerzhynsk", "Toretsk"), ("Krasnoarmiisk", "Pokrovsk"), ("Krasnyi Lyman", "Lyman"),
     ("Novgorodskoye", "Niu-York"), ("Kominternove", "Pikuzy"), ("Dimitrov", "Myrnohrad"), ("Chasov Yar", "Chasiv Yar")],
)  # fmt: skip
def test_old_and_russian_names_lead_to_the_same_place(ukraine: Theatre, old: str, new: str) -> None:
    places = [place for place in ukraine.places if old in place.names]
    assert new in {place.name for place in places}


def test_every_point_lies_in_the_country_that_it_names(ukraine: Theatre) -> None:
    land = load_land({place.country for place in ukraine.places if place.country})
    outline = {country: part.geometry.union_all().buffer(0.06) for country, part in land.groupby("country")}
    at_sea = {"snake-island", "boyko-towers", "kerch-strait"}
    outside = [
        place.place_id
        for place in ukraine.places
        if place.kind in POINTLIKE and place.country and place.place_id.partition(":")[2] not in at_sea
        and not outline[place.country].contains(Point(place.lon, place.lat))
    ]  # fmt: skip
    assert outside == []


@pytest.mark.parametrize(
    ("name", "holder"),
    [("Donetsk", "russia"), ("Horlivka", "russia"), ("Luhansk", "russia"), ("Debaltseve", "russia"), ("Simferopol", "russia"),
     ("Sevastopol", "russia"), ("Kerch", "russia"), ("Mariupol", "ukraine"), ("Avdiivka", "ukraine"), ("Marinka", "ukraine"),
     ("Svitlodarsk", "ukraine"), ("Popasna", "ukraine"), ("Stanytsia Luhanska", "ukraine"), ("Shyrokyne", "ukraine"),
     ("Henichesk", "ukraine"), ("Kherson", "ukraine"), ("Kyiv", "ukraine")],
)  # fmt: skip
def test_the_eve_of_the_invasion_is_held_as_it_was(ukraine: Theatre, name: str, holder: str) -> None:
    place = next(p for p in ukraine.places if p.name == name and p.kind in {"city", "town", "village"})
    areas = ukraine.baseline_areas
    assert areas is not None
    assert set(areas[areas.contains(Point(place.lon, place.lat))]["actor"]) == {holder}


def test_the_table_is_sorted_and_every_place_it_lies_within_is_there() -> None:
    with data_path("theatres", "ukraine", "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["id"]) for row in rows] == sorted((row["kind"], row["id"]) for row in rows)
    ids = {row["id"] for row in rows}
    assert {row["within"] for row in rows} - {""} <= ids
