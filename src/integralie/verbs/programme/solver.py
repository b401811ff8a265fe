"""HiGHS as we use it: silent, and without parallel search so that it repeats itself."""

from __future__ import annotations

import highspy


class _Silent(highspy.Highs):  # type: ignore[misc]
    """HiGHS without the banner that its Python class prints when it is made."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


def quiet() -> highspy.Highs:
    """A silent HiGHS that searches one thing after the other.

    A number of threads is not asked for: HiGHS keeps that of the first run in a process, also of another user's, and
    refuses to run with another one.
    """
    h = _Silent()
    h.setOptionValue("parallel", "off")
    return h


def run(h: highspy.Highs) -> None:
    """Run it; what HiGHS itself calls an error is not a programme without a solution.

    Raises:
        RuntimeError: if HiGHS refuses to run.
    """
    if h.run() == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refused to run; please report this with the study that you had open.")
