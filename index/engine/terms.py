"""A passage's terms as analysis hands them on: words as strings, bigrams as the runs they lie in.

Two terms in three are bigrams. As strings of their own they would take longer to make, send and
count than all the rest of the analysis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from corpus.language.scripts import HAN_RUN
from index.text.analyzer import BIGRAM, bigrams

Array = npt.NDArray[Any]

END = "\n"
"""Stands between runs, and in no term."""

# Bits of a code point.
_WIDTH = 21


@dataclass(frozen=True, slots=True, eq=False)
class PassageTerms(Sequence[str]):
    """`words`, and the bigrams of `runs`, which `END` separates; as a sequence, all of them."""

    words: Sequence[str]
    runs: str

    def __len__(self) -> int:
        return len(self.words) + pair_count(self.runs)

    def __iter__(self) -> Iterator[str]:
        yield from self.words
        yield from bigrams(self.runs.split(END))

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        return list(self)[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list's


def pair_count(runs: str) -> int:
    """How many bigrams there are in runs of one character at the least."""
    return len(runs) - 2 * runs.count(END) - 1 if runs else 0


def pairs(runs: Sequence[str]) -> tuple[Array, Array]:
    """Every bigram as a number (uint64), and which of the passages (int64) it stands in.

    `runs` are each passage's.
    """
    text = END.join(runs).encode("utf-32-le")
    characters = np.frombuffer(text, np.uint32).astype(np.uint64)
    passage = np.repeat(np.arange(len(runs)), [len(passage_runs) + 1 for passage_runs in runs])[
        : len(characters)
    ]
    inside = characters != ord(END)
    starts = np.flatnonzero(inside[:-1] & inside[1:])
    numbers = characters[starts] << np.uint64(_WIDTH) | characters[starts + 1]
    return numbers, passage[starts]


def is_pair(term: str) -> bool:
    """Whether a term is a bigram of a Han run."""
    return term.startswith(BIGRAM) and len(term) == 3 and bool(HAN_RUN.fullmatch(term, 1))


def number(term: str) -> int:
    """What `pairs` has for a term."""
    return ord(term[1]) << _WIDTH | ord(term[2])


def term(number: int) -> str:
    """The term that a number stands for."""
    return BIGRAM + chr(number >> _WIDTH) + chr(number & ((1 << _WIDTH) - 1))


@lru_cache(maxsize=1 << 16)
def term_hash(term: str) -> int:
    """The 64 bits that stand for a term."""
    return int(term_hashes([term])[0])


def term_hashes(terms: Iterable[str]) -> Array:
    """The 64 bits (uint64) that stand for each term."""
    digests = [blake2b(term.encode(), digest_size=8).digest() for term in terms]
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


@dataclass(frozen=True, slots=True)
class Analyzed:
    """A passage ready for the index: its key, its document and its terms with repetitions.

    `number` is what its vectors are kept under (`passage_number`), 0 where it has none.
    """

    key: int
    document_id: str
    terms: Sequence[str]
    number: int = 0


def passage_number(citation: str, text: str) -> int:
    """63 bits that a passage's citation and text alone decide: what its vectors are kept under.

    Databases number passages by themselves, and may give a number to another passage after a
    restore or a move. Among a thousand million passages, one pair shares a number in twenty such
    libraries.
    """
    digest = blake2b(f"{citation}\n{text}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1 or 1
