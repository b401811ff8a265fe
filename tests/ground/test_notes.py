"""Sentences: two languages, numbers as people write them."""

import pandas as pd
import pytest

from integralie.errors import DataError
from integralie.schema import notes


def test_every_sentence_stands_in_both_languages_with_the_same_names():
    import string

    for code, both in notes.sentences().items():
        names = [sorted({n for _, n, _, _ in string.Formatter().parse(both[x]) if n}) for x in ("nl", "en")]
        assert names[0] == names[1], code


@pytest.mark.parametrize(
    ("value", "language", "decimals", "text"),
    [
        (1234.5, "nl", 1, "1.234,5"),
        (1234.5, "en", 1, "1,234.5"),
        (0.5, "nl", 0, "1"),
        (2.5, "nl", 0, "3"),
        (-0.4, "nl", 0, "0"),
        (-2.5, "nl", 0, "-3"),
    ],
)
def test_numbers_are_written_for_people_and_halves_go_up(value, language, decimals, text):
    assert notes.number(value, language, decimals) == text


def test_what_is_not_known_is_called_unknown():
    assert "onbekend" in notes.say("forecast.assumed", {"year_built": None}, "nl")


def test_an_unknown_sentence_is_refused():
    with pytest.raises(DataError, match="no sentence 'nonsense'"):
        notes.because("works", "nonsense", pd.DataFrame(index=["work:1"]))
