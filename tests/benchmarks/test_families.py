"""The instances: the same numbers for the same seed, files that give them back, every term really in use."""

from __future__ import annotations

import numpy as np
import pytest
from families import FAMILIES, load, make
from families.chains import MOST_SECTIONS, MOST_WORKS

from integralie.verbs.programme import count


@pytest.mark.parametrize("name", FAMILIES)
def test_a_seed_settles_an_instance_and_its_file_gives_it_back(name: str, tmp_path) -> None:
    one, again, other = make(name, 80, 1), make(name, 80, 1), make(name, 80, 2)
    assert np.array_equal(one.arrays["cost"], again.arrays["cost"], equal_nan=True)
    assert one.arrays["cost"].shape != other.arrays["cost"].shape or not np.array_equal(
        one.arrays["cost"], other.arrays["cost"], equal_nan=True
    )
    back = load(one.save(tmp_path))
    first, second = one.problem(), back.problem()
    assert (back.name, first.works) == (one.name, second.works)
    for key in first.arrays._fields:
        assert np.array_equal(getattr(first.arrays, key), getattr(second.arrays, key)), key


@pytest.mark.parametrize("name", FAMILIES)
def test_sizes_are_about_what_is_asked(name: str) -> None:
    works = make(name, 5000).problem().works
    assert 4500 < works < 5500


def test_chains_have_works_over_one_to_four_sections_and_budgets_of_ten_owners() -> None:
    p = make("chains", 1200).problem().arrays
    sections, works = np.diff(p.place), np.diff(p.first)
    assert (sections.min(), sections.max()) == (1, MOST_SECTIONS) and works.max() <= MOST_WORKS
    covered = np.array([int(c).bit_count() for c in p.cover])
    assert set(covered) == {1, 2, 3, 4}
    assert p.capacity.shape == (10, 20) and (p.carry == 0).all()
    assert 5 < len(p.defer) / p.capacity.size < 7  # works per budget row
    assert (make("chains_carry", 1200).problem().arrays.carry > 0).any()


def test_all_terms_uses_every_term() -> None:
    problem = make("all_terms", 1500).problem()
    p, given = problem.arrays, problem.given
    assert (np.diff(p.alt) > 1).any() and (p.layer < 0).any() and (p.layer == 2).any()  # modes, relining, layers
    assert (np.diff(p.place) > 1).any() and (np.diff(p.place) == 1).any()  # chains and sections
    assert (p.rest_price < 0).any() and (p.rest_price > 0).any() and (p.since < 10).any()  # hard, priced, history
    assert {0, 1, 2} <= set(p.tie[:, 2].tolist())  # not before, later, apart
    assert len(p.capacity) > given  # order between blocks
    assert (p.defer >= 2**60).any()  # commitments
    assert (p.carry > 0).any() and (p.least_price > 0).any() and (p.adds_up[:given] > 0).sum() == 3
    assert (p.soft == 3).any() and (p.crowd_price > 0).all() and (p.capacity[:given] == 100).any()  # cliques of one


def test_the_parts_of_the_cost_add_up() -> None:
    from measures import measured
    from rivals import RIVALS

    instance = make("all_terms", 250)
    problem = instance.problem()
    found = measured(instance, problem, RIVALS["due_date"].solve(problem, 1, 1, lambda cost: None).pick)
    assert found["direct"] + found["user"] + found["nuisance"] == pytest.approx(found["cost"])
    assert min(found["direct"], found["user"], found["nuisance"]) > 0
    assert (found["over"], found["broken"]) == (0, 0)


def test_openings_are_counted_once_per_place_and_period() -> None:
    from measures import measured, openings

    instance = make("chains", 60)
    problem = instance.problem()
    nobody = np.full(problem.works, -1)
    assert measured(instance, problem, nobody)["openings"] == 0
    together = np.full(problem.works, -1)
    members = np.arange(problem.arrays.first[0], problem.arrays.first[1])
    together[members] = 3
    places = {q for i in members for q in range(4) if (int(problem.arrays.cover[problem.arrays.alt[i]]) >> q) & 1}
    assert len(openings(problem, together)[0]) == len(places)
    assert count.usage(problem, nobody).sum() == 0
