"""Finds documents that the disk has damaged, and brings them back from what is undamaged.

Answers never wait for it: a damaged passage is left out of them until it is repaired.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from corpus import files
from corpus.errors import UnreadableFile
from corpus.storage import healing
from corpus.storage.database import snapshot, transaction
from corpus.storage.schema import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy

    from corpus.models import Reading

    Read = Callable[[bytes, str], Reading]
    """Reads a file's bytes under its name. Raises UnreadableFile."""


def find_damaged(database: sqlalchemy.Engine) -> Iterator[str]:
    """The documents of which text, passages, facts or original are not what was filed."""
    with snapshot(database) as connection:
        for document_id in connection.scalars(select(documents.c.id).order_by("id")).all():
            sound = healing.is_sound(connection, document_id)
            if not sound or healing.sound_original(connection, document_id) is None:
                yield document_id


def repair(
    database: sqlalchemy.Engine, document_id: str, read: Read, *, max_bytes: int
) -> str | None:
    """Repair a document; None when all of it is sound then, else what it needs.

    A damaged original is taken from the file that it came from, where that is unchanged.
    """

    def content_at(path: str) -> bytes | None:
        try:
            return files.content_of(Path(path), max_bytes) if Path(path).is_absolute() else None
        except UnreadableFile:
            return None

    with transaction(database) as connection:
        healing.restore_original(connection, document_id, content_at)
        is_healed = healing.heal_from_copies(connection, document_id)
        original = healing.sound_original(connection, document_id)
    if original is None:
        return "add its file again"
    if not is_healed:
        try:
            reading = read(*original)  # outside of any transaction: it takes seconds
        except UnreadableFile:
            return "its original cannot be read by this version: restore a backup"
        with transaction(database) as connection:
            is_healed = healing.heal_from_reading(connection, document_id, reading)
    return None if is_healed else "this version reads its original otherwise: restore a backup"
