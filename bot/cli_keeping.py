"""`pincite export-audit`, `backup` and `restore`: what is kept, taken out and brought back."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from bot.cli_failures import DONE
from bot.compose import data_folder, open_database_of
from bot.errors import RefusalError
from bot.jsonshape import dump
from bot.terminal import counted, open_terminal, say, shown_path
from corpus import backup as backups
from corpus.database import snapshot
from corpus.schema import asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy

    from bot.settings import Settings

AUDITED: Final = asked.c[
    "at", "chat_id", "thread_id", "message_id", "person_id", "question", "citations"
]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def export_audit(settings: Settings, *, as_json: bool) -> int:
    """Print every question asked, oldest first, with the citations shown for it."""
    with open_database_of(settings) as database:
        rows = audit_rows(database)
        if as_json:
            terminal = open_terminal()
            for row in rows:
                say(terminal, dump(row))
        else:
            _write_csv(rows)
    return DONE


def audit_rows(database: sqlalchemy.Engine) -> Iterator[dict[str, Any]]:
    """The rows of the audit, oldest first, under the names of their columns."""
    query = select(*AUDITED).order_by(asked.c.key)
    with snapshot(database) as connection:
        for row in connection.execution_options(yield_per=1000).execute(query).mappings():
            yield dict(row)


def _write_csv(rows: Iterator[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(column.name for column in AUDITED)
    for row in rows:
        writer.writerow(_cell(value) for value in row.values())


def _cell(value: Any) -> Any:
    """A list on one line, and text that no spreadsheet takes for a formula (CWE-1236)."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def backup(settings: Settings, folder: Path) -> int:
    """Copy all that is kept into a new or empty folder, while others go on working."""
    with open_database_of(settings) as database:
        made = backups.backup(database, data_folder(settings), folder)
    _tell("copied", made, folder)
    return DONE


def restore(settings: Settings, folder: Path) -> int:
    """Bring a backup back into a data folder that is new or empty. Raises RefusalError."""
    if settings.database_url is not None:
        raise RefusalError(
            "PINCITE_DATABASE_URL is set: restore that database with its own tools, or unset it"
        )
    data = settings.data.expanduser()
    _tell("restored", backups.restore(folder, data), data)
    return DONE


def _tell(done: str, made: backups.Manifest, folder: Path) -> None:
    documents = counted(made.documents, "document")
    passages = counted(made.passages, "passage")
    say(open_terminal(), f"{done} {documents} with {passages} to {shown_path(folder)}")
