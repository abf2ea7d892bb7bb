"""How near other candidates of one work are to a question: a law's articles, a document's parts.

Where several of them are near, the work is what the question is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from index.engine.bm25 import Floats
from index.engine.protocol import Candidate
from index.reranking.passage_view import PassageView

COMPANY = 5
"""The best other articles of a law that speak for one."""


def best_of_title(candidates: Sequence[Candidate], views: Sequence[PassageView]) -> Floats:
    """For each candidate the best score of another under the same title, beside the best of all."""
    best: dict[str, list[float]] = defaultdict(list)
    for candidate, one in zip(candidates, views, strict=True):
        best[one.title].append(candidate.score)
    top = max(one.score for one in candidates) or 1.0
    return np.array([
        next(iter(sorted(_without(best[one.title], candidate.score), reverse=True)), 0.0) / top
        for candidate, one in zip(candidates, views, strict=True)
    ])  # fmt: skip


def mean_over_law(candidates: Sequence[Candidate], views: Sequence[PassageView]) -> Floats:
    """For each candidate the mean of the best others of its law or title, beside the best."""
    best: dict[str, list[float]] = defaultdict(list)
    for candidate, one in zip(candidates, views, strict=True):
        best[one.work].append(candidate.score)
    top = max(one.score for one in candidates) or 1.0
    return np.array([
        sum(sorted(_without(best[one.work], candidate.score), reverse=True)[:COMPANY])
        for candidate, one in zip(candidates, views, strict=True)
    ]) / (COMPANY * top)  # fmt: skip


def _without(scores: Sequence[float], score: float) -> list[float]:
    rest = list(scores)
    rest.remove(score)
    return rest
