"""From a result to tables: programme, openings, prices, members, each row with the reason of its choice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.schema.frames import conform
from integralie.schema.notes import RULES, TOGETHER, because, gather
from integralie.schema.opening import joint_days
from integralie.verbs.programme import tables
from integralie.verbs.programme.certificate import Certificate
from integralie.verbs.programme.count import MILLION
from integralie.verbs.programme.draft import Draft, by_layer, day_shares
from integralie.verbs.programme.engine import Result
from integralie.verbs.programme.parts import lead_of
from integralie.verbs.programme.problem import CENTS, UNLIMITED, Ints, Problem
from integralie.verbs.programme.terms import passage

INNER = ("at", "layer", "total", "longest", "own_surface", "deep", "names", "payer")
TELLING = 0.01  # euros saved per extra euro from which money is called scarce in a reason
DEPTHS = ("none", "surface", "shallow", "deep")


def tables_of(draft: Draft, problem: Problem, result: Result, crs: str) -> dict[str, pd.DataFrame]:
    """All that the verb writes."""
    every = chosen(draft, result)
    laid = programme(draft, result, every)
    made, list_ = openings(draft, laid, every), prices(draft, problem, result)
    table, works = whole(laid, every)
    reasons = [*explain(draft, table, works, made, list_), *passage.reasons(draft, table, works)]
    keep = [c for c in made.columns if c not in INNER]
    return {
        "options": conform("options", tables.options(draft, problem, result.certificate.charges), crs),
        "uses": conform("uses", tables.uses(draft, problem), crs),
        "programme": conform("programme", table, crs),
        "openings": conform("openings", made[keep].rename_axis("id").reset_index(), crs),
        "prices": conform("prices", list_, crs),
        "members": conform(
            "members",
            members(draft, table, laid.assign(work=lead_of(every).to_numpy(), part=every["part"].to_numpy()), made),
            crs,
        ),
        "findings": _once(draft, gather(draft.findings, "findings")).assign(verb="programme"),
        "reasons": gather(reasons, "reasons").assign(verb="programme"),
    }


def _once(draft: Draft, told: pd.DataFrame) -> pd.DataFrame:
    """What is told of a part of a long work is told of the work already."""
    parts = draft.works.index[draft.works["lead"].notna()]
    return told[~told["row"].isin(parts)] if len(parts) else told


def whole(laid: pd.DataFrame, every: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of works without their further parts, with the money of all parts and the streets where they keep a passage."""
    first = every["lead"].isna().to_numpy(bool)
    if first.all():
        return laid, every
    lead = lead_of(every).to_numpy(object)
    money = laid[["cash", "passage"]].astype(float).groupby(lead).sum(min_count=1)
    table, works = laid[first].copy(), every[first].copy()
    table[["cash", "passage"]] = money.reindex(table["work"]).round(2).to_numpy()
    if "passage_at" in works:
        at = every["passage_at"].dropna().groupby(lead[every["passage_at"].notna().to_numpy(bool)]).agg(", ".join)
        works["passage_at"], works["passage"] = at.reindex(works.index), table["passage"].fillna(0.0).to_numpy()
    return table.reset_index(drop=True), works


def chosen(draft: Draft, result: Result) -> pd.DataFrame:
    """One row per work, in the order of the result: the row (mode) of the draft that was taken, the first when none."""
    lead = np.flatnonzero(~draft.works["work"].duplicated().to_numpy())
    row = np.where(result.row >= 0, result.row, lead)
    return draft.works.iloc[row].assign(at=row).set_axis(draft.works["work"].iloc[row])


def programme(draft: Draft, result: Result, works: pd.DataFrame) -> pd.DataFrame:
    """One row per work: its year, or that it is deferred or due after the programme; how far it moved; in which opening."""
    first = draft.settings.first
    done = result.period >= 0
    year = pd.Series(np.where(done, first + result.period, np.nan), index=works.index).astype("Int64")
    label = works["block"].astype(object).str.removeprefix("block:")
    opening = ("opening:" + label + ":" + year.astype(str)).where(works["opens"].to_numpy(bool) & done)
    later = (works["preferred"] > draft.settings.years[-1]).fillna(False).to_numpy(bool)
    fixed = draft.fixed[works["at"].to_numpy(int)] >= 0
    status = np.select([fixed, done, later], ["committed", "programmed", "later"], "deferred")
    out = works[["name", "party", "street", "block", "mode", "sharing", "geometry"]].copy()
    out = out.assign(
        work=works.index,
        opening=opening,
        period=year,
        status=status,
        moved=year - works["preferred"],
        cash=works["own"].round(2).where(done),
        passage=works["passage"].where(done & (works["passage"] > 0)) if "passage" in works else None,
    )
    out["street"] = out["street"].where(out["street"].isin(draft.streets.index))
    return pd.DataFrame(out).assign(id="programme:" + works.index).reset_index(drop=True)


def openings(draft: Draft, table: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """One row per block and year in which works open the street: money, days, what was saved."""
    held = works[["block", "layer", "party", "duration", "surface_cost", "depth", "sharing"]].assign(
        opening=table["opening"].to_numpy(),
        period=table["period"].to_numpy(),
        at=draft.block_at[works["at"].to_numpy(int)],
    )
    held = held[held["opening"].notna()]
    held["deep"] = held["depth"].map({d: i for i, d in enumerate(DEPTHS)}).fillna(1)
    by = held.groupby("opening")
    out = by.agg(
        block=("block", "first"), period=("period", "first"), works=("party", "size"), parties=("party", "nunique"), at=("at", "first"),
        layer=("layer", "max"), total=("duration", "sum"), longest=("duration", "max"), own_surface=("surface_cost", "sum"),
        deep=("deep", "max"), sharing=("sharing", "min"),
    )  # fmt: skip
    return _money(draft, out.assign(names=_parties(held).reindex(out.index).astype(object)))


def _parties(held: pd.DataFrame) -> pd.Series:
    """The parties of each opening in one line, in the order of the alphabet."""
    lines: dict[str, list[str]] = {}
    pairs = held[["opening", "party"]].astype(str).drop_duplicates().sort_values(["opening", "party"])
    for opening, party in zip(pairs["opening"], pairs["party"]):
        lines.setdefault(opening, []).append(party)
    return pd.Series({k: ", ".join(v) for k, v in lines.items()}, dtype=object)


def _money(draft: Draft, out: pd.DataFrame) -> pd.DataFrame:
    at, layer = out["at"].to_numpy(int), out["layer"].to_numpy(int)
    own, rest = day_shares(draft)
    days = own * out["total"].to_numpy() + rest * by_layer(draft, "duration")[at, layer]
    blocks = draft.blocks.iloc[at]
    site, rate = blocks["site"].to_numpy(float), blocks["traffic"].to_numpy(float)
    surface = by_layer(draft, "surface_cost")[at, layer]
    alone = out["works"] * site + out["total"] * rate + out["own_surface"]
    out = out.assign(
        street=blocks["street"].to_numpy(), site=site.round(2), traffic=(rate * days).round(2), surface=surface.round(2),
        nuisance=(blocks["nuisance"].to_numpy(float) * days).round(2), days=joint_days(out["total"], out["longest"], draft.figures),
        depth=np.array(DEPTHS, dtype=object)[out["deep"].astype(int)],
    )  # fmt: skip
    out["cost"] = (out["site"] + out["traffic"] + out["surface"]).round(2)
    out["saved"] = (alone - out["cost"]).clip(lower=0).round(2)
    out["payer"] = blocks["payer"].to_numpy()
    out["name"] = out["street"].map(draft.streets["name"])
    out["geometry"] = out["street"].map(draft.streets.geometry)
    return out


def members(draft: Draft, table: pd.DataFrame, laid: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Which works and which sections an opening has (of a long work the share that lies there), and where a work keeps a
    passage.
    """
    held = laid[laid["opening"].notna()]
    works = pd.DataFrame({"set": held["opening"], "member": held["work"], "role": "work"})
    works["amount"] = held["part"].round(4).where(held["part"] < 1.0)
    base = made["block"].astype(str).str.split("|", regex=False).str[0]
    sections = pd.DataFrame({"member": draft.of_street.index, "base": draft.of_street.to_numpy()})
    streets = pd.DataFrame({"set": made.index, "base": base.to_numpy()}).merge(sections, on="base")[["set", "member"]]
    kept = passage.members(draft, table)
    rows = pd.concat([works, streets.assign(role="street"), *([kept] if len(kept) else [])], ignore_index=True)
    return rows.assign(id=rows["set"].astype(object) + "|" + rows["member"].astype(object), verb="programme")


def _maybe(values: np.ndarray, known: np.ndarray) -> pd.Series:
    return pd.Series(values, dtype="Int64").where(known)


def prices(draft: Draft, problem: Problem, result: Result) -> pd.DataFrame:
    """One row per limited resource and year: price, use, capacity, all in whole numbers."""
    wants = problem.wants
    row, period = np.nonzero((problem.capacity != UNLIMITED) | wants)
    names = tables.resource_name(draft, problem, row)
    proof, capacity, least = result.certificate, problem.capacity[row, period], problem.least[row, period]
    steps, soft = problem.soft[row], problem.soft[row] > 0
    two = steps > 1
    last = problem.slope[row, np.maximum(steps - 1, 0)]
    out = pd.DataFrame({
        "resource": names, "party": [str(n).split("/")[0] for n in names], "period": draft.settings.first + period,
        "price": proof.prices[row, period], "used": proof.used[row, period],
        "capacity": _maybe(capacity, capacity != UNLIMITED), "carry": problem.carry[row, period],
        "least": _maybe(least, wants[row, period]), "least_price": problem.least_price[row],
        "step": _maybe(problem.width[row, 0], two), "step_price": _maybe(problem.slope[row, 0], two),
        "whole": _whole(proof, row, period), "over_price": _maybe(last, soft), "adds_up": problem.adds_up[row] > 0,
    })  # fmt: skip
    return out.assign(id=out["resource"].astype(str) + "|" + out["period"].astype(str))


def _whole(proof: Certificate, row: Ints, period: Ints) -> np.ndarray:
    """Which limits are counted in whole works."""
    if proof.charges is None:
        return np.zeros(len(row), bool)
    return proof.charges.split[row, period]


def explain(
    draft: Draft, table: pd.DataFrame, works: pd.DataFrame, made: pd.DataFrame, list_: pd.DataFrame
) -> list[pd.DataFrame]:
    """The reasons of all rows."""
    return [
        *_why_year(draft, table, works, made, list_),
        *_why_opening(made),
        *_why_price(list_),
        _why_mode(table),
        because("uses", "programme.use", pd.DataFrame(index=["*"])),
        *_why_option(draft),
        _why_member(table, made),
    ]


def _why_year(
    draft: Draft, table: pd.DataFrame, works: pd.DataFrame, made: pd.DataFrame, list_: pd.DataFrame
) -> list[pd.DataFrame]:
    """Why each work has its year: committed, deferred, its own best, joined, or money, crew or rest that was scarce."""
    rows = table.set_index("id")
    works = works.set_axis(rows.index)
    opening = made.reindex(rows["opening"])
    values = pd.DataFrame({
        "name": rows["name"], "year": rows["period"], "preferred": works["preferred"], "party": works["party"],
        "moved": rows["moved"].abs(), "last": draft.settings.years[-1], "works": (opening["works"] - 1).to_numpy(),
        "saved": opening["saved"].to_numpy(), "street": opening["name"].to_numpy(),
    }, index=rows.index)  # fmt: skip
    price = list_.set_index("id")["price"] / MILLION
    for name in ("budget", "crew"):
        key = works[name].astype(object) + "|" + works["preferred"].astype(str)
        values[name] = price.reindex(key).fillna(0.0).to_numpy()
    deferred = (rows["status"] == "deferred").to_numpy(bool)
    moved = (values["moved"].fillna(0) > 0).to_numpy(bool)
    joint = (values["works"].fillna(0) > 0).to_numpy(bool)
    kinds_: list[tuple[str, np.ndarray, str | None]] = [
        ("programme.committed", (rows["status"] == "committed").to_numpy(bool), None),
        ("programme.later", (rows["status"] == "later").to_numpy(bool), None),
        ("programme.deferred", deferred, draft.figures.find("deferral").id),
        ("programme.own_joint", ~moved & joint, None),
        ("programme.own_year", ~moved, None),
        ("programme.joined", joint, draft.figures.find("joint_days").id),
        ("programme.money", (values["budget"] > TELLING).to_numpy(bool), None),
        ("programme.crew", (values["crew"] > 0).to_numpy(bool), None),
        ("programme.closed", np.ones(len(rows), bool), draft.figures.find("rest_period").id),
    ]
    taken, out = np.zeros(len(rows), bool), []
    for code, hit, figure in kinds_:
        now = hit & ~taken
        out.append(because("programme", code, values[now], figure))
        taken |= now
    scarce = deferred & (values["budget"] > TELLING).to_numpy(bool)
    return [*out, because("programme", "programme.scarce", values[scarce], None, 1)]


def _why_opening(made: pd.DataFrame) -> list[pd.DataFrame]:
    values = made[["name", "period", "works", "parties", "names", "cost", "saved", "payer"]].rename(
        columns={"period": "year"}
    )
    joint = (values["works"] > 1).to_numpy(bool)
    figure = made.get("site_figure")
    return [
        because("openings", "programme.opening_joint", values[joint], figure),
        because("openings", "programme.opening_alone", values[~joint], figure),
    ]


def _why_price(list_: pd.DataFrame) -> list[pd.DataFrame]:
    """What one unit more would save, for every price; rules between works or streets that held nobody back are told
    together, in a row of their own.
    """
    if list_.empty:
        return []
    quiet = list_["resource"].astype(str).str.startswith(RULES).to_numpy(bool) & (list_["price"] == 0).to_numpy(bool)
    together = pd.DataFrame({"rules": [int(quiet.sum())]}, index=[TOGETHER])
    rows = list_[~quiet].set_index("id")
    values = pd.DataFrame({"party": rows["party"], "year": rows["period"]}, index=rows.index)
    values["price"] = rows["price"] / MILLION
    values["crew"] = rows["resource"].astype(str).str.split("crew:").str[-1]
    values["left"] = (rows["capacity"] - rows["used"]) / CENTS
    values["resource"] = rows["resource"]
    kind = rows["resource"].astype(str).str.extract(r"/([^:]*)")[0].astype(object).fillna("")
    money, crew = (kind == "budget").to_numpy(bool), (kind == "crew").to_numpy(bool)
    opening = rows["resource"].astype(str).str.startswith("reach:").to_numpy(bool) | (kind == "openings").to_numpy(bool)
    scarce = (rows["price"] != 0).to_numpy(bool)
    other = ~money & ~crew & ~opening
    cases = (
        ("price_money", money & scarce),
        ("price_crew", crew & scarce),
        ("price_openings", opening & scarce),
        ("price_other", other & scarce),
        ("free_money", money & ~scarce),
        ("free_crew", crew & ~scarce),
        ("free_other", (opening | other) & ~scarce),
    )
    each = [because("prices", f"programme.{code}", values[hit]) for code, hit in cases]
    return [*each, because("prices", "programme.free_rules", together)] if quiet.any() else each


def _why_mode(table: pd.DataFrame) -> pd.DataFrame:
    """Works that are done in another way than usual."""
    rows = table.set_index("id")
    other = (rows["mode"] != tables.USUAL) & rows["period"].notna()
    return because("programme", "programme.mode", rows.loc[other, ["name", "mode"]], None, 2)


def _why_option(draft: Draft) -> list[pd.DataFrame]:
    """One rule per kind of row explains all rows of `options`; its row is `*`."""
    every = pd.DataFrame({"rate": [draft.figures.value("discount_rate")]}, index=["*"])
    rules = (
        ("option_work", "discount_rate"), ("option_late", "planned_late"), ("option_exit", "deferral"), ("option_opening", "traffic_measures"),
        ("option_rest", "pavement_destroyed"),
    )  # fmt: skip
    return [
        because("options", f"programme.{code}", every, draft.figures.find(name).id, i)
        for i, (code, name) in enumerate(rules)
    ]


def _why_member(table: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """One rule explains all members of openings."""
    return because("members", "programme.member", pd.DataFrame({"openings": [len(made)]}, index=["opening:*"]))
