"""Options that need more than there is even when nothing else is done: no programme has them, so no bound counts them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from integralie.checker.least import MUST, NO, Ints


class _Use(NamedTuple):
    """What rows use when they are done alone: (N,) row and resource, (N, T or 1) amount."""

    row: Ints
    resource: Ints
    amount: Ints


def costs(p: Any) -> Ints:
    """The costs of all rows (A, T), raised to what is not allowed where an option alone breaks a hard limit.

    Limits whose use may be given back, that bend or that add up over the periods are left out, and so are works that must
    be done.
    """
    most, uses = most_at_once(p), _uses(p)
    may_wait = np.repeat(p.defer < MUST, np.diff(p.alt))
    suspect = may_wait & _over(p, uses, lambda amount: amount.max(axis=1, initial=0), most.min(axis=1, initial=NO))
    if not suspect.any():
        return p.cost  # type: ignore[no-any-return]
    made, uses = p.cost.copy(), [_Use(*(part[suspect[u.row]] for part in u)) for u in uses]
    for t in range(p.cost.shape[1]):
        bad = may_wait & _over(p, uses, lambda amount, t=t: amount[:, min(t, amount.shape[1] - 1)], most[:, t])  # type: ignore[misc]
        made[bad, t] = np.maximum(made[bad, t], NO)
    return made


def most_at_once(p: Any) -> Ints:
    """What there is at most of every resource in every period (R, T), with all that can have been kept until then."""
    there, kept = np.where(p.capacity < 0, NO, p.capacity), np.zeros(len(p.capacity), np.int64)
    most = np.empty_like(there)
    for t in range(there.shape[1]):
        most[:, t] = np.minimum(there[:, t] + kept, NO)
        kept = np.minimum(p.carry[:, t], most[:, t])
    back = np.zeros(len(there), bool)
    back[p.use_row[p.use_amount < 0]] = True
    back[p.open_row[(p.open_amount < 0).any(axis=1)]] = True
    return np.where((back | (p.soft > 0) | (p.adds_up > 0))[:, None], NO, most)


def _uses(p: Any) -> list[_Use]:
    """Money, crew, further uses, and what the places that a row opens take."""
    every = np.arange(len(p.layer))
    uses = [_Use(every, p.budget, p.cash), _Use(every, p.crew, p.days)]
    at_once = np.where(p.use_shift == 0, p.use_amount, 0)
    uses.append(_Use(np.repeat(every, np.diff(p.use_start)), p.use_row, at_once[:, None]))
    block = np.repeat(np.repeat(np.arange(len(p.crowd)), np.diff(p.first)), np.diff(p.alt))
    least = np.stack([p.open_amount[:, k:].min(axis=1) for k in range(p.open_amount.shape[1])], axis=1)
    for bit in range(int(p.cover.max(initial=0)).bit_length()):
        row = np.flatnonzero((p.layer >= 0) & ((p.cover >> bit) & 1 > 0))
        place, layer = p.place[block[row]] + bit, p.layer[row]
        uses.append(_Use(row, p.open_budget[place], p.open_cash[place, :, layer]))
        size = np.diff(p.open_start)[place]
        at = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size - p.open_start[place], size)
        uses.append(_Use(np.repeat(row, size), p.open_row[at], least[at, np.repeat(layer, size)][:, None]))
    return [_Use(*(part[u.resource >= 0] for part in u)) for u in uses]


def _over(p: Any, uses: list[_Use], of: Any, most: Ints) -> Any:
    """Which rows use more of a resource than `most` of it, all that they use taken together."""
    amount = np.concatenate([of(u.amount) for u in uses])
    at = (np.concatenate([u.row for u in uses]), np.concatenate([u.resource for u in uses]))
    total = sparse.coo_matrix((amount, at), shape=(len(p.layer), len(p.capacity))).tocsr()
    over = total.data > most[total.indices]
    out = np.zeros(len(p.layer), bool)
    out[np.repeat(np.arange(len(p.layer)), np.diff(total.indptr))[over]] = True
    return out
