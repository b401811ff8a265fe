"""Score: what a programme is worth, counted from the tables alone and by the same yardstick for every variant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from integralie.checker import check
from integralie.figures import Figures
from integralie.schema.notes import because, gather
from integralie.schema.opening import rates
from integralie.settings import Settings
from integralie.verbs.score.objective import counted, parts
from integralie.verbs.score.street import Row, Streets, closures_to_part, street_rows

__all__ = ["counted", "score"]
WRITES = ("scores", "reasons")


def _money(
    programme: pd.DataFrame, works: pd.DataFrame, openings: pd.DataFrame, settings: Settings, figures: Figures
) -> Iterator[Row]:
    done = programme[programme["period"].notna()]
    cost = done["work"].map(works["cost"] - works["surface_cost"].fillna(0)).astype(float)
    cost = cost + done["passage"].fillna(0.0).astype(float)
    yield Row("work_cost", float(cost.sum()), "EUR")
    for party, amount in cost.groupby(done["party"]).sum().items():
        yield Row("work_cost", float(amount), "EUR", str(party))
    yield Row("opening_cost", float(openings["cost"].sum()), "EUR")
    yield Row("direct_cost", float(cost.sum() + openings["cost"].sum()), "EUR")
    v = 1 / (1 + figures.value("discount_rate") / 100)
    present = (cost * v ** (done["period"].astype(float) - settings.first)).sum()
    present += (openings["cost"] * v ** (openings["period"].astype(float) - settings.first)).sum()
    yield Row("present_cost", float(present), "EUR")


def _street_life(openings: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> Iterator[Row]:
    rate = rates(streets, figures, settings).reindex(openings["street"])
    days = openings["days"].fillna(0.0).to_numpy()
    joint = openings["works"] > 1
    yield Row("openings", float(len(openings)), "count")
    yield Row("joint_openings", float(joint.sum()), "count")
    yield Row("openings_several_parties", float((openings["parties"] > 1).sum()), "count")
    yield Row("openings_avoided", float((openings["works"] - 1).clip(lower=0).sum()), "count")
    yield Row("days_open", float(days.sum()), "day")
    yield Row("dwelling_days", float((rate["residents"].to_numpy() * days).sum()), "dwelling-day")
    yield Row("nuisance", float((rate["nuisance"].to_numpy() * days).sum()), "EUR")


def _works(programme: pd.DataFrame) -> Iterator[Row]:
    yield Row("works", float(len(programme)), "count")
    yield Row("works_programmed", float(programme["period"].notna().sum()), "count")
    for status in ("deferred", "later"):
        left = programme[programme["status"] == status]
        yield Row(f"works_{status}", float(len(left)), "count")
        for party, count in left.groupby("party").size().items():
            yield Row(f"works_{status}", float(count), "count", str(party))
    yield Row("years_moved", float(programme["moved"].abs().fillna(0).sum()), "year")


def _shares(shares: pd.DataFrame) -> Iterator[Row]:
    for column, indicator in (("amount", "share_paid"), ("alone", "share_alone"), ("saving", "share_saving")):
        yield Row(indicator, float(shares[column].sum()), "EUR")
        for party, value in shares.groupby("party")[column].sum().items():
            yield Row(indicator, float(value), "EUR", str(party))


def _life_cycle(own: float, openings: pd.DataFrame, figures: Figures, settings: Settings) -> Row:
    """What works and openings cost over the lives of the assets as present value, later renewals and waiting included:
    the objective less the price of nuisance, of coming too early in a rest period, and of limits that bend.
    """
    v = 1 / (1 + figures.value("discount_rate") / 100)
    hindered = openings["nuisance"].fillna(0.0) * v ** (openings["period"].astype(float) - settings.first)
    return Row("life_cycle_cost", own - float(hindered.sum()), "EUR present value")


def score(
    areas: pd.DataFrame,
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    options: pd.DataFrame,
    uses: pd.DataFrame,
    programme: pd.DataFrame,
    openings: pd.DataFrame,
    prices: pd.DataFrame,
    shares: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    variant: str = "together",
) -> dict[str, pd.DataFrame]:
    """What a programme costs, how often and how long streets are open, whom it hinders, and what each party pays.

    One row per indicator; nuisance also per neighbourhood and year. Direct cost, nuisance and timing are kept apart
    and never added up. `objective` counts again, from the table of options, what the solver says it minimised.
    `lower_bound` is what the stand-alone checker proves from the price list, so that a difference between two
    variants can be given as an interval. Closures of one year count as at the same time; a section that is the only
    way to others keeps a passage (`passages`).

    Reads
        programme, openings, options, uses, prices, works, members, shares, streets, assets (places that serve people), areas,
        agreements (rest_period, nuisance_budget), openings_past.
    Writes
        scores (variant, indicator, party, place, period, value, unit), reasons.
    """
    tables = {
        "areas": areas,
        "streets": streets,
        "assets": assets,
        "agreements": agreements,
        "openings_past": openings_past,
    }
    tables |= {"works": works, "members": members, "programme": programme, "openings": openings}
    own, early, bends = parts(options, programme, openings, prices)
    rows: list[Row] = [Row("objective", own + early + bends, "EUR present value")]
    told = {"options": options, "uses": uses, "programme": programme, "openings": openings, "prices": prices}
    proof = check(told)
    rows += [Row("lower_bound", proof.lower_bound, "EUR present value")] if len(programme) else []
    rows += [_life_cycle(own, openings, figures, settings)] if len(programme) else []
    rows += [*_works(programme), *_money(programme, works, openings, settings, figures)]
    rows += [*_street_life(openings, streets, figures, settings), *_shares(shares)]
    lived = Streets(tables, figures, settings)
    rows += list(street_rows(lived))
    out = pd.DataFrame([vars(r) for r in rows]).assign(variant=variant)
    out["value"] = np.floor(out["value"] * 100 + 0.5) / 100
    year = ["" if p is None or pd.isna(p) else f"|{int(p)}" for p in out["period"]]
    place = out["place"].astype(object).fillna("").map(lambda p: f"|{p}" if p else "")
    out.index = pd.Index(
        out["variant"] + "|" + out["indicator"] + "|" + out["party"].astype(object).fillna("") + place + year, name="id"
    )
    figure = out["indicator"].map({i: figures.find(f).id for i, f in LEANS_ON.items()})
    named = out[["indicator", "value", "unit"]].assign(
        place=out["place"].map(areas["name"]).astype(object).fillna(out["place"].astype(object))
    )
    about = out["place"].notna()
    said = [
        because("scores", "score.counted", named.loc[~about, ["indicator", "value", "unit"]], figure),
        because("scores", "score.placed", named[about].assign(period=out.loc[about, "period"]), figure),
    ]
    said += _parted(closures_to_part(lived), f"{variant}|cut_off|", figures) if len(programme) else []
    return {"scores": out, "reasons": gather(said, "reasons")}


def _parted(cuts: list[dict[str, object]], row: str, figures: Figures) -> list[pd.DataFrame]:
    """A reason for each set of closures that must follow each other, those that hit most dwellings first."""
    order = sorted(cuts, key=lambda c: (-float(str(c["dwellings"])), -float(str(c["late"])), int(str(c["period"]))))
    norm = figures.find("emergency_norm").id
    return [
        because("scores", "score.cut" if c["dwellings"] else "score.late", pd.DataFrame([c], index=[row]), norm, i)
        for i, c in enumerate(order[:MOST_CUTS], start=1)
    ]


MOST_CUTS = 40


LEANS_ON = {
    "nuisance": "nuisance_resident",
    "present_cost": "discount_rate",
    "life_cycle_cost": "discount_rate",
    "resident_days": "resident_class",
    "dig_damage": "dig_damage",
    "dig_damage_cost": "dig_damage_cost",
    "late_help": "emergency_norm",
    "bus_lines_stuck": "bus_detour",
    "passages": "passage_width",
    "passage_cost": "passage_cost",
    "nuisance_peaks": "nuisance_peak",
    "reopenings_expected": "history_weight",
}
