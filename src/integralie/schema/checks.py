"""Rules on told data, one function each: what they find is a remark, never a correction.

Each rule reads the told tables and yields rows for `findings`. Its sentence stands in `sentences/check.csv`, its
numbers in `figures/rules.csv`. Writing a rule is writing a function here and adding it to `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.notes import finding
from integralie.settings import Settings

TOUCH = 0.5  # metres between ends of street sections that still meet
PLACED = ("areas", "assets", "plans", "openings_past")
LABELS = {
    "areas": {"parent": "areas", "party": "parties"},
    "streets": {"area": "areas", "party": "parties"},
    "assets": {"kind": "kinds", "party": "parties", "street": "streets"},
    "plans": {"kind": "kinds", "party": "parties", "street": "streets"},
    "capacity": {"party": "parties"},
    "agreements": {"party": "parties"},
    "openings_past": {"party": "parties", "street": "streets"},
}


@dataclass(frozen=True)
class World:
    """The told tables that the rules read, with the figures and settings of the study."""

    parties: pd.DataFrame
    areas: pd.DataFrame
    streets: pd.DataFrame
    assets: pd.DataFrame
    plans: pd.DataFrame
    capacity: pd.DataFrame
    agreements: pd.DataFrame
    openings_past: pd.DataFrame
    figures: Figures
    settings: Settings


Found = Iterator[pd.DataFrame]


def _where(
    rule: str, table: str, frame: pd.DataFrame, mask: pd.Series, severity: str = "warning", **names: str
) -> Found:
    """A finding for each row that the mask points at; `names` are the values of the sentence by column."""
    bad = frame.index[mask.fillna(False).to_numpy(dtype=bool)]
    if len(bad):
        values = pd.DataFrame({k: frame.loc[bad, c].to_numpy() for k, c in names.items()}, index=bad)
        yield finding(rule, table, bad, values, severity)


def window_reversed(world: World) -> Found:
    """A plan whose earliest year lies after its latest."""
    plans = world.plans
    wrong = plans["earliest"] > plans["latest"]
    yield from _where("window_reversed", "plans", plans, wrong, "error", earliest="earliest", latest="latest")


def preferred_outside(world: World) -> Found:
    """A plan whose wished year lies outside its own window."""
    plans = world.plans
    late, early = plans["preferred"] > plans["latest"], plans["preferred"] < plans["earliest"]
    good = ~(plans["earliest"] > plans["latest"]).fillna(False)
    yield from _where(
        "preferred_outside", "plans", plans, (late.fillna(False) | early.fillna(False)) & good,
        earliest="earliest", preferred="preferred", latest="latest",
    )  # fmt: skip


def year_implausible(world: World) -> Found:
    """A year such as 9999 or 1900, which registers write when they do not know."""
    first, last = (world.figures.value("year_plausible", end=end) for end in ("first", "last"))
    built = world.figures.value("year_built_plausible")
    limits = {
        "plans": (("earliest", "preferred", "latest"), first, last), "assets": (("year_built",), built, last),
        "openings_past": (("year",), built, last), "capacity": (("period",), first, last),
        "areas": (("year_built",), None, last), "streets": (("last_opened",), built, last),
    }  # fmt: skip
    for table, (columns, low, high) in limits.items():
        frame: pd.DataFrame = getattr(world, table)
        for column in columns:
            wrong = (frame[column] > high) | (frame[column] < (low or -np.inf))
            for part in _where("year_implausible", table, frame, wrong, year=column):
                yield _named(part, frame, column)


def _named(part: pd.DataFrame, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The finding once more, under an id of its own for that column and with its name in the sentence."""
    rows = pd.Index(part["row"])
    values = pd.DataFrame({"year": frame.loc[rows, column].to_numpy(), "column": column}, index=rows)
    made = finding(part["rule"].iloc[0], part["target"].iloc[0], list(rows), values, part["severity"].iloc[0])
    return made.assign(id=made["id"] + f"|{column}")


def future_asset(world: World) -> Found:
    """An object in use that is yet to be built."""
    assets = world.assets
    wrong = assets["status"].eq("in_use") & (assets["year_built"] >= world.settings.first)
    yield from _where("future_asset", "assets", assets, wrong, year="year_built")


def cost_missing(world: World) -> Found:
    """A plan without a cost."""
    yield from _where("cost_missing", "plans", world.plans, world.plans["cost"].isna(), "note")


def cost_negative(world: World) -> Found:
    """A plan with a cost below zero."""
    yield from _where("cost_negative", "plans", world.plans, world.plans["cost"] < 0, "error", cost="cost")


def no_place(world: World) -> Found:
    """A plan or opening without a place: no known street, no known street name, no geometry."""
    names = set(world.streets["name"].dropna())
    for table in ("plans", "openings_past"):
        frame = getattr(world, table)
        placed = frame["street"].isin(world.streets.index) | frame.geometry.notna() & ~frame.geometry.is_empty
        if "street_name" in frame:
            placed |= frame["street_name"].isin(names)
        yield from _where("no_place", table, frame, ~placed)


def label_unknown(world: World) -> Found:
    """A label that points to nothing: a street, party, area or kind that there is not."""
    known = {t: set(getattr(world, t).index) for t in ("parties", "areas", "streets")} | {"kinds": set(kinds())}
    for table, columns in LABELS.items():
        frame: pd.DataFrame = getattr(world, table)
        for column, target in columns.items():
            stray = frame.index[frame[column].notna() & ~frame[column].isin(known[target])]
            if len(stray):
                values = pd.DataFrame({"label": frame.loc[stray, column].to_numpy(), "column": column}, index=stray)
                made = finding("label_unknown", table, stray, values, "error")
                yield made.assign(id=made["id"] + f"|{column}")


def self_crossing(world: World) -> Found:
    """An outline that crosses itself."""
    for table in PLACED:
        frame = getattr(world, table)
        wrong = pd.Series(frame.geometry.notna() & ~shapely.is_valid(frame.geometry.array), index=frame.index)
        yield from _where("self_crossing", table, frame, wrong)


def street_zero(world: World) -> Found:
    """A street section without length."""
    yield from _where("street_zero", "streets", world.streets, ~(world.streets.geometry.length > 0), "error")


def street_apart(world: World) -> Found:
    """A street section that touches no other; a study of one section is left in peace."""
    lines = world.streets.geometry
    if len(lines) < 2:
        return
    tree = shapely.STRtree(lines.to_numpy())
    one, other = tree.query(lines.to_numpy(), predicate="dwithin", distance=TOUCH)
    together = np.bincount(one[one != other], minlength=len(lines)) > 0
    yield from _where("street_apart", "streets", world.streets, pd.Series(~together, index=lines.index), "note")


def plan_twice(world: World) -> Found:
    """Two plans for the same street and kind in overlapping years, of one party or of two."""
    plans = world.plans.drop(columns="geometry").rename_axis("id").reset_index()
    spot = plans["street"].fillna(plans["street_name"])
    first = plans["earliest"].fillna(plans["preferred"]).fillna(plans["latest"])
    last = plans["latest"].fillna(plans["preferred"]).fillna(plans["earliest"])
    rows = pd.DataFrame({"id": plans["id"], "spot": spot, "kind": plans["kind"], "first": first, "last": last}).dropna()
    pairs = rows.merge(rows, on=["spot", "kind"], suffixes=("", "_other"))
    twice = (
        pairs["id"].gt(pairs["id_other"])
        & (pairs["first"] <= pairs["last_other"])
        & (pairs["first_other"] <= pairs["last"])
    )
    found = pairs[twice.to_numpy(dtype=bool)].sort_values(["id", "id_other"]).drop_duplicates("id")
    if len(found):
        yield finding(
            "plan_twice", "plans", list(found["id"]), found[["id_other"]].rename(columns={"id_other": "other"})
        )


def cover_implausible(world: World) -> Found:
    """A cover below zero or deeper than anyone digs."""
    cover = world.assets["cover"]
    wrong = (cover < 0) | (cover > world.figures.value("cover_most"))
    yield from _where("cover_implausible", "assets", world.assets, wrong, value="cover")


def diameter_implausible(world: World) -> Found:
    """A diameter that was probably given in metres, or that no pipe has."""
    size = world.assets["diameter"]
    wrong = (size < world.figures.value("diameter_least")) | (size > world.figures.value("diameter_most"))
    yield from _where("diameter_implausible", "assets", world.assets, wrong, value="diameter")


def depth_order(world: World) -> Found:
    """An object whose bottom lies above its top."""
    assets = world.assets
    yield from _where("depth_order", "assets", assets, assets["bottom"] > assets["top"], bottom="bottom", top="top")


def plan_old(world: World) -> Found:
    """A plan that its owner has not confirmed for long, counted back from the first day of the programme."""
    months = world.figures.value("plan_old")
    day = pd.to_datetime(world.plans["updated"], errors="coerce", format="ISO8601", utc=True)
    limit = pd.Timestamp(year=world.settings.first, month=1, day=1, tz="UTC") - pd.DateOffset(months=int(months))
    frame = world.plans.assign(months=months)
    yield from _where("plan_old", "plans", frame, day < limit, "note", updated="updated", months="months")


def no_budget(world: World) -> Found:
    """A party with plans but without a budget, in a study where others have one or not."""
    rich = set(world.capacity.loc[world.capacity["resource"].eq("budget"), "party"])
    count = world.plans.groupby("party").size()
    poor = count[~count.index.isin(rich)].sort_index()
    if len(poor):
        yield finding("no_budget", "parties", poor.index, pd.DataFrame({"plans": poor.to_numpy()}), "note")


def outside(world: World) -> Found:
    """An object or plan far outside the box around all streets."""
    if world.streets.empty:
        return
    most = world.figures.value("outside_distance")
    box = shapely.box(*world.streets.total_bounds)
    for table in ("assets", "plans"):
        frame = getattr(world, table)
        far = pd.Series(shapely.distance(frame.geometry.to_numpy(), box) > most, index=frame.index)
        yield from _where("outside", table, frame.assign(most=most), far, distance="most")


RULES: tuple[Callable[[World], Found], ...] = (
    window_reversed, preferred_outside, year_implausible, future_asset, cost_missing, cost_negative, no_place,
    label_unknown, self_crossing, street_zero, street_apart, plan_twice, cover_implausible, diameter_implausible,
    depth_order, plan_old, no_budget, outside,
)  # fmt: skip
