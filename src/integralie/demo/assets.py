"""All assets of the town in one table."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.demo import ground, objects, places, underground
from integralie.demo.network import Net
from integralie.settings import RD_NEW

SHARING = {"party:grid": 2, "party:telecom": 1, "party:heat": 2, "party:housing": 2}
SOURCES = {"party:roads": "BGT en wegbeheer", "party:sewer": "rioolbeheer", "party:grid": "KLIC-levering"}
SOURCES |= {"party:water": "KLIC-levering", "party:telecom": "KLIC-levering", "party:heat": "KLIC-levering"}
INTERNAL = ["run", "built", "section"]


def assets(sections: pd.DataFrame, net: Net, heat_cell: int, seed: int) -> gpd.GeoDataFrame:
    """Everything above and below the ground, one row per object."""
    houses = ground.buildings(sections, net, seed)
    pipes = underground.networks(sections, heat_cell, seed)
    sewers = next(f for f in pipes if f["kind"].iloc[0] == "gravity_sewer")
    parts = [
        houses,
        ground.square(sections, net, seed),
        *ground.pavement(sections, seed),
        *pipes,
        *objects.drains(sections, sewers, seed),
    ]
    parts += [objects.trees(sections, seed), objects.masts(sections, seed), objects.stations(sections, seed)]
    parts += [*objects.crossings(sections, net, seed), *objects.blocks(sections, net, houses, seed)]
    parts += places.places(sections)
    out = pd.concat([p.astype({"geometry": object}) for p in parts if len(p)], ignore_index=True)
    out = out.drop(columns=[c for c in INTERNAL if c in out.columns])
    shapes = out["geometry"].to_numpy()
    out = out[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    out["id"] = out["id"].where(~out["id"].duplicated(), out["id"] + ":b")
    out["geometry"] = shapely.set_precision(shapely.make_valid(out["geometry"].to_numpy()), 0.01)
    rng = np.random.default_rng([seed, 50])
    out["status"] = np.where(
        out["kind"].isin(["gas_low", "telecom"]) & (rng.uniform(size=len(out)) < 0.03), "disused", "in_use"
    )
    out["sharing"] = out["party"].map(SHARING).fillna(3)
    out["source"] = out["party"].map(SOURCES).fillna("BGT")
    return gpd.GeoDataFrame(out, geometry="geometry", crs=RD_NEW)
