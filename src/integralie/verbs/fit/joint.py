"""Joint: several new things in one street at once, and the smallest sets that cannot lie in the ground together."""

from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.clearance import Rules
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.fit.place import together
from integralie.verbs.fit.search import prepared, windows

MOST, MOST_LAYERS = 4, 5  # wants looked at together in one street; depths tried for each


def _one(ground: Ground, want: pd.DataFrame, extra: pd.DataFrame, rules: Rules, figures: Figures) -> dict:
    """The obstacles of one want per layer, each sorted by where it begins."""
    question, _, which = prepared(ground, want, extra, rules, figures, np.zeros(0))
    low, high, _ = windows(question, want, which)
    f = question.frame.iloc[question.offsets[which[0]] : question.offsets[which[0] + 1]]
    step = max(1, -(-len(question.layers) // MOST_LAYERS))
    layers = question.layers[::step][:MOST_LAYERS]
    sets = []
    at, reach, hard = f["at"].to_numpy(float), f["reach"].to_numpy(float), f["hard"].to_numpy(bool)
    for d in layers:
        near = (f["always"].to_numpy() > 0) | (
            (d < f["bottom"] + f["slack"]) & (d + question.height > f["top"] - f["slack"])
        ).to_numpy()
        near = np.where(hard, d + 1e-9 < f["bare"].to_numpy(float), near)
        sets.append((at[near], reach[near]))
    return {
        "kind": question.kind,
        "half": question.half,
        "height": question.height,
        "layers": layers,
        "sets": sets,
        "low": float(low[0]),
        "high": float(high[0]),
    }


def fits_together(parts: list[dict], rules: Rules, figures: Figures, clearance: float = 0.0) -> np.ndarray | None:
    """Places for all of them at once (metres from the axis), or None: every depth and every order is tried.

    Exact for straight lines: for one choice of depths and one order from left to right, the first free place for each
    in turn leaves most for the next.
    """
    n, deep = len(parts), max(len(p["layers"]) for p in parts)
    size = max(1, max((len(a) for p in parts for a, _ in p["sets"]), default=1))
    lengths = np.zeros((n, deep), np.int64)
    places, sizes = np.zeros((n, deep, size)), np.zeros((n, deep, size))
    orders = np.zeros((n, deep, size), np.int64)
    for i, p in enumerate(parts):
        for li, (at, reach) in enumerate(p["sets"]):
            m = len(at)
            lengths[i, li], places[i, li, :m], sizes[i, li, :m] = m, at, reach
            orders[i, li, :m] = np.argsort(at - reach, kind="stable")
    apart = np.zeros((n, deep, n, deep))
    beside = figures.value("beside")
    for (i, p), (k, q) in product(enumerate(parts), repeat=2):
        if i == k:
            continue
        keep = max(
            rules.between(p["kind"], q["kind"]).hearts(p["half"], q["half"]),
            rules.between(q["kind"], p["kind"]).hearts(q["half"], p["half"]),
        )
        always = "tree" in (kinds()[p["kind"]].symbol, kinds()[q["kind"]].symbol)
        for (li, d), (lk, c) in product(enumerate(p["layers"]), enumerate(q["layers"])):
            near = always or (d < c + q["height"] + beside and d + p["height"] > c - beside)
            apart[i, li, k, lk] = keep if near else 0.0
    choices = np.array(list(product(*[range(len(p["layers"])) for p in parts])), np.int64)
    orders_of = np.array(list(permutations(range(n))), np.int64)
    low, high = (np.array([p[c] for p in parts]) for c in ("low", "high"))
    choice, _, x = together(lengths, places, sizes, orders, low, high, apart, orders_of, choices, clearance)
    return None if choice < 0 else x


def clashing(
    ground: Ground, rows: pd.DataFrame, extra: pd.DataFrame, rules: Rules, figures: Figures
) -> list[tuple[str, tuple[str, ...]]]:
    """Per street the smallest sets of wants that each fit alone and not together: (street, ids of the wants)."""
    out = []
    for street, group in rows.groupby("street", sort=True):
        ids = list(group.sort_index().index[:MOST])
        if len(ids) < 2:
            continue
        parts = {i: _one(ground, group.loc[[i]], extra, rules, figures) for i in ids}
        bad: list[tuple[str, ...]] = []
        if fits_together(list(parts.values()), rules, figures) is None:
            for size in range(2, len(ids) + 1):
                for some in combinations(ids, size):
                    if any(set(b) <= set(some) for b in bad):
                        continue
                    if fits_together([parts[i] for i in some], rules, figures) is None:
                        bad.append(some)
        out += [(str(street), b) for b in bad]
    return out
