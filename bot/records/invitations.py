"""How people come in: links that admit whoever opens them, and requests for access.

A link admits to one matter, in one role, until a day, so many times; what is stored of it opens
nothing. It holds only while whoever made it keeps the matter.

Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from bot.records import keys
from bot.records.access import OPERATOR, act_record, admissions
from bot.records.audit import append
from corpus.clock import now
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import Key, metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy

    from bot.records.access import Actor, Role
    from corpus.models import Scope

# digest: of the key in the link. number: what people call it by, counted in each matter.
invitations = Table(
    "invitations",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("digest", String, nullable=False, unique=True),
    Column("matter", String, ForeignKey("matters.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("role", String, nullable=False),
    Column("created", String, nullable=False),
    Column("expires", String, nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("revoked", String),
)

# Who asked for access, and when last.
access_requests = Table(
    "access_requests",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
)

DAYS: Final = 7
MOST_DAYS: Final = 365
MOST_USES: Final = 100
REQUEST_AGAIN: Final = timedelta(days=1)
"""How long somebody who asked for access waits before the owners are told again."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that admits to a matter."""

    key: int
    matter: str
    number: int
    role: Role
    expires: str
    uses_left: int
    by_id: int


@dataclass(frozen=True, slots=True)
class InvitationTerms:
    """What an invitation gives, for how long, and how many times."""

    matter: str
    role: Role = "reader"
    days: int = DAYS
    uses: int = 1


class Invitations:
    """The invitations of all matters, and the requests for access."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def create(self, terms: InvitationTerms, by: Actor) -> tuple[Invitation, str]:
        """Create an invitation; returns it with the key for its link, which is shown only now."""
        assert by.person_id is not None, "an invitation holds while whoever made it is a keeper"
        link_key = keys.link_key()
        expires = datetime.now(UTC) + timedelta(days=terms.days)
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            numbers = select(invitations.c.number).where(invitations.c.matter == terms.matter)
            values = {
                "digest": keys.digest_of_key(link_key),
                "matter": terms.matter,
                "number": 1 + max(connection.scalars(numbers), default=0),
                "role": terms.role,
                "created": now(),
                "expires": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "uses_left": terms.uses,
                "by_id": by.person_id,
            }
            connection.execute(insert(invitations).values(values))
            of_key = invitations.c.digest == values["digest"]
            row = connection.execute(select(invitations).where(of_key)).one()
            details = {
                "matter": terms.matter,
                "role": terms.role,
                "invitation": row.number,
                "uses": terms.uses,
                "expires": row.expires,
            }
            append(connection, act_record("invited", by, details=details))
        return _invitation(row), link_key

    def find(self, link_key: str) -> Invitation | None:
        """The invitation of a link, if it still holds by itself."""
        of_key = invitations.c.digest == keys.digest_of_key(link_key)
        with snapshot(self._database) as connection:
            row = connection.execute(select(invitations).where(of_key, *_open())).one_or_none()
        return _invitation(row) if row else None

    def use(self, invitation: Invitation) -> bool:
        """Count a use; False when none is left, or it was revoked meanwhile."""
        with transaction(self._database) as connection:
            change = update(invitations).where(invitations.c.key == invitation.key, *_open())
            one_use_fewer = {"uses_left": invitations.c.uses_left - 1}
            return connection.execute(change.values(one_use_fewer)).rowcount > 0

    def admit(self, person_id: int, invitation: Invitation, by: Actor = OPERATOR) -> bool:
        """Let somebody in by a link; a keeper stays one. Whoever made the link let them in."""
        row = {"person_id": person_id, "matter": invitation.matter}
        values = {"role": invitation.role, "since": now(), "by_id": invitation.by_id}
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            old = connection.scalar(select(admissions.c.role).filter_by(**row))
            if old in ("keeper", invitation.role):
                return False
            if old is None:
                connection.execute(insert(admissions).values(**row, **values))
            else:
                connection.execute(update(admissions).filter_by(**row).values(**values))
            details = {
                "matter": invitation.matter,
                "role": invitation.role,
                "before": old,
                "invitation": invitation.number,
            }
            append(connection, act_record("admitted", by, about_id=person_id, details=details))
            return True

    def open_ones(self, scope: Scope) -> list[Invitation]:
        """The invitations to the matters of a scope that still hold, by matter and number."""
        query = select(invitations).where(*_open())
        ordered = query.order_by(invitations.c.matter, invitations.c.number)
        with snapshot(self._database) as connection:
            rows = [_invitation(row) for row in connection.execute(ordered)]
        return [invitation for invitation in rows if scope.allows(invitation.matter)]

    def revoke(self, keys_of_invitations: Collection[int], by: Actor = OPERATOR) -> int:
        """Revoke invitations; returns how many still held."""
        of_keys = invitations.c.key.in_(keys_of_invitations)
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            rows = connection.execute(select(invitations).where(of_keys, *_open())).all()
            are_listed = invitations.c.key.in_([row.key for row in rows])
            connection.execute(update(invitations).where(are_listed).values(revoked=now()))
            for row in rows:
                details = {"matter": row.matter, "invitation": row.number}
                append(connection, act_record("uninvited", by, details=details))
            return len(rows)

    def request_access(self, person_id: int) -> bool:
        """Note that somebody asks for access; False when they asked a short while ago."""
        limit = (datetime.now(UTC) - REQUEST_AGAIN).strftime("%Y-%m-%dT%H:%M:%SZ")
        of_person = access_requests.c.person_id == person_id
        with transaction(self._database) as connection:
            serialise(connection, Lock.ACCESS)
            last = connection.scalar(select(access_requests.c.at).where(of_person))
            if last is not None and last > limit:
                return False
            connection.execute(delete(access_requests).where(of_person))
            connection.execute(insert(access_requests).values(person_id=person_id, at=now()))
            return True


def forget(connection: sqlalchemy.Connection, person_id: int) -> None:
    """Remove a person's request and the invitations that they made, which end with that."""
    connection.execute(delete(invitations).where(invitations.c.by_id == person_id))
    connection.execute(delete(access_requests).where(access_requests.c.person_id == person_id))


def _open() -> tuple[sqlalchemy.ColumnElement[bool], ...]:
    return (
        invitations.c.revoked.is_(None),
        invitations.c.uses_left > 0,
        invitations.c.expires > now(),
    )


def _invitation(row: sqlalchemy.Row[Any]) -> Invitation:
    return Invitation(
        row.key, row.matter, row.number, row.role, row.expires, row.uses_left, row.by_id
    )


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables of invitations and requests."""
    create_tables(connection, invitations, access_requests)


MIGRATIONS: Final = (Migration("0015 invitations", _first_tables),)
