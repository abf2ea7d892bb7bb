"""Photographed pages as one file: an album becomes a PDF with a page for each picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Sequence


def pdf_of(pictures: Sequence[bytes]) -> bytes:
    """A PDF of JPEG pictures, in order. Blocks. Raises pypdfium2.PdfiumError for other files."""
    pdf = pypdfium2.PdfDocument.new()
    try:
        for picture in pictures:
            image = pypdfium2.PdfImage.new(pdf)
            # Telegram sends every photograph as JPEG, which a PDF takes as it is.
            image.load_jpeg(io.BytesIO(picture), inline=True)
            width, height = image.get_px_size()
            image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
            page = pdf.new_page(width, height)
            page.insert_obj(image)
            page.gen_content()
        content = io.BytesIO()
        pdf.save(content)
    finally:
        pdf.close()
    return content.getvalue()
