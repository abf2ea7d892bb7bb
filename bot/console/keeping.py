"""What the console chat keeps: `/keep`, `/kept`, and `/memo`, which writes a Word file here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.console.terminal import count_noun, join_facts, printable_path
from bot.memo.contents import Memo, shown_citations, split_style
from bot.memo.folder import folders
from bot.printable import printable_line
from bot.records.kept import CONSOLE, MOST, KeptPassages
from bot.texts import texts_in
from corpus.atomic import replace_file
from corpus.models import Scope

if TYPE_CHECKING:
    from bot.audit import AuditRecorder
    from bot.memo.contents import QuotedPassage
    from corpus.citing.ids import CitationId
    from corpus.library import Library

NOTHING: Final = "Nothing is kept yet: /keep keeps the open passage, /keep 2 one of the answer."
_LONGEST_NAME: Final = 60
_UNSAFE: Final = re.compile(r"[^\w ().·-]+")


class ConsoleFolder:
    """The owner's folder at this terminal: one for each matter, as in a chat in Telegram."""

    def __init__(self, library: Library, record: AuditRecorder) -> None:
        self._library = library
        self._record = record
        self._kept = KeptPassages(library.database)

    def keep(self, citation: CitationId, question: str) -> str:
        """Keep a passage for its matter, or take it out; says in a sentence what was done.

        Raises NotFound, Withdrawn.
        """
        source = self._library.source(citation, Scope.all())
        passage = (source.matter, source.passage.citation)
        outcome = self._kept.toggle(CONSOLE, 0, None, passage, question)
        return {
            "kept": f"{citation} is kept for {source.matter}; /kept lists, /memo writes it out.",
            "taken out": f"{citation} is no longer kept.",
            "full": f"There are {MOST} kept passages already; write them out with /memo.",
        }[outcome]

    def lines(self) -> list[str]:
        """What is kept, matter by matter, one line each."""
        by_matter = self._by_matter()
        citations = [
            quotation.citation
            for quotations in by_matter.values()
            for quotation in quotations
            if quotation.source
        ]
        if citations:
            self._record.shown("kept", tuple(citations))
        lines = []
        for matter, quotations in by_matter.items():
            lines.append(f"{printable_line(matter)}:")
            lines += [f"  {_line(quotation)}" for quotation in quotations]
        return lines or [NOTHING]

    def write(self, argument: str) -> list[str]:
        """Write a Word file for each matter with something kept; says where they are.

        argument: the style of citing, if one is named, and the title, which names the file as
        well; empty for the plain style and the matter's name
        """
        lines = []
        style, named = split_style(argument)
        by_matter = self._by_matter()
        for matter, quotations in by_matter.items():
            citations = shown_citations(quotations)
            if not citations:
                continue
            # One file a matter: quotations of two clients must not end up in one by themselves.
            title = named or matter
            if named and len(by_matter) > 1:
                title = f"{named} · {matter}"
            path = _free_path(title)
            self._record.shown("memo", citations)
            replace_file(path, [_content(title, quotations, style.name)])
            lines.append(
                f"Wrote {count_noun(len(citations), 'quotation')} to {printable_path(path)}."
            )
        return lines or [NOTHING]

    def _by_matter(self) -> dict[str, tuple[QuotedPassage, ...]]:
        passages = self._kept.passages_in(CONSOLE, 0)
        return folders(self._library, passages, Scope.all())


def _content(title: str, quotations: tuple[QuotedPassage, ...], style: str) -> bytes:
    # Loading what writes Word files takes a moment, and most chats write none.
    from bot.memo.word import write_word  # noqa: PLC0415

    memo = Memo(
        title=title,
        written=datetime.now(UTC).date().isoformat(),
        style=style,
        quotations=quotations,
        texts=texts_in("en").memos,
        language="en",
    )
    return write_word(memo)


def _line(quotation: QuotedPassage) -> str:
    if quotation.source is None:
        return f"{quotation.citation} · withdrawn since"
    passage, document = quotation.source.passage, quotation.source.document
    newer = f"superseded by {document.superseded_by}" if document.superseded_by else None
    return join_facts(quotation.citation, document.title, passage.pin, newer)


def _free_path(title: str) -> Path:
    """A file in the current folder that is not there yet: `The roof.docx`, `The roof 2.docx`."""
    name = _UNSAFE.sub(" ", printable_line(title)).strip(" .")[:_LONGEST_NAME] or "memo"
    numbers = (f" {number}" if number > 1 else "" for number in range(1, 10_000))
    return next(path for end in numbers if not (path := Path(f"{name}{end}.docx")).exists())
