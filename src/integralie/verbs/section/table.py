"""Table: one cut as rows that people can read: zones, networks, single things, edges; and what is known of the cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import drawn, kinds
from integralie.verbs.section.laid import Laid

LOW = ("carriageway", "parking", "cycle_path")  # zones that lie a kerb lower than the footway
COLUMNS = (
    "id",
    "role",
    "asset",
    "kind",
    "name",
    "party",
    "status",
    "x",
    "x_quality",
    "x_band",
    "width",
    "width_quality",
    "left",
    "right",
    "cover",
    "top",
    "bottom",
    "depth_quality",
    "depth_band",
    "angle",
    "material",
    "year_built",
    "source",
)
TOLD = ("kind", "name", "party", "status", "material", "year_built", "source", "function")


def _drop(kind: pd.Series, figures: Figures) -> np.ndarray:
    return np.where(kind.isin(LOW), figures.value("kerb"), 0.0)


def zone_rows(laid: Laid, left: float, figures: Figures) -> pd.DataFrame:
    """The zones from left to right; a strip without a registered surface has no kind."""
    rows = laid.zones
    known = (rows["asset"] >= 0).to_numpy()
    facts = laid.assets.iloc[rows["asset"].to_numpy()[known]][list(TOLD)]
    facts = facts.assign(asset=facts.index).set_axis(rows.index[known]).reindex(rows.index)
    out = facts.assign(role="zone")
    out["left"], out["right"] = rows["left"] - left, rows["right"] - left
    out["width"], out["x"] = out["right"] - out["left"], (out["left"] + out["right"]) / 2
    out["x_quality"] = out["width_quality"] = np.where(known, "registered", "unknown")
    out["top"] = _drop(out["kind"], figures)
    return out


def _level(x: pd.Series, zones: pd.DataFrame) -> np.ndarray:
    """How far the surface lies below peil at each place."""
    at = np.searchsorted(zones["left"].to_numpy(), x.to_numpy(), side="right") - 1
    return zones["top"].to_numpy()[np.clip(at, 0, len(zones) - 1)] if len(zones) else np.zeros(len(x))


def body_rows(found: pd.DataFrame, laid: Laid, left: float, zones: pd.DataFrame, role: str) -> pd.DataFrame:
    """Networks or single things with their width and depth; a slanted line is as broad as the cut sees it."""
    rows = found.reset_index(drop=True)
    place = rows["asset"].to_numpy(int)
    body = laid.body.iloc[place].reset_index(drop=True)
    facts = laid.assets.iloc[place][list(TOLD)].reset_index(drop=True)
    ids = laid.assets.index.to_numpy()[place]
    out = pd.concat([facts, body.drop(columns="height")], axis=1).assign(role=role, asset=ids)
    out["x"] = rows["offset"] - left
    angle = rows["angle"] if "angle" in rows else pd.Series(90.0, index=rows.index)
    out["angle"] = angle
    along = rows["left"].notna() if "left" in rows else pd.Series(False, index=rows.index)
    seen = body["width"] / np.sin(np.radians(angle.clip(lower=30)))
    half = seen / 2
    out["left"] = np.where(along, rows.get("left", out["x"]) - left, out["x"] - half)
    out["right"] = np.where(along, rows.get("right", out["x"]) - left, out["x"] + half)
    out["role"] = np.where(along, "crossing", role)
    level = _level(out["x"], zones)
    out["top"] = out["cover"] + level
    out["bottom"] = out["top"] + body["height"]
    return out


def _trees(rows: pd.DataFrame, laid: Laid, zones: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Trees begin at the surface and root to the figure `height`; masts and stations stand on it too."""
    on_top = rows["kind"].isin(drawn("tree", "mast", "station", "chamber")) & rows["cover"].isna()
    height = laid.body["height"].reindex(rows["asset"]).to_numpy()
    level = _level(rows["x"], zones)
    rows = rows.assign(role=rows["role"].mask(rows["kind"].isin(drawn("tree")), "tree"))
    rows.loc[on_top, "top"], rows.loc[on_top, "bottom"] = level[on_top], (level + height)[on_top]
    rows.loc[on_top, "cover"] = 0.0
    rows.loc[on_top, "depth_quality"] = "assumed"
    rows.loc[on_top, "depth_band"] = figures.value("band", axis="depth", quality="assumed")
    tree = rows["role"] == "tree"
    root = figures.value("root_width") / 2
    rows.loc[tree, "left"], rows.loc[tree, "right"] = rows["x"][tree] - root, rows["x"][tree] + root
    return rows


def _foundations(ends: pd.Series, width: float, figures: Figures) -> pd.DataFrame:
    """An assumed foundation at each side where a building stands on the edge."""
    deep, broad = figures.value("foundation_depth"), figures.value("foundation_width")
    made = [
        {
            "role": "foundation",
            "x": x,
            "left": x - broad / 2,
            "right": x + broad / 2,
            "width": broad,
            "top": 0.0,
            "bottom": deep,
            "cover": 0.0,
            "x_quality": "registered",
            "width_quality": "assumed",
            "depth_quality": "assumed",
            "depth_band": figures.value("band", axis="depth", quality="assumed"),
        }
        for side, x in (("left_edge", 0.0), ("right_edge", width))
        if ends[side] == "facade"
    ]
    return pd.DataFrame(made)


def _numbered(rows: pd.DataFrame) -> pd.Series:
    """Codes with a running number from left to right: LS1, LS2, G1."""
    plain = {"zone": "Z", "foundation": "F"}
    code = rows["role"].map(plain).fillna(rows["kind"].map({n: k.code for n, k in kinds().items()})).fillna("X")
    return code + (rows.groupby(code).cumcount() + 1).astype(str)


def table(laid: Laid, figures: Figures) -> pd.DataFrame:
    """The rows of the first cut, from left to right, zones first."""
    ends = laid.ends.iloc[0]
    left, width = float(ends["left"]), float(ends["right"] - ends["left"])
    zones = zone_rows(laid, left, figures)
    lines = body_rows(laid.lines, laid, left, zones, "network")
    things = _trees(body_rows(laid.things, laid, left, zones, "thing"), laid, zones, figures)
    rows = pd.concat([lines, things, _foundations(ends, width, figures)], ignore_index=True)
    rows = rows.sort_values(["x", "top", "asset"], kind="stable", ignore_index=True) if len(rows) else rows
    out = pd.concat([zones, rows], ignore_index=True)
    out = out.assign(id=_numbered(out)).reindex(columns=list(COLUMNS))
    return out.round(
        dict.fromkeys(("x", "left", "right", "width", "top", "bottom", "cover", "x_band", "depth_band"), 3)
    )


def head(laid: Laid, streets: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    """What is known of the cut as a whole: place, width, edges, surface level, and why it may not be trusted."""
    cuts, ends = laid.cuts, laid.ends.iloc[0]
    street = str(cuts.street[0])
    name = streets.loc[street, "name"]
    found = rows["asset"].dropna()
    both = laid.assets.loc[laid.assets.index.isin(found), ["top", "cover"]].dropna()
    nap = (both["top"] + both["cover"]).median() if len(both) else streets.loc[street, "surface_level"]
    water = nap - streets.loc[street, "groundwater"]
    return {
        "street": street,
        "name": None if pd.isna(name) else str(name),
        "at": round(float(cuts.at[0]), 2),
        "length": round(float(cuts.length[0]), 2),
        "x": round(float(cuts.origin[0][0] + cuts.right[0][0] * ends["left"]), 3),
        "y": round(float(cuts.origin[0][1] + cuts.right[0][1] * ends["left"]), 3),
        "heading": round(float(np.degrees(np.arctan2(-cuts.right[0][1], cuts.right[0][0])) % 360), 4),
        "axis": round(float(-ends["left"]), 3),
        "width": round(float(ends["right"] - ends["left"]), 3),
        "told_width": None if pd.isna(ends["told"]) else float(ends["told"]),
        "left_edge": str(ends["left_edge"]),
        "right_edge": str(ends["right_edge"]),
        "doubt": str(ends["doubt"]),
        "nap": None if pd.isna(nap) else round(float(nap), 2),
        "water": None if pd.isna(water) else round(float(water), 2),
        "sources": sorted(set(rows["source"].dropna().astype(str))),
    }
