"""A town with every term that the engine knows; own synthetic numbers, generated as whole arrays.

Three quarters of the blocks are one street section, a quarter is a chain of two or three. Seven disciplines of five
owners over 20 years. Budgets are carried over, two owners want to spend at least so much; crews per discipline; rest
periods with a price or hard, with history; sewers by open trench or relining, pavement with or without redesign;
order within and between blocks; works kept together or apart; commitments; parallel main roads of which one may be
open at a time; caps on openings and dearer and dearer nuisance per neighbourhood; goal paths for trees, storage and
homes; a price for leaving the plan in force; contracts that grow too large.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from families import chains
from families.instance import Instance
from families.town import Town, town

YEARS, OWNERS, DISCIPLINES = 20, 5, 7
SEWER, WATER, HEAT, PAVEMENT, GREEN = 0, 1, 3, 6, 5
OWNER = np.array([0, 0, 1, 2, 3, 0, 4])  # who pays for sewer, water, gas, heat, power, green, pavement
LAYER = np.array([2, 1, 1, 1, 1, 0, 0])
SIZE = np.array([4.6, 4.2, 4.0, 3.8, 3.4, 3.2, 4.0])  # logarithm of the mean cost in thousands
DAY, TIGHT = 4000.0, 1.08
DEPTHS = np.array([0.6, 0.85, 1.0])  # price of opening to each layer, as a share of the deepest
TREES, STORAGE, HOMES = 0, 1, 2


def all_terms(works: int, seed: int = 1) -> Instance:
    """An instance of about so many works."""
    random = np.random.default_rng([seed, 77])
    it = town(works, random)
    w = _works(it, random)
    capacity, further = _limits(it, w, random)
    rows = _modes(it, w, random)
    arrays = {**rows, **_openings(it, random), **further, "capacity": capacity, "blocks": np.arange(it.blocks)}
    arrays |= _pairs(it, w, random)
    arrays["fixed"] = _commitments(it, w, arrays, random)[rows["work"]]
    arrays["crowd"] = (3, 4000.0)
    nuisance = np.arange(it.rows.nuisance, it.rows.goals)
    return Instance("all_terms", works, seed, arrays, it.user, it.nuisance, nuisance)


def _works(it: Town, random: np.random.Generator) -> dict[str, Any]:
    """Every work: what it costs, when it is ideal, what the plan in force says."""
    base = np.exp(random.normal(SIZE[it.discipline], 0.4)) * 1000 * (0.5 + 0.5 * it.length)
    ideal = random.integers(0, YEARS, len(base))
    cost = chains.spread_cost(random, base, ideal)
    told = random.random(len(base)) < 0.3  # works that residents were told a year for
    force = np.clip(ideal + random.integers(-2, 3, len(base)), 0, YEARS - 1)
    left = told[:, None] & (np.arange(YEARS)[None, :] != force[:, None])
    return {"base": base, "ideal": ideal, "cost": cost + np.where(left, 0.005 * base[:, None], 0.0)}


def _modes(it: Town, w: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    """Rows: every work in its usual way, then relining of some sewers, then pavement with redesign."""
    usual = np.arange(len(w["base"]))
    short = (it.length == 1) & (it.discipline == SEWER)
    relined = np.flatnonzero(short & (random.random(len(usual)) < 0.4))
    redesigned = np.flatnonzero((it.discipline == PAVEMENT) & (random.random(len(usual)) < 0.5))
    work = np.concatenate([usual, relined, redesigned])
    factor = np.concatenate([np.ones(len(usual)), np.full(len(relined), 1.05), np.full(len(redesigned), 1.12)])
    cash = np.concatenate([np.ones(len(usual)), np.full(len(relined), 0.7), np.full(len(redesigned), 1.15)])
    cash = w["base"][work] * cash
    opens = np.ones(len(work), bool)
    opens[len(usual) : len(usual) + len(relined)] = False
    discipline = it.discipline[work]
    held = np.flatnonzero(opens)
    rows, places = chains.covered(it.first[work[held]], it.length[work[held]])
    return {
        "work": work, "block": it.block[work], "cost": w["cost"][work] * factor[:, None], "cash": cash,
        "budget": OWNER[discipline], "crew_days": cash / DAY, "crew": OWNERS + discipline,
        "defer_cost": 2.0 * w["base"][work], "layer": LAYER[discipline], "opens": opens,
        "covers": (held[rows], places), "places": np.arange(it.places),
        "uses": _goals(it, w, work, opens, np.arange(len(work)) >= len(usual) + len(relined)),
    }  # fmt: skip


def _goals(it: Town, w: dict[str, Any], work: Any, opens: Any, redesign: Any) -> tuple[Any, Any, Any]:
    """What rows add to the goals: trees by green works, storage by redesign of the street, homes by heat networks."""
    discipline = it.discipline[work]
    parts = [
        (np.flatnonzero(discipline == GREEN), TREES, w["base"] / 2500),
        (np.flatnonzero(redesign), STORAGE, w["base"] / 1500),
        (np.flatnonzero(discipline == HEAT), HOMES, w["base"] / 3000),
    ]
    row = np.concatenate([r for r, _, _ in parts])
    goal = np.concatenate([np.full(len(r), it.rows.goals + g) for r, g, _ in parts])
    amount = np.concatenate([np.round(a[work[r]], 2) for r, _, a in parts])
    return row, goal, amount


def _openings(it: Town, random: np.random.Generator) -> dict[str, Any]:
    """What opening a place costs, who pays it, how long it rests, and what it uses besides money."""
    many, value = it.places, 1.0225 ** -np.arange(YEARS, dtype=float)
    hard, known = random.random(many) < 0.3, random.random(many) < 0.4
    social = it.opening * (it.user + it.nuisance)
    row = np.concatenate([it.caps_of, it.nuisance_of, it.clique_of[it.main]])
    place = np.concatenate([np.arange(many), np.arange(many), np.flatnonzero(it.main)])
    amount = np.concatenate([np.ones(many), it.hindrance, np.ones(int(it.main.sum()))])
    return {
        "opening_cost": it.opening[:, None, None] * value[None, :, None] * DEPTHS,
        "opening_cash": (it.opening - social)[:, None, None] * DEPTHS[None, None, :] * np.ones((1, YEARS, 1)),
        "opening_budget": np.zeros(many, np.int64),
        "rest": np.where(it.main, 7, 5),
        "rest_price": np.where(hard, -1.0, 0.06 * it.opening),
        "last_opened": np.where(known, -random.integers(1, 9, many).astype(float), np.nan),
        "opening_uses": (place, row, amount),
    }


def _limits(it: Town, w: dict[str, Any], random: np.random.Generator) -> tuple[Any, dict[str, Any]]:
    """Capacities and how they bend: budgets, crews, caps, cliques, nuisance, goals, in that order of rows."""
    r, yearly = it.rows, np.zeros(it.rows.many)
    yearly[:OWNERS] = np.bincount(OWNER[it.discipline], w["base"], OWNERS)
    yearly[0] += 2.0 * (it.opening * (1 - it.user - it.nuisance)).sum()
    yearly[OWNERS : r.caps] = np.bincount(it.discipline, w["base"] / DAY, DISCIPLINES)
    yearly *= TIGHT / YEARS
    size = np.bincount(it.caps_of - r.caps, minlength=it.hoods)
    yearly[r.caps : r.cliques] = np.ceil(2.5 * 2.0 * size / YEARS) + 1
    yearly[r.cliques : r.nuisance] = 1.0
    usual = np.bincount(it.nuisance_of - r.nuisance, it.hindrance, it.hoods) * 2.0 / YEARS
    yearly[r.nuisance : r.goals] = usual
    capacity = np.repeat(yearly[:, None], YEARS, axis=1)
    capacity[r.goals :] = np.nan
    carry, adds_up = np.zeros(r.many), np.zeros(r.many, bool)
    carry[:OWNERS], adds_up[r.goals :] = 0.5 * yearly[:OWNERS], True
    width, price = np.full((r.many, 3), np.inf), np.full((r.many, 3), np.nan)
    width[r.nuisance : r.goals, :2] = np.maximum(0.5 * usual, 0.01)[:, None]
    price[r.nuisance : r.goals] = [40.0, 120.0, 300.0]
    minimum, dear = np.full(capacity.shape, np.nan), np.zeros(r.many)
    minimum[3:OWNERS], dear[3:OWNERS] = 0.6 * capacity[3:OWNERS], 0.2
    dear[r.goals :] = [150.0, 120.0, 100.0]
    minimum[r.goals :] = _paths(it, w)
    bends = {"carry": carry, "adds_up": adds_up, "over_width": width, "over_price": price}
    return capacity, {**bends, "minimum": minimum, "minimum_price": dear}


def _paths(it: Town, w: dict[str, Any]) -> Any:
    """Goals grow in a straight line to 60 per cent of what all works that help could add."""
    paved = 0.5 * w["base"][it.discipline == PAVEMENT].sum() / 1500
    most = [w["base"][it.discipline == GREEN].sum() / 2500, paved, w["base"][it.discipline == HEAT].sum() / 3000]
    return 0.6 * np.array(most)[:, None] * (np.arange(1, YEARS + 1) / YEARS)[None, :]


def _pairs(it: Town, w: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    """Works that keep an order, stay together or apart: in some blocks, and in some between neighbouring blocks."""
    begin = np.flatnonzero(np.concatenate([[True], np.diff(it.block) > 0]))
    size = np.diff(np.concatenate([begin, [len(it.block)]]))
    chance = np.where(size >= 2, random.random(len(begin)), 1.0)
    before, together, apart = (
        begin[(chance >= a) & (chance < a + s)] for a, s in ((0, 0.1), (0.1, 0.02), (0.12, 0.02))
    )
    early, late = before, before + 1
    swap = w["ideal"][early] > w["ideal"][late]
    early, late = np.where(swap, late, early), np.where(swap, early, late)
    near = np.flatnonzero(random.random(len(begin) - 1) < 0.01)  # heat before gas is taken out, in the next block
    i, j = begin[near], begin[near + 1]
    fits = w["ideal"][i] + 2 < w["ideal"][j]
    i, j = i[fits], j[fits]
    lag = np.concatenate([random.integers(0, 2, len(early)), np.ones(len(i), np.int64)])
    it.tied = np.unique(np.concatenate([begin[chance < 0.14], i, j]))
    return {
        "before": (np.concatenate([early, i]), np.concatenate([late, j]), lag),
        "together": (together, together + 1),
        "apart": (apart, apart + 1),
    }  # fmt: skip


def _commitments(it: Town, w: dict[str, Any], arrays: dict[str, Any], random: np.random.Generator) -> Any:
    """Works whose year is settled: few, in the first three years, and such that together they fit."""
    year = random.integers(0, 3, len(it.block))
    fine = np.isfinite(w["cost"][np.arange(len(year)), year]) & (random.random(len(year)) < 0.15)
    quiet = np.isnan(arrays["last_opened"]) & ~it.main
    fine &= quiet[it.first] & (it.length == 1)
    tied = np.zeros(it.blocks, bool)
    tied[it.block[it.tied]] = True
    chosen = np.flatnonzero(fine & ~tied[it.block])
    chosen = random.permutation(chosen)
    for key in (it.block, it.caps_of[it.first] * YEARS + year):  # one per block, one per neighbourhood and year
        chosen = chosen[np.unique(key[chosen], return_index=True)[1]]
        chosen = random.permutation(chosen)
    cash = w["base"] + it.opening[it.first]
    room = arrays["capacity"]
    kept = np.ones(len(chosen), bool)
    for row, use in ((OWNER[it.discipline], cash), (OWNERS + it.discipline, w["base"] / DAY), (0 * year, cash)):
        kept &= _running(row[chosen] * YEARS + year[chosen], use[chosen]) <= 0.4 * room[row[chosen], year[chosen]]
    fixed = np.full(len(year), -1)
    fixed[chosen[kept]] = year[chosen[kept]]
    return fixed


def _running(key: Any, amount: Any) -> Any:
    """Within every key the sum of the amounts so far, in the order given."""
    by = np.argsort(key, kind="stable")
    total = np.cumsum(amount[by])
    start = np.concatenate([[True], np.diff(key[by]) != 0])
    before = np.maximum.accumulate(np.where(start, total - amount[by], 0.0))
    out = np.empty(len(key))
    out[by] = total - before
    return out
