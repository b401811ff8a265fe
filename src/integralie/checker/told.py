"""From the tables of a study to plain arrays: the problem as `options`, `uses` and `prices` tell it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from integralie.checker.least import APART, LATER, NO, Ints
from integralie.checker.prices import NEVER

LARGEST = 10**12  # the largest amount that the whole-number arithmetic holds
MOST_YEARS = 500
USUAL = "usual"
ENDLESS = -(2**62)  # no limit
LONG_AGO = 10_000
PAIR = r"^(?:pair|tie):.*/(order|apart)$"
LAYERS = 3


class Untold(Exception):
    """The tables do not tell enough, or contradict themselves: one sentence."""


def column(frame: pd.DataFrame, name: str, missing: int = 0, most: int = LARGEST) -> Ints:
    """Whole numbers of a column; `missing` where it is empty or not there."""
    if name not in frame.columns:
        return np.full(len(frame), missing, np.int64)
    try:
        values = frame[name].to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise Untold(f"Column '{name}' holds something else than numbers.") from None
    empty = np.isnan(values)
    values = np.where(empty, 0, values)
    if (np.abs(values) > most).any() or (values != np.floor(values)).any():
        raise Untold(f"Column '{name}' holds an amount that is not whole, or above {most:,}.")
    return np.where(empty, missing, values.astype(np.int64))


def texts(frame: pd.DataFrame, name: str, missing: Any = "") -> np.ndarray:
    """The texts of a column."""
    if name not in frame.columns:
        return np.full(len(frame), missing, dtype=object)
    values = frame[name].to_numpy(object)
    return np.where(pd.isna(values), missing, values)


def table(tables: Mapping[str, pd.DataFrame], name: str, *needed: str) -> pd.DataFrame:
    """A table with the columns that the check cannot do without."""
    try:
        frame = tables[name]
    except KeyError:
        raise Untold(f"There is no table '{name}'; run 'programme' first.") from None
    lacking = [c for c in needed if c not in frame.columns]
    if lacking:
        raise Untold(f"Table '{name}' lacks the column '{lacking[0]}'; run 'programme' again.")
    return frame


def problem(options: pd.DataFrame, uses: pd.DataFrame, prices: pd.DataFrame) -> SimpleNamespace:
    """The arrays that the check reads, with what leads back to the tables.

    `works`, `modes`, `places` and `names` (of resources) are names, `key` is a number for the work, mode and period of
    every option, `row_of_key` its row, `base` the first year, `price` the price list in millionths,
    `charges` what the proof lays on options whose limits it counts in whole works, None where there are none.
    """
    p = SimpleNamespace()
    block_rows = options["rest"].notna().to_numpy(bool)
    works, blocks = options[~block_rows], options[block_rows]
    _years(p, options, prices)
    names = [texts(works, "budget"), texts(works, "crew"), texts(blocks, "budget"), texts(uses, "resource"), texts(prices, "resource")]  # fmt: skip
    p.names = pd.Index(pd.unique(np.concatenate(names)))
    p.names = p.names[p.names != ""]
    _works(p, works)
    _places(p, blocks)
    _resources(p, prices)
    _uses(p, uses)
    p.charges = (p.split, p.cash_charge, p.days_charge, p.open_charge) if p.split.any() else None
    return p


def _years(p: SimpleNamespace, options: pd.DataFrame, prices: pd.DataFrame) -> None:
    years = np.concatenate([column(options, "period", NEVER, MOST_YEARS * 100), column(prices, "period", NEVER)])
    years = years[years != NEVER]
    p.base, last = (int(years.min()), int(years.max())) if len(years) else (0, 0)
    p.periods = last - p.base + 1
    if p.periods > MOST_YEARS:
        raise Untold(f"The options run from {p.base} to {last}; that is no programme.")
    p.at = np.arange(p.periods)


def _number(p: SimpleNamespace, values: np.ndarray) -> Ints:
    return p.names.get_indexer(values).astype(np.int64)


def _works(p: SimpleNamespace, works: pd.DataFrame) -> None:
    """Works in the order of their blocks, each with its rows: ways to do it that differ in more than the year."""
    exits = works["period"].isna().to_numpy(bool)
    subject, block, layer = texts(works, "subject"), texts(works, "block"), column(works, "layer", -1, LAYERS - 1)
    who, label = pd.factorize(subject, sort=True)
    where, _ = pd.factorize(block, sort=True)
    home, opens = np.full(len(label), -1), np.zeros(len(label), bool)
    home[who] = where
    if (home[who] != where).any():
        raise Untold(f"Work '{subject[home[who] != where][0]}' lies in two blocks in table 'options'.")
    opens[who[layer >= 0]] = True
    order = np.lexsort((np.arange(len(label)), ~opens, home))
    p.works, home, own = label[order], home[order], ~opens[order]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    new = np.ones(len(order), bool)
    new[1:] = (home[1:] != home[:-1]) | own[1:]
    p.first = np.append(np.flatnonzero(new), len(order))
    p.unit_opens = ~own[new]
    p.labels = np.array([""], object) if not len(order) else np.unique(block)[home[new]]
    _exits(p, place[who[exits]], column(works[exits], "cost"))
    _rows(p, works[~exits], place[who[~exits]], layer[~exits])


def _exits(p: SimpleNamespace, work: Ints, cost: Ints) -> None:
    p.defer = np.full(len(p.works), NO)
    p.defer[work] = cost
    if len(np.unique(work)) != len(work):
        raise Untold("A work has two rows without a year in table 'options'.")


def _rows(p: SimpleNamespace, done: pd.DataFrame, work: Ints, layer: Ints) -> None:
    """What every row costs and takes in every period."""
    mode, p.modes = pd.factorize(texts(done, "mode", USUAL), sort=True)
    budget, crew = _number(p, texts(done, "budget")), _number(p, texts(done, "crew"))
    code = work * max(len(p.modes), 1) + mode
    t = column(done, "period") - p.base
    p.key, first = np.unique(code * p.periods + t, return_index=True)
    if len(p.key) < len(code):
        lost = np.setdiff1d(np.arange(len(code)), first)[0]
        raise Untold(f"Work '{p.works[work[lost]]}' has one option twice in table 'options'.")
    for part in (layer, budget, crew):  # an option that differs in one of these in some years is a row of its own
        distinct, now = np.unique(part, return_inverse=True)
        code = code * len(distinct) + now
        if len(distinct) > 1:
            code = np.unique(code, return_inverse=True)[1] if code.max(initial=0) > LARGEST else code
    _, lead, code = np.unique(code, return_index=True, return_inverse=True)
    p.row_of_key = code[first]
    shape = (len(lead), p.periods)
    p.cost, p.cash, p.days = np.full(shape, NO), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    p.cost[code, t], p.cash[code, t], p.days[code, t] = (column(done, c) for c in ("cost", "cash", "days"))
    p.cash_charge, p.days_charge = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    p.cash_charge[code, t], p.days_charge[code, t] = column(done, "cash_charge"), column(done, "days_charge")
    p.work, p.layer, p.budget, p.crew = work[lead], layer[lead], budget[lead], crew[lead]
    p.mode, p.cover = mode[lead], (layer[lead] >= 0).astype(np.int64)
    p.alt = np.searchsorted(p.work, np.arange(len(p.works) + 1)).astype(np.int64)
    p.order, p.work_order = np.arange(len(lead)), np.arange(len(p.works))


def _places(p: SimpleNamespace, blocks: pd.DataFrame) -> None:
    """Every block that is opened has one place, with the openings that the tables tell."""
    p.places = p.labels[p.unit_opens] if len(p.works) else np.zeros(0, object)
    p.place = np.concatenate([[0], np.cumsum(p.unit_opens)])[: len(p.first)].astype(np.int64)
    s = pd.Index(p.places).get_indexer(texts(blocks, "subject"))
    rows, s = blocks[s >= 0], s[s >= 0]
    t, k, n = column(rows, "period") - p.base, column(rows, "layer", 0, LAYERS - 1), len(p.places)
    if len(np.unique((s * p.periods + t) * LAYERS + k)) != len(s) or (k < 0).any():
        raise Untold("A block has one opening twice, or without a layer, in table 'options'.")
    p.open_cost, p.open_cash = np.full((n, p.periods, LAYERS), NO), np.zeros((n, p.periods, LAYERS), np.int64)
    p.open_cost[s, t, k], p.open_cash[s, t, k] = column(rows, "cost"), column(rows, "cash")
    p.open_charge = np.zeros((n, p.periods, LAYERS), np.int64)
    p.open_charge[s, t, k] = column(rows, "cash_charge")
    p.open_budget = one(s, _number(p, texts(rows, "budget")), n, -1, "budget")
    p.rest = one(s, column(rows, "rest"), n, 0, "rest")
    p.rest_price = np.full((n, p.periods), -1)
    p.rest_price[s, t] = column(rows, "rest_price", -1)
    p.since = p.base - one(s, column(rows, "last_opened", p.base - LONG_AGO), n, p.base - LONG_AGO, "last_opened")
    units = np.flatnonzero(p.unit_opens)
    p.crowd, p.crowd_price = np.full(len(p.unit_opens), LARGEST), np.zeros(len(p.unit_opens), np.int64)
    p.crowd[units] = one(s, column(rows, "crowd", LARGEST), n, LARGEST, "crowd")
    p.crowd_price[units] = one(s, column(rows, "crowd_price"), n, 0, "crowd_price")


def one(group: Ints, values: Any, many: int, missing: Any, name: str) -> Any:
    """The one value of every group."""
    out = np.full(many, missing)
    out[group] = values
    if (out[group] != values).any():
        raise Untold(f"Column '{name}' differs between rows that belong together.")
    return out


def _resources(p: SimpleNamespace, prices: pd.DataFrame) -> None:
    """What there is of every resource; where the price list has no row there is no limit, but for order between works."""
    many = len(p.names)
    r, t, shape = _number(p, texts(prices, "resource")), column(prices, "period") - p.base, (many, p.periods)
    if (r < 0).any() or len(np.unique(r * p.periods + t)) != len(r):
        raise Untold("The price list has a row without a resource, or two rows for one resource and period.")
    kind = pd.Series(p.names, dtype=object).str.extract(PAIR)[0].to_numpy(object)
    order, apart = kind == "order", kind == "apart"
    p.capacity = np.where((order | apart)[:, None], apart.astype(np.int64)[:, None], ENDLESS) * np.ones(
        (1, p.periods), np.int64
    )
    p.carry, p.least, p.price = np.zeros(shape, np.int64), np.full(shape, -(2**62)), np.zeros(shape, np.int64)
    told = column(prices, "capacity", ENDLESS)
    if ((told < 0) & (told != ENDLESS)).any():
        raise Untold("The price list has a capacity below zero.")
    p.capacity[r, t] = np.where(
        (order | apart)[r], np.minimum(np.where(told < 0, LARGEST, told), p.capacity[r, t]), told
    )
    p.carry[r, t], p.least[r, t] = column(prices, "carry"), column(prices, "least", -(2**62))
    p.price[r, t] = _price(prices)
    p.split = np.zeros(shape, bool)
    p.split[r, t] = pd.Series(texts(prices, "whole", False)).astype(bool).to_numpy()
    p.least_price = one(r, column(prices, "least_price"), many, 0, "least_price")
    p.adds_up = np.where(order, 1, one(r, texts(prices, "adds_up", 0).astype(bool), many, 0, "adds_up")).astype(
        np.int64
    )
    step, last = (one(r, column(prices, c, -1), many, -1, c) for c in ("step", "over_price"))
    p.soft = np.where(last < 0, 0, np.where(step < 0, 1, 2))
    first = np.where(p.soft == 2, one(r, column(prices, "step_price"), many, 0, "step_price"), last)
    p.width = np.stack([np.maximum(step, 0), np.zeros(many, np.int64)], axis=1)
    p.slope = np.maximum(np.stack([first, last], axis=1), 0)
    _bends(p, step)


def _bends(p: SimpleNamespace, step: Ints) -> None:
    """Refuse what would prove something else than it seems to."""
    if ((p.soft == 2) & (p.slope[:, 1] < p.slope[:, 0])).any() or ((p.soft == 0) & (step >= 0)).any():
        raise Untold("A step above capacity is cheaper than the one before it, or has no price; correct 'prices'.")
    if ((p.carry > 0).any(axis=1) & ((p.soft > 0) | (p.adds_up > 0))).any() or (p.carry < 0).any():
        raise Untold("A resource is kept for a next period and bends or adds up as well; correct 'prices'.")
    if (p.least_price < 0).any() or ((p.least > NEVER) & (p.least < 0)).any():
        raise Untold("A minimum or its price lies below zero; correct 'prices'.")


def _price(prices: pd.DataFrame) -> Ints:
    """The prices; what is dearer than any price can be counts as that, which proves less."""
    try:
        given = prices["price"].to_numpy(np.float64, na_value=0.0)
    except (TypeError, ValueError):
        raise Untold("Column 'price' holds something else than numbers.") from None
    return np.clip(np.nan_to_num(given), -LARGEST, LARGEST).astype(np.int64)


def _uses(p: SimpleNamespace, uses: pd.DataFrame) -> None:
    """What rows and openings use besides money and crews; order within a block becomes a tie."""
    opening = uses["layer"].notna().to_numpy(bool) if len(uses) else np.zeros(0, bool)
    works = uses[~opening]
    shift, amount = column(works, "shift", 0, MOST_YEARS), column(works, "amount")
    resource = _number(p, texts(works, "resource"))
    if (resource < 0).any() or (shift < 0).any():
        raise Untold("A row of 'uses' names no resource, or counts before it is done.")
    row, x = _rows_of(p, texts(works, "subject"), texts(works, "mode", USUAL))
    row, resource, amount, shift = row, resource[x], amount[x], shift[x]
    tied = _ties(p, row, resource, amount, shift)
    row, resource, amount, shift = (v[~tied] for v in (row, resource, amount, shift))
    by = np.argsort(row, kind="stable")
    p.use_start = np.searchsorted(row[by], np.arange(len(p.order) + 1)).astype(np.int64)
    p.use_row, p.use_amount, p.use_shift = resource[by], amount[by], shift[by]
    _opening_uses(p, uses[opening])


def _rows_of(p: SimpleNamespace, subject: np.ndarray, mode: np.ndarray) -> tuple[Ints, Ints]:
    """The rows of works and modes; with each the place of the one that asked. A mode without any year has no row."""
    work, way = pd.Index(p.works).get_indexer(subject), pd.Index(p.modes).get_indexer(mode)
    if (work < 0).any():
        raise Untold(f"Table 'uses' names '{subject[work < 0][0]}', which is no work in 'options'.")
    asked = np.where(way < 0, -1, work * max(len(p.modes), 1) + way)
    known = p.work * max(len(p.modes), 1) + p.mode
    low, high = np.searchsorted(known, asked), np.searchsorted(known, asked, side="right")
    x = np.repeat(np.arange(len(asked)), high - low)
    return np.arange(len(x)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[x], x


def _ties(p: SimpleNamespace, row: Ints, resource: Ints, amount: Ints, shift: Ints) -> np.ndarray:
    """Resources named `tie:` of two works of one block, which all their rows use alike, become ties; True where so."""
    named = (
        pd.Series(p.names, dtype=object).str.startswith("tie:").to_numpy(bool) if len(p.names) else np.zeros(0, bool)
    )
    tied = named[resource] if len(resource) else np.zeros(0, bool)
    x = np.flatnonzero(tied)
    frame = pd.DataFrame(
        {"r": resource[x], "work": p.work[row[x]], "amount": amount[x], "shift": shift[x], "row": row[x]}
    )
    unit_of = np.repeat(np.arange(len(p.unit_opens)), np.diff(p.first))
    size = np.diff(p.alt)
    ties, good = [], set()
    for r, part in frame.groupby("r"):
        found = _tie(part, size, unit_of, str(p.names[r]).endswith("apart"))
        if found is not None:
            unit, i, j, kind = found
            ties.append((unit, i - int(p.first[unit]), j - int(p.first[unit]), kind))
            good.add(int(r))
    told = np.array(sorted(ties), np.int64).reshape(-1, 4)
    p.tie_start = np.searchsorted(told[:, 0], np.arange(len(p.first))).astype(np.int64)
    p.tie = np.ascontiguousarray(told[:, 1:])
    return np.isin(resource, list(good)) if good else np.zeros(len(resource), bool)


def _tie(part: pd.DataFrame, size: Ints, unit_of: Ints, apart: bool) -> tuple[int, int, int, int] | None:
    """Block, first work, second work and kind; None where the rows say something else."""
    kinds = part.groupby("work").agg(n=("row", "nunique"), m=("row", "size"), low=("amount", "min"), high=("amount", "max"), lag=("shift", "min"), far=("shift", "max"))  # fmt: skip
    if len(kinds) != 2 or (kinds["low"] != kinds["high"]).any() or (kinds["lag"] != kinds["far"]).any():
        return None
    if (kinds["n"].to_numpy() != size[kinds.index]).any() or (kinds["m"] != kinds["n"]).any():
        return None
    kinds = kinds.sort_values("low")
    (i, j), amount, lag = kinds.index, kinds["low"].tolist(), kinds["lag"].tolist()
    if unit_of[i] != unit_of[j] or lag[1] != 0 or amount != ([1, 1] if apart else [-1, 1]):
        return None
    if apart:
        return (int(unit_of[i]), int(i), int(j), APART) if lag[0] == 0 else None
    return (int(unit_of[i]), int(i), int(j), LATER if lag[0] else 0) if lag[0] <= 1 else None


def _opening_uses(p: SimpleNamespace, uses: pd.DataFrame) -> None:
    subject, resource = texts(uses, "subject"), _number(p, texts(uses, "resource"))
    place, layer = pd.Index(p.places).get_indexer(subject), column(uses, "layer", 0, LAYERS - 1)
    if (resource < 0).any() or (layer < 0).any():
        raise Untold("A row of 'uses' for an opening names no resource or no layer.")
    held = place >= 0  # a block that no work opens is never opened
    code = place[held] * max(len(p.names), 1) + resource[held]
    pairs, at = np.unique(code, return_inverse=True)
    if len(np.unique(at * LAYERS + layer[held])) != len(at):
        raise Untold("Table 'uses' tells one use of an opening twice.")
    p.open_amount = np.zeros((len(pairs), LAYERS), np.int64)
    p.open_amount[at, layer[held]] = column(uses[held], "amount")
    p.open_row = pairs % max(len(p.names), 1)
    p.open_start = np.searchsorted(pairs // max(len(p.names), 1), np.arange(len(p.places) + 1)).astype(np.int64)
