"""Opportunities (koppelkansen): works in one street section whose windows meet, and the best year to do them
together.
"""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.windows import joined, rounds
from integralie.settings import Settings
from integralie.verbs.match import apart, leftover, steps, value


def together(rows: pd.DataFrame, touched: frozenset[str], figures: Figures) -> pd.DataFrame:
    """The works of all joint opportunities, one row each with its year; a work is in at most one per section.

    `touched` are the ids that people have worked on: such an opportunity keeps its id as long as its leading work is in
    it, also when a dearer work has joined.
    """
    out = rounds(rows, figures)
    if out.empty:
        return out.assign(id=pd.Series(dtype=str))
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
    found = joined(rows, ["id"], figures).rename(columns={"net": "net_saving"})
    found = found.join(by.agg(street=("street", "first"), period=("year", "first")))
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
