"""QGIS itself as a client of the running server; skipped loudly where it is not installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import integralie as itg
from api.conftest import running

SYSTEM_PYTHON = "/usr/bin/python3"  # the one that QGIS of the system is built for
SCRIPT = """
import json, sys
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
def layer(name):
    return QgsVectorLayer(f"url='{sys.argv[1]}v1' typename='{name}'", name, "OAPIF")
told = {}
for name in ("streets", "works", "openings"):
    one = layer(name)
    told[name] = [one.isValid(), one.isValid() and sum(1 for _ in one.getFeatures())]
if told["streets"][0]:
    streets = layer("streets")
    box = QgsRectangle(*json.loads(sys.argv[2]))
    told["box"] = sorted(f["id"] for f in streets.getFeatures(QgsFeatureRequest().setFilterRect(box)))
print("TOLD" + json.dumps(told), flush=True)
"""


def _has_qgis() -> bool:
    if shutil.which("qgis") is None or not Path(SYSTEM_PYTHON).exists():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, timeout=60).returncode == 0


def test_qgis_opens_the_tables_of_a_running_server(town_file):
    if not _has_qgis():
        pytest.skip("QGIS IS NOT INSTALLED: apt-get install qgis python3-qgis")
    study = itg.open(town_file)
    degrees = study.streets.to_crs(4326)
    west, south, east, north = degrees.total_bounds
    box = [west, south, (west + east) / 2, (south + north) / 2]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ""}
    with running(town_file) as url:
        made = subprocess.run(
            [SYSTEM_PYTHON, "-c", SCRIPT, url, json.dumps(box)], capture_output=True, text=True, timeout=120, env=env
        )
    told = json.loads(next(line for line in made.stdout.splitlines() if line.startswith("TOLD"))[4:])
    assert {n: told[n] for n in ("streets", "works", "openings")} == {
        n: [True, len(study[n])] for n in ("streets", "works", "openings")
    }
    inside = degrees.cx[box[0] : box[2], box[1] : box[3]].index
    assert set(told["box"]) == set(inside)


def test_every_link_is_a_whole_address(look):
    pages = ("", "/collections", "/collections/streets", "/collections/streets/items?limit=2", "/processes", "/jobs")
    for page in pages:
        told = look.get(f"/v1{page}").json()
        links = [*told["links"], *(link for c in told.get("collections", []) for link in c["links"])]
        assert links and all(link["href"].startswith("http://testserver/v1") for link in links), page
