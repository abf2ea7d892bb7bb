"""A network on loopback that loses requests and answers, and that notes what the bot sent.

It stands between the bot and whatever plays Telegram, so that the same faults meet each server.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, web

if TYPE_CHECKING:
    import random

FAULTS: Final = 0.03
"""The share of requests that get no answer, or the answer of a broken proxy."""
_HOP_BY_HOP: Final = frozenset(
    {"host", "connection", "transfer-encoding", "content-length", "content-encoding"}
)
_UPDATE_BYTES: Final = 1 << 26


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that the server took from the bot."""

    at: float
    chat: int
    replies_to: int
    """The message that it answers; 0 for one that answers none."""
    text: str
    confirmed: bool
    """Whether the bot heard that it was taken."""


class FaultyNetwork:
    """Forwards what the bot sends to `upstream`, except what it loses. `dice` decide."""

    def __init__(self, upstream: str, dice: random.Random) -> None:
        self._upstream = upstream
        self._dice = dice
        self._dark_until = 0.0
        self._session: ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self.faults = 0
        self.sent: list[SentMessage] = []
        self.shown: list[str] = []
        """The text of every message that was sent or edited."""
        self.noted = asyncio.Event()
        """Set at each of them; whoever waits for more clears it."""

    async def start(self) -> str:
        """Listen on a free port; returns the address."""
        self._session = ClientSession(timeout=ClientTimeout(total=90), auto_decompress=False)
        app = web.Application(client_max_size=_UPDATE_BYTES)
        app.router.add_route("*", "/{path:.*}", self._forward)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def close(self) -> None:
        """Listen no more."""
        if self._runner:
            await self._runner.cleanup()
        if self._session:
            await self._session.close()

    def go_dark(self, seconds: float) -> None:
        """Let nothing through for some seconds."""
        self._dark_until = time.monotonic() + seconds

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        # A bot that cannot say who it is does not start; that is another test's subject.
        fault = self._dice.random() if method != "getMe" else 1.0
        if time.monotonic() < self._dark_until:
            return self._lose(request)
        if fault < FAULTS / 3:
            return self._lose(request)
        if fault < FAULTS / 2:
            self.faults += 1
            return web.Response(status=502, text="bad gateway")
        body = await request.read()
        try:
            response = await self._ask_upstream(request, body)
        except (TimeoutError, ClientConnectionError):
            return web.Response(status=502, text="bad gateway")
        # Taken, but the bot never learns of it: the case in which it cannot but repeat.
        loses_answer = fault < FAULTS
        if response.status == 200:
            self._note(request, method, body, confirmed=not loses_answer)
        return self._lose(request) if loses_answer else response

    async def _ask_upstream(self, request: web.Request, body: bytes) -> web.Response:
        assert self._session
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _HOP_BY_HOP
        }
        url = f"{self._upstream}{request.path_qs}"
        async with self._session.request(
            request.method, url, data=body, headers=headers
        ) as response:
            return web.Response(
                status=response.status,
                body=await response.read(),
                headers={
                    name: value
                    for name, value in response.headers.items()
                    if name.lower() not in _HOP_BY_HOP
                },
            )

    def _lose(self, request: web.Request) -> web.Response:
        self.faults += 1
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _note(self, request: web.Request, method: str, body: bytes, *, confirmed: bool) -> None:
        """Note a message, as far as it is sent as a form; files are sent otherwise."""
        if method not in {"sendMessage", "sendRichMessage", "editMessageText"}:
            return
        if not request.content_type.endswith("x-www-form-urlencoded"):
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        text = form.get("text") or form.get("rich_message", "")
        self.shown.append(text)
        self.noted.set()
        if method == "editMessageText":
            return
        replies_to = json.loads(form.get("reply_parameters", "{}")).get("message_id", 0)
        self.sent.append(
            SentMessage(time.monotonic(), int(form["chat_id"]), int(replies_to), text, confirmed)
        )
