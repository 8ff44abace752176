"""A theatre is checked whole: each of its faults is told at once, and one that is started from scratch is good."""

import datetime as dt
from pathlib import Path

import pytest

from geo.errors import TheatreError
from geo.theatre import load_theatre, new_theatre, theatre_names


def start(folder: Path) -> Path:
    for path, content in new_theatre(folder, ["SY"], dt.date(2024, 11, 26)):
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", theatre_names())
def test_every_theatre_that_ships_is_good(name: str) -> None:
    theatre = load_theatre(name)
    assert theatre.name == name
    assert theatre.actors
    assert theatre.places


def test_a_new_theatre_is_good_as_it_is_written(tmp_path: Path) -> None:
    theatre = load_theatre(start(tmp_path / "mine"))
    assert (theatre.name, theatre.title, theatre.countries) == ("mine", "Syria", ("SY",))
    assert theatre.land.geometry.is_valid.all()


def test_a_new_theatre_never_overwrites_one(tmp_path: Path) -> None:
    with pytest.raises(TheatreError, match="exists"):
        new_theatre(start(tmp_path / "mine"), ["SY"], dt.date(2024, 11, 26))


def test_five_faults_in_four_files_are_all_told_with_their_place(tmp_path: Path) -> None:
    folder = start(tmp_path / "mine")
    (folder / "theatre.toml").write_text(
        'name = "mine"\ntitle = "Mine"\ncountries = ["SY"]\nlanguages = ["en"]\nextent = [1, 2]\nstart = "soon"\n'
    )
    with (folder / "actors.toml").open("a") as file:
        file.write('[[actor]]\nid = "x"\nname = "X"\ncamp = "x"\nside = "neutral"\ncolour = "red"\naliases = "X"\n')
    with (folder / "places.csv").open("a") as file:
        file.write("a,Here,hamlet,95,36,,,,,,,\n")
    with (folder / "baseline.csv").open("a") as file:
        file.write("Here,nobody,held,,yesterday,\n")
    with pytest.raises(TheatreError) as caught:
        load_theatre(folder)
    expected = [
        "extent",
        "start",
        "side: 'neutral'",
        "colour: 'red'",
        "aliases",
        "kind: 'hamlet'",
        "lat: '95'",
        "'nobody'",
        "since: 'yesterday'",
    ]
    assert len(caught.value.faults) == len(expected)
    for words, fault in zip(expected, caught.value.faults, strict=True):
        assert words in fault
    assert "places.csv: line 2" in str(caught.value)


def test_an_unknown_theatre_names_the_known_ones() -> None:
    with pytest.raises(TheatreError, match="syria"):
        load_theatre("atlantis")


def test_an_unknown_country_is_told(tmp_path: Path) -> None:
    with pytest.raises(TheatreError, match="'XX'"):
        new_theatre(tmp_path / "mine", ["XX"], dt.date(2024, 1, 1))
