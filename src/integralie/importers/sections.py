"""Street sections where none were given: the centre lines of the carriageways, or else of the corridors of buried
lines.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pygeoops
import shapely
from shapely import STRtree

from integralie.importers.topology import cut, tidy
from integralie.kinds import kinds
from integralie.schema.frames import conform
from integralie.schema.notes import finding

DENSIFY, BRANCH, SIMPLIFY = 1.5, 12.0, 0.4  # metres, found by trial on a real village
CORRIDOR, THIN = 4.0, 1.0  # metres round buried lines that belong to one street, and what is shaved off again
BRIDGE = 2.0  # metres: gaps in the road surface up to twice this wide (exit constructions, humps) are bridged
ISLAND = 60.0  # m2: smaller holes in a road surface are islands, not city blocks
BLOCK = 900.0  # m2: smaller holes between buried lines are no city block
LEAST = 8.0  # metres: a loose or dead-ended section shorter than this is no street
REACH = {"on": 12.0, "name": 80.0, "surface": 3.0, "building": 25.0}  # metres
NOT_ROAD = ("inrit",)
ROAD_CLASSES = {
    "rijbaan regionale weg": "distributor",
    "rijbaan autoweg": "main",
    "rijbaan autosnelweg": "main",
    "rijbaan lokale weg": "residential",
}


def from_surface(assets: gpd.GeoDataFrame, labels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Street sections along the middle of the carriageways at ground level, cut at junctions.

    Names come from the nearest street label, the class and paving from the road parts that a section runs over, the
    width from the surface it cuts through, dwellings from the buildings beside it (an assumption, marked as such).
    """
    roads = assets[(assets["kind"] == "carriageway") & (assets["level"].fillna(0) == 0)]
    roads = roads[~roads["function"].fillna("").str.endswith(NOT_ROAD)]
    if roads.empty:
        return gpd.GeoDataFrame()
    grown = shapely.union_all(shapely.buffer(roads.geometry.values, BRIDGE, quad_segs=4))
    surface = _without_holes(shapely.buffer(grown, 0.05 - BRIDGE, quad_segs=4), ISLAND)
    lines = _centre(surface)
    return _dressed(lines, roads, assets, labels)


def from_lines(assets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Street sections along the corridors in which cables and pipes lie together; names, widths and classes stay
    unknown.
    """
    buried = [n for n, k in kinds().items() if k.programmed and k.geometry == "line" and k.depth in ("shallow", "deep")]
    lines = assets[assets["kind"].isin(buried) & (assets.geometry.length > 2 * CORRIDOR)]
    if lines.empty:
        return gpd.GeoDataFrame()
    broad = shapely.union_all(shapely.buffer(lines.geometry.values, CORRIDOR, quad_segs=3))
    corridor = _without_holes(shapely.buffer(broad, -THIN, quad_segs=3), BLOCK)
    return _table(_centre(corridor, branch=4 * BRANCH, least=2 * LEAST))


def _without_holes(shape: shapely.Geometry, least: float) -> list[shapely.Polygon]:
    out = []
    for part in shapely.get_parts(shape):
        holes = [r for r in part.interiors if shapely.Polygon(r).area >= least]
        out.append(shapely.Polygon(part.exterior, holes))
    return [p for p in out if p.area > LEAST]


def _centre(parts: list[shapely.Polygon], branch: float = BRANCH, least: float = LEAST) -> np.ndarray:
    """Centre lines of the parts, as sections between junctions."""
    lines = pygeoops.centerline(
        np.array(parts, dtype=object), densify_distance=DENSIFY, min_branch_length=branch, simplifytolerance=SIMPLIFY
    )
    loose = [g for g in np.atleast_1d(np.asarray(lines, dtype=object)) if g is not None and not g.is_empty]
    return tidy(cut(shapely.get_parts(np.array(loose, dtype=object))), least)


def _table(lines: np.ndarray) -> gpd.GeoDataFrame:
    """Sections in a fixed order, with the junctions they join."""
    first, last = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
    order = np.lexsort((shapely.get_y(first), shapely.get_x(first), -shapely.length(lines).round(2)))
    order = order[np.argsort(_rank(lines)[order], kind="stable")]
    nodes = {k: f"node:{i + 1:05d}" for i, k in enumerate(sorted({_spot(p) for p in (*first, *last)}))}
    return gpd.GeoDataFrame({
        "id": [f"street:{i + 1:05d}" for i in range(len(lines))],
        "from_node": [nodes[_spot(first[i])] for i in order], "to_node": [nodes[_spot(last[i])] for i in order],
        "length": shapely.length(lines[order]).round(2), "sharing": 3, "geometry": lines[order],
    }, geometry="geometry", crs="EPSG:28992")  # fmt: skip


def _rank(lines: np.ndarray) -> np.ndarray:
    """West to east in strips of 100 m, south to north within: ids that a reader can find back."""
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return (
        (np.floor(shapely.get_x(middle) / 100) * 1e8 + shapely.get_y(middle))
        .argsort(kind="stable")
        .argsort(kind="stable")
    )


def _spot(point: shapely.Point) -> tuple[float, float]:
    return (round(point.x, 2), round(point.y, 2))


def _dressed(
    lines: np.ndarray, roads: gpd.GeoDataFrame, assets: gpd.GeoDataFrame, labels: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Sections with name, class, paving, width and a guess of the dwellings beside them."""
    streets = _table(lines)
    if len(labels):
        streets["name"] = streets["id"].map(_named(streets, labels))
    over = _over(streets, roads)
    streets["surface"] = streets["id"].map(_most(over, "material"))
    streets["road_class"] = (
        streets["id"]
        .map(_most(over.assign(road=over["function"].str.split(":").str[-1].map(ROAD_CLASSES)), "road"))
        .fillna("residential")
    )
    streets["party"] = streets["id"].map(_most(over, "party"))
    beside = _beside(streets, assets[assets["kind"] == "building"])
    streets["residents"], streets["residents_quality"] = streets["id"].map(beside).fillna(0).astype(int), "assumed"
    return streets


def _named(streets: gpd.GeoDataFrame, labels: gpd.GeoDataFrame) -> pd.Series:
    """Per section the name of the label that lies on it, else of the one nearest to its middle."""
    own = labels[["name", "geometry"]]
    lines = streets[["id", "geometry"]].sjoin_nearest(own, max_distance=REACH["on"], distance_col="far")
    middle = gpd.GeoDataFrame(
        {"id": streets["id"]}, geometry=streets.geometry.interpolate(0.5, normalized=True), crs=streets.crs
    )
    around = middle.sjoin_nearest(own, max_distance=REACH["name"], distance_col="far").assign(
        far=lambda f: f["far"] + REACH["on"]
    )
    both = pd.concat([lines[["id", "name", "far"]], around[["id", "name", "far"]]])
    return both.sort_values(["id", "far", "name"]).drop_duplicates("id").set_index("id")["name"]


def _over(streets: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """Which road parts each section runs over, and for how many metres."""
    tree = STRtree(roads.geometry.values)
    source, target = tree.query(streets.geometry.values, predicate="intersects")
    metres = shapely.length(shapely.intersection(streets.geometry.values[source], roads.geometry.values[target]))
    part = roads.iloc[target][["material", "function", "party"]].reset_index(drop=True)
    return part.assign(id=streets["id"].to_numpy()[source], metres=metres)


def _most(over: pd.DataFrame, column: str) -> pd.Series:
    """Per section the value with the most metres; the first in the alphabet of equals."""
    total = over.dropna(subset=[column]).groupby(["id", column])["metres"].sum().reset_index()
    return (
        total.sort_values(["id", "metres", column], ascending=[True, False, True])
        .drop_duplicates("id")
        .set_index("id")[column]
    )


def _beside(streets: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> pd.Series:
    """Buildings of the size of a dwelling whose nearest section this is."""
    homes = buildings[(buildings.geometry.area > 30) & (buildings.geometry.area < 400)]
    if homes.empty:
        return pd.Series(dtype=float)
    points = gpd.GeoDataFrame(geometry=homes.geometry.centroid, crs=streets.crs)
    near = points.sjoin_nearest(streets[["id", "geometry"]], max_distance=REACH["building"]).sort_index()
    return near[~near.index.duplicated()].groupby("id").size()


def sections(assets: pd.DataFrame, labels: gpd.GeoDataFrame | None) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Street sections from what there is: the road surface, else the corridors of buried lines; and how they were
    made.
    """
    if assets.empty:
        return conform("streets", pd.DataFrame({"id": []})), []
    shapes = gpd.GeoDataFrame(assets.reset_index(), geometry="geometry", crs=assets.crs)
    made, rule = from_surface(shapes, labels if labels is not None else gpd.GeoDataFrame()), "sections_from_surface"
    if made.empty:
        made, rule = from_lines(shapes), "sections_from_lines"
    if made.empty:
        return conform("streets", pd.DataFrame({"id": []})), []
    made["source"] = rule
    values = {"count": len(made), "length": made["length"].sum() / 1000}
    return conform("streets", made), [finding(rule, "streets", [""], values, "note")]


def neighbourhood(streets: pd.DataFrame) -> pd.DataFrame:
    """One area round all sections, so that a year can be decided for it when no areas were given."""
    hull = shapely.buffer(shapely.convex_hull(shapely.union_all(streets.geometry.values)), 50)
    return conform(
        "areas",
        gpd.GeoDataFrame(
            {
                "id": ["area:all"],
                "name": ["Heel het gebied"],
                "level": ["neighbourhood"],
                "sharing": [3],
                "source": ["sections"],
            },
            geometry=[hull],
            crs=streets.crs,
        ),
    )
