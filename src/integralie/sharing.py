"""Sharing without exposing: the study as one party may see it.

Each told row has an owner and a degree: 0 private, 1 something in this cell in these years, 2 street and window, 3
everything. What a party owns it sees whole. Of others it sees what their degree allows, under a blind name that
cannot be led back. Found rows that lean on anything it may not see are left out, with their reasons and sums; an
opportunity or opening with an own work in it stays as a bare "something is here". A row without a degree counts as
private.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import ahocorasick
import numpy as np
import pandas as pd
import shapely

from integralie.edits import seen
from integralie.errors import Refused
from integralie.schema import frames
from integralie.schema.notes import because
from integralie.study import Study

OTHER = "party:anonymous"
CELL = 250.0  # metres: the square in which a plan of degree 1 lies
STUBS = {"plans": ("earliest", "latest"), "claims": ("period_from", "period_to"), "openings_past": ("year",)}
OPEN_SCORES = ("work_cost", "works_deferred", "works_later")


@dataclass(frozen=True)
class Eyes:
    """What one party may see of one study; everything below asks this."""

    study: Study
    party: str

    def degree(self, name: str) -> pd.Series:
        """The degree of each row for this party: 3 for its own rows."""
        frame = self.study[name]
        told = frame["sharing"].astype("float64").fillna(0) if "sharing" in frame else pd.Series(0.0, index=frame.index)
        mine = frame["party"] == self.party if "party" in frame else pd.Series(False, index=frame.index)
        if name == "parties":
            mine = pd.Series(frame.index == self.party, index=frame.index)
        return told.mask(mine.fillna(False).astype(bool), 3)

    def whole(self, name: str) -> pd.Index:
        """The rows that it sees in full."""
        return self.study[name].index[self.degree(name) >= 3]

    @cached_property
    def works(self) -> frozenset[str]:
        """The works it sees: its own, and those all of whose sources are shared in full."""
        return frozenset(self.whole("works"))

    @cached_property
    def own(self) -> frozenset[str]:
        works = self.study.works
        return frozenset(works.index[works["party"] == self.party])

    @cached_property
    def sets(self) -> pd.DataFrame:
        """For every set of works (and claims that meet them): whether all are seen, and whether one is its own."""
        rows = self.study.members[self.study.members["role"].isin(["work", "claim"])]
        claims = self.study.claims
        known = rows["member"].isin(self.works | set(self.whole("claims")))
        mine = rows["member"].isin(self.own | set(claims.index[claims["party"] == self.party]))
        return (
            pd.DataFrame({"set": rows["set"], "known": known, "mine": mine})
            .groupby("set")
            .agg(known=("known", "all"), mine=("mine", "any"))
        )

    @cached_property
    def blind_works(self) -> bool:
        return len(self.works) < len(self.study.works)

    def full(self, ids: pd.Index) -> pd.Series:
        """Which of these sets hold only works it sees."""
        return pd.Series(self.sets["known"].reindex(ids).fillna(False).astype(bool).to_numpy(), index=ids)

    @cached_property
    def shut_streets(self) -> frozenset[str]:
        """Streets with an earlier opening that it may not see in full: nothing may tell when that was."""
        past = self.study.openings_past
        return frozenset(past.loc[~past.index.isin(self.whole("openings_past")), "street"].dropna())

    def mine(self, ids: pd.Index) -> pd.Series:
        return pd.Series(self.sets["mine"].reindex(ids).fillna(False).astype(bool).to_numpy(), index=ids)

    @cached_property
    def key(self) -> bytes:
        """A key that only one who holds the whole study could make, so that blind names cannot be guessed."""
        prints = "".join(self.study.prints[n] for n in frames.told())
        return hashlib.blake2b(prints.encode(), digest_size=32).digest()

    def blind(self, ids: pd.Index, prefix: str) -> pd.Index:
        made = [hashlib.blake2b(f"{self.party}|{i}".encode(), key=self.key, digest_size=8).hexdigest() for i in ids]
        return pd.Index([f"{prefix}:{m}" for m in made], name="id")


def view(study: Study, party: str) -> Study:
    """The study as that party may see it: a study like any other, with less in it.

    Raises
        Refused when the party is not in the study.
    """
    shown = seen(study)
    if party not in shown.parties.index:
        raise Refused(f"'{party}' is no party of this study; its parties are: {', '.join(shown.parties.index)}.")
    eyes = Eyes(shown, party)
    tables = {name: _told(eyes, name) for name in frames.told() if name != "edits"}
    if any((f["party"] == OTHER).any() for n, f in tables.items() if n in STUBS):
        other = pd.DataFrame({"id": [OTHER], "name": ["een andere partij"], "sharing": [3]}).set_index("id")
        tables["parties"] = pd.concat([tables["parties"], other])
    tables |= _works(eyes) | _sets(eyes) | _programmed(eyes) | _counted(eyes)
    out = replace(study, tables={}, made={}, scenario=None) | tables
    return out | _notes(eyes, out)


def _told(eyes: Eyes, name: str) -> pd.DataFrame:
    """Told rows seen in full, and stubs of plans, claims and past openings that are shared in part."""
    frame, degree = eyes.study[name], eyes.degree(name)
    whole = frame[degree >= 3]
    if name == "capacity":
        return frame[frame["party"] == eyes.party]
    if name not in STUBS:
        return whole
    part = frame[(degree >= 1) & (degree < 3)]
    return pd.concat([whole, _stub(eyes, name, part, degree[part.index])]) if len(part) else whole


def _stub(eyes: Eyes, name: str, part: pd.DataFrame, degree: pd.Series) -> pd.DataFrame:
    """Of degree 2 the street and the years, of degree 1 a square of the map and the years; nothing else."""
    streets = eyes.study.streets
    street = part["street"].where((degree >= 2) & part["street"].isin(eyes.whole("streets")))
    shape = part.geometry.where(part.geometry.notna(), part["street"].map(streets.geometry))
    made = pd.DataFrame({c: part[c].to_numpy() for c in STUBS[name]}, index=eyes.blind(part.index, name.rstrip("s")))
    made["street"], made["party"] = street.to_numpy(), OTHER
    made["geometry"] = np.where(street.notna(), street.map(streets.geometry), _cells(shape))
    if name != "openings_past":
        made["name"] = "niet gedeeld"
    return made.assign(sharing=degree.to_numpy())


def _cells(shapes: pd.Series) -> np.ndarray:
    """The square in which each shape has its middle."""
    points = shapely.centroid(np.asarray(shapes))
    x, y = np.floor(shapely.get_x(points) / CELL) * CELL, np.floor(shapely.get_y(points) / CELL) * CELL
    out = np.full(len(points), None, dtype=object)
    good = np.isfinite(x) & np.isfinite(y)
    out[good] = shapely.box(x[good], y[good], x[good] + CELL, y[good] + CELL)
    return out


def _works(eyes: Eyes) -> dict[str, pd.DataFrame]:
    works = eyes.study.works
    members = eyes.study.members
    inside = members["set"].isin(eyes.works) | members["set"].map(eyes.full(pd.Index(members["set"].unique()))).fillna(
        False
    ).astype(bool)
    known = members["role"].ne("asset") | members["member"].isin(eyes.whole("assets"))
    seen_work = members["role"].ne("work") | members["member"].isin(eyes.works)
    return {"works": works[works.index.isin(eyes.works)], "members": members[inside & known & seen_work]}


def _sets(eyes: Eyes) -> dict[str, pd.DataFrame]:
    """Opportunities, clashes and openings: whole, or the bare fact where an own work is in it, or not at all."""
    out = {}
    keep = {"opportunities": ("street",), "clashes": ("rule", "street"), "openings": ("block", "street", "period")}
    for name, columns in keep.items():
        frame = eyes.study[name]
        full, mine = eyes.full(frame.index), eyes.mine(frame.index)
        if name == "clashes":
            full &= ~frame["street"].isin(eyes.shut_streets)
            others = frame["seen_by"].notna() & (
                frame["seen_by"] != eyes.party
            )  # a rule of one side is told to that side
            full, mine = full & ~others, mine & ~others
        bare = frame[~full & mine]
        stub = pd.DataFrame(bare[list(columns)]).assign(
            sharing=1, geometry=bare["street"].map(eyes.study.streets.geometry)
        )
        if name != "openings":
            stub.index = eyes.blind(bare.index, name.rstrip("s"))
        out[name] = pd.concat([frame[full], stub]) if len(stub) else frame[full]
    return out


def _programmed(eyes: Eyes) -> dict[str, pd.DataFrame]:
    """Programme rows of works that are seen; options of those works, and of blocks in which nothing is hidden."""
    study = eyes.study
    programme = study.programme[study.programme["work"].isin(eyes.works)]
    shut = study.programme.loc[~study.programme["work"].isin(eyes.works), "block"]
    options = study.options[
        study.options["subject"].isin(eyes.works)
        | (study.options["subject"].eq(study.options["block"]) & ~study.options["block"].isin(shut))
    ]
    if eyes.shut_streets:
        options = options.assign(last_opened=pd.NA)
    own = study.prices[study.prices["party"] == eyes.party]
    prices = own.assign(used=pd.NA) if eyes.blind_works else own
    shares = study.shares[
        (study.shares["party"] == eyes.party)
        & study.shares["opening"].map(eyes.full(study.openings.index)).fillna(False).astype(bool)
    ]
    phases = study.phases[
        study.phases["work"].isin(eyes.works)
        | study.phases["opening"].map(eyes.full(study.openings.index)).fillna(False).astype(bool)
    ]
    loads = study.loads[study.loads["party"] == eyes.party]
    loads = loads.assign(used=pd.NA, short=pd.NA) if eyes.blind_works else loads
    # a work that is shared in full and lies in an opening with hidden ones keeps its year, not its opening
    hidden = programme["opening"].notna() & ~programme["opening"].isin(_sets(eyes)["openings"].index)
    return {
        "programme": programme.assign(opening=programme["opening"].mask(hidden)),
        "options": options,
        "prices": prices,
        "phases": phases,
        "loads": loads,
        "shares": shares,
    }


def _counted(eyes: Eyes) -> dict[str, pd.DataFrame]:
    """Scores and room: sums over everything only when nothing is hidden."""
    scores, room = eyes.study.scores, eyes.study.room
    own = (scores["party"] == eyes.party) & scores["indicator"].isin(OPEN_SCORES)
    hidden = len(eyes.whole("assets")) < len(eyes.study.assets)
    claims = set(eyes.whole("claims"))
    seen_room = room[room["claim"].isna() | room["claim"].isin(claims)].iloc[: 0 if hidden else None]
    return {
        "scores": scores[own] if eyes.blind_works else scores,
        "room": seen_room[seen_room["street"].isin(eyes.whole("streets"))],
    }


def _notes(eyes: Eyes, out: Study) -> dict[str, pd.DataFrame]:
    """Findings, reasons and edits of rows that are seen in full, without any that names a hidden row."""
    study = eyes.study
    shown = {n: set(out[n].index) & set(study[n].index) for n in frames.tables()}
    hidden = _finder(_hidden_words(eyes, shown))
    whole = {n: _whole_rows(eyes, n, rows) for n, rows in shown.items()}

    def allowed(frame: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
        inside = np.array([r in whole.get(t, set()) for t, r in zip(frame["target"], frame["row"])], dtype=bool)
        told = frame[inside]
        clean = [all(next(hidden.iter(str(x)), None) is None for x in row) for row in told[texts].to_numpy()]
        return told[np.array(clean, dtype=bool)]

    reasons = allowed(study.reasons, ["args"])
    made = {
        "findings": allowed(study.findings, ["message", "message_nl"]),
        "edits": allowed(study.edits, ["value", "inverse", "why"]),
    }
    bare = [
        _bare(n, out[n].index[~out[n].index.isin(reasons.loc[reasons["target"] == n, "row"])])
        for n in frames.found()
        if n in _EXPLAINED
    ]
    return made | {"reasons": pd.concat([reasons.reset_index(), *bare], ignore_index=True)}


_EXPLAINED = (
    "works",
    "opportunities",
    "clashes",
    "programme",
    "openings",
    "shares",
    "scores",
    "prices",
    "room",
    "phases",
    "loads",
)


def _bare(target: str, rows: pd.Index) -> pd.DataFrame:
    """The one reason that a bare row has: something is here that others have not shared."""
    return because(target, "sharing.bare", pd.DataFrame(index=rows)).assign(verb="view")


def _whole_rows(eyes: Eyes, name: str, rows: set[str]) -> set[str]:
    """Rows whose reasons lean on nothing hidden."""
    if not eyes.blind_works:
        return rows - _on_shut(eyes, name)
    if name in ("opportunities", "clashes", "openings"):
        return set(eyes.study[name].index[eyes.full(eyes.study[name].index)]) & rows - _on_shut(eyes, name)
    if name == "programme":
        frame = eyes.study.programme
        free = frame["opening"].map(eyes.full(eyes.study.openings.index)).fillna(False).astype(bool)
        return set(frame.index[free]) & rows
    return set() if name in ("prices", "scores", "phases", "loads") else rows


def _on_shut(eyes: Eyes, name: str) -> set[str]:
    """Clashes in a street with an earlier opening that is not shared."""
    frame = eyes.study[name]
    return set(frame.index[frame["street"].isin(eyes.shut_streets)]) if name == "clashes" else set()


def _hidden_words(eyes: Eyes, shown: dict[str, set[str]]) -> list[str]:
    """Names and ids of rows that are not seen in full: no sentence may hold one of them."""
    words: set[str] = set()
    for name in ("plans", "assets", "works", "claims", "contributions", "openings_past", "parties"):
        frame = eyes.study[name]
        gone = frame[~frame.index.isin(shown[name])]
        words |= set(gone.index) | set(gone["name"].dropna())
    known = {
        w
        for n in ("streets", "plans", "works", "assets", "parties")
        for w in eyes.study[n].loc[list(shown[n]), "name"].dropna()
    }
    return sorted(w for w in words - known if len(w) > 2)


def _finder(words: list[str]) -> ahocorasick.Automaton:
    """Finds any of the words in a text, in one pass however many words there are."""
    found = ahocorasick.Automaton()
    for word in words or ["\0"]:  # without words, one that no text holds
        found.add_word(word, word)
    found.make_automaton()
    return found
