"""The life of an opportunity or clash: who owns it, where it stands, what each party thinks of it, and what came of it.

All of it is told by people and kept as edits on the found row, so that it can be undone and replayed. The ids of
opportunities and clashes are made of place and works: what was decided stays with them when they are found again.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

import pandas as pd

from integralie.edits import active, record_all, seen
from integralie.errors import Refused
from integralie.study import Study

NEXT = {
    "opportunities": {
        "found": ("proposed", "in_talks", "agreed", "refused"),
        "proposed": ("in_talks", "agreed", "refused"),
        "in_talks": ("proposed", "agreed", "refused"),
        "agreed": ("in_talks", "realised", "refused"),
        "refused": ("proposed",),
        "lapsed": ("realised", "refused"),
        "realised": (),
    },
    "clashes": {
        "found": ("in_talks", "solved", "accepted"),
        "in_talks": ("solved", "accepted"),
        "solved": ("in_talks",),
        "accepted": ("in_talks",),
        "lapsed": ("solved", "accepted"),
    },
}
TRIAGE = {  # what people say of a row at first sight, and where it then stands
    "opportunities": {
        "new": "found", "later": "found", "real": "proposed", "wait": "in_talks", "no": "refused", "apart": "refused",
    },
    "clashes": {
        "new": "found", "later": "accepted", "real": "in_talks", "wait": "in_talks", "no": "solved", "apart": "solved",
    },
}  # fmt: skip
WORD = {  # the first sight that belongs to where a row stands
    "found": "new", "proposed": "real", "in_talks": "real", "agreed": "real", "realised": "real", "refused": "no",
    "solved": "no", "accepted": "later", "lapsed": "no",
}  # fmt: skip
ENDED = ("realised", "refused", "solved", "accepted")
WAITING = ("proposed", "in_talks")
VERDICTS = ("clash", "no_clash")
JOINED = ("agreed", "accepted", "refused")


Change = tuple[str, str, str | None, Any]  # table, row, column, value


def _table(row: str) -> str:
    for name, head in (("opportunities", "opportunity:"), ("clashes", "clash:")):
        if row.startswith(head):
            return name
    raise Refused(f"'{row}' is no opportunity or clash; give an id as it stands in one of these tables.")


def standing(study: Study, table: str = "opportunities") -> pd.DataFrame:
    """The opportunities or clashes as they stand: as found, with what people decided laid over them.

    What is no longer found and has not ended is `lapsed`.
    """
    frame = seen(study)[table].copy()
    gone = frame["kind" if table == "opportunities" else "rule"].eq("lapsed") & ~frame["status"].isin(ENDED)
    frame["status"] = frame["status"].fillna("found").mask(gone, "lapsed")
    return frame


def _status(study: Study, row: str) -> str:
    frame = standing(study, _table(row))
    if row not in frame.index:
        raise Refused(f"There is no '{row}' any more; run the step 'match', or look it up in the list.")
    return str(frame.at[row, "status"])


def _moment(at: str | None) -> str:
    return at or datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def advance(
    study: Study, row: str, status: str, who: str, why: str, *,
    owner: str | None = None, answer_by: str | None = None, realised: float | None = None, at: str | None = None,
) -> Study:  # fmt: skip
    """The study in which this opportunity or clash has moved on, as one decision that can be undone.

    An opportunity goes from found to proposed, in_talks and agreed, and ends as realised (with the saving that was
    booked, EUR) or refused (with the reason). Proposing needs an owner; the term to answer is `answer_days` from now
    unless another day is given. With `agreed` the works that are in it now are noted: who joins later must be accepted.

    Raises
        Refused when it cannot go that way from where it stands, or something is missing.
    """
    table, now = _table(row), _status(study, row)
    if status not in NEXT[table].get(now, ()):
        ways = ", ".join(NEXT[table].get(now, ())) or "nothing: it has ended"
        raise Refused(f"'{row}' is {now}; from there it can become {ways}.")
    current = standing(study, table).loc[row]
    owner = owner or (current["owner"] if isinstance(current["owner"], str) else None)
    if status in WAITING and owner is None:
        raise Refused(f"'{row}' needs an owner before it is {status}; say who takes it further.")
    if owner is not None and owner not in study.parties.index:
        raise Refused(f"'{owner}' is no party of this study; its parties are: {', '.join(study.parties.index)}.")
    if (status == "realised") != (realised is not None):
        raise Refused("Give the saving that was realised (EUR) with the status 'realised', and only then.")
    moment = _moment(at)
    changes: list[Change] = [(table, row, "status", status)]
    changes += _word(table, row, current, status)
    changes += [(table, row, "owner", owner)] if owner else []
    if status in WAITING:
        changes.append((table, row, "answer_by", answer_by or _term(study, moment)))
    if realised is not None:
        changes.append((table, row, "realised", float(realised)))
    if status == "agreed":
        changes += [("members", m, "verdict", "agreed") for m in _works(study, row).index]
    return record_all(study, who, why, changes, at=moment)


def _word(table: str, row: str, current: pd.Series, status: str) -> list[Change]:
    """The word of the triage goes with the status, so that both say one thing; one that still fits is kept."""
    told = current["verdict"]
    if not isinstance(told, str) or TRIAGE[table].get(told) == status:
        return []
    return [(table, row, "verdict", WORD[status])]


def triage(
    study: Study, row: str, word: str, *, owner: str | None = None, review: int | None = None, why: str | None = None,
    next_step: str | None = None, at: str | None = None,
) -> list[Change]:  # fmt: skip
    """The changes by which a word of the triage (`TRIAGE`) moves an opportunity or clash on in its life cycle.

    What is real is proposed to its owner (the party of its leading work, where nobody is named) with a term to answer,
    or stays where it already is in the talks; *later* keeps an opportunity as found, to be looked at again in `review`;
    *no* and *apart* end it with the reason; *new* takes it back. Beside the status the word itself is kept.

    Raises
        Refused when the word is unknown, or the row has ended for good.
    """
    table, now = _table(row), _status(study, row)
    if word not in TRIAGE[table]:
        raise Refused(f"A word of the triage is one of {', '.join(TRIAGE[table])}, not '{word}'.")
    if now == "realised" and word != "real":
        raise Refused(f"'{row}' is realised, and its saving is booked; take that back first.")
    current, status = standing(study, table).loc[row], TRIAGE[table][word]
    changes: list[Change] = [(table, row, "verdict", word)]
    ahead = word == "real" and now in ("proposed", "in_talks", "agreed", "realised")
    if not ahead and status != now:
        changes.append((table, row, "status", status))
    if status in WAITING and not ahead:
        held = current["owner"] if isinstance(current["owner"], str) else _first_party(study, row)
        owner = owner or held
        changes.append((table, row, "answer_by", _term(study, _moment(at))))
    told = {"owner": owner, "verdict_reason": why, "next_step": next_step, "review": review}
    return changes + [(table, row, c, v) for c, v in told.items() if v is not None]


def _first_party(study: Study, row: str) -> str | None:
    """The party of the first work in it."""
    held = sorted(_works(study, row)["member"])
    works = study.works["party"].reindex(held).dropna()
    return str(works.iloc[0]) if len(works) else None


def _term(study: Study, moment: str) -> str:
    day = datetime.date.fromisoformat(moment[:10])
    return (day + datetime.timedelta(days=int(study.figures.value("answer_days")))).isoformat()


def _works(study: Study, row: str) -> pd.DataFrame:
    members = seen(study).members
    return members[(members["set"] == row) & (members["role"] == "work")]


def overdue(study: Study, today: str) -> pd.DataFrame:
    """Opportunities and clashes whose term to answer has passed and that are still open: a row each, with their owner."""
    parts = []
    for table in NEXT:
        frame = standing(study, table)
        late = (
            frame["status"].isin(WAITING) & frame["answer_by"].notna() & (frame["answer_by"].astype(str) < today[:10])
        )
        parts.append(pd.DataFrame(frame.loc[late, ["street", "status", "owner", "answer_by"]]))
    return pd.concat(parts).sort_values("answer_by", kind="stable")


def history(study: Study, row: str) -> pd.DataFrame:
    """What was decided on one opportunity or clash, in order: at, who, why, column, value, and what it took back."""
    edits = study.edits
    own = edits[(edits["row"] == row) | edits["row"].astype(str).str.startswith(f"{row}|")]
    return own[["at", "who", "why", "row", "column", "value", "undoes"]]


# What each organisation thinks ------------------------------------------------------------------------------------------


def judge(study: Study, clash: str, party: str, verdict: str, who: str, why: str, *, at: str | None = None) -> Study:
    """The study in which a party has said whether this is a clash for it (`clash`, `no_clash`), with what its works were
    then: when they change, the verdict is asked again.

    Raises
        Refused when the party is not in the clash or the verdict is unknown.
    """
    row = f"{clash}|{party}"
    if verdict not in VERDICTS:
        raise Refused(f"A verdict on a clash is {' or '.join(VERDICTS)}, not '{verdict}'.")
    if row not in study.members.index:
        raise Refused(f"'{party}' has no work in '{clash}'; only who is in a clash can judge it.")
    basis = _both(study, clash)
    changes: list[Change] = [
        ("members", row, "verdict", verdict),
        ("members", row, "judged", basis),
    ]
    return record_all(study, who, why, changes, at=_moment(at))


def _both(study: Study, clash: str) -> str:
    """What all works in a clash are now, party by party."""
    rows = study.members[(study.members["set"] == clash) & (study.members["role"] == "party")].sort_index()
    return json.dumps({m: json.loads(b) for m, b in zip(rows["member"], rows["basis"])}, sort_keys=True)


def verdicts(study: Study) -> pd.DataFrame:
    """What each party says of each clash: rows `clash, party, verdict, changed`.

    The verdict is `not_judged` until it is given, and `again` when a window has moved by more than `changed_years`, a
    place by more than `changed_place` metres or a cost by more than `changed_cost` since then; `changed` says which.
    """
    members = seen(study).members
    rows = members[(members["role"] == "party") & members["set"].astype(str).str.startswith("clash:")]
    told = rows["verdict"].where(rows["verdict"].isin(VERDICTS), "not_judged")
    changed = pd.Series(None, index=rows.index, dtype=object)
    for row in rows[rows["judged"].notna()].itertuples():
        changed[row.Index] = _changed(json.loads(row.judged), json.loads(_both(study, row.set)), study)
    told = told.mask(changed.notna(), "again")
    out = {"clash": rows["set"], "party": rows["member"], "verdict": told, "changed": changed}
    return pd.DataFrame(out).reset_index(drop=True)


def _changed(then: dict[str, list[Any]], now: dict[str, list[Any]], study: Study) -> str | None:
    """What changed by more than its limit: works, years, place, cost; nothing when all is near enough."""
    limit = {n: study.figures.value(f"changed_{n}") for n in ("years", "place", "cost")}
    if {k: len(v) for k, v in then.items()} != {k: len(v) for k, v in now.items()}:
        return "works"
    for old, new in ((a, b) for party in then for a, b in zip(then[party], now[party])):
        if max(abs(old[0] - new[0]), abs(old[1] - new[1])) > limit["years"]:
            return "years"
        if len(old) != len(new) or (
            len(old) > 3 and (old[3] - new[3]) ** 2 + (old[4] - new[4]) ** 2 > limit["place"] ** 2
        ):
            return "place"
        if abs(old[2] - new[2]) > limit["cost"] * max(old[2], 1):
            return "cost"
    return None


def late_joiners(study: Study) -> pd.DataFrame:
    """Works that came into an opportunity after it was agreed: rows `opportunity, work, owner`, until the owner accepts
    or refuses them.
    """
    frame = standing(study)
    agreed = frame[frame["status"] == "agreed"]
    members = seen(study).members
    rows = members[members["set"].isin(agreed.index) & (members["role"] == "work") & ~members["verdict"].isin(JOINED)]
    owner = rows["set"].map(agreed["owner"])
    return pd.DataFrame({"opportunity": rows["set"], "work": rows["member"], "owner": owner}).reset_index(drop=True)


def admit(
    study: Study, opportunity: str, work: str, accepted: bool, who: str, why: str, *, at: str | None = None
) -> Study:
    """The study in which the owner of an agreed opportunity has accepted or refused a work that joined later.

    Raises
        Refused when that work is not waiting to be let in.
    """
    waiting = late_joiners(study)
    if not ((waiting["opportunity"] == opportunity) & (waiting["work"] == work)).any():
        raise Refused(f"'{work}' does not wait to join '{opportunity}'.")
    verdict = "accepted" if accepted else "refused"
    return record_all(study, who, why, [("members", f"{opportunity}|{work}", "verdict", verdict)], at=_moment(at))


def account(study: Study, year: int | None = None) -> pd.DataFrame:
    """The yearly account: per status how many opportunities, what they are worth (expected, EUR) and what was realised.

    With a year only those that came to where they stand in that year count (those that nobody touched count under no
    year). Realised savings stand beside the expected value of the same opportunities, so that figures can be corrected.
    """
    frame = standing(study)
    if year is not None:
        edits = active(study)
        last = edits[edits["column"] == "status"].groupby("row")["at"].max()
        frame = frame[frame.index.map(last).astype(object).astype(str).str.startswith(str(year))]
    by = frame.groupby("status")
    return pd.DataFrame(
        {
            "count": by.size(),
            "expected": by["value"].sum(),
            "realised": by["realised"].sum(),
            "openings_avoided": by["openings_avoided"].sum(),
            "days_saved": by["days_saved"].sum(),
        }
    )
