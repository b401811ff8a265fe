"""What a programme turns out to cost when it is made again every year: `python benchmarks/montecarlo.py --works 1000`.

Draws futures on an instance of the benchmark and lives through them with different policies: nothing frozen, two
years frozen, and two years frozen with a price for changing a year. All policies see the same futures. The chances
below are made up for the benchmark, not figures of any city.
"""

from __future__ import annotations

import argparse
import time

from families import FAMILIES, make

from integralie.verbs.programme.engine import solve
from integralie.verbs.programme.rolling import Chances, Rolling, rolling

CHANCES = Chances(price=0.03, own=0.15, failing=0.004, surcharge=0.3, held_up=0.05, budget=0.02, revealed=3)
POLICIES = {
    "nothing frozen": {"frozen": 1, "change": 0.0},
    "two years frozen": {"frozen": 3, "change": 0.0},
    "two years frozen, 1,000 EUR a change": {"frozen": 3, "change": 1000.0},
}


def row(name: str, made: Rolling, seconds: float) -> str:
    """One policy as a row of the table: middle (low to high) of 80 per cent of the futures."""
    cells = [name]
    for figure, unit in (
        ("cost", 1e6),
        ("openings", 1),
        ("changed", 1),
        ("failed", 1),
        ("overdrawn", 1e6),
        ("late", 1),
    ):
        band = made.bands()[figure]
        cells.append(f"{band.middle / unit:,.2f} ({band.low / unit:,.2f} to {band.high / unit:,.2f})")
    return "| " + " | ".join([*cells, f"{seconds:.0f}"]) + " |"


def main() -> None:
    """A row per policy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", default="all_terms", choices=list(FAMILIES))
    parser.add_argument("--works", type=int, default=1000)
    parser.add_argument("--futures", type=int, default=20)
    parser.add_argument("--periods", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each re-planning")
    parser.add_argument("--first", type=float, default=60.0, help="seconds for the programme in force")
    options = parser.parse_args()
    problem = make(options.family, options.works).problem()
    force = solve(problem, options.first)
    print(f"programme in force: {force.objective / 1e6:,.3f} million EUR, gap {100 * force.gap:.2f} %\n")
    print(
        "| policy | cost, million EUR | openings | changed works | failures | overdrawn, million EUR | never done | seconds |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, policy in POLICIES.items():
        begin = time.monotonic()
        made = rolling(
            problem, force, CHANCES, futures=options.futures, periods=options.periods, seconds=options.seconds,
            frozen=int(policy["frozen"]), change=policy["change"],
        )  # fmt: skip
        print(row(name, made, time.monotonic() - begin), flush=True)


if __name__ == "__main__":
    main()
