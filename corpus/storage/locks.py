"""One process at a time, on whatever machine: a lock that goes with whoever held it.

PostgreSQL's advisory locks belong to a session and end with it; a pooler between us and the server
has to keep sessions apart for them (session pooling). Beside an SQLite database a file is locked.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy
from filelock import FileLock
from sqlalchemy import exc, func, select

from corpus.storage.database import explained, sqlite_path

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def alone(database: sqlalchemy.Engine, what: int, name: str) -> Iterator[None]:
    """Wait until no other process holds `what`, and hold it until the context is left.

    `name` is that of the file beside an SQLite database. Raises DatabaseUnavailable.
    """
    path = sqlite_path(database)
    if path is not None:
        with FileLock(path.with_name(f"{name}.lock"), thread_local=False):
            yield
        return
    with explained(database):
        session = database.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with explained(database):
            session.execute(select(func.pg_advisory_lock(what)))
        yield
    finally:
        _let_go(session, what)


def _let_go(session: sqlalchemy.Connection, what: int) -> None:
    """Unlock; a session that cannot be asked to any more must not come back into the pool."""
    try:
        session.execute(select(func.pg_advisory_unlock(what)))
    except (exc.SQLAlchemyError, OSError):
        session.invalidate()
    finally:
        session.close()
