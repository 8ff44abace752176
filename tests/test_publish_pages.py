"""Pages are one file each, the same bytes each time, in every language, and no text from data is ever markup."""

import base64
import dataclasses
import gzip
import hashlib
import html
import json
import re
from typing import Any

import numpy as np
import pytest
import shapely
from synthetic import ACTORS, make_history, make_neighbours, make_theatre

from geo.publish.atlas import Atlas, make_atlas
from geo.publish.coverage import decode_coverage, encode_coverage
from geo.publish.embed import FORMS, embed_snippet
from geo.publish.encode import STEPS, decode_numbers, encode_numbers, encode_shape
from geo.publish.page import UNCALLED_OFFLINE, leaflet, render_page
from geo.publish.palette import contrast, light_tones
from geo.publish.rows import rows_by_date
from geo.publish.shrink import hollow_classes
from geo.publish.symbols import ORDER, SYMBOLS
from geo.publish.tables import balances
from geo.publish.timeline import render_timeline
from geo.publish.words import languages, load_words
from geo.records import EVENT_TYPES, History
from geo.theatre import Actor, Theatre

World = tuple[History, Theatre, Atlas]

PAYLOADS = (
    "<script>window.hit=1</script>", "</script><script>window.hit=1</script>", "${window.hit=1}", "`${window.hit=1}`", "{{ 7*7 }}{% raw %}",
    "<img src=x onerror=window.hit=1>", "'\"><svg onload=window.hit=1>", "javascript:window.hit=1", "]]>", "<!--", "\u2028\u2029",
    "\\u003cscript>",
)  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    history, theatre = make_history(places=80, dates=5), make_theatre()
    return history, theatre, make_atlas(history, theatre, surroundings=make_neighbours())


def payload(page: str) -> Any:  # noqa: ANN401 what JSON holds
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_numbers_and_shapes_read_back() -> None:
    numbers = [0, 1, -1, 15, 16, -16, 4096, -4097, 10**9, -(10**9)]
    assert decode_numbers(encode_numbers(numbers)) == numbers
    ring = np.cumsum(np.array(decode_numbers(encode_shape(shapely.box(36.5, 34.25, 37, 35)))).reshape(-1, 2), axis=0) / STEPS
    assert shapely.Polygon(ring).equals(shapely.box(36.5, 34.25, 37, 35))


def test_a_coverage_reads_back_with_its_borders_shared(world: World) -> None:
    cells = world[0].cells
    coverage = encode_coverage(cells.geometry)
    back = decode_coverage(coverage)
    assert shapely.coverage_is_valid(back)
    np.testing.assert_allclose(shapely.area(back), shapely.area(cells.geometry.to_numpy()[coverage.order]), rtol=2e-3)
    assert shapely.area(back).sum() == pytest.approx(shapely.area(cells.geometry.to_numpy()).sum(), rel=1e-5)


def test_a_page_is_the_same_bytes_each_time(world: World) -> None:
    history, theatre, atlas = world
    again = make_atlas(make_history(places=80, dates=5), theatre, surroundings=make_neighbours())
    assert render_page(history, history.dates[2], theatre, atlas=atlas) == render_page(history, history.dates[2], theatre, atlas=again)
    assert render_timeline(history, theatre, atlas=atlas) == render_timeline(history, theatre, atlas=again)


@pytest.mark.parametrize("kind", ["page", "timeline"])
def test_nothing_in_a_page_points_to_the_network(world: World, kind: str) -> None:
    history, theatre, atlas = world
    page = render_timeline(history, theatre, atlas=atlas)
    if kind == "page":
        page = render_page(history, history.dates[2], theatre, atlas=atlas)
    code = re.sub(r"<script type=.application/json.*?</script>", "", page, flags=re.DOTALL)
    outside = {url for url in re.findall(r"(?:src|href)\s*=\s*[\"']?([^\"'\s>]+)", code) if url.startswith(("http", "//"))}
    assert {url.split("/")[2] for url in outside} <= {"example.org", "leafletjs.com"}  # reports' links, and Leaflet's own name
    assert "@import" not in code
    assert not re.search(r"url\((?![\"']?#)", code.replace("url(#default#VML)", ""))


def test_the_policy_names_each_script_and_style_and_allows_nothing_else(world: World) -> None:
    history, theatre, atlas = world
    page = render_page(history, history.dates[2], theatre, atlas=atlas)
    policy = html.unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1])
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        for text in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL):
            assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    body = page.split("<body>")[1].split("<script")[0]
    assert not re.search(r"\son\w+\s*=", body), "an inline handler"
    assert not re.search(r"\sstyle\s*=", body), "an inline style, which the policy forbids"


@pytest.mark.parametrize("lang", languages())
def test_a_page_speaks_every_language(world: World, lang: str) -> None:
    history, theatre, _ = world
    atlas = make_atlas(history, theatre, lang=lang, surroundings=make_neighbours())
    page = render_page(history, history.dates[1], theatre, atlas=atlas)
    words = load_words(lang)
    assert f'<html lang="{lang}" dir="{words.direction}">' in page
    assert html.escape(words["who_holds"]) in page
    assert words.date(history.dates[1]) in page


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_every_word_with_the_same_gaps(lang: str) -> None:
    words, english = load_words(lang), load_words("en")
    assert set(words) == set(english)
    for key in english:
        assert set(re.findall(r"{(\w+)}", words[key])) == set(re.findall(r"{(\w+)}", english[key])), key


def test_the_tables_add_up_to_the_known_land(world: World) -> None:
    history = world[0]
    for date, balance in balances(rows_by_date(history.areas, history.dates)).items():
        parts = sum(row.area_km2 for row in balance.sides) + balance.contested_km2 + balance.unknown_km2
        assert parts == pytest.approx(balance.total_km2), date
        assert balance.total_km2 == pytest.approx(history.cells["area_km2"].sum(), rel=1e-6)


def test_a_page_carries_the_sentence_source_and_link_behind_every_area(world: World) -> None:
    history, theatre, atlas = world
    data = payload(render_page(history, history.dates[-1], theatre, atlas=atlas))
    texts = data["events"]["texts"]
    said = np.array(decode_numbers(data["events"]["says"])).reshape(-1, 8)
    assert all(texts[row[0]] and texts[row[1]] and texts[row[3]].startswith("https://") for row in said)
    observed = [area for area in data["areas"] if area["basis"] == "observed" and area["what"][0] == "held"]
    assert observed
    assert all(area["events"] for area in observed)


def test_markup_in_reports_places_and_actors_stays_text(world: World) -> None:
    history, theatre, _ = world
    evil = " ".join(PAYLOADS)
    ledger = history.ledger.assign(evidence=evil, source=evil, place=evil, attribution=evil, url="javascript:window.hit=1")
    cells = history.cells.assign(name=[evil if i < 5 else name for i, name in enumerate(history.cells["name"])])
    areas = history.areas.assign(places=[(evil,)] * len(history.areas))
    changes = history.changes.assign(places=[(evil,)] * len(history.changes))
    says = history.disagreements.assign(says=[(evil,)], place=evil)
    actors = tuple(dataclasses.replace(actor, name=evil, short=evil) for actor in ACTORS)
    hostile = dataclasses.replace(history, ledger=ledger, cells=cells, areas=areas, changes=changes, disagreements=says)
    atlas = make_atlas(hostile, dataclasses.replace(theatre, actors=actors, title=evil), surroundings=make_neighbours())
    for page in (render_page(hostile, history.dates[-1], theatre, atlas=atlas), render_timeline(hostile, theatre, atlas=atlas)):
        outside = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
        assert "window.hit=1</script>" not in outside
        assert "<img" not in outside
        assert not re.search(r"<svg[^>]*onload", outside)
        assert "javascript:" not in re.sub(r">[^<]*<", "><", outside)
        assert "{{ 7*7 }}" in outside, "a template mark was compiled"
        assert len(re.findall(r"<script\b", page)) == len(re.findall(r"</script>", page))
        assert payload(page)["sides"][0][0] == evil


def test_every_event_type_has_a_shape_of_its_own() -> None:
    assert set(ORDER) == set(EVENT_TYPES) == set(SYMBOLS)
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.id)
def test_names_of_sides_read_on_their_own_areas(actor: Actor) -> None:
    tones = light_tones(actor.colour)
    assert contrast(tones.ink, tones.area) >= 3.0  # WCAG 1.4.3 for large bold text


@pytest.mark.parametrize("form", FORMS)
def test_every_embed_form_escapes_what_it_is_given(form: str) -> None:
    snippet = embed_snippet("maps/2024-12-01.html", form=form, title='A "map" <b>', html="<p>${x}</p>", figure="a.png")
    assert "<b>" not in snippet.replace("\\<b\\>", "")
    assert "2024-12-01.html" in snippet or form == "inline"
    if form in {"iframe", "inline", "quarto", "wordpress"}:
        assert "allow-same-origin" not in snippet
        assert 'sandbox="allow-scripts' in snippet


def test_a_page_shows_itself_in_a_notebook(world: World) -> None:
    history, theatre, atlas = world
    shown = render_page(history, history.dates[0], theatre, atlas=atlas)._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "allow-same-origin" not in shown


def test_a_page_keeps_leaflets_notice_and_leaves_out_what_it_never_calls(world: World) -> None:
    history, theatre, atlas = world
    page = render_page(history, history.dates[0], theatre, atlas=atlas)
    assert "Leaflet 1.9" in page
    assert "Vladimir Agafonkin" in page
    assert hollow_classes(leaflet("leaflet.js"), ("NoSuchClass",)) == leaflet("leaflet.js")
    whole, parts = (len(text) for text in (leaflet("leaflet.js"), hollow_classes(leaflet("leaflet.js"), UNCALLED_OFFLINE)))
    assert parts < 0.8 * whole, "this Leaflet is built otherwise: its classes are not found"


def test_a_page_tells_where_what_it_leaves_out_can_be_read(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """With no room for text each area still has a sentence, and a place says how many more there are."""
    history, theatre, atlas = world
    date = history.dates[-1]
    full = payload(render_page(history, date, theatre, atlas=atlas))
    monkeypatch.setattr("geo.publish.payload.MOST_TEXT", 0)
    cut = payload(render_page(history, date, theatre, atlas=atlas))
    assert len(cut["events"]["rows"]) < len(full["events"]["rows"])
    assert all(area["events"] for area in cut["areas"] if area["of"])
    assert _more(full) == 0
    assert _more(cut) > 0


def _more(data: Any) -> int:  # noqa: ANN401 what JSON holds
    flat, more, i = decode_numbers(data["records"]), 0, 0
    while i < len(flat):
        more += flat[i + 4]
        i += 6 + flat[i + 5]
    return more


def test_pages_of_a_country_with_five_thousand_places_stay_small() -> None:
    """The sizes that DESIGN and issue 6 promise; a page beyond them carries something twice."""
    history, theatre = make_history(places=5000, dates=60), make_theatre()
    atlas = make_atlas(history, theatre, surroundings=make_neighbours())
    mute = dataclasses.replace(history, ledger=history.ledger.iloc[:0])
    timeline = render_timeline(mute, theatre, surroundings=make_neighbours()).encode()
    assert len(timeline) <= 400_000
    assert len(gzip.compress(timeline, mtime=0)) <= 140_000
    assert (
        max(len(render_page(history, date, theatre, atlas=atlas).encode()) for date in history.dates[::20] + history.dates[-1:]) <= 350_000
    )


def test_the_first_date_says_that_it_has_nothing_to_compare_with_and_not_that_nothing_changed(world: World) -> None:
    history, theatre, atlas = world

    def changes(number: int) -> str:
        page = render_page(history, history.dates[number], theatre, atlas=atlas)
        return page.partition('<section id="changes"')[2].partition("</section>")[0]

    assert "none before it to compare with" in changes(0)
    assert "none before it" not in changes(1)
