"""`pincite run`: Telegram if a token is set, else a console chat, else answers to piped input."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from bot.audit import AuditRecorder
from bot.cli.ask import lines_of_input, print_answers
from bot.compose import Services, data_folder, is_clustered, open_services
from bot.console.chat import chat
from bot.console.exit_status import DONE
from bot.embedding import embed_some, embedding_behind
from bot.errors import RefusalError, SettingsError
from bot.folder_watch import file_once, watch_in_background
from bot.maintenance import clean_up
from bot.metrics.server import serving_metrics
from bot.sample import file_casefile
from bot.settings import Settings
from bot.understanding import topic_of, understand
from corpus.models import Scope
from index.answer import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.search import Searcher


def run(settings: Settings) -> int:
    """Serve until told to stop. Raises SettingsError, RefusalError."""
    _check_watched_folder(settings)
    if settings.telegram_token is not None:
        return _serve_telegram(settings)
    with open_services(settings) as services:
        clean_up(services)
        file_casefile(services.library)
        with serving_metrics(services, beats=False):
            return _chat(services) if sys.stdin and sys.stdin.isatty() else _answer_input(services)


def _serve_telegram(settings: Settings) -> int:
    from bot.telegram import app as telegram_app  # noqa: PLC0415 - half a second to import

    with _exclusive_lock(settings), open_services(settings) as services:
        clean_up(services)
        file_casefile(services.library)
        with (
            serving_metrics(services, beats=True),
            watch_in_background(services),
            embedding_behind(services.searcher.meaning),
        ):
            telegram_app.run(services)
    return DONE


def _chat(services: Services) -> int:
    settings = services.settings
    with watch_in_background(services), embedding_behind(services.searcher.meaning):
        chat(
            services.library,
            services.searcher,
            AuditRecorder(services.audit, services.searcher, "console"),
            passages=settings.passages,
            history=data_folder(settings) / "history",
        )
    return DONE


def _answer_input(services: Services) -> int:
    """Answer piped questions as one conversation, over what the watched folder holds now."""
    # Piped questions have an end, so nothing is watched in the background.
    file_once(services)
    embed_some(services.searcher.meaning)
    record = AuditRecorder(services.audit, services.searcher, "command line")
    talk = PipedTalk(services.searcher, services.settings.passages, record)
    return print_answers(lines_of_input(), talk.answer)


class PipedTalk:
    """A conversation whose lines come from a pipe: each is understood as in the console chat."""

    def __init__(self, searcher: Searcher, passages: int, record: AuditRecorder) -> None:
        self._searcher = searcher
        self._passages = passages
        self._record = record
        self._question, self._earlier, self._topic = "", "", ""
        self._shown: dict[int, str] = {}

    def answer(self, line: str) -> Answer:
        """The answer to a line: passages, the next ones, one by its number or id, or why none."""
        utterance = understand(line, follows=True)
        if utterance.kind == "more":
            return self._next_page(line)
        if utterance.kind == "number":
            citation = self._shown.get(utterance.number)
            if citation is None:
                return Answer(line, (), 0.0, Refusal("no_such_number"))
            return self._record.answered(replace(self._search(citation), question=line), "source")
        if utterance.kind in {"thanks", "greeting"}:
            # The last answer stays: '2' after 'thanks' still opens its second passage.
            return self._record.answered(self._search(line))
        self._question, self._earlier, self._shown = line, self._topic, {}
        reply = self._search(line, earlier=self._earlier or None)
        # A refusal has no topic: the next question goes on from the last answer.
        self._topic = topic_of(reply) if reply.hits else self._topic
        return self._noted(self._record.answered(reply))

    def _next_page(self, line: str) -> Answer:
        earlier = self._earlier or None
        reply = self._search(self._question, skip=len(self._shown), earlier=earlier)
        if not reply.hits:
            return Answer(line, (), reply.took_ms, Refusal("no_more"))
        return self._noted(self._record.answered(reply, "page"))

    def _noted(self, reply: Answer) -> Answer:
        self._shown |= {hit.rank: hit.citation for hit in reply.hits}
        return reply

    def _search(self, question: str, *, skip: int = 0, earlier: str | None = None) -> Answer:
        scope = Scope.all()
        answer = self._searcher.answer
        return answer(question, scope=scope, k=self._passages, skip=skip, earlier=earlier)


@contextmanager
def _exclusive_lock(settings: Settings) -> Iterator[None]:
    """Hold the lock of the data folder, unless several processes share a webhook.

    Telegram refuses `getUpdates` when two processes poll with one token.
    """
    if is_clustered(settings):
        yield
        return
    folder = data_folder(settings)
    lock = FileLock(folder / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RefusalError(
            f"another 'pincite run' serves Telegram from {folder}: stop it first, or give this"
            " one its own --data and token"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _check_watched_folder(settings: Settings) -> None:
    folder = settings.documents
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"PINCITE_DOCUMENTS is {str(folder)!r}; expected a folder that exists")
