"""Networks: cables, pipes, chambers and claims with the halo that tells where they may lie; free room, occupancy."""

from __future__ import annotations

from collections.abc import Callable

from integralie.paper.profile.kit import Pen, ink, text_width
from integralie.paper.profile.scene import View
from integralie.paper.profile.things import Thing, letter
from integralie.paper.words import Words

EDGE = {  # how a value is known: line width, dash, round ends
    "measured": (0.30, "", False),
    "registered": (0.22, "2.2 0.8", False),
    "default": (0.22, "0.9 0.7", False),
    "assumed": (0.30, "0.1 0.75", True),
    "unknown": (0.30, "0.1 0.75", True),
    "proposed": (0.22, "", False),
}
LEAST = {"cable": 0.75, "pipe": 0.8, "trefoil": 0.55, "duct": 0.7}  # mm: smaller cannot be seen
CABLES = ("cable", "trefoil")
UNKNOWN_DEPTH = (0.3, 1.5)  # m: the halo of a line without depth


def depths(thing: Thing) -> tuple[float, float]:
    """Top and bottom to draw; without a registered depth the whole stretch in which it may lie."""
    if thing.top is None or thing.bottom is None:
        return UNKNOWN_DEPTH
    return thing.top, thing.bottom


def halo(pen: Pen, view: View, thing: Thing) -> None:
    """Where the outer edge may lie; the sides say how sure the place is, top and bottom how sure the depth."""
    top, bottom = depths(thing)
    band = 0.0 if thing.top is None else thing.depth_band
    a = max(view.x(thing.left - thing.x_band), view.x(0))
    b = min(view.x(thing.right + thing.x_band), view.x(view.width))
    t, d = view.y(max(0.02, top - band)), view.y(bottom + band)
    pen.rect(a, t, b - a, d - t, thing.fill, r=1.2, opacity=0.10)
    for quality, ends in (
        (thing.x_quality, ((a, t, a, d), (b, t, b, d))),
        (thing.depth_quality, ((a, t, b, t), (a, d, b, d))),
    ):
        width, dash, round_ = EDGE.get(quality, EDGE["unknown"])
        for x1, y1, x2, y2 in ends:
            dx, dy = (0.9, 0.0) if y1 == y2 else (0.0, 0.9)
            pen.line(x1 + dx, y1 + dy, x2 - dx, y2 - dy, thing.dark, width, dash, round_, 0.75)


def says(thing: Thing, words: Words) -> str:
    """One sentence on a thing for who cannot see it."""
    depth = (
        words.t("section.depth_unknown")
        if thing.top is None
        else words.t("section.says_depth", top=thing.top, how=words.term("quality", thing.depth_quality))
    )
    return words.t(
        "section.says",
        id=thing.id,
        name=thing.label,
        x=thing.x,
        how=words.term("quality", thing.x_quality),
        depth=depth,
    )


def network(pen: Pen, view: View, thing: Thing, words: Words) -> None:
    """One cable, pipe, chamber or claim with the symbol of its kind."""
    top, bottom = depths(thing)
    if thing.top is None:
        bottom = top = (UNKNOWN_DEPTH[0] + UNKNOWN_DEPTH[1]) / 2
        bottom = top + max(thing.width, 0.05)
    if thing.role == "crossing":
        return _crossing(pen, view, thing, top, words)
    if thing.count > 1:
        return _bundle(pen, view, thing, top, bottom, words)
    x, y0, y1 = view.x(thing.x), view.y(top), view.y(bottom)
    rx, ry = (thing.right - thing.left) / 2 * view.k, (y1 - y0) / 2
    with pen.group(f"network {thing.symbol}", says(thing, words), thing.id):
        draw = SYMBOLS.get(thing.symbol, _unknown)
        draw(pen, view, thing, x, (y0 + y1) / 2, rx, ry)
        if thing.state in ("off", "gone"):
            r = max(rx, 0.9) * 1.3
            yc = (y0 + y1) / 2
            pen.path(
                f"M{x - r:.2f} {yc - r:.2f}L{x + r:.2f} {yc + r:.2f}M{x - r:.2f} {yc + r:.2f}L{x + r:.2f} {yc - r:.2f}",
                c=ink("ink"),
                sw=0.3,
            )
        if thing.top is None:
            pen.text(x, (y0 + y1) / 2 - 2.4, "?", 3.2, thing.dark, "middle", True, cased=True)
    return None


def _stroke(thing: Thing) -> tuple[float, str]:
    return (
        (0.55, "1.7 .8") if thing.state == "new" else (0.35, ".8 .5") if thing.state in ("off", "gone") else (0.35, "")
    )


def _cable(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    r = max(rx, LEAST["cable"])
    sw, dash = _stroke(thing)
    pen.oval(x, y, r, r, "#fff" if thing.state == "new" else "#F1F1F1" if dash else thing.fill, thing.dark, sw, dash)
    pen.oval(x, y, 0.25, 0.25, thing.dark if dash else "#fff")


def _trefoil(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    r = max(rx / 2.15, LEAST["trefoil"])
    sw, dash = _stroke(thing)
    for dx, dy in ((-r, r * 0.9), (r, r * 0.9), (0, -r * 0.83)):
        pen.oval(x + dx, y + dy, r, r, "#fff" if dash else thing.fill, thing.dark, 0.4 if dash else 0.25)


def _pipe(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    rx, ry = max(rx, LEAST["pipe"]), max(ry, LEAST["pipe"])
    sw, dash = _stroke(thing)
    pen.oval(x, y, rx, ry, "#fff" if dash else thing.fill, thing.dark, sw, dash)
    wall = max(0.12 * rx, 0.35)
    if dash:
        pen.oval(x, y, rx - wall, ry - wall, thing.fill, thing.dark, 0.2, opacity=0.35)
    elif rx > 1.2:
        pen.oval(x, y, rx * 0.62, ry * 0.62, "#fff", thing.dark, 0.2, opacity=0.85)


def _sewer(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    rx, ry = max(rx, LEAST["pipe"]), max(ry, LEAST["pipe"])
    wall = max(0.12 * rx, 0.35)
    sw, dash = _stroke(thing)
    pen.oval(x, y, rx, ry, "#fff" if dash else thing.fill, thing.dark, sw, dash)
    pen.oval(x, y, rx - wall, ry - wall, "#F6E6F3", thing.dark, 0.25)
    pen.path(
        f"M{x - (rx - wall) * 0.86:.2f} {y + ry * 0.45:.2f}A{rx - wall:.2f} {ry - wall:.2f} 0 0 0 {x + (rx - wall) * 0.86:.2f} {y + ry * 0.45:.2f}Z",
        "#B7A2C6",
        opacity=0.8,
    )


def _pair(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    r = max(min(ry, rx / 2), 0.9)
    sw, dash = _stroke(thing)
    for side, name in ((-1, "a"), (1, "r")):
        cx = x + side * max(rx - r, r)
        pen.oval(cx, y, r, r * view.stretch, "#fff" if dash else "#E2F0F0", thing.dark, sw, dash)
        pen.oval(cx, y, r * 0.6, r * 0.6 * view.stretch, thing.fill, thing.dark, 0.25)
        if r * 1.2 > 1.2:
            pen.text(cx, y + 0.72, name, 2.1, "#fff", "middle", True)


def _box(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    sw, dash = _stroke(thing)
    pen.rect(
        x - rx,
        y - ry,
        2 * rx,
        2 * ry,
        "#FBF0F9" if thing.kind == "infiltration" else "#F1F1F1",
        thing.dark,
        sw,
        0,
        dash,
    )
    pen.rect(x - rx, y - ry, 2 * rx, 2 * ry, pen.use("grid"))
    pen.rect(x - rx, y - ry, 2 * rx, 2 * ry, pen.use("grid2"))


def _duct(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    r = max(rx, LEAST["duct"])
    pen.rect(x - r, y - r, 2 * r, 2 * r, "#fff", thing.dark, 0.35, 0.3)


def _chamber(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    sure = thing.width_quality != "assumed"
    pen.rect(x - rx, y - ry, 2 * rx, 2 * ry, "none", thing.dark, 0.3, 0, "1.6 .7" if sure else "0.1 0.75")
    if not sure:
        pen.text(x, y - ry + 3.0, "?", 2.6, thing.dark, "middle", True, cased=True)


def _unknown(pen: Pen, view: View, thing: Thing, x: float, y: float, rx: float, ry: float) -> None:
    r = max(rx, 1.3)
    pen.oval(x, y, r, r, thing.fill, thing.dark, 0.35)
    pen.text(x, y + 0.8, "?", 2.3, "#fff", "middle", True)


SYMBOLS: dict[str, Callable[[Pen, View, Thing, float, float, float, float], None]] = {
    "cable": _cable,
    "trefoil": _trefoil,
    "pipe": _pipe,
    "sewer": _sewer,
    "pair": _pair,
    "box": _box,
    "duct": _duct,
    "chamber": _chamber,
    "station": _chamber,
}


def _crossing(pen: Pen, view: View, thing: Thing, top: float, words: Words) -> None:
    """A line that crosses the street: a double line at its depth over its true stretch."""
    a, b, y = view.x(max(thing.left, 0)), view.x(min(thing.right, view.width)), view.y(top)
    with pen.group("crossing", says(thing, words), thing.id):
        pen.rect(
            a,
            y,
            b - a,
            max(thing.width * view.k, 0.9),
            "#fff",
            thing.dark,
            0.3,
            dash="" if thing.top is not None else "0.1 0.75",
        )
        pen.line(a, y + max(thing.width * view.k, 0.9) / 2, b, y + max(thing.width * view.k, 0.9) / 2, thing.fill, 0.4)


def _bundle(pen: Pen, view: View, thing: Thing, top: float, bottom: float, words: Words) -> None:
    """Many cables in one bed: one outline around small discs."""
    a, b, y0, y1 = view.x(thing.left), view.x(thing.right), view.y(top), view.y(bottom)
    yc = (y0 + y1) / 2
    with pen.group("bundle", says(thing, words), thing.id):
        pen.rect(a - 1.0, min(y0, yc - 1.1) - 0.3, b - a + 2.0, max(y1 - y0, 2.2) + 0.6, "#fff", thing.dark, 0.3, 0.8)
        shown = min(thing.count, max(int((b - a) / 1.5) + 1, 2))
        for i in range(shown):
            x = a + (b - a) * i / max(shown - 1, 1)
            pen.oval(x, yc + (0.35 if i % 2 else -0.35), 0.6, 0.6, thing.fill, thing.dark, 0.2)


def same_place(found: list[Thing]) -> list[tuple[Thing, Thing]]:
    """Pairs that are registered in one another: each lies with its heart within the other."""
    solid = [
        t
        for t in found
        if t.role == "network" and t.symbol != "duct" and t.top is not None and t.state != "new" and t.count == 1
    ]
    out = []
    for i, one in enumerate(solid):
        for two in solid[i + 1 :]:
            if two.left > one.right or one.symbol in CABLES and two.symbol in CABLES and one.party == two.party:
                continue  # apart, or cables of one owner in one bed
            near = abs(one.x - two.x) < max(one.width, two.width) / 2
            deep = abs((one.top + one.bottom) - (two.top + two.bottom)) / 2 < max(one.width, two.width) / 2  # type: ignore[operator]
            if near and deep:
                out.append((one, two))
    return out


def rings(pen: Pen, view: View, found: list[Thing], words: Words) -> None:
    """A red ring round what is registered at one place and depth: never moved apart in silence."""
    for one, two in same_place(found):
        x, y = view.x((one.x + two.x) / 2), view.y(((one.top or 0) + (two.bottom or 0)) / 2)
        with pen.group("same-place", words.t("section.same_place", one=one.id, two=two.id)):
            pen.oval(x, y, 2.6, 2.6, "none", ink("does_not_fit"), 0.45)


def _clear(a: float, b: float, wide: float, taken: list[float]) -> float | None:
    """The middle nearest to that of a to b where a text of that width is crossed by none of these (mm); None when none is."""
    tries = [a + wide / 2, b - wide / 2, (a + b) / 2, *(x + side * (wide / 2 + 0.4) for x in taken for side in (-1, 1))]
    good = [
        x for x in tries if a + wide / 2 <= x <= b - wide / 2 and not any(abs(x - t) < wide / 2 + 0.3 for t in taken)
    ]
    return min(good, key=lambda x: (round(abs(x - (a + b) / 2), 3), x), default=None)


def free_room(
    pen: Pen, view: View, patches: list[tuple[float, float, float, float]], leaders: list[float], words: Words
) -> None:
    """Green patches: room that keeps every clearance for a small pipe; its size is told where no leader crosses it."""
    for left, right, top, bottom in patches:
        a, b, y0, y1 = view.x(left), view.x(right), view.y(top), view.y(bottom)
        label = words.t("section.free", wide=right - left, high=bottom - top)
        with pen.group("free", label):
            pen.rect(a, y0, b - a, y1 - y0, ink("free"), opacity=0.6)
            pen.rect(a, y0, b - a, y1 - y0, pen.use("free"), ink("free-line"), 0.25)
            at = _clear(a, b, text_width(label, 2.2, True) + 1.5, [x for x in leaders if a < x < b])
            if at is not None and y1 - y0 > 4:
                pen.text(at, y1 - 1.0, label, 2.2, ink("free-ink"), "middle", True, cased=True)


def trench(pen: Pen, view: View, left: float, right: float, depth: float, tag: str, level: float, label: str) -> None:
    """A proposed trial trench: bracket of its true width and depth, with its tag above the surface."""
    a, b = view.x(max(left, 0)), view.x(min(right, view.width))
    y0, y1 = view.y(level) - 2.2, view.y(depth)
    with pen.group("trench", label):
        pen.path(f"M{a:.2f} {y0:.2f}V{y1:.2f}H{b:.2f}V{y0:.2f}", c=ink("unknown"), sw=0.45, dash="2.4 .9 .5 .9")
        wide = text_width(tag, 2.5, True) + 2.4
        pen.rect((a + b - wide) / 2, y0 - 3.6, wide, 4.0, ink("unknown-soft"), ink("unknown"), 0.35, 0.6)
        pen.text((a + b) / 2, y0 - 0.75, tag, 2.5, ink("unknown"), "middle", True)


def occupancy(
    pen: Pen,
    view: View,
    y: float,
    shares: list[tuple[float, float]],
    total: tuple[float, float],
    words: Words,
    height: float = 5.0,
) -> None:
    """A bar under the section: per 0.25 m of width which share of the depth is taken, for certain and perhaps.

    Hatched, and unknown in words, where nobody has read what lies in the ground.
    """
    step = view.width / max(len(shares), 1)
    label = words.t("section.occupancy_says", low=words.pct(total[0]), high=words.pct(total[1]))
    if not shares:
        label = f"{words.t('section.occupancy')}: {words.t('unknown')}"
    with pen.group("occupancy", label):
        if not shares:
            pen.rect(view.x(0), y, view.x(view.width) - view.x(0), height, pen.use("nowhere"))
        for i, (low, high) in enumerate(shares):
            x, w = view.x(i * step), step * view.k
            pen.rect(x, y, w, height, "#fff", ink("hair"), 0.1)
            pen.rect(x, y + height * (1 - high), w, height * high, ink("maybe"))
            pen.rect(x, y + height * (1 - low), w, height * low, ink("busy"))
        pen.rect(view.x(0), y, view.x(view.width) - view.x(0), height, "none", ink("ink"), 0.2)
        pen.text(view.x(0) - 1.5, y + 2.0, words.t("section.occupancy"), 2.1, ink("mid"), "end")
        pen.text(view.x(0) - 1.5, y + 4.6, words.t("section.occupancy_depth"), 2.1, ink("mid"), "end")
        ends = [words.num(v * 100, 0) for v in total]
        told = "–".join(dict.fromkeys(ends)) + " %" if shares else words.t("unknown")
        pen.text(view.x(view.width) + 1.5, y + 3.4, told, 2.5, bold=True)


def quality_sign(pen: Pen, x: float, y: float, quality: str, words: Words) -> float:
    """One entry of the legend; gives its width."""
    width, dash, round_ = EDGE[quality]
    pen.rect(x, y - 2.4, 6, 3.2, ink("mid"), r=0.5, opacity=0.10)
    for ends in (
        (x, y - 2.4, x + 6, y - 2.4),
        (x, y + 0.8, x + 6, y + 0.8),
        (x, y - 2.4, x, y + 0.8),
        (x + 6, y - 2.4, x + 6, y + 0.8),
    ):
        pen.line(*ends, ink("ink"), width, dash, round_)
    text = f"{letter(quality, words.language)} = {words.term('quality', quality)}"
    pen.text(x + 7, y, text, 2.2)
    return 7 + text_width(text, 2.2)
