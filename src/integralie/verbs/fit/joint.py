"""Joint: several new things in one street at once, and the smallest sets that cannot lie in the ground together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.clearance import Rules
from integralie.verbs.fit.arrange import GIVEN_UP, PLACED, arrange
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.fit.search import counting, groups, held, prepared, sideways, windows

MOST = 8  # wants of which every set is tried; of more: pairs, threes, and one smallest set
STEPS = 50_000  # of the search, after which nothing is claimed


@dataclass(frozen=True)
class Part:
    """One want in its street: its size, where it may lie, and per depth what keeps it off.

    `at`, `reach` and `cut` tell the obstacles, `near` (depth x obstacle) which of them count at each depth. `shift` is how
    far a line may move sideways between two cuts; a thing that is no line (`single`) stands at one cut.
    """

    kind: str
    half: float
    height: float
    low: float
    high: float
    layers: np.ndarray
    at: np.ndarray
    reach: np.ndarray
    cut: np.ndarray
    near: np.ndarray
    shift: float = 0.0
    single: bool = False


def parts_of(ground: Ground, rows: pd.DataFrame, rules: Rules, figures: Figures, best: bool = False) -> dict[str, Part]:
    """Every want as a part, with everything as registered or, at the `best`, as far away as its band allows.

    What one of a street replaces is gone for all of that street, as in a joint opening.
    """
    gone = rows.groupby("street")["gone"].agg(lambda g: tuple(sorted({w for one in g for w in one})))
    rows = rows.assign(gone=rows["street"].map(gone))
    out: dict[str, Part] = {}
    for group in groups(rows):
        question, streets, which = prepared(ground, group, pd.DataFrame(), rules, figures, np.zeros(0))
        low, high, _ = windows(question, group, which)
        found, begin = held(question, group, which)
        line = kinds()[question.kind].geometry == "line"
        radius, slope = figures.value("bend_radius", kind=question.kind), figures.value("most_shift")
        near = np.array([counting(question.frame, d, question.height, best) for d in question.layers])
        names = ("at", "reach_low" if best else "reach", "cut")
        at, reach, cut = (question.frame[c].to_numpy() for c in names)
        for i, want in enumerate(group.index):
            here = found[begin[i] : begin[i + 1]]
            shift = sideways(float(ground.step[streets[which[i]]]), radius, slope) if line else 0.0
            size = (question.kind, question.half, question.height, float(low[i]), float(high[i]), question.layers)
            out[str(want)] = Part(*size, at[here], reach[here], cut[here], near[:, here], shift, not line)
    return out


def _apart(parts: list[Part], owner: np.ndarray, top: np.ndarray, rules: Rules, figures: Figures) -> np.ndarray:
    """How far the hearts of two wants at these depths keep apart (m); 0 when one may lie above the other."""
    n = len(parts)
    keep = np.zeros((n, n))
    for i, k in combinations(range(n), 2):
        p, q = parts[i], parts[k]
        one, two = rules.between(p.kind, q.kind), rules.between(q.kind, p.kind)
        keep[i, k] = keep[k, i] = max(one.hearts(p.half, q.half), two.hearts(q.half, p.half))
    tree = np.array([kinds()[p.kind].symbol == "tree" for p in parts])[owner]
    bottom = top + np.array([p.height for p in parts])[owner]
    beside = figures.value("beside")
    near = (top[:, None] < bottom + beside) & (bottom[:, None] > top - beside) | tree[:, None] | tree
    out: np.ndarray = np.where(near, keep[np.ix_(owner, owner)], 0.0)
    return out


def _useful(parts: list[Part], owner: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Depths worth trying: one that meets all that another of the same want meets, and more, is never better."""
    keep = np.ones(len(owner), bool)
    for w, p in enumerate(parts):
        mine = np.flatnonzero(owner == w)
        worse = (p.near.astype(int) @ (~p.near).T.astype(int)) == 0  # all that a meets, b meets too
        worse &= (apart[mine][:, None, :] <= apart[mine][None, :, :] + 1e-12).all(axis=2)
        same = worse & worse.T
        beaten = (worse & ~same).any(axis=0) | (np.triu(same, 1)).any(axis=0)
        keep[mine[beaten]] = False
    return keep


def fits_together(
    parts: list[Part], rules: Rules, figures: Figures, clearance: float = 0.0
) -> np.ndarray | None | bool:
    """Places for all at once (want x cut, metres from the axis; nan where a thing does not stand), or None.

    Exact: every depth, every order from left to right, every cut for things that are no line; lines may shift along the
    street no more than they may bend. For one choice of these the leftmost way of each in turn leaves most for the next.
    False when the search was given up: then nothing is known.
    """
    owner = np.repeat(np.arange(len(parts)), [len(p.layers) for p in parts])
    layer = np.concatenate([np.arange(len(p.layers)) for p in parts])
    top = np.concatenate([p.layers for p in parts])
    apart = _apart(parts, owner, top, rules, figures)
    keep = _useful(parts, owner, apart)
    owner, layer, apart = owner[keep], layer[keep], apart[np.ix_(keep, keep)]
    cuts = sorted({int(c) for p in parts for c in p.cut}) or [0]
    one = np.array([p.single for p in parts])[owner]
    spread = np.repeat(np.arange(len(owner)), np.where(one, len(cuts), 1))
    first = np.concatenate([np.arange(len(cuts)) if s else [0] for s in one]).astype(np.int64)
    last = np.where(one[spread], first, len(cuts) - 1)
    begin, left, right = _walls(parts, owner[spread], layer[spread], first, last, cuts, clearance)
    found, place = arrange(
        owner[spread],
        first,
        last,
        np.array([p.low for p in parts]) + clearance,
        np.array([p.high for p in parts]) - clearance,
        np.array([p.shift for p in parts]),
        begin,
        left,
        right,
        np.where(apart > 0, apart + 2 * clearance, 0.0)[np.ix_(spread, spread)],
        _alike(parts),
        STEPS,
    )
    if found == GIVEN_UP:
        return False
    out: np.ndarray | None = place if found == PLACED else None
    return out


def _walls(
    parts: list[Part],
    owner: np.ndarray,
    layer: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    cuts: list[int],
    clearance: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per choice and cut the stretches where its heart may not lie, from left to right."""
    begin, left, right = np.zeros((len(owner), len(cuts) + 1), np.int64), [], []
    many = 0
    for o, (w, d) in enumerate(zip(owner, layer)):
        p = parts[w]
        a, b, near = p.at - p.reach - clearance, p.at + p.reach + clearance, p.near[d] & (p.reach + clearance > 0)
        for c, cut in enumerate(cuts):
            begin[o, c] = many
            if first[o] <= c <= last[o]:
                here = np.flatnonzero(near & (p.cut == cut))
                here = here[np.argsort(a[here], kind="stable")]
                left.append(a[here])
                right.append(b[here])
                many += len(here)
        begin[o, len(cuts)] = many
    flat = [np.concatenate(x) if x else np.zeros(0) for x in (left, right)]
    return begin, flat[0], flat[1]


def _alike(parts: list[Part]) -> np.ndarray:
    """For each want the one before it that asks exactly the same, or -1: their order does not matter."""
    seen: dict[tuple, int] = {}
    out = np.full(len(parts), -1, np.int64)
    for i, p in enumerate(parts):
        key = (p.kind, p.half, p.height, p.low, p.high, p.layers.tobytes(), p.at.tobytes(), p.near.tobytes())
        out[i] = seen.get(key, -1)
        seen[key] = i
    return out


def clashing(
    ground: Ground, rows: pd.DataFrame, rules: Rules, figures: Figures
) -> tuple[list[tuple[str, tuple[str, ...], str]], list[str]]:
    """Per street the smallest sets of wants that each fit alone and not together (street, ids, verdict); streets given up.

    *does_not_fit* when they would not go together at the best either, else *unknown*. Of more than eight wants in one
    street all pairs and threes are tried, and one smallest set among all of them.
    """
    rows = rows[rows["street"].map(rows["street"].value_counts()) > 1] if len(rows) else rows
    out: list[tuple[str, tuple[str, ...]]] = []
    unsure: list[str] = []
    parts = parts_of(ground, rows, rules, figures) if len(rows) else {}
    for street, group in rows.groupby("street", sort=True):
        bad, sure = smallest({str(i): parts[str(i)] for i in group.sort_index().index}, rules, figures)
        out += [(str(street), b) for b in bad]
        unsure += [] if sure else [str(street)]
    some = rows[rows["street"].isin([s for s, _ in out])] if out else rows.iloc[:0]
    kind = parts_of(ground, some, rules, figures, best=True) if len(some) else {}
    told = [fits_together([kind[i] for i in ids], rules, figures) is None for _, ids in out]
    verdict = ["does_not_fit" if never else "unknown" for never in told]
    return [(street, ids, v) for (street, ids), v in zip(out, verdict)], unsure


def smallest(parts: dict[str, Part], rules: Rules, figures: Figures) -> tuple[list[tuple[str, ...]], bool]:
    """The smallest sets that do not go together, and whether every search came to an end."""
    sure = True

    def clash(some: tuple[str, ...]) -> bool:
        nonlocal sure
        found = fits_together([parts[i] for i in some], rules, figures)
        sure &= found is not False
        return found is None

    whole, bad = tuple(parts), list[tuple[str, ...]]()
    if not clash(whole) and sure:
        return [], True
    for size in range(2, len(whole) + 1 if len(whole) <= MOST else 4):
        for some in combinations(whole, size):
            if not any(set(b) <= set(some) for b in bad) and clash(some):
                bad.append(some)
    if not bad and len(whole) > MOST and clash(whole):
        bad.append(_thinned(whole, clash))
    return bad, sure


def _thinned(whole: tuple[str, ...], clash) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    """One set of which none can be left out: each want is left out in turn when the others still clash."""
    some = whole
    for one in whole:
        less = tuple(i for i in some if i != one)
        if len(less) > 1 and clash(less):
            some = less
    return some
