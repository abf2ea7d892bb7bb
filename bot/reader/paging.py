"""Which pages does a document have as pictures, and which part of its text stands on them?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.reader.leave import NoLeave
from bot.reader.page_worker import PageRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.language.lengths import Span
    from corpus.models import DocumentRecord, DocumentText, PassageRecord

NARROWEST, WIDEST, USUAL = 80, 2400, 800
"""Widths of a picture in pixels; the last where none is asked for."""
_PDF: Final = "application/pdf"


def page_request(document: DocumentRecord) -> PageRequest:
    """What a worker is asked of a document; its sizes, where nothing else is said."""
    return PageRequest(document.sha256, document.media_type, "sizes")


def page_count(document: DocumentRecord, text: DocumentText) -> int:
    """How many pages can be drawn: those of a PDF and of pictures."""
    if document.media_type == _PDF:
        return len(text.page_starts)
    return max(1, len(text.page_starts)) if document.media_type.startswith("image/") else 0


def page_span(text: DocumentText, number: int) -> Span:
    """Where a page's text begins and ends. A picture alone has no page starts."""
    starts = text.page_starts or (0,)
    # What stands before the first page mark belongs to page 1.
    start = 0 if number == 1 else starts[number - 1]
    return start, starts[number] if number < len(starts) else len(text.text)


def last_page(passage: PassageRecord, text: DocumentText) -> int:
    """The page on which a passage ends."""
    first = passage.page or 1
    following = (n for n, start in enumerate(text.page_starts, start=1) if start < passage.end)
    return max(first, max(following, default=1))


def size_of(sizes: Sequence[tuple[float, float]], number: int) -> tuple[int, int]:
    """Width and height of a page in points; those of A4 where they are not known."""
    width, height = sizes[number - 1] if number <= len(sizes) else (595.0, 842.0)
    return max(1, round(width)), max(1, round(height))


def parse_width(text: str) -> int:
    """The width that is asked for. Raises NoLeave where that is no whole number in bounds."""
    if not text:
        return USUAL
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text, re.ASCII):
        raise NoLeave
    return int(text)
