"""Who may ask what?  People are admitted to matters, and chats and topics are bound to them.

Nothing is cached: every question and every press of a button reads the database, so that a
dismissal holds at once. Methods block; call them from threads. Names of matters are stored
spellings, as `Library.matter` gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, delete, insert, select, update

from corpus import matters
from corpus.clock import now
from corpus.errors import InvalidMatter, NotFound
from corpus.models import Scope
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    import sqlalchemy

    from bot.settings import Settings

# role: 'reader' or 'keeper'. A person has one role in each matter.
admissions = Table(
    "admissions",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", String, ForeignKey("matters.name"), primary_key=True),
    Column("role", String, nullable=False),
)

# thread_id 0 is the chat as a whole. A topic without a row of its own uses that of its chat.
bindings = Table(
    "bindings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", String, ForeignKey("matters.name"), primary_key=True),
)

# Owners beside those that the settings name: the person who used the claim code.
owners = Table(
    "owners",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", String, nullable=False),
)


Role: TypeAlias = Literal["reader", "keeper"]

WHOLE_CHAT: Final = 0
"""The thread that stands for a chat as a whole."""


class Access:
    """Owners, keepers and readers; which chats are bound to which matters."""

    def __init__(self, database: sqlalchemy.Engine, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    # -- asking ----------------------------------------------------------------------------------

    def owners(self) -> frozenset[int]:
        """The owners that the settings name, and the one who claimed the bot."""
        with snapshot(self._database) as connection:
            # The settings cannot be changed from Telegram, so an owner named there is never lost.
            return self._settings.owners | set(connection.scalars(select(owners.c.person_id)))

    def is_owner(self, person_id: int) -> bool:
        """Whether the person may do everything."""
        return person_id in self.owners()

    def scope_of_person(self, person_id: int) -> Scope:
        """What a person may ask in private: everything for owners, else the matters they are in."""
        return self._admitted(person_id, opened=True)

    def admitted_to(self, person_id: int) -> Scope:
        """The matters that a person is admitted to by name, without the one open to strangers."""
        return self._admitted(person_id, opened=False)

    def _admitted(self, person_id: int, *, opened: bool) -> Scope:
        if person_id in self._settings.owners:
            return Scope.all()
        owned = select(owners.c.person_id).where(owners.c.person_id == person_id)
        query = select(admissions.c.matter).where(admissions.c.person_id == person_id)
        with snapshot(self._database) as connection:
            if connection.scalar(owned) is not None:
                return Scope.all()
            admitted = frozenset(connection.scalars(query))
            return Scope.of(*(admitted | self._open(connection) if opened else admitted))

    def scope_of_chat(self, chat_id: int, thread_id: int = WHOLE_CHAT) -> Scope:
        """What everybody may ask in a topic: the matters bound to it, else those of its chat."""
        return Scope.of(*(self.bound(chat_id, thread_id) or self.bound(chat_id)))

    def bound(self, chat_id: int, thread_id: int = WHOLE_CHAT) -> frozenset[str]:
        """The matters bound to this very chat or topic."""
        query = select(bindings.c.matter).where(
            bindings.c.chat_id == chat_id, bindings.c.thread_id == thread_id
        )
        with snapshot(self._database) as connection:
            return frozenset(connection.scalars(query))

    def bound_places(self, limit: int) -> list[tuple[int, int]]:
        """Chats and topics to which any matter is bound, as (chat, thread), the first `limit`."""
        query = select(bindings.c.chat_id, bindings.c.thread_id).distinct()
        ordered = query.order_by(bindings.c.chat_id, bindings.c.thread_id).limit(limit)
        with snapshot(self._database) as connection:
            return [(row.chat_id, row.thread_id) for row in connection.execute(ordered)]

    def scope_of_keeper(self, person_id: int) -> Scope:
        """The matters that a person may bind, and admit others to: all for an owner."""
        if self.is_owner(person_id):
            return Scope.all()
        query = select(admissions.c.matter).where(
            admissions.c.person_id == person_id, admissions.c.role == "keeper"
        )
        with snapshot(self._database) as connection:
            return Scope.of(*connection.scalars(query))

    # -- changing; each returns whether anything changed -----------------------------------------

    def bind(self, chat_id: int, thread_id: int, matter: str) -> bool:
        """Let a chat or topic ask a matter."""
        row = {"chat_id": chat_id, "thread_id": thread_id, "matter": matter}
        with transaction(self._database) as connection:
            # Without the lock two processes could both insert the row.
            serialise(connection, Lock.ACCESS)
            if connection.scalar(select(bindings.c.matter).filter_by(**row)):
                return False
            connection.execute(insert(bindings).values(row))
            return True

    def unbind(self, chat_id: int, thread_id: int, matter: str) -> bool:
        """Stop a chat or topic from asking a matter."""
        row = {"chat_id": chat_id, "thread_id": thread_id, "matter": matter}
        with transaction(self._database) as connection:
            return connection.execute(delete(bindings).filter_by(**row)).rowcount > 0

    def admit(self, person_id: int, matter: str, role: Role) -> bool:
        """Let a person ask a matter, or keep it; a person has one role in each."""
        row = {"person_id": person_id, "matter": matter}
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            old = connection.scalar(select(admissions.c.role).filter_by(**row))
            if old is None:
                connection.execute(insert(admissions).values(**row, role=role))
            else:
                connection.execute(update(admissions).filter_by(**row).values(role=role))
            return old != role

    def dismiss(self, person_id: int, matter: str) -> bool:
        """Stop a person from asking and keeping a matter."""
        row = {"person_id": person_id, "matter": matter}
        with transaction(self._database) as connection:
            return connection.execute(delete(admissions).filter_by(**row)).rowcount > 0

    def make_first_owner(self, person_id: int) -> bool:
        """Make the person the first owner; False when there is one already."""
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            # Checked inside the transaction: of two people with the code one becomes the owner.
            if self._settings.owners or connection.scalar(select(owners.c.person_id).limit(1)):
                return False
            connection.execute(insert(owners).values(person_id=person_id, since=now()))
            return True

    def migrate(self, old_chat: int, new_chat: int) -> None:
        """Move the bindings of a group to the supergroup that replaces it."""
        query = select(bindings.c.thread_id, bindings.c.matter)
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            bound_new = set(
                map(tuple, connection.execute(query.where(bindings.c.chat_id == new_chat)))
            )
            bound_old = set(
                map(tuple, connection.execute(query.where(bindings.c.chat_id == old_chat)))
            )
            for thread_id, matter in sorted(bound_old - bound_new):
                row = {"chat_id": new_chat, "thread_id": thread_id, "matter": matter}
                connection.execute(insert(bindings).values(row))
            connection.execute(delete(bindings).where(bindings.c.chat_id == old_chat))

    def _open(self, connection: sqlalchemy.Connection) -> frozenset[str]:
        """The matter that strangers may ask, if the operator opened one and it exists."""
        if not self._settings.open:
            return frozenset()
        try:
            return frozenset({matters.find(connection, self._settings.open_matter)})
        # The operator may name the matter before it exists.
        except (InvalidMatter, NotFound):
            return frozenset()


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables of admissions, bindings and owners."""
    create_tables(connection, admissions, bindings, owners)


MIGRATIONS: Final = (Migration("0001 tables of access", _first_tables),)
