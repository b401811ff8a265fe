"""Order: works that must come before others, together with others, or apart from them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme.agreed import Rule, rules
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.parts import ties
from integralie.verbs.programme.terms.order_sense import Pair, Windows, contradicting, forced_apart

NAME = "order"
HARD = True


def add(draft: Draft) -> None:
    """Agreements `order`, `together` and `apart` between works.

    `order` with `first=` and `then=` (ids of works or plans, or kinds; kinds hold within one block): the second comes at
    least `value` years after the first and not without it. `together` and `apart` with `works=` (ids): in one year, or
    in different years. The parts of a long work go together. A pair that contradicts fixed years, or the pairs before it, is told and left out; a work that no
    year of its window lets follow what must come first is told, and stays deferred.
    """
    lead = draft.works.reset_index(drop=True).drop_duplicates("work")
    table = draft.tables["agreements"]
    pairs = [Pair("", "together", i, j, 0) for i, j in ties(draft.works)]
    pairs += [
        Pair(rule.id, "order", i, j, int(rule.value or 0))
        for rule in rules(table, "order")
        for i, j in _ordered(rule, lead)
    ]
    for rule in rules(table, "together"):
        rows = _named(lead, rule.pairs.get("works", []))
        pairs += [Pair(rule.id, "together", i, j, 0) for i, j in zip(rows[:-1], rows[1:])]
    apart = [
        Pair(rule.id, "apart", i, j, 0)
        for rule in rules(table, "apart")
        for i, j in _all_pairs(_named(lead, rule.pairs.get("works", [])))
    ]
    if pairs or apart:
        _accept(draft, pairs, apart)


def _accept(draft: Draft, pairs: list[Pair], apart: list[Pair]) -> None:
    """Lay down the pairs that can be kept; tell the others."""
    windows = _windows(draft)
    left = contradicting(windows, pairs)
    kept = [p for p in pairs if p not in left]
    narrow = windows.narrowed(kept)
    left |= forced_apart(narrow, kept, apart)
    for p in kept:
        if p.kind == "order":
            draft.extras.before.append((p.first, p.second, p.lag))
        else:
            draft.extras.together.append((p.first, p.second))
    draft.extras.apart += [(p.first, p.second) for p in apart if p not in left]
    needed = windows.needed(kept)
    for p in [*pairs, *apart]:
        if p in left:
            _tell(draft, p, f"programme.{p.kind}_broken", "error", "left out")
        elif p.kind != "apart" and not needed[p.second] and windows.never(p):
            _tell(draft, p, "programme.order_never", "warning", "deferred")


def _windows(draft: Draft) -> Windows:
    """First and last year of every row of works, and whether it must be done."""
    works, years = draft.works, draft.years
    fixed = works["fixed"].astype("float64").to_numpy()
    must = (fixed >= years[0]) & (fixed <= years[-1])
    low = np.where(must, fixed, works["from_year"].to_numpy(float))
    high = np.where(must, fixed, np.minimum(works["to_year"].to_numpy(float), years[-1]))
    return Windows(low, high, must, float(years[0]), float(years[-1]))


def _named(lead: pd.DataFrame, ids: list[str]) -> list[int]:
    hit = (lead["work"].isin(ids) | lead["plan"].astype(object).isin(ids)) & lead["lead"].isna()
    return [int(k) for k in lead.index[hit]]


def _all_pairs(rows: list[int]) -> list[tuple[int, int]]:
    return [(i, j) for k, i in enumerate(rows) for j in rows[k + 1 :]]


def _ordered(rule: Rule, lead: pd.DataFrame) -> list[tuple[int, int]]:
    """The pairs of rows (first row of each work) for which an order holds."""
    first, then = rule.pairs.get("first", []), rule.pairs.get("then", [])
    pairs = [(i, j) for i in _named(lead, first) for j in _named(lead, then) if i != j]
    before, after = lead[lead["kind"].isin(first)], lead[lead["kind"].isin(then)]
    both = before.reset_index()[["index", "block"]].merge(after.reset_index()[["index", "block"]], on="block")
    return pairs + [(int(i), int(j)) for i, j in zip(both["index_x"], both["index_y"]) if i != j]


def _tell(draft: Draft, pair: Pair, code: str, severity: str, done: str) -> None:
    one, two = draft.works.iloc[pair.first], draft.works.iloc[pair.second]
    values = {"first": one["name"], "second": two["name"], "rule": pair.rule}
    made = finding(code, "agreements", [pair.rule], values, severity, done)
    own = f"|{one['work']}|{two['work']}"
    if not any((f["id"] == made["id"].iloc[0] + own).any() for f in draft.findings):
        draft.findings.append(made.assign(id=made["id"] + own))
