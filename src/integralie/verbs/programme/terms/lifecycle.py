"""What a work costs in a year, seen from the owner alone: renewal for ever after, early value lost, risk or penalty
when late.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft, Floats

NAME = "lifecycle"
HARD = False
HALF = 0.5  # a failure falls on average in the middle of a year


def perpetuity(draft: Draft, years: Floats) -> Floats:
    """Renewal now and every life after, per euro: v^t / (1 - v^life) for years counted from the first (W, n)."""
    v = 1 / (1 + draft.figures.value("discount_rate") / 100)
    life = draft.works["life"].to_numpy(float)
    endless = np.where(np.isfinite(life) & (life > 0), life, np.inf)[:, None]
    return v**years / (1 - v**endless)


def curve(draft: Draft, offset: npt.NDArray[np.int64]) -> Floats:
    """Present cost of each work (EUR), for years given as offsets from the first year (W, n).

    A plan: renewal for ever from its preferred year; earlier brings all later renewals forward and adds
    `planned_early`; later adds `planned_late` per year, and waiting is not counted as a gain. An ageing asset:
    renewal for ever from year t, plus the expected cost of failure until then. That risk grows with age to the power
    `life_shape` - 1, and is such that in the preferred year one more year of waiting saves as much as it risks, the
    opening included: so the least cost lies there.
    """
    works, v = draft.works, 1 / (1 + draft.figures.value("discount_rate") / 100)
    own, once = works["own"].to_numpy(float)[:, None], _opening_alone(draft)[:, None]
    best = (works["preferred"].to_numpy(float) - draft.settings.first)[:, None]
    ahead, behind = np.maximum(best - offset, 0.0), np.maximum(offset - best, 0.0)
    early, late = (draft.figures.value(n) / 100 for n in ("planned_early", "planned_late"))
    penalty = v**best * (early * ahead + late * behind) * (own + once)
    planned = own * perpetuity(draft, np.minimum(offset, best)) + penalty
    yearly = own * perpetuity(draft, np.zeros((1, 1))) + once
    ageing = own * perpetuity(draft, offset.astype(float)) + yearly * _risk(draft, offset, best)
    return np.where(_planned(works)[:, None], planned, ageing)


def _opening_alone(draft: Draft) -> Floats:
    """What each work would pay for an opening of its own (EUR)."""
    works, blocks = draft.works, draft.blocks.iloc[draft.block_at]
    day = blocks["traffic"].to_numpy(float) + blocks["nuisance"].to_numpy(float)
    once = blocks["site"].to_numpy(float) + works["duration"].to_numpy(float) * day
    return np.where(works["opens"], once + works["surface_cost"].to_numpy(float), 0.0)


def _planned(works: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Works that follow a plan; so do works of which the age or the life is not known."""
    return (works["plan"].notna() | works["life"].isna() | works["year_built"].isna()).to_numpy(bool)


def _risk(draft: Draft, offset: npt.NDArray[np.int64], best: Floats) -> Floats:
    """Expected cost of failure from the preferred year on (negative before it), per euro of yearly saving (W, n)."""
    works, v = draft.works, 1 / (1 + draft.figures.value("discount_rate") / 100)
    shape = draft.figures.value("life_shape")
    age = np.maximum(works["preferred"].to_numpy(float) - works["year_built"].to_numpy(float, na_value=np.nan), 1.0)[
        :, None
    ]
    least, most = int(min(offset.min(), best.min())) + 1, int(max(offset.max(), best.max()))
    year = np.arange(least, most + 1, dtype=float)[None, :]
    grows = (np.maximum(age + year - best - HALF, 0.0) / age) ** (shape - 1)
    yearly = v ** (year - 1) * (1 - v) * grows
    total = np.concatenate([np.zeros((len(works), 1)), np.cumsum(yearly, axis=1)], axis=1)
    at = offset.clip(least - 1, most) - (least - 1)
    zero = np.take_along_axis(total, (best.astype(int) - (least - 1)), axis=1)
    return total[:, at.ravel()] - zero


def add(draft: Draft) -> None:
    """Own cost of every work per period and beyond the horizon; unknown costs count as zero and are told."""
    told = draft.tables["works"]["cost"]
    unknown = told.reindex(draft.works["work"]).isna().to_numpy() & (draft.works["mode"] == "usual").to_numpy()
    if unknown.any():
        rows = draft.works.loc[unknown, ["name"]]
        draft.findings.append(finding("programme.no_cost", "works", rows.index, rows, "warning", "counted as zero"))
    if not len(draft.works):
        return
    part = curve(draft, np.arange(draft.settings.periods)[None, :])
    draft.cost += part
    draft.parts[NAME] = part
    draft.defer += _beyond(draft).ravel()
    draft.defer += _exit(draft)


def _beyond(draft: Draft) -> Floats:
    """The curve in the year after the last, or in the preferred year when that lies later."""
    beyond = np.maximum(draft.works["preferred"].to_numpy(int) - draft.settings.first, draft.settings.periods)
    distinct = np.unique(beyond)
    table = curve(draft, distinct[None, :])
    return table[np.arange(len(beyond)), np.searchsorted(distinct, beyond)][:, None]


def _exit(draft: Draft) -> Floats:
    """What deferral costs beyond the curve when the window closes within the horizon.

    A plan pays `deferral` per cent of its cost; an ageing asset the `failure_consequence` times the probability that
    it needs renewal.
    """
    works = draft.works
    missed = works["latest"].astype(int).to_numpy() <= draft.settings.years[-1]
    consequence = draft.figures.lookup("failure_consequence", works[["kind"]])["value"].to_numpy(float)
    chance = works["probability"].to_numpy(float)
    risk = consequence * np.where(np.isfinite(chance), chance, 1.0)
    share = np.where(_planned(works), draft.figures.value("deferral") / 100, risk)
    return np.where(missed, share * works["cost"].to_numpy(float), 0.0)
