"""Passages embedded behind the answers' back: one thread works off what has no vector yet."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence

from corpus.library import Library
from index.semantic.embedder import Embedder
from index.semantic.vectors import Vectors

BATCH = 16
"""Passages embedded at a time: some seconds' work at the most is lost by a kill."""
STALE = 0.05
"""Vectors of withdrawn passages, which nothing looks at, are let go of from this share on."""
PAUSE = 3.0
"""Seconds between two looks for new passages; a look costs one short query."""
_RELENTING = 20
"""So many pauses follow a round that failed, since the cause may last: a full disk."""
_NICE = 10

Progress = Callable[[int, int], None]
"""Called with the passages done and those there were to do."""


def missing(library: Library, vectors: Vectors) -> list[int]:
    """The live passages that have no vector yet, in order of key.

    Lets go of the vectors of withdrawn ones, if they are many. Raises OSError.
    """
    live = [passage.key for passage in library.live_passages()]
    vectors.refresh()
    lacking: list[int] = vectors.missing(live).tolist()
    withdrawn = len(vectors) - (len(live) - len(lacking))
    if withdrawn > STALE * len(vectors):
        vectors.retain(live)
    return lacking


def embed(
    library: Library,
    keys: Sequence[int],
    vectors: Vectors,
    embedder: Embedder,
    *,
    stopped: Callable[[], bool] = lambda: False,
    progress: Progress | None = None,
) -> None:
    """Embed passages as they are written, save those that have a vector, until `stopped()`.

    Raises OSError when the vectors cannot be kept.
    """
    for start in range(0, len(keys), BATCH):
        if stopped():
            return
        # Another process may be at the same work.
        todo = vectors.missing(keys[start : start + BATCH]).tolist()
        if found := library.passages_by_key(todo):
            matrix = embedder.passages([passage.text for passage in found.values()])
            vectors.add(list(found), matrix)
        if progress:
            progress(min(start + BATCH, len(keys)), len(keys))


class Background:
    """A thread that embeds what a library holds and `vectors` lack, soon after it is filed.

    It looks every `pause` seconds, or when woken. `failed` hears what went wrong with one round;
    the next one tries again.
    """

    def __init__(
        self,
        library: Library,
        vectors: Vectors,
        embedder: Embedder,
        failed: Callable[[Exception], None],
        pause: float = PAUSE,
    ) -> None:
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
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
        seen: int | None = None
        while not self._closing.is_set():
            pause = self._pause
            try:
                seen = self._round(seen)
            except Exception as error:  # the thread outlives it; it is reported
                self._failed(error)
                pause *= _RELENTING
            self._woken.wait(pause)
            self._woken.clear()

    def _round(self, seen: int | None) -> int:
        """Embed what was filed after revision `seen`; returns the revision that is done."""
        revision = self._library.revision()
        keys: list[int] = []
        if seen is None:
            keys = missing(self._library, self._vectors)
        elif seen != revision:
            changed = self._library.live_matters(self._library.changed_since(seen))
            keys = [passage.key for passage in self._library.document_passages(changed)]
        stopped = self._closing.is_set
        embed(self._library, keys, self._vectors, self._embedder, stopped=stopped)
        return revision


def _give_way() -> None:
    """Let questions go first: on Linux a thread, and what it starts, has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
