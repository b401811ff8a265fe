"""Crossing: what lies on the cuts. Lines where they cross, single things nearby, surfaces as intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from integralie.figures import Figures
from integralie.kinds import drawn, kinds
from integralie.verbs.section.cuts import Cuts

STEP = 0.25  # metres along a line at both sides of its crossing that tell its direction
SLAB = 0.5  # metres before and behind a cut in which a line that crosses the street is followed
NONE = pd.DataFrame({"cut": pd.Series(dtype=int), "asset": pd.Series(dtype=int), "offset": pd.Series(dtype=float)})


def _shapes(assets: pd.DataFrame, names: frozenset[str], type_ids: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Positions and shapes of the assets of these kinds with such a geometry, at ground level or below."""
    shapes = np.asarray(assets.geometry)
    wanted = assets["kind"].isin(names).to_numpy() & np.isin(shapely.get_type_id(shapes), type_ids)
    wanted &= assets["level"].fillna(0).le(0).to_numpy() | assets["kind"].isin(drawn("bridge")).to_numpy()
    at = np.flatnonzero(wanted)
    return at, shapes[at]


def lines(cuts: Cuts, assets: pd.DataFrame, ends: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Every line asset that a cut crosses between the edges of the street: offset from the axis (m) and angle with the cut (degrees).

    A line that crosses twice stands there twice. One that makes less than `slant_angle` with the cut runs along it:
    `left` and `right` say over which part, within half a metre of the cut.
    """
    names = frozenset(k.name for k in kinds().values() if k.geometry == "line" and k.symbol != "none")
    at, shapes = _shapes(assets, names, (1, 5))
    if not len(at) or not len(cuts):
        return NONE.assign(angle=pd.Series(dtype=float), left=pd.Series(dtype=float), right=pd.Series(dtype=float))
    rays = cuts.between(ends["left"].to_numpy(float), ends["right"].to_numpy(float))
    which, hit = STRtree(shapes).query(rays, predicate="intersects")
    met = shapely.intersection(shapes[hit], rays[which])
    parts, index = shapely.get_parts(met, return_index=True)
    parts = shapely.centroid(parts)
    which, hit = which[index], hit[index]
    points = shapely.get_coordinates(parts)
    angle = _angles(shapes[hit], parts, cuts.right[which])
    out = pd.DataFrame({"cut": which, "asset": at[hit], "offset": cuts.offset(which, points), "angle": angle})
    return _followed(out, cuts, rays, shapes[hit], figures)


def _angles(shapes: np.ndarray, points: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The angle between each line and its cut: 90 is square to it, 0 is along it."""
    where = shapely.line_locate_point(shapely.line_merge(shapes), points)
    merged = shapely.line_merge(shapes)
    single = shapely.get_type_id(merged) == 1
    out = np.full(len(shapes), 90.0)
    length = shapely.length(merged[single])
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(merged[single], np.clip(where[single] + d, 0, length)))
        for d in (-STEP, STEP)
    ]
    step = ends[1] - ends[0]
    cosine = np.abs(np.einsum("ij,ij->i", step, right[single])) / np.maximum(np.linalg.norm(step, axis=1), 1e-9)
    out[single] = np.degrees(np.arccos(np.clip(cosine, 0, 1)))
    return out


def _followed(found: pd.DataFrame, cuts: Cuts, rays: np.ndarray, shapes: np.ndarray, figures: Figures) -> pd.DataFrame:
    """The part of the section that lines crossing the street take, where they lie along the cut."""
    out = found.assign(left=np.nan, right=np.nan)
    slant = np.flatnonzero(found["angle"].to_numpy() < figures.value("slant_angle"))
    if not len(slant):
        return out
    which = found["cut"].to_numpy()[slant]
    slabs = shapely.buffer(rays[which], SLAB, cap_style="flat")
    inside = shapely.intersection(shapes[slant], slabs)
    points, index = shapely.get_coordinates(inside, return_index=True)
    side = cuts.offset(which[index], points)
    reach = pd.Series(side).groupby(index).agg(["min", "max"])
    out.loc[out.index[slant[reach.index]], "left"] = reach["min"].to_numpy()
    out.loc[out.index[slant[reach.index]], "right"] = reach["max"].to_numpy()
    return out.drop_duplicates(["cut", "asset", "left", "right"], ignore_index=True) if len(slant) else out


def things(cuts: Cuts, assets: pd.DataFrame, ends: pd.DataFrame, reach: np.ndarray | float) -> pd.DataFrame:
    """Single things (trees, masts, chambers, stations) no farther than `reach` before or behind a cut."""
    symbols = ("tree", "mast", "chamber", "station", "box")
    at, shapes = _shapes(assets, drawn(*symbols), (0, 3, 6))
    if not len(at) or not len(cuts):
        return NONE.assign(ahead=pd.Series(dtype=float))
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    points = shapely.points(middle)
    rays = cuts.between(ends["left"].to_numpy(float), ends["right"].to_numpy(float))
    which, hit = STRtree(points).query(rays, predicate="dwithin", distance=float(np.max(reach)))
    limit = np.broadcast_to(reach, len(cuts))[which]
    ahead = cuts.ahead(which, middle[hit])
    near = np.abs(ahead) <= limit
    which, hit, ahead = which[near], hit[near], ahead[near]
    offset = cuts.offset(which, middle[hit])
    return pd.DataFrame({"cut": which, "asset": at[hit], "offset": offset, "ahead": ahead})


def surfaces(cuts: Cuts, assets: pd.DataFrame, symbol: str) -> pd.DataFrame:
    """The stretches of each cut that lie on a polygon asset with that symbol: `left` and `right` offsets (m)."""
    at, shapes = _shapes(assets, drawn(symbol), (3, 6))
    if not len(at) or not len(cuts):
        return NONE.assign(left=pd.Series(dtype=float), right=pd.Series(dtype=float))
    rays = cuts.lines
    which, hit = STRtree(shapes).query(rays, predicate="intersects")
    inside = shapely.intersection(rays[which], shapes[hit])
    parts, index = shapely.get_parts(inside, return_index=True)
    keep = shapely.get_type_id(parts) == 1
    parts, index = parts[keep], index[keep]
    ends = np.stack([shapely.get_coordinates(shapely.get_point(parts, i)) for i in (0, -1)])
    side = np.sort(np.stack([cuts.offset(which[index], e) for e in ends]), axis=0)
    return pd.DataFrame({"cut": which[index], "asset": at[hit[index]], "left": side[0], "right": side[1]})
