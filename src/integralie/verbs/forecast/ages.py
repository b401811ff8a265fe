"""How old assets are, how long they will last, and what that is worth in years: pure arithmetic on columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.settings import Settings

TENTH = -np.log(0.9)  # the hazard at which one in ten has failed
HALF = np.log(2.0)
PVC_TURN = 1975  # the covenant of 1999 splits PVC mains at this year (figures SL-023, SL-024)


def ages(assets: pd.DataFrame, streets: pd.Series, street_area: pd.Series, areas: pd.DataFrame) -> pd.DataFrame:
    """The year built that may be used for each asset, and how it is known.

    The asset's own year counts when it is known. Otherwise the year of the area counts, but only when somebody has
    decided so: `areas.year_built_quality` is 'assumed'. Otherwise the year stays unknown.
    """
    year = assets["year_built"].where(assets["year_built_quality"].fillna("registered") != "unknown").astype("Float64")
    quality = assets["year_built_quality"].fillna("registered").where(year.notna())
    allowed = areas.loc[areas["year_built_quality"] == "assumed", "year_built"].astype("Float64")
    stand_in = streets.map(street_area).map(allowed).astype("Float64")
    use = year.isna() & stand_in.notna()
    return pd.DataFrame(
        {
            "year": year.where(~use, stand_in).astype("float64"),
            "quality": quality.mask(use, "assumed"),
        },
        index=assets.index,
    )


def lives(assets: pd.DataFrame, year: pd.Series, figures: Figures) -> pd.DataFrame:
    """The service life of each asset as a Weibull curve: columns `life, shape, scale, figure, status`.

    The typical value is the median; the minimum, where given, is the age at which one in ten has failed. Without a
    minimum the shape comes from figure `life_shape`.
    """
    era = pd.Series(np.where(year < PVC_TURN, f"before_{PVC_TURN}", f"from_{PVC_TURN}"), index=assets.index)
    asked = pd.DataFrame({"kind": assets["kind"], "material": assets["material"], "era": era.where(year.notna())})
    got = figures.lookup("service_life", asked)
    typical, low = got["value"].astype(float), got["low"].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        shape = np.log(HALF / TENTH) / np.log(typical / low)
    usable = low.notna() & (low < typical)
    shape = np.where(usable, shape, figures.value("life_shape"))
    return pd.DataFrame(
        {
            "life": typical,
            "shape": shape,
            "scale": typical / HALF ** (1 / shape),
            "figure": got["figure"],
            "status": got["status"],
        }
    )


def window(
    year: pd.Series, curve: pd.DataFrame, condition: pd.Series, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """The years in which an asset wants renewal, given that it has reached its present age.

    `preferred` is the year in which half of the assets that are still there would have failed; the window opens when
    a share `life_window` would have failed and closes at one minus that share, never narrower than `window_least` and
    never wider than `window_most` years on either side. An asset of condition 5 or 6 (NEN 2767) wants renewal within
    `overdue_years`, whatever its age. `probability` is the chance of failure before the window closes.
    """
    share = figures.value("life_window")
    reached = np.maximum(settings.first - year, 0.0)
    past = (reached / curve["scale"]) ** curve["shape"]

    def quantile(q: float) -> pd.Series:
        return year + curve["scale"] * (past - np.log(1 - q)) ** (1 / curve["shape"])

    best = quantile(0.5)
    bad = (condition.astype("Float64") >= 5).fillna(False).to_numpy(dtype=bool)
    best = best.mask(bad, np.minimum(best, settings.first + figures.value("overdue_years") / 2))
    least, most = figures.value("window_least"), figures.value("window_most")
    early = best - (best - quantile(share)).clip(least, most)
    late = best + (quantile(1 - share) - best).clip(least, most)
    hazard = (np.maximum(late - year, 0) / curve["scale"]) ** curve["shape"] - past
    return pd.DataFrame(
        {
            "earliest": early,
            "preferred": best,
            "latest": late,
            "probability": 1 - np.exp(-np.maximum(hazard, 0)),
        }
    )
