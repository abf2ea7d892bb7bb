"""Is what the database holds what was filed? A digest of each row tells, and a copy may heal it.

A disk, a cable or a memory chip flips bits, and SQLite has no checksums of its own. So each
document and each passage carries a digest, which is compared whenever its text is read: that takes
a few microseconds, and no altered word is quoted. A passage stands twice in the database, as itself
and within its document's text, so most damage is made good while reading; `healing` writes it back,
and reads the original again where both copies are damaged.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, func, select

from corpus.errors import Damaged
from corpus.models import PassageRecord
from corpus.storage.schema import document_digests, documents

if TYPE_CHECKING:
    from sqlalchemy import Row

DIGEST_BYTES: Final = 12
"""96 bits: chance makes no two alike. Whoever writes to the database could write digests too."""
HOW_TO_FIX: Final = "run 'pincite doctor --fix', else restore a backup"
ABOUT: Final = (
    *("id", "sha256", "name", "media_type", "title", "date", "publisher", "url", "language"),
    *("note", "facts"),
)
"""What is said of a document beside its text."""
OF_PASSAGE: Final = (
    *("document_id", "ordinal", "start", "end", "page", "pin", "heading", "recognition", "text"),
)
_BATCH: Final = 500

_log = logging.getLogger(__name__)
# Said once in a process: a damaged passage may be a candidate of every question.
_reported: set[str] = set()
_noticed: set[str] = set()


def passage_digest(row: Mapping[str, Any]) -> str:
    """The digest of a passage: of its words, its place, and all that its pin says."""
    return _digest(row[name] for name in OF_PASSAGE)


def about_digest(row: Mapping[str, Any]) -> str:
    """The digest of what is said of a document beside its text: title, day, facts and the like."""
    facts = json.dumps(row["facts"], sort_keys=True) if row["facts"] else None
    return _digest({**row, "facts": facts}[name] for name in ABOUT)


def text_digest(text: str, page_starts: Iterable[int]) -> str:
    """The digest of a document's text and of where its pages begin."""
    return _digest([text, *page_starts])


def _digest(values: Iterable[object]) -> str:
    # NUL stands in no text that is stored, so that two rows never read alike.
    text = "\0".join("" if value is None else str(value) for value in values)
    # Damaged bytes may be decoded into anything, lone surrogates included.
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest()


def sound_passages(connection: Connection, rows: Sequence[Row[Any]]) -> list[PassageRecord]:
    """The passages of rows with a digest behind a record's fields, without the damaged ones.

    A damaged one whose words stand undamaged in its document's text is read from there.
    """
    if not rows:
        return []
    damaged = damaged_documents(connection, {row.document_id for row in rows})
    records = []
    for row in rows:
        fields = row._asdict()
        digest = fields.pop("digest")
        if digest != passage_digest(fields):
            _noticed.add(row.document_id)
            fields["text"] = _text_of_document(connection, fields, digest)
        if fields["text"] is None or row.document_id in damaged:
            _report(row.document_id, f"{row.document_id}-{row.ordinal}")
        else:
            records.append(PassageRecord(**fields))
    return records


def _text_of_document(
    connection: Connection, fields: Mapping[str, Any], digest: str | None
) -> str | None:
    """A passage's words as its document's text has them; None if these are damaged too."""
    start, length = fields["start"] + 1, max(0, fields["end"] - fields["start"])
    words = select(func.substr(documents.c.text, start, length))
    text: str | None = connection.scalar(words.where(documents.c.id == fields["document_id"]))
    if digest is None:  # filed by a version that knew no digests: two copies must agree
        return text if text == fields["text"] else None
    return text if passage_digest({**fields, "text": text}) == digest else None


def damaged_documents(connection: Connection, document_ids: Collection[str]) -> set[str]:
    """Those of the documents of which title, day or other facts are not as they were filed."""
    ids, damaged = sorted(document_ids), set()
    query = select(*documents.c[ABOUT], document_digests.c.about.label("digest"))
    query = query.join_from(documents, document_digests, isouter=True)
    for start in range(0, len(ids), _BATCH):
        batch = documents.c.id.in_(ids[start : start + _BATCH])
        for row in connection.execute(query.where(batch)):
            if row.digest not in (None, about_digest(row._asdict())):
                damaged.add(str(row.id))
                _report(row.id, row.id)
    return damaged


def sound_text(connection: Connection, document_id: str) -> tuple[str, tuple[int, ...]]:
    """A document's whole text, and where its pages begin. Raises Damaged."""
    query = select(*documents.c["text", "page_starts"], document_digests.c.text.label("digest"))
    query = query.join_from(documents, document_digests, isouter=True)
    row = connection.execute(query.where(documents.c.id == document_id)).one()
    page_starts = tuple(row.page_starts or ())
    if row.digest not in (None, text_digest(row.text, page_starts)):
        _report(document_id, f"the text of {document_id}")
        raise Damaged(f"the text of {document_id} is damaged on the disk: {HOW_TO_FIX}")
    return row.text, page_starts


def take_noticed() -> list[str]:
    """The documents in which reading has met damage since the last call, sorted."""
    document_ids = sorted(_noticed)
    _noticed.difference_update(document_ids)
    return document_ids


def _report(document_id: str, what: str) -> None:
    _noticed.add(document_id)
    if what not in _reported:
        _reported.add(what)
        _log.warning("%s is damaged on the disk and is not shown: %s", what, HOW_TO_FIX)
