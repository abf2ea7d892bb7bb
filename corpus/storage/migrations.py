"""How a database of an older version becomes one of this version.

Migrations are plain functions in a list, each applied once, all missing ones in one transaction,
and recorded in the table `migrations`. A released migration never changes. Until the first
release the first one creates what schema.py says, and later ones what of it is not there yet; with
the release all are frozen to those definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from sqlalchemy import Connection, Table, insert, inspect, select, text

from corpus.clock import now
from corpus.errors import DatabaseTooNew
from corpus.storage import audit_rows, schema, schema_arrivals, schema_shared_index

Migration: TypeAlias = Callable[[Connection], None]


def first_tables(connection: Connection) -> None:
    """The tables of the first release. Fails where another program's tables have these names."""
    schema.metadata.create_all(connection, checkfirst=False)


def audit_in_a_chain(connection: Connection) -> None:
    """The audit's own tables; answers given before are its first records."""
    for table in (schema.audit, schema.audit_ends):
        table.create(connection, checkfirst=True)
    names = ("at", "chat_id", "thread_id", "message_id", "person_id", "question", "citations")
    answered = select(*schema.asked.c[names]).where(schema.asked.c.answer_id.is_not(None))
    for row in connection.execute(answered.order_by(schema.asked.c.key)).all():
        shown = audit_rows.Shown(
            kind="answer",
            via="telegram",
            citations=tuple(filter(None, row.citations)),
            question=row.question,
            chat_id=row.chat_id,
            thread_id=row.thread_id,
            message_id=row.message_id,
            person_id=row.person_id,
        )
        audit_rows.append(connection, shown, at=row.at)


def talks_and_judgements(connection: Connection) -> None:
    """What a question follows and was understood as, and what exactly was judged."""
    for table in (schema.asked, schema.feedback):
        _add_columns(connection, table)
    by_answer = next(each for each in schema.asked.indexes if each.name == "asked_by_answer")
    by_answer.create(connection, checkfirst=True)


def _add_columns(connection: Connection, table: Table) -> None:
    """Add the columns of schema.py that a table lacks; they may be null."""
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in there:
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"))


def shared_indexes(connection: Connection) -> None:
    """Counts of an index that several machines share."""
    for table in (
        schema_shared_index.shared_indexes,
        schema_shared_index.index_cells,
        schema_shared_index.index_documents,
        schema_shared_index.index_terms,
    ):
        table.create(connection, checkfirst=True)  # a new database has them from the first one


def uploads(connection: Connection) -> None:
    """Files that people sent, while they are being filed."""
    schema_arrivals.uploads.create(connection, checkfirst=True)


def watches(connection: Connection) -> None:
    """Standing questions, what they found, and when chats want to be told."""
    arrivals = schema_arrivals
    for table in (arrivals.watches, arrivals.findings, arrivals.watched, arrivals.digests):
        table.create(connection, checkfirst=True)


def updates_as_they_came(connection: Connection) -> None:
    """Updates are kept from their arrival; those of the table `handled` were dealt with."""
    for table in (schema.updates, schema.shown, schema.asking):
        table.create(connection, checkfirst=True)
    if inspect(connection).has_table("handled"):
        columns = "(update_id, at) SELECT update_id, at FROM handled"
        connection.execute(text(f"INSERT INTO updates {columns}"))
        connection.execute(text("DROP TABLE handled"))


def parts_not_read(connection: Connection) -> None:
    """What part of a document was not read."""
    _add_columns(connection, schema.documents)


def uploads_held(connection: Connection) -> None:
    """Which process files an upload."""
    _add_columns(connection, schema_arrivals.uploads)


def shared_vectors(connection: Connection) -> None:
    """What several machines have embedded together."""
    for table in (schema_shared_index.vector_sets, schema_shared_index.vector_documents):
        table.create(connection, checkfirst=True)


MIGRATIONS: Final[Sequence[tuple[str, Migration]]] = (
    ("0001 first tables", first_tables),
    ("0002 audit in a chain", audit_in_a_chain),
    ("0003 talks and judgements", talks_and_judgements),
    ("0004 shared indexes", shared_indexes),
    ("0005 uploads", uploads),
    ("0006 watches", watches),
    ("0007 updates as they came", updates_as_they_came),
    ("0008 parts not read", parts_not_read),
    ("0009 uploads held", uploads_held),
    ("0010 shared vectors", shared_vectors),
)


def missing(
    connection: Connection, known: Sequence[tuple[str, Migration]] = MIGRATIONS
) -> list[tuple[str, Migration]]:
    """The migrations that this database has yet to see, in order. Raises DatabaseTooNew."""
    applied: set[str] = set()
    if inspect(connection).has_table(schema.migrations.name):
        applied = set(connection.scalars(select(schema.migrations.c.name)))
    unknown = applied - {name for name, _ in known}
    if unknown:
        where = connection.engine.url.render_as_string(hide_password=True)
        raise DatabaseTooNew(
            f"the database {where} was written by a newer version of Pincite "
            f"(it knows {max(unknown)!r}): upgrade Pincite"
        )
    return [migration for migration in known if migration[0] not in applied]


def apply_missing(
    connection: Connection, known: Sequence[tuple[str, Migration]] = MIGRATIONS
) -> None:
    """Apply and record what is missing, inside the caller's transaction. Raises DatabaseTooNew."""
    for name, apply in missing(connection, known):
        apply(connection)
        connection.execute(insert(schema.migrations).values(name=name, applied=now()))
