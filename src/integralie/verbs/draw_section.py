"""Draw: one street in cross-section as SVG on a named sheet, with what is known, what is free and what would fit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.kinds import drawn
from integralie.paper.profile import Content, Notes, draw
from integralie.paper.profile.networks import same_place
from integralie.paper.profile.things import things
from integralie.paper.words import Words
from integralie.settings import Settings
from integralie.verbs.section import section
from integralie.verbs.section.free import patches, taken

WRITES: tuple[str, ...] = ()
WHEN = ("now", "after")
QUALITIES = ("measured", "registered", "default", "assumed", "unknown")


def draw_section(
    streets: pd.DataFrame,
    assets: pd.DataFrame,
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
    room, the occupancy, and a card for each thing. `when` is `now`, or `after` with the claims in place. A street that
    cannot be drawn to scale gives the order of what lies there and the reason. `prefix` keeps ids apart when several
    drawings stand on one page.

    Reads
        what `section` reads.
    Writes
        nothing.
    Raises
        DataError for an unknown street, sheet, moment or language.

    >>> import integralie as itg
    >>> town = itg.town("small")
    >>> itg.draw_section(town, town.streets.index[40])[:4]
    '<svg'
    """
    if when not in WHEN:
        raise DataError(f"A section is drawn {' or '.join(WHEN)}, not '{when}'.")
    words = Words(language)
    rows = section(streets, assets, figures, street=street, at=at)
    return str(draw(content(rows, figures, settings, words), words, sheet, prefix))


def content(rows: pd.DataFrame, figures: Figures, settings: Settings, words: Words) -> Content:
    """All that a sheet shows of one section."""
    head = rows.attrs
    name = head["name"] or words.t("street_unnamed")
    whole = head["doubt"] in ("", "no_edge")
    shares, total = taken(rows, head["width"], figures) if whole else ([], (0.0, 0.0))
    title = words.t("section.title", name=name)
    return Content(
        rows=rows,
        head=head,
        notes=Notes(
            sentence=words.t(f"section.doubt.{head['doubt']}") if head["doubt"] else "",
            known=known(rows, words),
            remarks=remarks(rows, words),
            blocks=blocks(rows, name, settings, words),
        ),
        title=title,
        subtitle=words.t("section.subtitle", at=head["at"], length=head["length"]),
        free=tuple(patches(rows, head["width"], figures)) if whole else (),
        shares=tuple(shares),
        total=total,
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
