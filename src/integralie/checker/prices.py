"""What a price list proves: every block at its least, less what all capacity is worth at the prices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from integralie.checker.alone import costs
from integralie.checker.least import MILLION, MUCH, Blocks, Ints, least_costs

THREADS = 2
LEAST_SPREAD = 200  # blocks from which two threads do
DEAREST = 10**12  # millionths; a dearer row counts as this dear
NEVER = -(2**61)


def blocks(problem: Any) -> Blocks:
    """The arrays of a problem that the kernels read, in the one layout that they are compiled for."""
    return Blocks(*(np.require(getattr(problem, n), np.int64, ("C", "W", "A")) for n in Blocks._fields))


def allowed(p: Any, prices: Ints) -> Ints:
    """The nearest prices that prove anything: none for what has no limit, none above the dearest step, below zero only
    where something should at least be used.
    """
    periods = prices.shape[1]
    last = np.take_along_axis(p.slope, np.maximum(p.soft - 1, 0)[:, None], axis=1)
    most = np.where((p.soft > 0)[:, None], last, DEAREST) * (p.capacity >= 0)
    least = np.where((p.least > NEVER) & (p.least_price > 0)[:, None], -p.least_price[:, None], 0)
    each = np.where(p.adds_up > 0, DEAREST // periods, DEAREST)[:, None]
    return np.clip(prices, np.maximum(least, -each), np.minimum(most, each))


def bound(p: Any, prices: Ints) -> int:
    """The lower bound in cents that a price list (R, T) in whole millionths proves for a problem."""
    held, prices = blocks(p)._replace(cost=costs(p)), allowed(p, np.asarray(prices, np.int64))
    adds = (p.adds_up > 0)[:, None]
    laid = np.ascontiguousarray(np.where(adds, np.cumsum(prices[:, ::-1], axis=1)[:, ::-1], prices))
    if too_large(held, laid):
        return -(MUCH**2)
    return least(held, laid) - -(-worth(p, prices) // MILLION)


def least(held: Blocks, laid: Ints) -> int:
    """The least that all blocks together can cost at prices per period of use, in cents."""
    out = np.zeros(len(held.crowd), np.int64)
    parts = (
        [np.arange(k, len(out), THREADS) for k in range(THREADS)] if len(out) >= LEAST_SPREAD else [np.arange(len(out))]
    )
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda part: least_costs(part, laid, held, out), parts))
    return sum(out.tolist())


def too_large(held: Blocks, laid: Ints) -> bool:
    """Whether uses could bring in so much that 64 bits do not hold it: then nothing is proven."""
    most = [int(v.max(initial=0)) for v in (held.cash, held.days, held.use_amount, held.open_cash, held.open_amount)]
    brings = -int(laid.min(initial=0)) * max(most), int(laid.max(initial=0)) * -int(held.use_amount.min(initial=0))
    return max(brings) > MUCH * MILLION


def worth(p: Any, prices: Ints) -> int:
    """What all capacity is worth at the prices, in cents times a million: with what may be kept for the next period, less
    what use above capacity costs anyhow; and what the least uses ask. Exact.
    """
    price, plus = prices.astype(object), np.maximum(prices, 0).astype(object)
    total = (plus * np.maximum(p.capacity, 0)).sum() - ((plus - price) * np.where(prices < 0, p.least, 0)).sum()
    total += (p.carry[:, :-1] * np.maximum(plus[:, 1:] - plus[:, :-1], 0)).sum()
    for r in np.flatnonzero(p.soft > 1):
        for k in range(int(p.soft[r]) - 1):
            total += (int(p.width[r, k]) * np.maximum(plus[r] - int(p.slope[r, k]), 0)).sum()
    return int(total)
