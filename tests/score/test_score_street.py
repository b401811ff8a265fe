"""Scores of the street on towns of a few sections: who is cut off, what a detour costs, what apart costs more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from integralie.figures import shipped
from integralie.schema.frames import conform, empty
from integralie.settings import Settings
from integralie.verbs.score.street import (
    Row,
    Streets,
    access,
    closures_to_part,
    conflicts,
    damage,
    nuisance,
    on_time,
    reopened,
)

F, S = shipped(), Settings(first=2027, periods=10)
NODES = {"gate": (0, 0), "a": (100, 0), "b": (200, 0), "c": (200, 100), "d": (100, 100), "e": (300, 0)}
SECTIONS = (  # a main road in, a ring a-b-c-d, and a dead end b-e
    ("gate", "a", "main", 0),
    ("a", "b", "residential", 10),
    ("b", "c", "residential", 10),
    ("c", "d", "residential", 10),
    ("d", "a", "residential", 10),
    ("b", "e", "residential", 7),
)


def town(closed: dict[int, list[int]], **more: Any) -> Streets:
    """The little town with a sewer renewed in these sections (by place) in these years."""
    lines = [LineString([NODES[a], NODES[b]]) for a, b, _, _ in SECTIONS]
    streets = pd.DataFrame(
        {
            "id": [f"street:{i}" for i in range(len(SECTIONS))],
            "name": [f"{a}-{b}" for a, b, _, _ in SECTIONS],
            "from_node": [a for a, _, _, _ in SECTIONS],
            "to_node": [b for _, b, _, _ in SECTIONS],
            "road_class": [c for _, _, c, _ in SECTIONS],
            "residents": [n for _, _, _, n in SECTIONS],
            "traffic": 1000.0,
            "area": "area:1",
            "geometry": lines,
        }
    )
    rows = [(year, at) for year, places in closed.items() for at in places]
    works = pd.DataFrame(
        {"id": [f"work:{y}:{i}" for y, i in rows], "name": "riool", "party": "party:sewer", "kind": "gravity_sewer", "depth": "deep",
         "earliest": 2027, "preferred": 2028, "latest": 2030, "street": [f"street:{i}" for _, i in rows]}
    )  # fmt: skip
    openings = pd.DataFrame(
        {"id": [f"opening:{y}:{i}" for y, i in rows], "block": "b", "street": works["street"], "period": [y for y, _ in rows], "works": 1, "days": 10.0, "depth": "deep"}
    )  # fmt: skip
    held = pd.concat(
        [
            pd.DataFrame({"set": works["id"], "member": works["street"], "role": "street", "verb": "forecast"}),
            pd.DataFrame({"set": openings["id"], "member": openings["street"], "role": "street", "verb": "programme"}),
            pd.DataFrame({"set": openings["id"], "member": works["id"], "role": "work", "verb": "programme"}),
        ]
    )
    plan = pd.DataFrame(
        {
            "id": "programme:" + works["id"],
            "work": works["id"],
            "block": "b",
            "period": openings["period"],
            "status": "programmed",
        }
    )
    told = {"streets": streets, "works": works, "openings": openings, "programme": plan}
    told |= {"members": held.assign(id=held["set"] + "|" + held["member"])} | more
    names = ("areas", "assets", "agreements", "openings_past")
    tables = {n: empty(n) for n in names} | {n: conform(n, f) for n, f in told.items()}
    return Streets(tables, F, S)


def value(rows: Any) -> dict[str, float]:
    return {r.indicator: r.value for r in rows if isinstance(r, Row) and r.place is None}


def test_one_side_of_the_ring_cuts_nobody_off_and_two_sides_do():
    assert value(access(town({2028: [1]})))["cut_off"] == 0
    both = value(access(town({2028: [1, 3]})))
    assert both["cut_off"] == 10 + 7  # c-b and the dead end behind b
    assert value(access(town({2028: [1], 2029: [3]})))["cut_off"] == 0


def test_an_only_access_that_is_closed_cuts_off_all_behind_it_unless_the_work_keeps_a_passage():
    bare = town({2028: [0]})
    assert value(access(bare))["cut_off"] == 4 * 10 + 7
    row = {"set": "programme:work:2028:0", "member": "street:0", "role": "passage", "verb": "programme"}
    kept = conform("members", pd.DataFrame([row | {"id": "programme:work:2028:0|street:0"}]))
    plan = bare.programme.assign(passage=500.0)
    got = value(
        access(replace(bare, tables={**bare.tables, "members": pd.concat([bare.members, kept]), "programme": plan}))
    )
    assert (got["cut_off"], got["passages"], got["passage_cost"]) == (0, 1, 500)
    assert value(access(town({2028: [5]})))["cut_off"] == 0  # the dead end itself is served from its open end


def test_the_detour_is_the_way_round_the_ring():
    got = value(access(town({2028: [1]})))
    assert got["detour_metres"] == 200
    assert got["detour_kilometres"] == 1000 * 0.2 * 10


def test_a_school_that_is_farther_away_than_ten_minutes_in_a_wheelchair_is_told():
    school = pd.DataFrame({"id": ["asset:1"], "kind": ["school"], "street": ["street:0"], "geometry": [Point(50, 0)]})
    got = value(access(town({2028: [1, 4]}, assets=school)))
    assert got["school_wheelchair"] == 10 + 10 + 7 and got["school_foot"] == 0


def test_a_bus_line_in_a_closed_street_is_hit_once_a_year():
    bus = pd.DataFrame({"id": ["asset:1"], "kind": ["bus_line"], "geometry": [LineString([(0, 0), (200, 0)])]})
    assert value(access(town({2028: [0, 1], 2029: [1], 2030: [3]}, assets=bus)))["bus_lines_hit"] == 2


def test_a_bus_that_cannot_get_round_is_told():
    bus = pd.DataFrame({"id": ["asset:1"], "kind": ["bus_line"], "geometry": [LineString([(0, 0), (300, 0)])]})
    quick, slow = town({2028: [1]}, assets=bus), replace(F.find("bus_detour"), value=0.01)
    assert value(access(quick))["bus_lines_stuck"] == 0
    assert value(access(replace(quick, figures=type(F)(F.rows, [slow]))))["bus_lines_stuck"] == 1


def test_help_that_comes_from_the_other_side_may_be_late():
    slow = replace(F.find("speed", mode="emergency"), value=1.5)
    own = type(F)(F.rows, [slow])
    station = pd.DataFrame(
        {"id": ["asset:1"], "kind": ["fire_station"], "street": ["street:0"], "geometry": [Point(50, 0)]}
    )
    s = town({2028: [1]}, assets=station)
    assert value(access(replace(s, figures=own)))["late_help"] == 0, "who was late before is no fault of the work"
    far = replace(s, figures=type(F)(F.rows, [slow, replace(F.find("emergency_norm"), value=9.5)]))
    assert value(access(far))["late_help"] == 10 + 7  # b-c and the dead end, now over d and c


def test_nuisance_damage_time_and_conflicts_are_counted_from_rows():
    s = town({2028: [1], 2031: [2]})
    got = value([*nuisance(s), *damage(s), *on_time(s), *conflicts(s), *reopened(s)])
    assert got["resident_days"] == 2 * 10 * 10 * 5
    assert got["dig_damage"] == pytest.approx(2 * 0.0558)
    assert (got["works_on_time"], got["works_late"]) == (1, 1)
    assert got["space_conflicts"] == 0 and sum(got[f"hindrance_{c}"] for c in "ABCDE") == 2
    placed = [r for r in nuisance(s) if r.place]
    assert [(r.place, r.period) for r in placed] == [("area:1", 2028), ("area:1", 2031)]


def test_two_sites_of_one_street_in_one_year_that_were_not_planned_as_one_are_a_conflict():
    s = town({2028: [1]})
    twin = s.openings.rename(index={"opening:2028:1": "opening:twin"})
    more = s.members[s.members["set"] == "opening:2028:1"].assign(set="opening:twin")
    tables = dict(s.tables) | {"openings": pd.concat([s.openings, twin]), "members": pd.concat([s.members, more])}
    assert value(conflicts(replace(s, tables=tables)))["space_conflicts"] == 1


def test_what_must_not_be_closed_at_the_same_time_is_told_with_the_dwellings_behind_it():
    s = town({2028: [1, 3], 2029: [1]})
    assert closures_to_part(s) == [{"period": 2028, "streets": "a-b + c-d", "dwellings": 17.0, "late": 0.0}]
