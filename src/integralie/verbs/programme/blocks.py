"""Blocks: stretches of street that share an opening; sections under one work that cannot be split are one block."""

from __future__ import annotations

import numpy as np
import pandas as pd

MOST_WORKS = 9  # works that open the street in one block; a block is not made larger than this by contraction


def spans(works: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The sections of each work (columns work, street), its own first; works without a known place are left out."""
    held = members[(members["role"] == "street") & members["set"].isin(works.index)]
    told = pd.DataFrame({"work": held["set"].astype(str), "street": held["member"].astype(str)})
    own = works["street"].dropna()
    main = pd.DataFrame({"work": own.index.astype(str), "street": own.astype(str).to_numpy()})
    both = pd.concat([main, told]).drop_duplicates()
    return both.sort_values(["work", "street"], kind="stable").reset_index(drop=True)


def _several(place: pd.DataFrame) -> dict[str, list[str]]:
    """The sections of each work that has more than one."""
    held = place[place["work"].duplicated(keep=False)]
    sections: dict[str, list[str]] = {}
    for work, street in zip(held["work"], held["street"]):
        sections.setdefault(work, []).append(street)
    return sections


class _Union:
    """Sections that have grown together, with the number of works in each group."""

    def __init__(self, count: dict[str, int]) -> None:
        self.parent = {s: s for s in count}
        self.count = dict(count)

    def root(self, street: str) -> str:
        while self.parent[street] != street:
            street = self.parent[street]
        return street

    def join(self, streets: list[str]) -> bool:
        """Join when the group stays small enough; the first name in the alphabet leads."""
        roots = sorted({self.root(s) for s in streets})
        total = sum(self.count[r] for r in roots)
        if len(roots) > 1 and total > MOST_WORKS:
            return False
        for root in roots[1:]:
            self.parent[root] = roots[0]
        self.count[roots[0]] = total
        return True


def contract(works: pd.DataFrame, place: pd.DataFrame, streets: pd.DataFrame) -> tuple[pd.Series, pd.Series, list[str]]:
    """The block of every section, the block of every work, and the works whose sections could not all be joined;
    `place` holds the sections of each work (`spans`).

    Works that span the fewest sections come first, so that a long work does not swallow a district; a work that would
    make a block larger than `MOST_WORKS` works shares an opening in its own (longest) section only.
    """
    opens = works["depth"].fillna("none") != "none"
    place = place[place["work"].isin(works.index[opens]) & place["street"].isin(streets.index)]
    main = works["street"].where(works["street"].isin(streets.index))
    count = main[opens].value_counts().reindex(streets.index, fill_value=0)
    union, left = _Union({str(k): int(v) for k, v in count.items()}), []
    several = _several(place)
    for work in sorted(several, key=lambda w: (len(several[w]), w)):
        if not union.join(several[work]):
            left.append(work)
    name = {s: "block:" + union.root(s).removeprefix("street:") for s in streets.index}
    of_street = pd.Series(name, index=streets.index, dtype="object")
    of_work = main.map(of_street).astype(object)
    unknown = of_work.isna()
    of_work[unknown] = np.array(["block:" + str(w).removeprefix("work:") for w in works.index[unknown]], dtype=object)
    return of_street, of_work, left
