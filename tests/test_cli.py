"""The command, as its user runs it, over a tiny theatre: a war that never was, in Andorra."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result

from geo.cli import main

DATA = Path(__file__).parent / "data"
THEATRE, REPORTS = str(DATA / "andorra"), str(DATA / "andorra-reports")


def run(*args: str | Path, code: int = 0, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    run("build", REPORTS, "--theatre", THEATRE, "--out", out)
    return out


def features(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def holder(site: Path, date: str, lon: float, lat: float, layer: str = "assessed") -> tuple[str, str | None]:
    point = shapely.Point(lon, lat)
    for feature in features(site / "areas.geojson"):
        row = feature["properties"]
        if row["date"] == date and row["layer"] == layer and shapely.geometry.shape(feature["geometry"]).covers(point):
            return row["state"], row["actor"]
    return "none", None


ENCAMP, MASSANA, CANILLO = (1.5801, 42.5345), (1.5148, 42.5450), (1.5976, 42.5676)


def test_a_build_writes_a_page_for_each_date_the_timeline_and_the_data(site: Path) -> None:
    names = {path.name for path in site.iterdir()}
    assert names >= {"2030-01-02.html", "2030-01-03.html", "2030-01-04.html", "index.html"}
    assert names >= {"areas.geojson", "events.geojson", "events.csv", "unresolved.csv"}


def test_a_town_that_its_loser_left_changes_hands_on_the_day(site: Path) -> None:
    assert holder(site, "2030-01-02", *ENCAMP) == ("held", "front")
    assert holder(site, "2030-01-02", *CANILLO) == ("held", "front")


def test_a_gain_that_only_the_gainer_tells_is_on_the_claimed_layer_alone(site: Path) -> None:
    assert holder(site, "2030-01-03", *MASSANA) == ("held", "government")
    assert holder(site, "2030-01-03", *MASSANA, layer="claimed") == ("claimed", "front")


def test_areas_partition_the_land_on_every_date(site: Path) -> None:
    for date in ("2030-01-02", "2030-01-03", "2030-01-04"):
        rows = [f for f in features(site / "areas.geojson") if f["properties"]["date"] == date and f["properties"]["layer"] == "assessed"]
        shapes = [shapely.geometry.shape(f["geometry"]) for f in rows]
        assert all(shape.is_valid for shape in shapes)
        assert shapely.union_all(shapes).area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-6)
        assert sum(f["properties"]["area_km2"] for f in rows) == pytest.approx(
            468, rel=0.05
        )  # Andorra's area, from its outline at 1:10 million


def test_every_area_names_its_events_or_the_baseline_and_each_event_its_sentence(site: Path) -> None:
    with (site / "events.csv").open(encoding="utf-8", newline="") as file:
        sentences = {row["event_id"]: row["evidence"] for row in csv.DictReader(file)}
    assert all(sentences.values())
    for feature in features(site / "areas.geojson"):
        row = feature["properties"]
        assert row["event_ids"] or row["basis"] in ("baseline", "inferred"), row
        assert set(row["event_ids"]) <= set(sentences)


def test_markup_in_a_report_stands_in_no_page_as_markup(site: Path) -> None:
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<img src=x" not in text
        assert "<script>alert" not in text
    assert "alert(2)" in (site / "2030-01-04.html").read_text(encoding="utf-8")


def test_the_same_input_in_another_order_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    files = sorted(Path(REPORTS).iterdir(), reverse=True)
    run("build", *files, "--theatre", THEATRE, "--out", tmp_path)
    for path in site.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_bad_reports_are_told_and_counted_and_the_good_ones_built(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    shutil.copytree(REPORTS, reports)
    (reports / "binary.txt").write_bytes(b"\xff\xfe\x00\x01")
    (reports / "undated.txt").write_text("Rebels took Ordino.")
    result = run("build", reports, "--theatre", THEATRE, "--out", tmp_path / "out", code=1)
    assert "binary.txt" in result.stderr
    assert "--published" in result.stderr
    assert "2 left out" in result.stderr
    assert (tmp_path / "out" / "2030-01-02.html").exists()


def test_no_reports_an_empty_folder_and_an_unknown_theatre_say_what_to_do(tmp_path: Path) -> None:
    assert "--example" in run("build", code=2).stderr
    assert "no report in this folder" in run("build", tmp_path, code=1).stderr
    assert "known are" in run("extract", REPORTS, "--theatre", "atlantis", code=1).stderr
    assert "no such file" in run("extract", tmp_path / "none.md", code=1).stderr


def test_extract_gives_events_in_every_format_from_files_and_stdin() -> None:
    rows = [json.loads(line) for line in run("extract", REPORTS, "--theatre", THEATRE).stdout.splitlines()]
    capture = next(row for row in rows if row["place"] == "Encamp" and row["type"] == "capture")
    assert (capture["date"], capture["actor"], capture["target"], capture["status"]) == ("2030-01-02", "front", "government", "confirmed")
    assert "captured Encamp" in capture["evidence"]
    piped = run("extract", "-", "--theatre", THEATRE, "--published", "2030-01-02", stdin="Rebels captured Encamp on Wednesday.")
    assert '"Encamp"' in piped.stdout
    assert run("extract", REPORTS, "--theatre", THEATRE, "--format", "csv").stdout.startswith("event_id,")
    assert "Non-state actor overtakes territory" in run("extract", REPORTS, "--theatre", THEATRE, "--format", "acled").stdout
    assert json.loads(run("extract", REPORTS, "--theatre", THEATRE, "--format", "geojson").stdout)["type"] == "FeatureCollection"


def test_an_analysts_edit_outranks_what_was_read(site: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in run("extract", REPORTS, "--theatre", THEATRE).stdout.splitlines()]
    edited = [{**row, "status": "denied"} for row in rows if row["place"] == "Encamp"]
    path = tmp_path / "edited.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in edited), encoding="utf-8")
    run("build", REPORTS, "--theatre", THEATRE, "--out", tmp_path / "out", "--events", path)
    assert holder(tmp_path / "out", "2030-01-02", *ENCAMP) == ("held", "government")
    assert holder(site, "2030-01-02", *ENCAMP) == ("held", "front")


def test_toponyms_are_given_with_place_and_score_and_refusals_when_asked() -> None:
    rows = [json.loads(line) for line in run("toponyms", REPORTS, "--theatre", THEATRE).stdout.splitlines()]
    assert {"report_id", "text", "start", "end", "lat", "lon", "kind", "place_id", "match", "score"} <= set(rows[0])
    assert {"Encamp", "La Massana", "Escaldes-Engordany"} <= {row["text"] for row in rows}


def test_geocode_finds_a_place_and_says_when_it_does_not() -> None:
    assert "Encamp" in run("geocode", "Encamp", "--theatre", THEATRE).stdout
    assert json.loads(run("geocode", "Ordino", "--theatre", THEATRE, "--format", "jsonl").stdout.splitlines()[0])["lat"] == pytest.approx(
        42.56, abs=0.05
    )
    assert "no such place" in run("geocode", "Xyzzyville", "--theatre", THEATRE, code=1).stderr


def test_areas_without_reports_are_the_baseline() -> None:
    rows = json.loads(run("areas", "--theatre", THEATRE, "--date", "2030-01-01").stdout)["features"]
    assert {row["properties"]["actor"] for row in rows} >= {"government", "front"}


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet", "kml"])
def test_areas_are_written_in_every_format(form: str, tmp_path: Path) -> None:
    run("areas", REPORTS, "--theatre", THEATRE, "--date", "2030-01-04", "--format", form, "-o", tmp_path / f"a.{form}")
    assert (tmp_path / f"a.{form}").stat().st_size > 1000


def test_diff_tells_what_changed_from_whom_to_whom() -> None:
    text = run("diff", "2030-01-01", "2030-01-02", REPORTS, "--theatre", THEATRE).stdout
    assert "Encamp" in text
    assert "km²" in text
    assert run("diff", "2030-01-02", "2030-01-01", REPORTS, "--theatre", THEATRE, code=2).stderr


def test_embed_gives_a_sandboxed_frame_and_says_when_there_is_no_page(site: Path, tmp_path: Path) -> None:
    assert "sandbox=" in run("embed", "2030-01-02", "--maps", site).stdout
    assert "no such page" in run("embed", "2031-01-01", "--maps", tmp_path, code=1).stderr


def test_a_theatre_is_started_checked_and_listed(tmp_path: Path) -> None:
    run("theatre", "new", tmp_path / "mine", "--countries", "AD", "--start", "2030-01-01")
    assert "good" in run("theatre", "check", tmp_path / "mine").stdout
    assert "syria" in run("theatre", "list").stdout.splitlines()


def test_a_figure_is_drawn_of_one_date_or_several(tmp_path: Path) -> None:
    run("figure", "2030-01-02", "2030-01-04", REPORTS, "--theatre", THEATRE, "-o", tmp_path / "two.png")
    assert (tmp_path / "two.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in run("figure", "2030-01-02", REPORTS, "--theatre", THEATRE, "--format", "svg").stdout
    assert "W,H" in run("figure", "2030-01-02", REPORTS, "--theatre", THEATRE, "--size", "big", code=2).stderr
    assert "give a date" in run("figure", REPORTS, code=2).stderr


def test_a_users_places_are_imported_found_and_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTROLMAP_DATA", str(tmp_path / "data"))
    places = tmp_path / "places.csv"
    places.write_text("name,lat,lon,kind\nBorda Vella,42.55,1.55,village\nNowhere,95,1.5,village\n", encoding="utf-8")
    first = run("gazetteer", "import", places, "--theatre", THEATRE, code=1)
    assert "1 added" in first.stderr
    assert "Nowhere" in first.stderr
    assert "1 there already" in run("gazetteer", "import", places, "--theatre", THEATRE, code=1).stderr
    assert "Borda Vella" in run("gazetteer", "search", "Borda", "--theatre", THEATRE).stdout
    assert "places:" in run("gazetteer", "info", "--theatre", THEATRE).stdout


def test_pages_come_in_another_language_with_shared_assets_and_figures(tmp_path: Path) -> None:
    run("build", REPORTS, "--theatre", THEATRE, "--out", tmp_path, "--lang", "ar", "--assets", "shared", "--figures", "--to", "2030-01-02")
    assert 'dir="rtl"' in (tmp_path / "2030-01-02.html").read_text(encoding="utf-8")
    assert (tmp_path / "2030-01-02.png").read_bytes().startswith(b"\x89PNG")
    assert any(path.name == "leaflet.js" for path in tmp_path.rglob("*.js"))
    assert "2030-01-02.png" in run("embed", "2030-01-02", "--maps", tmp_path, "--format", "markdown").stdout


def test_data_is_utf_8_whatever_the_locale_and_a_reader_that_has_enough_ends_it_quietly(tmp_path: Path) -> None:
    report = tmp_path / "r.md"
    report.write_text("---\npublished: 2030-01-02\n---\nRebels captured Encamp (إنكامب) on Wednesday.\n", encoding="utf-8")
    command = [sys.executable, "-c", "from geo.cli import main; main()", "extract", str(report), "--theatre", THEATRE, "--reader", "rules"]
    latin = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert "إنكامب" in latin.stdout.decode("utf-8")
    read_end, write_end = os.pipe()
    os.close(read_end)
    closed = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert closed.stderr == b""


def test_a_first_date_after_the_last_is_a_matter_of_usage(tmp_path: Path) -> None:
    result = run("build", REPORTS, "--theatre", THEATRE, "--out", tmp_path, "--from", "2030-01-03", "--to", "2030-01-02", code=2)
    assert "--from 2030-01-03 is after --to 2030-01-02" in result.stderr


def test_a_full_disk_names_the_file() -> None:
    result = run("extract", REPORTS, "--theatre", THEATRE, "--reader", "rules", "-o", "/dev/full", code=1)
    assert "/dev/full: No space left on device" in result.stderr


def test_a_check_also_finds_the_baselines_places_in_the_gazetteer(tmp_path: Path) -> None:
    shutil.copytree(THEATRE, tmp_path / "mine")
    with (tmp_path / "mine" / "baseline.csv").open("a", encoding="utf-8") as file:
        file.write("Atlantis,government,held,,,own\n")
    assert "'Atlantis'" in run("theatre", "check", tmp_path / "mine", code=1).stderr


def test_an_edited_event_of_an_actor_that_the_theatre_lacks_is_told(tmp_path: Path) -> None:
    first = json.loads(run("extract", REPORTS, "--theatre", THEATRE).stdout.splitlines()[0])
    path = tmp_path / "edited.jsonl"
    path.write_text(json.dumps({**first, "actor": "martians"}) + "\n", encoding="utf-8")
    result = run("build", REPORTS, "--theatre", THEATRE, "--out", tmp_path / "out", "--events", path, code=1)
    assert f"{path}:1: actor: no actor has the id 'martians'; the ids are front, government" in result.stderr


@pytest.mark.parametrize("size", ["7", "0,5", "nan,3", "7,-5", "1e9,5", "a,b"])
def test_a_figure_of_no_size_is_a_matter_of_usage(size: str) -> None:
    assert "W,H" in run("figure", "2030-01-03", REPORTS, "--theatre", THEATRE, "--size", size, code=2).stderr


def test_the_world_has_no_sides_and_so_no_map(tmp_path: Path) -> None:
    for command in (["build", REPORTS, "--out", tmp_path], ["extract", REPORTS], ["areas", "--date", "2030-01-02"]):
        assert "toponyms and geocode" in run(*command, "--theatre", "world", code=2).stderr


def test_a_report_in_another_language_gives_nothing_and_a_counted_warning(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("2030-01-02\n\nسيطرت الفصائل على المدينة يوم الأربعاء.", encoding="utf-8")
    result = run("extract", tmp_path, "--theatre", THEATRE)
    assert result.stdout == ""
    assert "and 2 more: not in English" in result.stderr
