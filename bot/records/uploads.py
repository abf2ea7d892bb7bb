"""Files that people sent, until they are filed. They are stored, so that a restart loses none.

An upload is known by the message that brought it, or by the `/add` that points at it. The files of
an album share one message that shows their progress. The process that files an upload holds a lease
on it, as with updates (`bot.records.inbox`). Methods block; call them from threads.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from bot.records.leases import LEASE
from corpus.clock import now
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, add_columns, create_tables
from corpus.storage.schema import Key, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import sqlalchemy
    from sqlalchemy import ColumnElement

# Files to be filed, and for a while their outcomes, which the message `progress_id` shows. `matter`
# is null until the sender has chosen one. The lease of `holder` lasts until `held_until` (seconds
# since 1970).
uploads = Table(
    "uploads",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("language", String, nullable=False),
    Column("album", String),
    Column("file_id", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("matter", String),
    Column("progress_id", BigInteger),
    Column("outcome", JSON(none_as_null=True)),
    Column("holder", String),
    Column("held_until", Float(53)),
    UniqueConstraint("chat_id", "message_id"),
)


# The message that brought a document: what is said of the document in its chat links to it.
bringers = Table(
    "bringers",
    metadata,
    Column("document_id", String, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
)


KEPT: Final = timedelta(hours=1)
"""How long an outcome is kept: later files of an album still join its message."""

UNDONE: Final = timedelta(minutes=10)
"""How long an upload can be undone by its sender."""

_is_open: Final = uploads.c.outcome.is_(None)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    chat_id: int
    thread_id: int
    message_id: int
    """The message with the file, or the command that points at it."""
    person_id: int
    language: str
    file_id: str
    name: str
    album: str | None = None
    matter: str | None = None


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """The outcome of filing a file."""

    line: str
    """Markup, in the sender's language."""
    opens: str | None = None
    """The citation of its first passage."""
    document_id: str | None = None
    """The document that was filed anew; None for a file that changed nothing."""
    supersedes: str | None = None
    """The document in whose place it was filed."""
    filed: str | None = None
    """When it was filed."""

    @property
    def is_undoable(self) -> bool:
        """Whether the filing can still be undone."""
        return self.document_id is not None and (self.filed or "") >= _ago(UNDONE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is to be filed, or was."""

    key: int
    sent: SentFile
    progress_id: int | None
    """The bot's message that shows its progress."""
    outcome: UploadOutcome | None

    @property
    def matter(self) -> str | None:
        """The matter it goes into; None until one is chosen."""
        return self.sent.matter


class Uploads:
    """The uploads as one process sees them; `clock` gives seconds since 1970."""

    def __init__(self, database: sqlalchemy.Engine, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._holder = uuid.uuid4().hex

    def receive(self, sent: SentFile) -> Upload:
        """Store a file that was sent; one that is stored stays as it is.

        A file of an album takes the message and the matter of the files before it.
        """
        with transaction(self._database) as connection:
            serialise(connection, Lock.UPLOADS)
            _forget(connection)
            conditions = (
                uploads.c.chat_id == sent.chat_id,
                uploads.c.message_id == sent.message_id,
            )
            row = connection.execute(select(uploads).where(*conditions)).one_or_none()
            if row is None:
                values = asdict(sent) | {"at": now()} | self._held() | _joined(connection, sent)
                connection.execute(insert(uploads).values(values))
                row = connection.execute(select(uploads).where(*conditions)).one()
        return _upload(row)

    def shown_by(self, chat_id: int, progress_id: int) -> list[Upload]:
        """The files whose progress a message shows, in the order in which they came."""
        return self._find(uploads.c.chat_id == chat_id, uploads.c.progress_id == progress_id)

    def unfinished(self) -> list[Upload]:
        """Every file that has no outcome."""
        return self._find(_is_open)

    def acquire(self, key: int) -> bool:
        """Take the lease on a file; False if it is filed, or another process holds it."""
        return self._hold(and_(uploads.c.key == key, self._is_free)) != []

    def renew(self, keys: Collection[int]) -> None:
        """Renew the leases on files."""
        self._change(and_(uploads.c.key.in_(keys), self._is_mine, _is_open), **self._held())

    def take_over(self, *, alone: bool = False) -> list[Upload]:
        """Take over files whose lease expired; all of them if `alone`."""
        if alone:
            self._hold(true())
            return self.unfinished()
        # A file without a matter waits for its sender and for no process.
        lapsed = func.coalesce(uploads.c.held_until, 0) < self._clock()
        keys = self._hold(and_(uploads.c.matter.is_not(None), lapsed))
        return self._find(uploads.c.key.in_(keys))

    def release_all(self) -> None:
        """Give back all leases, because this process stops."""
        self._change(and_(self._is_mine, _is_open), held_until=0)

    def show_in(self, key: int, progress_id: int) -> None:
        """Store which message shows the progress of a file."""
        self._change(uploads.c.key == key, progress_id=progress_id)

    def choose(self, chat_id: int, progress_id: int, matter: str) -> list[Upload]:
        """Choose the matter for the files of a message that have none; returns them."""
        # Two people may press buttons at the same time; the first choice counts.
        without_matter = [
            upload for upload in self.shown_by(chat_id, progress_id) if upload.matter is None
        ]
        keys = [upload.key for upload in without_matter]
        chosen = uploads.c.key.in_(keys) & uploads.c.matter.is_(None)
        self._change(chosen, matter=matter, **self._held())
        return [upload for upload in self.shown_by(chat_id, progress_id) if upload.key in keys]

    def finish(self, key: int, outcome: UploadOutcome) -> bool:
        """Store the outcome of a file; False if another process did, which then reports it."""
        unfinished = and_(uploads.c.key == key, _is_open)
        return self._change(unfinished, outcome=asdict(outcome)) > 0

    # -- the messages that brought documents -----------------------------------------------------

    def remember(self, sent: SentFile, document_id: str) -> None:
        """Remember the message that brought a document into a group; the newest one counts."""
        if not _can_link(sent.chat_id):
            return
        row = {"document_id": document_id, "chat_id": sent.chat_id}
        values = {"thread_id": sent.thread_id, "message_id": sent.message_id}
        with transaction(self._database) as connection:
            change = update(bringers).filter_by(**row).values(**values)
            if not connection.execute(change).rowcount:
                connection.execute(insert(bringers).values(**row, **values))

    def links_in(self, chat_id: int, document_ids: Collection[str]) -> dict[str, str]:
        """By document: the address of the message of this chat that brought it."""
        if not _can_link(chat_id) or not document_ids:
            return {}
        query = select(bringers).where(
            bringers.c.chat_id == chat_id, bringers.c.document_id.in_(sorted(document_ids))
        )
        with snapshot(self._database) as connection:
            return {row.document_id: _link(row) for row in connection.execute(query)}

    def undo(self, key: int, line: str) -> bool:
        """Store that a filing was undone, and the line that says so; False if it was before."""
        with transaction(self._database) as connection:
            serialise(connection, Lock.UPLOADS)
            row = connection.execute(select(uploads).where(uploads.c.key == key)).one_or_none()
            if row is None or not (row.outcome or {}).get("document_id"):
                return False
            outcome = asdict(UploadOutcome(line))
            change = update(uploads).where(uploads.c.key == key)
            connection.execute(change.values(outcome=outcome))
            return True

    @property
    def _is_mine(self) -> ColumnElement[bool]:
        return uploads.c.holder == self._holder

    @property
    def _is_free(self) -> ColumnElement[bool]:
        return or_(self._is_mine, func.coalesce(uploads.c.held_until, 0) < self._clock())

    def _held(self) -> dict[str, Any]:
        return {"holder": self._holder, "held_until": self._clock() + LEASE}

    def _hold(self, which: ColumnElement[bool]) -> list[int]:
        """Take leases on unfinished files; of several processes that try, one gets each file."""
        with transaction(self._database) as connection:
            # Otherwise two processes could both read the rows as free.
            serialise(connection, Lock.UPLOADS)
            keys = connection.scalars(select(uploads.c.key).where(which, _is_open)).all()
            change = update(uploads).where(uploads.c.key.in_(keys))
            connection.execute(change.values(self._held()))
        return list(keys)

    def _change(self, condition: ColumnElement[bool], **values: Any) -> int:
        with transaction(self._database) as connection:
            return connection.execute(update(uploads).where(condition).values(values)).rowcount

    def _find(self, *conditions: ColumnElement[bool]) -> list[Upload]:
        query = select(uploads).where(*conditions).order_by(uploads.c.key)
        with snapshot(self._database) as connection:
            return [_upload(row) for row in connection.execute(query)]


def path_of(person_id: int, name: str) -> str:
    """The path under which a file is filed that a person sent.

    The same name from the same person gives the same path, so that a file sent again replaces the
    first. A hash of the person's id keeps the files of others apart, and the id out of the path.
    """
    # A path is shown in lists, and an id must not be.
    sender = hashlib.sha256(f"sent by {person_id}".encode()).hexdigest()[:8]
    return f"telegram/{sender}/{name}"


def _forget(connection: sqlalchemy.Connection) -> None:
    """Forget files whose outcome was reported long enough ago."""
    old = (uploads.c.at < _ago(KEPT), uploads.c.outcome.is_not(None))
    connection.execute(delete(uploads).where(*old))


def _ago(age: timedelta) -> str:
    return (datetime.now(UTC) - age).strftime("%Y-%m-%dT%H:%M:%SZ")


def _joined(connection: sqlalchemy.Connection, sent: SentFile) -> dict[str, Any]:
    """The message and matter of the files before it in its album."""
    if sent.album is None:
        return {}
    earlier = connection.execute(
        select(uploads.c.matter, uploads.c.progress_id)
        .where(
            uploads.c.chat_id == sent.chat_id,
            uploads.c.album == sent.album,
            uploads.c.person_id == sent.person_id,
            uploads.c.progress_id.is_not(None),
        )
        .order_by(uploads.c.key.desc())
        .limit(1)
    ).one_or_none()
    if earlier is None:
        return {}
    return {"progress_id": earlier.progress_id, "matter": sent.matter or earlier.matter}


def _upload(row: sqlalchemy.Row[Any]) -> Upload:
    sent = SentFile(
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        message_id=row.message_id,
        person_id=row.person_id,
        language=row.language,
        file_id=row.file_id,
        name=row.name,
        album=row.album,
        matter=row.matter,
    )
    outcome = UploadOutcome(**row.outcome) if row.outcome else None
    return Upload(row.key, sent, row.progress_id, outcome)


def _can_link(chat_id: int) -> bool:
    """Whether messages of a chat have addresses: only supergroups and channels do (Bot API)."""
    return str(chat_id).startswith("-100")


def _link(row: sqlalchemy.Row[Any]) -> str:
    thread = f"/{row.thread_id}" if row.thread_id else ""
    return f"https://t.me/c/{str(row.chat_id).removeprefix('-100')}{thread}/{row.message_id}"


def _messages_that_brought(connection: sqlalchemy.Connection) -> None:
    """Create the table of the messages that brought documents."""
    create_tables(connection, bringers)


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of uploads."""
    create_tables(connection, uploads)


def _uploads_held(connection: sqlalchemy.Connection) -> None:
    """Add the lease of the process that files an upload."""
    add_columns(connection, uploads)


MIGRATIONS: Final = (
    Migration("0005 uploads", _first_tables),
    Migration("0009 uploads held", _uploads_held),
    Migration("0017 messages that brought documents", _messages_that_brought),
)
