"""The gazetteer: one index for the world, a theatre's own places over it, respellings inside it alone."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GazetteerError
from geo.names import likeness, skeleton
from geo.places import Gazetteer, geocode
from geo.places.index import cache_folder, index_path, keys_of, replacing, write_places
from geo.places.matching import match_inexact, suggest
from geo.places.merge import merge
from geo.records import Place
from geo.theatre import Theatre, load_world


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test see what the user imported."""
    monkeypatch.setenv("CONTROLMAP_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    places = (
        Place(place_id="tiny:aleppo", name="Aleppo", kind="city", lat=36.2, lon=37.15, names=("Beroea Test",)),
        Place(place_id="tiny:square", name="Test Square", kind="square", lat=36.21, lon=37.15, within="Aleppo"),
        Place(place_id="tiny:gaziantep", name="Gaziantep", kind="city", lat=37.06, lon=37.38, country="TR"),
    )
    return replace(load_world(), name="tiny", countries=("SY",), extent=(35.0, 32.0, 42.5, 37.5), places=places)


@pytest.fixture(scope="module")
def gazetteer(theatre: Theatre) -> Gazetteer:
    return Gazetteer.for_theatre(theatre)


def test_a_place_of_both_is_the_theatres_with_all_names(gazetteer: Gazetteer) -> None:
    """The theatre's row stands, takes GeoNames' names, population and province, and answers to GeoNames' id."""
    (aleppo,) = [found for found in gazetteer.find("Aleppo") if found.kind == "city"]
    assert aleppo.place_id == "tiny:aleppo"
    assert aleppo.population > 1_000_000
    assert (aleppo.country, aleppo.admin1) == ("SY", "09")
    assert aleppo in gazetteer.find("حلب")
    assert gazetteer.get("gn:170063") is aleppo


def test_what_a_row_leaves_open_is_filled_in(gazetteer: Gazetteer) -> None:
    """A square without country and province takes those of the nearest place, and the id of what it is within."""
    square = gazetteer.get("tiny:square")
    assert square is not None
    assert (square.country, square.admin1, square.within) == ("SY", "09", "tiny:aleppo")


def test_places_are_the_theatres_countries_alone(gazetteer: Gazetteer) -> None:
    """Abroad is known by name and not among the places that are mapped."""
    assert {found.country for found in gazetteer.places} == {"SY"}
    assert [found.place_id for found in gazetteer.find("Gaziantep")] == ["tiny:gaziantep"]
    assert [found.country for found in gazetteer.find("Geneva")] == ["CH"]
    assert [found.kind for found in gazetteer.find("Turkey")] == ["country"]


def test_provinces_and_countries_belong_to_it(gazetteer: Gazetteer) -> None:
    """Every admin1 code that a settlement has is a province with a name and a point."""
    codes = {found.admin1 for found in gazetteer.places if found.kind in {"city", "town", "village"}}
    assert codes == {found.admin1 for found in gazetteer.places if found.kind == "province"}


def test_articles_are_optional(gazetteer: Gazetteer) -> None:
    """A name is found with another article, and without."""
    assert gazetteer.find("Khan ash-Shaykhun")
    assert set(gazetteer.find("Khan ash-Shaykhun")) & set(gazetteer.find("Khan Shaykhun"))


def test_respellings_are_found_inside_the_theatre_alone(gazetteer: Gazetteer) -> None:
    """A respelled Syrian town is matched; a respelled town abroad, and anything in the world, is not."""
    (match, *_) = match_inexact("saraaqeb", gazetteer)
    assert (match.place.name, match.method) == ("Saraqib", "skeleton")
    assert match_inexact("genneva", gazetteer) == []
    assert match_inexact("saraaqeb", Gazetteer.world()) == []
    assert "Saraqib" in suggest("sarakebb", gazetteer)


@given(st.text(alphabet="abdefghiklmnoqrstuwyz ", min_size=1), st.text(alphabet="abdefghiklmnoqrstuwyz ", min_size=1))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    """Two names are as like one way as the other, a name is wholly like itself, and vowels cost less than consonants."""
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=0.002)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1
    assert skeleton(one) == skeleton(one.upper().lower())


def test_merging_keeps_every_lower_place_that_is_no_upper_one() -> None:
    """Two towns of one name 60 km apart stay two; one 2 km off is merged, its id kept as an alias."""
    upper = Place(place_id="t:a", name="Tall", kind="town", lat=35.0, lon=38.0)
    near = Place(place_id="gn:1", name="Tall", kind="town", lat=35.02, lon=38.0, population=9)
    far = Place(place_id="gn:2", name="Tall", kind="town", lat=35.5, lon=38.0)
    rows, aliases = merge([(upper, keys_of(upper))], [(near, keys_of(near)), (far, keys_of(far))])
    assert [found.place_id for found, _ in rows] == ["t:a", "gn:2"]
    assert rows[0][0].population == 9
    assert aliases == {"gn:1": "t:a"}


def test_geocode_explains_itself(gazetteer: Gazetteer) -> None:
    """Candidates come best first, with method and score; a class word and a place to be near choose among them."""
    assert geocode("Idlib province", gazetteer)[0].place.kind == "province"
    first = geocode("Saraqeb al-Test", gazetteer)
    assert first == []
    world = Gazetteer.world()
    texas = geocode("Paris, Texas", world)
    assert texas[0].place.admin1 == "TX"
    assert texas[0].method == "exact"
    assert texas[0].score > texas[1].score
    ontario = geocode("Toronto, Ontario", world)[0].place
    near = geocode("London", world, near=ontario)
    assert near[0].place.country == "CA"
    assert near[0].near_km == pytest.approx(167, abs=15)


def test_two_builds_at_once_both_end_with_a_whole_file(tmp_path: Path) -> None:
    """Concurrent writers never leave half an index; one of them stands at the end."""
    path = tmp_path / "index.sqlite"
    meet = threading.Barrier(2)

    def build(name: str) -> None:
        with replacing(path) as index:
            write_places(index, [Place(place_id=f"x:{n}", name=f"{name} {n}", kind="town", lat=1, lon=1) for n in range(200)])
            meet.wait(timeout=10)

    threads = [threading.Thread(target=build, args=(name,)) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite3.connect(path) as index:
        assert index.execute("SELECT count(*) FROM place").fetchone() == (200,)
    assert [found.name for found in tmp_path.iterdir()] == ["index.sqlite"]


def test_the_cache_lies_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """CONTROLMAP_CACHE goes before XDG_CACHE_HOME; the file's name carries the library's version."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("CONTROLMAP_CACHE", raising=False)
    assert cache_folder() == tmp_path / "xdg" / "controlmap"
    monkeypatch.setenv("CONTROLMAP_CACHE", str(tmp_path / "own"))
    assert index_path().parent == tmp_path / "own"
    assert "3." in index_path().name


def test_a_cache_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    """The message names the folder and the variable."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(GazetteerError, match="CONTROLMAP_CACHE"), replacing(tmp_path / "file" / "index.sqlite"):
        pass
