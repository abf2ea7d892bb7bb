"""Filling Milvus with vectors, on several machines at once: each takes a few documents on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from corpus.library import Library
from corpus.models import PassageRecord
from corpus.storage.database import exclusive_lock
from corpus.storage.locks import Lock
from corpus.storage.records import batches
from index.engine.terms import passage_number
from index.milvus.claims import Claims
from index.milvus.vectors import MilvusVectors
from index.semantic.embedder import EmbeddingModel
from index.semantic.search import PassageVectors, Progress, embed_passages
from index.semantic.vectors import Vectors

# Few, so that a machine which dies leaves little to do again.
TOGETHER: Final = 16
"""Documents taken on at a time."""


class SharedEmbedding:
    """An `Embedding` of a library's passages into `vectors`, which several machines share.

    What this machine has `kept` from before is copied and not embedded again.
    """

    def __init__(
        self,
        library: Library,
        vectors: MilvusVectors,
        claims: Claims,
        model: EmbeddingModel,
        kept: Vectors | None = None,
    ) -> None:
        self._library = library
        self._vectors = vectors
        self._claims = claims
        self._model = model
        self._kept = kept
        self._done: int | None = None
        """The revision of the library with which all was in step."""
        with exclusive_lock(library.database, Lock.VECTORS):
            if vectors.prepare():
                claims.reset()

    def pending(self) -> int:
        """The live passages that have no vector yet, as far as whole documents are done."""
        return self._claims.pending()

    def catch_up(
        self,
        *,
        most: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
        progress: Progress | None = None,
        threads: int = 1,
    ) -> None:
        """Embed what nobody has taken on; see `Embedding`. Raises EngineUnavailable.

        The vectors of withdrawn documents leave first.
        """
        revision = self._library.revision()
        # Nothing has changed: the database need not be asked what is pending.
        if revision == self._done:
            return
        # Withdrawn documents must not be found by meaning while new ones are embedded for hours.
        self._let_go()
        pace = _Pace(most, stopped, progress, self._claims.pending() if progress else 0)
        while pace.goes_on() and (documents := self._claims.take(TOGETHER)):
            self._embed(documents, pace, threads)
        if not self._claims.pending():
            self._done = revision

    def _let_go(self) -> None:
        for document_ids in batches(self._claims.withdrawn()):
            self._vectors.remove(document_ids)
            self._claims.forget(document_ids)

    def _embed(self, documents: Sequence[str], pace: _Pace, threads: int) -> None:
        """Embed documents that were taken on, as far as `pace` goes."""
        passages = list(self._library.document_passages(documents))
        try:
            for batch in batches(passages, self._model.batch * threads):
                if not pace.goes_on():
                    return
                self._claims.renew(documents)
                pace.count(len(batch), self._add(batch, threads))
            self._vectors.remove(self._claims.finish(documents))
        finally:
            # In `finally`: after an error another machine may try at once and not in two minutes.
            self._claims.release(documents)

    def _add(self, passages: Sequence[PassageRecord], threads: int) -> int:
        """Give their vectors to passages that have none yet; returns how many these were."""
        by_number = {
            passage_number(passage.citation, passage.text): passage for passage in passages
        }
        # What somebody did before a kill, or before the database was restored, is not done again.
        lacking = self._vectors.missing(list(by_number))
        rows = self._kept.of(lacking) if self._kept else {}
        if new := [number for number in lacking if number not in rows]:
            embedded = embed_passages(
                self._model, [by_number[number].text for number in new], threads
            )
            rows.update(zip(new, embedded, strict=True))
        self._vectors.add(
            [
                PassageVectors(number, matrix, by_number[number].document_id, by_number[number].key)
                for number, matrix in rows.items()
            ]
        )
        return len(lacking)


class _Pace:
    """How far the work may go, and how far it is."""

    def __init__(
        self,
        most: int | None,
        stopped: Callable[[], bool],
        progress: Progress | None,
        todo: int,
    ) -> None:
        self._most, self._stopped, self._progress = most, stopped, progress
        self._todo = todo
        self._looked = self._embedded = 0

    def goes_on(self) -> bool:
        return not self._stopped() and (self._most is None or self._embedded < self._most)

    def count(self, looked: int, embedded: int) -> None:
        self._looked += looked
        self._embedded += embedded
        if self._progress:
            self._progress(self._looked, max(self._todo, self._looked))
