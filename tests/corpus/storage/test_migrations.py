"""Migrations run once, whole or not at all, and newer databases are left alone."""

from __future__ import annotations

import pytest
import sqlalchemy
from sqlalchemy import Connection, inspect, select, text

from corpus.errors import DatabaseTooNew
from corpus.library import Library
from corpus.models import Scope
from corpus.reasons import Reason
from corpus.storage import schema
from corpus.storage.database import open_database, snapshot, transaction
from corpus.storage.migrations import MIGRATIONS, Migration, apply_missing, missing
from tests.corpus.conftest import Opened, filed, id_of

SCANNED = (
    "1 of its 3 pages are scanned (page 3) and were not read: add a copy that holds their text"
)


def add_a_column(connection: Connection) -> None:
    """A later migration."""
    connection.execute(text("ALTER TABLE matters ADD COLUMN colour VARCHAR"))


def half_of_it(connection: Connection) -> None:
    """A migration that fails midway."""
    add_a_column(connection)
    connection.execute(text("ALTER TABLE nowhere ADD COLUMN colour VARCHAR"))


def test_a_new_database_is_what_the_schema_says(database: sqlalchemy.Engine) -> None:
    """Reflected tables and columns, with their nullability, are schema.py's, and no others."""
    inspector = inspect(database)
    expected = {
        table.name: {column.name: column.nullable for column in table.columns}
        for table in schema.TABLES
    }
    assert {
        name: {str(column["name"]): column["nullable"] for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
    } == expected


def test_opening_again_changes_nothing(
    database: sqlalchemy.Engine, url: str, opened: Opened
) -> None:
    """Each migration is recorded once, with its first time, however often it is opened."""
    recorded = select(schema.migrations)
    with snapshot(database) as connection:
        before = connection.execute(recorded).all()
    with snapshot(opened(url)) as connection:
        assert connection.execute(recorded).all() == before
        assert [row.name for row in before] == [name for name, _ in MIGRATIONS]


def test_a_later_migration_is_applied_once(database: sqlalchemy.Engine) -> None:
    """A second application would fail, for the column exists."""
    migrations = [*MIGRATIONS, Migration("0009 colour", add_a_column)]
    for _ in range(2):
        with transaction(database) as connection:
            apply_missing(connection, migrations)
    with snapshot(database) as connection:
        assert missing(connection, migrations) == []
        connection.execute(text("SELECT colour FROM matters"))


@pytest.mark.parametrize(
    ("migration", "column"), [("0008 parts not read", "note"), ("0011 document facts", "facts")]
)
def test_a_new_column_comes_to_an_older_database(
    database: sqlalchemy.Engine, migration: str, column: str
) -> None:
    """What it holds stays, and is as if nothing were known of it."""
    columns = {column["name"] for column in inspect(database).get_columns("documents")}
    older = [step for step in MIGRATIONS if step.name != migration]
    with transaction(database) as connection:
        connection.execute(text(f"ALTER TABLE documents DROP COLUMN {column}"))
        name = schema.migrations.c.name
        connection.execute(schema.migrations.delete().where(name == migration))
        assert missing(connection, older) == []
        apply_missing(connection, MIGRATIONS)
    assert {column["name"] for column in inspect(database).get_columns("documents")} == columns


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (
            SCANNED,
            Reason("scanned_not_read", {"scanned": 1, "pages": 3, "numbers": "3"}),
        ),
        ("it is odd", Reason("other", {"message": "it is odd"})),
    ],
)
def test_notes_become_reasons(library: Library, sentence: str, reason: Reason) -> None:
    """A sentence that an earlier version kept is a code with its facts afterwards."""
    document_id = id_of(filed(library, "a note"))
    whole = id_of(filed(library, "another note", "/y"))
    with transaction(library.database) as connection:
        noted = schema.documents.update().where(schema.documents.c.id == document_id)
        connection.execute(noted.values(note=sentence))
        name = schema.migrations.c.name
        connection.execute(schema.migrations.delete().where(name == "0012 notes as reasons"))
        apply_missing(connection, MIGRATIONS)
    assert library.document(document_id, Scope.all()).note == reason
    assert library.document(whole, Scope.all()).note is None


def test_a_failing_migration_leaves_nothing(database: sqlalchemy.Engine) -> None:
    """Neither its first half nor the record of it stays."""
    migrations = [*MIGRATIONS, Migration("0009 half", half_of_it)]
    with pytest.raises(sqlalchemy.exc.DBAPIError), database.begin() as connection:
        apply_missing(connection, migrations)
    assert "colour" not in {column["name"] for column in inspect(database).get_columns("matters")}
    with snapshot(database) as connection:
        assert [name for name, _ in missing(connection, migrations)] == ["0009 half"]


def test_a_newer_database_is_refused(database: sqlalchemy.Engine, url: str) -> None:
    """One line says that it is newer, by what, and what to do."""
    with transaction(database) as connection:
        apply_missing(connection, [*MIGRATIONS, Migration("0099 from the future", add_a_column)])
    with pytest.raises(
        DatabaseTooNew, match=r"newer version.*0099 from the future.*upgrade"
    ) as why:
        open_database(url)
    assert "\n" not in str(why.value)
