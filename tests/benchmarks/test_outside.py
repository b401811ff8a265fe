"""Instances of others through the same interfaces."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def test_assignment_is_judged_from_the_file_alone(tmp_path: Path) -> None:
    from outside.gap import linear, read

    from integralie.verbs.programme.engine import solve

    path = tmp_path / "tiny"
    path.write_text("2 3\n 4 1 9\n 3 8 2\n 2 2 2\n 2 2 2\n 4 4\n")
    gap = read(path)
    assert gap.cost.tolist() == [[4, 3], [1, 8], [9, 2]] and gap.room.tolist() == [4, 4]
    assert gap.judged(np.array([0, 0, 1])) == (7.0, True) and gap.judged(np.array([1, 1, 1]))[1] is False
    assert gap.judged(np.array([-1, 0, 1])) == (None, False)
    result = solve(gap.problem(), 2)
    assert gap.judged(result.period) == (6.0, True)
    assert linear(gap) == pytest.approx(6.0)


@pytest.mark.shared
def test_the_linear_programme_of_newman1_to_the_unit(shared: Path) -> None:
    from outside.newman import arrays, linear

    from integralie.verbs.programme.problem import Problem

    problem = Problem.from_arrays(**arrays(shared / "data" / "benchmarks" / "newman1"))
    assert problem.works == 1060 and problem.arrays.capacity.shape[0] - problem.given == 3922
    assert round(linear(problem)) == 24_486_184


def test_the_table_tells_where_a_rival_was_better() -> None:
    import table

    run = {"instance": "sections-9-1", "limit": 60.0, "seed": 1, "seconds": 1.0, "gigabytes": 0.1, "trail": [(0.5, 10_000)], "note": "",
           "works": 9, "places": 3, "more": {}, "over": 0, "broken": 0, "openings": 1.0, "days": 2.0, "direct": 1, "user": 1, "nuisance": 1}  # fmt: skip
    ours, other = (
        {**run, "rival": "engine", "cost": 100.0, "bound": 9_950},
        {**run, "rival": "greedy", "cost": 99.9, "bound": None},
    )
    text = table.markdown([ours, other])
    assert "0.503 %" in text and "greedy (seed 1) in 60 s is 0.100 % cheaper" in text
    assert "Nowhere" in table.markdown([ours, {**other, "cost": 101.0}])


def test_the_commands_tell_what_they_do() -> None:
    assert sys.modules  # the modules below are imported by name, as the commands are
    import compare
    import instances
    import montecarlo

    assert all(m.__doc__ and m.main for m in (compare, instances, montecarlo))
    assert compare.instance_of("chains-80-2").seed == 2
