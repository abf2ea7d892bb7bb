"""Models that need no package, and what stands in for an installation that embeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.library import Library
from corpus.models import PassageRecord
from index.engine.terms import passage_number
from index.milvus.vectors import MilvusVectors
from index.semantic.embedder import EmbeddingModel, Floats
from index.semantic.embedding import FolderEmbedding
from index.semantic.search import Embedding, Meaning, ModelVectors, PassageVectors
from index.semantic.vectors import Vectors

MODEL, DIMENSIONS, BATCH = "stand-in", 512, 8


def unit(seed: int) -> Floats:
    """A unit vector that a number stands for."""
    vector = np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


def matrix(seeds: Sequence[int]) -> Floats:
    """A row for each number."""
    return np.array([unit(seed) for seed in seeds], np.float32).reshape(-1, DIMENSIONS)


def single_rows(numbers: Sequence[int], rows: Floats | None = None) -> list[PassageVectors]:
    """Passages of one row each: those given, or those that the numbers stand for."""
    rows = matrix(numbers) if rows is None else rows
    return [PassageVectors(n, row[None]) for n, row in zip(numbers, rows, strict=True)]


class StandIn:
    """What every stand-in has of a model."""

    name = MODEL
    dimensions = DIMENSIONS
    batch = BATCH

    def __init__(self, *, by_sentence: bool = False) -> None:
        self.by_sentence = by_sentence


class Counting(StandIn):
    """Notes what it is asked to embed; a text's vector is chosen by its length."""

    def __init__(self, *, by_sentence: bool = False) -> None:
        super().__init__(by_sentence=by_sentence)
        self.seen: list[str] = []

    def question(self, text: str) -> Floats:
        return unit(len(text))

    def passages(self, texts: Sequence[str]) -> Floats:
        self.seen.extend(texts)
        return matrix([len(text) for text in texts])


class Topics(StandIn):
    """Texts that hold the same topic word mean the same."""

    def __init__(self, *topics: str, by_sentence: bool = False) -> None:
        super().__init__(by_sentence=by_sentence)
        self._topics = topics

    def question(self, text: str) -> Floats:
        vector = np.full(DIMENSIONS, 0.01, np.float32)
        for place, topic in enumerate(self._topics):
            vector[place] += topic in text
        unit: Floats = vector / np.linalg.norm(vector)
        return unit

    def passages(self, texts: Sequence[str]) -> Floats:
        return np.array([self.question(text) for text in texts])


def vectors_in(folder: Path, model: str = MODEL) -> Vectors:
    """The vectors that a folder keeps."""
    return Vectors(folder, model, DIMENSIONS)


def meaning_of(library: Library, folder: Path, model: EmbeddingModel) -> Meaning:
    """A meaning that knows all that is filed, kept in a folder."""
    vectors = vectors_in(folder)
    FolderEmbedding(library, vectors, model).catch_up()
    return Meaning(ModelVectors(model, vectors))


Open = Callable[..., ModelVectors]
"""Opens a library's vectors as another process would: `open_(library, embedder, model=…)`."""


def work_of(opened: ModelVectors) -> Embedding:
    """Who makes its vectors."""
    assert opened.embedding
    return opened.embedding


def catch_up(opened: ModelVectors, **how: object) -> None:
    """Embed what is missing."""
    work_of(opened).catch_up(**how)  # type: ignore[arg-type]


def pending(opened: ModelVectors) -> int:
    """The passages still to embed."""
    return work_of(opened).pending()


def size(opened: ModelVectors) -> int:
    """The passages that have vectors."""
    assert isinstance(opened.vectors, (Vectors, MilvusVectors))
    return len(opened.vectors)


def cosines(opened: ModelVectors, question: str, passages: Sequence[PassageRecord]) -> list[float]:
    """How near each passage comes; NaN for one that has no vectors."""
    numbers = [passage_number(passage.citation, passage.text) for passage in passages]
    compared = opened.vectors.compare(opened.model.question(question), numbers)
    values: list[float] = compared.passages.tolist()
    return values


def texts(library: Library) -> list[str]:
    """Of all live passages, sorted."""
    return sorted(passage.text for passage in library.live_passages())
