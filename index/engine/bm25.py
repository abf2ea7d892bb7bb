"""The score: rank_bm25's BM25Plus with delta 0, which is BM25 with a never-negative idf.

    score(q, d) = sum over terms t of  ln((N + 1) / df) * tf * (k1 + 1) / (tf + norm(d))
    norm(d)     = k1 * (1 - b + b * |d| / avgdl)

Robertson and Zaragoza, 'The Probabilistic Relevance Framework: BM25 and Beyond' (2009); the idf is
that of Lv and Zhai, 'Lower-Bounding Term Frequency Normalization' (CIKM 2011), as rank_bm25 has it.
Delta is 0 because rank_bm25 adds it to passages that lack the term as well, where it ranks nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

K1 = 0.9
B = 0.75

Floats = npt.NDArray[np.float64]


class BM25(BM25Plus):  # type: ignore[misc]  # rank_bm25 is published without types
    """rank_bm25's class over corpus statistics instead of its arrays of dictionaries.

    Takes the number of passages and their mean length in tokens; computes the factors of the
    score, which the engine multiplies over postings.
    """

    def __init__(self, corpus_size: int, avgdl: float, k1: float = K1, b: float = B) -> None:
        # Not calling the parent: it counts a corpus, which postings have done already.
        self.corpus_size = corpus_size
        self.avgdl = avgdl or 1.0
        self.k1 = k1
        self.b = b
        self.delta = 0

    def inverse_document_frequency(self, df: float) -> float:
        """How telling a term is that `df` passages hold; 0 for one that none holds."""
        return math.log((self.corpus_size + 1) / df) if df > 0 else 0.0

    def length_factor(self, lengths: npt.NDArray[Any]) -> Floats:
        """k1 * (1 - b + b * length / avgdl), one for each passage."""
        return self.k1 * (1 - self.b + self.b * lengths.astype(np.float64) / self.avgdl)

    def saturation(self, tf: npt.NDArray[Any], length_factor: Floats) -> Floats:
        """The share of a term's idf that `tf` occurrences earn, below k1 + 1."""
        factor: Floats = tf * (self.k1 + 1) / (tf + length_factor)
        return factor

    def upper_bound(self, peak: float, density: float) -> float:
        """What saturation never exceeds where tf <= peak and tf / length <= density, both > 0."""
        # saturation is (k1 + 1) / (1 + norm / tf), and norm / tf is the sum below
        lowest_ratio = self.k1 * ((1 - self.b) / peak + self.b / self.avgdl / density)
        return (self.k1 + 1) / (1 + lowest_ratio)
