"""Bodies: for every asset how broad and how high it is below ground and how deep, and how each of that is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds

MILLIMETRES = 1000.0
SURE = 0.1  # m: a position stated at least this accurate was measured
COLUMNS = ("width", "width_quality", "height", "cover", "depth_quality", "depth_band", "x_quality", "x_band")


def _per_kind(name: str, kind: pd.Series, figures: Figures) -> pd.Series:
    """The figure of each kind that occurs; missing where there is none."""
    known = {k: figures.value(name, kind=k) for k in kind.dropna().unique()}
    return kind.map(known).astype(float)


def _band(axis: str, quality: pd.Series, figures: Figures) -> pd.Series:
    known = {q: figures.value("band", axis=axis, quality=q) for q in ("measured", "registered", "default", "assumed")}
    return quality.map(known).astype(float)


def _heights(assets: pd.DataFrame, width: pd.Series, figures: Figures) -> pd.Series:
    """Round things are as high as they are broad; others have the figure `height`; heights in NAP go before both."""
    flat = (
        [
            k
            for k in assets["kind"].unique()
            if kinds()[k].symbol not in ("cable", "trefoil", "pipe", "sewer", "duct", "unknown")
        ]
        if len(assets)
        else []
    )
    known = {k: figures.value("height", kind=k) for k in flat if _has(figures, "height", k)}
    told = (assets["top"] - assets["bottom"]).where(lambda h: h > 0)
    return told.fillna(assets["kind"].map(known).astype(float)).fillna(width)


def _has(figures: Figures, name: str, kind: str) -> bool:
    try:
        figures.value(name, kind=kind)
    except Exception:
        return False
    return True


def bodies(assets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Width and height (m), cover (m below the surface), and the bands within which position and depth lie.

    Width is the column `width`, else the diameter, else the figure `size` of the kind (assumed). A cover that nobody
    gave stays missing: the depth is unknown. The band of the position is the accuracy that the source states, else
    the figure `band`; that of the depth follows from how it is known.

    Reads assets: kind, width, diameter, cover, top, bottom, accuracy and their qualities.
    """
    kind = assets["kind"]
    told = assets["width"].fillna(assets["diameter"] / MILLIMETRES).where(lambda w: w > 0)
    pairs = kind.isin([k.name for k in kinds().values() if k.symbol == "pair"])
    told = told.mask(pairs & assets["width"].isna())  # the diameter of a pair is that of one pipe without its casing
    width = told.fillna(_per_kind("size", kind, figures))
    quality = assets["cover_quality"].fillna("registered").where(assets["cover"].notna(), "unknown")
    accuracy = assets["accuracy"].where(lambda a: a > 0)
    placed = pd.Series(np.where(accuracy <= SURE, "measured", "registered"), index=assets.index)
    placed = placed.mask(assets["status"].eq("projected").fillna(False).astype(bool), "assumed")
    return pd.DataFrame(
        {
            "width": width,
            "width_quality": assets["diameter_quality"].fillna("registered").where(told.notna(), "assumed"),
            "height": _heights(assets, width, figures),
            "cover": assets["cover"],
            "depth_quality": quality,
            "depth_band": _band("depth", quality, figures),
            "x_quality": placed,
            "x_band": accuracy.fillna(_band("x", placed, figures)),
        },
        index=assets.index,
    )
