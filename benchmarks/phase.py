"""What the phasing costs: seconds of one processor and memory, for towns of made-up tables; one process per size.

    python benchmarks/phase.py --works 10000 100000

Works lie evenly over twenty years, two in an opening, so that a tenth of them is phased; with `--all` every work falls in the
first two years, which no town has, to see how it grows.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import shapely

from integralie.figures import shipped
from integralie.schema import frames
from integralie.settings import Settings
from integralie.verbs.phase import phase

KINDS = [
    ("gravity_sewer", "sewer", "deep"),
    ("water_main", "water", "shallow"),
    ("carriageway", "paving", "surface"),
    ("tree", "green", "none"),
]


def world(many: int, years: int) -> dict[str, pd.DataFrame]:
    """Tables with so many works in streets of six works each, and crews with a little more than they need."""
    rng = np.random.default_rng(1)
    streets = max(many // 6, 1)
    at, year = rng.integers(0, streets, many), Settings().first + rng.integers(0, years, many)
    kind, discipline, depth = (np.array(x, dtype=object) for x in zip(*KINDS))
    pick = rng.integers(0, len(KINDS), many)
    days = rng.gamma(2.0, 6.0, many).round(0) + 1
    ids = np.array([f"work:{i:07d}" for i in range(many)], dtype=object)
    label = np.array([f"street:{s:06d}" for s in range(streets)], dtype=object)
    party = np.array([f"party:{d}" for d in discipline], dtype=object)
    x, y = np.divmod(np.arange(streets), 1000)
    lines = shapely.linestrings(
        np.stack([np.stack([x * 100.0, y * 100.0], 1), np.stack([x * 100.0 + 90, y * 100.0], 1)], 1)
    )
    works = pd.DataFrame({
        "id": ids, "name": ids, "party": party[pick], "kind": kind[pick], "discipline": discipline[pick], "depth": depth[pick],
        "action": "renew", "street": label[at], "duration": days, "earliest": year, "preferred": year, "latest": year, "sharing": 3,
    })  # fmt: skip
    opening = pd.Series(label[at] + np.char.add(":", year.astype(str)).astype(object)).radd("opening:")
    opening = opening.where(works["depth"] != "none")
    held = works.assign(opening=opening, period=year).dropna(subset="opening")
    by = held.groupby("opening")
    opened = by.agg(street=("street", "first"), period=("period", "first"), days=("duration", "sum"), works=("id", "size"), parties=("party", "nunique"))  # fmt: skip
    opened = opened.assign(block=opened["street"], name=opened["street"]).rename_axis("id").reset_index()
    members = pd.concat([
        held[["opening", "id"]].set_axis(["set", "member"], axis=1).assign(role="work"),
        opened[["id", "street"]].set_axis(["set", "member"], axis=1).assign(role="street"),
    ])  # fmt: skip
    need = works.assign(period=year).groupby(["party", "discipline", "period"])["duration"].sum().reset_index()
    crews = need.assign(resource="crew:" + need["discipline"], amount=need["duration"] * 1.05)
    made = {
        "works": works, "openings": opened, "members": members.assign(id=members["set"] + "|" + members["member"], verb="programme"),
        "programme": pd.DataFrame({"id": "programme:" + ids, "work": ids, "name": ids, "party": works["party"], "street": works["street"],
                                   "block": works["street"], "opening": opening, "period": year, "status": "programmed"}),
        "streets": pd.DataFrame({"id": label, "name": label, "road_class": "residential", "residents": 20, "traffic": 400.0,
                                 "area": [f"area:{i // 100}" for i in range(streets)], "surface": "asphalt", "geometry": lines}),
        "capacity": crews[["party", "resource", "period", "amount"]].assign(id=crews["party"] + crews["period"].astype(str)),
    }  # fmt: skip
    return {n: frames.conform(n, f) for n, f in made.items()} | {
        n: frames.empty(n) for n in ("areas", "assets", "claims", "agreements", "uses")
    }


def measure(many: int, years: int) -> None:
    """One line with what it cost, after a first small run that loads the compiled engine."""
    phase(**world(200, 2), figures=shipped(), settings=Settings())
    tables = world(many, years)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    out = phase(**tables, figures=shipped(), settings=Settings())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    cost = f"{cpu:6.2f} s processor  {wall:6.2f} s wall  +{grown:5.0f} MB"
    short = float(out["loads"]["short"].sum())
    print(f"{many:>8} works  {len(out['phases']):>6} phased  {cost}  {short:.0f} crew days short", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--all", action="store_true", help="every work in the first two years")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    for many in told.works:
        if told.one:
            measure(many, 2 if told.all else 20)
        else:
            more = ["--all"] if told.all else []
            subprocess.run([sys.executable, __file__, "--one", *more, "--works", str(many)], check=True)


if __name__ == "__main__":
    main()
