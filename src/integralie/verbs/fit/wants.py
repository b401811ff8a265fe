"""Wants: everything that asks for room in the ground of a street: claims, reservations, new works, wider renewals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import BURIED, drawn, kinds
from integralie.verbs.fit.obstacles import Ground

NEW, RENEW = "new", "renew"  # actions of works that put something in the ground
SLIGHT = 0.02  # m: a pipe that becomes this much wider still takes the place of the old one
COLUMNS = (
    "street",
    "kind",
    "width",
    "height",
    "top",
    "size",
    "barrier",
    "offset",
    "claim",
    "work",
    "hard",
    "reserved",
    "period_from",
    "period_to",
    "sharing",
    "name",
    "renews",
    "gone",
    "aim",
)


def _figure(figures: Figures, name: str, kind: str, default: float = np.nan) -> float:
    try:
        return figures.value(name, kind=kind)
    except Exception:
        return default


def dressed(rows: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Width and height of each want: as told, else those of its kind; a thing that is round is as high as broad."""
    names = rows["kind"].dropna().unique()
    width = rows["kind"].map({k: _figure(figures, "size", k) for k in names}).astype(float)
    height = rows["kind"].map({k: _figure(figures, "height", k) for k in names}).astype(float)
    told = rows["width"].astype(float).fillna(width)
    return rows.assign(width=told, height=rows["height"].astype(float).fillna(height).fillna(told))


def of_claims(claims: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    """Claims in a known street that have not lapsed; a depth that is asked for is kept to."""
    rows = claims[claims["street"].isin(streets.index) & claims["status"].fillna("asked").ne("lapsed")]
    span = (rows["depth_to"] - rows["depth_from"]).where(lambda h: h > 0)
    made = pd.DataFrame(
        {
            "street": rows["street"],
            "kind": rows["kind"],
            "width": rows["width"],
            "height": span.fillna(rows["height"]),
            "top": rows["depth_from"].where(span.notna()),
            "size": rows["size"].fillna("2"),
            "barrier": rows["barrier"].fillna(False).astype(bool),
            "offset": rows["offset"],
            "claim": rows.index,
            "work": None,
            "hard": rows["hard"].fillna(False).astype(bool),
            "reserved": rows["status"].eq("reserved").fillna(False).astype(bool),
            "period_from": rows["period_from"].astype("float64"),
            "period_to": rows["period_to"].astype("float64"),
            "sharing": rows["sharing"].fillna(0),
            "name": rows["name"],
            "renews": False,
        },
        index=rows.index,
    )
    return made.set_axis(pd.Index(rows["street"] + "|" + rows.index, name="id"))


def of_works(works: pd.DataFrame, members: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    """Works that put something new in the ground, plant trees, or renew a line at another size or place.

    Once per street section they run through. A renewal counts when its plan tells what comes: a width or a place.
    """
    wanted = drawn(*BURIED, "tree")
    other = works["action"].eq(RENEW) & (works["width"].notna() | works["offset"].notna())
    rows = works[(works["action"].eq(NEW) | other).fillna(False) & works["kind"].isin(wanted)]
    held = members[
        (members["role"] == "street") & members["set"].isin(rows.index) & members["member"].isin(streets.index)
    ]
    place = pd.DataFrame({"work": held["set"].to_numpy(), "street": held["member"].to_numpy()})
    lone = rows[~rows.index.isin(place["work"]) & rows["street"].isin(streets.index)]
    place = pd.concat(
        [place, pd.DataFrame({"work": lone.index, "street": lone["street"].to_numpy()})], ignore_index=True
    )
    place = place.drop_duplicates().sort_values(["street", "work"], ignore_index=True)
    facts = rows.loc[place["work"], ["kind", "name", "sharing", "earliest", "action", "width", "offset"]]
    return pd.DataFrame(
        {
            "street": place["street"].to_numpy(),
            "kind": facts["kind"].to_numpy(),
            "width": facts["width"].astype(float).to_numpy(),
            "height": np.nan,
            "top": np.nan,
            "size": "2",
            "barrier": False,
            "offset": facts["offset"].astype(float).to_numpy(),
            "claim": None,
            "work": place["work"].to_numpy(),
            "hard": False,
            "reserved": False,
            "period_from": facts["earliest"].astype("float64").to_numpy(),
            "period_to": np.nan,
            "sharing": facts["sharing"].fillna(0).to_numpy(),
            "name": facts["name"].to_numpy(),
            "renews": facts["action"].eq(RENEW).to_numpy(bool),
        },
        index=pd.Index(place["street"] + "|" + place["work"], name="id"),
    )


def wants(
    claims: pd.DataFrame, works: pd.DataFrame, members: pd.DataFrame, streets: pd.DataFrame, figures: Figures
) -> pd.DataFrame:
    """All wants, with their size; reservations first, because the others must keep clear of them."""
    parts = [p for p in (of_claims(claims, streets), of_works(works, members, streets)) if len(p)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], name="id"))
    rows = dressed(pd.concat([p.astype(object) for p in parts]), figures)
    rows = rows.astype(
        dict.fromkeys(("barrier", "hard", "reserved", "renews"), bool)
        | dict.fromkeys(("top", "offset", "period_from", "period_to"), float)
    )
    known = rows["kind"].isin(list(kinds()))
    rows["kind"] = rows["kind"].where(known)
    rows = rows.assign(gone=[()] * len(rows), aim=np.nan)
    return rows[~rows.index.duplicated()]


def replacing(asked: pd.DataFrame, under: Ground, labels: pd.Index, members: pd.DataFrame) -> pd.DataFrame:
    """The wants with, for each renewal, what it takes out of the ground (`gone`) and where that lies (`aim`).

    What a renewal replaces are its own assets in that street, or, when it names none, all lines of its kind there. One
    that comes no wider than what it replaces, at no other place, takes the old place and is not tested.

    Reads members (role asset); `labels` are the ids of the assets by position. Depth and width in m.
    """
    if not asked["renews"].any():
        return asked
    rows = asked[asked["renews"]].assign(street=lambda f: under.position(f["street"])).rename_axis("want").reset_index()
    both = rows[["want", "street", "kind", "work"]].merge(under.things[["street", "kind", "who", "half", "at"]])
    own = members[(members["role"] == "asset") & members["set"].isin(rows["work"])]
    named = pd.MultiIndex.from_frame(own[["set", "member"]])
    mine = pd.MultiIndex.from_arrays([both["work"], labels[both["who"]]]).isin(named)
    both = both[mine | ~both["work"].isin(own["set"]).to_numpy()]
    by = both.groupby("want")
    out = asked.copy()
    out.loc[list(by.groups), "aim"] = by["at"].mean()
    for want, who in by["who"].unique().items():
        out.at[want, "gone"] = tuple(int(w) for w in sorted(who))
    old = 2 * by["half"].max().reindex(out.index)
    same = out["renews"] & out["offset"].isna() & (out["width"] <= old + SLIGHT)
    return out[~same]
