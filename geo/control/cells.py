"""Land cut into cells, one round each place: the coverage on which control is decided and drawn.

A cell is the land nearest to its place (Voronoi, in the theatre's equal-area CRS). Land far from
every place gets filler points, so that no cell is huge; they have no name and no report can reach
them. Where a baseline has polygons, cells are cut along their lines, so that a line that somebody drew stays where it
was drawn as long as nothing moves it. Islands belong to the nearest place's cell. All cells
together are a coverage of the land: neighbours share their vertices exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from geo.control.arrays import Bools, Floats, Geometries, Ints
from geo.control.mesh import border_pairs, build_mesh
from geo.control.projection import land_of, project, split_antimeridian, unproject
from geo.control.zones import Zone, zones_of
from geo.geometry import WGS84
from geo.records import Place
from geo.theatre import Theatre

SETTLEMENTS = ("city", "town", "village")
SITES = ("base", "airport", "crossing", "facility")  # have a cell of their own where no settlement is near
PARTS = ("neighbourhood", "square")
SITE_APART_M = 3000.0  # a base farther than this from every settlement stands for its own land
SAME_POINT_M = 50.0  # two entries closer than this are one place, or a duplicate in the gazetteer
OFF_LAND_M = 5000.0  # coasts and borders are generalised; a place this far off is still the theatre's
FILLERS = 2500  # filler points that an empty land would get, which sets their spacing
SLIVER_KM2 = 0.25  # a scrap that a baseline's line cuts off a cell and that is smaller than this stays with the cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The coverage, and what is needed to dissolve and smooth it without asking geometry again.

    ``polygons`` and ``xy`` (the point that stands for a cell) are metres in ``crs``; ``frame`` is what the history gives
    out (EPSG:4326). ``zone`` is the index into ``zones`` of the baseline polygon that a cell lies in, -1 for none. ``host`` is
    the cell of each place, its own or that of its double; ``province`` the country and admin1 of each cell. ``vertices`` are all
    corners, sorted as complex numbers in ``keys``; ``middle`` tells those that halve a straight piece of border. A segment ``s``
    runs between vertices ``ends[s]`` and parts cells ``sides[s]``; ``pairs`` are neighbouring cells, ``border_m`` the length of
    their border and ``gap_m`` the distance of their points.
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
    middle: Bools
    ends: Ints
    sides: Ints
    pairs: Ints
    border_m: Floats
    gap_m: Floats

    def __len__(self) -> int:
        return len(self.polygons)


@dataclass(frozen=True, slots=True)
class _Sites:
    """The points that get a cell, those of places first; ``host`` tells the point of each place, or of its double."""

    places: list[Place]
    xy: Floats
    host: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Pieces of land: whose site, in which zone, and whether a piece holds its site's point."""

    shapes: Geometries
    owner: Ints
    zone: Ints
    main: Bools


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
    land = land_of(theatre)
    zones, polygons = zones_of(theatre, crs)
    apart |= _enclaves(places, zones, polygons, crs)
    sites = _with_fillers(_sites(places, land, theatre, apart), land, theatre)
    pieces = _order(_cut(sites.xy, land, polygons, zones), sites.xy, len(sites.places))
    return _assemble(pieces, sites, theatre, zones)


def _enclaves(places: Sequence[Place], zones: tuple[Zone, ...], polygons: Geometries, crs: CRS) -> frozenset[str]:
    """Name the quarters that the baseline's polygons give to another holder than the settlement they lie in."""
    quarters = [p for p in places if p.kind in PARTS]
    towns = [p for p in places if p.kind in SETTLEMENTS]
    if not zones or not quarters or not towns:
        return frozenset()
    here, there = (project(np.array([(p.lon, p.lat) for p in some]), crs) for some in (quarters, towns))
    town = cKDTree(there).query(here)[1]
    holders = [None, *(zone.actors for zone in zones)]
    own, theirs = _zone_at(here, polygons, zones), _zone_at(there[town], polygons, zones)
    pairs = zip(quarters, own.tolist(), theirs.tolist(), strict=True)
    return frozenset(p.place_id for p, a, b in pairs if a >= 0 and b >= 0 and holders[a + 1] != holders[b + 1])


def place_order(place: Place) -> tuple[int, int, str, str]:
    """Sort key: biggest first."""
    kinds = (*SETTLEMENTS, *SITES, *PARTS)
    kind = kinds.index(place.kind) if place.kind in kinds else len(kinds)
    return (-place.population if place.population > 0 else 0, kind, place.name, place.place_id)


def _sites(places: Sequence[Place], land: shapely.Geometry, theatre: Theatre, apart: frozenset[str]) -> _Sites:
    """Choose the places that get a cell; ``host`` also tells whose cell a double of theirs lies in."""
    unique = {place.place_id: place for place in places if place.kind in (*SETTLEMENTS, *SITES) or place.place_id in apart}
    ordered = sorted(unique.values(), key=place_order)
    own = (f"{theatre.name}:", "user:")
    xy = project(np.array([(p.lon, p.lat) for p in ordered], dtype=np.float64).reshape(-1, 2), theatre.crs)
    points = shapely.points(xy)
    shapely.prepare(land)
    inside = shapely.intersects(land, points)
    near = inside.copy()
    near[~inside] = shapely.dwithin(land, points[~inside], OFF_LAND_M)
    ashore = near & ~inside
    xy[ashore] = shapely.get_coordinates(shapely.shortest_line(land, points[ashore]))[::2]
    settled = np.array([p.kind in SETTLEMENTS for p in ordered], dtype=bool) & near
    alone = _standing_alone(ordered, xy, settled, near)
    keep = np.flatnonzero(settled | alone | (near & np.array([p.place_id in apart for p in ordered], dtype=bool)))
    host: dict[str, int] = {}
    chosen: list[int] = []
    twins = _twins(xy[keep])
    for k, index in enumerate(keep.tolist()):
        place = ordered[index]
        twin = twins.get(k)
        if twin is not None and place.place_id not in apart:
            host[place.place_id] = host[ordered[keep[twin]].place_id]
            continue
        host[place.place_id] = len(chosen)
        chosen.append(index)
    owners = [ordered[k] for k in chosen]
    for place_id, site in host.items():  # of two entries on one spot the theatre's own gives the cell its name and id
        if place_id.startswith(own) and not owners[site].place_id.startswith(own):
            owners[site] = unique[place_id]
    return _Sites(owners, xy[chosen].reshape(-1, 2), host)


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


def _with_fillers(sites: _Sites, land: shapely.Geometry, theatre: Theatre) -> _Sites:
    """Lay a triangular grid over land that is far from every place."""
    points = sites.xy
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
    return _Sites(sites.places, np.vstack([points, grid[inside]]), sites.host)


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


def _order(pieces: tuple[list[shapely.Geometry], list[int], list[int]], xy: Floats, named: int) -> _Pieces:
    """Put the pieces round named places first, in the order of their sites; then the rest."""
    shapes = np.array(pieces[0], dtype=object)
    owner, zone = np.array(pieces[1], dtype=np.int64), np.array(pieces[2], dtype=np.int64)
    away = shapely.distance(shapes, shapely.points(xy[owner])) if len(xy) else np.zeros(len(shapes))
    best = np.lexsort((-shapely.area(shapes), np.round(away, 3), owner))
    main = np.zeros(len(shapes), dtype=bool)
    main[best[np.concatenate([[True], np.diff(owner[best]) != 0])]] = True
    order = np.lexsort((zone, owner, ~main, ~main | (owner >= named)))
    return _Pieces(shapes[order], owner[order], zone[order], main[order])


def _assemble(pieces: _Pieces, sites: _Sites, theatre: Theatre, zones: tuple[Zone, ...]) -> Cells:
    """Give each piece its point, its place and its province, and find who borders whom."""
    own, named, xy = pieces.owner, sites.places, sites.xy
    is_named = pieces.main & (own < len(named))
    centre = shapely.get_coordinates(shapely.point_on_surface(pieces.shapes))
    if len(xy):
        holds = pieces.main & (shapely.distance(pieces.shapes, shapely.points(xy[own])) == 0)
        centre[holds] = xy[own[holds]]
    places: tuple[Place | None, ...] = tuple(named[o] if n else None for o, n in zip(own.tolist(), is_named.tolist(), strict=True))
    site_cell = dict(zip(own[is_named].tolist(), np.flatnonzero(is_named).tolist(), strict=True))
    lost = [k for k in range(len(named)) if k not in site_cell]  # on a coast that the outline leaves out
    if lost:
        site_cell.update(zip(lost, cKDTree(centre).query(xy[lost])[1].tolist(), strict=True))
    mesh = build_mesh(pieces.shapes)
    lonlat = unproject(mesh.vertices, theatre.crs)
    area = shapely.area(pieces.shapes) / 1e6
    pairs, border_m, gap_m = border_pairs(mesh, centre)
    geometry = split_antimeridian(shapely.set_coordinates(mesh.polygons.copy(), lonlat[mesh.corner]), theatre)
    province = _provinces(own, named, xy, centre)
    data = _columns(places, area, unproject(centre, theatre.crs)) | {"province": [".".join(code or ()) for code in province]}
    frame = gpd.GeoDataFrame(data, geometry=geometry, crs=WGS84)
    return Cells(
        frame=frame, crs=theatre.crs, places=places, polygons=mesh.polygons,
        area_km2=area, xy=centre, zones=zones, zone=pieces.zone, host={place_id: site_cell[site] for place_id, site in sites.host.items()},
        province=province, keys=mesh.keys, vertices=mesh.vertices, lonlat=lonlat, middle=mesh.middle,
        ends=mesh.ends, sides=mesh.sides, pairs=pairs, border_m=border_m, gap_m=gap_m,
    )  # fmt: skip


def _columns(places: tuple[Place | None, ...], area: Floats, spots: Floats) -> dict[str, object]:
    """Give the first columns of the cells as the history gives them out."""
    ids = [p.place_id if p else f"land:{lat:.4f},{lon:.4f}" for p, (lon, lat) in zip(places, spots.tolist(), strict=True)]
    return {
        "place_id": ids, "name": [p.name if p else "" for p in places], "kind": [p.kind if p else "land" for p in places],
        "rank": np.arange(len(places)), "area_km2": area, "lon": spots[:, 0], "lat": spots[:, 1],
    }  # fmt: skip


def _provinces(own: Ints, named: list[Place], xy: Floats, centre: Floats) -> tuple[tuple[str, str] | None, ...]:
    """Tell the country and admin1 of each cell; land without a name is in the province of the nearest place that has one."""
    code = [(p.country or "", p.admin1) if p.admin1 else None for p in named]
    known = [k for k, c in enumerate(code) if c]
    if not known:
        return (None,) * len(own)
    nearest = cKDTree(xy[known]).query(centre)[1]
    direct = [code[o] if o < len(named) else None for o in own.tolist()]
    return tuple(d or code[known[k]] for d, k in zip(direct, nearest.tolist(), strict=True))
