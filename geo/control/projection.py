"""Between degrees and a theatre's metres: points, the theatre's land, and what crosses 180 degrees."""

from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geo.control.arrays import Floats, Geometries
from geo.errors import TheatreError
from geo.geometry import WGS84
from geo.theatre import Theatre

STRAIGHT_DEGREES = 0.05  # a line straight in degrees is bent in metres; pieces of this length are off by less than a metre


def land_of(theatre: Theatre) -> shapely.Geometry:
    """Join the countries' land, cut it to the theatre's extent, in metres."""
    west, south, east, north = theatre.extent
    crosses = east < west
    shift = np.array([360.0, 0.0])
    geometries = theatre.land.geometry.to_numpy()
    if crosses:  # east of 180 degrees is written as west of it; put both sides side by side
        geometries = shapely.transform(geometries, lambda c: np.where(c[:, :1] < 0, c + shift, c))
        east += 360.0
    land = shapely.union_all(shapely.make_valid(geometries)) if len(geometries) else shapely.Polygon()
    land = shapely.intersection(land, shapely.box(west, south, east, north))
    land = shapely.transform(shapely.segmentize(land, STRAIGHT_DEGREES), lambda c: project(c, theatre.crs))
    solid = shapely.get_parts(shapely.make_valid(land, method="structure", keep_collapsed=False))
    parts = [p for p in solid if p.geom_type == "Polygon" and not p.is_empty]
    if not parts:
        fault = (
            f"extent {list(theatre.extent)} holds no land of {', '.join(theatre.countries) or 'any country'}; correct extent or countries"
        )
        raise TheatreError(theatre.name, [f"theatre.toml: {fault}"])
    return shapely.multipolygons(parts) if len(parts) > 1 else parts[0]


def project(lonlat: Floats, crs: CRS) -> Floats:
    """Turn degrees (n, 2) into metres of a CRS."""
    if not len(lonlat):
        return np.empty((0, 2))
    x, y = _transformer(crs.to_wkt()).transform(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([x, y])


def unproject(xy: Floats, crs: CRS) -> Floats:
    """Turn metres of a CRS (n, 2) into degrees, to 1e-7 (one centimetre), so that shared corners stay shared."""
    if not len(xy):
        return np.empty((0, 2))
    lon, lat = _transformer(crs.to_wkt()).transform(xy[:, 0], xy[:, 1], direction="INVERSE")
    return np.round(np.column_stack([lon, lat]), 7)


@lru_cache(maxsize=8)
def _transformer(wkt: str) -> Transformer:
    return Transformer.from_crs(WGS84, CRS.from_wkt(wkt), always_xy=True)


def split_antimeridian(geometries: Geometries, theatre: Theatre) -> Geometries:
    """Cut what crosses 180 degrees in two, where the theatre lies across it."""
    west, _, east, _ = theatre.extent
    if east > west:
        return geometries
    shift = np.array([360.0, 0.0])
    unwrapped = shapely.make_valid(shapely.transform(geometries, lambda c: np.where(c[:, :1] < 0, c + shift, c)))
    near = shapely.intersection(unwrapped, shapely.box(0, -90, 180, 90))
    far = shapely.transform(shapely.intersection(unwrapped, shapely.box(180, -90, 540, 90)), lambda c: c - shift)
    return np.array([shapely.union_all([a, b]) for a, b in zip(near, far, strict=True)], dtype=object)
