"""What lies under every map of a theatre: its land, the land around it, boundaries, names of neighbours, and the frame."""

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geo.resources import data_path
from geo.theatre import Theatre

WIDEST, TALLEST = 2.5, 2.1  # screens whose whole frame is filled with land, width to height and height to width
LEAST_AROUND = 0.35  # of the extent, that is kept on each side in any case
CLOSE_DEG = 0.08  # nearer than this to the theatre the neighbours keep every vertex, farther away they are thinned
THIN_SHARE = 0.002  # of the extent: two pixels when the whole theatre is in view
COARSE_SHARE = 0.006  # of the locator's width: a thumbnail's pixel
LOCATOR_DEG = 9.0  # what the locator shows beyond the extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The vector base map, EPSG:4326; ``provinces`` are the lines between them, ``names`` neighbours with a point on visible land."""

    extent: tuple[float, float, float, float]
    land: shapely.Geometry
    around: shapely.Geometry
    borders: shapely.Geometry
    provinces: shapely.Geometry
    names: tuple[tuple[str, float, float], ...]
    locator_land: shapely.Geometry
    locator_box: tuple[float, float, float, float]


def load_surroundings(theatre: Theatre) -> gpd.GeoDataFrame:
    """Load the outlines of the countries around a theatre (name, geometry), from the basemap that ships."""
    (west, south, east, north), locator = _widened(theatre.extent), _locator_box(theatre.extent)
    low = max(-180.0, min(west, locator[0])), max(-90.0, min(south, locator[1]))
    box = (*low, min(180.0, max(east, locator[2])), min(90.0, max(north, locator[3])))
    frame = gpd.read_file(data_path("basemap", "countries.fgb"), bbox=box)
    return frame[~frame["country"].isin(theatre.countries)].reset_index(drop=True)


def make_base(theatre: Theatre, surroundings: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> Base:
    """Cut the base map of a theatre out of its land, the countries around it, and the provinces that its cells lie in."""
    land = shapely.union_all(theatre.land.geometry.to_numpy())
    frame = shapely.box(*_widened(theatre.extent))
    thin = THIN_SHARE * max(theatre.extent[2] - theatre.extent[0], theatre.extent[3] - theatre.extent[1])
    shapes = shapely.intersection(shapely.make_valid(surroundings.geometry.to_numpy()), frame)
    whole = shapely.union_all(shapes)
    close = shapely.buffer(land, CLOSE_DEG, quad_segs=2)
    far = shapely.intersection(shapely.simplify(whole, thin), frame)
    far = _without_specks(far, shapely.box(*theatre.extent), thin**2)
    around = shapely.union_all([shapely.intersection(whole, close), shapely.difference(far, close)])
    box = _locator_box(theatre.extent)
    thumbnail = shapely.union_all([*shapely.intersection(shapely.make_valid(surroundings.geometry.to_numpy()), shapely.box(*box)), land])
    return Base(
        extent=theatre.extent, land=land, around=_areal(around), borders=_borders(land, shapes, thin),
        provinces=_provinces(cells, thin), names=_names(surroundings, theatre),
        locator_land=_areal(shapely.simplify(thumbnail, COARSE_SHARE * (box[2] - box[0]))), locator_box=box,
    )  # fmt: skip


def _widened(extent: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Give the frame that screens of any shape show when the whole theatre is in view."""
    west, south, east, north = extent
    wide, high = east - west, north - south
    squeeze = math.cos(math.radians((south + north) / 2))
    aside = max(LEAST_AROUND * wide, (WIDEST * high / squeeze - wide) / 2)
    above = max(LEAST_AROUND * high, (TALLEST * wide * squeeze - high) / 2)
    return west - aside, max(-85.0, south - above), east + aside, min(85.0, north + above)


def _locator_box(extent: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = extent
    margin = min(LOCATOR_DEG, 1.35 * (east - west))
    return west - margin, south - margin * 0.75, east + margin, north + margin * 0.75


def _borders(land: shapely.Geometry, shapes: np.ndarray, thin: float) -> shapely.Geometry:
    """Give the lines that two countries share; what only one has is coast."""
    near = [shapely.intersection(shapely.boundary(land), shapely.boundary(shape)) for shape in shapes]
    far = []
    tree = shapely.STRtree(shapes)
    for one, two in tree.query(shapes, predicate="intersects").T:
        if one < two:
            shared = shapely.intersection(shapely.boundary(shapes[one]), shapely.boundary(shapes[two]))
            far.append(shapely.simplify(shapely.line_merge(_lineal(shared)), thin))
    return shapely.line_merge(_lineal(shapely.union_all([*map(_lineal, near), *far])))


def _provinces(cells: gpd.GeoDataFrame, thin: float) -> shapely.Geometry:
    """Give the lines between provinces: the union of a province's cells is the province, closely enough for a thin line."""
    if "province" not in cells.columns or cells["province"].nunique() < 2:
        return shapely.MultiLineString()
    known = cells[cells["province"] != ""]
    shapes = known.geometry.to_numpy()
    joined = [shapely.coverage_union_all(shapes[rows]) for _, rows in sorted(known.groupby("province").indices.items())]
    simple = shapely.coverage_simplify(joined, thin * 2, simplify_boundary=False)
    lines = []
    tree = shapely.STRtree(simple)
    for one, two in tree.query(simple, predicate="intersects").T:
        if one < two:
            lines.append(_lineal(shapely.intersection(shapely.boundary(simple[one]), shapely.boundary(simple[two]))))
    return shapely.line_merge(_lineal(shapely.union_all(lines)))


def _names(surroundings: gpd.GeoDataFrame, theatre: Theatre) -> tuple[tuple[str, float, float], ...]:
    """Place each neighbour's name well inside what of it can be seen beside the theatre."""
    west, south, east, north = theatre.extent
    wide, high = (east - west) * 0.35, (north - south) * 0.15
    seen = shapely.box(west - wide, south - high, east + wide, north + high)
    found = []
    for name, shape in zip(surroundings["name"], surroundings.geometry, strict=True):
        part = max(shapely.get_parts(shapely.intersection(shapely.make_valid(shape), seen)), key=lambda p: p.area, default=None)
        if part is not None and part.area > 0.004 * seen.area:
            point = shapely.centroid(shapely.maximum_inscribed_circle(part, tolerance=0.05))
            centre = shapely.get_coordinates(point)[0]
            found.append((str(name), round(float(centre[0]), 3), round(float(centre[1]), 3)))
    return tuple(sorted(found))


def _without_specks(land: shapely.Geometry, seen: shapely.Geometry, least: float) -> shapely.Geometry:
    """Leave out islands below a size that lie outside the theatre's frame."""
    parts = shapely.get_parts(land)
    return shapely.MultiPolygon(list(parts[(shapely.area(parts) >= least) | shapely.intersects(parts, seen)]))


def _areal(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.MultiPolygon([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])


def _lineal(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.MultiLineString([part for part in shapely.get_parts(geometry) if part.geom_type == "LineString" and part.length > 0])
