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
        "trees": float(base["trees_2"].sum()),
        "gain": float(base["trees_gain"].sum()),
        "rows": _rows(facts, tried),
    }


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
