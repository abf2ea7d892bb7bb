"""The bytes of a file on Telegram's server, tried again where the network fails."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog
from telegram.error import BadRequest, NetworkError

if TYPE_CHECKING:
    from telegram.ext import ExtBot

TRIES: Final = 3
_PAUSE: Final = 0.5

log = structlog.get_logger(__name__)


async def fetched(bot: ExtBot[int], file_id: str) -> bytes:
    """The bytes of a file. Raises BadRequest where there is none, and other TelegramErrors."""
    for attempt in range(1, TRIES + 1):
        try:
            file = await bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except BadRequest:
            raise
        except NetworkError as error:
            if attempt == TRIES:
                raise
            log.info("file not fetched, trying again", error=str(error))
            await asyncio.sleep(_PAUSE * attempt)
    raise AssertionError("unreachable")
