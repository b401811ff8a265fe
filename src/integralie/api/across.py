"""The street in cross-section for the screen: what lies where, what was asked, and how that was judged.

The rows are those of `integralie.section` and of the printed sheet; nothing is measured a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from integralie.api.memo import kept
from integralie.api.shapes import Shape
from integralie.api.sight import Sight
from integralie.kinds import kinds
from integralie.paper.profile import Content
from integralie.paper.profile.things import things
from integralie.paper.words import Words
from integralie.schema.colours import network
from integralie.verbs import draw_section
from integralie.verbs.section import section
from integralie.verbs.section.claimed import tried
from integralie.verbs.section.free import taken

When = Literal["now", "claims", "after"]


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
        nap=head["nap"], left_edge=edge_word(head["left_edge"], words), right_edge=edge_word(head["right_edge"], words), when=when,
        facades=[head[side] == "facade" for side in ("left_edge", "right_edge")],
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


def edge_word(edge: str, words: Words) -> str:
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
