"""Clashes of place and time: works, events, detours and bus routes that come too near each other in the same years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.access.streets import closes, places
from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema import agreed
from integralie.schema.meet import meetings
from integralie.settings import Settings

RULE = {"event": "event", "detour": "event", "bus_line": "bus", "bus_stop": "bus"}
COLUMNS = ["object", "party", "name", "street", "first", "last", "concrete", "hindrance", "kind", "sharing", "geometry"]


def _works(works: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Works that open a street. Concrete is what is fixed; of a work whose certainty nobody told it is not known."""
    own = works[works["depth"].notna() & (works["depth"] != "none")]
    shut = closes(own, "car", figures) if len(own) else pd.Series(dtype=bool)
    told = own["certainty"].notna() | own["plan"].isna()
    return own.assign(
        object="work",
        first=own["fixed"].fillna(own["earliest"]).astype(float),
        last=own["fixed"].fillna(own["latest"]).astype(float),
        concrete=own["fixed"].notna().astype("boolean").where(told | own["fixed"].notna()),
        hindrance=np.where(shut, "high", "low"),
    )[COLUMNS]


def _claims(claims: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Events and detours: claims on public space for some years; a hard claim is concrete."""
    name = {n: k.serves for n, k in kinds().items() if k.serves in ("event", "detour")}
    own = claims[claims["kind"].isin(name)]
    return own.assign(
        object=own["kind"].map(name),
        first=own["period_from"].astype(float).fillna(settings.years[0]),
        last=own["period_to"].astype(float).fillna(own["period_from"].astype(float)).fillna(settings.years[-1]),
        concrete=own["hard"].astype("boolean"),
        hindrance="low",
    )[COLUMNS]


def _buses(assets: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Bus routes and stops: there every year."""
    parts = [places(assets, s).assign(object=o) for s, o in (("bus", "bus_line"), ("bus_stop", "bus_stop"))]
    own = pd.concat(parts)
    years = {"first": float(settings.years[0]), "last": float(settings.years[-1])}
    return own.assign(**years, concrete=pd.Series(True, index=own.index, dtype="boolean"), hindrance="low")[COLUMNS]


def objects(
    works: pd.DataFrame, claims: pd.DataFrame, assets: pd.DataFrame, figures: Figures, settings: Settings
) -> pd.DataFrame:
    """Everything that can clash, in one list; its index holds the ids."""
    parts = [_works(works, figures), _claims(claims, settings), _buses(assets, settings)]
    filled = [pd.DataFrame(p) for p in parts if len(p)]
    return pd.concat(filled) if filled else pd.DataFrame(columns=COLUMNS)


def _pairs(own: pd.DataFrame, buffer: np.ndarray, slack: float = 0.0) -> pd.DataFrame:
    """Pairs of objects that meet, the one with the lower id first: ids, metres between them, whether years overlap."""
    shapes = own["geometry"].to_numpy(object)
    found = list(meetings(shapes, own["first"], own["last"], buffer, slack))
    one = np.concatenate([m.one for m in found]) if found else np.zeros(0, int)
    two = np.concatenate([m.two for m in found]) if found else np.zeros(0, int)
    far = np.concatenate([m.distance for m in found]) if found else np.zeros(0)
    ids = own.index.to_numpy(object)
    swap = ids[one] > ids[two] if len(one) else np.zeros(0, bool)
    out = pd.DataFrame({"work": np.where(swap, ids[two], ids[one]), "work_b": np.where(swap, ids[one], ids[two])})
    return out.assign(distance=far)


def _sides(pairs: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Both objects beside each pair, the work first; two works of one party and two other things never clash."""
    out = pairs.join(own, on="work").join(own, on="work_b", suffixes=("", "_b"))
    flip = out["object"] != "work"
    turned = {c: f"{c}_b" for c in ("work", *COLUMNS)} | {f"{c}_b": c for c in ("work", *COLUMNS)}
    out = pd.concat([out[~flip], out[flip].rename(columns=turned)])
    same = (out["object_b"] == "work") & (out["party"] == out["party_b"])
    return out[(out["object"] == "work") & ~same]


def severity(out: pd.DataFrame) -> pd.Series:
    """High where the bare places overlap, low where only the buffers do or one of both is not concrete; unknown where
    nobody told whether it is.
    """
    both = out["concrete"] & out["concrete_b"]
    heavy = both.fillna(False).astype(bool) & (out["distance"] <= 0)
    open_ = both.isna() & (out["distance"] <= 0)
    return pd.Series(np.select([heavy, open_], ["high", "unknown"], "low"), index=out.index)


def _rows(out: pd.DataFrame, seen_by: pd.Series | None = None) -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "rule": out["object_b"].map(RULE).fillna("nearby"),
            "street": out["street"].fillna(out["street_b"]),
            "period": out[["first", "first_b"]].max(axis=1).astype("Int64"),
            "amount": out["distance"].round(1),
            "severity": severity(out),
            "sharing": out[["sharing", "sharing_b"]].min(axis=1),
            "work": out["work"],
            "work_b": out["work_b"],
            "seen_by": None if seen_by is None else seen_by,
            "other_name": out["name_b"],
        },
        index=out.index,
    )
    return made[made["street"].notna()]


def _share_street(pairs: pd.DataFrame, held: pd.DataFrame) -> pd.Series:
    """Which pairs are two works that lie in one section."""
    own = pairs.reset_index(names="pair")[["pair", "work", "work_b"]]
    both = own.merge(held, on="work").merge(held.rename(columns={"work": "work_b"}), on=["work_b", "street"])
    return pairs.index.to_series().isin(both["pair"])


def common(own: pd.DataFrame, name: str, figures: Figures, held: pd.DataFrame) -> pd.DataFrame:
    """Clashes by the rules that hold for all.

    `held` has rows `work, street`. Under our own rules works in one section are left to the opportunities and to the rules of the rest period.
    """
    light = agreed.tells_light(name, figures)
    listed = own if light else own[own["concrete"].fillna(True).astype(bool)]
    if len(listed) < 2:
        return pd.DataFrame()
    pairs = _pairs(listed, agreed.buffers(listed, name, figures).to_numpy())
    if name == agreed.OWN:
        pairs = pairs[~_share_street(pairs, held)]
    out = _sides(pairs, listed)
    quiet = out["object_b"].isin(["bus_line", "bus_stop"]) & (out["hindrance"] != "high")
    return _rows(out[~quiet])


def of_party(own: pd.DataFrame, agreements: pd.DataFrame) -> pd.DataFrame:
    """Clashes that one party asked to be told, by its own distance and years."""
    parts = []
    for rule in agreed.of_parties(agreements).itertuples():
        mine = own["party"].eq(rule.party) & own["object"].eq("work")
        about = agreed.applies(rule.applies_to, own) & own["object"].eq("work") & ~own["party"].eq(rule.party)
        listed = own[mine | about]
        pairs = _pairs(listed, np.where(mine[listed.index], rule.metres, 0.0), rule.years)
        out = pairs.join(own, on="work").join(own, on="work_b", suffixes=("", "_b"))
        out = out[out["party"].eq(rule.party) != out["party_b"].eq(rule.party)]
        turn = out["party_b"].eq(rule.party)
        names = {c: f"{c}_b" for c in ("work", *COLUMNS)} | {f"{c}_b": c for c in ("work", *COLUMNS)}
        out = pd.concat([out[~turn], out[turn].rename(columns=names)])
        parts.append(_rows(out, pd.Series(rule.party, index=out.index)))
    filled = [p for p in parts if len(p)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
