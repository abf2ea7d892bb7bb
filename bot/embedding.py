"""Search by meaning, where `PINCITE_SEMANTIC` asks for it: opened, and passages embedded for it.

`add` embeds all that has no vector yet, `ask` and piped questions a little of it, a bot that serves
all of it behind its answers. What is not embedded yet is ranked by its words.
"""

# ruff: noqa: PLC0415 - the extra is imported by those who use it
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
"""Passages that one question waits for: a few seconds at the most."""

_log = structlog.get_logger(__name__)


def open_embedder(settings: Settings, threads: int | None = None) -> Embedder | None:
    """The model, where the settings ask for it. Raises SettingsError where it is not installed."""
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
    embedder = open_embedder(settings, threads=1)  # questions of several people share the cores
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
        kept = Vectors(folder) if folder.exists() else None  # of the time before Milvus
        work = SharedEmbedding(library, rows, claims, embedder, kept)
        return Meaning(rows, embedder, numbers, work)
    from index.semantic.embedding import FolderEmbedding

    vectors = Vectors(folder)
    return Meaning(vectors, embedder, numbers, FolderEmbedding(library, vectors, embedder))


def embed_all(meaning: Meaning | None) -> None:
    """Embed every live passage that has no vector yet, with progress; may be interrupted."""
    if meaning is not None and meaning.embedding is not None:
        _embed(meaning.embedding, None)


def embed_some(meaning: Meaning | None) -> None:
    """Embed as many passages as a question may wait for, and say how many are left."""
    if meaning is None or meaning.embedding is None:
        return
    try:
        _embed(meaning.embedding, AWAITED)
        left = meaning.embedding.pending()
    except OSError as error:
        print_error(f"passages were not embedded: {error.strerror or error}; free some space")
        return
    if left:
        print_error(
            f"{count_noun(left, 'passage')} not embedded yet: 'pincite run' does it as it serves"
        )


def _embed(embedding: Embedding, most: int | None) -> None:
    with progress_bar() as report:
        embedding.catch_up(most=most, progress=report and partial(_named, report))


def _named(report: Report, done: int, total: int) -> None:
    report(done, total, "embedding")


@contextmanager
def embedding_behind(meaning: Meaning | None) -> Iterator[None]:
    """Embed what is filed, behind the answers, until the context is left."""
    if meaning is None or meaning.embedding is None:
        yield
        return
    from index.semantic.embedding import BackgroundEmbedding

    background = BackgroundEmbedding(meaning.embedding, _tell)
    try:
        yield
    finally:
        background.close()


def _tell(error: Exception) -> None:
    _log.warning("passages could not be embedded; trying again", error=str(error))
