"""The proof of a programme in whole numbers: what it costs, that it fits, and the bound that its price list proves."""

from __future__ import annotations

from dataclasses import dataclass

from integralie.verbs.programme import count
from integralie.verbs.programme.pricing import proven_bound, whole_prices
from integralie.verbs.programme.problem import Ints, Problem


@dataclass(frozen=True)
class Certificate:
    """Everything that a third party needs to check a programme against its problem."""

    objective: int  # cents
    lower_bound: int  # cents, proven by the prices
    prices: Ints  # (R, T) millionths
    used: Ints  # (R, T) cents or hundredths of a day
    fits: bool


def certify(problem: Problem, pick: Ints, price: object) -> Certificate:
    """The certificate of a plan with a price list (floating point, made whole here)."""
    prices = whole_prices(problem, price)  # type: ignore[arg-type]
    used = count.usage(problem, pick)
    objective = count.total_cost(problem, pick, used)
    return Certificate(objective, proven_bound(problem, prices), prices, used, count.keeps(problem, used))
