"""A claim under the hand: whether it fits where it is put, in one cross-section; and how it stands along the street.

The same rules of distance and cover as `fit`, without the detours that `fit` may take along the street: that is why the
answer is called provisional until `fit` has looked again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from integralie.api.across import edge_word, lying
from integralie.api.memo import kept
from integralie.api.problems import Problem
from integralie.api.shapes import Shape
from integralie.api.sight import Sight
from integralie.kinds import drawn, kinds
from integralie.schema.clearance import FACADE, Rules, rules_of
from integralie.verbs.section.claimed import tried
from integralie.verbs.section.free import taken

SILENT = ("disused", "gone")
GRAVE = ("does_not_fit", "unknown", "tight", "fits")  # the gravest first
STRIP_STEP, STRIP_MOST = 6.0, 24  # metres between the looks along a street, and how many looks at most


class Look(Shape):
    """One stretch of the street and how it stands there: the gravest verdict of its claims, else how crowded it is."""

    start: float
    end: float
    verdict: str
    crowded: float | None
    sentence: str


class Along(Shape):
    """The verdict all along a street."""

    street: str
    length: float
    looks: list[Look]


class Trial(Shape):
    """A claim that is put somewhere, or made wider: all in metres, `x` from the left edge."""

    kind: str
    x: float
    width: float
    top: float
    bottom: float
    claim: str | None = None


class Tested(Shape):
    """Whether it fits there: the room that is left (worst and expected), what is nearest, and what is asked of it."""

    verdict: str
    room: float | None
    worst: float | None
    found: float | None
    asked: float | None
    against: str | None
    rule: str | None
    sentence: str


def trial(look: Sight, street: str, at: float | None, asked: Trial) -> Tested:
    """Whether a claim fits where it is put.

    Raises
        Problem `invalid-request` when there is no such kind, or its measures are not those of a thing.
    """
    if asked.kind not in kinds() or not (0 < asked.width < 100 and asked.top < asked.bottom):
        raise Problem("invalid-request", look.t("bad_trial"))
    rows = lying(look, street, at)
    if rows.attrs["doubt"] not in ("", "no_edge", None):
        return _told(look, "unknown", None, None, None, None, None, "")
    found = [*_beside(look, rows, asked), *_around(look, rows, asked)]
    worst = min(found, key=lambda f: (f[0] - f[1], f[0]))
    comfort = look.study.figures.value("comfort")
    expected, band, blind, need, name, rule = worst
    low, high = expected - band, expected + band
    verdict = str(
        np.select([low >= comfort, low >= 0, high < 0 and not blind], ["fits", "tight", "does_not_fit"], "unknown")
    )
    return _told(look, verdict, expected, low, expected + need, need, name, rule)


Found = tuple[float, float, bool, float, str, str]  # room, band, depth unknown, distance asked, of what, rule


def _beside(look: Sight, lies: pd.DataFrame, asked: Trial) -> list[Found]:
    """The room to every thing that lies beside it at its depth."""
    rules, beside, half = rules_of(look.study.figures), look.study.figures.value("beside"), asked.width / 2
    low = look.study.figures.value("unknown_depth_from"), look.study.figures.value("unknown_depth_to")
    rows = lies[lies["role"].isin(["network", "crossing", "tree", "thing"]) & ~lies["status"].isin(SILENT)]
    made = []
    for row in rows[~rows["kind"].isin(drawn("duct"))].itertuples():
        blind = bool(pd.isna(row.top))
        top, bottom = low if blind else (row.top, row.bottom)
        tree = row.role == "tree"
        if not tree and (top > asked.bottom + beside or bottom < asked.top - beside):
            continue
        other = 0.0 if tree else (row.right - row.left) / 2
        middle = row.x if tree else (row.left + row.right) / 2
        keep = rules.between(asked.kind, row.kind, standing=tree)
        need = max(keep.outside(half, other), 0.0)
        gap = abs(asked.x - middle) - half - other
        band = 0.0 if pd.isna(row.x_band) else float(row.x_band)
        known = kinds().get(str(row.kind))
        title = (known.label_nl if look.language == "nl" else known.label) if known else str(row.id)
        made.append((gap - need, band, blind, need, f"{title} ({row.id})", keep.rule(half, other)))
    return made


def _around(look: Sight, rows: pd.DataFrame, asked: Trial) -> list[Found]:
    """The room to both edges of the street and to the surface."""
    rules: Rules = rules_of(look.study.figures)
    head, half = rows.attrs, asked.width / 2
    edge = rules.between(asked.kind, FACADE)
    made: list[Found] = []
    for side, gap in (("left_edge", asked.x - half), ("right_edge", head["width"] - asked.x - half)):
        need = edge.edge if head[side] == "facade" else 0.0
        made.append((gap - need, 0.0, False, need, edge_word(head[side], look.words), edge.rules[0]))
    zones = rows[(rows["role"] == "zone") & (rows["left"] <= asked.x) & (rows["right"] >= asked.x)]
    if len(zones) and kinds()[asked.kind].symbol != "tree":
        zone = zones.iloc[0]
        need, rule = rules.cover(asked.kind, str(zone["kind"]) if pd.notna(zone["kind"]) else "")
        gap = asked.top - (0.0 if pd.isna(zone["top"]) else float(zone["top"]))
        made.append((gap - need, 0.0, False, need, look.t("section.surface"), rule))
    return made


def _told(
    look: Sight, verdict: str, room: float | None, worst: float | None, found: float | None, asked: float | None,
    against: str | None, rule: str | None,
) -> Tested:  # fmt: skip
    key = "nothing" if room is None else "short" if room < 0 else "room"
    sentence = look.t(f"trial.{key}", against=against, found=found, asked=asked, short=-(room or 0.0), room=room)
    rounded = [None if v is None else round(v, 3) for v in (room, worst, found, asked)]
    return Tested(
        verdict=verdict,
        room=rounded[0],
        worst=rounded[1],
        found=rounded[2],
        asked=rounded[3],
        against=against,
        rule=rule or None,
        sentence=sentence,
    )


# ---- along the street


def along(look: Sight, street: str) -> Along:
    """How it stands all along the street: where its claims were placed they are tested every few metres."""

    def make() -> Along:
        length = float(look.study.streets.geometry[street].length)
        count = max(1, min(STRIP_MOST, int(round(length / STRIP_STEP))))
        edges = np.linspace(0.0, length, count + 1)
        asked = [
            r
            for r in tried(look.study.room, street).itertuples()
            if pd.notna(r.x) and pd.notna(r.kind) and r.kind in kinds()
        ]
        looks = [_look(look, street, float(a), float(b), asked) for a, b in zip(edges[:-1], edges[1:])]
        return Along(street=street, length=round(length, 2), looks=looks)

    made: Along = kept(look, "along", make, street)
    return made


def _look(look: Sight, street: str, start: float, end: float, asked: list[Any]) -> Look:
    rows = lying(look, street, (start + end) / 2)
    head = rows.attrs
    if head["doubt"] not in ("", None):
        return Look(
            start=start,
            end=end,
            verdict="unknown",
            crowded=None,
            sentence=look.words.t(f"section.doubt.{head['doubt']}"),
        )
    crowded = taken(rows, head["width"], look.study.figures)[1]
    tests = []
    for row in asked:
        if pd.notna(row.along) and not start <= row.along <= end:
            continue
        want = Trial(
            kind=row.kind,
            x=row.x + head["axis"],
            width=max(row.width, 0.01),
            top=row.top,
            bottom=max(row.bottom, row.top + 0.01),
        )
        tests.append(trial(look, street, (start + end) / 2, want))
    worst = min(tests, key=lambda t: GRAVE.index(t.verdict), default=None)
    if worst is not None:
        return Look(start=start, end=end, verdict=worst.verdict, crowded=round(crowded[1], 3), sentence=worst.sentence)
    return Look(
        start=start,
        end=end,
        verdict="none",
        crowded=round(crowded[1], 3),
        sentence=look.t("section.crowded", low=100 * crowded[0], high=100 * crowded[1]),
    )
