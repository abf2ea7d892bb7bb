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
from bot.console.terminal import complain, counted
from bot.errors import SettingsError
from index.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.console.progress import Report
    from bot.settings import Settings
    from corpus.library import Library
    from index.semantic.embedder import Embedder
    from index.semantic.search import Meaning

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


def open_meaning(settings: Settings, folder: Path) -> Meaning | None:
    """The model, and the vectors kept in `folder`. Raises SettingsError."""
    embedder = open_embedder(settings, threads=1)  # questions of several people share the cores
    if embedder is None:
        return None
    from index.semantic.search import Meaning
    from index.semantic.vectors import Vectors

    return Meaning(Vectors(folder), embedder)


def embed_all(library: Library, meaning: Meaning | None) -> None:
    """Embed every live passage that has no vector yet, with progress; may be interrupted."""
    if meaning is not None:
        _embed(library, _missing(library, meaning), meaning)


def embed_some(library: Library, meaning: Meaning | None) -> None:
    """Embed as many passages as a question may wait for, and say how many are left."""
    if meaning is None:
        return
    try:
        keys = _missing(library, meaning)
        _embed(library, keys[:AWAITED], meaning)
    except OSError as error:
        complain(f"passages were not embedded: {error.strerror or error}; free some space")
        return
    if left := len(keys[AWAITED:]):
        complain(f"{counted(left, 'passage')} not embedded yet: 'pincite run' does it as it serves")


def _missing(library: Library, meaning: Meaning) -> list[int]:
    from index.semantic.background import missing

    return missing(library, meaning.vectors)


def _embed(library: Library, keys: Sequence[int], meaning: Meaning) -> None:
    from index.semantic.background import embed

    with progress_bar() as report:
        named = report and partial(_named, report)
        embed(library, keys, meaning.vectors, meaning.embedder, progress=named)


def _named(report: Report, done: int, total: int) -> None:
    report(done, total, "embedding")


@contextmanager
def embedding_behind(library: Library, meaning: Meaning | None) -> Iterator[None]:
    """Embed what is filed, behind the answers, until the context is left."""
    if meaning is None:
        yield
        return
    from index.semantic.background import Background

    background = Background(library, meaning.vectors, meaning.embedder, _tell)
    try:
        yield
    finally:
        background.close()


def _tell(error: Exception) -> None:
    _log.warning("passages could not be embedded; trying again", error=str(error))
