"""Free: the room that is left in one section, as patches that keep every clearance for a small pipe; and occupancy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.schema.clearance import FACADE, Rules, rules_of
from integralie.schema.occupancy import columns, occupancy

STEP = 0.05  # m between the columns that are looked at
PROBE, HALF = "water_main", 0.055  # the small pipe that a patch must be able to take
LEAST, DEEP = 0.40, 1.6  # m: a smaller patch is not shown; down to this depth
UNKNOWN = (0.3, 1.5)


def solid(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """What takes room below ground: left, right, top, bottom and bands; a line without depth takes all it may lie in."""
    low = (figures.value("unknown_depth_from"), figures.value("unknown_depth_to"))
    taken = rows[
        rows["role"].isin(["network", "crossing", "tree", "thing", "claim"]) & ~rows["status"].isin(["disused", "gone"])
    ]
    taken = taken[~taken["kind"].isin(["duct"])]
    nowhere = taken["top"].isna()
    return pd.DataFrame(
        {
            "kind": taken["kind"],
            "role": taken["role"],
            "left": taken["left"],
            "right": taken["right"],
            "top": taken["top"].mask(nowhere, low[0]),
            "bottom": taken["bottom"].mask(nowhere, low[1]),
            "x_band": taken["x_band"].fillna(0.0),
            "depth_band": taken["depth_band"].fillna(0.0),
            "nowhere": nowhere,
        }
    )


def taken(rows: pd.DataFrame, width: float, figures: Figures) -> tuple[list[tuple[float, float]], tuple[float, float]]:
    """Occupancy per 0.25 m and of the whole section: certain and possible share of the depth."""
    found = solid(rows, figures)
    sure = found[~found["nowhere"]]
    values = [
        (f[["left", "right", "top", "bottom"]].to_numpy(float), f[["x_band", "depth_band"]].to_numpy(float))
        for f in (sure, found)
    ]
    wide = np.array([width])
    made = [columns(np.zeros(len(r), int), 1, wide, r, b) for r, b in values]
    total = [occupancy(np.zeros(len(r), int), 1, wide, r, b) for r, b in values]
    shares = list(zip(made[0][0].tolist(), made[1][1].tolist()))
    return shares, (float(total[0][0][0]), float(total[1][1][0]))


def patches(
    rows: pd.DataFrame, width: float, figures: Figures, water: float | None = None
) -> list[tuple[float, float, float, float]]:
    """Patches of at least 0.40 x 0.40 m (left, right, top, bottom) where a pipe of 0.11 m keeps every clearance.

    Down to 1.6 m, or to the mean highest groundwater (`water`, m below peil) where that is known and higher.
    """
    deep = DEEP if water is None else min(DEEP, water)
    rules, found = rules_of(figures), solid(rows, figures)
    zones = rows[rows["role"] == "zone"]
    edge = rules.between(PROBE, FACADE).edge
    above = figures.value("beside")
    blocks = []
    for row in found.itertuples():
        half = (row.right - row.left) / 2
        keep = rules.between(row.kind, PROBE, standing=row.role == "tree") if row.kind else rules.between(PROBE, PROBE)
        reach = keep.hearts(half, HALF) if row.role != "tree" else half
        middle = (row.left + row.right) / 2
        blocks.append((middle - reach, middle + reach, row.top - min(above, 0.2), row.bottom + min(above, 0.2)))
    best: list[tuple[float, float] | None] = []
    for i in range(int(width / STEP)):
        x = (i + 0.5) * STEP
        best.append(None if x < edge or x > width - edge else _tallest(x, zones, blocks, rules, deep))
    return _joined(best)


def _tallest(
    x: float, zones: pd.DataFrame, blocks: list[tuple[float, float, float, float]], rules: Rules, deep: float
) -> tuple[float, float] | None:
    here = zones[(zones["left"] <= x) & (zones["right"] >= x)]
    kind = str(here["kind"].iloc[0]) if len(here) and pd.notna(here["kind"].iloc[0]) else ""
    level = float(here["top"].iloc[0]) if len(here) else 0.0
    depth = round(level + rules.cover(PROBE, kind)[0] - 0.2, 2)
    tall: tuple[float, float] | None = None
    for top, bottom in [*sorted((b[2], b[3]) for b in blocks if b[0] < x < b[1]), (deep, deep)]:
        end = min(top, deep)
        if end - depth >= LEAST and (tall is None or end - depth > tall[1] - tall[0]):
            tall = (round(depth, 2), round(end, 2))
        depth = max(depth, bottom)
    return tall


def _joined(best: list[tuple[float, float] | None]) -> list[tuple[float, float, float, float]]:
    out, i = [], 0
    while i < len(best):
        j = i
        while j < len(best) and best[j] == best[i]:
            j += 1
        spot = best[i]
        if spot is not None and (j - i) * STEP >= LEAST - 1e-9:
            out.append((round(i * STEP, 2), round(j * STEP, 2), *spot))
        i = j
    return out
