"""Life: a person and a car in the street, so that the eye has a measure."""

from __future__ import annotations

from integralie.paper.profile.kit import Pen, ink
from integralie.paper.profile.scene import View, Zone
from integralie.paper.profile.things import Thing


def life(pen: Pen, view: View, strips: list[Zone], found: list[Thing]) -> None:
    """A person on each broad footway and a car on the carriageway, clear of trees and masts."""
    taken = [t.x for t in found if t.symbol in ("tree", "mast")]
    for zone in strips:
        wide = zone.right - zone.left
        spots = [zone.left + wide * s for s in (0.5, 0.3, 0.7)]
        clear = [x for x in spots if all(abs(x - t) > 0.9 for t in taken)]
        if zone.kind == "footway" and wide >= 1.2 and clear:
            _person(pen, view, clear[0], zone.level)
        roomy = [
            x for x in spots if zone.left + 0.95 <= x <= zone.right - 0.95 and all(abs(x - t) > 1.9 for t in taken)
        ]
        if zone.kind == "carriageway" and wide >= 2.4 and roomy:
            _car(pen, view, roomy[0], zone.level)


def _person(pen: Pen, view: View, x: float, level: float) -> None:
    """Somebody of 1.75 m, so that the eye has a measure."""
    k, X, y0 = view.k, view.x(x), view.oy + level * view.k
    with pen.group("person"):
        pen.oval(X, y0 - 1.62 * k, 0.11 * k, 0.13 * k, ink("figure"))
        parts = (
            (-0.2, -1.42),
            (0.2, -1.42),
            (0.16, -0.8),
            (0.13, 0),
            (0.02, 0),
            (0, -0.75),
            (-0.02, 0),
            (-0.13, 0),
            (-0.16, -0.8),
        )
        pen.path("M" + "L".join(f"{X + a * k:.2f} {y0 + b * k:.2f}" for a, b in parts) + "Z", ink("figure"))


def _car(pen: Pen, view: View, x: float, level: float) -> None:
    """A car of 1.8 m seen from behind."""
    k, X, y0, a = view.k, view.x(x), view.oy + level * view.k, 0.9 * view.k
    with pen.group("car"):
        body = (
            (-a, -0.25),
            (-a, -0.9),
            (-a * 0.8, -1.0),
            (-a * 0.66, -1.45),
            (a * 0.66, -1.45),
            (a * 0.8, -1.0),
            (a, -0.9),
            (a, -0.25),
        )
        pen.path("M" + "L".join(f"{X + p:.2f} {y0 + q * k:.2f}" for p, q in body) + "Z", "#EEF1F3", ink("mid"), 0.25)
        glass = ((-a * 0.72, -1.0), (-a * 0.58, -1.36), (a * 0.58, -1.36), (a * 0.72, -1.0))
        pen.path("M" + "L".join(f"{X + p:.2f} {y0 + q * k:.2f}" for p, q in glass) + "Z", "#DDEBF3", ink("mid"), 0.2)
        for side in (-1, 1):
            pen.rect(X + side * a * 0.72 - 0.12 * k, y0 - 0.32 * k, 0.24 * k, 0.32 * k, ink("mid"), r=0.4)
