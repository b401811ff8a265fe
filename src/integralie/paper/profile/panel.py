"""Panel: what stands beside and below the drawing: verdicts, notes, legend, title block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from integralie.kinds import kinds
from integralie.paper.profile.kit import Pen, ink, text_width
from integralie.paper.profile.networks import quality_sign
from integralie.paper.profile.things import Thing
from integralie.paper.words import Words

GRAVE = ("does_not_fit", "unknown", "tight", "fits")  # the gravest verdict is that of the sheet
BLOCK = 17.5  # mm: the title block


@dataclass(frozen=True)
class Verdict:
    """One claim that was tested: verdict, room in metres (worst, expected, best) and why."""

    claim: str
    verdict: str
    room: tuple[float | None, float | None, float | None]
    why: str
    culprits: tuple[str, ...] = ()
    trench: str = ""
    dug: tuple[float, float, float] | None = None  # the trench: left, right and depth (m)


@dataclass(frozen=True)
class Notes:
    """What the column tells besides the verdicts."""

    sentence: str = ""
    verdicts: tuple[Verdict, ...] = ()
    known: tuple[tuple[str, int], ...] = ()
    remarks: tuple[str, ...] = ()
    blocks: tuple[tuple[float, str, str, tuple[str, ...]], ...] = field(default=())


def badge(pen: Pen, x: float, y: float, verdict: str, size: float) -> None:
    """Sign of a verdict: shape, mark and colour together."""
    c, tint, r = ink(verdict), ink(f"{verdict}-soft"), size / 2
    if verdict == "fits":
        pen.oval(x, y, r, r, tint, c, 0.45)
        pen.path(
            f"M{x - r * 0.45:.2f} {y:.2f}L{x - r * 0.1:.2f} {y + r * 0.4:.2f}L{x + r * 0.5:.2f} {y - r * 0.4:.2f}",
            c=c,
            sw=0.6,
        )
    elif verdict == "tight":
        pen.path(
            f"M{x:.2f} {y - r * 1.05:.2f}L{x + r * 1.1:.2f} {y + r * 0.9:.2f}L{x - r * 1.1:.2f} {y + r * 0.9:.2f}Z",
            tint,
            c,
            0.45,
        )
        pen.line(x, y - r * 0.4, x, y + r * 0.25, c, 0.6)
        pen.oval(x, y + r * 0.58, 0.3, 0.3, c)
    elif verdict == "does_not_fit":
        k = r * 0.42
        corners = ((k, -r), (r, -k), (r, k), (k, r), (-k, r), (-r, k), (-r, -k), (-k, -r))
        pen.path("M" + "L".join(f"{x + a:.2f} {y + b:.2f}" for a, b in corners) + "Z", tint, c, 0.45)
        d = f"M{x - r * 0.4:.2f} {y - r * 0.4:.2f}L{x + r * 0.4:.2f} {y + r * 0.4:.2f}M{x - r * 0.4:.2f} {y + r * 0.4:.2f}L{x + r * 0.4:.2f} {y - r * 0.4:.2f}"
        pen.path(d, c=c, sw=0.6)
    else:
        pen.path(
            f"M{x:.2f} {y - r * 1.1:.2f}L{x + r * 1.1:.2f} {y:.2f}L{x:.2f} {y + r * 1.1:.2f}L{x - r * 1.1:.2f} {y:.2f}Z",
            tint,
            c,
            0.45,
        )
        pen.text(x, y + size * 0.2, "?", max(size * 0.62, 2.1), c, "middle", True)


def column(pen: Pen, x: float, y: float, width: float, notes: Notes, words: Words) -> float:
    """Verdicts, the shortest list of what is in the way, what a measurement would settle; or what is known here."""
    if notes.verdicts:
        y = _verdicts(pen, x, y, width, notes, words)
    elif notes.sentence:
        y = _sheet_verdict(pen, x, y, width, "unknown", notes.sentence, words)
    if notes.known:
        pen.text(x, y + 3, words.t("section.how_known"), 2.9, bold=True)
        y += 7.4
        for name, count in notes.known:
            pen.text(x, y, name, 2.35)
            pen.text(x + width, y, words.num(count), 2.35, anchor="end", bold=True)
            y += 3.5
    for remark in notes.remarks:
        pen.oval(x + 0.7, y + 0.9, 0.5, 0.5, ink("mid"))
        y = pen.lines(x + 2.6, y + 1.7, remark, width - 2.6, 2.25, ink("mid"))
    return y


def _sheet_verdict(pen: Pen, x: float, y: float, width: float, verdict: str, sentence: str, words: Words) -> float:
    c = ink(verdict)
    with pen.group("verdict", f"{words.term('verdict', verdict)}. {sentence}"):
        before = len(pen.out)
        foot = pen.lines(x + 17, y + 12, sentence, width - 19, 2.45, lead=1.3)
        high = max(foot - y, 18.0)
        texts, pen.out = pen.out[before:], pen.out[:before]
        pen.rect(x, y, width, high, ink(f"{verdict}-soft"), c, 0.45, 1.2)
        badge(pen, x + 8, y + high / 2, verdict, 9.5)
        pen.text(
            x + 17,
            y + 7.2,
            words.term("verdict", verdict).upper(),
            5.2 if text_width(words.term("verdict", verdict).upper(), 5.2, True) < width - 18 else 4.2,
            c,
            bold=True,
        )
        pen.out += texts
    return y + high + 4.5


def _verdicts(pen: Pen, x: float, y: float, width: float, notes: Notes, words: Words) -> float:
    gravest = min((v.verdict for v in notes.verdicts), key=GRAVE.index)
    y = _sheet_verdict(pen, x, y, width, gravest, notes.sentence, words)
    pen.text(x, y, words.t("section.per_claim"), 2.9, bold=True)
    pen.text(x + width, y, words.t("section.room_head"), 2.1, ink("mid"), "end")
    y += 1.6
    for v in notes.verdicts:
        y = _row(pen, x, y, width, v, words)
    y += 2
    culprits = [c for v in notes.verdicts for c in v.culprits]
    if culprits:
        pen.line(x, y + 1.2, x + width, y + 1.2, ink("ink"), 0.25)
        pen.text(x, y + 5, words.t("section.culprits"), 2.9, bold=True)
        y += 9
        for i, text in enumerate(culprits, 1):
            pen.oval(x + 1.7, y - 0.85, 1.7, 1.7, ink("ink"))
            pen.text(x + 1.7, y, str(i), 2.3, "#fff", "middle", True)
            y = pen.lines(x + 5, y, text, width - 5, 2.35) + 0.7
    trenches = [v.trench for v in notes.verdicts if v.trench]
    if trenches:
        pen.text(x, y + 3, words.t("section.settles"), 2.9, bold=True)
        top = y + 4.8
        y = top + 3.6
        for text in trenches:
            y = pen.lines(x + 2.5, y, text, width - 5, 2.35, ink("unknown"))
        pen.rect(x, top, width, y - top - 0.4, "none", ink("unknown"), 0.35, 1, "2.4 .9 .5 .9")
        y += 3.4
    return pen.lines(x, y + 2, words.t("section.verdict_rule"), width, 2.1, ink("mid")) + 1.5


def _row(pen: Pen, x: float, y: float, width: float, v: Verdict, words: Words) -> float:
    pen.line(x, y, x + width, y, ink("pale"), 0.18)
    badge(pen, x + 2.6, y + 4.3, v.verdict, 3.9)
    room = " / ".join("–" if r is None else words.num(r, 2) for r in v.room)
    space = width - 8 - text_width(room, 2.4, True)
    foot = pen.lines(x + 6.6, y + 3.9, v.claim, space, 2.5, bold=True)
    pen.text(x + width, y + 3.9, room, 2.4, ink(v.verdict), "end", True)
    told = f"{words.term('verdict', v.verdict)}: {v.why}"
    return max(pen.lines(x + 6.6, foot + 0.1, told, width - 7, 2.25, ink("mid"), lead=1.3) - 1.4, y + 8.2)


def legend(pen: Pen, x: float, y: float, width: float, found: list[Thing], claims: bool, words: Words) -> float:
    """Only the kinds that occur, then how values are known, then the other marks; a new line when the width is used."""
    with pen.group("legend", words.t("section.legend")):
        pen.text(x, y, words.t("section.legend"), 2.7, bold=True)
        at, y = x, y + 4.4

        def put(wide: float) -> float:
            nonlocal at, y
            if at + wide > x + width + 0.1:
                at, y = x, y + 4.4
            here, at = at, at + wide + 3
            return here

        shown: dict[str, Thing] = {}
        for thing in found:
            if thing.kind:
                shown.setdefault(thing.kind, thing)
        for thing in shown.values():
            code = kinds()[thing.kind].code if thing.kind in kinds() else "?"
            a = put(3.6 + text_width(code, 2.2, True) + 1 + text_width(thing.label, 2.2))
            pen.oval(a + 1.4, y - 0.8, 1.25, 1.25, thing.fill, thing.dark, 0.35)
            pen.text(a + 3.6, y, code, 2.2, thing.dark, bold=True)
            pen.text(a + 4.6 + text_width(code, 2.2, True), y, thing.label, 2.2)
        at = x + width + 1 if shown else x
        for quality in ("measured", "registered", "default", "assumed"):
            wide = 7 + text_width(f"g = {words.term('quality', quality)}", 2.2)
            quality_sign(pen, put(wide), y, quality, words)
        for wide, text, draw in _marks(pen, claims, words):
            a = put(wide + text_width(text, 2.2))
            draw(a, y)
            pen.text(a + wide, y, text, 2.2)
        return pen.lines(x, y + 4.2, words.t("section.halo_note"), width, 2.1, ink("mid"), lead=1.3)


def _marks(pen: Pen, claims: bool, words: Words) -> list[tuple[float, str, Callable[[float, float], None]]]:
    def free(a: float, y: float) -> None:
        pen.rect(a, y - 2.4, 6, 3.2, ink("free"), ink("free-line"), 0.25)
        pen.path(
            f"M{a + 1:.2f} {y + 0.6:.2f}l2.4 -2.8M{a + 3.4:.2f} {y + 0.6:.2f}l2.2 -2.8", c=ink("free-line"), sw=0.2
        )

    def new(a: float, y: float) -> None:
        pen.line(a, y - 0.9, a + 6, y - 0.9, ink("ink"), 0.55, "1.7 .8")

    def gone(a: float, y: float) -> None:
        pen.path(f"M{a:.2f} {y - 2.2:.2f}l3 2.8M{a:.2f} {y + 0.6:.2f}l3 -2.8", c=ink("ink"), sw=0.3)

    def short(a: float, y: float) -> None:
        pen.path(
            f"M{a:.2f} {y - 0.8:.2f}h7M{a:.2f} {y - 2:.2f}v2.4M{a + 7:.2f} {y - 2:.2f}v2.4",
            c=ink("does_not_fit"),
            sw=0.4,
        )

    made: list[tuple[float, str, Callable[[float, float], None]]] = [(7.0, words.t("section.free_room"), free)]
    if claims:
        made += [(7.0, words.t("section.new"), new), (8.4, words.t("section.too_short"), short)]
    return [*made, (4.4, words.t("section.off"), gone)]


def title_block(pen: Pen, x: float, y: float, width: float, notes: Notes) -> None:
    """Place, sources, rules, scale and status, over the full width."""
    with pen.group("title-block"):
        pen.rect(x, y, width, BLOCK, "#fff", ink("ink"), 0.35)
        total, at = sum(b[0] for b in notes.blocks), x
        for share, label, value, more in notes.blocks:
            wide = width * share / total
            pen.line(at, y, at, y + BLOCK, ink("ink"), 0.18)
            pen.text(at + 1.5, y + 3.2, label, 2.1, ink("mid"))
            size = 2.7 if text_width(value, 2.7, True) < wide - 2.5 else 2.3
            foot = pen.lines(at + 1.5, y + 6.9, value, wide - 2.5, size, bold=True)
            for line in more:
                if foot < y + BLOCK:
                    foot = pen.lines(at + 1.5, foot, line, wide - 2.5, 2.1)
            at += wide
