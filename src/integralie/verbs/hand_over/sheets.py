"""One sheet of the hand-over: the integral assignment for one joint opening."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from integralie.kinds import DISCIPLINES, kinds
from integralie.paper.facts import Facts
from integralie.verbs.hand_over.drawing import drawing
from integralie.verbs.hand_over.ground import DEPTHS, Ground, table, unknowns

MOST_LINES = 16
FITS_A4 = 10  # works and lines that one A4 page holds; more goes to A3


def sheet(facts: Facts, ground: Ground, opening: Any, place: int) -> dict[str, Any]:
    """Everything that the page of one opening says."""
    works = in_order(facts.works_in.get(opening.Index, facts.placed.iloc[:0]))
    streets = sections(facts, opening, works)
    lying = ground.lying(streets)
    rows = table(facts, lying)
    name = facts.street(opening.street) if pd.isna(opening.name) else str(opening.name)
    shares = facts.shared_rows.get(opening.Index, facts.shares.iloc[:0])
    return {
        "place": place,
        "name": name,
        "year": opening.period,
        "quarter": begins(facts, pd.Index([opening.Index])).iloc[0],
        "days": opening.days,
        "count": opening.works,
        "parties": _parties(facts, works),
        "works": [_work(facts, r, n) for n, r in enumerate(works.itertuples(), 1)],
        "streets": _streets(facts, streets),
        "along": [_beside(facts, label) for label in facts.along(opening.Index)],
        "map": drawing(facts, ground, streets, lying, name, place),
        "lines": rows[:MOST_LINES],
        "more": max(len(rows) - MOST_LINES, 0),
        "shares": _shares(facts, shares),
        "total": float(shares["amount"].sum()),
        "alone": float(shares["alone"].sum()),
        "saved": opening.saved,
        "cost": opening.cost,
        "weak": facts.weak("openings", opening.Index),
        "agreements": agreements(facts, streets, works),
        "unknowns": unknowns(facts, lying, works),
        "reasons": [
            *facts.reasons_of("openings", opening.Index)[:5],
            *facts.reasons_of("phases", f"phase:{opening.Index}"),
        ],
        "id": opening.Index,
        "rest": rest(facts, streets),
        "large": len(works) + len(rows) > FITS_A4,
        "fixed": bool(len(works)) and bool((works["status"] == "committed").any()),
    }


def begins(facts: Facts, openings: pd.Index) -> pd.Series:
    """The quarter in which each opening begins, unknown where the phasing did not reach."""
    known = facts.phases.dropna(subset="opening").set_index("opening")["quarter"]
    return known.reindex(openings)


def in_order(works: pd.DataFrame) -> pd.DataFrame:
    """Works in the order in which they go into the ground: deep before shallow, paving before green."""
    depth = works["depth"].map({d: i for i, d in enumerate(DEPTHS)}).fillna(len(DEPTHS))
    trade = works["discipline"].map({d: i for i, d in enumerate(DISCIPLINES)}).fillna(len(DISCIPLINES))
    return works.assign(_depth=depth, _trade=trade).sort_values(["_depth", "_trade", "work"], kind="stable")


def sections(facts: Facts, opening: Any, works: pd.DataFrame) -> gpd.GeoDataFrame:
    """The street sections of the opening: its own, and those that its works span; not where a long work opens other streets
    besides: those are assignments of their own.
    """
    whole = works[works["part"].isna()]
    held = {s for label in (opening.Index, *whole["work"]) for s in facts.streets_of.get(label, ())}
    labels = {opening.street, *whole["street"].dropna(), *held}
    return facts.streets.loc[sorted(s for s in labels if s in facts.streets.index)]


def _streets(facts: Facts, streets: gpd.GeoDataFrame) -> dict[str, Any]:
    """The street in figures; what is not known for a section is not counted as nothing."""
    w = facts.words
    names = w.listed(sorted(streets["name"].dropna().unique())) or w.t("street_unnamed")
    low, high = streets["width"].min(), streets["width"].max()
    known = streets["residents"].dropna()
    return {
        "names": names,
        "count": len(streets),
        "length": streets.geometry.length.sum(),
        "width": w.t("unknown")
        if pd.isna(low)
        else w.num(low, 1)
        if low == high
        else f"{w.num(low, 1)}–{w.num(high, 1)}",
        "residents": int(known.sum()) if len(known) else None,
        "surface": w.listed([w.term("surface", s) for s in sorted(streets["surface"].dropna().unique())])
        or w.t("unknown"),
    }


def _beside(facts: Facts, opening: str) -> dict[str, Any]:
    """Another opening: its id, its street and how long it is."""
    row = facts.openings.loc[opening]
    length = facts.streets.geometry.reindex(facts.streets_of.get(opening, [row["street"]])).length.sum()
    name = facts.street(row["street"]) if pd.isna(row["name"]) else str(row["name"])
    return {"id": opening, "name": name, "length": float(length)}


def _parties(facts: Facts, works: pd.DataFrame) -> list[str]:
    return [facts.party(p) for p in sorted(works["party"].dropna().unique())]


def _work(facts: Facts, row: Any, place: int) -> dict[str, Any]:
    known = kinds().get(str(row.kind))
    amount = facts.words.num(row.quantity, 0) + (
        f" {facts.words.term('unit', known.measure)}" if known and pd.notna(row.quantity) else ""
    )
    return {
        "place": place,
        "chip": facts.chip(row.kind),
        "name": row.name,
        "party": facts.party(row.party),
        "quantity": amount,
        "action": facts.words.term("action", row.action),
        "depth": facts.words.term("depth", row.depth),
        "days": row.duration,
    }


def _shares(facts: Facts, rows: pd.DataFrame) -> list[dict[str, Any]]:
    ordered = rows.sort_values(["amount", "party"], ascending=[False, True], kind="stable")
    return [{"party": facts.party(r.party), "amount": r.amount, "alone": r.alone} for r in ordered.itertuples()]


def holds(applies_to: Any, streets: gpd.GeoDataFrame) -> bool:
    """Whether a rule holds in at least one of the sections; a rule without a place holds everywhere."""
    pairs = [p.split("=", 1) for p in str(applies_to).split()] if isinstance(applies_to, str) else []
    mask = pd.Series(True, index=streets.index)
    for column, value in (p for p in pairs if len(p) == 2 and p[0] in streets.columns):
        mask &= streets[column].astype(str).isin(value.split(","))
    return bool(mask.any())


def agreements(facts: Facts, streets: gpd.GeoDataFrame, works: pd.DataFrame) -> list[dict[str, Any]]:
    """The rules that hold here: of everyone, or of a party that works in this opening."""
    w, here = facts.words, set(works["party"].dropna())
    rows = [
        r
        for r in facts.agreements.itertuples()
        if (pd.isna(r.party) or r.party in here) and holds(r.applies_to, streets)
    ]
    return [
        {
            "rule": w.term("rule", r.rule),
            "party": w.t("all_parties") if pd.isna(r.party) else facts.party(r.party),
            "rank": w.term("rank", r.rank),
            "value": "–" if pd.isna(r.value) else w.measure(r.value, r.unit),
            "hard": r.hard,
        }
        for r in rows
    ]


def rest(facts: Facts, streets: gpd.GeoDataFrame) -> float | None:
    """Years of rest after the opening, when an agreement asks for them here."""
    rows = facts.agreements[facts.agreements["rule"] == "rest_period"]
    years = [r.value for r in rows.itertuples() if pd.notna(r.value) and holds(r.applies_to, streets)]
    return max(years) if years else None
