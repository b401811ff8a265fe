"""Works that parties have planned: each plan that can be placed and paid becomes one work."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.near import streets_of
from integralie.schema.notes import because, finding
from integralie.settings import Settings
from integralie.verbs.forecast import money
from integralie.verbs.forecast.part import Part

GONE = ("done", "withdrawn")
COMMITTED = ("tendered", "in_execution")
YEARS = ("earliest", "preferred", "latest")


def windows(plans: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """The window of each plan: earliest, preferred, latest, all known or all unknown.

    A year outside the plausible range counts as unknown. A missing earliest or latest year is filled from the
    preferred year, a missing preferred year from the middle of the window. A window that ends before it begins keeps
    its preferred year only, and is unknown without one.
    """
    low, high = figures.value("year_plausible", end="first"), figures.value("year_plausible", end="last")
    year = plans[list(YEARS)].astype("Float64")
    year = year.where((year >= low) & (year <= high))
    reversed_ = (year["earliest"] > year["latest"]).fillna(False)
    early, late = year["earliest"].mask(reversed_), year["latest"].mask(reversed_)
    best = year["preferred"].fillna(np.floor((early + late) / 2)).fillna(early).fillna(late)
    early, late = early.fillna(best), late.fillna(best)
    out = pd.DataFrame(
        {"earliest": np.minimum(early, best), "preferred": best, "latest": np.maximum(late, best)}
    ).astype("Int64")
    return out.clip(lower=settings.first)


def places(plans: pd.DataFrame, streets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """The street sections of each plan: the one it names, those it lies in, or all sections with the street name it
    gives.
    """
    near = streets_of(plans, streets, figures.value("street_reach"))
    left = plans.loc[~plans.index.isin(near["object"]), "street_name"].dropna()
    named = streets.reset_index()[["id", "name"]].dropna().rename(columns={"id": "street", "name": "street_name"})
    by_name = left.rename_axis("object").reset_index().merge(named, on="street_name").drop(columns="street_name")
    by_name["share"] = 1 / by_name.groupby("object")["object"].transform("size")
    return pd.concat([near, by_name], ignore_index=True)


def _longest(place: pd.DataFrame, streets: pd.DataFrame) -> pd.Series:
    size = place["share"] * place["street"].map(streets.geometry.length).round(2)
    order = place.assign(size=size).sort_values(["object", "size", "street"], ascending=[True, False, True])
    return order.drop_duplicates("object").set_index("object")["street"]


def _estimated(frame: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """Cost per unit times street length for plans about a line kind without a cost of their own; others stay unknown."""
    lines = frame[frame["kind"].map({n: k.measure for n, k in kinds().items()}).eq("m") & frame["length"].notna()]
    if lines.empty:
        return pd.DataFrame({"cost": pd.Series(dtype=float), "figure": pd.Series(dtype=object)})
    unit = money.unit_costs(lines.assign(material=np.nan, diameter=np.nan), figures, settings)
    return pd.DataFrame({"cost": (unit["unit_cost"] * lines["length"]).round(2), "figure": unit["figure"]})


def _frame(
    plans: pd.DataFrame, place: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """The plans with their window, street, length and cost; the columns of a work."""
    when = windows(plans, figures, settings)
    out = pd.DataFrame(plans.drop(columns=["geometry", *YEARS])).join(when)
    out["street"] = _longest(place, streets).reindex(plans.index)
    out["length"] = (
        (place["share"] * 0 + place["street"].map(streets.geometry.length))
        .groupby(place["object"])
        .sum()
        .round(2)
        .reindex(plans.index)
    )
    out["told_cost"] = out["cost"].where(out["cost"] > 0)
    guess = _estimated(out[out["told_cost"].isna()], figures, settings)
    out["cost"] = out["told_cost"].fillna(guess["cost"].reindex(out.index))
    out["cost_figure"] = guess["figure"].reindex(out.index)
    return out


def _dressed(out: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """The columns that follow from kind and street: discipline, depth, life, quantity, paving, days."""
    table = kinds()
    known = out["kind"].isin(table)
    kind = out["kind"].where(known, "carriageway")
    out["discipline"] = kind.map({n: k.discipline for n, k in table.items()})
    out["depth"] = kind.map({n: k.depth for n, k in table.items()})
    measure = kind.map({n: k.measure for n, k in table.items()})
    out["quantity"] = np.select([measure == "m"], [out["length"]], np.nan)
    asked = pd.DataFrame({"kind": kind.where(kind.map({n: k.programmed for n, k in table.items()}), "carriageway")})
    out["life"] = figures.lookup("service_life", asked)["value"].astype(float)
    paved = out.assign(kind=kind, quantity=out["quantity"].fillna(0.0), surface=out["street"].map(streets["surface"]))
    out["surface_cost"] = money.surface_costs(paved, figures, settings).clip(upper=out["cost"])
    days = pd.Series(
        np.where(out["quantity"].notna(), money.days(paved.assign(kind=asked["kind"]), figures), np.nan),
        index=out.index,
    )
    out["duration"] = out["duration"].where(out["duration"] > 0).fillna(days).fillna(figures.value("days_unknown"))
    out["geometry"] = out["street"].map(streets.geometry)
    return out


def committed(out: pd.DataFrame) -> pd.Series:
    """The year that is fixed, for plans that are tendered or being carried out."""
    return out["preferred"].where(out["phase"].isin(COMMITTED)).astype("Int64")


def _findings(out: pd.DataFrame, placed: pd.Index) -> tuple[pd.Series, list[pd.DataFrame]]:
    """Which plans cannot be programmed, and the finding for each: no place, no year, no cost."""
    unplaced = ~out.index.isin(placed)
    undated, unpaid = out["preferred"].isna().to_numpy(), out["cost"].isna().to_numpy()
    made, lost = [], np.zeros(len(out), bool)
    for rule, mask in (
        ("plan_without_place", unplaced),
        ("plan_without_year", undated),
        ("plan_without_cost", unpaid),
    ):
        rows = out[mask & ~lost]
        made.append(finding(rule, "plans", rows.index, rows[["name"]], "error", "niet geprogrammeerd"))
        lost |= mask
    return pd.Series(lost, index=out.index), made


def _reasons(kept: pd.DataFrame) -> list[pd.DataFrame]:
    told = kept[["name", "party", "earliest", "preferred", "latest"]].assign(plan=kept["plan"])
    guessed = kept[kept["told_cost"].isna()]
    fixed = kept[kept["fixed"].notna()]
    return [
        because("works", "forecast.plan", told),
        because("works", "forecast.plan_cost", guessed[["cost", "length"]], guessed["cost_figure"], step=1),
        because("works", "forecast.committed", fixed[["fixed", "phase"]], step=2),
    ]


def planned(streets: pd.DataFrame, plans: pd.DataFrame, figures: Figures, settings: Settings) -> Part:
    """Works, members and what there is to say, from plans alone; plans that are done or withdrawn are left out."""
    live = plans[~plans["phase"].isin(GONE)]
    if live.empty:
        return Part()
    place = places(live, streets, figures)
    out = _frame(live, place, streets, figures, settings)
    lost, said = _findings(out, pd.Index(place["object"].unique()))
    late = out["earliest"] > settings.years[-1]
    kept = _dressed(out[~lost & ~late.fillna(False)].copy(), streets, figures, settings)
    kept["plan"] = kept.index
    kept.index = "work:" + kept.index
    kept["fixed"] = committed(kept)
    kept["action"] = kept["action"].fillna("renew")
    kept["sharing"] = kept["sharing"].fillna(0)
    rows = place[place["object"].isin(kept["plan"])]
    amount = rows["street"].map(streets.geometry.length).round(2) * 1.0
    long = pd.DataFrame(
        {
            "set": "work:" + rows["object"],
            "member": rows["street"],
            "role": "street",
            "amount": amount,
            "verb": "forecast",
        }
    )
    long["id"] = long["set"] + "|" + long["member"]
    return Part(kept, long, _reasons(kept), said)
