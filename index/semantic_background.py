"""Passages embedded behind the answers' back: one thread works off what has no vector yet."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from corpus.library import Library
from corpus.models import PassageRecord
from index.semantic import Embedder
from index.semantic_vectors import Vectors

BATCH = 16
"""Passages embedded at a time: some seconds' work at the most is lost by a kill."""
_LOOK_AHEAD = 2000
_NICE = 10

Progress = Callable[[int], None]
"""Called with the number of passages done since the last call."""


def embed_missing(
    passages: Iterable[PassageRecord],
    vectors: Vectors,
    embedder: Embedder,
    *,
    stopped: Callable[[], bool] = lambda: False,
    progress: Progress | None = None,
) -> None:
    """Embed each passage that has no vector yet, as it is written, until `stopped()`.

    Raises OSError when the vectors cannot be kept.
    """
    for batch in _missing(passages, vectors):
        if stopped():
            return
        matrix = embedder.passages([passage.text for passage in batch])
        vectors.add([passage.key for passage in batch], matrix)
        if progress:
            progress(len(batch))


def _missing(passages: Iterable[PassageRecord], vectors: Vectors) -> Iterator[list[PassageRecord]]:
    rest = iter(passages)
    while ahead := list(islice(rest, _LOOK_AHEAD)):
        missing = set(vectors.missing([passage.key for passage in ahead]).tolist())
        todo = [passage for passage in ahead if passage.key in missing]
        for start in range(0, len(todo), BATCH):
            yield todo[start : start + BATCH]


class Background:
    """A thread that embeds what a library holds and `vectors` lack, whenever it is woken.

    `failed` hears what went wrong with one round; the next one tries again.
    """

    def __init__(
        self,
        library: Library,
        vectors: Vectors,
        embedder: Embedder,
        failed: Callable[[Exception], None],
    ) -> None:
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
        self._failed = failed
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
        while True:
            self._woken.wait()
            self._woken.clear()
            if self._closing.is_set():
                return
            try:
                passages = self._library.live_passages()
                embed_missing(passages, self._vectors, self._embedder, stopped=self._closing.is_set)
            except Exception as error:  # the thread outlives it; it is reported
                self._failed(error)


def _give_way() -> None:
    """Let questions go first: on Linux a thread, and what it starts, has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
