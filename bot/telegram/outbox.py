"""Sends views to Telegram, edits them, and answers button presses, also where a chat is gone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import structlog
from telegram import ForceReply, ReplyKeyboardMarkup, ReplyParameters
from telegram.constants import ChatAction, ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, Forbidden, TelegramError

from bot.records.last_views import LastViews
from bot.telegram.keyboards import keyboard
from bot.telegram.newer_api import PLACEHOLDER, NewerApi, NotAloneError
from bot.telegram.places import Place, PrivateChats, SoleReader, Way
from bot.views.markup import Html
from bot.views.view import View

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from telegram import CallbackQuery, ReplyKeyboardRemove
    from telegram.ext import ExtBot

    from bot.reader.links import ReadLinks
    from bot.views.view import Button, Rows

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
_OF_ANSWER: Final = re.compile("(?:more|near|all|judge|part):")
_TYPING_LATE: Final = 0.5
_PLACEHOLDER_SECONDS: Final = 5.0
"""A third of the time in which an act of a person may be answered to that person alone."""


log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Edits:
    """The edits of one message that wait for their turn."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    newest: int = 0


class Outbox:
    """Sends everything that the bot says, so that lost places are handled in one place."""

    def __init__(
        self,
        bot: ExtBot[int],
        on_migrated: Callable[[int, int], Awaitable[None]],
        shown: LastViews | None = None,
        links: ReadLinks | None = None,
        chats: PrivateChats | None = None,
    ) -> None:
        self._bot = bot
        self.newer = NewerApi(bot)
        self.pause = asyncio.sleep
        """Waits for some seconds; tests replace it."""
        self.chats = chats or PrivateChats()
        self._placeholders: dict[SoleReader, int] = {}
        self._on_migrated = on_migrated
        self._shown = shown or LastViews()
        self._links = links
        self._edits: dict[tuple[int, int], Edits] = {}
        self._deliveries: set[asyncio.Task[object]] = set()

    def watch(self, delivery: asyncio.Task[object]) -> None:
        """Keep a delivery that nobody waits for until it is done."""
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)

    async def idle(self) -> None:
        """Wait until everything that was to be delivered is."""
        while self._deliveries:
            await asyncio.wait(self._deliveries)

    @property
    def username(self) -> str:
        """The bot's own username, for links to it."""
        return self._bot.username

    async def send(self, place: Place, view: View, *, reply_to: int | None = None) -> int | None:
        """Send a message and return its id; None when the place is gone, which is logged.

        The id of what one person alone sees in a group is negative.
        """
        if place.reader:
            return await self._send_alone(place, place.reader, view)
        view = await self._with_links(place.chat_id, view)
        try:
            message_id = await self._send(place, view, reply_to)
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
        await self._shown.note(place.chat_id, message_id, view)
        return message_id

    async def way_to(self, place: Place, reader: SoleReader) -> Way | None:
        """How something can be shown to one person of a place; None where it cannot."""
        if place.is_group and await self.newer.knows_ephemeral():
            return "here"
        is_open = await asyncio.to_thread(self.chats.exists, reader.person_id)
        return "private" if is_open else None

    async def shows_rich(self, place: Place) -> bool:
        """Whether a rich message may be sent to a place, which everybody there sees."""
        return place.reader is None and await self.newer.knows_rich()

    async def administers(self, chat_id: int) -> bool:
        """Whether the bot is an administrator of a chat."""
        try:
            member = await self._bot.get_chat_member(chat_id, self._bot.id)
        except TelegramError as error:
            log.info("own rights not known", chat=chat_id, error=str(error))
            return False
        return member.status == ChatMemberStatus.ADMINISTRATOR

    @asynccontextmanager
    async def placeholder(self, place: Place) -> AsyncIterator[None]:
        """Keep the 15 seconds in which one person can be answered, while a search takes long."""
        reader = place.reader
        if (
            reader is None
            or reader.elsewhere
            or not place.is_group
            or not await self.newer.knows_ephemeral()
        ):
            yield
            return
        task = asyncio.create_task(self._hold(place, reader))
        try:
            yield
        finally:
            # Cancelled within a request, it might lose the id of a message that was sent.
            if reader not in self._placeholders:
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _hold(self, place: Place, reader: SoleReader) -> None:
        await self.pause(_PLACEHOLDER_SECONDS)
        self._placeholders[reader] = 0
        try:
            self._placeholders[reader] = await self.newer.send_alone(
                place.chat_id, place.thread_id, reader, PLACEHOLDER
            )
        except NotAloneError as error:
            del self._placeholders[reader]
            log.info("no placeholder", chat=place.chat_id, error=str(error))

    async def _send_alone(self, place: Place, reader: SoleReader, view: View) -> int | None:
        """Show a view to one person: in the group, else in private; never to everybody."""
        view_given, view = view, await self._with_links(place.chat_id, view)
        markup = keyboard(view)
        more = {"reply_markup": markup} if markup else {}
        placeholder_id = self._placeholders.pop(reader, 0)
        if place.is_group and not reader.elsewhere:
            try:
                if placeholder_id:
                    send = self.newer.replace_alone
                    return -await send(
                        place.chat_id, place.thread_id, reader, placeholder_id, view.html, **more
                    )
                send_new = self.newer.send_alone
                return -await send_new(place.chat_id, place.thread_id, reader, view.html, **more)
            except NotAloneError as error:
                log.info("not shown in the group", chat=place.chat_id, error=str(error))
        if not await asyncio.to_thread(self.chats.exists, reader.person_id):
            return None
        # A button asks for rights in the chat where it stands: to who is admitted in the group
        # alone it would be useless, and the question of an answer belongs to the group.
        admitted = await asyncio.to_thread(self.chats.is_admitted, reader.person_id)
        rows = (tuple(filter(partial(_works, admitted), row)) for row in view_given.rows)
        await self.send(Place(reader.person_id), View(view.html, tuple(filter(None, rows))))
        return None

    async def edit_alone(self, place: Place, reader: SoleReader, sent: int, view: View) -> None:
        """Show another view in an ephemeral message of the bot. `sent`: its ephemeral id."""
        view = await self._with_links(place.chat_id, view)
        markup = keyboard(view)
        more = {"reply_markup": markup} if markup else {}
        try:
            await self.newer.replace_alone(
                place.chat_id, place.thread_id, reader, sent, view.html, **more
            )
        except NotAloneError as error:
            log.info("ephemeral message not edited", chat=place.chat_id, error=str(error))

    async def react(self, place: Place, message_id: int, emoji: str) -> bool:
        """React to a message; False where the chat does not allow it or the message is gone."""
        try:
            await self._bot.set_message_reaction(place.chat_id, message_id, emoji)
        except TelegramError as error:
            log.info("no reaction", chat=place.chat_id, error=str(error))
            return False
        return True

    async def _with_links(self, chat_id: int, view: View) -> View:
        """The view with the addresses of its Read buttons; without these where nothing reads."""
        if not any(button.read for row in view.rows for button in row):
            return view
        return replace(
            view,
            rows=await self._linked(chat_id, view.rows),
            rich_rows=await self._linked(chat_id, view.rich_rows),
        )

    async def _linked(self, chat_id: int, rows: Rows) -> Rows:
        if self._links:
            resolve = self._links.resolve
            return await asyncio.to_thread(resolve, rows, chat_id, self._bot.username)
        without = (tuple(button for button in row if not button.read) for row in rows)
        return tuple(row for row in without if row)

    async def send_markup(
        self,
        place: Place,
        html: Html,
        markup: ReplyKeyboardMarkup | ForceReply | ReplyKeyboardRemove,
        reply_to: int | None = None,
    ) -> int | None:
        """Send a text with something other than buttons below it; None when the place is gone."""
        try:
            message = await self._bot.send_message(
                place.chat_id,
                html,
                message_thread_id=place.thread_id or None,
                reply_parameters=_reply(reply_to),
                reply_markup=markup,
            )
        except (BadRequest, Forbidden) as error:
            if not _is_gone(error):
                raise
            log.info("place is gone", chat=place.chat_id, thread=place.thread_id, error=str(error))
            return None
        return message.message_id

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
        if place.reader:
            return await self._send_file_alone(place, place.reader, content, name, caption)
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

    async def _send_file_alone(
        self, place: Place, reader: SoleReader, content: bytes, name: str, caption: str
    ) -> int | None:
        if place.is_group and not reader.elsewhere:
            try:
                return -await self.newer.send_file_alone(
                    place.chat_id, place.thread_id, reader, content, name, Html(caption)
                )
            except NotAloneError as error:
                log.info("file not shown in the group", chat=place.chat_id, error=str(error))
        if await asyncio.to_thread(self.chats.exists, reader.person_id):
            return await self.send_file(Place(reader.person_id), content, name, caption)
        return None

    async def edit(self, chat_id: int, message_id: int, view: View) -> bool:
        """Replace the view in a message of the bot; False when the message is gone.

        Edits of a message are made in order, and one that a later edit has overtaken is left out:
        people see only the last, and each counts towards Telegram's limits.
        """
        key = (chat_id, message_id)
        edits = self._edits.setdefault(key, Edits())
        edits.waiting += 1
        number = edits.newest = edits.newest + 1
        try:
            async with edits.lock:
                if number < edits.newest:
                    return True
                return await self._edit(chat_id, message_id, view)
        finally:
            edits.waiting -= 1
            if not edits.waiting:
                self._edits.pop(key, None)

    async def _edit(self, chat_id: int, message_id: int, view: View) -> bool:
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

    async def toast(
        self, query: CallbackQuery, text: str = "", *, alert: bool = False, url: str = ""
    ) -> None:
        """Answer a button press; Telegram refuses answers that come too late, which is harmless.

        `url`: a link into the private chat, which the press opens.
        """
        try:
            await query.answer(text or None, show_alert=alert or None, url=url or None)
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

    async def _send(self, place: Place, view: View, reply_to: int | None) -> int:
        if view.rich and await self.newer.knows_rich():
            markup = keyboard(View(view.html, view.rich_rows))
            more = {"reply_markup": markup} if markup else {}
            try:
                return await self.newer.send_rich(
                    place.chat_id, place.thread_id, view.rich, reply_to or 0, **more
                )
            except (BadRequest, EndPointNotFound) as error:
                if _is_gone(error):
                    raise
                # Links and other things are refused that an ordinary message may hold.
                log.info("rich message refused", chat=place.chat_id, error=str(error))
        message = await self._bot.send_message(
            place.chat_id,
            view.html,
            message_thread_id=place.thread_id or None,
            disable_notification=view.silent or None,
            reply_parameters=_reply(reply_to),
            reply_markup=ForceReply(selective=True, input_field_placeholder=view.asks)
            if view.asks
            else keyboard(view),
        )
        return message.message_id


def _reply(message_id: int | None) -> ReplyParameters | None:
    """A reply to a message, which may have been deleted meanwhile."""
    # 0 and negative ids are ephemeral messages: Telegram takes them for no reply at all.
    if message_id is None or message_id <= 0:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)


def _works(admitted: bool, button: Button) -> bool:
    """Whether a button of an answer in a group works in a private chat."""
    return not button.data or (admitted and not _OF_ANSWER.match(button.data))


def _is_gone(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or _contains_any(str(error).lower(), _PLACE_GONE)


def _contains_any(text: str, reasons: tuple[Any, ...]) -> bool:
    return any(reason in text for reason in reasons)
