"""A date's map as one plain SVG, for readers without scripts and for embeds, and the locator; styled by the page's own classes."""

import datetime as dt

import numpy as np
import shapely

from geo.publish.atlas import Atlas
from geo.publish.base import Base

WIDTH, TALLEST = 720, 680  # of the figure; a tall country's is narrower
THIN_SHARE = 0.003  # outlines are thinned to this share of the map's width: two pixels
LOCATOR_WIDTH = 220


def figure_svg(atlas: Atlas, date: dt.date) -> str:
    """Draw the areas and fronts of a date; the colours come from the page's style."""
    west, south, east, north = atlas.base.extent
    box = (west - 0.1, south - 0.1, east + 0.1, north + 0.1)
    frame, tall = shapely.box(*box), (box[3] - box[1]) / ((box[2] - box[0]) * np.cos(np.radians((south + north) / 2)))
    width = min(WIDTH, round(TALLEST / tall))
    height, thin = round(width * tall), (east - west) * THIN_SHARE * WIDTH / width
    alike: dict[str, list[shapely.Geometry]] = {}
    for row in atlas.areas[date]:
        if row["layer"] == "assessed":
            alike.setdefault(atlas.area_class(row) or "blank", []).append(row["geometry"])
    joined = [shapely.coverage_union_all(shapes) for shapes in alike.values()]
    shapes = shapely.coverage_simplify(joined, thin) if joined else []
    paths = [("around", shapely.simplify(shapely.intersection(atlas.base.around, frame), thin))]
    paths += [(f"area {css}", shape) for css, shape in zip(alike, shapes, strict=True)]
    paths += [("front", shapely.simplify(row["geometry"], thin)) for row in atlas.fronts[date]]
    drawn = "".join(f'<path class="{css}" d="{_path(shape, box, width, height)}"/>' for css, shape in paths)
    label = atlas.words.fill("title", theatre=atlas.theatre.title, date=atlas.words.date(date))
    return f'<svg class="figure" viewBox="0 0 {width} {height}" role="img" aria-label="{_attribute(label)}">{drawn}</svg>'


def locator_svg(base: Base) -> str:
    """Draw where the theatre lies among its neighbours; the rectangle is the extent until the client moves it."""
    west, south, east, north = box = base.locator_box
    height = round(LOCATOR_WIDTH * (north - south) / ((east - west) * np.cos(np.radians((south + north) / 2))))
    land = _path(base.locator_land, box, LOCATOR_WIDTH, height)
    here = _path(shapely.simplify(base.land, 0.05), box, LOCATOR_WIDTH, height)
    corners = " ".join(f"{value:.3f}" for value in box)
    return (
        f'<svg viewBox="0 0 {LOCATOR_WIDTH} {height}" data-box="{corners}"><rect class="sea" width="{LOCATOR_WIDTH}" '
        f'height="{height}"/><path class="land" d="{land}"/><path class="here" d="{here}"/><rect class="view" width="0" height="0"/></svg>'
    )


def _path(geometry: shapely.Geometry, box: tuple[float, float, float, float], width: float, height: float) -> str:
    west, south, east, north = box
    pieces = []
    for part in shapely.get_parts(geometry):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            xy = shapely.get_coordinates(ring)
            scaled = np.c_[(xy[:, 0] - west) / (east - west) * width, (north - xy[:, 1]) / (north - south) * height]
            points = np.rint(scaled).astype(int)
            points = points[np.r_[True, (points[1:] != points[:-1]).any(axis=1)]]
            if len(points) > (3 if part.geom_type == "Polygon" else 1):
                steps = " ".join(f"{x} {y}" for x, y in np.diff(points, axis=0).tolist())
                pieces.append(f"M{points[0][0]} {points[0][1]}l{steps}{'z' if part.geom_type == 'Polygon' else ''}".replace(" -", "-"))
    return "".join(pieces)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
