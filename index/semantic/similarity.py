"""Cosines of rows become those of passages and of their best sentences.

A passage's first row is its own; those that follow are its sentences'. A passage of one sentence
has one row, which stands for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.language.lengths import Span
from corpus.language.sentences import split_sentences
from index.semantic.embedder import EmbeddingModel, Floats

SENTENCES = 32
"""The most of a passage that have a vector; of a passage with more, neighbours share one."""


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """A passage's rows, and what they are kept under: `number` everywhere, in Milvus with its
    document and the database's key beside it.
    """

    number: int
    rows: Floats
    document_id: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class Similarities:
    """One value a passage: its cosine, its best sentence's, and which sentence that is.

    NaN and -1 for a passage that has no vectors yet. `by_sentence`: the cosine of each of its
    `passage_sentences`, in order; empty without vectors.
    """

    passages: Floats
    sentences: Floats
    best: npt.NDArray[np.int64]
    by_sentence: list[Floats]


def passage_sentences(text: str) -> list[Span]:
    """The sentences of a passage that have a vector of their own, as spans of its text."""
    return split_sentences(text, SENTENCES)


def embed_passages(model: EmbeddingModel, texts: Sequence[str]) -> list[Floats]:
    """The rows of each passage: its own, and its sentences' where the model reads these."""
    pieces: list[str] = []
    counts: list[int] = []
    for text in texts:
        spans = passage_sentences(text) if model.by_sentence else []
        # A passage of one sentence would have the same vector twice.
        sentences = [text[start:end] for start, end in spans] if len(spans) > 1 else []
        pieces += [text, *sentences]
        counts.append(1 + len(sentences))
    matrix = model.passages(pieces)
    ends = np.cumsum(counts).tolist()
    return [matrix[end - count : end] for end, count in zip(ends, counts, strict=True)]


def similarities(
    is_present: npt.NDArray[np.bool_], counts: npt.NDArray[np.int64], cosines: Floats
) -> Similarities:
    """From the rows' cosines: `counts` rows for each passage that is present, in their order."""
    size = len(is_present)
    passages, sentences = np.full((2, size), np.nan, np.float32)
    best = np.full(size, -1, np.int64)
    by_sentence = [cosines[:0]] * size
    if len(counts):
        starts = np.cumsum(counts) - counts
        passages[is_present] = cosines[starts]
        # A passage of several rows does not compete with its own sentences.
        competing = cosines.copy()
        competing[starts[counts > 1]] = -np.inf
        largest = np.maximum.reduceat(competing, starts)
        sentences[is_present] = largest
        owners = np.repeat(np.arange(len(counts)), counts)
        at = np.flatnonzero(competing == largest[owners])
        _, first = np.unique(owners[at], return_index=True)
        best[is_present] = np.maximum(at[first] - starts - 1, 0)
        places = np.flatnonzero(is_present).tolist()
        for place, start, count in zip(places, starts.tolist(), counts.tolist(), strict=True):
            by_sentence[place] = cosines[start + (count > 1) : start + count]
    return Similarities(passages, sentences, best, by_sentence)


def best_passages(owners: npt.NDArray[np.int64], cosines: Floats, k: int) -> npt.NDArray[np.int64]:
    """The `k` owners of the nearest rows, nearest first, each once."""
    order = np.argsort(-cosines, kind="stable")
    ordered, first = np.unique(owners[order], return_index=True)
    nearest: npt.NDArray[np.int64] = ordered[np.argsort(first)][:k]
    return nearest
