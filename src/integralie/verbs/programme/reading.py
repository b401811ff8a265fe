"""From plain arrays to a `Problem`: shapes, signs and units are checked, works are put in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme.limits import Limits
from integralie.verbs.programme.problem import (
    APART,
    CENTS,
    FORBIDDEN,
    LARGEST,
    LATER,
    LAYERS,
    LONG_AGO,
    NOT_BEFORE,
    Arrays,
    Ints,
    Problem,
    refuse_impossible,
)
from integralie.verbs.programme.shapes import amounts, floats, long_form, numbered, numbers, spread, steady

MOST_PERIODS = 120
MOST_PLACES = 30


@dataclass
class Reading:
    """The arguments of `Problem.from_arrays`; money in euros, crew time in working days, other uses in own units.

    `N` rows (a work, or a mode of a work), `T` periods, `R` rows of capacity, `B` distinct blocks, `P` distinct places
    (the blocks themselves, when `covers` is not given).

    block (N,): label of the block that each work lies in. cost (N, T): present value of doing it in that period, `nan`
    where it may not be done. cash (N, T), (N,) or a number: what leaves the budget. budget (N,): row of `capacity` that
    pays, -1 is none. crew_days, crew: the same for working days. defer_cost (N,): present value of not doing it within
    the horizon; every work needs this exit. opening_cost: present value of opening a place: a number, (P,), (P, T) or
    (P, T, 3) with a price per layer. rest: a number or (P,): time between two openings (5: open in 0, again in 5).
    capacity (R, T): what there is, `nan` or `inf` where there is no limit; None: no limits at all.

    opening_cash, opening_budget: what an opening takes from which row of capacity; shapes as opening_cost and (P,).
    rest_price: None (too early is forbidden), or a number, (P,) or (P, T): euros per unit of time too early; a place with
    a negative price in any period may never be opened too early. last_opened, a number or (P,): moment of the last opening
    before the horizon, so negative; `nan` is never.
    layer (N,): 0 surface, 1 shallow, 2 deep; an opening is paid once for its deepest work. opens (N,): False for what
    needs no opening. fixed (N,): period in which the work must be done, -1 is free. id (N,): names that settle the order;
    without them the contents do. blocks: labels in the order of the arrays per place; without it sorted.

    work (N,): rows with one label are modes of one work, of which one is chosen. covers (row, place label): two arrays
    that say which places each row opens. places: their labels in the order of the arrays per place. uses (row, resource,
    amount[, periods later]): what a row uses besides cash and days. opening_uses (place number, resource, amount or
    (K, 3) amounts): what an opening uses besides its cash. before (first row, second row, lag): the second work comes at
    least so many periods after the first (0: the same is allowed), and not without it. apart (first, second): not in
    one period. together (first, second): in one period or neither. crowd (number, price), each a number or (B,): works
    above that number in one opening cost so many euros each.

    carry: a number, (R,) or (R, T): how much of what is left may be used a period later. minimum (R, T) and
    minimum_price (R,): what should at least be used, and euros for each unit below. over_width, over_price (R, S): use
    above capacity in steps, so much at so many euros each; the last step (width `inf`) has no end; `nan` is no step.
    adds_up (R,): True where use counts in its own period and all later ones. at (T,): moment at which each period begins.
    """

    block: Any
    cost: Any
    cash: Any = 0.0
    budget: Any = -1
    crew_days: Any = 0.0
    crew: Any = -1
    defer_cost: Any = None
    opening_cost: Any = 0.0
    rest: Any = 0
    capacity: Any = None
    opening_cash: Any = 0.0
    opening_budget: Any = -1
    rest_price: Any = None
    last_opened: Any = None
    layer: Any = 0
    opens: Any = True
    fixed: Any = -1
    id: Any = None
    blocks: Any = None
    work: Any = None
    covers: Any = None
    places: Any = None
    uses: Any = None
    opening_uses: Any = None
    before: Any = None
    apart: Any = None
    together: Any = None
    crowd: Any = None
    carry: Any = 0.0
    minimum: Any = None
    minimum_price: Any = 0.0
    over_width: Any = None
    over_price: Any = None
    adds_up: Any = None
    at: Any = None

    def problem(self) -> Problem:
        """The problem, sorted, exact and checked."""
        self._sizes()
        self.limits = Limits.read(self)
        rows = self._rows()
        order = self._order(rows)
        made = {k: np.ascontiguousarray(v[order]) for k, v in rows.items()}
        alt, first = self._starts(order)
        work_at = np.empty(self.many, np.int64)
        work_at[self.sorted_works] = np.arange(self.many)
        ties, pairs = self._pairs(work_at, first)
        self.limits.pair(pairs)
        uses = self.limits.row_uses(self, pairs, order)
        places, cover = self._places(order)
        arrays = Arrays(
            **made, **uses, alt=alt, defer=self.exits[self.sorted_works], first=first, **places, cover=cover, **ties,
            **self._crowds(), **self.limits.arrays(), at=self._moments(), **self._own(made, uses, alt, first, places),
        )  # fmt: skip
        problem = Problem(arrays, order, self.sorted_works, self.unit_labels, self.place_labels, self.limits.given)
        refuse_impossible(problem)
        return problem

    def _sizes(self) -> None:
        self.cost = floats("cost", self.cost)
        label = np.asarray(self.block)
        if self.cost.ndim != 2 or label.shape != self.cost.shape[:1]:
            raise DataError(
                f"'cost' has shape {self.cost.shape} and 'block' {label.shape}; give (works, periods) and (works,)."
            )
        if not 1 <= self.cost.shape[1] <= MOST_PERIODS:
            raise DataError(f"There are {self.cost.shape[1]} periods; give 1 to {MOST_PERIODS}.")
        self.shape = (int(self.cost.shape[0]), int(self.cost.shape[1]))
        self.labels, self.block_of = numbered("blocks", label, self.blocks)
        self._group()

    def _group(self) -> None:
        """Which rows are modes of one work; the first row speaks for the work."""
        if self.work is None:
            self.work_of = self.lead = np.arange(self.shape[0])
        else:
            names = np.asarray(self.work)
            if names.shape != self.shape[:1]:
                raise DataError(f"'work' has shape {names.shape}; give one label per row, {self.shape[:1]}.")
            _, lead, inverse = np.unique(names, return_index=True, return_inverse=True)
            rank = np.argsort(np.argsort(lead))  # works in the order in which they first appear
            self.work_of, self.lead = rank[inverse], np.sort(lead)
            if (self.block_of != self.block_of[self.lead][self.work_of]).any():
                raise DataError("Two modes of one work lie in different blocks; give them the same block.")
        self.many = len(self.lead)

    def _rows(self) -> dict[str, Ints]:
        cost = self._costs()
        one, resources = self.shape[:1], self.limits.given
        opens = np.broadcast_to(np.asarray(self.opens, dtype=bool), one)
        layer = numbers("layer", self.layer, one, -1, LAYERS - 1)
        self.opened = opens & (layer >= 0)
        return {
            "cost": cost,
            "cash": steady(amounts("cash", self.cash, self.shape)),
            "days": steady(amounts("crew_days", self.crew_days, self.shape)),
            "budget": numbers("budget", self.budget, one, -1, resources - 1),
            "crew": numbers("crew", self.crew, one, -1, resources - 1),
            "layer": np.where(self.opened, layer, -1),
        }

    def _costs(self) -> Ints:
        """Cost per row and period, with fixed works left only their period; the exits are kept aside."""
        allowed = np.isfinite(self.cost)
        whole = np.where(allowed, np.floor(np.where(allowed, self.cost, 0.0) * CENTS + 0.5), 0.0)
        if self.defer_cost is None:
            raise DataError(
                "'defer_cost' is missing; every work needs an exit: give what it costs not to do it within the horizon."
            )
        late = spread("defer_cost", floats("defer_cost", self.defer_cost), self.shape[:1])[self.lead]
        if not np.isfinite(late).all():
            raise DataError(
                "'defer_cost' is unknown or infinite for a work; every work needs an exit at a cost that can be told."
            )
        _check("cost", whole)
        exits = np.floor(late * CENTS + 0.5)
        _check("defer_cost", exits)
        return self._fix(np.where(allowed, whole.astype(np.int64), FORBIDDEN), exits.astype(np.int64))

    def _fix(self, cost: Ints, exits: Ints) -> Ints:
        """A fixed work has its own period and no exit; an option dearer than the exit is none, where nothing gains."""
        period = numbers("fixed", self.fixed, self.shape[:1], -1, self.shape[1] - 1)[self.lead]
        held = period >= 0
        at = period[self.work_of]
        never = np.ones(len(at), bool) if self._plain() else np.zeros(len(at), bool)
        rows = np.flatnonzero(held[self.work_of])
        if len(rows):
            best = np.full(self.many, FORBIDDEN)
            np.minimum.at(best, self.work_of[rows], cost[rows, at[rows]])
            if (best[held] >= FORBIDDEN).any():
                raise DataError(
                    "A work is fixed in a period in which it has no cost; give that cost or release the work."
                )
            only = np.full((len(rows), self.shape[1]), FORBIDDEN)
            only[np.arange(len(rows)), at[rows]] = cost[rows, at[rows]]
        cost = np.where(never[:, None] & (cost >= exits[self.work_of][:, None]), FORBIDDEN, cost)
        if len(rows):
            cost[rows] = only
        self.exits = np.where(held, FORBIDDEN, exits)
        return cost

    def _plain(self) -> bool:
        """Whether doing a work can only cost: no minimum, no further uses, no order."""
        given = (self.uses, self.before, self.together, self.minimum)
        return all(v is None for v in given)

    def _order(self, rows: dict[str, Ints]) -> Ints:
        """The order of rows; works by block, what opens nothing last, then by id or contents."""
        work_opens = np.zeros(self.many, bool)
        np.logical_or.at(work_opens, self.work_of, self.opened)
        if self.id is not None:
            keys: list[npt.NDArray[Any]] = [np.asarray(self.id)[self.lead]]
        else:
            keys = [
                v[self.lead] if v.ndim == 1 else v[self.lead, t]
                for v in rows.values()
                for t in range(1 if v.ndim == 1 else v.shape[1])
            ]
            keys.insert(0, self.exits)
        block = self.block_of[self.lead]
        self.sorted_works = np.lexsort((*keys, ~work_opens, block)) if self.many else np.zeros(0, np.int64)
        block, own = block[self.sorted_works], ~work_opens[self.sorted_works]
        new = np.ones(self.many, dtype=bool)
        new[1:] = (block[1:] != block[:-1]) | own[1:]
        self.unit_of, self.unit_block, self.unit_opens = np.cumsum(new) - 1, block[new], ~own[new]
        self.unit_labels = self.labels[self.unit_block]
        rank = np.empty(self.many, np.int64)
        rank[self.sorted_works] = np.arange(self.many)
        return np.argsort(rank[self.work_of], kind="stable")

    def _starts(self, order: Ints) -> tuple[Ints, Ints]:
        size = np.bincount(self.work_of, minlength=self.many)[self.sorted_works]
        alt = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        return alt, np.searchsorted(self.unit_of, np.arange(len(self.unit_block) + 1)).astype(np.int64)

    def _pairs(self, work_at: Ints, first: Ints) -> tuple[dict[str, Ints], list[tuple[int, int, int, int]]]:
        """Ties within blocks, and the pairs of works in different blocks (works as given, kind, lag)."""
        ties: list[tuple[int, int, int, int]] = []
        across: list[tuple[int, int, int, int]] = []
        for i, j, kind, lag in self._told_pairs():
            a, b = int(work_at[i]), int(work_at[j])
            if a == b:
                raise DataError("A work cannot be put before, beside or apart from itself; correct the pair.")
            u, v = int(self.unit_of[a]), int(self.unit_of[b])
            if u == v and (kind == APART or lag <= 1):
                code = APART if kind == APART else (LATER if lag else NOT_BEFORE)
                ties.append((u, a - int(first[u]), b - int(first[u]), code))
            else:
                across.append((i, j, kind, lag))
        ties.sort()
        table = np.array(ties, dtype=np.int64).reshape(-1, 4)
        start = np.searchsorted(table[:, 0], np.arange(len(first))).astype(np.int64)
        return {"tie_start": start, "tie": np.ascontiguousarray(table[:, 1:])}, across

    def _told_pairs(self) -> list[tuple[int, int, int, int]]:
        rows, out = self.shape[0], []
        for i, j, lag in long_form("before", self.before, (rows, rows, MOST_PERIODS)):
            out.append((int(self.work_of[i]), int(self.work_of[j]), NOT_BEFORE, int(lag)))
        for i, j in long_form("apart", self.apart, (rows, rows)):
            out.append((int(self.work_of[i]), int(self.work_of[j]), APART, 0))
        for i, j in long_form("together", self.together, (rows, rows)):
            a, b = int(self.work_of[i]), int(self.work_of[j])
            out += [(a, b, NOT_BEFORE, 0), (b, a, NOT_BEFORE, 0)]
        return out

    def _places(self, order: Ints) -> tuple[dict[str, Ints], Ints]:
        """The places of every block with their openings, and the places that every row covers."""
        if self.covers is None:
            unit = np.flatnonzero(self.unit_opens)
            told, names = self.unit_block[unit], self.labels
            place = np.concatenate([[0], np.cumsum(self.unit_opens)])
            cover = self.opened[order].astype(np.int64)
        else:
            unit, told, names, cover = self._covered(order)
            place = np.searchsorted(unit, np.arange(len(self.unit_block) + 1))
        self.place_labels = names[told]
        return {"place": place.astype(np.int64), **self._openings(len(names), told)}, cover

    def _covered(self, order: Ints) -> tuple[Ints, Ints, npt.NDArray[Any], Ints]:
        row, label = np.asarray(self.covers[0]), np.asarray(self.covers[1])
        names, told = numbered("places", label, self.places)
        if row.shape != label.shape or (len(row) and (row.min() < 0 or row.max() >= self.shape[0])):
            raise DataError("'covers' should hold two arrays of one length: row numbers and place labels.")
        position = np.empty(self.shape[0], np.int64)
        position[order] = np.arange(self.shape[0])
        work = np.empty(self.many, np.int64)
        work[self.sorted_works] = np.arange(self.many)
        unit_of_row = self.unit_of[work[self.work_of]]
        kept = self.opened[row]
        row, told = row[kept], told[kept]
        pairs, local = np.unique(np.stack([unit_of_row[row], told], axis=1), axis=0, return_inverse=True)
        if len(np.unique(pairs[:, 1])) != len(pairs):
            raise DataError("A place is covered from two blocks; works that share a place belong to one block.")
        start = np.searchsorted(pairs[:, 0], np.arange(len(self.unit_block) + 1))
        bit = local.ravel() - start[pairs[local.ravel(), 0]]
        if len(bit) and bit.max() >= MOST_PLACES:
            raise DataError(f"A block has more than {MOST_PLACES} places; split it.")
        cover = np.zeros(self.shape[0], np.int64)
        np.bitwise_or.at(cover, position[row], np.left_shift(1, bit))
        if ((cover > 0) != self.opened[order]).any():
            raise DataError("A row that opens the street covers no place; add it to 'covers'.")
        return pairs[:, 0], pairs[:, 1], names, cover

    def _openings(self, many: int, told: Ints) -> dict[str, Ints]:
        periods = self.shape[1]
        cost = amounts("opening_cost", self.opening_cost, (many, periods, LAYERS))
        cash = amounts("opening_cash", self.opening_cash, (many, periods, LAYERS))
        if (np.diff(cost, axis=2) < 0).any() or (np.diff(cash, axis=2) < 0).any():
            raise DataError(
                "A deeper opening must not be cheaper than a shallow one; correct 'opening_cost' or 'opening_cash'."
            )
        payer = numbers("opening_budget", self.opening_budget, (many,), -1, self.limits.given - 1)
        return {
            "open_cost": np.ascontiguousarray(cost[told]),
            "open_cash": np.ascontiguousarray(steady(cash)[told]),
            "open_budget": payer[told],
            "rest": numbers("rest", self.rest, (many,), 0, LONG_AGO)[told],
            "rest_price": self._rest_price(many, periods)[told],
            "since": self._since(many)[told],
            **self.limits.opening_uses(self.opening_uses, many, told),
        }

    def _rest_price(self, many: int, periods: int) -> Ints:
        if self.rest_price is None:
            return np.full((many, periods), -1, np.int64)
        given = spread("rest_price", self.rest_price, (many, periods))
        hard = (given < 0).any(axis=1, keepdims=True)
        return np.where(hard, -1, amounts("rest_price", np.where(hard, 0.0, given), (many, periods)))

    def _since(self, many: int) -> Ints:
        if self.last_opened is None:
            return np.full(many, LONG_AGO, np.int64)
        given = spread("last_opened", self.last_opened, (many,))
        if (given >= 0).any():
            raise DataError(
                "'last_opened' should lie before period 0, so below zero; leave openings of the horizon to the programme."
            )
        return np.where(np.isnan(given), LONG_AGO, np.minimum(-np.nan_to_num(given, nan=-1.0), LONG_AGO)).astype(
            np.int64
        )

    def _crowds(self) -> dict[str, Ints]:
        units, many = len(self.unit_block), len(self.labels)
        if self.crowd is None:
            return {"crowd": np.full(units, LONG_AGO, np.int64), "crowd_price": np.zeros(units, np.int64)}
        free = numbers("crowd", self.crowd[0], (many,), 1, LONG_AGO)
        price = amounts("crowd", self.crowd[1], (many,))
        return {"crowd": free[self.unit_block], "crowd_price": price[self.unit_block]}

    def _moments(self) -> Ints:
        if self.at is None:
            return np.arange(self.shape[1], dtype=np.int64)
        at = numbers("at", self.at, self.shape[1:], 0, LONG_AGO * 100)
        if (np.diff(at) <= 0).any():
            raise DataError("'at' should grow from period to period.")
        return at

    def _own(
        self, made: dict[str, Ints], uses: dict[str, Ints], alt: Ints, first: Ints, places: dict[str, Ints]
    ) -> dict[str, Ints]:
        """The resources that each block can use."""
        unit_of_row = np.repeat(self.unit_of, np.diff(alt))
        unit_of_place = np.repeat(np.arange(len(first) - 1), np.diff(places["place"]))
        units = [unit_of_row, unit_of_row, np.repeat(unit_of_row, np.diff(uses["use_start"]))]
        rows = [made["budget"], made["crew"], uses["use_row"]]
        units += [unit_of_place, np.repeat(unit_of_place, np.diff(places["open_start"]))]
        rows += [places["open_budget"], places["open_row"]]
        unit, row = np.concatenate(units), np.concatenate(rows)
        many = max(self.limits.many, 1)
        code = np.unique(unit[row >= 0] * many + row[row >= 0])
        start = np.searchsorted(code // many, np.arange(len(first))).astype(np.int64)
        return {"own_start": start, "own": (code % many).astype(np.int64)}


def _check(name: str, values: npt.NDArray[Any]) -> None:
    if values.size and np.abs(values).max() > LARGEST:
        raise DataError(f"'{name}' holds an amount above {LARGEST / CENTS:,.0f}; check its unit.")
