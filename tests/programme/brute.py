"""All programmes of a tiny problem, one by one: the judge of the engine."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

Arrays = dict[str, Any]


def random_arrays(rng: np.random.Generator, works: int = 6, periods: int = 5) -> Arrays:
    """A tiny problem with every feature: layers, rest periods hard or priced, works that open nothing, several
    limits.
    """
    count, span, resources = int(rng.integers(1, works)), int(rng.integers(1, periods)), int(rng.integers(1, 4))
    cost = rng.integers(0, 100, (count, span)).astype(float)
    cost[rng.random((count, span)) < 0.2] = np.nan
    block = rng.integers(0, 3, count)
    blocks = len(np.unique(block))
    made: Arrays = {
        "block": block,
        "cost": cost,
        "cash": rng.integers(0, 20, count).astype(float),
        "budget": rng.integers(-1, resources, count),
        "crew_days": rng.integers(0, 4, count).astype(float),
        "crew": rng.integers(-1, resources, count),
        "defer_cost": rng.integers(0, 200, count).astype(float),
        "opening_cost": np.cumsum(rng.integers(0, 30, (blocks, span, 3)), axis=2).astype(float),
        "rest": rng.integers(0, 5, blocks),
        "capacity": rng.choice([0, 5, 15, 30, 1000], (resources, span)).astype(float),
        "opening_cash": np.cumsum(rng.integers(0, 9, (blocks, span, 3)), axis=2).astype(float),
        "opening_budget": rng.integers(-1, resources, blocks),
        "layer": rng.integers(0, 3, count),
        "opens": rng.random(count) < 0.8,
        "last_opened": np.where(rng.random(blocks) < 0.5, np.nan, -rng.integers(1, 4, blocks).astype(float)),
    }
    if rng.random() < 0.5:
        made["rest_price"] = rng.integers(0, 15, blocks).astype(float)
    return made


def cheapest(k: Arrays) -> float:
    """The least cost over all programmes that keep every limit."""
    span = k["cost"].shape[1]
    options = [[int(t) for t in range(span) if np.isfinite(row[t])] + [span] for row in k["cost"]]
    return min(c for plan in itertools.product(*options) if (c := _cost(k, plan)) is not None)


def _cost(k: Arrays, plan: tuple[int, ...]) -> float | None:
    """What a programme costs, or None when it breaks a rule."""
    span, total, use = k["cost"].shape[1], 0.0, np.zeros_like(k["capacity"])
    place = np.unique(k["block"], return_inverse=True)[1]
    deepest: dict[tuple[int, int], int] = {}
    for i, t in enumerate(plan):
        if t == span:
            total += k["defer_cost"][i]
            continue
        total += k["cost"][i, t]
        for row, amount in ((k["budget"][i], k["cash"][i]), (k["crew"][i], k["crew_days"][i])):
            if row >= 0:
                use[row, t] += amount
        if k["opens"][i]:
            key = (int(place[i]), t)
            deepest[key] = max(deepest.get(key, 0), int(k["layer"][i]))
    last = dict(enumerate(k["last_opened"]))
    for (b, t), layer in sorted(deepest.items()):
        total += k["opening_cost"][b, t, layer]
        if k["opening_budget"][b] >= 0:
            use[k["opening_budget"][b], t] += k["opening_cash"][b, t, layer]
        lack = 0 if np.isnan(last[b]) else k["rest"][b] - (t - last[b])
        if lack > 0 and "rest_price" not in k:
            return None
        total += max(lack, 0) * k.get("rest_price", np.zeros(3))[b]
        last[b] = t
    return None if (use > k["capacity"] + 1e-9).any() else total
