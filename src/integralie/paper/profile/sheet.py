"""Sheet: the cross-section of a street laid out on a named sheet, and all that stands around it.

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
from integralie.paper.profile import detail, labels, life, networks, panel, scene
from integralie.paper.profile.kit import FONT, Pen, ink, mm
from integralie.paper.profile.panel import Notes, Verdict
from integralie.paper.profile.scene import View, Zone
from integralie.paper.profile.things import Thing, bundled, things
from integralie.paper.svg import tag
from integralie.paper.words import Words

STRIP = "strip"  # for inside a page: no column and no title block, depth drawn twice as large
SCREEN = "screen"  # for a field on a screen that tells title and verdicts itself: the drawing alone, as large as can be
BARE = (STRIP, SCREEN)
SHEETS = {"A4": (297.0, 210.0), "A3": (420.0, 297.0), STRIP: (180.0, 297.0), SCREEN: (210.0, 400.0)}
SCALES = (20, 25, 50, 75, 100, 150, 200)
FINE = 75  # on a screen, from a smaller scale than this, depth is drawn twice as large
MARGIN, SIDE, COLUMN = 8.0, 21.0, 76.0  # mm: frame, room for axes at each side, column at the right
SCALED = ("", None, "no_edge")  # doubts of a section that is drawn to scale all the same
SHOWN = 3.0  # m: a longer distance decides nothing and is not drawn
HEAD, BAR, LEGEND = 27.5, 10.0, 26.0  # mm: title with ribbon, occupancy, legend
LOW_SKY, MIDDLE_SKY, HIGH_SKY, LEAST_SKY = (
    2.35,
    3.2,
    5.5,
    1.9,
)  # m above ground: small sheet, large one, with trees, least
LEAST_WIDE, LEAST_HIGH = 297.0, 210.0  # mm: a broad sheet is cut off beside and below what it shows, never smaller
WITH_DETAIL = 245.0  # mm: high enough for a detail in the column


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

    @property
    def water(self) -> float | None:
        """Depth of the mean highest groundwater below peil (m), where it is known."""
        return self.head.get("water")


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


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing (mm)."""
    wide, high = svg[svg.index('viewBox="0 0 ') + 13 :].split('"', 1)[0].split()
    return float(wide), float(high)


def draw(content: Content, words: Words, sheet: str = "auto", prefix: str = "section") -> Markup:
    """The sheet as SVG, with the size of the paper in its viewBox (mm). A section that cannot be drawn to scale gives the order of things, hatched, and the reason.

    Raises DataError for a sheet that is not known.
    """
    found = bundled(things(content.rows, words))
    if sheet != "auto" and sheet not in SHEETS:
        raise DataError(f"There is no sheet '{sheet}'; choose auto, {' or '.join(SHEETS)}.")
    layout = _layout(content, found, words, sheet)
    pen = Pen(prefix)
    scene.patterns(pen)
    _frame(pen, layout, content, words)
    if content.head.get("doubt") in SCALED:
        street(pen, layout.view, layout.cards, content, found, words)
    else:
        _order(pen, layout, found, content, words)
    _beside(pen, layout, content, found, words)
    about = content.notes.sentence or content.subtitle
    return whole(pen, layout.width, layout.height, content.title, about, words, layout.name != SCREEN)


def _layout(content: Content, found: list[Thing], words: Words, sheet: str) -> Layout:
    """The smallest sheet and the largest scale at which the street fits, with room above ground to recognise it."""
    names = [sheet] if sheet != "auto" else ["A4", "A3"]
    low = 50 if sheet in ("auto", SCREEN) else 75 if sheet == STRIP else 20
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
    strip, head = name in BARE, 16.0 if name == SCREEN else HEAD
    column, block = (0.0, 0.0) if strip else (COLUMN, panel.BLOCK)
    stretch = 2.0 if name == STRIP or name == SCREEN and scale > FINE else 1.0
    width = float(content.head["width"])
    k, depth = 1000 / scale, depth_of(found, content.water)
    left = MARGIN + SIDE
    room = wide - 2 * MARGIN - column - 2 * SIDE
    if width * k > room and not force:
        return None
    if name == SCREEN:
        wide = max(width * k + 2 * (MARGIN + SIDE), 150.0)
    left = (wide - width * k) / 2 if strip else left
    rough = View(width, depth, LOW_SKY, scale, left, 0.0, stretch)
    low, top = MARGIN + 2, wide - MARGIN - column - 2
    made, lanes = labels.cards(found, rough, low, min(top, left + width * k + SIDE), words)
    beside = name == "A4"
    below = BAR + labels.height(lanes) + (0 if beside else LEGEND) + block + 2
    sky = (high - 2 * MARGIN - head - 4 - below - depth * k * stretch) / k
    if sky < LEAST_SKY and not force:
        return None
    tall = any(t.symbol in ("tree", "mast") for t in found)
    sky = max(min(sky, HIGH_SKY if tall else LOW_SKY if beside else MIDDLE_SKY), 1.0)
    if not beside and not strip:
        wide = min(wide, max(2 * MARGIN + 2 * SIDE + width * k + COLUMN + 4, LEAST_WIDE))
    need = 2 * MARGIN + head + 4 + (sky + depth * stretch) * k + below
    least = 0.0 if strip else WITH_DETAIL if detail.dense(found, k) else LEAST_HIGH
    high = min(high, max(need, least)) if not beside else high
    view = replace(rough, sky=sky, oy=MARGIN + head + 2 + sky * k)
    return Layout(name, wide, high, view, lanes, made, beside)


def depth_of(found: list[Thing], water: float | None = None) -> float:
    """Down to a little under the deepest thing and the highest groundwater."""
    deep = [
        (t.bottom if t.bottom is not None else networks.UNKNOWN_DEPTH[1])
        + (t.depth_band if t.role == "network" else 0.0)
        for t in found
    ]
    wet = [water] if water is not None and water < 3.0 else []
    return max(1.8, min(max([*deep, *wet, 0.0]) + 0.3, 6.0))


def _frame(pen: Pen, layout: Layout, content: Content, words: Words) -> None:
    if layout.name == SCREEN:
        if layout.view.stretch > 1:
            pen.text(MARGIN, MARGIN, words.t("section.depth_twice"), 2.3, ink("mid"))
        return
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


def street(pen: Pen, view: View, cards: list[labels.Card], content: Content, found: list[Thing], words: Words) -> None:
    """Everything to scale, from the ground up, in one fixed order."""
    head, strips, top = content.head, scene.zones(content.rows, words), view.oy - view.sky * view.k
    scene.ribbon(pen, view, strips, top - 14, words, "open" in (head["left_edge"], head["right_edge"]))
    scene.ground(pen, view, strips, content.water)
    for side in ("left", "right"):
        scene.edge(pen, view, side, str(head[f"{side}_edge"]), words)
    for thing in found:
        if thing.role == "foundation":
            scene.foundation(pen, view, thing)
        if thing.symbol == "tree":
            scene.tree(pen, view, thing, _level(strips, thing.x))
    life.life(pen, view, strips, found)
    with pen.group("halos"):
        for thing in found:
            if thing.role in ("network", "claim") and thing.state != "new":
                networks.halo(pen, view, thing)
    networks.free_room(pen, view, list(content.free), [view.x(t.x) for t in found], words)
    _water(pen, view, content, found, words)
    _bodies(pen, view, strips, found, words)
    networks.rings(pen, view, found, words)
    _trenches(pen, view, strips, content, words)
    scene.axes(pen, view, head.get("nap"), words)
    y = view.y(view.depth) + 4
    networks.occupancy(pen, view, y, list(content.shares), content.total, words)
    labels.draw(pen, view, cards, y + 6)
    _distances(pen, view, content, words)
    scene.scalebar(pen, view, view.x(view.width) - 2 * view.k - 6, top + 1, words)


def _water(pen: Pen, view: View, content: Content, found: list[Thing], words: Words) -> None:
    """The sign of the groundwater, where nothing else stands at that depth."""
    if content.water is None or not 0 < content.water < view.depth:
        return
    taken = [(t.left - t.x_band, t.right + t.x_band) for t in found if networks.depths(t)[1] > content.water - 0.35] + [
        (t.x - 0.05, t.x + 0.05) for t in found
    ]
    x = scene.clear_of(view, taken, 18.0)
    scene.water_mark(pen, view, view.x(x) + 2.0, content.water, content.head.get("nap"), words)


def _trenches(pen: Pen, view: View, strips: list[Zone], content: Content, words: Words) -> None:
    """The trial trenches that would take a doubt away."""
    for n, (left, right, depth) in enumerate(dict.fromkeys(v.dug for v in content.notes.verdicts if v.dug), 1):
        told = words.t("section.trench_says", left=left, right=right, depth=depth)
        tag_ = words.t("section.trench_tag", number=n)
        networks.trench(pen, view, left, right, depth, tag_, _level(strips, (left + right) / 2), told)


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


def _distances(pen: Pen, view: View, content: Content, words: Words) -> None:
    with pen.group("distances"):
        for row, (left, right, depth, required) in enumerate([d for d in content.distances if d[1] - d[0] <= SHOWN]):
            short = right - left < required - 0.005
            text = f"{words.num(right - left, 2)} < {words.num(required, 2)}" if short else words.num(right - left, 2)
            labels.dimension(pen, view, left, right, depth, text, short, row % 3)


def _order(pen: Pen, layout: Layout, found: list[Thing], content: Content, words: Words) -> None:
    """No drawing to scale: the things in their order, without metres, hatched, with the reason."""
    x0, y0 = MARGIN + 8, MARGIN + 30
    wide = layout.width - 2 * MARGIN - (0 if layout.name in BARE else COLUMN) - 16
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
    if layout.name in BARE:
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
    y = panel.column(pen, x, MARGIN + 10, COLUMN - 6, content.notes, words)
    low = foot - 2
    if layout.legend_beside:
        probe = Pen("probe")
        high = panel.legend(probe, 0, 0, COLUMN - 6, found, claims, words)
        panel.legend(pen, x, foot - high - 0.5, COLUMN - 6, found, claims, words)
        low = foot - high - 3
    else:
        panel.legend(pen, MARGIN + 4, foot - LEGEND + 3.5, layout.width - 2 * MARGIN - COLUMN - 8, found, claims, words)
    if content.head.get("doubt") in SCALED:
        every, strips = things(content.rows, words), scene.zones(content.rows, words)
        detail.detail(pen, x, y + 4, COLUMN - 6, low - y - 4, every, strips, layout.view.k, words)
    told = blocks(f"1:{layout.view.scale} ({layout.name})  V = H", content.notes, words)
    panel.title_block(pen, MARGIN, foot, layout.width - 2 * MARGIN, told)


def blocks(scale: str, notes: Notes, words: Words) -> Notes:
    """The title block with scale and sheet in it."""
    one = (1.0, words.t("section.scale"), scale, (words.t("section.equal"),))
    return Notes(blocks=(*notes.blocks[:3], one, *notes.blocks[3:]))


def whole(pen: Pen, width: float, height: float, title: str, about: str, words: Words, paper: bool = True) -> Markup:
    """All that was drawn as one SVG; on `paper` in millimetres, else as large as its field."""
    head = [
        tag("title", title, id=f"{pen.prefix}-title"),
        tag("desc", about, id=f"{pen.prefix}-desc"),
        tag("defs", pen.defs),
        tag("rect", width=mm(width), height=mm(height), fill="#fff"),
    ]
    return tag(
        "svg",
        [*head, *pen.out],
        xmlns="http://www.w3.org/2000/svg",
        width=f"{mm(width)}mm" if paper else "100%",
        height=f"{mm(height)}mm" if paper else "100%",
        viewBox=f"0 0 {mm(width)} {mm(height)}",
        role="img",
        aria_labelledby=f"{pen.prefix}-title {pen.prefix}-desc",
        lang=words.language,
        font_family=FONT,
        class_="cross-section",
    )


__all__ = ["Content", "Notes", "Verdict", "draw", "size_of"]
