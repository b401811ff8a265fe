"""A stand-alone check of a programme and its price list, in whole numbers; shares no code with the programme.

From what every choice costs and uses, the programme and its openings it shows that every work is done once at an
allowed option, that openings hold what they say, that rest periods, orders and capacities are kept, and what the
programme costs. From the price list alone it computes a bound that no programme can beat: each block at its cheapest
under the prices, less what all capacity is worth at those prices. Amounts are whole cents and hundredths of a day,
prices whole millionths; nothing is rounded upwards in the bound, and nothing downwards in the cost.
"""

from __future__ import annotations

from integralie.checker.arrays import check_arrays
from integralie.checker.tables import check
from integralie.checker.verdict import Verdict

__all__ = ["Verdict", "check", "check_arrays"]
