"""Settings become objects: the one place where databases, indexes and readers are opened.

Each part is imported only when it is opened, so that a command loads only what it uses.
"""

# ruff: noqa: PLC0415 - see above
from __future__ import annotations

import logging
import os
import stat
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.embedding import open_meaning
from bot.errors import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy

    from bot.console.progress import Report
    from bot.records.audit import Audit
    from corpus.ingest import Ingest
    from corpus.library import Library
    from index.engine.protocol import Engine
    from index.milvus.engine import MilvusEngine
    from index.query.question import Vocabulary
    from index.search import Searcher

# Limits of one file. A hostile file must not stop the bot, and a long scan must fit.
READ_SECONDS = 60
READ_MEMORY_MB = 1024

_log = logging.getLogger(__name__)


@dataclass
class Services:
    """The parts that answer, store and read. `open_services` closes them together."""

    settings: Settings
    library: Library
    searcher: Searcher
    ingest: Ingest
    database: sqlalchemy.Engine

    @property
    def audit(self) -> Audit:
        """The records of what was shown to whom."""
        from bot.records.audit import Audit

        return Audit(self.database)


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Open every part. Raises SettingsError, DatabaseTooNew, DatabaseUnavailable."""
    with (
        open_database_of(settings) as database,
        open_ingest(settings, library := library_of(database)) as ingest,
        open_searcher(settings, library) as searcher,
    ):
        yield Services(settings, library, searcher, ingest, database)


@contextmanager
def open_database_of(settings: Settings) -> Iterator[sqlalchemy.Engine]:
    """The database of the settings, with its tables and migrations."""
    from bot.migrations import MIGRATIONS
    from corpus.storage.database import open_database

    folder = data_folder(settings).absolute()
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    database = open_database(url, folder=folder, migrations=MIGRATIONS)
    try:
        _attach_audit_key(settings, database)
        yield database
    finally:
        database.dispose()


def _attach_audit_key(settings: Settings, database: sqlalchemy.Engine) -> None:
    from bot.records.audit import Audit
    from bot.records.audit_key import attach_key

    path = audit_key_path(settings)
    try:
        attach_key(database, path, Audit(database).last())
    except OSError as error:
        raise SettingsError(
            f"the audit's key {path} cannot be read or written ({error.strerror or error}):"
            " give this user the right to, or name another file in PINCITE_AUDIT_KEY_FILE"
        ) from None


def audit_key_path(settings: Settings) -> Path:
    """The file of the key that seals the audit."""
    from bot.records.audit_key import FILE

    chosen = settings.audit_key_file
    return chosen.expanduser() if chosen else data_folder(settings) / FILE


def library_of(database: sqlalchemy.Engine) -> Library:
    """The documents in a database."""
    from corpus.library import Library

    return Library(database)


@contextmanager
def open_searcher(settings: Settings, library: Library) -> Iterator[Searcher]:
    """The searcher over the index in the data folder, or over the shared index.

    Raises SettingsError, EngineUnavailable.
    """
    from index.embedded.engine import EmbeddedEngine

    folder = data_folder(settings)
    with open_shared_engine(settings, library) as shared:
        engine: Engine = EmbeddedEngine(folder / "index") if shared is None else shared
        meaning = open_meaning(settings, library, folder / "vectors", engine)
        searcher = _searcher_type(settings)(
            library,
            engine=engine,
            expander=open_words(folder),
            meaning=meaning,
        )
        try:
            yield searcher
        finally:
            searcher.close()


def _searcher_type(settings: Settings) -> type[Searcher]:
    from index.search import Searcher

    if settings.metrics_listen is None:
        return Searcher
    from bot.metrics import MeasuredSearcher

    return MeasuredSearcher


@contextmanager
def open_shared_engine(settings: Settings, library: Library) -> Iterator[MilvusEngine | None]:
    """The engine that several machines share, or None where the embedded engine serves.

    Raises EngineUnavailable.
    """
    if settings.index != "milvus" or settings.milvus_uri is None:
        yield None
        return
    from index.milvus.engine import MilvusEngine
    from index.milvus.server import connect

    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    client = connect(settings.milvus_uri, token)
    try:
        yield MilvusEngine(client, library.database, settings.milvus_uri)
    finally:
        client.close()


def open_words(folder: Path | None = None) -> Vocabulary:
    """Translations and synonyms. Their tables are built on first use, with progress shown.

    `folder` is the data folder, which may hold the team's own glossary. Without it, none is read.
    """
    from bot.console.progress import progress_bar
    from index.vocabulary.glossary import FILE
    from index.vocabulary.tables import open_query_expander

    with progress_bar() as report:
        tell = partial(_report_building, report) if report else _print_building
        return open_query_expander(folder and folder / "tables", tell, folder and folder / FILE)


def _report_building(report: Report, done: int, steps: int) -> None:
    report(done, steps, "building the translation table from CC-CEDICT")


def _print_building(done: int, _: int) -> None:
    # Into a log or a pipe goes one line only, so that the wait is not taken for a hang.
    if done == 1:
        print("building the translation table; this is done once", file=sys.stderr, flush=True)


@contextmanager
def open_ingest(settings: Settings, library: Library) -> Iterator[Ingest]:
    """The ingest, which reads each file in a process of its own."""
    from corpus.ingest import Ingest
    from corpus.reading.bounded import BoundedReader

    # Each worker may take READ_MEMORY_MB, so their number is bounded on large machines too.
    workers = min(4, os.cpu_count() or 1)
    own = data_folder(settings)  # never ingested itself, even when it lies in a folder added
    with BoundedReader(workers, READ_SECONDS, READ_MEMORY_MB) as reader:
        yield Ingest(library, reader, max_bytes=settings.max_bytes, lock=own / "add.lock", own=own)


def is_clustered(settings: Settings) -> bool:
    """Whether several processes may serve one bot: by webhook, over a PostgreSQL database."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    return settings.telegram_webhook_url is not None and url.startswith("postgres")


def close_to_others(folder: Path) -> None:
    """Take the rights of other users away from a folder and the files of its first level.

    It may have been there before, made by hand or by an installer. One of another owner stays.
    Somebody may have shared the folder on purpose, so its closing is said, in one line.
    """
    for path in (folder, *folder.iterdir()):
        try:
            status = path.lstat()
            is_plain = stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)
            if is_plain and status.st_mode & 0o077 and status.st_uid == os.getuid():
                path.chmod(stat.S_IMODE(status.st_mode) & 0o700)
                if path == folder:
                    _log.warning("%s was open to other users of this machine: closed", folder)
        except OSError:
            continue  # gone meanwhile, or on a file system without rights


def data_folder(settings: Settings) -> Path:
    """The data folder, created if needed and private to its owner. Raises SettingsError."""
    folder = settings.data.expanduser()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"PINCITE_DATA is {str(folder)!r}; expected a folder that can be written"
            f" ({error.strerror or error})"
        ) from None
    close_to_others(folder)
    return folder
