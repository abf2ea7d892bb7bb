"""Updates are stored from their arrival until they are handled; one process holds each.

An update is stored before Telegram is told that it arrived, so that neither a kill nor a full queue
loses it. The process that stores it first holds a lease on it and renews the lease while it lives.
Updates of a chat are handled in order, whichever processes hold them. When a lease expires, another
process takes the update over, or the next start does. Methods block.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy
import structlog
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    delete,
    exc,
    insert,
    select,
    text,
    true,
    update,
)

from bot.records.leases import LEASE
from corpus.clock import now
from corpus.storage.database import snapshot, transaction
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.records import batches
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import ColumnElement

# Updates as Telegram sent them. One is pending while held_until (seconds since 1970) is not null.
# When it is handled, held_until and its content are set to null; the id stays, because Telegram may
# send the update again.
updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("lane", String),
    Column("written", Text),
    Column("holder", String),
    Column("held_until", Float(53)),
    Column("tries", Integer),
)
Index(
    "updates_pending",
    updates.c.lane,
    updates.c.update_id,
    sqlite_where=updates.c.held_until.is_not(None),
    postgresql_where=updates.c.held_until.is_not(None),
)


TRIES: Final = 3
"""How often an update is begun. After that it is given up: it may be what kills the processes."""

PUT_OFF: Final = 60.0
"""Seconds until an update is handled again that needed to write when nothing could be written."""

KEPT: Final = timedelta(days=3)
"""How long an update is remembered. Telegram repeats one for a day at most."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PendingUpdate:
    """An update that is not handled yet, as Telegram sent it: JSON."""

    update_id: int
    written: str


class Inbox:
    """The updates in the database, as one process sees them; `clock` tells seconds since 1970."""

    def __init__(self, database: sqlalchemy.Engine, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._holder = uuid.uuid4().hex

    def receive(self, update_id: int, lane: str, written: str) -> bool:
        """Store an update; False if it came before and is handled, or is being handled.

        `lane` names a sequence whose updates are handled in order.
        """
        row = {
            "update_id": update_id,
            "at": now(),
            "lane": lane,
            "written": written,
            "holder": self._holder,
            "held_until": self._until(),
            "tries": 1,
        }
        try:
            with transaction(self._database) as connection:
                connection.execute(insert(updates).values(row))
        # The id is the key, so of two processes one inserts the update and the other gets this.
        except exc.IntegrityError:
            return self._take(updates.c.update_id == update_id) != []
        return True

    def is_next(self, update_id: int, lane: str) -> bool:
        """Whether no earlier update of its lane is pending."""
        earlier = and_(updates.c.lane == lane, updates.c.update_id < update_id, _is_pending)
        with snapshot(self._database) as connection:
            return connection.scalar(select(updates.c.update_id).where(earlier).limit(1)) is None

    def pending_after(self, update_id: int, lane: str) -> list[PendingUpdate]:
        """The later updates of a lane that are stored here and not handled yet, oldest first."""
        later = and_(updates.c.lane == lane, updates.c.update_id > update_id, _is_pending)
        query = select(updates.c.update_id, updates.c.written).where(later, self._is_mine)
        with snapshot(self._database) as connection:
            rows = connection.execute(query.order_by(updates.c.update_id)).all()
        return [PendingUpdate(row.update_id, row.written) for row in rows]

    def mark_handled(self, update_id: int) -> None:
        """Remember that an update was handled, and forget its content."""
        emptied = {"lane": None, "written": None, "holder": None, "held_until": None}
        self._change(updates.c.update_id == update_id, **emptied)

    def release(self, update_id: int) -> None:
        """Give back the lease on an update that failed: the next process that looks takes it."""
        held_here = and_(updates.c.update_id == update_id, self._is_mine)
        self._change(and_(held_here, _is_pending), held_until=0)

    def put_off(self, update_id: int) -> None:
        """Let an update be handled again in a while, however often: the disk was what failed."""
        held_here = and_(updates.c.update_id == update_id, self._is_mine)
        later = {"held_until": self._clock() + PUT_OFF, "tries": 0}
        self._change(and_(held_here, _is_pending), **later)

    def release_all(self) -> None:
        """Give back all leases, because this process stops."""
        self._change(and_(self._is_mine, _is_pending), held_until=0, tries=0)

    def renew(self, update_ids: Collection[int]) -> None:
        """Renew the leases on updates."""
        for batch in batches(sorted(update_ids)):
            condition = and_(self._is_mine, _is_pending, updates.c.update_id.in_(batch))
            self._change(condition, held_until=self._until())

    def take_over(self, *, alone: bool = False) -> list[PendingUpdate]:
        """Take over the updates whose lease expired, oldest first; all of them if `alone`."""
        self._give_up()
        if alone:
            return self._take(updates.c.holder != self._holder, expired=False)
        return self._take(true())

    def forget(self, today: datetime | None = None) -> None:
        """Forget updates that Telegram will not repeat any more."""
        limit = ((today or datetime.now(UTC)) - KEPT).strftime("%Y-%m-%dT%H:%M:%SZ")
        with transaction(self._database) as connection:
            connection.execute(delete(updates).where(updates.c.at < limit))

    @property
    def _is_mine(self) -> ColumnElement[bool]:
        return updates.c.holder == self._holder

    def _take(self, which: ColumnElement[bool], *, expired: bool = True) -> list[PendingUpdate]:
        """Take leases on pending updates; of several processes that try, one gets each update."""
        pending = and_(which, _is_pending, updates.c.tries < TRIES)
        if expired:
            pending = and_(pending, updates.c.held_until < self._clock())
        pending_updates = []
        with transaction(self._database) as connection:
            query = select(updates).where(pending).order_by(updates.c.update_id)
            for row in connection.execute(query).all():
                # If another process has taken it since the query, its count of tries differs.
                unchanged = and_(updates.c.update_id == row.update_id, updates.c.tries == row.tries)
                values = {
                    "holder": self._holder,
                    "held_until": self._until(),
                    "tries": row.tries + 1,
                }
                change = update(updates).where(unchanged, _is_pending).values(values)
                if connection.execute(change).rowcount:
                    pending_updates.append(PendingUpdate(row.update_id, row.written))
        return pending_updates

    def _give_up(self) -> None:
        """Forget updates that were begun too often, so that their chats go on."""
        hopeless = and_(_is_pending, updates.c.tries >= TRIES)
        hopeless = and_(hopeless, updates.c.held_until < self._clock())
        with transaction(self._database) as connection:
            lost = connection.scalars(select(updates.c.update_id).where(hopeless)).all()
            change = update(updates).where(updates.c.update_id.in_(lost))
            connection.execute(change.values(held_until=None, written=None, lane=None))
        for update_id in lost:
            # An operator has to see it: somebody gets no answer.
            log.error("update given up", update=update_id, tries=TRIES)

    def _change(self, which: ColumnElement[bool], **values: object) -> None:
        with transaction(self._database) as connection:
            connection.execute(update(updates).where(which).values(values))

    def _until(self) -> float:
        return self._clock() + LEASE


_is_pending: Final = updates.c.held_until.is_not(None)


def _updates_as_they_came(connection: sqlalchemy.Connection) -> None:
    """Create the table of updates; those in the older table `handled` are handled."""
    create_tables(connection, updates)
    if sqlalchemy.inspect(connection).has_table("handled"):
        columns = "(update_id, at) SELECT update_id, at FROM handled"
        connection.execute(text(f"INSERT INTO updates {columns}"))
        connection.execute(text("DROP TABLE handled"))


MIGRATIONS: Final = (Migration("0007 updates as they came", _updates_as_they_came),)
