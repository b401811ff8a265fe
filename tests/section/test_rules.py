"""Rules as data: the stricter wins, conflicts are named, own sets lie over ours, heat beside water is calculated."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integralie.errors import DataError
from integralie.figures import COLUMNS, shipped, with_own
from integralie.schema.clearance import FACADE, rules_of
from integralie.schema.thermal import INPUTS, heat_beside_water, warming


def own(**row) -> pd.DataFrame:
    return pd.DataFrame(
        [
            dict.fromkeys(COLUMNS, "")
            | {"id": "OWN-1", "figure": "clearance", "unit": "m", "status": "firm", "source": "handboek"}
            | row
        ]
    )


def test_of_all_rules_that_hold_the_strictest_decides():
    rules = rules_of(shipped())
    assert rules.between("cable_medium", "gas_low").edge == 0.5  # CS-041 edge to edge before CS-043 centre to centre
    assert rules.between("gas_low", "cable_medium") == rules.between("cable_medium", "gas_low")
    sewer = rules.between("gas_low", "gravity_sewer")
    assert sewer.centre == 0.5 and sewer.rules[1] == "CS-047"
    assert sewer.outside(0.05, 0.4) == pytest.approx(0.15)  # thick pipes: the edge rule bites, not the centre rule
    assert sewer.outside(0.05, 0.1) == pytest.approx(0.35)


def test_a_rule_measures_from_the_heart_of_the_tree_and_a_barrier_replaces_it():
    rules = rules_of(shipped())
    assert rules.between("tree", "gas_low", "2").hearts(0.0, 0.1) == pytest.approx(2.6)
    assert rules.between("tree", "gas_low", "2", barrier=True).hearts(0.0, 0.1) == pytest.approx(1.6)
    assert rules.between("tree", FACADE, "1").heart > rules.between("tree", FACADE, "3").heart
    assert rules.forbids_above("tree") == "CS-072"


def test_a_municipality_lays_its_set_over_ours():
    figures = with_own(own(where="a=gas_low b=water_main measure=edge set=rotterdam rank=handbook", value="0.8"))
    rules = rules_of(figures)
    assert rules.between("gas_low", "water_main").edge == 0.8
    told = rules.conflicts().query("a == 'gas_low' and b == 'water_main' and measure == 'edge'")
    assert set(told["rule"]) == {"OWN-1"} and "ITG-K01" in set(told["yields"])


def test_a_rule_without_a_rank_is_refused():
    with pytest.raises(DataError, match="should have a rank"):
        rules_of(with_own(own(where="a=gas_low measure=edge set=x rank=law2", value="1")))


def test_no_cover_within_the_structure_of_the_paving():
    rules = rules_of(shipped())
    assert rules.cover("cable_medium", "carriageway")[0] == 1.0
    assert rules.cover("telecom", "carriageway")[0] >= shipped().value("structure_depth", surface="carriageway")


def test_every_rule_has_a_rank_and_no_source_means_placeholder():
    rules = rules_of(shipped())
    for rule in (*rules.clearance, *rules.cover_rules, *rules.barrier):
        figure = shipped().by_id[rule.id]
        assert figure.source or figure.status == "placeholder", rule.id


def test_heat_beside_water_is_calculated_from_figures_with_a_spread():
    found = heat_beside_water(shipped())
    assert 0 <= found.low <= found.distance <= found.high < 5
    assert {f.figure for f in found.inputs} == set(INPUTS)
    hot = with_own(own(figure="supply_temperature", where="", value="110", unit="C"))
    assert heat_beside_water(hot).distance > found.distance


@given(st.floats(0.05, 3), st.floats(0.05, 3))
def test_the_soil_is_warmer_nearer_to_the_pipe(one, two):
    given_ = {n: shipped().value(n) for n in INPUTS}
    near, far = sorted((one, two))
    assert warming(near, given_, 0.29, 0.95, 1.05) >= warming(far, given_, 0.29, 0.95, 1.05) - 1e-9
