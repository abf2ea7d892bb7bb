"""Which documents have their vectors in Milvus, and who is making those of others: a table.

A machine takes documents on for a time and renews that as it works; what one that is gone had
taken on is free again when its time is over.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection
from typing import Any, Final

import sqlalchemy
from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update

from corpus.storage.database import exclusive_lock, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.records import is_live
from corpus.storage.schema import filings, passages
from index.milvus.tables import vector_documents, vector_sets

SECONDS: Final = 120.0
"""How long a document is held without a sign of life; a batch takes seconds, clocks differ."""


_is_live: Final = exists().where(filings.c.document_id == vector_documents.c.document_id, is_live)


class Claims:
    """The documents of one set of vectors. Every method raises DatabaseUnavailable."""

    def __init__(self, database: sqlalchemy.Engine, name: str) -> None:
        self._database = database
        self.name = name
        self._in_set = vector_documents.c.set_name == name

    @classmethod
    def open(cls, database: sqlalchemy.Engine, model: str) -> Claims:
        """Those of the set that this model made; begun where there is none."""
        existing = select(vector_sets.c.name).where(vector_sets.c.model == model)
        with exclusive_lock(database, Lock.EMBEDDING), transaction(database) as connection:
            name = connection.scalar(existing)
            if name is None:
                name = f"pincite_vectors_{uuid.uuid4().hex[:16]}"
                connection.execute(insert(vector_sets), {"name": name, "model": model})
        return cls(database, name)

    def reset(self) -> None:
        """Forget everything: the vectors are gone."""
        with transaction(self._database) as connection:
            connection.execute(delete(vector_documents).where(self._in_set))

    def take(self, most: int) -> list[str]:
        """Take on up to `most` live documents that nobody has made or is making, oldest first."""
        claimed = and_(self._of(filings.c.document_id), _held_at(time.time()))
        free = (
            select(filings.c.document_id)
            .where(is_live, ~exists().where(claimed))
            .group_by(filings.c.document_id)
            .order_by(func.min(filings.c.key))
            .limit(most)
        )
        with (
            exclusive_lock(self._database, Lock.EMBEDDING),
            transaction(self._database) as connection,
        ):
            document_ids = list(connection.scalars(free))
            # Expired claims of others go first: the set and the document are the primary key.
            connection.execute(delete(vector_documents).where(self._among(document_ids)))
            until = time.time() + SECONDS
            # A row is a claim as long as `held_until` is in the future; None means finished.
            rows = [
                {"set_name": self.name, "document_id": name, "held_until": until}
                for name in document_ids
            ]
            if rows:
                connection.execute(insert(vector_documents), rows)
        return document_ids

    def renew(self, document_ids: Collection[str]) -> None:
        """Hold documents on."""
        self._hold(document_ids, time.time() + SECONDS)

    def release(self, document_ids: Collection[str]) -> None:
        """Let others take documents on, unless they are finished."""
        self._hold(document_ids, 0.0)

    def finish(self, document_ids: Collection[str]) -> list[str]:
        """Note that documents have their vectors; returns those that were withdrawn meanwhile."""
        with transaction(self._database) as connection:
            selected = self._among(document_ids)
            connection.execute(update(vector_documents).where(selected).values(held_until=None))
            finished = connection.scalars(
                select(vector_documents.c.document_id).where(selected)
            ).all()
        # A withdrawal deletes the row, so a document without one is gone.
        return sorted(set(document_ids) - set(finished))

    def withdrawn(self) -> list[str]:
        """The documents that are live nowhere any more, sorted."""
        dead = select(vector_documents.c.document_id).where(self._in_set, ~_is_live)
        with snapshot(self._database) as connection:
            return list(connection.scalars(dead.order_by(vector_documents.c.document_id)))

    def forget(self, document_ids: Collection[str]) -> None:
        """Note that documents have no vectors any more."""
        with transaction(self._database) as connection:
            connection.execute(delete(vector_documents).where(self._among(document_ids)))

    def pending(self) -> int:
        """The passages of live documents that are not finished."""
        finished = and_(self._of(passages.c.document_id), vector_documents.c.held_until.is_(None))
        live = exists().where(filings.c.document_id == passages.c.document_id, is_live)
        count = select(func.count()).select_from(passages).where(live, ~exists().where(finished))
        with snapshot(self._database) as connection:
            return int(connection.execute(count).scalar_one())

    def _hold(self, document_ids: Collection[str], until: float) -> None:
        unfinished = vector_documents.c.held_until.is_not(None)
        with transaction(self._database) as connection:
            renewed = update(vector_documents).where(self._among(document_ids), unfinished)
            connection.execute(renewed.values(held_until=until))

    def _of(self, document_id: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(self._in_set, vector_documents.c.document_id == document_id)

    def _among(self, document_ids: Collection[str]) -> ColumnElement[bool]:
        """Few: as many as are taken on at once, or were withdrawn between two looks."""
        return and_(self._in_set, vector_documents.c.document_id.in_(sorted(document_ids)))


def _held_at(now: float) -> ColumnElement[bool]:
    return or_(vector_documents.c.held_until.is_(None), vector_documents.c.held_until > now)
