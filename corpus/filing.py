"""Filing and withdrawing documents, each inside one transaction.

A filing is a document in a matter under a path. New content under the same path ends the old
filing, which is then superseded. The parts of a file (an e-mail's attachments) are filed with it,
and replaced or withdrawn with it. Each change of filings adds a row to `changes`, from which
indexes learn what to update.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, func, insert, or_, select, update

from corpus import holds, matters
from corpus.clock import now
from corpus.errors import UnreadableFile
from corpus.models import Filed, Reading, Scope
from corpus.reasons import Reason
from corpus.storage import healing
from corpus.storage.database import serialise
from corpus.storage.documents import storable, store_document
from corpus.storage.locks import Lock
from corpus.storage.records import (
    batches,
    count_passages,
    is_live,
    is_visible,
    note_on,
    status_in,
    within,
)
from corpus.storage.schema import changes, documents, filings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row

LONGEST_PATH: Final = 2000
"""In bytes of UTF-8. PostgreSQL cannot index values of more than about 2,700 bytes."""

WITHDRAWN: Final = Reason("withdrawn_here")


_LAST_REVISION: Final = select(func.max(changes.c.revision))


@dataclass(frozen=True, slots=True)
class Part:
    """One file and the files inside it: its reading, or why it was not read."""

    path: str
    reading: Reading | UnreadableFile
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class FilingTransaction:
    """Files documents into one matter, within one transaction.

    `again`: whether a document that was withdrawn from a path may be filed there again.
    """

    connection: Connection
    matter: str
    added_by: int | None = None
    again: bool = True
    at: str = field(default_factory=now)

    def __post_init__(self) -> None:
        # Revisions are numbered without gaps, and a path holds one live document.
        serialise(self.connection, Lock.FILING)
        object.__setattr__(self, "matter", matters.ensure(self.connection, self.matter)[0])

    def file(self, part: Part, part_of: str | None = None) -> Filed:
        """File one file with its parts. Raises UnreadableFile for what cannot be kept."""
        path, reading = storable(part.path), part.reading
        if isinstance(reading, UnreadableFile):
            return refused(self.matter, path, reading.reason)
        if len(path.encode()) > LONGEST_PATH:
            return refused(self.matter, path, Reason("path_too_long", {"limit": LONGEST_PATH}))
        # A watched folder must not bring back what a person withdrew.
        if not self.again and withdrawn_from(self.connection, self.matter, path, reading.sha256):
            return refused(self.matter, path, WITHDRAWN)
        before = live_at(self.connection, self.matter, path)
        if before is not None and before.sha256 == reading.sha256:
            filed = self._keep(before, part_of)
        else:
            filed = self._place(path, reading, part_of, before)
        attachments = tuple(self.file(inner, filed.document_id) for inner in part.parts)
        # After the new parts: an attachment that both versions hold moves to the new one.
        if before is not None and filed.supersedes:
            _end_parts(self.connection, before, self.at, filed.document_id)
        return replace(filed, attachments=attachments)

    def _keep(self, filing: Row[Any], part_of: str | None) -> Filed:
        # The attachment belongs to the e-mail's new version from now on.
        if filing.part_of != part_of:
            by_key = filings.c.key == filing.key
            self.connection.execute(update(filings).where(by_key).values(part_of=part_of))
        return unchanged(self.connection, filing)

    def _place(
        self, path: str, reading: Reading, part_of: str | None, before: Row[Any] | None
    ) -> Filed:
        """File a document under a path that is free, or in place of the document there."""
        document, is_stored = store_document(self.connection, reading, self.at)
        if is_stored:
            # Whoever adds a file again brings back what the disk has lost of it.
            healing.heal_by_adding(self.connection, document, reading)
        twin = self._twin_of(document) if is_stored else None
        if before is not None:
            _end(self.connection, before, self.at, document)
        row = {
            "document_id": document,
            "matter": self.matter,
            "path": path,
            "part_of": part_of,
            "added": self.at,
            "added_by": self.added_by,
        }
        self.connection.execute(insert(filings), row)
        _record_change(self.connection, document, self.matter)
        return Filed(
            path=path,
            outcome="replaced" if before is not None else "unchanged" if twin else "added",
            matter=self.matter,
            reason=Reason("same_content", {"path": twin}) if twin else None,
            document_id=document,
            # not those of the reading: an older version may have split a stored document otherwise
            passages=count_passages(self.connection, document)
            if is_stored
            else len(reading.passages),
            supersedes=None if before is None else before.document_id,
            note=note_on(self.connection, document) if is_stored else reading.note,
        )

    def _twin_of(self, document: str) -> str | None:
        """A path in this matter under which the same document is live."""
        in_matter = (filings.c.document_id == document, filings.c.matter == self.matter, is_live)
        return self.connection.scalar(select(filings.c.path).where(*in_matter).limit(1))


def refused(matter: str, path: str, reason: Reason) -> Filed:
    """The outcome of a file that is not filed, and why."""
    return Filed(path=path, outcome="refused", matter=matter, reason=reason)


def unchanged(connection: Connection, filing: Row[Any]) -> Filed:
    """The outcome of a file whose content is already filed under its path."""
    return Filed(
        path=filing.path,
        outcome="unchanged",
        matter=filing.matter,
        document_id=filing.document_id,
        passages=count_passages(connection, filing.document_id),
        note=note_on(connection, filing.document_id),
    )


def live_at(connection: Connection, matter: str, path: str) -> Row[Any] | None:
    """The live filing under a path, with its document's sha256 and media type."""
    return connection.execute(
        select(filings, *documents.c["sha256", "media_type"])
        .join_from(filings, documents, filings.c.document_id == documents.c.id)
        .where(filings.c.matter == matter, filings.c.path == path, is_live)
    ).one_or_none()


def withdrawn_from(connection: Connection, matter: str, path: str, sha256: str) -> bool:
    """Whether this content was filed under this path and withdrawn, not replaced, from it."""
    # Only the last time counts: it may have been filed again after a withdrawal.
    last = connection.execute(
        select(*filings.c["ended", "superseded_by"])
        .join_from(filings, documents, filings.c.document_id == documents.c.id)
        .where(filings.c.matter == matter, filings.c.path == path, documents.c.sha256 == sha256)
        .order_by(filings.c.key.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and last.ended is not None and last.superseded_by is None


def known_outcome(
    connection: Connection, sha256: str, matter: str, path: str, again: bool
) -> Filed | None:
    """The outcome of filing this content, if it is known without reading it.

    A file with files inside is read again, so that the outcome can name each of them.
    """
    name, path = matters.spelling(connection, matter), storable(path)
    if not again and withdrawn_from(connection, name, path, sha256):
        return refused(name, path, WITHDRAWN)
    filed = live_at(connection, name, path)
    if filed is None or filed.sha256 != sha256 or filed.media_type.startswith("message/"):
        return None
    if healing.sound_original(connection, filed.document_id) is None:
        return None
    attachment = select(filings.c.key).where(filings.c.part_of == filed.document_id).limit(1)
    return None if connection.scalar(attachment) else unchanged(connection, filed)


def filed_below(connection: Connection, matter: str, paths: Sequence[str]) -> list[tuple[str, str]]:
    """The live files at these paths, or in these folders, without attachments."""
    filed: set[tuple[str, str]] = set()
    live = select(filings.c.path, filings.c.document_id).where(
        filings.c.matter == matter, filings.c.part_of.is_(None), is_live
    )
    for batch in batches(paths, 100):
        below = (_is_below(path) for path in batch)
        for row in connection.execute(live.where(or_(filings.c.path.in_(batch), *below))):
            filed.add((row.path, row.document_id))
    return sorted(filed)


def withdraw(connection: Connection, document_id: str, scope: Scope) -> tuple[str, ...]:
    """End the filings of a document and its attachments within the scope, also superseded ones.

    Returns the matters it left. Raises NotFound, UnderHold, or Withdrawn (that happened before).
    """
    serialise(connection, Lock.FILING)
    status_in(connection, document_id, scope)
    at = now()
    of_document = (filings.c.document_id == document_id, within(scope), is_visible)
    rows = connection.execute(select(filings).where(*of_document)).all()
    holds.refuse_if_held(connection, {filing.matter for filing in rows})
    for filing in rows:
        _end(connection, filing, at, None)
        _end_parts(connection, filing, at, None)
    return tuple(sorted({filing.matter for filing in rows}))


def _end(connection: Connection, filing: Row[Any], at: str, successor: str | None) -> None:
    by_key = filings.c.key == filing.key
    connection.execute(update(filings).where(by_key).values(ended=at, superseded_by=successor))
    _record_change(connection, filing.document_id, filing.matter)


def _end_parts(connection: Connection, filing: Row[Any], at: str, successor: str | None) -> None:
    """End the filings of attachments. Replaced ones stay replaced, unless they are withdrawn."""
    parts = connection.execute(
        select(filings).where(
            filings.c.part_of == filing.document_id,
            filings.c.matter == filing.matter,
            _is_below(filing.path),
            is_live if successor else is_visible,
        )
    ).all()
    for part in parts:
        _end(connection, part, at, successor)
        _end_parts(connection, part, at, successor)


def _is_below(path: str) -> ColumnElement[bool]:
    # Not LIKE: it has wildcards, and ignores case on SQLite only.
    return func.substr(filings.c.path, 1, len(path) + 1) == f"{path}/"


def _record_change(connection: Connection, document_id: str, matter: str) -> None:
    last = connection.scalar(_LAST_REVISION) or 0
    row = {"revision": last + 1, "document_id": document_id, "matter": matter}
    connection.execute(insert(changes), row)
