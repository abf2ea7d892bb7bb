"""Words near each other in meaning, in one language or across two, looked up in a table.

The table ships with the program. It holds, for each word of a vocabulary, the words whose vectors
come nearest by a multilingual embedding (`tools.neighbours`): no model is needed to know that 判赔
is near 赔偿, and `liable` near 责任. Such nearness is no translation: by spelling alone `reverse`
is near `revere`. It tells candidates apart that share evidence with the question; it makes none.

Layout (`mapped`): for each language its terms in order; for each pair of languages and each term a
run of (number of the other term, cosine in 255ths), the nearest first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from index.vocabulary import mapped
from index.vocabulary.lexical import is_chinese
from index.vocabulary.mapped import Arrays, Strings

FILE = Path(__file__).with_name("neighbours.table")
VERSION = "1"
# One byte a cosine keeps the file small; steps of .004 are fine enough.
SCALE = 255
CHINESE, ENGLISH = "chinese", "english"
LANGUAGES = (CHINESE, ENGLISH)
PAIRS = tuple(product(LANGUAGES, LANGUAGES))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An index term near another one, and the cosine of their vectors, in (0, 1]."""

    term: str
    cosine: float


class Neighbours:
    """Terms near a term. Immutable; safe to share between threads."""

    def __init__(self, header: Mapping[str, Any], arrays: Arrays) -> None:
        self.header = header
        self._terms = {
            language: Strings(arrays[f"{language}.terms"], arrays[f"{language}.term_ends"])
            for language in LANGUAGES
        }
        self._runs = {
            pair: tuple(
                arrays[f"{pair_name(*pair)}.{part}"] for part in ("ends", "numbers", "cosines")
            )
            for pair in PAIRS
        }

    @classmethod
    def open(cls, path: Path = FILE) -> Neighbours:
        """Map a table. Raises TableUnusable."""
        return cls(*mapped.load(path, VERSION))

    def across(self, term: str) -> tuple[Neighbour, ...]:
        """What is near a folded Chinese word among English stems, or the other way round."""
        language = _language(term)
        return self._near(term, language, ENGLISH if language == CHINESE else CHINESE)

    def within(self, term: str) -> tuple[Neighbour, ...]:
        """What is near a folded Chinese word or an English stem in its own language."""
        language = _language(term)
        return self._near(term, language, language)

    def _near(self, term: str, language: str, target: str) -> tuple[Neighbour, ...]:
        terms = self._terms[language]
        # Terms lie sorted in the mapped file, so nothing is loaded to look one up.
        number = bisect_left(terms, term)
        if number == len(terms) or terms[number] != term:
            return ()
        ends, numbers, cosines = self._runs[language, target]
        run = slice(int(ends[number - 1]) if number else 0, int(ends[number]))
        target_terms = self._terms[target]
        return tuple(
            Neighbour(target_terms[at], cosine / SCALE)
            for at, cosine in zip(numbers[run].tolist(), cosines[run].tolist(), strict=True)
        )


@cache
def shipped() -> Neighbours:
    """The table that ships with the program."""
    return Neighbours.open()


def pair_name(language: str, target: str) -> str:
    """How the arrays of a pair of languages are called in the file."""
    return f"{language}-{target}"


def _language(term: str) -> str:
    return CHINESE if is_chinese(term) else ENGLISH
