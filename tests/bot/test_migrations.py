"""Every package's tables make up one database, and a database of an older version becomes it."""

from __future__ import annotations

import pytest
import sqlalchemy
from sqlalchemy import Connection, func, insert, inspect, select

from bot.migrations import MIGRATIONS, TABLES
from bot.records.access import admissions
from corpus.library import Library
from corpus.storage import schema
from corpus.storage.database import snapshot, transaction
from corpus.storage.migrations import apply_missing, missing
from tests.corpus.conftest import filed
from tests.databases import Opened

pytestmark = pytest.mark.slow

ONE_LIST = (
    "0001 first tables",
    "0002 audit in a chain",
    "0003 talks and judgements",
    "0004 shared indexes",
    "0005 uploads",
    "0006 watches",
    "0007 updates as they came",
    "0008 parts not read",
    "0009 uploads held",
    "0010 shared vectors",
)
"""The migrations when one list made the tables of all packages; the first of them made most."""


def columns_of(database: sqlalchemy.Engine) -> dict[str, dict[str, bool]]:
    """The columns of each table, with whether they may be null."""
    inspector = inspect(database)
    return {
        name: {str(column["name"]): column["nullable"] for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
    }


def test_a_new_database_is_what_the_tables_say(url: str, opened: Opened) -> None:
    """Reflected tables and columns, with their nullability, are those of all packages."""
    assert columns_of(opened(url)) == {
        table.name: {column.name: column.nullable for column in table.columns}
        for table in (schema.migrations, *TABLES)
    }


def test_every_migration_has_a_name_of_its_own() -> None:
    """Two of one name would count as one, and the second would never be applied."""
    names = [migration.name for migration in MIGRATIONS]
    assert sorted(set(names)) == names


def record_one_list(connection: Connection) -> None:
    """Let a database say that it was made when there was one list of migrations."""
    connection.execute(schema.migrations.delete())
    rows = [{"name": name, "applied": "2026-11-22T12:00:00Z"} for name in ONE_LIST]
    connection.execute(insert(schema.migrations), rows)


def test_a_database_of_one_list_keeps_what_it_holds(url: str, opened: Opened) -> None:
    """It has every table already: nothing is made twice, and no row is lost."""
    database = opened(url)
    filed(Library(database), "a note", matter="lease")
    with transaction(database) as connection:
        row = {"person_id": 7, "matter": "lease", "role": "reader"}
        connection.execute(insert(admissions), row)
        record_one_list(connection)
    before = columns_of(database)
    again = opened(url)
    with snapshot(again) as connection:
        assert missing(connection, MIGRATIONS) == []
        assert connection.execute(select(admissions.c.role)).scalar_one() == "reader"
        assert connection.execute(select(func.count()).select_from(schema.passages)).scalar() == 1
    assert columns_of(again) == before


def test_a_database_of_documents_becomes_a_whole_one(url: str, opened: Opened) -> None:
    """What a program has filed through the library alone is served by the bot as it is."""
    database = opened(url)
    with transaction(database) as connection:
        for table in reversed(TABLES):
            if table not in schema.TABLES:
                table.drop(connection)
        documents = [name for name in ONE_LIST if name.startswith(("0001", "0008"))]
        of_others = schema.migrations.c.name.not_in(documents)
        connection.execute(schema.migrations.delete().where(of_others))
        apply_missing(connection, MIGRATIONS)
    assert set(columns_of(database)) == {table.name for table in (schema.migrations, *TABLES)}
