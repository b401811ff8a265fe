"""Streets of a hundred metres side by side, and works in them: the small worlds of the matching tests."""

from __future__ import annotations

from typing import Any

import pandas as pd
from shapely.geometry import LineString

from integralie.pipeline import take
from integralie.schema.frames import conform
from integralie.settings import Settings
from integralie.study import Study

PARTIES = ("sewer", "heat", "gas", "roads", "water", "grid")


def streets(count: int = 1, **more: Any) -> pd.DataFrame:
    rows = {
        "id": [f"street:{i + 1}" for i in range(count)],
        "name": [f"Straat {i + 1}" for i in range(count)],
        "from_node": [f"n{i}" for i in range(count)],
        "to_node": [f"n{i + 1}" for i in range(count)],
        "road_class": "residential",
        "surface": "clay_brick",
        "residents": 20,
        "sharing": 3,
        "geometry": [LineString([(150_000 + 100 * i, 450_000), (150_100 + 100 * i, 450_000)]) for i in range(count)],
    }
    return pd.DataFrame(rows | more)


def work(id_: str, party: str, kind: str, years: tuple[int, int, int], **more: Any) -> dict[str, Any]:
    """A work in street 1 with its window (earliest, preferred, latest)."""
    depth = {"gravity_sewer": "deep", "heat": "deep", "carriageway": "surface"}.get(kind, "shallow")
    base = {
        "id": f"work:{id_}", "name": id_, "party": f"party:{party}", "kind": kind, "street": "street:1", "depth": depth,
        "earliest": years[0], "preferred": years[1], "latest": years[2], "duration": 20.0, "cost": 100_000.0,
        "surface_cost": 20_000.0, "life": 60.0, "plan": f"plan:{id_}", "certainty": "high", "funding": "secured", "sharing": 3,
    }  # fmt: skip
    return base | more


def study(*works: dict[str, Any], lines: pd.DataFrame | None = None, **tables: pd.DataFrame) -> Study:
    """A study with these works, each in its street, matched."""
    lines = streets() if lines is None else lines
    frame = pd.DataFrame(list(works))
    shape = dict(zip(lines["id"], lines["geometry"]))
    frame["geometry"] = [w.get("geometry", shape[w["street"]]) for w in works]
    held = pd.DataFrame(
        {
            "id": [f"{w['id']}|{w['street']}" for w in works],
            "set": [w["id"] for w in works],
            "member": [w["street"] for w in works],
            "role": "street",
            "amount": 100.0,
            "verb": "forecast",
        }
    )
    parties = pd.DataFrame({"id": [f"party:{p}" for p in PARTIES], "name": [p.title() for p in PARTIES], "sharing": 3})
    given = {"streets": lines, "works": frame, "members": held, "parties": parties}
    made = Study(settings=Settings(name="match")) | {n: conform(n, f) for n, f in (given | tables).items()}
    return take(made, "match")


def joint(made: Study) -> pd.DataFrame:
    return made.opportunities[made.opportunities["kind"] == "joint"]


def rules(made: Study) -> set[str]:
    return set(made.clashes["rule"])


def agreement(rule: str, **more: Any) -> pd.DataFrame:
    return pd.DataFrame([{"id": f"a:{rule}", "rule": rule} | more])
