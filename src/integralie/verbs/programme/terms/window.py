"""A work is done within its window, or deferred."""

from __future__ import annotations

import numpy as np

from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft

NAME = "window"
HARD = True


def add(draft: Draft) -> None:
    """Years outside the window are not allowed; a window that lies before the programme is kept open for
    `overdue_years`.
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
    draft.cost[outside] = np.nan
    if late.any():
        values = works.loc[late, ["name", "latest"]].assign(until=first + grace - 1)
        draft.findings.append(finding("programme.overdue", "works", works.index[late], values, "note", "window moved"))
