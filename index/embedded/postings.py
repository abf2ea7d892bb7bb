"""Postings as a query reads them, and what makes common terms quick: rows and block maxima.

A row holds how often a term stands in every passage, one byte each. A passage is looked up in a row
by reading one byte, in postings by some twenty comparisons. A row takes three times the place of a
sixteenth's postings, so terms in fewer passages have none.

A block's maximum is the most that a term earns in any of some neighbouring passages (Ding and
Suel, 'Faster top-k document retrieval using block-max indexes', SIGIR 2011), as a byte: 255 times
its saturation's share of k1 + 1, rounded up, for the mean length of the segment's passages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.engine.bm25 import BM25
from index.engine.terms import Array

SHARE = 16
"""A term has a row when one in so many passages holds it."""

BLOCK = 8
"""Passages in a block."""

FULL = 255
"""What stands for k1 + 1, which saturation never reaches; and the most that a row tells."""


def common_terms(offsets: Array, peaks: Array, passages: int) -> Array:
    """The places (uint32, ascending) of the terms that have rows; `peaks` are to fit a byte."""
    counts = np.diff(offsets.astype(np.int64))
    # A row is one byte a passage: a frequency over 255 would be cut, and the score would be wrong.
    has_row = (counts * SHARE >= passages) & (peaks <= FULL)
    return np.flatnonzero(has_row).astype(np.uint32)


def block_count(passages: int) -> int:
    """How many blocks there are."""
    return -(-passages // BLOCK)


def mean_length(lengths: Array) -> Array:
    """The mean length (float64, one) of the passages, which their block maxima are for."""
    return np.array([lengths.mean() if len(lengths) else 1.0])


def fill_rows(
    rows: Array,
    maxima: Array,
    places: Array,
    postings: tuple[Array, Array, Array],
    lengths: Array,
) -> None:
    """Write what `rows` (terms x passages) and `maxima` (terms x blocks), of zeros, are to hold.

    `postings` are a segment's offsets, ordinals and frequencies; `places` say which terms'.
    """
    offsets, ordinals, frequencies = postings
    model = BM25(len(lengths), float(mean_length(lengths)[0]))
    factors = model.length_factor(lengths)
    # One buffer for all terms: allocating it for each would take most of the time.
    earned = np.zeros(block_count(len(lengths)) * BLOCK, np.uint8)
    for row, row_maxima, place in zip(rows, maxima, places.tolist(), strict=True):
        start, end = int(offsets[place]), int(offsets[place + 1])
        passages, tf = ordinals[start:end], frequencies[start:end]
        row[passages] = tf
        share = model.saturation(tf, factors[passages]) / (model.k1 + 1)
        earned.fill(0)
        earned[passages] = np.ceil(share * FULL)
        # Rounded up above, so that a bound is never too low: skipping stays safe.
        row_maxima[:] = earned.reshape(-1, BLOCK).max(axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class TermPostings:
    """A term's passages (uint32, ascending) and frequencies; its row and maxima if it has them.

    The row (uint8 per passage) and the block maxima (uint8 per block, see above)
    tell of every passage of the segment, the arrays perhaps of those alone that a scope sees.
    """

    ordinals: Array
    frequencies: Array
    row: Array | None = None
    maxima: Array | None = None

    def __len__(self) -> int:
        return len(self.ordinals)

    def tf(self, ordinals: Array) -> Array:
        """How often the term stands in each of the passages, whose uint32 ordinals ascend."""
        if self.row is not None:
            return self.row.take(ordinals)
        # Search the shorter list in the longer one: a binary search for each of its entries.
        if len(self.ordinals) < len(ordinals):
            tf = np.zeros(len(ordinals), self.frequencies.dtype)
            places = ordinals.searchsorted(self.ordinals)
            hit = ordinals.take(places, mode="clip") == self.ordinals
            tf[places[hit]] = self.frequencies[hit]
            return tf
        if not len(ordinals):
            return self.frequencies[:0]
        places = self.ordinals.searchsorted(ordinals)
        hit = self.ordinals.take(places, mode="clip") == ordinals
        tf_there: Array = self.frequencies.take(places, mode="clip") * hit
        return tf_there


@dataclass(frozen=True, slots=True, eq=False)
class ClausePostings:
    """A clause in a segment: `(p, postings)` of each alternative that is there.

    It adds at most `most` to a score: `weight` (its own times its idf) times what tf can earn.
    """

    weight: float
    alternatives: tuple[tuple[float, TermPostings], ...]
    most: float

    @property
    def size(self) -> int:
        """How many postings there are."""
        return sum(len(postings) for _, postings in self.alternatives)

    @property
    def maxima(self) -> Array | None:
        """The block maxima of a clause that is a single term, where that has them."""
        # The sum of several maxima is no tight bound, so such a clause uses `most`.
        if len(self.alternatives) > 1 or self.alternatives[0][0] != 1.0:
            return None
        return self.alternatives[0][1].maxima

    def tf(self, ordinals: Array) -> Array:
        """The expected tf (float64) in each of the passages, whose uint32 ordinals ascend."""
        tf = np.zeros(len(ordinals))
        for p, postings in self.alternatives:
            tf += p * postings.tf(ordinals)
        return tf
