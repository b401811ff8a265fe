"""Scenarios beside each other and beside every owner alone, by the same measures."""

from __future__ import annotations

from fastapi import APIRouter

from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.silo import ALONE, TOGETHER

router = APIRouter(tags=["comparison"])
BASE = "base"
ORDER = (
    "objective", "lower_bound", "present_cost", "direct_cost", "work_cost", "opening_cost", "nuisance", "days_open", "dwelling_days",
    "openings", "joint_openings", "openings_several_parties", "openings_avoided", "works", "works_programmed", "works_deferred",
    "works_later", "years_moved", "share_paid", "share_alone", "share_saving",
)  # fmt: skip
MORE_IS_BETTER = (
    "joint_openings",
    "openings_avoided",
    "works_programmed",
    "openings_several_parties",
    "share_saving",
    "works_on_time",
)
NEUTRAL = ("works", "works_later", "lower_bound", "share_alone", "passages")
PER_PARTY = ("work_cost", "share_paid", "share_saving", "works_deferred")


class ColumnTold(Shape):
    """One programme that is compared."""

    id: str
    name: str
    computed: bool


class Measure(Shape):
    """One measure over all columns; `best` is the place of the best one."""

    indicator: str
    title: str
    unit: str
    values: list[float | None]
    best: int | None
    lower_is_better: bool | None


class Part(Shape):
    """One part of what a party gains or loses."""

    title: str
    amount: float


class PartyCompared(Shape):
    """What a party pays and gains in each column."""

    party: str
    name: str
    values: dict[str, dict[str, float]]
    parts: list[Part]
    net: float | None


class Saving(Shape):
    """What working together saves, between proven bounds."""

    low: float
    high: float


class Comparison(Shape):
    """Whole programmes beside each other."""

    columns: list[ColumnTold]
    rows: list[Measure]
    parties: list[PartyCompared]
    saving: Saving | None
    sentence: str


Scores = dict[tuple[str, str | None], float]


@router.get("/comparison")
def comparison(look: Looking, columns: str = f"{BASE},{ALONE}") -> Comparison:
    """The columns asked for: `base`, scenarios by id, and `silo` (every owner alone)."""
    asked = list(dict.fromkeys(columns.split(",")))
    scores = {c: _scores(look, c) for c in asked}
    heads = [ColumnTold(id=c, name=_name(look, c), computed=bool(scores[c])) for c in asked]
    units = _units(look, asked)
    known = [i for i in (*ORDER, *sorted(set(units) - set(ORDER))) if any((i, None) in s for s in scores.values())]
    parties = _parties(look, scores)
    saving = _saving(scores.get(BASE, {}), scores.get(ALONE, {}))
    return Comparison(
        columns=heads, rows=[_measure(look, i, units[i], [s.get((i, None)) for s in scores.values()]) for i in known],
        parties=parties, saving=saving, sentence=_sentence(look, saving, heads, parties),
    )  # fmt: skip


def _study(look: Sight, column: str):  # type: ignore[no-untyped-def]
    scenario = None if column in (BASE, ALONE) else column
    return look.desk.seen(scenario, look.party)


def _scores(look: Sight, column: str) -> Scores:
    rows = _study(look, column).scores
    mine = rows[rows["variant"] == (ALONE if column == ALONE else TOGETHER)]
    return {(i, None if p != p else p): float(v) for i, p, v in zip(mine["indicator"], mine["party"], mine["value"])}


def _units(look: Sight, columns: list[str]) -> dict[str, str]:
    return {i: u for c in columns for i, u in _study(look, c).scores[["indicator", "unit"]].itertuples(index=False)}


def _name(look: Sight, column: str) -> str:
    if column in (BASE, ALONE):
        return look.t(f"column.{column}")
    return next((s.name for s in look.desk.scenarios if s.id == column), column)


def _measure(look: Sight, indicator: str, unit: str, values: list[float | None]) -> Measure:
    lower = None if indicator in NEUTRAL else indicator not in MORE_IS_BETTER
    told = [v for v in values if v is not None]
    best = None
    if lower is not None and len(told) > 1 and min(told) != max(told):
        best = values.index(min(told) if lower else max(told))
    title = (
        look.t(f"measure.{indicator}") if look.words.has(f"api.measure.{indicator}") else indicator.replace("_", " ")
    )
    return Measure(indicator=indicator, title=title, unit=unit, values=values, best=best, lower_is_better=lower)


def _parties(look: Sight, scores: dict[str, Scores]) -> list[PartyCompared]:
    """Per party what it pays in each column, and what it pays more (+) or less (-) together than alone, the worst-off first.

    Two parts: what sharing saves on the works that are done (below zero), and what it pays for works that are done
    earlier, or more of them, than it would have done alone. The parts add up to the net amount.
    """
    parties = dict.fromkeys(p for s in scores.values() for _, p in s if p is not None)
    own, alone = scores.get(look.scenario or BASE) or scores.get(BASE, {}), scores.get(ALONE, {})
    made = []
    for party in parties:
        values = {c: {i: s[i, party] for i in PER_PARTY if (i, party) in s} for c, s in scores.items()}
        parts = _parts(look, own, alone, party)
        net = round(sum(p.amount for p in parts), 2) if parts else None
        made.append(
            PartyCompared(party=party, name=look.party_name(party) or party, values=values, parts=parts, net=net)
        )
    return sorted(made, key=lambda p: (p.net is None, -(p.net or 0.0), p.name))


def _parts(look: Sight, own: Scores, alone: Scores, party: str) -> list[Part]:
    def part(name: str, amount: float) -> Part:
        return Part(title=look.t(f"part.{name}"), amount=round(amount, 2))

    paid, silo, same = own.get(("share_paid", party)), alone.get(("share_paid", party)), own.get(("share_alone", party))
    if paid is not None and silo is not None and same is not None:
        return [part("sharing", paid - same), part("more", same - silo)]
    works = own.get(("work_cost", party)), alone.get(("work_cost", party))
    return [part("more", works[0] - works[1])] if works[0] is not None and works[1] is not None else []


def _saving(own: Scores, alone: Scores) -> Saving | None:
    try:
        low = alone["lower_bound", None] - own["objective", None]
        high = alone["objective", None] - own["lower_bound", None]
    except KeyError:
        return None
    return Saving(low=round(low, 2), high=round(high, 2))


def _sentence(look: Sight, saving: Saving | None, heads: list[ColumnTold], parties: list[PartyCompared]) -> str:
    """Who pays most for it first, then what it brings all together."""
    if saving is not None:
        worst = next((p for p in parties if p.net is not None and p.net > 0), None)
        first = look.t("compare.worst", party=worst.name, amount=worst.net) + " " if worst else ""
        return first + look.t("compare.saving", low=saving.low, high=saving.high)
    missing = [h.name for h in heads if not h.computed]
    return look.t("compare.missing", names=look.words.listed(missing)) if missing else ""
