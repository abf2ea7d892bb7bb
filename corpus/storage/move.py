"""Moves a whole installation to another database: from SQLite to PostgreSQL, or back.

Documents, originals and passages never change. They are copied first, some rows at a time, so that
a copy that was interrupted goes on where it stopped. Everything else follows in one transaction, so
that an incomplete copy cannot be taken for a complete one. Keys stay, so indexes stay valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Connection, Table, func, insert, select, text, tuple_

from corpus.errors import MoveRefused
from corpus.storage import schema
from corpus.storage.database import snapshot, transaction
from corpus.storage.records import batches

_UNCHANGING: Final = (schema.documents, schema.originals, schema.passages)
_PAGE: Final = 1000
# Rows copied at a time where rows are large; otherwise a page.
_ROWS: Final = {"documents": 20, "originals": 4}

Progress = Callable[[int, int, str], None]
"""Called with the number of rows copied, the number of all rows, and the table's name."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The numbers of what was copied, and its last revision."""

    documents: int
    passages: int
    revision: int


def move(
    source: sqlalchemy.Engine,
    target: sqlalchemy.Engine,
    tables: Sequence[Table],
    progress: Progress | None = None,
) -> Moved:
    """Copy everything in `source` into `target`, which is migrated, and empty or half copied.

    `tables`: all there are but the record of migrations, each after those that it refers to.
    Raises MoveRefused: `target` is in use, or `source` changed meanwhile.
    """
    changing = [table for table in tables if table not in _UNCHANGING]
    # One snapshot for the whole copy: the tables refer to each other.
    with snapshot(source) as old:
        _refuse_used(old, target, changing)
        counter = _RowCounter(sum(_count(old, table) for table in tables), progress)
        for table in _UNCHANGING:
            for rows in _missing_rows(old, target, table, counter):
                with transaction(target) as new:
                    new.execute(insert(table), rows)
                counter.add(len(rows), table)
        with transaction(target) as new:
            for table in changing:
                for page in _pages(old, table):
                    new.execute(insert(table), page)
                    counter.add(len(page), table)
            _advance_sequences(new, tables)
            _compare(old, new, source, tables)
        revision = old.scalar(select(func.max(schema.changes.c.revision))) or 0
        return Moved(_count(old, schema.documents), _count(old, schema.passages), revision)


class _RowCounter:
    """Reports how far the copy is."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._copied, self._total, self._progress = 0, total, progress

    def add(self, rows: int, table: Table) -> None:
        self._copied += rows
        if self._progress:
            self._progress(self._copied, self._total, table.name)


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _refuse_used(old: Connection, target: sqlalchemy.Engine, changing: Sequence[Table]) -> None:
    """Refuse a target that is in use, or that holds documents which `old` does not have."""
    with snapshot(target) as new:
        used = [table.name for table in changing if _count(new, table)]
        document_ids = new.scalars(select(schema.documents.c.id)).all()
    where = target.url.render_as_string(hide_password=True)
    if used:
        raise MoveRefused(f"{where} is in use (it has {used[0]}): name an empty database")
    query = select(func.count()).select_from(schema.documents)
    shared = sum(
        old.execute(query.where(schema.documents.c.id.in_(batch))).scalar_one()
        for batch in batches(document_ids)
    )
    if shared != len(document_ids):
        raise _foreign(target)


def _missing_rows(
    old: Connection, target: sqlalchemy.Engine, table: Table, counter: _RowCounter
) -> Iterator[list[dict[str, Any]]]:
    """The rows that `target` lacks, some at a time."""
    [key] = table.primary_key
    last: Any = None
    while True:
        page = select(key).order_by(key).limit(_PAGE)
        keys = old.scalars(page if last is None else page.where(key > last)).all()
        if not keys:
            return
        last = keys[-1]
        # An interrupted copy goes on here: what is there is counted and not sent again.
        copied = _copied_keys(old, target, table, keys)
        counter.add(len(copied), table)
        missing = [key for key in keys if key not in copied]
        for batch in batches(missing, _ROWS.get(table.name, _PAGE)):
            rows = old.execute(select(table).where(key.in_(batch))).mappings()
            yield [dict(row) for row in rows]


def _copied_keys(
    old: Connection, target: sqlalchemy.Engine, table: Table, keys: Sequence[Any]
) -> set[Any]:
    """The keys that `target` has already. Refuses other documents under the same keys."""
    # Keys of passages are numbers, which another installation has given to other documents.
    identity = [table.c[name] for name in ("document_id", "sha256") if name in table.c]
    [key] = table.primary_key
    query = select(key, *identity).where(key.in_(keys))
    with snapshot(target) as new:
        copied = set(map(tuple, new.execute(query)))
    if copied and not copied <= set(map(tuple, old.execute(query))):
        raise _foreign(target)
    return {row[0] for row in copied}


def _foreign(target: sqlalchemy.Engine) -> MoveRefused:
    where = target.url.render_as_string(hide_password=True)
    return MoveRefused(f"{where} holds other documents: name an empty database")


def _pages(old: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """Every row, some at a time, in the order of the primary key."""
    keys = list(table.primary_key)
    page = select(table).order_by(*keys).limit(_PAGE)
    last: tuple[Any, ...] | None = None
    while True:
        # Not OFFSET, which reads all rows before it again for each page.
        query = page if last is None else page.where(tuple_(*keys) > last)
        rows = [dict(row) for row in old.execute(query).mappings()]
        if not rows:
            return
        yield rows
        last = tuple(rows[-1][key.name] for key in keys)


def _advance_sequences(new: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL give out new keys after those that were copied."""
    if new.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        highest = new.scalar(select(func.max(column)))
        if highest:
            # Rows were inserted with their keys, which does not move a sequence.
            statement = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
            values = {"table": table.name, "column": column.name, "highest": highest}
            new.execute(statement, values)


def _compare(
    old: Connection, new: Connection, source: sqlalchemy.Engine, tables: Sequence[Table]
) -> None:
    """Every table has as many rows as before, and `source` did not change since we began."""
    # Counting is cheap beside the copy, and notices a table that was left out.
    for table in tables:
        if _count(old, table) != _count(new, table):
            raise MoveRefused(f"{table.name} was not copied whole: repeat the move")
    with snapshot(source) as now:
        for table in tables:
            if _extent(now, table) != _extent(old, table):
                raise MoveRefused(
                    "the database changed meanwhile: end every other pincite, and repeat the move"
                )


def _extent(connection: Connection, table: Table) -> Sequence[Any]:
    """The number of rows and the highest key: a new row shows even if another was deleted."""
    key = next(iter(table.primary_key))
    return connection.execute(select(func.count(), func.max(key)).select_from(table)).one()
