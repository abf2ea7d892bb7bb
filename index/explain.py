"""Why a passage scores what it does, factor by factor, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import PassageRecord
from index.engine.bm25 import BM25
from index.engine.protocol import Ranking
from index.query.question import ParsedQuestion
from index.reranking.features.registry import FEATURES
from index.reranking.pipeline import MEANING_COLUMN, Reranked, contributions, rerank_weights

_MEANING = (
    "how near it is in meaning: cosine {:.3f}, as standard deviations above the mean of the first"
    " candidates, x weight {:.2f} x the best score of words, {:.3f}"
)
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
        if not self.expected_tf:
            where = f"in {self.frequency:g} others" if self.frequency else "in none at all"
            return f"  0.000  {self.surface!r}: not in this passage, {where}"
        found = ", ".join(self.terms)
        return (
            f"{self.score:7.3f}  {self.surface!r}: found as {found}; weight {self.weight:.2f}"
            f" x idf {self.idf:.3f} (in {self.frequency:g} passages)"
            f" x saturation {self.saturation:.3f} (tf {self.expected_tf:g})"
        )


@dataclass(frozen=True, slots=True)
class Feature:
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
    features: tuple[Feature, ...] = ()

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
        ordered = sorted(self.factors, key=lambda factor: -factor.score)
        features = sorted(self.features, key=lambda feature: -abs(feature.score))
        return "\n".join([head, *map(str, ordered), *map(str, features)])


def explain(
    asked: ParsedQuestion, found: Reranked, passage: PassageRecord, terms: Sequence[str]
) -> Explanation:
    """Work a score out anew from a passage's terms and the ranking's statistics.

    Features are told of the first candidates, which alone are looked at so closely; of the others,
    what keeps them below.
    """
    ranking = found.ranking
    factors = tuple(_factors(asked, ranking, terms))
    earned = sum(factor.score for factor in factors)
    return Explanation(
        passage.citation,
        ranking.size,
        len(terms),
        ranking.mean_length,
        factors,
        tuple(_features(found, passage.key, earned)),
    )


def _features(found: Reranked, key: int, earned: float) -> Iterator[Feature]:
    """What makes of the words' score `earned` the score that is shown."""
    for place, candidate in enumerate(found.ranking.candidates):
        if candidate.key != key:
            continue
        if place < len(found.rows):
            yield from _looked_at(found, place, earned)
        else:
            yield Feature(_BELOW.format(len(found.rows)), place + 1, candidate.score - earned)


def _looked_at(found: Reranked, place: int, earned: float) -> Iterator[Feature]:
    row = found.rows[place]
    near = found.near.get(found.ranking.candidates[place].key)
    for name, value, score in contributions(row, earned / row[0]):
        said = FEATURES[name]
        if name == "meaning" and near and near.cosine is not None:
            said = _MEANING.format(
                near.cosine, float(rerank_weights()[MEANING_COLUMN]), earned / row[0]
            )
        yield Feature(said, value, score)


def _factors(asked: ParsedQuestion, ranking: Ranking, terms: Sequence[str]) -> Iterator[Factor]:
    model = BM25(ranking.size, ranking.mean_length)
    counts = Counter(terms)
    length_factor = model.length_factor(np.array([len(terms)]))
    for clause, frequency in zip(asked.query.clauses, ranking.frequencies, strict=True):
        found = tuple(one.term for one in clause.alternatives if counts[one.term])
        tf = sum(one.p * counts[one.term] for one in clause.alternatives)
        yield Factor(
            surface=clause.surface,
            terms=found,
            weight=clause.weight,
            idf=model.inverse_document_frequency(min(frequency, ranking.size)),
            frequency=frequency,
            expected_tf=tf,
            saturation=float(model.saturation(np.array([tf]), length_factor)[0]),
        )
