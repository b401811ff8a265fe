"""Opportunities (koppelkansen): works in one street section whose windows meet, and the best year to do them
together.
"""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.notes import because
from integralie.schema.opening import joint_days, moving_cost, rates
from integralie.settings import Settings

ROUNDS = 3  # a section can hold at most so many opportunities after one another


def choices(
    works: pd.DataFrame, places: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """Every work that opens a street, in every section it lies in, in every year of its window, with what moving it
    there costs.

    A year in which moving costs more than the work could ever save by joining is left out.
    """
    opens = works[(works["depth"] != "none") & works["depth"].notna()]
    own = opens[
        [
            "party",
            "preferred",
            "earliest",
            "latest",
            "cost",
            "surface_cost",
            "duration",
            "life",
            "fixed",
            "sharing",
        ]
    ]
    held = places.join(own, on="set", how="inner").join(
        rates(streets, figures, settings)[["site", "traffic"]], on="member"
    )
    first = held["fixed"].fillna(held["earliest"]).clip(lower=settings.years[0])
    last = held["fixed"].fillna(held["latest"]).clip(upper=settings.years[-1])
    span = (last - first + 1).clip(lower=0).astype(int)
    rows = held.loc[held.index.repeat(span)].reset_index(drop=True)
    start = first.repeat(span).reset_index(drop=True).astype(int)
    rows["year"] = start + rows.groupby(["set", "member"]).cumcount()
    rows["moving"] = moving_cost(rows, rows["year"], figures) * rows["share"]
    for column in ("surface_cost", "duration"):
        rows[column] = rows[column].fillna(0.0) * rows["share"]
    most = rows["site"] + rows["duration"] * rows["traffic"] + rows["surface_cost"]
    return rows[rows["moving"] <= most].rename(columns={"set": "work", "member": "street"})


def _years(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Per street and year what a joint opening of all works that can take part would save and cost."""
    by = rows.groupby(["street", "year"])
    out = by.agg(
        works=("work", "nunique"),
        parties=("party", "nunique"),
        site=("site", "first"),
        traffic=("traffic", "first"),
        surface=("surface_cost", "sum"),
        widest=("surface_cost", "max"),
        days=("duration", "sum"),
        longest=("duration", "max"),
        moving=("moving", "sum"),
        sharing=("sharing", "min"),
    )
    together = joint_days(out["days"], out["longest"], figures)
    out["saving"] = (
        (out["works"] - 1) * out["site"] + (out["days"] - together) * out["traffic"] + out["surface"] - out["widest"]
    ).round(2)
    out["net"] = (out["saving"] - out["moving"]).round(2)
    return out.reset_index()


def best(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Per street section the year with the largest net saving (the earliest of equals), when it is worth it."""
    years = _years(rows, figures)
    good = years[(years["works"] >= 2) & (years["net"] > 0)]
    return good.sort_values(["street", "net", "year"], ascending=[True, False, True]).drop_duplicates("street")


def opportunities(
    works: pd.DataFrame, places: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All opportunities and their members; a work belongs to at most one opportunity in a section."""
    left = choices(works, places, streets, figures, settings)
    made, held = [], []
    for round_ in range(1, ROUNDS + 1):
        top = best(left, figures)
        if top.empty:
            break
        top["id"] = "opportunity:" + top["street"].str.removeprefix("street:") + f":{round_}"
        joined = left.merge(top[["street", "year", "id"]], on=["street", "year"])
        window = (
            joined.join(works[["earliest", "latest"]], on="work", suffixes=("", "_w"))
            .groupby("id")
            .agg(period_from=("earliest", "max"), period_to=("latest", "min"))
        )
        made.append(top.join(window, on="id"))
        held.append(joined[["id", "work", "duration"]])
        taken = pd.MultiIndex.from_frame(joined[["street", "work"]])
        left = left[~pd.MultiIndex.from_frame(left[["street", "work"]]).isin(taken)]
    return _tables(made, held, streets)


def _tables(
    made: list[pd.DataFrame], held: list[pd.DataFrame], streets: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not made:
        return pd.DataFrame(), pd.DataFrame()
    found = pd.concat(made, ignore_index=True).set_index("id")
    out = found[["street", "period_from", "period_to", "works", "parties", "saving", "sharing"]].assign(
        moving_cost=found["moving"].round(2),
        net_saving=found["net"],
        period=found["year"],
        geometry=found["street"].map(streets.geometry),
    )
    long = pd.concat(held, ignore_index=True).rename(columns={"id": "set", "work": "member", "duration": "amount"})
    return out, long.assign(id=long["set"] + "|" + long["member"], role="work", verb="match")


def reasons(found: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> list[pd.DataFrame]:
    """Why these works are better done together in that year."""
    if found.empty:
        return []
    told = found[["works", "parties", "period", "saving", "moving_cost", "net_saving"]].assign(
        street=found["street"].map(streets["name"]).fillna(found["street"])
    )
    return [
        because(
            "opportunities",
            "match.opportunity",
            told,
            found["street"].map(rates(streets, figures, settings)["site_figure"]),
        )
    ]
