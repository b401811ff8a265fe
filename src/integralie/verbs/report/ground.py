"""What the report rests on: how values are known, assumed years, figures used, together against alone."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import pandas as pd

from integralie.kinds import kinds
from integralie.paper.facts import ORDER, WEAK, Facts
from integralie.schema.frames import QUALITY
from integralie.verbs.report import street

SIGNS = {"firm": "✓", "indicative": "≈", "placeholder": "◇", "gap": "?"}
MEASURES = (
    "works_programmed",
    "works_deferred",
    "works_later",
    "years_moved",
    "direct_cost",
    "work_cost",
    "opening_cost",
    "present_cost",
    "openings",
    "joint_openings",
    "openings_several_parties",
    "openings_avoided",
    "days_open",
    "dwelling_days",
    "nuisance",
    "objective",
)
HIDDEN: tuple[str, ...] = (
    "lower_bound",
    "gap",
    "works",
    "works_on_time",
    "share_paid",
    "share_alone",
    "share_saving",
    "nuisance_peaks",
    "dig_damage_cost",
    *street.PRICE,
    *street.ACCESS,
    *street.INDEX,
    *street.AGAIN,
)


def quality(facts: Facts) -> list[dict[str, Any]]:
    """Per kind that is programmed: how the year of construction is known, as shares."""
    wanted = [k.name for k in kinds().values() if k.programmed]
    frame = facts.assets[facts.assets["kind"].isin(wanted)]
    how = frame["year_built_quality"].where(frame["year_built"].notna(), "unknown").fillna("registered")
    table = pd.crosstab(frame["kind"], how).reindex(columns=list(QUALITY), fill_value=0)
    made = []
    for name, row in table.iterrows():
        kind, total = kinds()[str(name)], int(row.sum())
        label = kind.label_nl if facts.words.language == "nl" else kind.label
        made.append({"kind": label, "count": total, "shares": {q: row[q] / total for q in QUALITY}})
    return sorted(made, key=lambda r: (-r["count"], r["kind"]))


def _areas(facts: Facts, assets: gpd.GeoDataFrame) -> pd.Series:
    """The area of each asset: by its street, or else by where it lies."""
    areas = assets["street"].map(facts.streets["area"]).astype(object)
    lost = assets[areas.isna() & assets.geometry.notna()]
    outlines = facts.areas[facts.areas.geometry.notna() & (facts.areas["level"] == "neighbourhood")]
    if len(lost) and len(outlines):
        points = gpd.GeoDataFrame(geometry=lost.geometry.representative_point(), crs=lost.crs)
        hits = gpd.sjoin(points, outlines[["geometry"]], predicate="within")
        found = hits[~hits.index.duplicated()].iloc[:, -1]
        areas = areas.where(areas.notna(), found.reindex(areas.index))
    return areas


def assumed(facts: Facts) -> list[dict[str, Any]]:
    """Areas whose assets carry an assumed year: how many, and which years."""
    rows = facts.assets[(facts.assets["year_built_quality"] == "assumed") & facts.assets["year_built"].notna()]
    if rows.empty:
        return []
    labels = _areas(facts, rows).fillna("")
    made = []
    for area, part in rows.groupby(labels.to_numpy(), sort=True):
        name = facts.areas["name"].get(area, facts.words.t("area_unknown")) if area else facts.words.t("area_unknown")
        made.append(
            {
                "area": name,
                "count": len(part),
                "years": facts.words.years(part["year_built"].min(), part["year_built"].max()),
            }
        )
    return sorted(made, key=lambda r: (-r["count"], r["area"]))


def rules(facts: Facts) -> list[dict[str, Any]]:
    """The rules of the game that the study holds."""
    made = []
    for row in facts.agreements.itertuples():
        value = (
            f"{facts.words.num(row.value)} {facts.words.term('unit', row.unit)}"
            if pd.notna(row.value) and pd.notna(row.unit)
            else facts.words.num(row.value)
        )
        made.append(
            {
                "rule": facts.words.term("rule", row.rule),
                "party": facts.party(row.party) if pd.notna(row.party) else facts.words.t("all_parties"),
                "where": facts.words.t("everywhere")
                if pd.isna(row.applies_to)
                else str(row.applies_to).replace("_", " "),
                "value": value,
                "hard": None if pd.isna(row.hard) else bool(row.hard),
                "rank": facts.words.term("rank", row.rank),
                "source": row.source,
            }
        )
    return made


def _source(text: str) -> dict[str, str | None]:
    """A source as words and, when it names one, the address to read it."""
    hit = re.search(r"https?://[^\s\"<>]+", text)
    return {
        "text": re.sub(r"\s*https?://\S+", "", text).strip() or text,
        "link": hit.group(0).rstrip(").,;") if hit else None,
    }


def figures_used(facts: Facts) -> list[dict[str, Any]]:
    """Every figure that a reason leans on, the weakest first, with how often."""
    counts = facts.reasons["figure"].dropna().value_counts()
    own = {f.id for f in facts.figures.own}
    made = []
    for name, count in counts.items():
        figure = facts.figures.by_id.get(str(name))
        if figure is None:
            continue
        made.append(
            {
                "figure": figure,
                "count": int(count),
                "own": figure.id in own,
                "sign": SIGNS[figure.status],
                "weak": figure.status in WEAK,
                "what": facts.words.term("figure", figure.figure),
                "where": _where(facts, figure.where),
                "source": _source(figure.source),
            }
        )
    return sorted(made, key=lambda r: (-ORDER.index(r["figure"].status), -r["count"], r["figure"].id))


def _where(facts: Facts, where: str) -> str:
    """When a figure holds, in words: kinds by their own name."""
    words = []
    for pair in where.split():
        column, _, value = pair.partition("=")
        names = [
            (k.label_nl if facts.words.language == "nl" else k.label)
            if (k := kinds().get(v))
            else facts.words.term(column, v)
            for v in value.split(",")
        ]
        words.append(
            " / ".join(names) if column == "kind" else f"{facts.words.term('column', column)} {' / '.join(names)}"
        )
    return ", ".join(words)


def unknown_figures(facts: Facts) -> list[str]:
    """Figure ids in reasons that no figures file knows: said, never dropped."""
    return sorted(set(facts.reasons["figure"].dropna()) - set(facts.figures.by_id))


def together(facts: Facts) -> dict[str, Any] | None:
    """Together against everyone alone: each measure in both, and the saving as an interval."""
    rows = facts.scores[facts.scores["party"].isna() & facts.scores["place"].isna()]
    if not {"together", "silo"} <= set(rows["variant"]):
        return None
    wide = rows.pivot_table(index="indicator", columns="variant", values="value", aggfunc="first", sort=True)
    units = rows.groupby("indicator")["unit"].first()
    table = [
        {
            "name": facts.words.term("score", name),
            "indicator": name,
            "unit": units.get(name),
            "together": row.get("together"),
            "silo": row.get("silo"),
        }
        for name, row in wide.reindex(_ordered(wide.index)).iterrows()
    ]
    return {"rows": table, "saving": interval(facts), "proven": facts.score("silo", "lower_bound") is not None}


def _ordered(found: pd.Index) -> list[str]:
    """Measures in the order of the story; those that this page does not know come last, none is dropped."""
    return [m for m in MEASURES if m in found] + [m for m in found if m not in (*MEASURES, *HIDDEN)]


def interval(facts: Facts) -> tuple[float, float] | None:
    """What together saves: at least bound of alone - plan together, at most plan alone - bound of together."""
    plan, alone, floor = (
        facts.score(*of) for of in (("together", "objective"), ("silo", "objective"), ("silo", "lower_bound"))
    )
    if plan is None or alone is None:
        return None
    return (alone if floor is None else floor) - plan, alone - (plan if facts.bound is None else facts.bound)


def per_party(facts: Facts) -> list[dict[str, Any]]:
    """What each party pays for its openings together, and what it would pay alone."""
    frame = facts.shares.groupby("party", sort=True)[["amount", "alone", "saving"]].sum(min_count=1)
    frame = frame.sort_values("saving", ascending=False, kind="stable")
    return [{"party": facts.party(p), **{c: float(r[c]) for c in frame.columns}} for p, r in frame.iterrows()]
