"""The instances of the public benchmark: three families, any size, any seed; own synthetic numbers, no data of anyone.

from families import make
instance = make("all_terms", 5000, seed=1)
problem = instance.problem()
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import family

from families.all_terms import all_terms
from families.chains import chains
from families.instance import Instance, load

__all__ = ["FAMILIES", "Instance", "load", "make"]


def sections(works: int, seed: int = 1) -> Instance:
    """Works in street sections that share openings; budgets and crews, nothing else."""
    return Instance("sections", works, seed, family.instance(works, seed))


def chains_carry(works: int, seed: int = 1) -> Instance:
    """`chains` where what is left of a budget may be used a year later."""
    return chains(works, seed, carry=True)


FAMILIES: dict[str, Callable[..., Instance]] = {
    "sections": sections,
    "chains": chains,
    "chains_carry": chains_carry,
    "all_terms": all_terms,
}


def make(name: str, works: int, seed: int = 1, **further: Any) -> Instance:
    """An instance by the name of its family."""
    if name not in FAMILIES:
        raise SystemExit(f"There is no family '{name}'; choose one of {', '.join(FAMILIES)}.")
    return FAMILIES[name](works, seed, **further)
