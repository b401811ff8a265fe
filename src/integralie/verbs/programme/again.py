"""Solving a draft: from a programme that stands, and again with every limit that reachability turns out to need."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.engine import Result, replan, solve
from integralie.verbs.programme.extend import bearable, with_caps
from integralie.verbs.programme.problem import Problem
from integralie.verbs.programme.tables import resource_names
from integralie.verbs.programme.terms.reach import MOST_ROUNDS, Reach

Start = tuple[pd.DataFrame, pd.DataFrame]  # programme, prices
Watch = Callable[[dict[str, float]], Any]
MILLION = 1_000_000
MOST_WHOLE = 3  # times that it is made again as a whole; after that it is only mended
FIRST = 0.6  # share of the time for the first programme, before reachability is tested


def solved(
    draft: Draft,
    problem: Problem,
    assets: pd.DataFrame,
    seconds: float,
    start: Start | None,
    quick: bool,
    watch: Watch | None,
) -> tuple[Problem, Result]:
    """The programme of a draft that keeps everything reachable, and the problem with the limits that this took."""
    until = time.monotonic() + seconds
    begin, prices = from_tables(draft, problem, *start) if start else (None, None)
    reach, left = Reach(draft, assets), 0
    problem = known_caps(draft, problem, reach, start)
    if start:
        prices = _prices(draft, problem, start[1])
    stood = replan(problem, begin, prices, 0.0) if start else None
    if stood is not None and reach.cuts(stood.row, stood.period):
        stood = None  # what stood cuts something off by now
    result = _solve(problem, FIRST * seconds, begin, prices, quick, watch)
    for round_ in range(MOST_ROUNDS):
        cuts = reach.cuts(result.row, result.period)
        if not cuts:
            break
        problem, left = _capped(draft, problem, cuts)
        if left == len(cuts) or round_ == MOST_ROUNDS - 1:
            break
        again = max(until - time.monotonic(), 0.0) / 2
        mend = quick or round_ >= MOST_WHOLE
        result = _solve(problem, again, (result.row, result.period) if mend else None, result.prices, mend, watch)
    if stood is not None and (stood.objective < result.objective or reach.cuts(result.row, result.period)):
        result, left = _judged(problem, stood, result), 0  # what stood is better than what could be found
    reach.tell(left)
    return problem, result


def _judged(problem: Problem, stood: Result, result: Result) -> Result:
    """The programme that stood, with the better price list of the two."""
    price = result.prices if result.lower_bound > stood.lower_bound else stood.prices
    made = replan(problem, (stood.row, stood.period), price, 0.0)
    return made if made.objective <= stood.objective else stood


def _solve(problem: Problem, seconds: float, start: Any, prices: Any, quick: bool, watch: Watch | None) -> Result:
    if quick and start is not None:
        return replan(problem, start, prices, seconds)
    return solve(problem, seconds, start=start, prices=prices, watch=watch)


def _capped(draft: Draft, problem: Problem, cuts: list[np.ndarray]) -> tuple[Problem, int]:
    """The problem with a limit for every set, but for those that commitments alone break; how many those are."""
    place = pd.Index(problem.place_labels)
    sets = [place.get_indexer(draft.blocks.index[b]) for b in cuts]
    grown = with_caps(problem, sets, [len(s) - 1 for s in sets])
    fine = bearable(grown)[len(problem.capacity) :]
    kept = [k for k in range(len(cuts)) if fine[k]]
    if kept:
        problem = with_caps(problem, [sets[k] for k in kept], [len(sets[k]) - 1 for k in kept])
        draft.caps += [
            "reach:" + "+".join(str(draft.blocks.index[b]).removeprefix("block:") for b in cuts[k]) for k in kept
        ]
    return problem, len(cuts) - len(kept)


def known_caps(draft: Draft, problem: Problem, reach: Reach, start: Start | None) -> Problem:
    """The limits for reachability that the programme before needed: no need to find them again."""
    if start is None or not reach.known:
        return problem
    names = [str(n).removeprefix("reach:") for n in start[1]["resource"].unique() if str(n).startswith("reach:")]
    at = [draft.blocks.index.get_indexer(["block:" + b for b in n.split("+")]) for n in names]
    sets = [s for s in at if (s >= 0).all()]
    reach.held |= {tuple(sorted(int(b) for b in s)) for s in sets}
    return _capped(draft, problem, sets)[0] if sets else problem


def from_tables(draft: Draft, problem: Problem, programme: pd.DataFrame, prices: pd.DataFrame) -> tuple[Any, Any]:
    """A programme and price list of before on the works and resources of now; works that were not there wait."""
    works = draft.works
    lead = works["work"][~works["work"].duplicated().to_numpy()]
    told = programme.set_index("work").reindex(lead)
    period = told["period"].astype("float64").to_numpy() - draft.settings.first
    done = np.isfinite(period) & (period >= 0) & (period < draft.settings.periods)
    mode = told["mode"].astype(object).fillna("usual").to_numpy()
    key = pd.MultiIndex.from_arrays([works["work"].astype(object), works["mode"].astype(object)])
    row = key.get_indexer(pd.MultiIndex.from_arrays([lead.astype(object), mode]))
    row = np.where(done & (row >= 0), row, -1)
    return (row, np.where(row >= 0, np.where(done, period, -1), -1).astype(np.int64)), _prices(draft, problem, prices)


def _prices(draft: Draft, problem: Problem, prices: pd.DataFrame) -> np.ndarray:
    names = resource_names(draft, problem)
    made = np.zeros(problem.capacity.shape)
    row = pd.Index(names).get_indexer(prices["resource"].astype(object))
    period = prices["period"].to_numpy(np.int64) - draft.settings.first
    known = (row >= 0) & (period >= 0) & (period < made.shape[1])
    made[row[known], period[known]] = prices["price"].to_numpy(np.int64)[known] / MILLION
    return made
