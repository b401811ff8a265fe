"""The nuisance index of Helsinki: four modes on a scale of 0 to 5, the overall index is the largest and keeps its name.

Classes are whole numbers and weights whole hundredths, so that halves round up exactly: 2.05 is 2.1.

Source: City of Helsinki, haitaton-backend (figures HE-*).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from integralie.figures import Figures

Ints = npt.NDArray[np.int64]
PARTS = ("duration", "street", "volume", "lanes", "length")
MODES = ("car", "cycle", "bus", "tram")
HUNDREDTHS = 100


def classify(name: str, value: npt.ArrayLike, figures: Figures) -> Ints:
    """The class of each value: that of the highest limit it reaches (figure `name`, one row per class).

    >>> from integralie.figures import shipped
    >>> classify("helsinki_duration", [0, 13, 14, 90, 91], shipped()).tolist()
    [1, 1, 3, 3, 5]
    """
    rows = sorted((figures.find(name, **{"class": f"{c:g}"}).value, c) for c in figures.classes(name, "class"))
    limits, classes = np.array([v for v, _ in rows]), np.array([int(c) for _, c in rows], np.int64)
    at = np.searchsorted(limits, np.asarray(value, float), side="right") - 1
    return classes[np.clip(at, 0, None)]


def _tenths(hundredths: Ints) -> npt.NDArray[np.float64]:
    """Hundredths rounded to one decimal, halves up."""
    return (hundredths + 5) // 10 / 10


def car(
    duration: npt.ArrayLike,
    street: npt.ArrayLike,
    volume: npt.ArrayLike,
    lanes: npt.ArrayLike,
    length: npt.ArrayLike,
    figures: Figures,
) -> npt.NDArray[np.float64]:
    """The index for cars from five classes, one decimal; 0 where street class and volume are both 0.

    >>> from integralie.figures import shipped
    >>> float(car(1, 4, 2, 1, 2, shipped()))
    2.1
    """
    classes = [np.asarray(v, np.int64) for v in (duration, street, volume, lanes, length)]
    weight = [round(HUNDREDTHS * figures.value("helsinki_weight", part=p)) for p in PARTS]
    total = sum((w * c for w, c in zip(weight, classes)), start=np.zeros(1, np.int64)[0])
    return np.where((classes[1] == 0) & (classes[2] == 0), 0.0, _tenths(np.asarray(total)))


def bus(
    rush_hour: npt.ArrayLike, trunk: npt.ArrayLike, ordinary: npt.ArrayLike, critical: npt.ArrayLike, figures: Figures
) -> Ints:
    """The class for buses: 5 in a critical area, else the larger of the line and of the rush-hour buses; 0 without a
    line.
    """
    line = np.where(
        np.asarray(trunk, bool),
        figures.value("helsinki_line", line="trunk"),
        np.where(np.asarray(ordinary, bool), figures.value("helsinki_line", line="ordinary"), 0),
    )
    many = np.where(line > 0, classify("helsinki_buses", rush_hour, figures), 0)
    worst = figures.value("helsinki_line", line="critical")
    return np.where(np.asarray(critical, bool), worst, np.maximum(line, many)).astype(np.int64)


def overall(
    cars: npt.ArrayLike, cycles: npt.ArrayLike, buses: npt.ArrayLike, trams: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.str_]]:
    """The largest of the four and the name of its mode; of equals the first of car, cycle, bus, tram.

    >>> index, mode = overall(2.1, 3, 5, 3)
    >>> float(index), str(mode)
    (5.0, 'bus')
    """
    stacked = np.stack(np.broadcast_arrays(*(np.asarray(v, float) for v in (cars, cycles, buses, trams))))
    return stacked.max(axis=0), np.array(MODES)[stacked.argmax(axis=0)]
