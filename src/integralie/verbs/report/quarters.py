"""In quarters: what opens when in the first years, and whether crews can carry it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from integralie.paper.facts import Facts

QUARTERS, SHADES = 4, 4
MOST = 25  # openings that are named
FIRM = 0.005  # less than this above what there is is rounding
SHORT = ("phase.crew_short", "phase.closed")  # findings of what does not fit in its year at all


def quarters(facts: Facts) -> dict[str, Any] | None:
    """The phasing: per quarter what begins and what lies open, the largest openings by name, and the days of crews."""
    rows = facts.phases
    if rows.empty:
        return None
    years = list(range(int(rows["period"].min()), int(rows["period"].max()) + 1))
    rows = rows.assign(at=QUARTERS * (rows["period"].astype(int) - years[0]) + rows["quarter"].astype(int) - 1)
    opened = rows[rows["opening"].notna()]
    size = QUARTERS * len(years)
    return {
        "years": years,
        "names": [q % QUARTERS + 1 for q in range(size)],
        "openings": len(opened),
        "lone": len(rows) - len(opened),
        "long": int((opened["quarters"] > 1).sum()),
        "counts": _counts(facts, rows, opened, size),
        "rows": _named(facts, opened, size),
        "crews": _crews(facts, years),
        "fits": not (facts.loads["short"].fillna(0.0) > FIRM).any(),
        "short": bool(facts.findings["rule"].isin(SHORT).any()),
        "told": _told(facts),
    }


def _counts(facts: Facts, rows: pd.DataFrame, opened: pd.DataFrame, size: int) -> list[dict[str, Any]]:
    """Openings that begin, that lie open, and works without an opening, per quarter."""
    begin = np.bincount(opened["at"].to_numpy(int), minlength=size)[:size]
    alone = rows[rows["opening"].isna()]["at"].to_numpy(int)
    lies = sum(
        np.bincount((opened["at"] + k)[opened["quarters"] > k].to_numpy(int), minlength=size)[:size]
        for k in range(int(opened["quarters"].max()) if len(opened) else 0)
    )
    told = (("begin", begin), ("open", lies + np.zeros(size, int)), ("lone", np.bincount(alone, minlength=size)[:size]))
    return [{"name": facts.words.t(f"quarters.{k}"), "cells": _shaded(v.astype(float))} for k, v in told]


def _shaded(values: np.ndarray) -> list[dict[str, Any]]:
    most = values.max(initial=0.0)
    return [{"value": v, "shade": int(np.ceil(SHADES * v / most)) if most else 0} for v in values.tolist()]


def _named(facts: Facts, opened: pd.DataFrame, size: int) -> list[dict[str, Any]]:
    """The openings that take most money, in the order in which they begin, with why they begin then."""
    worth = facts.value.reindex(opened["opening"]).fillna(0.0).to_numpy()
    order = opened.assign(worth=worth).sort_values(["worth", "opening"], ascending=[False, True]).head(MOST)
    return [
        {
            "name": facts.street(r.street) if pd.isna(r.name) else r.name,
            "days": r.days,
            "parties": r.parties,
            "cells": [r.at <= q < r.at + r.quarters for q in range(size)],
            "why": facts.reasons_of("phases", r.Index),
        }
        for r in order.sort_values(["at", "worth", "opening"], ascending=[True, False, True]).itertuples()
    ]


def _crews(facts: Facts, years: list[int]) -> list[dict[str, Any]]:
    """Days of each crew per quarter, used of what there is; crews without work are left out."""
    own = facts.loads[facts.loads["resource"].str.contains("/crew:", regex=False)]
    busy = own.groupby("resource")["used"].sum()
    made = []
    for name in busy[busy > 0].sort_values(ascending=False, kind="stable").index:
        rows = own[own["resource"] == name].set_index(["period", "quarter"])
        rows = rows.reindex(pd.MultiIndex.from_product([years, range(1, QUARTERS + 1)]))
        share = (rows["used"] / rows["capacity"]).replace(np.inf, np.nan)
        over = (rows["short"].fillna(0.0) > FIRM).to_numpy(bool)
        shade = np.ceil(SHADES * share.clip(upper=1.0)).fillna(0).to_numpy(int)
        party, crew = name.split("/crew:", 1)
        cells = zip(rows["used"].fillna(0.0), rows["capacity"], shade, over)
        made.append(
            {
                "party": facts.party(party),
                "crew": facts.words.term("discipline", crew),
                "cells": [{"used": u, "capacity": c, "shade": int(s), "over": bool(o)} for u, c, s, o in cells],
            }
        )
    return made


def _told(facts: Facts) -> list[str]:
    """What does not fit, in the words of the findings; what is grave first."""
    message = "message_nl" if facts.words.language == "nl" else "message"
    rows = facts.findings[facts.findings["rule"].str.startswith("phase.")]
    rows = rows.assign(grave=rows["severity"] != "warning").sort_values(["grave", "rule", "row"], kind="stable")
    return [facts.with_names(m) for m in rows[message].head(MOST)]
