"""Files with places: own names, wrong coordinates, crossed outlines, damaged files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, Polygon

from integralie.errors import DataError
from integralie.importers.tables_file import read
from integralie.settings import RD_NEW, Settings

BOW = Polygon([(150000, 450000), (150010, 450010), (150010, 450000), (150000, 450010)])


def rules(told: Any) -> set[str]:
    return set(pd.concat(told.findings)["rule"]) if told.findings else set()


def write(path: Path, shapes: list[Any], crs: str | None = RD_NEW, layer: str = "plans", **columns: Any) -> Path:
    gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path, layer=layer)
    return path


def test_plans_with_a_crossed_outline_and_an_odd_column(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [BOW], name=["Riool"], party=["Gemeente A"], Kosten=[5.0], vreemd=["x"])
    told = read(path, Settings())
    plan = told.tables["plans"].iloc[0]
    assert plan.geometry.is_valid
    assert (plan["cost"], plan["party"]) == (5.0, "party:gemeente-a")
    assert "party:gemeente-a" in told.tables["parties"].index
    assert rules(told) == {"file_repaired", "file_guess", "file_unread"}


def test_no_coordinate_system_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [BOW], crs=None, name=["x"], party=["a"])
    with pytest.raises(DataError, match="option crs"):
        read(path, Settings())
    assert len(read(path, Settings(), crs=RD_NEW).tables["plans"]) == 1


def test_degrees_become_metres(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [Point(5.387, 52.155)], crs="EPSG:4326", name=["x"], party=["a"])
    told = read(path, Settings())
    assert told.tables["plans"].geometry.iloc[0].distance(Point(155000, 463000)) < 100
    assert "file_crs" in rules(told)


def test_a_road_layer_becomes_streets(tmp_path: Path) -> None:
    lines = [LineString([(150000, 450000), (150100, 450000)])]
    told = read(write(tmp_path / "a.gpkg", lines, layer="wegen", stt_naam=["Kerkstraat"]), Settings())
    assert list(told.tables["streets"]["name"]) == ["Kerkstraat"]


def test_double_ids_and_odd_years(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.gpkg", [BOW.buffer(0)] * 2, id=["1", "1"], name=["x", "y"], party="a", latest=["9999", "2030"]
    )
    told = read(path, Settings())
    assert list(told.tables["plans"].index) == ["plan:1", "plan:1#2"]
    assert rules(told) == {"file_id_twice", "file_value"}


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.zip"])
@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 cut off", b"PK\x03\x04"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError):
        read(tmp_path / name, Settings())


def test_a_road_file_of_others(shared: Path) -> None:
    streets = read(shared / "data/nwb/nwb_wfs_harlingen.json", Settings()).tables["streets"]
    assert (streets["name"] == "Alexiastraat").any()
    assert streets["party"].eq("party:harlingen").any()
