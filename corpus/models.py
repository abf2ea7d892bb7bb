"""The data that flows: file -> Extract -> Reading (document and passages) -> records.

Offsets are code points into `text`, half-open `[start, end)`.
Dates are ISO 8601 as far as known: `2019-06-20`, `2019-06` or `2019`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from corpus.reasons import Reason

Outcome: TypeAlias = Literal["added", "unchanged", "replaced", "refused"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The matters that may be seen, made by `Scope.all()` or `Scope.of("a", "b")`.

    It is an argument of every read and search, never a default: a caller that forgets it fails
    to run instead of showing too much. `matters` is empty for `all()`, so that code which looks
    at the names alone shows too little rather than too much.
    """

    # Two fields and not one optional set: an empty scope must never read as "no limit".
    matters: frozenset[str]
    is_all: bool

    @classmethod
    def all(cls) -> Scope:
        """Every matter, those of tomorrow too: what an owner sees."""
        # A value of its own, since a list of today's matters would miss tomorrow's.
        return cls(frozenset(), is_all=True)

    @classmethod
    def of(cls, *matters: str) -> Scope:
        """These matters, by their stored spelling; `Scope.of()` sees nothing."""
        return cls(frozenset(matters), is_all=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be seen."""
        return not self.is_all and not self.matters

    def allows(self, matter: str) -> bool:
        """Whether a matter may be seen."""
        return self.is_all or matter in self.matters

    def visible(self, matters: Iterable[str]) -> frozenset[str]:
        """Those of the matters that may be seen."""
        return frozenset(matter for matter in matters if self.allows(matter))

    def __and__(self, other: Scope) -> Scope:
        """What both scopes allow."""
        if self.is_all:
            return other
        return self if other.is_all else Scope.of(*(self.matters & other.matters))


DocumentKind: TypeAlias = Literal[
    "statute",
    "interpretation",
    "judgment",
    "decision",
    "filing",
    "contract",
    "memorandum",
    "letter",
    "news",
]
"""What a document is to a lawyer: a law or regulation; an interpretation of one by a court or an
authority; a court's or tribunal's judgment, ruling or order; an authority's decision; a paper
filed with a court; a contract or terms; a memorandum or opinion; a letter; a report."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version of a law a text is. Days are ISO 8601."""

    label: str
    """As people cite it: `2023修订`, `110年12月29日修正`, `amended 2021`; empty for the first."""
    enacted: str | None = None
    """When the law was first passed or promulgated."""
    # Kept apart from `enacted`: Chinese laws are cited by their first day and their last amendment.
    amended: str | None = None
    """When it was last amended, as far as this text knows; None for the first version."""
    in_force: str | None = None
    """The day from which this version applies, where the text says so."""

    @property
    def date(self) -> str | None:
        """The day that makes the version: of its amendment, else of its enactment.

        Where the text knows neither, the day from which it applies.
        """
        return self.amended or self.enacted or self.in_force


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What kind of document it is, and what tells it from others of its kind."""

    kind: DocumentKind | None = None
    court: str | None = None
    """The court or tribunal that decided, or with which it was filed, as the text names it."""
    # A string as printed: courts number cases by rules of their own, so no parsing fits them all.
    docket: str | None = None
    """Its number there: `（2017）京73民终1194号`, `109年度訴字第312號`, `No. 21-50498`."""
    neutral_citation: str | None = None
    """`[2023] EWHC 1585 (Ch)`, `ECLI:EU:C:2014:317`."""
    # A tuple, since the order says who sues whom.
    parties: tuple[str, ...] = ()
    """As named at its head: who claims or appeals first."""
    work: str | None = None
    """A law's name without its edition: two editions of one law share it."""
    edition: Edition | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself; None where it does not say."""

    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    """BCP 47 with script for Chinese: `zh-Hant`, `zh-Hans`, `en`."""
    facts: DocumentFacts = DocumentFacts()


@dataclass(frozen=True, slots=True)
class Heading:
    """A span of the text that titles what follows; level 1 is the highest."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A span of the text that is quoted as a whole, under a pin of its own: a row of a table."""

    start: int
    end: int
    pin: str
    """As people who use such files write it: `Fees!A12:F12`."""
    heading: str = ""
    """What it stands under: the sheet, and the title above the table; the slide's title."""
    page: int | None = None
    """The slide, from 1."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a file, to be read as a document of its own."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Extract:
    """What one reader makes of one file.

    `page_starts[i]` is the offset where page i + 1 begins; empty when the file has no pages.
    `headings` are those that the format marks as such, in order; the splitter finds others.
    `units`, where there are any, are the passages: ascending, disjoint, none blank.
    """

    text: str
    media_type: str
    metadata: Metadata = Metadata()
    headings: tuple[Heading, ...] = ()
    page_starts: tuple[int, ...] = ()
    # Printed numbers start anew after a preface (iii, 1), so they cannot replace the count.
    page_numbers: tuple[str, ...] = ()
    """What each page is called in print, such as iii, empty where it says nothing; none at all
    where pages are called as they are counted."""
    units: tuple[Unit, ...] = ()
    unsure_pages: Mapping[int, int] = field(default_factory=dict)
    """The pages, from 1, of whose words the OCR is not sure, and how sure it is, in per cent."""
    attachments: tuple[Attachment, ...] = ()
    note: Reason | None = None
    """What the person who added the file should know, such as a part that was not read."""
    quoted: tuple[tuple[int, int], ...] = ()
    """Paragraphs that the format sets apart as quotations, in order."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document, what is ranked and quoted: `text == document.text[start:end]`."""

    ordinal: int
    start: int
    end: int
    text: str
    # Worked out once, when the file is split: search and citing then need no document text.
    pin: str
    """Where it stands, for people: `¶ 4`, `¶¶ 4–6`, `p. 3`, `第三十六條`, `Article 36`."""
    page: int | None = None
    heading: str = ""
    """The headings above it, outermost first, joined by ' › '; searched, never quoted."""
    recognition: int | None = None
    """How sure the OCR is of its words, in per cent; None where they were typed or surely read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read once: its original bytes, its text and metadata, and its passages."""

    name: str
    content: bytes
    # Identifies content, not a file: the same bytes in two matters are stored once.
    sha256: str
    media_type: str
    text: str
    metadata: Metadata
    page_starts: tuple[int, ...]
    passages: tuple[Passage, ...]
    attachments: tuple[Attachment, ...] = ()
    note: Reason | None = None
    """What the person who added the file should know, such as a part that was not read."""
    quoted: tuple[tuple[int, int], ...] = ()
    """Paragraphs of the text that the format sets apart as quotations, in order."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one file, as `pincite add --json` reports it."""

    path: str
    outcome: Outcome
    matter: str
    reason: Reason | None = None
    """Why it was refused, or left as it was."""
    document_id: str | None = None
    passages: int = 0
    supersedes: str | None = None
    # Recursive, since a letter may hold a letter; `corpus.attachments` limits how deep.
    attachments: tuple[Filed, ...] = ()
    note: Reason | None = None
    """What part of it was not read."""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as kept. `title` is never empty: the file's name stands in for a missing one."""

    id: str
    title: str
    date: str | None
    publisher: str | None
    url: str | None
    language: str | None
    sha256: str
    media_type: str
    added: str
    """When it was first added: UTC, `2026-11-22T12:00:00Z`."""
    matters: tuple[str, ...]
    """Those within the scope asked for in which it is filed now, sorted."""
    path: str | None
    passages: int
    # A superseded document stays readable, so that citations of the past still open.
    superseded_by: str | None
    note: Reason | None = None
    """What part of it was not read."""
    facts: DocumentFacts = DocumentFacts()


@dataclass(frozen=True, slots=True)
class Hold:
    """A matter that is held, why, and since when."""

    matter: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document as a list shows it within a scope."""

    document: DocumentRecord
    filed: str
    """When it was last filed within the scope: UTC, `2026-11-22T12:00:00Z`."""
    # Whoever filed a document must not learn of another scope, so this is read within one.
    filed_by: int | None
    """The person who filed it; None for the command line and the watched folder."""


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage as kept, with what a citation needs of its document."""

    key: int
    """The database's own number for it; what engines store."""
    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    pin: str
    page: int | None
    heading: str
    title: str
    date: str | None
    publisher: str | None
    language: str | None
    recognition: int | None = None
    """How sure the OCR is of its words, in per cent; None where they were typed or surely read."""

    @property
    def citation(self) -> str:
        """`K7Q2M3PD-4`: the document's id and the passage's ordinal."""
        return f"{self.document_id}-{self.ordinal}"


@dataclass(frozen=True, slots=True)
class Source:
    """A passage with its neighbours and all that is known of its document."""

    passage: PassageRecord
    before: tuple[PassageRecord, ...]
    after: tuple[PassageRecord, ...]
    document: DocumentRecord
    matter: str
    """One through which the asker may see it."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's whole text, and where its pages begin in it."""

    text: str
    page_starts: tuple[int, ...]
    name: str
    """What its file is called within the scope."""


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a document as they were added."""

    name: str
    media_type: str
    # Up to hundreds of megabytes, and confidential: a log of this object must not show it.
    content: bytes = field(repr=False)
