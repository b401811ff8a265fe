"""Opening a street: site, traffic measures and paving are paid once for all works in it."""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.draft import Draft, Floats, by_layer, day_shares

NAME = "opening"
HARD = False


def add(draft: Draft) -> None:
    """Site and paving once, traffic measures per day.

    Paving has three steps per block, by how much its works break up (up to a third of the widest work, two thirds,
    all): an opening pays the widest work of its highest step. Days: every work counts for `joint_days` of its own
    duration, and the longest of the step for the rest, so that a work done alone counts for exactly its own days.
    """
    own, longest = day_shares(draft)
    blocks = draft.blocks
    rate = blocks["traffic"].to_numpy(float)
    traffic = longest * by_layer(draft, "duration") * rate[:, None]
    once = blocks["site"].to_numpy(float)[:, None] + traffic + by_layer(draft, "surface_cost")
    opened = np.isin(np.arange(len(blocks)), draft.block_at[draft.works["opens"].to_numpy(bool)])
    cash = np.where(opened[:, None, None], once[:, None, :], 0.0) * np.ones((1, draft.settings.periods, 1))
    part = cash * draft.discount[None, :, None]
    draft.open_cash += cash
    draft.open_cost += part
    draft.parts[NAME] = part
    days = np.where(draft.works["opens"], draft.works["duration"], 0.0)
    each = (own * days * rate[draft.block_at])[:, None]
    draft.cash += draft.works["own"].to_numpy(float)[:, None] + each
    draft.cost += each * draft.discount
    draft.parts["traffic"] = each * draft.discount
    draft.defer += _later(draft)


def _later(draft: Draft) -> Floats:
    """What a deferred work still pays for an opening, after the last period (or in its preferred year, when that lies
    later).

    Its own paving and days; the site is shared by all works of its block, as if they came back together.
    """
    works, at = draft.works, draft.block_at
    opens = works["opens"].to_numpy(bool)
    users = np.bincount(at[opens], minlength=len(draft.blocks))
    day = draft.blocks[["traffic", "nuisance"]].to_numpy(float).sum(axis=1)
    site = draft.blocks["site"].to_numpy(float) / np.maximum(users, 1)
    once = works["surface_cost"].to_numpy(float) + works["duration"].to_numpy(float) * day[at] + site[at]
    years = np.maximum(works["preferred"].to_numpy(int) - draft.settings.first, draft.settings.periods)
    v = 1 / (1 + draft.figures.value("discount_rate") / 100)
    return np.where(opens, once * v**years, 0.0)
