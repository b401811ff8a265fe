"""The price list against what was told: capacities, what may be kept for a next year, and what should be spent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

import numpy as np
import pandas as pd

from integralie.checker.least import Ints
from integralie.checker.prices import NEVER
from integralie.checker.told import LARGEST

NEARLY = 1e-6
RAISED = ("programme.budget_short", "programme.crew_short", "programme.openings_short")
LIMIT = re.compile(r"/(?:budget|crew|openings|nuisance)(?::|$)|^reach:")
PARTS = 100  # cents in a euro, hundredths of a day; per cent as well


def stray(tables: Mapping[str, pd.DataFrame], p: SimpleNamespace) -> list[str]:
    """Sentences about limits that are not the told ones; nothing where the study tells no capacity or findings."""
    try:
        capacity, findings = tables["capacity"], tables["findings"]
    except KeyError:
        return []
    told, agreements = _told(capacity, p), _table(tables, "agreements")
    raised = set(findings.loc[findings["rule"].isin(RAISED), "row"])
    wrong = _capacities(p, _found(agreements, p, told), raised)
    kept = np.maximum(_shares(agreements, "carry_over", p, told), 0)
    asked = np.where((p.least > NEVER) & (p.least_price > 0)[:, None], p.least, -1)
    least = _shares(agreements, "minimum_spend", p, told)
    if _short_goal(_table(tables, "goals"), p, asked):
        wrong.append("The price list asks something else than a goal with a target and a deadline.")
    money = np.array(["/budget" in str(n) for n in p.names], bool)[:, None]
    for what, given, wanted in (("may be kept for a next year", p.carry, kept), ("should be spent", asked, least)):
        off = money & (np.abs(given - wanted) > 1)
        if off.any():
            wrong.append(f"What {what} is not what is agreed in {int(off.sum())} rows, first {name(p, off)}.")
    return wrong


def name(p: SimpleNamespace, hit: np.ndarray) -> str:
    """The first resource and year of a mask, in words."""
    r, t = (int(v[0]) for v in np.nonzero(hit))
    return f"'{p.names[r]}' in {p.base + t}"


def _table(tables: Mapping[str, pd.DataFrame], name_: str) -> pd.DataFrame:
    try:
        return tables[name_]
    except KeyError:
        return pd.DataFrame()


def _told(capacity: pd.DataFrame, p: SimpleNamespace) -> Ints:
    """What `capacity` tells per resource and period, in whole hundredths; -1 where it tells nothing."""
    label = (capacity["party"].astype(object) + "/" + capacity["resource"].astype(object)).to_numpy(object)
    amount = capacity["amount"].to_numpy(np.float64, na_value=np.nan)
    r, year = p.names.get_indexer(label), capacity["period"].to_numpy(np.float64, na_value=np.nan)
    t = np.where(np.isnan(year), -1, year).astype(np.int64) - p.base
    held = (r >= 0) & (t >= 0) & (t < p.periods) & ~np.isnan(amount)
    total, there = np.zeros(p.capacity.shape), np.zeros(p.capacity.shape, bool)
    np.add.at(total, (r[held], t[held]), np.maximum(amount[held], 0.0))
    there[r[held], t[held]] = True
    limited = there & (total * PARTS < LARGEST)
    return np.where(limited, np.floor(np.where(limited, total, 0) * PARTS + NEARLY), -1).astype(np.int64)


def _found(agreements: pd.DataFrame, p: SimpleNamespace, told: Ints) -> Ints:
    """The limits that follow from agreements and from reachability, besides those of `capacity`."""
    out = told.copy()
    for row in _rules(agreements, "not_together"):
        at = p.names.get_indexer([f"{row[0]}/openings"])[0]
        if at >= 0:
            out[at] = int(np.floor((1.0 if row[2] is None else row[2]) * PARTS + NEARLY))
    for row in _rules(agreements, "nuisance_budget"):
        for at in [k for k, n in enumerate(p.names) if _bears(str(n), row[1]) and row[2] is not None]:
            out[at] = int(np.floor((row[2] or 0.0) * PARTS + NEARLY))
    users = np.bincount(p.open_row[(p.open_amount > 0).any(axis=1)], minlength=len(p.names))
    for r in [k for k, n in enumerate(p.names) if str(n).startswith("reach:")]:
        out[r] = (users[r] - 1) * PARTS
    return out


def _bears(label: str, pairs: dict[str, list[str]]) -> bool:
    """Whether a resource is the nuisance of an area that an agreement is about."""
    area, _, kind = label.rpartition("/")
    return kind == "nuisance" and area in pairs.get("area", [area])


def _short_goal(goals: pd.DataFrame, p: SimpleNamespace, asked: Ints) -> bool:
    """Whether a goal that works serve is not asked in the year of its deadline, as its target says."""
    for row in goals.itertuples() if {"target", "deadline"} <= set(goals.columns) else []:
        r = int(p.names.get_indexer([f"{row.Index}/goal"])[0])
        if r < 0 or pd.isna(row.target) or pd.isna(row.deadline):
            continue
        t = int(row.deadline) - p.base
        if not 0 <= t < p.periods or abs(int(asked[r, t]) - round(float(row.target) * PARTS)) > 1:
            return True
    return False


def _capacities(p: SimpleNamespace, told: Ints, raised: set[str]) -> list[str]:
    """Equal to the told ones, or raised with a finding that says so."""
    ours = np.array([bool(LIMIT.search(str(n))) for n in p.names], bool)
    listed = np.where(p.capacity < 0, -1, p.capacity)
    off = ours[:, None] & (listed != told)
    for r, t in zip(*np.nonzero(off & (listed > told) & (told >= 0))):
        off[r, t] = f"{p.names[r]}|{p.base + t}" not in raised
    if not off.any():
        return []
    return [f"The price list has another capacity than is told for {int(off.sum())} rows, first {name(p, off)}."]


def _rules(agreements: pd.DataFrame, rule: str) -> Iterator[tuple[str, dict[str, list[str]], float | None]]:
    """Id, conditions and value of the agreements of one kind, those with more conditions and larger values later."""
    if "rule" not in agreements.columns:
        return
    made = []
    for row in agreements[agreements["rule"] == rule].itertuples():
        told = str(row.applies_to).split() if pd.notna(row.applies_to) else []
        pairs = {k: v.split(",") for k, v in (p.split("=", 1) for p in told if "=" in p)}
        made.append((str(row.Index), pairs, float(row.value) if pd.notna(row.value) else None))
    yield from sorted(made, key=lambda m: (len(m[1]), m[2] or 0.0, m[0]))


def _shares(agreements: pd.DataFrame, rule: str, p: SimpleNamespace, told: Ints) -> Ints:
    """The agreed share of every told budget, -1 where nothing is agreed; a later agreement replaces an earlier one."""
    out = np.full(told.shape, -1)
    for _, pairs, value in _rules(agreements, rule):
        for r in range(len(p.names)) if value is not None else []:
            party, _, fund = str(p.names[r]).partition("/")
            fund = fund.partition(":")[2]
            if (
                set(pairs) <= {"party", "fund"}
                and party in pairs.get("party", [party])
                and fund in pairs.get("fund", [fund])
            ):
                share = np.floor(np.maximum(told[r], 0) * value / PARTS + 0.5).astype(np.int64)
                out[r] = np.where(told[r] < 0, -1 if rule == "minimum_spend" else 0, share)
    return out
