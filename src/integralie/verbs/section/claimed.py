"""Claimed: the claims and new works of a street in its section, at the place that `fit` found, with verdict and walls."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import drawn
from integralie.paper.profile import Verdict
from integralie.paper.profile.things import known_label
from integralie.paper.words import Words
from integralie.schema.clearance import rules_of

CODE = "K"
PLACED = ("fits", "tight", "unknown")
MOST = 6  # claims in one drawing
USUAL = "2"  # size class of a tree of which none is told
UNDER, DEEPEST = 0.2, 1.5  # m: a trench goes a little under what is asked, and by hand no deeper than this


def tried(room: pd.DataFrame, street: str) -> pd.DataFrame:
    """The claims and works that were tested in this street, the gravest verdict first."""
    rows = room[(room["street"] == street) & (room["claim"].notna() | room["work"].notna()) & room["verdict"].notna()]
    order = rows["verdict"].map({"does_not_fit": 0, "unknown": 1, "tight": 2, "fits": 3})
    return rows.assign(order=order).sort_values(["order"], kind="stable").head(MOST)


def claim_rows(rows: pd.DataFrame, head: dict, sizes: pd.Series, figures: Figures) -> pd.DataFrame:
    """The same as rows of the section: new, dashed, proposed. A tree is as broad as its roots; `sizes` are those of claims."""
    shown = rows[rows["x"].notna() & rows["kind"].notna()]
    x = shown["x"] + head["axis"]
    half = shown["width"].fillna(0).astype(float) / 2
    tree = shown["kind"].isin(drawn("tree"))
    size = shown.loc[tree, "claim"].map(sizes).astype(object).fillna(USUAL)
    half[tree] = size.map({s: root_width(s, figures) / 2 for s in size.unique()}).astype(float)
    return pd.DataFrame(
        {
            "id": [f"{CODE}{i + 1}" for i in range(len(rows))] if len(shown) == len(rows) else [f"{CODE}{list(rows.index).index(i) + 1}" for i in shown.index],
            "role": np.where(shown["kind"].isin(drawn("tree")), "tree", "claim"),
            "asset": None,
            "kind": shown["kind"],
            "name": None,
            "party": None,
            "status": "projected",
            "x": x,
            "x_quality": "proposed",
            "x_band": 0.0,
            "width": shown["width"],
            "width_quality": "proposed",
            "left": x - half,
            "right": x + half,
            "cover": shown["top"],
            "top": shown["top"],
            "bottom": shown["bottom"].mask(tree, shown["top"] + figures.value("root_depth")),
            "depth_quality": "proposed",
            "depth_band": 0.0,
            "angle": 90.0,
            "material": None,
            "year_built": None,
            "source": None,
            "verdict": shown["verdict"],
        }
    )  # fmt: skip


def root_width(size: str, figures: Figures) -> float:
    """How broad the ground of a new tree of that size is (m): its volume over depth and the distance to the next tree."""
    volume, spacing = (figures.value(n, size=size) for n in ("tree_volume", "tree_spacing"))
    return volume / (figures.value("root_depth") * spacing)


def names_of(rows: pd.DataFrame, claims: pd.DataFrame, works: pd.DataFrame) -> pd.Series:
    """What each claim or work is called."""
    named = (rows[c].map(names).astype(object) for c, names in (("claim", claims["name"]), ("work", works["name"])))
    first, second = named
    return first.fillna(second).fillna("?")


def verdicts(
    rows: pd.DataFrame,
    names: pd.Series,
    members: pd.DataFrame,
    section: pd.DataFrame,
    kind: pd.Series,
    figures: Figures,
    words: Words,
) -> tuple[Verdict, ...]:
    """Each tested claim with its three numbers, why, what is in the way and what settles it."""
    made, spots = [], list[tuple[float, float, float]]()
    ids = section.dropna(subset="asset").drop_duplicates("asset").set_index("asset")["id"]
    for i, row in enumerate(rows.itertuples()):
        blocks = members.loc[(members["set"] == row.Index) & (members["role"] == "blocks"), "member"]
        room = tuple(None if pd.isna(v) else float(v) for v in (row.margin_low, row.margin, row.margin_high))
        dug = _dug(row, float(section.attrs["axis"]))
        trench = ""
        if dug:
            if dug not in spots:
                spots.append(dug)
            trench = _trench(row, dug, spots.index(dug) + 1, i + 1, section, figures, words)
        made.append(
            Verdict(f"{CODE}{i + 1} {names[row.Index]}", str(row.verdict), room, _why(row, words, figures), _culprits(row, blocks, ids, kind, words), trench, dug)  # type: ignore[arg-type]
        )  # fmt: skip
    return tuple(made)


def _dug(row, axis: float) -> tuple[float, float, float] | None:  # type: ignore[no-untyped-def]
    """The trial trench of a claim: left, right (m from the left edge) and depth, a little under what is asked."""
    if pd.isna(row.trench_from):
        return None
    depth = min(row.bottom + UNDER, DEEPEST) if pd.notna(row.bottom) else DEEPEST
    return (round(row.trench_from + axis, 2), round(row.trench_to + axis, 2), round(depth, 2))


def _trench(  # type: ignore[no-untyped-def]
    row, dug: tuple[float, float, float], tag: int, claim: int, section: pd.DataFrame, figures: Figures, words: Words
) -> str:
    """The trench in words, with the place of the line in it at which the verdict turns, where that can be told."""
    cost = figures.find("trial_trench")
    told = words.t(
        "section.trench",
        tag=words.t("section.trench_tag", number=tag),
        number=claim,
        left=dug[0],
        right=dug[1],
        depth=dug[2],
        cost=f"{words.eur(cost.value)}{'*' if cost.status == 'placeholder' else ''}",
    )
    middle, x = (dug[0] + dug[1]) / 2, row.x + section.attrs["axis"]
    near = section[section["role"].eq("network") & (section["x"] - middle).abs().lt(0.05)]
    if len(near) != 1 or pd.isna(row.margin_low) or near["top"].isna().any():
        return told
    one = near.iloc[0]
    away = (
        row.margin_low + one["x_band"]
    )  # what is left when this line lies where it is registered, the others at worst
    if not -one["x_band"] < away < one["x_band"]:
        return told
    flip, sign = (one["x"] + away, "≤") if one["x"] < x else (one["x"] - away, "≥")
    return told + " " + words.t("section.flips", id=one["id"], sign=sign, x=flip)


def _why(row, words: Words, figures: Figures) -> str:  # type: ignore[no-untyped-def]
    if pd.isna(row.margin):
        return words.t("section.why.missing", what=words.term("missing_room", row.missing))
    place = words.t("section.why.place", x=row.x, top=row.top) if pd.notna(row.x) else ""
    if row.verdict == "does_not_fit":
        rule = (
            words.t("section.why.rule", rule=_starred(row.rule, figures))
            if pd.notna(row.rule)
            else words.t("section.why.profile")
        )
        return words.t("section.why.short", short=-row.margin, best=row.margin_high) + " " + rule
    if row.verdict == "unknown":
        place = words.t("section.why.unknown") + " " + place
    more = [words.t("section.why.bent")] if row.bent is True else []
    if pd.notna(row.order_broken) and row.order_broken > 0:
        more.append(words.t("section.why.order", many=int(row.order_broken)))
    if pd.notna(row.beside):
        more.append(words.t("section.why.beside" if row.beside else "section.why.in_place"))
    return " ".join([place, *more])


def _starred(rule: str, figures: Figures) -> str:
    figure = figures.by_id.get(rule)
    return f"{rule}*" if figure is None or figure.status == "placeholder" else rule


def _culprits(row, blocks: pd.Series, ids: pd.Series, kind: pd.Series, words: Words) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    """What is in the way, by the number that it has in this drawing; what lies elsewhere along the street is said so."""
    if row.verdict != "does_not_fit" or blocks.empty:
        return ()
    named = [
        f"{ids[b]} {known_label(kind.get(b, ''), words)}"
        if b in ids.index
        else words.t("section.elsewhere", what=known_label(kind.get(b, ""), words))
        for b in blocks
    ]
    cost = "" if pd.isna(row.move_cost) else " " + words.t("section.culprit_cost", cost=float(row.move_cost))
    year = "" if pd.isna(row.free_year) else " " + words.t("section.culprit_year", year=float(row.free_year))
    return (f"{words.listed(named)}.{cost}{year}",)


def walls(section: pd.DataFrame, figures: Figures) -> list[tuple[float, float, float, float]]:
    """For each claim the distance to its neighbour left and right (left, right, depth, required), outside to outside."""
    rules, beside, out = rules_of(figures), figures.value("beside"), []
    nets = section[section["role"].isin(["network", "claim"])]
    for claim in section[section["role"] == "claim"].itertuples():
        deep = nets[
            (nets["top"].fillna(0.3) < claim.bottom + beside)
            & (nets["bottom"].fillna(1.5) > claim.top - beside)
            & (nets["id"] != claim.id)
        ]
        deep = deep[~deep["status"].eq("disused") & ~deep["kind"].isin(drawn("duct"))]
        middle = (claim.top + claim.bottom) / 2
        left, right = deep[deep["x"] < claim.x], deep[deep["x"] >= claim.x]
        if len(left):
            near = left.loc[left["right"].idxmax()]
            need = rules.between(claim.kind, near["kind"]).outside(
                (claim.right - claim.left) / 2, (near["right"] - near["left"]) / 2
            )
            out.append((float(near["right"]), float(claim.left), middle, need))
        if len(right):
            near = right.loc[right["left"].idxmin()]
            need = rules.between(claim.kind, near["kind"]).outside(
                (claim.right - claim.left) / 2, (near["right"] - near["left"]) / 2
            )
            out.append((float(claim.right), float(near["left"]), middle, need))
    once = {(round(a, 2), round(b, 2)): (a, b, depth, need) for a, b, depth, need in reversed(out) if b > a}
    return list(reversed(once.values()))
