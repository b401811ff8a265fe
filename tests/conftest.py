"""Tiny worlds that tests share, and the example files of others when they are at hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from integralie.settings import Settings
from integralie.study import Study

SHARED = Path(__file__).resolve().parents[2] / "shared"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))  # modules of their own, outside the package


@pytest.fixture
def shared() -> Path:
    """The folder with example files of others; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("example files of others are not beside this checkout")
    return SHARED


def tiny(x: float = 150000.0, y: float = 450000.0) -> Study:
    """Two sections of one street: an old concrete sewer, brick paving, an AC water main, a tree, and one plan."""
    streets = pd.DataFrame(
        {
            "id": ["street:1", "street:2"],
            "name": "Kerkstraat",
            "road_class": "residential",
            "surface": "clay_brick",
            "residents": [20, 30],
            "residents_quality": "registered",
            "party": "party:roads",
            "sharing": 3,
            "area": "area:1",
            "geometry": [LineString([(x, y), (x + 100, y)]), LineString([(x + 100, y), (x + 250, y)])],
        }
    )
    lines = [LineString([(x, y + d), (x + 250, y + d)]) for d in (0.0, 3.0)]
    assets = pd.DataFrame(
        {
            "id": ["asset:sewer", "asset:water", "asset:tree", "asset:old"],
            "kind": ["gravity_sewer", "water_main", "tree", "gas_low"],
            "party": ["party:sewer", "party:water", "party:green", "party:gas"],
            "year_built": [1960, 1965, 1990, None],
            "material": ["concrete", "asbestos_cement", None, None],
            "year_built_quality": ["registered", "registered", "registered", "unknown"],
            "diameter": [400, 110, None, None],
            "sharing": [3, 2, 3, 0],
            "geometry": [*lines, Point(x + 50, y + 5), LineString([(x, y + 4), (x + 100, y + 4)])],
        }
    )
    plans = pd.DataFrame(
        {
            "id": ["plan:1"],
            "name": ["Herinrichting Kerkstraat"],
            "party": ["party:roads"],
            "kind": ["carriageway"],
            "action": ["redesign"],
            "street_name": ["Kerkstraat"],
            "earliest": [2028],
            "preferred": [2030],
            "latest": [2034],
            "cost": [150000.0],
            "phase": ["planned"],
            "funding": ["secured"],
            "sharing": [3],
            "geometry": [None],
        }
    )
    parties = pd.DataFrame(
        {
            "id": [f"party:{p}" for p in ("roads", "sewer", "water", "green", "gas")],
            "name": ["Wegen", "Riool", "Water", "Groen", "Gas"],
            "sharing": 3,
        }
    )
    areas = pd.DataFrame(
        {
            "id": ["area:1"],
            "name": ["Centrum"],
            "level": ["neighbourhood"],
            "geometry": [None],
            "sharing": [3],
        }
    )
    return Study.of(Settings(name="tiny"), parties=parties, areas=areas, streets=streets, assets=assets, plans=plans)


@pytest.fixture
def world() -> Study:
    """The tiny world as a fixture."""
    return tiny()
