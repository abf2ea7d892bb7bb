"""What a memo says: its quotations, their notes, and the authorities that they come from.

Nothing is written anew: a quotation is a passage as it stands in its document, and what has
happened to the document since is marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.printable import printable, printable_line
from corpus.citing.styles import STYLES, Style, cite, cite_document
from corpus.errors import Withdrawn
from corpus.models import DocumentKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.texts.memos import MemoTexts
    from corpus.citing.ids import CitationId
    from corpus.library import Library
    from corpus.models import Scope, Source

_CASES: Final[frozenset[DocumentKind | None]] = frozenset({"judgment", "decision"})
# XML can hold neither of them (XML 1.0, 2.2).
_NO_CHARACTERS: Final = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")
_LAWS: Final[frozenset[DocumentKind | None]] = frozenset({"statute", "interpretation"})


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A passage of a memo; `source` is None where its document was withdrawn since."""

    citation: str
    source: Source | None
    question: str = ""
    """What was asked when it was kept; empty where nothing was."""
    note: int = 0
    """The number of its footnote, from 1; 0 where there is nothing to cite."""

    @property
    def paragraphs(self) -> list[str]:
        """The passage, line by line, without blank lines; safe to show, in the same words."""
        text = printable(self.source.passage.text) if self.source else ""
        return [line for line in text.translate(_NO_CHARACTERS).split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class Note:
    """The footnote of a quotation: where it stands, and how that is checked."""

    number: int
    cited: str
    """The citation with its pin, in the memo's style."""
    identifier: str
    """The citation id; empty where the style has it already."""
    sha256: str
    address: str
    """Where the document, or the passage in it, can be opened; empty where nowhere."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A document that a memo quotes, and the numbers of the notes that cite it."""

    cited: str
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """All that a memo says, before it takes the form of a file."""

    title: str
    written: str
    """The day, ISO 8601."""
    style: str
    """A name of `corpus.citing.styles.STYLES`."""
    quotations: tuple[QuotedPassage, ...]
    texts: MemoTexts
    language: str
    """That of its own words, BCP 47; each quotation has its document's."""
    link_of: Callable[[str], str] | None = None
    """Makes a link to a passage from its citation id, where there is one."""

    @property
    def quoted(self) -> list[QuotedPassage]:
        """The quotations whose documents are still there."""
        return [quotation for quotation in self.quotations if quotation.source]

    @property
    def subtitle(self) -> str:
        """The day and the number of quotations, in words."""
        return self.texts.written.format(date=self.written, count=len(self.quoted))

    @property
    def heading(self) -> str:
        """The title on one line, safe to show."""
        return one_line(self.title) or self.texts.untitled

    def by_question(self) -> list[tuple[str, list[QuotedPassage]]]:
        """The quotations under the questions that they answer, in the order kept."""
        groups: dict[str, list[QuotedPassage]] = {}
        for quotation in self.quotations:
            groups.setdefault(one_line(quotation.question), []).append(quotation)
        return list(groups.items())

    def note_of(self, quotation: QuotedPassage) -> Note:
        """The footnote of a quotation whose document is there."""
        source = quotation.source
        assert source is not None
        cited = one_line(cite(source.passage, source.document, limit=None)[self.style])
        url = one_line(source.document.url or "")
        link = self.link_of(quotation.citation) if self.link_of else ""
        return Note(
            number=quotation.note,
            cited=cited,
            identifier="" if quotation.citation in cited else quotation.citation,
            sha256=source.document.sha256,
            address=url or link,
        )

    def warning_of(self, quotation: QuotedPassage) -> str:
        """What has happened to the document since; empty where nothing has."""
        if quotation.source is None:
            return self.texts.withdrawn.format(citation=quotation.citation)
        newer = quotation.source.document.superseded_by
        return self.texts.superseded.format(newer=f"{newer}-1") if newer else ""

    def place_of(self, authority: Authority) -> str:
        """Where an authority is cited: `note 3`, `notes 1, 3`."""
        template = self.texts.note if len(authority.notes) == 1 else self.texts.notes
        return template.format(numbers=", ".join(map(str, authority.notes)))

    def authorities(self) -> list[tuple[str, list[Authority]]]:
        """The documents quoted, by kind: the heading of each kind, and what stands under it."""
        headings = (self.texts.cases, self.texts.laws, self.texts.contracts, self.texts.others)
        groups: dict[str, dict[str, list[int]]] = {heading: {} for heading in headings}
        for quotation in self.quoted:
            assert quotation.source is not None
            document = quotation.source.document
            cited = one_line(cite_document(document)[self.style])
            group = groups[headings[_group(document.facts.kind)]]
            group.setdefault(cited, []).append(quotation.note)
        return [
            (heading, [Authority(cited, tuple(group[cited])) for cited in sorted(group)])
            for heading, group in groups.items()
            if group
        ]


def split_style(words: str) -> tuple[Style, str]:
    """The style that words begin with, by its name or label, and the title behind it.

    Without one it is the plain style, and all of the words are the title.
    """
    words = words.strip()
    for style in STYLES:
        for name in (style.name, style.label):
            after = words[len(name) :]
            if words[: len(name)].casefold() == name.casefold() and after[:1].strip() == "":
                return style, after.strip()
    return STYLES[0], words


def one_line(text: str) -> str:
    """Text on one line that every format can hold, safe to show."""
    return printable_line(text).translate(_NO_CHARACTERS).strip()


def collect(
    library: Library, passages: Iterable[tuple[CitationId, str]], scope: Scope
) -> tuple[QuotedPassage, ...]:
    """The quotations of passages, each once, numbered in order; those withdrawn since are marked.

    passages: citation ids with the question each was kept for. Raises NotFound.
    """
    quotations: dict[str, QuotedPassage] = {}
    number = 0
    for citation, question in passages:
        if str(citation) in quotations:
            continue
        try:
            source = library.source(citation, scope)
        except Withdrawn:
            quotations[str(citation)] = QuotedPassage(str(citation), None, question)
            continue
        number += 1
        quotations[str(citation)] = QuotedPassage(str(citation), source, question, number)
    return tuple(quotations.values())


def shown_citations(quotations: Sequence[QuotedPassage]) -> tuple[str, ...]:
    """The citations whose text a memo shows: what the audit records."""
    return tuple(quotation.citation for quotation in quotations if quotation.source)


def _group(kind: DocumentKind | None) -> int:
    if kind in _CASES:
        return 0
    if kind in _LAWS:
        return 1
    return 2 if kind == "contract" else 3
