"""Reopening: how often a street was opened, when it will be again, how long it should rest, and a sentence for its
residents.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.settings import Settings


def _history(streets: pd.DataFrame, openings_past: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Per section how often it was opened, since which year that is known, and when last."""
    year = openings_past["year"].astype("float64")
    known = openings_past[year.notna() & (year < settings.first)]
    by = known.groupby("street")["year"]
    since = float(known["year"].min()) if len(known) else float(settings.first)
    last = pd.concat([streets["last_opened"].astype(float), by.max().reindex(streets.index).astype(float)], axis=1).max(
        axis=1
    )
    return pd.DataFrame(
        {"opened": by.size().reindex(streets.index).fillna(0).astype(int), "since": since, "last": last},
        index=streets.index,
    )


def _too_soon(street: pd.Series, period: pd.Series, last: pd.Series, rest: pd.Series) -> pd.Series:
    """Per section how many programmed openings come within the rest period after the one before."""
    rows = (
        pd.DataFrame({"street": street, "period": period.astype(float)})
        .drop_duplicates()
        .sort_values(["street", "period"])
    )
    before = rows.groupby("street")["period"].shift().fillna(rows["street"].map(last))
    early = rows["period"] - before < rows["street"].map(rest)
    return early.groupby(rows["street"]).sum()


def _second(rows: pd.DataFrame) -> pd.Series:
    """Per section the year of its second programmed opening."""
    years = rows[["street", "period"]].drop_duplicates().sort_values(["street", "period"])
    place = years.groupby("street").cumcount()
    return years[place == 1].set_index("street")["period"]


def reopening(
    streets: pd.DataFrame,
    openings_past: pd.DataFrame,
    openings: pd.DataFrame,
    members: pd.DataFrame,
    rest: pd.Series,
    figures: Figures,
    settings: Settings,
) -> pd.DataFrame:
    """Per street section what its residents may expect.

    `opened` times `since` a year, `last` year; `planned` openings in the programme, `next` year, `avoided` by doing works
    together; `closed_until`: the year before which the street should not be opened again after the next opening (or the
    last, when none is planned). `rate` is openings a year that history lets expect besides the programme (its own past,
    mixed with `history_weight` years of the mean of all streets); `unplanned` that rate over the programme; `too_soon` the
    programmed openings within a rest period; `reopenings` those and the unplanned ones that fall within a rest period.

    `rest` is years per section. Reads openings (street, period, works), members (role street of openings).
    """
    past = _history(streets, openings_past, settings)
    held = members[(members["role"] == "street") & members["set"].isin(openings.index)]
    rows = held[["set", "member"]].set_axis(["opening", "street"], axis=1)
    alone = openings[~openings.index.isin(rows["opening"])]
    rows = pd.concat([rows, pd.DataFrame({"opening": alone.index, "street": alone["street"].to_numpy()})])
    rows = rows[rows["street"].isin(streets.index)].drop_duplicates()
    rows["period"] = rows["opening"].map(openings["period"]).astype(float)
    rows["avoided"] = rows["opening"].map(openings["works"]).fillna(1).astype(int) - 1
    by = rows.groupby("street")
    out = past.assign(
        planned=by["opening"].nunique().reindex(streets.index).fillna(0).astype(int),
        next=by["period"].min().reindex(streets.index),
        then=_second(rows).reindex(streets.index),
        avoided=by["avoided"].sum().reindex(streets.index).fillna(0).astype(int),
        rest=rest.reindex(streets.index),
    )
    out["closed_until"] = out["next"].fillna(out["last"]) + out["rest"]
    span = np.maximum(settings.first - out["since"], 0.0)
    weight = figures.value("history_weight")
    mean = out["opened"].sum() / max(float(span.sum()), 1.0)
    out["rate"] = (out["opened"] + weight * mean) / (span + weight)
    out["unplanned"] = (out["rate"] * settings.periods).round(2)
    early = _too_soon(rows["street"], rows["period"], out["last"], out["rest"])
    out["too_soon"] = early.reindex(streets.index).fillna(0).astype(int)
    resting = np.minimum(out["planned"] * out["rest"], settings.periods)
    out["reopenings"] = (out["too_soon"] + out["rate"] * resting).round(2)
    return out


def sentence_code(row: pd.Series) -> str:
    """Which public sentence a street gets."""
    if pd.notna(row["then"]) and row["then"] < row["closed_until"]:
        return "street.twice"
    if pd.notna(row["next"]):
        return "street.next" if row["opened"] else "street.next.first"
    return "street.rest" if pd.notna(row["closed_until"]) else "street.quiet"
