"""Places: lines tested along whole streets and single things per cut, as one search."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.schema.clearance import Rules
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.fit.search import best_of, in_the_way, search


@dataclass(frozen=True)
class Places:
    """The wants with the ground that they are tested in: lines in streets, single things in cuts."""

    under: Ground
    cuts: Ground
    lines: pd.DataFrame
    singles: pd.DataFrame
    rules: Rules
    figures: Figures
    cost: np.ndarray

    def only(self, wants: list[str]) -> Places:
        """The same for some wants."""
        return replace(
            self, lines=self.lines[self.lines.index.isin(wants)], singles=self.singles[self.singles["want"].isin(wants)]
        )

    def with_old(self, wants: list[str]) -> Places:
        """The same for some renewals, with what they replace still in the ground."""
        one = self.only(wants)
        return replace(
            one,
            lines=one.lines.assign(gone=[()] * len(one.lines)),
            singles=one.singles.assign(gone=[()] * len(one.singles)),
        )

    def search(self, extra: pd.DataFrame) -> pd.DataFrame:
        """Room and place of every want; `cut` is the one where a single thing has most room.

        `extra` are further things to keep clear of, one row per cut.
        """
        long = search(self.under, self.lines, extra, self.rules, self.figures, self.cost).assign(cut=np.nan)
        if self.singles.empty:
            return long
        more = extra.assign(street=extra["cut"]) if len(extra) else extra
        each = search(self.cuts, self.singles, more, self.rules, self.figures, self.cost)
        best = best_of(each, self.singles).drop(columns="key")
        return pd.concat([long, best]) if len(long) else best

    def in_the_way(self, rows: pd.DataFrame, kept: pd.DataFrame, street: np.ndarray) -> pd.DataFrame:
        """The shortest list of what would have to go, for wants that do not fit or may not."""
        short = rows["verdict"].isin(["does_not_fit", "unknown"]) & rows["margin_low"].lt(0)
        lines = self.lines[self.lines.index.isin(rows.index[short])]
        parts = [in_the_way(self.under, lines, kept, self.rules, self.figures, self.cost)]
        some = rows[short & rows["cut"].notna()]
        keys = [f"{want}@{int(cut)}" for want, cut in some["cut"].items()]
        singles = self.singles.reindex([k for k in keys if k in self.singles.index])
        if len(singles):
            nothing = pd.DataFrame()
            way = in_the_way(self.cuts, singles, nothing, self.rules, self.figures, self.cost)
            parts.append(way.assign(want=way["want"].str.rsplit("@", n=1).str[0]))
        filled = [p for p in parts if len(p)]
        return pd.concat(filled, ignore_index=True) if filled else parts[0]
