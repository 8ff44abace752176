"""In a real Chromium with its network closed: pages draw, ask for nothing, complain of nothing, and do what clicks and keys ask."""

import dataclasses
import html
import io
import itertools
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import matplotlib.image
import numpy as np
import pytest
import shapely
from chromium import Browser, chromium_path
from synthetic import ACTORS, EXTENT, make_history, make_neighbours, make_theatre

from geo import pipeline
from geo.geometry import WGS84, metric_crs
from geo.publish.atlas import Atlas, Tiles, make_atlas
from geo.publish.embed import FORMS, embed_snippet
from geo.publish.figure import render_figure
from geo.publish.page import render_page, shared_assets
from geo.publish.rows import rows_of
from geo.publish.timeline import render_timeline
from geo.publish.words import languages
from geo.reports import read_reports
from geo.resources import seeds_path
from geo.theatre import load_theatre

pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine")

HASH = "new Promise(done => setTimeout(() => done(location.hash), 250))"  # the address is written once a run of changes is over
PICTURES = Path(__file__).with_name("data") / "pictures"
NEAR, FAR = 0.02, 0.2  # how far apart colours may be (0 to 1) on the mean, and where a spot counts as another colour
DATE = 4  # a date with changes, claims, contested land and events of every type


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return make_atlas(make_history(places=120, dates=6), make_theatre(), surroundings=make_neighbours())


@pytest.fixture(scope="module")
def folder(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("maps")
    for date in atlas.history.dates:
        where.joinpath(f"{date}.html").write_text(render_page(atlas.history, date, atlas.theatre, atlas=atlas), encoding="utf-8")
    where.joinpath("index.html").write_text(render_timeline(atlas.history, atlas.theatre, atlas=atlas), encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with Browser(width=1280, height=800) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Give the browser with a clean sheet, and check after each test that nothing was asked for and nothing complained."""
    chromium.requests.clear()
    chromium.errors.clear()
    chromium.prefer()
    chromium.resize(1280, 800)
    yield chromium
    assert chromium.requests == []
    assert chromium.errors == []


@pytest.fixture
def page(folder: Path, atlas: Atlas) -> Path:
    return folder / f"{atlas.history.dates[DATE]}.html"


def pixels(png: bytes) -> np.ndarray:
    """Give a picture as (height, width, 3) numbers from 0 to 1."""
    return np.asarray(matplotlib.image.imread(io.BytesIO(png)))[:, :, :3]


def colours(png: bytes) -> int:
    """Count the colours that cover at least a thousandth of a picture; a blank one has one."""
    coarse = (pixels(png) * 15).round().astype(int)
    _, counts = np.unique(coarse.reshape(-1, 3) @ np.array([256, 16, 1]), return_counts=True)
    return int((counts > counts.sum() / 1000).sum())


def popup_text(browser: Browser) -> str:
    return str(browser.run("document.querySelector('.leaflet-popup-content')?.textContent ?? ''"))


def test_each_page_and_the_timeline_draw(browser: Browser, folder: Path) -> None:
    for path in sorted(folder.glob("*.html")):
        browser.open(path)
        assert colours(browser.screenshot()) > 8, path.name
        assert browser.run("document.querySelectorAll('.leaflet-areas-pane path').length") > 4


def test_a_page_draws_the_colours_of_its_table(browser: Browser, page: Path, atlas: Atlas) -> None:
    """Each side's share of the drawn land is its share in the table, within two points."""
    browser.open(page)
    covers = "['claimed', 'changes', 'borders', 'fronts', 'labels', 'events']"
    browser.run(f"for (const pane of {covers}) controlmap.map.getPane(pane).classList.add('off')")
    drawn = (pixels(browser.screenshot()) * 255).round().astype(int)
    tones = {side.id: {"held": side.light.area, "inferred": side.light.faint} for side in atlas.sides}
    date = atlas.history.dates[DATE]
    areas = atlas.history.areas
    rows = list(rows_of(areas[(areas["date"] == date) & (areas["layer"] == "assessed") & (areas["state"] == "held")]))
    total = sum(row["area_km2"] for row in rows)
    found = {}
    box = browser.run("(({x, y, right, bottom}) => [x, y, right, bottom])(document.querySelector('.folium-map').getBoundingClientRect())")
    inside = drawn[int(box[1]) : int(box[3]), int(box[0]) : int(box[2])]
    for row in rows:
        key = (row["actor"], "inferred" if row["basis"] == "inferred" else "held")
        colour = np.array([int(tones[key[0]][key[1]][i : i + 2], 16) for i in (1, 3, 5)])
        found[key] = int((np.abs(inside - colour).max(axis=2) <= 1).sum())
    for key, count in found.items():
        kind = {"held": ("baseline", "observed"), "inferred": ("inferred",)}[key[1]]
        share = sum(row["area_km2"] for row in rows if row["actor"] == key[0] and row["basis"] in kind) / total
        assert count / sum(found.values()) == pytest.approx(share, abs=0.02), key


def test_a_click_tells_the_sentence_who_said_so_when_and_whether_confirmed(browser: Browser, page: Path, atlas: Atlas) -> None:
    browser.open(page)
    event = next(e for e in atlas.events if e["date"] == atlas.history.dates[DATE] and e["type"] == "capture")
    corner = browser.run("(({x, y}) => [x, y])(document.querySelector('.folium-map').getBoundingClientRect())")
    spot = browser.run(f"(({{x, y}}) => [x, y])(controlmap.map.latLngToContainerPoint([{event['lat']}, {event['lon']}]))")
    browser.click(corner[0] + spot[0], corner[1] + spot[1])
    text = popup_text(browser)
    assert event["evidence"] in text
    assert event["source"] in text
    assert event["status"] in text
    assert atlas.words.date(event["date"]) in text
    link = browser.run("[...document.querySelectorAll('.leaflet-popup-content a')].map(a => [a.href, a.rel, a.target])")
    assert [event["url"], "noopener noreferrer", "_blank"] in link


def test_a_click_on_land_tells_who_holds_it(browser: Browser, page: Path, atlas: Atlas) -> None:
    browser.open(page)
    areas = atlas.history.areas
    rows = areas[(areas["date"] == atlas.history.dates[DATE]) & (areas["layer"] == "assessed") & (areas["state"] == "held")]
    row = rows.sort_values("area_km2").iloc[-1]
    point = shapely.get_coordinates(shapely.maximum_inscribed_circle(max(shapely.get_parts(row.geometry), key=lambda p: p.area)))[0]
    browser.run(f"void controlmap.map.fire('click', {{latlng: L.latLng({point[1]}, {point[0]})}})")
    assert atlas.side(row["actor"]).name in popup_text(browser)


def test_the_keyboard_opens_and_closes_an_event(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('.leaflet-marker-icon').focus()")
    browser.press("Enter")
    assert popup_text(browser)
    browser.press("Escape")
    assert browser.run("new Promise(done => setTimeout(() => done(!document.querySelector('.leaflet-popup')), 400))")


def test_a_place_is_found_by_name_whatever_its_accents(browser: Browser, page: Path, atlas: Atlas) -> None:
    browser.open(page)
    name = atlas.history.cells["name"].iloc[3]
    browser.click_on(".search input")
    browser.type(name[:-1].upper() + name[-1] + "\u0301")
    browser.press("ArrowDown")
    assert browser.run("document.querySelector('.search [aria-selected=true]').textContent") == name
    browser.press("Enter")
    assert name in popup_text(browser)
    assert "at=" in browser.run(HASH)


def test_a_permalink_brings_back_view_place_and_layers(browser: Browser, page: Path, atlas: Atlas) -> None:
    browser.open(page)
    lon, lat = atlas.points[5]
    browser.run(f"controlmap.map.setView([{lat}, {lon}], 9, {{animate: false}}); void 0")
    browser.run(f"void controlmap.map.fire('click', {{latlng: L.latLng({lat}, {lon})}})")
    browser.run("document.querySelector('.layers').open = true")
    browser.click_on("input[data-layer=events]")
    browser.run(HASH)
    address, told = browser.run("location.href"), popup_text(browser)
    assert "off=events" in address
    browser.open("about:blank", drawn=False)
    browser.open(address)
    assert browser.run("controlmap.map.getZoom()") == pytest.approx(9)
    assert browser.run("controlmap.map.getPane('events').classList.contains('off')")
    assert popup_text(browser) == told


def test_arrows_lead_to_the_dates_before_and_after(browser: Browser, page: Path, atlas: Atlas) -> None:
    browser.open(page)
    browser.press("ArrowRight")
    wanted = f"{atlas.history.dates[DATE + 1]}.html"
    for _ in range(200):
        if browser.run("location.pathname").endswith(wanted):
            break
        time.sleep(0.02)
    assert browser.run("location.pathname").endswith(wanted)
    browser.run("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', () => done()))")


def test_the_timeline_moves_by_slider_keys_and_play(browser: Browser, folder: Path, atlas: Atlas) -> None:
    words, dates = atlas.words, atlas.history.dates
    browser.open(folder / "index.html")
    shown = "document.getElementById('day').textContent"
    assert browser.run(shown) == words.date(dates[-1])
    browser.press("ArrowLeft")
    assert browser.run(shown) == words.date(dates[-2])
    browser.press("Home")
    assert browser.run(shown) == words.date(dates[0])
    assert f"date={dates[0]}" in browser.run(HASH)
    before = browser.screenshot()
    browser.run("document.getElementById('slider').focus()")
    browser.press("ArrowRight")
    assert browser.run(shown) == words.date(dates[1])
    assert browser.run("document.getElementById('slider').getAttribute('aria-valuetext')") == words.date(dates[1])
    assert not np.array_equal(pixels(before), pixels(browser.screenshot()))
    browser.click_on("#play")
    assert browser.run("document.getElementById('play').getAttribute('aria-pressed')") == "true"
    assert browser.run(f"new Promise(done => setTimeout(() => done({shown}), 1300))") == words.date(dates[2])
    browser.click_on("#play")


def test_the_timelines_panel_says_what_the_page_of_the_date_says(browser: Browser, folder: Path, atlas: Atlas) -> None:
    """Tables that the client fills read like those that the server wrote."""
    for date in atlas.history.dates[1:4]:
        said = []
        for address in ((folder / "index.html").as_uri() + f"#date={date}", (folder / f"{date}.html").as_uri()):
            browser.open("about:blank", drawn=False)
            browser.open(address)
            said.append([browser.run(f"{text}.replace(/\\s+/g, ' ')") for text in (
                "document.querySelector('#tables').innerText", "document.querySelector('#changes').innerText",
                "[...document.querySelectorAll('#events button, #events blockquote')].map(e => e.textContent).join(' ')")])  # fmt: skip
        assert said[0] == said[1]


def test_the_timeline_draws_the_pages_areas_within_a_tenth_of_a_percent(browser: Browser, folder: Path, atlas: Atlas) -> None:
    browser.open(folder / "index.html")
    crs = metric_crs(EXTENT)
    total = atlas.history.cells["area_km2"].sum()
    areas = atlas.history.areas[atlas.history.areas["layer"] == "assessed"]
    for number, date in enumerate(atlas.history.dates):
        wanted: dict[str, float] = {}
        for row in rows_of(areas[areas["date"] == date]):
            css = f"area {atlas.area_class(row)}"
            wanted[css] = wanted.get(css, 0.0) + row["area_km2"]
        for css, rings in browser.run(f"controlmap.geometry({number}).areas"):
            polygons = [shapely.Polygon([(x, y) for y, x in ring]) for ring in rings]
            shape = gpd.GeoSeries([_even_odd(polygons)], crs=WGS84).to_crs(crs)
            assert shape.area.sum() / 1e6 == pytest.approx(wanted.get(css, 0.0), abs=total / 1000), (date, css)


def _even_odd(polygons: list[shapely.Polygon]) -> shapely.Geometry:
    whole: shapely.Geometry = shapely.Polygon()
    for polygon in polygons:
        whole = shapely.symmetric_difference(whole, shapely.make_valid(polygon))
    return whole


def test_text_from_data_never_runs(browser: Browser, tmp_path: Path, atlas: Atlas) -> None:
    payloads = ("<script>window.hit=1</script>", "</script><script>window.hit=1</script>", "${window.hit=1}", "`${window.hit=1}`",
                "{{ 7*7 }}", "<img src=x onerror=window.hit=1>", "'\"><svg onload=window.hit=1>")  # fmt: skip
    evil = " ".join(payloads)
    history = atlas.history
    hostile = dataclasses.replace(
        history,
        ledger=history.ledger.assign(evidence=evil, source=evil, place=evil, attribution=evil, url="javascript:window.hit=1"),
        cells=history.cells.assign(name=[evil + str(i) for i in range(len(history.cells))]),
        changes=history.changes.assign(places=[(evil,)] * len(history.changes)),
        disagreements=history.disagreements.assign(says=[(evil,)], place=evil),
    )
    theatre = dataclasses.replace(atlas.theatre, title=evil, actors=tuple(dataclasses.replace(a, name=evil, short=evil) for a in ACTORS))
    bad = make_atlas(hostile, theatre, surroundings=make_neighbours())
    tmp_path.joinpath("page.html").write_text(render_page(hostile, history.dates[-1], theatre, atlas=bad), encoding="utf-8")
    tmp_path.joinpath("index.html").write_text(render_timeline(hostile, theatre, atlas=bad), encoding="utf-8")
    for name in ("page.html", "index.html"):
        browser.open(tmp_path / name)
        browser.run("document.querySelector('.search input').focus()")
        browser.type("hit")
        browser.press("Enter")
        assert "${window.hit=1}" in popup_text(browser)
        browser.run("document.querySelector('button[data-event]').click()")
        assert "<script>window.hit=1</script>" in popup_text(browser)
        assert browser.run("[...document.querySelectorAll('a')].filter(a => a.protocol === 'javascript:').length") == 0
        assert browser.run("window.hit === undefined")


@pytest.mark.parametrize("form", FORMS)
def test_an_embedded_page_draws_inside_its_document(browser: Browser, folder: Path, page: Path, atlas: Atlas, form: str) -> None:
    """Each form, put into a document as its own tool would put it, shows the map: the page in a frame, or its figure in Markdown."""
    figure = folder / "figure.png"
    figure.write_bytes(render_figure(atlas.history, [atlas.history.dates[DATE]], atlas.theatre, atlas=atlas))
    snippet = embed_snippet(page.name, form=form, title="A & B [c]", html=page.read_text(encoding="utf-8"), figure=figure.name)
    host = folder / f"host-{form}.htm"
    host.write_text(f"<!doctype html><meta charset=utf-8><title>host</title><body>{_published(snippet, form)}", encoding="utf-8")
    browser.open(host, drawn=False)
    browser.run("document.querySelector('img, iframe').style.height = '700px'")
    assert_looks_like(browser, f"embed-{'figure' if form == 'markdown' else 'inline' if form == 'inline' else 'frame'}")
    assert "A & B [c]" in browser.run("document.querySelector('img, iframe').alt ?? document.querySelector('iframe').title")


def _published(snippet: str, form: str) -> str:
    """Give the HTML that a form's own tool makes of a snippet, as far as snippets go: Quarto passes its raw block, Markdown makes links."""
    if form == "quarto":
        return re.search(r"```\{=html\}\n(.*?)```", snippet, re.DOTALL)[1]
    if form != "markdown":
        return snippet
    text = r"((?:\\.|[^\\\]])*)"
    plain = re.sub(rf"!\[{text}\]\(([^)]*)\)", r'<img alt="\1" src="\2">', html.escape(snippet))
    linked = re.sub(r"\[(<img[^>]*>|(?:\\.|[^\\\]])*)\]\(([^)]*)\)", r'<a href="\2">\1</a>', plain)
    return re.sub(r"\\([^\w\s])", r"\1", linked)


def assert_looks_like(browser: Browser, name: str, patience: float = 10) -> None:
    """Compare the window with a stored picture of 64 by 40 mean colours, so that fonts count little; wait until it is drawn.

    ``CONTROLMAP_WRITE_PICTURES=1`` writes the pictures anew; look at them before they are committed.
    """
    path = PICTURES / f"{name}.png"
    if os.environ.get("CONTROLMAP_WRITE_PICTURES"):
        time.sleep(2)
        matplotlib.image.imsave(path, coarse(browser.screenshot()), metadata={"Software": None})
    stored, end = pixels(path.read_bytes()), time.monotonic() + patience
    while not looks_like(seen := coarse(browser.screenshot()), stored) and time.monotonic() < end:
        time.sleep(0.1)
    apart = np.abs(seen - stored).max(axis=2)
    assert looks_like(seen, stored), f"{name}: {apart.mean():.3f} apart, {(apart > FAR).mean():.1%} of it far"


def coarse(png: bytes) -> np.ndarray:
    """Give a picture as 64 by 40 mean colours."""
    whole = pixels(png)
    return whole.reshape(40, whole.shape[0] // 40, 64, whole.shape[1] // 64, 3).mean(axis=(1, 3))


def looks_like(seen: np.ndarray, stored: np.ndarray) -> bool:
    """Tell whether two coarse pictures are alike: on the whole, and but for a few spots."""
    apart = np.abs(seen - stored).max(axis=2)
    return bool(apart.mean() < NEAR and (apart > FAR).mean() < 0.02)


def test_page_and_timeline_look_as_they_were_stored(browser: Browser, folder: Path, page: Path) -> None:
    browser.open(page)
    assert_looks_like(browser, "page")
    browser.open(folder / "index.html")
    assert_looks_like(browser, "timeline")


def test_a_blank_an_unstyled_and_another_dates_picture_are_told(browser: Browser, folder: Path, page: Path) -> None:
    """The tolerance is narrower than what goes wrong."""
    stored = pixels((PICTURES / "page.png").read_bytes())
    browser.open("about:blank", drawn=False)
    assert not looks_like(coarse(browser.screenshot()), stored)
    browser.open(min(folder.glob("2*.html")))
    assert not looks_like(coarse(browser.screenshot()), stored)
    browser.open(page)
    for pane in ("areas", "base"):
        browser.run(f"controlmap.map.getPane('{pane}').classList.add('off')")
        assert not looks_like(coarse(browser.screenshot()), stored), pane
        browser.run(f"controlmap.map.getPane('{pane}').classList.remove('off')")


@pytest.mark.parametrize("lang", languages())
def test_every_language_draws(browser: Browser, tmp_path: Path, atlas: Atlas, lang: str) -> None:
    spoken = dataclasses.replace(atlas, words=make_atlas(atlas.history, atlas.theatre, lang=lang, surroundings=make_neighbours()).words)
    path = tmp_path / "index.html"
    path.write_text(render_timeline(atlas.history, atlas.theatre, atlas=spoken), encoding="utf-8")
    browser.open(path)
    assert browser.run("document.documentElement.dir") == spoken.words.direction
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("screen", [(390, 844, "light"), (1280, 800, "dark"), (768, 1024, "light"), (1920, 1080, "light")], ids=str)
def test_a_page_fits_every_screen(browser: Browser, folder: Path, page: Path, screen: tuple[int, int, str]) -> None:
    browser.resize(*screen[:2], mobile=screen[0] < 500)
    browser.prefer(prefers_color_scheme=screen[2])
    for path in (page, folder / "index.html"):
        browser.open(path)
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
        assert colours(browser.screenshot()) > 8
        west, south, east, north = EXTENT
        assert browser.run(f"controlmap.map.getBounds().contains([[{south}, {west}], [{north}, {east}]])"), "the whole theatre is in view"


def test_bare_pages_hide_their_chrome(browser: Browser, page: Path) -> None:
    browser.open(page.as_uri() + "?bare")
    chrome = "['nav', '.search', '#events', 'footer', '#locator']"
    hidden = browser.run(f"{chrome}.map(part => getComputedStyle(document.querySelector(part)).display)")
    assert set(hidden) == {"none"}
    assert browser.run("getComputedStyle(document.querySelector('h1')).display") != "none"


def test_without_scripts_figure_and_tables_are_there(browser: Browser, page: Path) -> None:
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page, drawn=False)
        assert colours(browser.screenshot()) > 8
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
        browser.errors.clear()


def test_focus_can_go_everywhere_and_names_are_said(browser: Browser, folder: Path, page: Path) -> None:
    """Every control has an accessible name, ids are unique, headings do not skip, images have names."""
    for path in (page, folder / "index.html"):
        browser.open(path)
        nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
        for node in nodes:
            role = node.get("role", {}).get("value")
            if role in {"button", "link", "slider", "combobox", "checkbox", "searchbox", "application"} and not node.get("ignored"):
                assert node.get("name", {}).get("value"), (path.name, role, node.get("properties"))
        ids = browser.run("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        levels = browser.run("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        assert browser.run("document.documentElement.lang") == "en"


def test_pages_that_share_leaflet_draw_from_a_folder(browser: Browser, atlas: Atlas, tmp_path: Path) -> None:
    shared = dataclasses.replace(atlas, shared=True)
    page = render_page(atlas.history, atlas.history.dates[1], atlas.theatre, atlas=shared)
    tmp_path.joinpath("page.html").write_text(page, encoding="utf-8")
    for name, content in shared_assets().items():
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).write_bytes(content)
    browser.open(tmp_path / "page.html")
    assert colours(browser.screenshot()) > 8
    assert len(page) < 150_000


def test_tiles_are_asked_of_their_own_server_and_of_no_other(chromium: Browser, atlas: Atlas, tmp_path: Path) -> None:
    tiled = dataclasses.replace(atlas, tiles=Tiles(url="https://tiles.invalid/{z}/{x}/{y}.png", credit="© <b>Tiles</b>"))
    page = render_page(atlas.history, atlas.history.dates[1], atlas.theatre, atlas=tiled)
    tmp_path.joinpath("page.html").write_text(page, encoding="utf-8")
    chromium.open(tmp_path / "page.html")
    assert chromium.requests
    assert all(url.startswith("https://tiles.invalid/") for url in chromium.requests)
    assert "© <b>Tiles</b>" in chromium.run("document.querySelector('.leaflet-control-attribution').textContent")
    assert not any("Content Security Policy" in error for error in chromium.errors)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example, whole, from the reports that ship."""
    out = tmp_path_factory.mktemp("syria")
    reports = list(read_reports([str(seeds_path())], published=None, on_fault=pytest.fail))
    pipeline.build(reports, load_theatre("syria"), out)
    return out


def test_every_page_of_the_example_draws(browser: Browser, site: Path) -> None:
    pages = sorted(site.glob("*.html"))
    assert len(pages) > 12
    for path in pages:
        browser.open(path)
        assert colours(browser.screenshot()) > 8, path.name


def test_the_examples_timeline_draws_its_areas_within_a_tenth_of_a_percent(browser: Browser, site: Path) -> None:
    """The client joins and smooths what control joined and smoothed; the two must not drift apart."""
    theatre = load_theatre("syria")
    areas = gpd.read_file(site / "areas.geojson")
    areas = areas[areas["layer"] == "assessed"]
    total = areas.loc[areas["date"] == areas["date"].min(), "area_km2"].sum()
    browser.open(site / "index.html")
    sides = browser.run("controlmap.data.sides.map(side => side[0])")
    names = {actor.id: actor.name for actor in theatre.actors}
    for number, day in enumerate(browser.run("controlmap.data.days.map(day => day.date)")):
        today = areas[(areas["date"].astype(str).str[:10] == day) & (areas["state"] == "held")]
        wanted = today.groupby([today["actor"].map(names), today["basis"] == "inferred"])["area_km2"].sum()
        for css, rings in browser.run(f"controlmap.geometry({number}).areas.filter(area => /held|inferred/.test(area[0]))"):
            polygons = [shapely.Polygon([(x, y) for y, x in ring]) for ring in rings if len(ring) > 3]
            km2 = gpd.GeoSeries([_even_odd(polygons)], crs=WGS84).to_crs(theatre.crs).area.sum() / 1e6
            key = (sides[int(css.rsplit("a", 1)[1])], "inferred" in css)
            assert km2 == pytest.approx(wanted.get(key, 0.0), abs=total / 1000), (day, key)
