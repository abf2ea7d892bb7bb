"""Who has addressed the bot, and in which language do they want their answers?

Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, add_columns, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("username", String),
    Column("name", Text),
    Column("language", String),
    Column("private_chat", Boolean),
)

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String),
)

_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Telegram shows them."""

    id: int
    name: str
    username: str | None = None


class People:
    """The people and chats that have addressed the bot."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database
        self._met: dict[int, Person] = {}
        self._reached: set[int] = set()

    def meet(self, person: Person) -> None:
        """Remember a person's name and username, so that `/admit @username` finds them."""
        # Every update names its sender; most are known and cost no transaction.
        if self._met.get(person.id) == person:
            return
        with transaction(self._database) as connection:
            serialise(connection, Lock.PEOPLE)
            # A username belongs to one person at a time: the one last seen with it.
            if person.username:
                connection.execute(
                    update(people)
                    .where(func.lower(people.c.username) == person.username.lower())
                    .where(people.c.id != person.id)
                    .values(username=None)
                )
            values = {"username": person.username, "name": person.name}
            where = people.c.id == person.id
            if not connection.execute(update(people).where(where).values(values)).rowcount:
                connection.execute(insert(people).values(id=person.id, **values))
        # A public bot meets many people. Meeting one again costs only a transaction.
        if len(self._met) >= _REMEMBERED:
            self._met.clear()
            self._reached.clear()
        self._met[person.id] = person

    def forget(self, person_id: int) -> None:
        """Drop a person from the cache, because their row was removed."""
        self._met.pop(person_id, None)
        self._reached.discard(person_id)

    def open_chat(self, person_id: int) -> None:
        """Remember that a person, whom the bot has met, wrote in private: the bot may answer there.

        A bot cannot begin a private chat (Bot API, 'bot can't initiate conversation').
        """
        if person_id in self._reached:
            return
        self._set_private_chat(person_id, is_open=True)
        self._reached.add(person_id)

    def close_chat(self, person_id: int) -> None:
        """Remember that a person stopped the bot."""
        self._reached.discard(person_id)
        self._set_private_chat(person_id, is_open=False)

    def has_private_chat(self, person_id: int) -> bool:
        """Whether the bot may write to a person in private."""
        query = select(people.c.private_chat).where(people.c.id == person_id)
        with snapshot(self._database) as connection:
            return bool(connection.scalar(query))

    def _set_private_chat(self, person_id: int, *, is_open: bool) -> None:
        with transaction(self._database) as connection:
            connection.execute(
                update(people).where(people.c.id == person_id).values(private_chat=is_open)
            )

    def id_of_username(self, username: str) -> int | None:
        """The id of the person last seen with a username, given without the @."""
        query = select(people.c.id).where(func.lower(people.c.username) == username.lower())
        with snapshot(self._database) as connection:
            return connection.scalar(query)

    def names(self, person_ids: Collection[int]) -> dict[int, str]:
        """The names of these people; those whom the bot has not met are left out."""
        query = select(people.c.id, people.c.name).where(people.c.id.in_(sorted(set(person_ids))))
        with snapshot(self._database) as connection:
            return {row.id: row.name for row in connection.execute(query) if row.name}

    def chosen_languages(self, chat_id: int | None, person_id: int | None) -> list[str]:
        """The language chosen for a chat, then that of a person; empty if neither chose one."""
        queries = (
            select(chats.c.language).where(chats.c.id == chat_id),
            select(people.c.language).where(people.c.id == person_id),
        )
        with snapshot(self._database) as connection:
            return [language for query in queries if (language := connection.scalar(query))]

    def set_person_language(self, person_id: int, language: str) -> None:
        """Store the language that a person chose."""
        self._keep(people, person_id, language)

    def set_chat_language(self, chat_id: int, language: str) -> None:
        """Store the language that an administrator chose for a chat."""
        self._keep(chats, chat_id, language)

    def migrate(self, old_chat: int, new_chat: int) -> None:
        """Copy the language of a group to the supergroup that replaces it."""
        with snapshot(self._database) as connection:
            language = connection.scalar(select(chats.c.language).where(chats.c.id == old_chat))
        # The new group may have chosen a language of its own already.
        if language and not self.chosen_languages(new_chat, None):
            self.set_chat_language(new_chat, language)

    def _keep(self, table: sqlalchemy.Table, key: int, language: str) -> None:
        with transaction(self._database) as connection:
            serialise(connection, Lock.PEOPLE)
            changed = connection.execute(
                update(table).where(table.c.id == key).values(language=language)
            )
            if not changed.rowcount:
                connection.execute(insert(table).values(id=key, language=language))


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables of people and chats."""
    create_tables(connection, people, chats)


def _private_chats(connection: sqlalchemy.Connection) -> None:
    """Add the column that says whether a person has written in private."""
    add_columns(connection, people)


MIGRATIONS: Final = (
    Migration("0001 tables of people", _first_tables),
    Migration("0015 private chats", _private_chats),
)
