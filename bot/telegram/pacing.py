"""Requests to Telegram at the pace it allows, repeated until they arrive.

Telegram takes about one message a second in a chat, 20 a minute in a group, 30 a second in all
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). The library's
own AIORateLimiter lets bursts through that break the minute's limit, and when Telegram then says
'retry after 40 seconds' it halts every chat; here only the chat waits that was meant.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, nullcontext
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

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from telegram._utils.types import JSONDict

    Result = bool | JSONDict | list[JSONDict]

ALL_A_SECOND: Final = 30
GROUP_A_MINUTE: Final = 20
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
    """At most `uses` in any `seconds`.

    A use counts until `seconds` after it ended, since it reached the server some time before that.
    """

    def __init__(self, uses: int, seconds: float) -> None:
        self._uses = uses
        self._seconds = seconds
        self._free = asyncio.Semaphore(uses)
        self._busy = 0

    async def __aenter__(self) -> None:
        self._busy += 1
        try:
            await self._free.acquire()
        except BaseException:
            self._busy -= 1
            raise

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().call_later(self._seconds, self._release)

    @property
    def is_idle(self) -> bool:
        """Whether no request uses it or waits for it."""
        return not self._busy

    def _release(self) -> None:
        self._busy -= 1
        self._free.release()


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
        async with AsyncExitStack() as windows_held:
            for window in self._windows(data["chat_id"], endpoint) if limited else ():
                await windows_held.enter_async_context(window)
            for attempt in count(1):
                try:
                    async with self._all if limited else nullcontext():
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
        windows = [self._chats.setdefault((chat_id, editing), Window(1, self._second))]
        if str(chat_id).startswith(("-", "@")):
            windows.append(
                self._groups.setdefault(chat_id, Window(GROUP_A_MINUTE, 60 * self._second))
            )
        return windows


def _pause(error: TelegramError, attempt: int) -> float:
    """Seconds before the next try: as Telegram says, else twice as long each time."""
    if isinstance(error, RetryAfter):
        # Its public attribute warns of a type that will change; this is the one it will have.
        return error._retry_after.total_seconds() + 0.1  # noqa: SLF001
    return min(_LONGEST_PAUSE, 0.25 * 2.0**attempt)
