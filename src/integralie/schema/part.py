"""Which part of the street a work opens: the footway alone, or the carriageway; for rules that let them rest apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from integralie.kinds import kinds

CARRIAGEWAY, FOOTWAY = "carriageway", "footway"
PARTS = (CARRIAGEWAY, FOOTWAY)
NAMES = ("wegdeel:voet",)  # how the BGT names what is walked on


def walked() -> frozenset[str]:
    """The kinds of surface that are for walking.

    >>> sorted(walked())
    ['footway']
    """
    return frozenset(n for n, k in kinds().items() if any(b.startswith(NAMES) for b in k.bgt))


def parts(works: pd.DataFrame, members: pd.DataFrame, assets: pd.DataFrame) -> pd.Series:
    """Per work `footway` where all that it opens is footway, else `carriageway`.

    A work on the footway itself opens the footway; one on cables, pipes or things opens it when most of its assets lie in a
    surface for walking (their middle does). A work of which nobody told the assets opens the carriageway, which is the
    stricter of the two.
    """
    on_foot = walked()
    out = pd.Series(CARRIAGEWAY, index=works.index, dtype=object)
    out[works["kind"].isin(on_foot)] = FOOTWAY
    held = members[(members["role"] == "asset") & members["set"].isin(works.index[works["depth"] != "none"])]
    lies = _in_footway(assets.loc[assets.index.intersection(held["member"].unique())], assets, on_foot)
    share = held["member"].map(lies).fillna(False).astype(float).groupby(held["set"]).mean()
    paving = works["kind"].isin([n for n, k in kinds().items() if k.renews_surface])
    most = share.reindex(works.index).fillna(0.0) > 0.5
    out[most & ~paving] = FOOTWAY
    return out


def _in_footway(things: pd.DataFrame, assets: pd.DataFrame, on_foot: frozenset[str]) -> pd.Series:
    """Whether the middle of each asset lies in a surface for walking."""
    surface = np.asarray(assets.loc[assets["kind"].isin(on_foot)].geometry)
    if not len(things) or not len(surface):
        return pd.Series(False, index=things.index)
    shapes = np.asarray(things.geometry)
    line = np.isin(shapely.get_type_id(shapes), (1, 5))
    middle = shapely.point_on_surface(shapes)
    simple = shapely.line_merge(shapes[line])
    single = np.where(shapely.get_type_id(simple) == 1, simple, shapely.get_geometry(simple, 0))
    middle[line] = shapely.line_interpolate_point(single, 0.5, normalized=True)
    hit = STRtree(surface).query(middle, predicate="intersects")[0]
    out = np.zeros(len(things), bool)
    out[hit] = True
    return pd.Series(out, index=things.index)
