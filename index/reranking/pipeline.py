"""The first candidates ranked anew by a linear model over features, in the units of their score.

    score'(c) = score(c) + best score * sum over features f of  weight(f) * value(f, c)

The weights are learnt (`train`) and kept in `weights.json`, where they can be read. A difference
that all candidates share changes no order, so only differences between candidates matter.
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
from index.engine.protocol import Candidate, Engine, Ranking
from index.query.question import ParsedQuestion
from index.reranking.features.registry import FEATURE_NAMES, compute_features, weigh_question
from index.reranking.passage_view import PassageViews
from index.semantic.search import CANDIDATES, Meaning, SemanticScore

WEIGHTS_FILE = Path(__file__).with_name("weights.json")
RERANK_DEPTH = 20
"""Candidates looked at; the others stay below them, in their order."""


MEANING_COLUMN = FEATURE_NAMES.index("meaning")


@dataclass(frozen=True, slots=True)
class Reranked:
    """A ranking after reranking, and the features of its first candidates, a row each.

    `near`: by key, what candidates mean beside the question, where that was looked at.
    """

    ranking: Ranking
    rows: Floats
    near: Mapping[int, SemanticScore] = field(default_factory=dict)

    def scores(self) -> Floats:
        """The first candidates' scores by words and features, beside the best one's by words."""
        found: Floats = self.rows[:, 0] + self.rows @ rerank_weights()
        return found


@cache
def rerank_weights() -> Floats:
    """The weights of `FEATURE_NAMES`, those of the file."""
    kept: Mapping[str, float] = json.loads(WEIGHTS_FILE.read_text("utf-8"))["rerank"]
    return np.array([float(kept.get(name, 0.0)) for name in FEATURE_NAMES])


def with_features(asked: ParsedQuestion, ranking: Ranking, views: PassageViews) -> Reranked:
    """The ranking as it is, with its first candidates' features.

    Those whose passage is no more are left out.
    """
    first = ranking.candidates[:RERANK_DEPTH]
    known = views.of([one.key for one in first])
    first = tuple(one for one in first if one.key in known)
    rest = ranking.candidates[RERANK_DEPTH:]
    ranking = replace(ranking, candidates=(*first, *rest))
    if not first:
        return Reranked(ranking, np.empty((0, len(FEATURE_NAMES))))
    looked = [known[one.key] for one in first]
    return Reranked(
        ranking, compute_features(weigh_question(asked, ranking), ranking, first, looked)
    )


def order_by_meaning(ranking: Ranking, near: Mapping[int, SemanticScore]) -> Ranking:
    """The ranking by the score of its words and its meaning; those not `near` stay below.

    The first `RERANK_DEPTH` keep the scores that the engine gave them, which features are made of.
    """
    moved = [one for one in ranking.candidates if one.key in near]
    if not moved:
        return ranking
    earned = float(rerank_weights()[MEANING_COLUMN]) * max(one.score for one in moved)
    scores = {one.key: one.score + earned * near[one.key].deviations for one in moved}
    moved.sort(key=lambda one: (-scores[one.key], one.key))
    rest = [replace(one, score=scores[one.key]) for one in moved[RERANK_DEPTH:]]
    below = _below(scores[moved[-1].key], ranking.candidates[len(moved) :])
    return replace(ranking, candidates=(*moved[:RERANK_DEPTH], *rest, *below))


def with_meaning(looked: Reranked, near: Mapping[int, SemanticScore]) -> Reranked:
    """The same with what the first candidates mean among their features."""
    rows = looked.rows.copy()
    first = looked.ranking.candidates[: len(rows)]
    rows[:, MEANING_COLUMN] = [
        near[one.key].deviations if one.key in near else 0.0 for one in first
    ]
    return replace(looked, rows=rows, near=near)


def rerank(looked: Reranked) -> Reranked:
    """Rank the first candidates anew; the rest stay below them."""
    first = looked.ranking.candidates[: len(looked.rows)]
    if not first:
        return looked
    scores = max(one.score for one in first) * looked.scores()
    order = sorted(range(len(first)), key=lambda at: (-scores[at], first[at].key))
    best = [replace(first[at], score=float(scores[at])) for at in order]
    rest = _below(best[-1].score, looked.ranking.candidates[len(first) :])
    ranking = replace(looked.ranking, candidates=(*best, *rest))
    return replace(looked, ranking=ranking, rows=looked.rows[order])


def _below(score: float, rest: Sequence[Candidate]) -> list[Candidate]:
    """The candidates moved down as one, as far as it takes to be below `score`."""
    down = min(0.0, score - rest[0].score) if rest else 0.0
    return [replace(one, score=one.score + down) for one in rest]


def contributions(row: Floats, best: float) -> list[tuple[str, float, float]]:
    """What each feature adds to a score: its name, its value and what it adds."""
    return [
        (name, float(value), best * float(weight * value))
        for name, value, weight in zip(FEATURE_NAMES, row, rerank_weights(), strict=True)
        if weight and value
    ]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages between an engine and an answer."""

    engine: Engine
    views: PassageViews
    meaning: Meaning | None = None

    def rank(self, asked: ParsedQuestion, said: str, scope: Scope, k: int) -> Reranked:
        """At least `k` candidates in scope, if there are so many; `said` is compared by meaning.

        The first `RERANK_DEPTH` are the same whatever `k` is, so that pages follow on each other.
        """
        depth = max(k, RERANK_DEPTH, CANDIDATES if self.meaning else 0)
        ranking = self.engine.search(asked.query, scope=scope, k=depth)
        if self.meaning is None:
            return rerank(with_features(asked, ranking, self.views))
        near = self.meaning.near(said, ranking.candidates)
        looked = with_features(asked, order_by_meaning(ranking, near), self.views)
        return rerank(with_meaning(looked, near))
