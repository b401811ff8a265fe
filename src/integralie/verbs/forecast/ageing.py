"""Works that ageing assets will need: assets of one kind and owner in one street section, close in time, become one
work.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.near import streets_of
from integralie.schema.notes import because, finding
from integralie.settings import Settings
from integralie.verbs.forecast import money
from integralie.verbs.forecast.ages import ages, lives, window
from integralie.verbs.forecast.part import Part

MEASURES = {"m": "m", "m2": "m²", "piece": "×"}


def programmable(assets: pd.DataFrame) -> pd.DataFrame:
    """The assets that may need a work: in use, of a kind that is programmed."""
    wanted = [n for n, k in kinds().items() if k.programmed]
    return assets[assets["kind"].isin(wanted) & ~assets["status"].isin(["disused", "projected"])]


def parts(assets: pd.DataFrame, streets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Assets cut over street sections: rows `object, street, share, quantity`; an indivisible kind stays in its
    longest section.
    """
    cut = streets_of(assets, streets, figures.value("street_reach"))
    cut["quantity"] = (cut["share"] * cut["object"].map(money.quantities(assets))).round(2)
    whole = (
        cut["object"].map(assets["kind"]).map({n: k.indivisible for n, k in kinds().items()}).fillna(False).astype(bool)
    )
    cut["group"] = np.where(whole, cut["object"], cut["street"])
    return cut


def aged(
    assets: pd.DataFrame,
    cut: pd.DataFrame,
    streets: pd.DataFrame,
    areas: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> pd.DataFrame:
    """Each part with the window of its asset: what `ages`, `lives` and `window` say, and the owner."""
    main = (
        cut.sort_values(["object", "share", "street"], ascending=[True, False, True])
        .drop_duplicates("object")
        .set_index("object")["street"]
    )
    known = assets.loc[assets.index.isin(main.index)]
    year = ages(known, main.reindex(known.index), streets["area"], areas)
    curve = lives(known, year["year"], figures)
    when = window(year["year"], curve, known["condition"], figures, settings)
    cost = money.unit_costs(known, figures, settings)
    facts = pd.concat(
        [
            known[["kind", "party", "sharing"]],
            year,
            curve[["life", "status"]].rename(columns={"status": "life_status"}),
            curve["figure"].rename("life_figure"),
            when,
            cost["unit_cost"],
            cost["figure"].rename("cost_figure"),
        ],
        axis=1,
    )
    return cut.merge(facts, left_on="object", right_index=True, how="left")


def groups(rows: pd.DataFrame, gap: float) -> pd.DataFrame:
    """Each part with the work it belongs to: parts whose best years lie within `gap` years, counted from the
    earliest, go together.
    """
    key = ["group", "kind", "party"]
    filled = rows.assign(party=rows["party"].astype(object).where(rows["party"].notna(), ""))
    first = filled.groupby(key)["preferred"].transform("min")
    step = np.floor((rows["preferred"] - first) / gap).astype(int)
    order = pd.DataFrame({**{k: filled[k] for k in key}, "step": step})
    rank = order.groupby(key)["step"].rank(method="dense").astype(int)
    name = (
        "work:" + rows["kind"] + ":" + filled["group"].astype(str).str.replace("^street:|^asset:", "", regex=True) + ":"
    )
    owner = filled["party"].str.replace("^party:", "", regex=True)
    return rows.assign(work=name + owner + ":" + rank.astype(str))


def _weighted(rows: pd.DataFrame, column: str) -> pd.Series:
    weight = rows["quantity"].clip(lower=0.01)
    total = (rows[column].astype(float) * weight).groupby(rows["work"]).sum()
    return total / weight.groupby(rows["work"]).sum()


def _worst(quality: pd.Series) -> str:
    return next((q for q in ("assumed", "default", "registered", "measured") if (quality == q).any()), "registered")


def _halfup(values: pd.Series) -> pd.Series:
    return np.floor(values.round(6) + 0.5).astype("Int64")


def works(rows: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """One row per work, from its parts: sums of quantity and money, averages of years weighted by quantity."""
    by = rows.groupby("work")
    place = (
        rows.sort_values(["work", "quantity", "street"], ascending=[True, False, True])
        .drop_duplicates("work")
        .set_index("work")
    )
    out = pd.DataFrame(
        {
            "kind": place["kind"],
            "party": place["party"],
            "street": place["street"],
            "quantity": by["quantity"].sum().round(2),
            "year_built": _halfup(_weighted(rows, "year")),
            "year_built_quality": by["quality"].agg(_worst),
            "life": _weighted(rows, "life").round(1),
            "earliest": _halfup(_weighted(rows, "earliest")),
            "preferred": _halfup(_weighted(rows, "preferred")),
            "latest": _halfup(_weighted(rows, "latest")),
            "probability": _weighted(rows, "probability").round(3),
            "sharing": by["sharing"].min().fillna(0),
            "cost": (rows["quantity"] * rows["unit_cost"]).groupby(rows["work"]).sum().round(2),
            "assets": by["object"].nunique(),
            "life_figure": place["life_figure"],
            "cost_figure": place["cost_figure"],
            "material": np.nan,
        }
    )
    out["surface"] = out["street"].map(streets["surface"])
    out["surface_cost"] = money.surface_costs(out, figures, settings)
    out["duration"] = money.days(out, figures)
    table = kinds()
    for column in ("discipline", "depth"):
        out[column] = out["kind"].map({n: getattr(k, column) for n, k in table.items()})
    where = out["street"].map(streets["name"]).astype(object).where(lambda s: s.notna(), out["street"])
    out["name"] = out["kind"].map({n: k.label_nl.capitalize() for n, k in table.items()}) + " " + where.astype(str)
    return out.assign(action="renew", certainty="low", geometry=out["street"].map(streets.geometry))


def clipped(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Works whose window opens within the programme; what is overdue starts in the first year."""
    first, last = settings.years[0], settings.years[-1]
    kept = frame[frame["earliest"] <= last].copy()
    for column in ("earliest", "preferred", "latest"):
        kept[column] = kept[column].clip(lower=first)
    return kept


def members(rows: pd.DataFrame, kept: pd.Index) -> pd.DataFrame:
    """The long form: which assets and which street sections each work has, and how much of each."""
    own = rows[rows["work"].isin(kept)]
    asset = (
        own.groupby(["work", "object"])["quantity"]
        .sum()
        .round(2)
        .reset_index()
        .rename(columns={"object": "member"})
        .assign(role="asset")
    )
    street = (
        own.groupby(["work", "street"])["quantity"]
        .sum()
        .round(2)
        .reset_index()
        .rename(columns={"street": "member"})
        .assign(role="street")
    )
    out = pd.concat([asset, street], ignore_index=True).rename(columns={"work": "set", "quantity": "amount"})
    return out.assign(id=out["set"] + "|" + out["member"], verb="forecast")


def reasons(kept: pd.DataFrame) -> list[pd.DataFrame]:
    """Why there is a work in that window at that cost, with the figure behind each."""
    told = kept[["name", "assets", "year_built", "life", "earliest", "preferred", "latest"]].assign(
        percent=100 * kept["probability"]
    )
    money_told = kept[["name", "quantity", "cost", "surface_cost"]].assign(
        measure=kept["kind"].map({n: MEASURES[k.measure] for n, k in kinds().items()})
    )
    assumed = kept[kept["year_built_quality"] == "assumed"]
    return [
        because("works", "forecast.age", told, kept["life_figure"]),
        because("works", "forecast.assumed", assumed[["year_built"]], step=1),
        because("works", "forecast.cost", money_told, kept["cost_figure"], step=2),
    ]


def findings(assets: pd.DataFrame, placed: pd.Index, dated: pd.Index) -> list[pd.DataFrame]:
    """Assets that could not become a work, counted per kind: no street section near, or no year known."""
    homeless = assets[~assets.index.isin(placed)].groupby("kind").size()
    ageless = assets[assets.index.isin(placed) & ~assets.index.isin(dated)].groupby("kind").size()
    said = {n: k.label_nl for n, k in kinds().items()}
    made = []
    for rule, counts, severity in (
        ("assets_without_street", homeless, "note"),
        ("assets_without_year", ageless, "warning"),
    ):
        values = pd.DataFrame({"count": counts, "kind": counts.index.map(said)})
        made.append(
            finding(rule, "assets", [f"kind={k}" for k in counts.index], values, severity, "geen werk voorspeld")
        )
    return made


def ageing(
    streets: pd.DataFrame, areas: pd.DataFrame, assets: pd.DataFrame, figures: Figures, settings: Settings
) -> Part:
    """Works, their members, and what there is to say about them, from assets alone."""
    wanted = programmable(assets)
    cut = parts(wanted, streets, figures)
    rows = aged(wanted, cut, streets, areas, figures, settings)
    dated = rows[rows["preferred"].notna()]
    said = findings(wanted, pd.Index(cut["object"].unique()), pd.Index(dated["object"].unique()))
    if dated.empty:
        return Part(findings=said)
    grouped = groups(dated, figures.value("works_group_gap"))
    kept = clipped(works(grouped, streets, figures, settings), settings)
    return Part(kept, members(grouped, kept.index), reasons(kept), said)
