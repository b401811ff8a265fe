"""Occupancy: which share of the ground under a street is taken, for certain and perhaps."""

from __future__ import annotations

import numpy as np

STEP = 0.25  # m of width per column
TOP, BOTTOM = 0.4, 2.0  # m: the depths that count
AROUND, OVER = 0.15, 0.1  # m beside, and above and below a thing that are taken with it


def occupancy(
    owner: np.ndarray, count: int, width: np.ndarray, rects: np.ndarray, bands: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Per section the share of width x depth (0.4 to 2.0 m) that is taken: (for certain, perhaps).

    `owner` names the section of each thing; `rects` are left, right, top, bottom in m; `bands` how far place and
    depth may be off. A thing takes 0.15 m beside and 0.1 m above and below itself; perhaps also its band. Columns
    are 0.25 m wide; what overlaps counts once.
    """
    low, high = columns(owner, count, width, rects, bands)
    steps = np.ceil(np.maximum(width, STEP) / STEP).astype(int)
    section = np.repeat(np.arange(count), steps)
    mean = [np.bincount(section, weights=part, minlength=count) / steps for part in (low, high)]
    return mean[0], mean[1]


def columns(
    owner: np.ndarray, count: int, width: np.ndarray, rects: np.ndarray, bands: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same per column of 0.25 m, the columns of all sections after one another."""
    steps = np.ceil(np.maximum(width, STEP) / STEP).astype(int)
    begin = np.cumsum(steps) - steps
    out = []
    for grow in (0.0, 1.0):
        left = rects[:, 0] - AROUND - grow * bands[:, 0]
        right = rects[:, 1] + AROUND + grow * bands[:, 0]
        top = np.clip(rects[:, 2] - OVER - grow * bands[:, 1], TOP, BOTTOM)
        bottom = np.clip(rects[:, 3] + OVER + grow * bands[:, 1], TOP, BOTTOM)
        out.append(_filled(owner, begin, steps, np.column_stack([left, right, top, bottom]), int(steps.sum())))
    return out[0], out[1]


def _filled(owner: np.ndarray, begin: np.ndarray, steps: np.ndarray, rects: np.ndarray, total: int) -> np.ndarray:
    """The union of depths per column, as a share of the depths that count."""
    first = np.clip(np.ceil(rects[:, 0] / STEP - 0.5).astype(int), 0, steps[owner])
    last = np.clip(np.floor(rects[:, 1] / STEP - 0.5).astype(int) + 1, 0, steps[owner])
    many = np.maximum(last - first, 0)
    many[rects[:, 3] <= rects[:, 2]] = 0
    who = np.repeat(np.arange(len(owner)), many)
    rank = np.arange(len(who)) - np.repeat(np.cumsum(many) - many, many)
    column = begin[owner[who]] + first[who] + rank
    order = np.lexsort((rects[who, 2], column))
    column, top, bottom = column[order], rects[who[order], 2], rects[who[order], 3]
    reach = _running_most(column, bottom)
    fresh = np.maximum(bottom - np.maximum(top, reach), 0)
    return np.minimum(np.bincount(column, weights=fresh, minlength=total) / (BOTTOM - TOP), 1.0)


def _running_most(group: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The greatest value before each row within its group (groups are sorted); TOP where there is none."""
    if not len(group):
        return value
    offset = group * (BOTTOM * 4)  # groups kept apart, so that one running maximum does for all
    most = np.maximum.accumulate(value + offset)
    before = np.r_[-np.inf, most[:-1]] - offset
    return np.where(np.r_[True, group[1:] != group[:-1]], TOP, np.maximum(before, TOP))
