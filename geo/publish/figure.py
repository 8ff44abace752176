"""Figures for print and slides: a date or several side by side, with the pages' colours, legend and credit; no browser needed.

Maps are drawn in the theatre's equal-area CRS. PNG, SVG and PDF; the same input gives the same bytes.
"""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from pyproj import Transformer

from geo.geometry import WGS84
from geo.publish.atlas import Atlas, Side, make_atlas
from geo.publish.payload import side_labels
from geo.publish.rows import Row
from geo.records import History
from geo.theatre import Theatre

FORMATS = ("png", "svg", "pdf")
PAPER, LAND, AROUND, WATER = "#ffffff", "#ffffff", "#ececea", "#dce8ee"
INK, SOFT, BORDER, FRONT = "#1c2024", "#5d646c", "#8d939a", "#2b2f34"
MOST_COLUMNS = 4
PANEL_WIDTH = 4.0  # inches, of one panel among several
SINGLE_WIDTH = 8.0
HEAD, STRIP, LEGEND_ROW, FOOT = 0.75, 0.95, 0.24, 0.62  # inches, of what stands above and below the maps
HEADINGS = ["DejaVu Serif", "DejaVu Sans"]  # the second for letters that the first lacks, Arabic among them
# what each format would say of the day and the program
UNDATED: Mapping[str, dict[str, None]] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None, "Producer": None}}
CITIES = (14, 7)  # that are named on a single map, and on each of several
# what keeps a figure the same on every machine: matplotlib's own fonts, ids from a fixed salt, text as text;
# and no text is read as a formula
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.serif": ["DejaVu Serif"], "svg.hashsalt": "controlmap",
    "svg.fonttype": "none", "pdf.fonttype": 42, "hatch.linewidth": 1.6, "text.parse_math": False,
}  # fmt: skip


def render_figure(
    history: History,
    dates: Sequence[dt.date],
    theatre: Theatre,
    *,
    form: str = "png",
    size: tuple[float, float] | None = None,
    dpi: int = 200,
    lang: str = "en",
    atlas: Atlas | None = None,
    surroundings: gpd.GeoDataFrame | None = None,
) -> bytes:
    """Draw a figure of one date, or of several side by side.

    Parameters
    ----------
    history, theatre
        Who held what, and the conflict's configuration.
    dates
        Dates of the history, in the order of the panels.
    form
        ``png``, ``svg`` or ``pdf``.
    size
        Width and height in inches; by default as wide as the panels need, and as high as they are then.
    dpi
        Dots per inch of a PNG.
    lang, atlas, surroundings
        As for ``geo.publish.page.render_page``.

    Raises
    ------
    ValueError
        No date, a date that the history has not, or a format that is none of the three.
    """
    if form not in FORMATS:
        raise ValueError(f"no figure format {form!r}; known are {', '.join(FORMATS)}")
    missing = [str(date) for date in dates if date not in history.dates]
    if missing or not dates:
        raise ValueError(f"the history has no date {', '.join(missing)}" if missing else "give at least one date to draw")
    atlas = atlas or make_atlas(history, theatre, lang=lang, surroundings=surroundings)
    with mpl.rc_context(STYLE):
        figure = _Sheet(atlas, tuple(dates), size).draw()
        out = io.BytesIO()
        figure.savefig(out, format=form, dpi=dpi, metadata=UNDATED[form], facecolor=PAPER)
    return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The base map in metres, and the frame that panels show."""

    land: shapely.Geometry
    around: shapely.Geometry
    borders: shapely.Geometry
    provinces: shapely.Geometry
    frame: tuple[float, float, float, float]


class _Sheet:
    """One figure: heading, panels, strip of changes, legend, foot."""

    def __init__(self, atlas: Atlas, dates: tuple[dt.date, ...], size: tuple[float, float] | None) -> None:
        self.atlas, self.dates = atlas, dates
        self.transformer = Transformer.from_crs(WGS84, atlas.theatre.crs, always_xy=True)
        self.ground = self._ground()
        west, south, east, north = self.ground.frame
        self.columns = min(len(dates), MOST_COLUMNS)
        self.rows = -(-len(dates) // self.columns)
        self.has_strip = len(atlas.history.dates) > 1
        self.legend = self._legend_entries()
        width = size[0] if size else max(SINGLE_WIDTH, PANEL_WIDTH * self.columns)
        self.legend_columns = max(2, int(width / 2.6))
        below = FOOT + LEGEND_ROW * (0.5 + -(-len(self.legend) // self.legend_columns)) + (STRIP if self.has_strip else 0)
        title = 0.25 if len(dates) > 1 else 0.0
        panel = (width - 0.5) / self.columns * (north - south) / (east - west) + title
        self.size = size or (width, HEAD + panel * self.rows + below)
        self.below = below

    def draw(self) -> Figure:
        figure = Figure(figsize=self.size)
        FigureCanvasAgg(figure)
        self._head(figure)
        width, height = self.size
        top, bottom, gap = 1 - HEAD / height, self.below / height, 0.1
        panel_width, panel_height = (width - 0.5) / self.columns, (top - bottom) * height / self.rows
        for number, date in enumerate(self.dates):
            row, column = divmod(number, self.columns)
            title = 0.25 if len(self.dates) > 1 else 0.0
            left, low = 0.25 + column * panel_width, self.below + (self.rows - 1 - row) * panel_height
            box = (left / width, low / height, (panel_width - gap) / width, (panel_height - title - gap) / height)
            axes = figure.add_axes(box)
            self._panel(axes, date)
            if title:
                axes.set_title(self.atlas.words.date(date), fontsize=10, family=HEADINGS, weight="bold", loc="left", color=INK, pad=4)
        y = FOOT + LEGEND_ROW * (0.5 + -(-len(self.legend) // self.legend_columns))
        if self.has_strip:
            self._strip(figure.add_axes((0.25 / width + 0.01, (y + 0.3) / height, 1 - 0.5 / width - 0.02, (STRIP - 0.5) / height)))
        self._legend(figure, y)
        self._foot(figure)
        return figure

    def _ground(self) -> _Ground:
        base = self.atlas.base
        west, south, east, north = base.extent
        corners = np.array([[x, y] for x in np.linspace(west, east, 20) for y in (south, north)])
        x, y = self.transformer.transform(corners[:, 0], corners[:, 1])
        margin = 0.02 * (max(x) - min(x))
        frame = (min(x) - margin, min(y) - margin, max(x) + margin, max(y) + margin)
        land, around, borders, provinces = (self._metres(shape) for shape in (base.land, base.around, base.borders, base.provinces))
        return _Ground(land=land, around=around, borders=borders, provinces=provinces, frame=frame)

    def _metres(self, shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda xy: np.column_stack(self.transformer.transform(xy[:, 0], xy[:, 1])))

    def _head(self, figure: Figure) -> None:
        words, theatre = self.atlas.words, self.atlas.theatre
        ordered = sorted(self.dates)
        if len(ordered) == 1:
            title = words.fill("title", theatre=theatre.title, date=words.date(ordered[0]))
        else:
            title = words.fill("title_timeline", theatre=theatre.title, first=words.date(ordered[0]), last=words.date(ordered[-1]))
        height = self.size[1]
        x = 0.25 / self.size[0]
        figure.text(x, 1 - 0.36 / height, title, fontsize=15, family=HEADINGS, weight="bold", color=INK, va="center")
        as_of = words.fill("data_as_of", date=words.date(ordered[-1]))
        figure.text(x, 1 - 0.6 / height, as_of, fontsize=8.5, color=SOFT, va="center")

    def _panel(self, axes: Axes, date: dt.date) -> None:
        ground = self.ground
        axes.set_xlim(ground.frame[0], ground.frame[2])
        axes.set_ylim(ground.frame[1], ground.frame[3])
        axes.set_aspect("equal")
        axes.set_facecolor(WATER)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_color("#dcdedf")
        _fill(axes, ground.around, AROUND, zorder=1)
        _fill(axes, ground.land, LAND, edge=BORDER, width=0.5, zorder=2)
        for row in self.atlas.areas[date]:
            self._area(axes, row)
        for row in self.atlas.changes[date]:
            number = self.atlas.number(row["to_actor"]) if row["to_state"] == "held" else -1
            if number >= 0:
                tones = self.atlas.sides[number].light
                _fill(axes, self._metres(row["geometry"]), tones.strong, edge=tones.ink, width=0.6, alpha=0.8, zorder=5)
        _stroke(axes, ground.provinces, "#c3c7cb", 0.35, zorder=6)
        _stroke(axes, ground.borders, BORDER, 0.7, zorder=6, dashes=(3, 2))
        for row in self.atlas.fronts[date]:
            _stroke(axes, self._metres(row["geometry"]), FRONT, 1.1, zorder=7)
        self._names(axes, date)
        self._scale(axes)

    def _area(self, axes: Axes, row: Row) -> None:
        shape, number = self._metres(row["geometry"]), self.atlas.number(row["actor"])
        if row["state"] == "contested":
            tone, hatch = self._contest(row["actors"])
            _fill(axes, shape, tone, hatch="////", hatch_colour=hatch, zorder=4)
        elif row["layer"] == "claimed" and number >= 0:
            tones = self.atlas.sides[number].light
            _fill(axes, shape, "none", edge=tones.strong, width=0.5, hatch="////", hatch_colour=tones.stripe, zorder=4)
        elif row["state"] == "held" and number >= 0:
            tones = self.atlas.sides[number].light
            tone = tones.faint if row["basis"] == "inferred" else tones.area
            _fill(axes, shape, tone, edge=tone, width=0.4, zorder=3)

    def _contest(self, actors: Sequence[str]) -> tuple[str, str]:
        """Give the two tones of contested land; of more than two sides the first and the last."""
        tones = [self.atlas.sides[number].light.stripe for number in map(self.atlas.number, actors) if number >= 0] or [BORDER]
        return tones[0], tones[-1] if len(tones) > 1 else PAPER

    def _names(self, axes: Axes, date: dt.date) -> None:
        """Write sides' names in their areas, then cities that do not run into what is written."""
        taken: list[tuple[float, float, float, float]] = []
        scale = axes.get_position().width * self.size[0] * 72 / (self.ground.frame[2] - self.ground.frame[0])  # points a metre
        many = len(self.dates) > 1
        for number, lon, lat, room in side_labels(self.atlas, date):
            side: Side = self.atlas.sides[number]
            size = max(6.5, min(11.0, 5 + room * 6)) * (0.75 if many else 1.0)
            if len(side.short) * size * 0.72 > room * 111_000 * scale * 3:
                continue
            self._write(axes, (lon, lat), side.short.upper(), taken, scale, size=size, colour=side.light.ink, weight="bold")
        for name, lon, lat in self.atlas.base.names:
            self._write(axes, (lon, lat), name.upper(), taken, scale, size=5 if many else 7, colour=BORDER)
        cells = self.atlas.history.cells
        ranked = sorted(self.atlas.places, key=lambda row: int(cells["rank"].iloc[row]))
        for row in ranked[: CITIES[many]]:
            name, (lon, lat) = str(self.atlas.names[row]), self.atlas.points[row].tolist()
            self._write(axes, (lon, lat), name, taken, scale, size=6.5 if many else 8, colour=INK, dot=True)

    def _write(
        self, axes: Axes, lonlat: tuple[float, float], text: str, taken: list[tuple[float, float, float, float]], scale: float, *,
        size: float, colour: str, weight: str = "normal", dot: bool = False,
    ) -> None:  # fmt: skip
        x, y = self.transformer.transform(lonlat[0], lonlat[1])
        wide, high, off = len(text) * size * 0.62 / scale, size / scale, 4 / scale
        spots = [(off, "left"), (-off, "right")] if dot else [(0.0, "center")]
        for dx, anchor in spots:
            left = x + dx - (wide if anchor == "right" else wide / 2 if anchor == "center" else 0)
            box = (left, y - high / 2, left + wide, y + high / 2)
            if any(box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in taken):
                continue
            if not (box[0] > self.ground.frame[0] and box[2] < self.ground.frame[2]):
                continue
            taken.append(box)
            halo = [withStroke(linewidth=1.8, foreground=PAPER, alpha=0.8)]
            axes.text(x + dx, y, text, fontsize=size, color=colour, weight=weight, ha=anchor, va="center_baseline", path_effects=halo,
                      zorder=10, clip_on=True)  # fmt: skip
            if dot:
                axes.plot([x], [y], marker="o", markersize=2.6, markerfacecolor=PAPER, markeredgecolor=INK, markeredgewidth=0.8, zorder=9)
            return

    def _scale(self, axes: Axes) -> None:
        west, south, east, north = self.ground.frame
        target = (east - west) / 6
        power = 10 ** np.floor(np.log10(target))
        length = max(step * power for step in (1, 2, 5) if step * power <= target)
        x, y = west + (east - west) * 0.03, south + (north - south) * 0.035
        axes.plot([x, x + length], [y, y], color=SOFT, linewidth=1.2, zorder=9, solid_capstyle="butt")
        axes.text(x, y + (north - south) * 0.012, f"{length / 1000:g} km", fontsize=6.5, color=SOFT, zorder=9)

    def _strip(self, axes: Axes) -> None:
        """Draw the area that changed hands on each date, by who took it; the dates of the panels are marked."""
        words, dates = self.atlas.words, self.atlas.history.dates
        for x, date in enumerate(dates):
            low = 0.0
            for row in self.atlas.changes[date]:
                number = self.atlas.number(row["to_actor"]) if row["to_state"] == "held" else -1
                tones = self.atlas.sides[number].light if number >= 0 else None
                colour = BORDER if tones is None else tones.strong if date in self.dates else tones.area
                axes.bar(x, row["area_km2"], bottom=low, width=0.72, color=colour, linewidth=0)
                low += row["area_km2"]
        axes.set_xlim(-0.6, len(dates) - 0.4)
        step = max(1, -(-len(dates) // 12))
        shown = range(0, len(dates), step)
        axes.set_xticks(shown, [words.date_short(dates[x]) for x in shown], fontsize=6.5, color=SOFT)
        axes.set_yticks([])
        axes.tick_params(length=0, pad=2)
        for name, spine in axes.spines.items():
            spine.set_visible(name == "bottom")
            spine.set_color("#dcdedf")
        axes.set_title(f"{words['chart_label']}, km²", fontsize=7, color=SOFT, loc="left", pad=2)

    def _legend_entries(self) -> list[tuple[str, str, str | None]]:
        """Give the legend's lines for the last date: text, tone, tone of the hatch."""
        words, balance = self.atlas.words, self.atlas.balances[max(self.dates)]

        def line(name: str, km2: float) -> str:
            return f"{name}  {words.number(km2)} km² ({words.number(balance.share(km2), digits=1)}%)"

        entries: list[tuple[str, str, str | None]] = [
            (line(self.atlas.side(row.actor).short, row.area_km2), self.atlas.side(row.actor).light.area, None)
            for row in balance.sides if row.area_km2
        ]  # fmt: skip
        if balance.contested_km2:
            fought = max((row for row in self.atlas.areas[balance.date] if row["state"] == "contested"), key=lambda row: row["area_km2"])
            entries.append((line(words["contested"], balance.contested_km2), *self._contest(fought["actors"])))
        if balance.unknown_km2:
            entries.append((line(words["unknown"], balance.unknown_km2), LAND, None))
        first = self.atlas.side(balance.sides[0].actor).light if balance.sides else None
        if first is not None:
            entries += [(words["inferred"], first.faint, None), (words["claimed"], LAND, first.stripe)]
            entries.append((words["changed"], first.strong, None))
        return entries

    def _legend(self, figure: Figure, top: float) -> None:
        width, height = self.size
        step = (width - 0.5) / self.legend_columns
        for number, (text, tone, hatch) in enumerate(self.legend):
            row, column = divmod(number, self.legend_columns)
            x, y = (0.25 + column * step) / width, (top - LEGEND_ROW * (row + 0.8)) / height
            box: dict[str, Any] = {"xy": (x, y), "width": 0.2 / width, "height": 0.13 / height, "transform": figure.transFigure}
            figure.add_artist(Rectangle(**box, facecolor=tone, edgecolor=hatch or BORDER, linewidth=0, hatch="/////" if hatch else None))
            figure.add_artist(Rectangle(**box, fill=False, edgecolor=BORDER, linewidth=0.5))
            figure.text(x + 0.26 / width, y + 0.065 / height, text, fontsize=7.5, color=INK, va="center")

    def _foot(self, figure: Figure) -> None:
        words, (width, height) = self.atlas.words, self.size
        until = max(self.dates)
        sources = sorted({event["source"] for event in self.atlas.events if event["published"] <= until})
        named = f"{words['sources']}: {', '.join(sources[:8])}{'…' if len(sources) > 8 else ''}. " if sources else ""
        text = f"{named}{words['credit']}\n{words['disclaimer']}"
        wrapped = _wrap(text, int((width - 0.5) * 21))
        figure.text(0.25 / width, 0.12 / height, wrapped, fontsize=6.2, color=SOFT, va="bottom", linespacing=1.35)


def _fill(
    axes: Axes, shape: shapely.Geometry, colour: str, *, zorder: int, edge: str = "none", width: float = 0.0, alpha: float = 1.0,
    hatch: str | None = None, hatch_colour: str | None = None,
) -> None:  # fmt: skip
    path = _path(shape)
    if path is None:
        return
    if hatch is not None:
        axes.add_patch(PathPatch(path, facecolor=colour, edgecolor=hatch_colour, hatch=hatch, linewidth=0, zorder=zorder))
        colour = "none"
    axes.add_patch(PathPatch(path, facecolor=colour, edgecolor=edge, linewidth=width, alpha=alpha, zorder=zorder, joinstyle="round"))


def _stroke(axes: Axes, shape: shapely.Geometry, colour: str, width: float, *, zorder: int, dashes: tuple[int, int] | None = None) -> None:
    for line in shapely.get_parts(shape):
        xy = shapely.get_coordinates(line)
        axes.plot(xy[:, 0], xy[:, 1], color=colour, linewidth=width, zorder=zorder, solid_joinstyle="round",
                  linestyle=(0, dashes) if dashes else "-", scalex=False, scaley=False)  # fmt: skip


def _path(shape: shapely.Geometry) -> Path | None:
    """Join a polygon's rings to one path; rings run as they come, and outer and inner ones run opposite ways."""
    oriented = shapely.get_parts(shapely.orient_polygons(shape))
    rings = [ring for part in oriented for ring in shapely.get_rings(part)]
    if not rings:
        return None
    vertices: list[NDArray[np.float64]] = [shapely.get_coordinates(ring) for ring in rings]
    codes = np.concatenate([[Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY] for ring in vertices])
    return Path(np.concatenate(vertices), codes)


def _wrap(text: str, width: int) -> str:
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return "\n".join(lines)
