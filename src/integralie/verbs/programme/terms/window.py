"""A work is done within its window, or deferred."""

from __future__ import annotations

import numpy as np

from integralie.schema.notes import finding
from integralie.verbs.programme.agreed import rules
from integralie.verbs.programme.draft import Draft

NAME = "window"
HARD = True


def add(draft: Draft) -> None:
    """Years outside the window are not allowed; a window that lies before the programme is kept open for
    `overdue_years`. An agreement `forbid` (`work=` ids, `period=` years) closes years for a work.
    """
    works, years = draft.works, draft.years
    first = int(years[0])
    late = works["latest"].astype(int) < first
    grace = int(draft.figures.value("overdue_years"))
    works["from_year"] = works["earliest"].astype(int).clip(lower=first)
    latest = works["latest"].astype(int).where(~late, first + grace - 1)
    works["to_year"] = np.maximum(latest, works["earliest"].astype(int).where(~late, first))
    outside = (years[None, :] < works["from_year"].to_numpy()[:, None]) | (
        years[None, :] > works["to_year"].to_numpy()[:, None]
    )
    draft.cost[outside | _forbidden(draft)] = np.nan
    if late.any():
        values = works.loc[late, ["name", "latest"]].assign(until=first + grace - 1)
        draft.findings.append(finding("programme.overdue", "works", works.index[late], values, "note", "window moved"))


def _forbidden(draft: Draft) -> np.ndarray:
    """The years that an agreement closes for a work; never the year that is fixed for it."""
    works, out = draft.works, np.zeros(draft.cost.shape, bool)
    for rule in rules(draft.tables["agreements"], "forbid"):
        named = [*rule.pairs.get("work", []), *rule.pairs.get("works", [])]
        hit = (works["work"].isin(named) | works["plan"].astype(object).isin(named)).to_numpy(bool)
        years = [int(y) for y in rule.pairs.get("period", []) if y.isdigit()]
        out |= hit[:, None] & np.isin(draft.years, years)[None, :]
    fixed = works["fixed"].astype("float64").to_numpy()[:, None] == draft.years[None, :]
    return out & ~fixed
