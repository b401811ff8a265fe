"""What the parties of the town intend: a few stories that meet in the same streets, told as their lists tell them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.demo.layout import HEART
from integralie.demo.streets import MARKET
from integralie.settings import RD_NEW

SMALL = 400  # sections: below this, plans are counted upwards
CHUNK = 4  # sections that one plan spans at most


@dataclass(frozen=True)
class Story:
    """One line of intentions: whose, what, where, when, and how many per thousand sections."""

    party: str
    kind: str
    action: str
    name: str
    types: tuple[str, ...]
    ranks: tuple[str, ...]
    per_1000: float
    first: int
    last: int
    slack: int
    price: float  # EUR per metre of street
    pace: float  # metres of street per working day
    goal: str | None
    follows: str | None = None  # another story in whose streets this one mostly happens
    shift: int = 0  # years after that story


SHARING = {"grid": 2, "telecom": 1, "heat": 2, "housing": 2, "lighting": 3}
SPREAD = 0.18  # of cost per metre around the price of the story
RING_YEAR = 2028.0
FLAGSHIP = "Herinrichting marktplein"


@cache
def stories() -> tuple[Story, ...]:
    """The stories of the town, as `stories.csv` tells them."""
    text = files("integralie.demo").joinpath("stories.csv").read_text(encoding="utf-8")
    return tuple(_story(row) for row in csv.DictReader(text.splitlines()))


def _story(row: dict[str, str]) -> Story:
    whole: dict[str, Any] = {k: int(row[k]) for k in ("first", "last", "slack", "shift")}
    broken: dict[str, Any] = {k: float(row[k]) for k in ("per_1000", "price", "pace")}
    several: dict[str, Any] = {k: tuple(row[k].split()) for k in ("types", "ranks")}
    rest: dict[str, Any] = {k: row[k] or None for k in ("party", "kind", "action", "name", "goal", "follows")}
    return Story(**rest, **whole, **broken, **several)


def stretches(s: pd.DataFrame) -> pd.DataFrame:
    """Streets cut into stretches of a few sections, as plans name them: one line each, where the sections make one."""
    order = s.assign(position=s.groupby("run").cumcount() // CHUNK)
    by = order.groupby(["run", "position"], sort=True)
    out = by.agg(
        type=("type", "first"),
        rank=("rank", "first"),
        name=("name", "first"),
        length=("length", "sum"),
        built=("built", "first"),
    )
    code = by.ngroup().to_numpy()
    joined = shapely.multilinestrings(s["line"].to_numpy()[np.argsort(code, kind="stable")], indices=np.sort(code))
    out["line"] = shapely.line_merge(joined)
    longest = order.sort_values(["run", "position", "length"]).drop_duplicates(["run", "position"], keep="last")
    out["street"] = longest.set_index(["run", "position"])["street"]
    out["profile"] = longest.set_index(["run", "position"])["profile"]
    return out.reset_index()


def _count(story: Story, sections: int) -> int:
    """How many plans a story has; in a small town every story is told at least once."""
    wanted = story.per_1000 * sections / 1000
    return int(np.ceil(0.8 * wanted)) if sections < SMALL else max(1, round(wanted))


def _chosen(
    story: Story, stretch: pd.DataFrame, told: dict[str, pd.DataFrame], count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """The stretches where a story happens, with its best year: those of the story it follows first."""
    fit = stretch[stretch["type"].isin(story.types) & stretch["rank"].isin(story.ranks) & (stretch["length"] > 40)]
    fit = fit[fit["profile"] != "park"]
    free = fit.iloc[rng.permutation(len(fit))]
    year = pd.Series(rng.integers(story.first, story.last + 1, len(free)), index=free.index)
    lead = told.get(story.follows or "")
    if lead is not None and len(lead):
        with_it = lead.loc[rng.permutation(lead.index)[: int(0.75 * count) + 1]]
        shifted = with_it["preferred"] + story.shift + rng.integers(-2, 3, len(with_it))
        year = pd.concat([shifted, year[~year.index.isin(shifted.index)]])
        free = stretch.loc[year.index]
    return free.assign(preferred=np.clip(year, story.first, story.last).astype(int)).iloc[:count]


def _rows(story: Story, own: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(own)
    before, after = rng.integers(0, story.slack + 1, n), rng.integers(0, story.slack + 1, n)
    preferred = own["preferred"].to_numpy()
    cost = own["length"].to_numpy() * story.price * np.exp(rng.normal(0, SPREAD, n))
    return pd.DataFrame(
        {
            "name": story.name + " " + own["name"].astype(str).to_numpy(),
            "party": f"party:{story.party}",
            "kind": story.kind,
            "action": story.action,
            "earliest": np.maximum(2027, preferred - before).astype(float),
            "preferred": preferred.astype(float),
            "latest": (preferred + after).astype(float),
            "duration": np.maximum(3, np.round(own["length"].to_numpy() / story.pace)),
            "cost": np.round(cost, -2),
            "goal": story.goal,
            "sharing": SHARING.get(story.party, 3),
            "street": own["street"].to_numpy(),
            "street_name": own["name"].to_numpy(),
            "geometry": own["line"].to_numpy(),
        }
    )


def _square(stretch: pd.DataFrame) -> pd.DataFrame:
    """The stretches at the market; in a very small town the local streets of its centre, or whatever local streets it has."""
    local = stretch["rank"] == "local"
    old = local & (stretch["type"] == "centre")
    return next(stretch[hit] for hit in (old & (stretch["name"] == MARKET), old, local, ~local) if hit.any())


def _market(stretch: pd.DataFrame) -> pd.DataFrame:
    """The square in the old town that everybody wants to have a part in, in years that do not quite agree."""
    near = _square(stretch)
    middle = shapely.centroid(shapely.multilinestrings(list(shapely.get_parts(near["line"].to_numpy()))))
    own = near.loc[[near.index[shapely.distance(near["line"].to_numpy(), middle).argmin()]] * 5]
    rows = (
        ("roads", "carriageway", "redesign", FLAGSHIP, 2029, 2030, 2031, 1_450_000, 160, "goal:climate", 3),
        ("sewer", "gravity_sewer", "renew", "Riool onder de markt", 2028, 2029, 2032, 310_000, 40, "goal:sewer", 3),
        ("green", "tree", "new", "Bomen op de markt", 2030, 2031, 2033, 120_000, 20, "goal:green", 3),
        ("grid", "cable_low", "renew", "Marktkasten en kabels", 2027, 2028, 2031, 140_000, 15, "goal:grid", 2),
        ("traffic", "parking", "remove", "Autoluwe markt", 2030, 2031, 2032, 60_000, 10, "goal:cycle", 3),
    )
    columns = [
        "party",
        "kind",
        "action",
        "name",
        "earliest",
        "preferred",
        "latest",
        "cost",
        "duration",
        "goal",
        "sharing",
    ]
    out = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("earliest", "preferred", "latest"), float))
    return out.assign(
        party="party:" + out["party"],
        street=own["street"].to_numpy(),
        street_name=own["name"].to_numpy(),
        geometry=own["line"].to_numpy(),
    )


def _state(out: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Phase, funding and certainty: what is near is firm, what is far is an idea."""
    away, luck = out["preferred"] - 2027, rng.uniform(size=len(out))
    phase = np.select(
        [(away <= 0) & (luck < 0.35), (away <= 1) & (luck < 0.55), away <= 3, away <= 8],
        ["in_execution", "tendered", "funded", "planned"],
        "idea",
    )
    funding = pd.Series(phase).map({"planned": "requested", "idea": "none"}).fillna("secured").to_numpy()
    certainty = pd.Series(phase).map({"planned": "medium", "idea": "low"}).fillna("high").to_numpy()
    fund = (
        pd.Series(out["party"].to_numpy())
        .map({"party:sewer": "rioolheffing", "party:roads": "onderhoudsfonds"})
        .fillna("eigen begroting")
    )
    day = pd.Timestamp("2026-10-01") - pd.to_timedelta((luck**3 * 1400).astype(int), unit="D")
    firm = np.isin(phase, ["in_execution", "tendered"])
    return out.assign(
        phase=phase,
        funding=funding,
        certainty=certainty,
        fund=fund.to_numpy(),
        updated=day.strftime("%Y-%m-%d"),
        earliest=np.where(firm, out["preferred"], out["earliest"]),
        latest=np.where(firm, out["preferred"], out["latest"]),
    )


def _placed(out: pd.DataFrame, sections: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Where each plan is, told in one of three ways: drawn on the map, by street name, or by street section."""
    luck = rng.uniform(size=len(out))
    whole = shapely.get_type_id(out["geometry"].to_numpy()) == 1
    small = (out["street_name"].map(sections) <= CHUNK + 1).to_numpy()  # a ring road is more than one plan
    way = np.where(whole & (luck < 0.62), "line", np.where((luck < 0.82) & small, "name", "section"))
    return out.assign(
        geometry=np.where(way == "line", out["geometry"], None),
        geometry_quality=np.where(way == "line", "registered", "unknown"),
        street=out["street"].where(way == "section"),
        street_name=out["street_name"].where(way != "section"),
    )


def _spoiled(out: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Some rows as they are in real lists: one flaw each, about one row in fifteen."""
    loose = np.flatnonzero(~out["phase"].isin(["in_execution", "tendered"]))
    rows = rng.permutation(loose)[: max(8, round(0.055 * len(out)))]
    out = out.reset_index(drop=True)
    for flaw, at in enumerate(np.array_split(rows, 6)):
        if flaw == 0:
            out.loc[at, "cost"] = np.nan
        elif flaw == 1:
            out.loc[at, ["preferred", "latest"]] = 9999.0
        elif flaw == 2:
            out.loc[at, "cost"] = -out.loc[at, "cost"]
        elif flaw == 3:
            out.loc[at, ["geometry", "street"]] = None
            out.loc[at, "street_name"] = "Verdwenenstraat"
        elif flaw == 4:
            out.loc[at, ["geometry", "street", "street_name"]] = None
        else:
            out.loc[at, ["earliest", "latest"]] = out.loc[at, ["latest", "earliest"]].to_numpy() + [3.0, 0.0]
    return out


def _twice(out: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The same work once more on the list of another department, a little different."""
    own = np.flatnonzero((out["party"] == "party:roads") & ~out["phase"].isin(["in_execution", "tendered"]))
    same = out.iloc[rng.permutation(own)[: max(1, len(out) // 80)]].copy()
    same["party"], same["name"] = "party:traffic", same["name"] + " (verkeer)"
    same["cost"] = (same["cost"] * 1.04).round(-2)
    return pd.concat([out, same], ignore_index=True)


def _tendered(stretch: pd.DataFrame) -> pd.DataFrame:
    """New asphalt on the ring and on the road into the old town, already tendered: whatever else happens there that year,
    and the bus, has to give way or be moved.
    """
    ring, main = (stretch[stretch["rank"] == r] for r in ("distributor", "main"))
    inward = main.iloc[np.argsort(shapely.distance(main["line"].to_numpy(), shapely.Point(HEART)), kind="stable")[:1]]
    own = pd.concat([ring.nlargest(1, "length"), inward]).reset_index(drop=True)
    return pd.DataFrame(
        {
            "name": "Nieuw asfalt " + own["name"].astype(str),
            "party": "party:roads",
            "kind": "carriageway",
            "action": "maintain",
            "earliest": RING_YEAR,
            "preferred": RING_YEAR,
            "latest": RING_YEAR,
            "duration": np.maximum(5.0, np.round(own["length"] / 25)),
            "cost": np.round(own["length"] * 420, -2),
            "sharing": 3,
            "street": own["street"],
            "phase": "tendered",
            "funding": "secured",
            "certainty": "high",
            "fund": "onderhoudsfonds",
            "updated": "2026-09-15",
            "geometry_quality": "unknown",
        }
    )


def plans(s: pd.DataFrame, seed: int) -> gpd.GeoDataFrame:
    """The plans of all parties, some of them with a flaw."""
    told: dict[str, pd.DataFrame] = {}
    stretch, parts = stretches(s), []
    for i, story in enumerate(stories()):
        rng = np.random.default_rng([seed, 70, i])
        count = _count(story, len(s))
        own = _chosen(story, stretch, told, count, rng)
        told[story.name] = own
        parts.append(_rows(story, own, rng))
    rng = np.random.default_rng([seed, 71])
    out = pd.concat([_market(stretch), *parts], ignore_index=True)
    out = _twice(_spoiled(_placed(_state(out, rng), s["name"].value_counts(), rng), rng), rng)
    out = pd.concat([out, _tendered(stretch)], ignore_index=True)
    out["id"] = [f"plan:{p[6:]}-{i + 1:04d}" for i, p in enumerate(out["party"])]
    out["cost_quality"] = np.where(
        out["cost"].isna(), "unknown", np.where(out["phase"] == "idea", "assumed", "registered")
    )
    out["source"] = "planlijst " + out["party"].str[6:]
    return gpd.GeoDataFrame(out, geometry="geometry", crs=RD_NEW)
