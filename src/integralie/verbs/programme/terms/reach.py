"""Reachability: every address stays reachable, for a fire engine within its time, whatever is open at once.

Tested on the street network after each programme: the smallest sets of closures that cut something off become limits
(of each set at least one stays closed), and the programme is made again with them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.access import Network, broken
from integralie.access import streets as ways
from integralie.schema.notes import finding
from integralie.verbs.programme.blocks import spans
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.problem import Ints

NAME = "reach"
HARD = True
MOST_ROUNDS = 8  # times that a programme is made again; what is left then is told


class Reach:
    """The street network of a study for cars and for the fire service, and what works close."""

    def __init__(self, draft: Draft, assets: pd.DataFrame) -> None:
        self.draft, figures, streets = draft, draft.figures, draft.streets
        self.known = bool(len(streets)) and not draft.alone
        if not self.known:
            return
        self.need = ways.with_addresses(streets)
        limit = ways.emergency_limit(figures)
        self.nets: list[tuple[str, Network, float]] = [
            ("car", ways.network(streets, assets, figures, "car"), np.inf),
            ("emergency", ways.network(streets, assets, figures, "emergency", "emergency"), limit),
        ]
        self.shuts = {mode: ways.closes(draft.works, mode, figures).to_numpy(bool) for mode, _, _ in self.nets}
        place = spans(draft.works, draft.tables["members"])
        own = pd.DataFrame({"row": np.arange(len(draft.works)), "work": draft.works["work"].astype(str).to_numpy()})
        held = own.merge(place, on="work")
        section = streets.index.get_indexer(held["street"])
        self.row, self.section = held["row"].to_numpy(int)[section >= 0], section[section >= 0]
        self.held: set[tuple[int, ...]] = set()
        self.alone: dict[int, tuple[int, ...]] = {}

    def cuts(self, row: Ints, period: Ints) -> list[Ints]:
        """New sets of blocks (rows of `draft.blocks`) of which not all may be open at once.

        `row` and `period` tell the row of the draft and the period of every work, -1 when it is not done. A set that
        lies in one block cannot be solved by other years: work there must keep a passage, and that is told once.
        """
        new: list[Ints] = []
        if not self.known:
            return new
        for mode, net, limit in self.nets:
            for t in np.unique(period[period >= 0]):
                taken = np.zeros(len(self.draft.works), bool)
                taken[row[(period == t) & (row >= 0)]] = True
                hit = taken[self.row] & self.shuts[mode][self.row]
                closed = np.unique(self.section[hit])
                if len(closed):
                    owner = dict(zip(self.section[hit].tolist(), self.draft.block_at[self.row[hit]].tolist()))
                    new += self._new(broken(net, closed, self.need, limit).cuts, owner)
        return new

    def _new(self, cuts: tuple[Ints, ...], owner: dict[int, int]) -> list[Ints]:
        """The cuts that were not known yet, as sets of the blocks of which the works close those sections."""
        made = []
        for cut in cuts:
            blocks = tuple(sorted({owner[int(s)] for s in cut}))
            if len(blocks) == 1:
                self.alone.setdefault(blocks[0], tuple(int(s) for s in cut))
            elif blocks not in self.held:
                self.held.add(blocks)
                made.append(np.array(blocks, np.int64))
        return made

    def tell(self, left: int) -> None:
        """Findings: streets where work must keep a passage, and sets that could not be kept apart."""
        if not self.known:
            return
        draft = self.draft
        if self.alone:
            rows = [str(draft.streets.index[cut[0]]) for cut in self.alone.values()]
            names = [str(draft.streets["name"].iloc[cut[0]]) for cut in self.alone.values()]
            values = pd.DataFrame({"name": names}, index=pd.Index(rows))
            values = values[~values.index.duplicated()]
            draft.findings.append(finding("programme.keep_passage", "streets", values.index, values, "warning", "told"))
        if left:
            draft.findings.append(finding("programme.cut_off", "streets", [""], {"count": left}, "error", "told"))
