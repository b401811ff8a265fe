"""Profile: the cross-section of a street as a drawing on paper, to scale, in millimetres on a named sheet.

Everything is laid out in mm; type and line weights never scale with the drawing, only the world inside does. The
drawing is made from the rows of `integralie.section` and tells nothing that the table does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from integralie.errors import DataError
from integralie.paper.profile import labels, networks, panel, scene
from integralie.paper.profile.kit import FONT, Pen, ink, mm
from integralie.paper.profile.panel import Notes, Verdict
from integralie.paper.profile.scene import View, Zone
from integralie.paper.profile.things import Thing, bundled, things
from integralie.paper.svg import tag
from integralie.paper.words import Words

STRIP = "strip"  # for inside a page: no column and no title block, depth drawn twice as large
SHEETS = {"A4": (297.0, 210.0), "A3": (420.0, 297.0), STRIP: (180.0, 297.0)}
SCALES = (20, 25, 50, 75, 100, 150, 200)
MARGIN, SIDE, COLUMN = 8.0, 21.0, 76.0  # mm: frame, room for axes at each side, column at the right
SHOWN = 3.0  # m: a longer distance decides nothing and is not drawn
HEAD, BAR, LEGEND = 27.5, 10.0, 26.0  # mm: title with ribbon, occupancy, legend
LOW_SKY, MIDDLE_SKY, HIGH_SKY, LEAST_SKY = (
    2.35,
    3.2,
    5.5,
    1.9,
)  # m above ground: small sheet, large one, with trees, least
LEAST_WIDE, LEAST_HIGH = 297.0, 210.0  # mm: a broad sheet is cut off beside and below what it shows, never smaller


@dataclass(frozen=True)
class Content:
    """All that a sheet shows: the rows and head of one section, free room, occupancy, distances, and the notes."""

    rows: pd.DataFrame
    head: Mapping[str, Any]
    notes: Notes
    title: str
    subtitle: str
    free: tuple[tuple[float, float, float, float], ...] = ()
    shares: tuple[tuple[float, float], ...] = ()
    total: tuple[float, float] = (0.0, 0.0)
    distances: tuple[tuple[float, float, float, float], ...] = ()  # left, right, depth, required


@dataclass(frozen=True)
class Layout:
    """A sheet with a scale at which the street fits on it."""

    name: str
    width: float
    height: float
    view: View
    lanes: int
    cards: list[labels.Card]
    legend_beside: bool


def draw(content: Content, words: Words, sheet: str = "auto", prefix: str = "section") -> Markup:
    """The sheet as SVG. A section that cannot be drawn to scale gives the order of things, hatched, and the reason.

    Raises DataError for a sheet that is not known.
    """
    found = bundled(things(content.rows, words))
    if sheet != "auto" and sheet not in SHEETS:
        raise DataError(f"There is no sheet '{sheet}'; choose auto, {' or '.join(SHEETS)}.")
    strips = scene.zones(content.rows, words)
    layout = _layout(content, found, words, sheet)
    pen = Pen(prefix)
    scene.patterns(pen)
    _frame(pen, layout, content, words)
    if content.head.get("doubt") in ("", None, "no_edge"):
        _street(pen, layout, content, strips, found, words)
    else:
        _order(pen, layout, found, content, words)
    _beside(pen, layout, content, found, words)
    return _whole(pen, layout, content, words)


def _layout(content: Content, found: list[Thing], words: Words, sheet: str) -> Layout:
    """The smallest sheet and the largest scale at which the street fits, with room above ground to recognise it."""
    names = [sheet] if sheet != "auto" else ["A4", "A3"]
    low = 50 if sheet == "auto" else 75 if sheet == STRIP else 20
    tries = [(n, s) for n in names for s in SCALES if s >= low and (n != "A4" or s <= 50 or sheet == "A4")]
    for name, scale in tries:
        made = _try(name, scale, content, found, words)
        if made:
            return made
    made = _try(sheet if sheet != "auto" else "A3", SCALES[-1], content, found, words, force=True)
    assert made is not None
    return made


def _try(
    name: str, scale: int, content: Content, found: list[Thing], words: Words, force: bool = False
) -> Layout | None:
    wide, high = SHEETS[name]
    strip = name == STRIP
    column, block, stretch = (0.0, 0.0, 2.0) if strip else (COLUMN, panel.BLOCK, 1.0)
    width = float(content.head["width"])
    k, depth = 1000 / scale, _depth(found)
    left = MARGIN + SIDE
    room = wide - 2 * MARGIN - column - 2 * SIDE
    if width * k > room and not force:
        return None
    left = (wide - width * k) / 2 if strip else left
    rough = View(width, depth, LOW_SKY, scale, left, 0.0, stretch)
    low, top = MARGIN + 2, wide - MARGIN - column - 2
    made, lanes = labels.cards(found, rough, low, min(top, left + width * k + SIDE), words)
    beside = name == "A4"
    below = BAR + labels.height(lanes) + (0 if beside else LEGEND) + block + 2
    sky = (high - 2 * MARGIN - HEAD - 4 - below - depth * k * stretch) / k
    if sky < LEAST_SKY and not force:
        return None
    tall = any(t.symbol in ("tree", "mast") for t in found)
    sky = max(min(sky, HIGH_SKY if tall else LOW_SKY if beside else MIDDLE_SKY), 1.0)
    if not beside and not strip:
        wide = min(wide, max(2 * MARGIN + 2 * SIDE + width * k + COLUMN + 4, LEAST_WIDE))
    need = 2 * MARGIN + HEAD + 4 + (sky + depth * stretch) * k + below
    high = min(high, max(need, 0.0 if strip else LEAST_HIGH)) if not beside else high
    view = replace(rough, sky=sky, oy=MARGIN + HEAD + 2 + sky * k)
    return Layout(name, wide, high, view, lanes, made, beside)


def _depth(found: list[Thing]) -> float:
    """Down to a little under the deepest thing."""
    deep = [
        (t.bottom if t.bottom is not None else networks.UNKNOWN_DEPTH[1])
        + (t.depth_band if t.role == "network" else 0.0)
        for t in found
    ]
    return max(1.8, min(max([*deep, 0.0]) + 0.3, 6.0))


def _frame(pen: Pen, layout: Layout, content: Content, words: Words) -> None:
    if layout.name == STRIP:
        pen.text(MARGIN, MARGIN + 7.2, content.title, 4.0, bold=True)
        pen.text(
            MARGIN,
            MARGIN + 12.2,
            f"{content.subtitle} · {words.t('section.stretched', scale=layout.view.scale)}",
            2.4,
            ink("mid"),
        )
        return
    pen.rect(MARGIN, MARGIN, layout.width - 2 * MARGIN, layout.height - 2 * MARGIN, "none", ink("ink"), 0.35)
    pen.text(MARGIN + 4, MARGIN + 7.2, content.title, 4.6, bold=True)
    pen.text(MARGIN + 4, MARGIN + 12.2, content.subtitle, 2.8, ink("mid"))


def _street(pen: Pen, layout: Layout, content: Content, strips: list[Zone], found: list[Thing], words: Words) -> None:
    """Everything to scale, from the ground up, in one fixed order."""
    view, head = layout.view, content.head
    scene.ribbon(pen, view, strips, MARGIN + 15.5, words, "open" in (head["left_edge"], head["right_edge"]))
    scene.ground(pen, view, strips)
    for side in ("left", "right"):
        scene.edge(pen, view, side, str(head[f"{side}_edge"]), words)
    for thing in found:
        if thing.role == "foundation":
            scene.foundation(pen, view, thing)
        if thing.symbol == "tree":
            scene.tree(pen, view, thing, _level(strips, thing.x))
    _life(pen, view, strips, found)
    with pen.group("halos"):
        for thing in found:
            if thing.role in ("network", "claim") and thing.state != "new":
                networks.halo(pen, view, thing)
    networks.free_room(pen, view, list(content.free), words)
    _bodies(pen, view, strips, found, words)
    networks.rings(pen, view, found, words)
    scene.axes(pen, view, head.get("nap"), words)
    y = view.y(view.depth) + 4
    networks.occupancy(pen, view, y, list(content.shares), content.total, words)
    labels.draw(pen, view, layout.cards, y + 6)
    _distances(pen, view, content, words)
    scene.scalebar(pen, view, view.x(view.width) - 2 * view.k - 6, MARGIN + HEAD + 3, words)


def _bodies(pen: Pen, view: View, strips: list[Zone], found: list[Thing], words: Words) -> None:
    """Masts, networks and claims, each claim with the sign of its verdict."""
    for thing in found:
        if thing.symbol == "mast":
            scene.mast(pen, view, thing, _level(strips, thing.x))
        elif thing.role in ("network", "crossing", "claim", "thing") and thing.symbol != "tree":
            networks.network(pen, view, thing, words)
        if thing.verdict:
            panel.badge(pen, view.x(thing.x), view.y(networks.depths(thing)[0]) - 4.2, thing.verdict, 4.4)


def _level(strips: list[Zone], x: float) -> float:
    return next((z.level for z in strips if z.left <= x <= z.right), 0.0)


def _life(pen: Pen, view: View, strips: list[Zone], found: list[Thing]) -> None:
    """A person on each broad footway and a car on the carriageway, clear of trees and masts."""
    taken = [t.x for t in found if t.symbol in ("tree", "mast")]
    for zone in strips:
        wide = zone.right - zone.left
        spots = [zone.left + wide * s for s in (0.5, 0.3, 0.7)]
        clear = [x for x in spots if all(abs(x - t) > 0.9 for t in taken)]
        if zone.kind == "footway" and wide >= 1.2 and clear:
            scene.person(pen, view, clear[0], zone.level)
        roomy = [
            x for x in spots if zone.left + 0.95 <= x <= zone.right - 0.95 and all(abs(x - t) > 1.9 for t in taken)
        ]
        if zone.kind == "carriageway" and wide >= 2.4 and roomy:
            scene.car(pen, view, roomy[0], zone.level)


def _distances(pen: Pen, view: View, content: Content, words: Words) -> None:
    with pen.group("distances"):
        for row, (left, right, depth, required) in enumerate([d for d in content.distances if d[1] - d[0] <= SHOWN]):
            short = right - left < required - 0.005
            text = f"{words.num(right - left, 2)} < {words.num(required, 2)}" if short else words.num(right - left, 2)
            labels.dimension(pen, view, left, right, depth, text, short, row % 3)


def _order(pen: Pen, layout: Layout, found: list[Thing], content: Content, words: Words) -> None:
    """No drawing to scale: the things in their order, without metres, hatched, with the reason."""
    x0, y0 = MARGIN + 8, MARGIN + 30
    wide = layout.width - 2 * MARGIN - (0 if layout.name == STRIP else COLUMN) - 16
    pen.rect(x0, y0, wide, 44, ink("hair"), ink("mid"), 0.25)
    pen.rect(x0, y0, wide, 44, pen.use("nowhere"), opacity=0.6)
    pen.text(x0 + wide / 2, y0 + 6, words.t("section.no_scale"), 2.9, anchor="middle", bold=True, cased=True)
    shown = [t for t in found if t.role in ("network", "crossing", "tree", "thing")]
    for i, thing in enumerate(shown):
        x = x0 + wide * (i + 0.5) / max(len(shown), 1)
        with pen.group("network", networks.says(thing, words), thing.id):
            pen.oval(x, y0 + 22, 2, 2, thing.fill, thing.dark, 0.35)
            pen.text(x, y0 + 29 + (i % 3) * 3.4, thing.id, 2.4, thing.dark, "middle", True, cased=True)
    y = y0 + 54
    for i, thing in enumerate(shown):
        pen.text(x0 + (i % 3) * wide / 3, y + (i // 3) * 4, f"{thing.id} {thing.label}", 2.4)


def _beside(pen: Pen, layout: Layout, content: Content, found: list[Thing], words: Words) -> None:
    """Column at the right, legend, title block; a strip has the legend alone."""
    if layout.name == STRIP:
        panel.legend(
            pen,
            MARGIN,
            layout.height - MARGIN - LEGEND + 3.5,
            layout.width - 2 * MARGIN,
            found,
            bool(content.notes.verdicts),
            words,
        )
        return
    foot = layout.height - MARGIN - panel.BLOCK
    x = layout.width - MARGIN - COLUMN + 3
    pen.line(x - 3, MARGIN, x - 3, foot, ink("ink"), 0.25)
    claims = bool(content.notes.verdicts)
    pen.text(x, MARGIN + 6.5, words.t("section.test" if claims else "section.about"), 3.4, bold=True)
    panel.column(pen, x, MARGIN + 10, COLUMN - 6, content.notes, words)
    if layout.legend_beside:
        probe = Pen("probe")
        high = panel.legend(probe, 0, 0, COLUMN - 6, found, claims, words)
        panel.legend(pen, x, foot - high - 0.5, COLUMN - 6, found, claims, words)
    else:
        panel.legend(pen, MARGIN + 4, foot - LEGEND + 3.5, layout.width - 2 * MARGIN - COLUMN - 8, found, claims, words)
    panel.title_block(pen, MARGIN, foot, layout.width - 2 * MARGIN, _blocks(layout, content, words))


def _blocks(layout: Layout, content: Content, words: Words) -> Notes:
    scale = (
        1.0,
        words.t("section.scale"),
        f"1:{layout.view.scale} ({layout.name})  V = H",
        (words.t("section.equal"),),
    )
    blocks = content.notes.blocks
    return Notes(blocks=(*blocks[:3], scale, *blocks[3:]))


def _whole(pen: Pen, layout: Layout, content: Content, words: Words) -> Markup:
    about = content.notes.sentence or content.subtitle
    head = [
        tag("title", content.title, id=f"{pen.prefix}-title"),
        tag("desc", about, id=f"{pen.prefix}-desc"),
        tag("defs", pen.defs),
        tag("rect", width=mm(layout.width), height=mm(layout.height), fill="#fff"),
    ]
    return tag(
        "svg",
        [*head, *pen.out],
        xmlns="http://www.w3.org/2000/svg",
        width=f"{mm(layout.width)}mm",
        height=f"{mm(layout.height)}mm",
        viewBox=f"0 0 {mm(layout.width)} {mm(layout.height)}",
        role="img",
        aria_labelledby=f"{pen.prefix}-title {pen.prefix}-desc",
        lang=words.language,
        font_family=FONT,
        class_="cross-section",
    )


__all__ = ["Content", "Notes", "Verdict", "draw"]
