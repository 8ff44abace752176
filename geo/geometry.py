"""Coordinates: one CRS at rest, one metric CRS for a theatre, and the guard between them.

At rest everything is EPSG:4326, longitude before latitude. Lengths and areas are taken in an
equal-area CRS made for the theatre (metres), never in degrees.
"""

import math

from pyproj import CRS

WGS84 = CRS.from_epsg(4326)
EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS 84 ellipsoid (IUGG)


def metric_crs(extent: tuple[float, float, float, float]) -> CRS:
    """Give the Lambert azimuthal equal-area CRS centred on an extent, in metres.

    Parameters
    ----------
    extent
        West, south, east, north in degrees; east may be less than west across the antimeridian.

    Examples
    --------
    >>> metric_crs((35.7, 32.3, 42.4, 37.4)).axis_info[0].unit_name
    'metre'
    """
    west, south, east, north = extent
    if east < west:
        east += 360.0
    lon = (west + east) / 2
    lon = lon - 360.0 if lon > 180.0 else lon
    return CRS.from_proj4(f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={lon:.4f} +datum=WGS84 +units=m +no_defs")


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Give the great-circle distance of two points in kilometres.

    Examples
    --------
    >>> round(distance_km(37.16, 36.20, 36.63, 35.93))  # Aleppo to Idlib
    56
    """
    p, q = math.radians(lat1), math.radians(lat2)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))
