"""What ranks passages: the small protocol behind which engines plug in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from corpus.models import Scope
from index.engine.terms import Analyzed
from index.query.clauses import Query

if TYPE_CHECKING:
    from corpus.library import Library

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
        """The best `k` passages that hold a term of the query, best first, ties by key.

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
