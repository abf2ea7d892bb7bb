"""`pincite check`: are the quotations of a text or a file what the documents say?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.audit import AuditRecorder
from bot.cli.ask import scope_of
from bot.compose import READ_MEMORY_MB, READ_SECONDS, library_of, open_database_of, open_searcher
from bot.console.checks import check_parts, sum_line
from bot.console.exit_status import DONE, REFUSED
from bot.console.terminal import (
    decode_argument,
    open_terminal,
    print_error,
    print_parts,
    printable_path,
)
from bot.errors import RefusalError
from bot.jsonshape import check_shape, dump
from bot.records.audit import Audit
from bot.texts.reason_sentences import english_sentence
from bot.views.quotation_report import docx_report
from corpus.errors import UnreadableFile
from corpus.reading.bounded import BoundedReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.settings import Settings
    from corpus.models import Reading
    from index.quotations.check import QuotationCheck

LONGEST_TEXT = 200_000
"""Characters of a text that is given as an argument or on standard input."""
WHOLE_FILE = 2_000
"""Characters of a file without any quotation, up to which it is one quotation itself."""


def check(
    settings: Settings,
    text: str | None,
    file: Path | None,
    *,
    matter: str | None,
    as_json: bool,
    report: Path | None,
) -> int:
    """Print each quotation beside what it quotes; REFUSED where one is not verbatim."""
    reading = _read(settings, file) if file else None
    pasted = None if reading else _given_text(text)
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = scope_of(library, matter)
        with open_searcher(settings, library) as searcher:
            if reading:
                checks = searcher.check(
                    reading.text, scope=scope, is_file=True, blocks=reading.quoted
                )
                if not checks and len(reading.text) <= WHOLE_FILE:
                    checks = searcher.check(reading.text, scope=scope)
            else:
                checks = searcher.check(pasted or "", scope=scope)
            recorder = AuditRecorder(Audit(database), searcher, "command line")
            for quotation in checks:
                if quotation.citation:
                    recorder.shown("check", (quotation.citation,), quotation.quotation)
    if report:
        report.write_bytes(docx_report(checks, file.name if file else None))
    _print(checks, as_json=as_json)
    return DONE if all(quotation.verdict == "verbatim" for quotation in checks) else REFUSED


def _print(checks: Sequence[QuotationCheck], *, as_json: bool) -> None:
    terminal = open_terminal()
    if as_json:
        print_parts(terminal, *(dump(check_shape(quotation)) for quotation in checks))
        return
    for number, quotation in enumerate(checks, 1):
        parts = check_parts(quotation, number, is_terminal=terminal.is_terminal)
        print_parts(terminal, *parts, "")
    if checks:
        print_parts(terminal, sum_line(checks))
    else:
        print_error("there is no quotation of eight Han characters or five words to check")


def _given_text(text: str | None) -> str:
    """The text of the argument, or all of standard input. Raises RefusalError."""
    if text is not None:
        text_given = decode_argument(text)
    else:
        content = sys.stdin.buffer.read(4 * LONGEST_TEXT + 1) if sys.stdin else b""
        text_given = content.decode("utf-8", "replace")
    if not text_given.strip():
        raise RefusalError("there is nothing to check; give a TEXT, a --file, or standard input")
    if len(text_given) > LONGEST_TEXT:
        raise RefusalError(
            f"the text is longer than {LONGEST_TEXT:,} characters; put it into a --file"
        )
    return text_given


def _read(settings: Settings, file: Path) -> Reading:
    """Read a file as `add` does, in a process of its own. Raises RefusalError, OSError."""
    if not file.is_file():
        raise RefusalError(f"{printable_path(file)} is no file; name a file to check")
    if file.stat().st_size > settings.max_bytes:
        limit = settings.max_file_mb
        raise RefusalError(
            f"{printable_path(file)} is larger than {limit} MB (PINCITE_MAX_FILE_MB)"
        )
    with BoundedReader(1, READ_SECONDS, READ_MEMORY_MB) as reader:
        try:
            return reader.read(file.read_bytes(), file.name)
        except UnreadableFile as error:
            reason = english_sentence(error.reason)
            raise RefusalError(f"{printable_path(file)} was not read: {reason}") from None
