"""How much money and how many crews each party of the town has in each year."""

from __future__ import annotations

import numpy as np
import pandas as pd


FIRST, YEARS = 2027, 20
# EUR a year per kilometre of street, from a forecast of this town: what ageing and plans ask, divided over the years
BUDGET = {"roads": 30_000, "sewer": 20_000, "green": 6_000, "traffic": 3_000, "lighting": 1_700, "grid": 9_000}
BUDGET |= {"water": 5_500, "heat": 14_000, "telecom": 1_500, "waterboard": 5_000, "housing": 12_000, "province": 3_000}
CREW = {"roads": ("paving",), "sewer": ("sewer",), "green": ("green",), "lighting": ("lighting",), "grid": ("gas", "electricity")}
CREW |= {"water": ("water",), "heat": ("heat",), "telecom": ("telecom",), "waterboard": ("structures",)}
DAYS = {"paving": 4.0, "sewer": 4.0, "green": 1.6, "lighting": 0.5, "gas": 0.8, "electricity": 1.5, "water": 1.2, "heat": 1.5}
DAYS |= {"telecom": 0.7, "structures": 0.8}
COUNCIL = (0.90, 0.95, 1.05, 1.10)  # a council's term: thin years first


def capacity(length: float, seed: int) -> pd.DataFrame:
    """Budgets and crew days per party and year, uneven as real ones are; `length` is the street length in metres."""
    rng = np.random.default_rng([seed, 80])
    rows = [(p, "budget", v, 1000.0) for p, v in BUDGET.items()]
    rows += [(p, f"crew:{c}", DAYS[c], 1.0) for p, crews in CREW.items() for c in crews]
    years = np.arange(FIRST, FIRST + YEARS)
    parts = []
    for party, resource, per_km, step in rows:
        lump = rng.uniform(0.86, 1.14, YEARS) * np.resize(COUNCIL, YEARS)
        amount = np.round(per_km * length / 1000 * lump / step) * step
        parts.append(pd.DataFrame({"party": f"party:{party}", "resource": resource, "period": years, "amount": np.maximum(amount, step)}))
    out = pd.concat(parts, ignore_index=True)
    out["id"] = out["party"].str[6:] + "|" + out["resource"] + "|" + out["period"].astype(str)
    return out.assign(source="meerjarenbegroting", sharing=out["party"].map({"party:telecom": 1, "party:grid": 2, "party:heat": 2}).fillna(3))


