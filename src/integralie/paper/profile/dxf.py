"""DXF: the cross-section for a drawing program, in metres, on layers named after NLCS 5.02.

A layer is status (B existing, N new, V goes), discipline, main group, object and element: `B-OI-KL-ET_LS-G`. Colours
are the line colours of NLCS. x is the distance from the left edge; y is minus the depth below peil.
"""

from __future__ import annotations

import io

import ezdxf
import pandas as pd
from ezdxf.document import Drawing
from ezdxf.layouts import Modelspace

from integralie.kinds import kinds
from integralie.paper.profile.networks import depths
from integralie.paper.profile.scene import Zone, zones
from integralie.paper.profile.things import Thing, things
from integralie.paper.words import Words

STATUS = {"there": "B", "new": "N", "off": "V", "gone": "V"}
OTHER, GREY = "KL-ALGEMEEN", 7
TEXT = 0.12  # m: height of letters
METRES = 6  # the DXF code for metres


def layer(doc: Drawing, thing: Thing, element: str = "G") -> str:
    """The layer of a thing, made when it is not there yet. Element G is geometry, T text."""
    kind = kinds().get(thing.kind)
    name, colour = kind.nlcs[0].rsplit(" ", 1) if kind and kind.nlcs else (OTHER, str(GREY))
    return _layer(doc, f"{STATUS.get(thing.state, 'B')}-OI-{name}-{element}", int(colour))


def _layer(doc: Drawing, name: str, colour: int = GREY) -> str:
    if name not in doc.layers:
        doc.layers.add(name, color=colour)
    return name


def dxf(rows: pd.DataFrame, head: dict, words: Words) -> str:
    """The section as the text of a DXF file (R2010)."""
    doc = ezdxf.new("R2010", units=METRES)
    space = doc.modelspace()
    width = float(head["width"])
    for zone in zones(rows, words):
        _zone(doc, space, zone)
    frame = _layer(doc, "X-OI-AL-PROFIEL-G")
    for x in (0.0, width):
        space.add_line((x, 1.0), (x, -3.0), dxfattribs={"layer": frame})
    for thing in things(rows, words):
        _thing(doc, space, thing)
    title = words.t("section.title.now", name=head["name"] or words.t("street_unnamed"))
    space.add_text(
        f"{title} ({head['street']}, {head['at']:.1f} m)",
        height=2 * TEXT,
        dxfattribs={"layer": _layer(doc, "X-OI-AL-TEKST-T")},
    ).set_placement((0, 2.2))
    out = io.StringIO()
    doc.write(out)
    return out.getvalue()


def _zone(doc: Drawing, space: Modelspace, zone: Zone) -> None:
    surface, text = _layer(doc, "B-WE-VH-VERHARDING-G"), _layer(doc, "B-WE-VH-VERHARDING-T")
    space.add_line((zone.left, -zone.level), (zone.right, -zone.level), dxfattribs={"layer": surface})
    place = ((zone.left + zone.right) / 2, 1.2)
    space.add_text(f"{zone.label} {zone.right - zone.left:.2f}", height=TEXT, dxfattribs={"layer": text}).set_placement(
        place, align=ezdxf.enums.TextEntityAlignment.MIDDLE_CENTER
    )


def _thing(doc: Drawing, space: Modelspace, thing: Thing) -> None:
    top, bottom = depths(thing)
    on, text = {"layer": layer(doc, thing)}, {"layer": layer(doc, thing, "T")}
    known = thing.top is not None
    if thing.symbol in ("pipe", "sewer", "cable", "trefoil", "unknown") and known and thing.role != "crossing":
        space.add_circle((thing.x, -(top + bottom) / 2), max((bottom - top) / 2, 0.02), dxfattribs=on)
    else:
        corners = [(thing.left, -top), (thing.right, -top), (thing.right, -bottom), (thing.left, -bottom)]
        space.add_lwpolyline(corners, close=True, dxfattribs=on)
    told = f"{thing.id} {thing.label}" + ("" if known else f" ({words_unknown(thing)})")
    space.add_text(told, height=TEXT, dxfattribs={**text, "rotation": 90}).set_placement(
        (thing.x, -bottom - 0.1), align=ezdxf.enums.TextEntityAlignment.MIDDLE_RIGHT
    )


def words_unknown(thing: Thing) -> str:
    """A question mark for a depth that nobody registered."""
    return "d ?"
