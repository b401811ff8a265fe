"""Clashes (knelpunten): works that hinder each other, by rules that a programmer can check on two rows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema import agreed
from integralie.schema.notes import because
from integralie.schema.part import CARRIAGEWAY
from integralie.settings import Settings
from integralie.verbs.match import nearby

RESTS = ("rest_period", "window", "commitment", "order")  # rules that lean on the rest period
LEANS_ON = {"pace": "pace_ratio", "urgency": "urgent_years", "contract": "contract_works", "closed_long": "closed_most"}
MOST_PAIRS = 2_000_000  # squares of works per street that are held at once
SEVERE = 0.5  # from this share of the rest period left, a clash is high rather than medium


def last_opened(streets: pd.DataFrame, openings_past: pd.DataFrame) -> pd.Series:
    """The last year in which each section was broken up, from the street and from the list of past openings."""
    listed = openings_past.groupby("street")["year"].max().reindex(streets.index).astype("Float64")
    told = streets["last_opened"].astype("Float64")
    return pd.concat([told, listed], axis=1).max(axis=1)


def resting(
    held: pd.DataFrame, streets: pd.DataFrame, agreements: pd.DataFrame, parts: pd.Series, figures: Figures
) -> pd.DataFrame:
    """The works with the `part` of the street that they open and its `rest` in years."""
    part = held["work"].map(parts).astype(object).fillna(CARRIAGEWAY)
    rest = pd.Series(np.nan, index=held.index)
    for name in sorted(part.unique()):
        years = agreed.rest_years(streets, agreements, figures, name)
        rest = rest.where(part != name, held["street"].map(years))
    return held.assign(part=part, rest=rest)


def _pairs(held: pd.DataFrame) -> pd.DataFrame:
    """Each two works in one section once, the one that is sooner first; what opens another part lets this one rest."""
    two = held.merge(held, on="street", suffixes=("", "_b"))
    sooner = (two["preferred"] < two["preferred_b"]) | (
        (two["preferred"] == two["preferred_b"]) & (two["work"] < two["work_b"])
    )
    two = two[sooner]
    return two.assign(rest=two["rest"].where(two["part"] == two["part_b"], 0.0))


def too_soon(held: pd.DataFrame, opened: pd.Series) -> pd.DataFrame:
    """Works whose whole window lies within the rest period after the last opening of the section."""
    free = held["street"].map(opened) + held["rest"]
    hit = held[(held["latest"] < free).fillna(False)]
    left = free[hit.index] - hit["latest"]
    return _rows(
        hit,
        "rest_period",
        hit["latest"],
        left.astype(float),
        left > SEVERE * hit["rest"],
        [hit["work"]],
    )


def after_one_another(pairs: pd.DataFrame) -> pd.DataFrame:
    """Two works whose windows do not meet, the second within the rest period after the first can at the latest be
    done.
    """
    gap = pairs["earliest_b"] - pairs["latest"]
    hit = pairs[(gap > 0) & (pairs["latest_b"] - pairs["latest"] < pairs["rest"])]
    left = (hit["rest"] - (hit["latest_b"] - hit["latest"])).astype(float)
    return _rows(
        hit,
        "window",
        hit["earliest_b"],
        left,
        left > SEVERE * hit["rest"],
        [hit["work"], hit["work_b"]],
    )


def committed_apart(pairs: pd.DataFrame) -> pd.DataFrame:
    """Two commitments in one section in different years within the rest period: the new paving will be broken up
    again.
    """
    both = pairs[pairs["fixed"].notna() & pairs["fixed_b"].notna()]
    apart = (both["fixed_b"] - both["fixed"]).abs()
    hit = both[((apart > 0) & (apart < both["rest"])).fillna(False)]
    year = hit[["fixed", "fixed_b"]].max(axis=1)
    return _rows(
        hit,
        "commitment",
        year,
        (hit["rest"] - apart[hit.index]).astype(float),
        pd.Series(True, index=hit.index),
        [hit["work"], hit["work_b"]],
    )


def wrong_order(pairs: pd.DataFrame) -> pd.DataFrame:
    """New paving that must be done before work below it can begin, within the rest period of the paving."""
    paving = [n for n, k in kinds().items() if k.renews_surface]
    above = pairs[
        pairs["kind"].isin(paving)
        & pairs["depth_b"].isin(["shallow", "deep"])
        & (pairs["latest"] < pairs["earliest_b"])
    ]
    wait = above["earliest_b"] - above["latest"]
    hit = above[wait < above["rest"]]
    return _rows(
        hit,
        "order",
        hit["earliest_b"],
        wait[hit.index].astype(float),
        hit["depth_b"] == "deep",
        [hit["work"], hit["work_b"]],
    )


def _rows(
    hit: pd.DataFrame,
    rule: str,
    period: pd.Series,
    amount: pd.Series,
    high: pd.Series,
    works: list[pd.Series],
) -> pd.DataFrame:
    least = hit["sharing"] if "sharing_b" not in hit or len(works) == 1 else hit[["sharing", "sharing_b"]].min(axis=1)
    out = pd.DataFrame(
        {
            "rule": rule,
            "street": hit["street"],
            "period": period.astype("Int64"),
            "amount": amount.round(1),
            "sharing": least,
        }
    )
    out["severity"] = pd.Series(high, index=hit.index).fillna(False).map({True: "high", False: "medium"})
    out["work"], out["work_b"], out["rest"] = works[0], works[1] if len(works) > 1 else None, hit["rest"]
    return out


def made_useless(pairs: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Work that a later one makes superfluous or breaks up again while it is still new (figure `superfluous`).

    Gas pipes are renewed and heat comes some years later; paving is laid and a sewer follows. Only where the windows
    do not meet: else it is an opportunity. `amount` is the part of the cost that is thrown away (EUR).
    """
    if pairs.empty:
        return pd.DataFrame()
    years = figures.lookup("superfluous", pd.DataFrame({"kind": pairs["kind"], "by": pairs["kind_b"]}))
    gap = (pairs["preferred_b"] - pairs["preferred"]).astype(float)
    within = (gap > 0) & (gap <= years["value"].astype(float)) & (pairs["earliest_b"] > pairs["latest"])
    hit = pairs[within.fillna(False).astype(bool)]
    life = hit["life"].astype(float).where(lambda v: v > 0, np.inf)
    lost = hit["cost"].fillna(0.0) * (1 - gap[hit.index] / life).clip(lower=0)
    return _rows(
        hit,
        "superfluous",
        hit["preferred_b"],
        lost,
        pd.Series(True, index=hit.index),
        [hit["work"], hit["work_b"]],
    )


def clashes(
    works: pd.DataFrame,
    places: pd.DataFrame,
    streets: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    parts: pd.Series,
    others: pd.DataFrame,
    warned: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> pd.DataFrame:
    """All clashes with the works in them, each rule in its own order of streets and works; a pair is told once, by its
    first rule.

    `parts` tells which part of the street each work opens, `others` are the objects that works can come near (see
    `nearby`), `warned` the rows of the rules that keep works apart (see `apart`).
    """
    opens = works[(works["depth"] != "none") & works["depth"].notna()]
    columns = ["earliest", "preferred", "latest", "fixed", "depth", "kind", "cost", "life", "sharing", "name"]
    held = places.rename(columns={"set": "work", "member": "street"})[["work", "street"]].join(
        opens[columns], on="work", how="inner"
    )
    held = resting(held, streets, agreements, parts, figures)
    found = [(0, too_soon(held, last_opened(streets, openings_past)))]
    for part in _portions(held):
        found += list(enumerate(_of_pairs(_pairs(part), figures), start=1))
    found += [
        (5, nearby.common(others, agreed.rule_set(agreements, figures), figures, held[["work", "street"]])),
        (6, nearby.of_party(others, agreements)),
        (7, warned),
    ]
    filled = [f.assign(order=i) for i, f in found if len(f)]
    if not filled:
        return pd.DataFrame()
    columns = [*dict.fromkeys([*(c for f in filled for c in f.columns), "seen_by", "other_name", "count", "rest"])]
    return _once(pd.concat(filled, ignore_index=True).reindex(columns=columns))


def _portions(held: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The works by street, as many streets at a time as give about a million pairs: memory stays in bounds."""
    size = held.groupby("street").size()
    group = (size**2).cumsum() // MOST_PAIRS
    for _, streets in group.groupby(group):
        yield held[held["street"].isin(streets.index)]


def _of_pairs(pairs: pd.DataFrame, figures: Figures) -> tuple[pd.DataFrame, ...]:
    """The rules that look at two works in one street, the plainest first."""
    return (
        wrong_order(pairs),
        made_useless(pairs, figures),
        after_one_another(pairs),
        committed_apart(pairs),
    )


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Each pair in a street once, by its first rule; warnings to keep works apart stand beside that. Ids that last."""
    rows = rows.sort_values(["order", "rule", "street", "work", "work_b"], ignore_index=True)
    apart = rows["rule"].isin(WARNINGS).map({True: "apart", False: "clash"})
    twice = rows.assign(apart=apart.where(apart == "clash", rows["rule"])).duplicated(
        ["street", "work", "work_b", "seen_by", "apart"]
    )
    rows = rows[~twice].copy()
    rows["id"] = _identity(rows)
    return rows.drop_duplicates("id").drop(columns="order").set_index("id").sort_index()


WARNINGS = ("pace", "urgency", "contract", "closed_long", "capacity", "crew")


def _identity(rows: pd.DataFrame) -> pd.Series:
    """Ids that stay the same when the clash is found again: rule, section and works."""
    tail = [f":{w[5:] if str(w).startswith('work:') else w}" if isinstance(w, str) else "" for w in rows["work_b"]]
    side = [f":{p}" if isinstance(p, str) else "" for p in rows["seen_by"]]
    street = rows["street"].str.removeprefix("street:")
    return "clash:" + rows["rule"] + ":" + street + ":" + rows["work"].str.removeprefix("work:") + tail + side


def members(found: pd.DataFrame, works: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """The works in each clash, the event or detour where it is about one, and each party in it with what its works (window,
    cost, place) or claims are now.
    """
    if found.empty:
        return pd.DataFrame()
    long = found.reset_index().melt(id_vars="id", value_vars=["work", "work_b"], value_name="member")
    long = long.dropna(subset="member")[["id", "member"]].drop_duplicates().rename(columns={"id": "set"})
    about = long[long["member"].isin(claims.index)]
    long = long[long["member"].isin(works.index)]
    who = pd.concat(
        [_judging(long, works, _basis(works, long["member"])), _judging(about, claims, _asked(claims, about))]
    )
    who = who.sort_values(["set", "party", "member"]).groupby(["set", "party"])["basis"].agg(_list).reset_index()
    sides = who.rename(columns={"party": "member"}).assign(role="party")
    out = pd.concat([long.assign(role="work"), about.assign(role="claim"), sides], ignore_index=True)
    return out.assign(id=out["set"] + "|" + out["member"], verb="match")


def _judging(long: pd.DataFrame, owners: pd.DataFrame, basis: pd.Series) -> pd.DataFrame:
    """Each party in a clash, with what its work or claim is now."""
    out = long.assign(party=long["member"].map(owners["party"]), basis=long["member"].map(basis))
    return out.dropna(subset=["party"])


def _asked(claims: pd.DataFrame, about: pd.DataFrame) -> pd.Series:
    """What a verdict leans on, per event or detour: years and place, no cost."""
    own = claims.loc[sorted(about["member"].unique())]
    start = own["period_from"].astype("Float64").fillna(0)
    rows = zip(start, own["period_to"].astype("Float64").fillna(start), own.geometry.centroid if len(own) else [])
    return pd.Series([json.dumps([int(a), int(b), 0, *_metres(p)]) for a, b, p in rows], index=own.index, dtype=object)


def _list(values: pd.Series) -> str:
    return "[" + ", ".join(values) + "]"


def _basis(works: pd.DataFrame, asked: pd.Series) -> pd.Series:
    """What a verdict leans on, per work: window, cost (EUR) and the middle of its place (m)."""
    own = works.loc[sorted(asked.unique())]
    middle = own.geometry.centroid if len(own) else own.geometry
    rows = zip(own["earliest"], own["latest"], own["cost"].fillna(0.0), middle)
    told = [
        json.dumps([int(a), int(b), round(float(c)), *(_metres(p))])
        for a, b, c, p in rows
    ]  # fmt: skip
    return pd.Series(told, index=own.index)


def _metres(point: object) -> list[int]:
    return [] if point is None or point.is_empty else [round(point.x), round(point.y)]  # type: ignore[attr-defined]


def reasons(
    found: pd.DataFrame,
    works: pd.DataFrame,
    streets: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    figures: Figures,
) -> list[pd.DataFrame]:
    """Why two works hinder each other, in the years that say so."""
    if found.empty:
        return []
    rest, opened = agreed.rest_years(streets, agreements, figures), last_opened(streets, openings_past)
    told_rest = (agreements["rule"] == "rest_period").any()
    by_rule = {r: figures.find(f).id for r, f in LEANS_ON.items()}
    told = pd.DataFrame(
        {
            "street": found["street"].map(streets["name"]).fillna(found["street"]),
            "name": found["work"].map(works["name"]),
            "other": found["work_b"].map(works["name"]).astype(object).fillna(found["other_name"].astype(object)),
            "amount": found["amount"],
            "party": found["seen_by"],
            "count": found["count"],
            "rest": found["rest"].astype(float).fillna(found["street"].map(rest)),
            "opened": found["street"].map(opened),
            "period": found["period"],
            "latest": found["work"].map(works["latest"]),
        },
        index=found.index,
    )
    rested = None if told_rest else figures.find("rest_period").id
    made = []
    for rule in sorted(found["rule"].unique()):
        hit = found["rule"] == rule
        figure = rested if rule in RESTS else by_rule.get(rule)
        code = f"match.{rule}"
        one_sided = hit & found["seen_by"].notna()
        made += [because("clashes", code, told[hit & ~one_sided], figure)]
        made += [because("clashes", f"{code}.one_way", told[one_sided], figure)] if one_sided.any() else []
    return made
