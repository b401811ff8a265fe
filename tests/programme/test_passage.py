"""Nobody is cut off: works follow each other, keep a passage at a price, or are refused where the street is too narrow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString
from small_town import SETTINGS, codes, members, run, streets, work, works, years

from integralie.access import broken
from integralie.access import streets as ways
from integralie.figures import shipped
from integralie.schema.frames import conform, empty
from integralie.verbs.programme import programme

RING = [(0, 0, 100, 0), (100, 0, 200, 100), (100, 0, 200, -100), (200, 100, 200, -100), (200, 100, 300, 100), (300, 100, 400, 100)]  # fmt: skip


def ring(count: int = 6, **columns) -> pd.DataFrame:
    """A main road into a triangle of streets, with two more behind each other at one corner."""
    lines = [LineString([r[:2], r[2:]]) for r in RING[:count]]
    kinds = ["main", *["residential"] * 5][:count]
    return streets(count, geometry=lines, road_class=kinds, **columns)


def bus(*along: tuple[int, int]) -> pd.DataFrame:
    line = {
        "id": "asset:bus",
        "kind": "bus_line",
        "party": "party:bus",
        "name": "Lijn 1",
        "geometry": LineString(along),
    }
    return conform("assets", pd.DataFrame([line]))


def found(made: dict, rule: str) -> pd.DataFrame:
    return made["findings"][made["findings"]["rule"] == f"programme.{rule}"]


def cut_off(made: dict, told: pd.DataFrame, held: pd.DataFrame, where: pd.DataFrame) -> int:
    """Sections with addresses that are cut off in some year, counted from the tables alone."""
    table, long = made["programme"], pd.concat([held, made["members"]])
    table = table if table.index.name == "id" else table.set_index("id")
    shut, total = ways.closures(told, long, table, "car", shipped()), 0
    net = ways.network(where, empty("assets"), shipped(), "car")
    for _, part in shut.groupby("period"):
        total += int(broken(net, where.index.get_indexer(part["street"]), cuts=False).cut_off.sum())
    return total


def passages(made: dict) -> dict[str, str]:
    rows = made["members"][made["members"]["role"] == "passage"]
    return dict(zip(rows["set"], rows["member"]))


def test_the_only_access_keeps_a_passage_at_a_price_and_a_condition() -> None:
    told, where = works(work("a", "street:0004")), ring()
    made, loose = run(told, count=6, streets=where), run(told, count=6)
    assert passages(made) == {"programme:work:a": "street:0004"}
    assert passages(loose) == {} and loose["programme"]["passage"].isna().all()
    row = made["programme"].iloc[0]
    assert row["passage"] == pytest.approx(100_000 * shipped().value("passage_cost") / 100)
    assert row["cash"] == pytest.approx(loose["programme"]["cash"].iloc[0] + row["passage"])
    longer = 1 + shipped().value("passage_days") / 100
    assert made["openings"]["days"].iloc[0] == pytest.approx(loose["openings"]["days"].iloc[0] * longer)
    assert "programme.passage" in codes(made, "programme")
    assert cut_off(made, told, members(told), where) == 0
    bare = made | {"members": made["members"][made["members"]["role"] != "passage"]}
    assert cut_off(bare, told, members(told), where) > 0  # without the condition it would be


def test_a_street_too_narrow_for_a_passage_refuses_the_work_but_not_a_commitment() -> None:
    told, where = works(work("a", "street:0004")), ring(width=5.0)
    made = run(told, count=6, streets=where)
    assert years(made) == {"a": None}
    assert list(found(made, "no_passage")["row"]) == ["work:a"]
    assert "5,0" in found(made, "no_passage")["message_nl"].iloc[0]
    fixed = run(told.assign(fixed=2030), count=6, streets=where)
    assert years(fixed) == {"a": 2030}
    assert len(found(fixed, "no_passage_fixed")) == len(found(fixed, "cut_off")) == 1


def test_a_work_that_needs_no_closure_of_the_narrow_street_is_done() -> None:
    told = works(work("a", "street:0004", depth="shallow", kind="cable_low"))
    made = run(told, count=6, streets=ring(width=5.0))
    assert years(made) == {"a": 2030} and not passages(made)


def test_one_work_that_closes_both_ways_keeps_a_passage_in_one_of_them() -> None:
    told, where = works(work("a", "street:0001")), ring(4)
    held = members(told, a=["street:0002"])
    made = programme(told, held, where, empty("assets"), *(empty(n) for n in ("openings_past", "capacity", "agreements", "goals", "room")), shipped(), SETTINGS, seconds=2)  # fmt: skip
    kept = passages(made)
    assert list(kept) == ["programme:work:a"] and len(kept) == 1
    assert kept["programme:work:a"] in ("street:0001", "street:0002")
    assert cut_off(made, told, held, where) == 0
    extra = 100_000 * 0.5 * shipped().value("passage_cost") / 100  # half of it lies there
    assert made["programme"]["passage"].iloc[0] == pytest.approx(extra, rel=0.01)


def test_commitments_in_one_year_keep_a_passage_where_they_would_cut_off_together() -> None:
    told, where = works(work("a", "street:0001", fixed=2030), work("b", "street:0002", fixed=2030)), ring(4)
    made = run(told, count=4, streets=where)
    assert set(years(made).values()) == {2030} and len(passages(made)) == 1
    assert cut_off(made, told, members(told), where) == 0 and not len(found(made, "cut_off"))
    narrow = run(told, count=4, streets=ring(4, width=5.0))
    assert len(found(narrow, "cut_off")) == 1


FAR = 20  # times as large: the way round the triangle takes eight minutes more than straight on


def test_a_bus_without_a_short_way_round_asks_for_a_passage() -> None:
    told = works(work("a", "street:0001"))
    where = ring(residents=0)
    far = where.set_geometry(where.scale(FAR, FAR, origin=(0, 0)))
    line = bus((0, 0), (2000, 0), (4000, 2000), (8000, 2000))
    kept = {"programme:work:a": "street:0001"}
    assert passages(run(told, count=6, streets=far, assets=line)) == kept
    assert passages(run(told, count=6, streets=far)) == {}, "without a bus nobody needs it"
    assert passages(run(told, count=6, streets=where, assets=bus((0, 0), (100, 0), (200, 100), (400, 100)))) == {}
    last = bus((0, 0), (2000, 0), (4000, 2000))
    assert passages(run(told, count=6, streets=far, assets=last)) == {}, "at its end the bus turns earlier"


def test_two_works_that_leave_a_bus_no_way_round_follow_each_other() -> None:
    told, where = works(work("a", "street:0001"), work("b", "street:0002")), ring(residents=0)
    line = bus((0, 0), (100, 0), (200, 100), (400, 100))
    apart, together = (run(told, count=6, streets=where, assets=a) for a in (line, empty("assets")))
    assert len(set(years(apart).values())) == 2 and not passages(apart)
    assert len(set(years(together).values())) == 1
    assert any(str(n).startswith("reach:") for n in apart["prices"]["resource"])


def test_what_was_kept_is_kept_when_it_is_made_again() -> None:
    told, where = works(work("a", "street:0001", fixed=2030), work("b", "street:0002", fixed=2030)), ring(4)
    made = run(told, count=4, streets=where)
    rest = (empty(n) for n in ("openings_past", "capacity", "agreements", "goals", "room"))
    held = pd.concat([members(told), made["members"].set_index("id") if "id" in made["members"] else made["members"]])
    start = (made["programme"], made["prices"])
    again = programme(
        told, held, where, empty("assets"), *rest, shipped(), SETTINGS, seconds=0.3, start=start, quick=True
    )
    assert passages(again) == passages(made)


@pytest.mark.parametrize("seed", range(4))
def test_no_address_is_cut_off_in_any_small_town(seed: int) -> None:
    """A grid with dead ends and works through several sections, many of them committed."""
    rng = np.random.default_rng(seed)
    lines = [((x, y), (x + 1, y)) for x in range(4) for y in range(4)] + [((x, y), (x, y + 1)) for x in range(4) for y in range(4)]  # fmt: skip
    keep = [l for l in lines if rng.random() < 0.75]
    shapes = [LineString(np.array(l) * 100.0) for l in keep]
    where = streets(len(shapes), geometry=shapes, road_class=["main", *["residential"] * (len(shapes) - 1)])
    many = [work(f"w{i}", f"street:{i:04d}", int(rng.integers(2028, 2031)), fixed=2030 if rng.random() < 0.3 else None) for i in range(len(shapes))]  # fmt: skip
    told = works(*many)
    more = {f"w{i}": [f"street:{rng.integers(len(shapes)):04d}"] for i in range(0, len(shapes), 3)}
    held = members(told, **more)
    rest = (empty(n) for n in ("openings_past", "capacity", "agreements", "goals", "room"))
    made = programme(told, held, where, empty("assets"), *rest, shipped(), SETTINGS, seconds=2)
    assert cut_off(made, told, held, where) == 0
    assert not len(found(made, "cut_off"))
