"""How many questions may one person ask in a minute?"""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE: Final = 60.0
_CROWD: Final = 10_000


class PersonalLimit:
    """A sliding minute for each person, kept in memory: a restart forgives.

    Used from the event loop alone, so it needs no lock.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._asked: dict[int, deque[float]] = {}

    def wait(self, person_id: int) -> int:
        """Count a question: 0 when it may be asked, else the seconds until the next one may."""
        times = self._recent(person_id)
        if len(times) >= self.per_minute:
            return max(1, math.ceil(times[0] + MINUTE - self._clock()))
        times.append(self._clock())
        return 0

    def _recent(self, person_id: int) -> deque[float]:
        if len(self._asked) > _CROWD:
            self._asked = {who: times for who, times in self._asked.items() if self._fresh(times)}
        times = self._asked.setdefault(person_id, deque())
        while times and not self._is_fresh(times[0]):
            times.popleft()
        return times

    def _fresh(self, times: deque[float]) -> bool:
        return bool(times) and self._is_fresh(times[-1])

    def _is_fresh(self, moment: float) -> bool:
        return self._clock() - moment < MINUTE
