"""What the operator does with the data: the audit, backups, another engine or database, glossary.

The commands are `pincite export-audit`, `backup`, `restore`, `move` and `glossary check`.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout
from pydantic import SecretStr

from bot.audit import csv_lines, json_lines, named_rows
from bot.audit_bundle import write_bundle
from bot.compose import data_folder, library_of, open_database_of, open_searcher
from bot.console.exit_status import DONE, REFUSED
from bot.console.progress import progress_bar
from bot.console.terminal import (
    count_noun,
    decode_argument,
    open_terminal,
    print_error,
    print_parts,
    printable_path,
)
from bot.errors import RefusalError, SettingsError
from bot.records.audit import Audit, AuditRecord
from bot.records.audit_key import FILE as KEY_FILE
from bot.records.audit_key import notes_path, read_notes
from bot.records.forgetting import forget_postponed
from bot.records.holding import hold_matter, release_matter
from bot.settings import Settings
from corpus.errors import MoveRefused
from corpus.models import Scope
from corpus.storage import backup as backups
from index.vocabulary.glossary import check as find_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.age import AgeCipher

ENGINES: Final = ("milvus", "embedded")


def export_audit(settings: Settings, *, as_json: bool, bundle: Path | None = None) -> int:
    """Print every record of the audit, oldest first, as JSON Lines or CSV, or write a bundle.

    Raises RefusalError.
    """
    with open_database_of(settings) as database:
        audit = Audit(database)
        if bundle is not None:
            return _export_bundle(audit, bundle)
        records = 0
        for line in json_lines(named_rows(audit)) if as_json else csv_lines(named_rows(audit)):
            sys.stdout.write(line)
            records += 1
        details = {"records": records if as_json else records - 1}
        audit.record(AuditRecord("exported", "command line", (), details=details))
    return DONE


def _export_bundle(audit: Audit, folder: Path) -> int:
    record_count = write_bundle(audit, folder)
    records, name = count_noun(record_count.records, "record"), printable_path(folder)
    print_parts(
        open_terminal(),
        f"exported {records} to {name}, up to {record_count.last.number}:{record_count.last.hash}",
        f"bundle.json has the SHA-256 {record_count.sha256}; check the folder with"
        f" 'python3 {name}/verify_audit.py'",
    )
    return DONE


@dataclass(frozen=True, slots=True)
class BackupOptions:
    """How a backup is made or read: recipients to encrypt for, and the file of the identity."""

    recipients: Sequence[str] = ()
    identity: Path | None = None

    def cipher(self) -> AgeCipher | None:
        """What encrypts and decrypts; None where nothing is encrypted. Raises SettingsError."""
        if not self.recipients and self.identity is None:
            return None
        from bot.age import AgeCipher  # noqa: PLC0415 - only where it is asked for

        return AgeCipher(self.recipients, self.identity)


def backup(settings: Settings, folder: Path, options: BackupOptions) -> int:
    """Copy the database and the documents into a new or empty folder. Other processes may work."""
    cipher = options.cipher() if options.recipients else None
    with open_database_of(settings) as database:
        manifest = backups.backup(database, data_folder(settings), folder, cipher)
    _print_manifest("encrypted" if cipher else "copied", manifest, folder)
    return DONE


def new_identity(file: Path) -> int:
    """Write a new key for encrypted backups, and print what to encrypt for."""
    from bot.age import make_identity  # noqa: PLC0415 - only where it is asked for

    recipient = make_identity(file)
    print_parts(
        open_terminal(),
        f"the key is in {printable_path(file)}: keep it where the backups are not",
        f"pincite backup DIR --recipient {recipient}",
    )
    return DONE


def verify_backup(folder: Path, options: BackupOptions) -> int:
    """Restore a backup into a temporary folder, check all that is in it, and remove it again.

    REFUSED when something does not hold. Raises BackupRefused.
    """
    # The same disk as other temporary files; closed to other users.
    with tempfile.TemporaryDirectory(prefix="pincite-verify-") as temporary:
        data = Path(temporary) / "data"
        manifest = backups.restore(folder, data, options.cipher(), _known_migrations())
        restored = Settings(_env_file=None, data=data, meaning="off")  # type: ignore[call-arg]
        with open_database_of(restored) as database:
            problems = library_of(database).integrity()
            notes = read_notes(notes_path(data / KEY_FILE))
            problems += Audit(database).find_problems(notes)
    for problem in problems:
        print_error(f"{printable_path(folder)}: {problem}")
    if not problems:
        _print_manifest("restored and checked", manifest, folder)
    return REFUSED if problems else DONE


def restore(settings: Settings, folder: Path, options: BackupOptions) -> int:
    """Bring a backup back into a data folder that is new or empty. Raises RefusalError."""
    if settings.database_url is not None:
        raise RefusalError(
            "PINCITE_DATABASE_URL is set: restore that database with its own tools, or unset it"
        )
    data = settings.data.expanduser()
    manifest = backups.restore(folder, data, options.cipher(), _known_migrations())
    _print_manifest("restored", manifest, data)
    return DONE


def _known_migrations() -> set[str]:
    from bot.migrations import MIGRATIONS  # noqa: PLC0415 - only for these commands

    return {migration.name for migration in MIGRATIONS}


def hold(settings: Settings, matter: str | None, reason: str | None) -> int:
    """Place a matter under a legal hold; without a matter, list the holds that last.

    Raises InvalidMatter, NotFound, HoldExists, RefusalError.
    """
    with open_database_of(settings) as database:
        if matter is None:
            holds = library_of(database).holds()
            lines = [f"{hold.matter}: since {hold.since[:10]}, {hold.reason}" for hold in holds]
            print_parts(open_terminal(), *(lines or ["no matter is under a legal hold"]))
            return DONE
        why = decode_argument(reason or "").strip()
        if not why:
            raise RefusalError("a hold needs its reason, which goes on record: add --reason TEXT")
        placed = hold_matter(database, decode_argument(matter), why)
    print_parts(
        open_terminal(),
        f"{placed.matter} is held: nothing of it is withdrawn, forgotten or dropped for its age"
        f" until 'pincite release {placed.matter}'",
    )
    return DONE


def release(settings: Settings, matter: str) -> int:
    """End a legal hold, and do what waited for its end. Raises InvalidMatter, NotFound."""
    with open_database_of(settings) as database:
        ended = release_matter(database, decode_argument(matter))
        forgotten = forget_postponed(database, settings.owners)
    waited = f"; {count_noun(forgotten, 'person')} who asked for it meanwhile forgotten"
    print_parts(
        open_terminal(),
        f"{ended.matter} is held no longer, after {ended.since[:10]} ({ended.reason})"
        f"{waited if forgotten else ''}",
    )
    return DONE


def _print_manifest(verb: str, manifest: backups.Manifest, folder: Path) -> None:
    documents = count_noun(manifest.documents, "document")
    passages = count_noun(manifest.passages, "passage")
    where = "in" if verb == "restored and checked" else "to"
    line = f"{verb} {documents} with {passages} {where} {printable_path(folder)}"
    print_parts(open_terminal(), line)


def check_glossary(file: Path) -> int:
    """Print the problems of a glossary file, one a line; REFUSED when there is one."""
    terminal, name = open_terminal(), printable_path(file)
    problems = find_problems(file)
    for problem in problems:
        print_parts(terminal, f"{name}: {problem}")
    if not problems:
        print_parts(terminal, f"{name}: nothing is wrong with it")
    return REFUSED if problems else DONE


# -- moving --------------------------------------------------------------------------------------


def move(settings: Settings, engine: str | None, database: str | None) -> int:
    """Move the index to another engine, or everything to another database.

    Raises SettingsError, RefusalError, MoveRefused, EngineUnavailable.
    """
    if (engine is None) == (database is None):
        raise SettingsError("what to move? expected either --to milvus|embedded or --to-database")
    if database is not None:
        return _move_database(settings, database)
    if engine not in ENGINES:
        raise SettingsError(f"--to is {engine!r}; expected milvus or embedded")
    if engine == "milvus" and settings.milvus_uri is None:
        raise SettingsError("--to milvus needs an address; expected PINCITE_MILVUS_URI to be set")
    return _move_index(settings.model_copy(update={"index": engine}), engine)


def _move_index(settings: Settings, engine: str) -> int:
    """Bring an engine to the state of the database. A repeated move does only what is missing."""
    with (
        open_database_of(settings) as database,
        open_searcher(settings, library := library_of(database)) as searcher,
    ):
        with progress_bar() as report:
            searcher.refresh(report and (lambda done, total: report(done, total, "indexing")))
        searcher.save()
        documents = count_noun(library.count_documents(Scope.all()), "document")
    place = f"Milvus at {settings.milvus_uri}" if engine == "milvus" else "the data folder"
    print_parts(
        open_terminal(),
        f"the index of {documents} is in {place}",
        f"set PINCITE_INDEX={engine} where Pincite runs, and check with 'pincite doctor'",
    )
    return DONE


def _move_database(settings: Settings, url: str) -> int:
    """Copy everything into an empty database while no other process uses the old one."""
    from bot.migrations import TABLES  # noqa: PLC0415 - only for this command
    from corpus.storage.move import move as copy  # noqa: PLC0415

    target_settings = settings.model_copy(update={"database_url": SecretStr(url)})
    with ExitStack() as stack:
        _lock_data_folder(settings, stack)
        source = stack.enter_context(open_database_of(settings))
        target = stack.enter_context(open_database_of(target_settings))
        if source.url == target.url:
            raise MoveRefused("the documents are in that database already: name another one")
        report = stack.enter_context(progress_bar())
        copied = copy(source, target, TABLES, report)
        problems = library_of(target).integrity()
    if problems:
        raise MoveRefused(f"the copy is not sound ({problems[0]}): drop it, and repeat the move")
    documents = count_noun(copied.documents, "document")
    passages = count_noun(copied.passages, "passage")
    print_parts(
        open_terminal(),
        f"copied {documents} with {passages}, up to change {copied.revision}",
        "set PINCITE_DATABASE_URL to that database where Pincite runs",
    )
    return DONE


def _lock_data_folder(settings: Settings, stack: ExitStack) -> None:
    """Hold the locks of the data folder. What a bot filed during the copy would be lost."""
    for name, command in (("run.lock", "'pincite run'"), ("add.lock", "'pincite add'")):
        lock = FileLock(data_folder(settings) / name)
        try:
            stack.enter_context(lock.acquire(timeout=0))
        except Timeout:
            raise RefusalError(f"{command} is at work here: end it first, then move") from None
