"""Where on a page do words stand?  Spans of a document's text become boxes on its pages.

The text of a page is not what PDFium gives: hyphens of the layout are gone, notes moved, and page
numbers left out. So the characters of both are aligned once a page. A box is then what PDFium
itself says of the characters' rectangles, or the recogniser of a scanned line.
"""

from __future__ import annotations

import ctypes
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeAlias

import pypdfium2
from pypdfium2 import raw

from corpus.language.lengths import Span
from corpus.readers import ocr
from corpus.readers.page_layout import LineSegment, SegmentRow
from corpus.readers.pdf import page_rows, recognize_page

Rectangle: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom. From 0 to 1 of the picture, from its upper left corner."""

# Shorter ones are found in several places of a page; longer ones are cut by a hyphen or a number.
_SEED = 12
"""Characters that have to agree before text that was moved is taken to be the same."""
_NEAR = 5
"""The same for text that goes on after a few characters that only one side has."""
_SKIPPED = 40
"""Characters that only one side may have there: a raised number, a line number, a hyphen."""
_LINE_ENDS = frozenset("\r\n\ufffe\x02")
_SCALE = 1_000_000
"""Units of the device that PDFium reckons in: it knows whole pixels only."""
_SAME_LINE = 0.5
"""Of the lower height, that two rectangles of one line share at least."""
_COLUMN_GAP = 3.0
"""Heights that part the rectangles of two columns or cells."""
# A passage has some dozens of lines; a page of single letters may not cost a browser thousands.
_MOST_BOXES = 400


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """A page: its size in points, its lines, and the boxes of the spans that were asked for."""

    width: float
    height: float
    lines: tuple[tuple[str, Rectangle], ...]
    boxes: tuple[tuple[Rectangle, ...], ...]
    """For each span one box a line, from the top."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character on the page; `index` is PDFium's, None for one that was recognized."""

    character: str
    index: int | None
    place: Rectangle | None = None


def locate(
    document: pypdfium2.PdfDocument,
    number: int,
    text: str,
    spans: Sequence[Span],
    scans: MutableMapping[int, list[SegmentRow]] | None = None,
) -> PageBoxes:
    """Where spans of a page's text stand. Pages count from 0, spans from the page's own start.

    scans: keeps the lines of scanned pages. Recognition takes seconds, so that it is done once a
    page, and only where a span is asked for.
    """
    with closing(document[number]) as page:
        width, height = page.get_size()
        rows, is_scan = page_rows(document, page, number)
        with closing(page.get_textpage()) as characters:
            glyphs = list(_glyphs(characters))
            if is_scan and ocr.available():
                scans = {} if scans is None else scans
                if number not in scans and any(start < end for start, end in spans):
                    scans[number] = recognize_page(page, rows)
                scanned = scans.get(number, [])
                glyphs += _recognized_glyphs(scanned, width, height, bottom=height)
            places = align(text, [glyph.character for glyph in glyphs])
            boxes = tuple(
                _boxes(page, characters, [glyphs[at] for at in sorted(_placed(places, span))])
                for span in spans
            )
            lines = tuple(_lines(page, characters, glyphs))
    return PageBoxes(width, height, lines, boxes)


def locate_on_picture(image: Any, text: str, spans: Sequence[Span]) -> PageBoxes:
    """The same on a picture (height × width × 3, BGR) that recognition has read."""
    height, width = image.shape[:2]
    # Rows of a picture count downwards from 0, as minus; those of a page count upwards.
    glyphs = list(_recognized_glyphs(ocr.recognize_rows(image), width, height, bottom=0.0))
    places = align(text, [glyph.character for glyph in glyphs])
    boxes = tuple(
        tuple(join_rectangles(_own_places(glyphs[at] for at in _placed(places, span))))
        for span in spans
    )
    return PageBoxes(width, height, tuple(_recognized_lines(glyphs)), boxes)


def align(text: str, characters: Sequence[str]) -> list[int | None]:
    """For each character of a text the number of the same one on the page, None where it is not.

    Blanks are in neither. Both run in one order but for a few moved parts: a greedy walk finds
    them, in a time that grows with the length alone, where a shortest edit would take its square.
    """
    places: list[int | None] = [None] * len(text)
    letters = [
        (at, _fold(character)) for at, character in enumerate(text) if not character.isspace()
    ]
    page = [_fold(character) for character in characters]
    runs = _Runs(page)
    at = to = 0
    while at < len(letters):
        if to < len(page) and not runs.used[to] and letters[at][1] == page[to]:
            places[letters[at][0]] = to
            runs.used[to] = 1
            at, to = at + 1, to + 1
            continue
        folded = "".join(character for _, character in letters[at : at + _SKIPPED + _SEED])
        step = runs.go_on(folded, to)
        at, to = (at + 1, to) if step is None else (at + step[0], step[1])
    return places


class _Runs:
    """Where each run of a few characters begins on the page, and which are taken."""

    def __init__(self, page: Sequence[str]) -> None:
        self.used = bytearray(len(page))
        joined = "".join(page)
        self._seeds = _starts(joined, _SEED)
        self._near = _starts(joined, _NEAR)

    def go_on(self, text: str, to: int) -> tuple[int, int] | None:
        """How many characters of the text are skipped, and where on the page it goes on.

        That is a little further on where both agree again, else wherever the text was moved to.
        """
        near = min(self._near_places(text, to), default=None)
        if near is not None:
            return near[1:]
        # Only a long run is looked for everywhere: a short one stands in many places by chance.
        elsewhere = [at for at in self._seeds.get(text[:_SEED], ()) if not self.used[at]]
        place = min(elsewhere, key=lambda at: (at < to, abs(at - to)), default=None)
        return None if place is None else (0, place)

    def _near_places(self, text: str, to: int) -> Iterator[tuple[int, int, int]]:
        """Characters skipped on both sides, those of the text, and the place on the page."""
        for skipped in range(min(_SKIPPED, len(text) - _NEAR + 1)):
            starts = self._near.get(text[skipped : skipped + _NEAR], ())
            # What lies before is read already, and the text hardly ever goes back.
            for place in starts[bisect_left(starts, to) :]:
                if place > to + _SKIPPED:
                    break
                if not self.used[place]:
                    yield skipped + place - to, skipped, place
                    break


def _starts(text: str, length: int) -> dict[str, list[int]]:
    starts: dict[str, list[int]] = {}
    for start in range(len(text) - length + 1):
        starts.setdefault(text[start : start + length], []).append(start)
    return starts


@lru_cache(maxsize=1 << 14)
def _fold(character: str) -> str:
    """One character for all its forms, as reading folds some of them."""
    return unicodedata.normalize("NFKC", character).casefold()[:1] or character


def _placed(places: Sequence[int | None], span: Span) -> set[int]:
    return {place for place in places[max(span[0], 0) : max(span[1], 0)] if place is not None}


def _glyphs(characters: pypdfium2.PdfTextPage) -> Iterator[_Glyph]:
    """The page's own characters, without blanks and what PDFium adds at the ends of lines."""
    number, count = 0, characters.count_chars()
    while number < count:
        code, index = raw.FPDFText_GetUnicode(characters, number), number
        number += 1
        if 0xD800 <= code < 0xDC00 and number < count:  # PDFium speaks UTF-16
            code = 0x10000 + ((code - 0xD800) << 10) + (_low_half(characters, number) & 0x3FF)
            number += 1
        character = chr(code) if code <= 0x10FFFF else "\ufffd"
        if not character.isspace() and character not in _LINE_ENDS and code:
            yield _Glyph(character, index)


def _low_half(characters: pypdfium2.PdfTextPage, number: int) -> int:
    code: int = raw.FPDFText_GetUnicode(characters, number)
    return code


def _recognized_glyphs(
    rows: Iterable[Sequence[LineSegment]], width: float, height: float, *, bottom: float
) -> Iterator[_Glyph]:
    """Characters of recognized lines. The recogniser places lines; widths share them out."""
    for row in rows:
        for segment in row:
            # Han characters and kana are as wide as they are high, Latin letters half of that.
            weights = [1.0 if ord(character) > 0x2E7F else 0.5 for character in segment.text]
            total, at = sum(weights) or 1.0, 0.0
            for character, weight in zip(segment.text, weights, strict=True):
                length = segment.right - segment.left
                start = segment.left + length * at / total
                at += weight
                end = segment.left + length * at / total
                low = bottom - segment.y
                if not character.isspace():
                    top = (low - segment.size) / height
                    place = (start / width, top, end / width, low / height)
                    yield _Glyph(character, None, place)


def _boxes(
    page: pypdfium2.PdfPage, characters: pypdfium2.PdfTextPage, glyphs: Sequence[_Glyph]
) -> tuple[Rectangle, ...]:
    """The rectangles of some characters, one a line."""
    rectangles = list(_own_places(glyphs))
    indices = [glyph.index for glyph in glyphs if glyph.index is not None]
    for start, count in _runs(indices):
        rectangles += _pdfium_rectangles(page, characters, start, count)
    return tuple(join_rectangles(rectangles)[:_MOST_BOXES])


def _runs(indices: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of characters, each as its start and length; a blank or a hyphen does not part them."""
    start = last = None
    for index in indices:
        if start is None or last is None:
            start = index
        # PDFium counts the blanks and hyphens that were left out above.
        elif index - last > 3:
            yield start, last - start + 1
            start = index
        last = index
    if start is not None and last is not None:
        yield start, last - start + 1


def _pdfium_rectangles(
    page: pypdfium2.PdfPage, characters: pypdfium2.PdfTextPage, start: int, count: int
) -> Iterator[Rectangle]:
    for number in range(raw.FPDFText_CountRects(characters, start, count)):
        edges = [ctypes.c_double() for _ in range(4)]
        if raw.FPDFText_GetRect(characters, number, *edges):
            left, top, right, bottom = (edge.value for edge in edges)
            yield _on_picture(page, left, top, right, bottom)


def _on_picture(
    page: pypdfium2.PdfPage, left: float, top: float, right: float, bottom: float
) -> Rectangle:
    """A rectangle of the sheet on the picture, which may be turned and cropped."""
    corners = [_point_on_picture(page, *corner) for corner in ((left, top), (right, bottom))]
    (x, y), (other_x, other_y) = corners
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _point_on_picture(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    column, row = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(
        page, 0, 0, _SCALE, _SCALE, 0, x, y, ctypes.byref(column), ctypes.byref(row)
    )
    return column.value / _SCALE, row.value / _SCALE


def join_rectangles(rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    """One rectangle a line, from the top; cells and columns far apart stay by themselves."""
    lines: list[Rectangle] = []
    for rectangle in sorted(set(rectangles), key=lambda box: (box[0], box[1])):
        if rectangle[2] <= rectangle[0] or rectangle[3] <= rectangle[1]:
            continue
        near = next((at for at, line in enumerate(lines) if _same_line(line, rectangle)), None)
        if near is None:
            lines.append(rectangle)
        else:
            line = lines[near]
            lines[near] = (
                min(line[0], rectangle[0]),
                min(line[1], rectangle[1]),
                max(line[2], rectangle[2]),
                max(line[3], rectangle[3]),
            )
    return sorted(lines, key=lambda box: (box[1], box[0]))


def _same_line(line: Rectangle, rectangle: Rectangle) -> bool:
    lower = min(line[3] - line[1], rectangle[3] - rectangle[1])
    higher = max(line[3] - line[1], rectangle[3] - rectangle[1])
    shared = min(line[3], rectangle[3]) - max(line[1], rectangle[1])
    # Left to right, so that only the gap on the right can be too wide.
    return shared >= _SAME_LINE * lower and rectangle[0] - line[2] < _COLUMN_GAP * higher


def _lines(
    page: pypdfium2.PdfPage, characters: pypdfium2.PdfTextPage, glyphs: Sequence[_Glyph]
) -> Iterator[tuple[str, Rectangle]]:
    """The page's lines as they can be selected: each with its words and its place."""
    for start, words in _own_lines(characters):
        # One layer of text over the picture lets a reader select and copy, as in any PDF viewer.
        joined = join_rectangles(_pdfium_rectangles(page, characters, start, len(words)))
        if words.strip() and joined:
            yield words, (joined[0][0], joined[0][1], joined[-1][2], joined[-1][3])
    yield from _recognized_lines(glyphs)


def _recognized_lines(glyphs: Sequence[_Glyph]) -> Iterator[tuple[str, Rectangle]]:
    """Glyphs of one line follow each other."""
    recognized = [glyph for glyph in glyphs if glyph.place]
    for _, group in groupby(recognized, key=lambda glyph: glyph.place and glyph.place[1::2]):
        line = list(group)
        for box in join_rectangles(_own_places(line))[:1]:
            yield "".join(glyph.character for glyph in line), box


def _own_places(glyphs: Iterable[_Glyph]) -> Iterator[Rectangle]:
    return (glyph.place for glyph in glyphs if glyph.place)


def _own_lines(characters: pypdfium2.PdfTextPage) -> Iterator[tuple[int, str]]:
    """Where each of PDFium's lines begins, and its words, one character for each of PDFium's."""
    codes = [raw.FPDFText_GetUnicode(characters, n) for n in range(characters.count_chars())]
    start = 0
    for number, code in enumerate([*codes, 0x0A]):
        if code in {0x0A, 0x0D}:
            if number > start:
                words = map(_shown, codes[start:number])
                yield start, "".join(words)
            start = number + 1


def _shown(code: int) -> str:
    if code in {0x02, 0xFFFE}:
        return "-"
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFF else "\ufffd"
