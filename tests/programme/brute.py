"""The judge of the engine: what a programme costs, from the definitions of the arguments, in plain whole numbers.

Nothing of the engine is used here. A plan is a list with (row, period) per work, or None when the work is not done;
works stand in the order in which their label first appears.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

Arrays = dict[str, Any]
Plan = tuple[tuple[int, int] | None, ...]


def cents(value: float) -> int:
    """Hundredths, exactly as they were written."""
    return round(float(value) * 100)


def each(k: Arrays, name: str, default: float, *at: int) -> float:
    """An argument at a place, where missing axes at the end are repeated."""
    value = np.asarray(k.get(name, default) if k.get(name, default) is not None else default)
    return value[at[: value.ndim]].item()


def works_of(k: Arrays) -> list[list[int]]:
    """The rows of every work."""
    if k.get("work") is None:
        return [[a] for a in range(len(k["block"]))]
    rows: dict[Any, list[int]] = defaultdict(list)
    for a, name in enumerate(np.asarray(k["work"]).tolist()):
        rows[name].append(a)
    return list(rows.values())


def opened(k: Arrays, a: int) -> bool:
    return bool(each(k, "opens", True, a)) and each(k, "layer", 0, a) >= 0


def places_of(k: Arrays, a: int) -> list[int]:
    """The numbers of the places that a row opens."""
    if not opened(k, a):
        return []
    if k.get("covers") is None:
        return [sorted(set(np.asarray(k["block"]).tolist())).index(k["block"][a])]
    names = sorted(set(np.asarray(k["covers"][1]).tolist()))
    return sorted({names.index(p) for row, p in zip(*(np.asarray(v).tolist() for v in k["covers"])) if row == a})


def options(k: Arrays) -> list[list[tuple[int, int] | None]]:
    """All that each work may do."""
    out: list[list[tuple[int, int] | None]] = []
    for rows in works_of(k):
        fixed = int(each(k, "fixed", -1, rows[0]))
        held = [(a, t) for a in rows for t in range(k["cost"].shape[1]) if np.isfinite(k["cost"][a, t])]
        out.append([None, *held] if fixed < 0 else [h for h in held if h[1] == fixed])
    return out


def openings(k: Arrays, plan: Plan) -> dict[tuple[int, int], int]:
    """The deepest layer per (place, period)."""
    deepest: dict[tuple[int, int], int] = {}
    for a, t in filter(None, plan):
        for s in places_of(k, a):
            deepest[s, t] = max(deepest.get((s, t), 0), int(each(k, "layer", 0, a)))
    return deepest


def charges(k: Arrays, plan: Plan) -> Iterator[tuple[int, int, int]]:
    """Every single use of a resource: (resource, period, hundredths)."""
    span = k["cost"].shape[1]
    for a, t in filter(None, plan):
        for who, what in (("budget", "cash"), ("crew", "crew_days")):
            if each(k, who, -1, a) >= 0:
                yield int(each(k, who, -1, a)), t, cents(each(k, what, 0.0, a, t))
        for row, resource, amount, *shift in zip(*k["uses"]) if k.get("uses") is not None else ():
            later = t + int(shift[0] if shift else 0)
            if row == a and later < span:
                yield int(resource), later, cents(amount)
    for (s, t), layer in openings(k, plan).items():
        if each(k, "opening_budget", -1, s) >= 0:
            yield int(each(k, "opening_budget", -1, s)), t, cents(each(k, "opening_cash", 0.0, s, t, layer))
        for place, resource, amount in zip(*k["opening_uses"]) if k.get("opening_uses") is not None else ():
            if place == s:
                yield int(resource), t, cents(np.broadcast_to(amount, 3)[layer])


def adds(k: Arrays, r: int) -> bool:
    return bool(each(k, "adds_up", False, r))


def used(k: Arrays, plan: Plan) -> np.ndarray:
    """What is used of every resource in every period, in hundredths."""
    total = np.zeros(k["capacity"].shape, dtype=object)
    for r, t, amount in charges(k, plan):
        total[r, t] += amount
        if adds(k, r):
            total[r, t + 1 :] += amount
    return total


def _rest(k: Arrays, plan: Plan) -> int | None:
    """What openings too early cost, None where one is forbidden."""
    at = list(range(k["cost"].shape[1])) if k.get("at") is None else [int(v) for v in k["at"]]
    total, last = 0, {}
    for s, t in sorted(openings(k, plan)):
        before = last.get(s, each(k, "last_opened", np.nan, s))
        lack = 0 if np.isnan(before) else each(k, "rest", 0, s) - (at[t] - before)
        last[s] = at[t]
        if lack <= 0:
            continue
        if k.get("rest_price") is None or min(each(k, "rest_price", 0.0, s, u) for u in range(len(at))) < 0:
            return None
        total += int(lack) * cents(each(k, "rest_price", 0.0, s, t))
    return total


def _ordered(k: Arrays, plan: Plan) -> bool:
    """Whether works come in their order, together and apart as they should."""
    of = {a: i for i, rows in enumerate(works_of(k)) for a in rows}
    when = [done and done[1] for done in plan]
    for a, b, lag in zip(*k["before"]) if k.get("before") is not None else ():
        i, j = when[of[int(a)]], when[of[int(b)]]
        if j is not None and (i is None or j < i + lag):
            return False
    for a, b in zip(*k["apart"]) if k.get("apart") is not None else ():
        if when[of[int(a)]] is not None and when[of[int(a)]] == when[of[int(b)]]:
            return False
    pairs = zip(*k["together"]) if k.get("together") is not None else ()
    return all(when[of[int(a)]] == when[of[int(b)]] for a, b in pairs)


def _crowd(k: Arrays, plan: Plan) -> int:
    if k.get("crowd") is None:
        return 0
    names, count = sorted(set(np.asarray(k["block"]).tolist())), defaultdict(int)
    for a, t in filter(None, plan):
        count[names.index(k["block"][a]), t] += opened(k, a)
    free, price = (np.broadcast_to(v, len(names)) for v in k["crowd"])
    return sum(max(n - int(free[b]), 0) * cents(price[b]) for (b, _), n in count.items())


def block_cost(k: Arrays, plan: Plan) -> int | None:
    """What works and openings cost, without what they use; None when the plan breaks a rule of its own."""
    rest = _rest(k, plan)
    if rest is None or not _ordered(k, plan):
        return None
    total = rest + _crowd(k, plan)
    for rows, done in zip(works_of(k), plan):
        total += cents(each(k, "defer_cost", 0.0, rows[0]) if done is None else k["cost"][done])
    for (s, t), layer in openings(k, plan).items():
        total += cents(each(k, "opening_cost", 0.0, s, t, layer))
    return total


def _up(price: float, amount: int) -> int:
    """Price times amount, rounded up to a whole cent."""
    exact = Fraction(round(float(price) * 10**6), 10**6) * amount
    return -((-exact.numerator) // exact.denominator)


def _over(k: Arrays, r: int, over: int) -> int | None:
    """What it costs to use so much more than there is; None when that is not allowed."""
    if over <= 0:
        return 0
    price = np.asarray(k.get("over_price", np.nan) if k.get("over_price") is not None else np.nan, float)
    steps = np.broadcast_to(price.reshape(-1, 1) if price.ndim < 2 else price, (len(k["capacity"]), np.atleast_2d(price).shape[-1] if price.ndim == 2 else 1))[r]  # fmt: skip
    steps = steps[np.isfinite(steps)]
    if not len(steps):
        return None
    total = 0
    for n, step in enumerate(steps):
        wide = over if n == len(steps) - 1 else min(over, cents(np.broadcast_to(k["over_width"], (len(k["capacity"]), len(steps)))[r, n] if np.ndim(k["over_width"]) < 2 else k["over_width"][r, n]))  # fmt: skip
        total, over = total + _up(step, wide), over - wide
    return total


def limit_cost(k: Arrays, use: np.ndarray) -> int | None:
    """What limits cost that bend; None when one that does not bend is broken."""
    total = 0
    for r in range(len(use)):
        kept = 0
        for t in range(use.shape[1]):
            capacity = k["capacity"][r, t]
            if np.isfinite(capacity):
                left = int(np.floor(capacity * 100 + 1e-6)) + kept - use[r, t]
                extra = _over(k, r, -left)
                if extra is None:
                    return None
                total += extra
            else:
                left = 10**15
            carry = each(k, "carry", 0.0, r, t)
            kept = max(min(left, 10**15 if np.isinf(carry) else cents(carry)), 0)
            least = np.nan if k.get("minimum") is None else each(k, "minimum", 0.0, r, t)
            if np.isfinite(least):
                total += _up(each(k, "minimum_price", 0.0, r), max(cents(least) - use[r, t], 0))
    return total


def cost_of(k: Arrays, plan: Plan) -> int | None:
    """What a whole programme costs in cents; None when it breaks a rule."""
    own = block_cost(k, plan)
    if own is None:
        return None
    extra = limit_cost(k, used(k, plan))
    return None if extra is None else own + extra


def cheapest(k: Arrays) -> int | None:
    """The least cost in cents over all programmes that keep every rule; None when there is none."""
    found = (cost_of(k, plan) for plan in itertools.product(*options(k)))
    return min((c for c in found if c is not None), default=None)


def size(k: Arrays) -> int:
    """How many programmes there are, allowed or not."""
    return int(np.prod([len(held) for held in options(k)], dtype=float))


def plan_of(k: Arrays, result: Any) -> Plan:
    """The plan of a result of the engine."""
    return tuple((int(a), int(t)) if t >= 0 else None for a, t in zip(result.row, result.period))


# Random problems ---------------------------------------------------------------------------------------------------------------


def random_arrays(rng: np.random.Generator, most: int = 4000) -> Arrays:
    """A tiny problem with every feature, each in some of the problems; at most so many programmes."""
    while size(made := _drawn(rng)) > most:
        pass
    return made


def _drawn(rng: np.random.Generator) -> Arrays:
    works, span, many = int(rng.integers(1, 6)), int(rng.integers(1, 5)), int(rng.integers(1, 4))
    modes = np.where(rng.random(works) < 0.3, 2, 1) if rng.random() < 0.5 else np.ones(works, int)
    work = np.repeat(np.arange(works), modes)
    rows, block = len(work), np.repeat(rng.integers(0, 3, works), modes)
    made: Arrays = {"block": block, **_row_parts(rng, rows, span, many)}
    if modes.max() > 1:
        made["work"] = work
    places = _cover(rng, made, work) if rng.random() < 0.5 else len(np.unique(block))
    made |= _place_parts(rng, places, span, many) | _limit_parts(rng, span, many)
    if rng.random() < 0.4:
        made |= _ties(rng, rows, work, span)
    if rng.random() < 0.3:
        blocks = len(np.unique(block))
        made["crowd"] = (rng.integers(1, 3, blocks), rng.integers(0, 30, blocks).astype(float))
    if rng.random() < 0.4:
        count = int(rng.integers(1, 4))
        made["uses"] = (rng.integers(0, rows, count), rng.integers(0, many, count), rng.integers(-9, 15, count).astype(float), rng.integers(0, min(span, 2) + 1, count))  # fmt: skip
    if rng.random() < 0.3:
        made["fixed"] = np.where(rng.random(rows) < 0.3, _first_allowed(made["cost"]), -1)
    if rng.random() < 0.3:
        made["at"] = np.concatenate([[0], np.cumsum(rng.integers(1, 4, span))])[:span]
    return made


def _first_allowed(cost: np.ndarray) -> np.ndarray:
    allowed = np.isfinite(cost)
    return np.where(allowed.any(axis=1), allowed.argmax(axis=1), -1)


def _row_parts(rng: np.random.Generator, rows: int, span: int, many: int) -> Arrays:
    cost = rng.integers(0, 100, (rows, span)).astype(float)
    cost[rng.random((rows, span)) < 0.2] = np.nan
    return {
        "cost": cost, "cash": rng.integers(0, 20, (rows, span)[: int(rng.integers(1, 3))]).astype(float),
        "budget": rng.integers(-1, many, rows), "crew_days": rng.integers(0, 4, rows).astype(float),
        "crew": rng.integers(-1, many, rows), "defer_cost": rng.integers(0, 200, rows).astype(float),
        "layer": rng.integers(-1 if rng.random() < 0.3 else 0, 3, rows), "opens": rng.random(rows) < 0.85,
    }  # fmt: skip


def _cover(rng: np.random.Generator, made: Arrays, work: np.ndarray) -> int:
    """Let rows open one to three places of their block; how many places there are."""
    pairs = [
        (a, f"{made['block'][a]}-{q}")
        for a in range(len(work))
        for q in rng.choice(3, int(rng.integers(1, 3)), replace=False)
    ]
    made["covers"] = (np.array([a for a, _ in pairs]), np.array([name for _, name in pairs]))
    return len(set(made["covers"][1].tolist()))


def _place_parts(rng: np.random.Generator, places: int, span: int, many: int) -> Arrays:
    made: Arrays = {
        "opening_cost": np.cumsum(rng.integers(0, 30, (places, span, 3)), axis=2).astype(float),
        "opening_cash": np.cumsum(rng.integers(0, 9, (places, span, 3)), axis=2).astype(float),
        "opening_budget": rng.integers(-1, many, places),
        "rest": rng.integers(0, 5, places),
        "last_opened": np.where(rng.random(places) < 0.5, np.nan, -rng.integers(1, 4, places).astype(float)),
    }
    if rng.random() < 0.5:
        made["rest_price"] = rng.integers(-1 if rng.random() < 0.3 else 0, 15, (places, span)).astype(float)
    if rng.random() < 0.3:
        made["opening_uses"] = (
            np.arange(places), rng.integers(0, many, places), rng.integers(0, 6, (places, 3)).astype(float),
        )  # fmt: skip
    return made


def _limit_parts(rng: np.random.Generator, span: int, many: int) -> Arrays:
    made: Arrays = {"capacity": rng.choice([0, 5, 15, 30, np.nan], (many, span)).astype(float)}
    soft, adds_up = rng.random(many) < 0.3, rng.random(many) < 0.25
    if rng.random() < 0.5:
        made["adds_up"] = adds_up
    if rng.random() < 0.5:
        price = np.where(soft[:, None], np.cumsum(rng.integers(0, 5, (many, 2)), axis=1) / 4, np.nan)
        made["over_price"], made["over_width"] = price, rng.integers(1, 10, (many, 2)).astype(float)
    if rng.random() < 0.5:
        free = ~(soft & ("over_price" in made)) & ~(adds_up & ("adds_up" in made))
        made["carry"] = np.where(free[:, None], rng.choice([0, 3, 10, np.inf], (many, span)), 0.0)
    if rng.random() < 0.4:
        made["minimum"] = rng.choice([np.nan, 4, 12], (many, span))
        made["minimum_price"] = rng.integers(0, 9, many) / 4
    return made


def _ties(rng: np.random.Generator, rows: int, work: np.ndarray, span: int) -> Arrays:
    """A few pairs of works that keep an order, or come apart or together."""
    made: Arrays = {}
    for name in ("before", "apart", "together"):
        pairs = [(a, b) for a, b in rng.integers(0, rows, (int(rng.integers(0, 3)), 2)).tolist() if work[a] != work[b]]
        if pairs and rng.random() < 0.6:
            first, second = (np.array(v) for v in zip(*pairs))
            made[name] = (first, second, rng.integers(0, 3, len(pairs))) if name == "before" else (first, second)
    return made
