"""From drawn lines to a network: sections that meet in junctions and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from integralie.demo.layout import HEART, Layout, bent, layout
from integralie.demo.patterns import LOOSE, local_lines, water_lines

GRID = 0.01  # metres: coordinates are rounded to this
STUB = 30.0  # a dead end shorter than this is no street
SHORT = 16.0  # two junctions nearer than this become one
SLIVER = 1100.0  # m2: a block smaller than this loses a street
RANKS = ("main", "distributor", "quay", "bridge", "local")
ROUNDS = 4
TRIES = 9  # drawings at most to come near the size asked for
NEAR = 0.04  # near enough
STEADY = 0.42  # a little less than the square root, so that the tries do not swing
SQUARE = 3600.0  # m2 of a market square


@dataclass(frozen=True)
class Net:
    """The network: lines with their end nodes, their rank and the district they lie in."""

    lines: np.ndarray
    start: np.ndarray
    end: np.ndarray
    nodes: np.ndarray
    rank: np.ndarray
    cell: np.ndarray
    plan: Layout


def _ends(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Node number at both ends of each line, and where the nodes lie."""
    both = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    xy = np.round(shapely.get_coordinates(both) / GRID).astype(np.int64)
    nodes, label = np.unique(xy, axis=0, return_inverse=True)
    label = label.ravel()
    return label[: len(lines)], label[len(lines) :], nodes * GRID


def _merged(lines: np.ndarray) -> np.ndarray:
    return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines))))


def _noded(lines: np.ndarray) -> np.ndarray:
    whole = shapely.union_all(lines, grid_size=GRID)
    return shapely.get_parts(shapely.line_merge(whole))


def _without_stubs(lines: np.ndarray, least: float) -> np.ndarray:
    for _ in range(ROUNDS):
        start, end, nodes = _ends(lines)
        degree = np.bincount(np.concatenate([start, end]), minlength=len(nodes))
        stub = ((degree[start] == 1) | (degree[end] == 1)) & (shapely.length(lines) < least)
        if not stub.any():
            break
        lines = _merged(lines[~stub])
    return lines


def _without_slivers(lines: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Blocks too small to build on lose their longest street, main roads excepted."""
    for _ in range(ROUNDS):
        faces = shapely.get_parts(shapely.polygonize(lines))
        inside = shapely.buffer(faces, -8.0)
        small = faces[(shapely.area(faces) < SLIVER) | shapely.is_empty(inside)]
        if not len(small):
            break
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        face, line = shapely.STRtree(middle).query(small, predicate="dwithin", distance=0.05)
        free = ~_near(middle[line], fixed, 0.5)
        pairs = pd.DataFrame({"face": face[free], "line": line[free], "length": shapely.length(lines[line[free]])})
        gone = pairs.sort_values(["face", "length", "line"]).drop_duplicates("face", keep="last")["line"].unique()
        if not len(gone):
            break
        lines = _merged(np.delete(lines, gone))
    return lines


def _near(points: np.ndarray, lines: np.ndarray, reach: float) -> np.ndarray:
    hit = shapely.STRtree(lines).query(points, predicate="dwithin", distance=reach)[0]
    out = np.zeros(len(points), bool)
    out[hit] = True
    return out


def _collapsed(lines: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Junctions that nearly touch become one, on the main road if one of them lies there; their lines follow."""
    start, end, nodes = _ends(lines)
    short = shapely.length(lines) < SHORT
    size = len(nodes)
    graph = coo_matrix((np.ones(short.sum()), (start[short], end[short])), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    weight = np.where(_near(shapely.points(nodes), fixed, 0.5), 1e6, 1.0)
    count = np.bincount(label, weight)
    origin = nodes.mean(axis=0).round()
    moved = np.column_stack([np.bincount(label, weight * (nodes[:, i] - origin[i])) / count for i in (0, 1)]) + origin
    moved = np.round(moved / GRID) * GRID
    keep = ~short & (label[start] != label[end])
    lines, start, end = lines[keep], label[start[keep]], label[end[keep]]
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(owner, np.arange(len(lines)))
    last = np.append(first[1:], len(xy)) - 1
    xy[first], xy[last] = moved[start], moved[end]
    return shapely.linestrings(xy, indices=owner)


def _thinned(lines: np.ndarray, chance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Streets taken away at random, as often as the district asks, while all stays connected."""
    start, end, nodes = _ends(lines)
    luck = rng.uniform(0.1, 1.0, len(lines)) + np.where(chance > 0, 1.0, 0.0)
    size = len(nodes)
    low, high = np.minimum(start, end), np.maximum(start, end)
    pairs = pd.DataFrame({"low": low, "high": high, "luck": luck, "line": np.arange(len(lines))})
    best = pairs.sort_values("luck").drop_duplicates(["low", "high"])
    best = best[best["low"] != best["high"]]
    tree = minimum_spanning_tree(coo_matrix((best["luck"], (best["low"], best["high"])), shape=(size, size)))
    kept_pairs = set(zip(*tree.nonzero()))
    in_tree = np.zeros(len(lines), bool)
    in_tree[[k for k, a, b in zip(best["line"], best["low"], best["high"]) if (a, b) in kept_pairs]] = True
    return lines[in_tree | (rng.uniform(size=len(lines)) >= chance)]


def _biggest(lines: np.ndarray) -> np.ndarray:
    start, end, nodes = _ends(lines)
    label = connected_components(coo_matrix((np.ones(len(lines)), (start, end)), shape=(len(nodes),) * 2), False)[1]
    return lines[label[start] == np.bincount(label).argmax()]


def _uncrossed(lines: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Without the local streets that touch another one elsewhere than in a junction."""
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    met, ends = shapely.intersection(lines[a], lines[b]), shapely.boundary(lines)
    far = shapely.hausdorff_distance(met, shapely.intersection(ends[a], ends[b]))
    bad = ~(far < GRID)
    a, b = a[bad], b[bad]
    loose = ~_near(shapely.line_interpolate_point(lines, 0.5, normalized=True), fixed, 0.5)
    weight = shapely.length(lines) + np.where(loose, 0.0, 1e6)
    return np.delete(lines, np.unique(np.where(weight[a] < weight[b], a, b)))


def _cells(points: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """The district of each point: the one it lies in, else the nearest."""
    point, cell = shapely.STRtree(shapes).query_nearest(points, all_matches=True)
    best = np.full(len(points), len(shapes))
    np.minimum.at(best, point, cell)
    return best


def _tidy(lines: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    lines = _without_stubs(lines, STUB)
    lines = _without_slivers(lines, fixed)
    lines = _without_stubs(lines, STUB)
    lines = _merged(_collapsed(lines, fixed))
    return _merged(_collapsed(lines, fixed))


def _eastward(lines: np.ndarray) -> np.ndarray:
    """All lines run to the east, so that left is one and the same side along a street."""
    first, last = (
        shapely.get_coordinates(shapely.get_point(lines, 0)),
        shapely.get_coordinates(shapely.get_point(lines, -1)),
    )
    back = (last - first) @ np.array([1.0, 0.35]) < 0
    return np.where(back, shapely.reverse(lines), lines)


def _drawn(sections: int, radius: float, seed: int) -> Net:
    plan = layout(sections, radius, np.random.default_rng([seed, 1]))
    local, owner = local_lines(plan, seed)
    quays, bridges = water_lines(plan)
    groups = [np.array(plan.main, dtype=object), np.array(plan.distributor, dtype=object), quays, bridges, local]
    groups = [bent(g, radius) for g in groups]
    fixed = np.concatenate(groups[:4])
    lines = _tidy(_noded(np.concatenate(groups)), fixed)
    shapes = bent(np.array([c.shape for c in plan.cells], dtype=object), radius)
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    loose = np.array([LOOSE.get(c.type, 0.0) for c in plan.cells])
    chance = np.where(_near(middle, fixed, 3.0), 0.0, loose[_cells(middle, shapes)])
    lines = _thinned(lines, chance, np.random.default_rng([seed, 2]))
    lines = _biggest(_without_stubs(_merged(lines), STUB))
    lines = _biggest(_uncrossed(shapely.simplify(lines, 0.15), fixed))
    lines = _eastward(lines)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    lines = lines[np.lexsort((xy[:, 1].round(2), xy[:, 0].round(2)))]
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    rank = np.full(len(lines), "local", dtype=object)
    for name, group in reversed(list(zip(RANKS, groups))):
        rank[_near(middle, group, 4.0)] = name
    start, end, nodes = _ends(lines)
    return Net(lines, start, end, nodes, rank, _cells(middle, shapes), plan)


def network(sections: int, seed: int) -> Net:
    """The streets of a town of about so many sections; the radius is adjusted until the count is near."""
    radius = 33.0 * np.sqrt(sections)
    best = _drawn(sections, radius, seed)
    net = best
    for _ in range(TRIES):
        if abs(len(best.lines) / sections - 1) < NEAR:
            break
        radius *= (sections / len(net.lines)) ** STEADY
        net = _drawn(sections, radius, seed)
        if abs(len(net.lines) - sections) < abs(len(best.lines) - sections):
            best = net
    return best


def market(net: Net) -> shapely.Polygon:
    """The block of the old town that was never built on: one near the middle, of the size of a square."""
    own = net.lines[np.array([net.plan.cells[c].type == "centre" for c in net.cell])]
    faces = shapely.get_parts(shapely.polygonize(own))
    off = np.abs(shapely.area(faces) - SQUARE) / SQUARE
    far = shapely.distance(shapely.centroid(faces), shapely.Point(HEART)) / net.plan.inner
    return faces[np.lexsort((shapely.area(faces), (off + 2 * far).round(6)))[0]]
