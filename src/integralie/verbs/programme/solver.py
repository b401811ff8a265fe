"""HiGHS as we use it: silent, and on one thread so that it repeats itself."""

from __future__ import annotations

import highspy


class _Silent(highspy.Highs):  # type: ignore[misc]
    """HiGHS without the banner that its Python class prints when it is made."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


def quiet() -> highspy.Highs:
    """A silent HiGHS on one thread."""
    h = _Silent()
    h.setOptionValue("threads", 1)
    return h
