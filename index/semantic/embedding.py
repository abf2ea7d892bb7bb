"""Passages get their vectors: all that a library lacks at first, then what changes in it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence

from corpus.library import Library
from corpus.models import Scope
from index.engine.terms import passage_number
from index.semantic.embedder import EmbeddingModel
from index.semantic.search import Embedding, PassageVectors, Progress, embed_passages
from index.semantic.vectors import Vectors

STALE = 0.05
"""Vectors of withdrawn passages, which nothing looks at, are let go of from this share on."""


class FolderEmbedding:
    """An `Embedding` of a library's passages into `vectors`, which this machine alone has."""

    def __init__(self, library: Library, vectors: Vectors, model: EmbeddingModel) -> None:
        self._library = library
        self._vectors = vectors
        self._model = model
        self._done: int | None = None
        """The revision of the library whose passages all have vectors."""

    def pending(self) -> int:
        """The live passages that have no vector yet."""
        return 0 if self._done == self._library.revision() else len(self._lacking())

    def catch_up(
        self,
        *,
        most: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
        progress: Progress | None = None,
        threads: int = 1,
    ) -> None:
        """Embed what has no vector yet; see `Embedding`. Raises OSError."""
        revision = self._library.revision()
        keys = self._lacking() if self._done is None else self._changed(self._done, revision)
        if self._embed(keys[:most], stopped, progress, threads) and len(keys[:most]) == len(keys):
            self._done = revision

    def _lacking(self) -> list[int]:
        """The live passages that have no vector yet, by the database's key.

        Lets go of the vectors of withdrawn ones, if they are many.
        """
        live = {
            passage_number(passage.citation, passage.text): passage.key
            for passage in self._library.live_passages()
        }
        self._vectors.refresh()
        lacking = self._vectors.missing(list(live)).tolist()
        withdrawn = len(self._vectors) - (len(live) - len(lacking))
        if withdrawn > STALE * len(self._vectors):
            self._vectors.retain(list(live))
        return [live[number] for number in lacking]

    def _changed(self, since: int, revision: int) -> list[int]:
        """The live passages filed between two revisions, or more."""
        if since == revision:
            return []
        changed = self._library.live_matters(self._library.changed_since(since, Scope.all()))
        return [passage.key for passage in self._library.document_passages(changed)]

    def _embed(
        self,
        keys: Sequence[int],
        stopped: Callable[[], bool],
        progress: Progress | None,
        threads: int,
    ) -> bool:
        """Embed passages as they are written, save those that have a vector; whether all were."""
        batch = self._model.batch * threads
        for start in range(0, len(keys), batch):
            if stopped():
                return False
            passages = self._library.passages_by_key(keys[start : start + batch], Scope.all())
            texts = {
                passage_number(passage.citation, passage.text): passage.text
                for passage in passages.values()
            }
            # Another process may be at the same work.
            if todo := self._vectors.missing(list(texts)).tolist():
                rows = embed_passages(self._model, [texts[number] for number in todo], threads)
                self._vectors.add(list(map(PassageVectors, todo, rows)))
            if progress:
                progress(min(start + batch, len(keys)), len(keys))
        return True


PAUSE = 3.0
"""Seconds between two looks for new passages; a look costs one short query."""
_RELENTING = 20
"""So many pauses follow a round that failed, since the cause may last: a full disk."""
_NICE = 10


class BackgroundEmbedding:
    """A thread that catches up with what is filed, soon after it is, for one model after another.

    It looks every `pause` seconds, or when woken. `failed` hears what went wrong with one round;
    the next one tries again.
    """

    def __init__(
        self,
        embeddings: Sequence[Embedding],
        failed: Callable[[Exception], None],
        pause: float = PAUSE,
    ) -> None:
        self._embeddings = embeddings
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
            for embedding in self._embeddings:
                try:
                    embedding.catch_up(stopped=self._closing.is_set)
                except Exception as error:  # the thread outlives it; it is reported
                    self._failed(error)
                    pause *= _RELENTING
            self._woken.wait(pause)
            self._woken.clear()


def _give_way() -> None:
    """Let questions go first: on Linux a thread, and what it starts, has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
