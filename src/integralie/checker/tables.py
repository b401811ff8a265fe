"""The check of the programme in a study, from its tables `options`, `programme`, `openings` and `prices`."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pandas as pd

from integralie.checker.arrays import rests
from integralie.checker.least import MILLION, MUST, NO
from integralie.checker.prices import blocks as kernel_blocks
from integralie.checker.prices import least
from integralie.checker.verdict import Verdict, verdict

MUCH = 10**14
NEARLY = 1e-6


def _worth(price: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """price x amount in whole cents, rounded down; in Python's own whole numbers where 64 bits might not hold it."""
    if not price.size or not amount.size:
        return np.zeros(np.broadcast_shapes(price.shape, amount.shape), np.int64)
    if int(price.max()) * int(amount.max()) < 2**62:
        return price * amount // MILLION
    exact = price.astype(object) * amount.astype(object) // MILLION
    return np.minimum(exact, 10**14).astype(np.int64)


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
    return verdict(wrong, total + extra, _table_bound(works, blocks, prices))


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
    return rests(first, t - base, -since, rest, price[first, t - base])


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
    cost, late = np.full((len(names), periods), NO, np.int64), np.full(len(names), MUST, np.int64)
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
    worth = sum(int(p) * int(c) for p, c in zip(_ints(prices["price"]), _ints(prices["capacity"])) if p)
    return _least(cost, late, layer, size, opening, rest, quote, since) + sum(alone.tolist()) - -(-worth // MILLION)


def _least(
    cost: np.ndarray, late: np.ndarray, layer: np.ndarray, size: np.ndarray, opening: np.ndarray, rest: np.ndarray,
    quote: np.ndarray, since: np.ndarray,
) -> int:  # fmt: skip
    """The least that blocks with one place can cost, prices already paid."""
    works, units = len(late), len(rest)
    none, nobody, nothing = np.zeros(0, np.int64), np.full(works, -1), np.zeros((works, 1), np.int64)
    deep = np.full((units, cost.shape[1], 3), NO)
    deep[:, :, : opening.shape[2]] = opening
    made = SimpleNamespace(
        cost=cost, cash=nothing, days=nothing, budget=nobody, crew=nobody, layer=layer, cover=np.ones(works, np.int64),
        use_start=np.zeros(works + 1, np.int64), use_row=none, use_amount=none, use_shift=none, alt=np.arange(works + 1),
        defer=late, first=np.concatenate([[0], np.cumsum(size)]), place=np.arange(units + 1),
        crowd=np.full(units, works), crowd_price=np.zeros(units, np.int64), tie_start=np.zeros(units + 1, np.int64),
        tie=np.zeros((0, 3), np.int64), open_cost=deep, open_cash=np.zeros((units, 1, 3), np.int64),
        open_budget=np.full(units, -1), rest=rest, rest_price=quote, since=since,
        open_start=np.zeros(units + 1, np.int64), open_row=none, open_amount=np.zeros((0, 3), np.int64),
        at=np.arange(cost.shape[1]),
    )  # fmt: skip
    return least(kernel_blocks(made), np.zeros((1, cost.shape[1]), np.int64))
