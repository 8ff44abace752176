"""The theatre ``sudan``: whole, in the country, known by many spellings, with the actors of all its wars."""

import csv
import datetime as dt
from collections import Counter

import pytest
from shapely.geometry import Point

from geo.resources import data_path
from geo.theatre import Theatre, load_land, load_theatre

POINTLIKE = {"city", "town", "village", "neighbourhood", "square", "province", "district", "base", "airport", "crossing", "facility"}


@pytest.fixture(scope="module")
def sudan() -> Theatre:
    return load_theatre("sudan")


def test_it_has_the_actors_of_the_wars_in_their_camps(sudan: Theatre) -> None:
    assert {actor.id: actor.side for actor in sudan.actors} == {
        "rsf": "non-state", "saf": "government", "slm-aw": "non-state", "south-sudan": "foreign", "spla": "non-state",
        "splm-n": "non-state",
    }  # fmt: skip
    assert all(actor.camp == actor.id for actor in sudan.actors)


def test_no_proper_name_belongs_to_two_actors(sudan: Theatre) -> None:
    owners = Counter(name for actor in sudan.actors for name in set(actor.aliases))
    assert [name for name, count in owners.items() if count > 1] == []


@pytest.mark.parametrize(
    ("word", "day", "actor"),
    [("rebels", dt.date(1997, 3, 1), "spla"), ("rebels", dt.date(2012, 6, 1), "splm-n"), ("rebels", dt.date(2024, 1, 1), "rsf"),
     ("government forces", dt.date(1992, 5, 1), "saf")],
)  # fmt: skip
def test_a_word_means_whom_it_meant_on_the_day(sudan: Theatre, word: str, day: dt.date, actor: str) -> None:
    meant = {g.actor for g in sudan.generics if word in g.words and (g.start is None or g.start <= day) and (g.end is None or day <= g.end)}
    assert meant == {actor}


def test_it_names_more_than_a_hundred_and_twenty_places_and_all_eighteen_states(sudan: Theatre) -> None:
    kinds = Counter(place.kind for place in sudan.places)
    assert sum(kinds.values()) >= 120
    assert kinds.keys() >= POINTLIKE - {"square", "village"}
    assert sum(place.kind == "province" and place.country == "SD" for place in sudan.places) == 18


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("Al-Fashir", "El Fasher"), ("Khartoum North", "Bahri"), ("Al-Junaynah", "El Geneina"), ("Al-Ubayyid", "El Obeid"),
     ("Wad Medani", "Wad Madani"), ("Sinja", "Singa"), ("Zam Zam", "Zamzam camp"), ("Hajlij", "Heglig")],
)  # fmt: skip
def test_other_spellings_lead_to_the_same_place(sudan: Theatre, spelling: str, name: str) -> None:
    assert name in {place.name for place in sudan.places if spelling in place.names}


def test_every_point_lies_in_the_country_that_it_names(sudan: Theatre) -> None:
    land = load_land({place.country for place in sudan.places if place.country})
    outline = {country: part.geometry.union_all().buffer(0.06) for country, part in land.groupby("country")}
    outside = [
        place.place_id
        for place in sudan.places
        if place.kind in POINTLIKE and place.country and not outline[place.country].contains(Point(place.lon, place.lat))
    ]
    assert outside == []


@pytest.mark.parametrize(
    ("name", "holder"),
    [("Khartoum", "saf"), ("El Fasher", "saf"), ("Kadugli", "saf"), ("Kauda", "splm-n"), ("Yabus", "splm-n"), ("Golo", "slm-aw")],
)
def test_the_eve_of_the_war_is_held_as_it_was(sudan: Theatre, name: str, holder: str) -> None:
    place = next(p for p in sudan.places if p.name == name and p.kind in {"city", "town"})
    areas = sudan.baseline_areas
    assert areas is not None
    assert set(areas[areas.contains(Point(place.lon, place.lat))]["actor"]) == {holder}


def test_the_table_is_sorted_and_every_place_it_lies_within_is_there() -> None:
    with data_path("theatres", "sudan", "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["id"]) for row in rows] == sorted((row["kind"], row["id"]) for row in rows)
    ids = {row["id"] for row in rows}
    assert {row["within"] for row in rows} - {""} <= ids
