"""A reader on loopback over two matters behind two walls, and visitors who come to it."""

from __future__ import annotations

import atexit
import hashlib
import hmac
import json
import shutil
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.cli.read import server_port
from bot.compose import Services, open_services
from bot.reader.app import Membership, ReaderService, build, serve
from bot.reader.leave import LeaveKeys
from bot.reader.opening import DocumentOpener
from bot.reader.page_worker import PageRequest
from bot.reader.pages import MEMORY_MB, SERVE, Pages
from bot.records.access import Access
from bot.records.conversation import Conversation, Question
from bot.records.people import People
from bot.setting_types import Address
from bot.settings import Settings
from corpus.models import Scope
from corpus.workers import WorkerKind, WorkerPool
from tests.corpus.making import pdf
from tests.speeds import shared_process

TOKEN = "123456789:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12"
OTHER_TOKEN = "987654321:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12"
READER, STRANGER, TENANT = 103, 106, 107
"""Admitted to `appeal`; to nothing; to `lease`."""
TEAM = -1007
"""A chat bound to `appeal`."""

HOLDING = "The court of appeal held that a lessor of cloud servers is no host of what they keep. "
NOTICE = "A notice that names no place is no notice, and obliges nobody to take any measure. "
PAGES = [
    "Introduction\n\nThe parties dispute who answers for copies kept on leased servers. " * 3,
    HOLDING + NOTICE * 2 + "Costs follow the event and are paid within thirty days. ",
    "The claimant may ask for leave to appeal within twenty days of this judgment. " * 4,
]
LEASE = """Lease of the warehouse

The tenant pays the rent on the first day of each month.

The landlord repairs the roof at his own cost within thirty days of a notice.
"""
NOTE = """# Note on notices

## What a notice needs

A qualified notice names the place of the copy[1] and the right that it infringes.

- the address of the copy
- the right and its owner

| Step | Days |
|---|---|
| Notice | 3 |
| Counter-notice | 15 |

[1] An address that opens the copy is enough.

## 通知的要件

合格的通知應當載明侵權內容的具體位置，否則不發生通知的效力。
"""


def judgment() -> bytes:
    """A PDF of three pages, set in lines of 60 characters."""
    pages = [
        [(72.0, 770 - 18.0 * n, 12.0, line) for n, line in enumerate(textwrap.wrap(text, 60))]
        for text in PAGES
    ]
    return pdf(pages, info={"Title": "Judgment on leased servers"})


@dataclass
class World:
    """A reader that listens, and what it reads from."""

    services: Services
    service: ReaderService
    client: httpx.AsyncClient
    access: Access
    conversation: Conversation
    moment: list[float] = field(default_factory=lambda: [time.time()])
    members: set[tuple[int, int]] = field(default_factory=set)

    def document(self, title: str) -> str:
        """The id of a document by its title."""
        documents = self.services.library.documents(Scope.all())
        return next(document.id for document in documents if document.title == title)

    def citation(self, title: str, words: str) -> str:
        """The citation of the passage of a document that says some words."""
        passages = self.services.library.document_passages([self.document(title)])
        return next(passage.citation for passage in passages if words in passage.text)

    def key(self, citation: str, person_id: int | None = READER, **chat: Any) -> str:
        """A key to the document of a citation."""
        document_id = citation.rpartition("-")[0]
        return self.service.opener.keys.grant(document_id, person_id=person_id, **chat)

    def init_data(self, person_id: int, token: str = TOKEN, age: float = 0, **more: str) -> str:
        """What Telegram gives a Mini App."""
        return init_data(person_id, token, self.moment[0] - age, more)

    async def get(self, citation: str, path: str = "", **query: Any) -> httpx.Response:
        """Ask for something of a passage."""
        return await self.client.get(f"/read/s_{citation}{path}", params=query)

    async def page(self, citation: str, person_id: int = READER) -> LexborHTMLParser:
        """The page of a passage, parsed."""
        answer = await self.get(citation, key=self.key(citation, person_id))
        assert answer.status_code == 200, answer.text[:300]
        return LexborHTMLParser(answer.text)

    def ask(self, words: str, citations: list[str], person_id: int = READER) -> None:
        """Have somebody asked a question in private that these passages answered."""
        at = "2026-11-22T12:00:00Z"
        question = Question(person_id, 0, len(citations) + 1, person_id, words, at)
        stored = self.conversation.ask(question)
        self.conversation.answer(stored.key, 99, citations)

    def records(self) -> list[Mapping[str, Any]]:
        """The audit's records of the reader."""
        return [row for row in self.services.audit.rows() if row["via"] == "reader"]


def init_data(
    person_id: int, token: str, issued: float, more: Mapping[str, str] | None = None
) -> str:
    """As Telegram signs it (https://core.telegram.org/bots/webapps)."""
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps({"id": person_id, "first_name": "A", "language_code": "zh-hant"}),
        "auth_date": str(int(issued)),
        "signature": "x" * 86,
        **(more or {}),
    }
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    fields["hash"] = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    return urlencode(fields, quote_via=quote)


def file_documents(folder: Path) -> None:
    """Fill a data folder with the documents of both matters."""
    documents = folder / "documents"
    for matter, files in {
        "appeal": {"judgment.pdf": judgment(), "note.md": NOTE.encode()},
        "lease": {"lease.txt": LEASE.encode()},
    }.items():
        (documents / matter).mkdir(parents=True)
        for name, content in files.items():
            (documents / matter / name).write_bytes(content)
        with open_services(_settings(folder / "data")) as services:
            outcomes = list(services.ingest.add([documents / matter], matter))
            assert {filed.outcome for filed in outcomes} == {"added"}


def _settings(data: Path) -> Settings:
    values: dict[str, Any] = {
        "data": data,
        "meaning": "off",
        "telegram_token": SecretStr(TOKEN),
        "reader_url": "https://reader.example",
    }
    return Settings(**values)


class SharedPages(Pages):
    """Pages of a test's own, whose process goes on to draw those of other tests."""

    def __init__(self) -> None:
        super().__init__(1)
        self._pool = _shared_pool()

    def close(self) -> None:
        """Leave the process to other tests."""

    def _ask(self, request: PageRequest, content: Callable[[], bytes], seconds: float) -> Any:
        with shared_process():
            return super()._ask(request, content, seconds)


@cache
def _shared_pool() -> WorkerPool:
    pool = WorkerPool(1, WorkerKind(SERVE, memory_mb=MEMORY_MB))
    atexit.register(pool.close)
    return pool


@asynccontextmanager
async def opened_world(filled: Path, folder: Path) -> AsyncIterator[World]:
    """A reader over a copy of the documents."""
    shutil.copytree(filled / "data", folder / "data")
    with open_services(_settings(folder / "data")) as services, closing(SharedPages()) as pages:
        access = Access(services.database, services.settings)
        access.admit(READER, "appeal", "reader")
        access.admit(TENANT, "lease", "reader")
        access.bind(TEAM, 0, "appeal")
        conversation = Conversation(services.database)
        moment, members = [time.time()], set[tuple[int, int]]()

        async def is_member(chat_id: int, person_id: int) -> bool:
            return (chat_id, person_id) in members

        opener = DocumentOpener(
            services.library,
            services.audit,
            pages,
            LeaveKeys.of_token(TOKEN, lambda: moment[0]),
            lambda: services.searcher,
            access=access,
            conversation=conversation,
        )
        service = ReaderService(
            opener,
            "en",
            token=TOKEN,
            link="https://t.me/pincite_bot?start=s_",
            access=access,
            people=People(services.database),
            membership=Membership(is_member),
        )
        server = serve(build(service), Address("127.0.0.1", 0))
        address = f"http://127.0.0.1:{server_port(server)}"
        async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as client:
            yield World(services, service, client, access, conversation, moment, members)
        server.stop()
        await server.close_all_connections()


def texts_of(elements: Iterable[LexborNode]) -> list[str]:
    """What some elements say."""
    return [text_of(element) for element in elements]


def text_of(element: LexborNode) -> str:
    """What an element says, its white space too."""
    return str(element.text(deep=True, separator="", strip=False))


def attribute(element: LexborNode, name: str) -> str:
    """The value of an attribute that the element must have."""
    value = element.attributes[name]
    assert value is not None
    return value
