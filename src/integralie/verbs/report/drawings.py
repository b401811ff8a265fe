"""The drawings of the report: two maps, the money of each party against its budget, and the openings in time."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from integralie.kinds import kinds
from integralie.paper import street_map as town
from integralie.paper.facts import Facts
from integralie.paper.svg import Sheet, picture, tag
from integralie.paper.words import MILLION
from integralie.schema.colours import colour, network, year_colour
from integralie.verbs.report.sections import parties_by_money

LABEL, RIGHT, HEAD = 210, 1180, 44  # where the years begin and end, and the height of their head
ROW, BAND = 34, 78  # height of a street in time and of a party in money
TEXT = 13.5
MOST_ROWS = 40
LEAST_SHOWN, LEAST_OVER, ROOM = 5000.0, 0.05, 17  # EUR; units: too little to see, and the height of a number
CHIP = 4.5  # height of the strip of network colours under an opening
BASE = "town-base"


def _shapes(facts: Facts, openings: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Where each opening lies: its own line, or else that of its street."""
    own = openings.geometry
    lying = facts.streets.geometry.to_dict()
    streets = gpd.GeoSeries([lying.get(s) for s in openings["street"]], index=openings.index, crs=facts.streets.crs)
    return own.where(own.notna() & ~own.is_empty, streets)


def sheet(facts: Facts) -> Sheet | None:
    """The sheet on which the whole town fits."""
    bounds = town.extent(facts.streets, facts.assets)
    return Sheet.around(bounds, town.WIDTH) if bounds else None


def base(facts: Facts, paper: Sheet) -> Markup:
    """The map underneath, drawn once on the page."""
    names, shapes = facts.assets["kind"].to_numpy(), facts.assets.geometry.to_numpy()
    return town.background(paper, facts.streets, names, shapes, BASE)


def year_classes(facts: Facts) -> list[dict[str, Any]]:
    """The years that share a colour, from first to last."""
    made: dict[str, dict[str, Any]] = {}
    for year in facts.settings.years:
        c = year_colour(year, facts.settings.first, facts.settings.periods)
        made.setdefault(c.name, {"colour": c, "years": []})["years"].append(year)
    return [{"colour": m["colour"], "label": facts.words.years(m["years"][0], m["years"][-1])} for m in made.values()]


def _by_year(facts: Facts, paper: Sheet) -> list[Markup]:
    """Openings in the colour of their year; the soonest lies on top."""
    first, periods = facts.settings.first, facts.settings.periods
    shapes = _shapes(facts, facts.openings)
    shapes = shapes[shapes.notna()]
    years = facts.openings["period"].reindex(shapes.index)
    made = []
    for year in sorted({int(y) for y in years}, reverse=True):
        part = shapes[years == year]
        made.append(town.lines(paper, part, year_colour(year, first, periods).screen, 9, str(year)))
    return made


def programme_map(facts: Facts, paper: Sheet, under: Markup) -> Markup:
    """All openings, coloured by year."""
    w = facts.words
    about = w.t("map.programme.about", openings=len(facts.openings), streets=len(facts.streets))
    parts = [under, *_by_year(facts, paper), town.names(paper, facts.streets), town.furniture(paper, w)]
    return picture(parts, paper.width, paper.height, w.t("map.programme.title"), about, "map-programme", class_="map")


def joint_map(facts: Facts, paper: Sheet) -> Markup:
    """The openings that more than one party shares: the line is as broad as there are parties."""
    w, openings = facts.words, facts.openings[facts.openings["parties"].fillna(0) >= 2]
    shapes = _shapes(facts, openings)
    made = [tag("use", href=f"#{BASE}")]
    for parties in sorted(openings["parties"].dropna().unique()):
        part = shapes[(openings["parties"] == parties) & shapes.notna()]
        made.append(
            town.lines(
                paper, part, colour("brick").screen, 3 + 3 * min(int(parties), 5), w.count("parties", int(parties))
            )
        )
    about = w.t("map.joint.about", openings=len(openings), all=len(facts.openings))
    made += [town.names(paper, facts.streets), town.furniture(paper, w)]
    return picture(made, paper.width, paper.height, w.t("map.joint.title"), about, "map-joint", class_="map")


# How a light is drawn: colour, width (units) and dash, so that it reads in black and white too.
LIGHTS = {
    "unknown": ("unknown", 7, "9 9"),
    "low": ("good", 5, ""),
    "medium": ("warn", 10, ""),
    "high": ("bad", 15, ""),
}


def crowding_map(facts: Facts, paper: Sheet) -> Markup | None:
    """How full the ground of each street is, as a traffic light; unknown is dashed. Nothing without `fit`."""
    w, rows = facts.words, facts.room[facts.room["crowding"].notna()]
    if rows.empty:
        return None
    made = [tag("use", href=f"#{BASE}")]
    shapes = facts.streets.geometry
    for light, (ink, width, dash) in LIGHTS.items():
        part = shapes.reindex(rows.loc[rows["crowding"] == light, "street"])
        made.append(town.lines(paper, part[part.notna()], colour(ink).screen, width, w.term("crowding", light), dash))
    counts = rows["crowding"].value_counts()
    told = w.listed([f"{w.num(int(counts[n]))} {w.term('crowding', n)}" for n in reversed(LIGHTS) if n in counts])
    about = w.t("map.crowding.about", told=told)
    made += [town.names(paper, facts.streets), town.furniture(paper, w)]
    return picture(made, paper.width, paper.height, w.t("map.crowding.title"), about, "map-crowding", class_="map")


def crowding_legend(facts: Facts) -> list[tuple[str, str]]:
    """Colour and word of each light, the fullest first."""
    return [(colour(LIGHTS[light][0]).screen, facts.words.term("crowding", light)) for light in reversed(LIGHTS)]


def _x(facts: Facts, year: float) -> float:
    """Where a year begins: one rule for money and time, so that both can be read under each other."""
    return LABEL + (year - facts.settings.first) * (RIGHT - LABEL) / facts.settings.periods


def _text(content: str, x: float, y: float, **more: Any) -> Markup:
    return tag("text", content, x=x, y=y, **{"font_size": TEXT, "fill": colour("ink").screen, **more})


def _head(facts: Facts, height: float) -> list[Markup]:
    """Years on top, each with its colour and a fine line down."""
    first, periods = facts.settings.first, facts.settings.periods
    wide = (RIGHT - LABEL) / periods
    made = []
    for year in facts.settings.years:
        x = _x(facts, year)
        label = str(year) if wide > 40 else f"’{year % 100:02d}"
        made.append(_text(label, x + wide / 2, 26, text_anchor="middle", font_weight=600))
        made.append(tag("rect", x=x + 1, y=33, width=wide - 2, height=5, fill=year_colour(year, first, periods).screen))
        made.append(tag("path", d=f"M{x:.1f} {HEAD}V{height}", stroke=colour("line").screen))
    return made


def hatch() -> Markup:
    """The pattern that says: over the limit."""
    line = tag("path", d="M0 6L6 0", stroke=colour("bad").screen, stroke_width=2)
    ground = tag("rect", width=6, height=6, fill=colour("bad").casing)
    return tag("defs", [tag("pattern", [ground, line], id="over", width=6, height=6, patternUnits="userSpaceOnUse")])


def _bars(facts: Facts, rows: pd.DataFrame, top: float) -> list[Markup]:
    """The years of one party: a bar for what is spent, a thick line for what there is."""
    wide, tall, foot = (RIGHT - LABEL) / facts.settings.periods, BAND - 24, top + BAND - 6
    most = max(float(rows[["used", "limit"]].max().max()), 1.0)
    made: list[Markup] = []
    for row in rows.itertuples():
        limit = None if pd.isna(row.limit) else tall * row.limit / most
        made += _bar(_x(facts, row.period), foot, wide, tall * row.used / most, limit)
        made += _amount(facts, row.used, _x(facts, row.period) + wide / 2, foot, tall * row.used / most, limit)
    return made


def _bar(x: float, foot: float, wide: float, high: float, limit: float | None) -> list[Markup]:
    """One bar with its limit; what lies above the limit is hatched and marked."""
    within = high if limit is None else min(high, limit)
    made = [tag("rect", x=x + 4, y=foot - within, width=wide - 8, height=within, fill=colour("bar").screen)]
    if limit is not None and high > limit + LEAST_OVER:
        made.append(tag("rect", x=x + 4, y=foot - high, width=wide - 8, height=high - limit, fill="url(#over)"))
        made.append(_text("!", x + wide - 7, foot - high - 2, fill=colour("bad").screen, font_weight=700))
    if limit is not None:
        made.append(
            tag("path", d=f"M{x:.1f} {foot - limit:.1f}h{wide:.1f}", stroke=colour("ink").screen, stroke_width=2)
        )
    return made


def _amount(facts: Facts, used: float, x: float, foot: float, high: float, limit: float | None) -> list[Markup]:
    """The number at a bar, in millions: inside when there is room, else above it and never on the limit."""
    if used < LEAST_SHOWN:
        return []
    text = facts.words.num(used / MILLION, 1 if used >= MILLION / 10 else 2)
    if min(high, limit if limit is not None else high) > ROOM:
        return [_text(text, x, foot - 5, text_anchor="middle", fill=colour("bar").on)]
    clear = limit is None or not high + 2 < limit + 4 < high + ROOM + 4
    y = foot - (high if clear or limit is None else limit) - 4
    return [_text(text, x, y, text_anchor="middle", fill=colour("ink-2").screen, **_halo())]


def _halo() -> dict[str, Any]:
    return {"paint_order": "stroke", "stroke": colour("paper").screen, "stroke_width": 3}


def _wrapped(text: str, most: int = 26) -> list[str]:
    """A label in at most three lines."""
    lines: list[str] = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]


def money(facts: Facts) -> Markup:
    """Years x money, a band per party."""
    w, rows = facts.words, facts.money
    parties = parties_by_money(rows)
    height = HEAD + BAND * len(parties) + 4
    made = [hatch(), *_head(facts, height)]
    for place, party in enumerate(parties):
        part, top = rows[rows["party"] == party], HEAD + BAND * place
        made += [
            _text(line, 4, top + 22 + 16 * i, font_weight=600) for i, line in enumerate(_wrapped(facts.party(party)))
        ]
        total = w.t("chart.money.total", total=w.mln(part["used"].sum()))
        made.append(_text(total, 4, top + 24 + 16 * len(_wrapped(facts.party(party))), fill=colour("ink-3").screen))
        made += _bars(facts, part, top)
        made.append(tag("path", d=f"M0 {top + BAND - 6}H{RIGHT}", stroke=colour("ink-3").screen))
    over = int((rows["used"] > rows["limit"] + 0.5).sum())
    about = w.t("chart.money.about", parties=len(parties), over=over)
    return picture(made, RIGHT + 4, height, w.t("chart.money.title"), about, "chart-money", class_="wide")


def _strip(names: list[str], x: float, y: float, wide: float) -> list[Markup]:
    """The networks in an opening as a strip of their colours."""
    part = wide / max(len(names), 1)
    return [
        tag("rect", x=x + i * part, y=y, width=max(part - 1, 1), height=CHIP, fill=network(n).screen)
        for i, n in enumerate(names)
    ]


def _row(facts: Facts, name: str, openings: pd.DataFrame, works: pd.DataFrame, top: float) -> list[Markup]:
    """One street in time: the span of the windows as a thin bracket, each opening as a block."""
    s = facts.settings
    lines = _wrapped(name, 30)[:2]
    made = [_text(line, 4, top + (21 if len(lines) == 1 else 14 + 15 * i)) for i, line in enumerate(lines)]
    low, high = works["earliest"].min(), works["latest"].max()
    if pd.notna(low) and pd.notna(high):
        x0, x1 = _x(facts, max(int(low), s.first)), _x(facts, min(int(high) + 1, s.first + s.periods))
        made.append(
            tag(
                "path",
                d=f"M{x0:.1f} {top + 11}v12m0-6H{x1:.1f}m0-6v12",
                stroke=colour("line-control").screen,
                fill="none",
            )
        )
    for year, part in openings.groupby("period", sort=True):
        made += _block(facts, int(year), part, works, top)
    made.append(tag("path", d=f"M0 {top + ROW}H{RIGHT}", stroke=colour("line").screen))
    return made


def _block(facts: Facts, year: int, openings: pd.DataFrame, works: pd.DataFrame, top: float) -> list[Markup]:
    """The openings of one street in one year: a block with the number of works and a strip of their networks."""
    wide, ink = (RIGHT - LABEL) / facts.settings.periods, colour("ink").screen
    x, c = _x(facts, year), year_colour(year, facts.settings.first, facts.settings.periods)
    found = works.loc[works["opening"].isin(openings.index), "kind"].dropna().unique()
    networks = sorted({kinds()[k].network for k in found if k in kinds()})
    box = tag("rect", x=x + 2, y=top + 4, width=wide - 4, height=26, rx=4, fill=c.screen, stroke=ink)
    count = facts.words.num(int(openings["works"].sum()))
    label = _text(count, x + wide / 2, top + 18, text_anchor="middle", fill=c.on, font_weight=600)
    return [box, label, *_strip(networks, x + 5, top + 22, wide - 10)]


def time_rows(facts: Facts) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """The streets with the most money in openings, each with its openings and works; first in time comes first."""
    streets = facts.openings["street"].map(facts.street)
    worth = facts.value.groupby(streets.to_numpy()).sum().sort_values(ascending=False, kind="stable")
    top = worth.index[:MOST_ROWS]
    works = facts.placed[facts.placed["opening"].notna()]
    theirs = works["opening"].map(streets)
    made = [(str(n), facts.openings[streets == n], works[theirs == n]) for n in top]
    return sorted(made, key=lambda r: (int(r[1]["period"].min()), -len(r[2]), r[0]))


def timeline(facts: Facts, rows: list[tuple[str, pd.DataFrame, pd.DataFrame]]) -> Markup:
    """The openings of the largest streets in time."""
    w, height = facts.words, HEAD + ROW * len(rows) + 4
    made = _head(facts, height)
    for place, (name, openings, works) in enumerate(rows):
        made += _row(facts, name, openings, works, HEAD + ROW * place)
    about = w.t("chart.time.about", streets=len(rows))
    return picture(made, RIGHT + 4, height, w.t("chart.time.title"), about, "chart-time", class_="wide")
