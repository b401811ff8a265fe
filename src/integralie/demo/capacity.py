"""How much money and how many crews each party of the town has in each year: somewhat less than it would like."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.kinds import kinds

FIRST, YEARS = 2027, 20
# what ageing asks besides the plans: EUR a year per kilometre of street, after a forecast of this town
AGEING = {"roads": 26_600, "sewer": 12_300, "green": 3_600, "lighting": 1_800, "grid": 12_900, "water": 5_950}
AGEING |= {"telecom": 1_400}
# crews: working days a year per kilometre of street, plans included
DAYS = {
    ("roads", "paving"): 4.6,
    ("sewer", "sewer"): 3.9,
    ("green", "green"): 0.95,
    ("lighting", "lighting"): 1.35,
    ("grid", "electricity"): 1.7,
    ("grid", "gas"): 0.86,
    ("water", "water"): 1.25,
    ("telecom", "telecom"): 0.8,
    ("heat", "heat"): 0.75,
}
# what is counted by the piece: whose it is, and EUR in twenty years per metre or square metre
COUNTED = {"quay": ("roads", 10_000.0), "bridge": ("roads", 3_000.0), "heat": ("heat", 1_500.0)}
TIGHT = 0.84  # what there is, as a share of what is asked
EARLY = (
    "heat",
    "housing",
    "province",
    "traffic",
    "telecom",
    "waterboard",
)  # money that comes with a programme of ten years
COUNCIL = (0.90, 0.95, 1.05, 1.10)  # a council's term: thin years first
ROOM = 1.06  # a year that carries a work carries a little more
WIDE = (2, 6)  # least and most years with room for the largest plan
FIRM = ("tendered", "in_execution")


def _asked(plans: pd.DataFrame, assets: pd.DataFrame, km: float) -> pd.Series:
    """Rough demand of each party in EUR over all years: its plans, its ageing assets, its structures."""
    planned = plans["cost"].clip(lower=0).groupby(plans["party"].str[6:]).sum()
    ageing = pd.Series(AGEING) * km * YEARS
    out = planned.add(ageing, fill_value=0.0)
    for kind, (party, price) in COUNTED.items():
        own = assets.loc[assets["kind"] == kind, "geometry"]
        out[party] = out.get(party, 0.0) + price * (own.area if kind == "bridge" else own.length).sum()
    return out


def _floors(plans: pd.DataFrame, column: str) -> tuple[pd.Series, pd.DataFrame]:
    """The largest plan of each party, and what it has committed itself to in each year."""
    value = plans[column].clip(lower=0).fillna(0)
    party = plans["party"].str[6:]
    firm = plans["phase"].isin(FIRM)
    fixed = value[firm].groupby([party[firm], plans.loc[firm, "preferred"]]).sum().unstack(fill_value=0.0)
    return value.groupby(party).max(), fixed.reindex(columns=np.arange(FIRST, FIRST + YEARS), fill_value=0.0)


def _years(
    total: float, early: bool, largest: float, fixed: np.ndarray, step: float, rng: np.random.Generator
) -> np.ndarray:
    """A total over the years, uneven, with room for what is fixed and now and then for the largest plan."""
    shape = np.resize(COUNCIL, YEARS) * rng.uniform(0.86, 1.14, YEARS)
    if early:
        shape *= np.where(np.arange(YEARS) < YEARS / 2, 1.65, 0.35)
    amount = total * shape / YEARS
    if amount[: YEARS // 2].max() < ROOM * largest:
        count = int(np.clip(round(total / largest), *WIDE))
        wide = np.linspace(1, YEARS // 2 if early else YEARS - 2, count).astype(int)
        amount *= max(0.15, 1 - count * largest / total)
        amount[wide] = ROOM * largest
    return np.ceil(np.maximum(amount, ROOM * fixed) / step) * step


def capacity(plans: pd.DataFrame, assets: pd.DataFrame, length: float, seed: int) -> pd.DataFrame:
    """Budgets and crew days per party and year; `length` is the street length in metres."""
    rng = np.random.default_rng([seed, 80])
    km = length / 1000
    discipline = plans["kind"].map({n: k.discipline for n, k in kinds().items()})
    rows = [(p, "budget", TIGHT * v, "cost", plans, 1000.0) for p, v in _asked(plans, assets, km).sort_index().items()]
    rows += [
        (p, f"crew:{d}", TIGHT * v * km * YEARS, "duration", plans[discipline == d], 1.0) for (p, d), v in DAYS.items()
    ]
    none = np.zeros(YEARS)
    parts = []
    for party, resource, total, column, own, step in rows:
        largest, fixed = _floors(own, column)
        committed = fixed.loc[party].to_numpy() if party in fixed.index else none
        amount = _years(total, party in EARLY, float(largest.get(party, 0.0)), committed, step, rng)
        years = np.arange(FIRST, FIRST + YEARS)
        parts.append(pd.DataFrame({"party": f"party:{party}", "resource": resource, "period": years, "amount": amount}))
    out = pd.concat(parts, ignore_index=True)
    out["id"] = out["party"].str[6:] + "|" + out["resource"] + "|" + out["period"].astype(str)
    sharing = out["party"].map({"party:telecom": 1, "party:grid": 2, "party:heat": 2, "party:housing": 2})
    return out.assign(source="meerjarenbegroting", sharing=sharing.fillna(3))
