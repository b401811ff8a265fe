"""newman1 of MineLib (open-pit scheduling, CPIT): blocks of rock with a value, what lies above goes first.

    python benchmarks/outside/newman.py ../shared/data/benchmarks/newman1

A block of rock is a work that opens nothing, a year is a period, leaving it in the ground is the exit at no cost; what
a block takes of the mine and of the mill are two resources; a block comes not before those above it, which is the
engine's own order between works of different blocks (`before`, no lag). What is shared with the engine is the problem
as arrays, its compact model and the checker of programmes: its linear programme is solved by HiGHS. The engine's price
search is not made for thousands of orders between blocks, and its result is shown for what it is.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

from integralie.verbs.programme.compact import compact
from integralie.verbs.programme.complete import loaded
from integralie.verbs.programme.engine import solve
from integralie.verbs.programme.problem import Problem


def arrays(folder: Path) -> dict[str, Any]:
    """The arguments of `Problem.from_arrays`; money in the file's own unit, costs are values with the sign turned."""
    head, parts = _parts(folder / "newman1.cpit")
    blocks, periods, rate = int(head["NBLOCKS"]), int(head["NPERIODS"]), float(head["DISCOUNT_RATE"])
    value = np.zeros(blocks)
    for block, amount in parts["OBJECTIVE_FUNCTION"]:
        value[int(block)] = float(amount)
    capacity = np.full((int(head["NRESOURCE_SIDE_CONSTRAINTS"]), periods), np.nan)
    for row, period, kind, amount in parts["RESOURCE_CONSTRAINT_LIMITS"]:
        if kind != "L":
            raise SystemExit(f"A limit of kind {kind} is not read.")
        capacity[int(row), int(period)] = float(amount)
    uses = np.array(parts["RESOURCE_CONSTRAINT_COEFFICIENTS"], float)
    above = [np.array(line.split(), int) for line in (folder / "newman1.prec").read_text().splitlines() if line]
    later = np.concatenate([np.full(len(a) - 2, a[0]) for a in above])
    return {
        "block": np.arange(blocks),
        "cost": -value[:, None] / (1 + rate) ** np.arange(periods),
        "defer_cost": np.zeros(blocks),
        "opens": np.zeros(blocks, bool),
        "capacity": capacity,
        "uses": (uses[:, 0].astype(int), uses[:, 1].astype(int), uses[:, 2]),
        "before": (np.concatenate([a[2:] for a in above]), later, np.zeros(len(later), int)),
    }


def _parts(path: Path) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    """The head of a MineLib file and its parts, each a list of rows."""
    head: dict[str, str] = {}
    parts: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in path.read_text().splitlines():
        name, colon, rest = line.partition(":")
        if colon and rest.strip():
            head[name.strip()] = rest.strip()
        elif colon:
            rows = parts.setdefault(name.strip(), [])
        elif line.strip() and line.strip() != "EOF":
            rows.append(line.split())
    return head, parts


def linear(problem: Problem) -> float:
    """The value of the linear programme of the compact model (a gain, so with the sign turned)."""
    model = compact(problem)
    model.whole[:] = False
    h = loaded(model)
    h.run()
    return -float(h.getInfo().objective_function_value)


def main() -> None:
    """The linear programme, and what the engine makes of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=0.0, help="for the engine; 0 leaves it out")
    options = parser.parse_args()
    problem = Problem.from_arrays(**arrays(options.folder))
    begin = time.monotonic()
    print(f"linear programme of the compact model: {linear(problem):,.2f} in {time.monotonic() - begin:.1f} s")
    if options.seconds:
        result = solve(problem, options.seconds)
        print(
            f"engine: plan {-result.objective:,.2f}, no plan above {-result.lower_bound:,.2f}, {result.seconds:.0f} s"
        )


if __name__ == "__main__":
    main()
