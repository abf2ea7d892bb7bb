"""The text of a PDF page, with its places, as PDFium finds it.

PDFium gives characters in the order of the page's content and says where lines end. A line is cut
here where a wide gap stands in it; what such pieces are, cells of a table or columns of prose, is
decided by the whole page (`page_layout`).
"""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from corpus.language.scripts import UNSPACED
from corpus.readers.page_layout import LineSegment
from corpus.readers.signs import spell_raised

_HYPHEN = 2  # PDFium's sign for a hyphen at the end of a line
_LINE_ENDS = {0x0A, 0x0D}
_BLANKS = {0x20, 0xA0, 0x3000}
_WIDE = re.compile(f"[{UNSPACED}]")
_CLOSING = re.compile(r"[，。、；：？！）」』》〉】”’…]")
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ufffe\uffff\ue000-\uf8ff]")
_AUTOSPACE = 0.6  # ems between Han and Latin that layout adds, not the author
_ASKEW = 10  # degrees
_NO_WIDTH = 0.02  # points; PDFium's own bound is half of that
_CELL_GAP = 1.6  # ems at which a gap parts two cells of a table
_RAISED_SIZE = 0.85  # of the text's letters, at most, are those of a note's number
_RAISED_BY = 0.12  # of their height, at least, it stands above the line
_RAISED = frozenset(map(ord, "0123456789*†‡"))

# From places on the sheet to places as they are read, for text that runs in each direction.
_TURNS: dict[int, Callable[[float, float], tuple[float, float]]] = {
    0: lambda x, y: (x, y),
    90: lambda x, y: (y, -x),
    180: lambda x, y: (-x, -y),
    270: lambda x, y: (-y, x),
}

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Characters of a segment, and the text that was spelled from them."""

    start: int
    end: int
    text: str


class PageText:
    """The characters of one page."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        _give_width(page)
        self._turn = _TURNS[page.get_rotation()]
        self._direction: int = page.get_rotation()
        self._page = page.get_textpage()
        self._count = self._page.count_chars()

    def close(self) -> None:
        """Let go of PDFium's page."""
        self._page.close()

    def rows(self) -> Iterator[list[LineSegment]]:
        """The page's lines in the order of its content, each cut at its wide gaps.

        Slanting lines, which are watermarks and stamps, and blank ones are left out.
        """
        codes = [raw.FPDFText_GetUnicode(self._page, number) for number in range(self._count)]
        start = 0
        for number, code in enumerate([*codes, 0x0A]):
            if code in _LINE_ENDS or code == _HYPHEN:
                row = self._row(codes, start, number + (code == _HYPHEN))
                start = number + 1
                if row:
                    yield row

    def _row(self, codes: list[int], start: int, end: int) -> list[LineSegment]:
        while start < end and codes[start] in _BLANKS:
            start += 1
        while start < end and codes[end - 1] in _BLANKS:
            end -= 1
        if start == end or self._slants(start):
            return []
        direction = self._direction_of(start, end)
        self._turn = _TURNS[direction]
        return [self._segment(span, direction) for span in self._spans(codes, start, end)]

    def _slants(self, number: int) -> bool:
        """Whether a character stands at an angle, as watermarks and stamps do; scans lie askew."""
        degrees = math.degrees(raw.FPDFText_GetCharAngle(self._page, number)) % 90
        return _ASKEW < degrees < 90 - _ASKEW

    def _direction_of(self, start: int, end: int) -> int:
        """In which direction a line runs on the sheet; one character says nothing of its own."""
        (x, y), (last_x, last_y) = self._origin(start), self._origin(end - 1)
        along, across = last_x - x, last_y - y
        if max(abs(along), abs(across)) < 1:
            return self._direction
        if abs(along) >= abs(across):
            self._direction = 0 if along > 0 else 180
        else:
            self._direction = 90 if across > 0 else 270
        return self._direction

    def _segment(self, span: _Span, direction: int) -> LineSegment:
        boxes = [self._box(at) for at in _sample(span.start, span.end)]
        size = max(statistics.median(top - bottom for _, bottom, _, top in boxes), 1.0)
        left, right = boxes[0][0], boxes[-1][2]
        first_word = self._first_word(span.text, span.start, span.end, size)
        # A raised number at the beginning stands above the line, the middle on it.
        baseline = min(self._baseline(at) for at in {span.start, (span.start + span.end) // 2})
        return LineSegment(span.text, left, right, baseline, size, first_word, direction)

    def _spans(self, codes: list[int], start: int, end: int) -> Iterator[_Span]:
        pieces: list[str] = []
        begin = number = start
        while number < end:
            code = codes[number]
            raised_end = self._raised_end(codes, begin, number, end)
            if raised_end:
                digits = "".join(map(chr, codes[number:raised_end]))
                pieces.append(spell_raised("".join(pieces), digits) if pieces else f"[{digits}]")
                number = raised_end
                continue
            number += 1
            if code == 0x20 and raw.FPDFText_IsGenerated(self._page, number - 1):
                gap = self._gap(codes, number - 1)
                if gap == "\t":
                    yield _Span(begin, number - 1, "".join(pieces))
                    pieces, begin = [], number
                else:
                    pieces.append(gap)
            elif code == _HYPHEN:
                pieces.append("-")
            elif 0xD800 <= code < 0xDC00 and number < end and 0xDC00 <= codes[number] < 0xE000:
                pieces.append(chr(0x10000 + ((code - 0xD800) << 10) + (codes[number] - 0xDC00)))
                number += 1
            else:
                pieces.append(chr(code))
        yield _Span(begin, end, "".join(pieces))

    def _raised_end(self, codes: list[int], begin: int, number: int, end: int) -> int:
        """Where a raised number ends that begins here, directly beside a word; 0 if none does."""
        if codes[number] not in _RAISED:
            return 0
        stop = number + 1
        while stop < end and codes[stop] in _RAISED and self._is_alike(number, stop):
            stop += 1
        after = stop
        while after < end and codes[after] in _BLANKS:
            after += 1
        # The letter beside it shows the height of the line: the one before, or at the beginning of
        # a line, as of a footnote, the one after.
        beside = number - 1 if number > begin else after
        if beside >= end or codes[beside] in _BLANKS:
            return 0
        box, base = self._box(number), self._box(beside)
        size = base[3] - base[1]
        raised_by = self._baseline(number) - self._baseline(beside)
        is_raised = box[3] - box[1] <= _RAISED_SIZE * size and raised_by >= _RAISED_BY * size
        return stop if is_raised else 0

    def _is_alike(self, first: int, second: int) -> bool:
        a, b = self._box(first), self._box(second)
        return abs((a[3] - a[1]) - (b[3] - b[1])) < 0.1 * (a[3] - a[1]) and abs(a[1] - b[1]) < 1

    def _gap(self, codes: list[int], number: int) -> str:
        """What a gap in the layout stands for: a space, nothing beside Han, a table's next cell."""
        before, after = self._box(number - 1), self._box(number + 1)
        ems = (after[0] - before[2]) / max(before[3] - before[1], 1.0)
        if ems > _CELL_GAP:
            return "\t"
        beside_han = _WIDE.match(chr(codes[number - 1])) or _WIDE.match(chr(codes[number + 1]))
        return "" if beside_han and ems < _AUTOSPACE else " "

    def _first_word(self, text: str, start: int, end: int, size: float) -> float:
        """How wide the part is that no line break may separate from the line's beginning."""
        if _WIDE.match(text):
            closing = 1
            while _CLOSING.match(text[closing : closing + 1]):
                closing += 1
            return closing * size
        word = len(re.split(r"[\s\u2e80-\u9fff]", text, maxsplit=1)[0])
        return self._box(min(start + word, end) - 1)[2] - self._box(start)[0]

    def _box(self, number: int) -> Box:
        rectangle = raw.FS_RECTF()
        if not raw.FPDFText_GetLooseCharBox(self._page, number, ctypes.byref(rectangle)):
            return 0.0, 0.0, 0.0, 0.0
        corner = self._turn(rectangle.left, rectangle.bottom)
        opposite = self._turn(rectangle.right, rectangle.top)
        left, right = sorted((corner[0], opposite[0]))
        bottom, top = sorted((corner[1], opposite[1]))
        return left, bottom, right, top

    def _baseline(self, number: int) -> float:
        return self._turn(*self._origin(number))[1]

    def _origin(self, number: int) -> tuple[float, float]:
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._page, number, ctypes.byref(x), ctypes.byref(y))
        return x.value, y.value


def _give_width(page: pypdfium2.PdfPage) -> None:
    """Keep PDFium from skipping what has no width: single characters without a font.

    Chinese fonts are often left out of a file, and are not on every machine. The hair's breadth
    that an outline adds does not move a line.
    """
    unmoved = raw.FS_MATRIX(1, 0, 0, 1, 0, 0)
    for item in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
        left, _, right, _ = item.get_bounds()
        font = raw.FPDFTextObj_GetFont(item)
        if right - left < _NO_WIDTH and raw.FPDFFont_GetIsEmbedded(font) == 0:
            raw.FPDFTextObj_SetTextRenderMode(item, raw.FPDF_TEXTRENDERMODE_STROKE)
            raw.FPDFPageObj_SetStrokeWidth(item, 2 * _NO_WIDTH)
            raw.FPDFPageObj_TransformF(item, ctypes.byref(unmoved))  # reckons its bounds anew


def _sample(start: int, end: int) -> list[int]:
    """A few places from the first to the last: fonts may change within a line."""
    return sorted({*range(start, end, max(1, (end - start) // 6)), end - 1})


def is_unmapped(rows: list[list[LineSegment]]) -> bool:
    """Whether a font keeps to itself which characters its shapes are."""
    text = "".join(segment.text for row in rows for segment in row)
    return 2 * len(_NO_CHARACTER.findall(text)) > len(text)
