"""Questions of the bot that wait for the press of a button: each may be answered once.

A key is random and holds for one person below one message, so no button says by itself what it
does, and a key that becomes known opens nothing elsewhere. Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from bot.records import keys
from corpus.clock import now
from corpus.storage.database import snapshot, transaction
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy

# person_id: who may press. message_id: the message with the buttons, null until it is sent.
choices = Table(
    "choices",
    metadata,
    Column("key", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("action", String, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("details", JSON, nullable=False),
    Column("used", String),
    Index("choices_by_message", "chat_id", "message_id"),
    Index("choices_by_time", "at"),
)

KEPT: Final = timedelta(days=7)
"""How long a question waits for its answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question that a person may answer by a button, and what it is about."""

    key: str
    action: str
    person_id: int
    chat_id: int
    thread_id: int
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where and by whom a button is pressed."""

    person_id: int
    chat_id: int
    thread_id: int
    message_id: int


class Choices:
    """The questions that wait."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def offer(self, action: str, spot: Spot, details: Mapping[str, Any]) -> Choice:
        """Store a question that is about to be sent; the message of the `spot` is not known yet."""
        key = keys.button_key()
        with transaction(self._database) as connection:
            values = {
                "key": key,
                "at": now(),
                "action": action,
                "person_id": spot.person_id,
                "chat_id": spot.chat_id,
                "thread_id": spot.thread_id,
                "details": dict(details),
            }
            connection.execute(insert(choices).values(values))
        return Choice(key, action, spot.person_id, spot.chat_id, spot.thread_id, dict(details))

    def sent(self, key: str, message_id: int) -> None:
        """Store which message has the buttons."""
        with transaction(self._database) as connection:
            where = choices.c.key == key
            connection.execute(update(choices).where(where).values(message_id=message_id))

    def find(self, key: str, spot: Spot) -> Choice | None:
        """The question of a key, if it waits below this message; whoever it asks."""
        with snapshot(self._database) as connection:
            row = connection.execute(select(choices).where(choices.c.key == key)).one_or_none()
        if row is None or row.used or row.at < _limit():
            return None
        if (row.chat_id, row.thread_id) != (spot.chat_id, spot.thread_id):
            return None
        if row.message_id not in (None, spot.message_id):
            return None
        return _choice(row)

    def of_link(self, key: str, action: str, person_id: int) -> Choice | None:
        """The question of a key that a link brings back, in whatever chat, by the same person."""
        with snapshot(self._database) as connection:
            row = connection.execute(select(choices).where(choices.c.key == key)).one_or_none()
        is_right = row is not None and (row.action, row.person_id) == (action, person_id)
        if row is None or not is_right or row.used or row.at < _limit():
            return None
        return _choice(row)

    def newest(self, action: str, spot: Spot) -> Choice | None:
        """The newest question of a kind that waits for this person in this place."""
        query = select(choices).where(
            choices.c.action == action,
            choices.c.person_id == spot.person_id,
            choices.c.chat_id == spot.chat_id,
            choices.c.thread_id == spot.thread_id,
            choices.c.used.is_(None),
            choices.c.at >= _limit(),
        )
        with snapshot(self._database) as connection:
            # Times have seconds, so a tie is broken by the row's message, which grows.
            newest_first = query.order_by(choices.c.at.desc(), choices.c.message_id.desc())
            row = connection.execute(newest_first.limit(1)).one_or_none()
        return _choice(row) if row else None

    def use(self, key: str) -> bool:
        """Use a question up; False when it was answered already: of two presses one counts."""
        with transaction(self._database) as connection:
            waiting = choices.c.key == key, choices.c.used.is_(None)
            return (
                connection.execute(update(choices).where(*waiting).values(used=now())).rowcount > 0
            )

    def drop_old(self) -> None:
        """Drop the questions that wait no longer."""
        with transaction(self._database) as connection:
            connection.execute(delete(choices).where(choices.c.at < _limit()))


def forget(connection: sqlalchemy.Connection, person_id: int) -> None:
    """Remove the questions that a person was asked, and those about them."""
    connection.execute(delete(choices).where(choices.c.person_id == person_id))
    waiting = connection.execute(select(*choices.c["key", "details"])).all()
    about = [row.key for row in waiting if person_id in _people_in(row.details)]
    connection.execute(delete(choices).where(choices.c.key.in_(about)))


def _people_in(details: Mapping[str, Any]) -> list[int]:
    return [*details.get("people", ()), *filter(None, [details.get("person_id")])]


def _choice(row: sqlalchemy.Row[Any]) -> Choice:
    details = dict(row.details)
    return Choice(row.key, row.action, row.person_id, row.chat_id, row.thread_id, details)


def _limit() -> str:
    return (datetime.now(UTC) - KEPT).strftime("%Y-%m-%dT%H:%M:%SZ")


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of questions that wait for a press."""
    create_tables(connection, choices)


MIGRATIONS: Final = (Migration("0015 choices", _first_tables),)
