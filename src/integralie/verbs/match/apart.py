"""Keep apart: when works that can be combined had better not be, with the numbers that say so."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.schema.opening import indexed
from integralie.settings import Settings
from integralie.verbs.match.value import pace

COLUMNS = ["rule", "street", "period", "amount", "severity", "sharing", "work", "work_b", "opportunity", "count"]


def _rows(out: pd.DataFrame, rule: str, amount: pd.Series, high: pd.Series) -> pd.DataFrame:
    made = out.assign(rule=rule, amount=amount.astype(float).round(1), opportunity=out.index, count=out["works"])
    made["severity"] = high.map({True: "high", False: "medium"})
    return made.reset_index(drop=True)[COLUMNS]


def mismatch(out: pd.DataFrame, rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Networks of another pace in one opening: one crew waits for the other, as in Purmerend. Grave where the waiting
    costs more than the joint opening saves. `amount` is days of waiting.
    """
    crews = pace(rows, figures)
    hit = crews[crews["wait"] > 0]
    own = out.loc[hit.index].assign(work=hit["slow_work"], work_b=hit["fast_work"])
    return _rows(own, "pace", hit["wait"], own["pace_cost"] > own["saving"])


def cannot_wait(out: pd.DataFrame, rows: pd.DataFrame, works: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """A work that will probably fail and would have to wait for the others: it had better go alone. `amount` is years
    that it waits.
    """
    told = rows.join(works[["probability", "plan"]], on="work")
    away = told["year"] - told["preferred"].astype(float)
    most = figures.lookup("urgent_years", told[["kind"]])["value"].astype(float)
    likely = told["plan"].isna() & (told["probability"].fillna(0.0) >= figures.value("urgent_probability"))
    hit = told.assign(away=away, most=most)[likely & (away >= most)]
    hit = hit.sort_values(["id", "away", "work"], ascending=[True, False, True]).drop_duplicates("id").set_index("id")
    own = out.loc[hit.index].assign(work=hit["work"], work_b=None)
    return _rows(own, "urgency", hit["away"], hit["away"] >= 2 * hit["most"])


def too_large(out: pd.DataFrame, rows: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """More works or money in one opening than one contract holds. `amount` is EUR of works."""
    cost = (rows["cost"].fillna(0.0) * rows["share"]).groupby(rows["id"]).sum().reindex(out.index).fillna(0.0)
    limit = figures.find("contract_cost")
    level = pd.Series([limit.price_level], dtype=object)
    most = float(indexed(pd.Series([limit.value]), level, figures, settings).iloc[0])
    hit = out[(out["works"] > figures.value("contract_works")) | (cost > most)]
    return _rows(hit.assign(work=hit["lead"], work_b=None), "contract", cost[hit.index], cost[hit.index] > 2 * most)


def too_long(out: pd.DataFrame, streets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """A street that would be closed longer at a stretch than it can bear (`closed_most`). `amount` is days open."""
    there = streets.loc[out["street"]].set_axis(out.index)
    most = figures.lookup("closed_most", there[["road_class"]])["value"].astype(float)
    hit = out[(out["together"] > most) & (out["together"] > out["longest"])]
    return _rows(
        hit.assign(work=hit["lead"], work_b=None), "closed_long", hit["together"], hit["together"] > 2 * most[hit.index]
    )


def too_scarce(
    out: pd.DataFrame, rows: pd.DataFrame, works: pd.DataFrame, capacity: pd.DataFrame, resource: str
) -> pd.DataFrame:
    """A party whose year has no room for its works in this one opening: too little `budget` (EUR short), or too few days of
    a `crew` (days short).

    Room is what there is in that year less what the party's commitments take; what is not committed can still move, and
    the programme weighs that. Grave where the year as a whole has less than the opening asks.
    """
    there = capacity[capacity["resource"].astype(str).str.split(":").str[0] == resource]
    there = there.groupby(["party", "resource", "period"])["amount"].sum()
    every = works.assign(use=_use(works, resource), resource=_resource(works, resource))
    firm = every[every["fixed"].notna()].groupby(["party", "resource", "fixed"])["use"].sum()
    asked = rows[["id", "work", "party", "year", "share"]].join(every[["use", "resource", "fixed"]], on="work")
    asked["use"] = (asked["use"] * asked["share"]).where(asked["fixed"].isna(), 0.0)
    by = (
        asked.groupby(["id", "party", "resource", "year"]).agg(asked=("use", "sum"), work=("work", "min")).reset_index()
    )
    year = by["year"].astype(int)
    has = there.reindex(pd.MultiIndex.from_arrays([by["party"], by["resource"], year])).to_numpy(float)
    taken = firm.reindex(pd.MultiIndex.from_arrays([by["party"], by["resource"], year])).fillna(0.0).to_numpy(float)
    by = by.assign(has=has, short=by["asked"] - np.maximum(has - taken, 0.0))
    hit = by[(by["short"] > 0) & (by["asked"] > 0)].sort_values(["id", "short", "party"], ascending=[True, False, True])
    hit = hit.drop_duplicates("id").set_index("id")
    mine = out.loc[hit.index].assign(work=hit["work"], work_b=None)
    name = "capacity" if resource == "budget" else "crew"
    return _rows(mine, name, hit["short"], hit["short"] > hit["has"])


def _use(works: pd.DataFrame, resource: str) -> pd.Series:
    """What a work takes of its party's own: euros less shared paving, or working days."""
    if resource == "budget":
        return (works["cost"].fillna(0.0) - works["surface_cost"].fillna(0.0)).clip(lower=0).astype(float)
    return works["duration"].fillna(0.0).astype(float)


def _resource(works: pd.DataFrame, resource: str) -> pd.Series:
    """The row of `capacity` that a work leans on."""
    if resource == "budget":
        return pd.Series(resource, index=works.index)
    return resource + ":" + works["discipline"].astype(object).fillna("other")


def warnings(
    out: pd.DataFrame,
    rows: pd.DataFrame,
    works: pd.DataFrame,
    streets: pd.DataFrame,
    capacity: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> pd.DataFrame:
    """All reasons to keep the works of an opportunity apart, as rows of clashes with the opportunity they are about."""
    if out.empty:
        return pd.DataFrame(columns=COLUMNS)
    parts = [
        mismatch(out, rows, figures),
        cannot_wait(out, rows, works, figures),
        too_large(out, rows, figures, settings),
        too_long(out, streets, figures),
        too_scarce(out, rows, works, capacity, "budget"),
        too_scarce(out, rows, works, capacity, "crew"),
    ]
    filled = [p for p in parts if len(p)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
