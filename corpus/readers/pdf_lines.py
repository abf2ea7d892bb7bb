"""The lines of a PDF page, with their places, as PDFium finds them."""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections.abc import Callable, Iterator

import pypdfium2
from pypdfium2 import raw

from corpus.language.scripts import UNSPACED
from corpus.readers.page_layout import PageLine

_HYPHEN = 2  # PDFium's sign for a hyphen at the end of a line
_LINE_ENDS = {0x0A, 0x0D}
_UNSPACED = re.compile(f"[{UNSPACED}]")
_CLOSING = re.compile(r"[，。、；：？！）」』》〉】”’…]")
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ufffe\uffff\ue000-\uf8ff]")
_AUTOSPACE = 0.6  # ems between Han and Latin that layout adds, not the author
_ASKEW = 10  # degrees
_NO_WIDTH = 0.02  # points; PDFium's own bound is half of that
_CELL_GAP = 1.6  # ems at which a gap parts two cells of a table

# From places on the sheet to places as it is shown, which landscape pages turn clockwise.
_TURNS: dict[int, Callable[[float, float], tuple[float, float]]] = {
    0: lambda x, y: (x, y),
    90: lambda x, y: (y, -x),
    180: lambda x, y: (-x, -y),
    270: lambda x, y: (-y, x),
}

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


class PageText:
    """The characters of one page."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        _give_width(page)
        self._turn = _TURNS[page.get_rotation()]
        self._page = page.get_textpage()
        self._count = self._page.count_chars()

    def close(self) -> None:
        self._page.close()

    def lines(self) -> Iterator[PageLine]:
        """The page's lines in the order of its content, without blank and slanting ones."""
        codes = [raw.FPDFText_GetUnicode(self._page, number) for number in range(self._count)]
        start = 0
        for number, code in enumerate([*codes, 0x0A]):
            if code in _LINE_ENDS or code == _HYPHEN:
                line = self._line(codes, start, number + (code == _HYPHEN))
                start = number + 1
                if line:
                    yield line

    def _line(self, codes: list[int], start: int, end: int) -> PageLine | None:
        while start < end and codes[start] in {0x20, 0xA0, 0x3000}:
            start += 1
        while start < end and codes[end - 1] in {0x20, 0xA0, 0x3000}:
            end -= 1
        if start == end or self._slants(start):
            return None
        text = "".join(self._characters(codes, start, end))
        boxes = [self._box(at) for at in _sample(start, end)]
        size = max(statistics.median(top - bottom for _, bottom, _, top in boxes), 1.0)
        left, right = boxes[0][0], boxes[-1][2]
        first_word = self._first_word(text, start, size)
        return PageLine(text, left, right, self._baseline(start), size, first_word)

    def _slants(self, number: int) -> bool:
        """Whether a character stands at an angle, as watermarks and stamps do; scans lie askew."""
        degrees = math.degrees(raw.FPDFText_GetCharAngle(self._page, number)) % 90
        return _ASKEW < degrees < 90 - _ASKEW

    def _characters(self, codes: list[int], start: int, end: int) -> Iterator[str]:
        number = start
        while number < end:
            code = codes[number]
            number += 1
            if code == 0x20 and raw.FPDFText_IsGenerated(self._page, number - 1):
                yield self._gap(codes, number - 1)
            elif code == _HYPHEN:
                yield "-"
            elif 0xD800 <= code < 0xDC00 and number < end and 0xDC00 <= codes[number] < 0xE000:
                yield chr(0x10000 + ((code - 0xD800) << 10) + (codes[number] - 0xDC00))
                number += 1
            else:
                yield chr(code)

    def _gap(self, codes: list[int], number: int) -> str:
        """What a gap in the layout stands for: a space, nothing beside Han, a table's next cell."""
        before, after = self._box(number - 1), self._box(number + 1)
        ems = (after[0] - before[2]) / max(before[3] - before[1], 1.0)
        if ems > _CELL_GAP:
            return "\t"
        neighbours = (chr(codes[number - 1]), chr(codes[number + 1]))
        beside_han = any(_UNSPACED.match(character) for character in neighbours)
        return "" if beside_han and ems < _AUTOSPACE else " "

    def _first_word(self, text: str, start: int, size: float) -> float:
        """How wide the part is that no line break may separate from the line's beginning."""
        if _UNSPACED.match(text):
            closing = 1
            while _CLOSING.match(text[closing : closing + 1]):
                closing += 1
            return closing * size
        word = len(re.split(rf"[\s{UNSPACED}]", text, maxsplit=1)[0])
        return self._box(start + word - 1)[2] - self._box(start)[0]

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
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._page, number, ctypes.byref(x), ctypes.byref(y))
        return self._turn(x.value, y.value)[1]


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


def is_unmapped(lines: list[PageLine]) -> bool:
    """Whether a font keeps to itself which characters its shapes are."""
    text = "".join(line.text for line in lines)
    return 2 * len(_NO_CHARACTER.findall(text)) > len(text)
