"""Kept: reservations, and wants that have their place, as things that others keep clear of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.kinds import kinds
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.fit.places import Places

FIRST = -2  # `who` of the first of them; positions of assets are 0 and more, -1 is a strip
PLACE = ("x", "top", "bottom", "bent", "order_broken", "cut")


def things(rows: pd.DataFrame, found: pd.DataFrame, under: Ground, street: np.ndarray) -> pd.DataFrame:
    """Wants with a place as things: a line at every cut of its street, another thing at its own cut.

    `street` tells of each cut in which street it lies. A told place (`offset`) goes before the one that was found.
    """
    found = found.reindex(rows.index)
    held = rows["kind"].notna() & rows["width"].notna() & found["x"].notna() & (under.position(rows["street"]) >= 0)
    rows, found = rows[held], found[held]
    symbol = rows["kind"].map({n: k.symbol for n, k in kinds().items()})
    out = pd.DataFrame(
        {
            "street": under.position(rows["street"]),
            "who": FIRST - np.arange(len(rows)),
            "kind": rows["kind"],
            "at": rows["offset"].astype(float).fillna(found["x"]).astype(float),
            "half": rows["width"].astype(float) / 2,
            "x_band": 0.0,
            "top": found["top"].astype(float),
            "bottom": (found["top"] + rows["height"]).astype(float),
            "band": 0.0,
            "quality": "registered",
            "symbol": symbol,
            "standing": symbol.eq("tree"),
            "claim": rows["claim"],
            "period_from": rows["period_from"],
            "period_to": rows["period_to"],
            "only": found["cut"].astype(float),
        }
    )
    cuts = pd.DataFrame({"street": street, "cut": np.arange(len(street))})
    spread = out.rename_axis("want").reset_index().merge(cuts, on="street")
    return spread[spread["only"].isna() | (spread["only"] == spread["cut"])].set_index("want").drop(columns="only")


def in_time(kept: pd.DataFrame, want: pd.Series) -> pd.DataFrame:
    """The reservations in the street of a want whose years meet its own."""
    begin = want["period_from"] if pd.notna(want["period_from"]) else -np.inf
    end = want["period_to"] if pd.notna(want["period_to"]) else np.inf
    here = kept[kept.index.str.startswith(f"{want['street']}|")]
    return here[(here["period_from"].fillna(-np.inf) <= end) & (here["period_to"].fillna(np.inf) >= begin)]


def reservation(kept: pd.DataFrame, who: int) -> str:
    """The claim behind a thing that is a reservation."""
    return str(kept.loc[kept["who"] == who, "claim"].iloc[0])


def side_by_side(asked: pd.DataFrame, found: pd.DataFrame, places: Places, street: np.ndarray) -> pd.DataFrame:
    """The same with the wants of one street beside each other: each keeps clear of those that have their place.

    Reservations first, then what is a right, then the broadest, trees last; what finds no place so keeps the one that it
    has alone. Only places change: what room there is was found for each alone, and sets that clash are told apart.
    """
    rows = asked[found["margin"].reindex(asked.index).ge(0) & found["x"].reindex(asked.index).notna()]
    rows = rows[rows["street"].map(rows["street"].value_counts()).gt(1)]
    tree = rows["kind"].map({n: k.symbol == "tree" for n, k in kinds().items()}).astype(bool)
    rows = rows.assign(tree=tree, plain=~rows["reserved"], wish=~rows["hard"], slim=-rows["width"].astype(float))
    rows = rows.sort_values(["street", "tree", "plain", "wish", "slim"], kind="stable")
    turn = rows.groupby("street").cumcount()
    out = found.copy()
    for n in range(1, int(turn.max()) + 1 if len(turn) else 0):
        now = rows[(turn == n) & rows["offset"].isna()]
        again = places.only(list(now.index)).search(things(rows[turn < n], out, places.under, street))
        good = again.index[again["margin"].ge(0)]
        out.loc[good, list(PLACE)] = again.loc[good, list(PLACE)]
    return out
