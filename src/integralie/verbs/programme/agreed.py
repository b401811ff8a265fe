"""Agreements as the terms read them: a rule, where it holds, and its value."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Rule:
    """One row of `agreements`: conditions as column=value pairs (a comma means any of), value, and whether it is hard."""

    id: str
    pairs: dict[str, list[str]]
    value: float | None
    unit: str
    hard: bool

    def holds(self, frame: pd.DataFrame, *but: str) -> pd.Series:
        """The rows that meet all conditions; a condition on a column that is not there is never met."""
        hit = pd.Series(True, index=frame.index)
        for column, wanted in self.pairs.items():
            if column not in but:
                hit &= frame[column].astype(object).isin(wanted) if column in frame.columns else False
        return hit


def rules(agreements: pd.DataFrame, name: str) -> list[Rule]:
    """The agreements of one kind, those with the fewest conditions first, so that a more special one comes later."""
    out = []
    for row in agreements[agreements["rule"] == name].sort_index(kind="stable").itertuples():
        told = str(row.applies_to).split() if pd.notna(row.applies_to) else []
        pairs = {k: v.split(",") for k, v in (p.split("=", 1) for p in told if "=" in p)}
        if "work" in pairs and "works" not in pairs:
            pairs["works"] = pairs["work"]
        value = float(row.value) if pd.notna(row.value) else None
        unit = str(row.unit) if pd.notna(row.unit) else ""
        out.append(Rule(str(row.Index), pairs, value, unit, bool(row.hard) if pd.notna(row.hard) else False))
    return sorted(out, key=lambda r: (len(r.pairs), r.value or 0.0, r.id))
