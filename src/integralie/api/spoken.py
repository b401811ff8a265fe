"""What the library says in English, said in the language of the page: its sentences are known by their pattern."""

from __future__ import annotations

import re
from functools import cache

from integralie.paper.words import Words, texts

PREFIX, REST = "error.", "error.untranslated"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every sentence of the list as a pattern, the most specific first."""
    made = []
    for key, text in texts().items():
        if key.startswith(PREFIX) and key != REST:
            parts = re.split(r"\{(\w)\}", text["en"])
            body = "".join(f"(?P<{p}>.*)" if i % 2 else re.escape(p) for i, p in enumerate(parts))
            made.append((key, re.compile(body, re.DOTALL)))
    return tuple(sorted(made, key=lambda m: -len(m[1].pattern)))


def spoken(sentence: str, language: str) -> str:
    """The sentence in that language; one that the list does not know stays English, and the page says so.

    >>> spoken("There is no programme yet; run the study first.", "nl")
    'Er is nog geen programma; maak eerst een programma.'
    """
    if language == "en":
        return sentence
    words = Words(language)
    for key, pattern in _patterns():
        if hit := pattern.fullmatch(sentence):
            return _filled(words, key, hit.groupdict())
    return _filled(words, REST, {"a": sentence})


def _filled(words: Words, key: str, values: dict[str, str]) -> str:
    return words.t(key, **values)
