"""The databases of the tests: a copy is what the migrations make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bot.migrations import MIGRATIONS
from corpus.storage.database import open_database
from tests.databases import new_postgresql_url, open_migrated


def description(url: str) -> dict[str, Any]:
    """The tables of a database, with their columns, keys and indexes, and the names of what ran."""
    database = open_database(url, migrations=MIGRATIONS)
    inspector = sqlalchemy.inspect(database)
    tables: dict[str, Any] = {
        table: (
            [{**column, "type": str(column["type"])} for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(inspector.get_foreign_keys(table), key=str),
            sorted(inspector.get_unique_constraints(table), key=str),
            sorted(inspector.get_check_constraints(table), key=str),
            sorted(
                str({**index, "dialect_options": list(map(str, index.get("dialect_options", {})))})
                for index in inspector.get_indexes(table)
            ),
        )
        for table in inspector.get_table_names()
    }
    with database.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM migrations").scalars()
        tables["migrations"] = (*tables["migrations"], sorted(names))
    database.dispose()
    return tables


def test_a_copied_database_is_a_migrated_one(
    url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The first database that a test opens, and the next one, have the tables of a real one."""
    if url.startswith("sqlite"):
        urls = [f"sqlite:///{tmp_path / name}" for name in ("first", "next", "real")]
    else:
        socket = request.getfixturevalue("postgresql")
        urls = [new_postgresql_url(socket) for _ in range(3)]
    for copied in urls[:2]:
        open_migrated(copied, migrations=MIGRATIONS).dispose()
    first, second, real = map(description, urls)
    assert first == second == real
    assert len(real) > 20
