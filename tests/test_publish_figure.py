"""Figures come out in three formats, the same each time, with the colours and figures of the pages."""

import dataclasses
import io

import matplotlib.image
import numpy as np
import pytest
from synthetic import make_history, make_neighbours, make_theatre

from geo.publish.atlas import Atlas, make_atlas
from geo.publish.figure import FORMATS, render_figure
from geo.publish.words import languages, load_words


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return make_atlas(make_history(places=60, dates=4), make_theatre(), surroundings=make_neighbours())


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_dates_give_the_same_bytes(atlas: Atlas, form: str) -> None:
    one, two = (render_figure(atlas.history, atlas.history.dates[1:3], atlas.theatre, form=form, dpi=50, atlas=atlas) for _ in range(2))
    assert one == two


def test_each_side_is_drawn_in_its_tone(atlas: Atlas) -> None:
    png = render_figure(atlas.history, atlas.history.dates[2:3], atlas.theatre, dpi=60, atlas=atlas)
    drawn = (np.asarray(matplotlib.image.imread(io.BytesIO(png)))[:, :, :3] * 255).round().astype(int).reshape(-1, 3)
    for side in atlas.sides:
        tone = np.array([int(side.light.area[i : i + 2], 16) for i in (1, 3, 5)])
        assert (np.abs(drawn - tone).max(axis=1) <= 1).sum() > 100, side.name


def test_a_figure_says_its_date_its_areas_and_its_sources(atlas: Atlas) -> None:
    svg = render_figure(atlas.history, atlas.history.dates[2:3], atlas.theatre, form="svg", atlas=atlas).decode()
    row = atlas.balances[atlas.history.dates[2]].sides[0]
    assert atlas.words.date(atlas.history.dates[2]) in svg
    assert f"{atlas.words.number(row.area_km2)} km²" in svg
    assert "Arden Wire" in svg


@pytest.mark.parametrize("lang", languages())
def test_every_language_can_be_drawn(atlas: Atlas, lang: str) -> None:
    spoken = dataclasses.replace(atlas, words=load_words(lang))
    assert render_figure(atlas.history, atlas.history.dates[:1], atlas.theatre, dpi=40, atlas=spoken)


def test_text_that_looks_like_a_formula_stays_text(atlas: Atlas) -> None:
    theatre = dataclasses.replace(atlas.theatre, title="${x}$ <b>")
    other = dataclasses.replace(atlas, theatre=theatre)
    svg = render_figure(atlas.history, atlas.history.dates[:1], theatre, form="svg", atlas=other).decode()
    assert "${x}$ &lt;b&gt;" in svg


def test_the_size_is_the_size_asked_for(atlas: Atlas) -> None:
    png = render_figure(atlas.history, atlas.history.dates[:1], atlas.theatre, size=(6, 7), dpi=50, atlas=atlas)
    assert matplotlib.image.imread(io.BytesIO(png)).shape[:2] == (350, 300)


@pytest.mark.parametrize(("dates", "form", "message"), [((), "png", "at least one date"), ((1,), "gif", "gif")])
def test_what_cannot_be_drawn_is_named(atlas: Atlas, dates: tuple[int, ...], form: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render_figure(atlas.history, [atlas.history.dates[i] for i in dates], atlas.theatre, form=form, atlas=atlas)
