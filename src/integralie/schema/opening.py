"""What opening a street costs apart from the works in it: site, traffic measures and nuisance, per street section.

One rule for every verb that needs it, so that matching, programming and sharing speak of the same euros.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.settings import Settings


def indexed(value: pd.Series, level: pd.Series, figures: Figures, settings: Settings) -> pd.Series:
    """Amounts brought from their own price level to that of the study (figure `price_growth`, % per year)."""
    growth = 1 + figures.value("price_growth") / 100
    years = settings.price_level - pd.to_numeric(level, errors="coerce").astype(float).fillna(settings.price_level)
    return value.astype(float) * growth**years


def rates(streets: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """Per street section: `site` (EUR per opening), `traffic` (EUR per day of traffic measures), `nuisance` (EUR per
    day).

    Nuisance is dwellings on the section times `nuisance_resident` plus vehicles a day times `nuisance_traffic`. Where
    dwellings or vehicles are unknown, figures `frontage` (dwellings per metre) and `traffic` stand in; `assumed` says
    so. Columns `residents` and `vehicles` give the numbers used.
    """
    by_class = streets[["road_class"]]

    def money(name: str) -> pd.Series:
        got = figures.lookup(name, by_class)
        return indexed(got["value"], got["price_level"], figures, settings)

    guess = (figures.lookup("frontage", by_class)["value"].astype(float) * streets.geometry.length).round(0)
    residents = streets["residents"].astype("float64").fillna(guess)
    vehicles = streets["traffic"].fillna(figures.lookup("traffic", by_class)["value"].astype(float))
    nuisance = residents * money("nuisance_resident") + vehicles * money("nuisance_traffic")
    return pd.DataFrame(
        {
            "site": money("site_setup").round(2),
            "traffic": money("traffic_measures").round(2),
            "nuisance": nuisance.round(2),
            "residents": residents,
            "vehicles": vehicles,
            "assumed": streets["residents"].isna() | streets["traffic"].isna(),
            "site_figure": figures.lookup("site_setup", by_class)["figure"],
        },
        index=streets.index,
    )


def joint_days(total: pd.Series | np.ndarray, longest: pd.Series | np.ndarray, figures: Figures) -> np.ndarray:
    """Days that a joint opening takes: the sum of its works times `joint_days`, never less than the longest."""
    return np.maximum(np.asarray(longest, float), np.asarray(total, float) * figures.value("joint_days")).round(1)


def moving_cost(works: pd.DataFrame, year: pd.Series, figures: Figures) -> pd.Series:
    """What it costs to do each work in another year than it prefers (EUR, one row per work and year).

    Earlier: the value that is thrown away, cost x (1 - v^n) / (1 - v^life) for n years earlier, because every later
    renewal comes earlier too. Later: `planned_late` per cent of the cost for each year.
    """
    v = 1 / (1 + figures.value("discount_rate") / 100)
    ahead = (works["preferred"].astype(float) - year).clip(lower=0)
    behind = (year - works["preferred"].astype(float)).clip(lower=0)
    early = works["cost"] * (1 - v**ahead) / (1 - v ** works["life"].astype(float).fillna(np.inf))
    return (early + works["cost"] * behind * figures.value("planned_late") / 100).round(2)
