"""Draw: one street in cross-section as SVG on a named sheet, with what is known, what is free and what would fit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.kinds import drawn
from integralie.paper.profile import Content, Notes, Verdict, draw
from integralie.paper.profile.networks import same_place
from integralie.paper.profile.panel import GRAVE
from integralie.paper.profile.things import known_label, things
from integralie.paper.words import Words
from integralie.settings import Settings
from integralie.verbs.section import section
from integralie.verbs.section.claimed import PLACED, claim_rows, names_of, tried, verdicts, walls
from integralie.verbs.section.free import patches, taken

WRITES: tuple[str, ...] = ()
WHEN = ("now", "after")
BEFORE = "before"  # the first of a pair: as it is now, with what goes crossed, without claims
QUALITIES = ("measured", "registered", "default", "assumed", "unknown")


def draw_section(
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    claims: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    room: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    street: str,
    at: float | None = None,
    language: str = "nl",
    when: str = "now",
    sheet: str = "auto",
    prefix: str = "section",
) -> str:
    """The cross-section of one street as SVG, to scale in millimetres on a named sheet.

    Above ground the edges, zones, trees and masts; below ground every line with its halo (where it may lie), the free
    room, the occupancy, and a card for each thing. Claims and new works that `fit` has tested stand in it dashed, each
    with its verdict, the distances that decide, the shortest list of what is in the way and the trial trench.
    `when` is `now`, or `after`: what has a place is there, what is out of use is gone. A street that cannot be drawn to
    scale gives the order of what lies there and the reason. `prefix` keeps ids apart when several drawings stand on
    one page. `section_twin` tells the same as a table.

    Reads
        what `section` reads; room, claims, works, members for what was tested.
    Writes
        nothing.
    Raises
        DataError for an unknown street, sheet, moment or language.

    >>> import integralie as itg
    >>> town = itg.town("small")
    >>> itg.draw_section(town, town.streets.index[40])[:4]
    '<svg'
    """
    words = Words(language)
    rows = section(streets, assets, figures, street=street, at=at)
    made = content(rows, assets, claims, works, members, room, figures, settings, words, when)
    return str(draw(made, words, sheet, prefix))


def content(
    rows: pd.DataFrame,
    assets: pd.DataFrame,
    claims: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    room: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    words: Words,
    when: str = "now",
) -> Content:
    """All that a sheet shows of one section, at one moment."""
    if when not in (*WHEN, BEFORE):
        raise DataError(f"A section is drawn {' or '.join(WHEN)}, not '{when}'.")
    head = rows.attrs
    name = head["name"] or words.t("street_unnamed")
    tested = tried(room, head["street"])
    goes = members.loc[members["set"].isin(tested.index) & members["role"].eq("replaces"), "member"]
    shown = at_moment(rows, claim_rows(tested, head, claims["size"], figures), when, set(goes))
    whole = head["doubt"] in ("", "no_edge")
    shares, total = taken(shown, head["width"], figures) if whole and head["networks"] else ([], (0.0, 0.0))
    judged = (
        verdicts(tested, names_of(tested, claims, works), members, shown, assets["kind"], figures, words)
        if when == "now"
        else ()
    )
    doubt = words.t(f"section.doubt.{head['doubt']}") if head["doubt"] else ""
    return Content(
        rows=shown,
        head=head,
        notes=Notes(
            sentence=doubt or summed(judged, words),
            verdicts=judged if not head["doubt"] else (),
            known=known(shown, words) if not judged else (),
            remarks=remarks(shown, words),
            blocks=blocks(rows, name, settings, words),
        ),
        title=words.t(f"section.title.{when if when in WHEN else WHEN[0]}", name=name),
        subtitle=words.t("section.subtitle", at=head["at"], length=head["length"]),
        free=tuple(patches(shown, head["width"], figures, head["water"]))
        if head["networks"] and not head["doubt"]
        else (),
        shares=tuple(shares),
        total=total,
        distances=tuple(walls(shown, figures)) if not head["doubt"] else (),
    )


def at_moment(rows: pd.DataFrame, claimed: pd.DataFrame, when: str, goes: set[str]) -> pd.DataFrame:
    """The rows now, with claims dashed; or after: claims with a place are there, what is out of use or replaced is gone."""
    head = dict(rows.attrs)
    if when == BEFORE:
        claimed = claimed.iloc[:0]
        rows = rows.assign(status=rows["status"].mask(rows["asset"].isin(goes), "gone"))
    if when == "after":
        claimed = claimed[claimed["verdict"].isin(PLACED)].assign(status="in_use")
        claimed["role"] = claimed["role"].replace("claim", "network")
        rows = rows[~rows["status"].eq("disused").fillna(False).astype(bool) & ~rows["asset"].isin(goes)]
    if claimed.empty:
        out = rows
    else:
        out = pd.concat([rows.astype(object), claimed.astype(object)], ignore_index=True).infer_objects()
        numbers = [
            c
            for c in ("x", "x_band", "width", "left", "right", "cover", "top", "bottom", "depth_band", "angle")
            if c in out
        ]
        out[numbers] = out[numbers].astype(float)
        out["verdict"] = out["verdict"].fillna("")
    out.attrs.update(head)
    return out


def summed(judged: tuple[Verdict, ...], words: Words) -> str:
    """The verdicts in one sentence: how many of each, the gravest first."""
    if not judged:
        return ""
    counts = {v: sum(j.verdict == v for j in judged) for v in GRAVE}
    return words.t(
        "section.summed", what=words.listed([f"{n} {words.term('verdict', v)}" for v, n in counts.items() if n])
    )


def known(rows: pd.DataFrame, words: Words) -> tuple[tuple[str, int], ...]:
    """How the positions and depths of the lines are known, counted."""
    lines = rows[rows["role"].isin(["network", "crossing"])]
    out = []
    for column, key in (("x_quality", "section.known_x"), ("depth_quality", "section.known_depth")):
        counts = lines[column].value_counts()
        out += [(words.t(key, how=words.term("quality", q)), int(counts[q])) for q in QUALITIES if q in counts]
    return tuple(out)


def remarks(rows: pd.DataFrame, words: Words) -> tuple[str, ...]:
    """What a reader must know of this section: each with the rows it is about."""
    lines = rows[rows["role"].isin(["network", "crossing"])]
    made = []
    head = rows.attrs
    if not head["networks"]:
        made.append(words.t("section.remark.no_networks"))
    if head["cuts"] > 1:
        made.append(words.t("section.remark.alike", alike=head["alike"], cuts=head["cuts"]))
    if head["elsewhere"]:
        made.append(
            words.t("section.remark.elsewhere", what=words.listed([known_label(k, words) for k in head["elsewhere"]]))
        )
    blind = lines["id"][lines["top"].isna()]
    if len(blind):
        made.append(words.t("section.remark.no_depth", ids=words.listed(list(blind))))
    for one, two in same_place(things(rows, words)):
        made.append(words.t("section.remark.same_place", one=one.id, two=two.id))
    chambers = rows[rows["kind"].isin(drawn("chamber")) & (rows["width_quality"] == "assumed")]
    if len(chambers):
        made.append(words.t("section.remark.chamber", ids=words.listed(list(chambers["id"]))))
    bare = rows[(rows["role"] == "zone") & rows["kind"].isna()]["width"].sum()
    if bare > 0.1:
        made.append(words.t("section.remark.bare", width=float(bare)))
    sized = lines["id"][lines["width_quality"] == "assumed"]
    if len(sized):
        made.append(words.t("section.remark.size", ids=words.listed(list(sized)[:8])))
    return tuple(made)


def blocks(
    rows: pd.DataFrame, name: str, settings: Settings, words: Words
) -> tuple[tuple[float, str, str, tuple[str, ...]], ...]:
    """The title block: place, sources, rules, status."""
    head: dict[str, Any] = dict(rows.attrs)
    place = words.t("section.block.at", street=head["street"], at=head["at"])
    rd = words.t(
        "section.block.rd",
        x=f"{head['x']:.1f}".replace(".", ","),
        y=f"{head['y']:.1f}".replace(".", ","),
        heading=head["heading"],
    )
    sources = head["sources"] or [words.t("unknown")]
    return (
        (1.5, words.t("section.block.place"), name, (place, rd)),
        (1.6, words.t("section.block.sources"), sources[0], tuple(sources[1:4])),
        (1.4, words.t("section.block.rules"), words.t("section.block.base"), (words.t("section.block.placeholder"),)),
        (
            1.1,
            words.t("section.block.status"),
            words.t("section.block.concept"),
            (words.t("section.block.not_for_work"), settings.name),
        ),
    )
