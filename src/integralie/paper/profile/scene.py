"""Scene: the street itself, drawn to scale: ground, paving, edges, trees and street life, axes, ribbon of zones."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from integralie.paper.profile.kit import Pen, ink, text_width
from integralie.paper.profile.things import Thing, known_label
from integralie.paper.words import Words
from integralie.schema.colours import network

TOUCH = 0.06  # m: strips nearer than this touch
WALL = 4.2  # mm: a facade on paper
PAVING = {  # kind of zone: thickness of paving and of what lies under it (m), whether that is rubble, joint (m)
    "carriageway": (0.08, 0.42, True, 0.21),
    "parking": (0.08, 0.25, False, 0.21),
    "cycle_path": (0.08, 0.25, False, 0.0),
    "footway": (0.06, 0.20, False, 0.30),
}
LOOKS = {"asphalt": "asphalt", "clay_brick": "clay", "concrete_block": "block", "concrete_tile": "stone"}
TINT = {"carriageway": "road", "parking": "road", "footway": "foot", "cycle_path": "road", "water_body": "water"}


@dataclass(frozen=True)
class Zone:
    """One strip of the street."""

    kind: str
    label: str
    left: float
    right: float
    level: float
    material: str


def zones(rows: pd.DataFrame, words: Words) -> list[Zone]:
    """The strips from left to right; neighbours of one kind and material are one strip."""
    made: list[Zone] = []
    for row in rows[rows["role"] == "zone"].itertuples():
        kind = "" if pd.isna(row.kind) else str(row.kind)
        label = known_label(kind, words) if kind else words.t("section.no_surface")
        material = "" if pd.isna(row.material) else str(row.material)
        zone = Zone(kind, label, float(row.left), float(row.right), float(row.top), material)
        last = made[-1] if made else None
        if last and (last.kind, last.material) == (kind, material) and zone.left - last.right < TOUCH:
            made[-1] = replace(last, right=zone.right)
        else:
            made.append(zone)
    return made


@dataclass(frozen=True)
class View:
    """A piece of the world on paper: metres to mm, with depth counted downward from peil; `stretch` below ground."""

    width: float
    depth: float
    sky: float
    scale: int
    ox: float
    oy: float
    stretch: float = 1.0

    @property
    def k(self) -> float:
        """mm per metre."""
        return 1000 / self.scale

    def x(self, metres: float) -> float:
        return self.ox + metres * self.k

    def y(self, depth: float) -> float:
        return self.oy + depth * self.k * (self.stretch if depth > 0 else 1.0)


def patterns(pen: Pen) -> None:
    """All hatches that the drawing uses."""
    pen.dots("soil", ink("grain"), 2.4, 0.13)
    for name, c, step, width, angle in (
        ("foundation", "mid", 1.5, 0.12, 45),
        ("free", "free-line", 2.2, 0.10, -45),
        ("joint", "joint", 1.3, 0.14, 90),
        ("root", "root", 1.8, 0.08, 20),
        ("root2", "root", 1.8, 0.08, -25),
        ("rubble", "mid", 1.0, 0.07, 30),
        ("nowhere", "maybe", 1.6, 0.12, 45),
    ):
        pen.hatch(name, ink(c), step, width, angle)
    pen.hatch("grid", "#8A2A7D", 1.3, 0.09, 0)
    pen.hatch("grid2", "#8A2A7D", 1.3, 0.09, 90)


def ground(pen: Pen, view: View, strips: list[Zone], water: float | None = None) -> None:
    """Soil, groundwater (`water`: depth of the mean highest, m), depth grid and the paving of each strip at its own level."""
    x0, x1, foot = view.x(0), view.x(view.width), view.y(view.depth)
    with pen.group("ground"):
        pen.rect(x0, view.oy, x1 - x0, foot - view.oy, ink("soil"))
        pen.rect(x0, view.oy, x1 - x0, foot - view.oy, pen.use("soil"))
        if water is not None and 0 < water < view.depth:
            pen.rect(x0, view.y(water), x1 - x0, foot - view.y(water), ink("water"), opacity=0.55)
            pen.line(x0, view.y(water), x1, view.y(water), _level_ink(), 0.25, "4 1.2 .8 1.2")
        steps = int(view.depth / 0.5 - 0.01)
        for i in range(1, steps + 1):
            pen.line(x0, view.y(i * 0.5), x1, view.y(i * 0.5), ink("grid"), 0.12)
        for zone in strips:
            _strip(pen, view, zone)
        for one, two in zip(strips, strips[1:]):
            _kerb(pen, view, one, two)
        pen.path(f"M{x0:.2f} {foot:.2f}H{x1:.2f}", c=ink("mid"), sw=0.18, dash="4 1.2 .8 1.2")


def _strip(pen: Pen, view: View, zone: Zone) -> None:
    a, b, y = view.x(zone.left), view.x(zone.right), view.oy + zone.level * view.k
    if zone.level > 0:
        pen.rect(a, view.oy - 0.3, b - a, y - view.oy + 0.3, "#fff")
    if zone.kind in PAVING:
        top, under, rubble, joint = PAVING[zone.kind]
        k = view.k * view.stretch
        pen.rect(a, y, b - a, top * k, ink(LOOKS.get(zone.material, "stone")), ink("ink"), 0.12)
        pen.rect(a, y + top * k, b - a, under * k, ink("rubble" if rubble else "sand"))
        if rubble:
            pen.rect(a, y + top * k, b - a, under * k, pen.use("rubble"))
        pen.line(a, y + (top + under) * k, b, y + (top + under) * k, ink("mid"), 0.12, "1.2 .6")
        joints = int((zone.right - zone.left) / joint) if joint and zone.material != "asphalt" else 0
        d = "".join(f"M{a + i * joint * view.k:.2f} {y:.2f}v{top * k:.2f}" for i in range(1, joints + 1))
        if d:
            pen.path(d, c=ink("ink"), sw=0.08)
    elif zone.kind == "water_body":
        pen.rect(a, y, b - a, min(1.0, view.depth) * view.k, ink("water"))
    elif zone.kind:
        pen.rect(a, y, b - a, 0.08 * view.k, ink("grass"))
    pen.line(a, y, b, y, ink("ink"), 0.5, "" if zone.kind else "1.4 .9")


def _kerb(pen: Pen, view: View, one: Zone, two: Zone) -> None:
    if abs(one.level - two.level) < 0.001 or "water_body" in (one.kind, two.kind):
        return
    high, wide = min(one.level, two.level), 0.15 * view.k
    x = view.x(one.right) - (wide if one.level < two.level else 0)
    pen.rect(x, view.oy + high * view.k, wide, 0.25 * view.k, ink("kerb"), ink("ink"), 0.2)


def edge(pen: Pen, view: View, side: str, sort: str, words: Words) -> None:
    """What stands at the edge: a facade, a plot boundary, or nothing that is known."""
    left = side == "left"
    x, top = view.x(0 if left else view.width), view.oy - view.sky * view.k
    if sort == "open":
        return _open(pen, view, x, top)
    if sort != "facade":
        with pen.group("boundary", words.t("section.boundary")):
            pen.line(
                x, view.oy - min(view.sky, 1.0) * view.k, x, view.oy + 0.3 * view.k, ink("mid"), 0.35, "2.4 .8 .5 .8"
            )
            at = x - 1.2 if left else x + 2.6
            pen.text(at, view.oy - 1.5, words.t("section.boundary"), 2.1, ink("mid"), "start", turn=-90)
        return None
    a = x - WALL if left else x
    with pen.group("facade", words.t("section.facade")):
        pen.rect(a, top, WALL, view.y(0.35) - top, ink("wall"))
        pen.rect(a, top, WALL, view.y(0.35) - top, pen.use("joint"), ink("ink"), 0.35)
        if view.sky > 2.3:
            sill = view.oy - min(2.4, view.sky - 0.1) * view.k
            pen.rect(a + WALL - 1.2 if left else a, sill, 1.2, 1.5 * view.k, "#DDEBF3", ink("ink"), 0.2)
        zig = (a - 0.8, a + WALL * 0.35, a + WALL * 0.45, a + WALL * 0.6, a + WALL * 0.7, a + WALL + 0.8)
        pen.rect(a - 0.5, top - 1.2, WALL + 1, 1.6, "#fff")
        pen.path(
            f"M{zig[0]:.2f} {top:.2f}H{zig[1]:.2f}L{zig[2]:.2f} {top - 1.3:.2f}L{zig[3]:.2f} {top + 1.3:.2f}L{zig[4]:.2f} {top:.2f}H{zig[5]:.2f}",
            c=ink("ink"),
            sw=0.25,
        )
    return None


def _open(pen: Pen, view: View, x: float, top: float) -> None:
    """A wavy cut where the street goes on beyond what can be seen."""
    y, d, foot = top, f"M{x:.2f} {top:.2f}", view.y(view.depth)
    while y < foot:
        d += "q1.6 2 0 4t0 4"
        y += 8
    pen.path(d, c=ink("ink"), sw=0.45)


def foundation(pen: Pen, view: View, thing: Thing) -> None:
    """A foundation, assumed unless a drawing is known."""
    a, b = view.x(thing.left), view.x(thing.right)
    y = view.y(0.35)
    with pen.group("foundation", thing.label, thing.id):
        pen.rect(a, y, b - a, view.y(thing.bottom or 1.0) - y, ink("foundation"))
        pen.rect(a, y, b - a, view.y(thing.bottom or 1.0) - y, pen.use("foundation"), ink("ink"), 0.3, dash="1.6 .7")


def tree(pen: Pen, view: View, thing: Thing, level: float) -> None:
    """Crown and stem above ground, the root zone below; a tree that is claimed is dashed."""
    new = thing.state == "new"
    c, dash, k = thing.dark, "1.6 .8" if new else "", view.k
    x, y0 = view.x(thing.x), view.oy + level * k
    high = max(min(view.sky - 0.4, 5.5), 1.2)
    stem = high * 0.4
    wide, tall = min(1.75, high * 0.34) * k, (high - stem) * k
    cy = y0 - stem * k - tall / 2
    points = [
        (x + wide * 0.9 * math.cos(i / 9 * math.pi), cy + tall / 2 * 0.9 * math.sin(i / 9 * math.pi)) for i in range(19)
    ]
    lobe = (wide + tall / 2) / 2 * math.pi / 18 * 1.12
    d = f"M{points[0][0]:.2f} {points[0][1]:.2f}" + "".join(
        f"A{lobe:.2f} {lobe:.2f} 0 0 1 {a:.2f} {b:.2f}" for a, b in points[1:]
    )
    with pen.group("tree", thing.label, thing.id):
        _roots(pen, view, thing, y0, dash)
        pen.path(d + "Z", "#EDF5E6" if new else ink("crown"), c, 0.45 if new else 0.3, dash, 0.95)
        half = max(0.11 * k, 0.6)
        pen.path(
            f"M{x - half:.2f} {y0:.2f}L{x - half * 0.6:.2f} {cy:.2f}L{x + half * 0.6:.2f} {cy:.2f}L{x + half:.2f} {y0:.2f}Z",
            "#fff" if new else ink("trunk"),
            c,
            0.3,
            dash,
        )
        for away, a, b in ((0.22, -0.5, -0.05), (0.12, 0.5, -0.1), (0, -0.22, -0.28), (0, 0.2, -0.3)):
            pen.line(x, cy + tall * away, x + wide * a, cy + tall * b, c, 0.3)


def _roots(pen: Pen, view: View, thing: Thing, y0: float, dash: str) -> None:
    a, b, y1 = view.x(max(thing.left, 0)), view.x(min(thing.right, view.width)), view.y(thing.bottom or 1.0)
    y0 += 0.12 * view.k
    shape = f"M{a:.2f} {y0:.2f}H{b:.2f}V{y1 - 2:.2f}Q{b:.2f} {y1:.2f} {b - 2:.2f} {y1:.2f}H{a + 2:.2f}Q{a:.2f} {y1:.2f} {a:.2f} {y1 - 2:.2f}Z"
    pen.path(shape, ink("root"), opacity=0.14)
    pen.path(shape, pen.use("root"), thing.dark, 0.35, dash or "0.1 0.75")
    pen.path(shape, pen.use("root2"))


def mast(pen: Pen, view: View, thing: Thing, level: float) -> None:
    """A lighting mast with its foot in the ground."""
    x, y0, k = view.x(thing.x), view.oy + level * view.k, view.k
    high = max(min(view.sky - 0.3, 4.6), 0.8)
    toward = 1 if thing.x < view.width / 2 else -1
    with pen.group("mast", thing.label, thing.id):
        pen.rect(x - 0.5, y0 - high * k, 1.0, high * k, "#D5DADE", ink("ink"), 0.22)
        pen.path(f"M{x:.2f} {y0 - high * k:.2f}q{toward} -2.2 {toward * 0.5 * k:.2f} -1.4", c=ink("ink"), sw=0.4)
        pen.rect(
            x + (toward * 0.5 - (0 if toward > 0 else 0.4)) * k,
            y0 - high * k - 1.9,
            0.4 * k,
            1.1,
            "#FFF3C4",
            ink("ink"),
            0.22,
        )
        pen.rect(x - 1, y0, 2, 0.9 * k * view.stretch, ink("foundation"), ink("ink"), 0.22)


def ribbon(pen: Pen, view: View, strips: list[Zone], y: float, words: Words, open_: bool, height: float = 8.5) -> None:
    """Name and width of each strip on top; a name that is too long is shortened, a strip too narrow shows its width
    only.
    """
    with pen.group("ribbon"):
        for zone in strips:
            a, b = view.x(zone.left), view.x(zone.right)
            tint = ink(TINT.get(zone.kind, "green")) if zone.kind else "#fff"
            pen.rect(a, y, b - a, height, tint, ink("pale"), 0.15)
            if not zone.kind:
                pen.rect(a, y, b - a, height, pen.use("nowhere"), opacity=0.5)
            name, wide = _short(zone.label, b - a - 1) if zone.kind else "", words.num(zone.right - zone.left, 2)
            if not zone.kind and text_width(zone.label, 2.5, True) < b - a - 1:
                name = zone.label
            edge_ = zone is strips[0] or zone is strips[-1]
            told = (
                words.t("section.open")
                if open_ and edge_ and zone.right - zone.left > view.width * 0.2
                else f"{wide} m"
            )
            size = 2.5 if text_width(told, 2.5) < b - a - 0.6 else 2.1
            if name:
                pen.text((a + b) / 2, y + 3.3, name, 2.5, anchor="middle", bold=True, cased=not zone.kind)
            if text_width(told if size == 2.5 else wide, size) < b - a + 0.4:
                pen.text(
                    (a + b) / 2,
                    y + height - 1.6,
                    told if size == 2.5 else wide,
                    size,
                    anchor="middle",
                    cased=not zone.kind,
                )
        for x in sorted({z.left for z in strips} | {z.right for z in strips}):
            pen.line(view.x(x), y + height - 1.4, view.x(x), y + height + 1.2, ink("ink"), 0.2)
            pen.line(view.x(x), y + height + 1.2, view.x(x), view.oy - 1.5, ink("pale"), 0.15, "1.2 1.2")


def _short(text: str, width: float, size: float = 2.5) -> str:
    """The text, or as much of it as fits with a full stop; nothing when that is less than three letters."""
    if text_width(text, size, True) <= width:
        return text
    for n in range(len(text) - 1, 2, -1):
        if text_width(text[:n] + ".", size, True) <= width:
            return text[:n].rstrip() + "."
    return ""


def _level_ink() -> str:
    """The colour of a groundwater level: that of open water, dark."""
    return network("surface_water").dark or network("surface_water").screen


def water_mark(pen: Pen, view: View, x: float, water: float, nap: float | None, words: Words) -> None:
    """The sign of the mean highest groundwater on its line, with its height in NAP."""
    y = view.y(water)
    high = None if nap is None else nap - water
    told = words.t("section.water") + ("" if high is None else f" {'+' if high > 0 else ''}{words.num(high, 2)}")
    with pen.group("groundwater", words.t("section.water_says", depth=water)):
        pen.path(f"M{x - 1.3:.2f} {y - 2.3:.2f}h2.6l-1.3 2.1Z", "#fff", _level_ink(), 0.25)
        pen.text(x + 2.2, y - 0.7, told, 2.2, _level_ink(), cased=True)


def clear_of(view: View, taken: list[tuple[float, float]], wide: float) -> float:
    """The place (m) nearest to a third of the width where so many mm stay clear of these stretches (m)."""
    need = wide / view.k
    tries = sorted((x / 20 for x in range(2, int((view.width - need) * 20))), key=lambda x: abs(x - view.width / 3))
    return next((x for x in tries if all(b < x or a > x + need for a, b in taken)), view.width / 3)


def axes(pen: Pen, view: View, nap: float | None, words: Words) -> None:
    """Depth below peil at the left; height in NAP at the right, or why there is none. Figures stand apart on paper."""
    off = 6.4
    left, right, y0, y1 = view.x(0) - off, view.x(view.width) + off, view.oy, view.y(view.depth)
    with pen.group("axes"):
        pen.line(left, y0, left, y1, ink("ink"), 0.25)
        fine, big = _ticks(view)
        for i in range(int(view.depth * 10 + 0.001) + 1):
            if i % fine and i % big:
                continue
            y = view.y(i / 10)
            pen.line(left - (0.8 if i % big else 1.5), y, left, y, ink("ink"), 0.2)
            if i % big == 0:
                pen.text(left - 2, y + 0.85, words.num(i / 10, 1), 2.4, anchor="end")
        title = words.t("section.depth_axis")
        if text_width(title, 2.3) > y1 - y0:
            title = words.t("section.depth_axis_short")
        pen.text(left - 8.2, (y0 + y1) / 2, title, 2.3, ink("mid"), "middle", turn=-90)
        pen.path(f"M{left - 1.2:.2f} {y0 - 2:.2f}h2.4l-1.2 1.9Z", "#fff", ink("ink"), 0.2)
        peil = (
            words.t("section.peil")
            if nap is None
            else f"{words.t('section.peil')} {'+' if nap >= 0 else ''}{words.num(nap, 2)}"
        )
        pen.text(left + 1.0, y0 - 2.8, peil, 2.1, anchor="end")
        if nap is None:
            pen.text(right + 2.2, (y0 + y1) / 2, words.t("section.no_nap"), 2.1, ink("mid"), "middle", turn=-90)
        else:
            _nap_axis(pen, view, nap, right, words)


def _ticks(view: View) -> tuple[int, int]:
    """Tenths of metres between ticks and between figures, so that figures never touch."""
    k = view.k * view.stretch
    return (1 if k >= 10 else 5), (5 if k >= 7 else 10)


def _nap_axis(pen: Pen, view: View, nap: float, x: float, words: Words) -> None:
    pen.line(x, view.oy, x, view.y(view.depth), ink("ink"), 0.25)
    fine, big = _ticks(view)
    for tenth in range(math.floor(nap * 10 + 1e-9), math.ceil((nap - view.depth) * 10 - 1e-9) - 1, -1):
        if tenth % fine and tenth % big:
            continue
        y = view.y(nap - tenth / 10)
        pen.line(x, y, x + (0.8 if tenth % big else 1.5), y, ink("ink"), 0.2)
        if tenth % big == 0:
            pen.text(x + 2, y + 0.85, ("+" if tenth > 0 else "") + words.num(tenth / 10, 1), 2.4)
    title = words.t("section.nap_axis")
    if text_width(title, 2.3) > view.y(view.depth) - view.oy:
        title = "m NAP"
    pen.text(x + 10.6, (view.oy + view.y(view.depth)) / 2, title, 2.3, ink("mid"), "middle", turn=-90)


def scalebar(pen: Pen, view: View, x: float, y: float, words: Words) -> None:
    """Two metres in half metres."""
    with pen.group("scalebar", words.t("section.scalebar")):
        for i in range(4):
            pen.rect(x + i * 0.5 * view.k, y, 0.5 * view.k, 1.3, ink("ink") if i % 2 == 0 else "#fff", ink("ink"), 0.18)
        for i in range(3):
            pen.text(x + i * view.k, y - 1, str(i), 2.1, anchor="middle")
        pen.text(x + 2 * view.k + 2.5, y - 1, "m", 2.1)
