"""Every term of the programme, one small story each; `run` proves every programme with the checker."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely.geometry import LineString
from small_town import (
    SETTINGS,
    agreement,
    agreements,
    budget,
    capacity,
    codes,
    run,
    streets,
    town,
    work,
    works,
    years,
)

from integralie import checker
from integralie.figures import Figures, shipped, with_own
from integralie.schema.frames import conform
from integralie.verbs.programme import programme

Y = SETTINGS.years
RING = [(0, 0, 100, 0), (100, 0, 200, 100), (100, 0, 200, -100), (200, 100, 200, -100), (200, 100, 300, 100), (300, 100, 400, 100)]  # fmt: skip


def figure(name: str, value: float) -> Figures:
    """The shipped figures with one of the town's own."""
    row = {"id": "OWN-1", "figure": name, "where": "", "value": value, "unit": "", "status": "indicative", "source": ""}
    return with_own(pd.DataFrame([row]))


def money(party: str, resource: str = "budget", **amount: float) -> list[dict]:
    """Nothing in all years but those named (`y2031=...`)."""
    rows = budget(party, 0.0, Y, resource)
    return [r | {"amount": amount.get(f"y{r['period']}", 0.0)} for r in rows]


def three(**columns) -> pd.DataFrame:
    return works(*(work(f"w{i}", f"street:{i:04d}", 2030, **columns) for i in range(3)))


def two(first: int, second: int, **second_columns) -> pd.DataFrame:
    return works(work("one", preferred=first), work("two", "street:0001", second, **second_columns))


def found(made: dict, rule: str) -> pd.DataFrame:
    return made["findings"][made["findings"]["rule"] == f"programme.{rule}"]


# Money -------------------------------------------------------------------------------------------------------------------------


def test_a_work_waits_for_the_fund_that_it_names() -> None:
    limits = capacity(money("sewer"), money("sewer", "budget:grant", y2031=500_000.0), budget("road", 1e6))
    made = run(works(work("a", fund="grant")), limits)
    assert years(made) == {"a": 2031}
    assert years(run(works(work("a")), limits)) == {"a": None}


def test_money_that_is_kept_pays_a_work_that_costs_more_than_one_year() -> None:
    told, limits = works(work("a", preferred=2028, earliest=2027, latest=2028)), capacity(money("sewer", y2027=80_000.0, y2028=80_000.0))  # fmt: skip
    assert years(run(told, limits)) == {"a": None}
    made = run(told, limits, agreements=agreements(agreement("carry_over", value=100.0)))
    assert years(made) == {"a": 2028}
    row = made["prices"].set_index("period").loc[2028]
    assert row["used"] > row["capacity"] == 8_000_000  # cents


def test_a_minimum_draws_work_to_the_year_that_has_money() -> None:
    limits, dear = capacity(budget("sewer", 300_000.0, range(2030, 2031))), figure("underspend", 30.0)
    rule = agreements(agreement("minimum_spend", "party=party:sewer", 100.0))
    assert years(run(works(work("a", preferred=2031)), limits, figures=dear)) == {"a": 2031}
    assert years(run(works(work("a", preferred=2031)), limits, figures=dear, agreements=rule)) == {"a": 2030}


# Order -------------------------------------------------------------------------------------------------------------------------


def test_order_within_a_street_by_ids() -> None:
    told = works(work("sewer", preferred=2031), work("road", preferred=2030, kind="carriageway", depth="surface"))
    made = run(told, agreements=agreements(agreement("order", "first=work:sewer then=work:road", 1.0)))
    assert years(made)["road"] > years(made)["sewer"]
    assert (made["uses"]["resource"].str.startswith("tie:")).all()


def test_order_by_kinds_holds_within_one_street_only() -> None:
    road = {"kind": "carriageway", "depth": "surface", "latest": 2029}
    told = works(
        work("sewer", preferred=2033), work("road", preferred=2028, **road), work("far", "street:0001", 2028, **road)
    )
    made = run(told, count=2, agreements=agreements(agreement("order", "first=gravity_sewer then=carriageway", 0.0)))
    assert years(made) == {"sewer": 2033, "road": None, "far": 2028}
    assert len(found(made, "order_never")) == 1


@pytest.mark.parametrize("name", ["work", "plan"])
def test_order_between_streets(name: str) -> None:
    rule = agreements(agreement("order", f"first={name}:one then={name}:two", 2.0))
    done = years(run(two(2032, 2030), count=2, agreements=rule))
    assert done["two"] - done["one"] >= 2


def test_together_and_apart() -> None:
    rule = agreements(agreement("together", "works=work:one,work:two"))
    done = years(run(two(2032, 2030), count=2, agreements=rule))
    assert done["one"] == done["two"]
    rule = agreements(agreement("apart", "works=work:one,work:two"))
    for told in (two(2030, 2030), works(work("one"), work("two"))):  # in two streets, and in one
        done = years(run(told, count=2, agreements=rule))
        assert done["one"] != done["two"]


# Streets that are open at once -------------------------------------------------------------------------------------------------


def test_parallel_roads_are_not_open_in_one_year() -> None:
    done = years(
        run(three(), count=3, agreements=agreements(agreement("not_together", "streets=street:0000,street:0001")))
    )
    assert done["w0"] != done["w1"]
    main = streets(3, road_class=["main", "main", "residential"])
    done = years(
        run(three(), count=3, streets=main, agreements=agreements(agreement("not_together", "road_class=main")))
    )
    assert done["w0"] != done["w1"]
    assert done["w2"] == 2030


def test_a_neighbourhood_bears_so_many_openings() -> None:
    limits = capacity(budget("road", 1.0, resource="openings:centre"))
    made = run(three(), limits, count=3, streets=streets(3, area=["centre", "centre", "edge"]))
    assert made["openings"]["period"].value_counts().to_dict() == {2030: 2, years(made)["w1"]: 1}
    assert made["prices"]["capacity"].eq(100).all()


def test_nuisance_that_piles_up_spreads_works() -> None:
    town_ = {"count": 3, "streets": streets(3, area="centre", residents=500)}
    assert set(years(run(three(), **town_)).values()) == {2030}
    made = run(three(), **town_, agreements=agreements(agreement("nuisance_budget", "area=centre", 5000.0)))
    assert len(set(years(made).values())) == 3


def ring(count: int) -> pd.DataFrame:
    """A main road into a triangle of streets, with two more behind each other at one corner."""
    lines = [LineString([r[:2], r[2:]]) for r in RING[:count]]
    return streets(count, geometry=lines, road_class=["main", *["residential"] * 5][:count])


def test_two_streets_that_cut_off_a_third_are_never_open_in_one_year() -> None:
    told = works(work("a", "street:0001"), work("b", "street:0002"))
    made = run(told, count=4, streets=ring(4))
    assert years(made)["a"] != years(made)["b"]
    assert made["prices"]["resource"].str.startswith("reach:").any()
    assert len(set(years(run(told, count=4)).values())) == 1  # loose streets cut off nothing


# Goals, contracts, stability, modes --------------------------------------------------------------------------------------------


def test_a_goal_with_a_price_pulls_works_forward() -> None:
    told = works(work("tree", preferred=2031, earliest=2027, latest=2036, goal="goal:street", goal_amount=10.0))
    rows = [{"id": "goal:trees", "name": "Bomen", "indicator": "trees", "target": 10.0, "deadline": 2029},
            {"id": "goal:street", "name": "Straatbomen", "parent": "goal:trees"}]  # fmt: skip
    goals = conform("goals", pd.DataFrame(rows))
    assert years(run(told)) == {"tree": 2031}
    made = run(told, goals=goals)
    assert years(made) == {"tree": 2029}
    made = run(told, goals=goals.assign(target=goals["target"] * 2.5))
    assert "25" in found(made, "goal_short")["message"].iloc[0]


def test_a_contract_holds_so_many_works() -> None:
    told = works(*(work(f"w{i}", cost=5000.0, surface_cost=1000.0) for i in range(10)))
    assert run(told)["openings"]["works"].tolist() == [10]
    assert max(run(told, figures=figure("contract_surcharge", 1e6))["openings"]["works"]) <= 8


def test_the_programme_in_force_is_kept_where_change_is_dear() -> None:
    told = works(work("a", plan=None, year_built=1970, in_force=2031))
    assert years(run(told, figures=figure("change_price", 0.0))) == {"a": 2030}
    assert years(run(told, figures=figure("change_price", 50.0))) == {"a": 2031}


def test_frozen_years_stay() -> None:
    told = works(work("a", preferred=2031, in_force=2028), work("b", "street:0001", 2033, in_force=2031))
    made = run(told, count=2, agreements=agreements(agreement("frozen", value=3.0)))
    assert years(made)["a"] == 2028
    assert years(made)["b"] != 2031  # lies after the frozen years
    assert made["programme"].set_index("work").loc["work:a", "status"] == "committed"


def test_relining_where_an_agreement_allows_it_and_it_is_cheaper() -> None:
    rule = agreements(agreement("mode", "mode=relining kind=gravity_sewer"))
    short, long = works(work("a", quantity=100.0)), works(work("a", quantity=1000.0))
    assert set(run(short)["programme"]["mode"]) == {"usual"}
    made = run(short, agreements=rule)
    assert list(made["programme"]["mode"]) == ["relining"]
    assert "programme.mode" in codes(made, "programme")
    assert made["openings"].empty
    assert set(run(long, agreements=rule)["programme"]["mode"]) == {"usual"}


# What cannot be ----------------------------------------------------------------------------------------------------------------


def test_commitments_above_the_budget_name_the_cheapest_way_out() -> None:
    told = works(work("a", fixed=2030, cost=50_000.0), work("b", "street:0001", fixed=2030), work("c", "street:0002"))
    made = run(told, capacity(budget("sewer", 120_000.0)), count=3)
    assert years(made) | {"c": 0} == {"a": 2030, "b": 2030, "c": 0}
    way = found(made, "way_out")["message"].iloc[0]
    assert "release 'a'" in way
    assert "'b', 'a'" in way
    assert len(found(made, "budget_short")) == 1


@pytest.mark.parametrize(
    ("told", "rules", "code"),
    [
        (two(2032, 2030, fixed=2030).assign(fixed=[2032, 2030]), [("order", "first=work:one then=work:two", 1.0)], "order_broken"),
        (two(2032, 2030), [("order", "first=work:one then=work:two", 1.0), ("order", "first=work:two then=work:one", 1.0)], "order_broken"),
        (two(2032, 2030).assign(fixed=[2032, 2030]), [("together", "works=work:one,work:two", None)], "together_broken"),
        (two(2030, 2036).assign(fixed=[2030, None]), [("together", "works=work:one,work:two", None)], "together_broken"),
        (two(2032, 2032).assign(fixed=[2032, 2032]), [("apart", "works=work:one,work:two", None)], "apart_broken"),
        (two(2032, 2031), [("together", "works=work:one,work:two", None), ("apart", "works=work:one,work:two", None)], "apart_broken"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_kept_are_told_and_left_out(told: pd.DataFrame, rules: list, code: str) -> None:
    told = told.assign(fixed=told["fixed"].astype("Int64"))
    made = run(told, count=2, agreements=agreements(*(agreement(*r) for r in rules)))
    assert len(found(made, code)) == 1
    assert None not in years(made).values()
    for name, year in told["fixed"].dropna().items():
        assert years(made)[str(name).removeprefix("work:")] == year


def test_a_chain_of_orders_that_fixed_years_do_not_allow() -> None:
    told = works(work("a", preferred=2032), work("b", "street:0001"), work("c", "street:0002", fixed=2030))
    rules = (agreement("order", "first=work:a then=work:b", 2.0), agreement("order", "first=work:b then=work:c", 2.0))
    made = run(told, count=3, agreements=agreements(*rules))
    assert len(found(made, "order_broken")) == 1
    assert years(made)["c"] == 2030
    assert years(made)["b"] - years(made)["a"] >= 2


def test_three_that_must_be_apart_in_two_years() -> None:
    told = works(*(work(f"w{i}", f"street:{i:04d}", 2028, earliest=2027, latest=2028) for i in range(2)), work("w2", "street:0002", fixed=2028))  # fmt: skip
    rules = [agreement("apart", "works=work:w0,work:w1,work:w2")]
    rules += [agreement("order", f"first=work:w{i} then=work:w2", 0.0) for i in range(2)]
    made = run(told, count=3, agreements=agreements(*rules))
    assert years(made)["w2"] == 2028
    assert len(found(made, "rules_clash"))


def test_a_work_that_no_year_is_left_for() -> None:
    rest = agreements(agreement("rest_period", value=10.0, hard=True))
    told, dug = works(work("a", preferred=2028, latest=2029)), streets(last_opened=2026)
    made = run(told, streets=dug, agreements=rest)
    assert years(made) == {"a": None}
    assert "2036" in found(made, "no_year")["message"].iloc[0]
    made = run(told.assign(fixed=2028), streets=dug, agreements=rest)
    assert years(made) == {"a": 2028}
    assert len(found(made, "rest_broken")) == 1


def test_more_streets_are_fixed_in_one_year_than_may_be_open() -> None:
    rule = agreements(agreement("not_together", "streets=street:0000,street:0001,street:0002"))
    made = run(three(fixed=2030), count=3, agreements=rule)
    assert set(years(made).values()) == {2030}
    assert len(found(made, "openings_short")) == len(found(made, "way_out")) == 1


# All at once -------------------------------------------------------------------------------------------------------------------


def everything() -> dict[str, pd.DataFrame]:
    """A town of thirty sections in which every term has something to say."""
    given = town(30)
    told = given["works"]
    number = pd.Series(range(len(told)), index=told.index)
    told["quantity"] = 80.0
    told["in_force"] = told["preferred"].where(number % 4 == 0).clip(lower=2027, upper=2036) + 1
    told["goal"] = pd.Series("goal:trees", index=told.index).where(told["kind"] == "tree")
    told["goal_amount"] = 5.0
    told["fund"] = pd.Series("grant", index=told.index).where((told["discipline"] == "paving") & (number % 2 == 0))
    pair = [i for i in range(2, 15) if {f"work:gravity_sewer-{i}", f"work:gravity_sewer-{i + 15}"} <= set(told.index)][
        0
    ]
    both = [f"work:gravity_sewer-{pair}", f"work:gravity_sewer-{pair + 15}"]
    told.loc[both, ["earliest", "preferred", "latest"]] = [2029, 2030, 2031]
    told.loc[both, ["plan", "quantity"]] = ["plan:both", None]  # no relining: these two trenches cut the street in two
    told["fixed"] = told["preferred"].where((number % 17 == 0) & told["preferred"].isin(Y)).astype("Int64")
    given["works"] = conform("works", told.reset_index())
    area = [f"area:{i // 10}" for i in range(30)]
    straight = [LineString([(100 * i, 0), (100 * i + 100, 0)]) for i in range(15)]
    around = [LineString([(100 * i, 0), (100 * i + 50, 80), (100 * i + 100, 0)]) for i in range(15)]
    given["streets"] = streets(30, area=area, geometry=straight + around, road_class=["main", *["residential"] * 29])
    given["capacity"] = capacity(
        given["capacity"].reset_index().to_dict("records"), budget("paving", 60_000.0, Y, "budget:grant"), budget("road", 4.0, Y, "openings:area:1")
    )  # fmt: skip
    far = list(told.index[(told["kind"] == "cable_low") & told["fixed"].isna()])[:7]
    given["goals"] = conform("goals", pd.DataFrame([{"id": "goal:trees", "name": "Bomen", "indicator": "trees", "target": 60.0, "deadline": 2031}]))  # fmt: skip
    given["agreements"] = agreements(
        agreement("carry_over", value=50.0), agreement("minimum_spend", "party=party:water", 60.0), agreement("frozen", value=1.0),
        agreement("order", "first=gravity_sewer then=carriageway", 0.0), agreement("order", f"first={far[0]} then={far[1]}", 1.0),
        agreement("together", f"works={far[2]},{far[3]}"), agreement("apart", f"works={','.join(far[4:7])}"),
        agreement("not_together", "streets=street:0010,street:0025"), agreement("nuisance_budget", "area=area:0", 900.0),
        agreement("mode", "mode=relining kind=gravity_sewer"), agreement("rest_period", "road_class=main", 4.0, hard=True),
    )  # fmt: skip
    return given


def test_all_terms_together_are_proven() -> None:
    given = everything()
    made = programme(**given, figures=shipped(), settings=SETTINGS, seconds=12)
    verdict = checker.check({**given, **made})
    assert verdict.proven, verdict.sentences
    kinds = made["prices"]["resource"].str.extract(r"(reach:|/goal|/nuisance|/openings|/budget:grant|/budget|/crew|pair:.*/order|pair:.*/apart)")[0]  # fmt: skip
    kinds = set(kinds.str.replace(r"\d+", "", regex=True))
    assert kinds >= {
        "reach:",
        "/goal",
        "/nuisance",
        "/openings",
        "/budget:grant",
        "/budget",
        "/crew",
        "pair:/order",
        "pair:/apart",
    }
    assert "relining" in set(made["programme"]["mode"])
    assert made["uses"]["resource"].str.startswith("tie:").any()
    assert (made["prices"]["carry"] > 0).any()
    assert made["prices"]["least"].notna().any()
    assert verdict.gap < 0.2
