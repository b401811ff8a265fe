"""Fit: how full the ground of each street is, whether a claim or a new work fits, and how many trees could stand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import BURIED, drawn, kinds
from integralie.schema.clearance import rules_of
from integralie.schema.frames import empty
from integralie.schema.notes import gather
from integralie.settings import Settings
from integralie.verbs.fit import told
from integralie.verbs.fit.crowd import DISCIPLINES, crowding, disturbed
from integralie.verbs.fit.green import greening
from integralie.verbs.fit.joint import clashing
from integralie.verbs.fit.kept import in_time, reservation, side_by_side, things
from integralie.verbs.fit.obstacles import NOWHERE, Ground, ground
from integralie.verbs.fit.places import Places
from integralie.verbs.fit.search import NONE, by_cut, per_cut, verdicts
from integralie.verbs.fit.settle import trenches
from integralie.verbs.fit.wants import replacing, wants
from integralie.verbs.section.cuts import along
from integralie.verbs.section.laid import Laid, lay

WRITES = ("room", "members", "findings", "reasons")
DECIMALS = {
    "used_width": 2,
    "free_width": 2,
    "x": 2,
    "top": 2,
    "bottom": 2,
    "margin_low": 2,
    "margin": 2,
    "margin_high": 2,
    "occupancy_low": 3,
    "occupancy_high": 3,
    "sealed": 3,
    **{f"taken_{name}": 3 for name in DISCIPLINES},
    "disturbed": 0,
    "trench_from": 2,
    "trench_to": 2,
    "move_cost": 0,
    "order_cost": 0,
}


def fit(
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    claims: pd.DataFrame,
    openings_past: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """Whether each claim and each new work fits in the ground of its street, and how full and how green that can be.

    Every street is cut about each 25 m, clear of junctions. What must keep apart follows from the rules of
    `figures/clearance.csv` and `cover.csv`: the strictest decides. For each claim all depths are tried; the place must
    hold at every cut, straight along the axis or shifting no more than its bend allows. Room is the free width
    between the two walls (a neighbour's edge plus the required distance, a strip without enough cover, the edge of
    the street) less the width of the claim: at the worst with every neighbour as near as its band allows, as
    registered, and at the best. It *fits* when the worst leaves 0.15 m, is *tight* when it leaves less, *does not
    fit* when the best falls short, and is *unknown* otherwise, or when a size, a depth or an edge is missing.

    What does not fit gets the shortest list of what is in the way, what moving it costs, and the year in which it is
    due for its own replacement; what is unknown gets the trial trench that would settle it. Of places that are
    equally free the one is taken that breaks the order from facade to carriageway least (figure `order`); what is
    broken is counted and has a price. A renewal that comes wider or elsewhere is tested with what it replaces gone;
    `beside` says whether it also fits beside it. Reservations are kept free from claims and works of the same years.
    Wants of one street get places beside each other; the smallest sets that each fit alone and cannot lie in the
    ground together are one row each, with the works and claims as members.

    Reads
        streets (geometry, width m), assets (kind, geometry, width m, diameter mm, cover m and how they are known),
        claims, openings_past (street), works (action, kind, street, depth, preferred; width m and offset m of what comes),
        members (streets and assets of works).
    Writes
        room: one row per street (`<street>|`), per claim (`<street>|<claim>`), per new work in a street
        (`<street>|<work>`), and per set that does not go together (`<street>|<work>+<work>`); widths and depths in m,
        x from the axis with right positive, cost in EUR. members: `blocks`, `frees`, `replaces` and, of sets, `work` and
        `claim`. findings, reasons.
    """
    if streets.empty:
        return {
            "room": empty("room"),
            "members": empty("members"),
            "findings": gather([], "findings"),
            "reasons": gather([], "reasons"),
        }
    laid, cut_street, under = looked(streets, assets, figures)
    base = _base(streets, laid, cut_street, under, openings_past, works, members, figures)
    asked = replacing(wants(claims, works, members, streets, figures), under, laid.assets.index, members)
    rows, way = _tried(asked, under, streets, works, members, laid, figures)
    sets, unsure = clashing_rows(asked, rows, under, figures)
    room = pd.concat([base, rows, sets]) if len(rows) or len(sets) else base
    room = room.assign(geometry=room["street"].map(streets.geometry)).round(DECIMALS)
    parts = told.all_of(room, asked, way, streets, claims, works, members, laid, under, figures, settings, unsure)
    return {"room": room.drop(columns=["sets", "cut"], errors="ignore"), **parts}


def looked(streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures) -> tuple[Laid, np.ndarray, Ground]:
    """All cuts of all streets, and what lies on them; single things count halfway to the next cut."""
    cuts = along(streets, figures)
    number = (
        pd.Series(cuts.street).map(pd.Series(cuts.street).value_counts()).to_numpy(float) if len(cuts) else np.zeros(0)
    )
    half = cuts.length / np.maximum(number, 1) / 2
    laid = lay(cuts, streets, assets, figures, half)
    under = ground(laid, streets, figures)
    position = pd.Index(under.streets).get_indexer(cuts.street)
    return laid, position, under


def _base(
    streets: pd.DataFrame,
    laid: Laid,
    street: np.ndarray,
    under: Ground,
    openings_past: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    figures: Figures,
) -> pd.DataFrame:
    """One row per street: what lies there, how full, how green, how often opened."""
    things = under.things[~under.things["standing"].to_numpy(bool)]
    wide = things["kind"].map({k: figures.value("trench_width", kind=k) for k in things["kind"].unique()}).astype(float)
    count = np.maximum(under.cuts, 1)
    used = np.bincount(things["street"].to_numpy(int), weights=wide, minlength=len(count)) / count
    distinct = things.drop_duplicates(["street", "who"])
    many = np.bincount(distinct["street"].to_numpy(int), minlength=len(count))
    sure = np.bincount(
        distinct["street"].to_numpy(int), weights=distinct["quality"].eq("measured"), minlength=len(count)
    )
    width = pd.Series(under.right - under.left, index=under.streets).where(under.doubt == "")
    out = pd.DataFrame({"used_width": used, "networks": many, "cuts": under.cuts}, index=under.streets).reindex(
        streets.index
    )
    out["free_width"] = streets["width"].fillna(width.reindex(streets.index)) - out["used_width"]
    blind = pd.Series(sure < many, index=under.streets).reindex(streets.index).fillna(False).astype(bool)
    out["missing"] = (
        pd.Series("trial_trench", index=out.index, dtype=object)
        .where(blind, None)
        .mask(out["free_width"].isna(), "street_width")
    )
    run = (laid.cuts.length / under.cuts[street]) if len(street) else np.zeros(0)
    rules = rules_of(figures)
    out = out.join(crowding(under, laid, street, figures)).join(greening(under, laid.ends, street, run, rules, figures))
    out["disturbed"] = disturbed(works, members, streets, figures)
    out["opened"] = openings_past["street"].value_counts().reindex(out.index).fillna(0)
    out["trees_year"] = _due(out["trees_move"], out.index.to_series(), works)
    out = out.assign(street=out.index, sharing=streets["sharing"].fillna(0).astype(int))
    return out.set_axis(pd.Index(streets.index + "|", name="id"))


def _due(kind: pd.Series, street: pd.Series, works: pd.DataFrame) -> pd.Series:
    """The year in which the network of that kind in that street is due for its own replacement."""
    rows = works[works["action"].eq("renew").fillna(False).astype(bool)]
    first = rows.groupby(["street", "kind"])["preferred"].min()
    keys = pd.MultiIndex.from_arrays([street.to_numpy(object), kind.to_numpy(object)])
    return pd.Series(first.reindex(keys).to_numpy(dtype="float64", na_value=np.nan), index=kind.index)


def costs(laid: Laid, streets: pd.DataFrame, under: Ground, figures: Figures) -> np.ndarray:
    """What moving each asset costs outside its own replacement (EUR): per metre of the part in the street, or each."""
    kind = laid.assets["kind"]
    rate = (
        kind.map({k: figures.value("move_cost", symbol=kinds()[k].symbol) for k in kind.unique()})
        .astype(float)
        .to_numpy()
    )
    long = np.minimum(
        np.asarray(laid.assets.geometry.length, float), figures.value("section_spacing") * figures.value("most_cuts")
    )
    return np.where(kind.isin(drawn(*BURIED)).to_numpy(), rate * np.maximum(long, 1.0), rate)


def _tried(
    asked: pd.DataFrame,
    under: Ground,
    streets: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    laid: Laid,
    figures: Figures,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of all claims and works, and what is in the way of those that do not fit.

    A line must hold along the whole street; a thing that is no line needs one place, the best of all cuts.
    """
    if asked.empty:
        return pd.DataFrame(), pd.DataFrame(columns=["want", "who", "kind", "rule", "x", "top", "asset"])
    cost = costs(laid, streets, under, figures)
    street = pd.Index(under.streets).get_indexer(laid.cuts.street)
    line = asked["kind"].map({n: k.geometry == "line" for n, k in kinds().items()}).fillna(True).astype(bool)
    spread = per_cut(asked[~line], under, street)
    places = Places(under, by_cut(under, laid.ends, street), asked[line], spread, rules_of(figures), figures, cost)
    found = places.search(pd.DataFrame()).reindex(asked.index)
    kept = things(asked[asked["reserved"]], found, under, street)
    found = side_by_side(asked, _guarded(found, asked, kept, places), places, street)
    out = _ordered(_judged(asked, found, under, laid, figures), streets, figures)
    out["beside"] = _beside(asked, places)
    way = places.in_the_way(out, kept, street)
    way["asset"] = [str(laid.assets.index[w]) if w >= 0 else reservation(kept, w) for w in way["who"]]
    trench = trenches(under, asked[line], out[line], rules_of(figures), figures)
    return told.with_way(out, asked, way, cost, works, members, trench.reindex(out.index)), way


def _ordered(out: pd.DataFrame, streets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """With how many lines lie on the wrong side by the order from facade to carriageway, and what that costs (EUR)."""
    many = out["order_broken"].where(out["x"].notna())
    cost = many * out["street"].map(streets.geometry.length) * figures.value("order_cost")
    return out.assign(order_broken=many.round().astype("Int64"), order_cost=cost)


def _beside(asked: pd.DataFrame, places: Places) -> pd.Series:
    """For renewals: whether the new line also has a place while the old one still lies there and is in use."""
    renewed = asked[asked["renews"] & asked["gone"].map(len).gt(0)]
    out = pd.Series(pd.NA, index=asked.index, dtype="boolean")
    if len(renewed):
        during = places.with_old(list(renewed.index)).search(pd.DataFrame())
        out[renewed.index] = during.loc[renewed.index, "margin_low"] >= 0
    return out


def _guarded(found: pd.DataFrame, asked: pd.DataFrame, kept: pd.DataFrame, places: Places) -> pd.DataFrame:
    """The same with the reservations of the same years kept free; `breaks` says that this is what makes it fail."""
    out = found.assign(breaks=False)
    wants_ = asked[asked["street"].isin(asked["street"][asked["reserved"]]) & ~asked["reserved"]]
    for want in wants_.index:
        extra = in_time(kept, asked.loc[want])
        if extra.empty:
            continue
        again = places.only([want]).search(extra).loc[want]
        out.at[want, "breaks"] = bool(found.at[want, "margin"] >= 0 > again["margin"])
        for column in again.index:
            out.at[want, column] = again[column]
    return out


def _judged(asked: pd.DataFrame, found: pd.DataFrame, under: Ground, laid: Laid, figures: Figures) -> pd.DataFrame:
    """The verdict of each want; a street that cannot be cut, or a want without kind or width, is unknown."""
    at = under.position(asked["street"])
    doubt = np.where(at >= 0, under.doubt[np.maximum(at, 0)], "no_line")
    blind = (doubt != "") | found["margin"].isna().to_numpy()
    low, high = found["margin_low"].to_numpy(float), found["margin_high"].to_numpy(float)
    verdict = np.where(blind, "unknown", verdicts(low, high, figures.value("comfort")))
    out = found[
        ["x", "top", "bottom", "bent", "margin_low", "margin", "margin_high", "order_broken", "breaks", "cut"]
    ].copy()
    some = out["cut"].notna()
    out["along"] = np.where(some, laid.cuts.at[out["cut"].fillna(0).astype(int)] if len(laid.cuts) else np.nan, np.nan)
    hopeless = (found["margin"] < NONE).to_numpy()
    out.loc[hopeless | (doubt != ""), ["x", "top", "bottom"]] = np.nan
    margins = ["margin_low", "margin", "margin_high"]
    out[margins] = out[margins].mask(out[margins] < NONE).mask(pd.Series(doubt != "", index=out.index), axis=0)
    lost = asked["kind"].isna() | asked["width"].isna()
    missing = np.where(
        doubt == "no_edge", "street_width", np.where(doubt != "", doubt, np.where(lost, "claim_size", ""))
    )
    cuts = np.where(at >= 0, under.cuts[np.maximum(at, 0)], 0)
    return out.assign(
        street=asked["street"],
        claim=asked["claim"],
        work=asked["work"],
        kind=asked["kind"],
        width=asked["width"].astype(float),
        sharing=asked["sharing"].astype(int),
        verdict=verdict,
        missing=pd.Series(missing, index=out.index, dtype=object).replace("", None),
        cuts=cuts,
    )


def clashing_rows(
    asked: pd.DataFrame, rows: pd.DataFrame, under: Ground, figures: Figures
) -> tuple[pd.DataFrame, list[str]]:
    """Sets of wants that each have a place alone and not together, one row each; and streets where the search gave up."""
    if rows.empty:
        return pd.DataFrame(), []
    alone = rows[rows["verdict"].isin(["fits", "tight"]) & ~rows["breaks"].astype(bool)]
    sets, unsure = clashing(under, asked.loc[alone.index], rules_of(figures), figures)
    made = []
    for street, ids, verdict in sets:
        names = sorted(str(asked.at[i, "work"] or asked.at[i, "claim"]) for i in ids)
        made.append(
            {
                "id": f"{street}|{'+'.join(names)}",
                "street": street,
                "verdict": verdict,
                "missing": "trial_trench" if verdict == "unknown" else None,
                "firm": bool(
                    (
                        asked.loc[list(ids), ["hard", "reserved"]].any(axis=1) | asked.loc[list(ids), "work"].notna()
                    ).all()
                ),
                "sharing": int(asked.loc[list(ids), "sharing"].min()),
                "sets": "\n".join(ids),
            }
        )
    return (pd.DataFrame(made).set_index("id") if made else pd.DataFrame()), unsure


__all__ = ["NOWHERE", "WRITES", "fit", "looked"]
