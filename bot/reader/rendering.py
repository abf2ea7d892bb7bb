"""A document's text as what a page shows: headings, paragraphs, items, notes and tables, marked.

Every character of a passage is in its element once and in order, white space too: what the page
says is what the document says. The template turns these parts into HTML, and escapes each.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from corpus.citing.ids import parse_citation
from corpus.language.lengths import Span, columns
from corpus.models import Heading, PassageRecord
from corpus.references import ReferenceFinder
from corpus.splitting.paragraphs import marker_style

BlockKind: TypeAlias = Literal["heading", "paragraph", "item", "note", "table", "row", "space"]

MOST_TEXT: Final = 120_000
"""Characters of text on one page of HTML, around the passage that is opened."""
MOST_PASSAGES: Final = 400
PAGES_AROUND: Final = 2
"""Pages of a PDF shown before and after those of the passage."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_NOTE = re.compile(r"\[(\d{1,3}|\*|†)\]\s")
_RULE = re.compile(r"(?=[^-]*-)[\s:|+-]+")
_CELL_END = re.compile(r"\t")
_BAR = re.compile(r"\s{0,40}(?<!\\)\|\s{0,40}")
_LABEL = re.compile(r"[^:：·]{1,80}: ")
_BETWEEN_CELLS = " · "
_INDENT = 2
# A phone has no room for more.
_DEEPEST_INDENT = 5
_BULLETED = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class TextLink:
    """`[start, end)` of a passage refers to another one, which a key of its own opens."""

    start: int
    end: int
    citation: str
    key: str


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters that are marked alike."""

    text: str
    matched: bool = False
    """A word of the question."""
    link: TextLink | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs that are or are not part of the answering sentence."""

    runs: tuple[TextRun, ...]
    answers: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table: what separates it from the one before, its label, and its words."""

    before: str
    label: tuple[Stretch, ...]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table; a rule is drawn as a line, its characters are hidden."""

    cells: tuple[TableCell, ...]
    end: str
    is_rule: bool = False


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A part of a passage that stands by itself."""

    kind: BlockKind
    stretches: tuple[Stretch, ...] = ()
    rows: tuple[TableRow, ...] = ()
    level: int = 0
    """Of a heading from 1, of an item by its indent from 0."""


@dataclass(frozen=True, slots=True)
class ReaderPassage:
    """A passage as it is shown."""

    citation: str
    pin: str
    page: int | None
    blocks: tuple[TextBlock, ...]
    is_cited: bool = False
    before: str = ""
    """What stands before it in the document and is in no passage, such as a table of contents."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading, and the passage that it leads to."""

    label: str
    level: int
    citation: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class PassageMarks:
    """What is marked in the cited passage, counted from its own start."""

    answer: Span | None = None
    matched: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _MarkedText:
    """A text that is cut up, with what is marked in it. Offsets are the text's own."""

    text: str
    marks: PassageMarks
    headings: dict[int, int]
    """Where a heading begins -> its level."""
    heading_ends: dict[int, int] = field(default_factory=dict)
    numbered: frozenset[str] = frozenset()
    """The marks of notes that the text refers to."""
    links: Sequence[TextLink] = ()

    def stretches(self, start: int, end: int) -> tuple[Stretch, ...]:
        """The characters from start to end, cut where a mark begins or ends."""
        answer = self.marks.answer or (0, 0)
        inside = (max(start, answer[0]), min(end, answer[1]))
        if inside[0] >= inside[1]:
            return tuple(self._stretch(start, end, answers=False))
        return (
            *self._stretch(start, inside[0], answers=False),
            *self._stretch(*inside, answers=True),
            *self._stretch(inside[1], end, answers=False),
        )

    def _stretch(self, start: int, end: int, *, answers: bool) -> Iterator[Stretch]:
        runs = tuple(self._runs(start, end))
        if runs:
            yield Stretch(runs, answers)

    def _runs(self, start: int, end: int) -> Iterator[TextRun]:
        # Marks and links may overlap: the text is cut at every edge, and each piece carries all of
        # its own.
        spans = [*self.marks.matched, *((link.start, link.end) for link in self.links)]
        edges = {start, end, *(at for span in spans for at in span if start < at < end)}
        for first, last in pairwise(sorted(edges)):
            matched = any(a <= first < b for a, b in self.marks.matched)
            link = next((link for link in self.links if link.start <= first < link.end), None)
            yield TextRun(self.text[first:last], matched, link)


def choose_shown(passages: Sequence[PassageRecord], cited: int, pages: int) -> range:
    """The passages that stand on one page of HTML around a cited one, by their index.

    pages: how many pages the document has; 0 where it has none
    """
    if pages:
        page = passages[cited].page or 1
        # A passage at the foot of a page often goes on at the head of the next one.
        last = max(page, passages[min(cited + 1, len(passages) - 1)].page or page)
        near = [
            at
            for at, passage in enumerate(passages)
            if page - PAGES_AROUND <= (passage.page or 1) <= last + PAGES_AROUND
        ]
        near = [at for at in near if abs(at - cited) <= MOST_PASSAGES]
        return range(min(near), max(near) + 1)
    start = stop = cited
    length = len(passages[cited].text)
    while stop - start < MOST_PASSAGES and length < MOST_TEXT:
        before, after = start > 0, stop + 1 < len(passages)
        if not before and not after:
            break
        # As much below as above, but what one side lacks is given to the other one.
        if after and (not before or stop - cited <= cited - start):
            stop += 1
            length += len(passages[stop].text)
        else:
            start -= 1
            length += len(passages[start].text)
    return range(start, stop + 1)


def passage_views(
    text: str,
    passages: Sequence[PassageRecord],
    headings: Sequence[Heading],
    cited: str,
    marks: PassageMarks,
    links: Mapping[str, Sequence[TextLink]],
) -> list[ReaderPassage]:
    """Passages that follow each other, cut into blocks; the cited one with its marks.

    text: that of the whole document; links: those of each passage, by its citation
    """
    levels = {heading.start: heading.level for heading in headings}
    ends = {heading.start: heading.end for heading in headings}
    numbered = _note_marks(passages)
    views = []
    end = passages[0].start if passages else 0
    for passage in passages:
        is_cited = passage.citation == cited
        own = {at - passage.start: level for at, level in levels.items() if _within(at, passage)}
        own_ends = {at: ends[at + passage.start] - passage.start for at in own}
        own_text = _MarkedText(
            passage.text,
            marks if is_cited else PassageMarks(),
            own,
            own_ends,
            numbered,
            links.get(passage.citation, ()),
        )
        # Rows of spreadsheets have pins such as `Fees!A12:F12`, and no others have a `!`.
        is_row = "!" in passage.pin and _BETWEEN_CELLS in passage.text and not own
        blocks = (_unit_row(own_text),) if is_row else tuple(_blocks(own_text))
        # Tables of contents and running heads are in no passage; the page shows the document whole.
        before = text[end : passage.start].strip()
        end = passage.end
        views.append(
            ReaderPassage(passage.citation, passage.pin, passage.page, blocks, is_cited, before)
        )
    return views


def _note_marks(passages: Iterable[PassageRecord]) -> frozenset[str]:
    """The marks of the notes that some word of the passages refers to."""
    return frozenset(
        mark[1]
        for passage in passages
        for mark in re.finditer(r"\w\[(\d{1,3}|\*|†)\]", passage.text)
    )


def reference_links(
    finder: ReferenceFinder, passages: Iterable[PassageRecord], key_to: Callable[[str], str]
) -> Mapping[str, Sequence[TextLink]]:
    """The links of each passage, by its citation. Blocks on the database.

    key_to: the key that opens a document, by its id
    """
    keys: dict[str, str] = {}
    links: dict[str, list[TextLink]] = {}
    for passage in passages:
        for reference in finder.references(passage):
            # 本条 is this very place, and a link to it leads nowhere.
            if not reference.citation or reference.citation == passage.citation:
                continue
            document_id = parse_citation(reference.citation).document_id
            if document_id not in keys:
                keys[document_id] = key_to(document_id)
            link = TextLink(reference.start, reference.end, reference.citation, keys[document_id])
            links.setdefault(passage.citation, []).append(link)
    return links


def outline_entries(
    text: str, passages: Sequence[PassageRecord], headings: Sequence[Heading], cited: int
) -> list[OutlineEntry]:
    """The headings, each with the passage below it; the last one before the cited is here."""
    starts = [passage.start for passage in passages]
    entries: list[OutlineEntry] = []
    here = -1
    for heading in headings:
        # A heading opens the passage below it.
        at = max(0, bisect_right(starts, heading.start) - 1)
        if heading.start >= passages[at].end and at + 1 < len(passages):
            at += 1
        words = " ".join(text[heading.start : heading.end].split())
        # Articles are paragraphs: their first words tell which one it is.
        label = words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 1] + "…"
        if at <= cited:
            here = len(entries)
        entries.append(OutlineEntry(label, heading.level, passages[at].citation))
    if here >= 0:
        entries[here] = replace(entries[here], is_here=True)
    return entries


_LONGEST_LABEL: Final = 60


def _within(offset: int, passage: PassageRecord) -> bool:
    return passage.start <= offset < passage.end


def _blocks(text: _MarkedText) -> Iterator[TextBlock]:
    """The blocks of a passage, with the white space between them."""
    lines = [match.span() for match in _LINE.finditer(text.text)]
    number = 0
    while number < len(lines):
        start, end = lines[number]
        words_start, words_end = _trimmed(text.text, start, end)
        if words_start == words_end:
            yield TextBlock("space", text.stretches(start, end))
            number += 1
            continue
        stop = _block_end(text, lines, number)
        last = lines[stop - 1][1]
        yield from _block(text, lines[number:stop], words_start)
        # The line end behind a block is white space between blocks.
        tail = _trimmed(text.text, *lines[stop - 1])[1]
        if tail < last:
            yield TextBlock("space", text.stretches(tail, last))
        number = stop


def _block_end(text: _MarkedText, lines: Sequence[Span], number: int) -> int:
    """Where the block ends that begins with a line: a table's rows and a paragraph's lines."""
    first = _trimmed(text.text, *lines[number])[0]
    if first in text.headings:
        end = text.heading_ends.get(first, lines[number][1])
        stop = number + 1
        while stop < len(lines) and lines[stop][0] < end:
            stop += 1
        return stop
    is_row = _is_row(text.text, lines[number])
    stop = number + 1
    while stop < len(lines):
        start, end = _trimmed(text.text, *lines[stop])
        if start == end or start in text.headings or _is_row(text.text, lines[stop]) != is_row:
            break
        if not is_row and (_marker(text.text, *lines[stop]) or _is_note(text, start)):
            break
        stop += 1
    return stop


def _block(text: _MarkedText, lines: Sequence[Span], first: int) -> Iterator[TextBlock]:
    start, end = lines[0][0], _trimmed(text.text, *lines[-1])[1]
    if first in text.headings:
        if start < first:
            yield TextBlock("space", text.stretches(start, first))
        yield TextBlock("heading", text.stretches(first, end), level=text.headings[first])
    elif _is_row(text.text, lines[0]):
        yield TextBlock("table", rows=tuple(_table_row(text, line, end) for line in lines))
    elif _is_note(text, first):
        yield TextBlock("note", text.stretches(start, end))
    elif _marker(text.text, *lines[0]):
        indent = min(columns(text.text[start:first]) // _INDENT, _DEEPEST_INDENT)
        yield TextBlock("item", text.stretches(start, end), level=indent)
    else:
        yield TextBlock("paragraph", text.stretches(start, end))


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _marker(text: str, start: int, end: int) -> str:
    first, last = _trimmed(text, start, end)
    if first == last:
        return ""
    return marker_style(text[first : min(last, first + 16)], 0, after_blank=True)


def _is_note(text: _MarkedText, first: int) -> bool:
    """Whether a line is a note: it begins with a mark that stands behind a word elsewhere."""
    mark = _NOTE.match(text.text, first)
    return bool(mark) and mark is not None and mark[1] in text.numbered


def _is_row(text: str, line: Span) -> bool:
    """Whether a line is a row: cells between tabs, or between bars."""
    start, end = _trimmed(text, *line)
    words = text[start:end]
    return "\t" in words or (words.startswith("|") and words.endswith("|") and len(words) > 2)


def _table_row(text: _MarkedText, line: Span, table_end: int) -> TableRow:
    start, end = line[0], min(line[1], table_end)
    words = text.text[start:end]
    end = start + len(words.rstrip("\n"))
    # Bars are Markdown's; a line with tabs may hold bars as text.
    separators = _CELL_END if "\t" in words.strip() else _BAR
    # The line of dashes below Markdown's head of a table: no row, but a part of the text all the
    # same.
    is_rule = separators is _BAR and bool(_RULE.fullmatch(words.strip("\n")))
    cells: list[TableCell] = []
    place, before = start, ""
    for separator in separators.finditer(text.text, start, end):
        if separator.start() > place or cells:
            cells.append(TableCell(before, (), text.stretches(place, separator.start())))
            before = ""
        before += separator[0]
        place = separator.end()
    if place < end:
        cells.append(TableCell(before, (), text.stretches(place, end)))
        before = ""
    tail = before + text.text[end : min(line[1], table_end)]
    return TableRow(tuple(cells), tail, is_rule)


def _unit_row(text: _MarkedText) -> TextBlock:
    """A row of a spreadsheet: `Heading: value · Heading: value`."""
    cells: list[TableCell] = []
    place = 0
    before = ""
    while place <= len(text.text):
        end = text.text.find(_BETWEEN_CELLS, place)
        end = len(text.text) if end < 0 else end
        label = _LABEL.match(text.text, place, end)
        words = label.end() if label else place
        cells.append(TableCell(before, text.stretches(place, words), text.stretches(words, end)))
        before, place = _BETWEEN_CELLS, end + len(_BETWEEN_CELLS)
    return TextBlock("row", rows=(TableRow(tuple(cells), ""),))
