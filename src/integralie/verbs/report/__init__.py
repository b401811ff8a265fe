"""The report: one page that says what the programme is, why, what it costs, who pays, and what it rests on."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from integralie.figures import Figures
from integralie.paper.facts import ORDER, Facts
from integralie.paper.pages import render, write_text
from integralie.paper.words import Words
from integralie.settings import Settings
from integralie.verbs.report import drawings, ground, quarters, sections, street
from integralie.verbs.report import room as underground

WRITES: tuple[str, ...] = ()
PARTS = (
    "summary",
    "maps",
    "money",
    "time",
    "quarters",
    "openings",
    "choices",
    "deferred",
    "chances",
    "hindrance",
    "room",
    "together",
    "data",
    "assumptions",
    "figures",
    "method",
)


def report(
    parties: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    assets: gpd.GeoDataFrame,
    plans: gpd.GeoDataFrame,
    claims: gpd.GeoDataFrame,
    capacity: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: gpd.GeoDataFrame,
    works: gpd.GeoDataFrame,
    opportunities: gpd.GeoDataFrame,
    clashes: gpd.GeoDataFrame,
    members: pd.DataFrame,
    room: gpd.GeoDataFrame,
    options: pd.DataFrame,
    uses: pd.DataFrame,
    programme: gpd.GeoDataFrame,
    openings: gpd.GeoDataFrame,
    prices: pd.DataFrame,
    phases: gpd.GeoDataFrame,
    loads: pd.DataFrame,
    shares: pd.DataFrame,
    scores: pd.DataFrame,
    findings: pd.DataFrame,
    reasons: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    language: str = "nl",
) -> str:
    """One self-contained HTML page about the whole programme, in Dutch (`nl`) or English (`en`).

    Every amount is a sum of rows of the tables and nothing is computed anew. An amount that leans on a placeholder
    figure carries the mark ◇ wherever it stands: the reasons of the work, or of any work in the opening, name the
    figure. A table that is empty is said to be missing, with the step that would fill it. The page loads nothing
    from elsewhere, needs no script and prints on A4.

    *Reads* all tables named above (EUR at the price level of the settings, metres in RD New). *Writes* nothing:
    `write` keeps the page.

    *Raises* DataError for a language that there are no texts for.
    """
    given = dict(locals())
    words = Words(given.pop("language"))
    tables = {k: v.sort_index(kind="stable") for k, v in given.items() if k not in ("figures", "settings")}
    facts = Facts(tables, figures, settings, words)
    return render("verbs/report/report.html.j2", words, s=settings, **_drawn(facts), **_said(facts))


def _drawn(facts: Facts) -> dict[str, object]:
    """The drawings, each empty where there is nothing to draw."""
    paper = drawings.sheet(facts)
    rows = drawings.time_rows(facts)
    none = Markup("")
    return {
        "map_programme": drawings.programme_map(facts, paper, drawings.base(facts, paper)) if paper else none,
        "map_joint": drawings.joint_map(facts, paper) if paper and len(facts.joint) else none,
        "map_crowding": (drawings.crowding_map(facts, paper) if paper else None) or none,
        "crowding_legend": drawings.crowding_legend(facts),
        "year_classes": drawings.year_classes(facts),
        "chart_money": drawings.money(facts) if len(facts.money) else none,
        "chart_time": drawings.timeline(facts, rows) if rows else none,
        "time_rows": [{"name": n, "years": _opened(o), "works": len(k)} for n, o, k in rows],
    }


def _opened(openings: pd.DataFrame) -> list[str]:
    """The years in which a street opens, with the number of works."""
    works = openings.groupby("period", sort=True)["works"].sum()
    return [f"{int(year)} ({int(count)})" for year, count in works.items()]


def _said(facts: Facts) -> dict[str, object]:
    """The content of every section."""
    return {
        "sum": sections.summary(facts),
        "verdict": facts.verdict,
        "missing": sections.missing(facts),
        "money": sections.money_table(facts),
        "openings": sections.openings(facts),
        "decisions": sections.decisions(facts),
        "deferred": sections.deferred(facts),
        "chances": sections.chances(facts),
        "clashes": sections.clashes(facts),
        "room": underground.summary(facts),
        "profiles": underground.drawn(facts),
        "quarters": quarters.quarters(facts),
        "scarcity": sections.scarcity(facts),
        "findings": sections.findings(facts),
        "quality": ground.quality(facts),
        "assumed": ground.assumed(facts),
        "rules": ground.rules(facts),
        "figures": ground.figures_used(facts),
        "lost": ground.unknown_figures(facts),
        "hindrance": street.hindered(facts),
        "price": street.price(facts),
        "price_more": street.more_works(facts),
        "together": ground.together(facts),
        "together_parties": ground.per_party(facts),
        "parts": PARTS,
        "status": facts.money_status.to_dict(),
        "ORDER": ORDER,
        "SIGNS": ground.SIGNS,
    }


def write(path: str | Path, page: str) -> Path:
    """Keep the page in a file: whole or not at all."""
    return write_text(path, page)
