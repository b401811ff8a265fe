"""Who has to move, what the next step is, and whether to combine at all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures

KEEP, CONSIDER, COMBINE = "keep_apart", "consider", "combine"


def movers(rows: pd.DataFrame) -> pd.DataFrame:
    """Per opportunity the years that its works move together, and the party whose moving costs most with its years."""
    away = rows["year"] - rows["preferred"].astype(float)
    own = rows.assign(away=away, size=away.abs())
    out = own.groupby("id").agg(years_moved=("size", "sum"))
    most = own[own["size"] > 0].sort_values(
        ["id", "moving", "size", "party", "work"], ascending=[True, False, False, True, True]
    )
    first = most.drop_duplicates("id").set_index("id")
    return out.assign(
        mover=first["party"].reindex(out.index),
        mover_years=first["away"].reindex(out.index).astype("Int64"),
        mover_work=first["work"].reindex(out.index),
        years_moved=out["years_moved"].astype("Int64"),
    )


def leads(rows: pd.DataFrame) -> pd.Series:
    """The work that gives an opportunity its identity: the dearest, of equals the first by id."""
    order = rows.sort_values(["id", "cost", "work"], ascending=[True, False, True])
    return order.drop_duplicates("id").set_index("id")["work"]


def next_steps(out: pd.DataFrame, rows: pd.DataFrame, works: pd.DataFrame, figures: Figures) -> pd.Series:
    """What to do now: look at an asset whose need is a guess, ask who moves, find the money, or fix the year."""
    told = rows[["id", "work"]].join(works[["plan", "probability", "funding"]], on="work")
    guess = told["plan"].isna() & (told["probability"].fillna(0.0) < figures.value("urgent_probability"))
    poor = told["plan"].notna() & told["funding"].isin(["none", "requested"])
    by = told.assign(guess=guess, poor=poor).groupby("id")[["guess", "poor"]]
    all_guess, any_poor = by.all()["guess"].reindex(out.index), by.any()["poor"].reindex(out.index)
    code = np.select(
        [all_guess.fillna(False), out["mover"].notna(), any_poor.fillna(False)],
        ["inspect", "ask_mover", "secure_money"],
        "fix_year",
    )
    return pd.Series(code, index=out.index)


def advice(out: pd.DataFrame, warned: pd.DataFrame) -> pd.Series:
    """Keep apart where a grave warning stands or the value is not positive; consider where there is a warning or the
    lower end of the value is negative; else combine.
    """
    grave = set(warned.loc[warned["severity"] == "high", "opportunity"]) if len(warned) else set()
    any_ = set(warned["opportunity"]) if len(warned) else set()
    ids = out.index.to_series()
    return pd.Series(
        np.select(
            [ids.isin(grave) | (out["value"] <= 0), ids.isin(any_) | (out["value_low"] < 0)], [KEEP, CONSIDER], COMBINE
        ),
        index=out.index,
    )
