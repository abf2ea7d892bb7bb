"""A query's clause as it is found in a segment: where its terms stand, and how often in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.embedded.segment import Array


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """A term's passages (uint32, ascending) and frequencies; its row and maxima if it has them.

    The row (uint8 per passage) and the block maxima (uint8 per block, see `index.embedded.rows`)
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
        found: Array = self.frequencies.take(places, mode="clip") * hit
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A clause in a segment: `(p, postings)` of each alternative that is there.

    It adds at most `most` to a score: `weight` (its own times its idf) times what tf can earn.
    """

    weight: float
    alternatives: tuple[tuple[float, Postings], ...]
    most: float

    @property
    def size(self) -> int:
        """How many postings there are."""
        return sum(len(postings) for _, postings in self.alternatives)

    @property
    def maxima(self) -> Array | None:
        """The block maxima of a clause that is a single term, where that has them."""
        if len(self.alternatives) > 1 or self.alternatives[0][0] != 1.0:
            return None
        return self.alternatives[0][1].maxima

    def tf(self, ordinals: Array) -> Array:
        """The expected tf (float64) in each of the passages, whose uint32 ordinals ascend."""
        tf = np.zeros(len(ordinals))
        for p, postings in self.alternatives:
            tf += p * postings.tf(ordinals)
        return tf
