"""What did not become a joint opportunity, and why: near misses, combinations that do not pay, works without a partner,
and room that is asked where a street opens anyway.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.schema.opening import joint_days, moving_cost
from integralie.settings import Settings


def _alone(held: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Works and sections that are in no joint opportunity."""
    done = pd.MultiIndex.from_frame(taken[["street", "work"]]) if len(taken) else pd.MultiIndex.from_arrays([[], []])
    return held[~pd.MultiIndex.from_frame(held[["street", "work"]]).isin(done)]


def _partners(held: pd.DataFrame) -> pd.DataFrame:
    """Per section its dearest work and the next: whom a work that is left over is held against."""
    order = held.sort_values(["street", "cost", "work"], ascending=[True, False, True])
    order = order.assign(place=order.groupby("street").cumcount())
    return order[order["place"] < 2]


def pairs(held: pd.DataFrame, taken: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Each work left over with the dearest other work of its section, in the two years nearest to both.

    Where the windows meet, the year is the one between both preferred years that lies in both windows; where they do
    not, the years that lie nearest to each other, and `gap` says how many lie between. Farther than `match_slack` is
    not told.
    """
    left = _alone(held, taken)
    two = left.merge(_partners(held), on="street", suffixes=("", "_b"))
    two = two[two["work"] != two["work_b"]].sort_values(["street", "work", "place"])
    two = two.drop_duplicates(["street", "work"])
    twin = [tuple(sorted(p)) for p in zip(two["work"], two["work_b"])]
    two = two.assign(twin=twin)
    two = two[~two.duplicated(["street", "twin"])]
    sooner, later = two[["last", "last_b"]].min(axis=1), two[["first", "first_b"]].max(axis=1)
    two["gap"] = (later - sooner).clip(lower=0).astype(int)
    two = two[two["gap"] <= figures.value("match_slack")]
    return _moved(two, figures)


def _moved(two: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """The cheapest way to bring both into one year: one goes to the nearest year of the other's window."""
    ways = []
    for mine, theirs in (("", "_b"), ("_b", "")):
        year = two[f"preferred{theirs}"].astype(float).clip(two[f"first{theirs}"], two[f"last{theirs}"])
        goal = (
            two[f"preferred{mine}"]
            .astype(float)
            .clip(two[f"first{theirs}"], two[f"last{theirs}"])
            .where(two["gap"] > 0, year)
        )
        facts = {c: two[f"{c}{mine}"] for c in ("preferred", "cost", "life")}
        other = {c: two[f"{c}{theirs}"] for c in ("preferred", "cost", "life")}
        own = moving_cost(pd.DataFrame(facts), goal, figures).fillna(0.0) * two[f"share{mine}"]
        rest = moving_cost(pd.DataFrame(other), goal, figures).fillna(0.0) * two[f"share{theirs}"]
        ways.append(pd.DataFrame({"year": goal, "moving": own + rest, "fixed": two[f"fixed{mine}"].notna()}))
    first = (ways[0]["moving"] <= ways[1]["moving"]) & ~ways[0]["fixed"] | ways[1]["fixed"]
    out = two.copy()
    out["year"] = np.where(first, ways[0]["year"], ways[1]["year"])
    out["moving"] = np.where(first, ways[0]["moving"], ways[1]["moving"])
    out["mover"] = np.where(first, two["party"], two["party_b"])
    out["mover_work"] = np.where(first, two["work"], two["work_b"])
    moved = np.where(first, two["preferred"].astype(float), two["preferred_b"].astype(float))
    out["mover_years"] = (out["year"] - moved).round()
    out["stuck"] = ways[0]["fixed"] & ways[1]["fixed"]
    return out


def told(two: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """The rows of opportunities for these pairs: a near miss when it would pay if a window were wider, else rejected."""
    if two.empty:
        return pd.DataFrame()
    days = two["duration"] + two["duration_b"]
    together = joint_days(days, two[["duration", "duration_b"]].max(axis=1), figures)
    saving = two["site"] + (days - together) * two["traffic"] + two[["surface_cost", "surface_cost_b"]].min(axis=1)
    net = saving - two["moving"]
    near = (two["gap"] > 0) & (net > 0) & ~two["stuck"]
    out = pd.DataFrame(
        {
            "id": _ids(two["street"], two["work"], np.where(near, "near", "not")),
            "kind": np.where(near, "near_miss", "rejected"),
            "street": two["street"],
            "lead": two["work"],
            "other": two["work_b"],
            "works": 2,
            "parties": 1 + (two["party"] != two["party_b"]).astype(int),
            "saving": saving.round(2),
            "moving_cost": two["moving"].round(2),
            "net_saving": net.round(2),
            "period": two["year"].astype(int),
            "period_from": two[["first", "first_b"]].max(axis=1).astype(int),
            "period_to": two[["last", "last_b"]].min(axis=1).astype(int),
            "gap": two["gap"],
            "stuck": two["stuck"],
            "mover": two["mover"],
            "mover_work": two["mover_work"],
            "mover_years": two["mover_years"].astype("Int64"),
            "years_moved": two["mover_years"].abs().astype("Int64"),
            "next_step": np.where(near, "ask_window", "none"),
            "advice": np.where(near, "consider", "keep_apart"),
            "sharing": two[["sharing", "sharing_b"]].min(axis=1),
        }
    )
    return out.set_index("id")


def _ids(street: pd.Series, work: pd.Series, sort: np.ndarray) -> pd.Series:
    return (
        "opportunity:"
        + street.str.removeprefix("street:")
        + ":"
        + work.str.removeprefix("work:")
        + ":"
        + pd.Series(sort, index=street.index)
    )


def singles(held: pd.DataFrame, busy: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """Works that open a street soon and deep, where nobody else has anything near in time: an invitation to the others.

    An asset near its end is such a work. There is no value yet: nobody has told what would ride along.
    """
    soon = settings.first + figures.value("single_years")
    with_others = set(zip(busy["street"], busy["lead"])) | set(zip(busy["street"], busy.get("other", busy["lead"])))
    own = held[(held["depth"] == "deep") & (held["preferred"].astype(float) < soon)]
    own = own.sort_values(["street", "cost", "work"], ascending=[True, False, True]).drop_duplicates("street")
    own = own[[k not in with_others for k in zip(own["street"], own["work"])] if len(own) else []]
    if own.empty:
        return pd.DataFrame()
    out = own.assign(
        id=_ids(own["street"], own["work"], np.full(len(own), "single", dtype=object)),
        kind="single",
        lead=own["work"],
        works=1,
        parties=1,
        period=own["preferred"].astype(int),
        period_from=own["first"].astype(int),
        period_to=own["last"].astype(int),
        next_step="call_partners",
        advice="consider",
    )
    return out.set_index("id")


def claimed(claims: pd.DataFrame, held: pd.DataFrame, kinds_there: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Room that is asked in a street that opens anyway while nobody plans that kind of work there: one opening saved.

    `kinds_there` has rows `street, kind` of the works there are.
    """
    known = pd.MultiIndex.from_frame(kinds_there) if len(kinds_there) else pd.MultiIndex.from_arrays([[], []])
    own = claims[claims["street"].notna() & claims["kind"].notna()].reset_index(names="claim")
    own = own[~pd.MultiIndex.from_frame(own[["street", "kind"]]).isin(known)] if len(own) else own
    if own.empty or held.empty:
        return pd.DataFrame()
    hosts = held[held["depth"].isin(["shallow", "deep"])]
    two = own[["claim", "name", "party", "street", "period_from", "period_to", "sharing"]].merge(
        hosts, on="street", suffixes=("_claim", "")
    )
    start = two["period_from"].astype(float).fillna(-np.inf)
    end = two["period_to"].astype(float).fillna(np.inf)
    year = two["preferred"].astype(float)
    two = two[(year >= start) & (year <= end)].sort_values(["claim", "cost", "work"], ascending=[True, False, True])
    two = two.drop_duplicates("claim")
    if two.empty:
        return pd.DataFrame()
    out = two.assign(
        id="opportunity:" + two["street"].str.removeprefix("street:") + ":" + two["claim"],
        kind="claim",
        lead=two["work"],
        works=1,
        parties=1 + (two["party_claim"] != two["party"]).astype(int),
        saving=two["site"],
        saving_site=two["site"],
        openings_avoided=1,
        period=two["preferred"].astype(int),
        period_from=two["first"].astype(int),
        period_to=two["last"].astype(int),
        mover=two["party_claim"],
        claim_name=two["name"],
        next_step="call_partners",
        advice="consider",
        sharing=two[["sharing_claim", "sharing"]].min(axis=1),
    )
    return out.set_index("id")
