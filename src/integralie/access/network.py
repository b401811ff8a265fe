"""A street network as plain arrays, and what closing sections does to it.

A section is an edge between two nodes; parallel sections and loops are allowed. Shortest paths and connected parts
come from `scipy.sparse.csgraph`. The addresses of a section are reached when one of its two ends is: a closed section
is served from its open end, over the footway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from integralie.errors import DataError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
NEARLY = 1e-9  # cost of a section without length, and what counts as equal


@dataclass(frozen=True)
class Network:
    """`S` sections between `N` nodes, with what it costs to pass each and the nodes from which help comes.

    `tail`, `head` : (S,) node at each end. `cost` : (S,) metres or minutes; infinite where this way of travelling
    cannot pass. `sources` : nodes that count as reached (a fire station, the roads out of town). Made by `of`.
    """

    tail: Ints
    head: Ints
    cost: Floats
    nodes: int
    sources: Ints
    start: Ints  # (N + 1,) arcs of node n are start[n] to start[n + 1]
    ends: Ints  # (2S,) node at the end of each arc
    arc: Ints  # (2S,) section of each arc

    @classmethod
    def of(
        cls,
        tail: npt.ArrayLike,
        head: npt.ArrayLike,
        cost: npt.ArrayLike,
        sources: npt.ArrayLike,
        nodes: int | None = None,
    ) -> Network:
        """The network of these sections.

        Raises
            DataError when shapes differ, a cost is negative or unknown, or a node does not exist.

        >>> net = Network.of([0, 1, 2], [1, 2, 3], [10.0, 20.0, 30.0], sources=[0])
        >>> reach(net).tolist()
        [0.0, 10.0, 30.0, 60.0]
        """
        a, b, c = np.asarray(tail, np.int64), np.asarray(head, np.int64), np.asarray(cost, np.float64)
        s = np.unique(np.asarray(sources, np.int64))
        most = int(max(a.max(initial=-1), b.max(initial=-1), s.max(initial=-1))) + 1
        count = most if nodes is None else nodes
        if not a.shape == b.shape == c.shape or a.ndim != 1:
            raise DataError(
                f"'tail', 'head' and 'cost' have shapes {a.shape}, {b.shape}, {c.shape}; give one per section."
            )
        if most > count or min(a.min(initial=0), b.min(initial=0), s.min(initial=0)) < 0:
            raise DataError(f"A section or source names a node that is not one of the {count} nodes.")
        if np.isnan(c).any() or (c < 0).any():
            raise DataError("A section has an unknown or negative cost; give metres or minutes, infinite where closed.")
        begin, end = np.concatenate([a, b]), np.concatenate([b, a])
        order = np.argsort(begin, kind="stable")
        start = np.searchsorted(begin[order], np.arange(count + 1))
        arc = np.concatenate([np.arange(len(a))] * 2)[order]
        return cls(a, b, np.maximum(c, NEARLY), count, s, start, end[order], arc)

    @property
    def sections(self) -> int:
        return len(self.cost)

    def mask(self, closed: npt.ArrayLike | None) -> Mask:
        """Closed sections as a mask, from a mask or from positions."""
        if closed is None:
            return np.zeros(self.sections, bool)
        given = np.asarray(closed)
        if given.dtype == bool:
            if given.shape != (self.sections,):
                raise DataError(f"The mask of closed sections has shape {given.shape}; give ({self.sections},).")
            return given
        out = np.zeros(self.sections, bool)
        out[given.astype(np.int64)] = True
        return out

    def graph(self, closed: Mask) -> csr_array:
        """The arcs that are left, as scipy reads them; parallel sections stay apart."""
        keep = ~closed[self.arc] & np.isfinite(self.cost[self.arc])
        start = np.concatenate([[0], np.cumsum(keep)])[self.start]
        shape = (self.nodes, self.nodes)
        return csr_array((self.cost[self.arc[keep]], self.ends[keep], start), shape=shape)

    def parts(self, closed: Mask) -> Ints:
        """(N,) label of the connected part of each node; all parts with a source carry label -1."""
        _, label = connected_components(self.graph(closed), directed=False)
        label = label.astype(np.int64)
        return np.where(np.isin(label, label[self.sources]), -1, label)


def reach(net: Network, closed: npt.ArrayLike | None = None) -> Floats:
    """(N,) cost from the nearest source to each node; infinite where no way is left."""
    if not len(net.sources):
        return np.full(net.nodes, np.inf)
    return np.asarray(dijkstra(net.graph(net.mask(closed)), indices=net.sources, min_only=True))


def arrival(net: Network, closed: npt.ArrayLike | None = None) -> Floats:
    """(S,) cost from the nearest source to the middle of each section, over its nearer end.

    A closed section is entered on foot from its nearer end at the same cost.
    """
    node = reach(net, closed)
    own = np.where(np.isfinite(net.cost), net.cost, 0.0)
    return np.minimum(node[net.tail], node[net.head]) + own / 2


@dataclass(frozen=True)
class Broken:
    """What closing sections at the same time does: which addresses are cut off or too late, and why.

    `cut_off`, `late` : (S,) sections with addresses that cannot be reached any more, or later than their limit;
    what was so before the closures does not count. `arrival` : (S,) cost with these closures. `cuts` : the smallest
    sets of closed sections that each cause a violation: opening any one of such a set takes it away.
    """

    cut_off: Mask
    late: Mask
    arrival: Floats
    cuts: tuple[Ints, ...]

    def __bool__(self) -> bool:
        return bool(self.cut_off.any() or self.late.any())


def broken(
    net: Network,
    closed: npt.ArrayLike,
    need: npt.ArrayLike | None = None,
    limit: npt.ArrayLike | None = None,
    cuts: bool = True,
) -> Broken:
    """Which sections with addresses are cut off or reached too late when these sections are closed together.

    `closed` : (S,) mask, or positions. `need` : (S,) sections that must stay reachable (all when left out).
    `limit` : (S,) or one number in the unit of the network's cost. With `cuts` each violation comes with a minimal
    set of closed sections that causes it.

    >>> ring = Network.of([0, 1, 2, 2], [1, 2, 0, 3], [1.0, 1.0, 1.0, 1.0], sources=[0])
    >>> broken(ring, [1]).cuts
    ()
    >>> [c.tolist() for c in broken(ring, [1, 2]).cuts]
    [[1, 2]]
    """
    shut = net.mask(closed)
    asked = np.ones(net.sections, bool) if need is None else np.asarray(need, bool)
    base = arrival(net)
    now = arrival(net, shut) if shut.any() else base
    gone = asked & np.isinf(now) & np.isfinite(base)
    most = np.broadcast_to(np.asarray(np.inf if limit is None else limit, float), base.shape)
    late = asked & ~gone & np.isfinite(now) & (now > most + NEARLY) & (base <= most + NEARLY)
    found: list[Ints] = []
    if cuts and gone.any():
        found += _cuts(net, shut, np.flatnonzero(gone))
    if cuts and late.any():
        found += _late_cuts(net, shut, np.flatnonzero(late), most)
    return Broken(gone, late, now, tuple(found))


def _cuts(net: Network, shut: Mask, gone: Ints) -> list[Ints]:
    """One minimal cut for each part of the town that is cut off; equal cuts once."""
    label = net.parts(shut)
    pairs = np.unique(np.sort(np.column_stack([label[net.tail[gone]], label[net.head[gone]]]), axis=1), axis=0)
    made = {tuple(_minimal(net, shut, np.isin(label, pair)).tolist()) for pair in pairs}
    return [np.array(cut, np.int64) for cut in sorted(made)]


def _minimal(net: Network, shut: Mask, inside: Mask) -> Ints:
    """The closed sections between these nodes and what is reached when all other sections are open again.

    Each of them leads from a reached node to the nodes asked about, so opening any one of them is enough.
    """
    border = shut & (inside[net.tail] != inside[net.head]) & np.isfinite(net.cost)
    reached = net.parts(border) == -1
    return np.flatnonzero(border & (reached[net.tail] != reached[net.head]))


def _late_cuts(net: Network, shut: Mask, late: Ints, limit: Floats) -> list[Ints]:
    """Minimal sets of closures that make sections late: one for the latest, then for those it does not explain."""
    found: list[Ints] = []
    left = late
    while len(left):
        worst = int(left[0])
        cut = _smallest(net, np.zeros(0, np.int64), np.flatnonzero(shut), worst, float(limit[worst]))
        found.append(np.sort(cut))
        left = left[arrival(net, cut)[left] <= limit[left] + NEARLY]
    return found


def _is_late(net: Network, closed: Ints, section: int, limit: float) -> bool:
    return bool(arrival(net, closed)[section] > limit + NEARLY)


def _smallest(net: Network, held: Ints, free: Ints, section: int, limit: float) -> Ints:
    """A smallest part of `free` that with `held` makes the section late (by halving: few shortest paths)."""
    if len(held) and _is_late(net, held, section, limit):
        return np.zeros(0, np.int64)
    if len(free) <= 1:
        return free
    one, two = free[: len(free) // 2], free[len(free) // 2 :]
    if _is_late(net, np.concatenate([held, one]), section, limit):
        return _smallest(net, held, one, section, limit)
    if _is_late(net, np.concatenate([held, two]), section, limit):
        return _smallest(net, held, two, section, limit)
    first = _smallest(net, np.concatenate([held, two]), one, section, limit)
    return np.concatenate([first, _smallest(net, np.concatenate([held, first]), two, section, limit)])


def only_access(net: Network, need: npt.ArrayLike | None = None, limit: npt.ArrayLike | None = None) -> Mask:
    """(S,) sections that are the only way to other sections with addresses: work there must keep a passage.

    Found in one walk over the network (bridges of the graph, seen from the sources). With `limit` also the sections
    whose closure alone makes others too late: a shortest path for each node, so seconds for 10,000 sections.

    >>> only_access(Network.of([0, 1, 2], [1, 2, 3], [1.0, 1.0, 1.0], sources=[0])).tolist()
    [True, True, False]
    """
    asked = np.ones(net.sections, bool) if need is None else np.asarray(need, bool)
    usable = np.isfinite(net.cost)
    seen, low, parent, order = _walk(net, usable)
    behind = np.zeros(net.nodes, np.int64)
    for section in np.flatnonzero(asked).tolist():
        node = _meet(net, section, seen, parent)
        if node >= 0:
            behind[node] += 1
    out = np.zeros(net.sections, bool)
    for node in order[::-1]:
        via = parent[node]
        if via >= 0:
            above = _other_end(net, via, node)
            out[via] = low[node] > seen[above] and behind[node] > 0
            behind[above] += behind[node]
    return out if limit is None else out | _late_alone(net, asked, limit)


def _late_alone(net: Network, need: Mask, limit: npt.ArrayLike) -> Mask:
    """The sections whose closure alone makes others too late; only those on a shortest way can."""
    node = reach(net)
    near = np.isfinite(net.cost) & np.isfinite(node[net.tail]) & np.isfinite(node[net.head])
    step, cost = np.abs(node[net.tail[near]] - node[net.head[near]]), net.cost[near]
    tied = np.flatnonzero(near)[np.abs(step - cost) <= NEARLY * (1 + cost)]
    out = np.zeros(net.sections, bool)
    for section in tied.tolist():
        out[section] = broken(net, [section], need, limit, cuts=False).late.any()
    return out


def _other_end(net: Network, section: int, node: int) -> int:
    return int(net.head[section] if net.tail[section] == node else net.tail[section])


def _meet(net: Network, section: int, seen: Ints, parent: Ints) -> int:
    """The node below which both ends of a section lie, seen from the sources; -1 where no single one holds both."""
    ends = [n for n in (int(net.tail[section]), int(net.head[section])) if seen[n] >= 0]
    if not ends:
        return -1
    one, two = ends[0], ends[-1]
    while one != two:
        if seen[one] < seen[two]:
            one, two = two, one
        if parent[one] < 0:
            return -1
        one = _other_end(net, int(parent[one]), one)
    return one


def _walk(net: Network, usable: Mask) -> tuple[Ints, Ints, Ints, list[int]]:
    """A walk in depth from all sources: the turn of each node, the earliest node it is tied to, the section it was
    reached by (-1 at a source), and the nodes in order. All sources count as one place.
    """
    seen, parent = np.full(net.nodes, -1, np.int64), np.full(net.nodes, -1, np.int64)
    start, ends, arc = net.start.tolist(), net.ends.tolist(), net.arc.tolist()
    open_ = usable.tolist()
    order: list[int] = net.sources.tolist()
    seen[net.sources] = 0
    low = seen.copy()
    at = list(start[:-1])
    turn = 0
    for source in net.sources.tolist():
        stack = [source]
        while stack:
            node = stack[-1]
            if at[node] == start[node + 1]:
                stack.pop()
                if stack and parent[node] >= 0:
                    low[stack[-1]] = min(low[stack[-1]], low[node])
                continue
            i = at[node]
            at[node] += 1
            if not open_[arc[i]] or arc[i] == parent[node]:
                continue
            other = ends[i]
            if seen[other] < 0:
                turn += 1
                seen[other] = low[other] = turn
                parent[other] = arc[i]
                order.append(other)
                stack.append(other)
            else:
                low[node] = min(low[node], seen[other])
    return seen, low, parent, order


def detours(net: Network, closed: npt.ArrayLike) -> Floats:
    """(closed sections,) extra cost to get from one end of each closed section to the other over what is open.

    Infinite where no way is left; in the order of the sections.

    >>> square = Network.of([0, 1, 2, 3], [1, 2, 3, 0], [100.0, 100.0, 100.0, 100.0], sources=[0])
    >>> detours(square, [1]).tolist()
    [200.0]
    """
    shut = net.mask(closed)
    which = np.flatnonzero(shut)
    begin, place = np.unique(net.tail[which], return_inverse=True)
    if not len(which):
        return np.zeros(0)
    far = np.atleast_2d(dijkstra(net.graph(shut), indices=begin))
    own = np.where(np.isfinite(net.cost[which]), net.cost[which], 0.0)
    return np.maximum(far[place, net.head[which]] - own, 0.0)


def detour_alone(net: Network, sections: npt.ArrayLike, steps: tuple[float, ...] = ()) -> Floats:
    """(asked sections,) extra cost to get from one end to the other when each is closed by itself.

    `steps` are costs within which a way round is looked for first: most ways round are short, and a short look is quick.

    >>> square = Network.of([0, 1, 2, 3, 0], [1, 2, 3, 0, 2], [1.0, 1.0, 1.0, 1.0, 5.0], sources=[0])
    >>> detour_alone(square, [0, 1, 4], steps=(1.5,)).tolist()
    [2.0, 2.0, 0.0]
    """
    out = []
    for section in np.asarray(sections, np.int64).tolist():
        shut = np.zeros(net.sections, bool)
        shut[section] = True
        graph, tail, head = net.graph(shut), int(net.tail[section]), int(net.head[section])
        for most in (*steps, np.inf):
            far = float(dijkstra(graph, indices=tail, limit=most)[head])
            if np.isfinite(far):
                break
        own = float(net.cost[section]) if np.isfinite(net.cost[section]) else 0.0
        out.append(max(far - own, 0.0))
    return np.array(out)
