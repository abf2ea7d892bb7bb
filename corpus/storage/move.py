"""A whole installation from one database to another: from SQLite to PostgreSQL, or back.

What never changes (documents, originals, passages) is copied first, some rows at a time, so that a
copy that was cut short goes on where it stopped. All the rest follows in one transaction: until
then the new database cannot be taken for a whole one. Keys stay, and with them every index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Connection, Table, func, insert, select, text, tuple_

from corpus.errors import MoveRefused
from corpus.storage import schema, schema_arrivals
from corpus.storage.database import snapshot, transaction
from corpus.storage.records import batches

assert schema_arrivals.uploads.metadata is schema.metadata  # its tables are moved too

_KEPT: Final = (schema.documents, schema.originals, schema.passages)
_ROWS: Final = {"documents": 20, "originals": 4}
"""Rows copied at a time, where they are large; else 1,000."""

Progress = Callable[[int, int, str], None]
"""Called with the rows that are copied, those there are, and the table at work."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied, and the last change in it."""

    documents: int
    passages: int
    revision: int


def move(
    source: sqlalchemy.Engine, target: sqlalchemy.Engine, progress: Progress | None = None
) -> Moved:
    """Copy all that `source` keeps into `target`, which is migrated and empty, or half copied.

    Raises MoveRefused: `target` is in use, or `source` changed meanwhile.
    """
    with snapshot(source) as old:
        _refuse_used(old, target)
        count = _Count(sum(map(_count(old), _tables())), progress)
        for table in _KEPT:
            for rows in _missing(old, target, table, count):
                with transaction(target) as new:
                    new.execute(insert(table), rows)
                count.add(len(rows), table)
        with transaction(target) as new:
            for table in _changing():
                for page in _pages(old, table):
                    new.execute(insert(table), page)
                    count.add(len(page), table)
            _mend_sequences(new)
            _compare(old, new, source)
        last = old.scalar(select(func.max(schema.changes.c.revision))) or 0
        counted = [_count(old)(table) for table in (schema.documents, schema.passages)]
    return Moved(counted[0], counted[1], last)


class _Count:
    """Tells how far the copy is."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def add(self, rows: int, table: Table) -> None:
        self._done += rows
        if self._progress:
            self._progress(self._done, self._total, table.name)


def _tables() -> list[Table]:
    """All but the record of migrations, those that others refer to first."""
    return [each for each in schema.metadata.sorted_tables if each is not schema.migrations]


def _changing() -> list[Table]:
    return [table for table in _tables() if table not in _KEPT]


def _count(connection: Connection) -> Callable[[Table], int]:
    def count(table: Table) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return count


def _refuse_used(old: Connection, target: sqlalchemy.Engine) -> None:
    """Refuse a database in which somebody works, or which holds what `old` does not."""
    with snapshot(target) as new:
        used = [table.name for table in _changing() if _count(new)(table)]
        held = new.scalars(select(schema.documents.c.id)).all()
    where = target.url.render_as_string(hide_password=True)
    if used:
        raise MoveRefused(f"{where} is in use (it has {used[0]}): name an empty database")
    known = select(func.count()).select_from(schema.documents)
    found = sum(
        old.execute(known.where(schema.documents.c.id.in_(some))).scalar_one()
        for some in batches(held)
    )
    if found != len(held):
        raise _foreign(target)


def _missing(
    old: Connection, target: sqlalchemy.Engine, table: Table, count: _Count
) -> Iterator[list[dict[str, Any]]]:
    """The rows that `target` lacks, some at a time."""
    [key] = table.primary_key
    after: Any = None
    while True:
        page = select(key).order_by(key).limit(1000)
        keys = old.scalars(page if after is None else page.where(key > after)).all()
        if not keys:
            return
        after = keys[-1]
        there = _copied(old, target, table, keys)
        count.add(len(there), table)
        lacking = [each for each in keys if each not in there]
        for some in batches(lacking, _ROWS.get(table.name, 1000)):
            found = old.execute(select(table).where(key.in_(some))).mappings()
            yield [dict(row) for row in found]


def _copied(
    old: Connection, target: sqlalchemy.Engine, table: Table, keys: Sequence[Any]
) -> set[Any]:
    """Those of the keys that `target` has, with the same documents behind them."""
    about = [table.c[name] for name in ("document_id", "sha256") if name in table.c]
    [key] = table.primary_key
    with snapshot(target) as new:
        there = set(map(tuple, new.execute(select(key, *about).where(key.in_(keys)))))
    here = set(map(tuple, old.execute(select(key, *about).where(key.in_(keys)))) if there else ())
    if not there <= here:
        raise _foreign(target)
    return {row[0] for row in there}


def _foreign(target: sqlalchemy.Engine) -> MoveRefused:
    where = target.url.render_as_string(hide_password=True)
    return MoveRefused(f"{where} holds other documents: name an empty database")


def _pages(old: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """Every row, some at a time, in the order of the primary key."""
    keys = list(table.primary_key)
    page = select(table).order_by(*keys).limit(1000)
    after: tuple[Any, ...] | None = None
    while True:
        query = page if after is None else page.where(tuple_(*keys) > after)
        rows = [dict(row) for row in old.execute(query).mappings()]
        if not rows:
            return
        yield rows
        after = tuple(rows[-1][key.name] for key in keys)


def _mend_sequences(new: Connection) -> None:
    """Let PostgreSQL number on after the keys that were copied."""
    if new.dialect.name != "postgresql":
        return
    for table in _tables():
        column = table.autoincrement_column
        if column is None:
            continue
        highest = new.scalar(select(func.max(column)))
        if highest:
            sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
            named = {"table": table.name, "column": column.name, "highest": highest}
            new.execute(sequence, named)


def _compare(old: Connection, new: Connection, source: sqlalchemy.Engine) -> None:
    """Every table has as many rows as before, and nothing was filed or asked since we began."""
    for table in _tables():
        if _count(old)(table) != _count(new)(table):
            raise MoveRefused(f"{table.name} was not copied whole: repeat the move")
    with snapshot(source) as now:
        for key in (schema.changes.c.revision, schema.audit.c.number):
            if now.scalar(select(func.max(key))) != old.scalar(select(func.max(key))):
                raise MoveRefused(
                    "the database changed meanwhile: end every other pincite, and repeat the move"
                )
