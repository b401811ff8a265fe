"""The comparison table in one command: every rival on every instance, within the same time, in a process of its own.

    python benchmarks/compare.py --quick             a look in a few minutes
    python benchmarks/compare.py                     the table: 60 and 600 seconds; it may be stopped and taken up again
    python benchmarks/compare.py --table             only write the table from what was measured before

Results go to `build/benchmark/*.json`; a run whose result is there is not done again. `--docs` writes the table into
docs/reference/benchmark.md as well.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import table
from families import Instance, load, make
from rivals import RIVALS

FOLDER = Path(__file__).resolve().parents[1] / "build" / "benchmark"
SMALL = (
    "sections-1000-1",
    "sections-5000-1",
    "chains-1200-1",
    "chains-4000-1",
    "chains_carry-1200-1",
    "chains_carry-4000-1",
    "all_terms-1000-1",
    "all_terms-5000-1",
)
LARGE = ("sections-100000-1", "chains-40000-1", "all_terms-100000-1", "sections-1000000-1")
QUICK = ("sections-500-1", "chains-500-1", "all_terms-500-1")
LATE, GRACE = 1.5, 120.0  # a run that takes so much longer than its limit is stopped: share, and seconds


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", nargs="+", default=None, help="family-works-seed, or .npz files")
    parser.add_argument("--rivals", nargs="+", default=list(RIVALS), choices=list(RIVALS))
    parser.add_argument("--limits", nargs="+", type=float, default=None, help="seconds")
    parser.add_argument("--seeds", type=int, default=None, help="at most so many seeds where chance plays a part")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--quick", action="store_true", help="three small instances, ten seconds, one seed")
    parser.add_argument("--table", action="store_true", help="measure nothing")
    parser.add_argument("--docs", action="store_true", help="write the table into the documentation")
    parser.add_argument("--one", nargs=3, metavar=("RIVAL", "SEED", "CHANGED"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quick:
        options.seeds, options.folder = 1, options.folder.with_name("benchmark-quick")
    options.instances = options.instances or list(QUICK if options.quick else SMALL + LARGE)
    options.limits = options.limits or ([10.0] if options.quick else [60.0, 600.0])
    return options


def instance_of(name: str) -> Instance:
    """An instance by its name, or from a file."""
    if name.endswith(".npz"):
        return load(Path(name))
    family, works, seed = name.rsplit("-", 2)
    return make(family, int(works), int(seed))


def one(name: str, rival: str, seed: int, limit: float, changed: bool) -> dict[str, Any]:
    """One run in this process: what was found, when, and with how much memory."""
    from measures import as_given, forget_peak, measured, peak, perturbed
    from rivals.answer import Trail

    instance = instance_of(name)
    _warm(rival, instance.family)
    problem = instance.problem()
    forget_peak()
    trail = Trail()
    answer = RIVALS[rival].solve(problem, limit, seed, trail)
    made = {"seconds": time.monotonic() - trail.begin, "gigabytes": peak(), "trail": trail.points, "note": answer.note}
    made |= {"works": problem.works, "places": len(problem.arrays.rest), "bound": answer.bound, "more": answer.more}
    made |= measured(instance, problem, answer.pick)
    if changed:
        other = perturbed(instance)
        again = RIVALS[rival].solve(second := other.problem(), limit, seed, Trail())
        made["changed"] = float((as_given(problem, answer.pick) != as_given(second, again.pick)).mean())
    return made


def _warm(rival: str, family: str) -> None:
    """Compile, or load what was compiled before, outside the measurement: on a small instance of the same family."""
    RIVALS[rival].solve(make(family, 250).problem(), 1.0, 0, lambda cost: None)


def _away(rival: str, works: int) -> str:
    """Why a rival is not tried, if it is not."""
    needs = RIVALS[rival].needs
    if needs and importlib.util.find_spec(needs) is None:
        return f"{needs} is not installed"
    return "the model does not fit the memory" if works > RIVALS[rival].most else ""


def _run(options: argparse.Namespace, name: str, rival: str, seed: int, limit: float, changed: bool) -> dict[str, Any]:
    line = [sys.executable, str(Path(__file__)), "--instances", name, "--limits", str(limit)]
    line += ["--one", rival, str(seed), str(int(changed))]
    try:
        done = subprocess.run(
            line, capture_output=True, text=True, timeout=(1 + changed) * (LATE * limit + GRACE) + GRACE, check=False
        )
    except subprocess.TimeoutExpired:
        return {"failed": "stopped long after its time", "crashed": True}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["ended without a word"])[-1][:200], "crashed": True}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measure(options: argparse.Namespace) -> None:
    """All runs that are not there yet, shortest time limit first."""
    options.folder.mkdir(parents=True, exist_ok=True)
    first = min(options.limits)
    for limit in sorted(options.limits):
        for name in options.instances:
            for rival in options.rivals:
                seeds = min(RIVALS[rival].seeds, options.seeds or RIVALS[rival].seeds)
                for seed in range(1, seeds + 1):
                    stem = Path(name).stem
                    path = options.folder / f"{stem}.{rival}.{limit:g}.{seed}.json"
                    if path.exists() and not json.loads(path.read_text()).get("crashed"):
                        continue
                    head = {"instance": stem, "rival": rival, "limit": limit, "seed": seed}
                    works = int(stem.rsplit("-", 2)[1])
                    why, changed = _away(rival, works), limit == first and seed == 1 and works <= 10_000
                    made = {"failed": why} if why else _run(options, name, rival, seed, limit, changed)
                    path.write_text(json.dumps(head | made))
                    told = made.get("failed") or f"{made['cost']:,.0f} in {made['seconds']:.1f} s"
                    print(f"{stem} {rival} {limit:g} s seed {seed}: {told}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure what is missing, then write the table."""
    options = _arguments()
    if options.one:
        rival, seed, changed = options.one
        made = one(options.instances[0], rival, int(seed), options.limits[0], changed == "1")
        print(json.dumps(made))
        return
    if not options.table:
        measure(options)
    runs = [json.loads(p.read_text()) for p in sorted(options.folder.glob("*.json"))]
    text = table.markdown(runs)
    print(text)
    if options.docs:
        table.into_docs(text)


if __name__ == "__main__":
    main()
