"""Told: the reasons, members and findings of the rows of room, written when the verdict is given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.clearance import CALCULATED, Rules, rules_of
from integralie.schema.notes import because, gather
from integralie.settings import Settings
from integralie.verbs.fit.doubts import doubts
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.section.laid import Laid


def with_way(
    rows: pd.DataFrame,
    asked: pd.DataFrame,
    way: pd.DataFrame,
    cost: np.ndarray,
    works: pd.DataFrame,
    members: pd.DataFrame,
    trench: pd.DataFrame,
) -> pd.DataFrame:
    """The rows with the rule that is tightest, the cost of moving what is in the way, and the year in which it is free."""
    out = rows.join(trench)
    out["missing"] = out["missing"].mask(out["trench_from"].notna(), "trial_trench")
    out["rule"], out["move_cost"], out["free_year"] = None, np.nan, np.nan
    if way.empty:
        return out
    by = way.groupby("want")
    out["rule"] = by["rule"].first().reindex(out.index).astype(object)
    real = way[way["who"] >= 0].assign(cost=lambda w: cost[w["who"].to_numpy(int)])
    out["move_cost"] = real.groupby("want")["cost"].sum().reindex(out.index)
    due = renewals(works, members)
    years = way.assign(year=way["asset"].map(due["preferred"]).astype(float) if len(due) else np.nan)
    all_due = years.groupby("want")["year"].agg(lambda y: y.max() if y.notna().all() else np.nan)
    out["free_year"] = all_due.reindex(out.index)
    return out


def renewals(works: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """For each asset the first work that renews or removes it: `work` and `preferred` year."""
    rows = works[works["action"].isin(["renew", "remove"])]
    held = members[(members["role"] == "asset") & members["set"].isin(rows.index)]
    out = pd.DataFrame({"asset": held["member"].to_numpy(), "work": held["set"].to_numpy()})
    out["preferred"] = out["work"].map(rows["preferred"]).astype("float64")
    return out.sort_values(["asset", "preferred", "work"]).drop_duplicates("asset").set_index("asset")


def all_of(
    room: pd.DataFrame,
    asked: pd.DataFrame,
    way: pd.DataFrame,
    streets: pd.DataFrame,
    claims: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    laid: Laid,
    under: Ground,
    figures: Figures,
    settings: Settings,
    unsure: list[str],
) -> dict[str, pd.DataFrame]:
    """Members, findings and reasons; `unsure` are the streets where not every combination could be tried."""
    room_ids = set(room.index)
    return {
        "members": _members(room, asked, way, works, renewals(works, members), laid.assets.index),
        "findings": gather(doubts(under, laid, claims, settings, unsure), "findings"),
        "reasons": gather(
            [p for p in _reasons(room, asked, way, streets, under, figures) if len(p) and set(p["row"]) <= room_ids],
            "reasons",
        ),
    }


def _members(
    room: pd.DataFrame,
    asked: pd.DataFrame,
    way: pd.DataFrame,
    works: pd.DataFrame,
    due: pd.DataFrame,
    labels: pd.Index,
) -> pd.DataFrame:
    """What blocks each want, which work clears the way, what a renewal replaces, and the works of each set that clashes."""
    parts = []
    gone = asked["gone"].explode().dropna().astype(int)
    if len(gone):
        parts.append(pd.DataFrame({"set": gone.index, "member": labels[gone], "role": "replaces"}))
    if len(way):
        parts.append(pd.DataFrame({"set": way["want"], "member": way["asset"], "role": "blocks"}))
        freed = (
            way.assign(work=way["asset"].map(due["work"])).dropna(subset="work")
            if len(due)
            else way.iloc[:0].assign(work=None)
        )
        parts.append(pd.DataFrame({"set": freed["want"], "member": freed["work"], "role": "frees"}))
    if "sets" in room:
        for row, ids in room["sets"].dropna().items():
            names = [str(asked.at[i, "work"] or asked.at[i, "claim"]) for i in str(ids).split("\n")]
            parts.append(
                pd.DataFrame(
                    {"set": row, "member": names, "role": ["work" if n in works.index else "claim" for n in names]}
                )
            )
    if not parts:
        return pd.DataFrame({"id": pd.Series([], dtype=str)})
    out = pd.concat(parts, ignore_index=True)
    out["id"] = out["set"] + "|" + out["role"] + "|" + out["member"]
    return out.drop_duplicates("id").assign(verb="fit")


def _reasons(
    room: pd.DataFrame, asked: pd.DataFrame, way: pd.DataFrame, streets: pd.DataFrame, under: Ground, figures: Figures
) -> list[pd.DataFrame]:
    name = room["street"].map(streets["name"]).fillna(room["street"])
    rules = rules_of(figures)
    base = room[room.index == room["street"] + "|"]
    told = base[["networks", "used_width", "free_width"]].assign(street=name)
    light = base[["occupancy_low", "occupancy_high", "crowding", "cuts"]].assign(
        occupancy_low=base["occupancy_low"] * 100,
        occupancy_high=base["occupancy_high"] * 100,
        crowding=words(base["crowding"]),
    )
    trees = base[base["trees_2"].notna()]
    more = trees[trees["trees_gain"].fillna(0) > 0]
    labels = {n: {"en": k.label, "nl": k.label_nl} for n, k in kinds().items()}
    out = [
        because("room", "fit.lies", told, figures.find("trench_width", kind="water_main").id),
        because("room", "fit.crowding", light, figures.find("crowded", level="high").id, step=1),
        because(
            "room",
            "fit.trees",
            trees[["trees_1", "trees_2", "trees_3"]],
            figures.find("tree_volume", size="2").id,
            step=2,
        ),
        because(
            "room",
            "fit.trees_more",
            more[["trees_gain", "trees_year"]].assign(kind=more["trees_move"].map(labels)),
            "CS-080",
            step=3,
        ),
    ]
    tried = room[room["claim"].notna() | room["work"].notna()] if "claim" in room else room.iloc[:0]
    if len(tried):
        out += _tried(tried, asked, way, name, figures, rules, labels)
    if "sets" in room:
        sets = room[room["sets"].notna()]
        who = sets["sets"].map(lambda ids: ", ".join(str(asked.at[i, "name"]) for i in str(ids).split("\n")))
        both = pd.DataFrame({"what": who, "street": name.reindex(sets.index)})
        never = sets["verdict"] == "does_not_fit"
        for code, rows in (("fit.together", both[never]), ("fit.together_unknown", both[~never])):
            out.append(because("room", code, rows, figures.find("beside").id))
    return out


SPOKEN = {
    "low": "laag",
    "medium": "midden",
    "high": "hoog",
    "unknown": "onbekend",
    "fits": "past",
    "tight": "krap",
    "does_not_fit": "past niet",
    "straight": "recht",
    "shifting along the street": "verspringend langs de straat",
}


def words(values: pd.Series) -> pd.Series:
    """Values of a list as words in both languages."""
    return values.map(lambda v: {"en": str(v).replace("_", " "), "nl": SPOKEN.get(str(v), str(v))})


HEAT = {
    "supply_temperature": ("supply", "aanvoer"),
    "return_temperature": ("return", "retour"),
    "insulation_conductivity": ("insulation", "isolatie"),
    "insulation_thickness": ("its thickness", "dikte daarvan"),
    "soil_conductivity": ("soil", "grond"),
    "soil_temperature": ("soil without heat network", "grond zonder warmtenet"),
    "pair_gap": ("between the pipes", "tussen de leidingen"),
}


def inputs(rules: Rules) -> dict[str, str]:
    """What the distance of heat beside drinking water was calculated from, in both languages; * is a placeholder."""
    out = {}
    for place, (lang, comma) in enumerate((("en", "."), ("nl", ","))):
        told = [
            f"{HEAT[f.figure][place]} {f'{f.value:g}'.replace('.', comma)} {f.unit}{'*' if f.status == 'placeholder' else ''}"
            for f in rules.thermal.inputs
        ]
        out[lang] = "; ".join(told)
    return out


def _listed(rows: pd.DataFrame, labels: dict[str, dict[str, str]]) -> dict[str, str]:
    """Kind, id and rule of everything in the way, as words in both languages."""
    return {
        lang: ", ".join(
            f"{labels[k][lang] if k in labels else k} ({a}, {r})" for k, a, r in rows.itertuples(index=False)
        )
        for lang in ("nl", "en")
    }


def _tried(
    tried: pd.DataFrame,
    asked: pd.DataFrame,
    way: pd.DataFrame,
    name: pd.Series,
    figures: Figures,
    rules: Rules,
    labels: dict[str, dict[str, str]],
) -> list[pd.DataFrame]:
    """Why each claim or work fits or not: the verdict with its three numbers, the place, what is in the way, what settles it."""
    said = pd.DataFrame(
        {
            "name": asked["name"].reindex(tried.index),
            "street": name.reindex(tried.index),
            "verdict": words(tried["verdict"]),
            "low": tried["margin_low"],
            "room": tried["margin"],
            "high": tried["margin_high"],
        }
    )
    placed = tried[tried["x"].notna() & tried["verdict"].isin(["fits", "tight", "unknown"])]
    way_along = placed["bent"].fillna(False).astype(bool).map({True: "shifting along the street", False: "straight"})
    spot = placed[["x", "top"]].assign(bent=words(way_along))
    out = [
        because("room", "fit.verdict", said[said["room"].notna()], figures.find("comfort").id),
        because("room", "fit.place", spot, step=1),
    ]
    wrong = placed[placed["order_broken"].gt(0).fillna(False)]
    out.append(
        because("room", "fit.order", wrong[["order_broken", "order_cost"]], figures.find("order_cost").id, step=7)
    )
    for code, beside in (("fit.beside", True), ("fit.in_place", False)):
        out.append(because("room", code, placed.loc[placed["beside"].eq(beside).fillna(False), []], step=8))
    blind = said[said["room"].isna()]
    blind = blind.assign(missing=tried["missing"].reindex(blind.index))
    out.append(because("room", "fit.blind", blind.assign(missing=blind["missing"].fillna("room")), step=0))
    if len(way):
        what = way.groupby("want")[["kind", "asset", "rule"]].apply(lambda g: _listed(g, labels))
        hit = tried[tried.index.isin(way["want"])]
        rule = hit["rule"].where(hit["rule"].isin(list(figures.by_id)), None)
        listed = pd.DataFrame({"what": what.reindex(hit.index), "cost": hit["move_cost"]})
        out.append(because("room", "fit.blocked", listed, rule, step=2))
        free = hit[hit["free_year"].notna()]
        out.append(because("room", "fit.free_year", free[["free_year"]], step=3))
        warm = way[way["rule"] == CALCULATED].drop_duplicates("want").set_index("want")
        heat = rules.thermal
        out.append(
            because(
                "room",
                "fit.thermal",
                pd.DataFrame(
                    {"distance": heat.distance, "low": heat.low, "high": heat.high, "limit": heat.limit},
                    index=warm.index,
                ).assign(inputs=[inputs(rules)] * len(warm)),
                "CS-063",
                step=4,
            )
        )
    profile = said[tried["verdict"].eq("does_not_fit") & ~said.index.isin(way["want"])]
    out.append(because("room", "fit.profile", profile[["street"]], step=2))
    if "breaks" in tried:
        broken = tried[tried["breaks"].fillna(False).astype(bool)]
        out.append(because("room", "fit.breaks", pd.DataFrame({"street": name.reindex(broken.index)}), step=5))
    dug = tried[tried["trench_from"].notna()] if "trench_from" in tried else tried.iloc[:0]
    cost = figures.find("trial_trench")
    out.append(
        because("room", "fit.trench", dug[["trench_from", "trench_to"]].assign(cost=cost.value), cost.id, step=6)
    )
    return out
