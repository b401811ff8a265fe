"""How QGIS shows each layer: colours of the one list, years for what is programmed, networks for what lies there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from integralie.kinds import kinds
from integralie.schema import frames
from integralie.schema.colours import colour, network, year_colour
from integralie.settings import Settings
from integralie.study import Study

OGR = {"line": "Unknown", "polygon": "Unknown", "any": "Unknown"}
SHAPES = {
    "streets": "line",
    "openings": "line",
    "opportunities": "line",
    "clashes": "line",
    "room": "line",
    "areas": "fill",
}
BY_YEAR = ("openings", "programme", "opportunities")
FLAT = {"streets": "map.street", "areas": "line-control", "clashes": "bad", "room": "accent", "works": "accent", "plans": "brick", "claims": "heat",
        "openings_past": "ink-3", "contributions": "accent"}  # fmt: skip


def geometry_type(name: str) -> str:
    """The geometry type of the layer; mixed, because a plan may be a point, a line or an area."""
    return OGR[frames.table(name).geometry]


def _rgb(hex_: str) -> str:
    return ",".join(str(int(hex_[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _option(pairs: dict[str, str]) -> str:
    return (
        "<Option type='Map'>"
        + "".join(f"<Option type='QString' name='{k}' value={quoteattr(v)}/>" for k, v in pairs.items())
        + "</Option>"
    )


def symbol(shape: str, hex_: str, name: str = "0", width: float = 0.6) -> str:
    """One QGIS symbol: a line, a marker or a fill in that colour."""
    ink = _rgb(hex_)
    made = {
        "line": (
            "line",
            "SimpleLine",
            {"line_color": ink, "line_width": f"{width:g}", "capstyle": "round", "joinstyle": "round"},
        ),
        "marker": ("marker", "SimpleMarker", {"color": ink, "size": "1.6", "outline_style": "no", "name": "circle"}),
        "fill": (
            "fill",
            "SimpleFill",
            {"color": ink, "outline_color": _rgb(colour("line-control").screen), "outline_width": "0.1"},
        ),
    }
    kind, layer, options = made[shape]
    return (f"<symbol type='{kind}' name={quoteattr(name)} alpha='1' clip_to_extent='1' force_rhr='0'>"
            f"<layer class='{layer}' enabled='1' pass='0' locked='0'>{_option(options)}</layer></symbol>")  # fmt: skip


def _categories(attribute: str, entries: Iterable[tuple[str, str, str]], shape: str, width: float) -> str:
    """A renderer with one class per value: (value, label, colour)."""
    listed = list(entries)
    heads = "".join(
        f"<category value={quoteattr(v)} symbol='{i}' label={quoteattr(t)} render='true' type='string'/>"
        for i, (v, t, _) in enumerate(listed)
    )
    drawn = "".join(symbol(shape, c, str(i), width) for i, (_, _, c) in enumerate(listed))
    return f"<renderer-v2 type='categorizedSymbol' attr={quoteattr(attribute)} forceraster='0' symbollevels='0' enableorderby='0'><categories>{heads}</categories><symbols>{drawn}</symbols></renderer-v2>"


def renderer(name: str, shape: str, settings: Settings) -> str:
    """How one layer is drawn: by year, by kind of asset, or in one colour."""
    if name in BY_YEAR:
        years = ((str(y), str(y), year_colour(y, settings.first, settings.periods).screen) for y in settings.years)
        return _categories("period", years, shape, 1.2)
    if name == "assets":
        listed = ((n, k.label_nl, network(k.network).screen) for n, k in kinds().items())
        return _categories("kind", listed, shape, 0.4)
    return f"<renderer-v2 type='singleSymbol' forceraster='0' symbollevels='0' enableorderby='0'><symbols>{symbol(shape, colour(FLAT.get(name, 'ink-3')).screen)}</symbols></renderer-v2>"


def aliases(name: str) -> str:
    """Dutch titles for the columns in forms and tables."""
    rows = enumerate(c for c in frames.table(name).columns.values() if c.type != "geometry")
    return (
        "<aliases>"
        + "".join(f"<alias index='{i + 1}' field={quoteattr(c.name)} name={quoteattr(c.meaning_nl)}/>" for i, c in rows)
        + "</aliases>"
    )


def qml(name: str, settings: Settings) -> str:
    """The style file of one layer."""
    drawn = renderer(name, SHAPES.get(name, "line"), settings)
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'><qgis version='3.22' styleCategories='Symbology|Fields'>{drawn}{aliases(name)}</qgis>"


def write(base: sqlite3.Connection, study: Study) -> None:
    """One default style for each layer that is in the file."""
    layers = [r[0] for r in base.execute("SELECT table_name FROM gpkg_geometry_columns ORDER BY table_name")]
    rows = [(n, "geom", f"{n}", qml(n, study.settings), 1, "Integralië") for n in layers]
    base.executemany(
        "INSERT INTO layer_styles (f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, description, f_table_catalog, f_table_schema)"
        " VALUES (?, ?, ?, ?, ?, ?, '', '')",
        rows,
    )
