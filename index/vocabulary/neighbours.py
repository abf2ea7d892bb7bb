"""Words near each other in meaning, in one language or across two: known beforehand, from a table.

The table ships with the program. It holds, for each word of a vocabulary, the words whose vectors
come nearest by a multilingual embedding (`neighbour_builder`): no model is needed to know that 判赔
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
from pathlib import Path
from typing import Any

from index.vocabulary import mapped
from index.vocabulary.lexical import is_chinese
from index.vocabulary.mapped import Arrays, Strings

FILE = Path(__file__).with_name("neighbours.table")
VERSION = "1"
SCALE = 255
CHINESE, ENGLISH = "chinese", "english"
PAIRS = tuple((one, other) for one in (CHINESE, ENGLISH) for other in (CHINESE, ENGLISH))


@dataclass(frozen=True, slots=True)
class Near:
    """An index term near another one, and the cosine of their vectors, in (0, 1]."""

    term: str
    cosine: float


class Neighbours:
    """Terms near a term. Immutable; safe to share between threads."""

    def __init__(self, header: Mapping[str, Any], arrays: Arrays) -> None:
        self.header = header
        self._terms = {
            one: Strings(arrays[f"{one}.terms"], arrays[f"{one}.term_ends"])
            for one in (CHINESE, ENGLISH)
        }
        self._runs = {
            pair: tuple(arrays[f"{name(*pair)}.{part}"] for part in ("ends", "numbers", "cosines"))
            for pair in PAIRS
        }

    @classmethod
    def open(cls, path: Path = FILE) -> Neighbours:
        """Map a table. Raises TableUnusable."""
        return cls(*mapped.load(path, VERSION))

    def across(self, term: str) -> tuple[Near, ...]:
        """What is near a folded Chinese word among English stems, or the other way round."""
        one = _language(term)
        return self._near(term, one, ENGLISH if one == CHINESE else CHINESE)

    def within(self, term: str) -> tuple[Near, ...]:
        """What is near a folded Chinese word or an English stem in its own language."""
        one = _language(term)
        return self._near(term, one, one)

    def _near(self, term: str, one: str, other: str) -> tuple[Near, ...]:
        terms = self._terms[one]
        number = bisect_left(terms, term)
        if number == len(terms) or terms[number] != term:
            return ()
        ends, numbers, cosines = self._runs[one, other]
        run = slice(int(ends[number - 1]) if number else 0, int(ends[number]))
        found = self._terms[other]
        return tuple(
            Near(found[at], cosine / SCALE)
            for at, cosine in zip(numbers[run].tolist(), cosines[run].tolist(), strict=True)
        )


@cache
def shipped() -> Neighbours:
    """The table that ships with the program."""
    return Neighbours.open()


def name(one: str, other: str) -> str:
    """How the arrays of a pair of languages are called."""
    return f"{one}-{other}"


def _language(term: str) -> str:
    return CHINESE if is_chinese(term) else ENGLISH
