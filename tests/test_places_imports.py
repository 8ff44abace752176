"""Imports: a user's places from other people's files, over everything else, whole or not at all."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import GazetteerError
from geo.places import Gazetteer, imports
from geo.places.imports import import_places, imported_path, read_imported
from geo.records import Place
from geo.theatre import Theatre, load_land, load_world

COLUMNS = 19


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test see, or touch, what the user imported."""
    monkeypatch.setenv("CONTROLMAP_DATA", str(tmp_path / "data"))


@pytest.fixture
def theatre() -> Theatre:
    land = load_land(["SY"])
    mine = Place(place_id="tiny:tall", name="Tall Test", kind="village", lat=35.0, lon=38.0, country="SY", names=("Tell Test",))
    return replace(load_world(), name="tiny", countries=("SY",), extent=(35.0, 32.0, 42.5, 37.5), land=land, places=(mine,))


def geonames_line(number: int, name: str, lat: str, lon: str) -> str:
    cells = [str(number), name, name, f"{name} alt", lat, lon, "P", "PPL", "SY", "", "09", "", "", "", "0", "", "1", "Asia/Damascus", ""]
    assert len(cells) == COLUMNS
    return "\t".join(cells) + "\n"


def geonames_file(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_a_second_import_changes_nothing(tmp_path: Path, theatre: Theatre) -> None:
    """Rows that are there already are counted as such, and the file keeps its places."""
    path = geonames_file(tmp_path / "SY.txt", geonames_line(1, "Qalat Test", "35.1", "38.1"), geonames_line(2, "Bir Test", "35.2", "38.2"))
    first = import_places([path], theatre)
    before = read_imported("tiny")
    second = import_places([path], theatre)
    assert (first.added, first.changed, first.unchanged) == (2, 0, 0)
    assert (second.added, second.changed, second.unchanged) == (0, 0, 2)
    assert read_imported("tiny") == before


def test_a_changed_row_replaces_the_old_one(tmp_path: Path, theatre: Theatre) -> None:
    """A row of a known id with another point moves the place."""
    import_places([geonames_file(tmp_path / "a.txt", geonames_line(1, "Qalat Test", "35.1", "38.1"))], theatre)
    result = import_places([geonames_file(tmp_path / "b.txt", geonames_line(1, "Qalat Test", "35.3", "38.1"))], theatre)
    assert (result.added, result.changed) == (0, 1)
    assert [place.lat for place in read_imported("tiny")] == [35.3]


def test_a_mended_row_without_an_id_is_the_same_row(tmp_path: Path, theatre: Theatre) -> None:
    """Correcting a point in one's own table moves the place; two namesakes of one table stay two."""
    path = tmp_path / "mine.csv"
    path.write_text("name,lat,lon\nQalat Test,35.1,38.1\nBir Test,35.2,38.2\nBir Test,36.2,38.2\n", encoding="utf-8")
    import_places([path], theatre)
    path.write_text("name,lat,lon\nQalat Test,35.15,38.1\nBir Test,35.2,38.2\nBir Test,36.2,38.2\n", encoding="utf-8")
    result = import_places([path], theatre)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 2)
    assert sorted((place.name, place.lat) for place in read_imported("tiny")) == [
        ("Bir Test", 35.2),
        ("Bir Test", 36.2),
        ("Qalat Test", 35.15),
    ]


def test_rows_that_cannot_be_used_are_counted_and_listed(tmp_path: Path, theatre: Theatre) -> None:
    """No coordinates, out of range, swapped, elsewhere, no kind: each is left out with its own reason."""
    path = tmp_path / "mine.csv"
    path.write_text(
        "name,lat,lon,kind\nGood,35.1,38.1,village\nBlank,,,village\nFar,95.0,200,village\nSwapped,38.1,35.1,village\n"
        "Turned,120.5,35.0,village\nAway,48.0,2.0,town\nOdd,35.0,38.0,castle\n,35,38,town\n",
        encoding="utf-8",
    )
    result = import_places([path], theatre)
    assert result.added == 1
    reasons = {row.name.partition(" (")[0]: row.reason for row in result.listed}
    assert reasons["Blank"] == "no coordinates"
    assert reasons["Far"].startswith("out of range")
    assert "swapped" in reasons["Swapped"]
    assert "swapped" in reasons["Turned"]
    assert "not in the theatre" in reasons["Away"]
    assert "castle" in reasons["Odd"]
    assert reasons[""] == "no name"
    assert sum(result.rejected.values()) == 7


def test_the_users_place_outranks_the_theatres(tmp_path: Path, theatre: Theatre) -> None:
    """One place of both is the user's, with the names of both, and the theatre's id still finds it."""
    import_places([geonames_file(tmp_path / "SY.txt", geonames_line(7, "Tall Test", "35.01", "38.01"))], theatre)
    gazetteer = Gazetteer.for_theatre(theatre)
    (found,) = gazetteer.find("Tell Test")
    assert found.place_id == "user:gn-7"
    assert set(found.names) >= {"Tall Test alt", "Tell Test"}
    assert gazetteer.get("tiny:tall") is found


def test_places_for_all_reach_every_theatre_and_the_world(tmp_path: Path, theatre: Theatre) -> None:
    """An import without a theatre is seen by a theatre of that country, by the world, and by no other theatre."""
    import_places([geonames_file(tmp_path / "SY.txt", geonames_line(7, "Zzyx Test", "35.01", "38.01"))])
    assert [place.place_id for place in Gazetteer.for_theatre(theatre).find("Zzyx Test")] == ["user:gn-7"]
    assert [place.place_id for place in Gazetteer.world().find("Zzyx Test")] == ["user:gn-7"]
    other = replace(theatre, name="other", countries=("IQ",), extent=(38.8, 29.0, 48.6, 37.4), places=())
    assert Gazetteer.for_theatre(other).find("Zzyx Test") == ()


def test_zip_geojson_and_overpass_are_read(tmp_path: Path, theatre: Theatre) -> None:
    """The same village comes out of each form, with its kind, its names and its point."""
    with zipfile.ZipFile(tmp_path / "SY.zip", "w") as archive:
        archive.writestr("SY.txt", geonames_line(1, "Zip Test", "35.1", "38.1"))
        archive.writestr("readme.txt", "not this")
    tags = {"place": "hamlet", "name": "قرية", "name:en": "Osm Test", "alt_name": "Second;Third"}
    square = [[38.0, 35.0], [38.2, 35.0], [38.2, 35.2], [38.0, 35.2], [38.0, 35.0]]
    feature = {"type": "Feature", "id": "way/5", "properties": tags, "geometry": {"type": "Polygon", "coordinates": [square]}}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    elements = [{"type": "node", "id": 9, "lat": 35.1, "lon": 38.1, "tags": tags}, {"type": "node", "id": 10, "lat": 1, "lon": 1}]
    (tmp_path / "b.json").write_text(json.dumps({"elements": elements}), encoding="utf-8")
    result = import_places([tmp_path / "SY.zip", tmp_path / "a.geojson", tmp_path / "b.json"], theatre)
    assert result.added == 3
    places = {place.place_id: place for place in read_imported("tiny")}
    assert set(places) == {"user:gn-1", "user:osm-way-5", "user:osm-node-9"}
    way = places["user:osm-way-5"]
    assert (way.name, way.kind, way.lon, way.lat) == ("Osm Test", "village", pytest.approx(38.1), pytest.approx(35.1))
    assert set(way.names) == {"قرية", "Second", "Third"}


def test_an_import_that_dies_leaves_the_old_file_whole(tmp_path: Path, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the middle keeps the earlier places, byte for byte, and leaves no scrap behind."""
    import_places([geonames_file(tmp_path / "a.txt", geonames_line(1, "Qalat Test", "35.1", "38.1"))], theatre)
    before = imported_path("tiny").read_bytes()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(imports, "_put", die)
    with pytest.raises(KeyboardInterrupt):
        import_places([geonames_file(tmp_path / "b.txt", geonames_line(2, "Bir Test", "35.2", "38.2"))], theatre)
    assert imported_path("tiny").read_bytes() == before
    assert [path.name for path in imported_path("tiny").parent.iterdir()] == [imported_path("tiny").name]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", "", "not a file of places"),
        ("a.json", "{", "cannot be read"),
        ("a.json", '{"a": 1}', "neither GeoJSON"),
        ("a.csv", "name,x\nA,1\n", "no column lat, lon"),
        ("a.zip", "no zip", "cannot be read"),
    ],
)
def test_a_file_that_is_none_of_these_says_so(tmp_path: Path, name: str, content: str, says: str) -> None:
    """The message names the file and what to give."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError, match=says):
        import_places([path])
