"""Rest period: years between two openings of a street, as a hard rule or as the price of the paving that is
destroyed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.schema.agreed import rest_periods
from integralie.schema.notes import finding
from integralie.schema.opening import indexed
from integralie.verbs.programme.draft import Draft

NAME = "rest_period"
HARD = False  # hard where an agreement says so


def last_opened(streets: pd.DataFrame, past: pd.DataFrame) -> pd.Series:
    """The last year in which each section was opened, from the section itself and from the list of earlier openings."""
    told = past.dropna(subset=["street", "year"]).groupby("street")["year"].max().reindex(streets.index)
    both = pd.DataFrame({"own": streets["last_opened"].astype("float64"), "list": told.astype("float64")})
    return both.max(axis=1)


def paving_value(draft: Draft) -> pd.Series:
    """What the paving of each section would cost to restore (EUR): length x width x `restore_surface`."""
    streets = draft.streets
    width = (
        streets["width"]
        .astype(float)
        .fillna(draft.figures.lookup("street_width", streets[["road_class"]])["value"].astype(float))
    )
    rate = draft.figures.lookup("restore_surface", streets[["surface"]])
    euros = indexed(rate["value"], rate["price_level"], draft.figures, draft.settings)
    return (streets.geometry.length.round(3) * width * euros).astype(float)


def add(draft: Draft) -> None:
    """Opening n years too early costs n / rest of `pavement_destroyed` per cent of the paving; where hard it is
    forbidden.

    A block of several sections keeps the longest rest period and the latest opening among them.
    """
    rule = rest_periods(draft.streets, draft.tables["agreements"], draft.figures)
    frame = rule.assign(
        years=rule["years"].round().astype(int),
        last=last_opened(draft.streets, draft.tables["openings_past"]),
        value=paving_value(draft),
        base=draft.of_street.to_numpy(),
    )
    by = frame.groupby("base")
    made = pd.DataFrame(
        {"rest": by["years"].max(), "hard": by["hard"].any(), "last": by["last"].max(), "value": by["value"].sum()}
    )
    made = made.reindex(draft.blocks["base"])
    draft.rest[:] = made["rest"].fillna(0).astype(int).to_numpy()
    destroyed = made["value"].fillna(0.0).to_numpy() * draft.figures.value("pavement_destroyed") / 100
    yearly = destroyed / np.maximum(draft.rest, 1)
    priced = yearly[:, None] * draft.discount[None, :]
    draft.rest_price[:] = np.where(made["hard"].fillna(False).to_numpy(bool)[:, None], -1.0, priced)
    draft.blocks["rest_yearly"] = yearly
    offset = made["last"].to_numpy(float) - draft.settings.first
    draft.last_opened[:] = np.where(offset < 0, offset, np.where(np.isnan(offset), np.nan, -1.0))
    _tell_closed(draft)


def _tell_closed(draft: Draft) -> None:
    """Works that wanted a year within the programme and have none: a hard rest period covers the whole window."""
    works, at = draft.works, draft.block_at
    hard = draft.rest_price[at, 0] < 0
    since = np.nan_to_num(draft.last_opened[at], nan=-np.inf) + draft.rest[at]
    until = np.where(hard & works["opens"].to_numpy(bool), draft.settings.first + since, -np.inf)
    never = works["fixed"].isna().to_numpy() & (until > works["to_year"].to_numpy(float))
    never = never & (works["to_year"].to_numpy(int) >= draft.settings.first)
    lost = pd.Series(never, index=works["work"]).groupby(level=0).transform("all").to_numpy(bool)
    lost = lost & (works["mode"] == "usual").to_numpy(bool)
    if lost.any():
        values = works.loc[lost, ["name", "to_year"]].assign(until=until[lost].astype(int))
        draft.findings.append(finding("programme.no_year", "works", values.index, values, "warning", "deferred"))
