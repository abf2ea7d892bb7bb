"""Matches new documents against watches, and tells each chat once what was found for it.

Each round takes what any process filed since the last round, and sends the notices that are due.
How far matching came and what was sent lies in the database, so a restart repeats nothing.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.records.audit import AuditRecord
from bot.records.digests import Digests, Hour
from bot.records.watches import Finding, Watches
from bot.telegram.places import Place
from bot.texts import texts_in
from bot.views.tables import replaced_line
from bot.views.watches import SHOWN, WatchNews, hit_of, notice_view
from corpus.citing.ids import parse_citation
from corpus.errors import CorpusError, NotFound, Withdrawn
from index.saved_queries import SavedQueries, documents_answering
from index.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.compose import Services
    from bot.records.access import Access
    from bot.records.people import People
    from bot.records.watches import Arrival, Watch
    from bot.telegram.outbox import Outbox
    from bot.texts.words import Texts
    from bot.views.markup import Html
    from corpus.models import Scope, Source
    from index.answer import Hit
    from index.engine.protocol import Query

EVERY_SECONDS: Final = 2.0
"""How soon a document is noticed that another process filed."""
LONGEST_BATCH: Final = 60.0
"""Seconds for which what was found waits for the other files that are being filed."""
BETWEEN_FILES: Final = 1.0
BATCH: Final = 200
"""Filings matched in one transaction: a stop in between repeats at most this many."""

# Where no clock was chosen, the language tells where most of its readers live; English does not.
_CLOCKS: Final = {
    "zh-Hans": Hour(0, zone="Asia/Shanghai"),
    "zh-Hant": Hour(0, zone="Asia/Taipei"),
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told to one place: the watches that found something, and the passages shown."""

    news: tuple[WatchNews, ...]
    hits: tuple[Hit, ...]
    sources: tuple[Source, ...]
    """Of the hits, in the same order."""
    more: int
    """Passages that are not shown."""


class WatchNotifier:
    """Matches new documents and notifies chats. `clock` says when a daily digest is due."""

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
        # One thread of its own, so that matching never takes a thread from questions.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="watching")
        self._filed = asyncio.Event()
        self._batch_since: float | None = None
        self.pause = asyncio.sleep
        """Waits for some seconds; tests replace it."""

    def wake(self) -> None:
        """Start a round at once: a document was filed in this process."""
        self._filed.set()

    async def run(self, busy: Callable[[], bool] = lambda: False) -> None:
        """Run rounds for ever, except while `busy` says that files are still on their way."""
        if self._services.database.dialect.name == "sqlite":
            # One bot serves a data folder, so notices that a previous process claimed are free.
            await asyncio.to_thread(self.watches.release_all)
        while True:
            if await self._is_batch_complete(busy):
                self._filed.clear()
                try:
                    await self.run_round()
                except (CorpusError, TelegramError) as error:
                    log.warning("watches not looked at", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._filed.wait(), EVERY_SECONDS)

    async def _is_batch_complete(self, busy: Callable[[], bool]) -> bool:
        """Whether the files that were sent together are all filed: one notice tells of them all."""
        if self._filed.is_set() and not busy():
            # The next file of an album may be a moment behind the first.
            await self.pause(BETWEEN_FILES)
        if not busy():
            self._batch_since = None
            return True
        now = time.monotonic()
        self._batch_since = self._batch_since or now
        # Somebody who sends files without end must not silence the watches.
        if now - self._batch_since < LONGEST_BATCH:
            self._filed.clear()
            return False
        self._batch_since = now
        return True

    async def run_round(self) -> None:
        """Match what is new, and send what is due."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self.match)
        now = self.clock()
        due_by_place = await asyncio.to_thread(self.digests.due, now)
        untold_by_place: dict[tuple[int, int], dict[Watch, list[Finding]]] = {}
        for watch, findings in (await asyncio.to_thread(self.watches.untold)).items():
            untold_by_place.setdefault((watch.chat_id, watch.thread_id), {})[watch] = findings
        for place, untold in untold_by_place.items():
            if due_by_place.get(place, True):  # a place without a digest is told at once
                await self._notify(untold, digest=place in due_by_place)
        for (chat_id, thread_id), is_due in due_by_place.items():
            if is_due:
                await asyncio.to_thread(self.digests.mark_told, chat_id, thread_id, now)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    # -- matching: blocks ------------------------------------------------------------------------

    def match(self) -> None:
        """Match the documents filed since the last time against all watches. Blocks.

        The index takes up what is filed here, so that no question waits for it.
        """
        self._services.searcher.refresh()
        while True:
            since, newest = self.watches.matched(), self.watches.newest()
            if since >= newest:
                return
            watches = self.watches.all_watches()
            arrivals = self.watches.arrivals(since, BATCH) if watches else []
            until = arrivals[-1].key if len(arrivals) == BATCH else newest
            findings = self._match_arrivals(watches, arrivals) if arrivals else []
            if not self.watches.store_findings(findings, since=since, until=until):
                log.info("another process matched the watches")

    def _match_arrivals(
        self, watches: Sequence[Watch], arrivals: Sequence[Arrival]
    ) -> list[Finding]:
        """Candidates by shared terms first: a full search for every watch would take too long."""
        queries = {watch.key: self._query_of(watch) for watch in watches}
        saved = SavedQueries({key: query for key, query in queries.items() if query})
        documents_by_watch: dict[int, set[str]] = {}
        # What the index was spared, this process is not to meet by itself.
        unindexed = self._services.library.documents_set_aside(analyzer.VERSION)
        document_ids = {arrival.document_id for arrival in arrivals} - unindexed.keys()
        for passage in self._services.library.document_passages(document_ids):
            for key in saved.matched_by(passage):
                documents_by_watch.setdefault(key, set()).add(passage.document_id)
        return [
            finding
            for watch in watches
            if watch.key in documents_by_watch
            for finding in self._confirm(watch, documents_by_watch[watch.key], arrivals)
        ]

    def _confirm(
        self, watch: Watch, document_ids: set[str], arrivals: Sequence[Arrival]
    ) -> list[Finding]:
        """The candidate documents that answer the watch, and that its place may see."""
        scope = self.scope_of(watch)
        new_ids = frozenset(
            arrival.document_id
            for arrival in arrivals
            if arrival.document_id in document_ids
            and arrival.key > watch.after_filing
            and scope.allows(arrival.matter)
        )
        if not new_ids:
            return []
        hits = documents_answering(self._services.searcher, watch.question, new_ids, scope)
        return [Finding(watch.key, key, hit.citation) for key, hit in hits.items()]

    def _query_of(self, watch: Watch) -> Query:
        """What a watch asks for where it stands. Blocks on the database."""
        return self._services.searcher.query(watch.question, scope=self.scope_of(watch))

    def scope_of(self, watch: Watch) -> Scope:
        """What the place of a watch may see now. Blocks on the database."""
        if watch.chat_id > 0:  # only private chats have positive ids, which are their person's
            return self._access.admitted_to(watch.chat_id)
        return self._access.scope_of_chat(watch.chat_id, watch.thread_id)

    # -- notifying -------------------------------------------------------------------------------

    async def _notify(self, untold: Mapping[Watch, Sequence[Finding]], *, digest: bool) -> None:
        """Send what was found for the watches of one place, as far as it may see that now."""
        findings = [finding for found in untold.values() for finding in found]
        claimed = await asyncio.to_thread(self.watches.claim, findings, self.clock())
        if not claimed:
            return
        try:
            is_sent = await self._send(untold, frozenset(claimed), digest=digest)
        except (TelegramError, CorpusError) as error:
            watches = [watch.key for watch in untold]
            log.warning("findings not told", watches=watches, error=str(error))
            await asyncio.to_thread(self.watches.release, claimed)
            return
        if is_sent:
            await asyncio.to_thread(self.watches.mark_told, claimed)
        else:
            await asyncio.to_thread(self.watches.postpone, claimed, self.clock())

    async def _send(
        self,
        untold: Mapping[Watch, Sequence[Finding]],
        claimed: frozenset[Finding],
        *,
        digest: bool,
    ) -> bool:
        """False where the place cannot be reached: the bot was removed, or a topic was closed."""
        notice = await asyncio.to_thread(self._gather, untold, claimed)
        if not notice.news:
            return True
        watch = notice.news[0].watch
        is_private = watch.chat_id > 0
        chat_id = None if is_private else watch.chat_id
        person_id = watch.chat_id if is_private else None
        languages = await asyncio.to_thread(self._people.chosen_languages, chat_id, person_id)
        texts = texts_in(languages[0] if languages else watch.language)
        changes = await asyncio.to_thread(self._changes, watch, notice.sources, texts)
        view = notice_view(
            notice.news, notice.hits, texts, more=notice.more, digest=digest, changes=changes
        )
        hour = await asyncio.to_thread(self.digests.hour_of, watch.chat_id, watch.thread_id)
        clock = hour or _CLOCKS.get(languages[0] if languages else watch.language)
        view = replace(view, silent=clock is not None and clock.is_night(self.clock()))
        kind = ChatType.PRIVATE if is_private else ChatType.SUPERGROUP
        message_id = await self._outbox.send(Place(watch.chat_id, watch.thread_id, kind), view)
        if message_id is None:
            return False
        for entry in notice.news:
            citations = [notice.hits[number - 1].citation for number in entry.numbers]
            await asyncio.to_thread(self._record, entry.watch, citations)
        return True

    def _gather(
        self, untold: Mapping[Watch, Sequence[Finding]], claimed: frozenset[Finding]
    ) -> Notice:
        """What the watches of one place found: each passage once, with its number. Blocks."""
        sources: dict[str, Source] = {}
        hits: list[Hit] = []
        news: list[WatchNews] = []
        for watch, findings in untold.items():
            free = [finding for finding in findings if finding in claimed]
            visible_sources = self._visible_sources(watch, free)
            query = self._services.searcher.query(watch.question, scope=self.scope_of(watch))
            numbers = []
            for source in visible_sources:
                citation = source.passage.citation
                if citation not in sources and len(hits) < SHOWN:
                    hits.append(hit_of(source, query, len(hits) + 1))
                sources.setdefault(citation, source)
                numbers += [hit.rank for hit in hits if hit.citation == citation]
            if visible_sources:
                news.append(WatchNews(watch, tuple(sorted(numbers))))
        shown = [sources[hit.citation] for hit in hits]
        return Notice(tuple(news), tuple(hits), tuple(shown), len(sources) - len(hits))

    def _visible_sources(self, watch: Watch, findings: Sequence[Finding]) -> list[Source]:
        """The passages found that the place may see now, of documents that are still live."""
        scope, library, sources = self.scope_of(watch), self._services.library, []
        for finding in findings:
            with suppress(NotFound, Withdrawn):
                source = library.source(parse_citation(finding.citation), scope, neighbours=0)
                if source.document.matters:
                    sources.append(source)
        return sources

    def _changes(self, watch: Watch, sources: Sequence[Source], texts: Texts) -> list[Html]:
        """A line for each document that replaced another one: how the two differ."""
        scope, lines = self.scope_of(watch), []
        titles = {source.document.id: source.document.title for source in sources}
        for document_id, title in titles.items():
            with suppress(NotFound, Withdrawn):  # most replaced no other
                pairs = self._services.searcher.compare(document_id, None, scope=scope)
                lines.append(replaced_line(title, document_id, pairs, texts))
        return lines

    def _record(self, watch: Watch, citations: Sequence[str]) -> None:
        record = AuditRecord(
            "watch",
            "telegram",
            tuple(citations),
            self._services.searcher.version,
            watch.question,
            chat_id=watch.chat_id,
            thread_id=watch.thread_id,
            person_id=watch.person_id,
        )
        self._services.audit.record(record)
