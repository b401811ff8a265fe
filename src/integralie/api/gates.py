"""The gate before handing over: what must be right, what is, and where it can be settled."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from integralie.api.numbers import verdict
from integralie.api.shapes import Shape
from integralie.api.sight import Sight

State = Literal["ok", "partly", "no"]
AHEAD = 2  # years that crews prepare


class Fix(Shape):
    """Where it can be settled: a mode of the workbench, and what to select there."""

    mode: Literal["look", "find", "programme", "section", "compare", "hand-over"]
    ids: list[str] = []


class Check(Shape):
    """One condition, whether it holds, and what to do."""

    id: str
    state: State
    title: str
    sentence: str
    fix: Fix | None


class Gates(Shape):
    """All conditions of a document; it passes when none is `no`."""

    document: str
    checks: list[Check]
    passed: bool


def gates(look: Sight, document: str, opening: str | None = None) -> Gates:
    """The conditions of a document: a fresh and proven programme, decided years, known depths, firm figures, clean data."""
    made = [_fresh(look), _proven(look)]
    if document in ("assignment", "package"):
        openings = _openings(look, opening)
        made += [_decided(look, openings), _depths(look, openings), _met(look, openings)]
    made += [_figures(look), _data(look)]
    return Gates(document=document, checks=made, passed=all(c.state != "no" for c in made))


def _check(look: Sight, id: str, state: State, fix: Fix | None = None, **values: Any) -> Check:
    return Check(
        id=id,
        state=state,
        title=look.t(f"gate.{id}"),
        sentence=look.t(f"gate.{id}.{state}", **values),
        fix=None if state == "ok" else fix,
    )


def _openings(look: Sight, opening: str | None) -> pd.DataFrame:
    rows = look.study.openings
    if opening is not None:
        return rows[rows.index == opening]
    return rows[rows["period"] < look.study.settings.first + AHEAD]


def _fresh(look: Sight) -> Check:
    old = look.desk.stale(look.scenario, wait=True) or ()
    names = look.words.listed([look.t(f"verb.{v}") for v in old])
    return _check(
        look, "fresh", "no" if "programme" in old else "partly" if old else "ok", Fix(mode="programme"), names=names
    )


def _proven(look: Sight) -> Check:
    if look.raw.programme.empty:
        return _check(look, "proven", "no", Fix(mode="programme"), gap="?")
    got = verdict(look.desk, look.raw, wait=True)
    assert got is not None
    return _check(look, "proven", "ok" if got.proven else "no", Fix(mode="programme"), gap=look.words.gap(got.gap))


def _works(look: Sight, openings: pd.DataFrame) -> pd.Index:
    rows = look.study.programme
    return pd.Index(rows.loc[rows["opening"].isin(openings.index), "work"])


def _decided(look: Sight, openings: pd.DataFrame) -> Check:
    """Every work in these openings was given its year by a decision."""
    works = _works(look, openings)
    loose = look.study.works.loc[look.study.works.index.isin(works) & look.study.works["fixed"].isna().to_numpy(bool)]
    state: State = "ok" if loose.empty else "partly" if len(loose) < len(works) else "no"
    return _check(
        look, "decided", state, Fix(mode="programme", ids=list(loose.index[:50])), count=len(loose), all=len(works)
    )


def _depths(look: Sight, openings: pd.DataFrame) -> Check:
    """In the streets that are opened the depth of what lies there is known, or a trial trench is asked."""
    streets = set(openings["street"])
    room = look.study.room
    blind = room[room["street"].isin(streets) & room["missing"].notna()]
    ids = list(dict.fromkeys(blind["street"]))
    return _check(
        look,
        "depths",
        "ok" if not ids else "partly",
        Fix(mode="section", ids=ids[:50]),
        count=len(ids),
        all=len(streets),
    )


def _met(look: Sight, openings: pd.DataFrame) -> Check:
    """No clash that is heavy and that nobody has judged lies in these streets and years."""
    clashes = look.study.clashes
    heavy = clashes[
        clashes["street"].isin(set(openings["street"]))
        & (clashes["severity"] == "high")
        & clashes["status"].fillna("found").eq("found")
    ]
    return _check(
        look,
        "clashes",
        "ok" if heavy.empty else "partly",
        Fix(mode="find", ids=list(heavy.index[:50])),
        count=len(heavy),
    )


def _figures(look: Sight) -> Check:
    used = look.study.reasons["figure"].dropna().unique()
    weak = [
        f
        for f in used
        if f in look.study.figures.by_id and look.study.figures.by_id[f].status in ("placeholder", "gap")
    ]
    return _check(look, "figures", "partly" if weak else "ok", None, count=len(weak), all=len(used))


def _data(look: Sight) -> Check:
    rows = look.study.findings
    wrong = rows[rows["severity"] == "error"]
    return _check(
        look,
        "data",
        "ok" if wrong.empty else "partly",
        Fix(mode="look", ids=[str(r) for r in wrong["row"].dropna()[:50]]),
        count=len(wrong),
    )
