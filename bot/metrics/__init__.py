"""How the bot is doing: what is counted as it happens. Nothing is counted until it is served.

Label values are from short fixed lists, never from people or documents: a metric must not tell who
asked what, and each new value costs memory for ever.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from index.answer import Certainty, QuestionKind, RefusalKind
from index.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import CollectorRegistry

    from corpus.models import Filed
    from index.answer import Answer

Stage: TypeAlias = Literal["answer", "index", "read", "send"]

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Counters:
    """What is counted as it happens."""

    def __init__(self, registry: CollectorRegistry) -> None:
        # Only a bot that serves its metrics pays for loading the client.
        from prometheus_client import Counter, Histogram  # noqa: PLC0415

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(f"pincite_{name}", about, labels, registry=registry)

        about = "Answers, by what was sent and how sure the best passage is"
        self._answers = counter("answers", about, "kind", "certainty")
        self._refusals = counter("refusals", "Questions that no passage answers", "reason")
        self._questions = counter("questions", "Questions asked")
        self._files = counter("files", "Files, by outcome and reason", "outcome", "reason")
        about = "Requests to Telegram that failed"
        self._errors = counter("telegram_errors", about, "method", "error")
        # Answering 429, Telegram says for how long: the sum tells how much it slows the bot down.
        about = "Seconds waited before requests to Telegram were repeated"
        self._waits = counter("telegram_wait_seconds", about, "error")
        self._seconds = Histogram(
            "pincite_stage_seconds",
            "Time taken by a stage: answer (a search), index (catching up), read (filing a file),"
            " send (a request to Telegram)",
            ("stage",),
            buckets=SECONDS,
            registry=registry,
        )
        self._begin_series()

    def _begin_series(self) -> None:
        """Begin each series at 0."""
        # A series that is not there cannot be told from one that is broken.
        for kind in get_args(QuestionKind):
            for certainty in (*get_args(Certainty), "none"):
                self._answers.labels(kind, certainty)
        for reason in get_args(RefusalKind):
            self._refusals.labels(reason)

    def count_answer(self, answer: Answer) -> None:
        """A question was answered or refused."""
        self._questions.inc()
        if answer.refusal:
            self._refusals.labels(answer.refusal.kind).inc()
            return
        certainty = answer.hits[0].certainty if answer.hits else "none"
        self._answers.labels(answer.kind, certainty).inc()

    def count_filed(self, filed: Filed) -> None:
        """A file was filed or refused, with its attachments."""
        reason = filed.reason.code if filed.reason else ""
        self._files.labels(filed.outcome, reason).inc()
        for attachment in filed.attachments:
            self.count_filed(attachment)

    def count_error(self, method: str, error: Exception, wait: float | None) -> None:
        """A request to Telegram failed."""
        name = type(error).__name__
        self._errors.labels(method, name).inc()
        if wait is not None:
            self._waits.labels(name).inc(wait)

    def observe(self, stage: Stage, seconds: float) -> None:
        """A stage took so long."""
        self._seconds.labels(stage).observe(seconds)


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
