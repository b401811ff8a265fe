"""A stand-alone check of a programme and its price list, in whole numbers; shares no code with the programme.

From the tables `options` (what every choice costs and uses), `programme`, `openings` and `prices` it shows that every
work is done once at an allowed option, that openings hold what they say, that hard rest periods and capacities are
kept, and what the programme costs. From the price list alone it computes a bound that no programme can beat: each
block at its cheapest under the prices, less what all capacity is worth at those prices. Amounts are whole cents and
hundredths of a day, prices whole millionths; nothing is rounded upwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numba import njit

NO = 2**60  # an option that does not exist
MILLION = 1_000_000
MOST = 13  # works of one block that are looked at together; a larger block is split, which can only lower the bound
NEARLY = 1e-6


@dataclass(frozen=True)
class Verdict:
    """Whether the programme is proven feasible, its cost and the bound in euros, and what was found in sentences."""

    proven: bool
    objective: float
    lower_bound: float
    gap: float
    sentences: tuple[str, ...]


@dataclass
class Blocks:
    """Works sorted by block, with costs under prices: `cost` (W, T), `late` (W,), `layer`; `first` (B + 1,) and per
    block the openings.
    """

    cost: np.ndarray
    late: np.ndarray
    layer: np.ndarray
    first: np.ndarray
    opening: np.ndarray  # (B, T, K)
    rest: np.ndarray  # (B,)
    rest_price: np.ndarray  # (B, T), -1 is forbidden
    since: np.ndarray  # (B,) periods since the last opening of the past


def _worth(price: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """price x amount in whole cents, rounded down; in Python's own whole numbers where 64 bits might not hold it."""
    if not price.size or not amount.size:
        return np.zeros(np.broadcast_shapes(price.shape, amount.shape), np.int64)
    if int(price.max()) * int(amount.max()) < 2**62:
        return price * amount // MILLION
    exact = price.astype(object) * amount.astype(object) // MILLION
    return np.minimum(exact, 10**14).astype(np.int64)


@njit(cache=True)
def _least(cost, late, layer, opening, rest, rest_price, since, go, wait):
    """The least cost of one block, from the last year back: `wait[t, s]` is the cost of still having set s to do
    after an opening in t - 1.
    """
    n, periods = cost.shape
    full = (1 << n) - 1
    for s in range(full + 1):
        total = 0
        for j in range(n):
            if (s >> j) & 1:
                total += late[j]
        for t in range(periods + 1):
            wait[t, s] = total
    for t in range(periods, -1, -1):  # the last opening was in t - 1; with t = 0 it was before the programme
        last = t - 1 if t > 0 else -since
        for later in range(t, periods):
            lack, extra = rest - (later - last), 0
            if lack > 0:
                if rest_price[later] < 0:
                    continue
                extra = lack * rest_price[later]
            for s in range(full + 1):
                wait[t, s] = min(wait[t, s], go[later, s] + extra)
        if t == 0:
            break
        _open(cost, layer, opening, t - 1, full, wait[t], go[t - 1])
    return wait[0, full]


@njit(cache=True)
def _open(cost, layer, opening, t, full, after, out):
    """The least cost from an opening in t on: any works of the layers that it reaches may be done in it."""
    out[:] = NO
    line = after.copy()
    for k in range(opening.shape[1]):
        for j in range(len(layer)):
            if layer[j] == k and cost[j, t] < NO:
                for s in range(full, -1, -1):
                    if (s >> j) & 1:
                        line[s] = min(line[s], line[s ^ (1 << j)] + cost[j, t])
        for s in range(full + 1):
            out[s] = min(out[s], line[s] + opening[t, k])


@njit(cache=True)
def _bounds(cost, late, layer, first, opening, rest, rest_price, since):
    """The least cost of every block, or a bound on it where a block is too large to be looked at as a whole."""
    out = np.zeros(len(rest), np.int64)
    periods, sizes = cost.shape[1], np.diff(first)
    most = min(MOST, sizes.max()) if len(sizes) else 1
    go, wait = np.empty((periods, 1 << most), np.int64), np.empty((periods + 1, 1 << most), np.int64)
    for b in range(len(rest)):
        for i in range(first[b], first[b + 1], MOST):
            stop = min(i + MOST, first[b + 1])
            charged = opening[b] if i == first[b] else np.zeros_like(opening[b])
            quotes = rest_price[b] if i == first[b] else np.minimum(rest_price[b], 0)
            held = 1 << (stop - i)
            out[b] += _least(
                cost[i:stop],
                late[i:stop],
                layer[i:stop],
                charged,
                rest[b],
                quotes,
                since[b],
                go[:, :held],
                wait[:, :held],
            )
    return out


def bound(blocks: Blocks, alone: np.ndarray, prices: np.ndarray, capacity: np.ndarray) -> int:
    """The lower bound in cents: blocks and works that open nothing (`alone`, their least costs), less the worth of
    capacity.
    """
    b = blocks
    least = _bounds(b.cost, b.late, b.layer, b.first, b.opening, b.rest, b.rest_price, b.since)
    worth = sum(int(p) * int(c) for p, c in zip(prices.ravel(), capacity.ravel()) if p)
    return sum(least.tolist()) + sum(alone.tolist()) - -(-worth // MILLION)


def check_arrays(problem: Any, period: np.ndarray, prices: np.ndarray) -> Verdict:
    """The same check for a problem of plain arrays (any object with the fields of `Problem`); `period` in its own
    order of works.
    """
    p = problem
    plan = np.asarray(period)[p.order]
    done, unit = plan >= 0, np.repeat(np.arange(len(p.rest)), np.diff(p.first))
    at = np.where(done, plan, 0)
    own = np.where(done, p.cost[np.arange(len(plan)), at], p.defer)
    use = np.zeros(p.capacity.shape, np.int64)
    for who, amount in ((p.budget, p.cash), (p.crew, p.days)):
        held = done & (who >= 0)
        np.add.at(use, (who[held], plan[held]), amount[held, plan[held]])
    deepest = np.full((len(p.rest), p.cost.shape[1]), -1)
    np.maximum.at(deepest, (unit[done], plan[done]), p.layer[done])
    b, t = np.nonzero(deepest >= 0)
    paid, payer = p.open_cash[b, t, deepest[b, t]], p.open_budget[b]
    np.add.at(use, (payer[payer >= 0], t[payer >= 0]), paid[payer >= 0])
    extra, early = _rests(b, t, p.rest, p.rest_price, p.since)
    wrong = [f"{int((own >= NO).sum())} works have a period that they may not have."] if (own >= NO).any() else []
    wrong += [f"{early} openings come within a hard rest period."] if early else []
    over = (p.capacity >= 0) & (use > p.capacity)
    wrong += [f"{int(over.sum())} capacities are exceeded."] if over.any() else []
    total = sum(own.tolist()) + sum(p.open_cost[b, t, deepest[b, t]].tolist()) + extra
    cost, opening = p.cost.copy(), p.open_cost.copy()
    for who, amount in ((p.budget, p.cash), (p.crew, p.days)):
        held = who >= 0
        cost[held] += np.where(p.cost[held] < NO, _worth(prices[who[held]], amount[held]), 0)
    held = p.open_budget >= 0
    opening[held] += _worth(prices[p.open_budget[held]][:, :, None], p.open_cash[held])
    blocks = Blocks(cost, np.minimum(p.defer, 10**16), p.layer, p.first, opening, p.rest, p.rest_price, p.since)
    return _verdict(wrong, total, bound(blocks, np.zeros(0, np.int64), prices, p.capacity))


def _rests(b: np.ndarray, t: np.ndarray, rest: np.ndarray, price: np.ndarray, since: np.ndarray) -> tuple[int, int]:
    """What openings (sorted by block and period) pay for coming too early, and how many were forbidden."""
    before = np.where(
        np.concatenate([[True], np.diff(b) != 0])[: len(b)], -since[b], np.concatenate([[0], t[:-1]])[: len(t)]
    )
    lack = np.maximum(rest[b] - (t - before), 0)
    hard = price[b, t] < 0
    return sum((lack * np.where(hard, 0, price[b, t])).tolist()), int(((lack > 0) & hard).sum())


def _verdict(wrong: list[str], total: int, low: int) -> Verdict:
    if low > total:
        wrong.append("The bound lies above the cost of the programme: the tables do not belong together.")
    gap = (total - low) / max(abs(low), 1)
    euros = f"The programme costs {total / 100:,.2f} of present value; no programme costs less than {low / 100:,.2f}: it is at most {100 * gap:.3f} % above the best."
    return Verdict(not wrong, total / 100, low / 100, gap, (*wrong, euros))


# From tables -------------------------------------------------------------------------------------------------------------------


def _ints(values: pd.Series, missing: int = 0) -> np.ndarray:
    return values.fillna(missing).to_numpy(np.int64)


def check(tables: Mapping[str, pd.DataFrame]) -> Verdict:
    """Whether the programme in a study is proven: its cost, the bound of its price list, and every rule that is
    broken.
    """
    options, plan, opened, prices = (tables[n] for n in ("options", "programme", "openings", "prices"))
    if options.empty or plan.empty:
        return Verdict(False, 0.0, 0.0, 0.0, ("There is no programme with its options; run 'programme' first.",))
    block_rows = options["rest"].notna()
    works, blocks = options[~block_rows], options[block_rows]
    chosen, wrong = _chosen(works, plan)
    paid, more = _paid(blocks, chosen, opened)
    wrong += more
    wrong += _capacity(pd.concat([chosen, paid]), prices) + _told(tables, prices)
    total = sum(_ints(chosen["cost"]).tolist()) + sum(_ints(paid["cost"]).tolist())
    extra, early = _table_rests(paid)
    wrong += [f"{early} openings come within a hard rest period."] if early else []
    return _verdict(wrong, total + extra, _table_bound(works, blocks, prices))


def _key(subject: pd.Series, period: pd.Series) -> pd.Index:
    return pd.MultiIndex.from_arrays([subject.astype(object), _ints(period, -1)])


def _chosen(works: pd.DataFrame, plan: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The option of every work, and what is wrong with the choice."""
    wrong = []
    subjects = set(works["subject"].astype(object))
    if plan["work"].duplicated().any() or set(plan["work"].astype(object)) != subjects:
        wrong.append("Not every work stands in the programme exactly once.")
    known = works.set_axis(_key(works["subject"], works["period"]))
    wanted = _key(plan["work"], plan["period"])
    missing = ~wanted.isin(known.index)
    if missing.any():
        wrong.append(f"{int(missing.sum())} works have a period that is no option, first '{wanted[missing][0][0]}'.")
    return known.loc[wanted[~missing]].reset_index(drop=True), wrong


def _paid(blocks: pd.DataFrame, chosen: pd.DataFrame, opened: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The opening rows that the works need, each for its highest step; the table of openings must hold exactly these."""
    held = chosen[chosen["period"].notna() & (chosen["layer"] >= 0)]
    need = held.groupby([held["block"].astype(object), _ints(held["period"])])["layer"].max()
    told = _key(opened["block"], opened["period"])
    wrong = (
        []
        if set(need.index) == set(told) and not told.duplicated().any()
        else ["The openings are not those that the works need."]
    )
    known = blocks.set_axis(
        pd.MultiIndex.from_arrays([blocks["subject"].astype(object), _ints(blocks["period"]), _ints(blocks["layer"])])
    )
    wanted = pd.MultiIndex.from_arrays([need.index.get_level_values(0), need.index.get_level_values(1), _ints(need)])
    missing = ~wanted.isin(known.index)
    if missing.any():
        wrong.append(f"{int(missing.sum())} openings have no option.")
    return known.loc[wanted[~missing]].reset_index(drop=True), wrong


def _capacity(rows: pd.DataFrame, prices: pd.DataFrame) -> list[str]:
    """What the options use against the capacity and the use that the price list tells."""
    parts = [
        rows[[who, "period", what]].set_axis(["resource", "period", "use"], axis=1)
        for who, what in (("budget", "cash"), ("crew", "days"))
    ]
    all_ = pd.concat(parts).dropna()
    use = all_.groupby([all_["resource"].astype(object), _ints(all_["period"])])["use"].sum()
    told = prices.set_axis(_key(prices["resource"], prices["period"]))
    used = _ints(use.reindex(told.index))
    over, differs = used > _ints(told["capacity"]), used != _ints(told["used"])
    wrong = [f"{int(over.sum())} capacities are exceeded, first {told.index[over][0]}."] if over.any() else []
    return wrong + (
        [f"{int(differs.sum())} rows of the price list tell another use than the options."] if differs.any() else []
    )


def _told(tables: Mapping[str, pd.DataFrame], prices: pd.DataFrame) -> list[str]:
    """The capacities of the price list against the told ones: equal, or raised with a finding that says so."""
    try:
        capacity, findings = tables["capacity"], tables["findings"]
    except KeyError:
        return []
    amount = capacity["amount"].astype(float).clip(lower=0).groupby(
        [(capacity["party"].astype(object) + "/" + capacity["resource"].astype(object)).to_numpy(), _ints(capacity["period"])]
    ).sum()  # fmt: skip
    whole = np.floor(amount * 100 + NEARLY)
    listed = pd.Series(_ints(prices["capacity"]), index=_key(prices["resource"], prices["period"]))
    both = pd.DataFrame({"told": whole.reindex(listed.index), "listed": listed})
    raised = set(findings.loc[findings["rule"].isin(["programme.budget_short", "programme.crew_short"]), "row"])
    off = both[both["told"] != both["listed"]]
    stray = [k for k, r in off.iterrows() if not (r["listed"] > r["told"] and f"{k[0]}|{k[1]}" in raised)]
    return (
        [f"The price list has another capacity than is told for {len(stray)} rows, first {stray[0]}."] if stray else []
    )


def _table_rests(paid: pd.DataFrame) -> tuple[int, int]:
    rows = paid.sort_values(["subject", "period"])
    names, first = np.unique(rows["subject"].to_numpy(object).astype(str), return_inverse=True)
    start, t = _ints(rows["period"]), _ints(rows["period"])
    base = int(start.min()) if len(start) else 0
    rest, since = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64)
    rest[first], since[first] = _ints(rows["rest"]), base - _ints(rows["last_opened"], -10_000)
    span = int(t.max()) - base + 1 if len(t) else 0
    price = np.zeros((len(names), span), np.int64)
    price[first, t - base] = _ints(rows["rest_price"], -1)
    return _rests(first, t - base, rest, price, since)


def _table_bound(works: pd.DataFrame, blocks: pd.DataFrame, prices: pd.DataFrame) -> int:
    """The bound from the rows of `options` and `prices`."""
    price = pd.Series(_ints(prices["price"]), index=_key(prices["resource"], prices["period"]))

    def priced(rows: pd.DataFrame) -> np.ndarray:
        out = _ints(rows["cost"])
        for who, what in (("budget", "cash"), ("crew", "days")):
            out = out + _worth(_ints(price.reindex(_key(rows[who], rows["period"]))), _ints(rows[what]))
        return out

    opens = works.groupby("subject")["layer"].max().fillna(-1) >= 0
    outside = ~works["subject"].map(opens).to_numpy(bool)
    alone = (
        pd.Series(priced(works[outside]))
        .groupby(works.loc[outside, "subject"].to_numpy(object))
        .min()
        .to_numpy(np.int64)
    )
    held = works[~outside].sort_values(["block", "subject"])
    years = pd.concat([blocks["period"], works["period"]])
    base, periods = int(years.min()), int(years.max()) - int(years.min()) + 1
    names = held[["block", "subject"]].drop_duplicates()
    labels = pd.Index(names["block"].drop_duplicates())
    size = names.groupby("block", sort=False).size().to_numpy(np.int64)
    row = pd.Index(names["subject"]).get_indexer(held["subject"])
    cost, late = np.full((len(names), periods), NO, np.int64), np.full(len(names), 10**16, np.int64)
    done, value = held["period"].notna().to_numpy(), priced(held)
    cost[row[done], _ints(held["period"])[done] - base] = value[done]
    late[row[~done]] = value[~done]
    layer = np.zeros(len(names), np.int64)
    np.maximum.at(layer, row[done], _ints(held["layer"])[done])
    b, t = labels.get_indexer(blocks["subject"]), _ints(blocks["period"]) - base
    opening = np.full((len(labels), periods, int(blocks["layer"].max()) + 1 if len(blocks) else 1), NO, np.int64)
    opening[b, t, _ints(blocks["layer"])] = priced(blocks)
    rest, since = np.zeros(len(labels), np.int64), np.zeros(len(labels), np.int64)
    rest[b], since[b] = _ints(blocks["rest"]), base - _ints(blocks["last_opened"], -10_000)
    quote = np.zeros((len(labels), periods), np.int64)
    quote[b, t] = _ints(blocks["rest_price"], -1)
    made = Blocks(cost, late, layer, np.concatenate([[0], np.cumsum(size)]), opening, rest, quote, since)
    return bound(made, alone, _ints(prices["price"]), _ints(prices["capacity"]))
