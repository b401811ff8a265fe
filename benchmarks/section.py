"""How long the section and the fit test take: `python benchmarks/section.py --sections 1000 20000`.

For each size a made-up town; then every street section is cut and tested for three claims (a heat pair, an extra
medium-voltage cable, a row of infiltration crates). Laying out (what lies on each cut) and searching are told apart; then
the whole verb: crowding, trees, what is in the way, which combinations do not go together, and all reasons.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

import integralie as itg
from integralie.pipeline import take
from integralie.schema.clearance import rules_of
from integralie.verbs.fit import looked
from integralie.verbs.fit.search import search, verdicts
from integralie.verbs.fit.wants import dressed, of_claims

THREE = ("heat", "cable_medium", "infiltration")


def claims(streets: pd.DataFrame) -> pd.DataFrame:
    """Three claims in every street section."""
    parts = [
        pd.DataFrame(
            {
                "id": [f"{k}:{s}" for s in streets.index],
                "name": k,
                "party": "party:x",
                "kind": k,
                "street": streets.index,
            }
        )
        for k in THREE
    ]
    return pd.concat(parts, ignore_index=True)


def measured(sections: int) -> None:
    """One line per step, with seconds."""
    start = time.perf_counter()
    town = itg.town(sections)
    told = town | {"claims": claims(town.streets)}
    print(
        f"{len(town.streets):>6} sections, {len(town.assets):>7} assets: made in {time.perf_counter() - start:6.1f} s"
    )
    start = time.perf_counter()
    laid, _, under = looked(town.streets, town.assets, town.figures)
    lying = time.perf_counter()
    wants = dressed(of_claims(told.claims, told.streets), town.figures)
    found = search(under, wants, pd.DataFrame(), rules_of(town.figures), town.figures, np.zeros(len(laid.assets)))
    done = time.perf_counter()
    verdict = pd.Series(
        verdicts(found["margin_low"].to_numpy(), found["margin_high"].to_numpy(), town.figures.value("comfort"))
    )
    print(
        f"       {len(laid.cuts):>6} cuts laid out {lying - start:6.1f} s, {len(wants):>6} claims tested {done - lying:6.1f} s, together {done - start:6.1f} s"
    )
    print("       " + ", ".join(f"{n} {v}" for v, n in verdict.value_counts().items()))
    start = time.perf_counter()
    room = take(told, "fit").room
    print(f"       the whole verb `fit`, {len(room)} rows with their reasons: {time.perf_counter() - start:6.1f} s")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sections", type=int, nargs="+", default=[1000])
    for size in asked.parse_args().sections:
        measured(size)
