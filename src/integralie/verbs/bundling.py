"""Bundling: the new lines of one street laid apart, in one trench, in a duct bank or in a gutter, compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import drawn, kinds
from integralie.paper.words import Words
from integralie.schema.clearance import Rules, rules_of
from integralie.schema.opening import indexed
from integralie.settings import Settings
from integralie.verbs.fit import looked
from integralie.verbs.fit.search import search, verdicts
from integralie.verbs.fit.wants import wants

WRITES: tuple[str, ...] = ()
FORMS = ("separate", "shared_trench", "duct_bank", "gutter")
DUCTED = ("cable", "trefoil")  # symbols of what can go into a duct bank
STANDS_FOR = "other_line"  # the rules that hold for a bundle as a whole


def bundling(
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    claims: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    street: str,
    language: str = "nl",
) -> pd.DataFrame:
    """Four forms for all claims and new lines of one street: width (m), cost (EUR), flexibility, and whether it fits.

    *separate*: each in its own trench (figure `trench_width`). *shared_trench*: side by side at their required
    distances with working room at both sides. *duct_bank*: cables in ducts, narrower by figure `duct_bank_share`;
    pipes beside them. *gutter*: all within walls, without distances between them. Cost is that of each kind by length
    (figure `unit_cost`) times figure `bundle_cost` of the form. The verdict is that of the narrowest strip that holds the
    form, by the search of `fit`.

    Reads
        what `fit` reads.
    Writes
        nothing.
    """
    asked = wants(claims, works, members, streets, figures)
    rows = asked[
        (asked["street"] == street)
        & asked["kind"].isin([k for k in kinds() if kinds()[k].geometry == "line"])
        & asked["width"].notna()
    ]
    if rows.empty:
        return pd.DataFrame(
            columns=[
                "width",
                "height",
                "cost",
                "flexibility",
                "verdict",
                "margin_low",
                "margin",
                "margin_high",
                "leans_on",
            ],
            index=pd.Index([], name="form"),
        )
    rules = rules_of(figures)
    out = pd.DataFrame(
        {"width": [_width(f, rows, rules, figures) for f in FORMS], "height": float(rows["height"].max())},
        index=pd.Index(FORMS, name="form"),
    )
    out["cost"] = _cost(rows, streets.geometry[street].length, figures, settings) * np.array(
        [figures.value("bundle_cost", form=f) for f in FORMS]
    )
    out["cost"] = out["cost"].round(-2)
    out["flexibility"] = [Words(language).term("bundling", f) for f in FORMS]
    return out.join(_fits(out, street, streets, assets, rules, figures)).assign(
        leans_on=[figures.find("bundle_cost", form=f).id for f in FORMS]
    )


def _width(form: str, rows: pd.DataFrame, rules: Rules, figures: Figures) -> float:
    kinds_, wide = list(rows["kind"]), rows["width"].astype(float).to_numpy()
    if form == "separate":
        return round(float(sum(figures.value("trench_width", kind=k) for k in kinds_)), 2)
    if form == "gutter":
        return round(float(wide.sum() + 2 * figures.value("gutter_wall")), 2)
    if form == "duct_bank":
        cable = np.array([k in drawn(*DUCTED) for k in kinds_])
        wide = np.where(cable, wide * figures.value("duct_bank_share"), wide)
    apart = sum(rules.between(a, b).outside(x / 2, y / 2) for a, b, x, y in zip(kinds_, kinds_[1:], wide, wide[1:]))
    if form == "duct_bank":
        apart *= figures.value("duct_bank_share")
    return round(float(wide.sum() + apart + 2 * figures.value("joint_trench_air")), 2)


def _cost(rows: pd.DataFrame, length: float, figures: Figures, settings: Settings) -> float:
    got = figures.lookup("unit_cost", rows[["kind"]])
    return float(indexed(got["value"], got["price_level"], figures, settings).sum() * length)


def _fits(
    out: pd.DataFrame, street: str, streets: pd.DataFrame, assets: pd.DataFrame, rules: Rules, figures: Figures
) -> pd.DataFrame:
    """Whether a strip as wide as each form has a place in the street."""
    _, _, under = looked(streets.loc[[street]], assets, figures)
    strips = pd.DataFrame(
        {
            "street": street,
            "kind": STANDS_FOR,
            "width": out["width"],
            "height": out["height"],
            "top": np.nan,
            "size": "2",
            "barrier": False,
            "offset": np.nan,
        },
        index=out.index,
    )
    found = search(under, strips, pd.DataFrame(), rules, figures, np.zeros(len(assets) + 1))
    doubt = under.doubt[0] if len(under.doubt) else "no_line"
    verdict = verdicts(
        found["margin_low"].to_numpy(float), found["margin_high"].to_numpy(float), figures.value("comfort")
    )
    return found[["margin_low", "margin", "margin_high"]].assign(verdict=verdict if not doubt else "unknown")
