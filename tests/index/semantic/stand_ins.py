"""Embedders without a model, and what stands in for an installation that embeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from corpus.library import Library
from corpus.models import Scope
from index.milvus.vectors import MilvusVectors
from index.semantic.embedder import DIMENSIONS, Embedder, Floats
from index.semantic.embedding import FolderEmbedding
from index.semantic.search import Meaning
from index.semantic.vectors import PassageNumbers, Vectors


def unit(seed: int) -> Floats:
    """A unit vector that a number stands for."""
    vector = np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


def matrix(seeds: Sequence[int]) -> Floats:
    """A row for each number."""
    return np.array([unit(seed) for seed in seeds], np.float32).reshape(-1, DIMENSIONS)


class Counting(Embedder):
    """Notes what it is asked to embed; a text's vector is chosen by its length."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def question(self, text: str) -> Floats:
        return unit(len(text))

    def passages(self, texts: Sequence[str]) -> Floats:
        self.seen.extend(texts)
        return matrix([len(text) for text in texts])


class Topics(Embedder):
    """Texts that hold the same topic word mean the same."""

    def __init__(self, *topics: str) -> None:
        self._topics = topics

    def question(self, text: str) -> Floats:
        vector = np.full(DIMENSIONS, 0.01, np.float32)
        for place, topic in enumerate(self._topics):
            vector[place] += topic in text
        unit: Floats = vector / np.linalg.norm(vector)
        return unit

    def passages(self, texts: Sequence[str]) -> Floats:
        return np.array([self.question(text) for text in texts])


def meaning_of(library: Library, folder: Path, embedder: Embedder) -> Meaning:
    """A meaning that knows all that is filed, kept in a folder."""
    vectors = Vectors(folder)
    FolderEmbedding(library, vectors, embedder).catch_up()
    return Meaning(
        vectors, embedder, PassageNumbers(partial(library.passages_by_key, scope=Scope.all()))
    )


Open = Callable[..., Meaning]
"""Opens a library's meaning as another process would: `open_(library, embedder, model=…)`."""


def catch_up(meaning: Meaning, **how: object) -> None:
    """Embed what is missing."""
    assert meaning.embedding
    meaning.embedding.catch_up(**how)  # type: ignore[arg-type]


def pending(meaning: Meaning) -> int:
    """The passages still to embed."""
    assert meaning.embedding
    return meaning.embedding.pending()


def size(meaning: Meaning) -> int:
    """The vectors that there are."""
    assert isinstance(meaning.vectors, (Vectors, MilvusVectors))
    return len(meaning.vectors)


def texts(library: Library) -> list[str]:
    """Of all live passages, sorted."""
    return sorted(passage.text for passage in library.live_passages())
