"""Vector tiles (Mapbox Vector Tile 2.1) of tables in RD New, written with arrays.

The tile scheme is the Dutch one for RD New (NetherlandsRDNewQuad): level 0 is one square of 880 km, every next
level halves it. A tile holds what touches its square, with a border, in whole steps of 1/4096 of its side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from integralie.api import flat
from integralie.schema import frames

LEFT, TOP, SIDE = -285401.92, 903401.92, 880803.84
EXTENT, BORDER = 4096, 64
LEVELS = 17
POINT, LINE, POLYGON = 1, 2, 3
_FORM = {0: POINT, 1: LINE, 2: LINE, 3: POLYGON, 4: POINT, 5: LINE, 6: POLYGON}
MIXED = 7
_GATHER = {1: shapely.multilinestrings, 2: shapely.multipolygons}  # by dimension
_SMALL = [bytes([i]) for i in range(128)]


def box(z: int, row: int, column: int) -> tuple[float, float, float, float]:
    """The square of a tile in metres RD New: left, bottom, right, top."""
    side = SIDE / 2**z
    return LEFT + column * side, TOP - (row + 1) * side, LEFT + (column + 1) * side, TOP - row * side


def varint(value: int) -> bytes:
    """A whole number in groups of seven bits, as protocol buffers write it."""
    if value < 0x80:
        return _SMALL[value]
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number: int, body: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(body)) + body


def _packed(values: list[int]) -> bytes:
    return b"".join(map(varint, values))


def _value(value: Any) -> bytes:
    """One value of a feature: text, yes or no, whole number or number."""
    if isinstance(value, bool):
        return varint(7 << 3) + varint(int(value))
    if isinstance(value, int):
        return varint(6 << 3) + varint(value << 1 ^ value >> 63)
    if isinstance(value, float):
        return varint(3 << 3 | 1) + np.float64(value).tobytes()
    return _field(1, str(value).encode())


def layer(name: str, frame: pd.DataFrame, columns: list[str], square: tuple[float, float, float, float]) -> bytes:
    """One layer of a tile; empty when nothing of the frame lies in the square."""
    forms, commands = drawn(np.asarray(frame.geometry), square)
    keys, values = _Index(), _Index()
    plain = {"id": list(frame.index)} | {c: frames.python(frame[c]) for c in columns}
    features = []
    for at in np.flatnonzero(forms).tolist():
        tags = [i for c, told in plain.items() if told[at] is not None for i in (keys.at(c), values.at(told[at]))]
        body = _field(2, _packed(tags)) + varint(3 << 3) + varint(int(forms[at])) + _field(4, _packed(commands[at]))
        features.append(_field(2, body))
    if not features:
        return b""
    head = varint(15 << 3) + varint(2) + _field(1, name.encode())
    told_keys = b"".join(_field(3, str(k).encode()) for k in keys.items)
    told_values = b"".join(_field(4, _value(v)) for v in values.items)
    return _field(3, head + b"".join(features) + told_keys + told_values + varint(5 << 3) + varint(EXTENT))


class _Index:
    """Each different thing once, with its place; 1 and True are different things."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._at: dict[tuple[type, Any], int] = {}

    def at(self, item: Any) -> int:
        key = (type(item), item)
        if key not in self._at:
            self._at[key] = len(self.items)
            self.items.append(item)
        return self._at[key]


def drawn(shapes: np.ndarray, square: tuple[float, float, float, float]) -> tuple[np.ndarray, dict[int, list[int]]]:
    """For every shape what it is (0 when nothing of it is left in the square) and the commands that draw it."""
    left, bottom, right, top = square
    step = (right - left) / EXTENT
    edge = BORDER * step
    cut = _whole(shapely.clip_by_rect(shapely.force_2d(shapes), left - edge, bottom - edge, right + edge, top + edge))
    forms = np.array([_FORM.get(int(k), 0) for k in shapely.get_type_id(cut)])
    pieces, row = flat.parts(flat.oriented(cut, clockwise=True))
    xy, of = flat.vertices(pieces)
    steps = np.rint((xy - (left, top)) / (step, -step)).astype(np.int64)
    least = np.array([0, 1, 2, 3])[forms[row]]
    steps, of = flat.thin(steps, of)
    keep = (np.bincount(of, minlength=len(pieces)) >= least) & (
        (forms[row] != POLYGON) | (_areas(steps, of, len(pieces)) != 0)
    )
    steps, of = steps[keep[of]], of[keep[of]]
    return _commands(forms, row, steps, of)


def _whole(cut: np.ndarray) -> np.ndarray:
    """Clipping can leave a mixture; then only its lines count, or its areas when it has any."""
    for at in np.flatnonzero(shapely.get_type_id(cut) == MIXED):
        rest = shapely.get_parts(cut[at])
        size = shapely.get_dimensions(rest)
        most = size.max() if len(rest) else 0
        cut[at] = _GATHER[most](rest[size == most]) if most in _GATHER else None
    return cut


def _areas(steps: np.ndarray, of: np.ndarray, count: int) -> np.ndarray:
    """Twice the area of each ring in whole steps; a ring that fell flat has none."""
    if not len(of):
        return np.zeros(count)
    first = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]]))
    following = np.arange(1, len(of) + 1)
    following[np.concatenate([first[1:], [len(of)]]) - 1] = first
    cross = steps[:, 0] * steps[following, 1] - steps[following, 0] * steps[:, 1]
    return np.bincount(of, weights=cross, minlength=count)


def _commands(
    forms: np.ndarray, row: np.ndarray, steps: np.ndarray, of: np.ndarray
) -> tuple[np.ndarray, dict[int, list[int]]]:
    """Moves, lines and closes with zigzag differences; the pen goes on from part to part of one shape."""
    diff = flat.differences(steps, row[of])
    zigzag = (diff << 1 ^ diff >> 63).ravel().tolist()
    first = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]])) if len(of) else np.zeros(0, int)
    ends = [*first[1:].tolist(), len(of)]
    out: dict[int, list[int]] = {}
    for start, end, at in zip(first.tolist(), ends, row[of[first]].tolist()):
        told = out.setdefault(at, [])
        if forms[at] == POINT:
            told += [0, *zigzag[2 * start : 2 * end]] if not told else zigzag[2 * start : 2 * end]
            told[0] = (len(told) // 2) << 3 | 1
            continue
        told += [9, *zigzag[2 * start : 2 * start + 2], (end - start - 1) << 3 | 2, *zigzag[2 * start + 2 : 2 * end]]
        if forms[at] == POLYGON:
            told.append(15)
    left = np.zeros(len(forms), int)
    there = list(out)
    left[there] = forms[there]
    return left, out


def tile(layers: Mapping[str, tuple[pd.DataFrame, list[str]]], z: int, row: int, column: int) -> bytes:
    """A tile of several layers, each a frame with the columns to tell."""
    square = box(z, row, column)
    return b"".join(layer(name, frame, columns, square) for name, (frame, columns) in layers.items() if len(frame))
