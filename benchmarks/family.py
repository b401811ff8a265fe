"""The engine's own family of instances: works in street sections that share openings, nothing else.

Seven disciplines, five organisations, 20 years, a hard rest period of 5 years, windows of eight years before and six
after the ideal year, deferral allowed, opening cost charged to one organisation, and 12 resources x 20 years = 240
capacities at 108 per cent of mean demand. Own synthetic numbers, no data of anyone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

DISCIPLINES, OWNERS = 7, 5
OWNER = np.array([0, 0, 1, 2, 3, 4, 1])  # organisation of each discipline
RATE = 1.0225
EARLY, LATE = 8, 6
OPENINGS = 2.0  # openings per section in 20 years that the mean demand counts with
DAY = 4000.0  # euros of work per crew day


def instance(
    works: int, seed: int = 1, years: int = 20, rest: int = 5, most: int | None = None, tight: float = 1.08
) -> dict[str, Any]:
    """Arguments for `Problem.from_arrays`; `most` gives sections with 1 to `most` works instead of 2 to 7."""
    random = np.random.default_rng(seed)
    mean = 4.5 if most is None else (1 + most) / 2
    sections = max(int(works / mean), 1)
    size = random.integers(2, 8, sections) if most is None else random.integers(1, most + 1, sections)
    discipline = np.concatenate([random.permutation(np.arange(max(n, DISCIPLINES)) % DISCIPLINES)[:n] for n in size])
    count, owner = int(size.sum()), OWNER[discipline]
    level = np.array([4.6, 4.2, 4.0, 3.8, 3.4, 3.2, 3.0])[discipline]
    base = np.exp(random.normal(level, 0.4)) * 1000
    ideal, year = random.integers(0, years, count), np.arange(years)
    off = year[None, :] - ideal[:, None]
    early, late = random.uniform(0.005, 0.02, (count, 1)), random.uniform(0.01, 0.06, (count, 1))
    cost = (base * RATE ** -ideal.astype(float))[:, None] * (1 + np.where(off < 0, -off * early, off * late))
    opening = random.uniform(15, 50, sections) * 1000
    capacity = np.zeros((OWNERS + DISCIPLINES, years))
    capacity[:OWNERS] = np.bincount(owner, base, OWNERS)[:, None]
    capacity[0] += OPENINGS * years / 20 * opening.sum()
    capacity[OWNERS:] = np.bincount(discipline, base / DAY, DISCIPLINES)[:, None]
    return {
        "block": np.repeat(np.arange(sections), size),
        "cost": np.where((off >= -EARLY) & (off <= LATE), cost, np.nan),
        "cash": base,
        "budget": owner,
        "crew_days": base / DAY,
        "crew": OWNERS + discipline,
        "defer_cost": 2.0 * base,
        "opening_cost": opening[:, None] * RATE ** -year.astype(float),
        "rest": rest,
        "capacity": tight * capacity / years,
        "opening_cash": opening,
        "opening_budget": np.zeros(sections, int),
    }
