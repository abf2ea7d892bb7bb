"""Requests to Telegram at the pace it allows, repeated until they arrive.

Telegram takes about one message a second in a chat, 20 a minute in a group, 30 a second in all
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). The library's
own AIORateLimiter lets bursts through that break the minute's limit, and when Telegram then says
'retry after 40 seconds' it halts every chat; here only the chat waits that was meant. Among those
who wait for a chat, whoever was served longest ago comes first, so that one person's many answers
hold up nobody else's.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import BaseRateLimiter

from bot import metrics
from bot.reader.links import asker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from telegram._utils.types import JSONDict

    Result = bool | JSONDict | list[JSONDict]

ALL_A_SECOND: Final = 30
GROUP_A_MINUTE: Final = 20
SHARE_OF_ONE: Final = 15
"""Of a group's minute, what one person's requests may use: others are always answered at once."""
TRIES: Final = 8
"""Requests for one message before it is given up: about a minute of bad network."""

_FINAL = (BadRequest, Forbidden, ChatMigrated, Conflict, EndPointNotFound, InvalidToken)
# These carry no message, so they count towards no limit; late ones are useless anyway.
_UNLIMITED = frozenset({"sendChatAction", "answerCallbackQuery", "getChatMember", "getChat"})
# The start repeats these itself, and says what is wrong.
_TRIED_ONCE = frozenset({"getMe", "setWebhook", "deleteWebhook", "sendChatAction"})
_LONGEST_PAUSE: Final = 10.0
_MOST_WINDOWS: Final = 1_000

log = structlog.get_logger(__name__)


class Window:
    """At most `uses` in any `seconds`, and at most `share` of them by one owner.

    A use counts until `seconds` after it ended, since it reached the server some time before that.
    Who was served longest ago comes next, so that nobody waits behind all that another has sent.
    """

    def __init__(self, uses: int, seconds: float, share: int | None = None) -> None:
        self._seconds = seconds
        self._free, self._share = uses, share or uses
        self._taken: Counter[object] = Counter()
        self._waiting: dict[object, deque[asyncio.Future[None]]] = {}
        self._served: dict[object, int] = {}
        """When each owner was served last, as a number that rises."""
        self._turns = count(1)

    @asynccontextmanager
    async def used_by(self, owner: object) -> AsyncIterator[None]:
        """Wait until the owner may use it."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, deque()).append(turn)
        self._serve()
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._release(owner)
            else:
                self._leave(owner, turn)
            raise
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(self._seconds, self._release, owner)

    @property
    def is_idle(self) -> bool:
        """Whether no request uses it or waits for it."""
        return not self._taken and not self._waiting

    def _serve(self) -> None:
        while self._free:
            owners = [owner for owner in self._waiting if self._taken[owner] < self._share]
            if not owners:
                return
            # Equal ones in the order in which they came: a dict keeps that.
            owner = min(owners, key=lambda owner: self._served.get(owner, 0))
            turn = self._waiting[owner][0]
            self._leave(owner, turn)
            self._free -= 1
            self._taken[owner] += 1
            self._served[owner] = next(self._turns)
            turn.set_result(None)

    def _leave(self, owner: object, turn: asyncio.Future[None]) -> None:
        turns = self._waiting[owner]
        turns.remove(turn)
        if not turns:
            del self._waiting[owner]

    def _release(self, owner: object) -> None:
        self._free += 1
        self._taken[owner] -= 1
        if not self._taken[owner]:
            del self._taken[owner]
            # Remembered only while it says something, or memory would grow with every person.
            if owner not in self._waiting:
                self._served.pop(owner, None)
        self._serve()


class Pacing(BaseRateLimiter[int]):
    """The rate limiter that every request of the bot goes through, in the order of each chat.

    `second` is how long Telegram's second takes; a server that sets no limits has a short one.
    """

    def __init__(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, second: float = 1.0
    ) -> None:
        self._sleep = sleep
        self._second = second
        self._all = Window(ALL_A_SECOND, second)
        self._chats: dict[tuple[object, bool], Window] = {}
        self._groups: dict[object, Window] = {}

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Send a request when the limits allow it, and repeat it until it is answered.

        `rate_limit_args`: how often at most. Raises TelegramError.
        """
        tries = rate_limit_args or (1 if endpoint in _TRIED_ONCE else TRIES)
        limited = "chat_id" in data and endpoint not in _UNLIMITED
        person = asker.get()
        owner = person.person_id if person else None
        async with AsyncExitStack() as windows_held:
            for window in self._windows(data["chat_id"], endpoint) if limited else ():
                await windows_held.enter_async_context(window.used_by(owner))
            for attempt in count(1):
                try:
                    async with self._all.used_by(owner) if limited else nullcontext():
                        with metrics.timed("send"):
                            return await callback(*args, **kwargs)
                except TelegramError as error:
                    if attempt >= tries or isinstance(error, _FINAL):
                        metrics.count_error(endpoint, error)
                        raise
                    pause = _pause(error, attempt)
                    metrics.count_error(endpoint, error, pause)
                    log.info("request repeated", method=endpoint, error=str(error), pause=pause)
                await self._sleep(pause)
        raise AssertionError("unreachable")

    def _windows(self, chat_id: object, endpoint: str) -> list[Window]:
        """The windows of the request's chat and group, which come before the limit of all chats."""
        if len(self._chats) > _MOST_WINDOWS:
            self._chats = {key: window for key, window in self._chats.items() if not window.is_idle}
            self._groups = {
                key: window for key, window in self._groups.items() if not window.is_idle
            }
        editing = endpoint.startswith("edit")
        windows = []
        # The group's first: who has used up their share of a minute must not hold the second.
        if str(chat_id).startswith(("-", "@")):
            minute = Window(GROUP_A_MINUTE, 60 * self._second, SHARE_OF_ONE)
            windows.append(self._groups.setdefault(chat_id, minute))
        second = Window(1, self._second)
        windows.append(self._chats.setdefault((chat_id, editing), second))
        return windows


def _pause(error: TelegramError, attempt: int) -> float:
    """Seconds before the next try: as Telegram says, else twice as long each time."""
    if isinstance(error, RetryAfter):
        # Its public attribute warns of a type that will change; this is the one it will have.
        return error._retry_after.total_seconds() + 0.1  # noqa: SLF001
    return min(_LONGEST_PAUSE, 0.25 * 2.0**attempt)
