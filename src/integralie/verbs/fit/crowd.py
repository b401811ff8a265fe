"""Crowd: how full the ground of each street is, how much of its surface is sealed, and how often it was disturbed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.occupancy import occupancy
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.section.laid import Laid

PAVED = ("carriageway", "footway", "cycle_path", "parking")
OPEN_SURFACE = ("unpaved",)
DISCIPLINES = ("sewer", "water", "gas", "electricity", "telecom", "heat", "other")


def crowding(ground: Ground, laid: Laid, street: np.ndarray, figures: Figures) -> pd.DataFrame:
    """Per street the share of width and depth that is taken for certain and perhaps, mean over its cuts, and a light.

    `taken_<discipline>` is the part that is certain by whose lines it is; where they lie in one another both count.

    The light is low below figure `crowded level=medium` and high from `level=high`. When what is certain and what is
    possible give two lights next to each other the fuller one holds; from low to high it is unknown. A street without known edges is unknown.
    """
    things, ends = ground.things, laid.ends
    deep = things[~things["standing"].to_numpy(bool)]
    nowhere = deep["top"].isna().to_numpy()
    top = deep["top"].fillna(figures.value("unknown_depth_from")).to_numpy(float)
    bottom = deep["bottom"].fillna(figures.value("unknown_depth_to")).to_numpy(float)
    cut = deep["cut"].to_numpy(int)
    left = deep["at"].to_numpy(float) - ends["left"].to_numpy(float)[cut]
    half = deep["half"].to_numpy(float)
    rects = np.column_stack([left - half, left + half, top, bottom])
    bands = deep[["x_band", "band"]].fillna(0.0).to_numpy(float)
    width = (ends["right"] - ends["left"]).to_numpy(float)
    sure = ~nowhere
    low = occupancy(cut[sure], len(ends), width, rects[sure], bands[sure])[0]
    high = occupancy(cut, len(ends), width, rects, bands)[1]
    number = np.maximum(np.bincount(street, minlength=len(ground.streets)), 1)
    out = pd.DataFrame(
        {
            n: np.bincount(street, weights=v, minlength=len(number)) / number
            for n, v in (("occupancy_low", low), ("occupancy_high", high))
        },
        index=ground.streets,
    )
    whose = (
        deep["kind"].map({n: k.discipline for n, k in kinds().items()}).where(lambda d: d.isin(DISCIPLINES), "other")
    )
    for name in DISCIPLINES:
        mine = sure & (whose == name).to_numpy()
        share = occupancy(cut[mine], len(ends), width, rects[mine], bands[mine])[0]
        out[f"taken_{name}"] = np.bincount(street, weights=share, minlength=len(number)) / number
    marks = [figures.value("crowded", level=level) for level in ("medium", "high")]
    lights = np.array(["low", "medium", "high"], dtype=object)
    one, two = (np.searchsorted(marks, out[c], side="right") for c in ("occupancy_low", "occupancy_high"))
    out["crowding"] = np.where((two - one < len(marks)) & (ground.doubt == ""), lights[two], "unknown")
    out["sealed"] = _sealed(ground, laid, street, width)
    return out


def _sealed(ground: Ground, laid: Laid, street: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Share of the width that is paved; missing where more than half of the width has no registered surface."""
    zones = ground.zones
    wide = (zones["right"] - zones["left"]).to_numpy(float)
    known = (zones["kind"] != "").to_numpy()
    material = laid.assets["material"].fillna("").to_numpy(object)
    paved = (
        zones["kind"].isin(PAVED).to_numpy()
        & ~np.isin(material[np.maximum(zones["asset"].to_numpy(int), 0)], OPEN_SURFACE)
        if len(material)
        else known & False
    )
    at, n = zones["street"].to_numpy(int), len(ground.streets)
    total = np.bincount(street, weights=width, minlength=n)
    seen = np.bincount(at, weights=wide * known, minlength=n)
    sealed = np.bincount(at, weights=wide * paved, minlength=n)
    return np.where(seen > total / 2, sealed / np.maximum(seen, 1e-9), np.nan)


def disturbed(works: pd.DataFrame, members: pd.DataFrame, streets: pd.DataFrame, figures: Figures) -> pd.Series:
    """Ground that the works disturb per street (m3): length x width of the trench x depth, shared over their streets."""
    rows = works[works["depth"].isin(["surface", "shallow", "deep"]) & works["kind"].notna()]
    held = members[(members["role"] == "street") & members["set"].isin(rows.index)]
    lone = rows[~rows.index.isin(held["set"])]
    place = pd.DataFrame({"work": [*held["set"], *lone.index], "street": [*held["member"], *lone["street"]]})
    place = place[place["street"].isin(streets.index)]
    facts = rows.loc[place["work"], ["kind", "depth"]].reset_index(drop=True)
    deep = (
        facts["depth"].map({d: figures.value("depth_of_work", depth=d) for d in facts["depth"].unique()}).astype(float)
    )
    wide = figures.lookup("trench_width", facts[["kind"]])["value"].astype(float)
    long = place["street"].map(streets.geometry.length).reset_index(drop=True)
    return (deep * wide * long).groupby(place["street"].to_numpy()).sum().reindex(streets.index).fillna(0.0)
