"""Opening the database, and the two ways of using it: a snapshot to read, a transaction to write.

SQLite and PostgreSQL run the same statements. All differences between them are handled here.
SQLite runs in WAL mode, where readers and the one writer do not wait for each other. `synchronous`
is FULL: what was reported as filed survives a power cut, and no revision that an index has seen is
given out twice. NORMAL would lose the last commits to save one sync a document.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy
from filelock import FileLock
from sqlalchemy import event, exc
from sqlalchemy.dialects import postgresql, sqlite

from corpus.errors import CannotWrite, DatabaseUnavailable
from corpus.storage.locks import Lock
from corpus.storage.migrations import MIGRATIONS, apply_missing, missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.storage.migrations import Migration

_MADE_LATER = ("index", "vectors", "audit.notes")
"""What a data folder has only once there was a database."""

FILE_NAME: Final = "pincite.sqlite3"
BUSY_SECONDS: Final = 30.0
_POOLED: Final = 10  # connections kept; asyncio.to_thread uses up to 32 threads
_OVERFLOW: Final = 30
_WRITING: Final[WeakKeyDictionary[sqlalchemy.Engine, threading.Lock]] = WeakKeyDictionary()
# An option of ours on a connection: SQLAlchemy has none that says "read only" to SQLite.
_READING: Final = "pincite_reading"
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; what was filed is safe: free some space and repeat",
    sqlite3.SQLITE_READONLY: "it may not be written: give this user the right to write it",
    sqlite3.SQLITE_BUSY: "another process keeps it locked: end that process, or repeat later",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked: end that process, or repeat later",
    sqlite3.SQLITE_NOTADB: "it is no database file: move it away, or restore a backup",
    sqlite3.SQLITE_CORRUPT: "it is damaged: restore a backup with 'pincite restore'",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that its folder exists and may be written",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written: it may be full or failing",
    sqlite3.SQLITE_PERM: "it may not be opened: give this user the right to read and write it",
}


def open_database(
    url: str,
    *,
    folder: Path | None = None,
    migrations: Sequence[Migration] = MIGRATIONS,
    busy_seconds: float = BUSY_SECONDS,
) -> sqlalchemy.Engine:
    """Open the database at `url`, create it if it is missing, and migrate it to this version.

    An empty `url` means the SQLite database in `folder`. `migrations`: those of every package that
    keeps tables in it; by default the documents' own. A writer waits `busy_seconds` for another
    one. Raises DatabaseTooNew, DatabaseUnavailable.
    """
    address = _address(url, folder)
    sqlite = address.get_backend_name() == "sqlite"
    if sqlite:
        _refuse_emptied(Path(address.database or ""))
    engine = _sqlite(address, busy_seconds) if sqlite else _postgresql(address)
    try:
        if sqlite:
            _switch_to_wal(engine, busy_seconds)
        _migrate(engine, migrations)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def snapshot(database: sqlalchemy.Engine) -> Iterator[sqlalchemy.Connection]:
    """Read one consistent state, without waiting for writers. Raises DatabaseUnavailable."""
    options: dict[str, Any] = {_READING: True}
    if database.dialect.name == "postgresql":
        # Otherwise each statement would see its own state, with changes of others in between.
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with explained(database), database.connect() as plain:
        yield plain.execution_options(**options)


@contextmanager
def transaction(database: sqlalchemy.Engine) -> Iterator[sqlalchemy.Connection]:
    """Write all or nothing. On SQLite one writer at a time, from its first statement on.

    Raises DatabaseUnavailable.
    """
    with explained(database), _turn_to_write(database), database.begin() as connection:
        yield connection


def add_up(
    connection: sqlalchemy.Connection,
    table: sqlalchemy.Table,
    rows: Sequence[Mapping[str, Any]],
    column: str,
) -> None:
    """Insert rows. If a row with the same primary key exists, add to its `column` instead."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    # SQLAlchemy has no upsert that both dialects share.
    added = dialect.insert(table)
    total = table.c[column] + added.excluded[column]
    statement = added.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={column: total}
    )
    if rows:
        connection.execute(statement, list(rows))


@contextmanager
def _turn_to_write(database: sqlalchemy.Engine) -> Iterator[None]:
    """Let the threads of this process write one after another.

    SQLite itself makes a waiting writer sleep and try again, which is slower and less fair. A
    thread that has waited as long as for another process goes on, and SQLite reports the error.
    """
    if database.dialect.name != "sqlite":
        yield
        return
    lock = _WRITING.setdefault(database, threading.Lock())
    acquired = lock.acquire(timeout=BUSY_SECONDS)
    try:
        yield
    finally:
        if acquired:
            lock.release()


def serialise(connection: sqlalchemy.Connection, lock: Lock) -> None:
    """Wait until no other transaction holds `lock`, and hold it until this one ends.

    On SQLite a transaction is alone anyway (BEGIN IMMEDIATE).
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_xact_lock(lock)))


@contextmanager
def exclusive_lock(database: sqlalchemy.Engine, lock: Lock) -> Iterator[None]:
    """Hold `lock` for the time of the context, over as many transactions as that needs.

    Waits until no other process holds it, on whatever machine. Raises DatabaseUnavailable.
    """
    path = sqlite_path(database)
    if path is not None:
        # Not per thread: whoever leaves the context may be another thread.
        with FileLock(path.with_name(f"{lock.name.lower()}.lock"), thread_local=False):
            yield
        return
    with explained(database):
        session = database.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with explained(database):
            # A session's lock ends with the session, also when this process is killed. A pooler
            # between us and the server has to keep sessions apart for it (session pooling).
            session.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_lock(lock)))
        yield
    finally:
        _unlock(session, lock)


def _unlock(session: sqlalchemy.Connection, lock: Lock) -> None:
    try:
        session.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_unlock(lock)))
    except (exc.SQLAlchemyError, OSError):
        # It may still hold the lock, so it must not come back into the pool.
        session.invalidate()
    finally:
        session.close()


def flush_log(database: sqlalchemy.Engine) -> bool:
    """Empty SQLite's write-ahead log, where deleted text stays until then; False if it is in use.

    Raises DatabaseUnavailable.
    """
    if database.dialect.name != "sqlite":
        return True
    with explained(database), database.connect() as connection:
        driver: Any = connection.connection.driver_connection
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


def sqlite_path(database: sqlalchemy.Engine) -> Path | None:
    """The database's file; None when it is no SQLite database."""
    name = database.url.database
    return Path(name) if database.dialect.name == "sqlite" and name else None


def explain(error: BaseException | None) -> str:
    """What an error of the driver means and what to do, in one line."""
    message = str(error).strip().partition("\n")[0] or type(error).__name__
    return _REASONS.get(_code(error), message)


def _address(url: str, folder: Path | None) -> sqlalchemy.URL:
    if not url and folder:
        return _in_a_folder(sqlalchemy.URL.create("sqlite", database=str(folder / FILE_NAME)))
    try:
        address = sqlalchemy.make_url(url)
        backend = address.get_backend_name()
    except (exc.ArgumentError, exc.NoSuchModuleError):
        # The address is not repeated here: it may hold a password.
        raise DatabaseUnavailable(
            "the database address cannot be read: expected sqlite:///FILE or postgresql://…"
        ) from None
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUnavailable(f"{backend} is no database for this: use sqlite or postgresql")
    if not address.database or address.database == ":memory:":
        raise DatabaseUnavailable("SQLite in memory forgets everything: expected sqlite:///FILE")
    return _in_a_folder(address.set(drivername="sqlite"))


def _in_a_folder(address: sqlalchemy.URL) -> sqlalchemy.URL:
    folder = Path(address.database or "").parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"the folder {folder} cannot be made ({error.strerror}): name another one"
        ) from None
    return address


def _refuse_emptied(path: Path) -> None:
    """Refuse a file without a byte where one with documents was: it is no new database."""
    try:
        is_empty = path.stat().st_size == 0
    except OSError:
        return
    if is_empty and any((path.parent / name).exists() for name in _MADE_LATER):
        raise DatabaseUnavailable(
            f"{path} is empty, and was not: restore a backup with 'pincite restore'"
        )


def _sqlite(address: sqlalchemy.URL, busy_seconds: float) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(
        address,
        # An error would else quote the values of its statement: questions, passages.
        hide_parameters=True,
        json_deserializer=_parse_json,
        pool_size=_POOLED,
        max_overflow=_OVERFLOW,
        # The driver must not begin transactions by itself: BEGIN is sent below.
        connect_args={"timeout": busy_seconds, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # Damaged text would end a whole query, with an error that quotes it. Decoded so, it does
        # not agree with its digest (soundness.py), and is left out alone.
        connection.text_factory = _decode
        # SQLite forgets both settings when a connection closes.
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        # What is deleted is overwritten: somebody may have asked to be forgotten.
        connection.execute("PRAGMA secure_delete=ON")

    # A transaction that reads first and then writes fails at once if another one has written in
    # between, however long the timeout is. So all but declared readers lock from the start.
    @event.listens_for(engine, "begin")
    def begin(connection: sqlalchemy.Connection) -> None:
        reading = connection.get_execution_options().get(_READING)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _decode(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _parse_json(text: str) -> Any:
    """A JSON value; None for damaged text, which its digest tells."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _postgresql(address: sqlalchemy.URL) -> sqlalchemy.Engine:
    try:
        return sqlalchemy.create_engine(
            address,
            hide_parameters=True,
            pool_size=_POOLED,
            max_overflow=_OVERFLOW,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError:
        raise DatabaseUnavailable(
            "PostgreSQL needs its driver: pip install 'pincite[postgres]'"
        ) from None


def _switch_to_wal(engine: sqlalchemy.Engine, busy_seconds: float) -> None:
    """Set the journal mode, which is permanent. SQLite does not wait for others here, so we do."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            with explained(engine):
                connection = engine.raw_connection()
                try:
                    connection.cursor().execute("PRAGMA journal_mode=WAL")
                finally:
                    connection.close()
        except DatabaseUnavailable as error:
            if _code(error.__cause__) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(engine: sqlalchemy.Engine, migrations: Sequence[Migration]) -> None:
    with snapshot(engine) as connection:
        # Most starts find nothing to do, and a snapshot does not wait for a writer.
        if not missing(connection, migrations):
            return
    with transaction(engine) as connection:
        serialise(connection, Lock.MIGRATION)
        apply_missing(connection, migrations)


@contextmanager
def explained(database: sqlalchemy.Engine) -> Iterator[None]:
    """Turn the driver's errors into one line that says what to do."""
    try:
        yield
    # These are faults of the program, which a person cannot fix: they keep their traceback.
    except (exc.IntegrityError, exc.ProgrammingError):
        raise
    except (exc.DBAPIError, exc.TimeoutError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        where = database.url.render_as_string(hide_password=True)
        path = sqlite_path(database)
        passing = isinstance(
            error, exc.OperationalError | exc.TimeoutError | sqlite3.OperationalError
        )
        # SQLite's general error is a statement that cannot be right, such as a table that is gone.
        passing = passing and _code(cause) != sqlite3.SQLITE_ERROR
        kind = CannotWrite if passing else DatabaseUnavailable
        raise kind(f"the database {path or where}: {explain(cause)}") from cause


def _code(error: BaseException | None) -> int:
    """SQLite's primary result code, 0 for anything else."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
