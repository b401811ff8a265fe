"""The terms of the programme, in the order in which they are added; a new term is one file and one line here.

Each term has a `NAME`, says whether it is `HARD` (a rule) or a price, and has `add(draft)`, which lays its costs,
uses or rules on the draft, with findings and reasons where it had to choose. What it added to the objective stands in
`draft.parts[NAME]`, per work and period or per block, period and layer, so that the objective can be told apart by
term.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.terms import (
    budget,
    closures,
    commitment,
    contract,
    crew,
    goals,
    lifecycle,
    nuisance,
    opening,
    order,
    passage,
    pile_up,
    rest_period,
    room,
    stability,
    window,
)

TERMS = (
    passage,
    window,
    lifecycle,
    opening,
    nuisance,
    stability,
    budget,
    crew,
    rest_period,
    closures,
    pile_up,
    goals,
    contract,
    room,
    order,
    commitment,
)


def add_all(draft: Draft) -> Draft:
    """The draft with every term added, in order."""
    for term in TERMS:
        term.add(draft)
    return draft


def score(draft: Draft, period: np.ndarray) -> dict[str, float]:
    """What each term adds to the objective of a programme (EUR of present value); `period` per work, -1 is deferred."""
    out: dict[str, float] = {}
    done = np.flatnonzero(period >= 0)
    deepest = np.full((len(draft.blocks), draft.settings.periods), -1)
    held = done[draft.works["opens"].to_numpy(bool)[done]]
    np.maximum.at(deepest, (draft.block_at[held], period[held]), draft.works["layer"].to_numpy()[held])
    b, t = np.nonzero(deepest >= 0)
    for name, part in draft.parts.items():
        out[name] = float(part[done, period[done]].sum() if part.ndim == 2 else part[b, t, deepest[b, t]].sum())
    return out
