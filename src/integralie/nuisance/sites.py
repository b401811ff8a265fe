"""The nuisance of each opening of a street, and its sums: per dwelling, street, neighbourhood and year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from integralie.access.streets import places
from integralie.figures import Figures
from integralie.nuisance import helsinki
from integralie.schema.opening import rates
from integralie.settings import Settings

LETTERS = "ABCDE"


def bus_streets(streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """The sections that each bus line runs through: rows `line, street`, those that lie within `bus_reach` metres of the
    line over at least `bus_along` of their length, so that a side street that only meets it does not count.
    """
    lines = places(assets, "bus")
    beside = shapely.buffer(np.asarray(lines.geometry), figures.value("bus_reach"))
    ways, most = np.asarray(streets.geometry), figures.value("bus_along") / 100
    line, at = STRtree(ways).query(beside, predicate="intersects") if len(ways) else np.zeros((2, 0), np.int64)
    along = shapely.length(shapely.intersection(ways[at], beside[line])) >= most * shapely.length(ways[at])
    rows = pd.DataFrame({"line": lines.index.to_numpy()[line[along]], "street": streets.index.to_numpy()[at[along]]})
    return rows.sort_values(["line", "street"], ignore_index=True)


def index(
    openings: pd.DataFrame,
    streets: pd.DataFrame,
    closed: pd.Series,
    bus: pd.Series,
    figures: Figures,
    settings: Settings,
) -> pd.DataFrame:
    """The index of Helsinki for each opening: its five classes, four modes, the overall index and the mode that causes it.

    `closed` says per opening whether the carriageway is closed, `bus` the number of bus lines per street section.
    Working days count as days; classes of Dutch streets are figures `helsinki_street` and `helsinki_route`.
    """
    there = streets.reindex(openings["street"]).set_axis(openings.index)
    rate = rates(streets, figures, settings).reindex(openings["street"]).set_axis(openings.index)
    shut = pd.DataFrame(
        {"closed": np.where(closed.reindex(openings.index).fillna(False), "yes", "no")}, index=openings.index
    )
    out = pd.DataFrame(
        {
            "duration": helsinki.classify("helsinki_duration", openings["days"].fillna(0), figures),
            "street": _looked("helsinki_street", there[["road_class"]], figures),
            "volume": helsinki.classify("helsinki_volume", rate["vehicles"].fillna(0), figures),
            "lanes": _looked("helsinki_lanes", shut, figures),
            "length": helsinki.classify("helsinki_length", there.geometry.length.fillna(0), figures),
        },
        index=openings.index,
    )
    out["car"] = helsinki.car(out["duration"], out["street"], out["volume"], out["lanes"], out["length"], figures)
    out["cycle"] = _looked("helsinki_route", there[["road_class"]], figures)
    lines = openings["street"].map(bus).fillna(0).to_numpy(float) > 0
    none = np.zeros(len(out), bool)
    out["bus"] = helsinki.bus(np.zeros(len(out)), none, lines, none, figures)
    out["tram"] = 0
    out["index"], out["mode"] = helsinki.overall(out["car"], out["cycle"], out["bus"], out["tram"])
    return out


def _looked(name: str, where: pd.DataFrame, figures: Figures) -> np.ndarray:
    return figures.lookup(name, where)["value"].to_numpy(float).astype(np.int64)


def dutch(minutes: pd.Series, vehicles: pd.Series, figures: Figures) -> pd.Series:
    """The Dutch class of hindrance, A (very much) to E (little): the class of the extra travel time (1 to 4) plus the index
    of the traffic (0 to 3).

    A closure without a way round counts as the longest delay.

    >>> from integralie.figures import shipped
    >>> dutch(pd.Series([2.0, 12.0, 45.0]), pd.Series([300.0, 12000.0, 20000.0]), shipped()).tolist()
    ['E', 'B', 'A']
    """
    delay = helsinki.classify("hindrance_delay", minutes.fillna(0).to_numpy(float), figures)
    total = delay + helsinki.classify("hindrance_volume", vehicles.fillna(0).to_numpy(float), figures)
    limits = [(c, figures.value("hindrance_category", **{"class": c})) for c in LETTERS]
    return pd.Series(
        np.select([total >= v for _, v in limits], [c for c, _ in limits], LETTERS[-1]), index=minutes.index
    )


def resident_days(openings: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """Per opening: `dwellings`, `days`, the class of noise and dust of its depth, and `resident_days`, their product.

    Unit dwelling-days times class (1 occasional, 3 recurring, 5 continuous).
    """
    rate = rates(streets, figures, settings).reindex(openings["street"]).set_axis(openings.index)
    level = figures.lookup("resident_class", openings[["depth"]])["value"].astype(float)
    days = openings["days"].fillna(0.0)
    return pd.DataFrame(
        {
            "street": openings["street"],
            "period": openings["period"],
            "dwellings": rate["residents"].fillna(0.0),
            "days": days,
            "level": level,
            "resident_days": (rate["residents"].fillna(0.0) * days * level).round(1),
        },
        index=openings.index,
    )


def by_area(days: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    """Resident-days per neighbourhood and year: rows `area, period, resident_days`, years without any left out."""
    own = days.assign(area=days["street"].map(streets["area"]).astype(object))
    out = own[own["area"].notna()].groupby(["area", "period"])["resident_days"].sum().reset_index()
    return out[out["resident_days"] > 0].reset_index(drop=True)


def by_street(days: pd.DataFrame) -> pd.DataFrame:
    """Per street section over all years: openings, days that a dwelling has the street open, resident-days, worst year."""
    year = days.groupby(["street", "period"])["resident_days"].sum().reset_index()
    worst = year.sort_values(["resident_days", "period"], ascending=[False, True]).drop_duplicates("street")
    out = days.groupby("street").agg(
        openings=("days", "size"), days=("days", "sum"), resident_days=("resident_days", "sum")
    )
    return out.join(worst.set_index("street")["period"].rename("worst_year"))


def peaks(area_years: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """The years in which a neighbourhood has more than `nuisance_peak` times its yearly mean over the programme."""
    mean = area_years.groupby("area")["resident_days"].transform("sum") / settings.periods
    out = area_years.assign(mean=mean.round(1))
    return out[out["resident_days"] > figures.value("nuisance_peak") * mean].reset_index(drop=True)


def budget(days: pd.DataFrame, streets: pd.DataFrame, agreements: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Neighbourhoods and years against the nuisance budget that was agreed (rule `nuisance_budget`, dwelling-days a year:
    days open times dwellings, without the class, as the programme keeps it; `applies_to` names an area as `area=...`,
    empty is each of them): rows `area, period, dwelling_days, budget, over`. `days` is what `resident_days` gives.
    """
    own = days.assign(
        area=days["street"].map(streets["area"]).astype(object), dwelling_days=days["dwellings"] * days["days"]
    )
    out = own[own["area"].notna()].groupby(["area", "period"])["dwelling_days"].sum().reset_index()
    most = pd.Series(np.inf, index=areas.index)
    for rule in agreements[(agreements["rule"] == "nuisance_budget") & agreements["value"].notna()].itertuples():
        named = [a for p in str(rule.applies_to).split() if p.startswith("area=") for a in p[5:].split(",")]
        hit = areas.index.isin(named) if named else np.ones(len(areas), bool)
        most = most.where(~hit, most.clip(upper=float(rule.value)))
    out["budget"] = out["area"].map(most).astype(float)
    out = out[np.isfinite(out["budget"])]
    return out.assign(over=(out["dwelling_days"] - out["budget"]).clip(lower=0)).reset_index(drop=True)
