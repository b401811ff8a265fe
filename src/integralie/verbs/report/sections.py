"""What each section of the report says: rows that are chosen and ordered, ready for the page. No layout here."""

from __future__ import annotations

from typing import Any

import pandas as pd

from integralie.paper.facts import CENTS, WEAK, Facts
from integralie.verbs.report import street

MOST_OPENINGS, MOST_DECISIONS, MOST_DEFERRED, MOST_CHANCES, MOST_CLASHES, MOST_SCARCE = 12, 12, 25, 12, 12, 15
MOST_EXAMPLES, MOST_REASONS, MOST_PER_PARTY = 3, 4, 3
PRICE_UNIT = 1_000_000
SHORT = "programme.budget_short"  # the finding that commitments alone need more than the budget
SEVERITY = ("error", "warning", "note")
FEW = 3  # clashes of one rule that are named
HIGHER = ("high", "medium", "low")


def summary(facts: Facts) -> dict[str, Any]:
    """The key numbers."""
    placed, status = facts.placed, facts.money_status
    total, weak = float(placed["cash"].sum() + facts.openings["cost"].sum()), float(status[list(WEAK)].sum())
    return {
        "works": len(facts.programme),
        "placed": len(placed),
        "deferred": len(facts.deferred),
        "openings": len(facts.openings),
        "joint": len(facts.joint),
        "parties": int(placed["party"].nunique()),
        "cash": total,
        "saved": float(facts.openings["saved"].sum()),
        "weak": weak,
        "weak_share": weak / total if total else None,
        "gap": facts.gap,
        "short": bool((facts.findings["rule"] == SHORT).any()),
        "fixed": int((placed["status"] == "committed").sum()),
        "weak_opening": any(facts.weak("openings", i) for i in facts.joint.index),
        "per_year": total / facts.settings.periods,
        "over": int((facts.money["used"] > facts.money["limit"] + 0.5).sum()),
        "days": float(facts.openings["days"].sum()),
    }


def missing(facts: Facts) -> list[str]:
    """What the report cannot say because a table is empty, and which step would fill it."""
    asked = (
        "streets",
        "works",
        "opportunities",
        "programme",
        "openings",
        "shares",
        "scores",
        "capacity",
        "findings",
        "reasons",
    )
    return [facts.words.t(f"missing.{name}") for name in asked if facts.tables[name].empty]


def parties_by_money(rows: pd.DataFrame) -> list[str]:
    """The parties that spend or may spend, the largest first."""
    total = rows.groupby("party", sort=True)[["used", "limit"]].sum()
    total = total[(total > 0).any(axis=1)].sort_values("used", ascending=False, kind="stable")
    return [str(p) for p in total.index]


def money_table(facts: Facts) -> dict[str, Any]:
    """The table twin of the drawing of money: years down, parties across."""
    rows = facts.money
    parties = parties_by_money(rows)
    cells = {(r.period, r.party): r for r in rows.itertuples()}
    years: list[dict[str, Any]] = [
        {"year": y, "cells": [_cell(cells.get((y, p))) for p in parties]} for y in facts.settings.years
    ]
    for row in years:
        row["total"] = sum(c["used"] for c in row["cells"])
    totals = [sum(y["cells"][i]["used"] for y in years) for i in range(len(parties))]
    return {"parties": [facts.party(p) for p in parties], "years": years, "totals": totals, "total": sum(totals)}


def _cell(row: Any) -> dict[str, Any]:
    if row is None:
        return {"used": 0.0, "limit": None, "over": False}
    limit = None if pd.isna(row.limit) else float(row.limit)
    return {"used": float(row.used), "limit": limit, "over": limit is not None and row.used > limit + 0.5}


def _work(facts: Facts, row: Any) -> dict[str, Any]:
    return {
        "id": row.work,
        "name": row.name_,
        "party": facts.party(row.party),
        "chip": facts.chip(row.kind),
        "preferred": row.preferred,
        "window": facts.words.years(row.earliest, row.latest),
        "moved": None if pd.isna(row.moved) else int(row.moved),
        "cash": row.cash,
        "cost": row.cost,
        "weak": facts.weak("works", row.work),
        "fixed": row.status == "committed",
        "street": facts.street(row.street),
        "action": facts.words.term("action", row.action),
        "period": row.period,
        "quantity": row.quantity,
        "depth": row.depth,
    }


def works_of(facts: Facts, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Works as rows for a page, the largest first."""
    ordered = rows.rename(columns={"name": "name_"}).sort_values(
        ["cost", "work"], ascending=[False, True], kind="stable"
    )
    return [_work(facts, r) for r in ordered.itertuples()]


def _shares(facts: Facts, opening: str) -> list[dict[str, Any]]:
    rows = facts.shared_rows.get(opening)
    if rows is None:
        return []
    ordered = rows.sort_values(["amount", "party"], ascending=[False, True], kind="stable")
    return [
        {
            "party": facts.party(r.party),
            "amount": r.amount,
            "alone": r.alone,
            "saving": r.saving,
            "reasons": _few(facts, "shares", r.Index),
        }
        for r in ordered.itertuples()
    ]


def _few(facts: Facts, target: str, row: str) -> list[dict[str, Any]]:
    return facts.reasons_of(target, row)[:MOST_REASONS]


def openings(facts: Facts) -> list[dict[str, Any]]:
    """The largest joint openings, with their works, shares and reasons."""
    worth = facts.value.reindex(facts.joint.index)
    order = worth.sort_values(ascending=False, kind="stable").index[:MOST_OPENINGS]
    made = []
    for row in facts.joint.loc[order].itertuples():
        shares = _shares(facts, row.Index)
        name = facts.street(row.street) if pd.isna(row.name) else row.name
        made.append(
            {
                "id": row.Index,
                "name": name,
                "year": row.period,
                "days": row.days,
                "cost": row.cost,
                "saved": row.saved,
                "works": works_of(facts, facts.works_in.get(row.Index, facts.placed.iloc[:0])),
                "parties": row.parties,
                "count": row.works,
                "depth": facts.words.term("depth", row.depth),
                "shares": shares,
                "value": worth[row.Index],
                "total": sum(s["amount"] for s in shares),
                "alone": sum(s["alone"] for s in shares if pd.notna(s["alone"])),
                "reasons": _few(facts, "openings", row.Index),
                "weak": facts.weak("openings", row.Index),
            }
        )
    return made


def decisions(facts: Facts) -> list[dict[str, Any]]:
    """The most expensive choices and those that moved furthest from what their owner preferred, with their reasons."""
    moved = facts.placed["moved"].abs().fillna(0).astype("float64")
    weight = facts.placed["cost"].fillna(0.0) * (1 + moved)
    order = weight.sort_values(ascending=False, kind="stable").index
    turn = facts.placed.loc[order].groupby("party").cumcount() // MOST_PER_PARTY  # every party gets its turn
    rows = facts.placed.loc[turn.sort_values(kind="stable").index[:MOST_DECISIONS]]
    made = works_of(facts, rows)
    for item in made:
        item["reasons"] = facts.reasons_of("programme", f"programme:{item['id']}") or facts.reasons_of(
            "works", item["id"]
        )
    return made


def deferred(facts: Facts) -> dict[str, Any]:
    """Works without a year: the dearest by name, all of them counted per party."""
    rows = works_of(facts, facts.deferred)
    for item in rows[:MOST_DEFERRED]:
        item["reasons"] = facts.reasons_of("programme", f"programme:{item['id']}")
    groups = facts.deferred.groupby("party", sort=True)["cost"].agg(["size", "sum"])
    groups = groups.sort_values("sum", ascending=False, kind="stable")
    parties = [
        {"party": facts.party(p), "count": int(r["size"]), "cost": float(r["sum"])} for p, r in groups.iterrows()
    ]
    return {
        "rows": rows[:MOST_DEFERRED],
        "more": max(len(rows) - MOST_DEFERRED, 0),
        "parties": parties,
        "count": len(rows),
        "later": facts.later,
    }


def chances(facts: Facts) -> dict[str, Any]:
    """Chances for doing works together, the most valuable first, and whether the programme takes them."""
    links = facts.members[facts.members["role"] == "work"]
    place = links["member"].map(facts.placed.set_index("work")["opening"])
    found = links.assign(opening=place)[links["set"].isin(facts.opportunities.index)]
    most = found.dropna(subset=["opening"]).groupby(["set", "opening"]).size().groupby("set").max()
    joint = facts.opportunities[facts.opportunities["kind"].fillna("joint") == "joint"]
    taken = most.reindex(joint.index).fillna(0) >= 2
    ordered = joint.assign(worth=joint["value"].fillna(joint["net_saving"]))
    ordered = ordered.sort_values("worth", ascending=False, kind="stable", na_position="last")
    because_ = street.warned(facts, ordered)
    rows = [
        {
            "street": facts.street(r.street),
            "works": r.works,
            "parties": r.parties,
            "value": r.net_saving if pd.isna(r.value) else r.value,
            "band": None if pd.isna(r.value_low) else (r.value_low, r.value_high),
            "mover": None if pd.isna(r.mover) else facts.party(r.mover),
            "mover_years": r.mover_years,
            "period": r.period,
            "step": facts.words.term("step", r.next_step),
            "advice": None if pd.isna(r.advice) else facts.words.term("advice", r.advice),
            "why": because_.get(r.Index, ""),
            "level": {"combine": "good", "consider": "warn"}.get(r.advice, "bad"),
            "taken": bool(taken[r.Index]),
        }
        for r in ordered.head(MOST_CHANCES).itertuples()
    ]
    return {
        "rows": rows,
        "count": len(ordered),
        "taken": int(taken.sum()),
        "net": float(ordered["net_saving"].clip(lower=0).sum()),
        "doubtful": int((ordered["value_low"] < 0).sum()),
        "windows": street.windows(facts),
        "near": street.near(facts),
        "apart": street.apart(facts),
        "stand": street.stand(facts),
    }


def clashes(facts: Facts) -> dict[str, Any]:
    """Clashes per rule, and the gravest of each rule by name; what keeps works apart stands under the chances."""
    frame = facts.clashes
    own = frame[~frame["rule"].isin(street.APART)]
    rank = own["severity"].map({s: i for i, s in enumerate(HIGHER)}).fillna(len(HIGHER))
    ordered = own.assign(rank=rank).sort_values(["rank", "amount"], ascending=[True, False], kind="stable")
    ordered = ordered.assign(name=[facts.street(s) for s in ordered["street"]]).drop_duplicates(["rule", "name"])
    turn = ordered.groupby("rule").cumcount()
    ordered = ordered.assign(turn=turn)[turn < FEW].sort_values(["rank", "rule", "turn"], kind="stable")
    rows = [
        {
            "street": facts.street(r.street),
            "rule": facts.words.term("rule", r.rule),
            "period": r.period,
            "severity": facts.words.term("severity", r.severity),
            "level": r.severity,
            "reasons": _few(facts, "clashes", r.Index),
        }
        for r in ordered.head(MOST_CLASHES).itertuples()
    ]
    counts = [
        {"rule": facts.words.term("rule", k), "count": int(n)}
        for k, n in frame["rule"].value_counts().sort_index().items()
    ]
    return {"rows": rows, "counts": counts, "count": len(frame)}


def scarcity(facts: Facts) -> list[dict[str, Any]]:
    """Where one more euro or crew day would help most, dearest first."""
    frame = facts.prices[facts.prices["price"].fillna(0) > 0]
    money = frame["resource"].str.endswith("/budget")
    made = []
    for is_money, part in ((True, frame[money]), (False, frame[~money])):
        ordered = part.sort_values("price", ascending=False, kind="stable").head(MOST_SCARCE)
        made.append(
            {"money": is_money, "count": len(part), "rows": [_price(facts, r, is_money) for r in ordered.itertuples()]}
        )
    return [g for g in made if g["count"]]


def _price(facts: Facts, row: Any, money: bool) -> dict[str, Any]:
    """A shadow price for people: saved euros per extra euro, or per extra crew day."""
    crew = str(row.resource).rsplit("crew:", 1)[-1]
    return {
        "party": facts.party(row.party),
        "year": row.period,
        "value": row.price / PRICE_UNIT,
        "money": money,
        "crew": facts.words.term("discipline", crew),
        "used": row.used / CENTS,
        "capacity": row.capacity / CENTS,
    }


def findings(facts: Facts) -> list[dict[str, Any]]:
    """Findings per rule: how many, how grave, a few examples, what was done."""
    message = "message_nl" if facts.words.language == "nl" else "message"
    made = []
    for (rule, severity), part in facts.findings.groupby(["rule", "severity"], sort=True):
        said = part[message].where(part[message].notna(), part["message"])
        name = facts.words.term("finding", rule)
        done = [facts.words.term("done", d) for d in part["done"].dropna().unique()[:2]]
        made.append(
            {
                "rule": name,
                "severity": severity,
                "label": facts.words.term("severity", severity),
                "count": len(part),
                "tables": [facts.words.term("table", n) for n in sorted(part["target"].unique())],
                "examples": [facts.with_names(m) for m in said.drop_duplicates().head(MOST_EXAMPLES)],
                "done": done,
            }
        )
    rank = {s: i for i, s in enumerate(SEVERITY)}
    return sorted(made, key=lambda f: (rank.get(f["severity"], len(rank)), -f["count"], f["rule"]))
