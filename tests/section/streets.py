"""Small streets of which everything is known: lines at told offsets, footway and carriageway, facades."""

from __future__ import annotations

import pandas as pd
from shapely.geometry import LineString, Point, box

from integralie.settings import Settings
from integralie.study import Study

X, Y, LONG = 150_000.0, 450_000.0, 60.0


def street(
    width: float | None = 12.0,
    lines: list[tuple] = (),
    points: list[tuple] = (),
    footway: float = 3.0,
    facade: bool = True,
    mirror: bool = False,
    known: bool = True,
    **more,
) -> Study:
    """One street of 60 m to the east; offsets are metres right of the axis (so south), kinds by name.

    A line is (kind, offset, cover or None, diameter in mm or None, accuracy or None).
    """
    sign = -1.0 if mirror else 1.0
    axis = LineString([(X, Y), (X + LONG, Y)])
    rows = []
    if width is not None and footway:
        half = width / 2
        for kind, a, b in (
            ("footway", -half, -half + footway),
            ("carriageway", -half + footway, half - footway),
            ("footway", half - footway, half),
        ):
            rows.append(
                {
                    "id": f"asset:{kind}:{a:.1f}",
                    "kind": kind,
                    "material": "concrete_tile",
                    "geometry": box(X, Y - sign * b, X + LONG, Y - sign * a)
                    if sign > 0
                    else box(X, Y + a, X + LONG, Y + b),
                }
            )
        if facade:
            for side in (-1, 1):
                rows.append(
                    {
                        "id": f"asset:building:{side}",
                        "kind": "building",
                        "geometry": box(
                            X,
                            Y + side * half if side > 0 else Y - half - 8,
                            X + LONG,
                            Y + half + 8 if side > 0 else Y - half,
                        ),
                    }
                )
    for n, (kind, offset, cover, diameter, accuracy) in enumerate(lines):
        y = Y - sign * offset
        rows.append(
            {
                "id": f"asset:line:{n}",
                "kind": kind,
                "party": "party:a",
                "cover": cover,
                "cover_quality": "measured" if cover is not None else None,
                "diameter": diameter,
                "accuracy": accuracy,
                "geometry": LineString([(X - 5, y), (X + LONG + 5, y)]),
            }
        )
    for n, (kind, offset, at) in enumerate(points):
        rows.append({"id": f"asset:point:{n}", "kind": kind, "geometry": Point(X + at, Y - sign * offset)})
    if known:  # somebody has read what lies in the ground: a line far away
        rows.append(
            {"id": "asset:line:far", "kind": "telecom", "geometry": LineString([(X, Y + 900), (X + 9, Y + 900)])}
        )
    frame = pd.DataFrame(rows) if rows else pd.DataFrame({"id": []})
    streets = pd.DataFrame(
        {
            "id": ["street:1"],
            "name": ["Kerkstraat"],
            "road_class": ["residential"],
            "width": [width],
            "width_quality": ["measured"],
            "residents": [40],
            "sharing": [3],
            "geometry": [axis],
        }
    )
    return Study.of(Settings(name="klein"), streets=streets, assets=frame, **more)


def claim(kind: str, name: str = "c1", **more) -> pd.DataFrame:
    """One claim in the street."""
    return pd.DataFrame(
        {
            "id": [name],
            "name": [name],
            "party": ["party:a"],
            "kind": [kind],
            "street": ["street:1"],
            **{k: [v] for k, v in more.items()},
        }
    )
