"""Every feature of the reranker and of the confidence, in the order of their columns.

A new one is a function of `Evidence` in `scores`, `text` or `roles`, a `Feature` beside it with the
sentence that `explain` prints, a case in `tests/index/reranking/test_features.py`, and a weight
that `tools.weights` learns; without a weight in `weights.json` it counts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from index.engine.protocol import Candidate, Floats, Ranking
from index.query.question import ParsedQuestion
from index.reranking.features.evidence import Evidence
from index.reranking.features.scores import FELLOW_FEATURES, MEANING_FEATURES, SCORE_FEATURES
from index.reranking.features.text import KIND_FEATURES, ROLE_FEATURES, TEXT_FEATURES
from index.reranking.passage_view import PassageView
from index.semantic.search import SemanticScore

# The order is part of a score: floating-point sums differ in the last bits with another one.
FEATURES = (
    *SCORE_FEATURES,
    *TEXT_FEATURES,
    *FELLOW_FEATURES,
    *KIND_FEATURES,
    *ROLE_FEATURES,
    *MEANING_FEATURES,
)
FEATURE_NAMES = tuple(feature.name for feature in FEATURES)
COLUMN = {name: column for column, name in enumerate(FEATURE_NAMES)}
"""Feature name -> its column."""
RELATIVE_TO_BEST = tuple(feature.name for feature in FEATURES if feature.relative_to_best)
"""Those that are parts of the best candidate's score, so that it matters which one that is."""


def compute_features(
    question: ParsedQuestion,
    ranking: Ranking,
    candidates: Sequence[Candidate],
    views: Sequence[PassageView],
    similarity: Mapping[int, SemanticScore],
) -> Floats:
    """One row for each candidate, a column for each of `FEATURES`.

    `candidates` come with the scores that the engine gave them; `similarity` says by key what they
    mean beside the question, and is empty where that is not known.
    """
    evidence = Evidence.of(question, ranking, candidates, views, similarity)
    return np.stack([np.asarray(feature.compute(evidence), float) for feature in FEATURES], axis=1)
