"""What goes wrong: one record in the log, and one sentence to the person."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from telegram import InlineQueryResultsButton, Message, Update
from telegram.error import TelegramError

from bot.telegram.outbox import Place
from bot.texts import language_of, texts_in
from bot.views.markup import Html
from bot.views.render import View

if TYPE_CHECKING:
    from bot.telegram.context import Context
    from bot.texts.words import Texts

log = structlog.get_logger(__name__)


async def on_error(update: object, context: Context) -> None:
    """Log an error of a handler, and tell whoever waits for an answer."""
    error = context.error
    known = isinstance(error, TelegramError)
    log.error(
        "update failed",
        update=update.update_id if isinstance(update, Update) else None,
        error=f"{type(error).__name__}: {error}",
        exc_info=None if known else error,
    )
    if isinstance(update, Update):
        with suppress(TelegramError):
            await _tell(update, context)


async def _tell(update: Update, context: Context) -> None:
    outbox, message, query = (
        context.bot_data.outbox,
        update.effective_message,
        update.callback_query,
    )
    if update.inline_query:
        line = InlineQueryResultsButton(_texts(update, context).inline.failed, start_parameter="f")
        await update.inline_query.answer((), cache_time=0, is_personal=True, button=line)
    elif query:
        await outbox.toast(query, _texts(update, context).failed_press, alert=True)
    elif isinstance(message, Message):
        view = View(Html(_texts(update, context).failed))
        await outbox.send(Place.of(message), view, reply_to=message.message_id)


def _texts(update: Update, context: Context) -> Texts:
    """In the language of Telegram's own: the one chosen is in a database that may have failed."""
    code = update.effective_user.language_code if update.effective_user else None
    return texts_in(language_of(code, context.bot_data.services.settings.language))
