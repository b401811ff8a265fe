"""Windows: which works can open a street together, in which year that saves most, and whose freedom that takes.

The one way to add up a joint opening; opportunities, their value and the report all speak of the same euros.
"""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.opening import joint_days, moving_cost, rates
from integralie.settings import Settings

ROUNDS = 3  # a section can hold at most so many opportunities after one another
FACTS = [
    "party", "kind", "depth", "preferred", "earliest", "latest", "cost", "surface_cost", "duration", "life", "fixed", "sharing",
]  # fmt: skip


def places(works: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The street sections of each work with the share of the work that lies in each."""
    rows = members[(members["role"] == "street") & members["set"].isin(works.index)][
        ["set", "member", "amount"]
    ].reset_index(drop=True)
    total = rows.groupby("set")["amount"].transform("sum")
    return rows.assign(share=(rows["amount"] / total).fillna(1.0))


def held(
    works: pd.DataFrame, places: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """Every work that opens a street, in every section it lies in: its window within the programme, its share there."""
    opens = works[(works["depth"] != "none") & works["depth"].notna()]
    rows = places.join(opens[FACTS], on="set", how="inner").join(
        rates(streets, figures, settings)[["site", "traffic"]], on="member"
    )
    rows["first"] = rows["fixed"].fillna(rows["earliest"]).clip(lower=settings.years[0]).astype(float)
    rows["last"] = rows["fixed"].fillna(rows["latest"]).clip(upper=settings.years[-1]).astype(float)
    for column in ("surface_cost", "duration"):
        rows[column] = rows[column].fillna(0.0) * rows["share"]
    rows = rows[rows["last"] >= rows["first"]]
    return rows.rename(columns={"set": "work", "member": "street"}).reset_index(drop=True)


def choices(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Every work in every section in every year of its window, with what moving it there costs.

    A year in which moving costs more than the work could ever save by joining is left out.
    """
    span = (rows["last"] - rows["first"] + 1).astype(int)
    start = rows["first"].repeat(span).reset_index(drop=True).astype(int)
    out = rows.loc[rows.index.repeat(span)].reset_index(drop=True)
    out["year"] = start + out.groupby(["work", "street"]).cumcount()
    out["moving"] = moving_cost(out, out["year"], figures) * out["share"]
    most = out["site"] + out["duration"] * out["traffic"] + out["surface_cost"]
    return out[out["moving"] <= most]


def joined(rows: pd.DataFrame, by: list[str], figures: Figures) -> pd.DataFrame:
    """What the works of each joint opening need together and apart, from one row per work; `by` says which rows are one.

    `saving`: one site instead of several, fewer days of traffic measures, paving broken up once (the widest); `net` less
    what it costs to move the works there.
    """
    group = rows.groupby(by)
    out = group.agg(
        works=("work", "nunique"),
        parties=("party", "nunique"),
        site=("site", "first"),
        traffic=("traffic", "first"),
        surface=("surface_cost", "sum"),
        widest=("surface_cost", "max"),
        days=("duration", "sum"),
        longest=("duration", "max"),
        moving=("moving", "sum"),
        sharing=("sharing", "min"),
    )
    out["together"] = joint_days(out["days"], out["longest"], figures)
    out["saving"] = (
        (out["works"] - 1) * out["site"]
        + (out["days"] - out["together"]) * out["traffic"]
        + out["surface"]
        - out["widest"]
    ).round(2)
    return out.assign(net=(out["saving"] - out["moving"]).round(2))


def best(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Per street section the year with the largest net saving (the earliest of equals), when it is worth it."""
    years = joined(rows, ["street", "year"], figures).reset_index()
    good = years[(years["works"] >= 2) & (years["net"] > 0)]
    return good.sort_values(["street", "net", "year"], ascending=[True, False, True]).drop_duplicates("street")


def rounds(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """The works of all joint openings, one row each with its year, its `saving`, `net` and `round`; a work is in at most
    one per section.
    """
    left, made = rows, []
    for round_ in range(ROUNDS):
        top = best(left, figures)
        if top.empty:
            break
        chosen = left.merge(top[["street", "year", "saving", "net"]], on=["street", "year"])
        made.append(chosen.assign(round=round_))
        taken = pd.MultiIndex.from_frame(chosen[["street", "work"]])
        left = left[~pd.MultiIndex.from_frame(left[["street", "work"]]).isin(taken)]
    return (
        pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=[*rows.columns, "saving", "net", "round"])
    )


# Whose freedom it takes -------------------------------------------------------------------------------------------------


def _own_year(rows: pd.DataFrame, settings: Settings) -> pd.Series:
    """The year that each work would have by itself: the one it prefers, and now when that has passed; a year after the
    programme stays there.
    """
    return rows["fixed"].fillna(rows["preferred"]).astype(float).clip(lower=settings.years[0])


def shared(chosen: pd.DataFrame) -> int:
    """How many works share an opening with a work of another party."""
    if chosen.empty:
        return 0
    parties = chosen.groupby(["street", "round"])["party"].transform("nunique")
    return int(chosen.loc[parties > 1, "work"].nunique())


def by_years(held_: pd.DataFrame, slack: tuple[int, ...], figures: Figures, settings: Settings) -> pd.DataFrame:
    """What freedom is worth: every work may be done so many years before or after its own year, a commitment not at all.

    Rows by `years`: `works` that share an opening with a work of another party, `saving` (EUR net of moving) of all joint
    openings.
    """
    own, free = _own_year(held_, settings), held_["fixed"].isna()
    rows = []
    for years in slack:
        first = (own - years).where(free, own).clip(lower=settings.years[0])
        last = (own + years).where(free, own).clip(upper=settings.years[-1])
        told = held_.assign(first=first, last=last)
        chosen = rounds(choices(told[last >= first].reset_index(drop=True), figures), figures)
        rows.append((years, shared(chosen), float(chosen.drop_duplicates(["street", "round"])["net"].sum())))
    return pd.DataFrame(rows, columns=["years", "works", "saving"])


def by_party(every: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """Whose windows matter: what is lost when one party keeps the years that its works have by themselves, and all others
    keep their windows.

    `every` are the choices. Rows by `party`: `works` fewer that share an opening with another party, `saving` (EUR net of
    moving) that is lost; the largest first.
    """
    if every.empty:
        return pd.DataFrame({"works": pd.Series(dtype=int), "saving": pd.Series(dtype=float)})
    cases = every[["street", "party"]].drop_duplicates().rename(columns={"party": "kept"})
    wide = every.merge(cases, on="street")
    wide = wide.assign(street=wide["street"].astype(str) + "|" + wide["kept"].astype(str))
    stuck = (wide["party"] == wide["kept"]) & (wide["year"] != _own_year(wide, settings))
    before, after = rounds(wide, figures), rounds(wide[~stuck], figures)
    sums = [_per_case(f) for f in (before, after)]
    lost = sums[0].sub(sums[1], fill_value=0.0)
    out = lost.assign(works=lost["works"].astype(int), saving=lost["saving"].round(0))
    return out.sort_values("saving", ascending=False, kind="stable")


def _per_case(chosen: pd.DataFrame) -> pd.DataFrame:
    """Per party that keeps its years: works with others, and savings."""
    chosen = chosen.assign(several=chosen.groupby(["street", "round"])["party"].transform("nunique") > 1)
    works = chosen[chosen["several"]].groupby("kept")["work"].nunique()
    saving = chosen.drop_duplicates(["street", "round"]).groupby("kept")["net"].sum()
    return pd.DataFrame({"works": works, "saving": saving}).fillna(0.0)
