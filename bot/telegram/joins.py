"""Who joined a group lately: Telegram may tell of one and the same join in two ways."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Final

_JOINS: Final = 1_000
_SAME_JOIN_SECONDS: Final = 300.0


class Joins:
    """Who joined lately: one and the same join may be told in two ways."""

    def __init__(self) -> None:
        self._lately: OrderedDict[tuple[int, int], float] = OrderedDict()

    def is_new(self, chat_id: int, person_id: int) -> bool:
        """Whether this join was not told of within the last minutes."""
        now, key = time.monotonic(), (chat_id, person_id)
        noted_at = self._lately.pop(key, None)
        self._lately[key] = now
        if len(self._lately) > _JOINS:
            self._lately.popitem(last=False)
        return noted_at is None or now - noted_at > _SAME_JOIN_SECONDS
