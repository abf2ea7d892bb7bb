"""`pincite export-audit`, `backup` and `restore`: what is kept, taken out and brought back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.audit import csv_lines, json_lines
from bot.compose import data_folder, open_database_of
from bot.console.exit_status import DONE
from bot.console.terminal import count_noun, open_terminal, print_parts, printable_path
from bot.errors import RefusalError
from corpus.audit import Audit
from corpus.storage import backup as backups

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings


def export_audit(settings: Settings, *, as_json: bool) -> int:
    """Print every record of the audit, oldest first."""
    with open_database_of(settings) as database:
        rows = Audit(database).rows()
        for line in json_lines(rows) if as_json else csv_lines(rows):
            sys.stdout.write(line)
    return DONE


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
    documents = count_noun(made.documents, "document")
    passages = count_noun(made.passages, "passage")
    print_parts(open_terminal(), f"{done} {documents} with {passages} to {printable_path(folder)}")
