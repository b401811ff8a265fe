"""One sheet of the hand-over: the integral assignment for one joint opening."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from markupsafe import Markup

from integralie.kinds import DISCIPLINES, kinds
from integralie.paper import street_map as town
from integralie.paper.facts import Facts
from integralie.paper.svg import Sheet, picture, tag
from integralie.schema.colours import colour, network

ORDER = ("deep", "shallow", "surface", "none")  # what goes in first
TALL = 0.36  # height of the map as a share of its width
AROUND = 20.0  # metres around the street that the map shows
BESIDE = 2.0  # metres outside the facades that still count as in the street
HALF_WIDTH = 10.0  # metres from the axis when the width of the street is not known
MOST_LINES = 16
FITS_A4 = 12  # works and lines that one A4 page holds; more goes to A3
TOUCH = 1.0  # metres of a line in the street below which it only crosses or touches


def sheet(facts: Facts, opening: Any, place: int) -> dict[str, Any]:
    """Everything that the page of one opening says."""
    works = in_order(facts.works_in.get(opening.Index, facts.placed.iloc[:0]))
    streets = sections(facts, opening, works)
    lying = nearby(facts, streets)
    name = facts.street(opening.street) if pd.isna(opening.name) else str(opening.name)
    shares = facts.shared_rows.get(opening.Index, facts.shares.iloc[:0])
    return {
        "place": place,
        "name": name,
        "year": opening.period,
        "days": opening.days,
        "count": opening.works,
        "parties": _parties(facts, works),
        "works": [_work(facts, r, n) for n, r in enumerate(works.itertuples(), 1)],
        "streets": _streets(facts, streets),
        "map": drawing(facts, streets, lying, name, place),
        "lines": lines(facts, lying),
        "more": max(_groups(lying).ngroups - MOST_LINES, 0),
        "shares": _shares(facts, shares),
        "total": float(shares["amount"].sum()),
        "alone": float(shares["alone"].sum()),
        "saved": opening.saved,
        "cost": opening.cost,
        "weak": facts.weak("openings", opening.Index),
        "agreements": agreements(facts, streets, works),
        "unknowns": unknowns(facts, lying, works),
        "reasons": facts.reasons_of("openings", opening.Index)[:5],
        "id": opening.Index,
        "rest": rest(facts, streets),
        "large": len(works) + min(_groups(lying).ngroups, MOST_LINES) > FITS_A4,
        "fixed": bool(len(works)) and bool((works["status"] == "committed").any()),
    }


def in_order(works: pd.DataFrame) -> pd.DataFrame:
    """Works in the order in which they go into the ground: deep before shallow, paving before green."""
    depth = works["depth"].map({d: i for i, d in enumerate(ORDER)}).fillna(len(ORDER))
    trade = works["discipline"].map({d: i for i, d in enumerate(DISCIPLINES)}).fillna(len(DISCIPLINES))
    return works.assign(_depth=depth, _trade=trade).sort_values(["_depth", "_trade", "work"], kind="stable")


def sections(facts: Facts, opening: Any, works: pd.DataFrame) -> gpd.GeoDataFrame:
    """The street sections of the opening: its own, and those that its works span."""
    held = facts.members[
        (facts.members["role"] == "street") & facts.members["set"].isin([opening.Index, *works["work"]])
    ]
    return facts.streets.loc[facts.streets.index.isin({opening.street, *works["street"].dropna(), *held["member"]})]


def _streets(facts: Facts, streets: gpd.GeoDataFrame) -> dict[str, Any]:
    """The street in figures; what is not known for a section is not counted as nothing."""
    w = facts.words
    names = w.listed(sorted(streets["name"].dropna().unique())) or w.t("street_unnamed")
    low, high = streets["width"].min(), streets["width"].max()
    known = streets["residents"].dropna()
    return {
        "names": names,
        "count": len(streets),
        "length": streets.geometry.length.sum(),
        "width": w.t("unknown")
        if pd.isna(low)
        else w.num(low, 1)
        if low == high
        else f"{w.num(low, 1)}–{w.num(high, 1)}",
        "residents": int(known.sum()) if len(known) else None,
        "surface": w.listed([w.term("surface", s) for s in sorted(streets["surface"].dropna().unique())])
        or w.t("unknown"),
    }


def _parties(facts: Facts, works: pd.DataFrame) -> list[str]:
    return [facts.party(p) for p in sorted(works["party"].dropna().unique())]


def _work(facts: Facts, row: Any, place: int) -> dict[str, Any]:
    known = kinds().get(str(row.kind))
    amount = facts.words.num(row.quantity, 0) + (
        f" {facts.words.term('unit', known.measure)}" if known and pd.notna(row.quantity) else ""
    )
    return {
        "place": place,
        "chip": facts.chip(row.kind),
        "name": row.name,
        "party": facts.party(row.party),
        "quantity": amount,
        "action": facts.words.term("action", row.action),
        "depth": facts.words.term("depth", row.depth),
        "days": row.duration,
    }


def nearby(facts: Facts, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The cables and pipes that lie between the facades of these sections, with their length there."""
    wanted = [k.name for k in kinds().values() if k.geometry == "line" and k.depth in ("deep", "shallow")]
    if streets.empty or streets.geometry.isna().all():
        return facts.assets.iloc[:0].assign(within=0.0)
    half = (streets["width"] / 2 + BESIDE).fillna(HALF_WIDTH)
    room = shapely.union_all(shapely.buffer(streets.geometry.to_numpy(), half.to_numpy(), cap_style="flat"))
    rows = facts.assets.iloc[sorted(facts.assets.sindex.query(room, predicate="intersects"))]
    rows = rows[rows["kind"].isin(wanted)]
    within = shapely.length(shapely.intersection(rows.geometry.to_numpy(), room))
    return rows.assign(within=within)[within >= TOUCH].sort_index()


def _groups(lying: gpd.GeoDataFrame) -> Any:
    frame = pd.DataFrame(lying.drop(columns="geometry"))
    frame["known"] = frame["cover_quality"].where(frame["cover"].notna(), "unknown")
    return frame.groupby(["kind", "party", "material", "diameter", "known"], dropna=False, sort=True)


def lines(facts: Facts, lying: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """What lies in the street: alike lines together, the deepest kinds first."""
    w = facts.words
    made: list[dict[str, Any]] = []
    for (kind, party, material, diameter, known), part in _groups(lying):
        depth = w.t("unknown") if part["cover"].isna().all() else w.spread(part["cover"].min(), part["cover"].max())
        depth = w.num(part["cover"].min(), 2) if part["cover"].nunique() == 1 else depth
        made.append(
            {
                "chip": facts.chip(kind),
                "party": facts.party(party),
                "material": w.term("material", material),
                "diameter": w.t("unknown") if pd.isna(diameter) else f"ø{w.num(diameter, 0)}",
                "years": w.years(part["year_built"].min(), part["year_built"].max()),
                "depth": depth,
                "known": w.term("quality", known),
                "unknown": bool(part["cover"].isna().all()),
                "metres": float(part["within"].sum()),
                "rank": (ORDER.index(kinds()[kind].depth), kind, -part["within"].sum()),
                "count": len(part),
            }
        )
    return sorted(made, key=lambda r: r["rank"])[:MOST_LINES]


def _shares(facts: Facts, rows: pd.DataFrame) -> list[dict[str, Any]]:
    ordered = rows.sort_values(["amount", "party"], ascending=[False, True], kind="stable")
    return [{"party": facts.party(r.party), "amount": r.amount, "alone": r.alone} for r in ordered.itertuples()]


def holds(applies_to: Any, streets: gpd.GeoDataFrame) -> bool:
    """Whether a rule holds in at least one of the sections; a rule without a place holds everywhere."""
    pairs = [p.split("=", 1) for p in str(applies_to).split()] if isinstance(applies_to, str) else []
    mask = pd.Series(True, index=streets.index)
    for column, value in (p for p in pairs if len(p) == 2 and p[0] in streets.columns):
        mask &= streets[column].astype(str).isin(value.split(","))
    return bool(mask.any())


def agreements(facts: Facts, streets: gpd.GeoDataFrame, works: pd.DataFrame) -> list[dict[str, Any]]:
    """The rules that hold here: of everyone, or of a party that works in this opening."""
    w, here = facts.words, set(works["party"].dropna())
    rows = [
        r
        for r in facts.agreements.itertuples()
        if (pd.isna(r.party) or r.party in here) and holds(r.applies_to, streets)
    ]
    return [
        {
            "rule": w.term("rule", r.rule),
            "party": w.t("all_parties") if pd.isna(r.party) else facts.party(r.party),
            "rank": w.term("rank", r.rank),
            "value": "–" if pd.isna(r.value) else w.measure(r.value, r.unit),
            "hard": r.hard,
        }
        for r in rows
    ]


def rest(facts: Facts, streets: gpd.GeoDataFrame) -> float | None:
    """Years of rest after the opening, when an agreement asks for them here."""
    rows = facts.agreements[facts.agreements["rule"] == "rest_period"]
    years = [r.value for r in rows.itertuples() if pd.notna(r.value) and holds(r.applies_to, streets)]
    return max(years) if years else None


def unknowns(facts: Facts, lying: gpd.GeoDataFrame, works: pd.DataFrame) -> list[str]:
    """What must be found out before the work starts, each with the way to settle it."""
    w, made = facts.words, []
    deep = lying[lying["cover"].isna()]
    for kind, part in deep.groupby("kind", sort=True):
        made.append(
            w.t(
                "unknown.depth",
                kind=facts.chip(kind)["label"],
                n=w.count("lines", len(part)),
                metres=float(part["within"].sum()),
            )
        )
    guessed = lying[lying["cover"].notna() & lying["cover_quality"].isin(["default", "assumed"])]
    if len(guessed):
        made.append(w.t("unknown.guessed", n=w.count("lines", len(guessed))))
    if lying["year_built"].isna().any():
        made.append(w.t("unknown.year", n=w.count("lines", int(lying["year_built"].isna().sum()))))
    for row in works[works["quantity"].isna()]["name"]:
        made.append(w.t("unknown.quantity", name=row))
    if lying.empty:
        made.append(w.t("unknown.nothing"))
    return made


def drawing(facts: Facts, streets: gpd.GeoDataFrame, lying: gpd.GeoDataFrame, name: str, place: int) -> Markup:
    """The street with what lies in it: sections to open are outlined, networks have their colour, dash and letters."""
    bounds = town.extent(streets, lying)
    if bounds is None:
        return Markup("")
    west, south, east, north = bounds
    paper = Sheet.around((west - AROUND, south - AROUND, east + AROUND, north + AROUND), town.WIDTH, TALL, TALL)
    frame = shapely.box(
        paper.west, paper.north - paper.height / paper.scale, paper.west + paper.width / paper.scale, paper.north
    )
    around = facts.assets.iloc[sorted(facts.assets.sindex.query(frame, predicate="intersects"))]
    others = facts.streets.iloc[sorted(facts.streets.sindex.query(frame, predicate="intersects"))]
    ring = tag(
        "path",
        d=paper.path(streets.geometry.to_numpy()),
        fill="none",
        stroke=colour("accent").screen,
        stroke_opacity=0.18,
        stroke_width=60,
        stroke_linecap="round",
    )
    parts = [
        town.background(paper, others, around, f"under-{place}"),
        ring,
        *_networks(paper, lying),
        town.names(paper, others, 8, 34),
        town.furniture(paper, facts.words),
    ]
    w = facts.words
    return picture(
        parts,
        paper.width,
        paper.height,
        w.t("sheet.map", name=name),
        w.t("sheet.map.about", sections=len(streets), n=len(lying)),
        f"map-{place}",
        class_="map",
    )


def _networks(paper: Sheet, lying: gpd.GeoDataFrame) -> list[Markup]:
    """Each network as lines of its colour and dash, with its letters on the longest line."""
    made: list[Markup] = []
    names = lying["kind"].map(lambda k: kinds()[k].network)
    for label, part in lying.groupby(names, sort=True):
        c, d = network(str(label)), paper.path(part.geometry.to_numpy())
        dash = " ".join(str(float(v) * 2.5) for v in c.dash.split())
        casing = [tag("path", d=d, fill="none", stroke=c.casing, stroke_width=9)] if c.casing else []
        made += [*casing, tag("path", d=d, fill="none", stroke=c.screen, stroke_width=6, stroke_dasharray=dash)]
    for place, (label, part) in enumerate(lying.groupby(names, sort=True)):
        longest = part.geometry.length.idxmax()
        spot = shapely.line_interpolate_point(part.geometry[longest], 0.2 + 0.6 * (place % 7) / 6, normalized=True)
        x, y = paper.place(shapely.get_coordinates(spot))[0].tolist()
        c = network(str(label))
        made.append(
            tag(
                "rect",
                x=x - 26,
                y=y - 19,
                width=52,
                height=38,
                rx=6,
                fill=c.screen,
                stroke=colour("paper").screen,
                stroke_width=3,
            )
        )
        made.append(
            tag("text", c.letter, x=x, y=y + 10, text_anchor="middle", font_size=28, font_weight=700, fill=c.on)
        )
    return made
