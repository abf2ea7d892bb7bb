"""Does the database still hold what was filed?  What the doctor asks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from corpus.citing.ids import document_id
from corpus.storage.schema import documents, originals, passages

if TYPE_CHECKING:
    from collections.abc import Iterator


def problems(connection: Connection, limit: int | None) -> Iterator[str]:
    """What is wrong, a line each: pages, references, originals, passages against their texts."""
    if connection.dialect.name == "sqlite":
        yield from _sqlite_problems(connection)
    newest = select(documents.c.id).order_by(documents.c.added.desc(), documents.c.id).limit(limit)
    for document in connection.scalars(newest).all():
        yield from _document_problems(connection, document)


def _sqlite_problems(connection: Connection) -> Iterator[str]:
    for (line,) in connection.exec_driver_sql("PRAGMA quick_check").all():
        if line != "ok":
            yield f"the database is damaged ({line}): restore a backup with 'pincite restore'"
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        yield f"row {row} of {table} refers to a row of {parent} that is not there"


def _document_problems(connection: Connection, document: str) -> Iterator[str]:
    row = connection.execute(
        select(*documents.c["sha256", "text"], originals.c.content)
        .join_from(documents, originals, documents.c.sha256 == originals.c.sha256, isouter=True)
        .where(documents.c.id == document)
    ).one()
    if row.content is None:
        yield f"the original of {document} is missing: add its file again"
    elif hashlib.sha256(row.content).hexdigest() != row.sha256:
        yield f"the original of {document} is not what was added: restore a backup"
    if document_id(row.sha256, len(document)) != document:
        yield f"{document} is not the id of its content: restore a backup"
    query = select(passages).where(passages.c.document_id == document).order_by(passages.c.ordinal)
    for expected, passage in enumerate(connection.execute(query), start=1):
        if passage.ordinal != expected:
            yield f"{document} has passage {passage.ordinal} where {expected} should be"
        if passage.text != row.text[passage.start : passage.end]:
            yield f"{document}-{passage.ordinal} is not what its document says at its place"
