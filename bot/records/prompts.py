"""What the bot asked for after a bare command: `/watch` alone, and the next message is the words.

Methods block; call them from threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, String, Table, delete, insert, select

from corpus.storage.database import transaction
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    import sqlalchemy

# message_id: the bot's message that asks; in a group only a reply to it is taken.
prompts = Table(
    "prompts",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("command", String, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("at", String, nullable=False),
)


class Prompts:
    """The commands that wait for what is missing, one for each person in a place."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def wait(
        self, chat_id: int, thread_id: int, person_id: int, command: str, message_id: int, at: str
    ) -> None:
        """Remember that a command waits; the one that waited before is forgotten."""
        row = {"chat_id": chat_id, "thread_id": thread_id, "person_id": person_id}
        with transaction(self._database) as connection:
            connection.execute(delete(prompts).filter_by(**row))
            values = {"command": command, "message_id": message_id, "at": at}
            connection.execute(insert(prompts).values(**row, **values))

    def take(
        self,
        chat_id: int,
        thread_id: int,
        person_id: int,
        *,
        since: str,
        reply_to: int | None = None,
    ) -> str | None:
        """The command that waits since `since` at most, which then waits no more; None if none.

        `reply_to`: only a command whose prompt is this message of the bot.
        """
        row = {"chat_id": chat_id, "thread_id": thread_id, "person_id": person_id}
        with transaction(self._database) as connection:
            waiting = connection.execute(select(prompts).filter_by(**row)).one_or_none()
            if waiting is None or (reply_to is not None and waiting.message_id != reply_to):
                return None
            connection.execute(delete(prompts).filter_by(**row))
            return str(waiting.command) if waiting.at >= since else None

    def drop(self, chat_id: int, thread_id: int, person_id: int) -> None:
        """Forget what waits: the person wrote a command instead."""
        row = {"chat_id": chat_id, "thread_id": thread_id, "person_id": person_id}
        with transaction(self._database) as connection:
            connection.execute(delete(prompts).filter_by(**row))


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of prompts."""
    create_tables(connection, prompts)


MIGRATIONS: Final = (Migration("0015 prompts", _first_tables),)
