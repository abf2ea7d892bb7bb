"""Passages embedded behind the answers' back: one thread works off what has no vector yet."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from index.semantic.store import Embedding

PAUSE = 3.0
"""Seconds between two looks for new passages; a look costs one short query."""
_RELENTING = 20
"""So many pauses follow a round that failed, since the cause may last: a full disk."""
_NICE = 10


class Background:
    """A thread that catches up with what is filed, soon after it is.

    It looks every `pause` seconds, or when woken. `failed` hears what went wrong with one round;
    the next one tries again.
    """

    def __init__(
        self, embedding: Embedding, failed: Callable[[Exception], None], pause: float = PAUSE
    ) -> None:
        self._embedding = embedding
        self._failed = failed
        self._pause = pause
        self._woken = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="embedding", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be new passages: look, now or when the present round is over."""
        self._woken.set()

    def close(self) -> None:
        """Stop after the batch at hand, and wait for it."""
        self._closing.set()
        self._woken.set()
        self._thread.join()

    def _work(self) -> None:
        _give_way()
        while not self._closing.is_set():
            pause = self._pause
            try:
                self._embedding.catch_up(stopped=self._closing.is_set)
            except Exception as error:  # the thread outlives it; it is reported
                self._failed(error)
                pause *= _RELENTING
            self._woken.wait(pause)
            self._woken.clear()


def _give_way() -> None:
    """Let questions go first: on Linux a thread, and what it starts, has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
