"""Storing a document: its original, its text and its passages, once for each content.

A stored document never changes, and `integrity_problems` checks that it did not.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, insert, select

from corpus.citing.ids import LONGEST, SHORTEST, document_id
from corpus.errors import UnreadableFile
from corpus.reasons import Reason
from corpus.storage.records import facts_row
from corpus.storage.schema import document_digests, documents, originals, passages
from corpus.storage.soundness import HOW_TO_FIX, about_digest, passage_digest, text_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.models import Reading

_TEXT_DIGEST: Final = document_digests.c.text.label("of_text")
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """The text as every database can hold it: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def store_document(connection: Connection, reading: Reading, at: str) -> tuple[str, bool]:
    """Store a document; returns its id, and whether its content was stored before.

    A stored document stays as it is, even if this reading differs: citations hold its ordinals.

    Raises UnreadableFile when a passage is not what the text holds at its offsets.
    """
    shortest = document_id(reading.sha256)
    # One query answers both: is this content stored, and has another content taken its id?
    either = (documents.c.sha256 == reading.sha256) | (documents.c.id == shortest)
    query = select(documents.c.sha256, documents.c.id).where(either)
    stored = {row.sha256: str(row.id) for row in connection.execute(query)}
    if reading.sha256 in stored:
        return stored[reading.sha256], True
    # 40 bits collide in about one of two million libraries of a thousand documents.
    new = _longer_id(connection, reading.sha256) if stored else shortest
    original = {"sha256": reading.sha256, "content": reading.content}
    connection.execute(insert(originals), original)
    row = document_row(reading, new, at)
    connection.execute(insert(documents), row)
    connection.execute(insert(document_digests), digests_row(row))
    rows = list(passage_rows(reading, new))
    if rows:
        connection.execute(insert(passages), rows)
    return new, False


def _longer_id(connection: Connection, sha256: str) -> str:
    """The shortest id of this content that no other content has."""
    for length in range(SHORTEST + 1, LONGEST + 1):
        candidate = document_id(sha256, length)
        if not connection.scalar(select(documents.c.id).where(documents.c.id == candidate)):
            return candidate
    raise AssertionError("two contents share a whole SHA-256")


def document_row(reading: Reading, document: str, at: str) -> dict[str, Any]:
    """The row of a document."""
    about = reading.metadata
    name = storable(reading.name)
    return {
        "id": document,
        "sha256": reading.sha256,
        # The text comes from a file that nobody vouches for, so each value is made storable.
        "name": name,
        "media_type": reading.media_type,
        "title": _or_none(about.title) or name or document,
        "date": _or_none(about.date),
        "publisher": _or_none(about.publisher),
        "url": _or_none(about.url),
        "language": _or_none(about.language),
        "page_starts": list(reading.page_starts),
        "added": at,
        "note": reading.note.to_json() if reading.note else None,
        "facts": _storable(facts_row(about.facts)),
        "text": storable(reading.text),
    }


def _storable(value: Any) -> Any:
    """A value of a JSON column with each text in it as every database can hold it."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list | tuple) else value


def digests_row(document: Mapping[str, Any]) -> dict[str, str]:
    """The digests by which damage to a document's row is noticed later."""
    return {
        "document_id": document["id"],
        "about": about_digest(document),
        "text": text_digest(document["text"], document["page_starts"]),
    }


def passage_rows(reading: Reading, document: str) -> Iterator[dict[str, Any]]:
    """The rows of a document's passages. Raises UnreadableFile."""
    for passage in reading.passages:
        # A quotation has to be verbatim, so a fault of a reader must not reach the database.
        if passage.text != reading.text[passage.start : passage.end]:
            place = {"ordinal": passage.ordinal, "start": passage.start}
            raise UnreadableFile(Reason("passage_not_in_text", place))
        row = {
            "document_id": document,
            "ordinal": passage.ordinal,
            "start": passage.start,
            "end": passage.end,
            "page": passage.page,
            "pin": storable(passage.pin),
            "heading": storable(passage.heading),
            "text": storable(passage.text),
            "recognition": passage.recognition,
        }
        yield row | {"digest": passage_digest(row)}


def _or_none(text: str | None) -> str | None:
    return (storable(text).strip() or None) if text else None


def integrity_problems(connection: Connection, limit: int | None) -> Iterator[str]:
    """What is wrong, one line each: damaged pages, references, originals and passages."""
    # PostgreSQL keeps references whole by itself, and checks pages where checksums are on.
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
        select(documents, originals.c.content, document_digests.c.about, _TEXT_DIGEST)
        .join_from(documents, originals, documents.c.sha256 == originals.c.sha256, isouter=True)
        .join(document_digests, document_digests.c.document_id == documents.c.id, isouter=True)
        .where(documents.c.id == document)
    ).one()
    # The text is checked against the original, and the passages against the text.
    if row.content is None:
        yield f"the original of {document} is missing: add its file again"
    elif hashlib.sha256(row.content).hexdigest() != row.sha256:
        yield f"the original of {document} is not what was added: add its file again"
    if document_id(row.sha256, len(document)) != document:
        yield f"{document} is not the id of its content: {HOW_TO_FIX}"
    if row.about not in (None, about_digest(row._asdict())):
        yield f"title, date or other facts of {document} are not what was filed: {HOW_TO_FIX}"
    if row.of_text not in (None, text_digest(row.text, row.page_starts or ())):
        yield f"the text of {document} is not what was filed: {HOW_TO_FIX}"
    query = select(passages).where(passages.c.document_id == document).order_by(passages.c.ordinal)
    for expected, passage in enumerate(connection.execute(query), start=1):
        if passage.ordinal != expected:
            # A gap would mean that a citation opens nothing.
            yield f"{document} has passage {passage.ordinal} where {expected} should be"
        if passage.digest not in (None, passage_digest(passage._asdict())):
            yield f"{document}-{passage.ordinal} is not what was filed: {HOW_TO_FIX}"
        elif passage.text != row.text[passage.start : passage.end]:
            yield f"{document}-{passage.ordinal} is not what its document says at its place"
