"""From study tables to a problem: draft, terms, arrays; and the problem written out as the table `options`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme import count
from integralie.verbs.programme.draft import Draft
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

NEARLY = 1e-6


def _places(names: pd.Series, resources: list[str]) -> Ints:
    return pd.Index(resources).get_indexer(names.astype(object).fillna("")) if resources else np.full(len(names), -1)


def problem(draft: Draft) -> Problem:
    """The draft as whole-number arrays; capacity is raised where commitments need more than there is, and that is
    told.
    """
    periods = draft.settings.periods
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
        np.full((len(draft.resources), periods), np.inf),
        opening_cash=draft.open_cash,
        opening_budget=_places(draft.blocks["budget"], draft.resources),
        rest_price=draft.rest_price,
        last_opened=draft.last_opened,
        layer=draft.works["layer"].to_numpy(int),
        opens=draft.works["opens"].to_numpy(bool),
        fixed=draft.fixed,
        id=draft.works.index.to_numpy(str),
        blocks=draft.blocks.index.to_numpy(str),
    )
    limited = np.isfinite(draft.capacity) & (draft.capacity * CENTS < LARGEST)
    whole = np.where(limited, np.floor(np.where(limited, draft.capacity, 0) * CENTS + NEARLY), UNLIMITED).astype(
        np.int64
    )
    return replace(made, arrays=made.arrays._replace(capacity=_raised(draft, made, whole)))


def _raised(draft: Draft, made: Problem, capacity: Ints) -> Ints:
    """The capacities, raised to what the commitments alone need; each raise is a finding with party, year and
    shortfall.
    """
    least = count.usage(made, needed_by_fixed(made))
    short = (capacity != UNLIMITED) & (least > capacity)
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
        "short": (least - capacity)[row, period] / CENTS,
    })  # fmt: skip
    ids = [f"{n}|{y}" for n, y in zip(names, years)]
    money = names.str.endswith("/budget").to_numpy()
    for rule, hit in (("programme.budget_short", money), ("programme.crew_short", ~money)):
        if hit.any():
            part = values[hit].reset_index(drop=True)
            draft.findings.append(finding(rule, "capacity", list(np.array(ids)[hit]), part, "error", "raised"))
    return np.where(short, least, capacity)


def options(draft: Draft, made: Problem) -> pd.DataFrame:
    """The problem as rows of `options`: every allowed option of every work, its exit, and every layer of every
    opening.
    """
    rows = pd.concat([_work_options(draft, made), _opening_options(draft, made)], ignore_index=True)
    period = rows["period"].astype("Int64").astype(object).map(lambda p: "" if p is pd.NA else str(p))
    rows["id"] = rows["subject"].astype(object) + "|" + period + "|" + rows["tail"].astype(object).fillna("")
    return rows.drop(columns="tail")


def _resource(draft: Draft, place: Ints) -> np.ndarray:
    return np.array([*draft.resources, None], dtype=object)[place]


def _work_options(draft: Draft, made: Problem) -> pd.DataFrame:
    ids = draft.works.index.to_numpy(object)[made.order]
    block = draft.works["block"].to_numpy(object)[made.order]
    i, t = np.nonzero(made.cost < FORBIDDEN)
    done = pd.DataFrame({
        "subject": ids[i], "block": block[i], "period": draft.settings.first + t, "cost": made.cost[i, t],
        "budget": _resource(draft, made.budget)[i], "cash": _at(made.cash, i, t), "crew": _resource(draft, made.crew)[i],
        "days": np.where(made.crew[i] >= 0, _at(made.days, i, t), 0), "layer": made.layer[i],
    })  # fmt: skip
    j = np.flatnonzero(made.defer < FORBIDDEN)
    wait = pd.DataFrame(
        {
            "subject": ids[j],
            "block": block[j],
            "period": pd.array([pd.NA] * len(j), dtype="Int64"),
            "cost": made.defer[j],
        }
    )
    done["period"] = done["period"].astype("Int64")
    rows = pd.concat([done, wait], ignore_index=True)
    return rows.assign(tail=rows["budget"])


def _at(values: Ints, i: Ints, t: Ints) -> Ints:
    return values[i, t if values.shape[1] > 1 else 0]


def _opening_options(draft: Draft, made: Problem) -> pd.DataFrame:
    """Rows of blocks: what opening up to a layer costs in each period, with the rest period and the last opening of
    the past.
    """
    used = np.zeros((len(made.rest), made.open_cost.shape[2]), dtype=bool)
    opening = made.layer >= 0
    used[made.place[made.unit_of[made.work_of[opening]]], made.layer[opening]] = True
    u, t, k = np.nonzero(used[:, None, :] & np.ones((1, made.periods, 1), dtype=bool))
    since = made.since[u]
    return pd.DataFrame({
        "subject": made.place_labels[u].astype(object), "block": made.place_labels[u].astype(object), "period": pd.array(draft.settings.first + t, dtype="Int64"),
        "cost": made.open_cost[u, t, k], "budget": _resource(draft, made.open_budget)[u], "cash": made.open_cash[u, t if made.open_cash.shape[1] > 1 else 0, k],
        "layer": k, "rest": made.rest[u], "rest_price": pd.array(np.where(made.rest_price[u, t] < 0, -1, made.rest_price[u, t]), dtype="Int64"),
        "last_opened": pd.array(draft.settings.first - since, dtype="Int64"), "tail": np.char.mod("%d", k),
    }).assign(rest_price=lambda f: f["rest_price"].mask(f["rest_price"] < 0), last_opened=lambda f: f["last_opened"].mask(since >= LONG_AGO))  # fmt: skip
