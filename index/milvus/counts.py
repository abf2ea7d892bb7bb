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
class Held:
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
    before: Held | None
    after: Held | None
    terms: Mapping[int, int]


class Counts:
    """The counts of one index. Methods block; whoever writes is alone (`corpus.storage.locks`)."""

    def __init__(self, database: sqlalchemy.Engine, name: str) -> None:
        self.database = database
        self.name = name

    @classmethod
    def open(cls, database: sqlalchemy.Engine, analyzer: str) -> Counts:
        """Those of the index made by this version of the analyzer; begun where there is none."""
        known = select(shared_indexes.c.name).where(shared_indexes.c.analyzer == analyzer)
        with transaction(database) as connection:
            name = connection.scalar(known)
            if name is None:
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
        found: float | None = self._state(shared_indexes.c.mean_length)
        return found

    def cells(self) -> dict[int, Cell]:
        """Every cell by its number."""
        query = select(index_cells).where(index_cells.c.index_name == self.name)
        with snapshot(self.database) as connection:
            return {
                row.cell: Cell(frozenset(row.matters.split()), row.passages, row.tokens)
                for row in connection.execute(query)
            }

    def held(self, document_ids: Collection[str] | None = None) -> dict[str, Held]:
        """Those of the documents, of all if None, that the index holds."""
        query = select(index_documents).where(index_documents.c.index_name == self.name)
        found: dict[str, Held] = {}
        with snapshot(self.database) as connection:
            for some in _runs(document_ids):
                narrowed = query
                if some is not None:
                    narrowed = query.where(index_documents.c.document_id.in_(some))
                for row in connection.execute(narrowed):
                    found[row.document_id] = Held(row.cell, row.passages, row.tokens)
        return found

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
                for some in batches(sorted(terms))
                for row in connection.execute(query.where(index_terms.c.term.in_(some)))
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
        mine = index_cells.c.index_name == self.name
        with transaction(self.database) as connection:
            known = select(index_cells.c.cell).where(mine, index_cells.c.matters == named)
            number = connection.scalar(known)
            if number is None:
                last = connection.scalar(select(func.max(index_cells.c.cell)).where(mine))
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
            for held, sign in ((change.before, -1), (change.after, 1)):
                if held is not None:
                    passages[held.cell] += sign * held.passages
                    tokens[held.cell] += sign * held.tokens
                    for term, count in change.terms.items():
                        terms[term, held.cell] += sign * count
        with transaction(self.database) as connection:
            self._record_documents(connection, changes)
            rows = ({"term": t, "cell": c, "passages": n} for (t, c), n in terms.items() if n)
            for some in batches(self._named(rows), 5000):
                add_up(connection, index_terms, some, "passages")
            for cell in passages:
                connection.execute(
                    update(index_cells)
                    .where(index_cells.c.index_name == self.name, index_cells.c.cell == cell)
                    .values(
                        passages=index_cells.c.passages + passages[cell],
                        tokens=index_cells.c.tokens + tokens[cell],
                    )
                )

    def _record_documents(
        self, connection: sqlalchemy.Connection, changes: Sequence[Change]
    ) -> None:
        mine = index_documents.c.index_name == self.name
        for some in batches([change.document_id for change in changes]):
            these = index_documents.c.document_id.in_(some)
            connection.execute(delete(index_documents).where(mine, these))
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
        mine = shared_indexes.c.name == self.name
        connection.execute(update(shared_indexes).where(mine).values(**values))


def cells_in(cells: Mapping[int, Cell], scope: Scope) -> dict[int, Cell]:
    """The cells that a scope sees."""
    if scope.is_all:
        return dict(cells)
    return {number: cell for number, cell in cells.items() if scope.visible(cell.matters)}


def _runs(document_ids: Collection[str] | None) -> Iterator[Sequence[str] | None]:
    return iter([None]) if document_ids is None else batches(sorted(set(document_ids)))
