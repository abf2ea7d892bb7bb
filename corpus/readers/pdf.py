"""PDF: paragraphs with a page map, properties, embedded files; scans through OCR if installed."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import pypdfium2
from pypdfium2 import raw

from corpus.errors import UnreadableFile
from corpus.language.dates import iso_date
from corpus.models import Extract, Metadata
from corpus.readers import ocr
from corpus.readers.attachments import name_attachments
from corpus.readers.page_layout import PageLine, join_lines
from corpus.readers.pdf_lines import PageText, is_unmapped
from corpus.readers.properties import name_property, title_property
from corpus.reading.decoding import clean
from corpus.reading.pace import step_done
from corpus.reasons import Code, Reason

MEDIA_TYPE = "application/pdf"
_DRAWN = 50  # shapes on a page without text that may well be letters drawn as outlines
_MOST_PIXELS = 4000
_POINTS_PER_INCH = 72
_NO_PAGES = re.compile(rb"/Count\s+0(?!\d)")
_one_at_a_time = threading.Lock()  # PDFium is not thread-safe


def read(content: bytes, name: str) -> Extract:
    """Read a PDF. Raises UnreadableFile."""
    _check_whole(content)
    with _one_at_a_time, _opened(content) as document:
        pages, unread = _pages(document)
        text, starts = join_lines(pages)
        return Extract(
            clean(text),
            MEDIA_TYPE,
            _metadata(document),
            page_starts=starts,
            attachments=name_attachments(_embedded(document)),
            note=_scanned("scanned_not_read", unread, len(pages)) if unread else None,
        )


def _check_whole(content: bytes) -> None:
    """PDFium reads what is left of a cut file without a word; a record must be whole."""
    end = content.rfind(b"%%EOF")
    if end < 0 or b" obj" in content[end:]:
        raise UnreadableFile(Reason("cut_pdf"))


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
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
        yield document


def _pages(document: pypdfium2.PdfDocument) -> tuple[list[list[PageLine]], list[int]]:
    """Each page's lines, and the numbers of the pages that only OCR could read, from 1."""
    pages, unread = [], []
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(Reason("damaged_page", {"page": number + 1})) from error
        with closing(page):
            lines = _lines(page)
            if lines is None:
                lines = _recognized(page) if ocr.available() else None
            if lines is None:
                unread.append(number + 1)
            pages.append(lines or [])
    if 2 * len(unread) > sum(map(bool, pages)) + len(unread):
        raise UnreadableFile(_scanned("scanned_without_ocr", unread, len(pages)))
    return pages, unread


def _lines(page: pypdfium2.PdfPage) -> list[PageLine] | None:
    """The page's lines; None when it has only pictures of text, or text without characters."""
    with closing(PageText(page)) as text:
        lines = list(text.lines())
    if lines:
        return None if is_unmapped(lines) else lines
    kinds = [item.type for item in page.get_objects()]
    pictured = raw.FPDF_PAGEOBJ_IMAGE in kinds or len(kinds) > _DRAWN
    return None if pictured else []


def _recognized(page: pypdfium2.PdfPage) -> list[PageLine]:
    lines = ocr.recognize(_picture(page))
    step_done()
    return lines


def _picture(page: pypdfium2.PdfPage) -> Any:
    scale = min(ocr.DOTS_PER_INCH / _POINTS_PER_INCH, _MOST_PIXELS / max(page.get_size()))
    return page.render(scale=scale).to_numpy()


def _scanned(code: Code, unread: list[int], pages: int) -> Reason:
    numbers = ", ".join(map(str, unread[:10])) + (" …" if len(unread) > 10 else "")
    return Reason(code, {"scanned": len(unread), "pages": pages, "numbers": numbers})


def _metadata(document: pypdfium2.PdfDocument) -> Metadata:
    properties = document.get_metadata_dict()
    return Metadata(
        title=title_property(properties.get("Title")),
        date=iso_date(properties.get("CreationDate")),
        publisher=name_property(properties.get("Author")),
    )


def _embedded(document: pypdfium2.PdfDocument) -> Iterator[tuple[str, str, bytes]]:
    """Files that the PDF carries along, as portfolios do."""
    for number in range(document.count_attachments()):
        attachment = document.get_attachment(number)
        with suppress(pypdfium2.PdfiumError):
            yield attachment.get_name(), "", bytes(attachment.get_data())
