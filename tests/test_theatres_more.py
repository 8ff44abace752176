"""The theatres beside Syria, Ukraine and Sudan: whole, consistent, and broad enough to be of use."""

import datetime as dt
from collections import defaultdict
from itertools import combinations, pairwise

import geopandas as gpd
import pytest

from geo.geometry import distance_km
from geo.theatre import Theatre, load_theatre

# the least number of rows that each theatre's gazetteer additions may shrink to
LEAST_PLACES = {"iraq": 350, "myanmar": 320, "drc": 320, "ethiopia": 250, "mali": 200, "yemen": 200, "libya": 160, "afghanistan": 280}
# the ids that the gold events use, by theatre: a missing one makes its events unreadable
ACTOR_IDS = {
    "iraq": "coalition insurgents iraqi-government isis mahdi-army peshmerga pkk saddam-regime sdf syrian-government uk us",
    "myanmar": "aa bgf1001 chin china cpb karenni kia kna knla mndaa myanmar-military pdf thailand tnla uwsa",
    "drc": "afdl angola burundi chad eacrf fardc fni kabila m23 mlc monusco mutineers rcd rcdkml rwanda uganda upc zaire",
    "ethiopia": "afar-forces amhara-forces derg endf eplf eprdf eritrea eritrea-98 fano ola tplf",
    "mali": "ansar-dine csp france ganda-izo gatia isgs jnim maa mali-government minusma mnla mujao",
    "yemen": "aqap giants houthis israel saudi-coalition southern-resistance stc uae us yemen-government",
    "libya": "bdb brsc dawn dmsc egypt gaddafi gna isis lna nato ntc pfg spf turkey us zintan",
    "afghanistan": "afghan-government northern-alliance nrf pakistan pashtun-militias taliban uk us",
}
# Libya's twenty-two districts are in no report; nobody can say who held what in the spring in which its theatre starts
WITHOUT_PROVINCES = {"libya"}
WITHOUT_BASELINE = {"libya"}
SETTLED = {"city", "town", "village"}


@pytest.fixture(scope="module", params=sorted(LEAST_PLACES))
def theatre(request: pytest.FixtureRequest) -> Theatre:
    return load_theatre(request.param)


def test_has_the_actors_that_its_reports_are_about(theatre: Theatre) -> None:
    """Each theatre has exactly the agreed actor ids, and every actor can be named by some word."""
    assert {actor.id for actor in theatre.actors} == set(ACTOR_IDS[theatre.name].split())
    assert [actor.id for actor in theatre.actors if not actor.aliases and not actor.forms] == []


def test_no_two_actors_share_a_proper_name_at_one_time(theatre: Theatre) -> None:
    """A proper name means one camp at a time, else the reader would have to guess whose victory it was."""
    owners = defaultdict(list)
    for actor in theatre.actors:
        for alias in actor.aliases:
            owners[alias].append(actor)
    clashes = [
        (alias, one.id, other.id)
        for alias, actors in owners.items()
        for one, other in combinations(actors, 2)
        if one.camp != other.camp and not _apart(one.start, one.end, other.start, other.end)
    ]
    assert clashes == []


def test_a_generic_word_has_one_owner_on_each_day(theatre: Theatre) -> None:
    """The dated spans of a word ("rebels", "the army") never overlap, so that it passes from one actor to the next."""
    spans = defaultdict(list)
    for generic in theatre.generics:
        for word in generic.words:
            spans[word.lower()].append((generic.start, generic.end, generic.actor))
    clashes = [
        (word, one[2], other[2])
        for word, owned in spans.items()
        for one, other in combinations(owned, 2)
        if one[2] != other[2] and not _apart(one[0], one[1], other[0], other[1])
    ]
    assert clashes == []


def test_has_places_enough(theatre: Theatre) -> None:
    """Breadth is what a gazetteer is measured by: no theatre falls below its number of rows."""
    assert len(theatre.places) >= LEAST_PLACES[theatre.name]


def test_its_own_places_lie_in_its_extent(theatre: Theatre) -> None:
    """A place of the theatre's countries lies inside the extent; only countries, seas and towns abroad may lie outside."""
    west, south, east, north = theatre.extent
    own = [p for p in theatre.places if p.country in theatre.countries and p.kind not in {"country", "region"}]
    assert [p.place_id for p in own if not (west <= p.lon <= east and south <= p.lat <= north)] == []


def test_its_own_settlements_lie_in_its_countries(theatre: Theatre) -> None:
    """A settlement lies in the outline of its countries, give or take the outline's own coarseness of about 8 km."""
    outline = theatre.land.to_crs(theatre.crs).geometry.buffer(8000).union_all()
    own = [p for p in theatre.places if p.country in theatre.countries and p.kind in SETTLED]
    points = gpd.points_from_xy([p.lon for p in own], [p.lat for p in own], crs="EPSG:4326").to_crs(theatre.crs)
    outside = [place.place_id for place, point in zip(own, points, strict=True) if not outline.contains(point)]
    assert outside == []


def test_one_name_means_one_spot_among_places_of_a_kind(theatre: Theatre) -> None:
    """Two places of the same kind and the same parent never share a name: such a homonym could not be resolved."""
    named = defaultdict(set)
    for place in theatre.places:
        for name in {place.name, *place.names}:
            named[name.casefold(), place.kind, place.within].add(place.place_id)
    assert [(key[0], sorted(ids)) for key, ids in named.items() if len(ids) > 1] == []


def test_every_place_has_its_province(theatre: Theatre) -> None:
    """A province-wide event reaches the places with its code: every settlement at home has one, and so has each province."""
    own = [p for p in theatre.places if p.country in theatre.countries]
    provinces = {p.admin1 for p in own if p.kind == "province"}
    assert [p.place_id for p in own if p.kind in {*SETTLED, "province"} and not p.admin1] == []
    # Eritrea, Halabja and the chartered cities have places but no row of their own
    assert theatre.name in WITHOUT_PROVINCES or len({p.admin1 for p in own if p.kind in SETTLED} - provinces) <= 7


def test_a_quarter_lies_in_its_city(theatre: Theatre) -> None:
    """What is part of a place lies within 35 km of it, so that a quarter cannot be given to the wrong city."""
    by_id = {p.place_id: p for p in theatre.places}
    parts = [(p, by_id[p.within]) for p in theatre.places if p.within in by_id]
    assert parts
    far = [(p.place_id, whole.place_id) for p, whole in parts if distance_km(p.lon, p.lat, whole.lon, whole.lat) > 35]
    assert far == []


def test_rows_are_sorted(theatre: Theatre) -> None:
    """The file is sorted by kind, then id, so that a change shows as the lines that changed."""
    keys = [(p.kind, p.place_id) for p in theatre.places]
    assert all(one < other for one, other in pairwise(keys))


def test_the_baseline_names_places_that_exist(theatre: Theatre) -> None:
    """Each row of the baseline is a place of the file, and says where it was taken from."""
    known = {p.place_id for p in theatre.places}
    assert bool(theatre.holders) == (theatre.name not in WITHOUT_BASELINE)
    assert [h.place for h in theatre.holders if h.place not in known or not h.source] == []


def _apart(start: dt.date | None, end: dt.date | None, other_start: dt.date | None, other_end: dt.date | None) -> bool:
    """Whether two spans of dates, both ends inclusive and open where ``None``, share no day."""
    before = end is not None and other_start is not None and end < other_start
    after = other_end is not None and start is not None and other_end < start
    return before or after
