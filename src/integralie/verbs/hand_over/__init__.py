"""Hand over: what the crew gets. A GeoPackage with what is done where, and a page for each joint opening."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.paper.facts import Facts
from integralie.paper.pages import render, write_text
from integralie.paper.words import Words
from integralie.settings import Settings
from integralie.verbs.hand_over import sheets
from integralie.verbs.hand_over.ground import Ground

WRITES: tuple[str, ...] = ()
GEOPACKAGE = "1.3"
YEARS_AHEAD = 2  # pages are made for the first years, which crews prepare; later years still change
NAMED = ("party", "street")  # columns of which the name stands beside the label in the GeoPackage


@dataclass(frozen=True)
class HandOver:
    """What goes to the crew: the layers of the GeoPackage and the pages, as text."""

    layers: Mapping[str, gpd.GeoDataFrame]
    page: str


def hand_over(
    works: gpd.GeoDataFrame,
    members: pd.DataFrame,
    programme: gpd.GeoDataFrame,
    openings: gpd.GeoDataFrame,
    phases: gpd.GeoDataFrame,
    shares: pd.DataFrame,
    streets: gpd.GeoDataFrame,
    assets: gpd.GeoDataFrame,
    plans: gpd.GeoDataFrame,
    reasons: pd.DataFrame,
    agreements: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    parties: pd.DataFrame,
    *,
    opening: str | None = None,
    until: int | None = None,
    language: str = "nl",
) -> HandOver:
    """The layers and pages for the crew: of one opening, or of all joint openings in the first two years (or `until`
    a year).

    Each page is one integral assignment: what is done by whom, deep before shallow before paving before green; who
    pays what; what lies in the street and how well its depth is known; which agreements hold; what must be found
    out before the work starts (a trial trench where a depth is unknown). The layers are `openings, works, assets,
    streets`; without `opening` they hold all openings.

    *Reads* the tables named above (EUR at the price level of the settings, metres in RD New). *Writes* nothing:
    `write` keeps the files.

    *Raises* DataError when there is no such opening.
    """
    given = dict(locals())
    words, chosen = Words(given.pop("language")), given.pop("opening")
    last = given.pop("until") or settings.first + YEARS_AHEAD - 1
    tables = {k: v.sort_index(kind="stable") for k, v in given.items() if k not in ("figures", "settings")}
    facts = Facts(tables, figures, settings, words)
    rows = _chosen(openings, chosen)
    joint = rows if chosen else rows[(rows["works"].fillna(0) >= 2) & (rows["period"] <= last)]
    ordered = joint.sort_values(["period", "name"], kind="stable", na_position="last")
    ground = Ground(tables["assets"])
    made = [sheets.sheet(facts, ground, row, place) for place, row in enumerate(ordered.itertuples(), 1)]
    places = {one["id"]: one["place"] for one in made}
    page = render("verbs/hand_over/hand_over.html.j2", words, s=settings, sheets=made, places=places)
    return HandOver(layers(facts, rows), page)


def _chosen(openings: gpd.GeoDataFrame, opening: str | None) -> gpd.GeoDataFrame:
    if opening is None:
        return openings
    if opening not in openings.index:
        raise DataError(f"There is no opening '{opening}' in this programme; look for its id in the table openings.")
    return openings.loc[[opening]]


def layers(facts: Facts, openings: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """The four layers: these openings, their works with the year, the assets those works renew, and the streets."""
    inside = facts.opened.loc[facts.opened["opening"].isin(openings.index), "work"]
    placed = facts.programme[facts.programme["work"].isin(inside)]
    works = facts.works.loc[facts.works.index.isin(placed["work"])].copy()
    year = placed.set_index("work")["period"]
    works.insert(0, "period", year.reindex(works.index))
    works.insert(1, "opening", placed.set_index("work")["opening"].reindex(works.index))
    held = facts.members[facts.members["set"].isin([*works.index, *openings.index])]
    streets = {*openings["street"], *works["street"], *held.loc[held["role"] == "street", "member"]}
    assets = held.loc[held["role"] == "asset", "member"]
    made = {
        "openings": openings.assign(quarter=sheets.begins(facts, openings.index)),
        "works": works,
        "assets": facts.assets.loc[facts.assets.index.isin(assets)],
        "streets": facts.streets.loc[facts.streets.index.isin(streets)],
    }
    return {name: _readable(facts, frame) for name, frame in made.items()}


def _readable(facts: Facts, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The layer with names beside labels; its own label becomes a column."""
    named = frame.copy()
    for column, write in zip(NAMED, (facts.party, facts.street)):
        if column in named.columns:
            named.insert(
                named.columns.get_loc(column) + 1,
                f"{column}_name",
                named[column].map(write, na_action="ignore").astype("str"),
            )
    return named.reset_index()


def write(path: str | Path, made: HandOver) -> tuple[Path, Path]:
    """Keep the GeoPackage at the path and the pages beside it with the same name and `.html`; each whole or not at all.

    *Raises* DataError when the folder does not exist.
    """
    target = Path(path).with_suffix(".gpkg")
    if not target.parent.is_dir():
        raise DataError(f"There is no folder '{target.parent}'; make it first or choose another place.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".hand-over-") as folder:
        draft = Path(folder) / target.name
        for name, layer in made.layers.items():
            pyogrio.write_dataframe(
                layer,
                draft,
                layer=name,
                driver="GPKG",
                append=draft.exists(),
                dataset_options={"VERSION": GEOPACKAGE},
                geometry_type=_form(layer),
            )
        draft.replace(target)
    return target, write_text(target.with_suffix(".html"), made.page)


def _form(layer: gpd.GeoDataFrame) -> str:
    """The geometry type of a layer; several types, or none, are written as of unknown type."""
    forms = layer.geometry.geom_type.dropna().unique()
    return str(forms[0]) if len(forms) == 1 else "Unknown"
