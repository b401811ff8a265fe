"""Kit: a pen that draws in millimetres on paper, and the two rules of type: how wide a text is, and where cards go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup

from integralie.paper.svg import tag
from integralie.schema.colours import colour

FONT = "'Noto Sans','Open Sans',Arial,sans-serif"
FLOOR = 2.1  # mm: no type is smaller (6 points as printed)
NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] -·’"), frozenset("mwMWQOG@%—…≥≤→")
WIDTHS = {"narrow": 0.33, "wide": 0.86, "upper": 0.66, "other": 0.575}  # of the font size, on the wide side
BOLD = 1.07


def ink(name: str) -> str:
    """One of the colours of the cross-section."""
    return colour(f"profile.{name}").screen


def mm(value: float) -> str:
    """Millimetres as SVG writes them."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if "." in f"{value:.2f}" else f"{value:.2f}"


def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is at most (mm); it errs to the wide side, so that a box never clips.

    >>> round(text_width("LS1 laagspanning", 2.25, True), 1)
    20.3
    """
    total = sum(
        WIDTHS["narrow" if c in NARROW else "wide" if c in WIDE else "upper" if c.isupper() else "other"] for c in text
    )
    return total * size * (BOLD if bold else 1.0)


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width`; a word that is wider by itself stays whole."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def spread(want: Sequence[float], widths: Sequence[float], low: float, high: float, gap: float) -> list[float]:
    """Middles nearest to `want` (least squares), in the same order and without overlap, within `low` and `high`.

    Pool adjacent violators: neighbours that want to overtake one another share their mean.

    >>> spread([5.0, 5.0], [4.0, 4.0], 0.0, 20.0, 1.0)
    [2.5, 7.5]
    """
    if not want:
        return []
    ahead = [0.0]
    for one, two in zip(widths, widths[1:]):
        ahead.append(ahead[-1] + (one + two) / 2 + gap)
    pools: list[list[float]] = []
    for goal, lead in zip(want, ahead):
        pools.append([goal - lead, 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m), (b, n) = pools.pop(-2), pools.pop()
            pools.append([(a * m + b * n) / (m + n), m + n])
    flat = [pool[0] for pool in pools for _ in range(int(pool[1]))]
    least, most = low + widths[0] / 2, high - widths[-1] / 2 - ahead[-1]
    return [min(max(z, least), max(least, most)) + lead for z, lead in zip(flat, ahead)]


class Pen:
    """Elements in the order in which they are drawn; all measures in mm."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.out: list[Markup] = []
        self.defs: list[Markup] = []

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        c: str,
        w: float = 0.18,
        dash: str = "",
        round_: bool = False,
        opacity: float | None = None,
    ) -> None:
        cap = "round" if round_ else None
        self.out.append(
            tag(
                "line",
                x1=mm(x1),
                y1=mm(y1),
                x2=mm(x2),
                y2=mm(y2),
                stroke=c,
                stroke_width=str(w),
                stroke_dasharray=dash,
                stroke_linecap=cap,
                opacity=None if opacity is None else str(opacity),
            )
        )

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str = "none",
        c: str = "none",
        sw: float = 0.18,
        r: float = 0,
        dash: str = "",
        opacity: float | None = None,
    ) -> None:
        self.out.append(
            tag(
                "rect",
                x=mm(x),
                y=mm(y),
                width=mm(max(w, 0)),
                height=mm(max(h, 0)),
                rx=mm(r) if r else None,
                fill=fill,
                stroke=c if c != "none" else None,
                stroke_width=str(sw) if c != "none" else None,
                stroke_dasharray=dash,
                fill_opacity=None if opacity is None else str(opacity),
            )
        )

    def oval(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: str = "none",
        c: str = "none",
        sw: float = 0.18,
        dash: str = "",
        opacity: float | None = None,
    ) -> None:
        self.out.append(
            tag(
                "ellipse",
                cx=mm(x),
                cy=mm(y),
                rx=mm(max(rx, 0)),
                ry=mm(max(ry, 0)),
                fill=fill,
                stroke=c if c != "none" else None,
                stroke_width=str(sw) if c != "none" else None,
                stroke_dasharray=dash,
                fill_opacity=None if opacity is None else str(opacity),
            )
        )

    def path(
        self,
        d: str,
        fill: str = "none",
        c: str = "none",
        sw: float = 0.18,
        dash: str = "",
        opacity: float | None = None,
    ) -> None:
        self.out.append(
            tag(
                "path",
                d=d,
                fill=fill,
                stroke=c if c != "none" else None,
                stroke_width=str(sw) if c != "none" else None,
                stroke_linejoin="round" if c != "none" else None,
                stroke_dasharray=dash,
                fill_opacity=None if opacity is None else str(opacity),
            )
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 2.5,
        c: str = "",
        anchor: str = "start",
        bold: bool = False,
        cased: bool = False,
        turn: float | None = None,
    ) -> None:
        casing: dict[str, Any] = (
            {"paint_order": "stroke", "stroke": "#fff", "stroke_width": "0.9", "stroke_linejoin": "round"}
            if cased
            else {}
        )
        self.out.append(
            tag(
                "text",
                text,
                x=mm(x),
                y=mm(y),
                font_size=str(size),
                fill=c or ink("ink"),
                text_anchor=anchor if anchor != "start" else None,
                font_weight="700" if bold else None,
                transform=None if turn is None else f"rotate({turn} {mm(x)} {mm(y)})",
                **casing,
            )
        )

    def lines(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        size: float = 2.5,
        c: str = "",
        bold: bool = False,
        lead: float = 1.32,
    ) -> float:
        """Text in lines of at most `width`; gives y after the last line."""
        for line in wrapped(text, width, size, bold):
            self.text(x, y, line, size, c, bold=bold)
            y += size * lead
        return y

    @contextmanager
    def group(self, class_: str, label: str = "", id_: str = "") -> Iterator[None]:
        """What is drawn inside is one group; with a label it is one thing for a screen reader."""
        before, self.out = self.out, []
        try:
            yield
        finally:
            inside, self.out = self.out, before
            named = {"role": "img", "aria_label": label} if label else {}
            if inside:
                self.out.append(tag("g", inside, class_=class_, data_id=id_, **named))

    def hatch(self, name: str, c: str, step: float, width: float, angle: float) -> None:
        """A pattern of lines, used as `fill=self.use(name)`."""
        line = tag("line", x1="0", y1="0", x2="0", y2=mm(step), stroke=c, stroke_width=str(width * 2))
        self.defs.append(
            tag(
                "pattern",
                [line],
                id=f"{self.prefix}-{name}",
                width=mm(step),
                height=mm(step),
                patternUnits="userSpaceOnUse",
                patternTransform=f"rotate({angle})",
            )
        )

    def dots(self, name: str, c: str, step: float, r: float) -> None:
        """A pattern of dots."""
        made = [
            tag("circle", cx=mm(step * a), cy=mm(step * b), r=str(r), fill=c) for a, b in ((0.25, 0.3), (0.75, 0.8))
        ]
        self.defs.append(
            tag(
                "pattern",
                made,
                id=f"{self.prefix}-{name}",
                width=mm(step),
                height=mm(step),
                patternUnits="userSpaceOnUse",
            )
        )

    def use(self, name: str) -> str:
        """The fill that shows a pattern."""
        return f"url(#{self.prefix}-{name})"
