"""The engine's own figures: gap as the checker proves it, seconds and memory, per family and size.

    python benchmarks/targets.py all_terms-1000-1 all_terms-5000-1 chains-1200-1 sections-100000-1

Each instance in a process of its own, kernels compiled before; prints a Markdown row each.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

HEAD = (
    "| instance | works | gap of the checker | engine s | of which processor s | read s | check s | GB |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)
STANDARD = (
    "all_terms-1000-1",
    "all_terms-5000-1",
    "sections-100000-1",
    "all_terms-100000-1",
    "sections-1000000-1",
    "chains-1200-1",
    "chains-4000-1",
    "chains-40000-1",
)


def one(name: str, seconds: float) -> None:
    """Solve and check one instance in this process."""
    from families import make

    from integralie.checker import check_arrays
    from integralie.verbs.programme.engine import ready, solve
    from integralie.verbs.programme.problem import Problem

    family, works, seed = name.rsplit("-", 2)
    ready()
    warm = Problem.from_arrays(**make(family, 300, 9).arrays)
    told = solve(warm, 10)
    check_arrays(warm, told.period, told.certificate.prices, row=told.row, charges=told.certificate.charges)
    made = make(family, int(works), int(seed))
    start = time.perf_counter()
    problem = Problem.from_arrays(**made.arrays)
    read = time.perf_counter() - start
    start, spent = time.perf_counter(), time.process_time()
    result = solve(problem, seconds)
    took, spent = time.perf_counter() - start, time.process_time() - spent
    start = time.perf_counter()
    verdict = check_arrays(
        problem, result.period, result.certificate.prices, row=result.row, charges=result.certificate.charges
    )
    checked = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    gap = f"{100 * verdict.gap:.3f} %" if verdict.proven else "NOT PROVEN"
    capped = " (capped)" if result.capped else ""
    print(
        f"| {name} | {problem.works:,} | {gap} | {took:.1f}{capped} | {spent:.1f} | {read:.1f} | {checked:.2f} | {peak:.2f} |",
        flush=True,
    )


def main() -> None:
    """Every instance in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", nargs="*", default=list(STANDARD))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.instances[0], options.seconds)
        return
    print(HEAD, flush=True)
    for name in options.instances:
        line = [sys.executable, __file__, name, "--seconds", str(options.seconds), "--one"]
        subprocess.run(line, check=False)


if __name__ == "__main__":
    main()
