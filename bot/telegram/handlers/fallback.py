"""Whatever is no question and no known command: one sentence where the bot was addressed."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.telegram.addressing import command_in
from bot.telegram.context import NEW, Context, button_press_from, request_from

if TYPE_CHECKING:
    from telegram import Message

    from bot.telegram.context import Handlers

_ALBUMS: Final = 256


class Misaddressed(filters.MessageFilter):
    """In a group a command that names this bot but that it does not know."""

    def filter(self, message: Message) -> bool:
        """Whether the message begins with a command that names this bot."""
        command = command_in(message)
        name = (message.get_bot().username or "").lower()
        return bool(command and command.bot and command.bot.lower() == name)


class FirstOfAlbum(filters.MessageFilter):
    """Of the photos sent together only the first, so that an album gets one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: OrderedDict[str, int] = OrderedDict()

    def filter(self, message: Message) -> bool:
        """Whether no earlier message belonged to the same album."""
        album = message.media_group_id
        if album is None:
            return True
        first = self._seen.setdefault(album, message.message_id)
        if len(self._seen) > _ALBUMS:
            self._seen.popitem(last=False)
        return first == message.message_id


def handlers() -> Handlers:
    """The last ones: what nobody before has taken."""
    private = NEW & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL & FirstOfAlbum()
    group = NEW & filters.ChatType.GROUPS & Misaddressed()
    return [
        MessageHandler(private | group, on_anything),
        CallbackQueryHandler(on_any_press),
    ]


async def on_anything(update: Update, context: Context) -> None:
    """Say that this is no question."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    unknown = command_in(message) is not None
    await request.say(request.texts.unknown_command if unknown else request.texts.not_a_question)


async def on_any_press(update: Update, context: Context) -> None:
    """Answer the press of a button that an older version made, or that nobody made."""
    press = await button_press_from(update, context)
    if press:
        await press.toast(press.request.texts.button_gone)
