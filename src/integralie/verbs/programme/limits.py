"""The resources of a problem: what there is, what is left over, what is too much or too little, and who uses what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme.count import MILLION
from integralie.verbs.programme.problem import APART, CENTS, LARGEST, LAYERS, NOTHING, UNLIMITED, Ints
from integralie.verbs.programme.shapes import amounts, floats, numbers, spread, whole

NEARLY = 1e-6  # a capacity of 0.29 is 29 hundredths although the machine says 28.999999
DEAREST = 10**6  # euros per unit above or below a limit, at most


@dataclass
class Limits:
    """The resources as arrays; pairs of works in different blocks become resources of their own behind the given."""

    capacity: Ints
    carry: Ints
    least: Ints
    least_price: Ints
    width: Ints
    slope: Ints
    soft: Ints
    adds_up: Ints
    given: int

    @property
    def many(self) -> int:
        return len(self.capacity)

    @classmethod
    def read(cls, told: Any) -> Limits:
        """The resources of the arguments of `Reading`."""
        periods = told.shape[1]
        given = None if told.capacity is None else floats("capacity", told.capacity)
        if given is not None and (given.ndim != 2 or given.shape[1] != periods):
            raise DataError(f"'capacity' has shape {given.shape}; give (resources, {periods} periods).")
        many = 0 if given is None else len(given)
        shape = (many, periods)
        width, slope, soft = _steps(told.over_width, told.over_price, many)
        made = cls(
            _capacity(given, periods), _carry(told.carry, shape), _least(told.minimum, shape),
            _price("minimum_price", told.minimum_price, (many,)), width, slope, soft,
            _flags(told.adds_up, many), many,
        )  # fmt: skip
        limit = np.where(made.capacity == UNLIMITED, LARGEST, made.capacity)
        made.carry = np.minimum(
            made.carry, np.minimum(np.cumsum(limit, axis=1), LARGEST)
        )  # no more than there ever was
        if ((made.carry > 0).any(axis=1) & ((made.soft > 0) | (made.adds_up > 0))).any():
            raise DataError("A row with 'carry' cannot have 'over_price' or 'adds_up' as well; split it in two rows.")
        return made

    def pair(self, pairs: list[tuple[int, int, int, int]]) -> None:
        """Add a resource for every pair of works in different blocks."""
        if not pairs:
            return
        new, periods = len(pairs), self.capacity.shape[1]
        apart = np.array([kind == APART for _, _, kind, _ in pairs])
        cap = np.where(apart, 1, 0)[:, None] * np.ones((1, periods), np.int64)
        self.capacity = np.concatenate([self.capacity, cap.astype(np.int64)])
        self.carry = np.concatenate([self.carry, np.zeros((new, periods), np.int64)])
        self.least = np.concatenate([self.least, np.full((new, periods), NOTHING)])
        self.least_price = np.concatenate([self.least_price, np.zeros(new, np.int64)])
        self.width = np.concatenate([self.width, np.zeros((new, self.width.shape[1]), np.int64)])
        self.slope = np.concatenate([self.slope, np.zeros((new, self.slope.shape[1]), np.int64)])
        self.soft = np.concatenate([self.soft, np.zeros(new, np.int64)])
        self.adds_up = np.concatenate([self.adds_up, np.where(apart, 0, 1).astype(np.int64)])

    def row_uses(self, told: Any, pairs: list[tuple[int, int, int, int]], order: Ints) -> dict[str, Ints]:
        """What rows use besides cash and days, in their new order."""
        parts = [self._told_uses(told)]
        if pairs:
            parts.append(self._pair_uses(told, pairs))
        row, resource, amount, shift = (np.concatenate(x) for x in zip(*parts))
        position = np.empty(len(order), np.int64)
        position[order] = np.arange(len(order))
        at = position[row]
        by = np.lexsort((resource, at))
        start = np.searchsorted(at[by], np.arange(len(order) + 1)).astype(np.int64)
        return {
            "use_start": start, "use_row": resource[by], "use_amount": amount[by], "use_shift": shift[by],
        }  # fmt: skip

    def _told_uses(self, told: Any) -> tuple[Ints, ...]:
        if told.uses is None:
            none = np.zeros(0, np.int64)
            return none, none, none, none
        given = [np.ravel(v) for v in np.broadcast_arrays(*told.uses)]
        count = (len(given[0]),)
        row = numbers("uses", given[0], count, 0, told.shape[0] - 1)
        resource = numbers("uses", given[1], count, 0, self.given - 1)
        shift = numbers("uses", given[3], count, 0, told.shape[1]) if len(given) > 3 else np.zeros(count, np.int64)
        return row, resource, whole("uses", floats("uses", given[2])), shift

    def _pair_uses(self, told: Any, pairs: list[tuple[int, int, int, int]]) -> tuple[Ints, ...]:
        by_work = np.argsort(told.work_of, kind="stable")
        start = np.searchsorted(told.work_of[by_work], np.arange(told.many + 1))
        out: list[tuple[int, int, int, int]] = []
        for k, (i, j, kind, lag) in enumerate(pairs):
            resource = self.given + k
            first = -1 if kind != APART else 1
            out += [(int(r), resource, first, lag) for r in by_work[start[i] : start[i + 1]]]
            out += [(int(r), resource, 1, 0) for r in by_work[start[j] : start[j + 1]]]
        table = np.array(out, dtype=np.int64).reshape(-1, 4)
        return table[:, 0], table[:, 1], table[:, 2], table[:, 3]

    def opening_uses(self, given: Any, many: int, told: Ints) -> dict[str, Ints]:
        """What openings use besides their cash, per place in its new order."""
        if given is None:
            none = np.zeros(0, np.int64)
            return {
                "open_start": np.zeros(len(told) + 1, np.int64), "open_row": none,
                "open_amount": np.zeros((0, LAYERS), np.int64),
            }  # fmt: skip
        place = numbers("opening_uses", np.ravel(given[0]), (len(np.ravel(given[0])),), 0, many - 1)
        resource = numbers("opening_uses", given[1], place.shape, 0, self.given - 1)
        amount = amounts("opening_uses", given[2], (len(place), LAYERS))
        by = np.lexsort((resource, place))
        place, resource, amount = place[by], resource[by], amount[by]
        start = np.searchsorted(place, np.arange(many + 1))
        size = np.diff(start)[told]
        at = np.repeat(start[:-1][told] - np.concatenate([[0], np.cumsum(size)[:-1]]), size) + np.arange(size.sum())
        return {
            "open_start": np.concatenate([[0], np.cumsum(size)]).astype(np.int64), "open_row": resource[at],
            "open_amount": np.ascontiguousarray(amount[at]),
        }  # fmt: skip

    def arrays(self) -> dict[str, Ints]:
        """As the problem takes them."""
        names = ("capacity", "carry", "least", "least_price", "width", "slope", "soft", "adds_up")
        return {n: np.ascontiguousarray(getattr(self, n)) for n in names}


def _capacity(given: npt.NDArray[np.float64] | None, periods: int) -> Ints:
    """What there is in whole hundredths, rounded down."""
    if given is None:
        return np.zeros((0, periods), np.int64)
    if (given < 0).any():
        raise DataError(
            "'capacity' holds a negative amount; give zero where there is nothing, and nan where there is no limit."
        )
    limited = np.isfinite(given) & (given * CENTS < LARGEST)
    return np.where(limited, np.floor(np.where(limited, given, 0.0) * CENTS + NEARLY), UNLIMITED).astype(np.int64)


def _carry(given: Any, shape: tuple[int, int]) -> Ints:
    array = np.minimum(
        np.where(np.isinf(spread("carry", given, shape)), LARGEST / CENTS, spread("carry", given, shape)),
        LARGEST / CENTS,
    )
    return amounts("carry", array, shape).copy()


def _least(given: Any, shape: tuple[int, int]) -> Ints:
    if given is None:
        return np.full(shape, NOTHING)
    array = spread("minimum", given, shape)
    told = np.isfinite(array)
    return np.where(told, whole("minimum", np.where(told, array, 0.0)), NOTHING)


def _price(name: str, given: Any, shape: tuple[int, ...]) -> Ints:
    array = spread(name, given, shape)
    if not np.isfinite(array).all() or (array < 0).any() or (array > DEAREST).any():
        raise DataError(f"'{name}' should lie between 0 and {DEAREST:,} euros per unit.")
    return np.rint(array * MILLION).astype(np.int64)


def _flags(given: Any, many: int) -> Ints:
    return (
        np.zeros(many, np.int64)
        if given is None
        else np.broadcast_to(np.asarray(given, bool), (many,)).astype(np.int64)
    )


def _steps(widths: Any, prices: Any, many: int) -> tuple[Ints, Ints, Ints]:
    """Steps of use above capacity: dearer and dearer, the last without end."""
    if prices is None:
        return np.zeros((many, 1), np.int64), np.zeros((many, 1), np.int64), np.zeros(many, np.int64)
    price = floats("over_price", prices)
    price = np.broadcast_to(
        price[:, None] if price.ndim == 1 else price, (many, price.shape[-1] if price.ndim == 2 else 1)
    )
    told = np.isfinite(price)
    soft = told.sum(axis=1).astype(np.int64)
    later = told[:, 1:] & (price[:, 1:] < price[:, :-1])
    if (told[:, 1:] & ~told[:, :-1]).any() or later.any():
        raise DataError(
            "The steps of 'over_price' should become dearer, with those that are not used (nan) at the end."
        )
    width = np.full(price.shape, np.inf) if widths is None else spread("over_width", widths, price.shape)
    inner = np.isfinite(width) & told
    return (
        whole("over_width", np.where(inner, width, 0.0)),
        _price("over_price", np.where(told, price, 0.0), price.shape),
        soft,
    )  # fmt: skip
