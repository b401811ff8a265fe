"""Fit: what lies in each street section, how much width that leaves, and whether a claim on room would fit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.frames import empty
from integralie.schema.near import streets_of
from integralie.schema.notes import because, gather
from integralie.settings import Settings

WRITES = ("room", "reasons")


def lying(assets: pd.DataFrame, streets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Cables and pipes per street section: how many run along it, how wide they are together, how many without a
    known depth.

    A line counts for the part of the section that it runs along; its width is that of the trench to reach it (figure
    `trench_width`).
    """
    buried = [n for n, k in kinds().items() if k.programmed and k.geometry == "line" and k.depth in ("shallow", "deep")]
    lines = assets[assets["kind"].isin(buried) & (assets["status"].fillna("in_use") != "projected")]
    cut = streets_of(lines, streets, figures.value("street_reach"))
    along = cut["share"] * cut["object"].map(lines.geometry.length) / cut["street"].map(streets.geometry.length)
    cut["count"] = np.minimum(along, 1.0)
    cut["width"] = cut["count"] * cut["object"].map(
        figures.lookup("trench_width", lines[["kind"]])["value"].astype(float)
    )
    cut["deep"] = cut["object"].map(
        lines["cover"].notna() & (lines["cover_quality"].fillna("registered") == "measured")
    )
    out = cut.groupby("street").agg(
        used_width=("width", "sum"), networks=("object", "nunique"), measured=("deep", "sum")
    )
    return out.reindex(streets.index).fillna(0.0)


def verdicts(claims: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    """For each claim on a section: fits, tight, does_not_fit or unknown.

    Room is the width of the section less what cables and pipes take. The claim fits when twice its width is free, is
    tight when it is free once, and does not fit otherwise; without the width of the section or of the claim the
    answer is unknown. This looks at widths only; depths and the order in the cross-section are not weighed yet.
    """
    rows = claims[claims["street"].isin(here.index)]
    free, asked = rows["street"].map(here["free_width"]), rows["width"]
    verdict = np.select(
        [free.isna() | asked.isna(), free >= 2 * asked, free >= asked], ["unknown", "fits", "tight"], "does_not_fit"
    )
    out = pd.DataFrame(
        {"street": rows["street"], "claim": rows.index, "verdict": verdict, "sharing": rows["sharing"].fillna(0)}
    )
    out.index = pd.Index(out["street"] + "|" + out["claim"], name="id")
    return out


def fit(
    streets: pd.DataFrame, assets: pd.DataFrame, claims: pd.DataFrame, figures: Figures, settings: Settings
) -> dict[str, pd.DataFrame]:
    """What lies in each street section and what width is left, and for every claim whether it fits.

    One row per section (claim empty) and one per claim. What is not known stays unknown: `missing` names the
    measurement that would settle it.

    Reads
        streets (width m, geometry m), assets (lines with kind and cover m), claims (street, width m).
    Writes
        room (widths in m), reasons.
    """
    if streets.empty:
        return {"room": empty("room"), "reasons": gather([], "reasons")}
    here = lying(assets, streets, figures)
    here["free_width"] = streets["width"] - here["used_width"]
    base = pd.DataFrame(
        {"street": streets.index, "sharing": streets["sharing"].fillna(0).to_numpy()},
        index=pd.Index(streets.index + "|", name="id"),
    )
    asked = verdicts(claims, here)
    room = pd.concat([base, asked]) if len(asked) else base
    for column in ("used_width", "free_width", "networks"):
        room[column] = room["street"].map(here[column]).round(2)
    blind = room["street"].map(here["measured"]) < room["networks"]
    room["missing"] = pd.Series(np.where(blind, "trial_trench", None), index=room.index).mask(  # type: ignore[call-overload]
        room["free_width"].isna(), "street_width"
    )
    room["geometry"] = room["street"].map(streets.geometry)
    told = room[["networks", "used_width", "free_width"]].assign(
        street=room["street"].map(streets["name"]).fillna(room["street"])
    )
    figure = figures.find(
        "trench_width", kind=next(iter(sorted(n for n, k in kinds().items() if k.discipline == "water")))
    ).id
    claimed = told[room["claim"].notna()] if "claim" in room else told.iloc[:0]
    said = [
        because("room", "fit.lies", told, figure),
        because("room", "fit.verdict", claimed.join(room[["verdict"]]) if len(claimed) else claimed, step=1),
    ]
    return {"room": room, "reasons": gather(said, "reasons")}
