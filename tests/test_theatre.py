"""A theatre is checked whole: each of its faults is told at once, and one that is started from scratch is good."""

import datetime as dt
import json
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


WHO = '[[actor]]\nid = "x"\nname = "X"\ncamp = "x"\nside = "foreign"\ncolour = "#112233"\n'


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("actors.toml", "actor = 3\n", "[[actor]]"),
        ("actors.toml", "actor = [1, 2]\n", "[[actor]]"),
        ("actors.toml", '[generic]\nwords = ["rebels"]\nactor = "x"\n', "[[generic]]"),
        ("actors.toml", WHO.replace('"x"', '["x"]', 1), "id: ['x'] is no text"),
        ("actors.toml", WHO + WHO, "used twice"),
        ("actors.toml", WHO + "start = 2024-11-26T10:00:00\n", "without quotes or time"),
        ("actors.toml", WHO + '[[generic]]\nwords = ["rebels"]\nactor = ["x"]\n', "no actor has the id ['x']"),
        ("baseline.csv", "place,actor,state,actors,since,source\nHama,,contested,,,\n", "name who is there"),
        ("baseline.geojson", "{", "not readable as GeoJSON"),
        ("theatre.toml", "name = ", "not readable as TOML"),
    ],
)
def test_a_file_of_the_wrong_shape_is_one_fault_and_no_crash(file: str, content: str, told: str, tmp_path: Path) -> None:
    folder = start(tmp_path / "mine")
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(TheatreError) as caught:
        load_theatre(folder)
    (fault,) = caught.value.faults
    assert fault.startswith(f"{file}: ")
    assert told in fault


def test_an_actor_at_fault_is_not_also_unknown_to_the_baseline(tmp_path: Path) -> None:
    folder = start(tmp_path / "mine")
    (folder / "actors.toml").write_text(WHO.replace("#112233", "red"), encoding="utf-8")
    (folder / "baseline.csv").write_text("place,actor,state,actors,since,source\nHama,x,held,,,\n", encoding="utf-8")
    with pytest.raises(TheatreError) as caught:
        load_theatre(folder)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('[control]\nunknown_beyond_km = "far"', "'far' is no number"),
        ("[control]\nstale_after_days = -3", "-3 is no number"),
        ("[control]\nstale_after = 3", "stale_after: no such setting"),
        ("[contrl]", "[contrl]: no such table"),
        ('[words]\nadmin1 = "oblast"', "no list of texts"),
        ("start = 2024-11-26T00:00:00", "without quotes or time"),
        ('name = "world"', "taken by the program"),
    ],
)
def test_a_setting_that_nothing_reads_or_can_use_is_told(line: str, told: str, tmp_path: Path) -> None:
    folder = start(tmp_path / "mine")
    path = folder / "theatre.toml"
    kept = [row for row in path.read_text(encoding="utf-8").splitlines() if row.partition(" ")[0] != line.partition(" ")[0]]
    path.write_text("\n".join([*kept, line]), encoding="utf-8")
    with pytest.raises(TheatreError) as caught:
        load_theatre(folder)
    assert told in str(caught.value)
    assert len(caught.value.faults) == 1


def test_polygons_may_name_several_sides_and_are_contested_between_them(tmp_path: Path) -> None:
    folder = start(tmp_path / "mine")
    (folder / "actors.toml").write_text(WHO + WHO.replace('"x"', '"y"'), encoding="utf-8")
    square = {"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [37, 36], [36, 36], [36, 35]]]}
    feature = {"type": "Feature", "properties": {"actor": "x|y", "state": "contested"}, "geometry": square}
    (folder / "baseline.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    areas = load_theatre(folder).baseline_areas
    assert areas is not None
    assert list(areas["actor"]) == ["x|y"]
