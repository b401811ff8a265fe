"""Settle: which trial trench would take the doubt away, because its outcome can turn the verdict both ways."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.schema.clearance import Rules
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.fit.search import groups, held, prepared

AIR = 0.25  # m beside what is looked for


def trenches(ground: Ground, asked: pd.DataFrame, rows: pd.DataFrame, rules: Rules, figures: Figures) -> pd.DataFrame:
    """For each unknown want the trench (from, to; metres from the axis) over the least sure of its two neighbours.

    The neighbours are those nearest to the place that was found, left and right, in the depths that count. When
    neither has a band there is nothing to measure: the doubt has another cause.
    """
    wanted = asked[
        (rows["verdict"] == "unknown") & rows["x"].notna() & rows["margin_low"].lt(0) & rows["margin_high"].ge(0)
    ]
    out = pd.DataFrame(np.nan, index=rows.index, columns=["trench_from", "trench_to"])
    for group in groups(wanted):
        question, _, which = prepared(ground, group, pd.DataFrame(), rules, figures, np.zeros(0))
        found, begin = held(question, group, which)
        for i, want in enumerate(group.index):
            f = question.frame.iloc[found[begin[i] : begin[i + 1]]]
            span = _over(
                f[~f["hard"]],
                float(rows.at[want, "x"]),
                float(rows.at[want, "top"]),
                question.height,
                figures.value("trench_reach"),
            )
            if span:
                out.loc[want] = span
    return out


def _over(f: pd.DataFrame, x: float, top: float, height: float, reach: float) -> tuple[float, float] | None:
    near = (f["always"] > 0) | (
        (top < f["bottom"] + f["slack"] + f["band"]) & (top + height > f["top"] - f["slack"] - f["band"])
    )
    near &= (f["reach_high"] > np.abs(f["at"] - x)) & (
        (f["x_band"] > 0.06) | (f["band"] > 0.06) | f["quality"].eq("unknown")
    )
    vague = f[near]
    if vague.empty:
        return None
    middle = float(vague.loc[vague["x_band"].idxmax(), "at"])
    wide = min(max(2 * float(vague["x_band"].max()) + 2 * AIR, 0.6), reach)
    return round(middle - wide / 2, 2), round(middle + wide / 2, 2)
