"""The proof of a programme in whole numbers: what it costs, that it fits, and the bound that its price list and charges prove."""

from __future__ import annotations

from dataclasses import dataclass

from integralie.verbs.programme import count
from integralie.verbs.programme.pricing import proven_bound, whole_prices
from integralie.verbs.programme.problem import Ints, Problem
from integralie.verbs.programme.split import Charges, proven_split


@dataclass(frozen=True)
class Certificate:
    """Everything that a third party needs to check a programme against its problem."""

    objective: int  # cents
    lower_bound: int  # cents, proven by the prices, and by the charges where there are any
    prices: Ints  # (R, T) millionths
    used: Ints  # (R, T) cents or hundredths of a day
    fits: bool
    charges: Charges | None = None  # of limits that are counted in whole works; none where they prove no more


def certify(problem: Problem, pick: Ints, price: object, charges: Charges | None = None) -> Certificate:
    """The certificate of a plan with a price list (floating point, made whole here) and charges where these prove more."""
    prices = whole_prices(problem, price)  # type: ignore[arg-type]
    used = count.usage(problem, pick)
    objective = count.total_cost(problem, pick, used)
    bound = proven_bound(problem, prices)
    sharper = proven_split(problem, prices, charges) if charges is not None else bound
    kept = charges if sharper > bound else None
    return Certificate(objective, max(bound, sharper), prices, used, count.keeps(problem, used), kept)
