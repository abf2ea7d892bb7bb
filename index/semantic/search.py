"""Search by meaning beside search by words: candidates of the one ranked anew by both.

Only passages that hold a term of the question are looked at, so that meaning alone never makes a
hit, and only those in scope, so that nothing outside it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.engine.protocol import Candidate
from index.semantic.embedder import Embedder, Floats
from index.semantic.fusion import fused
from index.semantic.vectors import Vectors

CANDIDATES = 200
"""How many passages, the best by their words, meaning may move; the others stay below them."""


class Meaning:
    """How near passages come to a question in meaning. Safe to share between threads."""

    def __init__(self, vectors: Vectors, embedder: Embedder) -> None:
        self.vectors = vectors
        self.embedder = embedder

    def cosines(self, question: str, keys: Sequence[int]) -> Floats:
        """The cosine of each passage with the question; NaN for one that has no vector yet."""
        return self.vectors.scores(self.embedder.question(question), keys)

    def ranked(self, question: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The candidates by words and meaning, best first, ties by key; scores fall with rank."""
        near, far = candidates[:CANDIDATES], candidates[CANDIDATES:]
        if not near:
            return ()
        cosines = self.cosines(question, [one.key for one in near])
        scores = fused([one.score for one in near], cosines).tolist()
        both = [replace(one, score=score) for one, score in zip(near, scores, strict=True)]
        both.sort(key=lambda one: (-one.score, one.key))
        below = both[-1].score - near[-1].score
        return (*both, *(replace(one, score=one.score + below) for one in far))
