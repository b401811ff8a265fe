"""Checks at the door: numbers, shapes, signs and units of the arrays that make a problem."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme.problem import CENTS, LARGEST, Ints


def floats(name: str, values: Any) -> npt.NDArray[np.float64]:
    """The values as floating numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"'{name}' should hold numbers; give a numpy array of floats.") from None


def spread(name: str, values: Any, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """The values over that shape: a missing axis at the end is repeated."""
    array = floats(name, values)
    if array.ndim > len(shape) or array.shape != shape[: array.ndim]:
        raise DataError(
            f"'{name}' has shape {array.shape}; it should be one number or have shape {shape} (trailing axes may be left out)."
        )
    return np.broadcast_to(array.reshape(array.shape + (1,) * (len(shape) - array.ndim)), shape)


def whole(name: str, array: npt.NDArray[np.float64]) -> Ints:
    """Amounts in whole hundredths, halves up."""
    if not np.isfinite(array).all():
        raise DataError(f"'{name}' holds an unknown or infinite amount; fill it in.")
    made = np.floor(array * CENTS + 0.5)
    if made.size and np.abs(made).max() > LARGEST:
        raise DataError(f"'{name}' holds an amount above {LARGEST / CENTS:,.0f}; check its unit.")
    return made.astype(np.int64)


def amounts(name: str, values: Any, shape: tuple[int, ...]) -> Ints:
    """Non-negative amounts in whole hundredths over that shape, as little repeated as possible."""
    array = spread(name, values, shape)
    if (array < 0).any():
        raise DataError(f"'{name}' holds a negative amount; amounts are zero or more.")
    if len(shape) > 1 and array.strides[1] == 0 and array.size:
        return np.broadcast_to(whole(name, array[:, :1]), shape)
    return whole(name, array)


def steady(array: Ints) -> Ints:
    """The same with one column for the periods, when all periods are alike."""
    if array.shape[1] > 1 and (array.strides[1] == 0 or (array == array[:, :1]).all()):
        return np.ascontiguousarray(array[:, :1])
    return np.ascontiguousarray(array)


def numbers(name: str, values: Any, shape: tuple[int, ...], least: int, most: int) -> Ints:
    """Whole numbers within bounds."""
    array = spread(name, values, shape)
    if not np.isfinite(array).all() or (array != np.floor(array)).any():
        raise DataError(f"'{name}' should hold whole numbers.")
    if array.size and (array.min() < least or array.max() > most):
        raise DataError(
            f"'{name}' should lie between {least} and {most}; it goes from {array.min():g} to {array.max():g}."
        )
    return array.astype(np.int64)


def long_form(name: str, given: Any, most: tuple[int, ...]) -> Ints:
    """Rows of whole numbers from arrays of one length, each below its bound."""
    if given is None:
        return np.zeros((0, len(most)), np.int64)
    try:
        table = np.stack([floats(name, np.ravel(v)) for v in np.broadcast_arrays(*given)], axis=1)
    except (TypeError, ValueError):
        raise DataError(f"'{name}' should hold {len(most)} arrays of one length.") from None
    if table.shape[1] != len(most):
        raise DataError(f"'{name}' should hold {len(most)} arrays of one length; it holds {table.shape[1]}.")
    return np.stack(
        [numbers(name, table[:, k], (len(table),), 0, bound - 1) for k, bound in enumerate(most)], axis=1
    ).reshape(-1, len(most))


def numbered(name: str, label: npt.NDArray[Any], given: Any) -> tuple[npt.NDArray[Any], Ints]:
    """The distinct labels, sorted or in the order that was given, and the number of each."""
    if given is None:
        names, number = np.unique(label, return_inverse=True)
        return names, number.ravel().astype(np.int64)
    known = np.asarray(given)
    order = np.argsort(known, kind="stable")
    if len(np.unique(known)) != len(known):
        raise DataError(f"'{name}' names one of its members more than once.")
    at = np.searchsorted(known[order], label).clip(0, max(len(known) - 1, 0))
    if len(label) and (len(known) == 0 or (known[order][at] != label).any()):
        raise DataError(f"A work lies in one of the {name} that '{name}' does not name.")
    return known, order[at] if len(known) else np.zeros(0, np.int64)
