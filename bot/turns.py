"""Whose turn is it?  Chats side by side, each chat's updates in order, each update once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from telegram import Update
from telegram.ext import BaseUpdateProcessor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.conversation import Conversation

AT_ONCE: Final = 4096
"""Updates taken up at a time; those that wait for their turn among them."""

LaneName: TypeAlias = tuple[str, int, int]


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Turns(BaseUpdateProcessor):
    """Processes the updates of a chat one after another, and no update twice.

    Only what `concerns` the bot is looked up and noted: a group's chatter costs no database.
    A press of a button waits for other presses on the same message alone.
    """

    def __init__(self, conversation: Conversation, concerns: Callable[[Update], bool]) -> None:
        super().__init__(AT_ONCE)
        self._conversation = conversation
        self._concerns = concerns
        self._lanes: dict[LaneName, _Lane] = {}

    async def initialize(self) -> None:
        """Let go of what need not be remembered any more."""
        await asyncio.to_thread(self._conversation.forget_handled)

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process an update when those before it in its lane are done."""
        if not isinstance(update, Update) or not self._concerns(update):
            await coroutine
            return
        async with self._turn(_lane(update)):
            if await self._is_new(update.update_id, coroutine):
                await coroutine
                await asyncio.to_thread(self._conversation.handle, update.update_id)

    async def _is_new(self, update_id: int, coroutine: Awaitable[Any]) -> bool:
        handled = True
        try:
            handled = await asyncio.to_thread(self._conversation.was_handled, update_id)
        finally:
            if handled and isinstance(coroutine, Coroutine):
                coroutine.close()
        return not handled

    @asynccontextmanager
    async def _turn(self, name: LaneName) -> AsyncIterator[None]:
        lane = self._lanes.setdefault(name, _Lane())
        lane.users += 1
        try:
            async with lane.lock:
                yield
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[name]


def _lane(update: Update) -> LaneName:
    query, chat, user = update.callback_query, update.effective_chat, update.effective_user
    where = chat.id if chat else user.id if user else 0
    if query is None:
        return "chat", where, 0
    return "press", where, query.message.message_id if query.message else 0
