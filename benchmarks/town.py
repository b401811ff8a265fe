"""How long each room takes on the town: `python benchmarks/town.py --sections 100 1000 20000`.

Prints a row per size: seconds to make the town, seconds per verb of the chain (with `--chain`), rows, and peak memory.
Each size runs in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, nargs="+", default=[100, 1000, 20_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chain", action="store_true", help="also run the whole chain")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def one(options: argparse.Namespace) -> None:
    """Make one town, and run its chain if asked, in this process."""
    import integralie as itg

    (size,), start = options.sections, time.perf_counter()
    study = itg.town(size=size, seed=options.seed)
    parts = [f"town {time.perf_counter() - start:.1f}"]
    if options.chain:
        for verb in ("check", "forecast", "match", "fit", "programme", "share", "score"):
            start = time.perf_counter()
            study = itg.take(study, verb)
            parts.append(f"{verb} {time.perf_counter() - start:.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{len(study.streets):>8} {len(study.assets):>9} {peak:>6.2f}  " + ", ".join(parts), flush=True)


def main() -> None:
    options = _arguments()
    if options.one:
        one(options)
        return
    print(f"{'sections':>8} {'assets':>9} {'GB':>6}  seconds per room", flush=True)
    for size in options.sections:
        command = [sys.executable, __file__, "--one", "--sections", str(size), "--seed", str(options.seed)]
        subprocess.run([*command, *(["--chain"] if options.chain else [])], check=True)


if __name__ == "__main__":
    main()
