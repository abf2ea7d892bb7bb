"""What no other handler takes, and what fails: one sentence to the person who waits."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

import structlog
from telegram import InlineQueryResultsButton, Message, Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.telegram.addressing import NEW, command_in
from bot.telegram.context import Context, button_press_from, request_from
from bot.telegram.places import Place
from bot.texts import language_of, texts_in
from bot.views.markup import Html
from bot.views.view import View
from corpus.errors import CannotWrite

if TYPE_CHECKING:
    from bot.telegram.context import Handlers
    from bot.telegram.update_queue import UpdateQueue
    from bot.texts.words import Texts

# Albums remembered; the files of one arrive within seconds.
_ALBUMS: Final = 256

log = structlog.get_logger(__name__)


class UnknownCommand(filters.MessageFilter):
    """In a group: a command that names this bot, but that the bot does not know."""

    def filter(self, message: Message) -> bool:
        """Whether the message begins with a command that names this bot."""
        command = command_in(message)
        name = (message.get_bot().username or "").lower()
        return bool(command and command.bot and command.bot.lower() == name)


class FirstOfAlbum(filters.MessageFilter):
    """The first of the files that were sent together, so that an album gets one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._first_ids: OrderedDict[str, int] = OrderedDict()

    def filter(self, message: Message) -> bool:
        """Whether no earlier message belongs to the same album."""
        album = message.media_group_id
        if album is None:
            return True
        first_id = self._first_ids.setdefault(album, message.message_id)
        if len(self._first_ids) > _ALBUMS:
            self._first_ids.popitem(last=False)
        return first_id == message.message_id


def handlers() -> Handlers:
    """The last handlers: they take what no handler before them took."""
    private = NEW & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL & FirstOfAlbum()
    group = NEW & filters.ChatType.GROUPS & UnknownCommand()
    return [
        MessageHandler(private | group, on_unhandled_message),
        CallbackQueryHandler(on_unhandled_press),
    ]


async def on_unhandled_message(update: Update, context: Context) -> None:
    """Say that this is no question."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    texts = request.texts
    if command_in(message):
        await request.reply(texts.unknown_command)
    elif message.voice or message.audio or message.video_note:
        await request.reply(texts.not_heard)
    else:
        await request.reply(texts.not_a_question)


async def on_unhandled_press(update: Update, context: Context) -> None:
    """Answer the press of a button that an older version made, or that nobody made."""
    press = await button_press_from(update, context)
    if press:
        await press.toast(press.request.texts.button_gone)


async def on_error(update: object, context: Context) -> None:
    """Log an error of a handler, and tell the person who waits for an answer."""
    error = context.error
    if isinstance(error, CannotWrite) and isinstance(update, Update):
        queue = cast("UpdateQueue", context.application.update_processor)
        await queue.on_unstored(update, error)
        if update.message:
            queue.put_off(update.update_id)
        else:  # who presses or types is told at once, and tries again
            with suppress(TelegramError):
                await _report_failure(update, context)
        return
    # Telegram's own errors say everything in one line; ours need the traceback.
    is_telegram_error = isinstance(error, TelegramError)
    log.error(
        "update failed",
        update=update.update_id if isinstance(update, Update) else None,
        error=f"{type(error).__name__}: {error}",
        exc_info=None if is_telegram_error else error,
    )
    if isinstance(update, Update):
        # The error may be that Telegram cannot be reached: a second one must not hide it.
        with suppress(TelegramError):
            await _report_failure(update, context)


async def _report_failure(update: Update, context: Context) -> None:
    outbox, message = context.bot_data.outbox, update.effective_message
    query, texts = update.callback_query, _texts(update, context)
    if update.inline_query:
        line = InlineQueryResultsButton(texts.inline.failed, start_parameter="f")
        await update.inline_query.answer((), cache_time=0, is_personal=True, button=line)
    elif query:
        await outbox.toast(query, texts.failed_press, alert=True)
    elif isinstance(message, Message):
        view = View(Html(texts.failed))
        await outbox.send(Place.of(message), view, reply_to=message.message_id)


def _texts(update: Update, context: Context) -> Texts:
    """In Telegram's language: the chosen one is in a database that may be what failed."""
    code = update.effective_user.language_code if update.effective_user else None
    return texts_in(language_of(code, context.bot_data.services.settings.language))
