"""Pictures (PNG, JPEG, TIFF, WebP, BMP) and photographed pages, by OCR where it is installed.

Each picture of a TIFF, such as a fax, is a page. A photograph is turned as its camera says.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import ocr
from corpus.readers.page_layout import PageLayout
from corpus.readers.page_paragraphs import join_pages
from corpus.reading.pace import step_done
from corpus.reasons import Reason

_MOST_PAGES = 500
_MOST_PIXELS = 100_000_000  # 300 MB once unpacked
_TIFF = (b"II*\0", b"MM\0*")
_TYPES = {b"\x89PN": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIF": "image/webp"}


def read(content: bytes, name: str) -> Extract:
    """Read the text of a picture. Raises UnreadableFile."""
    if not ocr.available():
        raise UnreadableFile(Reason("picture_without_ocr"))
    size = ocr.picture_size(content)
    if size and size[0] * size[1] > _MOST_PIXELS:
        raise UnreadableFile(Reason("picture_too_large", {"limit": _MOST_PIXELS // 1_000_000}))
    pages = []
    confidences: list[float] = []
    unsure: dict[int, int] = {}
    for image in pictures_in(content):
        lines = ocr.recognize(image)
        step_done()
        height, width = image.shape[:2]
        pages.append(PageLayout(lines, width, height))
        if lines:
            confidences.append(ocr.confidence_of(lines))
            if confidences[-1] < ocr.SURE:
                unsure[len(pages)] = round(100 * confidences[-1])
    if not pages:
        raise UnreadableFile(Reason("damaged_picture"))
    if not confidences:
        raise UnreadableFile(Reason("picture_without_text"))
    joined = join_pages(pages)
    percent = round(100 * sum(confidences) / len(confidences))
    return Extract(
        joined.text,
        _media_type(content),
        page_starts=joined.page_starts if len(pages) > 1 else (),
        unsure_pages=unsure,
        note=Reason("pictures_recognised", {"count": len(pages), "percent": percent}),
    )


def _media_type(content: bytes) -> str:
    if content.startswith(_TIFF):
        return "image/tiff"
    if content[4:8] == b"ftyp":
        return "image/heic" if ocr.is_heif(content) else "image/avif"
    return _TYPES.get(content[:3], "image/bmp")


def pictures_in(content: bytes) -> Iterator[Any]:
    """The pictures in the file, one at a time."""
    if not content.startswith(_TIFF):
        image = ocr.decode_picture(content)
        if image is not None:
            yield image
        return
    cv2 = import_module("cv2")
    data = import_module("numpy").frombuffer(content, "uint8")
    for number in range(_MOST_PAGES):
        try:
            is_read, images = cv2.imdecodemulti(data, cv2.IMREAD_COLOR, range=(number, number + 1))
        except cv2.error:
            return
        if not is_read or not images:
            return
        image = images[0]
        scale = ocr.MOST_SIDE / max(image.shape[:2])
        yield cv2.resize(image, None, fx=scale, fy=scale, interpolation=3) if scale < 1 else image
