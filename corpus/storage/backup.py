"""A backup of everything, checked when it is made and when it is restored.

A backup is a folder: the database as one file, `glossary.tsv` if there is one, and a manifest with
their hashes. Its files appear only when all of them are complete. Indexes are not in it, because
they are rebuilt from the database.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import sqlalchemy

from corpus.atomic import flush
from corpus.clock import now
from corpus.errors import BackupRefused
from corpus.storage.database import FILE_NAME, explain

MANIFEST: Final = "manifest.json"
GLOSSARY: Final = "glossary.tsv"
FORMAT: Final = 1
_UNFINISHED: Final = ".unfinished"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup. `sha256`: the hash of each file, by name."""

    format: int
    made: str
    documents: int
    passages: int
    sha256: dict[str, str]


def backup(database: sqlalchemy.Engine, data: Path, to: Path) -> Manifest:
    """Copy the database and the glossary of a data folder into `to`, while others use them.

    `to` must be missing or empty. Raises BackupRefused.
    """
    # PostgreSQL has tools of its own that copy a running server; a copy of rows would be worse.
    if database.dialect.name != "sqlite":
        raise BackupRefused("the database is PostgreSQL: back it up with its own pg_dump")
    with _appearing(to, MANIFEST) as folder:
        documents, passages = _copy_database(database, folder / FILE_NAME)
        if (data / GLOSSARY).is_file():
            shutil.copyfile(data / GLOSSARY, folder / GLOSSARY)
        # The hashes are what a restore compares, so a copy damaged on its way is noticed.
        hashes = {path.name: _hash(path) for path in sorted(folder.iterdir())}
        manifest = Manifest(FORMAT, now(), documents, passages, hashes)
        text = json.dumps(asdict(manifest), indent=2) + "\n"
        (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def restore(from_: Path, data: Path) -> Manifest:
    """Restore a backup into a data folder that is missing or empty. Raises BackupRefused."""
    manifest = _read_manifest(from_)
    with _appearing(data, FILE_NAME) as folder:
        for name, expected in manifest.sha256.items():
            shutil.copyfile(from_ / name, folder / name)
            if _hash(folder / name) != expected:
                raise BackupRefused(f"{from_ / name} is not what was backed up: use another backup")
        # The hash proves that the file is the same, this that SQLite can use it.
        counts = _check(folder / FILE_NAME)
        if counts != (manifest.documents, manifest.passages):
            raise BackupRefused(f"{from_ / MANIFEST} counts otherwise: use another backup")
    return manifest


@contextmanager
def _appearing(folder: Path, last: str) -> Iterator[Path]:
    """A folder whose files appear in `folder` when all are complete, the decisive one last.

    `folder` itself is not replaced: it may be where a volume is mounted.
    """
    unfinished = folder / _UNFINISHED
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    if FILE_NAME not in names or not names <= {FILE_NAME, GLOSSARY}:
        raise BackupRefused(f"{folder / MANIFEST} names other things than a backup holds")
    return manifest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
