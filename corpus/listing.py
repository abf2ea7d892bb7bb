"""What is here, when was it filed, and by whom?  For the lists that people page through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, distinct, func, select

from corpus.storage import records
from corpus.storage.schema import filings

if TYPE_CHECKING:
    from corpus.models import DocumentRecord, Scope


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a list shows it within a scope."""

    document: DocumentRecord
    filed: str
    """When it was last filed within the scope: UTC, `2026-11-22T12:00:00Z`."""
    filed_by: int | None
    """The person who did; None for the command line and the watched folder."""


def listed(
    connection: Connection, scope: Scope, *, offset: int = 0, limit: int | None = None
) -> list[Listed]:
    """Live and superseded documents, the last filed first."""
    ids = connection.scalars(
        select(filings.c.document_id)
        .where(records.within(scope), records.is_visible)
        .group_by(filings.c.document_id)
        .order_by(func.max(filings.c.key).desc())
        .offset(offset)
        .limit(limit)
    ).all()
    rows = connection.execute(
        select(*filings.c["document_id", "added", "added_by"])
        .where(filings.c.document_id.in_(ids), records.within(scope), records.is_visible)
        .order_by(filings.c.key)
    )
    last = {row.document_id: row for row in rows}
    return [
        Listed(record, last[record.id].added, last[record.id].added_by)
        for record in records.document_records(connection, ids, scope)
    ]


def count_visible(connection: Connection, scope: Scope) -> int:
    """How many documents `listed` would list, superseded ones among them."""
    query = select(func.count(distinct(filings.c.document_id)))
    return connection.execute(query.where(records.within(scope), records.is_visible)).scalar_one()


def matters_of(connection: Connection, document_id: str, scope: Scope) -> frozenset[str]:
    """The matters within the scope that a document can be withdrawn from."""
    query = select(filings.c.matter).where(
        filings.c.document_id == document_id, records.within(scope), records.is_visible
    )
    return frozenset(connection.scalars(query))
