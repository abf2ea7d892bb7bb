"""Files on their way in: fetched, read and filed beside the questions, never in front of them.

Each upload is a row until it is filed (`bot.records.uploads`), so what a restart interrupts is
taken up again. Reading and filing have threads of their own: a questioner never waits for one.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError

from bot.records.leases import at_each_renewal
from bot.records.uploads import Outcome, Sent, Upload, Uploads, path_of
from bot.telegram.fetching import fetched
from bot.telegram.live_message import LiveMessage
from bot.telegram.outbox import Place
from bot.texts import texts_in
from bot.views.markup import code, fill
from bot.views.uploads import choice_view, named, outcome_of, progress_view
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram.ext import ExtBot

    from bot.compose import Services
    from bot.records.access import Access
    from bot.telegram.outbox import Outbox
    from bot.views.render import View

AT_ONCE: Final = 2
"""Files fetched and read at a time; the others wait."""
FETCHED_MB: Final = 20
"""What Telegram hands to a bot at most (https://core.telegram.org/bots/api#getfile)."""

log = structlog.get_logger(__name__)


class UploadProcessor:
    """Files what people sent. `filed` is called when a file is dealt with, and told of."""

    def __init__(
        self,
        services: Services,
        access: Access,
        outbox: Outbox,
        bot: ExtBot[int],
        filed: Callable[[], None] = lambda: None,
    ) -> None:
        self.uploads = Uploads(services.database)
        self._services = services
        self._access = access
        self._outbox = outbox
        self._bot = bot
        self._filed = filed
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="filing")
        self._places = asyncio.Semaphore(AT_ONCE)
        self._stages: dict[int, str] = {}
        self._quiet: set[int] = set()
        self._shown_first: set[int] = set()
        self._introducing: dict[int, asyncio.Event] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._messages: dict[tuple[int, int], LiveMessage] = {}

    @property
    def busy(self) -> bool:
        """Whether files are on their way."""
        return bool(self._tasks)

    async def resume(self, *, alone: bool = True) -> None:
        """Take up what a restart interrupted; unless `alone`, only what no other process files.

        What their messages show now nobody knows any more: they are edited when there is news.
        """
        for upload in await asyncio.to_thread(self.uploads.abandoned, alone=alone):
            if upload.key in self._ours:
                continue
            self._quiet.add(upload.key)
            try:
                await self.take(upload)
            except TelegramError as error:
                log.warning("upload not taken up", upload=upload.key, error=str(error))

    async def keep(self) -> None:
        """Hold what is on its way as long as we live, and take up what was left behind.

        Telegram may let us wait with a message for minutes: neither waits for the other.
        """

        async def renew() -> None:
            await asyncio.to_thread(self.uploads.renew, self._ours)

        await asyncio.gather(
            at_each_renewal(renew), at_each_renewal(lambda: self.resume(alone=False))
        )

    @property
    def _ours(self) -> frozenset[int]:
        return frozenset(self._tasks) | self._shown_first

    async def take(self, upload: Upload) -> None:
        """Show an upload's progress, and file it as soon as its matter is known."""
        if upload.key in self._tasks or upload.outcome:
            return
        if upload.matter:
            said = texts_in(upload.sent.language).documents
            self._stages[upload.key] = said.waiting if self._places.locked() else said.fetching
        self._shown_first.add(upload.key)
        try:
            upload = await self._show(upload)
        finally:
            self._shown_first.discard(upload.key)
        if not upload.matter or not await asyncio.to_thread(self.uploads.hold, upload.key):
            return
        if upload.key not in self._tasks:
            self._tasks[upload.key] = asyncio.create_task(self._work(upload))

    async def _show(self, upload: Upload) -> Upload:
        if upload.progress_id is None:
            return await self._introduce(upload)
        await self._tell(upload)
        await self._shown(upload)
        return upload

    def goals(self, sent: Sent) -> list[str]:
        """The matters that a file may go into where none is named; blocks on the database.

        In a group only those bound there that its sender keeps: the names of others are nobody's
        business there, save that of the one matter that somebody keeps.
        """
        kept = self._access.kept_by(sent.person_id)
        names = self._services.library.matters()
        mine = [name for name in names if kept.allows(name)]
        if sent.chat_id == sent.person_id or len(mine) == 1:
            return mine
        bound = self._access.scope_of_chat(sent.chat_id, sent.thread_id)
        return [name for name in mine if bound.allows(name)]

    async def idle(self) -> None:
        """Wait until nothing is on its way and everything is told."""
        while self._tasks or any(message.busy for message in self._messages.values()):
            waiting = [message.task for message in self._messages.values() if message.task]
            await asyncio.gather(*self._tasks.values(), *waiting)

    async def close(self) -> None:
        """Stop; what is not filed yet is taken up at the next start."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        with suppress(CorpusError):  # else it is taken up when our hold has lapsed
            await asyncio.to_thread(self.uploads.let_go)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self, upload: Upload) -> None:
        try:
            async with self._places:
                outcome = await self._outcome(upload)
            if await asyncio.to_thread(self.uploads.finish, upload.key, outcome):
                await self._tell(upload)
                await self._shown(upload)
        except TelegramError as error:
            log.warning("upload not told", upload=upload.key, error=str(error))
        finally:
            self._tasks.pop(upload.key, None)
            self._stages.pop(upload.key, None)
            self._quiet.discard(upload.key)
            self._filed()

    async def _outcome(self, upload: Upload) -> Outcome:
        sent, said = upload.sent, texts_in(upload.sent.language).documents
        try:
            if self._stages[upload.key] != said.fetching:
                self._stages[upload.key] = said.fetching
                await self._tell(upload)
            content = await self._fetch(sent.file_id)
            self._stages[upload.key] = said.reading
            await self._tell(upload)
            loop = asyncio.get_running_loop()
            outcome = await loop.run_in_executor(self._threads, self._file, upload, content)
        except BadRequest as error:
            log.warning("file not fetched", upload=upload.key, error=str(error))
            too_big = "too big" in str(error).lower()
            return _failed(said.too_large if too_big else said.not_fetched, upload)
        except Exception as error:
            # Whatever it was, one file's trouble stays its own, and its sender is told.
            known = isinstance(error, TelegramError)  # its traceback says nothing more
            log.error(  # noqa: TRY400
                "upload failed",
                upload=upload.key,
                error=f"{type(error).__name__}: {error}",
                exc_info=None if known else error,
            )
            return _failed(said.failed, upload)
        return outcome

    async def _fetch(self, file_id: str) -> bytes:
        """The bytes of a file on Telegram's server. Raises TelegramError."""
        return await fetched(self._bot, file_id)

    def _file(self, upload: Upload, content: bytes) -> Outcome:
        """File the bytes, if their sender still keeps the matter. Blocks for as long as reading."""
        sent, texts = upload.sent, texts_in(upload.sent.language)
        assert upload.matter is not None
        kept = self._access.kept_by(sent.person_id)
        if not kept.allows(upload.matter):
            return _failed(texts.documents.no_longer_keeper, upload)
        filed = self._services.ingest.add_bytes(
            content,
            sent.name,
            upload.matter,
            path=path_of(sent.person_id, sent.name),
            added_by=sent.person_id,
        )
        log.info(
            "file filed",
            outcome=filed.outcome,
            document_id=filed.document_id,
            matter=filed.matter,
            person=sent.person_id,
            passages=filed.passages,
            reason=filed.reason and str(filed.reason),
        )
        if filed.outcome in ("added", "replaced"):
            self._services.searcher.refresh()  # so that the next question need not wait for it
        return outcome_of(filed, sent.name, sent.language)

    async def _introduce(self, upload: Upload) -> Upload:
        """Send the message that will show an upload's progress."""
        sent = upload.sent
        view = await asyncio.to_thread(self._view, [upload])
        known = self._introducing[sent.chat_id] = asyncio.Event()
        try:
            shown = await self._outbox.send(_place(upload), view, reply_to=sent.message_id)
            if shown is None:
                return upload
            await asyncio.to_thread(self.uploads.show_in, upload.key, shown)
            return replace(upload, progress_id=shown)
        finally:
            known.set()
            self._introducing.pop(sent.chat_id, None)

    async def shown_by(self, chat_id: int, message_id: int) -> list[Upload]:
        """The uploads that a message shows, also when it was sent this very moment."""
        known = self._introducing.get(chat_id)
        if known:
            await known.wait()
        return await asyncio.to_thread(self.uploads.shown_by, chat_id, message_id)

    async def _tell(self, upload: Upload) -> None:
        """Bring the message that shows an upload up to date."""
        sent, shown_by = upload.sent, self.uploads.shown_by
        if upload.progress_id is None:
            return
        together = await asyncio.to_thread(shown_by, sent.chat_id, upload.progress_id)
        finished = all(each.outcome for each in together)
        if together and (finished or upload.key not in self._quiet):
            view = await asyncio.to_thread(self._view, together)
            self._message(upload).show(view, last=finished)

    async def _shown(self, upload: Upload) -> None:
        """Wait until the message says what it was last told to."""
        message = self._messages.get((upload.sent.chat_id, upload.progress_id or 0))
        if message and message.task:
            await message.task

    def _view(self, uploads: Sequence[Upload]) -> View:
        """Blocks on the database where a matter is still to be chosen."""
        last = uploads[-1].sent
        texts = texts_in(last.language)
        if any(each.matter for each in uploads):
            return progress_view(uploads, self._stages, texts)
        return choice_view(uploads, self.goals(last), texts)

    def _message(self, upload: Upload) -> LiveMessage:
        assert upload.progress_id is not None
        at = (upload.sent.chat_id, upload.progress_id)
        self._messages = {key: each for key, each in self._messages.items() if each.busy}
        return self._messages.setdefault(at, LiveMessage(self._outbox, _place(upload), at[1]))


def _failed(template: str, upload: Upload) -> Outcome:
    sent = upload.sent
    facts = {"name": named(sent.name), "matter": code(upload.matter or "")}
    return Outcome(fill(template, **facts, size=f"> {FETCHED_MB}", limit=FETCHED_MB))


def _place(upload: Upload) -> Place:
    sent = upload.sent
    private = sent.chat_id > 0
    kind = ChatType.PRIVATE if private else ChatType.SUPERGROUP
    return Place(sent.chat_id, sent.thread_id, kind)
