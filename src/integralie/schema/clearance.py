"""Clearance: the rules of the cross-section as data: distances between kinds, cover, facade; the stricter wins.

Each rule is a figure (`figures/clearance.csv`, `figures/cover.csv`, or a row among the own figures of a study) whose
`where` says between which kinds it holds (`a`, `b`; none is any), how it measures (`edge` to edge, `centre` to centre,
or from the `heart` of a to the edge of b), which rule set it belongs to (`set`) and of which rank it is: law, norm,
operator, handbook, own. Rule sets lie over one another: of all rules that hold for a pair the strictest decides, and
the others are kept as conflicts. A municipality or operator adds its own set by adding figures; nothing else changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from integralie.errors import DataError
from integralie.figures import Figure, Figures
from integralie.kinds import BURIED, kinds
from integralie.schema.thermal import heat_beside_water

RANKS = ("law", "norm", "operator", "handbook", "own")
MEASURES = ("edge", "centre", "heart")
FACADE = "facade"
NETWORK = "network"
CALCULATED = "thermal"  # id of the distance of heat beside drinking water, which is calculated
REPLACED = "CS-062"  # the constant that stands in where it cannot be calculated


@dataclass(frozen=True)
class Rule:
    """One rule: between which kinds, for which size and surface, how far and how measured, from whom."""

    id: str
    a: frozenset[str] | None
    b: frozenset[str] | None
    surface: frozenset[str] | None
    size: frozenset[str] | None
    measure: str
    value: float
    rank: str
    set: str
    status: str

    def holds(self, one: str, two: str, size: str = "") -> bool:
        """Whether it speaks of this pair, in either order; a rule from a heart only of the first kind."""
        if self.size is not None and size not in self.size:
            return False
        if self.measure == "heart":
            return self._is(self.a, one) and self._is(self.b, two)
        return (self._is(self.a, one) and self._is(self.b, two)) or (self._is(self.a, two) and self._is(self.b, one))

    @staticmethod
    def _is(wanted: frozenset[str] | None, kind: str) -> bool:
        return (kind != FACADE) if wanted is None else kind in wanted


def _kinds(text: frozenset[str] | None) -> frozenset[str] | None:
    if text is None or NETWORK not in text:
        return text
    return text | {k.name for k in kinds().values() if k.symbol in BURIED and k.symbol != "box"}


def _rule(figure: Figure) -> Rule:
    pairs = figure.pairs
    one = {key: next(iter(pairs.get(key, frozenset({""})))) for key in ("measure", "rank", "set")}
    if one["rank"] not in RANKS or (one["measure"] or "edge") not in MEASURES:
        raise DataError(
            f"Rule '{figure.id}' should have a rank ({', '.join(RANKS)}) and a measure ({', '.join(MEASURES)}); correct its 'where'."
        )
    return Rule(
        figure.id,
        _kinds(pairs.get("a", pairs.get("kind"))),
        _kinds(pairs.get("b")),
        pairs.get("surface"),
        pairs.get("size"),
        one["measure"] or "edge",
        figure.value,
        one["rank"],
        one["set"] or "base",
        figure.status,
    )


@dataclass(frozen=True)
class Between:
    """What two things must keep apart: outside to outside, heart to heart, heart to outside (m); the rule of each."""

    edge: float = 0.0
    centre: float = 0.0
    heart: float = 0.0
    rules: tuple[str, str, str] = ("", "", "")

    def hearts(self, half_one: float, half_two: float) -> float:
        """The least distance between the two hearts."""
        return max(half_one + half_two + self.edge, self.centre, half_two + self.heart)

    def outside(self, half_one: float, half_two: float) -> float:
        """The same, outside to outside."""
        return self.hearts(half_one, half_two) - half_one - half_two

    def rule(self, half_one: float, half_two: float) -> str:
        """The rule that decides."""
        reach = (half_one + half_two + self.edge, self.centre, half_two + self.heart)
        return self.rules[int(np.argmax(reach))]


@dataclass
class Rules:
    """All rules of a study; made once, asked often."""

    figures: Figures
    _found: dict[tuple[str, str, str, bool], Between] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = [*self.figures.rows, *self.figures.own]
        self.clearance = [_rule(f) for f in rows if f.figure == "clearance" and not math.isnan(f.value)]
        self.barrier = [_rule(f) for f in rows if f.figure == "clearance_barrier" and not math.isnan(f.value)]
        self.standing = [_rule(f) for f in rows if f.figure == "clearance_existing_tree" and not math.isnan(f.value)]
        self.cover_rules = [_rule(f) for f in rows if f.figure == "cover_rule" and not math.isnan(f.value)]
        self.above = [_rule(f) for f in rows if f.figure == "no_object_above"]
        self.vertical = self.figures.find("clearance_vertical", measure="edge", set="base", rank="own")
        self.thermal = heat_beside_water(self.figures)

    def holding(self, one: str, two: str, size: str = "", barrier: bool = False, standing: bool = False) -> list[Rule]:
        """Every rule that speaks of a pair, strictest first within its measure."""
        rows = [r for r in self.clearance if r.holds(one, two, size)]
        if "heat" in (one, two) and "water_main" in (one, two):
            rows = [r for r in rows if r.id != REPLACED]
            rows.append(
                Rule(CALCULATED, None, None, None, None, "edge", self.thermal.distance, "own", "base", "placeholder")
            )
        special = [
            r
            for r in (self.barrier if barrier else self.standing if standing else [])
            if r.holds(one, two, size) or r.holds(two, one, size)
        ]
        if special:  # a root barrier, or a tree that stands already, replaces the distance for new planting
            rows = [r for r in rows if r.measure != "heart"] + special
        return sorted(rows, key=lambda r: (MEASURES.index(r.measure), -r.value, RANKS.index(r.rank), r.id))

    def between(self, one: str, two: str, size: str = "", barrier: bool = False, standing: bool = False) -> Between:
        """What kind `one` must keep from kind `two` (or from the `facade`)."""
        key = (one, two, size, barrier or standing)
        if key not in self._found:
            rows = self.holding(one, two, size, barrier, standing)
            best = [next((r for r in rows if r.measure == m), None) for m in MEASURES]
            values = [r.value if r else 0.0 for r in best]
            edge, centre, heart = (r.id if r else "" for r in best)
            self._found[key] = Between(values[0], values[1], values[2], (edge, centre, heart))
        return self._found[key]

    def cover(self, kind: str, surface: str) -> tuple[float, str]:
        """The least cover of a kind under a surface (m) and its rule; never within the structure of the paving."""
        rows = [
            r for r in self.cover_rules if (r.a is None or kind in r.a) and (r.surface is None or surface in r.surface)
        ]
        best = max(rows, key=lambda r: r.value, default=None)
        least, rule = (best.value, best.id) if best else (0.0, "")
        if kinds()[kind].symbol in BURIED and kinds()[kind].symbol != "box":
            base = self.figures.find("structure_depth", surface=surface) if surface else None
            if base is not None and base.value > least:
                return base.value, base.id
        return least, rule

    def forbids_above(self, kind: str) -> str:
        """The rule that keeps this kind off the top of cables and pipes, if there is one."""
        return next((r.id for r in self.above if r.a is not None and kind in r.a), "")

    def order(self, kind: str) -> float | None:
        """Place of a kind from facade to carriageway, of own figures first; None when no order is given."""
        rows = (f for f in (*self.figures.own, *self.figures.rows) if f.figure == "order")
        return next((f.value for f in rows if kind in f.pairs.get("kind", ())), None)

    def conflicts(self) -> pd.DataFrame:
        """Every pair of which rules differ: which decides, which gives way, and by how much (m)."""
        names = [k.name for k in kinds().values() if k.symbol in (*BURIED, "tree")] + [FACADE]
        rows = []
        for i, one in enumerate(names):
            for two in names[i:]:
                for measure in MEASURES:
                    held = [r for r in self.holding(one, two) if r.measure == measure]
                    rows += [
                        {
                            "a": one,
                            "b": two,
                            "measure": measure,
                            "rule": held[0].id,
                            "rank": held[0].rank,
                            "value": held[0].value,
                            "yields": r.id,
                            "yields_rank": r.rank,
                            "yields_value": r.value,
                        }
                        for r in held[1:]
                        if r.value < held[0].value
                    ]
        return pd.DataFrame(rows)


@lru_cache(maxsize=8)
def rules_of(figures: Figures) -> Rules:
    """The rules of a set of figures.

    >>> from integralie.figures import shipped
    >>> rules_of(shipped()).between("cable_medium", "gas_low").rules[0]
    'CS-041'
    """
    return Rules(figures)
