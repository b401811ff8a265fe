"""Opportunities (koppelkansen): works in one street section whose windows meet, and the best year to do them
together.
"""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.opening import joint_days, moving_cost, rates
from integralie.settings import Settings
from integralie.verbs.match import apart, leftover, steps, value

ROUNDS = 3  # a section can hold at most so many opportunities after one another
FACTS = ["party", "kind", "depth", "preferred", "earliest", "latest", "cost", "surface_cost", "duration", "life", "fixed", "sharing"]  # fmt: skip


def held(
    works: pd.DataFrame, places: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """Every work that opens a street, in every section it lies in: its window within the programme, its share there."""
    opens = works[(works["depth"] != "none") & works["depth"].notna()]
    rows = places.join(opens[FACTS], on="set", how="inner").join(
        rates(streets, figures, settings)[["site", "traffic"]], on="member"
    )
    rows["first"] = rows["fixed"].fillna(rows["earliest"]).clip(lower=settings.years[0]).astype(float)
    rows["last"] = rows["fixed"].fillna(rows["latest"]).clip(upper=settings.years[-1]).astype(float)
    for column in ("surface_cost", "duration"):
        rows[column] = rows[column].fillna(0.0) * rows["share"]
    rows = rows[rows["last"] >= rows["first"]]
    return rows.rename(columns={"set": "work", "member": "street"}).reset_index(drop=True)


def choices(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Every work in every section in every year of its window, with what moving it there costs.

    A year in which moving costs more than the work could ever save by joining is left out.
    """
    span = (rows["last"] - rows["first"] + 1).astype(int)
    start = rows["first"].repeat(span).reset_index(drop=True).astype(int)
    out = rows.loc[rows.index.repeat(span)].reset_index(drop=True)
    out["year"] = start + out.groupby(["work", "street"]).cumcount()
    out["moving"] = moving_cost(out, out["year"], figures) * out["share"]
    most = out["site"] + out["duration"] * out["traffic"] + out["surface_cost"]
    return out[out["moving"] <= most]


def _years(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Per street and year what a joint opening of all works that can take part would save and cost."""
    by = rows.groupby(["street", "year"])
    out = by.agg(
        works=("work", "nunique"),
        site=("site", "first"),
        traffic=("traffic", "first"),
        surface=("surface_cost", "sum"),
        widest=("surface_cost", "max"),
        days=("duration", "sum"),
        longest=("duration", "max"),
        moving=("moving", "sum"),
    )
    together = joint_days(out["days"], out["longest"], figures)
    out["saving"] = (
        (out["works"] - 1) * out["site"] + (out["days"] - together) * out["traffic"] + out["surface"] - out["widest"]
    ).round(2)
    out["net"] = (out["saving"] - out["moving"]).round(2)
    return out.reset_index()


def best(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Per street section the year with the largest net saving (the earliest of equals), when it is worth it."""
    years = _years(rows, figures)
    good = years[(years["works"] >= 2) & (years["net"] > 0)]
    return good.sort_values(["street", "net", "year"], ascending=[True, False, True]).drop_duplicates("street")


def together(rows: pd.DataFrame, touched: frozenset[str], figures: Figures) -> pd.DataFrame:
    """The works of all joint opportunities, one row each with its year; a work is in at most one per section.

    `touched` are the ids that people have worked on: such an opportunity keeps its id as long as its leading work is in
    it, also when a dearer work has joined.
    """
    left, made = rows, []
    for round_ in range(ROUNDS):
        top = best(left, figures)
        if top.empty:
            break
        joined = left.merge(top[["street", "year", "saving", "net"]], on=["street", "year"])
        made.append(joined.assign(round=round_))
        taken = pd.MultiIndex.from_frame(joined[["street", "work"]])
        left = left[~pd.MultiIndex.from_frame(left[["street", "work"]]).isin(taken)]
    if not made:
        return pd.DataFrame(columns=[*rows.columns, "saving", "net", "round", "id"])
    out = pd.concat(made, ignore_index=True)
    out["id"] = out["street"] + "|" + out["round"].astype(str)
    head = "opportunity:" + out["street"].str.removeprefix("street:") + ":"
    out["name"] = head + out["work"].str.removeprefix("work:")
    first = (head + out["id"].map(steps.leads(out)).str.removeprefix("work:")).groupby(out["id"]).first()
    kept = out[out["name"].isin(touched)].sort_values("name").drop_duplicates("id").set_index("id")["name"]
    return out.assign(id=out["id"].map(kept.combine_first(first))).drop(columns="name")


def _leading(rows: pd.DataFrame) -> pd.Series:
    """The work that an opportunity is named after."""
    own = rows[[i.endswith(f":{w.removeprefix('work:')}") for i, w in zip(rows["id"], rows["work"])]]
    named = "opportunity:" + own["street"].str.removeprefix("street:") + ":" + own["work"].str.removeprefix("work:")
    return own[named == own["id"]].set_index("id")["work"]


def joint(
    rows: pd.DataFrame,
    works: pd.DataFrame,
    streets: pd.DataFrame,
    capacity: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The joint opportunities with their value, who moves, the next step and the advice; and the warnings."""
    if rows.empty:
        return pd.DataFrame(), apart.warnings(pd.DataFrame(), rows, works, streets, capacity, figures, settings)
    by = rows.groupby("id")
    found = value.joint(rows, figures)
    found = found.join(by.agg(period=("year", "first"), saving=("saving", "first"), net_saving=("net", "first")))
    found = found.join(by.agg(period_from=("first", "max"), period_to=("last", "min")).astype(int))
    out = value.worth(found, rows, streets, figures, settings)
    out = out.join(steps.movers(rows)).assign(lead=_leading(rows), kind="joint", status="found")
    out["moving_cost"] = out["moving"].round(2)
    warned = apart.warnings(out, rows, works, streets, capacity, figures, settings)
    out["advice"] = steps.advice(out, warned)
    out["next_step"] = steps.next_steps(out, rows, works, figures)
    return out, warned


def others(
    all_: pd.DataFrame, rows: pd.DataFrame, claims: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """Opportunities that are no joint opening (yet): near misses, works without a partner, claims, and rejected pairs."""
    two = leftover.told(leftover.pairs(all_, rows, figures), figures) if len(all_) else pd.DataFrame()
    joint_ = rows.rename(columns={"work": "lead"})[["street", "lead"]]
    near = two[two["kind"] == "near_miss"] if len(two) else two
    busy = pd.concat([joint_, *([near[["street", "lead", "other"]]] if len(near) else [])])
    parts = [
        two,
        leftover.singles(all_, busy.assign(other=busy.get("other", busy["lead"])), figures, settings),
        leftover.claimed(claims, all_, all_[["street", "kind"]].drop_duplicates(), figures),
    ]
    filled = [p for p in parts if len(p)]
    return pd.concat(filled).assign(status="found") if filled else pd.DataFrame()


def members(rows: pd.DataFrame, extra: pd.DataFrame) -> pd.DataFrame:
    """The works of each opportunity, with the days that each is there."""
    parts = []
    if len(rows):
        parts.append(rows[["id", "work", "duration"]].set_axis(["set", "member", "amount"], axis=1))
    if len(extra):
        parts.append(pd.DataFrame({"set": extra.index, "member": extra["lead"].to_numpy()}))
        if "other" in extra:
            second = extra[extra["other"].notna()]
            parts.append(pd.DataFrame({"set": second.index, "member": second["other"].to_numpy()}))
        if "claim" in extra:
            asked = extra[extra["claim"].notna()]
            parts.append(pd.DataFrame({"set": asked.index, "member": asked["claim"].to_numpy(), "role": "claim"}))
    if not parts:
        return pd.DataFrame()
    long = pd.concat(parts, ignore_index=True)
    role = long["role"].fillna("work") if "role" in long else "work"
    return long.assign(id=long["set"] + "|" + long["member"], role=role, verb="match")
