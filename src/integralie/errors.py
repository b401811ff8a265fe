"""The four ways in which the program stops, each with the remedy in its sentence."""


class IntegralieError(Exception):
    """Something the user can mend; the message is one sentence that says what is wrong and what to do."""

    exit_code = 2


class DataError(IntegralieError):
    """A file or table cannot be used as it is."""

    exit_code = 3


class FigureMissing(IntegralieError):
    """A number is needed that no figure gives."""

    exit_code = 4


class Infeasible(IntegralieError):
    """No programme can meet what was asked."""

    exit_code = 5


class Refused(IntegralieError):
    """The study does not allow this: not yours to see, or an edit that contradicts another."""

    exit_code = 6


class IntegralieWarning(UserWarning):
    """Something a user should know while the work goes on."""
