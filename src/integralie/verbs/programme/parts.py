"""Long works in parts: a work that is too long for one block lies in several, with a part in each, all in one year.

A part bears its share of cost, paving and days, so that each of its streets has its own opening, shared with the works
there. The parts of one work are tied (in one year or none), which the price list prices as it does any order between
blocks. The first part keeps the name of the work, the others are called `<work>@<block>`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.access.streets import length as metres
from integralie.schema.once import once
from integralie.verbs.programme.agreed import rules

MARK = "@"
SHARED = ("cost", "surface_cost", "duration", "quantity", "goal_amount")


def lead_of(works: pd.DataFrame) -> pd.Series:
    """The work that each row belongs to."""
    return works["work"].astype(object).where(works["lead"].isna(), works["lead"])


def split(
    works: pd.DataFrame,
    of_work: pd.Series,
    of_street: pd.Series,
    place: pd.DataFrame,
    left: list[str],
    streets: pd.DataFrame,
    agreements: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.Series]:
    """The works with a row for each further block that a long one lies in, and the block of every row.

    `left` names the works that were too long for one block; `place` holds the sections of each work (rows work, street). A work that
    may be done in several ways stays whole.
    """
    works = works.assign(lead=pd.Series(None, index=works.index, dtype=object), part=1.0)
    several = _several_ways(works, agreements) if left else set()
    long = [w for w in left if w not in several]
    if not long:
        return works, of_work
    length = pd.Series(metres(streets), index=streets.index)
    rows = _shares(place[place["work"].isin(long)], of_street, length)
    own = rows["block"].to_numpy(object) == of_work.reindex(rows["work"]).to_numpy(object)
    first = rows[own].set_index("work")["share"]
    works.loc[first.index, "part"] = first
    further = rows[~own & rows["work"].isin(first.index)]
    more = works.loc[further["work"]].assign(
        lead=further["work"].to_numpy(object), part=further["share"].to_numpy(float),
        street=further["street"].to_numpy(object),
    )  # fmt: skip
    labels = further["work"].astype(object) + MARK + further["block"].str.removeprefix("block:")
    more.index = pd.Index(labels.to_numpy(object), name=works.index.name)
    blocks = pd.concat([of_work, pd.Series(further["block"].to_numpy(object), index=more.index, dtype=object)])
    every = pd.concat([works, more])
    for column in SHARED:
        every[column] = every[column].astype(float) * every["part"]
    order = every.index.argsort()
    return every.iloc[order], blocks.reindex(every.index[order])


def _several_ways(works: pd.DataFrame, agreements: pd.DataFrame) -> set[str]:
    hit = [rule.holds(works, "mode") for rule in rules(agreements, "mode")]
    return set(works.index[np.any(hit, axis=0)]) if hit else set()


def _shares(place: pd.DataFrame, of_street: pd.Series, length: pd.Series) -> pd.DataFrame:
    """Rows work, block, its longest section there (street), and the share of the work's length (share)."""
    rows = place[place["street"].isin(of_street.index)].assign(
        block=lambda f: f["street"].map(of_street), length=lambda f: f["street"].map(length).astype(float)
    )
    rows = rows.sort_values(["work", "block", "length", "street"], ascending=[True, True, False, True])
    by = rows.groupby(["work", "block"])
    out = by.agg(street=("street", "first"), length=("length", "sum")).reset_index()
    total = out.groupby("work")["length"].transform("sum")
    return out.assign(share=out["length"] / total.where(total > 0, 1.0))


def ties(works: pd.DataFrame) -> list[tuple[int, int]]:
    """Pairs of rows that are done in one year or not at all: every part with the first one."""
    at = {w: k for k, w in enumerate(works.index)}
    lead = works["lead"].to_numpy(object)
    return [(at[lead[k]], k) for k in np.flatnonzero(works["lead"].notna().to_numpy()).tolist()]


def parts_of(options: pd.DataFrame, work: str) -> list[str]:
    """The names under which a work stands in the options: its own, and those of its further parts."""
    further: dict[str, list[str]] = once("parts", (options,), lambda: _further(options))
    return [work, *further.get(work, [])]


def _further(options: pd.DataFrame) -> dict[str, list[str]]:
    """The names of the further parts under that of their work."""
    found: dict[str, list[str]] = {}
    for name in sorted(n for n in options["subject"].unique() if MARK in n):
        for end in (i for i, c in enumerate(name) if c == MARK):  # a name may hold the mark itself
            found.setdefault(name[:end], []).append(name)
    return found
