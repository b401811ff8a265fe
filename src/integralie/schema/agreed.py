"""What was agreed, as checkable data: which set of clash rules holds, how far works reach, how long streets rest, and
what each party asked to be told.
"""

from __future__ import annotations

import pandas as pd

from integralie.errors import DataError
from integralie.figures import Figures

OWN = "integralie"
RANKS = ("law", "contract", "policy", "habit")


def presets(figures: Figures) -> list[str]:
    """The names of the sets of rules that figures know.

    >>> from integralie.figures import shipped
    >>> "flanders" in presets(shipped())
    True
    """
    rows = [f for f in (*figures.rows, *figures.own) if f.figure == "clash_buffer"]
    return sorted({v for f in rows for v in f.pairs.get("rules", ())})


def rule_set(agreements: pd.DataFrame, figures: Figures) -> str:
    """The set of clash rules that was agreed (`unit` of the rule `rule_set`, highest rank first), else our own.

    Raises
        DataError when an agreement names a set that there is not.
    """
    rows = agreements[(agreements["rule"] == "rule_set") & agreements["unit"].notna()]
    if rows.empty:
        return OWN
    order = rows["rank"].map({r: i for i, r in enumerate(RANKS)}).fillna(len(RANKS))
    name = str(rows.loc[order.sort_values(kind="stable").index[0], "unit"])
    if name not in presets(figures):
        raise DataError(f"There is no set of clash rules '{name}'; the sets are: {', '.join(presets(figures))}.")
    return name


def buffers(objects: pd.DataFrame, name: str, figures: Figures) -> pd.Series:
    """Metres by which each object is widened; rows need `object` and `hindrance`."""
    where = objects[["object", "hindrance"]].assign(rules=name)
    return figures.lookup("clash_buffer", where)["value"].astype(float)


def tells_light(name: str, figures: Figures) -> bool:
    """Whether plans that are not concrete are told too."""
    return figures.value("clash_light", rules=name) > 0


def rest(name: str, figures: Figures, part: str = "carriageway") -> float:
    """Years that a street stays closed under a set of rules, else figure `rest_period`.

    >>> from integralie.figures import shipped
    >>> rest("berlin", shipped()), rest("berlin", shipped(), "footway"), rest("new_york", shipped())
    (5.0, 3.0, 5.0)
    """
    known = [f for f in (*figures.rows, *figures.own) if f.figure == "clash_rest" and name in f.pairs.get("rules", ())]
    return figures.value("clash_rest", rules=name, part=part) if known else figures.value("rest_period")


def applies(rule: str, objects: pd.DataFrame) -> pd.Series:
    """Which rows an agreement is about: all `column=value` pairs of its `applies_to` hold; a comma means any of."""
    hit = pd.Series(True, index=objects.index)
    for column, value in (p.split("=", 1) for p in str(rule).split() if "=" in p):
        hit &= objects[column].astype(str).isin(value.split(",")) if column in objects else False
    return hit


def of_parties(agreements: pd.DataFrame) -> pd.DataFrame:
    """What each party asked to be told: rows `party, applies_to, metres, years`.

    From agreements `clash_buffer` (metres) and `clash_years` (years) that name a party; `applies_to` says about which
    works of others. Such a rule holds for one side: A may be told of B while B is not told of A.
    """
    rows = agreements[agreements["rule"].isin(["clash_buffer", "clash_years"]) & agreements["party"].notna()]
    if rows.empty:
        return pd.DataFrame(columns=["party", "applies_to", "metres", "years"])
    wide = rows.assign(applies_to=rows["applies_to"].fillna("")).pivot_table(
        index=["party", "applies_to"], columns="rule", values="value", aggfunc="max"
    )
    wide = wide.reindex(columns=["clash_buffer", "clash_years"]).fillna(0.0).reset_index()
    return wide.rename(columns={"clash_buffer": "metres", "clash_years": "years"})


def parts_apart(agreements: pd.DataFrame, figures: Figures) -> bool:
    """Whether footway and carriageway rest apart, by the agreed set of rules or by an agreement that names a part."""
    told = agreements.loc[agreements["rule"] == "rest_period", "applies_to"].fillna("").astype(str)
    name = rule_set(agreements, figures)
    rows = [f for f in (*figures.rows, *figures.own) if f.figure == "clash_rest" and name in f.pairs.get("rules", ())]
    return bool(told.str.contains("part=").any()) or any("part" in f.pairs for f in rows)


def rest_periods(
    streets: pd.DataFrame, agreements: pd.DataFrame, figures: Figures, part: str = "carriageway"
) -> pd.DataFrame:
    """Per section the `years` that it should stay closed after an opening, and whether they are `hard`.

    Of the agreements `rest_period` that apply, the one with the most conditions wins, of equals the longest: what was
    agreed for this kind of street goes before what holds for all. Without any, the years of the set of clash rules that
    was agreed, else figure `rest_period`, as a wish. Conditions are `column=value` pairs on the section (a comma means
    any of) or `part=footway`.
    """
    years = rest(rule_set(agreements, figures), figures, part)
    out = pd.DataFrame({"years": float(years), "hard": False}, index=streets.index)
    rules = agreements[(agreements["rule"] == "rest_period") & agreements["value"].notna()]
    told, there = rules["applies_to"].fillna("").astype(str), streets.assign(part=part)
    order = sorted(range(len(rules)), key=lambda i: (told.iloc[i].count("="), rules["value"].iloc[i], rules.index[i]))
    for i in order:
        hit = applies(told.iloc[i], there)
        hard = rules["hard"].iloc[i]
        out.loc[hit, ["years", "hard"]] = [float(rules["value"].iloc[i]), bool(hard) if pd.notna(hard) else False]
    return out.assign(years=out["years"].clip(lower=0.0))


def rest_years(
    streets: pd.DataFrame, agreements: pd.DataFrame, figures: Figures, part: str = "carriageway"
) -> pd.Series:
    """The years of `rest_periods` alone."""
    return rest_periods(streets, agreements, figures, part)["years"]
