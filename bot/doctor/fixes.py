"""`pincite doctor --fix`: what can be healed without losing anything, each said in one line."""

from __future__ import annotations

import shutil
import stat
from typing import TYPE_CHECKING, Final

from bot.compose import (
    data_folder,
    library_of,
    open_database_of,
    open_ingest,
    open_searcher,
)
from bot.console.terminal import count_noun, open_terminal, print_parts, printable_path
from bot.embedding import embed_all
from corpus.atomic import UNFINISHED
from corpus.errors import CorpusError
from corpus.repair import find_damaged, repair
from corpus.storage.database import transaction
from index.embedded.store import Store
from index.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy

    from bot.settings import Settings

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
# What a killed process left unfinished is younger while that process still lives.
_OLD_SECONDS: Final = 24 * 3600.0


def run(settings: Settings) -> None:
    """Heal, and print a line for each thing that was healed."""
    terminal = open_terminal()
    for line in _fix(settings):
        print_parts(terminal, f"fixed      {line}")


def _fix(settings: Settings) -> Iterator[str]:
    folder = data_folder(settings)
    yield from _remove_unfinished(folder)
    try:
        with open_database_of(settings) as database:
            yield from _rebuild_database_indexes(database)
            yield from _repair_documents(settings, database, folder)
            yield from _rebuild_search(settings, database, folder)
    except (CorpusError, SearchError) as error:
        # The checks that follow say it too, with what to do.
        print_parts(open_terminal(), f"not fixed  {error}")
    # Last, since what was built anew may be open too.
    yield from _close_to_others(folder)


def _close_to_others(folder: Path) -> Iterator[str]:
    """Take the rights of other users away from everything in the data folder."""
    closed = 0
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
            closed += 1
    if closed:
        yield f"{count_noun(closed, 'file or folder')} in {printable_path(folder)} closed to others"


def _remove_unfinished(folder: Path) -> Iterator[str]:
    """Remove files that a killed process left unfinished, a day ago or longer."""
    newest = (folder / "heartbeat", *folder.glob("*.sqlite3*"))
    now = max((path.stat().st_mtime for path in newest if path.exists()), default=0.0)
    for path in folder.rglob(f"*{UNFINISHED}"):
        if path.is_file() and now - path.stat().st_mtime > _OLD_SECONDS:
            path.unlink()
            yield f"{printable_path(path)} removed: it was never finished"


def _rebuild_database_indexes(database: sqlalchemy.Engine) -> Iterator[str]:
    """Build SQLite's own indexes anew where they do not agree with the rows."""
    if database.dialect.name != "sqlite":
        return
    check = "PRAGMA integrity_check(1)"
    with transaction(database) as connection:
        problem = connection.exec_driver_sql(check).scalar()
        # Anything else is damage of the rows themselves, which no index can bring back.
        if problem != "ok" and "index" in str(problem):
            connection.exec_driver_sql("REINDEX")
            yield f"the database's indexes built anew ({problem})"


def _repair_documents(
    settings: Settings, database: sqlalchemy.Engine, folder: Path
) -> Iterator[str]:
    """Bring damaged documents back from their copies in the database, their originals or files."""
    damaged = list(find_damaged(database))
    if not damaged:
        return
    with open_ingest(settings, library_of(database)) as ingest:
        for document_id in damaged:
            lacks = repair(database, document_id, ingest.read, max_bytes=settings.max_bytes)
            if lacks:
                print_parts(open_terminal(), f"not fixed  {document_id} is damaged: {lacks}")
            else:
                yield f"{document_id} brought back as it was filed"
    # What was left out of the index while it was damaged has to come in again.
    shutil.rmtree(folder / "index", ignore_errors=True)


def _rebuild_search(settings: Settings, database: sqlalchemy.Engine, folder: Path) -> Iterator[str]:
    """Build damaged parts of the index anew, and embed what lacks its vectors."""
    damaged = Store(folder / "index").problems()
    library = library_of(database)
    # Opening checks every file, and refreshing builds what is missing.
    with open_searcher(settings, library) as searcher:
        searcher.refresh()
        for problem in damaged:
            yield f"{problem}: that part was built anew from the database"
        missing = searcher.meaning.pending() if searcher.meaning else 0
        if missing:
            embed_all(searcher.meaning)
            yield f"{count_noun(missing, 'passage')} embedded"
