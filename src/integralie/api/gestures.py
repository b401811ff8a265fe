"""Gestures of the hand (fix, forbid, keep apart, judge …) turned into edits of rows.

A gesture says what somebody wants; this file knows which row and column says that in a study. Nothing here changes
anything: each function gives the edits to record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from integralie.api.problems import Problem
from integralie.api.sight import Sight
from integralie.edits import record_all
from integralie.errors import Refused
from integralie.lifecycle import TRIAGE, triage
from integralie.schema import frames

VERDICTS = tuple(TRIAGE["opportunities"])
RAISED = "clash:room:"  # a clash that somebody made of a row of room
GRAVE = {"does_not_fit": "high", "tight": "medium"}
RULES = ("forbid", "together", "apart")  # agreements that a gesture makes, as the programme knows them
YEARS = ("earliest", "preferred", "latest")


@dataclass(frozen=True)
class Edit:
    """One edit to record: a value set, a row inserted (`value` is its columns) or a row deleted."""

    action: str
    table: str
    row: str
    column: str | None = None
    value: Any = None


@dataclass
class Wanted:
    """What a set of gestures comes down to: edits, a sentence for each gesture, and what the engine will not heed."""

    edits: list[Edit] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    unheeded: list[str] = field(default_factory=list)


def heeded(rule: str) -> bool:
    """Whether a rule is one that the tables name as known."""
    return rule in frames.table("agreements").columns["rule"].meaning.replace(",", " ").split()


def wanted(look: Sight, actions: list[dict[str, Any]]) -> Wanted:
    """The edits of all gestures, in order.

    Raises
        Problem when a gesture names a row that is not there, lacks a field, or puts a work outside its window.
    """
    out = Wanted()
    for action in actions:
        gesture = GESTURES.get(str(action.get("do")))
        if gesture is None:
            raise Problem("invalid-request", look.t("no_gesture", do=action.get("do"), known=", ".join(GESTURES)))
        try:
            out.sentences.append(gesture(look, action, out))
        except KeyError as error:
            raise Problem("invalid-request", look.t("lacks_field", do=action["do"], field=error.args[0])) from None
    return out


def _works(look: Sight, action: dict[str, Any]) -> Iterator[tuple[str, pd.Series]]:
    for id in action["works"]:
        yield id, look.row("works", id)


def _names(look: Sight, table: str, ids: list[str]) -> str:
    """The names of rows for a sentence; of many the first three and how many more."""
    frame = look.study[table]
    names = [str(frame.at[i, "name"]) if "name" in frame.columns and pd.notna(frame.at[i, "name"]) else i for i in ids]
    more = look.t("and_more", count=len(names) - 3) if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _fix(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    period = int(action["period"])
    for id, work in _works(look, action):
        if not action.get("outside") and not work["earliest"] <= period <= work["latest"]:
            detail = look.t("outside", name=work["name"], period=period, first=work["earliest"], last=work["latest"])
            raise Problem("outside-window", detail, work=id, earliest=int(work["earliest"]), latest=int(work["latest"]))
        out.edits.append(Edit("set", "works", id, "fixed", period))
    return look.t("did.fix", names=_names(look, "works", action["works"]), period=period)


def _release(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    out.edits += [Edit("set", "works", id, "fixed", None) for id, _ in _works(look, action)]
    return look.t("did.release", names=_names(look, "works", action["works"]))


def _rule_id(rule: str, works: list[str], periods: Sequence[int]) -> str:
    text = "|".join([rule, *sorted(works), *map(str, periods)])
    return f"agreement:{rule}:{hashlib.blake2b(text.encode(), digest_size=5).hexdigest()}"


def _agreement(look: Sight, rule: str, works: list[str], periods: Sequence[int], out: Wanted) -> bool:
    """A rule about works, as a row of `agreements`; the one who looks is who set it. False when it stands already."""
    years = ",".join(map(str, periods))
    where = f"work={','.join(works)}" + (f" period={years}" if years else "")
    row = {"rule": rule, "party": look.party, "applies_to": where, "hard": True, "rank": "policy", "sharing": 3}
    id = _rule_id(rule, works, periods)
    if id in look.study.agreements.index or any(e.row == id for e in out.edits):
        return False
    out.edits.append(Edit("insert", "agreements", id, None, {k: v for k, v in row.items() if v is not None}))
    if not heeded(rule):
        out.unheeded.append(look.t("unheeded", rule=look.t(f"rule.{rule}")))
    return True


def conditions(where: Any) -> dict[str, list[str]]:
    """Where an agreement holds (`work=a,b period=2029`), by name.

    >>> conditions("work=a,b period=2029")
    {'work': ['a', 'b'], 'period': ['2029']}
    """
    told = where.split() if isinstance(where, str) else []
    return {name: values.split(",") for name, values in (p.split("=", 1) for p in told if "=" in p)}


def rule_said(look: Sight, rule: str, where: str) -> str | None:
    """A rule that a gesture made, in words; None when it is another agreement."""
    pairs = conditions(where)
    works = [w for w in pairs.get("work", []) if w in look.study.works.index]
    if rule not in RULES or not works:
        return None
    years = [int(y) for y in pairs.get("period", []) if y.isdigit()]
    names = _names(look, "works", works)
    if len(years) > 1:
        return look.t("did.later", names=names)
    return look.t(f"did.{rule}", names=names, **({"period": years[0]} if years else {}))


def _forbid(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    """One agreement per work, so that each can be ended by itself; a work that has it already is passed over. What was
    fixed in that year is let go.
    """
    period = int(action["period"])
    added = [_agreement(look, "forbid", [id], (period,), out) for id, _ in _works(look, action)]
    if not any(added):
        raise Refused(look.t("rule_twice"))
    out.edits += _let_go(look, action, (period,))
    return look.t("did.forbid", names=_names(look, "works", action["works"]), period=period)


def _let_go(look: Sight, action: dict[str, Any], years: Sequence[int]) -> list[Edit]:
    """The edits that free the works that are fixed in one of these years."""
    fixed = [id for id, work in _works(look, action) if pd.notna(work["fixed"]) and int(work["fixed"]) in years]
    return [Edit("set", "works", id, "fixed", None) for id in fixed]


def _later(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    """No year of this programme: what was fixed is let go and all its years are closed, until the agreement ends."""
    years = look.study.settings.years
    added = [_agreement(look, "forbid", [id], years, out) for id, _ in _works(look, action)]
    if not any(added):
        raise Refused(look.t("rule_twice"))
    out.edits += _let_go(look, action, years)
    return look.t("did.later", names=_names(look, "works", action["works"]))


def _allow(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    """Takes a forbidden year back: the agreement ends."""
    period = int(action["period"])
    rules = [_rule_id("forbid", [id], (period,)) for id, _ in _works(look, action)]
    out.edits += [Edit("delete", "agreements", r) for r in rules if r in look.study.agreements.index]
    return look.t("did.allow", names=_names(look, "works", action["works"]), period=period)


def _keep(rule: str) -> Callable[[Sight, dict[str, Any], Wanted], str]:
    def keep(look: Sight, action: dict[str, Any], out: Wanted) -> str:
        works = [id for id, _ in _works(look, action)]
        if len(set(works)) < 2:
            raise Problem("invalid-request", look.t("two_works"))
        if not _agreement(look, rule, works, (), out):
            raise Refused(look.t("rule_twice"))
        return look.t(f"did.{rule}", names=_names(look, "works", works))

    return keep


def _end_agreement(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    look.row("agreements", action["agreement"])
    out.edits.append(Edit("delete", "agreements", action["agreement"]))
    return look.t("did.end_agreement")


def _limit(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    """What there is of a resource in a year; where nothing was told a row is added."""
    party, resource, period, amount = action["party"], action["resource"], int(action["period"]), action["amount"]
    look.row("parties", party)
    rows = look.study.capacity
    hit = rows[(rows["party"] == party) & (rows["resource"] == resource) & (rows["period"] == period)]
    if len(hit):
        out.edits.append(Edit("set", "capacity", str(hit.index[0]), "amount", amount))
    else:
        row = {"party": party, "resource": resource, "period": period, "amount": amount, "sharing": 0}
        out.edits.append(Edit("insert", "capacity", f"{party}|{resource}|{period}", None, row))
    name = look.t("resource." + resource.split(":")[0])
    return look.t("did.limit", resource=name, party=look.party_name(party), period=period, amount=float(amount))


def _set(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    table, rows, column = action["table"], action["rows"], action["column"]
    for id in rows:
        look.row(table, id)
        out.edits.append(Edit("set", table, id, column, action.get("value")))
    spec = look.table(table)
    if column not in spec.columns:
        raise Problem("invalid-request", look.t("no_column", column=column, name=table, known=", ".join(spec.columns)))
    return look.t(
        "did.set", names=_names(look, table, rows), column=title(look, table, column), value=action.get("value")
    )


def _shift(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    years = int(action["years"])
    for id in action["rows"]:
        plan = look.row("plans", id)
        told = [(c, int(plan[c])) for c in YEARS if pd.notna(plan[c])]
        out.edits += [Edit("set", "plans", id, c, value + years) for c, value in told]
    return look.t("did.shift", names=_names(look, "plans", action["rows"]), years=years)


def _judge(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    """What people make of an opportunity or clash, as a step in its life cycle; to keep apart is also a rule for the
    programme.
    """
    if action["verdict"] not in VERDICTS:
        raise Problem("invalid-request", look.t("no_verdict", known=", ".join(VERDICTS)))
    for id in action["rows"]:
        table = "clashes" if id in look.study.clashes.index else "opportunities"
        look.row(table, id)
        told = {"owner": action.get("owner"), "why": action.get("reason"), "next_step": action.get("nextStep")}
        changes = triage(look.study, id, action["verdict"], review=action.get("when"), **told)
        out.edits += [Edit("set", t, row, c, v) for t, row, c, v in changes]
        if action["verdict"] == "apart":
            members = look.study.members
            works = members.loc[(members["set"] == id) & (members["role"] == "work"), "member"]
            _agreement(look, "apart", sorted(works), (), out)
    return look.t("did.judge", count=len(action["rows"]), verdict=look.t(f"verdict.{action['verdict']}"))


def _put_on_list(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    """What a street has no room for, or how crowded it is, as a clash on the list, judged at once by the same triage.

    The clash is told by hand and stays when clashes are looked for again; its id holds that of the row of `room`.
    """
    if action["verdict"] not in VERDICTS:
        raise Problem("invalid-request", look.t("no_verdict", known=", ".join(VERDICTS)))
    room = look.row("room", action["row"])
    id, study = f"{RAISED}{action['row']}", look.study
    owner = action.get("owner") or _asks(look, room)
    if id not in study.clashes.index:
        told = _clash_of(look, room)
        out.edits.append(Edit("insert", "clashes", id, None, told))
        study = record_all(study, RAISED, RAISED, [("clashes", id, None, told)], action="insert")
    more = {"why": action.get("reason"), "next_step": action.get("nextStep"), "review": action.get("when")}
    out.edits += [Edit("set", t, r, c, v) for t, r, c, v in triage(study, id, action["verdict"], owner=owner, **more)]
    verdict = look.t(f"verdict.{action['verdict']}")
    return look.t("did.put_on_list", name=_street(look, room["street"]), verdict=verdict)


def _asks(look: Sight, room: pd.Series) -> str | None:
    """The party whose claim or work was tested."""
    for name in ("claims", "works"):
        id = room[name[:-1]]
        if pd.notna(id) and id in look.study[name].index:
            party = look.study[name].at[id, "party"]
            return str(party) if pd.notna(party) else None
    return None


def _clash_of(look: Sight, room: pd.Series) -> dict[str, Any]:
    """The columns of the clash: high where it does not fit or is crowded, medium where it is tight."""
    asked = pd.notna(room["claim"]) or pd.notna(room["work"])
    severity = GRAVE.get(room["verdict"], "unknown") if asked else room["crowding"]
    row = {
        "rule": "room" if asked else "crowding", "street": room["street"], "severity": severity if pd.notna(severity) else "unknown",
        "amount": room["move_cost"], "sharing": room["sharing"], "geometry": room["geometry"],
    }  # fmt: skip
    return {c: _plain(v) for c, v in row.items() if v is not None and not pd.isna(v)}


def _plain(value: Any) -> Any:
    return value.wkt if hasattr(value, "wkt") else value.item() if hasattr(value, "item") else value


def _street(look: Sight, street: Any) -> str:
    names = look.study.streets["name"]
    return str(names.get(street)) if pd.notna(names.get(street)) else str(street)


def _adopt(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    """The year of every programmed work becomes a decision, up to and including a year."""
    rows = look.study.programme
    rows = rows[rows["period"].notna()]
    rows = rows if action.get("until") is None else rows[rows["period"] <= int(action["until"])]
    if rows.empty:
        raise Problem("no-programme", look.t("detail.no-programme"))
    fixed = look.study.works["fixed"].reindex(rows["work"]).to_numpy()
    todo = [(w, int(p)) for w, p, f in zip(rows["work"], rows["period"], fixed) if pd.isna(f) or int(f) != int(p)]
    out.edits += [Edit("set", "works", w, "fixed", p) for w, p in todo]
    return look.t("did.adopt", count=len(rows), until=action.get("until") or look.study.settings.years[-1])


def _assume_year(look: Sight, action: dict[str, Any], out: Wanted) -> str:
    area, year = action["area"], int(action["year"])
    name = look.row("areas", area)["name"]
    out.edits += [
        Edit("set", "areas", area, "year_built", year),
        Edit("set", "areas", area, "year_built_quality", "assumed"),
    ]
    return look.t("did.assume_year", name=name, year=year)


def title(look: Sight, table: str, column: str) -> str:
    """The title of a column for a sentence."""
    spec = frames.table(table).columns.get(column)
    return (
        spec.meaning_nl if spec is not None and look.language == "nl" and spec.meaning_nl else column.replace("_", " ")
    )


GESTURES: dict[str, Callable[[Sight, dict[str, Any], Wanted], str]] = {
    "fix": _fix, "release": _release, "forbid": _forbid, "allow": _allow, "later": _later, "keep-together": _keep("together"),
    "keep-apart": _keep("apart"), "end-agreement": _end_agreement, "limit": _limit, "set": _set, "shift": _shift,
    "judge": _judge, "put-on-list": _put_on_list, "adopt": _adopt, "assume-year": _assume_year,
}  # fmt: skip
