"""Files as Telegram sends them: how large they may be, their names, their bytes.

An album of photographed pages becomes one PDF, with a page for each picture.
"""

from __future__ import annotations

import asyncio
import io
import re
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

import pypdfium2
import structlog
from telegram.error import BadRequest, NetworkError

from bot.views.markup import shortened
from corpus.storage.documents import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Document, PhotoSize
    from telegram.ext import ExtBot

    from bot.settings import Settings

DOWNLOAD_MB: Final = 20
"""The largest file that a bot may download (https://core.telegram.org/bots/api#getfile)."""
DOWNLOAD_TRIES: Final = 3
_DOWNLOAD_PAUSE: Final = 0.5

NAME_LENGTH: Final = 120
CAPTION_LENGTH: Final = 60
_NO_NAME: Final = re.compile(r"[\x00-\x1f/\\]+|\.(?=\s|$)")
PAGE_BREAK: Final = "\n"
"""Between the file ids of the pictures of an album, which become one document."""

log = structlog.get_logger(__name__)


def largest_mb(settings: Settings) -> int:
    """The largest file that may be sent, in MB: a Bot API server of one's own has no limit of 20.

    Such a server runs with `--local`, and names files by their paths on the disk.
    """
    limit = settings.max_file_mb
    return limit if settings.telegram_base_url else min(DOWNLOAD_MB, limit)


async def download_file(bot: ExtBot[int], file_id: str) -> bytes:
    """The bytes of a file on Telegram's server; a network error is tried again.

    Raises BadRequest where there is no such file, and other TelegramErrors.
    """
    for attempt in range(1, DOWNLOAD_TRIES + 1):
        try:
            file = await bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except BadRequest:
            raise
        except NetworkError as error:
            if attempt == DOWNLOAD_TRIES:
                raise
            log.info("file not fetched, trying again", error=str(error))
            await asyncio.sleep(_DOWNLOAD_PAUSE * attempt)
    raise AssertionError("unreachable")


def picture_name(pictures: Sequence[PhotoSize], caption: str = "") -> str:
    """A name for photographed pages, which Telegram sends without one: the words beside them.

    What is sent later under the same words is another page, so the picture's own id goes along.
    """
    first, ending = pictures[0].file_unique_id, "jpg" if len(pictures) == 1 else "pdf"
    words = _NO_NAME.sub(" ", storable(caption)).split()
    if words:
        return f"{shortened(' '.join(words), CAPTION_LENGTH)}-{first[-6:]}.{ending}"
    return f"photo-{first}.jpg" if len(pictures) == 1 else f"photos-{first}.pdf"


def file_name(document: Document) -> str:
    """A file's name without folders, of bounded length, and the same however it was typed."""
    name = storable(document.file_name or "").replace("\\", "/").rpartition("/")[2]
    # macOS sends decomposed letters: one file would get two paths.
    name = unicodedata.normalize("NFC", name).strip()
    if not name.strip("."):
        return f"file-{document.file_unique_id}"
    if len(name) > NAME_LENGTH:
        ending = PurePosixPath(name).suffix[:10]
        name = name[: NAME_LENGTH - len(ending)] + ending
    return name


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
