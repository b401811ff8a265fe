"""Share: what each party pays for each joint opening, and what it would pay alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.schema.frames import empty
from integralie.schema.notes import because, gather
from integralie.schema.opening import joint_days, moving_cost, rates
from integralie.settings import Settings

WRITES = ("shares", "reasons")
KEYS = ("equal", "pro_rata")
RANKS = ("law", "contract", "policy", "habit")


def split_key(agreements: pd.DataFrame) -> str:
    """The split key that was agreed (`unit` of the rule `split_key`, highest rank first), else 'equal'."""
    rows = agreements[(agreements["rule"] == "split_key") & agreements["unit"].isin(KEYS)]
    order = rows["rank"].map({r: i for i, r in enumerate(RANKS)}).fillna(len(RANKS))
    return str(rows.loc[order.sort_values(kind="stable").index[0], "unit"]) if len(rows) else KEYS[0]


def pro_rata(alone: pd.Series, together: float, forward: pd.Series | None = None) -> pd.Series:
    """The joint cost split in proportion to what each would pay alone, with the cost of bringing forward on who
    causes it.

    The published example for a sewer and a road: apart 800 and 400, together 900, and 40 for bringing the road forward.

    >>> pro_rata(pd.Series({"sewer": 800.0, "road": 400.0}), 900.0).tolist()
    [600.0, 300.0]
    >>> pro_rata(pd.Series({"sewer": 800.0, "road": 400.0}), 900.0, pd.Series({"sewer": 40.0})).tolist()
    [640.0, 300.0]

    Source: RIONED, combinatie rioolvervanging en wegonderhoud.
    """
    extra = 0.0 if forward is None else forward.reindex(alone.index).fillna(0.0)
    return together * alone / alone.sum() + extra


def layers(need: pd.Series, by: pd.Series) -> pd.Series:
    """A nested cost split equally: each layer over those who need at least that layer.

    `need` is how much each party needs alone (the widest paving, the most days), `by` the opening it belongs to. Up
    to the smallest need all pay alike, from there to the next the others, and so on; the sum is the largest need.
    This is the Shapley value of the airport game, and nobody pays for more than it needs.

    >>> layers(pd.Series([30.0, 90.0]), pd.Series(["a", "a"])).tolist()
    [15.0, 75.0]
    """
    order = pd.DataFrame({"need": need, "by": by}).sort_values(["by", "need"], kind="stable")
    group = order.groupby("by")
    step = group["need"].diff().fillna(order["need"])
    users = group["need"].transform("size") - group.cumcount()
    return (step / users).groupby(order["by"]).cumsum().reindex(need.index)


def cents(values: pd.Series, total: pd.Series, by: pd.Series) -> pd.Series:
    """Amounts in whole cents that add up to the total of their opening; what is left goes to the largest remainders."""
    exact = (values * 100).round(4)
    down = np.floor(exact)
    left = (total * 100).round() - down.groupby(by).transform("sum")
    rank = (exact - down).groupby(by).rank(method="first", ascending=False)
    return (down + (rank <= left)) / 100


def users(
    works: pd.DataFrame,
    members: pd.DataFrame,
    programme: pd.DataFrame,
    openings: pd.DataFrame,
    streets: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> pd.DataFrame:
    """One row per opening and party: own work, need of paving and days, cost of moving, and what it would pay alone."""
    held = members[
        (members["role"] == "work") & members["set"].isin(openings.index) & members["member"].isin(works.index)
    ]
    facts = works[["party", "cost", "surface_cost", "duration", "depth", "preferred", "life", "sharing"]]
    rows = held[["set", "member", "amount"]].merge(facts, left_on="member", right_index=True)
    there = rows.pop("amount").astype(float).fillna(1.0)  # of a long work the share that lies in this opening
    rows[["cost", "surface_cost", "duration"]] = (
        rows[["cost", "surface_cost", "duration"]].astype(float).mul(there, axis=0)
    )
    opens = rows["depth"].fillna("none") != "none"
    for column in ("surface_cost", "duration"):
        rows[column] = rows[column].fillna(0.0).where(opens, 0.0)
    period = rows["set"].map(openings["period"]).astype(float)
    rows["early"] = moving_cost(rows, period, figures).where(period < rows["preferred"].astype(float), 0.0)
    rows["shift"] = (period - rows["preferred"].astype(float)).abs()
    passage = programme.set_index("work")["passage"].astype(float)
    rows["own"] = rows["cost"] - rows["surface_cost"] + rows["member"].map(passage).fillna(0.0) * there
    rows["opens"] = opens
    by = rows.groupby(["set", "party"])
    out = by.agg(
        own=("own", "sum"),
        surface=("surface_cost", "max"),
        days=("duration", "sum"),
        longest=("duration", "max"),
        early=("early", "sum"),
        shift=("shift", "min"),
        cost=("cost", "sum"),
        opens=("opens", "any"),
        sharing=("sharing", "min"),
    ).reset_index()
    rate = rates(streets, figures, settings).reindex(out["set"].map(openings["street"])).reset_index(drop=True)
    out["days"] = joint_days(out["days"], out["longest"], figures)
    out["site"], out["traffic"] = rate["site"] * out["opens"], (rate["traffic"] * out["days"]).round(2)
    return out.assign(alone=(out["own"] + out["surface"] + out["site"] + out["traffic"]).round(2))


def common(rows: pd.DataFrame, openings: pd.DataFrame) -> pd.Series:
    """What each party pays of the opening itself: the site equally, traffic measures and paving by layers of need."""
    by = rows["set"]
    site = (
        rows["site"].groupby(by).transform("max")
        * rows["opens"]
        / rows["opens"].groupby(by).transform("sum").clip(lower=1)
    )
    raw = site + layers(rows["traffic"], by) + layers(rows["surface"], by)
    total = raw.groupby(by).transform("sum")
    return (raw * by.map(openings["cost"]) / total.where(total > 0)).fillna(0.0)


def causes(rows: pd.DataFrame) -> pd.Series:
    """The cost of bringing works forward, on the party that sets the year: the one whose own best year lies nearest."""
    order = rows.sort_values(["set", "shift", "cost", "party"], ascending=[True, True, False, True])
    first = order.drop_duplicates("set").index
    others = rows["early"].groupby(rows["set"]).transform("sum") - rows["early"]
    return others.where(rows.index.isin(first), 0.0).round(2)


def share(
    streets: pd.DataFrame,
    agreements: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    programme: pd.DataFrame,
    openings: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """What each party pays for each opening, to the cent, beside what it would pay alone.

    Each party pays its own work, with the passage that it keeps. What is common is split per component over those who use it: the site equally,
    traffic measures and paving in layers (up to the least need all alike, above it only those who need more). With
    the agreed key `pro_rata` the whole joint cost is split in proportion to what each would pay alone. What it costs
    to bring works of others forward is paid by the party whose own best year set the date. The rows of one opening
    add up to its cost, its works and what is brought forward.

    Reads
        openings (cost EUR, street, period), members (works of openings), works, programme (passage), streets, agreements (rule split_key).
    Writes
        shares (EUR), reasons.
    Source
        Equal split per component: Littlechild and Owen 1973; pro rata: RIONED, combinatie rioolvervanging en
        wegonderhoud.
    """
    rows = users(works, members, programme, openings, streets, figures, settings)
    if rows.empty:
        return {"shares": empty("shares"), "reasons": gather([], "reasons")}
    key = split_key(agreements)
    rows["common"] = common(rows, openings)
    joint = (rows["own"] + rows["common"]).groupby(rows["set"]).transform("sum")
    if key == "pro_rata":
        rows["common"] = joint * rows["alone"] / rows["alone"].groupby(rows["set"]).transform("sum") - rows["own"]
    rows["paid"] = cents(rows["own"] + rows["common"], joint, rows["set"])
    rows["forward"] = causes(rows)
    rows["amount"] = (rows["paid"] + rows["forward"]).round(2)
    rows["common"] = (rows["paid"] - rows["own"]).round(2)
    out = rows.rename(columns={"set": "opening"}).assign(saving=(rows["alone"] - rows["amount"]).round(2), key=key)
    out.index = pd.Index(out["opening"] + "|" + out["party"], name="id")
    columns = ["opening", "party", "amount", "alone", "own", "common", "forward", "key", "saving", "sharing"]
    return {"shares": out[columns], "reasons": gather(_reasons(out), "reasons")}


def _reasons(out: pd.DataFrame) -> list[pd.DataFrame]:
    told = out[["amount", "own", "common", "alone", "saving", "party"]]
    moved = out[out["forward"] > 0]
    dearer = out[out["saving"] < 0].assign(more=-out["saving"])
    return [
        because("shares", "share." + str(out["key"].iloc[0]), told),
        because("shares", "share.forward", moved[["forward", "party"]], step=1),
        because("shares", "share.dearer", dearer[["more", "party"]], step=2),
    ]
