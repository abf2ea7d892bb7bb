"""Who has addressed the bot, where, and in which language and matter do they want their answers?

Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
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
    Column("seen", String),
    Column("language_code", String),
)

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String),
    Column("title", Text),
    Column("kind", String),
)

# Who was seen in which group: whom a keeper of its matters may look up by a username.
sightings = Table(
    "sightings",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Index("sightings_by_chat", "chat_id"),
)

# The matter that a person chose for the private chat (thread 0, and for inline) or a topic of it.
current_matters = Table(
    "current_matters",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", String, nullable=False),
)

_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Telegram shows them."""

    id: int
    name: str
    username: str | None = None
    language_code: str | None = None
    """The language of their app, for what they are told unasked."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of somebody: a name and a username as they were when last seen."""

    id: int
    name: str | None = None
    username: str | None = None
    seen: str | None = None
    """The day, `2026-11-22`; None for somebody whom the bot has not met."""


@dataclass(frozen=True, slots=True)
class ChatRecord:
    """A group or channel as Telegram shows it."""

    id: int
    title: str
    kind: str


class People:
    """The people and chats that have addressed the bot."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database
        self._met: dict[int, tuple[Person, str]] = {}
        self._reached: set[int] = set()
        self._chats: dict[int, ChatRecord] = {}
        self._sightings: set[tuple[int, int]] = set()

    def meet(self, person: Person) -> None:
        """Remember a person's name and username, and the day on which they were seen."""
        today = now()[:10]
        # Every update names its sender; most are known and cost no transaction.
        if self._met.get(person.id) == (person, today):
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
            values = {
                "username": person.username,
                "name": person.name,
                "seen": today,
                "language_code": person.language_code,
            }
            where = people.c.id == person.id
            if not connection.execute(update(people).where(where).values(values)).rowcount:
                connection.execute(insert(people).values(id=person.id, **values))
        # A public bot meets many people. Meeting one again costs only a transaction.
        if len(self._met) >= _REMEMBERED:
            self._met.clear()
            self._reached.clear()
        self._met[person.id] = (person, today)

    def introduce(self, person: Person) -> None:
        """Remember the name of somebody whom others showed to the bot, and whom it has not met."""
        row = {"username": None, "name": person.name, "language_code": person.language_code}
        with transaction(self._database) as connection:
            serialise(connection, Lock.PEOPLE)
            # The username is left out: it would be taken from whoever was last seen with it.
            if connection.scalar(select(people.c.id).where(people.c.id == person.id)) is None:
                connection.execute(insert(people).values(id=person.id, **row))

    def visit(self, chat: ChatRecord, person_id: int | None = None) -> None:
        """Remember the title of a group or channel, and that a person was seen there."""
        if self._chats.get(chat.id) != chat:
            with transaction(self._database) as connection:
                serialise(connection, Lock.PEOPLE)
                _store(connection, chats, {"id": chat.id}, {"title": chat.title, "kind": chat.kind})
            self._chats[chat.id] = chat
        pair = (person_id or 0, chat.id)
        if person_id is None or pair in self._sightings:
            return
        with transaction(self._database) as connection:
            serialise(connection, Lock.PEOPLE)
            row = {"person_id": person_id, "chat_id": chat.id}
            if connection.scalar(select(sightings.c.chat_id).filter_by(**row)) is None:
                connection.execute(insert(sightings).values(**row))
        if len(self._sightings) >= _REMEMBERED:
            self._sightings.clear()
        self._sightings.add(pair)

    def forget(self, person_id: int) -> None:
        """Drop a person from the cache, because their rows were removed."""
        self._met.pop(person_id, None)
        self._sightings = {pair for pair in self._sightings if pair[0] != person_id}
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

    def acquaintance(self, person_id: int) -> Acquaintance:
        """What is known of a person; only the id for somebody who was never met."""
        query = select(*people.c["id", "name", "username", "seen"])
        with snapshot(self._database) as connection:
            row = connection.execute(query.where(people.c.id == person_id)).one_or_none()
        return Acquaintance(*row) if row else Acquaintance(person_id)

    def was_seen_in(self, person_id: int, chat_ids: Collection[int]) -> bool:
        """Whether a person wrote in one of these chats."""
        query = select(sightings.c.chat_id).where(
            sightings.c.person_id == person_id, sightings.c.chat_id.in_(sorted(set(chat_ids)))
        )
        with snapshot(self._database) as connection:
            return connection.scalar(query.limit(1)) is not None

    def titles(self, chat_ids: Collection[int]) -> dict[int, str]:
        """The titles of these chats; those without one are left out."""
        query = select(chats.c.id, chats.c.title).where(chats.c.id.in_(sorted(set(chat_ids))))
        with snapshot(self._database) as connection:
            return {row.id: row.title for row in connection.execute(query) if row.title}

    def kind_of(self, chat_id: int) -> str | None:
        """Whether a chat is a group or a channel, as Telegram calls it; None for an unknown one."""
        with snapshot(self._database) as connection:
            return connection.scalar(select(chats.c.kind).where(chats.c.id == chat_id))

    def current_matter(self, person_id: int, thread_id: int = 0) -> str | None:
        """The matter that a person chose for a topic of the private chat, else for the chat."""
        query = select(*current_matters.c["thread_id", "matter"]).where(
            current_matters.c.person_id == person_id,
            current_matters.c.thread_id.in_({0, thread_id}),
        )
        with snapshot(self._database) as connection:
            chosen = {row.thread_id: row.matter for row in connection.execute(query)}
        return chosen.get(thread_id, chosen.get(0)) or None

    def choose_matter(self, person_id: int, thread_id: int, matter: str | None) -> None:
        """Store the matter that a person chose for the private chat or a topic; None for all."""
        key = {"person_id": person_id, "thread_id": thread_id}
        with transaction(self._database) as connection:
            serialise(connection, Lock.PEOPLE)
            # A topic may ask all matters although the chat has one: that is stored as ''.
            _store(connection, current_matters, key, {"matter": matter or ""})

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

    def language_codes(self, person_id: int) -> tuple[str | None, str | None]:
        """The language that a person chose, and that of their app."""
        query = select(*people.c["language", "language_code"]).where(people.c.id == person_id)
        with snapshot(self._database) as connection:
            row = connection.execute(query).one_or_none()
        return (row.language, row.language_code) if row else (None, None)

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
        with transaction(self._database) as connection:
            serialise(connection, Lock.PEOPLE)
            # Who was seen in the new group already stays as they are there.
            new_sightings = sightings.alias()
            again = select(new_sightings.c.person_id).where(new_sightings.c.chat_id == new_chat)
            in_old = sightings.c.chat_id == old_chat
            new_there = update(sightings).where(in_old, sightings.c.person_id.not_in(again))
            connection.execute(new_there.values(chat_id=new_chat))
            connection.execute(delete(sightings).where(in_old))

    def _keep(self, table: sqlalchemy.Table, key: int, language: str) -> None:
        with transaction(self._database) as connection:
            serialise(connection, Lock.PEOPLE)
            _store(connection, table, {"id": key}, {"language": language})


def forget(connection: sqlalchemy.Connection, person_id: int) -> None:
    """Remove a person's name, where they were seen, and the matters that they chose."""
    connection.execute(delete(people).where(people.c.id == person_id))
    for table in (sightings, current_matters):
        connection.execute(delete(table).where(table.c.person_id == person_id))


def _store(
    connection: sqlalchemy.Connection,
    table: sqlalchemy.Table,
    key: dict[str, int],
    values: dict[str, str],
) -> None:
    changed = connection.execute(update(table).filter_by(**key).values(**values))
    if not changed.rowcount:
        connection.execute(insert(table).values(**key, **values))


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables of people and chats."""
    create_tables(connection, people, chats)


def _private_chats(connection: sqlalchemy.Connection) -> None:
    """Add the column that says whether a person has written in private."""
    add_columns(connection, people)


def _places_and_matters(connection: sqlalchemy.Connection) -> None:
    """Add when people were seen and where, the titles of chats, and the chosen matters."""
    add_columns(connection, people)
    add_columns(connection, chats)
    create_tables(connection, sightings, current_matters)


MIGRATIONS: Final = (
    Migration("0001 tables of people", _first_tables),
    Migration("0015 private chats", _private_chats),
    Migration("0015 places and matters of people", _places_and_matters),
)
