"""Doubts: what the test for room has to say on the data: streets that cannot be cut, sizes, depths, reservations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.kinds import drawn, kinds
from integralie.schema.notes import finding
from integralie.settings import Settings
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.section.laid import Laid

SURE = ("measured", "registered")  # depths that somebody found or wrote down for this very line
NEXT = 3  # things to the right that are looked at: two lines in one another may have another registered between them


def doubts(
    under: Ground, laid: Laid, claims: pd.DataFrame, settings: Settings, unsure: list[str]
) -> list[pd.DataFrame]:
    """All findings; `unsure` are the streets where not every combination of wants could be tried."""
    return [
        *_doubts(under),
        *_reviews(claims, settings),
        *_same_depth(under, laid),
        *_given_up(unsure),
        *_sizes(under, laid),
    ]


def _doubts(under: Ground) -> list[pd.DataFrame]:
    """Streets that cannot be tested, with the reason."""
    made = []
    for doubt in sorted(set(under.doubt) - {""}):
        rows = under.streets[under.doubt == doubt] if doubt != "no_networks" else np.array([""])
        made.append(
            finding(
                f"section_{doubt}",
                "streets",
                list(rows),
                pd.DataFrame(index=rows),
                "note" if doubt == "no_edge" else "warning",
                "oordeel onbekend",
            )
        )
    return made


def _sizes(under: Ground, laid: Laid) -> list[pd.DataFrame]:
    """Chambers in the streets of which no size is registered: how many of each kind."""
    seen = np.unique(under.things["who"].to_numpy(int))
    rows = laid.body.iloc[seen].assign(kind=laid.assets["kind"].to_numpy(object)[seen])
    rows = rows[rows["kind"].isin(drawn("chamber")) & rows["width_quality"].eq("assumed")]
    if rows.empty:
        return []
    count = rows.groupby("kind")["width"].agg(["size", "first"]).set_axis(["count", "width"], axis=1)
    said = count.assign(kind=[kinds()[str(n)].label_nl for n in count.index])
    return [finding("chamber_size", "assets", [f"kind:{n}" for n in count.index], said, "note", "maat aangenomen")]


def _given_up(unsure: list[str]) -> list[pd.DataFrame]:
    """Streets where not every combination of claims and works could be tried."""
    rows = pd.DataFrame(index=unsure)
    return [finding("together_unknown", "streets", unsure, rows, "warning", "oordeel onbekend")] if unsure else []


def _reviews(claims: pd.DataFrame, settings: Settings) -> list[pd.DataFrame]:
    """Reservations past their review date or term, or without a legal basis."""
    kept = claims[claims["status"].eq("reserved").fillna(False).astype(bool)]
    year = pd.to_numeric(kept["review"].astype(object).str[:4], errors="coerce")
    late = kept[(year < settings.first).to_numpy() | kept["period_to"].lt(settings.first).fillna(False).to_numpy(bool)]
    bare = kept[kept["basis"].isna()]
    out = []
    if len(late):
        out.append(
            finding("reservation_review", "claims", late.index, late[["name", "review", "period_to"]], "warning")
        )
    if len(bare):
        out.append(finding("reservation_basis", "claims", bare.index, bare[["name"]], "warning"))
    return out


def _same_depth(under: Ground, laid: Laid) -> list[pd.DataFrame]:
    """Lines that lie in one another at a cut: same place and same depth."""
    t = under.things[~under.things["standing"].to_numpy(bool)].reset_index(drop=True)
    pairs = [(t.iloc[:-k].reset_index(drop=True), t.iloc[k:].reset_index(drop=True)) for k in range(1, NEXT + 1)]
    a, b = (pd.concat(side, ignore_index=True) for side in zip(*pairs))
    size = np.maximum(a["half"], b["half"])
    hit = (
        (a["cut"] == b["cut"])
        & ((a["at"] - b["at"]).abs() < size)
        & (((a["top"] + a["bottom"]) - (b["top"] + b["bottom"])).abs() / 2 < size)
    )
    rows = pd.DataFrame(
        {
            "one": laid.assets.index.to_numpy()[a["who"][hit].to_numpy(int)],
            "two": laid.assets.index.to_numpy()[b["who"][hit].to_numpy(int)],
        }
    )
    rows = pd.concat([rows, _across(under, laid)], ignore_index=True)
    rows = rows[rows["one"] != rows["two"]].drop_duplicates().drop_duplicates("one")
    return (
        [finding("same_place", "assets", list(rows["one"]), rows, "warning", "niets verschoven")] if len(rows) else []
    )


def _across(under: Ground, laid: Laid) -> pd.DataFrame:
    """Lines across the street that meet one along it at the same depth, where neither depth is a mere default."""
    cross = laid.lines[laid.lines["left"].notna()] if len(laid.lines) else laid.lines
    if cross.empty:
        return pd.DataFrame({"one": [], "two": []})
    body = laid.body.iloc[cross["asset"].to_numpy(int)].reset_index(drop=True)
    cross = cross.reset_index(drop=True).assign(
        low=body["cover"], deep=body["cover"] + body["height"], how=body["depth_quality"]
    )
    along = under.things[~under.things["standing"].to_numpy(bool)]
    both = cross.merge(along, on="cut")
    hit = (
        (both["at"] >= both["left"])
        & (both["at"] <= both["right"])
        & (both["low"] < both["bottom"])
        & (both["deep"] > both["top"])
    )
    hit &= both["how"].isin(SURE) & both["quality"].isin(SURE)
    labels = laid.assets.index.to_numpy()
    return pd.DataFrame(
        {"one": labels[both["asset"][hit].to_numpy(int)], "two": labels[both["who"][hit].to_numpy(int)]}
    )
