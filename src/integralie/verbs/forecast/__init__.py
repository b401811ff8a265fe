"""Forecast: what work is coming, from plans and from ageing assets."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.frames import empty, table
from integralie.schema.notes import because, gather
from integralie.settings import Settings
from integralie.verbs.forecast.ageing import ageing
from integralie.verbs.forecast.planned import planned

WRITES = ("works", "members", "findings", "reasons")
REPLACES = ("renew", "renovate", "remove", "redesign")


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[c for c in frame.columns if c in table("works").columns]]


def covered(aged: pd.DataFrame, plans: pd.DataFrame, gap: float) -> pd.Series:
    """For each forecast work the planned work that already covers it: same kind, owner and street, best years within
    `gap`.
    """
    if aged.empty or plans.empty:
        return pd.Series(index=aged.index, dtype="object")
    key = ["street", "kind", "party"]
    ours = plans[plans["action"].isin(REPLACES)].rename_axis("by").reset_index()[["by", *key, "preferred"]]
    pairs = (
        aged.rename_axis("work").reset_index()[["work", *key, "preferred"]].merge(ours, on=key, suffixes=("", "_plan"))
    )
    near = (
        pairs[(pairs["preferred"] - pairs["preferred_plan"]).abs() <= gap]
        .sort_values(["work", "by"])
        .drop_duplicates("work")
    )
    return near.set_index("work")["by"].reindex(aged.index)


def forecast(
    areas: pd.DataFrame,
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    plans: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """The works that are coming: every plan that can be placed and paid, and every renewal that ageing assets will
    ask for.

    Assets of one kind and one owner in one street section become one work when their best years lie within
    `works_group_gap` years. The best year is the year by which half of such assets, having reached this age, will
    have failed; the curve is Weibull through the published typical and least service life. An asset without a known
    year gets no work, unless somebody has decided that the year of its area may stand in: then the work says so. A
    plan to renew covers the forecast for the same kind, owner and street. A plan without place, year or cost is told
    as a finding and not programmed.

    Reads
        areas (year_built and its quality), streets (geometry m, surface, area), assets (kind, year_built, material,
        diameter mm, condition, geometry m), plans (window, cost EUR, phase, street or geometry).
    Writes
        works (cost EUR at the price level of the study, duration working days), members (assets and streets of each
        work), reasons, findings.
    Source
        Conditional Weibull after figures.md section 2; figures `service_life`, `unit_cost`, `trench_width`, `output`.

    >>> import integralie as itg
    >>> study = itg.town(size="small")
    >>> works = itg.take(study, "forecast").works
    >>> bool((works.earliest <= works.latest).all())
    True
    """
    aged = ageing(streets, areas, assets, figures, settings)
    told = planned(streets, plans, figures, settings)
    by = covered(aged.works, told.works, figures.value("works_group_gap"))
    free = by[by.isna()].index
    taken = by.dropna()
    kept = [
        f
        for f in (
            _columns(aged.works.loc[free]) if len(free) else None,
            _columns(told.works) if len(told.works) else None,
        )
        if f is not None
    ]
    works = pd.concat(kept) if kept else empty("works")
    works.index.name = "id"
    return {
        "works": works,
        "members": _members(aged.members, told.members, taken),
        "reasons": gather([*_only(aged.reasons, works.index), *told.reasons, _covers(taken, aged.works)], "reasons"),
        "findings": gather([*aged.findings, *told.findings], "findings"),
    }


def _members(aged: pd.DataFrame, told: pd.DataFrame, taken: pd.Series) -> pd.DataFrame:
    """All members; the assets of a forecast that a plan covers go over to that plan."""
    parts = []
    if len(aged):
        moved = aged["set"].map(taken.astype("object"))
        parts.append(aged[moved.isna()])
        over = aged[moved.notna() & (aged["role"] == "asset")]
        over = over.assign(set=moved[over.index].astype("str"))
        parts.append(over.assign(id=over["set"] + "|" + over["member"]).drop_duplicates("id"))
    parts += [told] if len(told) else []
    return pd.concat(parts, ignore_index=True) if parts else empty("members").reset_index()


def _only(reasons: list[pd.DataFrame], kept: pd.Index) -> list[pd.DataFrame]:
    return [r[r["row"].isin(kept)] for r in reasons]


def _covers(taken: pd.Series, aged: pd.DataFrame) -> pd.DataFrame:
    """On each covering plan: which forecast it takes in, told once per plan."""
    if taken.empty:
        return empty("reasons").reset_index()
    first = (
        aged.loc[taken.index].assign(by=taken).sort_values(["by", "preferred"]).drop_duplicates("by").set_index("by")
    )
    return because("works", "forecast.covers", first[["assets", "preferred", "life"]], first["life_figure"], step=3)
