"""Boxes lie over the very words: on set pages, on turned ones, on scans, and on real documents."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import raw

from corpus.models import Reading
from corpus.readers import ocr
from corpus.readers.page_boxes import (
    PageBoxes,
    Rectangle,
    align,
    join_rectangles,
    locate,
    locate_on_picture,
)
from corpus.readers.pdf import open_pdf, page_rows
from corpus.reading.read import read
from tests.corpus.making import pdf

pytestmark = pytest.mark.slow

LINES = (
    "The lessor of cloud servers is no host of what its",
    "customers keep on them, and owes no measure on a no-",
    "tice which names no place of any copy that is kept.",
)
PHRASE = 12
"""Characters that PDFium itself is asked to find: long enough to stand once on a page."""


def page_of(lines: Sequence[str], *, rotated: bool = False) -> bytes:
    return pdf(
        [[(72.0, 700.0 - 20 * number, 12.0, line) for number, line in enumerate(lines)]],
        rotated=rotated,
    )


def boxes_of(content: bytes, words: str) -> tuple[Reading, PageBoxes]:
    """Where some words of a one-page file stand."""
    reading = read(content, "a.pdf")
    start = reading.text.index(words)
    with open_pdf(content) as document:
        return reading, locate(document, 0, reading.text, [(start, start + len(words))])


@pytest.mark.parametrize("rotated", [False, True])
def test_one_box_a_line_lies_over_the_words(rotated: bool) -> None:
    """From a word of the first line to one of the last, over a hyphen that reading took away."""
    _, found = boxes_of(
        page_of(LINES, rotated=rotated),
        "is no host of what its customers keep on them, and owes "
        "no measure on a notice which names",
    )
    [boxes] = found.boxes
    assert len(boxes) == 3
    assert found.width / found.height == pytest.approx(
        (842 / 595) if rotated else (595 / 842), 0.01
    )
    if not rotated:
        # Latin letters of these files are half an em wide, so that six points are one letter.
        first, second, third = boxes
        starts = [LINES[0].index("is no host"), 0, 0]
        ends = [len(LINES[0]), len(LINES[1]), LINES[2].index(" no place")]
        for box, start, end in zip((first, second, third), starts, ends, strict=True):
            assert box[0] * 595 == pytest.approx(72 + 6 * start, abs=3)
            assert box[2] * 595 == pytest.approx(72 + 6 * end, abs=3.1)


def test_words_that_are_not_on_the_page_have_no_box() -> None:
    """A span of nothing, and one beyond the text."""
    content = page_of(LINES)
    text = read(content, "a.pdf").text
    with open_pdf(content) as document:
        found = locate(document, 0, text, [(5, 5), (10_000, 10_010)])
    assert found.boxes == ((), ())


@given(st.text(alphabet="ab \n天地", max_size=60), st.data())
def test_a_text_is_aligned_with_itself(text: str, data: st.DataObject) -> None:
    """Every character that is no blank has its own place, and no place is taken twice."""
    characters = [character for character in text if not character.isspace()]
    places = align(text, characters)
    assert [place for place in places if place is not None] == list(range(len(characters)))
    # What only one side has costs the others little: each has a like character or none.
    cut = data.draw(st.integers(0, len(characters)))
    for place, character in zip(align(text, characters[:cut]), text, strict=True):
        assert place is None or characters[place] == character


def test_a_moved_note_is_found_where_it_is() -> None:
    """Reading sets a footnote before the paragraph that goes on behind it."""
    note = "1 See the report of the second year at page twelve."
    body = "The claim fails because nobody was told where the copies were kept at all."
    page = [c for c in body + note if not c.isspace()]
    text = f"{note}\n\n{body}"
    places = align(text, page)
    assert [page[place] for place in places if place is not None] == [
        c for c in text if not c.isspace()
    ]


@given(st.lists(st.tuples(*[st.floats(0, 1)] * 4), max_size=12))
def test_joined_rectangles_hold_all(corners: list[tuple[float, float, float, float]]) -> None:
    """No part of a rectangle is lost, and lines come from the top."""
    boxes = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    joined = join_rectangles(boxes)
    assert [box[1] for box in joined] == sorted(box[1] for box in joined)
    for box in boxes:
        if box[2] > box[0] and box[3] > box[1]:
            assert any(
                j[0] <= box[0] and j[1] <= box[1] and j[2] >= box[2] and j[3] >= box[3]
                for j in joined
            )


@pytest.mark.skipif(not ocr.available(), reason="needs the ocr extra")
def test_a_scan_has_the_boxes_of_the_recogniser() -> None:
    """A page that is a picture: the box lies over the line that says the words."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (1200, 500), "white")
    font = ImageFont.load_default(size=44)
    for number, line in enumerate(("The lessor keeps no copies", "Costs follow the event")):
        ImageDraw.Draw(image).text((80, 80 + 160 * number), line, "black", font)
    pixels = np.asarray(image)[:, :, ::-1].copy()
    text = "The lessor keeps no copies\n\nCosts follow the event"
    start = text.index("Costs")
    found = locate_on_picture(pixels, text, [(start, start + 5), (0, start)])
    [costs], [first] = found.boxes
    assert 230 / 500 <= costs[1] < costs[3] <= 310 / 500
    assert costs[2] < 0.35
    assert 70 / 500 <= first[1] < first[3] <= 150 / 500
    assert first[2] > 0.4


# -- against PDFium's own rectangles, on real documents ------------------------------------------


def pdfium_rectangles(
    page: pypdfium2.PdfPage, characters: pypdfium2.PdfTextPage, phrase: str
) -> list[Rectangle]:
    """Where PDFium itself finds a phrase, if it stands once on the page; else nothing."""
    wide = (ctypes.c_ushort * (len(phrase) + 1))(*map(ord, phrase), 0)
    search = raw.FPDFText_FindStart(characters, wide, 0, 0)
    places = []
    while raw.FPDFText_FindNext(search):
        places.append((raw.FPDFText_GetSchResultIndex(search), raw.FPDFText_GetSchCount(search)))
    raw.FPDFText_FindClose(search)
    if len(places) != 1:
        return []
    width, height = page.get_size()
    rectangles = []
    for number in range(characters.count_rects(*places[0])):
        left, bottom, right, top = characters.get_rect(number)
        rectangles.append((left / width, 1 - top / height, right / width, 1 - bottom / height))
    return rectangles


def area(box: Rectangle) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def covered(rectangle: Rectangle, boxes: Sequence[Rectangle]) -> float:
    """How much of a rectangle lies under boxes, which do not overlap each other."""
    return sum(
        area(
            (
                max(rectangle[0], box[0]),
                max(rectangle[1], box[1]),
                min(rectangle[2], box[2]),
                min(rectangle[3], box[3]),
            )
        )
        for box in boxes
    )


def phrases(text: str) -> Iterator[str]:
    """Some runs of a text's characters, without line ends in them."""
    for line in text.split("\n"):
        for start in range(0, max(1, len(line) - PHRASE), 2 * PHRASE):
            if phrase := line[start : start + PHRASE].strip():
                yield phrase


@dataclass
class Overlap:
    """How much of PDFium's rectangles of passages lies under their boxes, and under others'."""

    passages: int = 0
    area: float = 0.0
    own: float = 0.0
    strange: float = 0.0

    def add_page(self, document: pypdfium2.PdfDocument, number: int, reading: Reading) -> None:
        """Measure the passages, or the parts of passages, of a page."""
        start, end = [*reading.page_starts, len(reading.text)][number : number + 2]
        spans = [
            (max(p.start, start) - start, min(p.end, end) - start)
            for p in reading.passages
            if max(p.start, start) < min(p.end, end)
        ]
        text = reading.text[start:end]
        found = locate(document, number, text, spans)
        with closing(document[number]) as page, closing(page.get_textpage()) as characters:
            for at, span in enumerate(spans):
                rectangles = [
                    rectangle
                    for phrase in phrases(text[slice(*span)])
                    for rectangle in pdfium_rectangles(page, characters, phrase)
                ]
                self.passages += bool(rectangles)
                self.area += sum(map(area, rectangles))
                for other, boxes in enumerate(found.boxes):
                    shared = sum(covered(rectangle, boxes) for rectangle in rectangles)
                    self.own += shared if other == at else 0.0
                    self.strange += 0.0 if other == at else shared


@pytest.mark.shared
def test_boxes_cover_the_words_of_real_documents(shared: Path) -> None:
    """Of 199 passages, boxes cover .95 of PDFium's own rectangles, and little of others'."""
    overlap = Overlap()
    for path in sorted((shared / "matters").rglob("*.pdf")):
        reading = read(path.read_bytes(), path.name)
        with open_pdf(path.read_bytes()) as document:
            for number in range(len(reading.page_starts)):
                if not _is_scan(document, number):
                    overlap.add_page(document, number, reading)
    assert overlap.passages >= 195
    assert overlap.own / overlap.area >= 0.95
    assert overlap.strange / overlap.area <= 0.05


def _is_scan(document: pypdfium2.PdfDocument, number: int) -> bool:
    """Whether recognition read the page: its characters are not PDFium's then."""
    with closing(document[number]) as page:
        return page_rows(document, page, number)[1]
