"""A passage: where closing a section leaves addresses without help, or a bus without a way round, whatever else is open,
work there keeps half the street passable, and takes longer and costs more for it; where the street is too narrow the
work is refused.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from integralie.access import Network, only_access
from integralie.access import streets as ways
from integralie.access.lines import held_up_alone
from integralie.access.network import Ints, Mask
from integralie.nuisance.sites import bus_streets
from integralie.schema.notes import because, finding
from integralie.schema.once import once
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.parts import lead_of

NAME = "passage"
HARD = True
PER_CENT = 100
MODES = (("car", None), ("emergency", "emergency"))  # way of travelling, and what it starts from


def add(draft: Draft) -> None:
    """Every work that closes such a section costs `passage_cost` and takes `passage_days` per cent more, for the part of
    it that lies there; it must come first, since other terms read costs and days.

    Such sections are the only ways to others and for buses (found on the network), and those that the test of reachability adds
    (table `kept`): sections that a block closes together, or that commitments close in one year.
    """
    assets = draft.tables.get("assets")
    if assets is None or not len(draft.streets):
        return
    givens = (draft.tables["streets"], assets, draft.figures)
    draft.nets, draft.lines, only = once("ways", givens, lambda: _ways(draft, assets))
    more = draft.tables.get("kept")
    kept = only if more is None else only | draft.streets.index.isin(more["street"])
    rows = _closing(draft, kept)
    wide = fits(draft)
    rows["fits"] = wide[rows["section"].to_numpy(int)]
    draft.kept = kept & wide
    _refuse(draft, rows[~rows["fits"]])
    _lengthen(draft, rows)


def _ways(draft: Draft, assets: pd.DataFrame) -> tuple[tuple[Network, ...], tuple[Ints, ...], Mask]:
    """The networks for cars and for help, the sections of each bus line, and the sections that are the only way: to
    addresses, for cars or for help, or for a bus that cannot get round within `bus_detour`.
    """
    streets, figures = draft.streets, draft.figures
    nets = tuple(ways.network(streets, assets, figures, m, s) for m, s in MODES)
    held = bus_streets(streets, assets, figures)
    held["section"] = streets.index.get_indexer(held["street"])
    lines = tuple(rows.to_numpy(np.int64) for _, rows in held.groupby("line")["section"])
    need = ways.with_addresses(streets)
    only = [*(only_access(n, need) for n in nets), held_up_alone(nets[0], lines, figures.value("bus_detour"))]
    return nets, lines, np.asarray(np.any(only, axis=0), bool)


def closing(draft: Draft) -> pd.DataFrame:
    """Rows `row` (of the draft), `section` (position), `length` (m), `part` (of the work) where a work lies and closes;
    laid once per draft.
    """
    if draft.closing is None:
        draft.closing = _laid(draft)
    return draft.closing


def _laid(draft: Draft) -> pd.DataFrame:
    shut = np.any([ways.closes(draft.works, m, draft.figures).to_numpy(bool) for m, _ in MODES], axis=0)
    own = pd.DataFrame({"row": np.arange(len(draft.works)), "work": lead_of(draft.works).astype(str).to_numpy()})
    held = own.merge(draft.place, on="work")
    held = held[_in_own_block(draft, held)]
    held["section"] = draft.streets.index.get_indexer(held["street"])
    held = held[held["section"] >= 0]
    held["length"] = ways.length(draft.streets)[held["section"].to_numpy(int)]
    total = held.groupby("row")["length"].transform("sum")
    held["part"] = (held["length"] / total.where(total > 0)).fillna(1.0)
    return held[shut[held["row"].to_numpy(int)]].reset_index(drop=True)


def _in_own_block(draft: Draft, held: pd.DataFrame) -> Mask:
    """Of works in parts each part closes the sections of its own block alone."""
    parted = (draft.works["part"] < 1.0).to_numpy(bool)[held["row"].to_numpy(int)]
    block = draft.works["block"].astype(str).str.split("|", regex=False).str[0].to_numpy(object)
    same = block[held["row"].to_numpy(int)] == held["street"].map(draft.of_street).to_numpy(object)
    return np.asarray(~parted | same, bool)


def _closing(draft: Draft, kept: npt.NDArray[np.bool_]) -> pd.DataFrame:
    rows = closing(draft)
    return rows[kept[rows["section"].to_numpy(int)]].copy()


def fits(draft: Draft) -> npt.NDArray[np.bool_]:
    """Sections wide enough for a passage beside a work (`passage_width` + `passage_work`), or of unknown width."""
    least = draft.figures.value("passage_width") + draft.figures.value("passage_work")
    return ~(draft.streets["width"].astype(float) < least).to_numpy(bool)


def _lengthen(draft: Draft, rows: pd.DataFrame) -> None:
    """The works keep their passage: longer, dearer, and told as a condition."""
    rows = rows[rows["fits"]]
    if rows.empty:
        return
    works = draft.works
    part = rows.groupby("row")["part"].sum().clip(upper=1.0).reindex(range(len(works)), fill_value=0.0).to_numpy(float)
    cost, days = (draft.figures.value(n) / PER_CENT for n in ("passage_cost", "passage_days"))
    extra = (works["cost"].to_numpy(float) * part * cost).round(2)
    works["passage"] = extra
    works["cost"], works["own"] = works["cost"] + extra, works["own"] + extra
    works["duration"] = (works["duration"] * (1 + part * days)).round(1)
    names = draft.streets["name"].astype(object).fillna(draft.streets.index.to_series()).to_numpy()
    told = rows.assign(name=names[rows["section"].to_numpy(int)]).groupby("row")["name"]
    where = told.agg(lambda n: ", ".join(dict.fromkeys(str(v) for v in n)))
    works["passage_at"] = where.reindex(range(len(works))).to_numpy(object)
    keys = works["lead"].where(works["lead"].notna(), works.index.to_series()).to_numpy(object)
    at = rows["row"].to_numpy(int)
    sections = rows.assign(street=draft.streets.index[rows["section"].to_numpy(int)], key=keys[at])
    draft.tables["passages"] = sections[["key", "work", "street", "length"]]


def _refuse(draft: Draft, rows: pd.DataFrame) -> None:
    """Works in a street too narrow for a passage are not done; a commitment is kept, and told."""
    if rows.empty:
        return
    works = draft.works
    first = rows.drop_duplicates("row").set_index("row")["section"]
    width = draft.streets["width"].to_numpy(float)[first.to_numpy(int)]
    names = draft.streets["name"].to_numpy(object)[first.to_numpy(int)]
    hit = works.iloc[first.index].assign(street=names, width=width)
    least = draft.figures.value("passage_width") + draft.figures.value("passage_work")
    hit = hit.assign(least=least)
    fixed = hit["fixed"].notna().to_numpy(bool)
    draft.cost[first.index.to_numpy(int)[~fixed]] = np.nan
    usual = (hit["mode"] == "usual").to_numpy(bool)
    for rule, at, level in (("no_passage", ~fixed, "warning"), ("no_passage_fixed", fixed, "error")):
        values = hit.loc[usual & at, ["name", "street", "width", "least"]]
        if len(values):
            done = "deferred" if level == "warning" else "told"
            draft.findings.append(finding(f"programme.{rule}", "works", values.index, values, level, done))


def members(draft: Draft, table: pd.DataFrame) -> pd.DataFrame:
    """The sections in which each programmed work keeps a passage: rows `set` (of the programme), `member`, `amount` (m)."""
    kept = draft.tables.get("passages")
    if kept is None:
        return pd.DataFrame(columns=["set", "member", "amount", "role"])
    done = table.loc[table["period"].notna(), ["id", "work", "mode"]]
    key = done["work"].astype(object).where(done["mode"] == "usual", done["work"] + "~" + done["mode"])
    rows = kept.merge(pd.DataFrame({"key": key, "set": done["id"]}), on="key")
    rows = rows.rename(columns={"street": "member", "length": "amount"}).assign(role="passage")
    return rows[["set", "member", "amount", "role"]].drop_duplicates(["set", "member"])


def reasons(draft: Draft, table: pd.DataFrame, works: pd.DataFrame) -> list[pd.DataFrame]:
    """The condition of each programmed work that keeps a passage, with what it costs and how wide it is."""
    if "passage_at" not in works:
        return []
    rows = table.set_index("id")
    told = works.set_axis(rows.index)[["name", "passage_at", "passage"]]
    hit = rows["period"].notna() & told["passage_at"].notna()
    told = told.assign(width=draft.figures.value("passage_width"))
    width = draft.figures.find("passage_width").id
    return [
        because("programme", "programme.passage", told[hit], draft.figures.find("passage_cost").id, 3),
        because("members", "programme.member_passage", pd.DataFrame(index=["programme:*"]), width),
    ]
