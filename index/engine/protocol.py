"""What ranks passages: a query's clauses, the score, and the protocol behind which engines plug in.

A query is weighted clauses of alternative terms. A clause is one thing asked for; its
alternatives are the terms that say it, each with the probability that it does (a probabilistic
structured query: Darwish and Oard, SIGIR 2003). A plain word is a clause with one alternative of
probability 1.

The score is rank_bm25's BM25Plus with delta 0, which is BM25 with a never-negative idf.

    score(q, d) = sum over terms t of  ln((N + 1) / df) * tf * (k1 + 1) / (tf + norm(d))
    norm(d)     = k1 * (1 - b + b * |d| / avgdl)

Robertson and Zaragoza, 'The Probabilistic Relevance Framework: BM25 and Beyond' (2009); the idf is
that of Lv and Zhai, 'Lower-Bounding Term Frequency Normalization' (CIKM 2011), as rank_bm25 has it.
Delta is 0 because rank_bm25 adds it to passages that lack the term as well, where it ranks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from corpus.models import Scope
from index.engine.terms import Analyzed

if TYPE_CHECKING:
    from corpus.library import Library
import math
from typing import Any

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

K1 = 0.9
B = 0.75

Floats = npt.NDArray[np.float64]


class BM25(BM25Plus):  # type: ignore[misc]  # rank_bm25 is published without types
    """rank_bm25's class over corpus statistics instead of its arrays of dictionaries.

    Takes the number of passages and their mean length in tokens; computes the factors of the
    score, which the engine multiplies over postings.
    """

    def __init__(self, corpus_size: int, avgdl: float, k1: float = K1, b: float = B) -> None:
        # Not calling the parent: it counts a corpus, which postings have done already.
        self.corpus_size = corpus_size
        self.avgdl = avgdl or 1.0
        self.k1 = k1
        self.b = b
        self.delta = 0

    def inverse_document_frequency(self, df: float) -> float:
        """How telling a term is that `df` passages hold; 0 for one that none holds."""
        return math.log((self.corpus_size + 1) / df) if df > 0 else 0.0

    def length_factor(self, lengths: npt.NDArray[Any]) -> Floats:
        """k1 * (1 - b + b * length / avgdl), one for each passage."""
        return self.k1 * (1 - self.b + self.b * lengths.astype(np.float64) / self.avgdl)

    def saturation(self, tf: npt.NDArray[Any], length_factor: Floats) -> Floats:
        """The share of a term's idf that `tf` occurrences earn, below k1 + 1."""
        factor: Floats = tf * (self.k1 + 1) / (tf + length_factor)
        return factor

    def upper_bound(self, peak: float, density: float) -> float:
        """What saturation never exceeds where tf <= peak and tf / length <= density, both > 0."""
        # saturation is (k1 + 1) / (1 + norm / tf), and norm / tf is the sum below
        lowest_ratio = self.k1 * ((1 - self.b) / peak + self.b / self.avgdl / density)
        return (self.k1 + 1) / (1 + lowest_ratio)


TELLING = 0.1


@dataclass(frozen=True, slots=True)
class Alternative:
    """An index term that says what its clause asks for, with probability `p` in (0, 1]."""

    term: str
    p: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for. `surface` is how the question put it, for people."""

    surface: str
    alternatives: tuple[Alternative, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """The clauses that a question becomes; none when it says nothing that can be searched."""

    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clauses)

    def telling_terms(self) -> frozenset[str]:
        """The terms whose finding is worth showing: not those that hardly say their clause."""
        return frozenset(
            alternative.term
            for clause in self.clauses
            for alternative in clause.alternatives
            if alternative.p >= TELLING
        )


Documents: TypeAlias = frozenset[str]
"""Document ids to which a search is limited."""

Live: TypeAlias = Mapping[str, frozenset[str]]
"""Document id -> the matters in which it is live now."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with evidence for a query, and its score.

    `evidence[i]` is the expected term frequency in it of the query's clause i; `length` is the
    passage's, in tokens; `number` is what its vectors are kept under.
    """

    key: int
    document_id: str
    score: float
    length: int
    # Kept with the candidate: the reranker would have to read the postings once more.
    evidence: tuple[float, ...]
    number: int = 0

    @property
    def shares_words(self) -> bool:
        """Whether it holds anything that the query asks for, be it in translation."""
        return any(self.evidence)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best candidates of a search, and how many passages in scope hold each clause.

    `frequencies[i]` is the expected document frequency of `query.clauses[i]`; `size` the number of
    passages in scope, `mean_length` theirs in tokens. `included`: the passages that the search was
    told to include and that are not among the best, scored as these are.
    """

    candidates: tuple[Candidate, ...]
    frequencies: tuple[float, ...]
    size: int
    mean_length: float
    # Passages that are near in meaning come from vectors and may share no word.
    included: tuple[Candidate, ...] = ()


class Engine(Protocol):
    """Ranks the passages of live documents.

    Searching within a scope ranks as if the passages of that scope were all there is: statistics
    too, so that nothing about other matters shows in a score.
    """

    def holds(self) -> frozenset[str]:
        """The documents whose passages have been added, live or not."""
        ...

    def lacking(self, document_ids: Collection[str]) -> list[str]:
        """Those of the documents whose passages have not been added, sorted."""
        ...

    def reopen(self) -> bool:
        """Take over what another process has added, where it can be had without work.

        True when anything was taken over: what is live must be said anew then.
        """
        ...

    def update(self, added: Iterable[Analyzed], live: Live, *, partial: bool = False) -> None:
        """Take in passages and say where documents are live, at one stroke.

        Where they are many, some documents may be seen sooner than others, each of them whole.
        A document's passages come one after another. Documents that `live` does not name are
        live nowhere, or, with `partial`, where they were; an empty set means nowhere.
        """
        ...

    def search(
        self,
        query: Query,
        *,
        scope: Scope,
        k: int,
        within: Documents | None = None,
        include: Sequence[int] = (),
    ) -> Ranking:
        """The best `k` passages that hold a term of the query, best first, ties by number.

        `include` are keys of passages to be scored as well, though they may hold no term of the
        query; those outside the scope, or outside `within`, are left out.

        `within` limits the candidates to those documents, before the best are taken. Statistics
        stay those of the scope: in a single document every word is rare or everywhere, and scores
        could not be compared with those of a search without the limit.
        """
        ...

    def save(self) -> None:
        """Keep what was added for the next start, where the engine keeps anything itself."""
        ...


@runtime_checkable
class SharedEngine(Engine, Protocol):
    """An engine that several processes share, and that remembers how far it has caught up."""

    def catch_up(self, library: Library, progress: Callable[[int, int], None] | None) -> int:
        """Bring the index to the state of `library`; returns the revision that it then shows.

        Processes take turns, a batch each. `progress` is called with the documents looked at and
        those there are to look at.
        """
        ...
