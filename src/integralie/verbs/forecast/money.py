"""What works cost and how long they take: quantities times figures, at the price level of the study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.opening import indexed
from integralie.settings import Settings


def quantities(assets: pd.DataFrame) -> pd.Series:
    """How much of each asset there is, in the measure of its kind: metres, square metres or pieces."""
    measure = assets["kind"].map({n: k.measure for n, k in kinds().items()})
    shapes = assets.geometry
    length, area = shapes.length.fillna(0.0), shapes.area.fillna(0.0)
    return pd.Series(np.select([measure == "m", measure == "m2"], [length, area], 1.0), index=assets.index).round(2)


def _diameter_class(frame: pd.DataFrame, figures: Figures) -> pd.Series:
    """The diameter class with a unit cost that lies nearest (the larger of two as near), as text; missing when there
    is none.
    """
    out = pd.Series(index=frame.index, dtype="object")
    for kind in sorted(frame["kind"].dropna().unique()):
        classes = np.array(figures.classes("unit_cost", "diameter", kind=kind))
        own = frame.index[(frame["kind"] == kind) & frame["diameter"].notna()]
        if len(classes) and len(own):
            gap = np.abs(frame.loc[own, "diameter"].to_numpy()[:, None] - classes[::-1][None, :])
            out[own] = [f"{c:g}" for c in classes[::-1][gap.argmin(axis=1)]]
    return out


def unit_costs(frame: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """Cost per unit for rows with `kind, material, diameter`: columns `unit_cost` (EUR), `figure`, `status`."""
    asked = pd.DataFrame(
        {"kind": frame["kind"], "material": frame["material"], "diameter": _diameter_class(frame, figures)}
    )
    got = figures.lookup("unit_cost", asked)
    return pd.DataFrame(
        {
            "unit_cost": indexed(got["value"], got["price_level"], figures, settings),
            "figure": got["figure"],
            "status": got["status"],
        }
    )


def surface_costs(frame: pd.DataFrame, figures: Figures, settings: Settings) -> pd.Series:
    """Breaking up and restoring the paving for rows with `kind, surface, quantity, cost` (EUR).

    Lines take their length times the trench width, points a square of that width; of renewing paving the share
    `surface_share`. Never more than the cost of the work itself; nothing for kinds that do not open the street.
    """
    table = kinds()
    width = figures.lookup("trench_width", frame[["kind"]])["value"].astype(float)
    rate = figures.lookup("restore_surface", frame[["surface"]])
    price = indexed(rate["value"], rate["price_level"], figures, settings)
    measure = frame["kind"].map({n: k.measure for n, k in table.items()})
    broken = np.select(
        [measure == "m", measure == "m2"],
        [frame["quantity"] * width, frame["quantity"]],
        frame["quantity"] * width**2,
    )
    opens = frame["kind"].map({n: k.opens for n, k in table.items()}).astype(bool)
    paving = frame["kind"].map({n: k.renews_surface for n, k in table.items()}).astype(bool)
    own = (price * broken).where(opens, 0.0).clip(upper=frame["cost"])
    return own.mask(paving, frame["cost"] * figures.value("surface_share")).round(2)


def days(frame: pd.DataFrame, figures: Figures) -> pd.Series:
    """Working days for rows with `kind, quantity`: quantity by output, never less than `days_least`."""
    output = figures.lookup("output", frame[["kind"]])["value"].astype(float)
    return (frame["quantity"] / output).clip(lower=figures.value("days_least")).round(1)
