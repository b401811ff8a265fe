"""The objective of a programme, counted again from its tables alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.checker.tables import MARK


def counted(
    options: pd.DataFrame, programme: pd.DataFrame, openings: pd.DataFrame, prices: pd.DataFrame | None = None
) -> float:
    """The objective in euros: the present value of every chosen option, works and openings alike, from the table of
    options.

    An opening pays the row of its highest step of paving, the price of coming too early after the one before it, and
    the surcharge of a contract that is too large. From the price list come use above a limit that bends, and what
    stays below a minimum.
    """
    return sum(parts(options, programme, openings, prices))


def parts(
    options: pd.DataFrame, programme: pd.DataFrame, openings: pd.DataFrame, prices: pd.DataFrame | None = None
) -> tuple[float, float, float]:
    """The objective in its parts: options, the price of coming too early, and limits and contracts that bend."""
    block = options["rest"].notna()
    own, pays = options[~block], options[block]
    programme = _with_parts(programme, own["subject"])
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
    own = float(works["cost"].fillna(0).sum() + paid["cost"].fillna(0).sum())
    bends = float(np.nansum(crowd)) + (0.0 if prices is None else _bends(prices))
    return own / 100, _too_early(paid) / 100, bends / 100


def _with_parts(programme: pd.DataFrame, subject: pd.Series) -> pd.DataFrame:
    """The programme with a row for each further part of a long work (`<work>@<block>` in the options), done with it."""
    told = programme.drop_duplicates("work").set_index("work")
    parts = pd.Series([s for s in subject.unique() if MARK in s and s not in told.index], dtype=object)
    lead = parts.str.rsplit(MARK, n=1).str[0]
    rows = told.loc[lead[lead.isin(told.index)]]
    return pd.concat([programme, rows.assign(work=parts[lead.isin(told.index)].to_numpy())]) if len(rows) else programme


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
