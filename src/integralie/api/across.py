"""The street in cross-section for the screen: what lies where, what was asked, and whether a claim fits where it is put.

The rows are those of `integralie.section` and of the printed sheet; nothing is measured a second time. A claim that the
hand moves is judged in one cross-section with the same rules of distance and cover as `fit`, without the detours that
`fit` may take along the street: that is why it is called provisional until `fit` has looked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from integralie.api.memo import kept
from integralie.api.problems import Problem
from integralie.api.shapes import Shape
from integralie.api.sight import Sight
from integralie.kinds import drawn, kinds
from integralie.paper.profile import Content
from integralie.paper.profile.things import things
from integralie.paper.words import Words
from integralie.schema.clearance import FACADE, Rules, rules_of
from integralie.schema.colours import network
from integralie.verbs import draw_section
from integralie.verbs.section import section
from integralie.verbs.section.claimed import tried
from integralie.verbs.section.free import taken

When = Literal["now", "claims", "after"]
VERDICTS = ("fits", "tight", "does_not_fit", "unknown")
SILENT = ("disused", "gone")
STRIP_STEP, STRIP_MOST = 6.0, 24  # metres between the looks along a street, and how many looks at most


class Strip(Shape):
    """One zone of the surface: from where to where, what it is, and how far below peil its surface lies (m)."""

    left: float
    right: float
    kind: str | None
    title: str
    look: str
    level: float


class Thing(Shape):
    """One thing, in metres from the left edge and below peil; what is not known is null, a band says how far off."""

    id: str
    role: str
    symbol: str
    title: str
    code: str
    network: str
    x: float
    left: float
    right: float
    top: float | None
    bottom: float | None
    x_band: float
    depth_band: float
    x_quality: str
    depth_quality: str
    info: str
    party: str | None
    state: str
    verdict: str
    claim: str | None = None


class Judged(Shape):
    """One claim or new work that was tested, with its room in metres (worst, expected, best) and the sentences why."""

    id: str
    code: str
    title: str
    verdict: str
    claim: str | None
    work: str | None
    kind: str | None
    offset: float | None
    width: float | None
    top: float | None
    bottom: float | None
    room: list[float | None]
    sentences: list[str]
    missing: str | None


class Distance(Shape):
    """A distance that is measured: from where to where, at which depth, and what is asked (m)."""

    left: float
    right: float
    depth: float
    asked: float


class Across(Shape):
    """A street in cross-section: measures in metres from its left edge, depths below peil."""

    street: str
    name: str | None
    at: float
    length: float
    width: float
    axis: float
    nap: float | None
    left_edge: str
    right_edge: str
    facades: list[bool]
    doubt: str
    when: When
    zones: list[Strip]
    things: list[Thing]
    free: list[list[float]]
    crowding: list[list[float]]
    crowded: list[float]
    distances: list[Distance]
    judged: list[Judged]
    sentence: str
    remarks: list[str]
    sources: list[str]


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


@dataclass(frozen=True)
class Cut:
    """One cross-section with what was asked there."""

    rows: pd.DataFrame
    content: Content
    tested: pd.DataFrame


def cut(look: Sight, street: str, at: float | None, when: When) -> Cut:
    """The cross-section of a street at a place; made once for the same study."""

    def make() -> Cut:
        s, rows = look.study, lying(look, street, at)
        moment = "after" if when == "after" else "now"
        made = draw_section.content(
            rows, s.assets, s.claims, s.works, s.members, s.room, s.figures, s.settings, look.words, moment
        )
        return Cut(rows, made, tried(s.room, street))

    made: Cut = kept(look, "across", make, street, None if at is None else round(at, 1), when)
    return made


def lying(look: Sight, street: str, at: float | None) -> pd.DataFrame:
    """What lies across a street at a place; made once for the same study."""
    s = look.study
    place = None if at is None else round(at, 1)
    made: pd.DataFrame = kept(
        look, "lying", lambda: section(s.streets, s.assets, s.figures, street=street, at=place), street, place
    )
    return made


def across(look: Sight, street: str, at: float | None, when: When) -> Across:
    """Everything that the drawing of one cross-section shows."""
    one = cut(look, street, at, when)
    head, content, words = one.rows.attrs, one.content, look.words
    rows = content.rows if when != "now" else content.rows[content.rows["role"] != "claim"]
    codes = {f"K{i + 1}": id for i, id in enumerate(one.tested.index)}
    whole = head["doubt"] in ("", "no_edge", None)
    shares, total = (
        taken(rows if when == "after" else one.rows, head["width"], look.study.figures) if whole else ([], (0.0, 0.0))
    )
    return Across(
        street=street, name=_text(head["name"]), at=head["at"], length=head["length"], width=head["width"], axis=head["axis"],
        nap=head["nap"], left_edge=_edge(head["left_edge"], words), right_edge=_edge(head["right_edge"], words), when=when, facades=[head["left_edge"] == "facade", head["right_edge"] == "facade"],
        doubt="" if head["doubt"] in ("", None) else words.t(f"section.doubt.{head['doubt']}"),
        zones=_zones(one.rows, words), things=_things(look, rows, one.tested, codes), free=[list(p) for p in content.free],
        crowding=[list(c) for c in shares], crowded=list(total),
        distances=[] if when == "now" else [Distance(left=a, right=b, depth=d, asked=r) for a, b, d, r in content.distances],
        judged=_judged(look, one, codes), sentence=content.notes.sentence, remarks=list(content.notes.remarks), sources=list(head["sources"]),
    )  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 3)


def _edge(edge: str, words: Words) -> str:
    return words.t(f"section.{edge}") if words.has(f"section.{edge}") else words.t("section.boundary")


def _zones(rows: pd.DataFrame, words: Words) -> list[Strip]:
    """The strips of the surface, from left to right; one that nobody drew says so."""
    made = []
    for row in rows[rows["role"] == "zone"].itertuples():
        kind = kinds().get(str(row.kind)) if pd.notna(row.kind) else None
        title = (kind.label_nl if words.language == "nl" else kind.label) if kind else words.t("section.no_surface")
        look = {"green": "green", "road": "foot" if kind and "foot" in kind.name else "road"}.get(
            kind.network if kind else "", "none"
        )
        level = 0.0 if pd.isna(row.top) else float(row.top)
        made.append(
            Strip(left=row.left, right=row.right, kind=kind.name if kind else None, title=title, look=look, level=level)
        )
    return made


def _things(look: Sight, rows: pd.DataFrame, tested: pd.DataFrame, codes: dict[str, str]) -> list[Thing]:
    made = []
    claims = tested["claim"].to_dict()
    for t in things(rows, look.words):
        known = kinds().get(t.kind)
        family = network(known.network if known else "other")
        made.append(Thing(
            id=t.id, role=t.role, symbol=t.symbol, title=t.label, code=family.letter, network=known.network if known else "other",
            x=t.x, left=t.left, right=t.right, top=t.top, bottom=t.bottom, x_band=t.x_band, depth_band=t.depth_band,
            x_quality=t.x_quality, depth_quality=t.depth_quality, info=t.info, party=look.party_name(t.party or None), state=t.state,
            verdict=t.verdict, claim=_text(claims.get(codes.get(t.id, ""))),
        ))  # fmt: skip
    return made


def _judged(look: Sight, one: Cut, codes: dict[str, str]) -> list[Judged]:
    told = {v.claim.split(" ", 1)[0]: v for v in one.content.notes.verdicts}
    s, made = look.study, []
    for code, id in codes.items():
        row, said = one.tested.loc[id], told.get(code)
        name = s.claims["name"].get(row["claim"]) if pd.notna(row["claim"]) else s.works["name"].get(row["work"])
        sentences = [] if said is None else [x for x in (said.why, *said.culprits, said.trench) if x]
        made.append(Judged(
            id=str(id), code=code, title=str(name) if pd.notna(name) else code, verdict=str(row["verdict"]), claim=_text(row["claim"]),
            work=_text(row["work"]), kind=_text(row["kind"]), offset=_number(row["x"]), width=_number(row["width"]), top=_number(row["top"]),
            bottom=_number(row["bottom"]), room=[_number(row[c]) for c in ("margin_low", "margin", "margin_high")],
            sentences=[s_[0].upper() + s_[1:] for s_ in sentences],
            missing=None if pd.isna(row["missing"]) else look.words.term("missing_room", row["missing"]),
        ))  # fmt: skip
    return made


# ---- a claim under the hand


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
        made.append((gap - need, 0.0, False, need, _edge(head[side], look.words), edge.rules[0]))
    zones = rows[(rows["role"] == "zone") & (rows["left"] <= asked.x) & (rows["right"] >= asked.x)]
    if len(zones) and kinds()[asked.kind].symbol != "tree":
        zone = zones.iloc[0]
        need, rule = rules.cover(asked.kind, str(zone["kind"]) if pd.notna(zone["kind"]) else "")
        gap = asked.top - (0.0 if pd.isna(zone["top"]) else float(zone["top"]))
        made.append((gap - need, 0.0, False, need, look.t("section.surface"), rule))
    return made


def _told(look: Sight, verdict: str, room: float | None, worst: float | None, found: float | None, asked: float | None, against: str | None, rule: str | None) -> Tested:  # fmt: skip
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
    worst = min(tests, key=lambda t: ("does_not_fit", "unknown", "tight", "fits").index(t.verdict), default=None)
    if worst is not None:
        return Look(start=start, end=end, verdict=worst.verdict, crowded=round(crowded[1], 3), sentence=worst.sentence)
    return Look(
        start=start,
        end=end,
        verdict="none",
        crowded=round(crowded[1], 3),
        sentence=look.t("section.crowded", low=100 * crowded[0], high=100 * crowded[1]),
    )
