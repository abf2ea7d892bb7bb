"""`pincite memo`: passages become a file with footnotes and a table of authorities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from bot.cli.ask import scope_of
from bot.compose import library_of, open_database_of
from bot.console.exit_status import DONE
from bot.console.terminal import (
    count_noun,
    decode_argument,
    open_terminal,
    print_error,
    print_parts,
    printable_path,
)
from bot.errors import RefusalError
from bot.memo.contents import Memo, collect, shown_citations
from bot.memo.formats import FORMATS, format_named, format_of
from bot.records.audit import Audit, AuditRecord
from bot.texts import texts_in
from corpus.atomic import replace_file
from corpus.citing.ids import parse_citation
from corpus.citing.styles import STYLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.memo.formats import Format
    from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class MemoOptions:
    """How a memo is written."""

    out: Path
    title: str | None = None
    question: str | None = None
    style: str = "plain"
    format: str | None = None
    matter: str | None = None


def memo(settings: Settings, citations: Sequence[str], options: MemoOptions) -> int:
    """Write the passages into a file, and say what happened to their documents since."""
    style, file_format = _style_named(options.style), _format_for(options)
    citation_ids = [parse_citation(decode_argument(citation)) for citation in citations]
    question = decode_argument(options.question or "")
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = scope_of(library, options.matter)
        quotations = collect(library, [(citation, question) for citation in citation_ids], scope)
        if not shown_citations(quotations):
            raise RefusalError("nothing to write: every passage named was withdrawn")
        contents = Memo(
            title=decode_argument(options.title or ""),
            written=datetime.now(UTC).date().isoformat(),
            style=style,
            quotations=quotations,
            texts=texts_in(settings.language).memos,
            language=settings.language,
        )
        content = file_format.write(contents)
        # Recorded before it can be read, as everything that is shown.
        Audit(database).record(AuditRecord("memo", "command line", shown_citations(quotations)))
    replace_file(options.out, [content])
    for quotation in quotations:
        warning = contents.warning_of(quotation)
        if warning:
            print_error(f"{quotation.citation}: {warning}")
    counted = count_noun(len(contents.quoted), "quotation")
    print_parts(open_terminal(), f"wrote {counted} to {printable_path(options.out)}")
    return DONE


def _style_named(name: str) -> str:
    names = [style.name for style in STYLES]
    if name not in names:
        raise typer.BadParameter(f"--style is {name!r}; expected one of {', '.join(names)}")
    return name


def _format_for(options: MemoOptions) -> Format:
    """The format that is named, else the one that the file's name asks for."""
    names = ", ".join(kind.name for kind in FORMATS)
    if options.format is not None:
        named = format_named(options.format)
        if named is None:
            raise typer.BadParameter(f"--format is {options.format!r}; expected one of {names}")
        return named
    by_suffix = format_of(options.out)
    if by_suffix is None:
        suffixes = ", ".join(suffix for kind in FORMATS for suffix in kind.suffixes)
        raise typer.BadParameter(
            f"--out is {str(options.out)!r}; expected a name that ends in one of {suffixes},"
            " or --format"
        )
    return by_suffix
