"""Chains of one to four street sections, with works that run through one to four of them.

About four works a chain, at most twelve; every section is opened, rests and is paid by itself. Ten owners with hard
yearly budgets at 110 per cent of mean demand: at 1,200 works about six works a year and owner, which makes small
instances hard. Twenty years, a hard rest of five years, windows of eight years before and six after the ideal year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from families.instance import Instance

OWNERS, YEARS, REST = 10, 20, 5
WORKS_PER_CHAIN, MOST_WORKS, MOST_SECTIONS = 4, 12, 4
EARLY, LATE, RATE = 8, 6, 1.0225
OPENINGS = 2.0  # openings per section in the horizon that the budgets count with


def spread_cost(random: np.random.Generator, base: Any, ideal: Any, years: int = YEARS) -> Any:
    """Present value per year: least in the ideal year, dearer before and after, not at all outside the window."""
    off = np.arange(years)[None, :] - ideal[:, None]
    early, late = random.uniform(0.005, 0.02, (len(base), 1)), random.uniform(0.01, 0.06, (len(base), 1))
    cost = (base * RATE ** -ideal.astype(float))[:, None] * (1 + np.where(off < 0, -off * early, off * late))
    return np.where((off >= -EARLY) & (off <= LATE), cost, np.nan)


def spans(random: np.random.Generator, sections: Any) -> tuple[Any, Any]:
    """For every work the first of its sections within its chain of so many, and how many it covers."""
    length = np.minimum(random.integers(1, MOST_SECTIONS + 1, len(sections)), sections)
    return (random.random(len(sections)) * (sections - length + 1)).astype(np.int64), length


def covered(first: Any, length: Any) -> tuple[Any, Any]:
    """Rows and places, from the first place of every row and how many it covers."""
    rows = np.repeat(np.arange(len(first)), length)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(length) - length, length)
    return rows, np.repeat(first, length) + step


def chains(works: int, seed: int = 1, carry: bool = False) -> Instance:
    """An instance of about so many works; `carry` lets what is left of a budget be used a year later."""
    random = np.random.default_rng([seed, 31])
    count = max(works // WORKS_PER_CHAIN, 1)
    sections = random.integers(1, MOST_SECTIONS + 1, count)
    chain = np.repeat(np.arange(count), np.clip(random.poisson(WORKS_PER_CHAIN, count), 1, MOST_WORKS))
    begin = np.cumsum(sections) - sections
    first, length = spans(random, sections[chain])
    owner = random.integers(0, OWNERS, len(chain))
    base = np.exp(random.normal(3.6, 0.5, len(chain))) * 1000 * (0.5 + 0.5 * length)
    opening = random.uniform(15, 50, int(sections.sum())) * 1000
    demand = np.bincount(owner, base, OWNERS)
    demand[0] += OPENINGS * opening.sum()
    budget = 1.10 * demand / YEARS
    arrays = {
        "block": chain,
        "cost": spread_cost(random, base, random.integers(0, YEARS, len(chain))),
        "cash": base,
        "budget": owner,
        "defer_cost": 2.0 * base,
        "covers": covered(begin[chain] + first, length),
        "opening_cost": opening[:, None] * RATE ** -np.arange(YEARS, dtype=float),
        "opening_cash": opening,
        "opening_budget": np.zeros(len(opening), np.int64),
        "rest": REST,
        "capacity": np.repeat(budget[:, None], YEARS, axis=1),
        "places": np.arange(len(opening)),
    }
    if carry:
        arrays["carry"] = budget
    return Instance("chains_carry" if carry else "chains", works, seed, arrays)
