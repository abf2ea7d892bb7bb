"""Who joined a group lately: told of once, and people who come together in one note."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from telegram import Chat, User

TOGETHER_SECONDS: Final = 3.0
"""How long a note waits for others who join: Telegram tells of each by itself."""
_JOINS: Final = 1_000
_SAME_JOIN_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody who joined a group, and the id of whoever brought them."""

    user: User
    added_by: int


class Joins:
    """Who joined lately: one and the same join may be told in two ways."""

    def __init__(self) -> None:
        self.pause = asyncio.sleep
        """Waits for some seconds; tests replace it."""
        self._untold: dict[int, list[Join]] = {}
        self._lately: OrderedDict[tuple[int, int], float] = OrderedDict()

    def is_new(self, chat_id: int, person_id: int) -> bool:
        """Whether this join was not told of within the last minutes."""
        now, key = time.monotonic(), (chat_id, person_id)
        noted_at = self._lately.pop(key, None)
        self._lately[key] = now
        if len(self._lately) > _JOINS:
            self._lately.popitem(last=False)
        return noted_at is None or now - noted_at > _SAME_JOIN_SECONDS

    def add(self, chat: Chat, join: Join) -> bool:
        """Note somebody who joined; whether they are the first of those who come together."""
        self._untold.setdefault(chat.id, []).append(join)
        return len(self._untold[chat.id]) == 1

    async def gather(self, chat: Chat) -> list[Join]:
        """Everybody who joined a chat since the first of them."""
        await self.pause(TOGETHER_SECONDS)
        return self._untold.pop(chat.id, [])
