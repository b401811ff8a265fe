"""What combining is worth, per component and as a band, before anybody has decided.

The programme counts three savings: one site, fewer days of traffic measures, paving broken up once. A trench that is
shared and preparation that is not done twice come on top; process cost and crews that wait for each other go off. The
band takes the spread of each figure by itself and adds them as independent (root of the sum of squares).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.opening import indexed, rates
from integralie.settings import Settings

KILO = 1000.0
NETWORKS = ("shallow", "deep")
SHARED = ("saving_site", "saving_traffic", "saving_surface")


def _spread(name: str, where: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """A figure per row at the price level of the study, with its lower and upper end as factors."""
    got = figures.lookup(name, where)
    value = got["value"].astype(float)
    low, high = got["low"].astype(float).fillna(value), got["high"].astype(float).fillna(value)
    base = value.where(value != 0)
    return pd.DataFrame(
        {
            "value": indexed(value, got["price_level"], figures, settings),
            "low": (low / base).fillna(1.0),
            "high": (high / base).fillna(1.0),
        },
        index=where.index,
    )


def _alone(name: str, figures: Figures, **where: str) -> tuple[float, float, float]:
    """A figure with its ends; without ends it is its own spread."""
    f = figures.find(name, **where)
    return f.value, f.value if np.isnan(f.low) else f.low, f.value if np.isnan(f.high) else f.high


def excavation(rows: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> pd.Series:
    """EUR that one trench saves per opportunity: for every second pipe or cable at one depth a part of its digging."""
    line = {n: k.geometry == "line" for n, k in kinds().items()}
    own = rows[rows["kind"].map(line).fillna(False).astype(bool) & rows["depth"].isin(NETWORKS)]
    count = own.groupby(["id", "depth"]).size()
    out = pd.Series(0.0, index=pd.Index(rows["id"].unique(), name="id"))
    street = rows.drop_duplicates("id").set_index("id")["street"]
    for depth in NETWORKS:
        many = (
            count.xs(depth, level="depth") if depth in count.index.get_level_values("depth") else pd.Series(dtype=int)
        )
        price = _spread("excavation", pd.DataFrame({"depth": [depth]}), figures, settings)["value"].iloc[0]
        length = street.map(streets.geometry.length).reindex(many.index)
        gain = (many - 1).clip(lower=0) * price * length * figures.value("trench_shared", depth=depth)
        out = out.add(gain, fill_value=0.0)
    return out.round(2)


def pace(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Per opportunity how the pace of its networks differs: slowest and fastest days, their ratio, days that crews wait,
    and the works that are slowest and fastest. Only crews that are there for `pace_days` or more count.
    """
    own = rows[rows["depth"].isin(NETWORKS) & (rows["duration"] >= figures.value("pace_days"))]
    own = own.sort_values(["id", "duration", "work"], ascending=[True, False, True])
    by = own.groupby("id")
    out = by.agg(
        slow=("duration", "first"), fast=("duration", "last"), works=("work", "size"), days=("duration", "sum")
    )
    out["slow_work"], out["fast_work"] = by["work"].first(), by["work"].last()
    out = out[out["works"] > 1]
    out["ratio"] = out["slow"] / out["fast"]
    out["wait"] = (out["slow"] * out["works"] - out["days"]).where(out["ratio"] >= figures.value("pace_ratio"), 0.0)
    return out


def worth(
    found: pd.DataFrame, rows: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """The opportunities with all their components, their value and its band.

    `found` has one row per opportunity (street, period, works, site, traffic, days, together, surface, widest, moving),
    `rows` one per work in it (work, moving, year, preferred, duration, depth, kind, cost).
    """
    out = found.copy()
    out["saving_site"] = (out["works"] - 1) * out["site"]
    out["saving_traffic"] = (out["days"] - out["together"]) * out["traffic"]
    out["saving_surface"] = out["surface"] - out["widest"]
    late = rows["year"] > rows["preferred"].astype(float)
    by = rows.assign(late=rows["moving"].where(late, 0.0), early=rows["moving"].where(~late, 0.0)).groupby("id")
    out["life_lost"], out["waiting"] = by["early"].sum(), by["late"].sum()
    out["saving_excavation"] = excavation(rows, streets, figures, settings).reindex(out.index).fillna(0.0)
    out["saving_preparation"] = out[list(SHARED)].sum(axis=1) * figures.value("preparation_share")
    wait = pace(rows, figures)["wait"].reindex(out.index).fillna(0.0)
    crew = _spread("crew_day", pd.DataFrame(index=[0]).assign(x=""), figures, settings)["value"].iloc[0]
    out["pace_cost"] = wait * figures.value("pace_wait") * crew
    common = out["widest"] + out["site"] + out["together"] * out["traffic"]
    out["process_cost"] = common * figures.value("process_share")
    out = _band(out, common, wait * crew, streets, figures, settings)
    return _effects(out, streets, figures, settings)


def _band(
    out: pd.DataFrame, common: pd.Series, wait: pd.Series, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """Value, and how far each component lets it go down and up."""
    there = streets.loc[out["street"]].set_axis(out.index)
    site = _spread("site_setup", there[["road_class"]], figures, settings)
    traffic = _spread("traffic_measures", there[["road_class"]], figures, settings)
    paving = _spread("restore_surface", there[["surface"]], figures, settings)
    trench = _alone("trench_shared", figures, depth="shallow")
    prepared, process = _alone("preparation_share", figures), _alone("process_share", figures)
    moved, waits = _alone("moving_spread", figures), _alone("pace_wait", figures)
    joint = _alone("joint_days", figures)
    shared = out[list(SHARED)].sum(axis=1)
    days = out["days"] * out["traffic"]
    least = (out["days"] - out["longest"]) * out["traffic"]
    down, up = [], []
    for name, factor in (("saving_site", site), ("saving_traffic", traffic), ("saving_surface", paving)):
        down.append(out[name] * (1 - factor["low"]))
        up.append(out[name] * (factor["high"] - 1))
    down.append((out["saving_traffic"] - (days * (1 - joint[2])).clip(lower=0)).clip(lower=0))
    up.append(((days * (1 - joint[1])).clip(upper=least) - out["saving_traffic"]).clip(lower=0))
    down.append(out["saving_excavation"] * (1 - trench[1] / trench[0]))
    up.append(out["saving_excavation"] * (trench[2] / trench[0] - 1))
    down.append(shared * (prepared[0] - prepared[1]))
    up.append(shared * (prepared[2] - prepared[0]))
    down.append(common * (process[2] - process[0]))
    up.append(common * (process[0] - process[1]))
    down.append((out["life_lost"] + out["waiting"]) * (moved[2] - 1))
    up.append((out["life_lost"] + out["waiting"]) * (1 - moved[1]))
    down.append(wait * (waits[2] - waits[0]))
    up.append(wait * (waits[0] - waits[1]))
    plus = ["saving_site", "saving_traffic", "saving_surface", "saving_excavation", "saving_preparation"]
    minus = ["life_lost", "waiting", "pace_cost", "process_cost"]
    value = out[plus].sum(axis=1) - out[minus].sum(axis=1)
    spread = [np.sqrt(sum(d.astype(float) ** 2 for d in side)) for side in (down, up)]
    return out.assign(
        **{c: out[c].astype(float).round(2) for c in (*plus, *minus)},
        value=value.round(0),
        value_low=(value - spread[0]).round(0),
        value_high=(value + spread[1]).round(0),
    )


def _effects(out: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """What is avoided besides money: openings, days, nuisance, CO2 of paving and transport."""
    rate = rates(streets, figures, settings).loc[out["street"]].set_axis(out.index)
    there = streets.loc[out["street"]].set_axis(out.index)
    paving = _spread("restore_surface", there[["surface"]], figures, settings)["value"]
    carbon = figures.lookup("co2_surface", there[["surface"]])["value"].astype(float)
    square = (out["saving_surface"] / paving.where(paving > 0)).fillna(0.0)
    saved = out["days"] - out["together"]
    avoided = out["works"] - 1
    return out.assign(
        openings_avoided=avoided.astype("Int64"),
        days_saved=saved.round(1),
        nuisance_saved=(saved * rate["nuisance"]).round(2),
        co2_saved=((square * carbon + avoided * figures.value("co2_opening")) / KILO).round(2),
    )
