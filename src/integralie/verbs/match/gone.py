"""What somebody has worked on and is no longer found: it stays in the list as lapsed, with its history in the edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

TOUCHED = ("status", "owner", "answer_by", "realised")
EXTRA = {
    "opportunities": {"kind": "lapsed", "next_step": "none"},
    "clashes": {"rule": "lapsed", "severity": "low"},
}


def _street(row: str, known: frozenset[str]) -> str | None:
    """The section in an id: what stands after the kind, or after the rule of a clash."""
    parts = row.split(":")[1 if row.startswith("opportunity:") else 2 :]
    tries = (":".join(["street", *parts[:n]]) for n in range(len(parts), 0, -1))
    return next((t for t in tries if t in known), None)


def touched(edits: pd.DataFrame, name: str) -> frozenset[str]:
    """The rows of a table on which somebody decided something; what was taken back does not count."""
    undone = set(edits["undoes"].dropna())
    told = edits[edits["column"].isin(TOUCHED) & edits["undoes"].isna() & ~edits.index.isin(undone)]
    return frozenset(told.loc[told["target"] == name, "row"])


def lapsed(edits: pd.DataFrame, found: Mapping[str, Sequence[str]], streets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Per table the rows on which somebody decided something and that are not found any more.

    Reads edits (target, row, column, undoes). Edits that were taken back do not count.
    """
    out, known = {}, frozenset(streets.index)
    for name, ids in found.items():
        rows = sorted(touched(edits, name) - set(ids))
        place = [_street(row, known) for row in rows]
        frame = pd.DataFrame({"street": place, "status": "lapsed"}, index=pd.Index(rows, name="id", dtype=object))
        out[name] = frame[frame["street"].notna()].assign(**EXTRA[name])
    return out
