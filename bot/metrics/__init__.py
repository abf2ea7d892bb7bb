"""How the bot is doing: what is counted as it happens. Nothing is counted until it is served.

Label values are from short fixed lists, never from people or documents: a metric must not tell who
asked what, and each new value costs memory for ever.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from index.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.metrics.counters import Counters
    from corpus.models import Filed
    from index.answer import Answer

Stage: TypeAlias = Literal["answer", "index", "read", "send"]

_counters: Counters | None = None


def count_with(counters: Counters | None) -> None:
    """Count with these from now on; None counts nothing."""
    global _counters  # noqa: PLW0603 - the official client keeps its metrics for a process, too
    _counters = counters


def count_answer(answer: Answer) -> None:
    """A question was answered or refused."""
    if _counters:
        _counters.count_answer(answer)


def count_filed(filed: Filed) -> None:
    """A file was added, replaced, unchanged or refused; its attachments count by themselves."""
    if _counters:
        _counters.count_filed(filed)


def count_error(method: str, error: Exception, wait: float | None = None) -> None:
    """A request to Telegram failed; `wait`: seconds until it is repeated, None where it is not."""
    if _counters:
        _counters.count_error(method, error, wait)


@contextmanager
def timed(stage: Stage) -> Iterator[None]:
    """Measure how long a stage takes, also when it fails."""
    if _counters is None:
        yield
        return
    started = time.perf_counter()
    try:
        yield
    finally:
        _counters.observe(stage, time.perf_counter() - started)


class MeasuredSearcher(Searcher):
    """A searcher that counts its answers and measures how long they take."""

    def answer(self, *args: Any, **options: Any) -> Answer:
        """As `Searcher.answer`."""
        with timed("answer"):
            answer = super().answer(*args, **options)
        count_answer(answer)
        return answer

    def refresh(self, *args: Any, **options: Any) -> None:
        """As `Searcher.refresh`."""
        with timed("index"):
            super().refresh(*args, **options)
