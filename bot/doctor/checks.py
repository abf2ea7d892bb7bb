"""`pincite doctor`: what is well and what is not, one line each, with the mend."""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING, Final

from bot.compose import (
    data_folder,
    library_of,
    open_database_of,
    open_searcher,
    open_shared_engine,
)
from bot.console.exit_status import DONE, REFUSED
from bot.console.terminal import count_noun, open_terminal, print_parts, printable_path
from bot.doctor.finding import Finding
from bot.errors import SettingsError
from bot.records.audit import Audit
from bot.settings import Settings, unknown_settings
from corpus.errors import CorpusError, NotFound
from corpus.models import Scope
from index.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.library import Library
    from index.milvus.engine import MilvusEngine
    from index.semantic.search import Meaning

LOW_DISK_MB: Final = 500


def run(settings: Settings, *, offline: bool) -> int:
    """Print every finding; REFUSED when one of them is a failure."""
    terminal = open_terminal()
    status = DONE
    for finding in examine(settings, offline=offline):
        print_parts(terminal, str(finding))
        status = REFUSED if finding.state == "fail" else status
    return status


def examine(settings: Settings, *, offline: bool) -> Iterator[Finding]:
    """Look at one thing after another, from the settings outwards."""
    yield from of_settings(settings)
    yield of_folder(settings)
    yield from of_disk(settings)
    yield from of_documents_folder(settings)
    yield from _of_library(settings)
    yield from _of_telegram(settings, offline=offline)


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Names that mean nothing, and settings that are of no use together."""
    for name in unknown_settings():
        yield Finding("settings", "warn", f"{name} means nothing to Pincite: check its spelling")
    polls = settings.telegram_token is not None and settings.telegram_webhook_url is None
    if polls and settings.telegram_webhook_secret is not None:
        said = "PINCITE_TELEGRAM_WEBHOOK_SECRET has no effect: set PINCITE_TELEGRAM_WEBHOOK_URL too"
        yield Finding("settings", "warn", said)
    yield Finding("settings", "ok", "every value can be used")


def of_folder(settings: Settings) -> Finding:
    """Whether the data folder can be written, and by whom it can be read."""
    folder = data_folder(settings)
    name = printable_path(folder)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("data", "fail", f"{name} cannot be written: give this user the right to")
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding("data", "warn", f"{name} is open to other users: chmod 700 {name}")
    return Finding("data", "ok", f"{name} can be written, and is closed to other users")


def of_disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room for more documents."""
    free = shutil.disk_usage(data_folder(settings)).free // 2**20
    if free < LOW_DISK_MB:
        yield Finding("disk", "warn", f"{free} MB are left: free some space before adding more")
    else:
        yield Finding("disk", "ok", f"{free // 1024} GB free")


def of_documents_folder(settings: Settings) -> Iterator[Finding]:
    """Whether the folder to watch is there."""
    if settings.documents is None:
        return
    name = printable_path(settings.documents)
    if not settings.documents.is_dir():
        mend = "create it, or unset PINCITE_DOCUMENTS"
        yield Finding("watching", "fail", f"{name} is no folder: {mend}")
    elif not os.access(settings.documents, os.R_OK | os.X_OK):
        yield Finding("watching", "fail", f"{name} cannot be read: give this user the right to")
    else:
        yield Finding("watching", "ok", f"{name} can be read")


def _of_library(settings: Settings) -> Iterator[Finding]:
    try:
        with open_database_of(settings) as database:
            library = library_of(database)
            yield from of_database(library)
            yield from of_audit(Audit(database))
            yield from of_matters(settings, library)
            yield from _of_index(settings, library)
    except CorpusError as error:
        yield Finding("database", "fail", str(error))


def of_database(library: Library) -> Iterator[Finding]:
    """Whether what is kept agrees with itself."""
    problems = library.integrity()
    for problem in problems:
        yield Finding("database", "fail", problem)
    if not problems:
        held = count_noun(library.count_documents(Scope.all()), "document")
        matters = count_noun(len(library.matters()), "matter")
        yield Finding("database", "ok", f"{held} in {matters}, all sound")


def of_audit(audit: Audit) -> Iterator[Finding]:
    """Whether every record of the audit is what was written, in its place."""
    problems = audit.problems()
    for problem in problems:
        mend = "restore a backup, and find out who can write to the database"
        yield Finding("audit", "fail", f"{problem}: {mend}")
    if not problems:
        held, last = count_noun(audit.count(), "record"), audit.last()
        at = f"; the hash at {last.number} is {last.hash[:16]}…" if last.number else ""
        yield Finding("audit", "ok", f"{held}, the chain is whole{at}")


def of_matters(settings: Settings, library: Library) -> Iterator[Finding]:
    """Whether strangers who may ask have something to ask."""
    if not settings.open:
        return
    try:
        library.matter(settings.open_matter)
    except NotFound:
        said = f"there is no matter {settings.open_matter}, so strangers may ask nothing"
        yield Finding("matters", "warn", f"{said}: add to it, or mend PINCITE_OPEN_MATTER")


def _of_index(settings: Settings, library: Library) -> Iterator[Finding]:
    try:
        with open_searcher(settings, library) as searcher:
            searcher.refresh()
        with open_shared_engine(settings, library) as engine:
            yield of_index(library, engine)
    except (SettingsError, SearchError) as error:
        yield Finding("index", "fail", str(error))
        return
    if searcher.meaning is not None:
        yield of_meaning(library, searcher.meaning)


def of_index(library: Library, shared: MilvusEngine | None) -> Finding:
    """Whether the index, which has just caught up, holds what the database counts."""
    said = f"in step with the database, at change {library.revision()}"
    if shared is None:
        return Finding("index", "ok", said)
    rows, counted_rows = shared.count()
    if rows != counted_rows:
        mend = f"drop the collection {shared.collection}, and the next start builds it again"
        said = f"Milvus holds {rows} passages where {counted_rows} were written: {mend}"
        return Finding("index", "fail", said)
    return Finding("index", "ok", f"{said}; {count_noun(rows, 'passage')} in Milvus")


def of_meaning(library: Library, meaning: Meaning) -> Finding:
    """Whether every passage can be found by its meaning."""
    live = sum(1 for _ in library.live_passages())
    left = meaning.embedding.pending() if meaning.embedding else 0
    if left:
        mend = "'pincite run' embeds them as it serves"
        return Finding("meaning", "warn", f"{left} of {live} passages are to do: {mend}")
    return Finding("meaning", "ok", f"{count_noun(live, 'passage')} embedded")


def _of_telegram(settings: Settings, *, offline: bool) -> Iterator[Finding]:
    """Whether the token is good and what the bot may hear and do."""
    if settings.telegram_token is None:
        said = "no token, so 'pincite run' chats here; set PINCITE_TELEGRAM_TOKEN to connect"
        yield Finding("telegram", "ok", said)
    elif offline:
        yield Finding("telegram", "ok", "a token is set; not tried, as you asked")
    else:
        from bot.doctor.telegram import examine_telegram  # noqa: PLC0415 - half a second to import

        yield from examine_telegram(settings)
