"""Phasing: quarters for the first years, in tiny worlds with one story each, and what holds for all worlds."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from integralie.errors import DataError
from integralie.figures import COLUMNS, shipped, with_own
from integralie.schema import frames, notes
from integralie.settings import Settings
from integralie.verbs.phase import phase
from integralie.verbs.phase.costs import costs
from integralie.verbs.phase.limits import limits
from integralie.verbs.phase.placed import placed
from integralie.verbs.phase.told import usage
from integralie.verbs.phase.units import units

FIRST = 2027
SETTINGS = Settings(first=FIRST, periods=10)
ROOM = shipped().value("quarter_days")
Made = dict[str, pd.DataFrame]


def job(
    street: int, year: int | None = FIRST, kind: str = "gravity_sewer", days: float = 10.0, **more: object
) -> dict[str, object]:
    """One work of a story; works of one street and year share an opening unless they open nothing."""
    party, discipline, depth = {
        "gravity_sewer": ("party:sewer", "sewer", "deep"),
        "water_main": ("party:water", "water", "shallow"),
        "carriageway": ("party:roads", "paving", "surface"),
        "tree": ("party:green", "green", "none"),
    }[kind]
    return {
        "street": f"street:{street}", "period": year, "kind": kind, "duration": days, "party": party,
        "discipline": discipline, "depth": depth, "action": "renew", **more,
    }  # fmt: skip


def town(
    jobs: list[dict[str, object]],
    capacity: dict[str, float] | None = None,
    streets: int = 12,
    **tables: list[dict[str, object]],
) -> Made:
    """The tables that the phasing reads; `capacity` gives amounts a year by `party/resource`."""
    n = range(streets)
    lines = [LineString([(150000, 450000 + 100 * i), (150100, 450000 + 100 * i)]) for i in n]
    sections = pd.DataFrame({
        "id": [f"street:{i}" for i in n], "name": [f"Straat {i}" for i in n], "road_class": "residential",
        "area": [f"area:{i % 2}" for i in n], "surface": ["asphalt" if i % 3 == 0 else "clay_brick" for i in n],
        "residents": [20 + i for i in n], "traffic": 400.0, "geometry": lines,
    })  # fmt: skip
    works = pd.DataFrame(jobs, columns=list(job(0))) if not jobs else pd.DataFrame(jobs)
    works["id"] = pd.Series([f"work:{i:04d}" for i in range(len(works))], index=works.index, dtype="str")
    works["name"] = "Werk " + works["id"].str[5:]
    opens = works["depth"].ne("none") & works["period"].notna()
    works = works.astype({"street": "str"})
    opening = ("opening:" + works["street"].astype(str) + ":" + works["period"].astype("Int64").astype(str)).where(
        opens
    )
    told = works.assign(opening=opening)[opens.to_numpy(bool)].groupby("opening")
    opened = pd.DataFrame({
        "street": told["street"].first(), "period": told["period"].first(), "days": told["duration"].sum(),
        "works": told.size(), "parties": told["party"].nunique(),
    })  # fmt: skip
    opened = opened.assign(
        block=opened["street"], name=opened["street"].map(sections.set_index("id")["name"]), sharing=3
    )
    links = works.assign(opening=opening)[opens.to_numpy(bool)]
    members = pd.concat([
        pd.DataFrame({"set": links["opening"], "member": links["id"], "role": "work"}),
        pd.DataFrame({"set": opened.index, "member": opened["street"], "role": "street"}),
    ])  # fmt: skip
    programme = works[["name", "party", "street", "period"]].assign(
        id="programme:" + works["id"], work=works["id"], opening=opening, block=works["street"], sharing=3,
        status=np.where(works["period"].isna(), "deferred", "programmed"),
    )  # fmt: skip
    window = {"earliest": FIRST, "preferred": FIRST, "latest": FIRST + 5}
    rows = [
        {"party": k.split("/")[0], "resource": k.split("/")[1], "period": y, "amount": v, "id": f"{k}|{y}"}
        for k, v in (capacity or {}).items()
        for y in SETTINGS.years
    ]
    areas = pd.DataFrame({"id": ["area:0", "area:1"], "name": ["Noord", "Zuid"], "level": "neighbourhood"})
    given = {
        "works": works.drop(columns="period").assign(**window, sharing=3), "streets": sections, "areas": areas,
        "members": members.assign(id=members["set"] + "|" + members["member"], verb="programme"),
        "programme": programme, "openings": opened.rename_axis("id").reset_index(),
        "capacity": pd.DataFrame(rows, columns=["id", "party", "resource", "period", "amount"]),
    } | {k: pd.DataFrame(v) for k, v in tables.items()}  # fmt: skip
    named = (
        "works",
        "members",
        "streets",
        "areas",
        "assets",
        "claims",
        "capacity",
        "agreements",
        "uses",
        "programme",
        "openings",
    )
    return {n: frames.conform(n, given[n]) if n in given and len(given[n]) else frames.empty(n) for n in named}


def phased(world: Made, own: dict[str, object] | None = None, **options: int) -> Made:
    """The verb on a world, as tables."""
    figures = shipped() if own is None else with_own(pd.DataFrame([dict.fromkeys(COLUMNS, "") | own]))
    out = phase(**world, figures=figures, settings=SETTINGS, **options)
    verb = {n: f.assign(verb="phase") if n in ("findings", "reasons") else f for n, f in out.items()}
    return {n: frames.conform(n, f) for n, f in verb.items()}


def quarters(made: Made) -> list[int]:
    return made["phases"]["quarter"].tolist()


def rules(made: Made) -> set[str]:
    return set(made["findings"]["rule"])


def random_world(seed: int, many: int = 40) -> Made:
    rng = np.random.default_rng(seed)
    kinds = ["gravity_sewer", "water_main", "carriageway", "tree"]
    jobs = [
        job(int(rng.integers(12)), int(FIRST + rng.integers(3)), str(rng.choice(kinds)), float(rng.integers(1, 70)))
        for _ in range(many)
    ]
    crews = {"party:sewer/crew:sewer": 120.0, "party:water/crew:water": 90.0, "party:roads/crew:paving": 100.0}
    rule = {
        "id": "agreement:1",
        "rule": "not_together",
        "applies_to": "streets=street:1,street:2,street:3",
        "value": 1.0,
    }
    return town(jobs, crews, agreements=[rule])


def test_of_equals_the_first_quarter_is_taken_and_it_is_said():
    made = phased(town([job(0)]))
    assert quarters(made) == [1] and set(made["reasons"]["code"]) == {"phase.first"}
    assert made["loads"].empty and made["findings"].empty


def test_a_crew_has_a_quarter_of_its_year_in_each_quarter():
    made = phased(town([job(i) for i in range(4)], {"party:sewer/crew:sewer": 40.0}))
    assert sorted(quarters(made)) == [1, 2, 3, 4] and made["loads"]["short"].eq(0).all()
    assert "phase.not.crew" in set(made["reasons"]["code"])


@pytest.mark.parametrize(("jobs", "rule"), [(6, "phase.crew_short"), (1, "phase.crew_uneven")])
def test_a_crew_that_is_short_is_told_and_nothing_is_dropped(jobs, rule):
    days = 10.0 if jobs > 1 else 25.0  # six of ten days do not fit in a year of 40; one of 25 does, in no quarter
    made = phased(town([job(i, days=days) for i in range(jobs)], {"party:sewer/crew:sewer": 40.0}))
    assert len(made["phases"]) == jobs and rule in rules(made)
    assert made["loads"]["short"].sum() == pytest.approx(20.0 if jobs > 1 else 15.0)


def test_trees_are_planted_in_their_season():
    crew = {"party:green/crew:green": 4 * 10.0}
    trees = [job(i, kind="tree") for i in range(3)]
    made = phased(town(trees, crew))
    assert set(quarters(made)) <= {1, 4} and "phase.not.season" in set(made["reasons"]["code"])
    felled = phased(town([t | {"action": "remove"} for t in trees], crew))
    assert sorted(quarters(felled)) == [1, 2, 3]


def test_asphalt_is_not_laid_in_frost_and_in_an_opening_paving_comes_last():
    long = ROOM - 5  # more than the part of the first quarter that suits asphalt
    assert quarters(phased(town([job(0, kind="carriageway", days=long)]))) == [2]
    assert quarters(phased(town([job(1, kind="carriageway", days=long)]))) == [1]  # bricks do not mind
    after = [job(0, days=ROOM), job(0, kind="carriageway", days=long)]
    assert quarters(phased(town(after))) == [1]  # the sewer in the first quarter, asphalt in the second


def test_an_opening_of_a_hundred_days_spans_two_quarters_and_uses_its_crew_in_both():
    made = phased(town([job(0, days=100.0)], {"party:sewer/crew:sewer": 400.0}))
    assert made["phases"]["quarters"].tolist() == [2] and quarters(made) == [1]
    used = made["loads"].set_index(["period", "quarter"])["used"]
    assert used[FIRST].tolist() == [ROOM, 100.0 - ROOM, 0.0, 0.0] and "phase.lasts" in set(made["reasons"]["code"])


def test_what_runs_on_into_the_next_year_is_told():
    made = phased(town([job(0, days=5 * ROOM)]))
    assert quarters(made) == [1] and made["phases"]["quarters"].tolist() == [5] and "phase.over" in rules(made)


@pytest.mark.parametrize("how", ["agreement", "capacity"])
def test_streets_that_may_not_be_open_at_once_get_different_quarters(how):
    rule = {"id": "agreement:1", "rule": "not_together", "applies_to": "streets=street:1,street:3", "value": 1.0}
    cap = {"party:roads/openings:area:1": 1.0}
    more = {"agreements": [rule]} if how == "agreement" else {}
    made = phased(town([job(1), job(3)], cap if how == "capacity" else None, **more))
    assert len(set(quarters(made))) == 2 and made["loads"]["used"].max() == 1
    assert quarters(phased(town([job(1), job(4)]))) == [1, 1]


def test_what_the_programme_keeps_in_order_begins_no_earlier():
    jobs = [job(0), job(2), job(1, kind="carriageway"), job(3, FIRST + 1)]
    order = [
        {"id": f"{k}{i}", "subject": f"work:{w:04d}", "resource": f"pair:{k}/order", "amount": a, "shift": 0}
        for k, pair in enumerate([(0, 2), (1, 2), (0, 3)])
        for i, (w, a) in enumerate(zip(pair, (-1, 1)))
    ]
    crew = {"party:sewer/crew:sewer": 40.0}
    made = phased(town(jobs, crew, uses=order))
    assert quarters(made) == [1, 2, 2, 1]  # by street: the sewers of 0 and 2, then the paving of 1; 3 is a year later
    assert set(quarters(phased(town(jobs[:3], crew)))) == {1, 2} and "phase.not.order" in set(made["reasons"]["code"])


def test_too_many_streets_at_once_are_told():
    rule = {"id": "agreement:1", "rule": "not_together", "applies_to": "road_class=residential", "value": 1.0}
    made = phased(town([job(i) for i in range(5)], agreements=[rule]))
    assert "phase.closed" in rules(made) and made["loads"]["short"].sum() == 1


def test_what_lies_open_is_spread_over_a_neighbourhood():
    made = phased(town([job(2 * i) for i in range(4)]))
    assert sorted(quarters(made)) == [1, 2, 3, 4] and "phase.not.nuisance" in set(made["reasons"]["code"])


def test_a_street_is_not_open_in_the_quarter_of_its_event():
    event = {"id": "claim:event:1", "name": "Kermis", "kind": "event", "party": "party:roads", "period_from": FIRST, "period_to": FIRST, "geometry": box(150000, 449990, 150100, 450010)}  # fmt: skip
    first = {
        "id": "OWN-1",
        "figure": "event_quarter",
        "where": "claim=claim:event:1",
        "value": "1",
        "status": "firm",
        "source": "kalender",
    }
    world = town([job(0), job(1)], claims=[event])
    made = phased(world, first)
    assert quarters(made) == [2, 1]
    said = made["reasons"][made["reasons"]["code"] == "phase.not.event"].iloc[0]
    assert "Kermis" in notes.say(said["code"], json.loads(said["args"]))
    assert quarters(phased(world)) == [1, 1] and "phase.event_quarter" in rules(
        made
    )  # by default it falls in the third
    assert quarters(phased(town([job(0, FIRST + 1)], claims=[event]), first)) == [1]  # another year


def test_a_shopping_street_is_open_before_the_last_quarter():
    shops = [{"id": f"shop:{i}", "kind": "shop", "geometry": Point(150020 + i, 450005)} for i in range(3)]
    busy = [
        job(0, days=10.0),
        job(2, days=10.0),
        job(4, days=10.0),
        job(6, days=10.0),
    ]  # one neighbourhood: they spread
    made = phased(town(busy, assets=shops))
    assert sorted(quarters(made)) == [1, 2, 3, 4] and made["phases"].loc["phase:opening:street:0:2027", "quarter"] < 4


def test_nothing_to_phase_and_too_few_years():
    made = phased(town([]))
    assert made["phases"].empty and made["loads"].empty
    assert phased(town([job(0, None), job(1, FIRST + 5)]))["phases"].empty  # deferred, and later than the first years
    with pytest.raises(DataError, match="at least one year"):
        phased(town([job(0)]), years=0)


def test_years_beyond_the_programme_are_those_that_there_are():
    world = town([job(i, FIRST + i) for i in range(10)])
    made = phased(world, years=99)
    assert len(made["phases"]) == 10 and len(phased(world, years=1)["phases"]) == 1


@pytest.mark.parametrize("seed", range(4))
def test_every_work_of_the_first_years_has_a_quarter_of_its_own_year(seed):
    world = random_world(seed)
    made = phased(world)
    rows = made["phases"]
    now = world["programme"][world["programme"]["period"] <= FIRST + 1]
    assert set(rows["opening"].dropna()) == set(now["opening"].dropna())
    assert set(rows["work"].dropna()) == set(now.loc[now["opening"].isna(), "work"])
    year = pd.concat([world["openings"]["period"], now.set_index("work")["period"]])
    assert (rows["period"] == year.reindex(rows["opening"].fillna(rows["work"])).to_numpy()).all()
    assert rows["quarter"].between(1, 4).all() and set(rows.index) <= set(made["reasons"]["row"])
    for row in made["reasons"].itertuples():
        for language in notes.LANGUAGES:
            assert "?" not in notes.say(row.code, json.loads(row.args), language), row.code


@pytest.mark.parametrize("seed", range(4))
def test_limits_are_kept_or_told(seed):
    world = random_world(seed)
    made = phased(world)
    loads = made["loads"]
    assert ((loads["used"] - loads["capacity"]).clip(lower=0) - loads["short"]).abs().max() < 0.011
    told = made["findings"][made["findings"]["target"] == "loads"]
    assert set(loads.index[loads["short"] > 0.05]) == set(told["row"])
    own = world["works"].join(world["programme"].set_index("work")[["period", "opening"]])
    asked = own[(own["period"] <= FIRST + 1) & own["party"].isin(["party:sewer", "party:water", "party:roads"])]
    crews = loads[loads["resource"].str.contains("crew:")]
    over = made["findings"]["rule"].eq("phase.over").any()
    assert crews["used"].sum() <= asked["duration"].sum() + 0.1
    assert over or crews["used"].sum() == pytest.approx(asked["duration"].sum(), abs=0.5)


def test_the_order_of_rows_does_not_matter():
    world = random_world(7)
    rng = np.random.default_rng(1)
    mixed = {n: f.iloc[rng.permutation(len(f))] for n, f in world.items()}
    one, other = phased(world), phased(mixed)
    assert all(one[n].equals(other[n]) for n in one)


@pytest.mark.parametrize("seed", range(6))
def test_small_worlds_get_the_cheapest_quarters_of_all(seed):
    rng = np.random.default_rng(seed)
    jobs = [
        job(2 * i, kind=str(rng.choice(["gravity_sewer", "carriageway"])), days=float(rng.integers(5, 90)))
        for i in range(5)
    ]
    world = town(jobs, {"party:sewer/crew:sewer": 100.0, "party:roads/crew:paving": 80.0})
    tables = (world[n] for n in ("programme", "openings", "works", "members", "streets"))
    made = units(*tables, shipped(), SETTINGS, 1)
    own = costs(made, world["streets"], world["assets"], world["claims"], shipped())
    kept = limits(
        made, *(world[n] for n in ("streets", "areas", "capacity", "agreements", "uses")), shipped(), SETTINGS
    )

    def euros(chosen: np.ndarray) -> float:
        used = usage(made, kept, chosen)
        row, at = np.indices(used.shape).reshape(2, -1)
        return float(own.euros()[np.arange(len(chosen)), chosen].sum() + kept.beyond(row, at, used[row, at])[1].sum())

    best = min(euros(np.array(c)) for c in itertools.product(range(4), repeat=len(made.rows)))
    assert euros(placed(made, own, kept)) == pytest.approx(best, rel=1e-4, abs=5.0)


def test_a_view_tells_no_quarter_of_what_is_not_shared():
    from conftest import tiny
    from integralie import sharing
    from integralie.pipeline import run

    years = {"earliest": FIRST, "preferred": FIRST, "latest": FIRST + 1}
    rows = [
        {"id": f"plan:{p}", "name": f"Geheim {p}", "party": f"party:{p}", "kind": k, "action": "renew", "street": s,
         "cost": 70001.0, "duration": 13.0, "phase": "planned", "sharing": 0, **years}
        for p, k, s in (("sewer", "gravity_sewer", "street:1"), ("water", "water_main", "street:1"), ("roads", "carriageway", "street:2"))
    ]  # fmt: skip
    crew = [
        {"id": "crew", "party": "party:sewer", "resource": "crew:sewer", "period": FIRST, "amount": 20.0, "sharing": 0}
    ]
    world = tiny()
    study = run(
        world | {"plans": pd.DataFrame(rows), "capacity": pd.DataFrame(crew), "assets": world.assets.iloc[:0]},
        seconds=5,
    )
    assert len(study.phases) == 2 and len(study.loads) and len(study.findings[study.findings["verb"] == "phase"])
    seen = sharing.view(study, "party:roads")
    assert seen.phases["street"].tolist() == ["street:2"] and seen.loads.empty
    told = pd.concat([seen.reasons, seen.findings])
    assert not told[told["target"].isin(["phases", "loads"])].astype(str).stack().str.contains("street:1|sewer").any()
    mine = sharing.view(study, "party:sewer")
    assert mine.phases.empty and mine.loads["used"].isna().all() and len(mine.loads)
