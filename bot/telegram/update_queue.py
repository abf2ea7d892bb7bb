"""Whose turn is it?  Chats side by side, each chat's updates in order, each update once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import structlog
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.records.leases import RENEWED
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from telegram import Bot

    from bot.records.inbox import Inbox
    from bot.telegram.context import App

AT_ONCE: Final = 4096
"""Updates taken up at a time; those that wait for their turn among them."""

PATIENCE: Final = 0.2
"""Seconds between looks whether another process is done with what came before."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Lane:
    """Updates of one chat that wait here, each with what wakes it; `busy`: one is at work."""

    waiting: dict[int, asyncio.Event] = field(default_factory=dict)
    busy: bool = False

    def is_first(self, update_id: int) -> bool:
        """Whether it is this one's turn, as far as this process knows."""
        return not self.busy and update_id == min(self.waiting)

    def wake(self) -> None:
        """Tell the one whose turn it is."""
        if self.waiting and not self.busy:
            self.waiting[min(self.waiting)].set()


class UpdateQueue(BaseUpdateProcessor):
    """Processes the updates of a chat one after another, and no update twice.

    Only what `concerns` the bot is written down: a group's chatter costs no database. A press of
    a button waits for other presses on the same message alone. The order holds among processes
    that share the database too.
    """

    def __init__(self, inbox: Inbox, concerns: Callable[[Update], bool]) -> None:
        super().__init__(AT_ONCE)
        self._inbox = inbox
        self._concerns = concerns
        self._lanes: dict[str, _Lane] = {}
        self._received: set[int] = set()

    async def initialize(self) -> None:
        """Let go of what need not be remembered any more."""
        await asyncio.to_thread(self._inbox.forget)

    async def shutdown(self) -> None:
        """Leave to others what was not dealt with."""
        await asyncio.to_thread(self._inbox.let_go)

    async def receive(self, update: Update) -> bool:
        """Write an update down before its arrival is confirmed; False when it came before."""
        if not self._concerns(update):
            return True
        new = await asyncio.to_thread(
            self._inbox.receive, update.update_id, lane_of(update), update.to_json()
        )
        if new:
            self._received.add(update.update_id)
        return new

    async def take_over(self, bot: Bot, *, alone: bool = False) -> list[Update]:
        """Updates that a process left behind which is there no more; all of them, if `alone`."""
        found = await asyncio.to_thread(self._inbox.abandoned, alone=alone)
        self._received.update(each.update_id for each in found)
        return [Update.de_json(json.loads(each.written), bot) for each in found]

    async def renew(self) -> None:
        """Keep what waits and what is at work, while we live."""
        await asyncio.to_thread(self._inbox.renew, frozenset(self._received))

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process an update when those before it in its lane are done."""
        if not isinstance(update, Update) or not self._concerns(update):
            await coroutine
            return
        ours = False
        try:
            ours = update.update_id in self._received or await self.receive(update)
        finally:
            if not ours and isinstance(coroutine, Coroutine):
                coroutine.close()
        if ours:
            await self._process(update, coroutine)

    async def _process(self, update: Update, coroutine: Awaitable[Any]) -> None:
        dealt_with = False
        try:
            async with self._turn(lane_of(update), update.update_id):
                await coroutine
                dealt_with = True
                await self._note(self._inbox.done, update.update_id)
        finally:
            self._received.discard(update.update_id)
            if not dealt_with:
                await self._note(self._inbox.fail, update.update_id)

    async def _note(self, change: Callable[[int], None], update_id: int) -> None:
        try:
            await asyncio.to_thread(change, update_id)
        except CorpusError as error:
            log.warning("update not noted", update=update_id, error=str(error))

    @asynccontextmanager
    async def _turn(self, name: str, update_id: int) -> AsyncIterator[None]:
        lane = self._lanes.setdefault(name, _Lane())
        woken = lane.waiting[update_id] = asyncio.Event()
        lane.wake()
        try:
            await self._first_of_all(name, lane, update_id, woken)
        except BaseException:
            del lane.waiting[update_id]
            self._left(name, lane)
            raise
        del lane.waiting[update_id]
        lane.busy = True
        try:
            yield
        finally:
            lane.busy = False
            self._left(name, lane)

    def _left(self, name: str, lane: _Lane) -> None:
        lane.wake()
        if not lane.busy and not lane.waiting:
            self._lanes.pop(name, None)

    async def _first_of_all(
        self, name: str, lane: _Lane, update_id: int, woken: asyncio.Event
    ) -> None:
        """Wait until nothing that came before is pending, here or in another process."""
        while True:
            await woken.wait()
            woken.clear()
            if not lane.is_first(update_id):
                continue
            first = await asyncio.to_thread(self._inbox.is_next, update_id, name)
            if first and lane.is_first(update_id):
                return
            if not first:
                await asyncio.sleep(PATIENCE)
            lane.wake()


async def keep_inbox(app: App, turns: UpdateQueue, *, alone: bool) -> None:
    """Deal with what was left behind: at the start, at once if we are `alone`, and ever again."""
    while True:
        try:
            for update in await turns.take_over(app.bot, alone=alone):
                app.update_queue.put_nowait(update)
            alone = False
            await turns.renew()
        except CorpusError as error:
            log.warning("updates left behind not looked for", error=str(error))
        await asyncio.sleep(RENEWED)


class Receiving(asyncio.Queue[object]):
    """The library's queue of updates; `put` writes each down first, and drops what came before.

    Its failure keeps the update with Telegram: polling asks for it again, a webhook answers 500.
    """

    def __init__(self, turns: UpdateQueue) -> None:
        super().__init__()
        self._turns = turns

    async def put(self, item: object) -> None:
        """Put an update that just arrived. Raises NetworkError when it cannot be kept."""
        try:
            if isinstance(item, Update) and not await self._turns.receive(item):
                return
        except CorpusError as error:
            raise NetworkError(f"the update cannot be kept: {error}") from error
        self.put_nowait(item)


def lane_of(update: Update) -> str:
    """What an update has to wait for: its chat, or for a press the message below which it is."""
    query, chat, user = update.callback_query, update.effective_chat, update.effective_user
    where = chat.id if chat else user.id if user else 0
    if update.inline_query:
        return f"inline {where}"
    if query is None:
        return f"chat {where}"
    return f"press {where} {query.message.message_id if query.message else 0}"
