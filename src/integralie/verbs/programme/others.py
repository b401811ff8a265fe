"""Other programmes that are nearly as good: two or three that a council can choose between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from integralie.figures import Figures
from integralie.settings import Settings
from integralie.verbs.programme import found
from integralie.verbs.programme.again import Made, solved
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.engine import Result
from integralie.verbs.programme.explaining import alternatives
from integralie.verbs.programme.problem import Problem
from integralie.verbs.programme.terms.reach import Reach


def others(
    given: dict[str, pd.DataFrame], figures: Figures, settings: Settings, number: int, share: float, seconds: float
) -> list[dict[str, Any]]:
    """Other programmes within a share of the cost of the one that stands, each as the tables that the verb writes.

    `given` holds the tables that the verb reads, and `programme` and `prices` as they stand. Each comes with `extra`
    (what it costs more, EUR of present value) and `differs` (works in another year). One that would cut off addresses is
    mended first; where that makes it too dear, or the same again, it is left out.
    """
    start = (given["programme"], given["prices"])
    draft, problem, result = solved(given, figures, settings, False, seconds / 4, start, True, None)
    made = []
    for other, _, _ in alternatives(problem, result, share, number, seconds):
        one = _reachable(draft, problem, other)
        told = found.tables_of(one.draft, one.problem, one.result, str(settings.crs))
        extra, differs = one.result.objective - result.objective, _differs(told["programme"], given["programme"])
        if differs and extra <= share * abs(result.objective):
            made.append({**told, "extra": extra, "differs": differs})
    return made


def _reachable(draft: Draft, problem: Problem, other: Result) -> Made:
    """The other programme, mended where it cuts somebody off."""
    own = replace(draft, findings=list(draft.findings), caps=list(draft.caps))
    made = Made(own, problem, Reach(own), other, 0.0, None)
    made.reachable(quick=True)
    made.reachable(quick=True, passages=True)
    return made


def _differs(one: pd.DataFrame, other: pd.DataFrame) -> int:
    """Works that have another year, or one where the other has none."""
    now, then = (t.set_index("work")["period"].astype("float64").fillna(-1) for t in (one, other))
    return int((now != then.reindex(now.index, fill_value=-1)).sum())
