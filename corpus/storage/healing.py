"""Writes back what is damaged in the database, from the copies of it that are still as they were.

In order of cost: a passage from its document's text, a text from its passages, and all of them from
the original, read again. Only what agrees with the digest of when it was filed is written.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from corpus.storage.documents import digests_row, document_row, passage_rows
from corpus.storage.schema import document_digests, documents, filings, originals, passages
from corpus.storage.soundness import (
    ABOUT,
    OF_PASSAGE,
    about_digest,
    passage_digest,
    text_digest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corpus.models import Reading


def is_sound(connection: Connection, document_id: str) -> bool:
    """Whether a document's text, passages and facts are what was filed."""
    document, rows = _document(connection, document_id), _passages(connection, document_id)
    return (
        document["about_digest"] in (None, about_digest(document))
        and _is_text_sound(document)
        and all(_is_passage_sound(row, document["text"]) for row in rows)
    )


def heal_from_copies(connection: Connection, document_id: str) -> bool:
    """Heal a document's passages by its text, or its text by them; whether all of it is sound."""
    document, rows = _document(connection, document_id), _passages(connection, document_id)
    text = document["text"]
    if not _is_text_sound(document):
        for row in rows:
            if _is_passage_sound(row):
                text = text[: row["start"]] + row["text"] + text[row["end"] :]
        if text_digest(text, document["page_starts"] or ()) == document["text_digest"]:
            _write(connection, document_id, {"text": text})
    for row in rows:
        if not _is_passage_sound(row):
            words = text[row["start"] : row["end"]]
            if passage_digest(row | {"text": words}) == row["digest"]:
                by_key = passages.c.key == row["key"]
                connection.execute(update(passages).where(by_key).values(text=words))
    return is_sound(connection, document_id)


def heal_from_reading(connection: Connection, document_id: str, reading: Reading) -> bool:
    """Heal a document by its original, read again; whether all of it is sound then.

    A reader of another version may read it otherwise: what differs from what was filed is left.
    """
    document = _document(connection, document_id)
    read = document_row(reading, document_id, document["added"])
    digests = digests_row(read)
    for columns, name in ((ABOUT, "about"), (("text", "page_starts"), "text")):
        if digests[name] == document[f"{name}_digest"]:
            _write(connection, document_id, {column: read[column] for column in columns})
        elif all(read[column] == document[column] for column in columns):
            # The digest itself is what is damaged.
            of_document = document_digests.c.document_id == document_id
            change = update(document_digests).where(of_document)
            connection.execute(change.values({name: digests[name]}))
    read_passages = {row["ordinal"]: row for row in passage_rows(reading, document_id)}
    for row in _passages(connection, document_id):
        again = read_passages.get(row["ordinal"])
        if again is None or _is_passage_sound(row):
            continue
        if again["digest"] == row["digest"] or all(again[c] == row[c] for c in OF_PASSAGE):
            by_key = passages.c.key == row["key"]
            connection.execute(update(passages).where(by_key).values(again))
    return heal_from_copies(connection, document_id)


def heal_by_adding(connection: Connection, document_id: str, reading: Reading) -> None:
    """Heal what is damaged of a document whose file is added again."""
    heal_original(connection, reading.content)
    if not is_sound(connection, document_id):
        heal_from_reading(connection, document_id, reading)


def heal_original(connection: Connection, content: bytes) -> bool:
    """Write the bytes of an original that is missing or damaged; False where it was sound."""
    sha256 = hashlib.sha256(content).hexdigest()
    stored = connection.scalar(select(originals.c.content).where(originals.c.sha256 == sha256))
    if stored == content:
        return False
    if stored is None:
        connection.execute(insert(originals).values(sha256=sha256, content=content))
    else:
        by_hash = originals.c.sha256 == sha256
        connection.execute(update(originals).where(by_hash).values(content=content))
    return True


def restore_original(
    connection: Connection, document_id: str, content_at: Callable[[str], bytes | None]
) -> bool:
    """Write a damaged original from one of the files that it came from; whether it is sound."""
    if sound_original(connection, document_id):
        return True
    sha256 = connection.scalar(select(documents.c.sha256).where(documents.c.id == document_id))
    paths = select(filings.c.path).where(filings.c.document_id == document_id).distinct()
    for path in connection.scalars(paths).all():
        content = content_at(path)
        if content is not None and hashlib.sha256(content).hexdigest() == sha256:
            return heal_original(connection, content)
    return False


def sound_original(connection: Connection, document_id: str) -> tuple[bytes, str] | None:
    """The bytes of a document and the name of its file; None where they are damaged or missing."""
    row = connection.execute(
        select(originals.c.content, originals.c.sha256, documents.c.name)
        .join_from(documents, originals, documents.c.sha256 == originals.c.sha256)
        .where(documents.c.id == document_id)
    ).one_or_none()
    if row is None or hashlib.sha256(row.content).hexdigest() != row.sha256:
        return None
    return row.content, row.name


def _document(connection: Connection, document_id: str) -> dict[str, Any]:
    digests = (
        document_digests.c.about.label("about_digest"),
        document_digests.c.text.label("text_digest"),
    )
    query = select(documents, *digests).join_from(documents, document_digests, isouter=True)
    return connection.execute(query.where(documents.c.id == document_id)).one()._asdict()


def _passages(connection: Connection, document_id: str) -> list[dict[str, Any]]:
    query = select(passages).where(passages.c.document_id == document_id)
    return [row._asdict() for row in connection.execute(query.order_by(passages.c.ordinal))]


def _is_text_sound(document: Mapping[str, Any]) -> bool:
    digest = text_digest(document["text"], document["page_starts"] or ())
    return document["text_digest"] in (None, digest)


def _is_passage_sound(row: Mapping[str, Any], text: str | None = None) -> bool:
    """By its digest; one that was filed without a digest, by its document's `text`."""
    if row["digest"] is None:
        return text is None or text[row["start"] : row["end"]] == row["text"]
    return passage_digest(row) == str(row["digest"])


def _write(connection: Connection, document_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(update(documents).where(documents.c.id == document_id).values(**values))
