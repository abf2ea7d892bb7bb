"""From lines placed on pages to paragraphs: PDF and OCR know lines only.

Two lines belong to one paragraph when the first goes as far right as it could (the next word
would not have fitted), the second begins where lines of a paragraph do, and neither size nor
distance changes. A paragraph may go on over the end of a column or page; the page's footnotes,
in smaller letters below it, are then set before it.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from corpus.language.numerals import HAN_ORDINAL
from corpus.language.scripts import UNSPACED

_UNSPACED = re.compile(f"[{UNSPACED}]")
_SENTENCE_ENDS = tuple("。！？；：.!?;:”」』）)")
_MARKER = re.compile(
    rf"[•·●○■□◆※–—*-]\s|[（(][{HAN_ORDINAL}\da-zA-Z]{{1,4}}[)）]|[{HAN_ORDINAL}]{{1,3}}[、.．]"
    r"|\d{1,3}(?:\.\d{1,3}){0,3}[.、．)）]?\s|\d{1,3}[、．]|[A-Za-z][.)]\s|[①-⑳§]"
    rf"|第[{HAN_ORDINAL}\d]{{1,7}}[章节節条條款編编]|Article\s\d"
)
_NUMBER = re.compile(r"[-–—\s]*#-?\d+#(?:\s*/\s*\d+)?[-–—\s]*")  # by its distance from the page's
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.)\s*#(?:\s*(?:of|/)\s*#)?|第\s*#\s*[页頁](?:\s*[,，/]?\s*共\s*#\s*[页頁])?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{1,9}")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_BROKEN = re.compile(r"([A-Za-z]*[a-z])-$")
_WORD_HYPHEN = re.compile(r"[^\W\d_]-$")
_GOES_ON = re.compile(r"[a-z]+")
_SAME_SIZE = 0.2
_SMALLER = 0.92  # of the text's letters: a footnote's
_EDGE_LINES = 2
_MOST_NUMBERS = 8
_NEIGHBOURS = 40  # lines before and after that show where a column begins and ends


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line: its text and where it stands, in any unit, `y` growing upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    """The height of its letters, which is about the width of a Han character."""
    first_word: float
    """The width of what could have stood at the end of the line above."""
    confidence: float = 1.0
    """How sure recognition was of it, from 0 to 1; text that a file holds is sure."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line in its column: where the column's lines begin and end, and on which page it is."""

    line: PageLine
    page: int
    column_left: float
    column_right: float

    @property
    def indent(self) -> float:
        """In units of its letters."""
        return (self.line.left - self.column_left) / self.line.size


def join_lines(pages: Sequence[Sequence[PageLine]]) -> tuple[str, tuple[int, ...]]:
    """The text, an empty line between paragraphs, and the offset at which each page begins.

    Page numbers are left out, and running heads and feet after their first appearance.
    """
    lines = _placed(_without_running(pages))
    pitch = _usual_pitch(lines)
    lines, notes = _notes_before(lines, pitch)
    writer = _Writer(len(pages), {word for at in lines for word in _words(at.line.text)})
    above: _Placed | None = None
    for at in lines:
        goes_on = above is not None and _goes_on(above, at, pitch)
        goes_on = goes_on and (above in notes) == (at in notes)
        writer.add(at.line.text, at.page, goes_on=goes_on)
        above = at
    return writer.finished()


def _notes_before(
    lines: Sequence[_Placed], pitch: float
) -> tuple[list[_Placed], frozenset[_Placed]]:
    """Set footnotes before the paragraph that goes on behind them; the lines, and those notes."""
    ordered: list[_Placed] = []
    notes: set[_Placed] = set()
    pages = [list(on_page) for _, on_page in groupby(lines, key=lambda at: at.page)]
    for number, on_page in enumerate(pages):
        following = pages[number + 1][0] if number + 1 < len(pages) else None
        body = _without_notes(on_page, following) if following else on_page
        start = len(body)
        if following and 0 < start < len(on_page) and _goes_on(body[-1], following, pitch):
            start = _opening(body, pitch)
            if start or not (ordered and _goes_on(ordered[-1], body[0], pitch)):
                notes.update(on_page[len(body) :])
            else:  # it began on an earlier page, where these notes are not
                start = len(body)
        ordered += body[:start] + on_page[len(body) :] + body[start:]
    return ordered, frozenset(notes)


def _without_notes(on_page: list[_Placed], following: _Placed) -> list[_Placed]:
    """The page's lines without those below them in letters smaller than the next page's."""
    end = len(on_page)
    while end and on_page[end - 1].line.size < _SMALLER * following.line.size:
        end -= 1
    body, notes = on_page[:end], on_page[end:]
    beneath = body and all(note.line.y < body[-1].line.y for note in notes)
    return body if beneath else on_page


def _opening(body: Sequence[_Placed], pitch: float) -> int:
    """Where the last paragraph begins."""
    start = len(body) - 1
    while start and _goes_on(body[start - 1], body[start], pitch):
        start -= 1
    return start


class _Writer:
    """Puts lines together and remembers where pages begin."""

    def __init__(self, pages: int, words: set[str]) -> None:
        self._words = words
        self._pieces: list[str] = []
        self._length = 0
        self._starts: list[int | None] = [None] * pages

    def add(self, text: str, page: int, *, goes_on: bool) -> None:
        apart = "\n\n" if self._pieces else ""
        self._append(self._glue(text) if goes_on else apart)
        if self._starts[page] is None:
            self._starts[page] = self._length
        self._append(text)

    def finished(self) -> tuple[str, tuple[int, ...]]:
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


def _goes_on(above: _Placed, below: _Placed, pitch: float) -> bool:
    """Whether the second line continues the paragraph of the first."""
    a, b = above.line, below.line
    if "\t" in a.text or "\t" in b.text or not _alike(a, b):
        return False
    drop = (a.y - b.y) / b.size
    under = above.page == below.page and drop > 0  # else in another column, or on another page
    if under and drop < 0.4:
        return b.left >= a.right  # two pieces of one line
    if _BROKEN.search(a.text) and _GOES_ON.match(b.text):
        return True
    if (under and drop > 1.35 * pitch) or not _full(above, b):
        return False
    return _flows(above, below) if under else _flows_over(above, below)


def _flows(above: _Placed, below: _Placed) -> bool:
    """Whether the line below begins where a paragraph's next line would."""
    shift = (below.line.left - above.line.left) / below.line.size
    marked = bool(_MARKER.match(below.line.text))
    if above.line.text.endswith(_SENTENCE_ENDS) and (marked or below.indent > 0.8):
        return False
    if marked and shift < -0.8:
        return False
    hangs = bool(_MARKER.match(above.line.text))
    return -4 < shift < (4 if hangs else 0.8)


def _flows_over(above: _Placed, below: _Placed) -> bool:
    """The same for the next column or page, where only an unfinished sentence goes on."""
    if above.line.text.endswith(_SENTENCE_ENDS):
        return False
    return below.indent < 0.8 or abs(below.indent - above.indent) < 0.8


def _full(above: _Placed, below: PageLine) -> bool:
    """Whether the next line's first word would not have fitted on this one."""
    wide = _UNSPACED.match(below.text)
    space = (1.05 if wide else 0.3) * below.size
    return above.line.right + below.first_word + space > above.column_right


def _placed(pages: Sequence[Sequence[PageLine]]) -> list[_Placed]:
    lines = [(page, line) for page, on_page in enumerate(pages) for line in on_page]
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
        placed.append(_Placed(line, page, lefts[tenth], rights[-1 - tenth]))
    return placed


def _alike(above: PageLine, below: PageLine) -> bool:
    return abs(above.size - below.size) <= _SAME_SIZE * max(above.size, below.size)


def _usual_pitch(lines: Sequence[_Placed]) -> float:
    """The usual distance from line to line, in units of the letters' height."""
    drops = [
        (a.line.y - b.line.y) / b.line.size
        for a, b in pairwise(lines)
        if a.page == b.page and _alike(a.line, b.line)
    ]
    usual = [drop for drop in drops if 0.8 < drop < 3]
    return statistics.median(usual) if usual else 1.5


def _words(text: str) -> Iterator[str]:
    return (word.lower() for word in _LATIN_WORD.findall(text))


def _without_running(pages: Sequence[Sequence[PageLine]]) -> list[list[PageLine]]:
    """The pages without page numbers and repeated heads and feet."""
    edges = [_edges(page, number) for number, page in enumerate(pages, start=1)]
    times = Counter(form for on_page in edges for form in set().union(*on_page.values()))
    bare = sum(any(map(_is_bare, forms)) for on_page in edges for forms in on_page.values())
    often = {form for form in times if times[form] > 2 and 5 * times[form] >= 2 * len(pages)}
    earlier_forms: set[str] = set()
    bodies = []
    for page, on_page in zip(pages, edges, strict=True):
        dropped = {
            number
            for number, forms in on_page.items()
            if forms & earlier_forms & often
            or _is_page_number(page[number].text.strip(), forms, bare)
        }
        earlier_forms.update(*on_page.values())
        bodies.append([line for number, line in enumerate(page) if number not in dropped])
    return bodies


def _edges(page: Sequence[PageLine], number: int) -> dict[int, set[str]]:
    """The forms of a page's highest, lowest, first and last lines, by the lines' numbers.

    What is drawn first or last, wherever it stands, may be a watermark.
    """
    numbers = range(len(page))
    order = sorted(numbers, key=lambda at: page[at].y)
    outer = {*order[:_EDGE_LINES], *order[-_EDGE_LINES:], *numbers[:1], *numbers[-1:]}
    return {at: _forms(page[at].text.strip(), number) for at in outer}


def _forms(text: str, page: int) -> set[str]:
    """The text, and the text with each of its numbers by how far it is from the page's."""
    numbers = list(_DIGITS.finditer(text))[:_MOST_NUMBERS]
    return {text} | {
        f"{text[: number.start()]}#{int(number[0]) - page}#{text[number.end() :]}"
        for number in numbers
    }


def _is_bare(form: str) -> bool:
    return bool(_NUMBER.fullmatch(form))


def _is_page_number(text: str, forms: set[str], bare: int) -> bool:
    """A bare number is the page's if other pages have one, or if it is this page's."""
    if _PAGE_NUMBER.fullmatch(_DIGITS.sub("#", text)):
        return True
    return any(map(_is_bare, forms)) and (bare > 1 or ("#0#" in forms and text != "1"))
