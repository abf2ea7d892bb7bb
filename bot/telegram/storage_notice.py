"""While nothing can be written, such as on a full disk: who waits is told so, and the owners why.

Nothing here writes to the database. The message itself is not lost: Telegram keeps what could not
be stored, and the database what was stored before.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog
from telegram import Message, Update
from telegram.error import TelegramError

from bot.telegram.context import blocking
from bot.telegram.handlers.acquaintances import tell
from bot.telegram.places import Place
from bot.texts import language_of, texts_in
from bot.views.markup import Html, fill
from bot.views.view import View
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from bot.telegram.context import BotData
    from bot.texts.words import Texts

AGAIN_SECONDS: Final = 600.0
"""How soon the same chat, or the owners, are told once more: the same update fails every minute."""
_MOST_REMEMBERED: Final = 10_000

log = structlog.get_logger(__name__)


class StorageNotice:
    """Says once in a while that nothing can be written; `clock` gives seconds."""

    def __init__(self, bot_data: BotData, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot_data = bot_data
        self._clock = clock
        self._told: dict[Hashable, float] = {}

    async def tell(self, update: Update, error: CorpusError) -> None:
        """Tell the chat of a message that it waits, and the owners what is wrong."""
        if self._is_due("the log"):
            log.error("nothing can be written; updates wait", error=str(error))
        # Losing a notice is harmless, and must not lose the update.
        with suppress(TelegramError, CorpusError):
            await self._tell_chat(update)
        if self._is_due("the owners"):
            with suppress(TelegramError, CorpusError):
                await self._tell_owners(error)

    async def _tell_chat(self, update: Update) -> None:
        message = update.message
        if not isinstance(message, Message) or not (message.text or message.effective_attachment):
            return  # nobody waits for an answer to an edit, a press or a person's arrival
        place = Place.of(message)
        if self._is_due((place.chat_id, place.thread_id)):
            # In Telegram's language: the chosen one is in the database.
            code = update.effective_user.language_code if update.effective_user else None
            texts = texts_in(language_of(code, self._bot_data.services.settings.language))
            view = View(Html(texts.cannot_store))
            await self._bot_data.outbox.send(place, view, reply_to=message.message_id)

    async def _tell_owners(self, error: CorpusError) -> None:
        for owner_id in sorted(await blocking(self._bot_data.access.owners)):
            await tell(self._bot_data, owner_id, partial(_line, str(error)))

    def _is_due(self, whom: Hashable) -> bool:
        now = self._clock()
        if now - self._told.get(whom, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return False
        if len(self._told) >= _MOST_REMEMBERED:
            self._told.clear()
        self._told[whom] = now
        return True


def _line(problem: str, texts: Texts) -> Html:
    return fill(texts.nothing_written, problem=problem)
