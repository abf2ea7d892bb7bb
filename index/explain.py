"""Why a passage scores what it does, factor by factor, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import PassageRecord
from index.engine.protocol import BM25, Ranking
from index.query.question import ParsedQuestion
from index.reranking.features.registry import COLUMN
from index.reranking.pipeline import Reranked, contributions, rerank_weights

# The features of meaning, and the cosine each is made of.
_COSINES = {
    "passage_meaning": "cosine",
    "sentence_meaning": "sentence_cosine",
    "deep_meaning": "deep_cosine",
}
_BELOW = "not among the first {}, which alone are looked at closely, but below them: its rank"


@dataclass(frozen=True, slots=True)
class Factor:
    """What one clause of the question earns: `score = weight * idf * saturation`."""

    surface: str
    terms: tuple[str, ...]
    weight: float
    idf: float
    frequency: float
    expected_tf: float
    saturation: float

    @property
    def score(self) -> float:
        """The clause's part of the passage's score."""
        return self.weight * self.idf * self.saturation

    def __str__(self) -> str:
        # A clause that is missing is shown too: it often is the reason for a low rank.
        if not self.expected_tf:
            where = f"in {self.frequency:g} others" if self.frequency else "in none at all"
            return f"  0.000  {self.surface!r}: not in this passage, {where}"
        terms = ", ".join(self.terms)
        return (
            f"{self.score:7.3f}  {self.surface!r}: found as {terms}; weight {self.weight:.2f}"
            f" x idf {self.idf:.3f} (in {self.frequency:g} passages)"
            f" x saturation {self.saturation:.3f} (tf {self.expected_tf:g})"
        )


@dataclass(frozen=True, slots=True)
class FeatureScore:
    """What a feature of the passage adds to its score, beside what its words earn."""

    meaning: str
    value: float
    score: float

    def __str__(self) -> str:
        return f"{self.score:+7.3f}  {self.meaning} ({self.value:.2f})"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A passage's score for a question; `str()` tells it in words, a line for each factor."""

    citation: str
    size: int
    length: int
    mean_length: float
    factors: tuple[Factor, ...]
    features: tuple[FeatureScore, ...] = ()

    @property
    def score(self) -> float:
        """The sum of the factors' and the features' scores."""
        words = sum(factor.score for factor in self.factors)
        return words + sum(feature.score for feature in self.features)

    def __str__(self) -> str:
        head = (
            f"{self.citation} scores {self.score:.3f} among {self.size} passages"
            f" ({self.length} tokens, {self.mean_length:.0f} on average)"
        )
        # By what they add, so that the reason stands first.
        ordered = sorted(self.factors, key=lambda factor: -factor.score)
        features = sorted(self.features, key=lambda feature: -abs(feature.score))
        return "\n".join([head, *map(str, ordered), *map(str, features)])


def explain(
    question: ParsedQuestion, ranked: Reranked, passage: PassageRecord, terms: Sequence[str]
) -> Explanation:
    """Work a score out anew from a passage's terms and the ranking's statistics.

    Features are told of the first candidates, the only ones that have them; of the others, what
    keeps them below.
    """
    ranking = ranked.ranking
    factors = tuple(_factors(question, ranking, terms))
    word_score = sum(factor.score for factor in factors)
    return Explanation(
        passage.citation,
        ranking.size,
        len(terms),
        ranking.mean_length,
        factors,
        tuple(_feature_scores(ranked, passage.key, word_score)),
    )


def _feature_scores(ranked: Reranked, key: int, word_score: float) -> Iterator[FeatureScore]:
    """What makes of `word_score` the score that is shown."""
    for row, candidate in enumerate(ranked.ranking.candidates):
        if candidate.key != key:
            continue
        if row < len(ranked.rows):
            yield from _row_scores(ranked, row, word_score)
        else:
            below = _BELOW.format(len(ranked.rows))
            yield FeatureScore(below, row + 1, candidate.score - word_score)


def _row_scores(ranked: Reranked, row: int, word_score: float) -> Iterator[FeatureScore]:
    values = ranked.rows[row]
    similarity = ranked.similarity.get(ranked.ranking.candidates[row].key)
    for feature, value, score in contributions(values, ranked.best_score):
        sentence = feature.sentence
        cosine = getattr(similarity, _COSINES.get(feature.name, ""), None)
        if cosine is not None:
            weight = float(rerank_weights()[COLUMN[feature.name]])
            sentence += (
                f": cosine {cosine:.3f}, x weight {weight:.2f} x the best score of words,"
                f" {ranked.best_score:.3f}"
            )
        yield FeatureScore(sentence, value, score)


def _factors(question: ParsedQuestion, ranking: Ranking, terms: Sequence[str]) -> Iterator[Factor]:
    # Worked out without the engine's arrays, so that `explain` also checks them.
    model = BM25(ranking.size, ranking.mean_length)
    counts = Counter(terms)
    length_factor = model.length_factor(np.array([len(terms)]))
    for clause, frequency in zip(question.query.clauses, ranking.frequencies, strict=True):
        matched = tuple(alt.term for alt in clause.alternatives if counts[alt.term])
        tf = sum(alt.p * counts[alt.term] for alt in clause.alternatives)
        yield Factor(
            surface=clause.surface,
            terms=matched,
            weight=clause.weight,
            idf=model.inverse_document_frequency(min(frequency, ranking.size)),
            frequency=frequency,
            expected_tf=tf,
            saturation=float(model.saturation(np.array([tf]), length_factor)[0]),
        )
