"""The audit: what was shown, when, where, to whom and from which index, in a chain of hashes.

Records are appended one after another, whatever number of processes works on the database. Every
method is one transaction, blocks, and raises DatabaseUnavailable.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from corpus import chain
from corpus.storage import audit_rows
from corpus.storage.audit_rows import Shown
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.deposit import harmless
from corpus.storage.locks import Lock
from corpus.storage.schema import audit

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy

    from corpus.chain import Link

__all__ = ["Audit", "Shown"]


class Audit:
    """The records, and the two ways in which something of them goes: by age and by wish."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def record(self, shown: Shown) -> None:
        """Append a record, before anything is shown."""
        with transaction(self._database) as connection:
            append(connection, shown)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every record, oldest first, under the names of its columns."""
        with snapshot(self._database) as connection:
            yield from audit_rows.rows(connection)

    def problems(self) -> list[str]:
        """What does not hold; empty when every record is what was written, in its place."""
        with snapshot(self._database) as connection:
            first, last = (audit_rows.end(connection, which) for which in ("first", "last"))
            return list(chain.problems(audit_rows.rows(connection), first, last))

    def last(self) -> Link:
        """The newest record: its number counts all there ever were, its hash stands for all."""
        with snapshot(self._database) as connection:
            return audit_rows.end(connection, "last")

    def count(self) -> int:
        """How many records are kept."""
        with snapshot(self._database) as connection:
            return connection.execute(select(func.count()).select_from(audit)).scalar_one()

    def drop_before(self, days: int) -> int:
        """Drop the records of more than `days` ago, and say so in one; returns how many."""
        limit = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        with transaction(self._database) as connection:
            serialise(connection, Lock.AUDIT)
            return audit_rows.drop_before(connection, limit)


def append(connection: sqlalchemy.Connection, shown: Shown) -> None:
    """Append a record as the last thing in the caller's transaction: others wait for its end."""
    serialise(connection, Lock.AUDIT)
    question = None if shown.question is None else harmless(shown.question)
    audit_rows.append(connection, replace(shown, question=question))


def forget(connection: sqlalchemy.Connection, person_id: int) -> int:
    """Remove a person from every record, and append one that says which; returns how many."""
    serialise(connection, Lock.AUDIT)
    return audit_rows.forget(connection, person_id)
