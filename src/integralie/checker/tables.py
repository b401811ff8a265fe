"""The check of the programme in a study, from its tables `options`, `uses`, `programme`, `openings` and `prices`.

The tables become the same plain arrays that any problem has, so that all that holds for arrays is shown here as well.
Only what tables can get wrong is checked apart: works that are lost, openings that are not those of the works, uses
and limits that the price list tells otherwise than the options and the told capacity.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pandas as pd

from integralie.checker.agreed import name, stray
from integralie.checker.arrays import check_arrays, opened, use
from integralie.checker.least import NO, Ints
from integralie.checker.told import MOST_YEARS, USUAL, Untold, column, problem, table, texts
from integralie.checker.verdict import Verdict

OPTIONS = ("subject", "block", "period", "cost", "budget", "cash", "crew", "days", "layer", "rest", "rest_price")
MARK = "@"  # between a long work and the block in which a further part of it lies
NOWHERE = -(10**6)


def check(tables: Mapping[str, pd.DataFrame]) -> Verdict:
    """Whether the programme in a study is proven: its cost, the bound of its price list, and every rule that is broken.

    Reads
        options, uses, programme, openings, prices; capacity, agreements and findings where the study has them.
    """
    try:
        return _checked(tables)
    except Untold as lack:
        return Verdict(False, 0.0, 0.0, 0.0, (str(lack),))


def _checked(tables: Mapping[str, pd.DataFrame]) -> Verdict:
    options, plan = table(tables, "options", *OPTIONS), table(tables, "programme", "work", "period")
    told = table(tables, "openings", "block", "period")
    prices = table(tables, "prices", "resource", "period", "price", "used", "capacity")
    if options.empty or plan.empty:
        raise Untold("There is no programme with its options; run 'programme' first.")
    p = problem(options, _uses(tables), prices)
    row, period, wrong = _chosen(p, plan)
    wrong += _openings(p, row, period, told) + _used(p, row, period, prices) + stray(tables, p)
    verdict = check_arrays(p, period, p.price, row, p.charges)
    return Verdict(
        verdict.proven and not wrong, verdict.objective, verdict.lower_bound, verdict.gap, (*wrong, *verdict.sentences)
    )


def _uses(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table of further uses; without one there are none."""
    try:
        return table(tables, "uses", "subject", "layer", "resource", "amount", "shift")
    except Untold:
        if "uses" in tables:
            raise
        return pd.DataFrame(columns=["subject", "mode", "layer", "resource", "amount", "shift"])


def _chosen(p: SimpleNamespace, plan: pd.DataFrame) -> tuple[Ints, Ints, list[str]]:
    """The row and period of every work, -1 where it is not done; and what is wrong with the choice."""
    wrong = []
    plan = _with_parts(p, plan)
    work = pd.Index(p.works).get_indexer(texts(plan, "work"))
    if len(plan) != len(p.works) or len(np.unique(work)) != len(work) or (work < 0).any():
        wrong.append("Not every work stands in the programme exactly once.")
    mode = pd.Index(p.modes).get_indexer(texts(plan, "mode", USUAL))
    year = column(plan, "period", NOWHERE, MOST_YEARS * 100)
    t, done = year - p.base, (year != NOWHERE) & (work >= 0)
    exists = done & (t >= 0) & (t < p.periods) & (mode >= 0)
    code = np.where(exists, (work * max(len(p.modes), 1) + mode) * p.periods + t, -1)
    at = np.minimum(np.searchsorted(p.key, code), max(len(p.key) - 1, 0))
    exists &= p.key[at] == code if len(p.key) else False
    if (done & ~exists).any():
        first = p.works[work[done & ~exists][0]]
        wrong.append(f"{int((done & ~exists).sum())} works have a period or a mode that is no option, first '{first}'.")
    row, period = np.full(len(p.works), -1), np.full(len(p.works), -1)
    row[work[exists]], period[work[exists]] = p.row_of_key[at[exists]], t[exists]
    return row, period, wrong


def _with_parts(p: SimpleNamespace, plan: pd.DataFrame) -> pd.DataFrame:
    """The programme with a row for every further part of a long work (`<work>@<block>`): its work decides for it."""
    told = set(texts(plan, "work"))
    lead = {str(w): str(w).rsplit(MARK, 1)[0] for w in p.works if MARK in str(w) and str(w) not in told}
    lead = {w: first for w, first in lead.items() if first in told}
    if not lead:
        return plan
    named = plan.set_axis(pd.Index(texts(plan, "work")))
    rows = named[~named.index.duplicated()].loc[list(lead.values())].assign(work=list(lead))
    return pd.concat([plan, rows], ignore_index=True)


def _opened(p: SimpleNamespace, row: Ints, period: Ints) -> tuple[Ints, Ints, Ints]:
    unit = np.repeat(np.arange(len(p.unit_opens)), np.diff(p.first))
    done = row >= 0
    return opened(p, row[done], period[done], unit[done])


def _openings(p: SimpleNamespace, row: Ints, period: Ints, told: pd.DataFrame) -> list[str]:
    """The table of openings holds exactly those that the works need, and each of these has an option."""
    s, t, k = _opened(p, row, period)
    at = pd.Index(p.places).get_indexer(texts(told, "block"))
    code = at * p.periods + column(told, "period", NOWHERE, MOST_YEARS * 100) - p.base
    same = np.array_equal(np.sort(code), np.sort(s * p.periods + t))
    wrong = [] if same and (at >= 0).all() else ["The openings are not those that the works need."]
    none = p.open_cost[s, t, k] >= NO
    if none.any():
        first = p.places[s[none][0]]
        wrong.append(f"{int(none.sum())} openings have no option, first '{first}' in {p.base + t[none][0]}.")
    return wrong


def _used(p: SimpleNamespace, row: Ints, period: Ints, prices: pd.DataFrame) -> list[str]:
    """The use that the price list tells is what the chosen options take."""
    done = row >= 0
    taken = use(p, row[done], period[done], *_opened(p, row, period))
    r, t = p.names.get_indexer(texts(prices, "resource")), column(prices, "period") - p.base
    differs = taken[r, t] != column(prices, "used", 0, 10**15)
    if not differs.any():
        return []
    hit = np.zeros(taken.shape, bool)
    hit[r[differs], t[differs]] = True
    return [f"{int(differs.sum())} rows of the price list tell another use than the options, first {name(p, hit)}."]
