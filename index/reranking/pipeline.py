"""The first candidates ranked anew by a linear model over features, in the units of their score.

    score'(c) = score(c) + best score * sum over features f of  weight(f) * value(f, c)

The weights are learnt (`tools.weights`) and stand in `weights.json`, where they can be read. What
all candidates share changes no order, so only differences between candidates matter. What people
get and what is measured go through the same `Pipeline`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from corpus.models import Scope
from index.engine.bm25 import Floats
from index.engine.protocol import Candidate, Documents, Engine, Ranking
from index.query.question import ParsedQuestion
from index.reranking.features.evidence import Feature
from index.reranking.features.registry import COLUMN, FEATURE_NAMES, FEATURES, compute_features
from index.reranking.passage_view import PassageViews
from index.semantic.search import CANDIDATES, Meaning, SemanticScore

WEIGHTS_FILE = Path(__file__).with_name("weights.json")
RERANK_DEPTH = 20
"""Candidates whose features are computed; the others stay below them, in their order."""
MEANING_COLUMN = COLUMN["meaning"]


@dataclass(frozen=True, slots=True)
class Reranked:
    """A ranking after reranking, and the features of its first candidates, a row each.

    `similarity`: by key, what candidates mean beside the question, where that was looked at.
    """

    ranking: Ranking
    rows: Floats
    similarity: Mapping[int, SemanticScore] = field(default_factory=dict)

    def scores(self) -> Floats:
        """The first candidates' scores by words and features, beside the best one's by words."""
        scores: Floats = self.rows[:, COLUMN["bm25"]] + self.rows @ rerank_weights()
        return scores


@cache
def rerank_weights() -> Floats:
    """The weights of `FEATURES`, in their order; 0 for one that the file does not name."""
    weights: Mapping[str, float] = json.loads(WEIGHTS_FILE.read_text("utf-8"))["rerank"]
    return np.array([float(weights.get(name, 0.0)) for name in FEATURE_NAMES])


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages between an engine and an answer."""

    engine: Engine
    views: PassageViews
    meaning: Meaning | None = None

    def rank(
        self,
        question: ParsedQuestion,
        text: str,
        scope: Scope,
        k: int,
        within: Documents | None = None,
    ) -> Reranked:
        """At least `k` candidates in scope, if there are so many; `text` is compared by meaning.

        `within` limits them to some documents, before any is ranked.
        The first `RERANK_DEPTH` are the same whatever `k` is, so that pages follow on each other.
        """
        depth = max(k, RERANK_DEPTH, CANDIDATES if self.meaning else 0)
        ranking = self.engine.search(question.query, scope=scope, k=depth, within=within)
        similarity: Mapping[int, SemanticScore] = {}
        if self.meaning is not None:
            similarity = self.meaning.near(text, ranking.candidates)
            ranking = order_by_meaning(ranking, similarity)
        return rerank(with_features(question, ranking, self.views, similarity))


def with_features(
    question: ParsedQuestion,
    ranking: Ranking,
    views: PassageViews,
    similarity: Mapping[int, SemanticScore],
) -> Reranked:
    """The ranking as it is, with its first candidates' features.

    `similarity`: by key, what candidates mean beside the question; empty where that is not known.
    Candidates whose passage was withdrawn meanwhile are left out.
    """
    first = ranking.candidates[:RERANK_DEPTH]
    view_of = views.of([candidate.key for candidate in first])
    first = tuple(candidate for candidate in first if candidate.key in view_of)
    below = ranking.candidates[RERANK_DEPTH:]
    ranking = replace(ranking, candidates=(*first, *below))
    if not first:
        return Reranked(ranking, np.empty((0, len(FEATURE_NAMES))), similarity)
    first_views = [view_of[candidate.key] for candidate in first]
    rows = compute_features(question, ranking, first, first_views, similarity)
    return Reranked(ranking, rows, similarity)


def order_by_meaning(ranking: Ranking, similarity: Mapping[int, SemanticScore]) -> Ranking:
    """The ranking by the score of its words and its meaning; those without `similarity` stay below.

    The first `RERANK_DEPTH` keep the scores that the engine gave them, which features are made of.
    """
    compared = [candidate for candidate in ranking.candidates if candidate.key in similarity]
    if not compared:
        return ranking
    scale = rerank_weights()[MEANING_COLUMN] * max(candidate.score for candidate in compared)
    scores = {
        candidate.key: candidate.score + float(scale) * similarity[candidate.key].deviations
        for candidate in compared
    }
    compared.sort(key=lambda candidate: (-scores[candidate.key], candidate.key))
    moved = [replace(c, score=scores[c.key]) for c in compared[RERANK_DEPTH:]]
    below = _moved_below(scores[compared[-1].key], ranking.candidates[len(compared) :])
    return replace(ranking, candidates=(*compared[:RERANK_DEPTH], *moved, *below))


def rerank(ranked: Reranked) -> Reranked:
    """Order the first candidates by their features; the others stay below them."""
    first = ranked.ranking.candidates[: len(ranked.rows)]
    if not first:
        return ranked
    scores = max(candidate.score for candidate in first) * ranked.scores()
    order = sorted(range(len(first)), key=lambda row: (-scores[row], first[row].key))
    best = [replace(first[row], score=float(scores[row])) for row in order]
    below = _moved_below(best[-1].score, ranked.ranking.candidates[len(first) :])
    ranking = replace(ranked.ranking, candidates=(*best, *below))
    return replace(ranked, ranking=ranking, rows=ranked.rows[order])


def _moved_below(score: float, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates moved down together, as far as it takes to be below `score`."""
    # All by the same amount, so that a score never rises with rank, from page to page either.
    shift = min(0.0, score - candidates[0].score) if candidates else 0.0
    return [replace(candidate, score=candidate.score + shift) for candidate in candidates]


def contributions(row: Floats, best_score: float) -> list[tuple[Feature, float, float]]:
    """What each feature adds to a candidate's score: the feature, its value and what it adds."""
    return [
        (feature, float(value), best_score * float(weight * value))
        for feature, value, weight in zip(FEATURES, row, rerank_weights(), strict=True)
        if weight and value
    ]
