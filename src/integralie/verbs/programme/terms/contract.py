"""Contract size: an opening with more works than one contract bears costs more to prepare, tender and supervise."""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.draft import Draft

NAME = "contract"
HARD = False


def add(draft: Draft) -> None:
    """Each work above `contract_works` in one opening costs `contract_surcharge`."""
    free = int(draft.figures.value("contract_works"))
    held = draft.block_at[draft.works["opens"].to_numpy(bool)]
    count = np.bincount(held, minlength=len(draft.blocks))
    price = np.where(count > free, draft.figures.value("contract_surcharge"), 0.0)
    if price.any():
        draft.extras.crowd = (free, price)
