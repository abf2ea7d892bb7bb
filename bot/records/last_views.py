"""What do the bot's messages show?  Telegram refuses an edit that changes nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, String, Table, delete, insert, select, update

from corpus.clock import now
from corpus.storage.database import snapshot, transaction
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    import sqlalchemy

# A hash of what each message of the bot shows, where several processes edit them.
views = Table(
    "shown",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String, nullable=False),
    Column("at", String, nullable=False),
)


_REMEMBERED: Final = 4096
KEPT: Final = timedelta(days=3)


class LastViews:
    """What this process showed last; enough while no other process edits its messages."""

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[int, int], object] = OrderedDict()

    async def is_same(self, chat_id: int, message_id: int, view: object) -> bool:
        """Whether the message is known to show this view."""
        return self._last.get((chat_id, message_id)) == view

    async def note(self, chat_id: int, message_id: int, view: object) -> None:
        """Remember what a message shows now."""
        self._last[chat_id, message_id] = view
        self._last.move_to_end((chat_id, message_id))
        # Forgetting one costs a useless edit, which Telegram refuses without harm.
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)


class SharedViews(LastViews):
    """The same for processes that share a database, which keeps a hash of each view."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        super().__init__()
        self._database = database

    async def is_same(self, chat_id: int, message_id: int, view: object) -> bool:
        """Whether the message is known to show this view."""
        digest = await asyncio.to_thread(self._digest, chat_id, message_id)
        return digest == _digest_of(view)

    async def note(self, chat_id: int, message_id: int, view: object) -> None:
        """Remember what a message shows now."""
        await asyncio.to_thread(self._keep, chat_id, message_id, _digest_of(view))

    def forget(self, today: datetime | None = None) -> None:
        """Forget old messages, whose buttons are hardly pressed any more. Blocks."""
        limit = ((today or datetime.now(UTC)) - KEPT).strftime("%Y-%m-%dT%H:%M:%SZ")
        with transaction(self._database) as connection:
            connection.execute(delete(views).where(views.c.at < limit))

    def _digest(self, chat_id: int, message_id: int) -> str | None:
        query = select(views.c.digest).filter_by(chat_id=chat_id, message_id=message_id)
        with snapshot(self._database) as connection:
            return connection.scalar(query)

    def _keep(self, chat_id: int, message_id: int, digest: str) -> None:
        row = {"chat_id": chat_id, "message_id": message_id}
        values = {"digest": digest, "at": now()}
        with transaction(self._database) as connection:
            change = update(views).filter_by(**row).values(values)
            if not connection.execute(change).rowcount:
                connection.execute(insert(views).values(**row, **values))


def views_of(shared: sqlalchemy.Engine | None) -> LastViews:
    """Kept in memory, or in a database where other processes edit the same messages."""
    return LastViews() if shared is None else SharedViews(shared)


def _digest_of(view: object) -> str:
    # surrogatepass: a view may hold half of a surrogate pair from a file's name.
    return hashlib.sha256(repr(view).encode("utf-8", "surrogatepass")).hexdigest()


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of last views."""
    create_tables(connection, views)


MIGRATIONS: Final = (Migration("0007 last views", _first_tables),)
