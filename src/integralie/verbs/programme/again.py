"""Solving a draft: from a programme that stands, and again with every limit that reachability turns out to need."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.settings import Settings
from integralie.verbs.programme import tables
from integralie.verbs.programme.count import MILLION
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.draft import draft as make_draft
from integralie.verbs.programme.engine import Result, improved, replan, solve
from integralie.verbs.programme.extend import bearable, with_caps
from integralie.verbs.programme.parts import lead_of
from integralie.verbs.programme.problem import Problem
from integralie.verbs.programme.split import Charges, still_fitting
from integralie.verbs.programme.tables import resource_names
from integralie.verbs.programme.terms import add_all
from integralie.verbs.programme.terms.reach import LAST_ROUNDS, MOST_ROUNDS, Cut, Reach

Start = tuple[pd.DataFrame, pd.DataFrame]  # programme, prices
Watch = Callable[[dict[str, float]], Any]
NAME = "programme"
MOST_WHOLE = 3  # times that it is made again as a whole; after that it is only mended
IMPROVEMENTS = 2  # times that it is improved in full: again where the better programme turned out to cut something off
FIRST = 0.6  # share of the time for a programme, before reachability is tested; the rest is for what that takes


def solved(
    given: dict[str, pd.DataFrame],
    figures: Figures,
    settings: Settings,
    alone: bool,
    seconds: float,
    start: Start | None,
    quick: bool,
    watch: Watch | None,
) -> tuple[Draft, Problem, Result]:
    """The programme that keeps everything reachable, with its draft and the problem with the limits that this took.

    Sets of closures that can follow each other become limits; where that cannot be (a block closes them together,
    commitments need them in one year) work keeps a passage, and draft and problem are laid again with its price.
    """
    until = time.monotonic() + seconds
    draft = laid(given | _before(given, start), figures, settings, alone)
    problem, reach = tables.problem(draft), Reach(draft)
    begin, prices = from_tables(draft, problem, *start) if start else (None, None)
    if start and reach.known:
        problem = _known(draft, problem, reach, start)
        prices = _prices(draft, problem, start[1])
    result = _solve(problem, FIRST * seconds, begin, prices, quick, watch)
    stood = _stood(problem, begin, prices, reach, quick, result) if start else None
    made = Made(draft, problem, reach, result, until, watch)
    made.reachable(quick)
    for left in () if quick else reversed(range(IMPROVEMENTS)):
        if made.stopped or not made.improved(last=not left):
            break
    made.reachable(quick=True, passages=True)
    result = made.result
    if stood is not None and (stood.objective < result.objective or reach.cuts(result.row, result.period)):
        same = made.draft is draft  # what stood is better than what could be found
        made.problem = made.problem if same else problem
        made.draft, made.result = draft, _judged(made.problem, stood, result) if same else stood
        reach.draft = draft
    reach.tell(len(reach.cuts(made.result.row, made.result.period)))
    if watch is not None:
        watch(made.result.told)
    return made.draft, made.problem, made.result


@dataclass
class Made:
    """What is made so far: the draft with its passages, the problem with its limits, and the programme."""

    draft: Draft
    problem: Problem
    reach: Reach
    result: Result
    until: float
    watch: Watch | None
    over: bool = False

    def reachable(self, quick: bool, passages: bool = False) -> bool:
        """Limits and passages, and the programme made again or only mended, until nothing is cut off any more; whether any were
        needed.
        """
        for round_ in range(LAST_ROUNDS if passages else MOST_ROUNDS):
            if not self._limited(passages):
                return round_ > 0
            mend = quick or round_ >= MOST_WHOLE or self.stopped
            self._again(mend, 0.0 if passages else self.rest / 2)
        return True

    def improved(self, last: bool) -> bool:
        """Improve the programme; whether it then had to be made again, or (the last time) mended."""
        self.result = improved(self.problem, self.result, FIRST * self.rest, self.watch)
        return self.reachable(quick=last or self.rest < self.result.seconds)

    @property
    def stopped(self) -> bool:
        """Whether who watches has seen enough."""
        self.over |= self.result.stopped
        return self.over

    @property
    def rest(self) -> float:
        """Seconds that are left."""
        return max(self.until - time.monotonic(), 0.0)

    def _limited(self, passages: bool) -> bool:
        """Whether there are cuts, and something could be done about them: a limit, or (for `passages` only) a passage."""
        cuts = self.reach.cuts(self.result.row, self.result.period)
        if not cuts:
            return False
        self.problem, beyond = (self.problem, cuts) if passages else _capped(self.draft, self.problem, cuts)
        self.reach.sets += [c for c in cuts if c not in beyond]
        if beyond and self.reach.keep(beyond):
            self.draft, self.problem = _relaid(self.draft, self.reach)
            return True
        return len(beyond) < len(cuts)

    def _again(self, mend: bool, seconds: float) -> None:
        result = self.result
        held = _fitting(result.prices, self.problem)
        charges = still_fitting(self.problem, result.certificate.charges)
        start = (result.row, result.period) if mend else None
        self.result = _solve(self.problem, seconds, start, held, mend, self.watch, charges)


def _stood(problem: Problem, begin: Any, prices: Any, reach: Reach, quick: bool, result: Result) -> Result | None:
    """The programme that stands, as far as it still fits; none where it cuts something off by now, and none where what was
    mended from it keeps everything reachable, for that is no worse.
    """
    if quick and not reach.cuts(result.row, result.period):
        return None
    stood = replan(problem, begin, prices, 0.0)
    return None if reach.cuts(stood.row, stood.period) else stood


def laid(given: dict[str, pd.DataFrame], figures: Figures, settings: Settings, alone: bool) -> Draft:
    """The draft with all that the terms know."""
    return add_all(make_draft(given, figures, settings, alone))


def _relaid(draft: Draft, reach: Reach) -> tuple[Draft, Problem]:
    """Draft and problem with the sections in which work keeps a passage besides, and the limits that were known."""
    tables_ = {k: v for k, v in draft.tables.items() if k != "passages"}
    tables_["kept"] = pd.DataFrame({"street": draft.streets.index[sorted(reach.more)]})
    made = laid(tables_, draft.figures, draft.settings, draft.alone)
    reach.draft = made
    sets = [s for s in reach.sets if not reach.passes(s)]
    problem = tables.problem(made)
    return made, _capped(made, problem, sets)[0] if sets else problem


def _fitting(prices: np.ndarray, problem: Problem) -> np.ndarray:
    """A price list on the limits of now: those that came at the end begin at nothing."""
    made = np.zeros(problem.capacity.shape)
    rows = min(len(made), len(prices))
    made[:rows] = prices[:rows]
    return made


def _judged(problem: Problem, stood: Result, result: Result) -> Result:
    """The programme that stood, with the better price list of the two, and the charges that prove more."""
    price = result.prices if result.lower_bound > stood.lower_bound else stood.prices
    made = replan(problem, (stood.row, stood.period), price, 0.0, result.certificate.charges)
    return made if made.objective <= stood.objective else stood


def _solve(
    problem: Problem,
    seconds: float,
    start: Any,
    prices: Any,
    quick: bool,
    watch: Watch | None,
    charges: Charges | None = None,
) -> Result:
    if quick and start is not None:
        return replan(problem, start, prices, seconds, charges)
    return solve(problem, seconds, start=start, prices=prices, watch=watch, rough=True)


def _capped(draft: Draft, problem: Problem, cuts: list[Cut]) -> tuple[Problem, list[Cut]]:
    """The problem with a limit for every set of blocks, and the sets that no limit can part: within one block, or
    needed by commitments.
    """
    beyond = [c for c in cuts if len(c.blocks) < 2]
    cuts = [c for c in cuts if len(c.blocks) > 1]
    if not cuts:
        return problem, beyond
    place = pd.Index(problem.place_labels)
    sets = [place.get_indexer(draft.blocks.index[list(c.blocks)]) for c in cuts]
    grown = with_caps(problem, sets, [len(s) - 1 for s in sets])
    fine = bearable(grown)[len(problem.capacity) :]
    kept = [k for k in range(len(cuts)) if fine[k]]
    if kept:
        problem = with_caps(problem, [sets[k] for k in kept], [len(sets[k]) - 1 for k in kept])
        draft.caps += ["reach:" + "+".join(_short(draft, b) for b in cuts[k].blocks) for k in kept]
    return problem, beyond + [cuts[k] for k in range(len(cuts)) if not fine[k]]


def _short(draft: Draft, block: int) -> str:
    return str(draft.blocks.index[block]).removeprefix("block:")


def _before(given: dict[str, pd.DataFrame], start: Start | None) -> dict[str, pd.DataFrame]:
    """The sections in which the programme before kept a passage: no need to find them again."""
    told = given["members"]
    kept = told.loc[(told["role"] == "passage") & (told["verb"] == NAME), "member"] if start else []
    return {"kept": pd.DataFrame({"street": sorted(set(kept))})} if len(kept) else {}


def _known(draft: Draft, problem: Problem, reach: Reach, start: Start) -> Problem:
    """The problem with the limits for reachability that the programme before needed."""
    names = [str(n).removeprefix("reach:") for n in start[1]["resource"].unique() if str(n).startswith("reach:")]
    blocks = [draft.blocks.index.get_indexer(["block:" + b for b in n.split("+")]) for n in names]
    reach.sets += [Cut(tuple(sorted(int(b) for b in s)), ()) for s in blocks if (s >= 0).all()]
    return _capped(draft, problem, reach.sets)[0] if reach.sets else problem


def from_tables(draft: Draft, problem: Problem, programme: pd.DataFrame, prices: pd.DataFrame) -> tuple[Any, Any]:
    """A programme and price list of before on the works and resources of now; works that were not there wait."""
    works = draft.works
    first = ~works["work"].duplicated().to_numpy()
    lead = works["work"][first]
    told = programme.set_index("work").reindex(lead_of(works)[first])
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
