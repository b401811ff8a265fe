"""Ways out of an impossible wish list: which commitments together are too much, which one is the cheapest to release,
and a problem that can be solved when fixed works contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from integralie.errors import Infeasible
from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.problem import FORBIDDEN, Ints, Problem, decode

MOST_NAMES = 6


def tell(draft: Draft, made: Problem, pick: Ints, short: Ints) -> None:
    """A finding per resource and period where commitments are too much: who together, and what is cheapest to release.

    `pick` is the plan of what must be done, `short` (R, T) what lacks in hundredths.
    """
    row, period = decode(made, pick)
    rows = []
    for r, t in zip(*np.nonzero(short > 0)):
        amount = _amounts(made, row, period, int(r), int(t))
        held = np.flatnonzero((amount > 0) & (made.defer >= FORBIDDEN))
        if len(held):
            rows.append(_way(draft, made, row, held, amount, int(r), int(t), int(short[r, t])))
    if rows:
        values = pd.DataFrame([v for _, v in rows], index=[k for k, _ in rows])
        draft.findings.append(finding("programme.way_out", "capacity", list(values.index), values, "error", "told"))


def _amounts(made: Problem, row: Ints, period: Ints, r: int, t: int) -> Ints:
    """What each work takes of one resource in one period; an opening counts for the work that is alone in it."""
    p, at = made.arrays, np.flatnonzero((row >= 0) & (period == t))
    a, out = row[at], np.zeros(made.works, np.int64)
    cash = p.cash[a, t if p.cash.shape[1] > 1 else 0] * (p.budget[a] == r)
    out[at] = cash + p.days[a, t if p.days.shape[1] > 1 else 0] * (p.crew[a] == r)
    of_row = np.repeat(np.arange(len(p.cost)), np.diff(p.use_start))
    held = p.use_row == r
    out[at] += np.bincount(of_row[held], p.use_amount[held], len(p.cost)).astype(np.int64)[a]
    opens = at[p.layer[a] >= 0]
    unit, first, size = np.unique(made.unit_of[opens], return_index=True, return_counts=True)
    cash_at = t if p.open_cash.shape[1] > 1 else 0
    for b, i in zip(unit[size == 1], opens[first[size == 1]]):
        s, k = p.place[b], p.layer[row[i]]
        own = slice(p.open_start[s], p.open_start[s + 1])
        out[i] += p.open_cash[s, cash_at, k] * (p.open_budget[s] == r)
        out[i] += int(p.open_amount[own, k][p.open_row[own] == r].sum())
    return out


def _way(
    draft: Draft, made: Problem, row: Ints, held: Ints, amount: Ints, r: int, t: int, lack: int
) -> tuple[str, dict[str, object]]:
    """The row of a finding: the smallest set that is too much, and the cheapest release that is enough."""
    names = draft.works["name"].to_numpy(object)[made.order[row[held]]]
    extra = _extra(draft, made.order[row[held]], t)
    by = np.argsort(-amount[held], kind="stable")
    there = int(amount[held].sum()) - lack
    many = int(np.searchsorted(np.cumsum(amount[held][by]), there, side="right")) + 1
    enough = np.flatnonzero(amount[held] >= lack)
    if len(enough):
        free = enough[[int(np.argmin(extra[enough]))]]
    else:
        order = np.argsort(extra / amount[held], kind="stable")
        free = order[: int(np.searchsorted(np.cumsum(amount[held][order]), lack)) + 1]
    name = str(draft.resources[r])
    year = draft.settings.first + t
    return f"{name}|{year}", {
        "party": name.split("/")[0], "year": year, "conflict": _list(names[by[:many]]), "release": _list(names[free]),
        "extra": float(max(extra[free].sum(), 0.0)),
    }  # fmt: skip


def _extra(draft: Draft, rows: Ints, t: int) -> npt.NDArray[np.float64]:
    """What the next best year, or none, costs each work more than the fixed one, seen from its owner alone (EUR)."""
    other = draft.cost[rows].copy()
    now = other[:, t].copy()
    other[:, t] = np.nan
    best = np.fmin(np.fmin.reduce(other, axis=1), draft.defer[rows])
    return np.asarray(best - np.nan_to_num(now), np.float64)


def _list(names: npt.NDArray[np.object_]) -> str:
    shown = ", ".join(f"'{n}'" for n in names[:MOST_NAMES])
    return shown if len(names) <= MOST_NAMES else f"{shown}, + {len(names) - MOST_NAMES}"


def solvable(draft: Draft, make: Callable[[], Problem]) -> Problem:
    """The problem of a draft; where fixed works contradict each other, rules are let go one kind at a time, and told."""
    for let_go in (_no_apart, _no_order, _no_rest):
        try:
            return make()
        except Infeasible:
            let_go(draft)
    return make()


def _no_apart(draft: Draft) -> None:
    """Works that must be done need not be apart."""
    must = _must(draft)
    kept = [p for p in draft.extras.apart if not (must[p[0]] and must[p[1]])]
    _told(draft, "apart", [r for p in draft.extras.apart if p not in kept for r in p])
    draft.extras.apart = kept


def _no_order(draft: Draft) -> None:
    """Nothing must come before, or with, what must be done."""
    must, extras = _must(draft), draft.extras
    hit = [p[:2] for p in extras.before if must[p[1]]] + [p for p in extras.together if must[p[0]] or must[p[1]]]
    extras.before = [p for p in extras.before if not must[p[1]]]
    extras.together = [p for p in extras.together if not (must[p[0]] or must[p[1]])]
    _told(draft, "order", [r for p in hit for r in p])


def _no_rest(draft: Draft) -> None:
    """Blocks with fixed works pay for coming too early instead."""
    blocks = np.unique(draft.block_at[_must(draft)])
    hard = blocks[draft.rest_price[blocks, 0] < 0]
    draft.rest_price[hard] = draft.blocks["rest_yearly"].to_numpy()[hard][:, None] * draft.discount[None, :]
    _told(draft, "rest", list(np.flatnonzero(np.isin(draft.block_at, hard) & _must(draft))))


def _must(draft: Draft) -> npt.NDArray[np.bool_]:
    return np.asarray(draft.fixed >= 0)


def _told(draft: Draft, what: str, rows: list[int]) -> None:
    works = draft.works.iloc[sorted(set(rows))].drop_duplicates("work")
    if len(works):
        values = works[["name"]].assign(what=what)
        made = finding("programme.rules_clash", "works", works["work"], values, "error", "left out")
        draft.findings.append(made.assign(id=made["id"] + f"|{what}"))
