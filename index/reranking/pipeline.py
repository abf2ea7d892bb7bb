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
from index.engine.protocol import Candidate, Documents, Engine, Floats, Ranking
from index.query.question import ParsedQuestion
from index.reranking.features.evidence import Feature
from index.reranking.features.registry import COLUMN, FEATURE_NAMES, FEATURES, compute_features
from index.reranking.passage_view import PassageViews
from index.reranking.repeats import Wording, find_repeats
from index.semantic.search import (
    CANDIDATES,
    LEAST_ALONE,
    Meaning,
    SemanticScore,
    SemanticScores,
    comparable,
)

WEIGHTS_FILE = Path(__file__).with_name("weights.json")
RERANK_DEPTH = 20
"""Candidates whose features are computed; the others stay below them, in their order."""
MEANING_FEATURES = ("passage_meaning", "sentence_meaning", "deep_meaning")
"""What orders the first candidates before the others' features are known."""


@dataclass(frozen=True, slots=True)
class Reranked:
    """A ranking after reranking, and the features of its first candidates, a row each.

    `similarity`: by key, what candidates mean beside the question, where that was looked at.
    `best_score`: the best one's by words, which features are multiplied with. `wordings`: what
    each of the first ones says. `repeats`: by key, the candidates that say the same as one shown.
    `is_placed`: whether the documents searched are those that the question names.
    """

    ranking: Ranking
    rows: Floats
    similarity: Mapping[int, SemanticScore] = field(default_factory=dict)
    best_score: float = 1.0
    wordings: tuple[Wording, ...] = ()
    repeats: Mapping[int, tuple[Candidate, ...]] = field(default_factory=dict)
    is_placed: bool = False

    def scores(self) -> Floats:
        """The first candidates' scores by words and features, beside the best one's by words."""
        scores: Floats = self.rows[:, COLUMN["bm25"]] + self.rows @ rerank_weights()
        return scores


@cache
def rerank_weights() -> Floats:
    """The weights of `FEATURES`, in their order; 0 for one that the file does not name."""
    weights: Mapping[str, float] = json.loads(WEIGHTS_FILE.read_text("utf-8"))["rerank"]
    return np.array([float(weights.get(name, 0.0)) for name in FEATURE_NAMES])


_NOTHING_REPLACED: Mapping[str, frozenset[str]] = {}


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
        replaced: Mapping[str, frozenset[str]] = _NOTHING_REPLACED,
    ) -> Reranked:
        """At least `k` candidates in scope, if there are so many; `text` is compared by meaning.

        `within` limits them to some documents, before any is ranked. `replaced`: by document id of
        a superseded edition, the ids of those in force.
        The first `RERANK_DEPTH` are the same whatever `k` is, so that pages follow on each other.
        """
        depth = max(k, RERANK_DEPTH, CANDIDATES if self.meaning else 0)
        question_meaning = self.meaning.of(text) if self.meaning else None
        include = question_meaning.nearest(scope, within) if question_meaning else ()
        ranking = self.engine.search(
            question.query, scope=scope, k=depth, within=within, include=include
        )
        if question_meaning is None or not (ranking.candidates or ranking.included):
            return rerank(with_features(question, ranking, self.views, {}), replaced)
        similarity = question_meaning.near(comparable(ranking, frozenset(include)))
        ranking = order_by_meaning(ranking, similarity, max(k, RERANK_DEPTH))
        return rerank(with_features(question, ranking, self.views, similarity), replaced)


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
    wordings = tuple(Wording.of(view.text) for view in first_views)
    return Reranked(ranking, rows, similarity, _best_score(first), wordings)


def order_by_meaning(ranking: Ranking, similarity: SemanticScores, most: int) -> Ranking:
    """The ranking by the score of its words and its meaning; those without `similarity` stay below.

    Passages included for their meaning come in where they are near enough. The first
    `RERANK_DEPTH` keep the scores that the engine gave them, which features are made of. Of all
    that was compared, the first `most` are in the ranking.
    """
    compared = [candidate for candidate in ranking.candidates if candidate.key in similarity]
    below = [candidate for candidate in ranking.candidates if candidate.key not in similarity]
    compared += [c for c in ranking.included if _is_near(c, similarity.get(c.key))]
    if not compared:
        return ranking
    weights = rerank_weights()[[COLUMN[name] for name in MEANING_FEATURES]]
    gains = similarity.gains(weights * _best_score(compared))
    scores = {candidate.key: candidate.score + gains[candidate.key] for candidate in compared}
    compared.sort(key=lambda candidate: (-scores[candidate.key], candidate.number, candidate.key))
    reordered = [
        _scored(candidate, scores[candidate.key]) for candidate in compared[RERANK_DEPTH:most]
    ]
    lower = _moved_below(scores[compared[-1].key], below[: max(0, most - len(compared))])
    return replace(ranking, candidates=(*compared[:RERANK_DEPTH], *reordered, *lower))


def _is_near(candidate: Candidate, score: SemanticScore | None) -> bool:
    """Whether a passage that was included comes in: words count as always, meaning alone from
    `LEAST_ALONE` on.
    """
    if score is None:
        return False
    return candidate.shares_words or (score.sentence_cosine or 0.0) >= LEAST_ALONE


def _scored(candidate: Candidate, score: float) -> Candidate:
    """A candidate with another score; `dataclasses.replace` takes four times as long."""
    return Candidate(
        candidate.key,
        candidate.document_id,
        score,
        candidate.length,
        candidate.evidence,
        candidate.number,
    )


def _best_score(candidates: Sequence[Candidate]) -> float:
    """The best score by words; 1 where no candidate shares any."""
    return max(candidate.score for candidate in candidates) or 1.0


def rerank(
    ranked: Reranked, replaced: Mapping[str, frozenset[str]] = _NOTHING_REPLACED
) -> Reranked:
    """Order the first candidates by their features; the others stay below them.

    What says the same as a better one, a clause of many contracts or one text filed twice, goes
    below the first ones: it tells nothing new. `replaced`: by document id of a superseded edition,
    the ids of those in force.
    """
    first = ranked.ranking.candidates[: len(ranked.rows)]
    if not first:
        return ranked
    scores = ranked.best_score * ranked.scores()
    order = sorted(
        range(len(first)), key=lambda row: (-scores[row], first[row].number, first[row].key)
    )
    repeats: Mapping[int, Sequence[int]] = dict.fromkeys(order, ())
    if ranked.wordings:
        repeats = find_repeats(order, ranked.wordings, [c.document_id for c in first], replaced)
    # An edition in force takes the place of an older one, and its score with it.
    places = [max(scores[row] for row in (shown, *same)) for shown, same in repeats.items()]
    best = [
        replace(first[row], score=float(score)) for row, score in zip(repeats, places, strict=True)
    ]
    least = best[-1].score
    repeated = [row for row in order if row not in repeats]
    again = [replace(first[row], score=min(least, float(scores[row]))) for row in repeated]
    remaining = ranked.ranking.candidates[len(first) :]
    below = _moved_below(again[-1].score if again else least, remaining)
    return replace(
        ranked,
        ranking=replace(ranked.ranking, candidates=(*best, *again, *below)),
        rows=ranked.rows[list(repeats)],
        wordings=tuple(ranked.wordings[row] for row in repeats if ranked.wordings),
        repeats={
            first[shown].key: tuple(first[row] for row in same)
            for shown, same in repeats.items()
            if same
        },
    )


def _moved_below(score: float, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates moved down together, as far as it takes to be below `score`."""
    # All by the same amount, so that a score never rises with rank, from page to page either.
    shift = min(0.0, score - candidates[0].score) if candidates else 0.0
    if not shift:
        return list(candidates)
    return [_scored(candidate, candidate.score + shift) for candidate in candidates]


def contributions(row: Floats, best_score: float) -> list[tuple[Feature, float, float]]:
    """What each feature adds to a candidate's score: the feature, its value and what it adds."""
    return [
        (feature, float(value), best_score * float(weight * value))
        for feature, value, weight in zip(FEATURES, row, rerank_weights(), strict=True)
        if weight and value
    ]
