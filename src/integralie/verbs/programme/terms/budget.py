"""Money: what a party spends in a year stays within its budget of that year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft

NAME = "budget"
HARD = True
BUDGET = "budget"


def limits(draft: Draft, told: pd.Series) -> None:
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
    draft.resources += [str(n) for n in wide.index]
    draft.capacity = np.concatenate([draft.capacity.reshape(-1, draft.settings.periods), wide.to_numpy(float)])


def add(draft: Draft) -> None:
    """Every work is paid by its party; an opening by the road authority, or else by the party with most works in the
    block.
    """
    told = draft.tables["capacity"]["resource"] == BUDGET
    limits(draft, told)
    works, blocks = draft.works, draft.blocks
    works["budget"] = works["party"].astype(object) + f"/{BUDGET}"
    known = set(draft.resources)
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
    _tell_missing(draft, known)


def _tell_missing(draft: Draft, known: set[str]) -> None:
    """Once per party: years without a row have no limit."""
    spent = sorted(set(draft.works["budget"]) | set(draft.blocks["budget"].dropna()))
    gaps = {r: draft.settings.periods for r in spent if r not in known}
    missing = np.isnan(draft.capacity).sum(axis=1)
    gaps |= {r: int(n) for r, n in zip(draft.resources, missing) if n and r in spent}
    if gaps:
        rows = pd.Index(sorted(gaps))
        values = pd.DataFrame({"party": rows.str.split("/").str[0], "years": [gaps[r] for r in rows]}, index=rows)
        draft.findings.append(finding("programme.no_budget", "capacity", rows, values, "note", "no limit"))
