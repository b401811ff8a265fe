"""What a user could pick instead of the engine, on the same problem, each within the same time.

Every rival is a function `(problem, seconds, seed, seen) -> Answer`; its picks are judged by the same counting as the
engine's. `seen(cost)` notes when a programme of so many cents was found.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integralie.verbs.programme import problem as engine


@dataclass(frozen=True)
class Rival:
    """Where a rival lives, up to how many works its model fits a machine of 24 GB, and how often it is drawn."""

    module: str
    what: str
    most: int = 10**9
    seeds: int = 1
    needs: str = ""

    @property
    def solve(self) -> Any:
        return importlib.import_module(f"rivals.{self.module}").solve


RIVALS = {
    "engine": Rival("ours", "prices, restricted master, rounding, ruin and recreate (this project)"),
    "silo": Rival("silo", "every owner alone with the same engine, then merged and made feasible"),
    "due_date": Rival("due_date", "in order of due date, joining an opening within five years, budgets greedily"),
    "greedy": Rival("greedy", "most benefit per euro first, in the cheapest year that fits, with repair"),
    "highs": Rival("highs", "HiGHS on the whole compact model, started from `greedy`", most=30_000),
    "scip": Rival("scip", "SCIP on the whole compact model, started from `greedy`", most=30_000, needs="pyscipopt"),
    "cp_sat": Rival(
        "cp_sat", "CP-SAT on the whole compact model in cents, started from `greedy`", most=30_000, needs="ortools"
    ),
    "genetic": Rival("genetic", "genetic algorithm: a year per work, repair, 100,000 evaluations", seeds=5),
    "annealing": Rival("annealing", "simulated annealing on years: moves, exchanges, joint openings", seeds=1),
}


def drop_stale() -> None:
    """Compiled rivals hold the engine's counting as it was: forget those that are older than its files."""
    newest = max(f.stat().st_mtime for f in Path(engine.__file__).parent.glob("*.py"))
    for compiled in (Path(__file__).parent / "__pycache__").glob("*.nb[ic]"):
        if compiled.stat().st_mtime < newest:
            compiled.unlink(missing_ok=True)


drop_stale()
