"""Legal holds with their record in the audit, and the forgettings that wait for their end.

A hold concerns a person who may ask the matter, filed something in it, or was shown something of
it. Their wish to be forgotten is written down and carried out when no hold concerns them any more.
Expiry stops for everybody: the chain of the audit can only be dropped from its start on.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import BigInteger, Column, String, Table, delete, insert, select

from bot.records.access import admissions, bindings, owners
from bot.records.audit import AuditRecord, append, rows_of_person
from corpus import holds
from corpus.citing.ids import parse_document_id
from corpus.clock import now
from corpus.errors import MalformedCitation
from corpus.storage.database import transaction
from corpus.storage.documents import storable
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.records import batches
from corpus.storage.schema import filings, metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy

    from corpus.models import Hold

# Who asked to be forgotten while a hold lasted, and when.
postponed_forgettings = Table(
    "postponed_forgettings",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
)


def hold_matter(database: sqlalchemy.Engine, name: str, reason: str) -> Hold:
    """Place a matter under a legal hold, on record. Raises InvalidMatter, NotFound, HoldExists."""
    with transaction(database) as connection:
        hold = holds.place(connection, name, storable(reason), now())
        _record(connection, "held", hold)
        return hold


def release_matter(database: sqlalchemy.Engine, name: str) -> Hold:
    """End a hold, on record. Raises InvalidMatter, NotFound."""
    with transaction(database) as connection:
        hold = holds.lift(connection, name, now())
        _record(connection, "released", hold)
        return hold


def _record(
    connection: sqlalchemy.Connection, kind: Literal["held", "released"], hold: Hold
) -> None:
    details = {"matter": hold.matter, "reason": hold.reason, "since": hold.since}
    append(connection, AuditRecord(kind, "command line", (), details=details))


def concerning(
    connection: sqlalchemy.Connection, person_id: int, named_owners: Collection[int] = ()
) -> list[Hold]:
    """The holds that keep what is recorded of a person. `named_owners`: those of the settings."""
    lasting = holds.in_force(connection)
    if not lasting:
        return []
    # An owner may ask everything.
    owned = select(owners.c.person_id).where(owners.c.person_id == person_id)
    if person_id in named_owners or connection.scalar(owned) is not None:
        return lasting
    names = [hold.matter for hold in lasting]
    concerned = _matters_of(connection, person_id, names)
    return [hold for hold in lasting if hold.matter in concerned]


def _matters_of(
    connection: sqlalchemy.Connection, person_id: int, names: Collection[str]
) -> set[str]:
    of_person = admissions.c.person_id == person_id
    query = select(admissions.c.matter).where(of_person, admissions.c.matter.in_(names))
    matters_named = set(connection.scalars(query))
    filed_by = filings.c.added_by == person_id
    query = select(filings.c.matter).where(filed_by, filings.c.matter.in_(names)).distinct()
    matters_named |= set(connection.scalars(query))
    chats: set[int | None] = set()
    documents: set[str] = set()
    for row in rows_of_person(connection, person_id):
        chats.add(row["chat_id"])
        documents |= _documents_of(row["citations"])
        if isinstance(row["details"], dict):
            matters_named |= {str(row["details"].get("matter"))} & set(names)
    bound = select(bindings.c.matter).where(bindings.c.matter.in_(names))
    matters_named |= set(connection.scalars(bound.where(bindings.c.chat_id.in_(chats - {None}))))
    of_documents = select(filings.c.matter).where(filings.c.matter.in_(names)).distinct()
    for batch in batches(sorted(documents)):
        matters_named |= set(
            connection.scalars(of_documents.where(filings.c.document_id.in_(batch)))
        )
    return matters_named


def _documents_of(citations: Collection[str]) -> set[str]:
    document_ids = set()
    for citation in citations:
        # Nothing writes a malformed one, but whoever tampers with the database may.
        with suppress(MalformedCitation):
            document_ids.add(parse_document_id(str(citation)))
    return document_ids


def postpone(connection: sqlalchemy.Connection, person_id: int, kept_by: Collection[Hold]) -> None:
    """Write down that a person asked to be forgotten, on record."""
    query = select(postponed_forgettings.c.person_id).filter_by(person_id=person_id)
    if connection.scalar(query) is None:
        row = {"person_id": person_id, "at": now()}
        connection.execute(insert(postponed_forgettings).values(row))
        details = {"matters": sorted(hold.matter for hold in kept_by)}
        append(
            connection,
            AuditRecord(
                "forgetting postponed", "telegram", (), person_id=person_id, details=details
            ),
        )


def postponed(connection: sqlalchemy.Connection) -> list[int]:
    """Who waits to be forgotten, in the order of asking."""
    ordered = postponed_forgettings.c["at", "person_id"]
    return list(connection.scalars(select(postponed_forgettings.c.person_id).order_by(*ordered)))


def drop_postponed(connection: sqlalchemy.Connection, person_id: int) -> None:
    """The person is forgotten now."""
    connection.execute(delete(postponed_forgettings).filter_by(person_id=person_id))


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of forgettings that wait."""
    create_tables(connection, postponed_forgettings)


MIGRATIONS: Final = (Migration("0015 postponed forgettings", _first_tables),)
