"""Uploaded files: downloaded, read and filed in the background, never in front of a question.

Each upload is a row in the database until it is filed (`bot.records.uploads`), so that a restart
takes up what was interrupted. Reading and filing have threads of their own, so that nobody who
asks a question waits for them.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError

from bot import metrics
from bot.records.access import Actor, act_record
from bot.records.filing import record_filed
from bot.records.leases import at_each_renewal
from bot.records.uploads import SentFile, Upload, UploadOutcome, Uploads, path_of
from bot.telegram.places import Place
from bot.telegram.sent_files import DOWNLOAD_MB, PAGE_BREAK, download_file, pdf_of
from bot.texts import texts_in
from bot.views.markup import code, fill
from bot.views.uploads import choice_view, named, outcome_of, progress_view
from corpus.errors import CannotWrite, CorpusError, NotFound, Withdrawn
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram.ext import ExtBot

    from bot.compose import Services
    from bot.records.access import Access
    from bot.telegram.outbox import Outbox
    from bot.views.view import View
    from corpus.models import Filed

# Reading is bound by the processor; more at once would slow down the answers.
CONCURRENT_FILES: Final = 2
"""Files downloaded and read at a time; the others wait."""

log = structlog.get_logger(__name__)


@dataclass
class LiveMessage:
    """A message that shows the newest view given to it, with one edit at a time.

    Views that come while an edit is on its way replace each other: Telegram allows about one edit
    a second. Where the message was deleted, the last view is sent as a new message.
    """

    outbox: Outbox
    place: Place
    message_id: int
    task: asyncio.Task[None] | None = None
    next_view: tuple[View, bool] | None = None

    @property
    def busy(self) -> bool:
        """Whether an edit is being sent."""
        return self.task is not None

    def show(self, view: View, *, last: bool) -> None:
        """Show a view as soon as possible; `last` says that it may not be lost."""
        self.next_view = view, last
        # One task a message: two edits at once may arrive in the wrong order.
        if self.task is None:
            self.task = asyncio.create_task(self._edit())

    async def _edit(self) -> None:
        try:
            while self.next_view:
                (view, last), self.next_view = self.next_view, None
                is_shown = await self.outbox.edit(self.place.chat_id, self.message_id, view)
                # The sender deleted the progress message, yet has to learn the result.
                if last and not is_shown:
                    await self.outbox.send(self.place, view)
        except TelegramError as error:
            log.warning("progress not shown", chat=self.place.chat_id, error=str(error))
        finally:
            self.task = None


class UploadProcessor:
    """Files what people send. `on_filed` is called when a file is finished and reported."""

    def __init__(
        self,
        services: Services,
        access: Access,
        outbox: Outbox,
        bot: ExtBot[int],
        on_filed: Callable[[], None] = lambda: None,
    ) -> None:
        self.uploads = Uploads(services.database)
        self._services = services
        self._access = access
        self._outbox = outbox
        self._bot = bot
        self._on_filed = on_filed
        # Threads of its own: asyncio's are shared with the questions.
        self._threads = ThreadPoolExecutor(CONCURRENT_FILES, thread_name_prefix="filing")
        self._slots = asyncio.Semaphore(CONCURRENT_FILES)
        self._stages: dict[int, str] = {}
        self._silent: set[int] = set()
        """Uploads resumed after a restart: their message is edited only when they are finished."""
        self._announced: set[int] = set()
        """Uploads whose first message is being sent: no task holds their lease yet."""
        self._sending: dict[int, asyncio.Event] = {}
        """By chat: set once the id of a progress message that is being sent is known."""
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._messages: dict[tuple[int, int], LiveMessage] = {}

    @property
    def busy(self) -> bool:
        """Whether files are being processed."""
        return bool(self._tasks)

    async def resume(self, *, alone: bool = True) -> None:
        """Resume what a restart interrupted; unless `alone`, only what no other process holds.

        Their messages still show the progress of before; each is edited when its file is finished.
        """
        for upload in await asyncio.to_thread(self.uploads.take_over, alone=alone):
            # A lease runs out after a long pause of the machine, although the work goes on here.
            if upload.key in self._owned:
                continue
            self._silent.add(upload.key)
            try:
                await self.accept(upload)
            except TelegramError as error:
                log.warning("upload not taken up", upload=upload.key, error=str(error))

    async def renew_leases(self) -> None:
        """Renew the leases of uploads in progress, and resume abandoned ones, for ever.

        The two run side by side: resuming sends messages, which may wait for minutes.
        """

        async def renew() -> None:
            await asyncio.to_thread(self.uploads.renew, self._owned)

        await asyncio.gather(
            at_each_renewal(renew), at_each_renewal(lambda: self.resume(alone=False))
        )

    @property
    def _owned(self) -> frozenset[int]:
        return frozenset(self._tasks) | self._announced

    async def accept(self, upload: Upload) -> None:
        """Show an upload's progress, and start filing it once its matter is known."""
        if upload.key in self._tasks or upload.outcome:
            return
        if upload.matter:
            texts = texts_in(upload.sent.language).documents
            self._stages[upload.key] = texts.waiting if self._slots.locked() else texts.fetching
        self._announced.add(upload.key)
        try:
            upload = await self._show_progress(upload)
        finally:
            self._announced.discard(upload.key)
        # `acquire` decides between processes: only one may file the upload.
        if not upload.matter or not await asyncio.to_thread(self.uploads.acquire, upload.key):
            return
        if upload.key not in self._tasks:
            self._tasks[upload.key] = asyncio.create_task(self._process(upload))

    async def _show_progress(self, upload: Upload) -> Upload:
        if upload.progress_id is None:
            return await self._send_progress(upload)
        await self._update_message(upload)
        await self._wait_until_shown(upload)
        return upload

    def possible_matters(self, sent: SentFile) -> list[str]:
        """The matters that a file may go into where none is named. Blocks on the database.

        In a group these are the matters bound to it that the sender keeps: the buttons are seen
        by everybody there. Only a keeper of a single matter needs no button at all.
        """
        keeper_scope = self._access.scope_of_keeper(sent.person_id)
        names = self._services.library.matters()
        kept_names = [name for name in names if keeper_scope.allows(name)]
        if sent.chat_id == sent.person_id or len(kept_names) == 1:
            return kept_names
        bound = self._access.scope_of_chat(sent.chat_id, sent.thread_id)
        return [name for name in kept_names if bound.allows(name)]

    async def idle(self) -> None:
        """Wait until every file is finished and its message shown."""
        while self._tasks or any(message.busy for message in self._messages.values()):
            edits = [message.task for message in self._messages.values() if message.task]
            await asyncio.gather(*self._tasks.values(), *edits)

    async def close(self) -> None:
        """Stop; unfinished uploads are resumed at the next start."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        with suppress(CorpusError):  # without this, others wait until the lease ends
            await asyncio.to_thread(self.uploads.release_all)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _process(self, upload: Upload) -> None:
        try:
            async with self._slots:
                outcome = await self._fetch_and_file(upload)
            if await asyncio.to_thread(self.uploads.finish, upload.key, outcome):
                await self._update_message(upload)
                await self._wait_until_shown(upload)
        except TelegramError as error:
            log.warning("upload not told", upload=upload.key, error=str(error))
        except CorpusError as error:
            await self._wait_for_storage(upload, error)
        finally:
            self._tasks.pop(upload.key, None)
            self._stages.pop(upload.key, None)
            self._silent.discard(upload.key)
            self._on_filed()

    async def _wait_for_storage(self, upload: Upload, error: CorpusError) -> None:
        """Leave an upload for later, and say so: it goes on when its lease has expired."""
        log.error("upload waits: nothing can be written", upload=upload.key, error=str(error))
        self._stages[upload.key] = texts_in(upload.sent.language).documents.cannot_store
        with suppress(TelegramError, CorpusError):
            await self._update_message(upload)
            await self._wait_until_shown(upload)

    async def _fetch_and_file(self, upload: Upload) -> UploadOutcome:
        sent, texts = upload.sent, texts_in(upload.sent.language).documents
        try:
            if self._stages[upload.key] != texts.fetching:
                self._stages[upload.key] = texts.fetching
                await self._update_message(upload)
            content = await self._fetch(sent.file_id)
            self._stages[upload.key] = texts.reading
            await self._update_message(upload)
            loop = asyncio.get_running_loop()
            outcome = await loop.run_in_executor(self._threads, self._file, upload, content)
        except BadRequest as error:
            log.warning("file not fetched", upload=upload.key, error=str(error))
            too_big = "too big" in str(error).lower()
            return _failed(texts.too_large if too_big else texts.not_fetched, upload)
        except CannotWrite:
            raise
        except Exception as error:
            # One file's failure must not stop the others, and its sender waits for an answer.
            is_telegram_error = isinstance(error, TelegramError)  # its traceback adds nothing
            log.error(  # noqa: TRY400
                "upload failed",
                upload=upload.key,
                error=f"{type(error).__name__}: {error}",
                exc_info=None if is_telegram_error else error,
            )
            return _failed(texts.failed, upload)
        return outcome

    async def _fetch(self, file_id: str) -> bytes:
        """The bytes of a file on Telegram's server; pages become one file. Raises TelegramError."""
        pages = [await download_file(self._bot, page) for page in file_id.split(PAGE_BREAK)]
        return pages[0] if len(pages) == 1 else await asyncio.to_thread(pdf_of, pages)

    def _file(self, upload: Upload, content: bytes) -> UploadOutcome:
        """File the bytes, if their sender still keeps the matter. Blocks while the file is read."""
        sent, texts = upload.sent, texts_in(upload.sent.language)
        assert upload.matter is not None
        keeper_scope = self._access.scope_of_keeper(sent.person_id)
        # Checked when the file is filed and not when it was sent: minutes may lie in between.
        if not keeper_scope.allows(upload.matter):
            return _failed(texts.documents.no_longer_keeper, upload)
        with metrics.timed("read"):
            filed = self._services.ingest.add_bytes(
                content,
                sent.name,
                upload.matter,
                path=path_of(sent.person_id, sent.name),
                added_by=sent.person_id,
            )
        metrics.count_filed(filed)
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
            self._record(sent, filed)
            self._services.searcher.refresh()  # so that the next question does not wait for it
        return outcome_of(filed, sent.name, sent.language)

    async def undo(self, upload: Upload, actor: Actor) -> None:
        """Take a filing back: the document leaves its matter, and what it replaced comes back.

        Raises UnderHold.
        """
        assert upload.outcome is not None
        loop = asyncio.get_running_loop()
        with suppress(NotFound, Withdrawn):
            await loop.run_in_executor(self._threads, self._take_back, upload, actor)
        line = fill(texts_in(upload.sent.language).documents.undone, name=named(upload.sent.name))
        await asyncio.to_thread(self.uploads.undo, upload.key, line)

    def _take_back(self, upload: Upload, actor: Actor) -> None:
        outcome, sent, matter = upload.outcome, upload.sent, upload.matter
        assert outcome is not None
        assert outcome.document_id is not None
        assert matter is not None
        library, scope = self._services.library, Scope.of(matter)
        if outcome.supersedes:
            # Filed again under its path, the old version takes the place of the new one.
            original = library.original(outcome.supersedes, scope)
            path = path_of(sent.person_id, sent.name)
            content, sender = original.content, sent.person_id
            self._services.ingest.add_bytes(content, sent.name, matter, path=path, added_by=sender)
        else:
            library.withdraw(outcome.document_id, scope=scope)
        details = {"matters": [matter], "undone": True, "restored": outcome.supersedes}
        citations = (f"{outcome.document_id}-1",)
        self._services.audit.record(act_record("withdrawn", actor, citations, details=details))
        self._services.searcher.refresh()

    def _record(self, sent: SentFile, filed: Filed) -> None:
        actor = Actor(
            sent.person_id, "telegram", sent.chat_id, sent.thread_id or None, sent.message_id
        )
        assert filed.document_id is not None
        self.uploads.remember(sent, filed.document_id)
        record_filed(self._services.audit, filed, actor)

    async def _send_progress(self, upload: Upload) -> Upload:
        """Send the message that shows an upload's progress."""
        sent = upload.sent
        view = await asyncio.to_thread(self._view, [upload])
        is_sent = self._sending[sent.chat_id] = asyncio.Event()
        try:
            message_id = await self._outbox.send(_place(upload), view, reply_to=sent.message_id)
            if message_id is None:
                return upload
            await asyncio.to_thread(self.uploads.show_in, upload.key, message_id)
            return replace(upload, progress_id=message_id)
        finally:
            is_sent.set()
            self._sending.pop(sent.chat_id, None)

    async def shown_by(self, chat_id: int, message_id: int) -> list[Upload]:
        """The uploads that a message shows.

        A person may press a button before the id of its message is stored: that is waited for.
        """
        is_sent = self._sending.get(chat_id)
        if is_sent:
            await is_sent.wait()
        return await asyncio.to_thread(self.uploads.shown_by, chat_id, message_id)

    async def _update_message(self, upload: Upload) -> None:
        """Update the message that shows an upload, and the others of its album."""
        sent, shown_by = upload.sent, self.uploads.shown_by
        if upload.progress_id is None:
            return
        album = await asyncio.to_thread(shown_by, sent.chat_id, upload.progress_id)
        finished = all(member.outcome for member in album)
        if album and (finished or upload.key not in self._silent):
            view = await asyncio.to_thread(self._view, album)
            self._message(upload).show(view, last=finished)

    async def _wait_until_shown(self, upload: Upload) -> None:
        """Wait until the message shows its newest view."""
        message = self._messages.get((upload.sent.chat_id, upload.progress_id or 0))
        if message and message.task:
            await message.task

    def _view(self, uploads: Sequence[Upload]) -> View:
        """Blocks on the database where a matter is still to be chosen."""
        last = uploads[-1].sent
        texts = texts_in(last.language)
        if any(upload.matter for upload in uploads):
            return progress_view(uploads, self._stages, texts)
        return choice_view(uploads, self.possible_matters(last), texts)

    def _message(self, upload: Upload) -> LiveMessage:
        assert upload.progress_id is not None
        key = (upload.sent.chat_id, upload.progress_id)
        # Idle messages are dropped here, so that the dictionary does not grow for ever.
        self._messages = {key: live for key, live in self._messages.items() if live.busy}
        return self._messages.setdefault(key, LiveMessage(self._outbox, _place(upload), key[1]))


def _failed(template: str, upload: Upload) -> UploadOutcome:
    sent = upload.sent
    facts = {"name": named(sent.name), "matter": code(upload.matter or "")}
    size, operator = f"> {DOWNLOAD_MB}", texts_in(sent.language).documents.operator
    return UploadOutcome(fill(template, **facts, size=size, limit=DOWNLOAD_MB, operator=operator))


def _place(upload: Upload) -> Place:
    sent = upload.sent
    # Bot API: ids of people are positive, those of groups and channels negative.
    private = sent.chat_id > 0
    kind = ChatType.PRIVATE if private else ChatType.SUPERGROUP
    return Place(sent.chat_id, sent.thread_id, kind)
