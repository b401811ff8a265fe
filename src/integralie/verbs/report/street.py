"""What the programme does in the streets: nuisance by neighbourhood and year, access, reopening, and when not to combine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from integralie.nuisance import sites
from integralie.nuisance.reopening import reopening, sentence_code
from integralie.paper.facts import Facts
from integralie.schema import windows as free
from integralie.schema.agreed import rest_years
from integralie.schema.notes import say

PRICE = (
    "works_late",
    "space_conflicts",
    "openings_too_soon",
    "dig_damage",
    "life_cycle_cost",
    "days_open",
    "days_per_work",
    "resident_days",
)
ACCESS = (
    "cut_off", "late_help", "passages", "passage_cost", "detour_metres", "detour_minutes", "detour_kilometres", "bus_lines_hit", "bus_lines_stuck",
    "shop_foot", "shop_wheelchair", "school_foot", "school_wheelchair",
)  # fmt: skip
INDEX = (
    "nuisance_over_budget",
    "helsinki_mean",
    "helsinki_red",
    "hindrance_A",
    "hindrance_B",
    "hindrance_C",
    "hindrance_D",
    "hindrance_E",
)
AGAIN = ("openings_too_soon", "reopenings_expected", "openings_unplanned")
APART = ("superfluous", "pace", "urgency", "contract", "closed_long", "capacity", "crew")
FREEDOM = (0, 1, 2, 5)  # years of freedom that are told
MOST = 12
STEPS = 4  # shades of the calendar


def _measures(facts: Facts, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Indicators with their values together and, where it was computed, for everybody alone."""
    rows = facts.scores[facts.scores["party"].isna() & facts.scores["place"].isna()]
    wide = rows.pivot_table(index="indicator", columns="variant", values="value", aggfunc="first")
    units = rows.groupby("indicator")["unit"].first()
    return [
        {
            "name": facts.words.term("score", n),
            "unit": units[n],
            "together": wide.at[n, "together"] if "together" in wide else np.nan,
            "silo": wide.at[n, "silo"] if "silo" in wide else np.nan,
        }
        for n in names
        if n in wide.index
    ]


def price(facts: Facts) -> list[dict[str, Any]]:
    """The price of not working integrally: tasks in time, space, dig damage, life-cycle cost, nuisance; empty without both."""
    return [m for m in _measures(facts, PRICE) if not np.isnan(m["together"]) and not np.isnan(m["silo"])]


def more_works(facts: Facts) -> float | None:
    """How many works more get a year together than when everybody works alone."""
    own, alone = (facts.score(v, "works_programmed") for v in ("together", "silo"))
    return None if own is None or alone is None else own - alone


def calendar(facts: Facts) -> dict[str, Any] | None:
    """Resident-days per neighbourhood and year, with the worst years marked."""
    rows = facts.scores[
        (facts.scores["indicator"] == "resident_days")
        & facts.scores["place"].notna()
        & (facts.scores["variant"] == "together")
    ]
    if rows.empty:
        return None
    wide = rows.pivot_table(index="place", columns="period", values="value", aggfunc="sum").fillna(0.0)
    wide = wide.reindex(columns=list(facts.settings.years), fill_value=0.0)
    wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    most, limit = float(wide.to_numpy().max()), facts.figures.value("nuisance_peak")
    mean = wide.mean(axis=1)
    return {
        "years": [f"’{y % 100:02d}" for y in wide.columns],
        "rows": [
            {
                "area": str(facts.areas["name"].get(place, place)),
                "total": float(values.sum()),
                "cells": [
                    {
                        "value": v,
                        "shade": int(np.ceil(STEPS * v / most)) if most else 0,
                        "peak": v > limit * mean[place],
                    }
                    for v in values.to_numpy(float)
                ],
            }
            for place, values in wide.iterrows()
        ],
        "peaks": int((wide.gt(limit * mean, axis=0)).to_numpy().sum()),
        "limit": limit,
    }


def again(facts: Facts) -> dict[str, Any]:
    """The streets where most reopening is to be expected, each with the sentence for its residents."""
    rest = rest_years(facts.streets, facts.agreements, facts.figures)
    tables = (facts.streets, facts.openings_past, facts.openings, facts.members)
    rows = reopening(*tables, rest, facts.figures, facts.settings)
    order = rows.sort_values(["too_soon", "reopenings"], ascending=False, kind="stable")
    named = order.assign(street=[facts.street(i) for i in order.index])
    worst = named.drop_duplicates("street").head(MOST)
    return {
        "measures": _measures(facts, AGAIN),
        "avoided": int(rows["avoided"].sum()),
        "rows": [
            {
                "street": r["street"],
                "opened": r["opened"],
                "planned": r["planned"],
                "too_soon": r["too_soon"],
                "expected": r["reopenings"],
                "sentence": say(sentence_code(r), r.to_dict(), facts.words.language),
            }
            for _, r in worst.iterrows()
        ],
    }


def windows(facts: Facts) -> dict[str, Any]:
    """Which windows matter: what freedom of so many years yields, and what is lost when one party keeps its own years.

    Counted anew from works and windows, with works that share an opening with a work of another party.
    """
    lying = free.held(
        facts.works, free.places(facts.works, facts.members), facts.streets, facts.figures, facts.settings
    )
    if lying.empty:
        return {}
    every = free.choices(lying, facts.figures)
    now = free.rounds(every, facts.figures)
    lost = free.by_party(every, facts.figures, facts.settings)
    years = free.by_years(lying, FREEDOM, facts.figures, facts.settings)
    return {
        "works": int(lying["work"].nunique()),
        "now": {"works": free.shared(now), "saving": float(now.drop_duplicates(["street", "round"])["net"].sum())},
        "alone": facts.score("silo", "works_shared"),
        "together": facts.score("together", "works_shared"),
        "years": years.to_dict("records"),
        "parties": [
            {"party": facts.party(p), **r.clip(lower=0).to_dict()} for p, r in lost.iterrows() if r["saving"] >= 1
        ],
    }


def apart(facts: Facts) -> dict[str, Any]:
    """When not to combine: the gravest warnings, with why."""
    rows = facts.clashes[facts.clashes["rule"].isin(APART)]
    rank = rows["severity"].map({"high": 0, "medium": 1}).fillna(2)
    ordered = rows.assign(rank=rank, kind=rows["rule"].map({r: i for i, r in enumerate(APART)}))
    ordered = ordered.sort_values(["rank", "kind", "amount"], ascending=[True, True, False], kind="stable")
    ordered = ordered.assign(name=[facts.street(s) for s in ordered["street"]]).drop_duplicates(["rule", "name"])
    few = ordered.groupby("rule", sort=False).head(2).head(MOST)
    return {
        "count": len(rows),
        "rows": [
            {
                "rule": facts.words.term("rule", r.rule),
                "severity": facts.words.term("severity", r.severity),
                "level": r.severity,
                "text": " ".join(x["text"] for x in facts.reasons_of("clashes", r.Index)[:1]),
            }
            for r in few.itertuples()
        ],
    }


def warned(facts: Facts, joint: pd.DataFrame) -> dict[str, str]:
    """Per opportunity in a few words why to look twice: the rules that warn about its works, or its lower end."""
    links = facts.members[facts.members["role"] == "work"]
    rule = facts.clashes.loc[facts.clashes["rule"].isin(APART), ["rule", "street"]]
    about = links[links["set"].isin(rule.index)].join(rule, on="set")
    works = links[links["set"].isin(joint.index)].join(joint["street"], on="set")
    met = works.merge(about, on=["member", "street"], suffixes=("", "_clash"))
    out = {
        str(i): ", ".join(facts.words.term("rule", r) for r in sorted(set(part)))
        for i, part in met.groupby("set")["rule"]
    }
    low = joint.index[(joint["value_low"] < 0).fillna(False)]
    return out | {i: ", ".join(filter(None, [out.get(i), facts.words.t("chances.low")])) for i in low}


def near(facts: Facts) -> dict[str, Any]:
    """Chances that only need a wider window, the most valuable first; and how many combinations were rejected."""
    frame = facts.opportunities
    rows = frame[frame["kind"] == "near_miss"].sort_values("net_saving", ascending=False, kind="stable")
    shown = rows.assign(name=rows["street"].map(facts.streets["name"])).drop_duplicates("name").index[: MOST // 2]
    return {
        "count": len(rows),
        "rejected": int((frame["kind"] == "rejected").sum()),
        "single": int((frame["kind"] == "single").sum()),
        "claim": int((frame["kind"] == "claim").sum()),
        "rows": [" ".join(x["text"] for x in facts.reasons_of("opportunities", i)[:1]) for i in shown],
    }


def stand(facts: Facts) -> list[dict[str, Any]]:
    """How far the talks are: opportunities per status, once somebody has touched one."""
    own = facts.opportunities[facts.opportunities["kind"].isin(["joint", "near_miss", "claim", "single", "lapsed"])]
    by = own.groupby(own["status"].fillna("found")).agg(
        count=("street", "size"), value=("value", "sum"), realised=("realised", "sum")
    )
    if set(by.index) <= {"found"}:
        return []
    return [{"status": facts.words.term("standing", s), **r.to_dict()} for s, r in by.iterrows()]


def hindered(facts: Facts) -> dict[str, Any]:
    """All of it."""
    return {
        "calendar": calendar(facts),
        "index": _measures(facts, INDEX),
        "access": _measures(facts, ACCESS),
        "again": again(facts),
        "parted": [x["text"] for x in facts.reasons_of("scores", "together|cut_off|")[1:][:MOST]],
        "worst": worst(facts),
        "passages": passages(facts),
    }


def passages(facts: Facts) -> list[str]:
    """The works that keep a passage, the dearest first: a condition that the contract has to name."""
    extra = facts.programme["passage"].astype(float)
    rows = facts.reasons[facts.reasons["code"] == "programme.passage"]
    order = rows["row"].map(extra).sort_values(ascending=False, kind="stable").index[:MOST]
    return [facts.sentence(rows.loc[i]) for i in order]


def worst(facts: Facts) -> list[dict[str, Any]]:
    """The streets whose residents bear most over all years: openings, days open, resident-days, worst year."""
    if facts.openings.empty:
        return []
    days = sites.resident_days(facts.openings, facts.streets, facts.figures, facts.settings)
    rows = sites.by_street(days).sort_values("resident_days", ascending=False, kind="stable").head(MOST)
    return [{"street": facts.street(i), **r.to_dict()} for i, r in rows.iterrows()]
