"""Search by meaning, if `PINCITE_SEMANTIC` is set: opens the model and embeds passages.

`add` embeds every passage without a vector. `ask` embeds a few of them. `run` embeds all of them
in the background. A passage that has no vector yet is ranked by its words.
"""

# ruff: noqa: PLC0415 - the extra is imported only where it is used
from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from bot.console.progress import progress_bar
from bot.console.terminal import count_noun, print_error
from bot.errors import SettingsError
from corpus.models import Scope
from index.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.console.progress import Report
    from bot.settings import Settings
    from corpus.library import Library
    from index.milvus.engine import MilvusEngine
    from index.semantic.embedder import Embedder
    from index.semantic.search import Embedding, Meaning

AWAITED: Final = 100
"""The most passages that a question waits for, which is a few seconds."""

_log = structlog.get_logger(__name__)


def open_embedder(settings: Settings, threads: int | None = None) -> Embedder | None:
    """The model, if the settings ask for it. Raises SettingsError if it is not installed."""
    if not settings.semantic:
        return None
    from index.semantic.embedder import Embedder

    try:
        return Embedder(threads)
    except SearchError as error:
        raise SettingsError(f"PINCITE_SEMANTIC is true; {error}") from None


def open_meaning(
    settings: Settings, library: Library, folder: Path, shared: MilvusEngine | None = None
) -> Meaning | None:
    """The model, and the vectors kept in `folder`, or in Milvus beside the index that is `shared`.

    Raises SettingsError, EngineUnavailable.
    """
    embedder = open_embedder(settings, threads=1)  # several people's questions share the cores
    if embedder is None:
        return None
    from index.semantic.embedder import MODEL
    from index.semantic.search import Meaning
    from index.semantic.vectors import PassageNumbers, Vectors

    numbers = PassageNumbers(partial(library.passages_by_key, scope=Scope.all()))
    if shared is not None:
        from index.milvus.claims import Claims
        from index.milvus.embedding import SharedEmbedding

        claims = Claims.open(library.database, MODEL)
        rows = shared.vectors(claims.name)
        # A machine that used the embedded index before has vectors that need no second run.
        local_vectors = Vectors(folder) if folder.exists() else None
        work = SharedEmbedding(library, rows, claims, embedder, local_vectors)
        return Meaning(rows, embedder, numbers, work)
    from index.semantic.embedding import FolderEmbedding

    vectors = Vectors(folder)
    return Meaning(vectors, embedder, numbers, FolderEmbedding(library, vectors, embedder))


def embed_all(meaning: Meaning | None) -> None:
    """Embed every live passage without a vector, with progress. It may be interrupted."""
    if meaning is not None and meaning.embedding is not None:
        _embed(meaning.embedding, None)


def embed_some(meaning: Meaning | None) -> None:
    """Embed as many passages as a question may wait for, and report how many remain."""
    if meaning is None or meaning.embedding is None:
        return
    try:
        _embed(meaning.embedding, AWAITED)
        remaining = meaning.embedding.pending()
    except OSError as error:
        print_error(f"passages were not embedded: {error.strerror or error}; free some space")
        return
    if remaining:
        passages = count_noun(remaining, "passage")
        print_error(f"{passages} not embedded yet: 'pincite run' does it as it serves")


def _embed(embedding: Embedding, most: int | None) -> None:
    with progress_bar() as report:
        embedding.catch_up(most=most, progress=report and partial(_report_embedding, report))


def _report_embedding(report: Report, done: int, total: int) -> None:
    report(done, total, "embedding")


@contextmanager
def embedding_behind(meaning: Meaning | None) -> Iterator[None]:
    """Embed new passages in the background until the context ends."""
    if meaning is None or meaning.embedding is None:
        yield
        return
    from index.semantic.embedding import BackgroundEmbedding

    background = BackgroundEmbedding(meaning.embedding, _log_error)
    try:
        yield
    finally:
        background.close()


def _log_error(error: Exception) -> None:
    _log.warning("passages could not be embedded; trying again", error=str(error))
