"""A small world for the bot to answer in: two matters behind two walls, and who may ask them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from bot.compose import Services
from bot.migrations import MIGRATIONS
from bot.records.access import Access
from bot.settings import Settings
from corpus.citing.ids import CitationId
from corpus.errors import UnreadableFile
from corpus.ingest import Ingest
from corpus.language.sentences import find_sentences
from corpus.library import Library
from corpus.models import Filed, Metadata, Passage, PassageRecord, Reading, Scope
from corpus.reading.read import read
from index.answer import Answer, Hit, Refusal
from index.engine.protocol import Query
from index.explain import Explanation
from index.query.question import parse_question
from index.search import Searcher
from tests.databases import open_migrated

JUDGMENT = (
    "The appeal court revoked the first judgment and dismissed every claim.",
    "It reversed since a lessor of servers is no host: notice and takedown does not apply to it.",
    "The notices were not qualified either: nobody could find the infringing content by them.",
    "Shutting a server down on a mere notice would be neither prudent nor reasonable.",
)
REASONS = (
    "二審撤銷一審判決，駁回全部訴訟請求。",
    "出租雲端伺服器不屬於條例所列的四種服務，因此通知與移除的規定不適用於出租人。",
)
LEASE = (
    "The tenant pays the rent on the first day of each month.",
    "The landlord repairs the roof within thirty days of a notice.",
)
PEOPLE = {
    "Owner": (101, "en"),
    "Keeper": (102, "en"),
    "Reader": (103, "en"),
    "讀者": (104, "zh-hant"),
    "读者": (105, "zh-hans"),
    "Stranger": (106, "en"),
}
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]{2}")
_COMMON = frozenset("the a of is it to in on and what who why did does be".split())


class SharedWordSearcher:
    """Ranks by shared words, in plain sight: what the bot shows is tested, not how it is found."""

    meaning = None

    def __init__(self, library: Library) -> None:
        self._library = library
        # What is no ranking is the real thing.
        real = Searcher(library)
        self.check, self.compare, self.each = real.check, real.compare, real.each
        self.timeline, self.find_documents = real.timeline, real.find_documents

    version = "1.7"

    def answer(
        self,
        question: str,
        *,
        scope: Scope,
        k: int = 3,
        skip: int = 0,
        earlier: str | None = None,
        limited: bool = True,
    ) -> Answer:
        """Hits by the number of words shared; a word that nobody knows makes it unsure.

        What begins with 'and' goes on from the question before it.
        """
        if earlier and question.startswith("and "):
            both = f"{question} ({earlier})"
            return replace(self.answer(both, scope=scope, k=k, skip=skip), understood_as=both)
        live = self._library.live_matters()
        seen = [
            passage
            for passage in self._library.live_passages()
            if scope.visible(live[passage.document_id])
        ]
        for passage in seen:
            if passage.citation == question.strip():
                record = self._library.passages_by_key([passage.key], scope)[passage.key]
                matter = min(scope.visible(live[passage.document_id]))
                cited = (_hit(1, record, set(), matter),)
                return Answer(question, cited, 0.1, kind="citation")
        words = set(_words(question)) - _COMMON
        if not words:
            return Answer(question, (), 0.1, Refusal("only_common_words"))
        ranked = [(len(words & set(_words(each.text))), each) for each in seen]
        ranked = sorted((pair for pair in ranked if pair[0]), key=lambda pair: -pair[0])
        known = {word for each in seen for word in _words(each.text)}
        unknown = tuple(sorted(words - known))
        if not ranked:
            return Answer(question, (), 0.1, Refusal("no_evidence", unknown))
        shown = ranked[skip : skip + k]
        titled = self._library.passages_by_key([each.key for _, each in shown], scope)
        hits = tuple(
            _hit(rank, each, words, min(scope.visible(live[each.document_id])))
            for rank, each in enumerate(titled.values(), skip + 1)
        )
        refusal = Refusal("unsure", unknown) if unknown else None
        return Answer(question, hits, 0.1, refusal, more=len(ranked) > skip + k)

    def query(self, question: str, *, scope: Scope) -> Query:
        """As the analyzer has it."""
        return parse_question(question).query

    def refresh(self) -> None:
        """Nothing is kept that could grow old."""

    def explain(self, question: str, citation: CitationId, *, scope: Scope) -> Explanation:
        """Not asked of it here."""
        raise NotImplementedError


class InProcessReader:
    """Reads in this very process: the files here do no harm."""

    def read_many(self, files: Iterable[tuple[bytes, str]]) -> Iterator[Reading | UnreadableFile]:
        """Readings, or why there is none."""
        for content, name in files:
            try:
                yield read(content, name)
            except UnreadableFile as reason:
                yield reason


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _hit(rank: int, record: PassageRecord, words: set[str], matter: str) -> Hit:
    spans = [found.span() for found in _WORD.finditer(record.text.lower()) if found[0] in words]
    sentences = find_sentences(record.text, 0, len(record.text))
    first = spans[0][0] if spans else 0
    return Hit(
        rank=rank,
        score=1.0 / rank,
        confidence=0.9,
        citation=record.citation,
        document_id=record.document_id,
        passage_id=record.citation,
        matter=matter,
        title=record.title,
        date=record.date,
        pin=record.pin,
        page=record.page,
        start=record.start,
        end=record.end,
        text=record.text,
        highlights=tuple(spans),
        matched=tuple(record.text[start:end] for start, end in spans),
        answer=next((span for span in sentences if span[0] <= first < span[1]), None),
    )


def reading(*paragraphs: str, metadata: Metadata, name: str = "document.txt") -> Reading:
    """A document of one passage a paragraph."""
    text = "\n\n".join(paragraphs)
    passages, at = [], 0
    for ordinal, paragraph in enumerate(paragraphs, 1):
        end = at + len(paragraph)
        passages.append(Passage(ordinal, at, end, paragraph, f"¶ {ordinal}"))
        at = end + 2
    content = text.encode()
    digest = hashlib.sha256(content).hexdigest()
    media = "text/plain"
    return Reading(name, content, digest, media, text, metadata, (), tuple(passages))


def file_sample_documents(library: Library) -> dict[str, Filed]:
    """File the documents of both matters."""
    judgment = Metadata(
        "Summary of the appeal judgment",
        "2019-06-20",
        "Docket notes",
        "https://example.org/appeal",
        "en",
    )
    reasons = Metadata("二審改判的理由", "2019-06-20", None, None, "zh-Hant")
    lease = Metadata("Lease of the warehouse", "2024-05-01", None, None, "en")
    return {
        "judgment": library.file(reading(*JUDGMENT, metadata=judgment), matter="appeal", path="j"),
        "reasons": library.file(reading(*REASONS, metadata=reasons), matter="appeal", path="r"),
        "lease": library.file(reading(*LEASE, metadata=lease), matter="lease", path="l"),
    }


@contextmanager
def sample_services(folder: Path, token: str, url: str = "", **settings: Any) -> Iterator[Services]:
    """The services of a bot in this world, on a database of its own, or on the one at `url`."""
    database = open_migrated(url, folder=folder, migrations=MIGRATIONS)
    library = Library(database)
    file_sample_documents(library)
    owners = frozenset({PEOPLE["Owner"][0]})
    chosen: dict[str, Any] = {"owners": owners, "data": folder, "passages": 2, **settings}
    made = Settings(**chosen | {"_env_file": None, "telegram_token": SecretStr(token)})
    access = Access(database, made)
    access.admit(PEOPLE["Keeper"][0], "lease", "keeper")
    for reader in ("Reader", "讀者", "读者"):
        access.admit(PEOPLE[reader][0], "appeal", "reader")
    searcher = cast("Searcher", SharedWordSearcher(library))
    ingest = Ingest(library, InProcessReader(), max_bytes=made.max_bytes, lock=None)
    try:
        yield Services(made, library, searcher, ingest, database)
    finally:
        database.dispose()
