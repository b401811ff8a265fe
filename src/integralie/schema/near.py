"""Which street section an object lies in: the one join of objects and streets, used by every verb that needs it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

STEP = 8.0  # metres between the points at which a line is looked at
LEAST_SHARE = 0.15  # a smaller part of an object than this goes to the section that holds the rest


def streets_of(objects: pd.DataFrame, streets: pd.DataFrame, reach: float) -> pd.DataFrame:
    """For each object the street sections it lies in, and how much of it lies there.

    A point or area belongs to the nearest section, a line to every section that is nearest along at least 15 % of its
    length; nothing farther than `reach` metres away counts. A section that the object itself names in its column
    `street` goes before.

    Reads objects.geometry (m), objects.street, streets.geometry. Gives rows `object, street, share` with the shares
    of one object adding up to 1, sorted by object and street; objects without a section are absent.
    """
    named = objects["street"] if "street" in objects.columns else pd.Series(index=objects.index, dtype="str")
    told = named[named.isin(streets.index)]
    given = pd.DataFrame({"object": told.index, "street": told.to_numpy(), "share": 1.0})
    rest = objects.loc[~objects.index.isin(told.index), "geometry"]
    rest = rest[rest.notna() & ~rest.is_empty]
    if rest.empty or streets.empty:
        return given
    labels, points = _points(rest)
    near = _nearest(points, streets, reach)
    hit = near >= 0
    counts = (
        pd.DataFrame({"object": labels[hit], "street": streets.index.to_numpy()[near[hit]]})
        .value_counts()
        .rename("n")
        .reset_index()
    )
    return pd.concat([given, _shares(counts)], ignore_index=True).sort_values(["object", "street"], ignore_index=True)


def _points(geometry: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Points that stand for each geometry: along a line every few metres, else one point inside."""
    shapes = np.asarray(geometry)
    labels = geometry.index.to_numpy()
    lines = np.isin(shapely.get_type_id(shapes), (1, 5))
    inside = shapely.point_on_surface(shapes[~lines])
    length = shapely.length(shapes[lines])
    count = np.maximum(1, np.ceil(length / STEP)).astype(int)
    owner = np.repeat(np.arange(lines.sum()), count)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    simple = shapely.line_merge(shapes[lines])
    single = np.where(shapely.get_type_id(simple) == 1, simple, shapely.get_geometry(simple, 0))
    along = shapely.line_interpolate_point(single[owner], (rank + 0.5) / count[owner], normalized=True)
    return np.concatenate([labels[~lines], labels[lines][owner]]), np.concatenate([inside, along])


def _nearest(points: np.ndarray, streets: pd.DataFrame, reach: float) -> np.ndarray:
    """The position of the nearest street for each point, -1 when none is within reach; of equals the first label
    wins.
    """
    tree = STRtree(np.asarray(streets["geometry"]))
    source, target = tree.query_nearest(points, max_distance=reach, all_matches=True)
    best = np.full(len(points), len(streets))
    np.minimum.at(best, source, target)
    return np.where(best == len(streets), -1, best)


def _shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Shares of each object over its sections, without the slivers."""
    share = counts["n"] / counts.groupby("object")["n"].transform("sum")
    most = share.groupby(counts["object"]).transform("max")
    kept = counts[(share >= LEAST_SHARE) | (share == most)].copy()
    kept["share"] = kept["n"] / kept.groupby("object")["n"].transform("sum")
    return kept[["object", "street", "share"]]
