"""What the checker says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Whether the programme is proven feasible, its cost and the bound in euros, and what was found in sentences."""

    proven: bool
    objective: float
    lower_bound: float
    gap: float
    sentences: tuple[str, ...]


def verdict(wrong: list[str], total: int, low: int) -> Verdict:
    """The verdict from what is wrong, the cost and the bound in cents."""
    if low > total:
        wrong.append("The bound lies above the cost of the programme: the tables do not belong together.")
    gap = (total - low) / max(abs(low), 1)
    euros = f"The programme costs {total / 100:,.2f} of present value; no programme costs less than {low / 100:,.2f}: it is at most {100 * gap:.3f} % above the best."
    return Verdict(not wrong, total / 100, low / 100, gap, (*wrong, euros))
