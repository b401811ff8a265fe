"""Order: works that must come before others, together with others, or apart from them."""

from __future__ import annotations

import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme.agreed import Rule, rules
from integralie.verbs.programme.draft import Draft

NAME = "order"
HARD = True


def add(draft: Draft) -> None:
    """Agreements `order`, `together` and `apart` between works.

    `order` with `first=` and `then=` (ids of works or plans, or kinds; kinds hold within one block): the second comes at
    least `value` years after the first and not without it. `together` and `apart` with `works=` (ids): in one year, or
    in different years. A pair of which both years are fixed against the rule, or that cannot be kept at all, is told
    and left out.
    """
    lead = draft.works.reset_index(drop=True).drop_duplicates("work")
    for rule in rules(draft.tables["agreements"], "order"):
        for i, j in _ordered(rule, lead):
            _before(draft, rule, i, j, int(rule.value or 0))
    for name in ("together", "apart"):
        for rule in rules(draft.tables["agreements"], name):
            rows = _named(lead, rule.pairs.get("works", []))
            for i, j in zip(rows[:-1], rows[1:]) if name == "together" else _all_pairs(rows):
                _side(draft, rule, i, j, name)


def _named(lead: pd.DataFrame, ids: list[str]) -> list[int]:
    hit = lead["work"].isin(ids) | lead["plan"].astype(object).isin(ids)
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


def _before(draft: Draft, rule: Rule, i: int, j: int, lag: int) -> None:
    works = draft.works
    one, two = works.iloc[i], works.iloc[j]
    earliest = one["fixed"] if pd.notna(one["fixed"]) else max(one["from_year"], draft.settings.first)
    if pd.notna(two["fixed"]) and earliest + lag > two["fixed"]:
        _tell(draft, rule, one, two, "programme.order_broken")
        return
    draft.extras.before.append((i, j, lag))


def _side(draft: Draft, rule: Rule, i: int, j: int, name: str) -> None:
    one, two = draft.works.iloc[i], draft.works.iloc[j]
    both = pd.notna(one["fixed"]) and pd.notna(two["fixed"])
    apart = max(one["from_year"], two["from_year"]) > min(one["to_year"], two["to_year"])
    never = apart and pd.isna(one["fixed"]) and pd.isna(two["fixed"])
    if both and (one["fixed"] == two["fixed"]) == (name == "apart") or (name == "together" and never):
        _tell(draft, rule, one, two, f"programme.{name}_broken")
        return
    getattr(draft.extras, name).append((i, j))


def _tell(draft: Draft, rule: Rule, one: pd.Series, two: pd.Series, code: str) -> None:
    values = {"first": one["name"], "second": two["name"], "rule": rule.id}
    draft.findings.append(finding(code, "agreements", [f"{rule.id}"], values, "error", "left out"))
