"""Modes: other ways to do a work, such as relining a sewer without opening the street, where an agreement allows them.

A mode is told by figures with `mode=` in their condition: `mode_unit_cost` (EUR per unit of quantity) or `mode_cost`
(times the cost of the work), `mode_life` (years) and `mode_output` (quantity a day). A mode opens no street unless
`mode_surface` (share of the paving that it breaks up) says so.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.errors import FigureMissing
from integralie.figures import Figures
from integralie.schema.opening import indexed
from integralie.settings import Settings
from integralie.verbs.programme.agreed import Rule, rules

USUAL = "usual"


def with_modes(works: pd.DataFrame, agreements: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """The works with a row more for every further mode that an agreement `mode` allows; the usual way comes first."""
    out = works.assign(work=works.index, mode=USUAL)
    parts = [out]
    for rule in rules(agreements, "mode"):
        for mode in rule.pairs.get("mode", []):
            hit = rule.holds(works, "mode") & works["fixed"].isna()
            if hit.any():
                parts.append(_mode(out[hit], mode, rule, figures, settings))
    if len(parts) == 1:
        return out
    every = pd.concat(parts)
    every = every[~every.index.duplicated(keep="last")]
    return every.sort_index(kind="stable")


def _mode(works: pd.DataFrame, mode: str, rule: Rule, figures: Figures, settings: Settings) -> pd.DataFrame:
    """The rows of one mode; works of which the quantity is not known cannot be costed and keep their usual way."""
    asked = works[["kind"]].assign(mode=mode)
    unit = _lookup("mode_unit_cost", asked, figures)
    each = indexed(unit["value"], unit["price_level"], figures, settings)
    times = _value("mode_cost", asked, figures)
    cost = np.where(times.notna(), works["cost"] * times, works["quantity"].astype(float) * each)
    known = pd.Series(cost, index=works.index).notna()
    made = works[known].assign(mode=mode, cost=cost[known.to_numpy()].round(2))
    asked = asked[known]
    share = _value("mode_surface", asked, figures).fillna(0.0)
    made["surface_cost"] = (made["surface_cost"] * share).round(2)
    made["opens"] = made["opens"] & (share > 0)
    made["layer"] = np.where(made["opens"], made["layer"], 0)
    made["depth"] = made["depth"].where(share > 0, "none")
    made["life"] = _value("mode_life", asked, figures).fillna(made["life"])
    days = made["quantity"].astype(float) / _value("mode_output", asked, figures)
    made["duration"] = days.fillna(made["duration"]).round(1)
    made["own"] = made["cost"] - made["surface_cost"]
    made["mode_figure"] = unit["figure"].reindex(made.index)
    return made.set_axis(made.index.astype(object) + f"~{mode}")


def _lookup(name: str, asked: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    try:
        return figures.lookup(name, asked)
    except FigureMissing:
        return pd.DataFrame({"value": np.nan, "price_level": np.nan, "figure": None}, index=asked.index)


def _value(name: str, asked: pd.DataFrame, figures: Figures) -> pd.Series:
    return _lookup(name, asked, figures)["value"].astype(float)
