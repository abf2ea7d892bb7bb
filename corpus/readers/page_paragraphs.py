"""From lines placed on pages to paragraphs: PDF and OCR know lines only.

Two lines belong to one paragraph when the first goes as far right as it could (the next word
would not have fitted), the second begins where lines of a paragraph do, and neither size nor
distance changes. A paragraph may go on over the end of a column or page; the page's footnotes,
in smaller letters below it, are then set before it.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from corpus.language.lengths import Span
from corpus.language.numerals import HAN_ORDINAL
from corpus.language.scripts import UNSPACED
from corpus.readers.page_layout import PageLayout, PageLine, PlacedLine
from corpus.readers.page_quotations import quotation_blocks
from corpus.readers.page_running import in_sequence, without_running

_UNSPACED = re.compile(f"[{UNSPACED}]")
_SENTENCE_ENDS = tuple("。！？；：.!?;:”」』）)")
_MARKER = re.compile(
    rf"[•·●○■□◆※–—*-]\s|[（(][{HAN_ORDINAL}\da-zA-Z]{{1,4}}[)）]|[{HAN_ORDINAL}]{{1,3}}[、.．]"
    r"|\d{1,3}(?:\.\d{1,3}){0,3}[.、．)）]?\s|\d{1,3}[、．]|[A-Za-z][.)]\s|[①-⑳§]"
    rf"|第[{HAN_ORDINAL}\d]{{1,7}}[章节節条條款編编]|Article\s\d"
)
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_BROKEN = re.compile(r"([A-Za-z]{0,60}[a-z])-$")
_WORD_HYPHEN = re.compile(r"[^\W\d_]-$")
_GOES_ON = re.compile(r"[a-z]+")
_SAME_SIZE = 0.2
_SAME_LINE = 0.4  # of the letters' height, between the baselines of two pieces of one line
_TOUCH = 0.2
_CELL_GAP = 1.6  # of the letters' height: as wide a gap parts two cells
_SMALLER = 0.92  # of the text's letters: a footnote's
_RAGGED = 0.12  # of a column's width by which its lines may be shorter
_JUSTIFIED = 0.08  # the same for a quotation, of whose margin less is known
_NARROWEST = 12  # heights of letters: narrower blocks are names and addresses
_LONGEST_BLOCK = 60  # heights of letters
_CLOSEST, _WIDEST = 0.8, 3.2  # distances of lines within a paragraph, in heights of letters
_NEIGHBOURS = 40  # lines before and after that show where a column begins and ends


@dataclass(frozen=True, slots=True)
class Joined:
    """Pages as one text."""

    text: str
    """With an empty line between paragraphs."""
    page_starts: tuple[int, ...]
    """The offset at which each page begins."""
    page_numbers: tuple[str, ...]
    """What is printed on each page for its number, empty where nothing is."""
    quoted: tuple[Span, ...] = ()
    """The lines that are set in on both sides, as quotations are."""


def join_pages(pages: Sequence[PageLayout]) -> Joined:
    """Join lines to paragraphs, also over the end of a page.

    Page numbers are left out, and running heads and feet after their first appearance.
    """
    bodies, page_numbers = without_running(pages)
    lines = _with_pitch(_placed(bodies))
    lines, notes = _notes_before(lines)
    writer = _PagesWriter(len(pages), {word for at in lines for word in _words(at.line.text)})
    above: PlacedLine | None = None
    spans: list[Span] = []
    for at in lines:
        goes_on = above is not None and _goes_on(above, at)
        goes_on = goes_on and (above in notes) == (at in notes)
        spans.append(writer.add(at.line.text, at.page, goes_on=goes_on))
        above = at
    text, page_starts = writer.finished()
    quoted = ((spans[block[0]][0], spans[block[-1]][1]) for block in quotation_blocks(lines))
    return Joined(text, page_starts, in_sequence(page_numbers), tuple(quoted))


def _notes_before(lines: Sequence[PlacedLine]) -> tuple[list[PlacedLine], frozenset[PlacedLine]]:
    """Set footnotes before the paragraph that goes on behind them; the lines, and those notes."""
    ordered: list[PlacedLine] = []
    notes: set[PlacedLine] = set()
    pages = [list(on_page) for _, on_page in groupby(lines, key=lambda at: at.page)]
    for number, on_page in enumerate(pages):
        following = pages[number + 1][0] if number + 1 < len(pages) else None
        body = _without_notes(on_page, following) if following else on_page
        start = len(body)
        if following and 0 < start < len(on_page) and _goes_on(body[-1], following):
            start = _opening(body)
            if start or not (ordered and _goes_on(ordered[-1], body[0])):
                notes.update(on_page[len(body) :])
            else:  # it began on an earlier page, where these notes are not
                start = len(body)
        ordered += body[:start] + on_page[len(body) :] + body[start:]
    return ordered, frozenset(notes)


def _without_notes(on_page: list[PlacedLine], following: PlacedLine) -> list[PlacedLine]:
    """The page's lines without those below them in letters smaller than the next page's."""
    end = len(on_page)
    while end and on_page[end - 1].line.size < _SMALLER * following.line.size:
        end -= 1
    body, notes = on_page[:end], on_page[end:]
    beneath = body and all(note.line.y < body[-1].line.y for note in notes)
    return body if beneath else on_page


def _opening(body: Sequence[PlacedLine]) -> int:
    """Where the last paragraph begins."""
    start = len(body) - 1
    while start and _goes_on(body[start - 1], body[start]):
        start -= 1
    return start


class _PagesWriter:
    """Puts lines together and remembers where pages begin."""

    def __init__(self, pages: int, words: set[str]) -> None:
        self._words = words
        self._pieces: list[str] = []
        self._length = 0
        self._starts: list[int | None] = [None] * pages

    def add(self, text: str, page: int, *, goes_on: bool) -> Span:
        """Add a line of a page, to the paragraph of the last one or to a new one; where it is."""
        apart = "\n\n" if self._pieces else ""
        self._append(self._glue(text) if goes_on else apart)
        if self._starts[page] is None:
            self._starts[page] = self._length
        start = self._length
        self._append(text)
        return start, self._length

    def finished(self) -> tuple[str, tuple[int, ...]]:
        """The text, and where each page begins in it."""
        following = self._length
        starts = []
        for start in reversed(self._starts):  # a page without text begins where the next one does
            following = following if start is None else start
            starts.append(following)
        return "".join(self._pieces), tuple(reversed(starts))

    def _append(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._length += len(text)

    def _glue(self, text: str) -> str:
        """What stands between the last line and this one; takes back a hyphen of the layout."""
        last = self._pieces[-1]
        broken, following = _BROKEN.search(last), _GOES_ON.match(text)
        if broken and following:
            if f"{broken[1]}-{following[0]}".lower() not in self._words:
                self._pieces[-1] = last[:-1]
                self._length -= 1
            return ""
        if _WORD_HYPHEN.search(last):
            return ""
        return "" if _UNSPACED.match(last[-1:]) or _UNSPACED.match(text) else " "


def _goes_on(above: PlacedLine, below: PlacedLine) -> bool:
    """Whether the second line continues the paragraph of the first."""
    a, b = above.line, below.line
    if "\t" in a.text or "\t" in b.text or not _alike(a, b):
        return False
    drop = (a.y - b.y) / b.size
    if (
        above.page == below.page
        and abs(drop) < _SAME_LINE
        and 0 <= b.left - a.right + _TOUCH * b.size < _CELL_GAP * b.size
    ):
        return True  # two pieces of one line
    under = above.page == below.page and drop > 0  # else in another column, or on another page
    if under and drop < _SAME_LINE:
        return False
    if _BROKEN.search(a.text) and _GOES_ON.match(b.text):
        return True
    if (under and drop > 1.35 * below.pitch) or not _full(above, b):
        return False
    return _flows(above, below) if under else _flows_over(above, below)


def _flows(above: PlacedLine, below: PlacedLine) -> bool:
    """Whether the line below begins where a paragraph's next line would."""
    shift = (below.line.left - above.line.left) / below.line.size
    marked = bool(_MARKER.match(below.line.text))
    if above.line.text.endswith(_SENTENCE_ENDS) and (marked or below.indent > 0.8):
        return False
    if marked and shift < -0.8:
        return False
    hangs = bool(_MARKER.match(above.line.text))
    return -4 < shift < (4 if hangs else 0.8)


def _flows_over(above: PlacedLine, below: PlacedLine) -> bool:
    """The same for the next column or page, where only an unfinished sentence goes on."""
    if above.line.text.endswith(_SENTENCE_ENDS):
        return False
    return below.indent < 0.8 or abs(below.indent - above.indent) < 0.8


def _full(above: PlacedLine, below: PageLine) -> bool:
    """Whether the next line's first word would not have fitted on this one."""
    wide = _UNSPACED.match(below.text)
    space = (1.05 if wide else 0.3) * below.size
    return above.line.right + below.first_word + space > above.column_right


def _placed(pages: Sequence[PageLayout]) -> list[PlacedLine]:
    """Each line with its column, found by the lines around it."""
    lines = [(page, line) for page, on_page in enumerate(pages) for line in on_page.lines]
    placed = []
    for number, (page, line) in enumerate(lines):
        near = lines[max(0, number - _NEIGHBOURS) : number + _NEIGHBOURS + 1]
        column = [
            neighbour
            for _, neighbour in near
            if neighbour is line  # which may have no width
            or (
                neighbour.left < line.right
                and line.left < neighbour.right
                and _alike(line, neighbour)
            )
        ]
        lefts = sorted(neighbour.left for neighbour in column)
        rights = sorted(neighbour.right for neighbour in column)
        # A few lines reach over two columns, or stick out: they make no margin.
        tenth = len(column) // 10
        left, right = lefts[tenth], rights[-1 - tenth]
        # One line that reaches farther than all others shows no margin: it may be the last of its
        # paragraph. Then the margin is taken to be as wide as the left one.
        reaching = sum(end > right - _RAGGED * (right - left) for end in rights)
        if reaching == 1 and pages[page].width:
            right = max(right, pages[page].width - left)
        body_right = right
        if line.left - left > line.size:
            right = _quotation_right(lines, number) or right
        placed.append(PlacedLine(line, page, left, right, body_right))
    return placed


def _quotation_right(lines: Sequence[tuple[int, PageLine]], number: int) -> float | None:
    """Where the lines of an indented quotation end, which is mostly set in on both sides.

    None unless nearly all of its lines reach as far, as those of a list do not.
    """
    page, line = lines[number]
    start = stop = number
    while start and _same_edge(lines[start - 1], page, line):
        start -= 1
    while stop + 1 < len(lines) and _same_edge(lines[stop + 1], page, line):
        stop += 1
    rights = [entry.right for _, entry in lines[start : stop + 1]]
    farthest = max(rights)
    if farthest - line.left < _NARROWEST * line.size:
        return None
    reaching = sum(right > farthest - _JUSTIFIED * (farthest - line.left) for right in rights[:-1])
    return farthest if len(rights) > 2 and 10 * reaching >= 7 * (len(rights) - 1) else None


def _same_edge(entry: tuple[int, PageLine], page: int, line: PageLine) -> bool:
    neighbour = entry[1]
    return (
        entry[0] == page
        and abs(neighbour.left - line.left) < line.size
        and _alike(neighbour, line)
        and abs(neighbour.y - line.y) < _LONGEST_BLOCK * line.size
    )


def _alike(above: PageLine, below: PageLine) -> bool:
    return abs(above.size - below.size) <= _SAME_SIZE * max(above.size, below.size)


def _with_pitch(lines: list[PlacedLine]) -> list[PlacedLine]:
    """The lines with the usual distance from line to line around each.

    Quotations in a double-spaced judgment are set close: one distance for all would part the
    lines of one or the other.
    """
    drops = [
        (a.line.y - b.line.y) / b.line.size if a.page == b.page and _alike(a.line, b.line) else 0.0
        for a, b in pairwise(lines)
    ]
    usual = [drop if _CLOSEST < drop < _WIDEST else None for drop in drops]
    overall = statistics.median([drop for drop in usual if drop] or [1.5])
    pitched = [replace(at, pitch=overall) for at in lines[:1]]
    for number, at in enumerate(lines[1:]):
        # A gap between paragraphs has closer lines on both sides; a wide spacing has not on one.
        before = [drop for drop in usual[max(0, number - 3) : number] if drop]
        after = [drop for drop in usual[number + 1 : number + 4] if drop]
        sides = [min(side) for side in (before, after) if len(side) > 1]
        pitched.append(replace(at, pitch=max(sides, default=overall)))
    return pitched


def _words(text: str) -> Iterator[str]:
    return (word.lower() for word in _LATIN_WORD.findall(text))
