"""Labels: a card for each thing under the section, joined to it by a leader that never crosses another."""

from __future__ import annotations

from dataclasses import dataclass

from integralie.paper.profile.kit import Pen, ink, spread, text_width
from integralie.paper.profile.networks import depths
from integralie.paper.profile.scene import View
from integralie.paper.profile.things import Thing, letter
from integralie.paper.words import Words

SIZE, GAP, SLOT, BEND = 2.25, 0.8, 1.4, 7.5  # mm: type, between cards, what a leader takes in a lane above its own, run
MOST_LANES = 4
BETWEEN = 2.4  # mm between two lanes, in which a leader may step aside
HEIGHT = 3 * SIZE * 1.3 + 1.6


@dataclass(frozen=True)
class Card:
    """One card: its thing, lines, lane, where its leader passes each lane down to its own, and where it lies."""

    thing: Thing
    lines: tuple[str, ...]
    width: float
    lane: int
    slots: tuple[float, ...]
    left: float


def _text(thing: Thing, words: Words) -> tuple[str, ...]:
    new, x = thing.x_quality == "proposed", words.num(thing.x, 2)
    name = f"{thing.id} {thing.label}" if thing.count == 1 else f"{thing.count} × {thing.label}"
    place = (
        f"x {x} ({words.t('section.proposal')})"
        if new
        else f"x {x} {letter(thing.x_quality, words.language)} ±{words.num(thing.x_band, 2)}"
    )
    if thing.role == "crossing":
        place = f"x {words.num(max(thing.left, 0), 1)}–{words.num(thing.right, 1)} {words.t('section.across')}"
    if thing.top is None:
        deep = words.t("section.card_no_depth")
    else:
        deep = f"d {words.num(thing.top, 2)} {letter(thing.depth_quality, words.language)}" + (
            "" if new else f" ±{words.num(thing.depth_band, 2)}"
        )
    state = {"off": words.t("section.disused"), "gone": words.t("section.goes")}.get(thing.state, "")
    more = state or (
        words.t("section.slanted", angle=thing.angle)
        if 30 < thing.angle < 75 and thing.role == "network"
        else thing.info
    )
    return name, place, f"{deep} · {more}" if more else deep


def cards(found: list[Thing], view: View, low: float, high: float, words: Words) -> tuple[list[Card], int]:
    """A card for each thing, by x, then depth, then id; dealt over as many lanes as are needed.

    A lane holds its own cards and the leaders of lower lanes, as cards of 1.4 mm, in one order: so no leader crosses
    another. When four lanes are not enough, cards carry the id alone and the table tells the rest.
    """
    order = sorted([t for t in found if t.role != "foundation"], key=lambda t: (t.x, depths(t)[0], t.id))
    texts = [_text(t, words) for t in order]
    for brief in (False, True):
        told = [(t.id,) if brief else text for t, text in zip(order, texts)]
        widths = [max(text_width(line, SIZE, i == 0) for i, line in enumerate(lines)) + 2.2 for lines in told]
        lanes = _lanes(widths, high - low)
        if lanes <= MOST_LANES:
            break
    lanes = min(lanes, MOST_LANES)
    return _placed(order, told, widths, lanes, view, low, high), lanes


def _lanes(widths: list[float], room: float) -> int:
    lanes = 2 if len(widths) > 1 else 1
    while lanes <= MOST_LANES and not all(_fits(widths, lanes, lane, room) for lane in range(lanes)):
        lanes += 1
    return lanes


def _fits(widths: list[float], lanes: int, lane: int, room: float) -> bool:
    rows = [w + GAP if i % lanes == lane else SLOT + GAP for i, w in enumerate(widths) if i % lanes >= lane]
    return sum(rows) <= room


def _placed(
    order: list[Thing],
    told: list[tuple[str, ...]],
    widths: list[float],
    lanes: int,
    view: View,
    low: float,
    high: float,
) -> list[Card]:
    slots: dict[int, list[float]] = {i: [] for i in range(len(order))}
    for lane in range(lanes):
        here = [i for i in range(len(order)) if i % lanes >= lane]
        broad = [widths[i] if i % lanes == lane else SLOT for i in here]
        want = [slots[i][-1] if slots[i] else view.x(min(max(order[i].x, 0), view.width)) for i in here]
        for i, x in zip(here, spread(want, broad, low, high, GAP)):
            slots[i].append(x)
    made = []
    for i, thing in enumerate(order):
        left = min(max(slots[i][-1] - widths[i] / 2, low), max(high - widths[i], low))
        made.append(Card(thing, told[i], widths[i], i % lanes, tuple(slots[i]), left))
    return made


def height(lanes: int) -> float:
    """How much paper the cards take."""
    return BEND + lanes * (HEIGHT + BETWEEN)


def _leader(card: Card, view: View, y: float) -> str:
    """Down from the thing, aside to its slot, and from lane to lane to its card; the order is kept in every lane."""
    x0, y0 = view.x(min(max(card.thing.x, 0), view.width)), view.y(depths(card.thing)[1])
    d = f"M{x0:.2f} {y0:.2f}V{y:.2f}L{card.slots[0]:.2f} {y + BEND - 1:.2f}"
    for lane, slot in enumerate(card.slots[1:], 1):
        top = y + BEND + lane * (HEIGHT + BETWEEN)
        d += f"V{top - BETWEEN:.2f}L{slot:.2f} {top - 0.4:.2f}"
    return d + f"V{y + BEND + card.lane * (HEIGHT + BETWEEN):.2f}"


def draw(pen: Pen, view: View, made: list[Card], y: float) -> None:
    """Leaders first, with a white casing; then the cards."""
    with pen.group("labels"):
        for card in made:
            d = _leader(card, view, y)
            pen.path(d, c="#fff", sw=0.8)
            pen.path(d, c=card.thing.dark, sw=0.22)
        for card in made:
            _card(pen, card, y + BEND + card.lane * (HEIGHT + BETWEEN))


def _card(pen: Pen, card: Card, y: float) -> None:
    thing, new = card.thing, card.thing.state == "new"
    high = HEIGHT if len(card.lines) > 1 else SIZE * 1.3 + 1.9
    with pen.group("card", id_=thing.id):
        pen.rect(
            card.left,
            y,
            card.width,
            high,
            "#F4FAFA" if new else "#fff",
            thing.dark if new else ink("pale"),
            0.4 if new else 0.18,
            0.6,
            "1.7 .8" if new else "",
        )
        pen.rect(card.left, y, card.width, 1.0, pen.use("foundation") if thing.state in ("off", "gone") else thing.fill)
        for i, line in enumerate(card.lines):
            pen.text(
                card.left + 1.1,
                y + 1.0 + SIZE * 1.15 + i * SIZE * 1.27,
                line,
                SIZE,
                ink("ink") if i == 0 else ink("mid"),
                bold=i == 0,
            )


def dimension(
    pen: Pen, view: View, left: float, right: float, depth: float, text: str, short: bool, row: int = 0
) -> None:
    """A distance between two things; one that is too short is red and boxed: is < required."""
    a, b, y = view.x(left), view.x(right), view.y(depth) + row * 4.0
    c, w = (ink("does_not_fit"), 0.4) if short else (ink("ink"), 0.2)
    pen.line(a, y, b, y, c, w)
    for x, side in ((a, 1), (b, -1)):
        if abs(b - a) > 2.8:
            pen.path(f"M{x:.2f} {y:.2f}l{side * 1.3} -.5v1Z", c)
        pen.line(x, y - 1.3, x, y + 1.3, c, w)
    wide, middle = text_width(text, 2.3, True) + 1, (a + b) / 2
    pen.rect(middle - wide / 2, y - 3.6, wide, 2.75, "#fff", c if short else "none", 0.2, 0.4)
    pen.text(middle, y - 1.45, text, 2.3, c, "middle", True)
