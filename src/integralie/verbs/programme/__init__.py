"""The programme: every work its period, under scarce money and crews, with the price list that proves its quality."""

from integralie.verbs.programme.engine import Result, solve
from integralie.verbs.programme.problem import Problem

__all__ = ["Problem", "Result", "solve"]
