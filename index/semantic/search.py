"""Search by meaning beside search by words: how near passages and their sentences come.

The first candidates by words are compared with the question, and so are the passages in scope that
are nearest in meaning, wherever their words are. Nothing outside the scope is compared or counts.

A passage's first row is its own; those that follow are its sentences'. A passage of one sentence
has one row, which stands for both.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.language.lengths import Span
from corpus.language.sentences import split_sentences
from corpus.models import Scope
from index.engine.protocol import Candidate, Documents, Ranking
from index.semantic.embedder import EmbeddingModel, Floats, SemanticUnavailable

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


def embed_passages(model: EmbeddingModel, texts: Sequence[str], threads: int = 1) -> list[Floats]:
    """The rows of each passage: its own, and its sentences' where the model reads these."""
    pieces: list[str] = []
    counts: list[int] = []
    for text in texts:
        spans = passage_sentences(text) if model.by_sentence else []
        # A passage of one sentence would have the same vector twice.
        sentences = [text[start:end] for start, end in spans] if len(spans) > 1 else []
        pieces += [text, *sentences]
        counts.append(1 + len(sentences))
    matrix = _embed(model, pieces, threads)
    ends = np.cumsum(counts).tolist()
    return [matrix[end - count : end] for end, count in zip(ends, counts, strict=True)]


def _embed(model: EmbeddingModel, pieces: Sequence[str], threads: int) -> Floats:
    if threads <= 1 or len(pieces) <= 1:
        return model.passages(pieces)
    # Threads, not processes: the time goes into products of matrices, which let others run, and
    # each process would hold the model once more.
    size = -(-len(pieces) // threads)
    parts = [pieces[at : at + size] for at in range(0, len(pieces), size)]
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(model.passages, parts)))


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


Progress = Callable[[int, int], None]
"""Called with the passages done and those there were to do."""

Nearest = Callable[[Floats, Scope, Documents | None, int], Sequence[int]]
"""The keys of the passages in scope, of some documents or of all, that come nearest to a question's
vector, the nearest first, as many as are wanted."""

CANDIDATES = 100
"""How many passages, the best by their words, meaning may move; the others stay below them."""
NEAREST = 50
"""How many passages come in by their meaning, whatever their words."""
RECENT = 32
"""Questions whose vectors are remembered."""
LEAST_ALONE = 0.25
"""The least cosine of its best sentence with which a passage that shares no word comes in. Below it
there are always some, and they answer nothing."""

_log = logging.getLogger(__name__)


class VectorStore(Protocol):
    """Vectors of passages by their numbers. Safe to share between threads."""

    def compare(self, question: Floats, numbers: npt.ArrayLike) -> Similarities:
        """How near each passage and its best sentence come to the question."""
        ...


class Embedding(Protocol):
    """The work of giving every live passage of a library its vectors, once."""

    def pending(self) -> int:
        """The live passages that have no vectors yet."""
        ...

    def catch_up(
        self,
        *,
        most: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
        progress: Progress | None = None,
        threads: int = 1,
    ) -> None:
        """Embed what has no vectors yet, of that `most` passages, and save it, until `stopped()`.

        `threads`: how many cores it may take; one where questions are answered meanwhile.
        Raises OSError, EngineUnavailable: the vectors cannot be kept; SemanticUnavailable.
        """
        ...


def standard(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Values as standard deviations above their mean, NaN left out of both; 0 where all agree."""
    numbers = values[~np.isnan(values)]
    if not len(numbers) or not (spread := float(numbers.std())):
        return np.where(np.isnan(values), np.nan, 0.0)
    scores: npt.NDArray[np.float64] = (values - numbers.mean()) / spread
    return scores


@dataclass(frozen=True, slots=True)
class SemanticScore:
    """What a passage means beside a question, by its own vector and by its best sentence's.

    The cosines are None while it has no vectors. `deviations` and `sentence_deviations`: how many
    standard deviations they are above the mean of the candidates; one that has no vectors yet
    counts as an average one, 0. `sentence`: which of `passage_sentences` is nearest. `deep_…`: the
    same of a passage's vector by the deep model, where there is one. `by_sentence`: the cosine of
    each of `passage_sentences`.
    """

    cosine: float | None
    deviations: float
    sentence_cosine: float | None = None
    sentence_deviations: float = 0.0
    sentence: int | None = None
    deep_cosine: float | None = None
    deep_deviations: float = 0.0
    # Arrays have no single truth value, so they stay out of comparisons.
    by_sentence: Floats | None = field(default=None, compare=False)


class SemanticScores(Mapping[int, SemanticScore]):
    """By key, what candidates mean beside the question, in the order of `places`.

    Scores are made when they are asked for: hundreds of candidates are compared, and a few shown.
    """

    def __init__(
        self,
        places: Mapping[int, int],
        passages: npt.NDArray[np.float64],
        sentences: npt.NDArray[np.float64],
        deep: npt.NDArray[np.float64],
        best: npt.NDArray[np.int64],
        by_sentence: Sequence[Floats],
    ) -> None:
        self._places = places
        self._cosines = (passages, sentences, deep)
        self._deviations = tuple(np.nan_to_num(standard(cosines)) for cosines in self._cosines)
        self._best, self._by_sentence = best, by_sentence

    def __getitem__(self, key: int) -> SemanticScore:
        place = self._places[key]
        cosine, sentence, deep = (_known(float(cosines[place])) for cosines in self._cosines)
        above = [float(deviations[place]) for deviations in self._deviations]
        best = int(self._best[place])
        return SemanticScore(
            cosine, above[0], sentence, above[1], None if best < 0 else best, deep, above[2],
            self._by_sentence[place],
        )  # fmt: skip

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def gains(self, weights: npt.NDArray[np.float64]) -> dict[int, float]:
        """By key, the deviations of passage, best sentence and deep model, weighed and added."""
        gains = sum(w * deviations for w, deviations in zip(weights, self._deviations, strict=True))
        return dict(zip(self._places, np.asarray(gains).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class ModelVectors:
    """A model, where its vectors are, the passages nearest by them, and who makes them.

    `nearest` is None where candidates come by words alone, `embedding` where this process makes no
    vectors.
    """

    model: EmbeddingModel
    vectors: VectorStore
    nearest: Nearest | None = None
    embedding: Embedding | None = None


class Meaning:
    """How near passages come to a question in meaning. Safe to share between threads.

    `light` compares passages and sentences; `deep`, if there is one, passages once more.
    """

    def __init__(self, light: ModelVectors, deep: ModelVectors | None = None) -> None:
        self._light = light
        self._deep = deep
        self._failed = False
        self._recent: dict[str, QuestionMeaning] = {}

    @property
    def embeddings(self) -> list[Embedding]:
        """The work of each model, the quick one first."""
        models = (self._light, self._deep)
        return [model.embedding for model in models if model and model.embedding]

    def pending(self) -> int:
        """The live passages that lack a vector of one of the models."""
        return max((embedding.pending() for embedding in self.embeddings), default=0)

    def of(self, question: str) -> QuestionMeaning | None:
        """What a question means; None where no model runs here, which is logged once.

        A question is looked for in the documents that it names and then everywhere, and so is
        turned into a vector once.
        """
        if self._failed:
            return None
        question_vector = self._recent.get(question)
        if question_vector is None and (question_vector := self._encoded(question)):
            if len(self._recent) >= RECENT:
                self._recent.clear()
            self._recent[question] = question_vector
        return question_vector

    def _encoded(self, question: str) -> QuestionMeaning | None:
        try:
            vector = self._light.model.question(question)
            deep = (self._deep, self._deep.model.question(question)) if self._deep else None
        except SemanticUnavailable as error:
            self._failed = True
            _log.warning("%s: answers go by words alone", error)
            return None
        return QuestionMeaning(self._light, vector, deep)


@dataclass(frozen=True, slots=True)
class QuestionMeaning:
    """A question's vectors, by the light model and perhaps by the deep one."""

    light: ModelVectors
    vector: Floats
    deep: tuple[ModelVectors, Floats] | None = None

    def nearest(self, scope: Scope, within: Documents | None) -> Sequence[int]:
        """The keys of the passages in scope that come nearest, whatever their words."""
        nearest = self.light.nearest
        return nearest(self.vector, scope, within, NEAREST) if nearest else ()

    def near(self, candidates: Sequence[Candidate]) -> SemanticScores:
        """By key, how near the candidates come."""
        numbers = [candidate.number for candidate in candidates]
        compared = self.light.vectors.compare(self.vector, numbers)
        passages, sentences = _rounded(compared.passages), _rounded(compared.sentences)
        deep = np.full(len(numbers), np.nan)
        if self.deep is not None:
            model, vector = self.deep
            deep = _rounded(model.vectors.compare(vector, numbers).passages)
        return SemanticScores(
            {candidate.key: place for place, candidate in enumerate(candidates)},
            passages,
            sentences,
            deep,
            compared.best,
            compared.by_sentence,
        )


def comparable(ranking: Ranking, nearest: Collection[int]) -> list[Candidate]:
    """The candidates that are compared by meaning: the first by words, and the `nearest` keys."""
    # The same ones however deep the search went, so that pages follow on each other.
    lower = [c for c in ranking.candidates[CANDIDATES:] if c.key in nearest]
    return [*ranking.candidates[:CANDIDATES], *lower, *ranking.included]


def _rounded(cosines: Floats) -> npt.NDArray[np.float64]:
    # So that what is equal is equal wherever, and in whatever order, it was added up.
    return cosines.astype(np.float64).round(5)


def _known(cosine: float) -> float | None:
    return None if np.isnan(cosine) else cosine
