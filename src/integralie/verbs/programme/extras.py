"""What terms add to a draft besides costs: resources with their bends, further uses, order between works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass
class Resource:
    """One resource: what there is per period (nan is no limit) and what happens above or below that.

    `carry` may be kept for the next period; below `minimum` each unit costs `minimum_price`; use above what there is
    comes in `steps` (how much, at how many euros each; the last without end); without steps it is a hard limit.
    `adds_up`: use counts in its own period and all later ones.
    """

    name: str
    amount: Floats
    carry: Floats | float = 0.0
    minimum: Floats | None = None
    minimum_price: float = 0.0
    steps: tuple[tuple[float, float], ...] = ()
    adds_up: bool = False


@dataclass
class Extras:
    """Resources by name, uses of them by rows of works and by openings, and pairs of works (rows)."""

    resources: dict[str, Resource] = field(default_factory=dict)
    uses: list[tuple[Ints, str, Floats]] = field(default_factory=list)
    opening_uses: list[tuple[Ints, str, Floats]] = field(default_factory=list)  # (n,) or (n, 3)
    before: list[tuple[int, int, int]] = field(default_factory=list)
    apart: list[tuple[int, int]] = field(default_factory=list)
    together: list[tuple[int, int]] = field(default_factory=list)
    crowd: tuple[Any, Any] | None = None

    def number(self, name: str) -> int:
        """The row of a resource in the arrays."""
        return list(self.resources).index(name)

    def arrays(self, periods: int) -> dict[str, Any]:
        """The arguments of `Problem.from_arrays`."""
        told = list(self.resources.values())
        steps = max((len(r.steps) for r in told), default=0)
        width, price = np.full((len(told), max(steps, 1)), np.nan), np.full((len(told), max(steps, 1)), np.nan)
        for k, r in enumerate(told):
            for s, (much, euros) in enumerate(r.steps):
                width[k, s], price[k, s] = much, euros
        none = np.full(periods, np.nan)
        made: dict[str, Any] = {
            "capacity": np.array([r.amount for r in told]).reshape(-1, periods),
            "carry": np.array([np.broadcast_to(r.carry, periods) for r in told]).reshape(-1, periods),
            "minimum": np.array([none if r.minimum is None else r.minimum for r in told]).reshape(-1, periods)
            if any(r.minimum is not None for r in told)
            else None,
            "minimum_price": np.array([r.minimum_price for r in told]),
            "adds_up": np.array([r.adds_up for r in told], bool),
        }
        if steps:
            made |= {"over_width": width, "over_price": price}
        return made | self._used() | self._pairs()

    def _used(self) -> dict[str, Any]:
        number = {n: k for k, n in enumerate(self.resources)}
        made: dict[str, Any] = {}
        if self.uses:
            row = np.concatenate([r for r, _, _ in self.uses])
            resource = np.concatenate([np.full(len(r), number[n]) for r, n, _ in self.uses])
            made["uses"] = (row, resource, np.concatenate([a for _, _, a in self.uses]))
        if self.opening_uses:
            place = np.concatenate([b for b, _, _ in self.opening_uses])
            resource = np.concatenate([np.full(len(b), number[n]) for b, n, _ in self.opening_uses])
            amount = [a if a.ndim == 2 else np.repeat(a[:, None], 3, axis=1) for _, _, a in self.opening_uses]
            made["opening_uses"] = (place, resource, np.concatenate(amount))
        return made

    def _pairs(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name in ("before", "apart", "together"):
            pairs = getattr(self, name)
            if pairs:
                made[name] = tuple(np.array(pairs).T)
        return made | ({"crowd": self.crowd} if self.crowd else {})
