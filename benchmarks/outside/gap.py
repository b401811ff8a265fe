"""Generalised assignment, types C, D and E: jobs to agents with capacities, no openings.

    python benchmarks/outside/gap.py ../shared/data/benchmarks/gap --seconds 60

A job is a work, an agent is a period, what a job asks of an agent is cash of that period, and each agent's capacity is
the budget. Every job must be done; the exit that the engine wants costs more than any assignment can save, so a plan
that leaves a job out is told as not feasible. Measured: the bound that the prices prove against the best bound known,
and the programme against the best known, both from the set's own table. The assignment rows of this problem have the
integrality property, so that no price list can prove more than its linear programme; that value is computed as well.
"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from integralie.verbs.programme.engine import solve
from integralie.verbs.programme.problem import Problem

SCALE = 1000.0  # euros for one unit of the file, so that counting in whole cents takes nothing from the bound


@dataclass(frozen=True)
class Gap:
    """`cost` and `need` (jobs, agents), `room` (agents,)."""

    name: str
    cost: Any
    need: Any
    room: Any

    def arrays(self) -> dict[str, Any]:
        """As the engine takes it; an exit costs more than all assignments together could."""
        jobs = len(self.cost)
        return {
            "block": np.arange(jobs), "cost": SCALE * self.cost, "cash": self.need, "budget": np.zeros(jobs, int),
            "defer_cost": np.full(jobs, 10 * SCALE * self.cost.max()), "opens": np.zeros(jobs, bool),
            "capacity": self.room[None, :],
        }  # fmt: skip

    def problem(self) -> Problem:
        return Problem.from_arrays(**self.arrays())

    def judged(self, agent: Any) -> tuple[float | None, bool]:
        """The cost of an assignment counted from the file alone, and whether it is feasible."""
        if (agent < 0).any():
            return None, False
        jobs = np.arange(len(agent))
        used = np.bincount(agent, self.need[jobs, agent], len(self.room))
        return float(self.cost[jobs, agent].sum()), bool((used <= self.room).all())


def read(path: Path) -> Gap:
    """An instance in the format of the OR-Library: agents and jobs, costs and needs per agent, rooms."""
    numbers = np.array(path.read_text().split(), float)
    agents, jobs = int(numbers[0]), int(numbers[1])
    body = numbers[2 : 2 + 2 * agents * jobs].reshape(2, agents, jobs)
    return Gap(path.name, body[0].T.copy(), body[1].T.copy(), numbers[2 + 2 * agents * jobs :][:agents])


def known(folder: Path) -> dict[str, tuple[float, float]]:
    """Best known bound and best known value per instance, from the set's own table."""
    with (folder / "best.csv").open() as file:
        return {
            Path(r["Path"]).name: (float(r["Best known bound"]), float(r["Best known solution value"]))
            for r in csv.DictReader(file)
        }


def linear(gap: Gap) -> float:
    """The value of the linear programme: the most that any price list can prove."""
    jobs, agents = gap.cost.shape
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    many, inf = jobs * agents, highspy.kHighsInf
    h.addVars(many, np.zeros(many), np.full(many, inf))
    h.changeColsCost(many, np.arange(many, dtype=np.int32), gap.cost.ravel())
    for j in range(jobs):
        h.addRow(1.0, 1.0, agents, np.arange(j * agents, (j + 1) * agents, dtype=np.int32), np.ones(agents))
    for a in range(agents):
        h.addRow(-inf, float(gap.room[a]), jobs, np.arange(a, many, agents, dtype=np.int32), gap.need[:, a])
    h.run()
    return float(h.getInfo().objective_function_value)


def main() -> None:
    """A row per instance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    solve(Gap("warm", np.ones((4, 2)), np.ones((4, 2)), np.array([3.0, 3.0])).problem(), 1.0)
    print(
        "| instance | best known bound | best known | linear programme | our bound | of best bound | ours | above best | seconds |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, (low, best) in sorted(known(options.folder).items()):
        if options.only and name not in options.only:
            continue
        gap = read(options.folder / name)
        begin = time.monotonic()
        result = solve(gap.problem(), options.seconds)
        seconds = time.monotonic() - begin
        low_ours = result.lower_bound / SCALE
        cost, fits = gap.judged(result.period)
        ours = f"{cost:,.0f} | {100 * (cost - best) / best:.3f} %" if cost is not None and fits else "not feasible | –"
        print(
            f"| {name} | {low:,.0f} | {best:,.0f} | {linear(gap):,.2f} | {low_ours:,.2f} | "
            f"{100 * low_ours / low:.3f} % | {ours} | {seconds:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
