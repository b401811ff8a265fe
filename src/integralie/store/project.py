"""The QGIS project that lies inside a study: all layers in a good order, with styles and relative paths."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from pyproj import CRS

from integralie.schema import frames
from integralie.store import styles
from integralie.study import Study

NAME = "integralie"
ORDER = (
    "openings",
    "clashes",
    "opportunities",
    "plans",
    "claims",
    "openings_past",
    "contributions",
    "streets",
    "assets",
    "areas",
)
PARTS = {
    "any": (("Point", "marker"), ("LineString", "line"), ("Polygon", "fill")),
    "line": (("LineString", "line"),),
    "polygon": (("Polygon", "fill"),),
}
DUTCH = {"Point": "punten", "LineString": "lijnen", "Polygon": "vlakken"}
FIRST_SEEN = ("openings", "streets", "assets")


@cache
def _srs(crs: str) -> str:
    known = CRS(crs)
    number = known.to_epsg()
    wkt = f"<wkt>{escape(known.to_wkt())}</wkt><proj4></proj4>"
    return f"<spatialrefsys nativeFormat='Wkt'>{wkt}<srid>{number}</srid><authid>EPSG:{number}</authid></spatialrefsys>"


def _layer(study: Study, name: str, part: str, shape: str) -> tuple[str, str, str]:
    """One map layer: its id, its entry in the tree and its definition."""
    key = f"{name}_{part.lower()}"
    mixed = len(PARTS[frames.table(name).geometry]) > 1
    title = frames.table(name).meaning_nl.split(":")[0].split(",")[0] + (f" ({DUTCH[part]})" if mixed else "")
    source = f"./study.gpkg|layername={name}" + (f"|geometrytype={part}" if mixed else "")
    seen = "Qt::Checked" if name in FIRST_SEEN else "Qt::Unchecked"
    tree = f"<layer-tree-layer id={quoteattr(key)} name={quoteattr(title)} source={quoteattr(source)} providerKey='ogr' checked='{seen}' expanded='0'/>"
    body = (
        f"<maplayer type='vector' geometry='{part.replace('LineString', 'Line')}' styleCategories='AllStyleCategories'>"
        f"<id>{escape(key)}</id><datasource>{escape(source)}</datasource><layername>{escape(title)}</layername>"
        f"<srs>{_srs(study.settings.crs)}</srs><provider encoding='UTF-8'>ogr</provider>"
        f"{styles.renderer(name, shape, study.settings)}{styles.aliases(name)}</maplayer>"
    )
    return key, tree, body


def _has(study: Study, name: str, part: str) -> bool:
    """Whether the layer holds any shape of that sort."""
    return bool(study[name].geometry.geom_type.dropna().str.endswith(part).any())


def qgs(study: Study, layers: list[str], file: str) -> str:
    """The project as QGIS writes it, with paths relative to the study file."""
    made = [
        _layer(study, n, part, shape)
        for n in ORDER
        if n in layers
        for part, shape in PARTS[frames.table(n).geometry]
        if _has(study, n, part)
    ]
    trees, bodies = "".join(t for _, t, _ in made), "".join(b for _, _, b in made)
    text = (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        f"<qgis version='3.22.16' projectname={quoteattr(study.settings.name)}><title>{escape(study.settings.name)}</title>"
        f"<projectCrs>{_srs(study.settings.crs)}</projectCrs><layer-tree-group>{trees}</layer-tree-group>"
        f"<projectlayers>{bodies}</projectlayers><properties><Paths><Absolute type='bool'>false</Absolute></Paths></properties></qgis>"
    )
    return text.replace("./study.gpkg", f"./{escape(file)}")


def write(base: sqlite3.Connection, study: Study, file: str = "study.gpkg") -> None:
    """Puts the project in the file, zipped and in hexadecimal as QGIS expects it."""
    layers = [r[0] for r in base.execute("SELECT table_name FROM gpkg_geometry_columns")]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{NAME}.qgs"), qgs(study, layers, file))
    about = json.dumps({"last_modified_time": "2026-01-01T00:00:00.000Z", "last_modified_user": "integralie"})
    base.execute(
        "INSERT INTO qgis_projects (name, metadata, content) VALUES (?, ?, ?)", (NAME, about, packed.getvalue().hex())
    )
