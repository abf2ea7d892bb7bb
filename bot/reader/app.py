"""The reader over HTTP: a Tornado application, beside the webhook, alone, or on loopback.

Whoever has no leave gets one and the same page with status 404, at one and the same pace, whatever
was asked for. The page holds nothing but the script that trades Telegram's data for a key.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import structlog
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from bot.jsonshape import dump
from bot.reader.leave import Leave, NoLeave, TelegramVisitor, read_init_data
from bot.reader.opening import DocumentOpener
from bot.reader.page import asset, load_templates, render_changes, render_page, render_shell
from bot.reader.pages import PageFailed
from bot.reader.paging import parse_width
from bot.records.question_limit import PersonalLimit
from bot.texts import language_of
from corpus.citing.ids import parse_citation
from corpus.errors import CorpusError, MalformedCitation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.records.access import Access
    from bot.records.people import People
    from bot.setting_types import Address

PICTURES_PER_MINUTE: Final = 240
OPENINGS_PER_MINUTE: Final = 60
LONGEST_BODY: Final = 16_384
CHATS_ASKED: Final = 50
"""Chats in which a person is looked for who is admitted to nothing in their own right."""
MEMBERSHIP_SECONDS: Final = 60.0
PACE: Final = 0.05
"""Refusals are sent at whole multiples of these seconds: how long one took then tells nothing."""
_REMEMBERED: Final = 10_000

_ID: Final = r"s_([0-9A-Za-z]{1,80}-[0-9]{1,10})"
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # The places of boxes are attributes; a style sheet or a script in the page stays forbidden.
        "style-src-attr 'unsafe-inline'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        # Telegram's web client shows Mini Apps in a frame.
        "frame-ancestors https://web.telegram.org https://*.telegram.org",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "pincite",
}

log = structlog.get_logger(__name__)


class Membership:
    """Whether a person is in a chat, asked of Telegram at most once a minute."""

    def __init__(self, ask: Callable[[int, int], Awaitable[bool]]) -> None:
        self._ask = ask
        self._answers: OrderedDict[tuple[int, int], tuple[float, bool]] = OrderedDict()

    async def holds(self, chat_id: int, person_id: int) -> bool:
        """Whether the person is in the chat now, or was within the last minute."""
        now, pair = time.monotonic(), (chat_id, person_id)
        moment, is_member = self._answers.get(pair, (-MEMBERSHIP_SECONDS, False))
        if now - moment >= MEMBERSHIP_SECONDS:
            is_member = await self._ask(chat_id, person_id)
            self._answers[pair] = now, is_member
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return is_member


@dataclass(slots=True)
class ReaderService:
    """What the handlers work with."""

    opener: DocumentOpener
    language: str
    """The interface language of those who chose none."""
    token: str = field(default="", repr=False)
    """The bot's, which signs Telegram's data; empty on the owner's own machine."""
    link: str = ""
    """The address of a place that lasts: it ends with `s_`, and a citation follows."""
    base: str = ""
    """The path below which it is served."""
    access: Access | None = None
    people: People | None = None
    membership: Membership | None = None
    pictures: PersonalLimit = field(default_factory=lambda: PersonalLimit(PICTURES_PER_MINUTE))
    openings: PersonalLimit = field(default_factory=lambda: PersonalLimit(OPENINGS_PER_MINUTE))

    async def leave_of_key(self, key: str) -> Leave:
        """The leave of a key; through a chat, only while the person is in it. Raises NoLeave."""
        leave = self.opener.keys.read(key)
        if leave is None:
            raise NoLeave
        if leave.chat_id is not None and not await self._is_member(leave.chat_id, leave.person_id):
            raise NoLeave
        return leave

    async def leave_of_data(self, data: str, document_id: str) -> Leave:
        """The leave of the person whom Telegram's data name, to one document. Raises NoLeave."""
        clock = self.opener.keys.clock
        visitor = read_init_data(data, self.token, clock) if self.token else None
        if visitor is None or not document_id:
            raise NoLeave
        key = self.opener.keys.grant(document_id, person_id=visitor.person_id)
        personal = await self.leave_of_key(key)
        if await asyncio.to_thread(self.opener.may_see, personal):
            return personal
        return await self._leave_through_chat(visitor, document_id)

    async def _leave_through_chat(self, visitor: TelegramVisitor, document_id: str) -> Leave:
        """The same through a chat that the person is in and that may ask the document's matter."""
        if self.access is None or self.membership is None:
            raise NoLeave
        # Chats are asked in one order and all of them, whatever the document: the time that this
        # takes must not tell in which of them it may be seen.
        first_leave: Leave | None = None
        for chat_id, thread_id in await asyncio.to_thread(self.access.bound_places, CHATS_ASKED):
            if await self._is_member(chat_id, visitor.person_id):
                key = self.opener.keys.grant(
                    document_id,
                    person_id=visitor.person_id,
                    chat_id=chat_id,
                    thread_id=thread_id,
                )
                leave = await self.leave_of_key(key)
                if await asyncio.to_thread(self.opener.may_see, leave):
                    first_leave = first_leave or leave
        if first_leave is None:
            raise NoLeave
        return first_leave

    async def _is_member(self, chat_id: int, person_id: int | None) -> bool:
        if self.membership is None or person_id is None:
            return False
        return await self.membership.holds(chat_id, person_id)

    def language_of(self, leave: Leave, accepted: str) -> str:
        """The language that a person chose, else that of their browser. Blocks on the database."""
        languages = (
            self.people.chosen_languages(None, leave.person_id)
            if self.people and leave.person_id
            else []
        )
        return (
            languages[0]
            if languages
            else language_of(re.split("[,;]", accepted)[0].strip(), self.language)
        )


class ReaderHandler(RequestHandler):
    """What every answer has in common."""

    def initialize(self, reader: ReaderService) -> None:
        self.reader = reader

    def prepare(self) -> None:
        self.started = time.monotonic()

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def compute_etag(self) -> str | None:
        """None: what is privileged is kept nowhere, and a hash of it would be asked about."""
        return None

    async def refuse(self) -> None:
        """The one answer to everybody without leave."""
        elapsed = time.monotonic() - self.started
        await asyncio.sleep(PACE - elapsed % PACE)
        self.clear()
        self.set_status(404)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        await self.finish(render_shell(self.reader.base))

    async def leave(self, citation: str) -> Leave:
        """The leave of this request, by its key or by Telegram's data. Raises NoLeave."""
        kind, _, data = self.request.headers.get("Authorization", "").partition(" ")
        # The scheme that Mini Apps use for requests of their own.
        if kind.lower() == "tma":
            return await self.reader.leave_of_data(data, _document_id(citation))
        return await self.reader.leave_of_key(self.get_query_argument("key", ""))

    async def answer(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work; whoever has no leave for it is refused."""
        try:
            await work()
        except (NoLeave, HTTPError):  # a query that is no text is nobody's leave
            await self.refuse()
        except CorpusError as error:
            log.warning("page not served", error=str(error))
            self.set_status(503)
            self.set_header("Content-Type", "text/plain; charset=UTF-8")
            await self.finish("")

    async def is_too_many(self, limit: PersonalLimit, leave: Leave) -> bool:
        """Whether this was one request too many, which is then said."""
        wait = limit.wait(leave.person_id or leave.chat_id or 0)
        if wait:
            self.set_status(429)
            self.set_header("Retry-After", str(wait))
            self.set_header("Content-Type", "text/plain; charset=UTF-8")
            await self.finish("")
        return bool(wait)

    async def get(self, *_: str) -> None:
        await self.refuse()

    async def head(self, *_: str) -> None:
        await self.refuse()

    async def post(self, *_: str) -> None:
        await self.refuse()

    put = patch = delete = options = post

    def write_error(self, status_code: int, **_: Any) -> None:
        """Whatever goes wrong looks like every refusal."""
        self.clear()
        self.set_status(404 if status_code < 500 else status_code)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(render_shell(self.reader.base))


class PageHandler(ReaderHandler):
    """`GET /read/s_ID`: the passage in its document."""

    async def get(self, *path: str) -> None:
        # `app` stands in the address that a Mini App opens: its leave comes with the script.
        if "app" in self.request.query_arguments and "key" not in self.request.query_arguments:
            await self.finish(render_shell(self.reader.base))
            return
        await self.answer(lambda: self._open(path[0]))

    async def _open(self, citation: str) -> None:
        leave = await self.leave(citation)
        if await self.is_too_many(self.reader.openings, leave):
            return
        accepted = self.request.headers.get("Accept-Language", "")
        await self.finish(await asyncio.to_thread(self._html, leave, citation, accepted))

    def _html(self, leave: Leave, citation: str, accepted: str) -> str:
        opening = self.reader.opener.open(leave, citation)
        return render_page(opening, self.reader.language_of(leave, accepted), self.reader.link)


class PictureHandler(ReaderHandler):
    """`GET /read/s_ID/page/N.webp?w=WIDTH`: a page as it looks."""

    async def get(self, *path: str) -> None:
        await self.answer(lambda: self._draw(*path))

    async def _draw(self, citation: str, page: str) -> None:
        leave = await self.leave(citation)
        width = parse_width(self.get_query_argument("w", ""))
        if await self.is_too_many(self.reader.pictures, leave):
            return
        try:
            picture = await asyncio.to_thread(
                self.reader.opener.picture, leave, citation, int(page), width
            )
        except PageFailed:
            self.set_status(503)
            await self.finish()
            return
        self.set_header("Content-Type", "image/webp")
        await self.finish(picture)


class SearchHandler(ReaderHandler):
    """`GET /read/s_ID/search?q=…`: the passages of the document that hold the words."""

    async def get(self, *path: str) -> None:
        await self.answer(lambda: self._search(path[0]))

    async def _search(self, citation: str) -> None:
        leave = await self.leave(citation)
        if await self.is_too_many(self.reader.openings, leave):
            return
        words = self.get_query_argument("q", "")
        passages = await asyncio.to_thread(self.reader.opener.search, leave, citation, words)
        shapes = [
            {
                "citation": passage.citation,
                "pin": passage.pin,
                "text": passage.text,
                "highlights": [list(span) for span in passage.highlights],
            }
            for passage in passages
        ]
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        await self.finish(f"[{','.join(map(dump, shapes))}]")


class ChangesHandler(ReaderHandler):
    """`GET /read/s_ID/changes`: what differs from the version that the document replaced."""

    async def get(self, *path: str) -> None:
        await self.answer(lambda: self._compare(path[0]))

    async def _compare(self, citation: str) -> None:
        leave = await self.leave(citation)
        if await self.is_too_many(self.reader.openings, leave):
            return
        accepted = self.request.headers.get("Accept-Language", "")
        await self.finish(await asyncio.to_thread(self._html, leave, citation, accepted))

    def _html(self, leave: Leave, citation: str, accepted: str) -> str:
        source, changes = self.reader.opener.changes(leave, citation)
        key = self.reader.opener.keys.sign(leave)
        return render_changes(source, changes, self.reader.language_of(leave, accepted), key)


class OriginalHandler(ReaderHandler):
    """`GET /read/s_ID/original`: the document's file."""

    async def get(self, *path: str) -> None:
        await self.answer(lambda: self._send(path[0]))

    async def _send(self, citation: str) -> None:
        leave = await self.leave(citation)
        if await self.is_too_many(self.reader.openings, leave):
            return
        original = await asyncio.to_thread(self.reader.opener.original, leave, citation)
        # Saved and never shown: a file may hold scripts, and would run them as ours.
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header(
            "Content-Disposition", f"attachment; filename*=UTF-8''{quote(original.name)}"
        )
        await self.finish(original.content)


class LeaveHandler(ReaderHandler):
    """`POST /read/leave`: Telegram's data are traded for the address of a page with its key."""

    async def post(self, *_: str) -> None:
        await self.answer(self._trade)

    async def _trade(self) -> None:
        citation = self.get_body_argument("citation", "")[:100]
        data = self.get_body_argument("init_data", "", strip=False)
        leave = await self.reader.leave_of_data(data, _document_id(citation))
        key = self.reader.opener.keys.sign(leave)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        await self.finish(json.dumps({"address": f"s_{parse_citation(citation)}?key={key}"}))


class ShellHandler(ReaderHandler):
    """The address of the Mini App: a page that holds nothing, and is the same for everybody."""

    async def get(self, *_: str) -> None:
        await self.finish(render_shell(self.reader.base))


class AssetHandler(ReaderHandler):
    """The style sheet and the script: they hold no secret."""

    async def get(self, *path: str) -> None:
        self.set_header("Content-Type", ASSETS[path[0]])
        self.set_header("Cache-Control", "public, max-age=3600")
        await self.finish(asset(path[0]))


ASSETS: Final = {
    "reader.css": "text/css; charset=UTF-8",
    "reader.js": "text/javascript; charset=UTF-8",
}


def _document_id(citation: str) -> str:
    """The document of a citation as people write it. Raises NoLeave."""
    try:
        return parse_citation(citation).document_id
    except MalformedCitation:
        raise NoLeave from None


def build(reader: ReaderService) -> Application:
    """The application."""
    load_templates()
    base = re.escape(reader.base)
    routes = [
        (rf"{base}/read/(reader\.css|reader\.js)", AssetHandler),
        (rf"{base}/read/leave", LeaveHandler),
        (rf"{base}/?(?:read/?(?:app)?)?", ShellHandler),
        (rf"{base}/read/{_ID}", PageHandler),
        (rf"{base}/read/{_ID}/page/([1-9][0-9]{{0,5}})\.webp", PictureHandler),
        (rf"{base}/read/{_ID}/search", SearchHandler),
        (rf"{base}/read/{_ID}/original", OriginalHandler),
        (rf"{base}/read/{_ID}/changes", ChangesHandler),
    ]
    return Application(
        [(path, handler, {"reader": reader}) for path, handler in routes],
        default_handler_class=ReaderHandler,
        default_handler_args={"reader": reader},
        log_function=_log_request,
        compress_response=True,
    )


def serve(application: Application, address: Address) -> HTTPServer:
    """Listen on an address; the event loop has to run. Raises OSError where it is taken."""
    server = HTTPServer(
        application,
        max_body_size=LONGEST_BODY,
        max_header_size=LONGEST_BODY,
        idle_connection_timeout=60,
        body_timeout=20,
    )
    server.listen(address.port, address=address.host)
    return server


def _log_request(handler: RequestHandler) -> None:
    """Without the query: it holds the key."""
    log.debug(
        "read",
        method=handler.request.method,
        path=handler.request.path,
        status=handler.get_status(),
    )
