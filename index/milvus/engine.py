"""The distributed engine: passages in Milvus, their counts in the database, many processes.

Milvus finds candidates by an inner product (`sparse`); their scores are then worked out exactly.
What differs from the embedded engine: an update is seen row by row and not at one stroke, and a
passage that the inner product ranks far too low is not considered.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import sqlalchemy

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import exclusive_lock
from corpus.storage.locks import Lock
from corpus.storage.records import batches
from index.engine.protocol import BM25, Candidate, Documents, Live, Query, Ranking
from index.engine.sync import analyzed
from index.engine.terms import Analyzed
from index.milvus.counts import Change, Counts, IndexedDocument, Matters, cells_in
from index.milvus.rows import Rows
from index.milvus.server import reaching
from index.milvus.sparse import (
    SparseRow,
    exact,
    expected,
    passage_weights,
    question_weights,
    term_number,
)
from index.milvus.vectors import MilvusVectors
from index.text import analyzer

if TYPE_CHECKING:
    from pymilvus import MilvusClient


LAYOUT: Final = "2"
"""Part of the index's version: rows that lack a field of today's are made anew."""

BATCH: Final = 4000
"""Passages between two records in the database: what a kill may have to repeat."""

CHANGES: Final = 500
"""Changes caught up with in one turn."""

FRESH_SECONDS: Final = 15.0
"""For so long after a change, every node has to know of it; else Milvus allows five seconds."""

Progress = Callable[[int, int], None]


class MilvusEngine:
    """A `SharedEngine` over one collection of a Milvus server, counted in `database`.

    `collection` is its name, which the database gave out; `uri` is said when something fails.
    Every method raises EngineUnavailable and DatabaseUnavailable.
    """

    def __init__(self, client: MilvusClient, database: sqlalchemy.Engine, uri: str) -> None:
        self._client = client
        self._database = database
        self._uri = uri
        self._counts = Counts.open(database, f"{analyzer.VERSION}+{LAYOUT}")
        self.collection = self._counts.name
        self._rows = Rows(client, self.collection)
        self._changed = time.monotonic()
        # Under the lock: two machines that start together would both create the collection.
        with self._writing():
            if self._rows.prepare():
                self._counts.reset()

    def holds(self) -> frozenset[str]:
        """The documents that are in the index; those that are live nowhere are not."""
        return frozenset(self._counts.indexed())

    def lacking(self, document_ids: Collection[str]) -> list[str]:
        """Those of the documents that are not in the index, sorted."""
        return sorted(set(document_ids) - self._counts.indexed(document_ids).keys())

    def reopen(self) -> bool:
        """Nothing to take over: what another process has added is there."""
        return False

    def save(self) -> None:
        """Nothing to keep: the server does."""

    def close(self) -> None:
        """Let go of the server."""
        self._client.close()

    def count(self) -> tuple[int, int]:
        """The rows in Milvus and those that the database counts, equal where all is well."""
        with self._writing():
            # Both figures under one lock, or a writer in between would look like damage.
            counted = sum(cell.passages for cell in self._counts.cells().values())
            return self._rows.count(), counted

    def vectors(self, collection: str, dimensions: int) -> MilvusVectors:
        """Another collection on the same server, of what passages mean."""
        return MilvusVectors(self._client, collection, self._uri, dimensions)

    # -- writing ---------------------------------------------------------------------------------

    def update(self, added: Iterable[Analyzed], live: Live, *, partial: bool = False) -> None:
        """Take in passages and say where documents are live, of all others too unless `partial`."""
        with self._writing():
            names = set(live) if partial else self.holds() | set(live)
            self._apply(added, {name: live.get(name, frozenset()) for name in names})

    def catch_up(self, library: Library, progress: Progress | None = None) -> int:
        """Bring the index to the state of `library`; returns the revision that it then shows."""
        goal = library.revision()
        begun: int | None = None
        while True:
            with self._writing():
                since = self._counts.revision()
                begun = since if begun is None else begun
                if progress and goal > begun:
                    progress(min(since, goal) - begun, goal - begun)
                if since >= goal:
                    return since
                self._take_turn(library, since)

    def _take_turn(self, library: Library, since: int) -> None:
        # A few changes a turn: the lock is released in between, so that another machine may help.
        changed = library.changes_after(since, CHANGES)
        documents = {document_id for _, document_id in changed}
        live = library.live_matters(documents)
        matters_of = {name: live.get(name, frozenset()) for name in documents}
        self._apply(analyzed(library, self.lacking(live)), matters_of)
        # Last: after a kill the same turn is repeated, and every step may be repeated.
        self._counts.set_revision(changed[-1][0])

    def _apply(self, added: Iterable[Analyzed], wanted: Mapping[str, Matters]) -> None:
        """Hold the wanted documents where they are live: new rows come before old ones go."""
        indexed = self._counts.indexed(wanted)
        new = (p for p in added if wanted.get(p.document_id) and p.document_id not in indexed)
        for batch in _whole_documents(new):
            self._add(batch, wanted)
        for name in indexed:
            if wanted[name]:
                self._move(name, indexed[name], self._counts.cell_of(wanted[name]))
        self._remove({name: indexed[name] for name in indexed if not wanted[name]})

    def _add(self, passages: Sequence[Analyzed], wanted: Mapping[str, Matters]) -> None:
        # A mean that moved would make every stored weight wrong, so it never changes after the
        # first.
        model = BM25(0, self._fixed_mean(passages))
        matters = {wanted[passage.document_id] for passage in passages}
        cells = {
            document_matters: self._counts.cell_of(document_matters) for document_matters in matters
        }
        rows = [
            SparseRow(
                passage.key,
                passage.document_id,
                cells[wanted[passage.document_id]],
                len(passage.terms),
                passage_weights(passage.terms, model),
                passage.number,
            )
            for passage in passages
        ]
        # Rows before counts: a kill between the two leaves rows that the next try overwrites.
        self._rows.put(rows)
        self._counts.record(list(_arrivals(rows)))

    def _move(self, name: str, before: IndexedDocument, cell: int) -> None:
        """File a document's rows anew, for it is live in other matters than it was."""
        # The document joined or left no matter that counts: its rows may stay as they are.
        if cell == before.cell:
            return
        terms: Counter[int] = Counter()
        for rows in self._rows.of([name]):
            self._rows.put([replace(row, cell=cell) for row in rows])
            terms.update(term for row in rows for term in row.weights)
        after = IndexedDocument(cell, before.passages, before.tokens)
        self._counts.record([Change(name, before, after, terms)])

    def _remove(self, indexed: Mapping[str, IndexedDocument]) -> None:
        for names in batches(sorted(indexed), 100):
            terms: dict[str, Counter[int]] = {name: Counter() for name in names}
            for rows in self._rows.of(names):
                for row in rows:
                    terms[row.document_id].update(row.weights.keys())
            self._rows.remove(names)
            self._counts.record([Change(name, indexed[name], None, terms[name]) for name in names])

    def _fixed_mean(self, passages: Sequence[Analyzed]) -> float:
        """The mean length of the stored weights: that of the first passages ever added."""
        mean = self._counts.mean_length()
        if mean is None:
            mean = sum(len(passage.terms) for passage in passages) / len(passages) or 1.0
            self._counts.set_mean_length(mean)
        return mean

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the only one who writes, on whatever machine."""
        with exclusive_lock(self._database, Lock.INDEXING), reaching(self._uri):
            try:
                yield
            finally:
                self._changed = time.monotonic()

    # -- searching -------------------------------------------------------------------------------

    def documents_in(self, scope: Scope, within: Documents | None) -> frozenset[str] | None:
        """The documents that a scope sees, of those in `within`; None for all that there are."""
        if scope.is_all:
            return within
        cells = cells_in(self._counts.cells(), scope)
        indexed = self._counts.indexed(within)
        return frozenset(name for name, document in indexed.items() if document.cell in cells)

    def search(
        self,
        query: Query,
        *,
        scope: Scope,
        k: int,
        within: Documents | None = None,
        include: Sequence[int] = (),
    ) -> Ranking:
        """The best `k` passages that hold a term of the query, best first, ties by number."""
        cells = cells_in(self._counts.cells(), scope)
        size = sum(cell.passages for cell in cells.values())
        model = BM25(size, sum(c.tokens for c in cells.values()) / size if size else 0.0)
        clauses = query.clauses
        terms = {
            term_number(alternative.term)
            for clause in clauses
            for alternative in clause.alternatives
        }
        df = expected(clauses, self._counts.frequencies(terms, cells))
        weights = question_weights(clauses, df, model)
        # No filter for an owner: one that names every cell would only cost time.
        filter_cells = None if scope.is_all else cells
        rows = self._candidates(weights, filter_cells, within, k) if weights else []
        stored = BM25(0, self._counts.mean_length() or 1.0)
        # The inner product only chooses; it counts alternatives of one clause twice.
        scored = exact(clauses, df, rows, model, stored)
        ranked = [candidate for candidate in scored if candidate.score > 0][:k]
        missing = set(include) - {candidate.key for candidate in ranked}
        included: list[Candidate] = []
        if missing and clauses:
            with reaching(self._uri):
                rows = self._rows.among_keys(missing, filter_cells, within)
            included = exact(clauses, df, rows, model, stored)
        return Ranking(tuple(ranked), df, size, model.avgdl, tuple(included))

    def _candidates(
        self,
        weights: Mapping[int, float],
        cells: Iterable[int] | None,
        within: Documents | None,
        k: int,
    ) -> list[SparseRow]:
        fresh = time.monotonic() - self._changed < FRESH_SECONDS
        with reaching(self._uri):
            return self._rows.best(weights, cells, within, considered(k), fresh=fresh)


def considered(k: int) -> int:
    """How many candidates are scored exactly to find the best `k`."""
    # Many more than k, since the inner product orders passages only roughly.
    return 60 + 4 * k


def _whole_documents(passages: Iterable[Analyzed]) -> Iterator[list[Analyzed]]:
    """Runs of about BATCH passages that end where a document does."""
    batch: list[Analyzed] = []
    for passage in passages:
        if len(batch) >= BATCH and passage.document_id != batch[-1].document_id:
            yield batch
            batch = []
        batch.append(passage)
    if batch:
        yield batch


def _arrivals(rows: Iterable[SparseRow]) -> Iterator[Change]:
    """What new rows add to the counts, by document."""
    rows_of: dict[str, list[SparseRow]] = {}
    for row in rows:
        rows_of.setdefault(row.document_id, []).append(row)
    for name, document_rows in rows_of.items():
        indexed = IndexedDocument(
            document_rows[0].cell,
            len(document_rows),
            sum(row.length for row in document_rows),
        )
        yield Change(
            name, None, indexed, Counter(term for row in document_rows for term in row.weights)
        )
