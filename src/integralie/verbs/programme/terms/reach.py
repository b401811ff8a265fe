"""Reachability: every address stays reachable, for a fire engine within its time, and every bus gets round what is closed,
whatever is open at once.

Tested on the street network after each programme. The smallest sets of closures that cut something off become limits (not
all of a set in one year); where no limit can part them, work keeps a passage in the section where that costs least. The
programme is then made again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from integralie.access import Network, broken
from integralie.access import streets as ways
from integralie.access.lines import line_cuts
from integralie.schema.notes import finding
from integralie.schema.once import once
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.problem import Ints
from integralie.verbs.programme.terms.passage import closing, fits

NAME = "reach"
HARD = True
MOST_ROUNDS = 8  # times that a programme is made again with further limits
MOST_SEEN = 20_000  # closures of a year that are remembered
LAST_ROUNDS = 4  # and after that with passages only


@dataclass(frozen=True)
class Cut:
    """A smallest set of closures that cuts something off: its blocks (rows of `draft.blocks`) and its sections."""

    blocks: tuple[int, ...]
    sections: tuple[int, ...]


class Reach:
    """The street network of a study for cars and for the fire service, and what works close."""

    def __init__(self, draft: Draft) -> None:
        self.draft, figures, streets = draft, draft.figures, draft.streets
        self.known = bool(draft.nets) and not draft.alone
        self.more: set[int] = set()  # sections in which work keeps a passage besides the only ways
        self.sets: list[Cut] = []
        self.refused: set[tuple[int, ...]] = set()
        self.seen: dict[tuple[str, bytes], list[tuple[int, ...]]] = {}
        if not self.known:
            return
        told = draft.tables.get("kept")
        if told is not None:
            self.more |= {int(s) for s in streets.index.get_indexer(told["street"]) if s >= 0}
        self.seen = once("seen", (draft.nets[0], figures), dict)  # the network says so for a next programme too
        if len(self.seen) > MOST_SEEN:
            self.seen.clear()
        self.need, self.detour = ways.with_addresses(streets), figures.value("bus_detour")
        limit = ways.emergency_limit(figures)
        self.nets: list[tuple[str, Network, float]] = [
            ("car", draft.nets[0], np.inf),
            ("emergency", draft.nets[1], limit),
        ]
        self.shuts = {mode: ways.closes(draft.works, mode, figures).to_numpy(bool) for mode, _, _ in self.nets}
        held = closing(draft)
        self.row, self.section = held["row"].to_numpy(int), held["section"].to_numpy(int)
        self.weight = held["part"].to_numpy(float) * draft.works["cost"].to_numpy(float)[self.row]
        self.fits = fits(draft)

    def cuts(self, row: Ints, period: Ints) -> list[Cut]:
        """New sets of closures of which not all may be open at once.

        `row` and `period` tell the row of the draft and the period of every work, -1 when it is not done. A section in
        which work keeps a passage is not closed.
        """
        new: dict[tuple[tuple[int, ...], tuple[int, ...]], Cut] = {}
        if not self.known:
            return []
        at = self.draft.block_at
        for mode, net, limit in self.nets:
            for t in np.unique(period[period >= 0]):
                taken = np.zeros(len(self.draft.works), bool)
                taken[row[(period == t) & (row >= 0)]] = True
                hit = taken[self.row] & self.shuts[mode][self.row] & self.open[self.section]
                closed = np.unique(self.section[hit])
                if len(closed):
                    owner = dict(zip(self.section[hit].tolist(), at[self.row[hit]].tolist()))
                    for cut in self._broken(mode, net, limit, closed):
                        blocks = tuple(sorted({owner[s] for s in cut}))
                        made = Cut(blocks, cut)
                        new[blocks, made.sections] = made
        return [c for c in new.values() if c.sections not in self.refused]

    def _broken(self, mode: str, net: Network, limit: float, closed: Ints) -> list[tuple[int, ...]]:
        """The smallest sets of these closures that cut something off or leave a bus without a way round; years that were looked at before are known."""
        key = (mode, closed.tobytes())
        known = self.seen.get(key)
        if known is None:
            cuts = list(broken(net, closed, self.need, limit).cuts)
            if mode == "car" and self.draft.lines:
                cuts += line_cuts(net, self.draft.lines, net.mask(closed), self.detour)
            known = self.seen[key] = [tuple(int(s) for s in cut) for cut in cuts]
        return known

    @property
    def open(self) -> np.ndarray:
        """Sections that work can close: no passage is kept there."""
        kept = self.draft.kept
        return np.ones(len(self.draft.streets), bool) if kept is None else ~kept

    def passes(self, cut: Cut) -> bool:
        """Whether a passage is kept in one of its sections by now."""
        return any(s in self.more for s in cut.sections)

    def keep(self, cuts: list[Cut]) -> bool:
        """Ask for a passage in one section of each set: where the works cost least, of equals the first; sets of which
        no section is wide enough are left. Whether any passage came.
        """
        before = len(self.more)
        for cut in cuts:
            if self.passes(cut):
                continue
            wide = [s for s in cut.sections if self.fits[s]]
            if wide:
                self.more.add(min(wide, key=lambda s: (float(self.weight[self.section == s].sum()), s)))
            else:
                self.refused.add(cut.sections)
        return len(self.more) > before

    def tell(self, left: int) -> None:
        """Findings: streets where work keeps a passage, and sets that could not be kept apart nor have one."""
        draft = self.draft
        kept = draft.tables.get("passages")
        if kept is not None and len(kept):
            rows = pd.Index(sorted(kept["street"].unique()))
            values = pd.DataFrame({"name": draft.streets["name"].reindex(rows)}, index=rows)
            values = values[~values["name"].duplicated() | values["name"].isna()]  # a street is told once
            draft.findings.append(
                finding("programme.keep_passage", "streets", values.index, values, "warning", "passage")
            )
        left += len(self.refused)
        if left:
            draft.findings.append(finding("programme.cut_off", "streets", [""], {"count": left}, "error", "told"))
