"""Land cut into cells, one round each place: the coverage on which control is decided and drawn.

A cell is the land nearest to its place (Voronoi, in the theatre's equal-area CRS). Land far from
every place gets filler points, so that no cell is huge; they have no name and no report can reach
them. Where a baseline has polygons, cells are cut along their lines, so that a line that somebody drew stays where it
was drawn as long as nothing moves it. Islands belong to the nearest place's cell. All cells
together are a coverage of the land: neighbours share their vertices exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from scipy.spatial import cKDTree

from geo.control.zones import Zone, zones_of
from geo.errors import TheatreError
from geo.geometry import WGS84
from geo.records import Place
from geo.theatre import Theatre

SETTLEMENTS = ("city", "town", "village")
SITES = ("base", "airport", "crossing", "facility")  # have a cell of their own where no settlement is near
PARTS = ("neighbourhood", "square")
SITE_APART_M = 3000.0  # a base farther than this from every settlement stands for its own land
SAME_POINT_M = 150.0  # two entries closer than this are one place, or a duplicate in the gazetteer
OFF_LAND_M = 5000.0  # coasts and borders are generalised; a place this far off is still the theatre's
FILLERS = 2500  # filler points that an empty land would get, which sets their spacing
SLIVER_KM2 = 0.25  # a scrap that a baseline's line cuts off a cell and that is smaller than this stays with the cell

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The coverage, and what is needed to dissolve and smooth it without asking geometry again.

    ``polygons`` and ``xy`` (the point that stands for a cell) are metres in ``crs``; ``frame`` is what
    the history gives out (EPSG:4326). ``zone`` is the index into ``zones`` of the baseline polygon that a cell lies in, -1 for none.
    ``vertices`` are all corners, sorted as complex numbers in ``keys``; a segment ``s`` runs between vertices ``ends[s]``
    and parts cells ``sides[s]``; ``pairs`` are neighbouring cells with the length of their border and the distance of their points.
    """

    frame: gpd.GeoDataFrame
    crs: CRS
    places: tuple[Place | None, ...]
    polygons: Geometries
    area_km2: Floats
    xy: Floats
    zones: tuple[Zone, ...]
    zone: Ints
    host: Mapping[str, int]
    province: tuple[tuple[str, str] | None, ...]
    keys: NDArray[np.complex128]
    vertices: Floats
    lonlat: Floats
    ends: Ints
    sides: Ints
    pairs: Ints
    border_m: Floats
    gap_m: Floats

    def __len__(self) -> int:
        return len(self.polygons)


def build_cells(places: Sequence[Place], theatre: Theatre, *, apart: frozenset[str] = frozenset()) -> Cells:
    """Cut a theatre's land into cells.

    Parameters
    ----------
    places
        What the gazetteer has; settlements get a cell, and bases and the like that stand alone.
    theatre
        Gives the land, the CRS and the baseline's polygons.
    apart
        Place ids of quarters that are held apart from their town and so get a cell of their own.

    Returns
    -------
    Cells
        Named cells first, biggest place first; then the land without names.
    """
    crs = theatre.crs
    land = _land(theatre)
    zones, polygons = zones_of(theatre, crs)
    sites, host = _sites(places, land, crs, apart)
    points = np.array([xy for _, xy in sites], dtype=np.float64).reshape(-1, 2)
    named = [place for place, _ in sites]
    fillers = _fillers(points, land, theatre)
    xy = np.vstack([points, fillers])
    pieces, owner, zone = _cut(xy, land, polygons, zones)
    return _assemble(named, host, xy, pieces, owner, zone, zones, crs, theatre)


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


def _land(theatre: Theatre) -> shapely.Geometry:
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
    land = shapely.transform(land, lambda c: project(c, theatre.crs))
    parts = [p for p in shapely.get_parts(shapely.make_valid(land, method="structure", keep_collapsed=False)) if p.geom_type == "Polygon"]
    if not parts:
        fault = (
            f"extent {list(theatre.extent)} holds no land of {', '.join(theatre.countries) or 'any country'}; correct extent or countries"
        )
        raise TheatreError(theatre.name, [f"theatre.toml: {fault}"])
    return shapely.multipolygons(parts) if len(parts) > 1 else parts[0]


def place_order(place: Place) -> tuple[int, int, str, str]:
    """Sort key: biggest first."""
    kinds = (*SETTLEMENTS, *SITES, *PARTS)
    kind = kinds.index(place.kind) if place.kind in kinds else len(kinds)
    return (-place.population if place.population > 0 else 0, kind, place.name, place.place_id)


def _sites(
    places: Sequence[Place], land: shapely.Geometry, crs: CRS, apart: frozenset[str]
) -> tuple[list[tuple[Place, Floats]], dict[str, int]]:
    """Choose the places that get a cell; ``host`` also tells whose cell a double of theirs lies in."""
    unique = {place.place_id: place for place in places if place.kind in (*SETTLEMENTS, *SITES) or place.place_id in apart}
    ordered = sorted(unique.values(), key=place_order)
    xy = project(np.array([(p.lon, p.lat) for p in ordered], dtype=np.float64).reshape(-1, 2), crs)
    points = shapely.points(xy)
    shapely.prepare(land)
    inside = shapely.intersects(land, points)
    near = inside.copy()
    near[~inside] = shapely.dwithin(land, points[~inside], OFF_LAND_M)
    settled = np.array([p.kind in SETTLEMENTS for p in ordered], dtype=bool) & near
    alone = _standing_alone(ordered, xy, settled, near)
    keep = np.flatnonzero(settled | alone | (near & np.array([p.place_id in apart for p in ordered], dtype=bool)))
    host: dict[str, int] = {}
    sites: list[tuple[Place, Floats]] = []
    twins = _twins(xy[keep])
    for k, index in enumerate(keep.tolist()):
        place = ordered[index]
        twin = twins.get(k)
        if twin is not None and place.place_id not in apart:
            host[place.place_id] = host[ordered[keep[twin]].place_id]
            continue
        host[place.place_id] = len(sites)
        sites.append((place, xy[index]))
    return sites, host


def _standing_alone(ordered: list[Place], xy: Floats, settled: Bools, near: Bools) -> Bools:
    """Tell the bases, airports, crossings and facilities that are no part of a settlement."""
    alone = np.array([p.kind in SITES and p.within is None for p in ordered], dtype=bool) & near
    if settled.any() and alone.any():
        distance, _ = cKDTree(xy[settled]).query(xy[alone])
        alone[alone] = distance > SITE_APART_M
    return alone


def _twins(xy: Floats) -> dict[int, int]:
    """Map a point to the first point that lies on the same spot."""
    twins: dict[int, int] = {}
    if len(xy) < 2:
        return twins
    for i, j in sorted(map(tuple, cKDTree(xy).query_pairs(SAME_POINT_M, output_type="ndarray").tolist())):
        if i not in twins:
            twins.setdefault(j, i)
    return twins


def _fillers(points: Floats, land: shapely.Geometry, theatre: Theatre) -> Floats:
    """Lay a triangular grid over land that is far from every place."""
    spacing = float(theatre.settings.get("control", {}).get("filler_km", 0)) * 1000 or max(
        1.0, float(np.sqrt(shapely.area(land) / FILLERS))
    )
    west, south, east, north = shapely.bounds(land)
    rows = np.arange(south + spacing / 2, north, spacing * np.sqrt(3) / 2)
    columns = np.arange(west + spacing / 4, east, spacing)
    x = columns[None, :] + np.where(np.arange(len(rows)) % 2, spacing / 2, 0.0)[:, None]
    grid = np.column_stack([x.ravel(), np.repeat(rows, len(columns))])
    if len(points):
        distance, _ = cKDTree(points).query(grid)
        grid = grid[distance > 0.75 * spacing]
    inside: Bools = shapely.contains_xy(land, grid[:, 0], grid[:, 1]) if len(grid) else np.zeros(0, dtype=bool)
    return grid[inside]


def _cut(
    xy: Floats, land: shapely.Geometry, polygons: Geometries, zones: tuple[Zone, ...]
) -> tuple[list[shapely.Geometry], list[int], list[int]]:
    """Cut the Voronoi diagram by the land and by the baseline's lines: pieces, their sites, their zones."""
    if not len(xy):
        xy = shapely.get_coordinates(shapely.point_on_surface(land))
    box = shapely.box(*shapely.bounds(land)).buffer(10_000)
    if len(xy) == 1:
        raw = np.array([box], dtype=object)
    else:
        raw = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=box, ordered=True))
    lines = [shapely.boundary(land), *(shapely.boundary(p) for p in polygons)]
    shapely.prepare(land)
    whole = shapely.contains_properly(land, raw)
    for line in lines[1:]:
        shapely.prepare(line)
        whole &= ~shapely.intersects(line, raw)
    pieces = list(raw[whole])
    owner = np.flatnonzero(whole).tolist()
    zone = _zone_at(xy[whole], polygons, zones).tolist()
    edges = shapely.union_all([*shapely.boundary(raw[~whole]), *lines])
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    site = cKDTree(xy).query(inner)[1]
    keep = shapely.contains_xy(land, inner[:, 0], inner[:, 1]) & ~whole[site]
    faces, inner, site = faces[keep], inner[keep], site[keep]
    grouped = _group_faces(faces, site, _zone_at(inner, polygons, zones), xy)
    for (own, where), parts in sorted(grouped.items()):
        pieces.append(shapely.coverage_union_all(parts) if len(parts) > 1 else parts[0])
        owner.append(own)
        zone.append(where)
    return pieces, owner, zone


def _zone_at(xy: Floats, polygons: Geometries, zones: tuple[Zone, ...]) -> Ints:
    """Give the zone of each point: the innermost of nested polygons, a contested zone where others overlap."""
    found: list[list[int]] = [[] for _ in range(len(xy))]
    for number, polygon in enumerate(polygons):
        shapely.prepare(polygon)
        for index in np.flatnonzero(shapely.contains_xy(polygon, xy[:, 0], xy[:, 1])).tolist():
            found[index].append(number)
    lookup = {zone.polygons: number for number, zone in enumerate(zones)}
    return np.array([lookup.get(tuple(polygon_numbers), -1) for polygon_numbers in found], dtype=np.int64)


def _group_faces(faces: Geometries, site: Ints, zone: Ints, xy: Floats) -> dict[tuple[int, int], list[shapely.Geometry]]:
    """Join the faces of one site in one zone; scraps stay with the site's main piece."""
    area = shapely.area(faces)
    main: dict[int, int] = {}
    distance = shapely.distance(faces, shapely.points(xy[site])) if len(faces) else np.empty(0)
    for index in np.lexsort((-area, np.round(distance, 3), site)).tolist():
        main.setdefault(int(site[index]), index)
    grouped: dict[tuple[int, int], list[shapely.Geometry]] = {}
    for index in range(len(faces)):
        own = int(site[index])
        scrap = area[index] < SLIVER_KM2 * 1e6
        grouped.setdefault((own, int(zone[main[own]] if scrap else zone[index])), []).append(faces[index])
    return grouped


def _assemble(
    named: list[Place], host: dict[str, int], xy: Floats, pieces: list[shapely.Geometry], owner: list[int], zone: list[int],
    zones: tuple[Zone, ...], crs: CRS, theatre: Theatre,
) -> Cells:  # fmt: skip
    """Order the pieces, give each its point and its province, and find who borders whom."""
    shapes = np.array(pieces, dtype=object)
    own, where = np.array(owner, dtype=np.int64), np.array(zone, dtype=np.int64)
    holds = shapely.distance(shapes, shapely.points(xy[own])) if len(xy) else np.ones(len(shapes))
    best = np.lexsort((-shapely.area(shapes), np.round(holds, 3), own))
    first = best[np.concatenate([[True], np.diff(own[best]) != 0])]  # the piece round the point, of each site
    main = np.zeros(len(shapes), dtype=bool)
    main[first] = True
    is_named = main & (own < len(named))
    order = np.lexsort((where, own, ~main, ~is_named))
    shapes, own, where, is_named, main = shapes[order], own[order], where[order], is_named[order], main[order]
    centre = xy[own].copy() if len(xy) else np.empty((len(shapes), 2))
    loose = ~main | (holds[order] > 0)
    centre[loose] = shapely.get_coordinates(shapely.point_on_surface(shapes[loose]))
    places: tuple[Place | None, ...] = tuple(named[o] if n else None for o, n in zip(own.tolist(), is_named.tolist(), strict=True))
    site_cell = dict(zip(own[is_named].tolist(), np.flatnonzero(is_named).tolist(), strict=True))
    lost = [k for k in range(len(named)) if k not in site_cell]  # on a coast that the outline leaves out
    if lost:
        site_cell.update(zip(lost, cKDTree(centre).query(xy[lost])[1].tolist(), strict=True))
    home = {place_id: site_cell[site] for place_id, site in host.items()}
    area = shapely.area(shapes) / 1e6
    mesh = _mesh(shapes)
    lonlat = unproject(mesh.vertices, crs)
    return Cells(
        frame=_frame(places, area, mesh, lonlat, centre, theatre), crs=crs, places=places, polygons=mesh.polygons, area_km2=area, xy=centre,
        zones=zones, zone=where, host=home, province=_provinces(places, own, named, xy, centre), keys=mesh.keys, vertices=mesh.vertices,
        lonlat=lonlat, ends=mesh.ends, sides=mesh.sides, **_pairs(mesh, centre),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mesh:
    polygons: Geometries
    keys: NDArray[np.complex128]
    vertices: Floats
    ends: Ints
    sides: Ints
    corner: Ints  # vertex of each coordinate of ``polygons``


def _mesh(shapes: Geometries) -> _Mesh:
    """Halve every border between two cells, so that fronts can be drawn smooth, and list corners and segments."""
    kind, coords, offsets = shapely.to_ragged_array(shapes)
    ring = offsets[0]
    start = np.ones(len(coords), dtype=bool)
    start[ring[:-1]] = False  # coords[i] closes a segment from coords[i - 1], except where a ring begins
    last = np.flatnonzero(start)
    keys, corner = np.unique(coords[:, 0] + 1j * coords[:, 1], return_inverse=True)
    low, high = np.minimum(corner[last - 1], corner[last]), np.maximum(corner[last - 1], corner[last])
    _, segment, count = np.unique(low * len(keys) + high, return_inverse=True, return_counts=True)
    shared = count[segment] == 2
    middle = (coords[last[shared] - 1] + coords[last[shared]]) / 2
    coords = np.insert(coords, last[shared], middle, axis=0)
    grown = np.concatenate([[0], np.cumsum(np.bincount(last[shared], minlength=len(start)))])
    offsets = (ring + grown[np.minimum(ring, len(grown) - 1)], *offsets[1:])
    polygons = shapely.from_ragged_array(kind, coords, offsets)
    start = np.ones(len(coords), dtype=bool)
    start[offsets[0][:-1]] = False
    last = np.flatnonzero(start)
    keys, corner = np.unique(coords[:, 0] + 1j * coords[:, 1], return_inverse=True)
    ends, sides = _segments(corner, last, _cell_of_coordinate(polygons), len(keys))
    return _Mesh(polygons, keys, np.column_stack([keys.real, keys.imag]), ends, sides, corner)


def _cell_of_coordinate(polygons: Geometries) -> Ints:
    return np.repeat(np.arange(len(polygons)), shapely.get_num_coordinates(polygons))


def _segments(corner: Ints, last: Ints, cell: Ints, count: int) -> tuple[Ints, Ints]:
    """List the segments that part two cells: their ends, and the cells."""
    a, b = corner[last - 1], corner[last]
    low, high = np.minimum(a, b), np.maximum(a, b)
    key = low * count + high
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][1:] == key[order][:-1])
    left, right = order[twin], order[twin + 1]
    return np.column_stack([low[left], high[left]]), np.column_stack([cell[last[left]], cell[last[right]]])


def _pairs(mesh: _Mesh, centre: Floats) -> dict[str, NDArray[np.float64] | Ints]:
    """Sum the segments to borders between neighbours."""
    low, high = mesh.sides.min(axis=1), mesh.sides.max(axis=1)
    length = np.linalg.norm(mesh.vertices[mesh.ends[:, 0]] - mesh.vertices[mesh.ends[:, 1]], axis=1)
    key, index = np.unique(low * len(centre) + high, return_inverse=True)
    pairs = np.column_stack(np.divmod(key, len(centre)))
    border = np.bincount(index, weights=length, minlength=len(key))
    gap = np.linalg.norm(centre[pairs[:, 0]] - centre[pairs[:, 1]], axis=1)
    return {"pairs": pairs, "border_m": border, "gap_m": gap}


def _frame(
    places: tuple[Place | None, ...], area: Floats, mesh: _Mesh, lonlat: Floats, centre: Floats, theatre: Theatre
) -> gpd.GeoDataFrame:
    """Give the cells as the history gives them out."""
    geometry = split_antimeridian(shapely.set_coordinates(mesh.polygons.copy(), lonlat[mesh.corner]), theatre)
    spots = unproject(centre, theatre.crs)
    ids = [p.place_id if p else f"land:{lat:.4f},{lon:.4f}" for p, (lon, lat) in zip(places, spots.tolist(), strict=True)]
    return gpd.GeoDataFrame(
        {
            "place_id": ids,
            "name": [p.name if p else "" for p in places],
            "kind": [p.kind if p else "land" for p in places],
            "rank": np.arange(len(places)),
            "area_km2": area,
            "lon": spots[:, 0],
            "lat": spots[:, 1],
        },
        geometry=geometry,
        crs=WGS84,
    )


def split_antimeridian(geometries: Geometries, theatre: Theatre) -> Geometries:
    """Cut what crosses 180 degrees in two, where the theatre lies across it."""
    west, _, east, _ = theatre.extent
    if east > west:
        return geometries
    unwrapped = shapely.make_valid(shapely.transform(geometries, lambda c: np.where(c[:, :1] < 0, c + [360.0, 0.0], c)))
    near = shapely.intersection(unwrapped, shapely.box(0, -90, 180, 90))
    far = shapely.transform(shapely.intersection(unwrapped, shapely.box(180, -90, 540, 90)), lambda c: c - [360.0, 0.0])
    return np.array([shapely.union_all([a, b]) for a, b in zip(near, far, strict=True)], dtype=object)


def _provinces(
    places: tuple[Place | None, ...], own: Ints, named: list[Place], xy: Floats, centre: Floats
) -> tuple[tuple[str, str] | None, ...]:
    """Tell the country and admin1 of each cell; land without a name is in the province of the nearest place that has one."""
    code = [(p.country or "", p.admin1) if p.admin1 else None for p in named]
    known = [k for k, c in enumerate(code) if c]
    if not known:
        return (None,) * len(places)
    nearest = cKDTree(xy[known]).query(centre)[1]
    direct = [code[o] if o < len(named) else None for o in own.tolist()]
    return tuple(d or code[known[k]] for d, k in zip(direct, nearest.tolist(), strict=True))
