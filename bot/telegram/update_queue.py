"""The queue of updates: each person's of one chat in order, all others in parallel, each once.

The people of a group are answered in the order in which they wrote, too, as long as that takes no
longer than half a second: one who writes a hundred messages holds up nobody else.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine
from contextlib import asynccontextmanager, suppress
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

    from telegram import Bot, Message

    from bot.records.inbox import Inbox
    from bot.telegram.context import App

CONCURRENT_UPDATES: Final = 4096
"""Updates held in memory at a time, counting those that wait for others of their chat."""

WAITING_OF_ONE: Final = 256
"""Updates of one sender that wait at a time; more are dropped. A sixteenth of all places, and more
than the files that people send at once."""

WAITING_IN_CHAT: Final = 1024
"""The same for a chat with all its members."""

ORDER_SECONDS: Final = 0.5
"""Seconds for which an update waits for earlier ones of other people in its chat."""

POLL_SECONDS: Final = 0.2
"""Seconds between checks whether another process has finished an earlier update of the chat."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _ChatLane:
    """The waiting updates of one person in one chat, each with the event that wakes it."""

    waiting: dict[int, asyncio.Event] = field(default_factory=dict)
    busy: bool = False
    """Whether an update of the lane is being processed."""

    def is_first(self, update_id: int) -> bool:
        """Whether the update comes next, as far as this process knows."""
        # Update ids rise in the order of arrival (Bot API, Update).
        return not self.busy and update_id == min(self.waiting)

    def wake(self) -> None:
        """Wake the update that comes next."""
        if self.waiting and not self.busy:
            self.waiting[min(self.waiting)].set()


class UpdateQueue(BaseUpdateProcessor):
    """Processes a person's updates of a chat one after another, and no update twice.

    Only updates with a handler (`has_handler`) are stored, so that a busy group's chatter costs
    no database work. A button press waits only for other presses on the same message. The order
    also holds among processes that share the database. Other people's earlier updates are waited
    for as well, for a short time and in this process alone: an order of a keeper is mostly obeyed
    before the question that is asked right after it.
    """

    def __init__(self, inbox: Inbox, has_handler: Callable[[Update], bool]) -> None:
        super().__init__(CONCURRENT_UPDATES)
        self.on_unstored: Callable[[Update, CorpusError], Awaitable[None]] = _say_nothing
        """Tells who waits that an update cannot be stored or handled now."""
        self._put_off: set[int] = set()
        self._inbox = inbox
        self._has_handler = has_handler
        self._lanes: dict[str, _ChatLane] = {}
        self._pending_in: dict[str, dict[int, asyncio.Event]] = {}
        """By chat, its updates that are not handled yet, each with the event that says so."""
        self._received: set[int] = set()
        self._waiting: Counter[str] = Counter()
        self._places: dict[int, tuple[str, str]] = {}
        """By update, whose places it takes: its sender's and its chat's."""
        self._absorbed: set[int] = set()
        self.pause: Callable[[float], Awaitable[None]] = asyncio.sleep
        """Waits for some seconds; tests replace it."""

    async def initialize(self) -> None:
        """Delete updates that Telegram does not repeat any more."""
        await asyncio.to_thread(self._inbox.forget)

    async def shutdown(self) -> None:
        """Release unprocessed updates to other processes."""
        await asyncio.to_thread(self._inbox.release_all)

    async def receive(self, update: Update) -> bool:
        """Store an update before its arrival is confirmed.

        False when it arrived before, or when its sender or its chat has too many waiting.
        """
        if not self._has_handler(update):
            return True
        if self._is_crowded(update):
            return False
        is_new = await asyncio.to_thread(
            self._inbox.receive, update.update_id, lane_of(update), update.to_json()
        )
        if is_new:
            self._received.add(update.update_id)
            self._take_place(update)
        return is_new

    def _is_crowded(self, update: Update) -> bool:
        sender, chat, lane = _sender_of(update), _chat_of(update), lane_of(update)
        for name, most in ((sender, WAITING_OF_ONE), (chat, WAITING_IN_CHAT)):
            if self._waiting[name] >= most:
                if self._waiting[name] == most:  # said once, and again only when it has drained
                    self._waiting[name] += 1
                    log.warning("too many updates at once; more are dropped", lane=lane)
                return True
        return False

    def _take_place(self, update: Update) -> None:
        place = self._places[update.update_id] = _sender_of(update), _chat_of(update)
        self._waiting.update(place)

    def _give_place(self, update_id: int) -> None:
        for name in self._places.pop(update_id, ()):
            # What was counted up to say it once goes with the place that becomes free.
            most = WAITING_OF_ONE if name.startswith("sender") else WAITING_IN_CHAT
            self._waiting[name] = min(self._waiting[name], most) - 1
            if self._waiting[name] <= 0:
                del self._waiting[name]

    async def take_over(self, bot: Bot, *, alone: bool = False) -> list[Update]:
        """Take the updates of processes that died; if `alone`, those of every other process."""
        pending = await asyncio.to_thread(self._inbox.take_over, alone=alone)
        self._received.update(record.update_id for record in pending)
        return [Update.de_json(json.loads(record.written), bot) for record in pending]

    def put_off(self, update_id: int) -> None:
        """Handle an update again later: what it needed to write could not be written."""
        self._put_off.add(update_id)

    async def renew(self) -> None:
        """Renew the leases of all updates that wait or are being processed here."""
        await asyncio.to_thread(self._inbox.renew, frozenset(self._received))

    async def absorb_following(
        self, update: Update, belongs: Callable[[Message], bool], bot: Bot
    ) -> list[Message]:
        """The messages right after an update in its lane that belong to it, as far as they arrived.

        They are handled with it: their own turns do nothing any more.
        """
        pending = await asyncio.to_thread(
            self._inbox.pending_after, update.update_id, lane_of(update)
        )
        messages = []
        for record in pending:
            if record.update_id in self._absorbed:
                continue
            message = Update.de_json(json.loads(record.written), bot).message
            # What comes after another message was said later, and is no part of this one.
            if message is None or not belongs(message):
                break
            self._absorbed.add(record.update_id)
            messages.append(message)
        return messages

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process an update when the earlier ones of its lane are finished."""
        if not isinstance(update, Update) or not self._has_handler(update):
            await coroutine
            return
        is_owned = False
        try:
            is_owned = update.update_id in self._received or await self.receive(update)
        finally:
            # A coroutine that is never awaited would warn; another process runs this update.
            if not is_owned and isinstance(coroutine, Coroutine):
                coroutine.close()
        if is_owned:
            await self._process(update, coroutine)

    async def _process(self, update: Update, coroutine: Awaitable[Any]) -> None:
        is_processed = False
        try:
            async with (
                self._order_in_chat(update) as earlier_are_handled,
                self._turn(lane_of(update), update.update_id),
            ):
                await earlier_are_handled()
                if update.update_id in self._absorbed:
                    self._absorbed.discard(update.update_id)
                    if isinstance(coroutine, Coroutine):
                        coroutine.close()
                else:
                    await coroutine
                is_processed = True
                is_put_off = update.update_id in self._put_off
                change = self._inbox.put_off if is_put_off else self._inbox.mark_handled
                await self._store_state(change, update.update_id)
        finally:
            self._received.discard(update.update_id)
            self._put_off.discard(update.update_id)
            self._give_place(update.update_id)
            if not is_processed:
                await self._store_state(self._inbox.release, update.update_id)

    @asynccontextmanager
    async def _order_in_chat(self, update: Update) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Give what waits a short time for the earlier updates of other people in the chat."""

        async def earlier_are_handled() -> None:
            before = max((n for n in pending if n < update.update_id), default=None)
            # A press changes nothing that others wait for, and waits for nobody.
            if before is not None and is_ordered:
                with suppress(TimeoutError):
                    await asyncio.wait_for(pending[before].wait(), ORDER_SECONDS)

        chat, is_ordered = _chat_of(update), not (update.callback_query or update.inline_query)
        pending = self._pending_in.setdefault(chat, {})
        handled = asyncio.Event()
        if is_ordered:
            pending[update.update_id] = handled
        try:
            yield earlier_are_handled
        finally:
            handled.set()
            pending.pop(update.update_id, None)
            if not pending and self._pending_in.get(chat) is pending:
                del self._pending_in[chat]

    async def _store_state(self, change: Callable[[int], None], update_id: int) -> None:
        try:
            await asyncio.to_thread(change, update_id)
        except CorpusError as error:
            # The answer is out; a lost note costs at most one repetition, which changes nothing.
            log.warning("update not noted", update=update_id, error=str(error))

    @asynccontextmanager
    async def _turn(self, name: str, update_id: int) -> AsyncIterator[None]:
        lane = self._lanes.setdefault(name, _ChatLane())
        wake_up = lane.waiting[update_id] = asyncio.Event()
        lane.wake()
        try:
            await self._wait_until_first(name, lane, update_id, wake_up)
        # Also when the task is cancelled: otherwise the lane would wait for it for ever.
        except BaseException:
            del lane.waiting[update_id]
            self._leave(name, lane)
            raise
        del lane.waiting[update_id]
        lane.busy = True
        try:
            yield
        finally:
            lane.busy = False
            self._leave(name, lane)

    def _leave(self, name: str, lane: _ChatLane) -> None:
        lane.wake()
        if not lane.busy and not lane.waiting:
            # A lane is kept only while it is in use, or memory would grow with every chat.
            self._lanes.pop(name, None)

    async def _wait_until_first(
        self, name: str, lane: _ChatLane, update_id: int, wake_up: asyncio.Event
    ) -> None:
        """Wait until no earlier update of the lane is pending, here or in another process."""
        while True:
            await wake_up.wait()
            wake_up.clear()
            if not lane.is_first(update_id):
                continue
            is_next = await asyncio.to_thread(self._inbox.is_next, update_id, name)
            # An earlier update may have arrived in this lane while the database was asked.
            if is_next and lane.is_first(update_id):
                return
            if not is_next:
                # Another process has the earlier update, and no event crosses processes.
                await asyncio.sleep(POLL_SECONDS)
            lane.wake()


async def resume_abandoned_updates(app: App, queue: UpdateQueue, *, alone: bool) -> None:
    """Process updates that other processes abandoned, for ever; at first all of them if `alone`."""
    while True:
        try:
            for update in await queue.take_over(app.bot, alone=alone):
                app.update_queue.put_nowait(update)
            # Only the first round may take leases that are still running.
            alone = False
            await queue.renew()
        except CorpusError as error:
            log.warning("updates left behind not looked for", error=str(error))
        await asyncio.sleep(RENEWED)


class ArrivalQueue(asyncio.Queue[object]):
    """The library's queue of updates, whose `put` stores each one first and drops repeated ones.

    When storing fails, the update stays with Telegram: polling asks for it again, and a webhook
    answers 500.
    """

    def __init__(self, queue: UpdateQueue) -> None:
        super().__init__()
        self._queue_of_updates = queue

    async def put(self, item: object) -> None:
        """Put an update that just arrived. Raises NetworkError when it cannot be stored."""
        try:
            if isinstance(item, Update) and not await self._queue_of_updates.receive(item):
                return
        except CorpusError as error:
            if isinstance(item, Update):
                await self._queue_of_updates.on_unstored(item, error)
            raise NetworkError(f"the update cannot be kept: {error}") from error
        self.put_nowait(item)


async def _say_nothing(update: Update, error: CorpusError) -> None:
    """Until the bot can send."""


def _sender_of(update: Update) -> str:
    user, chat = update.effective_user, update.effective_chat
    return f"sender {user.id if user else chat.id if chat else 0}"


def _chat_of(update: Update) -> str:
    chat, user = update.effective_chat, update.effective_user
    return f"chat {chat.id if chat else user.id if user else 0}"


def lane_of(update: Update) -> str:
    """What an update has to wait for: its sender's others in its chat.

    A button press waits only for other presses of the same message.
    """
    query, chat, user = update.callback_query, update.effective_chat, update.effective_user
    owner_id = chat.id if chat else user.id if user else 0
    if update.inline_query:
        return f"inline {owner_id}"
    if query:
        # A press must not wait behind a long answer in the same chat.
        return f"press {owner_id} {query.message.message_id if query.message else 0}"
    sender_id = user.id if user and user.id != owner_id else ""
    return f"chat {owner_id} {sender_id}".rstrip()
