"""Sends views to Telegram, edits them, and answers button presses, also where a chat is gone."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import structlog
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
    WebAppInfo,
)
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.records.last_views import LastViews

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from telegram import CallbackQuery, Message
    from telegram.ext import ExtBot

    from bot.reader.links import ReadLinks
    from bot.views.render import Button, Rows, View

# Telegram's errors for a place that is gone or closed. Nothing is sent elsewhere instead: it could
# reach people who may not see it.
_PLACE_GONE: Final = (
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "chat not found",
    "not enough rights",
    "need administrator rights",
    "have no rights",
    "chat_write_forbidden",
    "user_is_blocked",
)
# Telegram has no error codes for these: only the description tells.
_UNEDITABLE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)
_NOT_MODIFIED: Final = "message is not modified"
# The sign lasts five seconds (Bot API, sendChatAction).
_TYPING_SECONDS: Final = 4.5
_TYPING_LATE: Final = 0.5

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, and a topic of it when `thread_id` is not 0."""

    chat_id: int
    thread_id: int = 0
    kind: str = ChatType.PRIVATE

    @classmethod
    def of(cls, message: Message) -> Place:
        """The place of a message. Only topics have threads; reply chains do not count."""
        thread = message.message_thread_id if message.is_topic_message else None
        return cls(message.chat.id, thread or 0, message.chat.type)

    @property
    def is_private(self) -> bool:
        """Whether one person alone reads it."""
        return self.kind == ChatType.PRIVATE

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel."""
        return self.kind == ChatType.CHANNEL


class Outbox:
    """Sends everything that the bot says, so that lost places are handled in one place."""

    def __init__(
        self,
        bot: ExtBot[int],
        on_migrated: Callable[[int, int], Awaitable[None]],
        shown: LastViews | None = None,
        links: ReadLinks | None = None,
    ) -> None:
        self._bot = bot
        self._on_migrated = on_migrated
        self._shown = shown or LastViews()
        self._links = links

    async def send(self, place: Place, view: View, *, reply_to: int | None = None) -> int | None:
        """Send a message and return its id; None when the place is gone, which is logged."""
        view = await self._with_links(place.chat_id, view)
        try:
            message = await self._send(place, view, reply_to)
        # A group that becomes a supergroup gets a new id, and the old message is not there to reply
        # to.
        except ChatMigrated as moved:
            await self._on_migrated(place.chat_id, moved.new_chat_id)
            return await self.send(replace(place, chat_id=moved.new_chat_id), view)
        except (BadRequest, Forbidden) as error:
            if not _is_gone(error):
                raise
            log.info("place is gone", chat=place.chat_id, thread=place.thread_id, error=str(error))
            return None
        await self._shown.note(place.chat_id, message.message_id, view)
        return message.message_id

    async def _with_links(self, chat_id: int, view: View) -> View:
        """The view with the addresses of its Read buttons; without these where nothing reads."""
        if not any(button.read for row in view.rows for button in row):
            return view
        rows: Rows = ()
        if self._links:
            rows = await asyncio.to_thread(
                self._links.resolve, view.rows, chat_id, self._bot.username
            )
        else:
            kept = (tuple(button for button in row if not button.read) for row in view.rows)
            rows = tuple(row for row in kept if row)
        return replace(view, rows=rows)

    async def send_file(
        self,
        place: Place,
        content: bytes,
        name: str,
        caption: str = "",
        *,
        reply_to: int | None = None,
    ) -> int | None:
        """Send a file with a caption and return the message's id; None when the place is gone."""
        try:
            message = await self._bot.send_document(
                place.chat_id,
                content,
                caption=caption or None,
                filename=name,
                message_thread_id=place.thread_id or None,
                reply_parameters=_reply(reply_to),
            )
        except (BadRequest, Forbidden) as error:
            if not _is_gone(error):
                raise
            log.info("place is gone", chat=place.chat_id, thread=place.thread_id, error=str(error))
            return None
        return message.message_id

    async def edit(self, chat_id: int, message_id: int, view: View) -> bool:
        """Replace the view in a message of the bot; False when the message is gone."""
        view = await self._with_links(chat_id, view)
        if await self._shown.is_same(chat_id, message_id, view):
            return True  # Telegram refuses an edit that changes nothing
        try:
            await self._bot.edit_message_text(
                view.html, chat_id, message_id, reply_markup=keyboard(view)
            )
        except (BadRequest, Forbidden) as error:
            reason = str(error).lower()
            if (
                _NOT_MODIFIED not in reason
                and not _is_gone(error)
                and not _contains_any(reason, _UNEDITABLE)
            ):
                raise
            if _NOT_MODIFIED not in reason:
                log.info("message is gone", chat=chat_id, message=message_id, error=str(error))
                return False
        await self._shown.note(chat_id, message_id, view)
        return True

    async def toast(self, query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
        """Answer a button press; Telegram refuses answers that come too late, which is harmless."""
        try:
            await query.answer(text or None, show_alert=alert or None)
        except TelegramError as error:
            log.info("press not answered", error=str(error))

    @asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        """Show 'typing' while the context lasts; channels have no such sign."""
        if place.is_channel:
            yield
            return
        is_sent = asyncio.Event()
        task = asyncio.create_task(self._type(place, is_sent))
        try:
            yield
            # The answer removes the sign, unless a late sign arrives after the answer: wait for it.
            with suppress(TimeoutError):
                await asyncio.wait_for(is_sent.wait(), _TYPING_LATE)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _type(self, place: Place, is_sent: asyncio.Event) -> None:
        try:
            while True:
                await self._bot.send_chat_action(
                    place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id or None
                )
                is_sent.set()
                await asyncio.sleep(_TYPING_SECONDS)
        except TelegramError as error:
            log.debug("no sign of typing", chat=place.chat_id, error=str(error))
        finally:
            is_sent.set()

    async def _send(self, place: Place, view: View, reply_to: int | None) -> Message:
        return await self._bot.send_message(
            place.chat_id,
            view.html,
            message_thread_id=place.thread_id or None,
            reply_parameters=_reply(reply_to),
            reply_markup=keyboard(view),
        )


def _reply(message_id: int | None) -> ReplyParameters | None:
    """A reply to a message, which may have been deleted meanwhile."""
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def keyboard(view: View) -> InlineKeyboardMarkup | None:
    """The buttons below a message."""
    rows = [[_button(button) for button in row] for row in view.rows]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    if button.web_app:
        return InlineKeyboardButton(button.label, web_app=WebAppInfo(button.web_app))
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.data)


def _is_gone(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or _contains_any(str(error).lower(), _PLACE_GONE)


def _contains_any(text: str, reasons: tuple[Any, ...]) -> bool:
    return any(reason in text for reason in reasons)
