"""What a programme is worth by every yardstick of the benchmark: cost and its parts, violations, openings, days open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from families import Instance
from rivals.answer import violation
from rivals.moves import extras

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import CENTS, Ints, Problem, decode

PERTURBED = 0.01  # spread of the factor on every cost in the perturbed instance


def measured(instance: Instance, problem: Problem, pick: Ints) -> dict[str, Any]:
    """All yardsticks of one programme; money in euros."""
    opened = openings(problem, pick)
    found = {"cost": count.total_cost(problem, pick) / CENTS, **violation(problem, pick)}
    found |= parts(instance, problem, pick, opened, found["cost"])
    place, _, _, longest = opened
    found["openings"] = len(place) / max(len(problem.arrays.rest), 1)
    found["days"] = float(longest.sum()) / CENTS / max(len(problem.arrays.rest), 1)
    found["deferred"] = float((pick < 0).mean()) if len(pick) else 0.0
    return found


def openings(problem: Problem, pick: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Every opening: place, period, deepest layer, and crew days (hundredths) of its longest work."""
    p = problem.arrays
    row, period = decode(problem, pick)
    parts = []
    for bit in range(int(p.cover.max(initial=0)).bit_length()):
        i = np.flatnonzero((row >= 0) & ((p.cover[row] >> bit) & 1 > 0))
        days = p.days[row[i], period[i] if p.days.shape[1] > 1 else 0]
        parts.append((p.place[problem.unit_of[i]] + bit, period[i], p.layer[row[i]], days))
    if not parts:
        return (np.zeros(0, np.int64),) * 4
    place, at, layer, days = (np.concatenate(x) for x in zip(*parts))
    key, inverse = np.unique(place * problem.periods + at, return_inverse=True)
    deepest, longest = np.full(len(key), -1), np.zeros(len(key), np.int64)
    np.maximum.at(deepest, inverse, layer)
    np.maximum.at(longest, inverse, days)
    return key // problem.periods, key % problem.periods, deepest, longest


def parts(instance: Instance, problem: Problem, pick: Ints, opened: tuple[Ints, ...], cost: float) -> dict[str, float]:
    """The cost in three parts: time lost by traffic, nuisance of residents, and all that owners pay."""
    place, period, layer, _ = opened
    paid = problem.arrays.open_cost[place, period, layer] / CENTS
    label = problem.place_labels[place] if len(place) else np.zeros(0, np.int64)
    user, nuisance = (
        float((paid * (np.asarray(v)[label] if np.ndim(v) else float(v))).sum())
        for v in (instance.user, instance.nuisance)
    )
    left = count.left_of(problem, count.usage(problem, pick))
    nuisance += int(extras(np.asarray(instance.nuisance_rows, np.int64), left, problem.arrays)) / CENTS
    return {"user": user, "nuisance": nuisance, "direct": cost - user - nuisance}


def as_given(problem: Problem, pick: Ints) -> Ints:
    """The period of every work in the order in which works were given, -1 is put off."""
    out = np.empty(problem.works, np.int64)
    out[problem.work_order] = decode(problem, pick)[1]
    return out


def perturbed(instance: Instance, seed: int = 0) -> Instance:
    """The same instance with every cost a little different: a factor per work, per exit and per place."""
    random, arrays = np.random.default_rng([seed, 5]), dict(instance.arrays)
    for key in ("cost", "defer_cost", "opening_cost"):
        value = np.asarray(arrays[key], float)
        factor = 1 + PERTURBED * random.standard_normal(value.shape[:1])
        arrays[key] = value * factor.reshape(-1, *[1] * (value.ndim - 1)) if value.ndim else value
    return Instance(
        instance.family, instance.works, instance.seed, arrays, instance.user, instance.nuisance, instance.nuisance_rows
    )


def time_to(trail: list[tuple[float, int]], bound: float, share: float) -> float | None:
    """Seconds until a programme within that share of the bound (cents) was found."""
    return next((s for s, cost in trail if cost - bound <= share * abs(bound)), None)


def peak() -> float:
    """Most memory held since `forget_peak`, in gigabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024**2


def forget_peak() -> None:
    """Begin to measure memory anew (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")
