"""How well does confidence tell questions that are answered from those that are not?

Unanswerable questions are made of answerable ones by taking their own passages away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.answering.confidence import confidences
from index.answering.refusal import is_answered
from index.engine.bm25 import Floats
from index.reranking.features.registry import FEATURE_NAMES, RELATIVE_TO_BEST
from index.reranking.pipeline import Reranked

_RELATIVE = [FEATURE_NAMES.index(name) for name in RELATIVE_TO_BEST]


class Sureness:
    """Gathers how sure answers are, with the passages that answer and without them."""

    def __init__(self) -> None:
        self.refused = 0
        """Questions that were told that no passage answers."""
        self._there: list[float] = []
        self._away: list[float] = []

    def note(self, found: Reranked, relevant: Sequence[bool]) -> None:
        """Take in a question's candidates, and which of them answer."""
        self.refused += not is_answered(found)
        self._there += confidences(found, 1) or [0.0]
        if any(relevant):
            self._away += confidences(without(found, relevant), 1) or [0.0]

    def area(self) -> float:
        """The area under the ROC curve; 0.5 where there is nothing to tell apart."""
        return area(np.array(self._there), np.array(self._away)) if self._away else 0.5


def without(found: Reranked, relevant: Sequence[bool]) -> Reranked:
    """The ranking as it were without some of its candidates; it has rows for all that are left."""
    kept = [at for at in range(len(found.rows)) if not relevant[at]]
    rows = found.rows[kept]
    if len(rows):
        rows[:, _RELATIVE] /= rows[:, 0].max() or 1.0
    candidates = tuple(found.ranking.candidates[at] for at in kept)
    return Reranked(replace(found.ranking, candidates=candidates), rows)


def area(there: Floats, away: Floats) -> float:
    """The area under the ROC curve: how often one of the first is above one of the second."""
    both = np.concatenate([there, away])
    _, place, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place][: len(there)]
    found: float = (ranks.sum() - len(there) * (len(there) + 1) / 2) / (len(there) * len(away))
    return found
