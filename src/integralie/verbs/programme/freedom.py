"""What a year of freedom of each work is worth: its window opened by one year at either end, at the prices that stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from integralie.figures import Figures
from integralie.settings import Settings
from integralie.verbs.programme.again import laid, solved
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.explaining import flexibility
from integralie.verbs.programme.parts import lead_of

COLUMNS = ["name", "party", "earliest", "latest", "earlier", "later"]


def freedom(given: dict[str, pd.DataFrame], figures: Figures, settings: Settings, seconds: float = 1.0) -> pd.DataFrame:
    """A row per work whose year is not fixed: `earlier` and `later`, in euros of present value, and never below zero.

    `given` holds the tables that the verb reads, and `programme` and `prices` as they stand. Block by block at those
    prices: what the block of the work would save if the work might also be done in the year before or after its window.
    """
    start = (given["programme"], given["prices"])
    draft, problem, result = solved(given, figures, settings, False, seconds, start, True, None)
    wide = laid(given | {"works": _wider(given["works"])}, figures, settings, False)
    worth = flexibility(problem, result, *_ends(draft, wide))
    lead = draft.works[~draft.works["work"].duplicated().to_numpy()].set_index("work")
    own = pd.DataFrame(np.round(worth, 2).T, columns=COLUMNS[-2:]).groupby(lead_of(lead.reset_index()).to_numpy()).sum()
    first = lead[lead["lead"].isna()]  # the parts of a long work would be moved together
    out = first[["name", "party", "earliest", "latest"]].join(own)
    return out.loc[first["fixed"].isna().to_numpy(), COLUMNS].rename_axis("id")


def _wider(works: pd.DataFrame) -> pd.DataFrame:
    """The works with a year more at both ends of their windows."""
    free = works["fixed"].isna()
    return works.assign(earliest=works["earliest"] - free.astype(int), latest=works["latest"] + free.astype(int))


def _ends(draft: Draft, wide: Draft) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """What every row costs in the year before its first and after its last allowed one; `nan` where there is none."""
    rows = wide.works.index.get_indexer(draft.works.index)
    cost, allowed = wide.cost[rows], np.isfinite(draft.cost)
    cost[rows < 0] = np.nan
    every = np.arange(len(cost))
    first = np.where(allowed.any(axis=1), allowed.argmax(axis=1) - 1, -1)
    last = np.where(allowed.any(axis=1), allowed.shape[1] - allowed[:, ::-1].argmax(axis=1), allowed.shape[1])
    before = np.where(first >= 0, cost[every, np.maximum(first, 0)], np.nan)
    after = np.where(last < cost.shape[1], cost[every, np.minimum(last, cost.shape[1] - 1)], np.nan)
    return before, after
