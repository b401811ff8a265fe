"""Commitments: a fixed year is kept, also when that shows that money, crews or rest do not suffice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft

NAME = "commitment"
HARD = True


def add(draft: Draft) -> None:
    """A work with a fixed year within the horizon has that year only; a fixed year in the past is released; one
    beyond defers.
    """
    works, years = draft.works, draft.years
    fixed = works["fixed"].astype("float64")
    past, beyond = (fixed < years[0]).to_numpy(), (fixed > years[-1]).to_numpy()
    inside = fixed.notna().to_numpy() & ~past & ~beyond
    draft.fixed[inside] = (fixed[inside] - years[0]).astype(int)
    draft.cost[beyond] = np.nan
    rows = np.flatnonzero(inside)
    free = np.nan_to_num(draft.parts.get("lifecycle", np.zeros_like(draft.cost))) + sum(
        draft.parts.get(n, 0.0) for n in ("traffic", "nuisance_days")
    )
    at = draft.fixed[rows]
    draft.cost[rows, at] = np.where(np.isnan(draft.cost[rows, at]), free[rows, at], draft.cost[rows, at])
    for rule, hit in (("programme.fixed_past", past), ("programme.fixed_beyond", beyond)):
        if hit.any():
            values = works.loc[hit, ["name", "fixed"]]
            draft.findings.append(
                finding(rule, "works", values.index, values, "warning", "released" if hit is past else "deferred")
            )
    _soften(draft, inside)


def _soften(draft: Draft, inside: np.ndarray) -> None:
    """Where commitments break a hard rest period, that block gets the price instead, and it is told."""
    held = inside & draft.works["opens"].to_numpy(bool)
    pairs = (
        pd.DataFrame({"block": draft.block_at[held], "t": draft.fixed[held]})
        .drop_duplicates()
        .sort_values(["block", "t"])
    )
    before = pairs.groupby("block")["t"].shift().astype(float)
    gap = pairs["t"] - before.fillna(pd.Series(draft.last_opened[pairs["block"]], index=pairs.index))
    clash = pairs.loc[(gap < draft.rest[pairs["block"]]) & (draft.rest_price[pairs["block"], 0] < 0), "block"]
    blocks = np.unique(clash.to_numpy(int))
    if not len(blocks):
        return
    draft.rest_price[blocks] = draft.blocks["rest_yearly"].to_numpy()[blocks][:, None] * draft.discount[None, :]
    rows = draft.blocks.index[blocks]
    values = pd.DataFrame(
        {"street": draft.blocks["street"].iloc[blocks].to_numpy(), "rest": draft.rest[blocks]}, index=rows
    )
    draft.findings.append(
        finding(
            "programme.rest_broken",
            "streets",
            list(values["street"]),
            values.reset_index(drop=True),
            "warning",
            "price",
        )
    )
