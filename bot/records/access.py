"""Who may ask what?  People are admitted to matters, and chats and topics are bound to them.

Nothing is cached: every question and every press of a button reads the database, so that a
dismissal holds at once. Every change is a record of the audit in the same transaction: who was let
in, by whom, from where. Methods block; call them from threads. Names of matters are stored
spellings, as `Library.matter` gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, delete, insert, select, update

from bot.records.audit import AuditRecord, append
from corpus import matters
from corpus.clock import now
from corpus.errors import InvalidMatter, NotFound
from corpus.models import Scope
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, add_columns, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy

    from bot.records.audit import Kind, Via
    from bot.settings import Settings

# role: 'reader' or 'keeper'. A person has one role in each matter. by_id: who gave it; null for
# the operator, and for whoever was forgotten.
admissions = Table(
    "admissions",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", String, ForeignKey("matters.name"), primary_key=True),
    Column("role", String, nullable=False),
    Column("since", String),
    Column("by_id", BigInteger),
)

# thread_id 0 is the chat as a whole. A topic without a row of its own uses that of its chat.
bindings = Table(
    "bindings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", String, ForeignKey("matters.name"), primary_key=True),
    Column("since", String),
    Column("by_id", BigInteger),
)

# Owners beside those that the settings name: who used the claim code, and whom the operator made.
owners = Table(
    "owners",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", String, nullable=False),
)


Role: TypeAlias = Literal["reader", "keeper"]

WHOLE_CHAT: Final = 0
"""The thread that stands for a chat as a whole."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives an order, and where: what the audit keeps of it."""

    person_id: int | None = None
    """None for the operator, at the command line."""
    via: Via = "command line"
    chat_id: int | None = None
    thread_id: int | None = None
    message_id: int | None = None


OPERATOR: Final = Actor()


@dataclass(frozen=True, slots=True)
class Admission:
    """A person's role in a matter, since when, and by whom."""

    person_id: int
    matter: str
    role: Role
    since: str | None
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Binding:
    """A chat or topic that may ask a matter, since when, and by whose order."""

    chat_id: int
    thread_id: int
    matter: str
    since: str | None
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who may do everything."""

    person_id: int
    since: str | None
    is_set: bool
    """Whether the settings name this owner, so that only the operator can change it."""


class ProtectedKeeperError(Exception):
    """A keeper may not take the role from whoever made them keeper."""


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

    def scope_of_files(self, scope: Scope) -> Scope:
        """The matters of a scope whose original files are handed out. Blocks on the database."""
        closed = {matters.fold(name) for name in self._settings.no_originals}
        if not closed:
            return scope
        with snapshot(self._database) as connection:
            names = matters.names(connection) if scope.is_all else scope.matters
        return Scope.of(*(name for name in names if matters.fold(name) not in closed))

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

    # -- who may see what ------------------------------------------------------------------------

    def owner_records(self) -> list[Owner]:
        """Every owner, by id."""
        with snapshot(self._database) as connection:
            rows = {row.person_id: row.since for row in connection.execute(select(owners))}
        is_set = self._settings.owners
        return [Owner(key, rows.get(key), key in is_set) for key in sorted(is_set | set(rows))]

    def admissions_to(self, scope: Scope) -> list[Admission]:
        """Who is admitted to the matters of a scope: by matter, keepers first, then by id."""
        query = select(admissions).order_by(
            admissions.c.matter, admissions.c.role, admissions.c.person_id
        )
        with snapshot(self._database) as connection:
            rows = [Admission(*row) for row in map(_fields_of_admission, connection.execute(query))]
        return [admission for admission in rows if scope.allows(admission.matter)]

    def bindings_to(self, scope: Scope) -> list[Binding]:
        """Which chats and topics may ask the matters of a scope: by matter, then by chat."""
        query = select(bindings).order_by(
            bindings.c.matter, bindings.c.chat_id, bindings.c.thread_id
        )
        with snapshot(self._database) as connection:
            rows = [
                Binding(row.chat_id, row.thread_id, row.matter, row.since, row.by_id)
                for row in connection.execute(query)
            ]
        return [binding for binding in rows if scope.allows(binding.matter)]

    # -- changing; each returns whether anything changed -----------------------------------------

    def bind(self, chat_id: int, thread_id: int, matter: str, by: Actor = OPERATOR) -> bool:
        """Let a chat or topic ask a matter."""
        row = {"chat_id": chat_id, "thread_id": thread_id, "matter": matter}
        with transaction(self._database) as connection:
            # Without the lock two processes could both insert the row.
            serialise(connection, Lock.ACCESS)
            if connection.scalar(select(bindings.c.matter).filter_by(**row)):
                return False
            connection.execute(insert(bindings).values(**row, since=now(), by_id=by.person_id))
            _record(connection, "bound", by, details=row)
            return True

    def unbind(self, chat_id: int, thread_id: int, matter: str, by: Actor = OPERATOR) -> bool:
        """Stop a chat or topic from asking a matter."""
        row = {"chat_id": chat_id, "thread_id": thread_id, "matter": matter}
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            if not connection.execute(delete(bindings).filter_by(**row)).rowcount:
                return False
            _record(connection, "unbound", by, details=row)
            return True

    def admit(self, person_id: int, matter: str, role: Role, by: Actor = OPERATOR) -> bool:
        """Let a person ask a matter, or keep it; a person has one role in each.

        Raises ProtectedKeeperError where that would take a keeper's role away (see `dismiss`).
        """
        row = {"person_id": person_id, "matter": matter}
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            old = connection.scalar(select(admissions.c.role).filter_by(**row))
            if old == role:
                return False
            values = {"role": role, "since": now(), "by_id": by.person_id}
            if old is None:
                connection.execute(insert(admissions).values(**row, **values))
            else:
                if old == "keeper":
                    self._take_role_away(connection, person_id, matter, by)
                connection.execute(update(admissions).filter_by(**row).values(**values))
            details = {"matter": matter, "role": role, "before": old}
            _record(connection, "admitted", by, about_id=person_id, details=details)
            return True

    def dismiss(self, person_id: int, matter: str, by: Actor = OPERATOR) -> bool:
        """Stop a person from asking and keeping a matter.

        Raises ProtectedKeeperError when a keeper who is no owner dismisses whoever made them
        keeper, or who made that one: otherwise whoever was let in could lock out who let them in.
        """
        row = {"person_id": person_id, "matter": matter}
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            role = connection.scalar(select(admissions.c.role).filter_by(**row))
            if role is None:
                return False
            if role == "keeper":
                self._take_role_away(connection, person_id, matter, by)
            connection.execute(delete(admissions).filter_by(**row))
            details = {"matter": matter, "role": role}
            _record(connection, "dismissed", by, about_id=person_id, details=details)
            return True

    def make_first_owner(self, person_id: int, by: Actor = OPERATOR) -> bool:
        """Make the person the first owner; False when there is one already."""
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            # Checked inside the transaction: of two people with the code one becomes the owner.
            if self._settings.owners or connection.scalar(select(owners.c.person_id).limit(1)):
                return False
            connection.execute(insert(owners).values(person_id=person_id, since=now()))
            _record(connection, "claimed", by, about_id=person_id)
            return True

    def make_owner(self, person_id: int, by: Actor = OPERATOR) -> bool:
        """Make a person an owner beside the others; False when they are one already."""
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            if self._is_owner(connection, person_id):
                return False
            connection.execute(insert(owners).values(person_id=person_id, since=now()))
            _record(connection, "owner made", by, about_id=person_id)
            return True

    def revoke_owner(self, person_id: int, by: Actor = OPERATOR) -> bool:
        """Take ownership away; False for who is no owner, or one whom the settings name.

        The last owner stays unless the operator orders it: a bot without one can be claimed.
        """
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            rows = set(connection.scalars(select(owners.c.person_id)))
            is_last = not (rows - {person_id}) and not self._settings.owners
            if person_id not in rows or (is_last and by.person_id is not None):
                return False
            connection.execute(delete(owners).where(owners.c.person_id == person_id))
            _record(connection, "owner revoked", by, about_id=person_id)
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
                connection.execute(insert(bindings).values(**row, since=now()))
            connection.execute(delete(bindings).where(bindings.c.chat_id == old_chat))

    def _is_owner(self, connection: sqlalchemy.Connection, person_id: int | None) -> bool:
        owned = select(owners.c.person_id).where(owners.c.person_id == person_id)
        return person_id in self._settings.owners or connection.scalar(owned) is not None

    def _take_role_away(
        self, connection: sqlalchemy.Connection, person_id: int, matter: str, by: Actor
    ) -> None:
        """Check that a keeper's role may be taken away, and pass on those whom they made keeper."""
        query = select(*admissions.c["person_id", "by_id"]).where(
            admissions.c.matter == matter, admissions.c.role == "keeper"
        )
        makers = {row.person_id: row.by_id for row in connection.execute(query)}
        is_free = by.person_id is None or self._is_owner(connection, by.person_id)
        if not is_free and person_id in _makers_of(by.person_id, makers):
            raise ProtectedKeeperError
        # Those whom this keeper made now go back to who made this one: no line may end in the air.
        was_granted_here = admissions.c.matter == matter, admissions.c.by_id == person_id
        connection.execute(
            update(admissions).where(*was_granted_here).values(by_id=makers.get(person_id))
        )

    def _open(self, connection: sqlalchemy.Connection) -> frozenset[str]:
        """The matter that strangers may ask, if the operator opened one and it exists."""
        if not self._settings.open:
            return frozenset()
        try:
            return frozenset({matters.find(connection, self._settings.open_matter)})
        # The operator may name the matter before it exists.
        except (InvalidMatter, NotFound):
            return frozenset()


def forget(connection: sqlalchemy.Connection, person_id: int) -> None:
    """Remove a person's admissions, and their id where they let others in."""
    connection.execute(delete(admissions).where(admissions.c.person_id == person_id))
    for table in (admissions, bindings):
        change = update(table).where(table.c.by_id == person_id)
        connection.execute(change.values(by_id=None))


def _makers_of(person_id: int | None, makers: dict[int, int | None]) -> set[int]:
    """Who made a keeper, and who made that one, up to the first whom nobody here made."""
    above: set[int] = set()
    maker = makers.get(person_id) if person_id is not None else None
    # The set ends the walk where an old database holds a circle.
    while maker is not None and maker not in above:
        above.add(maker)
        maker = makers.get(maker)
    return above


def _record(
    connection: sqlalchemy.Connection,
    kind: Kind,
    by: Actor,
    *,
    about_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append what was done to the audit."""
    append(connection, act_record(kind, by, about_id=about_id, details=details))


def act_record(
    kind: Kind,
    by: Actor,
    citations: Iterable[str] = (),
    *,
    about_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> AuditRecord:
    """What the audit keeps of an act. `details` names no person: nobody is forgotten from there."""
    return AuditRecord(
        kind,
        by.via,
        tuple(citations),
        chat_id=by.chat_id,
        thread_id=by.thread_id,
        message_id=by.message_id,
        person_id=by.person_id,
        about_id=about_id,
        details=details,
    )


def _fields_of_admission(row: sqlalchemy.Row[Any]) -> tuple[Any, ...]:
    return row.person_id, row.matter, row.role, row.since, row.by_id


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables of admissions, bindings and owners."""
    create_tables(connection, admissions, bindings, owners)


def _since_when_and_by_whom(connection: sqlalchemy.Connection) -> None:
    """Add since when a person or chat may ask, and by whose order."""
    add_columns(connection, admissions)
    add_columns(connection, bindings)


MIGRATIONS: Final = (
    Migration("0001 tables of access", _first_tables),
    Migration("0015 since when and by whom", _since_when_and_by_whom),
)
