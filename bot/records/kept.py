"""Which passages are kept in a chat, for which matter, and for which question?

The folder of a matter in a chat, a topic or a private chat: citations alone, never their text, so
that a passage whose document is withdrawn is gone from the folder too. The console keeps its own
under the chat 0. Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from corpus.clock import now
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.documents import storable
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import Key, metadata

if TYPE_CHECKING:
    import sqlalchemy

MOST: Final = 200
"""Passages kept for one matter in one place: more than a memo is read for."""
CONSOLE: Final = 0
"""The chat of the console: Telegram gives no chat this id."""

kept = Table(
    "kept",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("person_id", BigInteger),
    Column("matter", String, nullable=False),
    Column("citation", String, nullable=False),
    Column("question", Text),  # what the passage was shown for; null where it was opened by its id
    Column("at", String, nullable=False),
    Index("kept_by_place", "chat_id", "thread_id", "matter", "citation", unique=True),
)

Kept: TypeAlias = Literal["kept", "taken out", "full"]


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A passage in the folder of a matter."""

    key: int
    matter: str
    citation: str
    question: str


class KeptPassages:
    """The folders of all places."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def toggle(
        self,
        chat_id: int,
        thread_id: int,
        person_id: int | None,
        passage: tuple[str, str],
        question: str = "",
    ) -> Kept:
        """Keep a passage (its matter and its citation), or take it out where it is kept."""
        matter, citation = passage
        folder = {"chat_id": chat_id, "thread_id": thread_id, "matter": matter}
        with transaction(self._database) as connection:
            serialise(connection, Lock.KEPT)
            removal = delete(kept).filter_by(**folder, citation=citation)
            if connection.execute(removal).rowcount:
                return "taken out"
            count = select(func.count()).select_from(kept).filter_by(**folder)
            if connection.execute(count).scalar_one() >= MOST:
                return "full"
            row = folder | {
                "person_id": person_id,
                "citation": citation,
                "question": storable(question) or None,
                "at": now(),
            }
            connection.execute(insert(kept), row)
            return "kept"

    def passages_in(self, chat_id: int, thread_id: int) -> list[KeptPassage]:
        """What is kept in a place, of all matters, in the order in which it was kept."""
        query = select(kept).filter_by(chat_id=chat_id, thread_id=thread_id).order_by(kept.c.key)
        with snapshot(self._database) as connection:
            return [_passage(row) for row in connection.execute(query)]

    def empty(self, chat_id: int, thread_id: int, matter: str) -> int:
        """Take everything out of a folder; returns how much it was."""
        folder = {"chat_id": chat_id, "thread_id": thread_id, "matter": matter}
        with transaction(self._database) as connection:
            return connection.execute(delete(kept).filter_by(**folder)).rowcount

    def migrate(self, old_chat: int, new_chat: int) -> None:
        """Move the folders of a group to the supergroup that replaces it."""
        with transaction(self._database) as connection:
            # The supergroup may have folders already; one passage stands in a folder once.
            existing = select(kept.c.chat_id).where(kept.c.chat_id == new_chat).limit(1)
            if not connection.scalar(existing):
                change = update(kept).where(kept.c.chat_id == old_chat)
                connection.execute(change.values(chat_id=new_chat))


def forget(connection: sqlalchemy.Connection, person_id: int) -> None:
    """Remove a person's own folders; what they kept in a group stays, without them and words."""
    # A private chat has the id of the person.
    connection.execute(delete(kept).where(kept.c.chat_id == person_id))
    of_person = update(kept).where(kept.c.person_id == person_id)
    connection.execute(of_person.values(person_id=None, question=None))


def _passage(row: sqlalchemy.Row[Any]) -> KeptPassage:
    return KeptPassage(row.key, row.matter, row.citation, row.question or "")


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of kept passages."""
    create_tables(connection, kept)


MIGRATIONS: Final = (Migration("0015 kept passages", _first_tables),)
