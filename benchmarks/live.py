"""How quick an answer comes while people sit at the table: `python benchmarks/live.py --study demo-output/integralie.gpkg`.

Prints, with medians of ten: a programme made valid again after one change, on arrays of each size of `--works` and on
the whole study; why not another year for a work; an edit in a served copy of the study from question to answer, the
first one apart; and why not each of the years for a work, asked of that server. The first line tells how quick the
machine is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
from workbench import served

TIMES, CALM, SEARCH = 10, 20.0, 4.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, nargs="*", default=[2000, 10_000])
    parser.add_argument("--study", type=Path, help="a study with its programme, as `integralie demo` makes one")
    options = parser.parse_args()
    print(f"machine: 20 million additions in a Python loop {_timed(_loop):.1f} s", flush=True)
    for works in options.works:
        print(f"arrays, {works} works: {_words(arrays(works))}", flush=True)
    if options.study:
        print(f"study: {_words(study(options.study))}", flush=True)
        asked = why_not(options.study)
        print(f"why not that year: {1000 * median(asked):.0f} ms (slowest {1000 * max(asked):.0f})", flush=True)
        for line in server(options.study):
            print(line, flush=True)


def _loop() -> None:
    total = 0
    for i in range(20_000_000):
        total += i


def _timed(make: Callable[[], Any]) -> float:
    start = time.perf_counter()
    make()
    return time.perf_counter() - start


def _words(took: list[float]) -> str:
    return f"valid again {1000 * median(took):.0f} ms (slowest of {len(took)}: {1000 * max(took):.0f})"


def arrays(works: int) -> list[float]:
    """One work after another may not be done in the year in which it stands."""
    from families import make

    from integralie.verbs.programme.engine import ready, replan, solve
    from integralie.verbs.programme.problem import Problem

    ready()
    given = make("all_terms", works, 1).arrays
    stands = solve(Problem.from_arrays(**given), 60)
    took, done = [], np.flatnonzero(stands.period >= 0)
    for work in np.random.default_rng(1).choice(done, TIMES, replace=False):
        cost = np.array(given["cost"], float)
        cost[stands.row[work], stands.period[work]] = np.nan
        changed = Problem.from_arrays(**{**given, "cost": cost})
        start = time.perf_counter()
        made = replan(changed, (stands.row, stands.period), stands.certificate.prices)
        took.append(time.perf_counter() - start)
        assert made.period[work] != stands.period[work]
    return took


def study(path: Path) -> list[float]:
    """One work after another is fixed in another year of its window; the first, which loads the networks, apart."""
    import integralie as itg

    first, took = itg.open(path), []
    for work, period in _changes(first):
        edited = itg.record(first, "benchmark", "measured", "works", work, "fixed", period)
        start = time.perf_counter()
        made = itg.replan(edited, seconds=0.0)
        took.append(time.perf_counter() - start)
        assert int(made.programme.set_index("work").at[work, "period"]) == period
    return took[1:]


def why_not(path: Path) -> list[float]:
    """Why not another year for one work after another, at prices and with its block planned anew."""
    import integralie as itg

    given = itg.open(path)
    return [_timed(lambda w=w, y=y: itg.why_not(given, w, y)) for w, y in _changes(given)][1:]


def _changes(given: Any) -> list[tuple[str, int]]:
    """Works that stand in a year, each with another year of its window, drawn by lot."""
    rows = given.programme.dropna(subset=["period"]).set_index("work")["period"].astype(int)
    works = given.works.loc[rows.index]
    last = works["latest"].clip(upper=max(given.settings.years)).astype(int)
    free = rows[(works["earliest"].to_numpy() < rows.to_numpy()) & (rows < last) & works["fixed"].isna()]
    drawn = np.random.default_rng(1).permutation(len(free))[: TIMES + 1]
    return [(str(free.index[i]), int(free.iloc[i]) + (1 if n % 2 else -1)) for n, i in enumerate(drawn)]


def server(path: Path) -> list[str]:
    """Edits one after another, each answered while the search of the one before is busy; then why not another year."""
    import integralie as itg

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        changes = _changes(itg.open(copy))
        with served(copy) as url:
            time.sleep(CALM)
            edits = [_edit(url, *change) for change in changes]
            asked = [_ask(f"{url}/v1/works/{w}/alternatives") for w, _ in changes]
    return [
        f"edit: the first {edits[0]:.2f} s, then {median(edits[1:]):.2f} s (slowest of {len(edits) - 1}: {max(edits[1:]):.2f})",
        f"why not each of the years, in the workbench: {1000 * median(asked):.0f} ms (slowest {1000 * max(asked):.0f})",
    ]


def _edit(url: str, work: str, period: int) -> float:
    time.sleep(SEARCH)  # somebody looks at what changed
    action = {"do": "fix", "works": [work], "period": period}
    body = {"who": "benchmark", "actions": [action], "replan": {"seconds": 0.3}}
    return _ask(f"{url}/v1/edits", json.dumps(body).encode())


def _ask(url: str, body: bytes | None = None) -> float:
    """Seconds from a question to the end of its answer."""
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"} if body else {})
    start = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=60) as told:
        assert told.status in (200, 201)
        told.read()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
