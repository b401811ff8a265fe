"""How fast meeting works are found, and how fast access is checked: `python benchmarks/match.py`.

`--works` plans with random windows on random stretches of streets; each case runs in a process of its own, so that memory is
its own. A sample is held against looking at every pair.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

import numpy as np
import shapely

CASES = ("random", "shared", "access", "town")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--sections", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", choices=CASES, help="one case in this process")
    return parser.parse_args()


def _lines(count: int, rng: np.random.Generator) -> np.ndarray:
    """Stretches of 30 to 300 m on a grid of streets, as dense as a Dutch city: 20 works to a kilometre of street in 20 years."""
    side = np.sqrt(count / 20 * 60) * 10  # metres; a street every 60 m
    begin = rng.uniform(0, side, (count, 2))
    long, flat = rng.uniform(30, 300, count), rng.integers(0, 2, count)
    begin[np.arange(count), flat] = np.floor(begin[np.arange(count), flat] / 60) * 60 + rng.uniform(-4, 4, count)
    end = begin + np.column_stack([np.where(flat == 1, long, 0), np.where(flat == 0, long, 0)])
    return shapely.linestrings(np.stack([begin, end], axis=1))


def _found(
    shapes: np.ndarray, rng: np.random.Generator, buffer: float
) -> tuple[str, int, tuple[np.ndarray, np.ndarray]]:
    from integralie.schema.meet import meetings

    first = rng.integers(2027, 2043, len(shapes)).astype(float)
    last = first + rng.integers(0, 8, len(shapes))
    start, busy = time.perf_counter(), time.process_time()
    total = sum(len(m) for m in meetings(shapes, first, last, buffer))
    took = f"{time.perf_counter() - start:6.2f} s ({time.process_time() - busy:.2f} s of one core)"
    return took, total, (first, last)


def _sample(shapes: np.ndarray, first: np.ndarray, last: np.ndarray, buffer: float, rng: np.random.Generator) -> bool:
    from integralie.schema.meet import brute, meetings

    middle = shapely.get_coordinates(shapely.centroid(shapes))
    at = np.argsort(np.hypot(*(middle - middle[rng.integers(len(shapes))]).T))[:400]
    got = [
        tuple(sorted(p))
        for m in meetings(shapes[at], first[at], last[at], buffer)
        for p in zip(m.one.tolist(), m.two.tolist())
    ]
    return len(got) == len(set(got)) and set(got) == brute(shapes[at], first[at], last[at], np.full(len(at), buffer))


def _met(options: argparse.Namespace, shapes: np.ndarray, rng: np.random.Generator) -> str:
    seconds, total, window = _found(shapes, rng, 5.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    same = _sample(shapes, *window, 5.0, rng)
    return (
        f"{len(shapes):>8} works, {total:>10} meetings, {seconds}, {peak:5.2f} GB, sample equal to every pair: {same}"
    )


def _access(options: argparse.Namespace, rng: np.random.Generator) -> str:
    import integralie as itg
    from integralie.access import broken, only_access
    from integralie.access import streets as places

    study = itg.town(size=options.sections, seed=options.seed)
    net = places.network(study.streets, study.assets, study.figures, "emergency", "emergency")
    need, limit = places.with_addresses(study.streets), places.emergency_limit(study.figures)
    start = time.perf_counter()
    alone = only_access(net, need)
    took, spent, rounds = time.perf_counter() - start, [], 50
    for _ in range(rounds):
        closed = np.zeros(net.sections, bool)
        closed[rng.choice(net.sections, net.sections // 20, replace=False)] = True
        start = time.perf_counter()
        broken(net, closed & ~alone, need, limit)
        spent.append(time.perf_counter() - start)
    return (
        f"{net.sections:>8} sections, one in twenty closed: {1000 * np.median(spent):.1f} ms with cuts (median of {rounds}, "
        f"worst {1000 * max(spent):.1f} ms); sections that are an only access: {int(alone.sum())} in {1000 * took:.1f} ms"
    )


def _town(options: argparse.Namespace) -> str:
    """What freedom in years is worth, and how many of the shown opportunities may turn out negative."""
    import integralie as itg
    from integralie.schema import windows

    study = itg.take(itg.town(size=options.sections, seed=options.seed), "forecast")
    lying = windows.held(
        study.works, windows.places(study.works, study.members), study.streets, study.figures, study.settings
    )
    told = windows.by_years(lying, (0, 1, 2, 5), study.figures, study.settings)
    parts = [f"{r.years} years: {r.works} works with another party, EUR {r.saving:,.0f}" for r in told.itertuples()]
    start = time.perf_counter()
    found = itg.take(study, "match").opportunities
    took, own = time.perf_counter() - start, found[found["kind"] == "joint"]
    shown = own[own["advice"] != "keep_apart"]
    return (
        f"{len(study.streets):>8} sections, {len(study.works)} works, match {took:.1f} s; freedom of {'; '.join(parts)}; "
        f"{len(shown)} shown, {100 * float((shown['value_low'] < 0).mean()):.1f} % with a negative lower value; "
        f"{found['kind'].value_counts().to_dict()}"
    )


def one(options: argparse.Namespace) -> None:
    """One case in this process."""
    rng = np.random.default_rng(options.seed)
    if options.case == "access":
        print(f"{options.case:>8} {_access(options, rng)}", flush=True)
        return
    if options.case == "town":
        print(f"{options.case:>8} {_town(options)}", flush=True)
        return
    shapes = _lines(options.works, rng)
    if options.case == "shared":
        shapes[:1000] = shapes[0]
    print(f"{options.case:>8} {_met(options, shapes, rng)}", flush=True)


def main() -> None:
    options = _arguments()
    if options.case:
        one(options)
        return
    for case in CASES:
        subprocess.run([sys.executable, __file__, "--case", case, *sys.argv[1:]], check=True)


if __name__ == "__main__":
    main()
