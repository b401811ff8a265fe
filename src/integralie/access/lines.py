"""Bus lines on a street network: every closed stretch of a line needs a way round that is short enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from integralie.access.network import NEARLY, Floats, Ints, Mask, Network


@dataclass(frozen=True)
class Stretch:
    """Sections of one line that are closed and hang together, and the junctions at which the line goes on."""

    line: int
    sections: Ints
    ends: Ints


def stretches(net: Network, line: Ints, closed: Mask, number: int = 0) -> list[Stretch]:
    """The closed stretches of a line (positions of its sections) from which it goes on at two or more junctions.

    A stretch at the end of a line has one such junction: there the bus turns earlier and its stop is moved.

    >>> net = Network.of([0, 1, 2, 3], [1, 2, 3, 4], [1.0] * 4, sources=[0])
    >>> [(s.sections.tolist(), s.ends.tolist()) for s in stretches(net, np.arange(4), net.mask([1, 2]))]
    [([1, 2], [1, 3])]
    """
    shut, open_ = line[closed[line]], line[~closed[line]]
    if not len(shut):
        return []
    goes_on = np.zeros(net.nodes, bool)
    goes_on[net.tail[open_]] = goes_on[net.head[open_]] = True
    tied = csr_array((np.ones(len(shut)), (net.tail[shut], net.head[shut])), shape=(net.nodes, net.nodes))
    _, part = connected_components(tied, directed=False)
    out = []
    for label in np.unique(part[net.tail[shut]]):
        own = shut[part[net.tail[shut]] == label]
        ends = np.unique(np.concatenate([net.tail[own], net.head[own]]))
        ends = ends[goes_on[ends]]
        if len(ends) > 1:
            out.append(Stretch(number, own, ends))
    return out


def way_round(net: Network, stretch: Stretch, closed: Mask, most: float) -> float:
    """What the way round a stretch costs more than straight on, the largest over its ends; infinite above `most`."""
    first, others = int(stretch.ends[0]), stretch.ends[1:]
    straight = _straight_on(net, stretch)
    round_ = np.asarray(dijkstra(net.graph(closed), indices=first, limit=most + float(straight.max())))[others]
    more = float((round_ - straight).max())
    return more if more <= most + NEARLY else np.inf


def _straight_on(net: Network, stretch: Stretch) -> Floats:
    """What it costs to pass the stretch from its first end to each of the others; nothing where a bus cannot."""
    if len(stretch.sections) == 1:
        cost = net.cost[stretch.sections]
    else:
        others = np.ones(net.sections, bool)
        others[stretch.sections] = False
        cost = np.asarray(dijkstra(net.graph(others), indices=int(stretch.ends[0])))[stretch.ends[1:]]
    return np.where(np.isfinite(cost), cost, 0.0)


def held_up(net: Network, lines: Sequence[Ints], closed: Mask, most: float) -> list[Stretch]:
    """The closed stretches that a bus cannot get round within `most` more than straight on.

    >>> square = Network.of([0, 1, 2, 3, 4], [1, 2, 3, 0, 1], [1.0, 1.0, 1.0, 1.0, 1.0], sources=[0])
    >>> held_up(square, [np.array([4, 1, 2])], square.mask([1]), most=2.0)
    []
    >>> [s.sections.tolist() for s in held_up(square, [np.array([4, 1, 2])], square.mask([1]), most=1.0)]
    [[1]]
    """
    found = [s for k, line in enumerate(lines) for s in stretches(net, line, closed, k)]
    return [s for s in found if np.isinf(way_round(net, s, closed, most))]


def line_cuts(net: Network, lines: Sequence[Ints], closed: Mask, most: float) -> list[Ints]:
    """For every stretch that a bus cannot get round a smallest set of closed sections that is enough for that; equal
    sets once.
    """
    made = {tuple(_cut(net, lines[s.line], closed, most).tolist()) for s in held_up(net, lines, closed, most)}
    return [np.array(cut, np.int64) for cut in sorted(made)]


def _cut(net: Network, line: Ints, closed: Mask, most: float) -> Ints:
    """Closures are opened again one half after the other, as long as the line stays held up without them."""

    def bad(some: Ints) -> bool:
        return bool(held_up(net, [line], net.mask(some), most))

    return np.sort(_thinned(np.flatnonzero(closed), bad))


def _thinned(cut: Ints, bad: Callable[[Ints], bool]) -> Ints:
    """A part of the set that is still bad and from which nothing can be left out."""
    size = len(cut)
    while size := size // 2:
        at = 0
        while at < len(cut):
            rest = np.concatenate([cut[:at], cut[at + size :]])
            if len(rest) and bad(rest):
                cut = rest
            else:
                at += size
    return cut


def held_up_alone(net: Network, lines: Sequence[Ints], most: float) -> Mask:
    """(S,) sections of lines that a bus cannot get round when that section alone is closed: work keeps a passage there."""
    out = np.zeros(net.sections, bool)
    for line in lines:
        for section in line[~out[line]].tolist():
            shut = net.mask(np.array([section]))
            out[section] = bool(held_up(net, [line], shut, most))
    return out
