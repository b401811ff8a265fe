"""Streets that may not be open at once: parallel main roads, and the number of openings that a neighbourhood bears."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.verbs.programme.agreed import rules
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.extras import Resource

NAME = "closures"
HARD = True
CAP = "openings"


def add(draft: Draft) -> None:
    """Agreements `not_together` (`streets=` ids, or conditions on streets; at most `value`, else 1, open in one year) and
    rows of `capacity` with resource `openings` or `openings:<area>` (so many openings in one year).
    """
    if draft.alone:
        return  # each owner alone does not know of the openings of others
    for rule in rules(draft.tables["agreements"], "not_together"):
        named = rule.pairs.get("streets")
        hit = draft.streets.index.isin(named) if named else rule.holds(draft.streets).to_numpy(bool)
        most = np.full(draft.settings.periods, float(rule.value if rule.value is not None else 1))
        limit(draft, f"{rule.id}/{CAP}", np.asarray(hit), most)
    capacity = draft.tables["capacity"]
    told = capacity["resource"].astype(object).astype(str).str.split(":").str[0] == CAP
    for (party, resource), rows in capacity[told].groupby(["party", "resource"], observed=True):
        area = str(resource).split(":", 1)[1] if ":" in str(resource) else None
        hit = (
            np.ones(len(draft.streets), bool)
            if area is None
            else (draft.streets["area"] == area).fillna(False).to_numpy(bool)
        )
        amount = rows.groupby("period")["amount"].sum().reindex(list(draft.settings.years)).to_numpy(float)
        limit(draft, f"{party}/{resource}", hit, amount)


def limit(draft: Draft, name: str, hit: np.ndarray, most: np.ndarray) -> None:
    """At most so many openings in one year of the blocks that hold these sections."""
    base = draft.of_street[hit]
    rows = np.flatnonzero(draft.blocks["base"].isin(set(base)))
    used = np.zeros(len(draft.blocks), bool)
    used[draft.block_at[draft.works["opens"].to_numpy(bool)]] = True
    rows = rows[used[rows]]
    if not len(rows) or (len(rows) <= np.nan_to_num(most, nan=np.inf)).all():
        return
    draft.extras.resources[name] = Resource(name, most)
    draft.extras.opening_uses.append((rows, name, np.ones(len(rows))))


def streets_of(draft: Draft) -> pd.Series:
    """The block row of every section, -1 where it has no works."""
    return pd.Series(draft.blocks.index.get_indexer(draft.of_street), index=draft.of_street.index)
