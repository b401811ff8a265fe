"""Pair: a section now and after the works on one upright sheet, straight below each other: same place, peil and scale."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from integralie.paper.profile import labels, panel, scene
from integralie.paper.profile import sheet as paper
from integralie.paper.profile.kit import Pen, ink
from integralie.paper.profile.scene import View
from integralie.paper.profile.sheet import MARGIN, SIDE, Content
from integralie.paper.profile.things import Thing, bundled, things
from integralie.paper.words import Words

WIDTH, MOST_HIGH, COLUMN = 297.0, 420.0, 50.0  # mm: A3 upright; its lists at the right
TITLE, HEAD = 16.0, 23.0  # mm: of the sheet, of each drawing (its name and the ribbon)
SCALES = (50, 75, 100, 150, 200)
SKY = 5.5


@dataclass(frozen=True)
class Half:
    """One of the two drawings."""

    content: Content
    found: list[Thing]
    view: View
    cards: list[labels.Card]
    lanes: int


def draw_pair(now: Content, after: Content, words: Words, prefix: str = "pair") -> Markup:
    """Now above after as SVG, with what goes, what comes and what that brings. One that is not to scale: order only."""
    first, last = _halves(now, after, words)
    pen = Pen(prefix)
    scene.patterns(pen)
    foot = _bottom(last) + 2
    legend = paper.LEGEND
    high = min(MOST_HIGH, foot + legend + panel.BLOCK + MARGIN)
    pen.rect(MARGIN, MARGIN, WIDTH - 2 * MARGIN, high - 2 * MARGIN, "none", ink("ink"), 0.35)
    pen.text(MARGIN + 4, MARGIN + 7.2, now.title, 4.6, bold=True)
    pen.text(MARGIN + 4, MARGIN + 12.2, now.subtitle, 2.8, ink("mid"))
    for half, name in ((first, "before"), (last, "after")):
        top = half.view.oy - half.view.sky * half.view.k
        pen.text(half.view.ox, top - 17.5, words.t(f"section.pair.{name}"), 3.6, bold=True)
        with pen.group(f"moment-{name}"):
            paper.street(pen, half.view, half.cards, half.content, half.found, words)
    x = WIDTH - MARGIN - COLUMN + 2
    y = first.view.oy - first.view.sky * first.view.k - 14
    _lists(pen, x, y, COLUMN - 6, first, last, words)
    every = {t.kind: t for t in (*first.found, *last.found)}
    panel.legend(pen, MARGIN + 4, high - MARGIN - panel.BLOCK - legend + 3.5, WIDTH - 2 * MARGIN - 8, list(every.values()), False, words)  # fmt: skip
    blocks = paper.blocks(f"1:{first.view.scale} (A3)  V = H", now.notes, words)
    panel.title_block(pen, MARGIN, high - MARGIN - panel.BLOCK, WIDTH - 2 * MARGIN, blocks)
    return paper.whole(pen, WIDTH, high, now.title, f"{now.subtitle}. {_told(first, last, words)}", words)


def _halves(now: Content, after: Content, words: Words) -> tuple[Half, Half]:
    """Both drawings at the largest scale at which they fit above each other."""
    pairs = [(c, bundled(things(c.rows, words))) for c in (now, after)]
    width = float(now.head["width"])
    depth = max(paper.depth_of(found, now.head.get("water")) for _, found in pairs)
    room = WIDTH - 2 * MARGIN - COLUMN - 2 * SIDE
    for scale in SCALES:
        k = 1000 / scale
        rough = View(width, depth, 1.0, scale, MARGIN + SIDE, 0.0)
        made = [labels.cards(f, rough, MARGIN + 2, MARGIN + SIDE * 2 + width * k, words) for _, f in pairs]
        fixed = MARGIN * 2 + TITLE + paper.LEGEND + panel.BLOCK + 4
        fixed += sum(HEAD + paper.BAR + labels.height(lanes) + depth * k for _, lanes in made)
        sky = (MOST_HIGH - fixed) / 2 / k
        if (width * k <= room and sky >= paper.LEAST_SKY) or scale == SCALES[-1]:
            break
    tall = any(t.symbol in ("tree", "mast") for _, f in pairs for t in f)
    sky = max(min(sky, SKY if tall else paper.LOW_SKY), 1.0)
    halves: list[Half] = []
    top = MARGIN + TITLE
    for (content, found), (cards, lanes) in zip(pairs, made):
        view = replace(rough, sky=sky, oy=top + HEAD + sky * k)
        halves.append(Half(content, found, view, cards, lanes))
        top = _bottom(halves[-1])
    return halves[0], halves[1]


def _bottom(half: Half) -> float:
    return half.view.y(half.view.depth) + 4 + paper.BAR + labels.height(half.lanes)


def _changes(first: Half, last: Half) -> tuple[list[Thing], list[Thing]]:
    """What is in the first drawing alone or marked as going, and what is in the last alone."""
    before, after = ({t.id for t in h.found} for h in (first, last))
    goes = [t for t in first.found if t.id not in after and t.role != "foundation"]
    return goes, [t for t in last.found if t.id not in before]


def _lists(pen: Pen, x: float, y: float, width: float, first: Half, last: Half, words: Words) -> float:
    goes, comes = _changes(first, last)
    for key, rows in (("goes", goes), ("comes", comes)):
        pen.text(x, y, words.t(f"section.pair.{key}"), 3.0, bold=True)
        y += 4.6
        for thing in rows:
            pen.text(x, y, thing.id, 2.35, thing.dark, bold=True)
            told = f"{thing.label} {thing.info}".strip()
            y = pen.lines(x + 11, y, told, width - 11, 2.35) + 0.6
        if not rows:
            pen.text(x, y, words.t("section.pair.nothing"), 2.35, ink("mid"))
            y += 3.6
        y += 3
    pen.line(x, y - 2, x + width, y - 2, ink("ink"), 0.25)
    pen.text(x, y + 2, words.t("section.pair.brings"), 3.0, bold=True)
    y += 6.5
    for name, before, after in _brings(first, last, words):
        pen.text(x, y, name, 2.3, ink("mid"))
        pen.text(x, y + 3.9, words.t("section.pair.from_to", before=before, after=after), 2.9, bold=True)
        y += 8.4
    return pen.lines(x, y + 1, words.t("section.pair.proposed"), width, 2.25, ink("mid"))


def _brings(first: Half, last: Half, words: Words) -> list[tuple[str, str, str]]:
    """Each measure that changes or matters, before and after."""
    halves = (first, last)
    bands = ["–".join(dict.fromkeys(words.num(v * 100, 0) for v in h.content.total)) + " %" for h in halves]
    share = [band if h.content.shares else words.t("unknown") for band, h in zip(bands, halves)]
    lines = [[t for t in h.found if t.role == "network"] for h in halves]
    count = [words.num(sum(t.count for t in rows)) for rows in lines]
    sure = [words.num(sum(t.count for t in rows if t.x_quality == "measured")) for rows in lines]
    trees = [words.num(sum(t.symbol == "tree" for t in h.found)) for h in halves]
    names = ("occupancy", "lines", "measured", "trees")
    return [(words.t(f"section.pair.{n}"), v[0], v[1]) for n, v in zip(names, (share, count, sure, trees))]


def _told(first: Half, last: Half, words: Words) -> str:
    """What goes and what comes in one sentence, for who cannot see it."""
    goes, comes = _changes(first, last)
    return " ".join(
        f"{words.t(f'section.pair.{key}')}: {words.listed([f'{t.id} {t.label}' for t in rows]) or words.t('section.pair.nothing')}."
        for key, rows in (("goes", goes), ("comes", comes))
    )
