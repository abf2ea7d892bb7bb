"""A Bot API on loopback that knows just what a bot under load needs, and Telegram's flood limits.

About 1 message a second in a chat and 30 a second in all
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

TOKEN: Final = "4242:AAStandInTokenThatOpensNothingAtAll00"  # noqa: S105
ALL_A_SECOND: Final = 30
FIRST_PERSON: Final = 10_000
_BOT: Final = {"id": 4242, "is_bot": True, "first_name": "Pincite", "username": "pincite_bot"}

_PROFILE: Final[dict[str, Any]] = {
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getMyCommands": [],
}


@dataclass
class QuestionTiming:
    """When a question was asked, and when its answer came."""

    at: float
    answered: float | None = None

    @property
    def seconds(self) -> float:
        """From the update to its answer."""
        return (self.answered or self.at) - self.at


class Loopback:
    """Gives updates to whoever polls, takes messages, and notes when each question was answered."""

    def __init__(self) -> None:
        self.timings: dict[tuple[int, int], QuestionTiming] = {}
        self.refused = 0
        """Requests answered with 429."""
        self.polled = asyncio.Event()
        self.quiet = asyncio.Event()
        """Set while every question is answered."""
        self._updates: deque[dict[str, Any]] = deque()
        self._arrived = asyncio.Event()
        self._update_id = 0
        self._message_id = 0
        self._sent: deque[float] = deque()
        self._sent_to: dict[int, float] = {}
        self._files: dict[str, bytes] = {}

    def ask(self, chat: int, text: str) -> None:
        """A person asks in private."""
        message_id = self.send(FIRST_PERSON + chat, text)
        self.timings[FIRST_PERSON + chat, message_id] = QuestionTiming(time.perf_counter())
        self.quiet.clear()

    def send(self, person_id: int, text: str) -> int:
        """A person writes in private; returns the message's id."""
        command = text.split(maxsplit=1)[0]
        marks = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return self._push(person_id, text=text, entities=marks if command[0] == "/" else [])

    def send_file(self, person_id: int, name: str, content: bytes, caption: str) -> int:
        """A person sends a file in private, with a command as its caption."""
        file_id = f"file{len(self._files)}"
        self._files[file_id] = content
        marks = [{"type": "bot_command", "offset": 0, "length": len(caption.split(maxsplit=1)[0])}]
        document = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_name": name,
            "file_size": len(content),
        }
        return self._push(person_id, document=document, caption=caption, caption_entities=marks)

    def _push(self, person_id: int, **content: Any) -> int:
        self._update_id += 1
        self._message_id += 1
        person = {"id": person_id, "is_bot": False, "first_name": f"P{person_id}"}
        message = {
            "message_id": self._message_id,
            "date": int(time.time()),
            "from": person,
            "chat": {"id": person_id, "type": "private", "first_name": f"P{person_id}"},
        }
        self._updates.append({"update_id": self._update_id, "message": message | content})
        self._arrived.set()
        return self._message_id

    def waiting(self) -> int:
        """How many questions have no answer yet."""
        return sum(question.answered is None for question in self.timings.values())

    async def start(self) -> tuple[str, web.AppRunner]:
        """Listen on a free port; returns the base URL, and what has to be cleaned up."""
        app = web.Application(client_max_size=2**24)
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._serve)
        app.router.add_get(f"/file/bot{TOKEN}/{{file_id}}", self._serve_file)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}/bot", runner

    async def _serve(self, request: web.Request) -> web.Response:
        parameters = await request.post()
        match request.match_info["method"]:
            case "getUpdates":
                return _ok(await self._poll(parameters))
            case "sendMessage":
                return self._take(parameters)
            case "getFile":
                file_id = str(parameters["file_id"])
                file = {"file_id": file_id, "file_unique_id": file_id, "file_path": file_id}
                return _ok(file)
            case "getMe":
                return _ok(_BOT | {"can_join_groups": True, "can_read_all_group_messages": False})
        return _ok(_PROFILE.get(request.match_info["method"], True))

    async def _serve_file(self, request: web.Request) -> web.Response:
        return web.Response(body=self._files[request.match_info["file_id"]])

    async def _poll(self, parameters: Any) -> list[dict[str, Any]]:
        self.polled.set()
        offset = int(parameters.get("offset", 0))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), int(parameters.get("timeout", 0)))
            except TimeoutError:
                return []
        return list(self._updates)[:100]

    def _take(self, parameters: Any) -> web.Response:
        now, chat = time.perf_counter(), int(parameters["chat_id"])
        while self._sent and self._sent[0] <= now - 1:
            self._sent.popleft()
        if len(self._sent) >= ALL_A_SECOND or now - self._sent_to.get(chat, 0) < 1:
            self.refused += 1
            return _too_many()
        self._sent.append(now)
        self._sent_to[chat] = now
        question = json.loads(parameters.get("reply_parameters", "{}")).get("message_id", 0)
        timing = self.timings.get((chat, question))
        if timing and timing.answered is None:
            timing.answered = now
            if not self.waiting():
                self.quiet.set()
        self._message_id += 1
        where = {"id": chat, "type": "private", "first_name": "P"}
        return _ok({"message_id": self._message_id, "date": int(time.time()), "chat": where})


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _too_many() -> web.Response:
    described = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    return web.json_response(described, status=429)
