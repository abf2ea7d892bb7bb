"""A backup of everything, checked when it is made and when it is restored.

A backup is a folder: the database as one file, the few files that are kept beside it, and a
manifest with their hashes. Its files appear only when all of them are complete. Indexes are not in
it, because they are rebuilt from the database. With a cipher, each file but the manifest is
encrypted; what is not is in the data folder alone, for as long as that takes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Protocol

import sqlalchemy

from corpus.atomic import flush
from corpus.clock import now
from corpus.errors import BackupRefused
from corpus.storage.database import FILE_NAME, explain

MANIFEST: Final = "manifest.json"
BESIDE: Final = ("glossary.tsv", "audit.key", "audit.notes")
"""Files of a data folder that the database does not hold, and that nothing can build again."""
FORMAT: Final = 1
_UNFINISHED: Final = ".unfinished"
ENCRYPTED: Final = ".age"
"""How the name of an encrypted file ends."""


class Cipher(Protocol):
    """Encrypts and decrypts files. Raises BackupRefused."""

    def encrypt(self, source: Path, to: Path) -> None:
        """Write `source` encrypted."""

    def decrypt(self, source: Path, to: Path) -> None:
        """Write `source` decrypted."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup. `sha256`: the hash of each file as it is used, by name."""

    format: int
    made: str
    documents: int
    passages: int
    sha256: dict[str, str]
    encrypted: bool = False


def backup(
    database: sqlalchemy.Engine, data: Path, to: Path, cipher: Cipher | None = None
) -> Manifest:
    """Copy the database, and the files beside it, into `to`, while others use them.

    `to` must be missing or empty. Raises BackupRefused.
    """
    # PostgreSQL has tools of its own that copy a running server; a copy of rows would be worse.
    if database.dialect.name != "sqlite":
        raise BackupRefused("the database is PostgreSQL: back it up with its own pg_dump")
    with _appearing(to, MANIFEST) as folder, _stage(data, folder, cipher) as stage:
        documents, passages = _copy_database(database, stage / FILE_NAME)
        for name in BESIDE:
            if (data / name).is_file():
                shutil.copyfile(data / name, stage / name)
        # The hashes are what a restore compares, so a copy damaged on its way is noticed.
        hashes = {path.name: _hash(path) for path in sorted(stage.iterdir())}
        if cipher:
            for path in stage.iterdir():
                cipher.encrypt(path, folder / f"{path.name}{ENCRYPTED}")
        manifest = Manifest(FORMAT, now(), documents, passages, hashes, cipher is not None)
        text = json.dumps(asdict(manifest), indent=2) + "\n"
        (folder / MANIFEST).write_text(text, encoding="utf-8")
        for path in folder.iterdir():
            path.chmod(0o600)  # whatever the umask is: everything is in it
    return manifest


@contextmanager
def _stage(data: Path, folder: Path, cipher: Cipher | None) -> Iterator[Path]:
    """Where the plain files are put together: with a cipher never where the backup goes."""
    if cipher is None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix=".backup.", dir=data) as stage:
        yield Path(stage)


def restore(
    from_: Path,
    data: Path,
    cipher: Cipher | None = None,
    migrations: Collection[str] | None = None,
) -> Manifest:
    """Restore a backup into a data folder that is missing or empty. Raises BackupRefused.

    `migrations`: the names of those that this version knows; a backup of a newer one is refused.
    """
    manifest = _read_manifest(from_)
    if manifest.encrypted and cipher is None:
        raise BackupRefused(f"{from_} is encrypted: name the file of its key with --identity")
    with _appearing(data, FILE_NAME) as folder:
        for name, expected in manifest.sha256.items():
            if manifest.encrypted and cipher:
                cipher.decrypt(from_ / f"{name}{ENCRYPTED}", folder / name)
            else:
                shutil.copyfile(from_ / name, folder / name)
            (folder / name).chmod(0o600)
            if _hash(folder / name) != expected:
                raise BackupRefused(f"{from_ / name} is not what was backed up: use another backup")
        # The hash proves that the file is the same, this that SQLite can use it.
        counts = _check(folder / FILE_NAME)
        if counts != (manifest.documents, manifest.passages):
            raise BackupRefused(f"{from_ / MANIFEST} counts otherwise: use another backup")
        if migrations is not None:
            _refuse_newer(folder / FILE_NAME, from_, migrations)
    return manifest


def _refuse_newer(database: Path, from_: Path, migrations: Collection[str]) -> None:
    """Refuse what this version could not open, before the data folder is there."""
    connection = sqlite3.connect(database)
    try:
        applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    finally:
        connection.close()
    unknown = applied - set(migrations)
    if unknown:
        raise BackupRefused(
            f"{from_} was made by a newer version of Pincite (it knows {max(unknown)!r}):"
            " restore it with that version, or upgrade this one"
        )


@contextmanager
def _appearing(folder: Path, last: str) -> Iterator[Path]:
    """A folder whose files appear in `folder` when all are complete, the decisive one last.

    `folder` itself is not replaced: it may be where a volume is mounted.
    """
    unfinished = folder / _UNFINISHED
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid == os.getuid():
            folder.chmod(0o700)  # it may have been there before, open to others
        # A killed backup leaves this folder behind.
        shutil.rmtree(unfinished, ignore_errors=True)
        if any(folder.iterdir()):
            raise BackupRefused(f"{folder} is not empty: name a new folder")
        unfinished.mkdir(mode=0o700)
        try:
            yield unfinished
            # The decisive file comes last: without it the folder is no backup and no data folder.
            for path in sorted(unfinished.iterdir(), key=lambda path: path.name == last):
                flush(path)
                path.rename(folder / path.name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise BackupRefused(f"{folder}: {error.strerror or error}: name another folder") from None
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{folder}: {explain(error)}") from None


def _copy_database(database: sqlalchemy.Engine, to: Path) -> tuple[int, int]:
    """Copy the database with SQLite's online backup; returns the numbers `_check` counts."""
    connection = database.raw_connection()
    copy = sqlite3.connect(to)
    try:
        source = connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # WAL in its header asks for two more files
    finally:
        copy.close()
        connection.close()
    return _check(to)


def _check(database: Path) -> tuple[int, int]:
    """The numbers of documents and passages in a sound database. Raises BackupRefused."""
    connection = sqlite3.connect(database)
    try:
        result = connection.execute("PRAGMA quick_check").fetchone()
        if result != ("ok",):
            raise BackupRefused(f"the database is damaged ({result[0]}): use another backup")
        count = "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
        documents, passages = connection.execute(count).fetchone()
        return documents, passages
    finally:
        connection.close()


def _read_manifest(folder: Path) -> Manifest:
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupRefused(f"{folder} holds no finished backup: no {MANIFEST}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BackupRefused(
            f"{folder} was made by another version of Pincite: restore it with that"
        )
    try:
        manifest = Manifest(**content)
        names = set(manifest.sha256)
    except TypeError:
        names = set()
    if FILE_NAME not in names or not names <= {FILE_NAME, *BESIDE}:
        raise BackupRefused(f"{folder / MANIFEST} names other things than a backup holds")
    return manifest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
