"""Room: how full the ground is, what does not fit, and the streets that matter in cross-section."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from integralie.paper.facts import Facts
from integralie.paper.profile import STRIP, draw
from integralie.paper.profile.twin import twin
from integralie.verbs.draw_section import content
from integralie.verbs.section import section
from integralie.verbs.section.claimed import names_of

MOST_ROWS, MOST_DRAWN = 20, 3
ORDER = {"does_not_fit": 0, "unknown": 1, "tight": 2, "fits": 3}
MOST_BUSY = 10
LIGHT = {"high": "bad", "medium": "warn", "low": "good", "unknown": "unknown"}
LEVEL = {"does_not_fit": "bad", "unknown": "unknown", "tight": "warn", "fits": "good"}


def summary(facts: Facts) -> dict[str, Any] | None:
    """Counts of what was tested, streets by crowding, trees; nothing when `fit` was not taken."""
    base = facts.room[facts.room["crowding"].notna()]
    if base.empty:
        return None
    tried = facts.room[facts.room["verdict"].notna()]
    counts = tried["verdict"].value_counts()
    lights = base["crowding"].value_counts()
    return {
        "streets": len(base),
        "tried": len(tried),
        "fits": int(counts.get("fits", 0)),
        "tight": int(counts.get("tight", 0)),
        "no": int(counts.get("does_not_fit", 0)),
        "unknown": int(counts.get("unknown", 0)),
        "crowding": [
            {"name": facts.words.term("crowding", k), "count": int(lights[k])}
            for k in ("high", "medium", "low", "unknown")
            if k in lights
        ],
        "ground": _ground(facts, base),
        "kinds": _kinds(facts, base),
        "busiest": _busiest(facts, base),
        "trees": float(base["trees_2"].sum()),
        "gain": float(base["trees_gain"].sum()),
        "rows": _rows(facts, tried),
    }


def _share(facts: Facts, low: float, high: float) -> str:
    """A share as a band, or as one number when both ends are the same."""
    ends = dict.fromkeys(facts.words.num(v * 100, 0) for v in (low, high) if pd.notna(v))
    return "–".join(ends) + " %" if ends else "–"


def _ground(facts: Facts, base: pd.DataFrame) -> list[tuple[str, str]]:
    """How full, how sealed and how disturbed the ground is, over all streets."""
    w, opened = facts.words, base["opened"].fillna(0)
    mean = base[["occupancy_low", "occupancy_high", "sealed"]].astype(float).mean()
    return [
        (w.t("room.taken"), _share(facts, mean["occupancy_low"], mean["occupancy_high"])),
        (w.t("room.sealed"), _share(facts, mean["sealed"], mean["sealed"])),
        (w.t("room.disturbed"), f"{w.num(float(base['disturbed'].sum()))} m³"),
        (w.t("room.opened"), w.num(float(opened.mean()), 1)),
        (w.t("room.opened_most"), w.num(float(opened.max()))),
    ]


def _kinds(facts: Facts, base: pd.DataFrame) -> list[dict[str, Any]]:
    """Whose lines take the ground: the mean share, and in how many sections they take most; the most first."""
    taken = base[[c for c in base if c.startswith("taken_")]].astype(float).fillna(0.0)
    most = taken.idxmax(axis=1).where(taken.max(axis=1) > 0)
    mean = taken.mean().loc[lambda v: v > 0].sort_values(ascending=False, kind="stable")
    return [
        {
            "name": facts.words.term("discipline", str(c).removeprefix("taken_")),
            "share": facts.words.pct(share, 1),
            "most": int((most == c).sum()),
        }
        for c, share in mean.items()
    ]


def _busiest(facts: Facts, base: pd.DataFrame) -> list[dict[str, Any]]:
    """The streets of which the ground is fullest."""
    rows = base[base["crowding"].ne("unknown")].sort_values(["occupancy_low", "occupancy_high"], ascending=False)
    return [
        {
            "street": facts.street(r.street),
            "taken": _share(facts, r.occupancy_low, r.occupancy_high),
            "networks": facts.words.num(float(r.networks)),
            "opened": facts.words.num(float(r.opened) if pd.notna(r.opened) else 0.0),
            "disturbed": f"{facts.words.num(float(r.disturbed) if pd.notna(r.disturbed) else 0.0)} m³",
            "crowding": facts.words.term("crowding", r.crowding),
            "level": LIGHT[str(r.crowding)],
        }
        for r in rows.head(MOST_BUSY).itertuples()
    ]


def _rows(facts: Facts, tried: pd.DataFrame) -> list[dict[str, Any]]:
    """What does not fit or is not known, the gravest first."""
    hard = tried[tried["verdict"].isin(["does_not_fit", "unknown"])]
    hard = hard.assign(order=hard["verdict"].map(ORDER)).sort_values(["order", "margin"], kind="stable")
    names = names_of(hard, facts.claims, facts.works)
    made = []
    for row in hard.head(MOST_ROWS).itertuples():
        room = " / ".join(
            "–" if pd.isna(v) else facts.words.num(v, 2) for v in (row.margin_low, row.margin, row.margin_high)
        )
        name = names[row.Index] if names[row.Index] != "?" else facts.words.listed(_set(facts, row.Index))
        made.append(
            {
                "street": facts.street(row.street),
                "name": name,
                "verdict": facts.words.term("verdict", row.verdict),
                "level": LEVEL[str(row.verdict)],
                "room": room,
                "reasons": facts.reasons_of("room", row.Index),
            }
        )
    return made


def _set(facts: Facts, row: Any) -> list[str]:
    """The names of the works of a set that does not go together."""
    held = facts.members[(facts.members["set"] == row) & facts.members["role"].isin(["work", "claim"])]["member"]
    names = pd.concat([facts.works["name"], facts.claims["name"]])
    return [str(names.get(m, m)) for m in held]


def drawn(facts: Facts) -> list[dict[str, Any]]:
    """The streets that matter in cross-section: those of the gravest verdicts, then with most works in one opening."""
    tried = facts.room[facts.room["verdict"].notna()]
    grave = tried.assign(order=tried["verdict"].map(ORDER)).sort_values(["order", "margin"], kind="stable")
    busy = facts.openings.sort_values(["works", "period"], ascending=[False, True], kind="stable")
    streets = list(dict.fromkeys([*grave["street"], *busy["street"]]))
    made = []
    for n, street in enumerate([s for s in streets if s in facts.streets.index][:MOST_DRAWN]):
        rows = section(facts.streets, facts.assets, facts.figures, street=street)
        one = content(
            rows,
            facts.assets,
            facts.claims,
            facts.works,
            facts.members,
            facts.room,
            facts.figures,
            facts.settings,
            facts.words,
        )
        picture = draw(one, facts.words, STRIP, prefix=f"profile-{n + 1}")
        made.append(
            {
                "name": facts.street(street),
                "picture": Markup(picture),
                "table": twin(one.rows, dict(one.head), facts.words, f"profile-{n + 1}"),
                "verdicts": one.notes.verdicts,
            }
        )
    return made


__all__ = ["drawn", "summary"]
