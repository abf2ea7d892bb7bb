"""Methods and fields of the Bot API that came after the library's version (22.8 knows 10.0).

Ephemeral messages (10.2, their parameters 10.3) are seen by one person of a group; rich messages
(10.1) hold 32,768 characters. An older server does not refuse an ephemeral message: it ignores the
parameter, sends the message to everybody and answers ok. So what the server knows is found out
without sending anything, and the first ephemeral message holds no word of a document.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import structlog
from telegram import BotCommandScopeAllGroupChats, Message
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.telegram.places import SoleReader, ephemeral_id
from bot.views.markup import Html, escape, shortened, units, visible

if TYPE_CHECKING:
    from telegram.ext import ExtBot

    from bot.views.rich import RichDocument

EDIT_UNITS: Final = 1_024
"""Longer texts were refused in August 2026, though 4,096 are documented
(https://github.com/tdlib/telegram-bot-api/issues/881)."""
PLACEHOLDER: Final = Html("⏳")

log = structlog.get_logger(__name__)


class NotAloneError(Exception):
    """A message for one person's eyes was not sent, or was removed again."""


class NewerApi:
    """Sends what the library has no methods for, where the server knows it."""

    def __init__(self, bot: ExtBot[int]) -> None:
        self._bot = bot
        self._knows: bool | None = None
        self._is_proven = False
        self._probing = asyncio.Lock()

    async def knows_ephemeral(self) -> bool:
        """Whether the server knows ephemeral messages.

        A server that does keeps a command's `is_ephemeral`, as registered by `menus`; an older one
        drops it. Reading the commands back shows which it is, and disturbs nobody.
        """
        async with self._probing:
            if self._knows is None:
                try:
                    commands = await self._bot.get_my_commands(BotCommandScopeAllGroupChats())
                except TelegramError as error:
                    log.info("the server's version is not known yet", error=str(error))
                    return False
                self._knows = any(command.api_kwargs.get("is_ephemeral") for command in commands)
                log.info("ephemeral messages", known=self._knows)
        return self._knows

    async def knows_rich(self) -> bool:
        """Whether the server knows rich messages, which came before ephemeral ones."""
        return await self.knows_ephemeral()

    async def send_alone(
        self, chat_id: int, thread_id: int, reader: SoleReader, html: Html, **more: Any
    ) -> int:
        """Send a text that one person sees; its ephemeral id. Raises NotAloneError."""
        if not await self.knows_ephemeral():
            raise NotAloneError("the server does not know ephemeral messages")
        if self._is_proven:
            return await self._send(chat_id, thread_id, reader, html, **more)
        # This server has not shown yet that it keeps a message from the others.
        sent = await self._send(chat_id, thread_id, reader, PLACEHOLDER)
        self._is_proven = True
        return await self.replace_alone(chat_id, thread_id, reader, sent, html, **more)

    async def replace_alone(
        self, chat_id: int, thread_id: int, reader: SoleReader, sent: int, html: Html, **more: Any
    ) -> int:
        """Show another text in an ephemeral message, or in a new one in its place; its id.

        Raises NotAloneError.
        """
        if units(visible(html)) > EDIT_UNITS:
            try:
                new = await self._send(chat_id, thread_id, reader, html, **more)
            except NotAloneError:
                # The 15 seconds are over: as much as an edit can hold.
                html = escape(shortened(visible(html), EDIT_UNITS))
            else:
                await self.delete_alone(chat_id, reader.person_id, sent)
                return new
        await self._call(
            "editEphemeralMessageText",
            chat_id=chat_id,
            receiver_user_id=reader.person_id,
            ephemeral_message_id=sent,
            text=html,
            parse_mode=ParseMode.HTML,
            link_preview_options={"is_disabled": True},
            **more,
        )
        return sent

    async def delete_alone(self, chat_id: int, person_id: int, sent: int) -> None:
        """Remove an ephemeral message; one that has vanished by itself is no fault."""
        try:
            await self._call(
                "deleteEphemeralMessage",
                chat_id=chat_id,
                receiver_user_id=person_id,
                ephemeral_message_id=sent,
            )
        except NotAloneError as error:
            log.info("ephemeral message not deleted", chat=chat_id, error=str(error))

    async def send_file_alone(
        self,
        chat_id: int,
        thread_id: int,
        reader: SoleReader,
        content: bytes,
        name: str,
        caption: Html,
    ) -> int:
        """Send a file that one person sees. Raises NotAloneError."""
        if not await self.knows_ephemeral():
            raise NotAloneError("the server does not know ephemeral messages")
        if not self._is_proven:
            sent = await self._send(chat_id, thread_id, reader, PLACEHOLDER)
            self._is_proven = True
            await self.delete_alone(chat_id, reader.person_id, sent)
        try:
            message = await self._bot.send_document(
                chat_id,
                content,
                caption=caption or None,
                filename=name,
                message_thread_id=thread_id or None,
                api_kwargs=_parameters(reader),
            )
        except TelegramError as error:
            raise NotAloneError(str(error)) from error
        return await self._checked(message, reader)

    async def send_rich(
        self, chat_id: int, thread_id: int, document: RichDocument, reply_to: int, **more: Any
    ) -> int:
        """Send a rich message; its id. Raises TelegramError."""
        reply = {"message_id": reply_to, "allow_sending_without_reply": True}
        parameters: dict[str, Any] = {
            "chat_id": chat_id,
            "rich_message": document.message(),
            "message_thread_id": thread_id or None,
            "reply_parameters": reply if reply_to > 0 else None,
            **more,
        }
        result = await self._bot.do_api_request(
            "sendRichMessage",
            {key: value for key, value in parameters.items() if value is not None},
        )
        return int(result["message_id"]) if isinstance(result, dict) else result.message_id

    async def _send(
        self, chat_id: int, thread_id: int, reader: SoleReader, html: Html, **more: Any
    ) -> int:
        try:
            message = await self._bot.send_message(
                chat_id,
                html,
                message_thread_id=thread_id or None,
                reply_markup=more.get("reply_markup"),
                api_kwargs=_parameters(reader),
            )
        except TelegramError as error:
            raise NotAloneError(str(error)) from error
        return await self._checked(message, reader)

    async def _checked(self, message: Message, reader: SoleReader) -> int:
        """The ephemeral id of what was sent; what everybody sees is deleted at once."""
        sent = ephemeral_id(message)
        if sent and not message.message_id:
            return sent
        self._knows = False
        log.error("not ephemeral, deleted", chat=message.chat.id, person=reader.person_id)
        if message.message_id:
            await self._bot.delete_message(message.chat.id, message.message_id)
        raise NotAloneError("the server sent it to everybody")

    async def _call(self, method: str, **parameters: Any) -> None:
        try:
            await self._bot.do_api_request(
                method, {key: value for key, value in parameters.items() if value is not None}
            )
        except TelegramError as error:
            raise NotAloneError(str(error)) from error


def _parameters(reader: SoleReader) -> dict[str, Any]:
    """What makes a message ephemeral; for one that answers an ephemeral message, the reply too."""
    ephemeral: dict[str, Any] = {"receiver_user_id": reader.person_id}
    if reader.callback_id:
        ephemeral["callback_query_id"] = reader.callback_id
    if reader.replaces:
        ephemeral["replace_callback_query_message"] = True
    parameters: dict[str, Any] = {"ephemeral_message_parameters": ephemeral}
    if reader.message_id:
        # With `message_id` it would be no reply, and public (Bot API, ReplyParameters).
        parameters["reply_parameters"] = {"ephemeral_message_id": reader.message_id}
    return parameters
