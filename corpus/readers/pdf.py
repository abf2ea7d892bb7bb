"""PDF: paragraphs with a page map, form values, properties, embedded files; scans through OCR.

A page is a scan when it is a picture with no text, or with so little that it can only be a stamp
(a docket line, a Bates number, a signature). It is recognized if the `ocr` extra is installed, and
otherwise said to be unread.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2
from pypdfium2 import raw

from corpus.errors import UnreadableFile
from corpus.models import Extract, Metadata
from corpus.readers import ocr
from corpus.readers.attachments import name_attachments
from corpus.readers.page_layout import LineSegment, PageLayout, SegmentRow, arrange
from corpus.readers.page_paragraphs import join_pages
from corpus.readers.pdf_forms import PageForms, form_data, place_values
from corpus.readers.pdf_lines import PageText, is_unmapped
from corpus.readers.properties import title_property
from corpus.reading.decoding import clean
from corpus.reading.pace import step_done
from corpus.reasons import Code, Reason, combine

MEDIA_TYPE = "application/pdf"
_DRAWN = 50  # shapes on a page without text that may well be letters drawn as outlines
_PICTURED = 0.4  # of the page covered by pictures, at least, makes it a scan if its text is short
_STAMP = 300  # characters, at most, of stamps on a scanned page
_MOST_PIXELS = 4000
_POINTS_PER_INCH = 72
_NO_PAGES = re.compile(rb"/Count\s+0(?!\d)")
_one_at_a_time = threading.Lock()  # PDFium is not thread-safe


def read(content: bytes, name: str) -> Extract:
    """Read a PDF. Raises UnreadableFile."""
    _check_whole(content)
    with _one_at_a_time, open_pdf(content) as document:
        reading = _read_pages(document)
        joined = join_pages(reading.pages)
        text = clean(joined.text)
        data = form_data(document)
        if data and data not in text:
            text = "\n\n".join(filter(None, (text, data)))
        return Extract(
            text,
            MEDIA_TYPE,
            _metadata(document),
            page_starts=joined.page_starts,
            unsure_pages=reading.unsure,
            page_numbers=_page_numbers(document, joined.page_numbers),
            attachments=name_attachments(_embedded(document)),
            note=reading.note(),
            quoted=joined.quoted,
        )


def _check_whole(content: bytes) -> None:
    """PDFium reads what is left of a cut file without a word; a record must be whole."""
    end = content.rfind(b"%%EOF")
    if end < 0 or b" obj" in content[end:]:
        raise UnreadableFile(Reason("cut_pdf"))


@contextmanager
def open_pdf(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        # PDFium keeps the last error, be it another file's.
        if error.err_code == raw.FPDF_ERR_PASSWORD and b"/Encrypt" in content:
            reason = Reason("encrypted_pdf")
        elif _NO_PAGES.search(content):
            reason = Reason("no_pages")
        else:
            reason = Reason("damaged_pdf")
        raise UnreadableFile(reason) from error
    with closing(document):
        if not len(document):
            raise UnreadableFile(Reason("no_pages"))
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()  # before any page is loaded, or their values are not there
        yield document


@dataclass(slots=True)
class _PagesRead:
    """The pages, and which of them were scans, by their numbers from 1."""

    pages: list[PageLayout] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    recognized: dict[int, float] = field(default_factory=dict)
    """How sure recognition was of each page."""

    def note(self) -> Reason | None:
        """What was not read, or not surely. Raises UnreadableFile if most pages were not read."""
        readable = sum(
            bool(page.lines) and number not in self.unread
            for number, page in enumerate(self.pages, start=1)
        )
        count = len(self.pages)
        if len(self.unread) > readable:
            raise UnreadableFile(_scanned("scanned_without_ocr", self.unread, count))
        reasons = []
        if self.unread:
            reasons.append(_scanned("scanned_not_read", self.unread, count))
        if self.unsure:
            reason = _scanned("recognition_unsure", list(self.unsure), count)
            percent = min(self.unsure.values())
            reasons.append(Reason(reason.code, {**reason.facts, "percent": percent}))
        return combine(reasons)

    @property
    def unsure(self) -> dict[int, int]:
        """The pages of which recognition was not sure, and how sure it was, in per cent."""
        return {
            number: round(100 * certainty)
            for number, certainty in self.recognized.items()
            if certainty < ocr.SURE
        }


def _read_pages(document: pypdfium2.PdfDocument) -> _PagesRead:
    reading = _PagesRead()
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(Reason("damaged_page", {"page": number + 1})) from error
        with closing(page):
            rows, is_scan = page_rows(document, page, number)
            if is_scan and ocr.available():
                scanned = recognize_page(page, rows)
                reading.recognized[number + 1] = ocr.confidence_of(arrange(scanned))
                rows = sorted(rows + scanned, key=lambda row: -row[0].y)
            elif is_scan:
                reading.unread.append(number + 1)
            lines = arrange(rows)
            reading.pages.append(PageLayout(lines, *page.get_size()))
        step_done()  # each page is a bounded step: a bundle of thousands takes its time
    return reading


def page_rows(
    document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, number: int
) -> tuple[list[SegmentRow], bool]:
    """The page's rows, and whether it is a picture of text that these do not hold."""
    with closing(PageText(page)) as text:
        rows = list(text.rows())
    if document.formenv or raw.FPDFPage_GetAnnotCount(page):
        rows = place_values(rows, PageForms(document, page, number).values())
    if rows and is_unmapped(rows):
        return [], True
    length = sum(len(segment.text) for row in rows for segment in row)
    return rows, length <= _STAMP and _is_pictured(page, rows)


def _is_pictured(page: pypdfium2.PdfPage, rows: list[SegmentRow]) -> bool:
    """Whether pictures, or shapes without characters, make up the page."""
    width, height = page.get_size()
    covered, kinds = 0.0, []
    for item in page.get_objects():
        kinds.append(item.type)
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, min(right, width) - max(left, 0.0)) * max(
                0.0, min(top, height) - max(bottom, 0.0)
            )
    if rows:
        return bool(covered > _PICTURED * width * height)
    return raw.FPDF_PAGEOBJ_IMAGE in kinds or len(kinds) > _DRAWN


def recognize_page(page: pypdfium2.PdfPage, rows: list[SegmentRow]) -> list[SegmentRow]:
    """What recognition finds beside the page's own text, placed in points as that is."""
    scale = min(ocr.DOTS_PER_INCH / _POINTS_PER_INCH, _MOST_PIXELS / max(page.get_size()))
    picture: Any = page.render(scale=scale).to_numpy()
    height = page.get_height()
    own = [segment for row in rows for segment in row]
    scanned = []
    for row in ocr.recognize_rows(picture):
        segments = [
            replace(
                segment,
                left=segment.left / scale,
                right=segment.right / scale,
                y=height + segment.y / scale,
                size=segment.size / scale,
                first_word=segment.first_word / scale,
            )
            for segment in row
        ]
        scanned.append([segment for segment in segments if not _covers(segment, own)])
    return [row for row in scanned if row]


def _covers(segment: LineSegment, own: list[LineSegment]) -> bool:
    """Whether a piece is what a stamp's own characters say already."""
    return any(
        abs(segment.y - stamp.y) < max(segment.size, stamp.size)
        and segment.left < stamp.right
        and stamp.left < segment.right
        for stamp in own
    )


def _page_numbers(document: pypdfium2.PdfDocument, printed: tuple[str, ...]) -> tuple[str, ...]:
    """What the file calls its pages, else what is printed on them; none if that is their count."""
    count = len(document)
    labels = tuple(str(document.get_page_label(number) or "") for number in range(count))
    numbers = labels if any(labels) else printed
    plain = all(number in {"", str(at)} for at, number in enumerate(numbers, start=1))
    return () if plain else numbers


def _scanned(code: Code, numbers: list[int], pages: int) -> Reason:
    """A reason about scanned pages, the first ten of which it names."""
    listed = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
    return Reason(code, {"scanned": len(numbers), "pages": pages, "numbers": listed})


def _metadata(document: pypdfium2.PdfDocument) -> Metadata:
    properties = document.get_metadata_dict()
    return Metadata(
        title=title_property(properties.get("Title")),
    )


def _embedded(document: pypdfium2.PdfDocument) -> Iterator[tuple[str, str, bytes]]:
    """Files that the PDF carries along, as portfolios do."""
    for number in range(document.count_attachments()):
        attachment = document.get_attachment(number)
        with suppress(pypdfium2.PdfiumError):
            yield attachment.get_name(), "", bytes(attachment.get_data())
