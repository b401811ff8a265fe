"""From study tables to a problem: draft, terms, arrays; and the problem written out as the table `options`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme import count, ways_out
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.modes import USUAL
from integralie.verbs.programme.problem import (
    CENTS,
    FORBIDDEN,
    LARGEST,
    LONG_AGO,
    UNLIMITED,
    Ints,
    Problem,
    needed_by_fixed,
)
from integralie.verbs.programme.split import Charges

NEARLY = 1e-6
NO_YEAR, LAST = -1, 10**6  # of the exits, and where they come in the order of ids: after all years
SEPARATOR = "|"
TIES = ("order", "order", "apart")


def _places(names: pd.Series, resources: list[str]) -> Ints:
    return pd.Index(resources).get_indexer(names.astype(object).fillna("")) if resources else np.full(len(names), -1)


def problem(draft: Draft) -> Problem:
    """The draft as whole-number arrays; capacity is raised where commitments need more than there is, and rules that
    they contradict are let go; both are told.
    """
    return ways_out.solvable(draft, lambda: _problem(draft))


def _problem(draft: Draft) -> Problem:
    extras = draft.extras.arrays(draft.settings.periods)
    told = extras["capacity"]
    hard = np.array([not r.steps for r in draft.extras.resources.values()], bool)
    made = Problem.from_arrays(
        draft.works["block"].to_numpy(str),
        draft.cost,
        draft.cash,
        _places(draft.works["budget"], draft.resources),
        draft.days,
        _places(draft.works["crew"], draft.resources),
        draft.defer,
        draft.open_cost,
        draft.rest,
        **(extras | {"capacity": np.where(hard[:, None], np.inf, told)}),
        opening_cash=draft.open_cash,
        opening_budget=_places(draft.blocks["budget"], draft.resources),
        rest_price=draft.rest_price,
        last_opened=draft.last_opened,
        layer=draft.works["layer"].to_numpy(int),
        opens=draft.works["opens"].to_numpy(bool),
        fixed=draft.fixed,
        id=draft.works.index.to_numpy(str),
        blocks=draft.blocks.index.to_numpy(str),
        work=draft.works["work"].to_numpy(str),
    )
    limited = np.isfinite(told) & (told * CENTS < LARGEST)
    whole = np.where(limited, np.floor(np.where(limited, told, 0) * CENTS + NEARLY), UNLIMITED).astype(np.int64)
    capacity = np.concatenate([whole, made.capacity[len(whole) :]])
    return replace(made, arrays=made.arrays._replace(capacity=_raised(draft, made, capacity)))


def _raised(draft: Draft, made: Problem, capacity: Ints) -> Ints:
    """The capacities, raised to what the commitments alone need; each raise is a finding with party, year and
    shortfall.
    """
    pick = needed_by_fixed(made)
    least = count.usage(made, pick)
    kept = made.arrays._replace(capacity=capacity)
    raised = capacity.copy()
    for t in range(made.periods):  # what is kept over from an earlier year counts first
        room = count.all_room(
            count.left_of(replace(made, arrays=kept._replace(capacity=raised)), least), kept._replace(capacity=raised)
        )
        lacks = (room[:, t] < 0) & (capacity[:, t] != UNLIMITED) & (made.soft == 0)
        raised[:, t] -= np.where(lacks, room[:, t], 0)
    short = raised > capacity
    short[len(draft.resources) :] = False
    if not short.any():
        return capacity
    row, period = np.nonzero(short)
    names = pd.Series(np.array(draft.resources, dtype=object)[row])
    years = draft.settings.first + period
    values = pd.DataFrame({
        "party": names.str.split("/").str[0],
        "year": years,
        "needed": least[row, period] / CENTS,
        "capacity": capacity[row, period] / CENTS,
        "short": (raised - capacity)[row, period] / CENTS,
    })  # fmt: skip
    ids = [f"{n}|{y}" for n, y in zip(names, years)]
    kind = names.str.split("/").str[1].str.split(":").str[0]
    for rule, name in (
        ("programme.budget_short", "budget"),
        ("programme.crew_short", "crew"),
        ("programme.openings_short", "openings"),
    ):
        hit = (kind == name).to_numpy()
        if hit.any():
            part = values[hit].reset_index(drop=True)
            draft.findings.append(finding(rule, "capacity", list(np.array(ids)[hit]), part, "error", "raised"))
    ways_out.tell(draft, made, pick, np.where(short, raised - capacity, 0))
    return np.where(short, raised, capacity)


def options(draft: Draft, made: Problem, charges: Charges | None = None) -> pd.DataFrame:
    """The problem as rows of `options`: every allowed option of every work, its exit, and every layer of every
    opening; with what the proof charges them. In the order of their ids.
    """
    rows = pd.concat([_work_options(draft, made, charges), _opening_options(draft, made, charges)], ignore_index=True)
    rows = rows.take(_order(rows))
    year = rows["period"].to_numpy("int64", na_value=NO_YEAR)
    known = {int(y): str(y) for y in np.unique(year)} | {NO_YEAR: ""}
    each = zip(rows["subject"].to_numpy(object), year.tolist(), rows["tail"].to_numpy(object))
    return rows.assign(id=_texts(f"{s}|{known[y]}|{e}" for s, y, e in each)).drop(columns="tail")


def _order(rows: pd.DataFrame) -> Ints:
    """The order of ids that are subject, year and tail, found from numbers: sorting so many texts takes longer."""
    year = rows["period"].to_numpy("int64", na_value=LAST)
    return np.lexsort((_rank(rows["tail"]), year, _rank(rows["subject"], SEPARATOR)))


def _rank(texts: pd.Series, after: str = "") -> Ints:
    """The place of each text in the order of the alphabet, with what comes after it."""
    codes, known = pd.factorize(texts)
    place = np.empty(len(known), np.int64)
    place[np.argsort(np.array([f"{k}{after}" for k in known], dtype=object))] = np.arange(len(known))
    return np.asarray(place[codes])


def _texts(values: Iterable[Any]) -> Any:
    """Text in the type of the tables, so that rows that take of it need not be changed any more."""
    return pd.array(list(values), dtype="str")


def _resource(draft: Draft, place: Ints) -> Any:
    return _texts([*draft.resources, None]).take(np.where(place < 0, len(draft.resources), place))


def _work_options(draft: Draft, made: Problem, charges: Charges | None) -> pd.DataFrame:
    names = draft.works.iloc[made.order]
    ids, mode, block = (_texts(names[c].to_numpy(object)) for c in ("work", "mode", "block"))
    budget, crew = _resource(draft, made.budget), _resource(draft, made.crew)
    i, t = np.nonzero(made.cost < FORBIDDEN)
    done = pd.DataFrame({
        "subject": ids.take(i), "mode": mode.take(i), "block": block.take(i), "period": pd.array(draft.settings.first + t, dtype="Int64"),
        "cost": made.cost[i, t], "budget": budget.take(i), "cash": _at(made.cash, i, t), "crew": crew.take(i),
        "days": np.where(made.crew[i] >= 0, _at(made.days, i, t), 0), "layer": made.layer[i], "tail": _tails(budget, mode).take(i),
    })  # fmt: skip
    if charges is not None:
        done = done.assign(cash_charge=charges.cash[i, t], days_charge=charges.days[i, t])
    j = np.flatnonzero(made.defer < FORBIDDEN)
    lead = made.alt[j]
    wait = pd.DataFrame({
        "subject": ids.take(lead), "block": block.take(lead), "period": pd.array([pd.NA] * len(j), dtype="Int64"),
        "cost": made.defer[j], "tail": "",
    })  # fmt: skip
    return pd.concat([done, wait], ignore_index=True)


def _tails(budget: Any, mode: Any) -> Any:
    """What parts the options of one work in one year: who pays, and the way of doing it where that is not the usual one."""
    payer, way = (np.where(pd.isna(v), other, np.asarray(v, object)) for v, other in ((budget, ""), (mode, USUAL)))
    return _texts(p if m == USUAL else f"{p}~{m}" for p, m in zip(payer, way))


def uses(draft: Draft, made: Problem) -> pd.DataFrame:
    """What works and openings use besides money and crews, and which works keep an order or stay apart."""
    names = draft.works.iloc[made.order]
    row = np.repeat(np.arange(len(names)), np.diff(made.use_start))
    resource = resource_name(draft, made, made.use_row)
    works = pd.DataFrame({
        "subject": names["work"].to_numpy(object)[row], "mode": names["mode"].to_numpy(object)[row], "layer": pd.NA,
        "resource": resource, "amount": made.use_amount, "shift": made.use_shift,
    })  # fmt: skip
    place = np.repeat(np.arange(len(made.rest)), np.diff(made.open_start))
    parts = [works, _ties(names, made)]
    for k in range(made.open_amount.shape[1]):
        parts.append(pd.DataFrame({
            "subject": made.place_labels[place].astype(object), "mode": None, "layer": k,
            "resource": resource_name(draft, made, made.open_row), "amount": made.open_amount[:, k], "shift": 0,
        }))  # fmt: skip
    rows = pd.concat([p for p in parts if len(p)], ignore_index=True) if any(map(len, parts)) else works
    rows["layer"] = pd.array(rows["layer"], dtype="Int64")
    step = rows["layer"].astype(object).map(lambda v: "" if v is pd.NA else str(v))
    keys = (rows["subject"], rows["mode"].fillna(""), step, rows["resource"])
    one, *others = (k.astype(object) for k in keys)
    rows["id"] = one.str.cat(others, sep="|")
    return rows


def _ties(names: pd.DataFrame, made: Problem) -> pd.DataFrame:
    """Order within a block, told in the same way as between blocks: two works that use one resource of their own."""
    out = []
    unit = np.repeat(np.arange(made.units), np.diff(made.tie_start))
    for k, (i, j, kind) in enumerate(made.tie):
        first, second = (made.first[unit[k]] + v for v in (i, j))
        resource = f"tie:{k + 1}/{TIES[int(kind)]}"
        for work, amount, shift in ((first, -1 if kind != 2 else 1, int(kind == 1)), (second, 1, 0)):
            for row in range(made.alt[work], made.alt[work + 1]):
                out.append((names["work"].iloc[row], names["mode"].iloc[row], pd.NA, resource, amount, shift))
    return pd.DataFrame(out, columns=["subject", "mode", "layer", "resource", "amount", "shift"])


def resource_names(draft: Draft, made: Problem) -> list[str]:
    """The names of given resources, of the pairs of works in different blocks, and of limits found later."""
    many = len(made.capacity) - made.given - len(draft.caps)
    pairs = [f"pair:{k + 1}/{'order' if made.adds_up[made.given + k] else 'apart'}" for k in range(many)]
    return [*draft.resources, *pairs, *draft.caps]


def resource_name(draft: Draft, made: Problem, number: Ints) -> np.ndarray:
    """The names of some resources."""
    return np.array([*resource_names(draft, made), ""], dtype=object)[number]


def _at(values: Ints, i: Ints, t: Ints) -> Ints:
    return values[i, t if values.shape[1] > 1 else 0]


def _opening_options(draft: Draft, made: Problem, charges: Charges | None) -> pd.DataFrame:
    """Rows of blocks: what opening up to a layer costs in each period, with the rest period and the last opening of
    the past.
    """
    used = np.zeros((len(made.rest), made.open_cost.shape[2]), dtype=bool)
    opening = made.layer >= 0
    used[made.place[made.unit_of[made.work_of[opening]]], made.layer[opening]] = True
    unit_of_place = np.repeat(np.arange(made.units), np.diff(made.place))
    label, step = _texts(made.place_labels.astype(object)), _texts(map(str, range(used.shape[1])))
    u, t, k = np.nonzero(used[:, None, :] & np.ones((1, made.periods, 1), dtype=bool))
    since, unit = made.since[u], unit_of_place[u]
    charge = {} if charges is None else {"cash_charge": charges.opened[u, t, k]}
    return pd.DataFrame({
        **charge,
        "subject": label.take(u), "block": label.take(u), "period": pd.array(draft.settings.first + t, dtype="Int64"),
        "cost": made.open_cost[u, t, k], "budget": _resource(draft, made.open_budget).take(u), "cash": made.open_cash[u, t if made.open_cash.shape[1] > 1 else 0, k],
        "layer": k, "rest": made.rest[u], "rest_price": pd.array(np.where(made.rest_price[u, t] < 0, -1, made.rest_price[u, t]), dtype="Int64"),
        "last_opened": pd.array(draft.settings.first - since, dtype="Int64"),
        "crowd": made.crowd[unit], "crowd_price": made.crowd_price[unit], "tail": step.take(k),
    }).assign(rest_price=lambda f: f["rest_price"].mask(f["rest_price"] < 0), last_opened=lambda f: f["last_opened"].mask(since >= LONG_AGO))  # fmt: skip
