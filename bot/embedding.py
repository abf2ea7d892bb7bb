"""Search by meaning, as `PINCITE_MEANING` says: opens the models and embeds passages.

`add` embeds every passage without vectors. `ask` embeds a few of them. `run` embeds all of them
in the background. A passage that has no vectors yet is ranked by its words.
"""

# ruff: noqa: PLC0415 - the extra is imported only where it is used
from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Final

import structlog

from bot.console.progress import progress_bar
from bot.console.terminal import count_noun, print_error
from bot.errors import SettingsError
from index.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.console.progress import Report
    from bot.settings import Settings
    from corpus.library import Library
    from index.engine.protocol import Engine
    from index.semantic.embedder import EmbeddingModel
    from index.semantic.search import Meaning, ModelVectors

AWAITED: Final = 100
"""The most passages that a question waits for, which is a few seconds."""

_log = structlog.get_logger(__name__)


def open_models(settings: Settings, threads: int | None = None) -> list[EmbeddingModel]:
    """The models that the settings ask for, the light one first; none where meaning is off.

    The light one is in every installation. Where it does not run all the same, that is said once,
    and words alone are searched. Raises SettingsError if the deep one is asked for and not
    installed.
    """
    if settings.depth_of_meaning == "off":
        return []
    from index.semantic.embedder import MultilingualE5, UniversalSentenceEncoder

    models: list[EmbeddingModel] = []
    try:
        models.append(UniversalSentenceEncoder())
    except SearchError as error:
        _say_once(f"{error}; searching by words alone (PINCITE_MEANING=off hides this line)")
        return []
    if settings.depth_of_meaning == "deep":
        name = "PINCITE_SEMANTIC is true" if settings.semantic else "PINCITE_MEANING is deep"
        try:
            models.append(MultilingualE5(threads))
        except SearchError as error:
            raise SettingsError(f"{name}; {error}") from None
    return models


@cache
def _say_once(message: str) -> None:
    print_error(message)


def open_meaning(
    settings: Settings, library: Library, folder: Path, engine: Engine
) -> Meaning | None:
    """The models, and the vectors kept in `folder`, or in Milvus where `engine` is there.

    Raises SettingsError, EngineUnavailable.
    """
    models = open_models(settings, threads=1)  # several people's questions share the cores
    if not models:
        return None
    from index.semantic.search import Meaning

    return Meaning(
        *(_open_vectors(model, library, folder / model.name, engine) for model in models)
    )


def _open_vectors(
    model: EmbeddingModel, library: Library, folder: Path, engine: Engine
) -> ModelVectors:
    from index.embedded.engine import EmbeddedEngine
    from index.semantic.embedding import FolderEmbedding
    from index.semantic.search import ModelVectors
    from index.semantic.vectors import Vectors, nearest_in

    vectors = Vectors(folder, model.name, model.dimensions)
    if isinstance(engine, EmbeddedEngine):
        work = FolderEmbedding(library, vectors, model)
        return ModelVectors(model, vectors, nearest_in(vectors, engine), work)
    from index.milvus.claims import Claims
    from index.milvus.embedding import SharedEmbedding
    from index.milvus.engine import MilvusEngine
    from index.milvus.vectors import nearest_among

    if not isinstance(engine, MilvusEngine):
        raise TypeError(f"there are no vectors for {type(engine).__name__}")
    claims = Claims.open(library.database, f"{model.name} 2")
    rows = engine.vectors(claims.name, model.dimensions)
    # A machine that used the embedded index before has vectors that need no second run.
    shared_work = SharedEmbedding(library, rows, claims, model, vectors if len(vectors) else None)
    return ModelVectors(model, rows, nearest_among(rows, engine), shared_work)


def embed_all(meaning: Meaning | None) -> None:
    """Embed every live passage without vectors, with progress. It may be interrupted."""
    if meaning is not None:
        _embed(meaning, None)


def embed_some(meaning: Meaning | None) -> None:
    """Embed as many passages as a question may wait for, and report how many remain."""
    if meaning is None:
        return
    try:
        _embed(meaning, AWAITED)
        remaining = meaning.pending()
    except OSError as error:
        print_error(f"passages were not embedded: {error.strerror or error}; free some space")
        return
    except SearchError as error:
        print_error(str(error))
        return
    if remaining:
        passages = count_noun(remaining, "passage")
        print_error(f"{passages} not embedded yet: 'pincite run' does it as it serves")


def _embed(meaning: Meaning, most: int | None) -> None:
    with progress_bar() as report:
        for embedding in meaning.embeddings:
            embedding.catch_up(
                most=most,
                progress=report and partial(_report_embedding, report),
                threads=len(os.sched_getaffinity(0)),
            )


def _report_embedding(report: Report, done: int, total: int) -> None:
    report(done, total, "embedding")


@contextmanager
def embedding_behind(meaning: Meaning | None) -> Iterator[None]:
    """Embed new passages in the background until the context ends."""
    if meaning is None:
        yield
        return
    from index.semantic.embedding import BackgroundEmbedding

    background = BackgroundEmbedding(meaning.embeddings, _log_error)
    try:
        yield
    finally:
        background.close()


def _log_error(error: Exception) -> None:
    _log.warning("passages could not be embedded; trying again", error=str(error))
