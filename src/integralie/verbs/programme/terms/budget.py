"""Money: what a party spends in a year stays within its budget of that year, with what it may keep from the year before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme.agreed import rules
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.extras import Resource

NAME = "budget"
HARD = True
BUDGET = "budget"
PER_CENT = 100


def limits(draft: Draft, told: pd.Series) -> list[Resource]:
    """Add the resources of the told rows of `capacity`: nan where a year has no row."""
    rows = draft.tables["capacity"][told.to_numpy(bool)]
    rows = rows[rows["period"].isin(draft.settings.years)]
    name = rows["party"].astype(object) + "/" + rows["resource"].astype(object)
    amount = (
        rows["amount"]
        .astype(float)
        .clip(lower=0.0)
        .groupby([name.to_numpy(), rows["period"].astype(int).to_numpy()])
        .sum()
    )
    wide = amount.unstack() if len(amount) else pd.DataFrame()
    wide = wide.reindex(columns=draft.settings.years).sort_index()
    made = [Resource(str(n), row.to_numpy(float)) for n, row in wide.iterrows()]
    draft.extras.resources |= {r.name: r for r in made}
    return made


def add(draft: Draft) -> None:
    """Every work is paid by its party, from the fund that it names where that fund has a budget of its own.

    An opening is paid by the road authority, or else by the party with most works in the block. What is left of a
    year may be kept for the next as far as an agreement `carry_over` allows (per cent of the year's budget); an
    agreement `minimum_spend` (per cent) prices what stays unspent below it (figure `underspend`).
    """
    told = draft.tables["capacity"]["resource"].astype(object).astype(str).str.split(":").str[0] == BUDGET
    made = limits(draft, told)
    works, blocks = draft.works, draft.blocks
    known = set(draft.resources)
    works["budget"] = works["party"].astype(object) + f"/{BUDGET}"
    own = works["budget"] + ":" + works["fund"].astype(object).fillna("")
    works["budget"] = works["budget"].where(~own.isin(known), own)
    most = works[works["opens"]].groupby(["block", "party"]).size().rename("n").reset_index()
    most = (
        most.sort_values(["block", "n", "party"], ascending=[True, False, True])
        .drop_duplicates("block")
        .set_index("block")
    )
    payer = blocks["authority"].astype(object)
    has = payer.map(lambda p: f"{p}/{BUDGET}" in known) & (not draft.alone)
    blocks["payer"] = payer.where(has, most["party"].astype(object).reindex(blocks.index))
    blocks["budget"] = blocks["payer"] + f"/{BUDGET}"
    _agreed(draft, made)
    _tell_missing(draft, known)


def _agreed(draft: Draft, made: list[Resource]) -> None:
    """What may be kept for the next year, and what should at least be spent."""
    frame = pd.DataFrame({"party": [r.name.split("/")[0] for r in made], "fund": [_fund(r.name) for r in made]})
    for rule in rules(draft.tables["agreements"], "carry_over"):
        for k in np.flatnonzero(rule.holds(frame)) if rule.value is not None else []:
            made[k].carry = np.nan_to_num(made[k].amount) * float(rule.value or 0) / PER_CENT
    for rule in rules(draft.tables["agreements"], "minimum_spend"):
        for k in np.flatnonzero(rule.holds(frame)) if rule.value is not None else []:
            made[k].minimum = made[k].amount * float(rule.value or 0) / PER_CENT
            made[k].minimum_price = draft.figures.value("underspend") / PER_CENT


def _fund(name: str) -> str:
    parts = name.split("/", 1)[1].split(":", 1)
    return parts[1] if len(parts) > 1 else ""


def _tell_missing(draft: Draft, known: set[str]) -> None:
    """Once per party: years without a row have no limit."""
    spent = sorted(set(draft.works["budget"]) | set(draft.blocks["budget"].dropna()))
    gaps = {r: draft.settings.periods for r in spent if r not in known}
    missing = {n: int(np.isnan(r.amount).sum()) for n, r in draft.extras.resources.items()}
    gaps |= {r: n for r, n in missing.items() if n and r in spent}
    if gaps:
        rows = pd.Index(sorted(gaps))
        values = pd.DataFrame({"party": rows.str.split("/").str[0], "years": [gaps[r] for r in rows]}, index=rows)
        draft.findings.append(finding("programme.no_budget", "capacity", rows, values, "note", "no limit"))
