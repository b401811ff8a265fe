"""Score: what a programme is worth, counted from the tables alone and by the same yardstick for every variant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from integralie.checker import check
from integralie.figures import Figures
from integralie.schema.notes import because
from integralie.schema.opening import rates
from integralie.settings import Settings

WRITES = ("scores", "reasons")
Row = tuple[str, str | None, float, str]


def counted(
    options: pd.DataFrame, programme: pd.DataFrame, openings: pd.DataFrame, prices: pd.DataFrame | None = None
) -> float:
    """The objective in euros: the present value of every chosen option, works and openings alike, from the table of
    options.

    An opening pays the row of its highest step of paving, the price of coming too early after the one before it, and
    the surcharge of a contract that is too large. From the price list come use above a limit that bends, and what
    stays below a minimum.
    """
    block = options["rest"].notna()
    own, pays = options[~block], options[block]
    works = own.set_axis(_key(own["subject"], own["period"], own["mode"]))
    works = works.reindex(_key(programme["work"], programme["period"], programme["mode"]))
    opens = works[works["layer"].astype(float) >= 0]
    at = _key(opens["block"], opens["period"])
    step = opens["layer"].astype(float).groupby(at).max()
    opened = _key(openings["block"], openings["period"])
    steps = step.reindex(opened).fillna(0).astype(int).astype(str).to_numpy(object)
    rows = pays.set_axis(_key(pays["subject"], pays["period"]) + "|" + pays["layer"].astype(str).to_numpy(object))
    paid = rows.reindex(opened + "|" + steps)
    count = pd.Series(1, index=at).groupby(level=0).sum().reindex(opened).fillna(0).to_numpy()
    crowd = (count - paid["crowd"].astype(float).to_numpy()).clip(min=0) * paid["crowd_price"].astype(float).to_numpy()
    total = works["cost"].fillna(0).sum() + paid["cost"].fillna(0).sum() + _too_early(paid) + float(np.nansum(crowd))
    return float(total + (0 if prices is None else _bends(prices))) / 100


def _bends(prices: pd.DataFrame) -> float:
    """What use above limits that bend and below minimums costs (cents), rounded up per resource and period."""
    used, soft = prices["used"].astype(float), prices["over_price"].notna()
    over = (used - prices["capacity"].astype(float)).clip(lower=0).where(soft, 0.0).fillna(0.0)
    first = np.minimum(over, prices["step"].astype(float).fillna(0.0))
    short = (prices["least"].astype(float) - used).clip(lower=0).fillna(0.0)
    parts = ((first, "step_price"), (over - first, "over_price"), (short, "least_price"))
    return float(sum(np.ceil(a * prices[p].astype(float).fillna(0.0) / 1e6 - 1e-9).sum() for a, p in parts))


def _key(subject: pd.Series, period: pd.Series, mode: pd.Series | None = None) -> pd.Index:
    years = ["" if pd.isna(p) else str(int(p)) for p in period]
    ways = [""] * len(years) if mode is None else ["" if pd.isna(m) else f"~{m}" for m in mode]
    return pd.Index([f"{s}|{y}{w if y else ''}" for s, y, w in zip(subject, years, ways)], dtype=object)


def _too_early(paid: pd.DataFrame) -> float:
    """The price of openings that come within the rest period (cents)."""
    rows = paid.dropna(subset=["subject", "period"]).reset_index(drop=True).sort_values(["subject", "period"])
    before = rows.groupby("subject")["period"].shift().fillna(rows["last_opened"]).astype(float)
    lack = (rows["rest"].astype(float) - (rows["period"].astype(float) - before)).clip(lower=0).fillna(0.0)
    return float((lack * rows["rest_price"].astype(float).fillna(0.0)).sum())


def _money(
    programme: pd.DataFrame, works: pd.DataFrame, openings: pd.DataFrame, settings: Settings, figures: Figures
) -> Iterator[Row]:
    done = programme[programme["period"].notna()]
    cost = done["work"].map(works["cost"] - works["surface_cost"].fillna(0)).astype(float)
    yield "work_cost", None, float(cost.sum()), "EUR"
    for party, amount in cost.groupby(done["party"]).sum().items():
        yield "work_cost", str(party), float(amount), "EUR"
    yield "opening_cost", None, float(openings["cost"].sum()), "EUR"
    yield "direct_cost", None, float(cost.sum() + openings["cost"].sum()), "EUR"
    v = 1 / (1 + figures.value("discount_rate") / 100)
    present = (cost * v ** (done["period"].astype(float) - settings.first)).sum()
    present += (openings["cost"] * v ** (openings["period"].astype(float) - settings.first)).sum()
    yield "present_cost", None, float(present), "EUR"


def _street_life(openings: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings) -> Iterator[Row]:
    rate = rates(streets, figures, settings).reindex(openings["street"])
    days = openings["days"].fillna(0.0).to_numpy()
    joint = openings["works"] > 1
    yield "openings", None, float(len(openings)), "count"
    yield "joint_openings", None, float(joint.sum()), "count"
    yield "openings_several_parties", None, float((openings["parties"] > 1).sum()), "count"
    yield "openings_avoided", None, float((openings["works"] - 1).clip(lower=0).sum()), "count"
    yield "days_open", None, float(days.sum()), "day"
    yield "dwelling_days", None, float((rate["residents"].to_numpy() * days).sum()), "dwelling-day"
    yield "nuisance", None, float((rate["nuisance"].to_numpy() * days).sum()), "EUR"


def _works(programme: pd.DataFrame) -> Iterator[Row]:
    yield "works", None, float(len(programme)), "count"
    yield "works_programmed", None, float(programme["period"].notna().sum()), "count"
    for status in ("deferred", "later"):
        left = programme[programme["status"] == status]
        yield f"works_{status}", None, float(len(left)), "count"
        for party, count in left.groupby("party").size().items():
            yield f"works_{status}", str(party), float(count), "count"
    yield "years_moved", None, float(programme["moved"].abs().fillna(0).sum()), "year"


def _shares(shares: pd.DataFrame) -> Iterator[Row]:
    for column, indicator in (("amount", "share_paid"), ("alone", "share_alone"), ("saving", "share_saving")):
        yield indicator, None, float(shares[column].sum()), "EUR"
        for party, value in shares.groupby("party")[column].sum().items():
            yield indicator, str(party), float(value), "EUR"


def score(
    streets: pd.DataFrame,
    works: pd.DataFrame,
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
    """What a programme costs, how often and how long streets are open, and what each party pays: one row per indicator.

    Direct cost, nuisance and timing are kept apart and never added up. `objective` counts again, from the table of
    options, what the solver says it minimised.

    `lower_bound` is what the stand-alone checker proves from the price list, so that a difference between two variants can be
    given as an interval.

    Reads
        programme, openings, options, uses, prices, works, shares, streets.
    Writes
        scores (variant, indicator, party, value, unit), reasons.
    """
    rows: list[Row] = [("objective", None, counted(options, programme, openings, prices), "EUR present value")]
    told = {"options": options, "uses": uses, "programme": programme, "openings": openings, "prices": prices}
    proof = check(told)
    rows += [("lower_bound", None, proof.lower_bound, "EUR present value")] if len(programme) else []
    rows += [*_works(programme), *_money(programme, works, openings, settings, figures)]
    rows += [*_street_life(openings, streets, figures, settings), *_shares(shares)]
    out = pd.DataFrame(rows, columns=["indicator", "party", "value", "unit"]).assign(variant=variant)
    out["value"] = np.floor(out["value"] * 100 + 0.5) / 100
    out.index = pd.Index(out["variant"] + "|" + out["indicator"] + "|" + out["party"].fillna(""), name="id")
    figure = out["indicator"].map(
        {"nuisance": figures.find("nuisance_resident").id, "present_cost": figures.find("discount_rate").id}
    )
    return {"scores": out, "reasons": because("scores", "score.counted", out[["indicator", "value", "unit"]], figure)}
