"""Migrates a database of an older version to this one.

Migrations are plain functions in a list, each applied once, all missing ones in one transaction,
and recorded by name in the table `migrations`. Here are the mechanism and the migrations of the
tables of documents. Packages above keep theirs beside their tables, and whoever opens the whole
database passes all of them, in order.

A released migration never changes. Until the first release a migration creates what the tables
say today, and a later one adds what an older database lacks; with the release all are frozen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, bindparam, func, insert, inspect, select, text, update

from corpus.clock import now
from corpus.errors import DatabaseTooNew
from corpus.reading.limits import LONGEST_HEADING, LONGEST_NAME, LONGEST_TITLE
from corpus.reasons import Fact, Reason
from corpus.storage import schema
from corpus.storage.documents import digests_row
from corpus.storage.soundness import passage_digest


class Migration(NamedTuple):
    """A step from one version of the tables to the next."""

    name: str
    """Unique for ever; its number orders it among those of all packages."""
    apply: Callable[[Connection], None]


def create_tables(connection: Connection, *tables: Table) -> None:
    """Create those of the tables that the database lacks.

    Older databases have some of them already: one migration created the tables of all packages.
    """
    for table in tables:
        table.create(connection, checkfirst=True)


def add_columns(connection: Connection, table: Table) -> None:
    """Add the columns that a table lacks in the database; they have to accept null."""
    # SQLite has no ADD COLUMN IF NOT EXISTS.
    names = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in names:
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"))


def _first_tables(connection: Connection) -> None:
    """Create the first tables. Fails where another program's tables have these names."""
    # checkfirst=False: a table of this name in a new database belongs to another program.
    schema.metadata.create_all(connection, tables=schema.TABLES, checkfirst=False)


def _parts_not_read(connection: Connection) -> None:
    """Add what part of a document was not read."""
    add_columns(connection, schema.documents)


def _document_facts(connection: Connection) -> None:
    """Add the facts of a document: its kind, court, docket and the like."""
    add_columns(connection, schema.documents)


def _recognition(connection: Connection) -> None:
    """Add how sure the OCR is of a passage's words."""
    add_columns(connection, schema.passages)


def _holds(connection: Connection) -> None:
    """Add legal holds."""
    create_tables(connection, schema.holds)


# The only sentence that was kept as a note before notes became reasons.
_SCANNED: Final = re.compile(
    r"(?P<scanned>\d+) of its (?P<pages>\d+) pages are scanned \(page (?P<numbers>.+?)\)"
    " and were not read: add a copy that holds their text"
)


def _notes_as_reasons(connection: Connection) -> None:
    """Turn stored sentences into reasons, which can be said in any language."""
    documents = schema.documents
    noted = select(*documents.c["id", "note"]).where(documents.c.note.is_not(None))
    for row in connection.execute(noted).all():
        match = _SCANNED.fullmatch(row.note)
        reason = Reason("other", {"message": row.note})
        if match:
            # The numbers are stored as numbers, as the reader gives them today.
            facts: dict[str, Fact] = {name: int(match[name]) for name in ("scanned", "pages")}
            reason = Reason("scanned_not_read", facts | {"numbers": match["numbers"]})
        change = update(documents).where(documents.c.id == row.id)
        connection.execute(change.values(note=reason.to_json()))


def _documents_set_aside(connection: Connection) -> None:
    """Add what cannot be indexed, and cut titles and headings that are searched too often."""
    create_tables(connection, schema.set_aside)
    for column, longest in _LONGEST:
        longer = func.length(column) > longest
        change = update(column.table).where(longer)
        connection.execute(change.values({column: func.substr(column, 1, longest)}))


def _matters_of_changes(connection: Connection) -> None:
    """Add the matter that a change of filings concerns, so that no other waits for it."""
    add_columns(connection, schema.changes)


def _digests(connection: Connection) -> None:
    """Add the digests by which damage is noticed, of what agrees with its document's text."""
    create_tables(connection, schema.document_digests)
    add_columns(connection, schema.passages)
    documents, passages = schema.documents, schema.passages
    change = update(passages).where(passages.c.key == bindparam("of_key"))
    change = change.values(digest=bindparam("of_row"))
    without = select(documents.c.id).where(
        documents.c.id.not_in(select(schema.document_digests.c.document_id))
    )
    for document_id in connection.scalars(without).all():
        query = select(documents).where(documents.c.id == document_id)
        document = connection.execute(query).one()._asdict()
        connection.execute(insert(schema.document_digests), digests_row(document))
        query = select(passages).where(passages.c.document_id == document_id)
        rows = [
            {"of_key": row.key, "of_row": passage_digest(row._asdict())}
            for row in connection.execute(query).all()
            if row.text == document["text"][row.start : row.end]
        ]
        if rows:
            connection.execute(change, rows)


_LONGEST: Final = (
    (schema.documents.c.title, LONGEST_TITLE),
    (schema.documents.c.publisher, LONGEST_NAME),
    (schema.passages.c.pin, LONGEST_NAME),
    (schema.passages.c.heading, LONGEST_HEADING),
)


MIGRATIONS: Final = (
    Migration("0001 first tables", _first_tables),
    Migration("0008 parts not read", _parts_not_read),
    Migration("0011 document facts", _document_facts),
    Migration("0012 notes as reasons", _notes_as_reasons),
    Migration("0015 legal holds", _holds),
    Migration("0020 recognition of passages", _recognition),
    Migration("0021 documents set aside", _documents_set_aside),
    Migration("0022 matters of changes", _matters_of_changes),
    Migration("0023 digests of documents and passages", _digests),
)


def missing(connection: Connection, migrations: Sequence[Migration]) -> list[Migration]:
    """The migrations that were not applied to this database, in order. Raises DatabaseTooNew."""
    applied: set[str] = set()
    if inspect(connection).has_table(schema.migrations.name):
        applied = set(connection.scalars(select(schema.migrations.c.name)))
    # Names and not a version number: packages add migrations independently of each other.
    unknown = applied - {migration.name for migration in migrations}
    if unknown:
        where = connection.engine.url.render_as_string(hide_password=True)
        raise DatabaseTooNew(
            f"the database {where} was written by a newer version of Pincite "
            f"(it knows {max(unknown)!r}): upgrade Pincite, or bring a backup of before back into"
            " a new folder with 'pincite --data NEW restore BACKUP'"
        )
    return [migration for migration in migrations if migration.name not in applied]


def apply_missing(connection: Connection, migrations: Sequence[Migration]) -> None:
    """Apply and record what is missing, inside the caller's transaction. Raises DatabaseTooNew."""
    for migration in missing(connection, migrations):
        migration.apply(connection)
        row = {"name": migration.name, "applied": now()}
        connection.execute(insert(schema.migrations), row)
