"""IMKL: a KLIC delivery (zip or XML), versions 1.2.1, 2.0 and 3.0 by the same code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.errors import DataError
from integralie.importers import archive
from integralie.importers.gml import geometry, local
from integralie.importers.told import Told
from integralie.importers.values import plausible_years
from integralie.kinds import kinds
from integralie.schema.frames import conform
from integralie.schema.notes import finding
from integralie.settings import RD_NEW, Settings

NAME = "KLIC (IMKL)"
SUFFIXES = (".zip", ".xml", ".gml")
SPACE = b"geostandaarden.nl/imkl"
HREF = "{http://www.w3.org/1999/xlink}href"
LINES = (
    "Elektriciteitskabel",
    "Telecommunicatiekabel",
    "OlieGasChemicalienPijpleiding",
    "Waterleiding",
    "Rioolleiding",
    "ThermischePijpleiding",
    "Overig",
)
HOLDERS = ("Kabelbed", "Mantelbuis", "Duct")
POINTS = {"Kast": "cabinet", "Mangat": "manhole", "TechnischGebouw": "substation"}
FITTINGS = {"kolk": "gully", "streetLight": "lighting_mast", "rioolput": "manhole", "inspectieput": "manhole"}
LEGACY = {"gas lage druk": "gasLageDruk", "gas hoge druk": "gasHogeDruk"}
STATUS = {"functional": "in_use", "disused": "disused", "projected": "projected"}
MATERIALS = {
    "PE": "pe", "HDPE": "pe", "LDPE": "pe", "PVC": "pvc", "SPVC": "pvc", "steel": "steel", "concrete": "concrete", "reinforcedConcrete": "concrete", "gres": "vitrified_clay",
    "clay": "vitrified_clay", "asbestosCement": "asbestos_cement", "asbestos": "asbestos_cement", "castIron": "grey_cast_iron", "greyCastIron": "grey_cast_iron", "ductileIron": "ductile_iron",
    "nodularIron": "ductile_iron",
}  # fmt: skip
MILLIMETRES = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
NEAR = 2.0  # metres: a measured depth belongs to the line of its network that lies this near
ROLES = {"GM": "department", "KL": "network_operator", "WS": "water_board"}


@dataclass
class Delivery:
    """What stands in a delivery, before it is joined: lines, points, links, networks, operators."""

    things: list[dict[str, Any]] = field(default_factory=list)
    links: dict[str, shapely.Geometry | None] = field(default_factory=dict)
    nets: dict[str, dict[str, Any]] = field(default_factory=dict)
    depths: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)


def sniff(path: Path) -> bool:
    """Whether the file is an IMKL delivery."""
    return SPACE in archive.head(path, (".xml", ".gml"), 8192)


def _href(element: Any, name: str) -> list[str]:
    return [(c.get(HREF) or "").rsplit("/", 1)[-1].lstrip("#") for c in element if local(c) == name]


def _text(element: Any, name: str) -> str | None:
    return next((c.text.strip() for c in element if local(c) == name and c.text and c.text.strip()), None)


def _size(element: Any, *names: str) -> float | None:
    """A diameter or width in millimetres."""
    for child in element:
        if local(child) in names and child.text:
            unit = (child.get("uom") or "mm").rsplit(":", 1)[-1]
            value = pd.to_numeric(child.text, errors="coerce")
            return float(value) * MILLIMETRES.get(unit, 1.0) if value and value > 0 else None
    return None


def _id(element: Any) -> str:
    return element.get("{http://www.opengis.net/gml/3.2}id") or ""


def _take(element: Any, out: Delivery) -> None:
    """One feature of the delivery put where it belongs; names and numbers of persons are never looked at."""
    name = local(element)
    if name in ("UtilityLink",):
        out.links[_id(element)] = next((geometry(c) for c in element if local(c) == "centrelineGeometry"), None)
    elif name == "Utiliteitsnet":
        depth = pd.to_numeric(_text(element, "standaardDieptelegging"), errors="coerce")
        out.nets[_id(element)] = {
            "theme": LEGACY.get((_href(element, "thema") or [""])[0], (_href(element, "thema") or [""])[0]),
            "cover": depth,
        }
    elif name in LINES or name in HOLDERS or name in POINTS or name == "Appurtenance":
        out.things.append(_thing(element, name))
    elif name == "DiepteTovMaaiveld":
        place = next((geometry(c) for c in element if local(c) in ("ligging", "geometry")), None)
        out.depths.append(
            {"net": (_href(element, "inNetwork") or [""])[0], "cover": _text(element, "dieptePeil"), "geometry": place}
        )
    elif name == "Beheerder":
        code = _text(element, "bronhoudercode")
        title = next((e.text for o in element if local(o) == "organisatie" for e in o.iter("{*}naam")), None)
        if code:
            out.names[code] = title or code
    elif name == "Belanghebbende":
        if _text(element, "betrokkenBijAanvraag") == "false":
            out.absent += [_code(_id(element))]
    elif name == "GebiedsinformatieAanvraag":
        out.facts |= {
            "request": _text(element, "klicMeldnummer") or _text(element, "ordernummer") or "?",
            "date": (_text(element, "beginLifespanVersion") or "")[:10],
            "sort": (_href(element, "aanvraagSoort") or ["?"])[0] or "?",
        }
    else:
        out.skipped[name] = out.skipped.get(name, 0) + 1


def _thing(element: Any, name: str) -> dict[str, Any]:
    own = next((geometry(c) for c in element if local(c) == "geometry"), None)
    return {
        "id": _id(element), "class": name, "net": (_href(element, "inNetwork") or [""])[0], "links": _href(element, "link"), "geometry": own,
        "status": STATUS.get((_href(element, "currentStatus") or [""])[0]), "year": (_text(element, "validFrom") or "")[:4], "label": _text(element, "label"),
        "diameter": _size(element, "pipeDiameter", "cableDiameter"), "width": _size(element, "ductWidth"), "material": (_href(element, "buismateriaalType") or [None])[0],  # type: ignore[list-item]
        "fitting": (_href(element, "appurtenanceType") or [""])[0], "accuracy": (_href(element, "geoNauwkeurigheidXY") or [""])[0],
    }  # fmt: skip


def _code(id_: str) -> str:
    """The operator code in an identifier: KL1031, GM1641."""
    found = re.search(r"\b([A-Z]{2}\d{4})\.", id_)
    return found.group(1) if found else "onbekend"


def read(path: Path, settings: Settings, **options: Any) -> Told:
    """The cables, pipes and visible points of a KLIC delivery as assets, with their operators as parties.

    Geometry comes from the links, theme and default depth from the network, the rest from the cable or pipe itself.
    Cable beds, ducts and casings repeat the route of what lies in them: they get the kind `duct`, which is never
    counted with the others. Odd years become unknown and are told. A default depth is marked as default; a measured
    one as measured. Persons are not read.

    Raises
        DataError when the study is not in RD New or the file is damaged.
    """
    if settings.crs != RD_NEW:
        raise DataError(f"'{path.name}' is in {RD_NEW} and the study in {settings.crs}; make the study in {RD_NEW}.")
    out = Delivery()
    with archive.streams(path, (".xml", ".gml")) as parts:
        for name, open_ in parts:
            with open_() as stream:
                for member in archive.elements(stream, ("{*}featureMember", "{*}featureMembers", "{*}member"), name):
                    for element in member:
                        if local(element):
                            _take(element, out)
    if not out.things:
        raise DataError(f"'{path.name}' holds no cables or pipes; check that the delivery is complete.")
    frame = _joined(pd.DataFrame(out.things), out)
    assets, odd = _assets(frame, _measured(frame, out.depths), path, settings)
    told = Told({"assets": conform("assets", assets), "parties": conform("parties", _parties(frame, out, path))})
    told.findings = _findings(frame, assets, odd, out, path)
    told.facts |= out.facts
    return told


def _joined(frame: pd.DataFrame, out: Delivery) -> pd.DataFrame:
    """Geometry from the links, theme and depth from the network."""

    def route(links: list[str]) -> shapely.Geometry | None:
        parts = [out.links[k] for k in links if out.links.get(k) is not None]
        if len(parts) < 2:
            return parts[0] if parts else None
        return shapely.line_merge(shapely.multilinestrings(list(shapely.get_parts(np.array(parts, dtype=object)))))

    shape = [g if g is not None else route(k) for g, k in zip(frame["geometry"], frame["links"])]
    net = frame["net"].map(lambda k: out.nets.get(k, {}))
    return frame.assign(
        geometry=shape, theme=net.map(lambda n: n.get("theme") or "overig"), default=pd.to_numeric(net.map(lambda n: n.get("cover", np.nan)), errors="coerce"),
        code=frame["id"].map(_code), line=frame["class"].isin(LINES + HOLDERS),
    )  # fmt: skip


def _kind(frame: pd.DataFrame) -> pd.Series:
    themes = {text: name for name, kind in kinds().items() for text in kind.imkl}
    kind = (
        frame["theme"]
        .map(themes)
        .where(frame["class"].isin(LINES))
        .fillna(frame["class"].map(POINTS))
        .fillna(frame["fitting"].map(FITTINGS))
    )
    return kind.mask(frame["class"].isin(HOLDERS), "duct")


def _measured(frame: pd.DataFrame, depths: list[dict[str, Any]]) -> pd.Series:
    """The measured depth of each line that a measuring point of its network lies on; the least when there are
    several.
    """
    out = pd.Series(np.nan, index=frame.index)
    for point in depths:
        value = pd.to_numeric(point["cover"], errors="coerce")
        near = frame[frame["line"] & (frame["net"] == point["net"]) & frame["geometry"].notna()]
        if len(near) and point["geometry"] is not None and value > 0:
            far = pd.Series(shapely.distance(np.asarray(near["geometry"]), point["geometry"]), index=near.index)
            if far.min() <= NEAR:
                out[far.idxmin()] = np.fmin(out[far.idxmin()], value)
    return out


def _assets(
    frame: pd.DataFrame, depth: pd.Series, path: Path, settings: Settings
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    year, odd = plausible_years(frame["year"], settings)
    kind = _kind(frame)
    material = frame["material"].map(MATERIALS)
    kept = kind.notna()
    ids = "asset:" + frame["id"].str.replace("nl.imkl-", "", regex=False)
    rank = ids.groupby(ids).cumcount()
    assets = gpd.GeoDataFrame({
        "id": ids.where(rank == 0, ids + "#" + (rank + 1).astype(str)), "kind": kind, "party": "party:" + frame["code"].str.lower(), "name": frame["label"], "status": frame["status"],
        "year_built": year, "year_built_quality": pd.Series("registered", index=frame.index).where(year.notna(), "unknown"),
        "material": material, "material_quality": pd.Series("registered", index=frame.index).where(material.notna(), "unknown"),
        "diameter": frame["diameter"], "diameter_quality": pd.Series("registered", index=frame.index).where(frame["diameter"].notna(), "unknown"),
        "width": frame["width"] / 1000, "cover": depth.fillna(frame["default"]),
        "cover_quality": np.select([depth.notna(), frame["default"].notna()], ["measured", "default"], "unknown"),
        "accuracy": frame["accuracy"].str.extract(r"(\d+)cm", expand=False).astype(float) / 100,
        "function": frame["class"] + ":" + frame["theme"], "source": path.name, "sharing": 0, "geometry": frame["geometry"],
    }, geometry="geometry", crs=RD_NEW)  # fmt: skip
    return assets[kept], odd & frame["line"]


def _parties(frame: pd.DataFrame, out: Delivery, path: Path) -> pd.DataFrame:
    codes = sorted(set(frame["code"]) | set(out.names))
    return pd.DataFrame(
        {
            "id": [f"party:{c.lower()}" for c in codes],
            "name": [out.names.get(c, c) for c in codes],
            "role": [ROLES.get(c[:2], "network_operator") for c in codes],
            "source": path.name,
            "sharing": 3,
        }
    )


def _findings(
    frame: pd.DataFrame, assets: gpd.GeoDataFrame, odd: pd.Series, out: Delivery, path: Path
) -> list[pd.DataFrame]:
    """What a programmer must know of this delivery: lines per theme, odd years, default depths, who was not involved,
    how old it is.
    """
    lines = frame[frame["line"]]
    length = pd.Series(shapely.length(np.asarray(lines["geometry"])), index=lines.index)
    by = pd.DataFrame({"theme": lines["theme"], "km": length / 1000, "holder": lines["class"].isin(HOLDERS)}).groupby(
        "theme"
    )
    themes = by.agg(count=("km", "size"), km=("km", "sum"), holders=("holder", "sum")).reset_index()
    said = [finding("klic_theme", "assets", [f"klic:{t}" for t in themes["theme"]], themes, "note")]
    said.append(
        finding("klic_total", "assets", [f"klic:{path.name}"], {"count": len(lines), "km": length.sum() / 1000}, "note")
    )
    if odd.any():
        per = (
            lines.loc[odd[lines.index]]
            .groupby("theme")["year"]
            .agg(["size", lambda y: ", ".join(sorted(set(y)))])
            .reset_index()
        )
        per.columns = ["theme", "count", "years"]
        said.append(
            finding(
                "klic_odd_years",
                "assets",
                [f"klic:{t}:jaar" for t in per["theme"]],
                per,
                "warning",
                "jaar onbekend gemaakt",
            )
        )
        said.append(
            finding(
                "klic_odd_total",
                "assets",
                [f"klic:{path.name}:jaar"],
                {"count": int(odd.sum())},
                "warning",
                "jaar onbekend gemaakt",
            )
        )
    default = int((assets["cover_quality"] == "default").sum())
    said.append(
        finding(
            "klic_depth",
            "assets",
            [f"klic:{path.name}:diepte"],
            {"default": default, "measured": int((assets["cover_quality"] == "measured").sum())},
            "note",
        )
    )
    said.append(
        finding(
            "klic_request",
            "assets",
            [f"klic:{path.name}:aanvraag"],
            {k: out.facts.get(k, "?") for k in ("request", "date", "sort")},
            "warning",
        )
    )
    said += [
        finding("klic_absent", "parties", [f"party:{c.lower()}"], {"code": c}, "warning")
        for c in sorted(set(out.absent))
    ]
    left = {
        **out.skipped,
        "Appurtenance": int(((frame["class"] == "Appurtenance") & ~frame.index.isin(assets.index)).sum()),
    }
    told = ", ".join(f"{k} {v}" for k, v in sorted(left.items()) if v)
    homeless = int(lines["geometry"].isna().sum())
    said += (
        [finding("klic_no_place", "assets", [f"klic:{path.name}:plaats"], {"count": homeless}, "error")]
        if homeless
        else []
    )
    return [*said, finding("klic_left", "assets", [f"klic:{path.name}:rest"], {"what": told}, "note")]
