"""Edges: where the street ends at both sides of a cut, how that is known, and which zones lie between."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.verbs.section.cuts import Cuts

PRIVATE = "erf"  # what the BGT calls the yard of a house
AGAINST = 1.0  # m: a building this near to the edge stands on it
FINE = 0.05  # m: a narrower strip is no zone
EDGE = ("facade", "boundary", "told", "open")
SURE_WIDTH = ("measured", "registered")


def public(surfaces: pd.DataFrame, assets: pd.DataFrame) -> pd.DataFrame:
    """The surfaces that belong to the street: all but private yards."""
    function = assets["function"].fillna("").to_numpy()[surfaces["asset"].to_numpy()] if len(surfaces) else []
    return surfaces[[PRIVATE not in str(f) for f in function]] if len(surfaces) else surfaces


def _walls(cuts: Cuts, buildings: pd.DataFrame, yards: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For each cut how far the first building, and the first building or yard, lie left and right; inf when none."""
    built, closed = np.full((2, len(cuts)), np.inf), np.full((2, len(cuts)), np.inf)
    for frame, targets in ((buildings, (built, closed)), (yards, (closed,))):
        for side, column, sign in ((0, "right", -1.0), (1, "left", 1.0)):
            away = frame[column].to_numpy(float) * sign
            good = away > 0
            for target in targets:
                np.minimum.at(target[side], frame["cut"].to_numpy(int)[good], away[good])
    return built, closed


def _reached(cuts: Cuts, surface: pd.DataFrame, limit: np.ndarray, gap: float) -> np.ndarray:
    """How far the surface of the street runs left and right of the axis: strips joined over gaps up to `gap`."""
    out = np.zeros((2, len(cuts)))
    for side, near, far, sign in ((0, "right", "left", -1.0), (1, "left", "right", 1.0)):
        rows = pd.DataFrame({"cut": surface["cut"], "from": surface[near] * sign, "to": surface[far] * sign})
        rows = rows[rows["to"] > 0].sort_values(["cut", "from"], kind="stable")
        rows = rows[rows["from"] < limit[side][rows["cut"].to_numpy(int)]]
        if rows.empty:
            continue
        most = rows.groupby("cut")["to"].cummax()
        before = most.groupby(rows["cut"]).shift().fillna(0.0)
        loose = rows["from"] > before + gap
        held = rows[loose.groupby(rows["cut"]).cumsum() == 0]
        reach = held.groupby("cut")["to"].max()
        out[side][reach.index.to_numpy(int)] = reach.to_numpy()
    return np.minimum(out, limit)


def edges(
    cuts: Cuts,
    streets: pd.DataFrame,
    surface: pd.DataFrame,
    buildings: pd.DataFrame,
    yards: pd.DataFrame,
    figures: Figures,
) -> pd.DataFrame:
    """Per cut the offset of the left and right edge of the street, what each edge is, and whether the width is doubted.

    An edge is where the registered surface of the street ends, strips joined over gaps; never beyond the first
    building or yard. A street with a told width ends at most half a metre outside it. Without surface the edge is
    the first building, else half the told width; with neither within reach the side is open. `doubt` says why no
    drawing to scale can be made: `no_edge`, `parts_exceed_width`, `bend`,
    `roundabout` or nothing (`bridge` is added by `lay`).
    """
    told = streets["width"].reindex(cuts.street).to_numpy(float)
    sure = streets["width_quality"].reindex(cuts.street).fillna("registered").isin(SURE_WIDTH).to_numpy()
    tolerance = figures.value("parts_tolerance")
    built, closed = _walls(cuts, buildings, yards)
    wide = np.where(np.isnan(told), figures.value("edge_reach"), told / 2 + tolerance)
    limit = np.minimum(closed, np.where(sure & ~np.isnan(told), np.inf, figures.value("edge_reach")))
    near = _reached(cuts, surface, np.minimum(limit, wide), figures.value("edge_reach"))
    loose = _reached(cuts, surface, limit, figures.value("edge_gap"))
    reach = np.where(np.isnan(told), loose, near)
    half = np.broadcast_to(told / 2, reach.shape)
    out, sort = reach.copy(), np.full(reach.shape, "boundary", dtype=object)
    bare = reach < FINE
    out[bare], sort[bare] = np.where(np.isfinite(built), built, half)[bare], "told"
    sort[bare & np.isfinite(built)] = "facade"
    sort[np.isfinite(built) & (np.abs(built - out) <= AGAINST)] = "facade"
    lost = np.isnan(out) | (out >= figures.value("edge_reach") - FINE) | (out >= cuts.reach - FINE)
    out[lost], sort[lost] = figures.value("open_view"), "open"
    held = np.minimum(closed, loose)
    parts = (held.sum(axis=0) > told + 2 * tolerance) & sure & np.isfinite(closed).all(axis=0)
    out[:, parts] = held[:, parts]  # everything that may belong to the street is shown, in its order
    doubt = np.where(lost.any(axis=0), "no_edge", np.where(parts, "parts_exceed_width", ""))
    doubt = np.where((out.max(axis=0) > cuts.radius) & ~lost.any(axis=0), "bend", doubt)
    doubt = np.where(cuts.ring, "roundabout", doubt)
    return pd.DataFrame(
        {"left": -out[0], "right": out[1], "left_edge": sort[0], "right_edge": sort[1], "told": told, "doubt": doubt}
    )


def _on_land(surface: pd.DataFrame, water: np.ndarray) -> pd.DataFrame:
    """Without the water that other surfaces lie over, as where a road is drawn across a canal."""
    wet = surface["asset"].isin(water)
    if not wet.any() or wet.all():
        return surface
    dry = surface[~wet].groupby("cut").agg(left=("left", "min"), right=("right", "max"))
    spans = surface[["cut"]].join(dry, on="cut")
    under = wet & (surface["left"] < spans["right"]) & (surface["right"] > spans["left"])
    return surface[~under]


def zones(surface: pd.DataFrame, ends: pd.DataFrame, water: np.ndarray) -> pd.DataFrame:
    """The zones of each cut from left to right, without overlap: `left`, `right`, `asset` (-1 is not registered)."""
    surface = _on_land(surface, water)
    rows = surface.assign(
        left=np.maximum(surface["left"], ends["left"].to_numpy()[surface["cut"].to_numpy(int)]),
        right=np.minimum(surface["right"], ends["right"].to_numpy()[surface["cut"].to_numpy(int)]),
    )
    rows = rows[rows["right"] - rows["left"] > FINE].sort_values(["cut", "left", "right", "asset"], kind="stable")
    reach = rows.groupby("cut")["right"].cummax()
    before = reach.groupby(rows["cut"]).shift()
    rows = rows.assign(left=np.fmax(rows["left"], before.fillna(-np.inf)))
    rows = rows[rows["right"] - rows["left"] > FINE]
    frame = ends.reset_index(names="cut")
    limits = pd.concat(
        [
            rows[["cut", "left", "right", "asset"]],
            frame.assign(asset=-2, right=frame["left"])[["cut", "left", "right", "asset"]],
            frame.assign(asset=-2, left=frame["right"])[["cut", "left", "right", "asset"]],
        ]
    ).sort_values(["cut", "left", "right"], kind="stable")
    after = limits.groupby("cut")["left"].shift(-1)
    gaps = limits.assign(left=limits["right"], right=after, asset=-1)
    gaps = gaps[gaps["right"] - gaps["left"] > FINE]
    out = pd.concat([rows[["cut", "left", "right", "asset"]], gaps[["cut", "left", "right", "asset"]]])
    return out.sort_values(["cut", "left"], kind="stable", ignore_index=True)
