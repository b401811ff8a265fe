"""How well and how fast the engine plans: `python benchmarks/programme.py --works 5000 100000`.

Prints a row per instance: works, sections, cost, bound and gap as the stand-alone checker recomputes them, seconds
and peak memory of the engine. `--rival SECONDS` adds the same instance as one compact mixed-integer programme in
HiGHS under that time limit. `--check` is always on. Each instance is solved in a process of its own, so that memory
is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

HEAD = f"{'works':>9} {'sections':>9} {'seed':>4} {'who':>8} {'cost':>16} {'bound':>16} {'gap %':>8} {'seconds':>8} {'check s':>8} {'GB':>6}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, nargs="+", default=[1000, 5000, 23000, 100000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--rest", type=int, default=5)
    parser.add_argument("--most", type=int, default=None, help="sections with 1 to this many works")
    parser.add_argument("--tight", type=float, default=1.08, help="capacity as a share of mean demand")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--rival", type=float, default=0.0, help="seconds for HiGHS on the compact model (small sizes)")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _row(works: int, sections: int, seed: int, who: str, cost: float, bound: float, times: tuple[float, float]) -> str:
    gap = 100 * (cost - bound) / abs(bound)
    return f"{works:>9} {sections:>9} {seed:>4} {who:>8} {cost:>16,.0f} {bound:>16,.0f} {gap:>8.3f} {times[0]:>8.1f} {times[1]:>8.2f} {_peak():>6.2f}"


def _warm() -> None:
    """Compile, or load what was compiled before, outside the measurement."""
    from family import instance

    from integralie.checker import check_arrays
    from integralie.verbs.programme import Problem, solve

    problem = Problem.from_arrays(**instance(60))
    check_arrays(problem, (made := solve(problem, 5)).period, made.certificate.prices, charges=made.certificate.charges)


def one(options: argparse.Namespace) -> None:
    """Solve and check one instance in this process."""
    from family import instance

    from integralie.checker import check_arrays
    from integralie.verbs.programme import Problem, solve

    start = time.perf_counter()
    _warm()
    print(f"# first start {time.perf_counter() - start:.1f} s", file=sys.stderr)
    works, seed = options.works[0], options.seeds[0]
    problem = Problem.from_arrays(**instance(works, seed, options.years, options.rest, options.most, options.tight))
    start = time.perf_counter()
    result = solve(problem, options.seconds)
    took = time.perf_counter() - start
    start = time.perf_counter()
    verdict = check_arrays(problem, result.period, result.certificate.prices, charges=result.certificate.charges)
    times = (took, time.perf_counter() - start)
    who = "engine" if verdict.proven else "WRONG"
    print(_row(problem.works, problem.units, seed, who, verdict.objective, verdict.lower_bound, times))
    if options.rival:
        print(_rival(problem, seed, options.rival))


def _rival(problem: Any, seed: int, seconds: float) -> str:
    """The same instance in HiGHS, as one compact model."""
    from integralie.verbs.programme import complete
    from integralie.verbs.programme.problem import needed_by_fixed, plan_costs

    complete.NODES = 2**31 - 1
    start = time.perf_counter()
    period, _, bound = complete.search(problem, needed_by_fixed(problem), time.monotonic() + seconds)
    cost = int(np.sum(plan_costs(problem, period))) / 100
    return _row(problem.works, problem.units, seed, "HiGHS", cost, bound, (time.perf_counter() - start, 0.0))


def main() -> None:
    """Every size and seed in a process of its own."""
    options = _arguments()
    if options.one:
        one(options)
        return
    print(HEAD)
    kept = [a for k in ("years", "rest", "tight", "seconds", "rival") for a in (f"--{k}", str(getattr(options, k)))]
    kept += [] if options.most is None else ["--most", str(options.most)]
    for works in options.works:
        for seed in options.seeds:
            sys.stdout.flush()
            line = [sys.executable, str(Path(__file__)), "--one", "--works", str(works), "--seeds", str(seed), *kept]
            subprocess.run(line, check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
