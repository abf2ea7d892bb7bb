"""Why a passage scores what it does, factor by factor, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import PassageRecord
from index.bm25 import BM25
from index.engine import Ranking
from index.question import Question


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
class Explanation:
    """A passage's score for a question; `str()` tells it in words, one line a clause."""

    citation: str
    size: int
    length: int
    mean_length: float
    factors: tuple[Factor, ...]

    @property
    def score(self) -> float:
        """The sum of the factors' scores."""
        return sum(factor.score for factor in self.factors)

    def __str__(self) -> str:
        head = (
            f"{self.citation} scores {self.score:.3f} among {self.size} passages"
            f" ({self.length} tokens, {self.mean_length:.0f} on average)"
        )
        ordered = sorted(self.factors, key=lambda factor: -factor.score)
        return "\n".join([head, *map(str, ordered)])


def explain(
    asked: Question, ranking: Ranking, passage: PassageRecord, terms: Sequence[str]
) -> Explanation:
    """Work a score out anew from a passage's terms and the ranking's statistics."""
    model = BM25(ranking.size, ranking.mean_length)
    counts = Counter(terms)
    length_factor = model.length_factor(np.array([len(terms)]))
    factors = []
    for clause, frequency in zip(asked.query.clauses, ranking.frequencies, strict=True):
        found = tuple(one.term for one in clause.alternatives if counts[one.term])
        tf = sum(one.p * counts[one.term] for one in clause.alternatives)
        factors.append(
            Factor(
                surface=clause.surface,
                terms=found,
                weight=clause.weight,
                idf=model.inverse_document_frequency(min(frequency, ranking.size)),
                frequency=frequency,
                expected_tf=tf,
                saturation=float(model.saturation(np.array([tf]), length_factor)[0]),
            )
        )
    return Explanation(
        passage.citation, ranking.size, len(terms), ranking.mean_length, tuple(factors)
    )
