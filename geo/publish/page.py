"""One date as one HTML file: a folium map that holds its scripts, styles and data, and asks the network for nothing."""

import base64
import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import folium
import geopandas as gpd
import xstatic.pkg.leaflet
from branca.element import Element, Figure
from folium.template import Template

from geo.publish import chrome
from geo.publish.atlas import Atlas, Tiles, make_atlas
from geo.publish.embed import embed_snippet
from geo.publish.payload import page_payload
from geo.publish.shrink import hollow_classes, shrink_script, shrink_style
from geo.records import History
from geo.theatre import Theatre

# of Leaflet's style: pictures, its own layer switch, tooltips and boxes, and what old browsers needed
UNUSED = re.compile(r"control-layers|tooltip|oldie|vml|zoom-box|leaflet-tile|shadow|image-layer|touch-zoom")
# of Leaflet's classes: layers and switches that no page of ours makes, tiles where a page has none
UNCALLED = (
    "Canvas", "Circle", "CircleMarker", "FeatureGroup", "GeoJSON", "ImageOverlay", "Layers", "Rectangle", "SVGOverlay",
    "Tooltip", "VideoOverlay",
)  # fmt: skip
UNCALLED_OFFLINE = (*UNCALLED, "GridLayer", "TileLayer")
SHARED = "assets"  # the folder beside the pages that holds Leaflet, where pages do not hold it themselves
FRAME_TITLE = "Control map"
ASSETS = Path(__file__).with_name("assets")


class Page(str):
    """A whole HTML document; as the last value of a notebook's cell it shows itself, in a frame of its own."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return embed_snippet("", form="inline", title=FRAME_TITLE, html=self)


def render_page(
    history: History,
    date: dt.date,
    theatre: Theatre,
    *,
    lang: str = "en",
    atlas: Atlas | None = None,
    surroundings: gpd.GeoDataFrame | None = None,
) -> Page:
    """Write the page of a date.

    Parameters
    ----------
    history, theatre
        Who held what, and the conflict's configuration.
    date
        One of the history's dates.
    lang
        The interface's language (``geo.publish.words.languages``).
    atlas
        What the pages of one history share (``make_atlas``); given, a page is ten times quicker.
    surroundings
        Countries around the theatre (name, geometry), by default those of the basemap that ships.

    Returns
    -------
    Page
        A whole HTML document, a string; the same input gives the same bytes.
    """
    atlas = atlas or make_atlas(history, theatre, lang=lang, surroundings=surroundings)
    words = atlas.words
    title = words.fill("title", theatre=theatre.title, date=words.date(date))
    today = [number for number, event in enumerate(atlas.events) if event["date"] == date]
    aside = "".join((
        chrome.sides_table(atlas, date), chrome.changes_table(atlas, date), chrome.events_list(atlas, today),
        chrome.disagreements(atlas, date), chrome.legend(atlas, (atlas.events[number]["type"] for number in today)),
        chrome.colophon(atlas, date),
    ))  # fmt: skip
    return render_document(
        atlas, title=title, payload=page_payload(atlas, date, today), aside=aside,
        head=chrome.header(atlas, title=title, as_of=date, nav=chrome.date_links(atlas, date)),
        under=chrome.locator(atlas) + chrome.fallback(atlas, date), scripts=("map.js", "page.js"), styles=("map.css",),
    )  # fmt: skip


def render_document(
    atlas: Atlas,
    *,
    title: str,
    payload: Mapping[str, Any],
    head: str,
    aside: str,
    under: str,
    scripts: Sequence[str],
    styles: Sequence[str],
) -> Page:
    """Put a folium map, what stands around it, its data and its code into one document that lets nothing else run."""
    west, south, east, north = atlas.base.extent
    document = Document(
        lang=atlas.words.lang, direction=atlas.words.direction, title=title, head=chrome.patterns(atlas) + head, under=under, aside=aside,
        css=["" if atlas.shared else leaflet("leaflet.css"), *map(_asset, styles), chrome.tones_css(atlas)],
        js=["" if atlas.shared else _called_leaflet(tiles=atlas.tiles is not None), *map(_asset, scripts)], data=_json(payload),
        shared=atlas.shared,
    )  # fmt: skip
    document.add_child(ControlMap(location=((south + north) / 2, (west + east) / 2), label=atlas.words["map_label"]))
    return Page(_with_policy(document.render(), tiles=atlas.tiles, shared=atlas.shared))


def shared_assets() -> dict[str, bytes]:
    """Give the files that pages with ``shared`` need beside them, by their path."""
    return {f"{SHARED}/{name}": leaflet(name).encode() for name in ("leaflet.css", "leaflet.js")}


class Document(Figure):
    """A branca figure whose parts are printed through variables, since text that branca compiles could hold template marks."""

    _template = Template(
        """<!DOCTYPE html>
<html lang="{{ this.lang }}" dir="{{ this.direction }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ this.title|e }}</title>
{% if this.shared %}<link rel="stylesheet" href="{{ this.shared }}/leaflet.css">
{% endif %}{% for text in this.css if text %}<style>{{ text }}</style>
{% endfor %}{{ this.header.render(**kwargs) }}
</head>
<body>
{{ this.head }}
<main><div class="stage">{{ this.html.render(**kwargs) }}{{ this.under }}</div><aside>{{ this.aside }}</aside></main>
<script type="application/json" id="data">{{ this.data }}</script>
{% if this.shared %}<script src="{{ this.shared }}/leaflet.js"></script>
{% endif %}{% for text in this.js if text %}<script>{{ text }}</script>
{% endfor %}<script>{{ this.script.render(**kwargs) }}</script>
</body>
</html>
"""
    )

    def __init__(self, *, title: str, shared: bool, **parts: Any) -> None:  # noqa: ANN401 the template's variables
        super().__init__(title=title)
        self.header = Element()  # without branca's own content type, which would be a second one
        self.header._parent = self  # noqa: SLF001 as branca's own constructor does
        self.shared = SHARED if shared else None
        vars(self).update(parts)


class ControlMap(folium.Map):
    """A folium map without tiles, without links to other servers and without random ids."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 folium's own attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 the same
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id="{{ this.get_name() }}" role="application" aria-label="{{ this.label|e }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map("{{ this.get_name() }}",
            {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});
        controlmap.start({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, location: tuple[float, float], *, label: str) -> None:
        super().__init__(
            location=location, tiles=None, zoom_start=6, zoom_control=False, zoom_snap=0.25, zoom_delta=0.75, min_zoom=4, max_zoom=12,
        )  # fmt: skip
        self.label = label

    @classmethod
    def _generate_id(cls) -> str:
        return "control"


@functools.cache
def leaflet(name: str) -> str:
    """Give a file of Leaflet as the package XStatic-Leaflet brings it, its style without the rules that no page of ours needs."""
    text = Path(xstatic.pkg.leaflet.BASE_DIR, name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        plain = re.sub(r"/\*.*?\*/|@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text, flags=re.DOTALL)
        rules = (rule.strip() for rule in re.findall(r"[^{}]+\{[^{}]*\}", plain))
        return shrink_style("\n".join(rule for rule in rules if not _is_unused(*rule.split("{"))))
    return re.sub(r"\n//# sourceMappingURL=.*", "", text)


@functools.cache
def _called_leaflet(*, tiles: bool) -> str:
    return hollow_classes(leaflet("leaflet.js"), UNCALLED if tiles else UNCALLED_OFFLINE)


def _is_unused(selectors: str, body: str) -> bool:
    """Tell a rule of Leaflet's style that no page of ours can need: a picture's, or one of whose selectors none is used."""
    return "url(" in body or all(UNUSED.search(selector) for selector in selectors.split(","))


def _with_policy(html: str, *, tiles: Tiles | None, shared: bool) -> str:
    """Add a Content-Security-Policy that allows the document's own scripts and styles, by their hashes, and nothing else."""
    scripts = " ".join(_hash(text) for text in re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL))
    styles = " ".join(_hash(text) for text in re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL))
    beside = " 'self' file:" if shared else ""  # a page opened from a disk is its own only by its scheme
    images = f" {'://'.join(urlsplit(tiles.url)[:2]).replace('{s}', '*')}" if tiles else ""
    sources = f"script-src {scripts}{beside}; style-src {styles}{beside}; img-src data:{images}"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    mark = '<meta charset="utf-8">\n'
    return html.replace(mark, f'{mark}<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=True)}">\n', 1)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@functools.cache
def _asset(name: str) -> str:
    """Give one of our own scripts or styles, without comments and blanks."""
    text = ASSETS.joinpath(name).read_text(encoding="utf-8")
    return shrink_style(text) if name.endswith(".css") else shrink_script(text)


def _json(payload: Mapping[str, Any]) -> str:
    """Write data so that no markup in it can end its script element."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
