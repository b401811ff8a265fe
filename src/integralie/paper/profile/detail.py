"""Detail: the densest strip of a section drawn larger, every line by itself, with the distance between all neighbours."""

from __future__ import annotations

from dataclasses import replace

from integralie.paper.profile import labels, networks, scene
from integralie.paper.profile.kit import Pen, ink, spread, text_width
from integralie.paper.profile.scene import View, Zone
from integralie.paper.profile.things import Thing
from integralie.paper.words import Words

DENSE = 2.5  # mm between two hearts on paper: nearer cannot be told apart
SCALES = (20, 25)
AIR, AXIS, HEAD = 0.12, 9.0, 11.5  # m beside the outermost; mm for the depth axis; mm for title and numbers
MOST_ROWS = 3  # of distances below the strip
ROLES = ("network", "claim")


def dense(found: list[Thing], k: float) -> list[Thing]:
    """The longest run of neighbours that lie nearer than 2.5 mm to each other on a sheet of k mm per metre."""
    lines = sorted((t for t in found if t.role in ROLES and t.symbol != "tree"), key=lambda t: (t.x, t.id))
    runs: list[list[Thing]] = []
    for one in lines:
        if runs and (one.x - runs[-1][-1].x) * k < DENSE + 1e-9:
            runs[-1].append(one)
        else:
            runs.append([one])
    best = max(runs, key=lambda r: (len(r), -r[0].x), default=[])
    return best if len(best) > 1 else []


def detail(
    pen: Pen,
    x: float,
    y: float,
    width: float,
    room: float,
    found: list[Thing],
    strips: list[Zone],
    k: float,
    words: Words,
) -> None:
    """Draws the detail in a box of that width (mm) where the height that is left (`room`) allows; else nothing."""
    run = dense(found, k)
    lines = sorted((t for t in found if t.role in ROLES and t.symbol != "tree"), key=lambda t: (t.x, t.id))
    for scale in SCALES:
        span = (width - AXIS) * scale / 1000
        shown = _around(run, lines, span)
        if not shown:
            continue
        depth = max(networks.depths(t)[1] for t in shown) + 0.15
        rows = min(len(shown) - 1, MOST_ROWS)
        if depth * 1000 / scale + HEAD + 4 * rows + 2 <= room:
            _draw(pen, x, y, View(span, depth, 0.0, scale, x + AXIS, y + HEAD), shown, strips, words)
            return


def _around(run: list[Thing], lines: list[Thing], span: float) -> list[Thing]:
    """The run with its neighbours, as many at either side as fit within so many metres; nothing when the run is wider."""
    if not run:
        return []
    first, last = lines.index(run[0]), lines.index(run[-1])

    def wide(a: int, b: int) -> float:
        return max(t.right for t in lines[a : b + 1]) - min(t.left for t in lines[a : b + 1]) + 2 * AIR

    if wide(first, last) > span:
        return []
    grown = True
    while grown:
        grown = False
        if first > 0 and wide(first - 1, last) <= span:
            first, grown = first - 1, True
        if last < len(lines) - 1 and wide(first, last + 1) <= span:
            last, grown = last + 1, True
    return lines[first : last + 1]


def _draw(pen: Pen, x: float, y: float, view: View, shown: list[Thing], strips: list[Zone], words: Words) -> None:
    """The strip in the middle of its box."""
    low, high = min(t.left for t in shown), max(t.right for t in shown)
    left = (low + high) / 2 - view.width / 2
    edge = (min(z.left for z in strips), max(z.right for z in strips)) if strips else (left, left + view.width)
    left = min(max(left, edge[0]), max(edge[1] - view.width, edge[0]))
    pen.text(x, y + 3, words.t("section.detail", scale=view.scale), 2.9, bold=True)
    with pen.group("detail", words.t("section.detail_says", ids=words.listed([t.id for t in shown]))):
        _drawn(pen, view, [_moved(t, left) for t in shown], strips, left, words)


def _moved(thing: Thing, left: float) -> Thing:
    return replace(thing, x=thing.x - left, left=thing.left - left, right=thing.right - left)


def _drawn(pen: Pen, view: View, shown: list[Thing], strips: list[Zone], left: float, words: Words) -> None:
    cut = [
        replace(z, left=max(z.left - left, 0.0), right=min(z.right - left, view.width))
        for z in strips
        if z.right > left and z.left < left + view.width
    ]
    scene.ground(pen, view, cut)
    for thing in shown:
        networks.halo(pen, view, thing)
    _names(pen, view, shown)
    for thing in shown:
        networks.network(pen, view, replace(thing, id=""), words)
    for i in range(int(view.depth / 0.5) + 1):
        pen.text(view.ox - 1.5, view.y(i * 0.5) + 0.8, words.num(i * 0.5, 1), 2.3, anchor="end")
        pen.line(view.ox - 1.0, view.y(i * 0.5), view.ox, view.y(i * 0.5), ink("ink"), 0.2)
    foot = view.y(view.depth)
    pen.rect(view.ox, view.oy, view.width * view.k, foot - view.oy, "none", ink("ink"), 0.25)
    for row, (one, two) in enumerate(zip(shown, shown[1:])):
        gap = two.left - one.right
        told = words.num(max(gap, 0.0), 2)
        a, b = (one.right, two.left) if gap > 0 else (two.x, two.x)
        labels.dimension(pen, view, a, b, view.depth + (3.9 / view.k), told, False, row % MOST_ROWS)


def _names(pen: Pen, view: View, shown: list[Thing]) -> None:
    """The number of each thing above the strip, joined to it by a thin line, none over another."""
    wide = [text_width(t.id, 2.3, True) for t in shown]
    most = view.ox + view.width * view.k
    for thing, at in zip(shown, spread([view.x(t.x) for t in shown], wide, view.ox, most, 0.8)):
        x, y = view.x(thing.x), view.y(networks.depths(thing)[0])
        pen.path(f"M{at:.2f} {view.oy - 2.6:.2f}L{x:.2f} {view.oy - 0.6:.2f}V{y:.2f}", c=thing.dark, sw=0.18)
        pen.text(at, view.oy - 3.2, thing.id, 2.3, thing.dark, "middle", True)
