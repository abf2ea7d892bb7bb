"""New documents against the watches: matched once, and what was found told once, in every chat.

A round looks at what was filed since the last one, by whichever process, and tells what is due.
Where matching stands and what was told is kept in the database, so a restart repeats nothing.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.records.audit import AuditRecord
from bot.records.digests import Digests
from bot.records.watches import Finding, Watches
from bot.telegram.outbox import Place
from bot.texts import texts_in
from bot.views.watches import SHOWN, hit_of, notice_view
from corpus.citing.ids import parse_citation
from corpus.errors import CorpusError, NotFound, Withdrawn
from index.saved_queries import SavedQueries, documents_answering

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.compose import Services
    from bot.records.access import Access
    from bot.records.people import People
    from bot.records.watches import Arrival, Watch
    from bot.telegram.outbox import Outbox
    from corpus.models import Scope, Source

EVERY_SECONDS: Final = 2.0
"""How soon a document is noticed that another process filed."""
AT_ONCE: Final = 200
"""Filings matched between two steps that are kept."""

log = structlog.get_logger(__name__)


class WatchNotifier:
    """Matches and tells. `busy` says when a round had better wait a moment."""

    def __init__(
        self,
        services: Services,
        access: Access,
        people: People,
        outbox: Outbox,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.watches = Watches(services.database)
        self.digests = Digests(services.database)
        self._services = services
        self._access = access
        self._people = people
        self._outbox = outbox
        self.clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="watching")
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Something was filed here: look at once."""
        self._news.set()

    async def run(self, busy: Callable[[], bool] = lambda: False) -> None:
        """Look around again and again; what goes wrong is tried again."""
        if self._services.database.dialect.name == "sqlite":
            # One bot serves a data folder: what the one before claimed, nobody tells any more.
            await asyncio.to_thread(self.watches.release_all)
        while True:
            if self._news.is_set() or not busy():
                self._news.clear()
                try:
                    await self.round()
                except (CorpusError, TelegramError) as error:
                    log.warning("watches not looked at", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), EVERY_SECONDS)

    async def round(self) -> None:
        """Match what is new, and tell what is due."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self.match)
        moment = self.clock()
        daily = await asyncio.to_thread(self.digests.due, moment)
        for watch, found in (await asyncio.to_thread(self.watches.untold)).items():
            if daily.get((watch.chat_id, watch.thread_id), True):
                await self._tell(watch, found, digest=(watch.chat_id, watch.thread_id) in daily)
        for (chat_id, thread_id), due in daily.items():
            if due:
                await asyncio.to_thread(self.digests.strike, chat_id, thread_id, moment)

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    # -- matching: blocks ------------------------------------------------------------------------

    def match(self) -> None:
        """Find what documents filed since the last time answer. Blocks."""
        while True:
            since, newest = self.watches.matched(), self.watches.newest()
            if since >= newest:
                return
            watches = self.watches.all()
            arrivals = self.watches.arrivals(since, AT_ONCE) if watches else []
            until = arrivals[-1].key if len(arrivals) == AT_ONCE else newest
            found = self._found(watches, arrivals) if arrivals else []
            if not self.watches.keep(found, since=since, until=until):
                log.info("another process matched the watches")

    def _found(self, watches: Sequence[Watch], arrivals: Sequence[Arrival]) -> list[Finding]:
        self._services.searcher.refresh()
        queries = {each.key: self._services.searcher.query(each.question) for each in watches}
        standing = SavedQueries({key: query for key, query in queries.items() if query})
        touched: dict[int, set[str]] = {}
        documents = {each.document_id for each in arrivals}
        for passage in self._services.library.document_passages(documents):
            for key in standing.matched_by(passage):
                touched.setdefault(key, set()).add(passage.document_id)
        return [
            finding
            for watch in watches
            if watch.key in touched
            for finding in self._confirmed(watch, touched[watch.key], arrivals)
        ]

    def _confirmed(
        self, watch: Watch, touched: set[str], arrivals: Sequence[Arrival]
    ) -> list[Finding]:
        scope = self.scope_of(watch)
        new = frozenset(
            each.document_id
            for each in arrivals
            if each.document_id in touched
            and each.key > watch.after_filing
            and scope.allows(each.matter)
        )
        if not new:
            return []
        hits = documents_answering(self._services.searcher, watch.question, new, scope)
        return [Finding(watch.key, key, hit.citation) for key, hit in hits.items()]

    def scope_of(self, watch: Watch) -> Scope:
        """What the place of a watch may see now. Blocks on the database."""
        if watch.chat_id > 0:
            return self._access.scope_of_person(watch.chat_id)
        return self._access.scope_of_chat(watch.chat_id, watch.thread_id)

    # -- telling ---------------------------------------------------------------------------------

    async def _tell(self, watch: Watch, found: Sequence[Finding], *, digest: bool) -> None:
        """Tell a place what was found for it, as far as it may see that now."""
        mine = await asyncio.to_thread(self.watches.claim, found, self.clock())
        if not mine:
            return
        try:
            reached = await self._say(watch, mine, digest=digest)
        except (TelegramError, CorpusError) as error:
            log.warning("findings not told", watch=watch.key, error=str(error))
            await asyncio.to_thread(self.watches.release, mine)
            return
        if reached:
            await asyncio.to_thread(self.watches.tell, mine)
        else:
            await asyncio.to_thread(self.watches.put_off, mine, self.clock())

    async def _say(self, watch: Watch, found: Sequence[Finding], *, digest: bool) -> bool:
        """False where the place cannot be reached: we were removed or blocked, a topic closed."""
        sources = await asyncio.to_thread(self._visible, watch, found)
        if not sources:
            return True
        shown = sources[:SHOWN]
        query = await asyncio.to_thread(self._services.searcher.query, watch.question)
        hits = [hit_of(source, query, rank) for rank, source in enumerate(shown, 1)]
        chat_id = None if watch.chat_id > 0 else watch.chat_id
        person_id = watch.chat_id if watch.chat_id > 0 else None
        chosen = await asyncio.to_thread(self._people.chosen_languages, chat_id, person_id)
        texts = texts_in(chosen[0] if chosen else watch.language)
        view = notice_view(watch, hits, texts, more=len(sources) - len(shown), digest=digest)
        private = watch.chat_id > 0
        kind = ChatType.PRIVATE if private else ChatType.SUPERGROUP
        sent = await self._outbox.send(Place(watch.chat_id, watch.thread_id, kind), view)
        if sent is None:
            return False
        await asyncio.to_thread(self._record, watch, [hit.citation for hit in hits])
        return True

    def _visible(self, watch: Watch, found: Sequence[Finding]) -> list[Source]:
        """The passages found that the place may see now, of documents that are live there still."""
        scope, library, sources = self.scope_of(watch), self._services.library, []
        for each in found:
            with suppress(NotFound, Withdrawn):
                source = library.source(parse_citation(each.citation), scope, neighbours=0)
                if source.document.matters:
                    sources.append(source)
        return sources

    def _record(self, watch: Watch, citations: Sequence[str]) -> None:
        shown = AuditRecord(
            "watch",
            "telegram",
            tuple(citations),
            self._services.searcher.version,
            watch.question,
            chat_id=watch.chat_id,
            thread_id=watch.thread_id,
            person_id=watch.person_id,
        )
        self._services.audit.record(shown)
