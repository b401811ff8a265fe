"""Clashes (knelpunten): works that hinder each other, by rules that a programmer can check on two rows."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.notes import because
from integralie.settings import Settings

SEVERE = 0.5  # from this share of the rest period left, a clash is high rather than medium


def rest_years(streets: pd.DataFrame, agreements: pd.DataFrame, figures: Figures) -> pd.Series:
    """Years that each section should stay closed after an opening: the strictest agreement that applies, else figure
    `rest_period`.

    An agreement applies where its `applies_to` (column=value pairs) holds for the section; without any it applies
    everywhere.
    """
    years = pd.Series(float("nan"), index=streets.index)
    for rule in agreements[(agreements["rule"] == "rest_period") & agreements["value"].notna()].itertuples():
        pairs = dict(p.split("=", 1) for p in str(rule.applies_to).split() if "=" in p)
        hit = pd.Series(True, index=streets.index)
        for column, value in pairs.items():
            hit &= (streets[column].astype(str) == value) if column in streets else False
        years = years.where(~hit, years.fillna(0).clip(lower=rule.value))
    return years.fillna(figures.value("rest_period"))


def last_opened(streets: pd.DataFrame, openings_past: pd.DataFrame) -> pd.Series:
    """The last year in which each section was broken up, from the street and from the list of past openings."""
    listed = openings_past.groupby("street")["year"].max().reindex(streets.index).astype("Float64")
    told = streets["last_opened"].astype("Float64")
    return pd.concat([told, listed], axis=1).max(axis=1)


def _pairs(held: pd.DataFrame) -> pd.DataFrame:
    """Each two works in one section once, the one that is sooner first."""
    two = held.merge(held, on="street", suffixes=("", "_b"))
    sooner = (two["preferred"] < two["preferred_b"]) | (
        (two["preferred"] == two["preferred_b"]) & (two["work"] < two["work_b"])
    )
    return two[sooner]


def too_soon(held: pd.DataFrame, rest: pd.Series, opened: pd.Series) -> pd.DataFrame:
    """Works whose whole window lies within the rest period after the last opening of the section."""
    free = held["street"].map(opened) + held["street"].map(rest)
    hit = held[(held["latest"] < free).fillna(False)]
    left = free[hit.index] - hit["latest"]
    return _rows(
        hit,
        "rest_period",
        hit["latest"],
        left.astype(float),
        left > SEVERE * hit["street"].map(rest),
        [hit["work"]],
    )


def after_one_another(pairs: pd.DataFrame, rest: pd.Series) -> pd.DataFrame:
    """Two works whose windows do not meet, the second within the rest period after the first can at the latest be
    done.
    """
    gap = pairs["earliest_b"] - pairs["latest"]
    hit = pairs[(gap > 0) & (pairs["latest_b"] - pairs["latest"] < pairs["street"].map(rest))]
    left = (hit["street"].map(rest) - (hit["latest_b"] - hit["latest"])).astype(float)
    return _rows(
        hit,
        "window",
        hit["earliest_b"],
        left,
        left > SEVERE * hit["street"].map(rest),
        [hit["work"], hit["work_b"]],
    )


def committed_apart(pairs: pd.DataFrame, rest: pd.Series) -> pd.DataFrame:
    """Two commitments in one section in different years within the rest period: the new paving will be broken up
    again.
    """
    both = pairs[pairs["fixed"].notna() & pairs["fixed_b"].notna()]
    apart = (both["fixed_b"] - both["fixed"]).abs()
    hit = both[((apart > 0) & (apart < both["street"].map(rest))).fillna(False)]
    year = hit[["fixed", "fixed_b"]].max(axis=1)
    return _rows(
        hit,
        "commitment",
        year,
        (hit["street"].map(rest) - apart[hit.index]).astype(float),
        pd.Series(True, index=hit.index),
        [hit["work"], hit["work_b"]],
    )


def wrong_order(pairs: pd.DataFrame, rest: pd.Series) -> pd.DataFrame:
    """New paving that must be done before work below it can begin, within the rest period of the paving."""
    above = pairs[
        (pairs["depth"] == "surface")
        & pairs["depth_b"].isin(["shallow", "deep"])
        & (pairs["latest"] < pairs["earliest_b"])
    ]
    wait = above["earliest_b"] - above["latest"]
    hit = above[wait < above["street"].map(rest)]
    return _rows(
        hit,
        "order",
        hit["earliest_b"],
        wait[hit.index].astype(float),
        hit["depth_b"] == "deep",
        [hit["work"], hit["work_b"]],
    )


def _rows(
    hit: pd.DataFrame,
    rule: str,
    period: pd.Series,
    amount: pd.Series,
    high: pd.Series,
    works: list[pd.Series],
) -> pd.DataFrame:
    least = hit["sharing"] if "sharing_b" not in hit or len(works) == 1 else hit[["sharing", "sharing_b"]].min(axis=1)
    out = pd.DataFrame(
        {
            "rule": rule,
            "street": hit["street"],
            "period": period.astype("Int64"),
            "amount": amount.round(1),
            "sharing": least,
        }
    )
    out["severity"] = pd.Series(high, index=hit.index).fillna(False).map({True: "high", False: "medium"})
    out["work"], out["work_b"] = works[0], works[1] if len(works) > 1 else None
    return out


def clashes(
    works: pd.DataFrame,
    places: pd.DataFrame,
    streets: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All clashes and their members, each rule in its own order of streets and works."""
    opens = works[(works["depth"] != "none") & works["depth"].notna()]
    columns = ["earliest", "preferred", "latest", "fixed", "depth", "sharing", "name"]
    held = places.rename(columns={"set": "work", "member": "street"})[["work", "street"]].join(
        opens[columns], on="work", how="inner"
    )
    rest, opened = rest_years(streets, agreements, figures), last_opened(streets, openings_past)
    pairs = _pairs(held)
    found = pd.concat(
        [
            too_soon(held, rest, opened),
            after_one_another(pairs, rest),
            committed_apart(pairs, rest),
            wrong_order(pairs, rest),
        ],
        ignore_index=True,
    )
    if found.empty:
        return pd.DataFrame(), pd.DataFrame()
    found = found.sort_values(["rule", "street", "work", "work_b"], ignore_index=True)
    found = found.drop_duplicates(
        ["street", "work", "work_b"], ignore_index=True
    )  # a pair is told once, by its first rule
    found["id"] = (
        "clash:"
        + found["rule"]
        + ":"
        + found["street"].str.removeprefix("street:")
        + ":"
        + (found.groupby(["rule", "street"]).cumcount() + 1).astype(str)
    )
    long = (
        found.melt(id_vars="id", value_vars=["work", "work_b"], value_name="member")
        .dropna(subset="member")
        .rename(columns={"id": "set"})
    )
    long = long.drop(columns="variable").drop_duplicates().assign(role="work", verb="match")
    return found.set_index("id"), long.assign(id=long["set"] + "|" + long["member"])


def reasons(
    found: pd.DataFrame,
    works: pd.DataFrame,
    streets: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    figures: Figures,
) -> list[pd.DataFrame]:
    """Why two works hinder each other, in the years that say so."""
    if found.empty:
        return []
    rest, opened = rest_years(streets, agreements, figures), last_opened(streets, openings_past)
    agreed = (agreements["rule"] == "rest_period").any()
    told = pd.DataFrame(
        {
            "street": found["street"].map(streets["name"]).fillna(found["street"]),
            "name": found["work"].map(works["name"]),
            "other": found["work_b"].map(works["name"]),
            "rest": found["street"].map(rest),
            "opened": found["street"].map(opened),
            "period": found["period"],
            "latest": found["work"].map(works["latest"]),
        },
        index=found.index,
    )
    figure = None if agreed else figures.find("rest_period").id
    return [
        because("clashes", f"match.{rule}", told[found["rule"] == rule], figure)
        for rule in sorted(found["rule"].unique())
    ]
