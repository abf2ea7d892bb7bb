"""What is known about the audit outside the database: the key that seals it, and noted hashes.

Whoever can write to the database can compute a chain of hashes anew. They cannot compute the seals
without the key, and cannot cut off records whose hash was noted. Both files are in the data folder,
or where `PINCITE_AUDIT_KEY_FILE` says: on another disk they also outlive a stolen folder.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.records.audit_chain import ChainLink, SealingKey, key_check, read_key
from corpus.atomic import flush, replace_file
from corpus.clock import now

if TYPE_CHECKING:
    import sqlalchemy

FILE: Final = "audit.key"
_KEY_BYTES: Final = 32
# An option of ours on an engine, as in corpus.storage.database: whoever holds a connection of it
# can seal, and no function has to pass the key along.
_OPTION: Final = "pincite_audit_key"

_log = structlog.get_logger(__name__)


def attach_key(database: sqlalchemy.Engine, path: Path, last: ChainLink) -> None:
    """Let records of this database be sealed with the key in `path`, made if it is missing.

    `last`: the newest record, after which a new key seals. Raises OSError.
    """
    key = _read(path) or _make(path, last)
    database.update_execution_options(**{_OPTION: key})


def key_of(database: sqlalchemy.Engine | sqlalchemy.Connection) -> SealingKey | None:
    """The key that was attached to a database; None where none was."""
    engine = database.engine
    key = engine.get_execution_options().get(_OPTION)
    return key if isinstance(key, SealingKey) else None


def notes_path(key_path: Path) -> Path:
    """The file of noted hashes beside a key."""
    return key_path.with_suffix(".notes")


def read_notes(path: Path) -> list[ChainLink]:
    """The hashes that were noted, oldest first. A damaged line is passed over."""
    return [link for _, link in _noted(path)]


def note(path: Path, last: ChainLink) -> None:
    """Note the newest record, at most one a day besides. Raises OSError."""
    if not last.number:
        return
    noted = _noted(path)
    if any(link == last for _, link in noted):
        return
    at = now()
    # One for each day is enough to tell when something was changed.
    notes = {text[:10]: (text, link) for text, link in noted} | {at[:10]: (at, last)}
    lines = [f"{text} {link.number} {link.hash}\n" for text, link in notes.values()]
    replace_file(path, [line.encode() for line in lines])


def _noted(path: Path) -> list[tuple[str, ChainLink]]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    return list(filter(None, map(_parse_note, lines)))


def _parse_note(line: bytes) -> tuple[str, ChainLink] | None:
    parts = line.decode("ascii", "replace").split()
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[2]) != 64:
        return None
    return parts[0], ChainLink(int(parts[1]), parts[2])


def _read(path: Path) -> SealingKey | None:
    """The key in a file; None when there is none. A damaged one is moved aside."""
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    try:
        return read_key(text)
    except (ValueError, KeyError, TypeError):
        # To stop here would let one bad byte stop the bot. The doctor still tells what the lost key
        # had sealed, so nothing is hidden by a new one.
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        _log.warning("the audit's key is damaged: bring it back from a backup", moved_to=str(aside))
        return None


def _make(path: Path, last: ChainLink) -> SealingKey:
    content: dict[str, Any] = {"key": secrets.token_hex(_KEY_BYTES), "since": asdict(last)}
    content["check"] = key_check(content)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(json.dumps(content) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)
    flush(path.parent)
    return read_key(path.read_text("ascii"))


def _put_in_place(unfinished: Path, path: Path) -> None:
    try:
        # Unlike a rename, a link fails where another process was first: both then use its key.
        os.link(unfinished, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        unfinished.replace(path)
