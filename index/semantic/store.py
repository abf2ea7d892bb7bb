"""What holds vectors, and what fills it: the small protocols behind which stores plug in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy.typing as npt

from index.semantic.embedder import Floats

Progress = Callable[[int, int], None]
"""Called with the passages done and those there were to do."""


class Store(Protocol):
    """Vectors of passages, under their numbers (`naming`). Safe to share between threads."""

    def scores(self, question: Floats, numbers: npt.ArrayLike) -> Floats:
        """The cosine of each passage with the question; NaN for one that has no vector yet."""
        ...


class Embedding(Protocol):
    """The work of giving every live passage of a library its vector, once."""

    def left(self) -> int:
        """The live passages that have no vector yet."""
        ...

    def catch_up(
        self,
        *,
        most: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
        progress: Progress | None = None,
    ) -> None:
        """Embed what has no vector yet, of that `most` passages, and save it, until `stopped()`.

        Raises OSError, EngineUnavailable: the vectors cannot be kept.
        """
        ...
