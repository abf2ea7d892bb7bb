"""Files that people sent, until they are filed: kept in the database, so that a restart loses none.

An upload is known by the message that brought it, or by the `/add` that pointed at it. Those of
an album share one message that shows how far they are. Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from corpus.clock import now
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.schema_arrivals import uploads

if TYPE_CHECKING:
    import sqlalchemy

KEPT: Final = timedelta(hours=1)
"""How long the outcome of an upload is kept, for an album's later files to join its message."""

_RECEIVING: Final = 0x70696E05  # any number, as long as all processes agree


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    chat_id: int
    thread_id: int
    message_id: int
    """Of the file, or of the command that points at it."""
    person_id: int
    language: str
    file_id: str
    name: str
    album: str | None = None
    matter: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    line: str
    """Markup, in the sender's language."""
    opens: str | None = None
    """The citation of its first passage."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way."""

    key: int
    sent: Sent
    progress_id: int | None
    """The message of ours that shows how far it is."""
    outcome: Outcome | None

    @property
    def matter(self) -> str | None:
        """Where it goes; None until that was chosen."""
        return self.sent.matter


class Uploads:
    """The files on their way, in the database."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def receive(self, sent: Sent) -> Upload:
        """Keep a file that was sent; one that is known stays as it is.

        A file of an album joins the message, and goes into the matter, of those before it.
        """
        with transaction(self._database) as connection:
            serialise(connection, _RECEIVING)
            _forget(connection)
            mine = (uploads.c.chat_id == sent.chat_id, uploads.c.message_id == sent.message_id)
            known = connection.execute(select(uploads).where(*mine)).one_or_none()
            if known is None:
                values = asdict(sent) | {"at": now()} | _joined(connection, sent)
                connection.execute(insert(uploads).values(values))
                known = connection.execute(select(uploads).where(*mine)).one()
        return _upload(known)

    def shown_by(self, chat_id: int, progress_id: int) -> list[Upload]:
        """The files whose progress a message shows, in the order in which they came."""
        return self._find(uploads.c.chat_id == chat_id, uploads.c.progress_id == progress_id)

    def unfinished(self, age: timedelta = timedelta()) -> list[Upload]:
        """Every file that has no outcome after so long."""
        return self._find(uploads.c.outcome.is_(None), uploads.c.at <= _ago(age))

    def show_in(self, key: int, progress_id: int) -> None:
        """Keep which message shows the progress of a file."""
        self._change(uploads.c.key == key, progress_id=progress_id)

    def choose(self, chat_id: int, progress_id: int, matter: str) -> list[Upload]:
        """Send the files of a message, those that had no goal, into a matter; returns them."""
        waiting = [each for each in self.shown_by(chat_id, progress_id) if each.matter is None]
        keys = [each.key for each in waiting]
        self._change(uploads.c.key.in_(keys) & uploads.c.matter.is_(None), matter=matter)
        return [each for each in self.shown_by(chat_id, progress_id) if each.key in keys]

    def finish(self, key: int, outcome: Outcome) -> None:
        """Keep what became of a file."""
        self._change(uploads.c.key == key, outcome=asdict(outcome))

    def _change(self, condition: sqlalchemy.ColumnElement[bool], **values: Any) -> None:
        with transaction(self._database) as connection:
            connection.execute(update(uploads).where(condition).values(values))

    def _find(self, *conditions: sqlalchemy.ColumnElement[bool]) -> list[Upload]:
        query = select(uploads).where(*conditions).order_by(uploads.c.key)
        with snapshot(self._database) as connection:
            return [_upload(row) for row in connection.execute(query)]


def _forget(connection: sqlalchemy.Connection) -> None:
    """Let go of files whose outcome was told long enough ago."""
    old = (uploads.c.at < _ago(KEPT), uploads.c.outcome.is_not(None))
    connection.execute(delete(uploads).where(*old))


def _ago(age: timedelta) -> str:
    return (datetime.now(UTC) - age).strftime("%Y-%m-%dT%H:%M:%SZ")


def _joined(connection: sqlalchemy.Connection, sent: Sent) -> dict[str, Any]:
    """What a file takes over from those of its album before it."""
    if sent.album is None:
        return {}
    before = connection.execute(
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
    if before is None:
        return {}
    return {"progress_id": before.progress_id, "matter": sent.matter or before.matter}


def _upload(row: sqlalchemy.Row[Any]) -> Upload:
    sent = Sent(
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
    outcome = Outcome(**row.outcome) if row.outcome else None
    return Upload(row.key, sent, row.progress_id, outcome)
