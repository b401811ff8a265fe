"""Several wants at once: the search agrees with trying all places, and names the smallest sets that do not go together."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from integralie.figures import shipped
from integralie.schema.clearance import rules_of
from integralie.verbs.fit.joint import Part, fits_together, smallest

KIND, GRID, EDGE, CUTS = "cable_low", 0.5, 2.0, 2
LAYERS = np.array([0.6, 2.0])  # so far apart that one may lie above the other
PLACES = np.arange(-EDGE, EDGE + 0.01, GRID)
RULES = rules_of(shipped())

obstacle = st.tuples(
    st.integers(-4, 4), st.integers(1, 4), st.integers(0, CUTS - 1), st.sampled_from(((1, 0), (0, 1), (1, 1)))
)
wants = st.lists(st.tuples(st.lists(obstacle, max_size=4), st.integers(0, 2), st.booleans()), min_size=2, max_size=3)


def part(found: list[tuple], shift: int, single: bool, half: float) -> Part:
    return Part(
        kind=KIND,
        half=half,
        height=0.1,
        low=-EDGE,
        high=EDGE,
        layers=LAYERS,
        at=np.array([f[0] * GRID for f in found], float),
        reach=np.array([f[1] * GRID for f in found], float),
        cut=np.array([f[2] for f in found], int),
        near=np.array([[f[3][d] for f in found] for d in (0, 1)], bool).reshape(2, len(found)),
        shift=0.0 if single else shift * GRID,
        single=single,
    )


def ways(p: Part, cuts: list[int]) -> list[tuple[int, tuple[float, ...]]]:
    """Every depth and every way through the cuts on the grid; nan where a thing does not stand."""
    out = []
    for d in range(len(LAYERS)):
        free = [[x for x in PLACES if not any(n and c == cut and abs(x - a) < r - 1e-9 for a, r, c, n in zip(p.at, p.reach, p.cut, p.near[d]))] for cut in cuts]  # fmt: skip
        if p.single:
            out += [
                (d, tuple(x if k == c else np.nan for k in range(len(cuts)))) for c in range(len(cuts)) for x in free[c]
            ]
        else:
            out += [(d, w) for w in product(*free) if all(abs(a - b) <= p.shift + 1e-9 for a, b in zip(w, w[1:]))]
    return out


def bears(one: tuple, two: tuple, keep: float) -> bool:
    """Whether two ways keep apart at every cut, on one side of each other all along."""
    if one[0] != two[0]:
        return True
    away = np.array(two[1]) - np.array(one[1])
    away = away[~np.isnan(away)]
    return not len(away) or bool((away >= keep - 1e-9).all() or (away <= -keep + 1e-9).all())


def brute(parts: list[Part], keep: float) -> bool:
    cuts = sorted({int(c) for p in parts for c in p.cut}) or [0]
    held = [[w] for w in ways(parts[0], cuts)]
    for p in parts[1:]:
        more = ways(p, cuts)
        held = [[*h, w] for h in held for w in more if all(bears(v, w, keep) for v in h)]
        if not held:
            return False
    return bool(held)


def sized() -> tuple[float, float]:
    """Half a width with which two of them keep a whole number of grid steps, and that distance."""
    plain = RULES.between(KIND, KIND).hearts(0.2, 0.2)
    keep = np.ceil(plain / GRID - 1e-9) * GRID
    return 0.2 + (keep - plain) / 2, keep


@given(wants)
@settings(max_examples=40, deadline=None)
def test_several_at_once_agree_with_trying_all_depths_cuts_orders_and_ways(found):
    half, keep = sized()
    parts = [part(f, shift, single and i > 0, half) for i, (f, shift, single) in enumerate(found)]
    got = fits_together(parts, RULES, shipped())
    assert (got is not None) == brute(parts, keep)
    if got is not None:
        for p, x in zip(parts, got):
            assert (np.abs(np.diff(x)) <= p.shift + 1e-9).all() or p.single
            assert (np.abs(x[~np.isnan(x)]) <= EDGE + 1e-9).all()


@given(wants, st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_more_clearance_never_makes_a_set_possible_and_a_mirrored_street_is_the_same(found, more):
    half, _ = sized()
    parts = [part(f, shift, single, half) for f, shift, single in found]
    plain = fits_together(parts, RULES, shipped()) is not None
    if fits_together(parts, RULES, shipped(), clearance=more / 10) is not None:
        assert plain
    mirrored = [replace(p, at=-p.at) for p in parts]
    assert (fits_together(mirrored, RULES, shipped()) is not None) == plain
    assert (fits_together(parts[::-1], RULES, shipped()) is not None) == plain


def test_the_smallest_sets_are_named_whatever_their_number():
    half, keep = sized()
    one = replace(part([], 0, False, half), layers=LAYERS[:1], near=np.zeros((1, 0), bool))
    room = int(2 * EDGE / keep) + 1  # so many of them lie side by side
    crowd = {f"w{i}": one for i in range(room + 1)}
    bad, sure = smallest(crowd, RULES, shipped())
    assert sure and bad == [tuple(crowd)]  # all but any one fit, all do not
    assert smallest({k: crowd[k] for k in list(crowd)[:room]}, RULES, shipped()) == ([], True)
    wide = {f"w{i:02d}": replace(one, half=half + (0.8 if i in (3, 7) else 0.0)) for i in range(10)}
    for got in (smallest(wide, RULES, shipped())[0],):
        assert all(not set(a) < set(b) for a, b in combinations(got, 2)) and got
