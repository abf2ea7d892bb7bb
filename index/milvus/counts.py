"""What a shared index holds, counted in the database: what BM25 needs to know of each scope.

Documents that are live in exactly the same matters make up a cell. Every scope is a union of
cells, so its statistics are the sums of theirs, exactly, whatever else is kept in the index.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import delete, func, insert, select, update

from corpus.models import Scope
from corpus.storage.database import add_up, snapshot, transaction
from corpus.storage.records import batches
from index.milvus.tables import (
    index_cells,
    index_documents,
    index_terms,
    shared_indexes,
)

Matters: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document in the index: its cell, and what it adds to that."""

    cell: int
    passages: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The documents live in exactly these matters, counted."""

    matters: Matters
    passages: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Change:
    """A document as it was held and as it is held now; `terms`: passages that hold each term."""

    document_id: str
    before: IndexedDocument | None
    after: IndexedDocument | None
    terms: Mapping[int, int]


class Counts:
    """The counts of one index. Methods block; whoever writes is alone (`corpus.storage.locks`)."""

    def __init__(self, database: sqlalchemy.Engine, name: str) -> None:
        self.database = database
        self.name = name

    @classmethod
    def open(cls, database: sqlalchemy.Engine, analyzer: str) -> Counts:
        """Those of the index made by this version of the analyzer; begun where there is none."""
        existing = select(shared_indexes.c.name).where(shared_indexes.c.analyzer == analyzer)
        with transaction(database) as connection:
            name = connection.scalar(existing)
            if name is None:
                # A random name: two databases may share one Milvus server, and a restored copy must
                # not meet the rows of the original.
                name = f"pincite_{uuid.uuid4().hex[:16]}"
                row = {"name": name, "analyzer": analyzer, "revision": 0}
                connection.execute(insert(shared_indexes), row)
        return cls(database, name)

    def reset(self) -> None:
        """Forget everything: the index itself is gone."""
        with transaction(self.database) as connection:
            for table in (index_cells, index_documents, index_terms):
                connection.execute(delete(table).where(table.c.index_name == self.name))
            self._set(connection, revision=0, mean_length=None)

    # -- reading ---------------------------------------------------------------------------------

    def revision(self) -> int:
        """The change of the library up to which the index has caught up."""
        return int(self._state(shared_indexes.c.revision) or 0)

    def mean_length(self) -> float | None:
        """The mean length, in tokens, with which the index's weights are made."""
        length: float | None = self._state(shared_indexes.c.mean_length)
        return length

    def cells(self) -> dict[int, Cell]:
        """Every cell by its number."""
        query = select(index_cells).where(index_cells.c.index_name == self.name)
        with snapshot(self.database) as connection:
            return {
                row.cell: Cell(frozenset(row.matters.split()), row.passages, row.tokens)
                for row in connection.execute(query)
            }

    def indexed(self, document_ids: Collection[str] | None = None) -> dict[str, IndexedDocument]:
        """Those of the documents, of all if None, that the index holds."""
        query = select(index_documents).where(index_documents.c.index_name == self.name)
        documents: dict[str, IndexedDocument] = {}
        with snapshot(self.database) as connection:
            for batch in _runs(document_ids):
                narrowed = query
                if batch is not None:
                    narrowed = query.where(index_documents.c.document_id.in_(batch))
                for row in connection.execute(narrowed):
                    documents[row.document_id] = IndexedDocument(row.cell, row.passages, row.tokens)
        return documents

    def frequencies(self, terms: Collection[int], cells: Collection[int]) -> dict[int, int]:
        """How many passages of the cells hold each of the terms; terms without any left out."""
        query = (
            select(index_terms.c.term, func.sum(index_terms.c.passages).label("passages"))
            .where(index_terms.c.index_name == self.name, index_terms.c.cell.in_(sorted(cells)))
            .group_by(index_terms.c.term)
        )
        with snapshot(self.database) as connection:
            return {
                row.term: int(row.passages)
                for batch in batches(sorted(terms))
                for row in connection.execute(query.where(index_terms.c.term.in_(batch)))
                if row.passages
            }

    # -- writing ---------------------------------------------------------------------------------

    def set_mean_length(self, mean_length: float) -> None:
        """Fix the mean length for as long as the index stands."""
        with transaction(self.database) as connection:
            self._set(connection, mean_length=mean_length)

    def set_revision(self, revision: int) -> None:
        """Keep how far the index has caught up."""
        with transaction(self.database) as connection:
            self._set(connection, revision=revision)

    def cell_of(self, matters: Matters) -> int:
        """The number of the cell of these matters, given out at its first use."""
        named = " ".join(sorted(matters))
        in_index = index_cells.c.index_name == self.name
        with transaction(self.database) as connection:
            existing = select(index_cells.c.cell).where(in_index, index_cells.c.matters == named)
            number = connection.scalar(existing)
            if number is None:
                last = connection.scalar(select(func.max(index_cells.c.cell)).where(in_index))
                # Numbers are never reused, since rows in Milvus still name the cell of before.
                number = (last or 0) + 1
                row = {"index_name": self.name, "cell": number, "matters": named}
                connection.execute(insert(index_cells).values(**row, passages=0, tokens=0))
        return number

    def record(self, changes: Sequence[Change]) -> None:
        """Keep what the index holds from now on, all of it or nothing."""
        terms: Counter[tuple[int, int]] = Counter()
        passages: Counter[int] = Counter()
        tokens: Counter[int] = Counter()
        for change in changes:
            # A move is a removal and an arrival: one sum serves both.
            for document, sign in ((change.before, -1), (change.after, 1)):
                if document is not None:
                    passages[document.cell] += sign * document.passages
                    tokens[document.cell] += sign * document.tokens
                    for term, count in change.terms.items():
                        terms[term, document.cell] += sign * count
        with transaction(self.database) as connection:
            self._record_documents(connection, changes)
            # What cancels out is not written: most moves change few sums.
            rows = ({"term": t, "cell": c, "passages": n} for (t, c), n in terms.items() if n)
            for batch in batches(self._named(rows), 5000):
                add_up(connection, index_terms, batch, "passages")
            for cell in passages:
                connection.execute(
                    update(index_cells)
                    .where(index_cells.c.index_name == self.name, index_cells.c.cell == cell)
                    .values(
                        # Added in SQL, so that the stored value counts and not one read earlier.
                        passages=index_cells.c.passages + passages[cell],
                        tokens=index_cells.c.tokens + tokens[cell],
                    )
                )

    def _record_documents(
        self, connection: sqlalchemy.Connection, changes: Sequence[Change]
    ) -> None:
        in_index = index_documents.c.index_name == self.name
        for batch in batches([change.document_id for change in changes]):
            in_batch = index_documents.c.document_id.in_(batch)
            connection.execute(delete(index_documents).where(in_index, in_batch))
        rows = self._named(
            {
                "document_id": change.document_id,
                "cell": change.after.cell,
                "passages": change.after.passages,
                "tokens": change.after.tokens,
            }
            for change in changes
            if change.after is not None
        )
        if rows:
            connection.execute(insert(index_documents), rows)

    def _named(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"index_name": self.name, **row} for row in rows]

    def _state(self, column: sqlalchemy.Column[Any]) -> Any:
        query = select(column).where(shared_indexes.c.name == self.name)
        with snapshot(self.database) as connection:
            return connection.scalar(query)

    def _set(self, connection: sqlalchemy.Connection, **values: Any) -> None:
        in_index = shared_indexes.c.name == self.name
        connection.execute(update(shared_indexes).where(in_index).values(**values))


def cells_in(cells: Mapping[int, Cell], scope: Scope) -> dict[int, Cell]:
    """The cells that a scope sees."""
    if scope.is_all:
        return dict(cells)
    return {number: cell for number, cell in cells.items() if scope.visible(cell.matters)}


def _runs(document_ids: Collection[str] | None) -> Iterator[Sequence[str] | None]:
    return iter([None]) if document_ids is None else batches(sorted(set(document_ids)))
