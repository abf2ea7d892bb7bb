"""The Bot API emulator in ../shared/tools, imported by its path, and a bot that runs on it."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.compose import Services
from bot.telegram.app import build, serve
from bot.telegram.ownership import OwnershipClaim
from tests.bot.telegram.dialogue import Output, Turn, file_in, output_of
from tests.bot.telegram.sample_matters import PEOPLE, sample_services
from tests.bot.telegram.simulator import (
    ALIEN,
    CHATS,
    CODE,
    SHOWN_IN_PRIVATE,
    TOPICS,
    bind,
    settings_of,
)

BOT = "pincite_bot"
_INVITATION = re.compile(r"\?start=j_([\w-]{24})")


def load_emulator(shared: Path) -> Any:
    """The emulator's module; imported once."""
    name = "botapi_emulator"
    if name not in sys.modules:
        found = importlib.util.spec_from_file_location(name, shared / "tools" / f"{name}.py")
        assert found
        assert found.loader
        module = importlib.util.module_from_spec(found)
        sys.modules[name] = module
        found.loader.exec_module(module)
    return sys.modules[name]


class EmulatorSession:
    """Plays turns over HTTP, with the pace and the strictness of a real server."""

    def __init__(self, tg: Any, services: Services, given: Sequence[str]) -> None:
        self.tg = tg
        self.services = services
        self.users = {
            name: tg.create_user(
                name,
                id=number,
                language_code=code,
                username=name.lower() if name.isascii() else None,
            )
            for name, (number, code) in PEOPLE.items()
        }
        people, owner = list(self.users.values()), self.users["Owner"]
        self.chats = {
            "Team": tg.supergroup("Team", people, owner=owner),
            "Forum": tg.forum("Forum", people, TOPICS, owner=owner),
            "News": tg.channel("News", username="news"),
        }
        self.chats["News"].members[owner.id] = "creator"
        self.topics = {name: tg.topic(self.chats["Forum"], name) for name in TOPICS}
        ids = {name: chat.id for name, chat in self.chats.items()}
        bind(services, given, ids, {name: topic.id for name, topic in self.topics.items()})
        self._said: dict[str, tuple[Any, dict[str, Any]]] = {}
        self._repeatable: dict[str, Any] = {}
        self._place = ""
        self._clock = int(time.time())
        self._keys: dict[str, str] = {}
        if "Telegram 10.0" in given:
            for name, user in self.users.items():
                if f"{name} never wrote in private" not in given:
                    tg._join_private(user, tg.private(user))

    async def start(self) -> None:
        """Run a bot, and wait until it listens."""
        app = build(self.services)
        app.bot_data.claim = OwnershipClaim(app.bot_data.access, CODE)
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(serve(app, self.services, self._stop))
        webhook = self.services.settings.telegram_webhook_url
        listens = self.tg.wait_calls("setWebhook" if webhook else "getUpdates")
        await _either(listens, self._running)

    async def stop(self) -> None:
        """Stop the bot as a signal does."""
        self._stop.set()
        await self._running

    async def restart(self) -> None:
        """Stop the bot, and run another one over the same database."""
        await self.stop()
        self.tg.counters["getUpdates"] = 0
        await self.start()

    async def play(self, turn: Turn) -> list[Output]:
        """Do what the turn says, and wait for as much as has to come back."""
        mark, self._place = len(self.tg.requests), turn.place
        await self._act(turn)
        wanted = len(turn.expected)
        await self.tg.wait_for(lambda: len(self._outputs(mark)) >= wanted, 30, f"answer: {turn}")
        return self._outputs(mark)

    def place(self, turn: Turn) -> Any:
        """The chat of a turn."""
        name = turn.who if turn.who in self.chats else turn.place.partition("/")[0]
        return self.chats[name] if name else self.tg.private(self.users[turn.who])

    async def _act(self, turn: Turn) -> None:
        if turn.verb == "repeats":
            self.tg.redeliver(self._repeatable)
            return
        chat, text = self.place(turn), self._real(turn.text)
        match turn.verb:
            case "presses":
                user = self.users[turn.who]
                self.tg.press(user, self._shown(user, chat, text), text)
            case "waits":
                self._clock += int(turn.text.split()[0]) * 60
            case "forwards" | "says at once":
                origin = self.users["Owner"] if turn.verb == "forwards" else None
                for part in text.split(" || "):
                    self.tg.send(self.users[turn.who], chat, part, forward_from=origin)
            case "edits":
                where, message = self._said[turn.who]
                self.tg.edit(self.users.get(turn.who, self.users["Owner"]), where, message, text)
                kind = "edited_channel_post" if where.type == "channel" else "edited_message"
                self._remember(turn.who, where, message, kind)
            case "asks":
                self.tg.inline_query(self.users[turn.who], text)
            case "posts":
                self._remember(turn.who, chat, self.tg.post(chat, text), "channel_post")
            case "sends":
                self._remember(turn.who, chat, self._send(turn, chat), "message")
            case _:
                self._remember(turn.who, chat, self._say(turn, chat, text), "message")

    def _send(self, turn: Turn, chat: Any) -> dict[str, Any]:
        """A photo or a file; one that only pretends its size has no content to be fetched."""
        file, who = file_in(turn.text), self.users[turn.who]
        topic = self.topics.get(turn.place.partition("/")[2])
        if turn.text == "a recording":
            kind = {"name": "v.ogg", "mime": "audio/ogg", "kind": "voice"}
            voice: dict[str, Any] = self.tg.send_file(who, chat, b"OggS", topic=topic, **kind)
            return voice
        if file is None:
            caption = turn.text.partition(" with ")[2] or None
            photo: dict[str, Any] = self.tg.send_photo(who, chat, topic=topic, caption=caption)
            return photo
        more = {"size": file.size, "caption": file.caption or None, "topic": topic}
        content = None if file.size else file.content
        sent: dict[str, Any] = self.tg.send_file(who, chat, content, name=file.name, **more)
        return sent

    def _say(self, turn: Turn, chat: Any, text: str) -> dict[str, Any]:
        topic = self.topics.get(turn.place.partition("/")[2])
        reply = None
        if turn.to == "the bot":
            reply = [sent for sent in self.tg.sent if sent.chat_id == chat.id][-1]
        elif turn.to:
            reply = self._said[turn.to][1]
        if turn.who in ("Anonymous", "Alien"):
            group = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
            message = self.tg._base(chat, None)
            message |= {"text": text, "entities": self.tg_entities(text)}
            message |= {"from": group, "sender_chat": chat.json()}
            message |= ALIEN if turn.who == "Alien" else {}
            chat.messages[message["message_id"]] = message
            self.tg.push_raw("message", message)
            return dict(message)
        said: dict[str, Any] = self.tg.send(
            self.users[turn.who],
            chat,
            text,
            reply_to=reply,
            topic=topic,
            quote=turn.quote or None,
            date=self._clock,
            ephemeral=turn.verb == "whispers" and self.tg.api >= (10, 2),
        )
        return said

    def tg_entities(self, text: str) -> list[dict[str, Any]]:
        """What Telegram finds in a text by itself."""
        emulator = load_emulator(Path())
        found: list[dict[str, Any]] = emulator.detect_entities(text)
        return found

    def _remember(self, who: str, chat: Any, message: dict[str, Any], kind: str) -> None:
        self._said[who] = chat, message
        self._repeatable = {"update_id": max(self.tg.delivered_at, default=0), kind: message}

    def _shown(self, user: Any, chat: Any, label: str) -> Any:
        chat_ids = {chat.id} | ({user.id} if self.tg.api < (10, 2) else set())
        there = [
            sent
            for sent in self.tg.sent
            if sent.chat_id in chat_ids and (sent.receiver is None or sent.receiver.id == user.id)
        ]
        return next(
            sent for sent in reversed(there) if any(label in each.text for each in sent.buttons)
        )

    def _outputs(self, mark: int) -> list[Output]:
        shown = []
        for request in self.tg.requests[mark:]:
            markup = json.loads(request.params.get("reply_markup") or "{}")
            parameters = dict(request.params) | {"reply_markup": markup}
            if request.method == "answerInlineQuery":
                for name in ("results", "button"):
                    parameters[name] = json.loads(parameters.get(name) or "[]")
            for name in ("reaction", "rich_message"):
                if name in parameters:
                    parameters[name] = json.loads(parameters[name])
            output = output_of(request.method, parameters)
            if output and request.code == 200 and output.lines not in SHOWN_IN_PRIVATE:
                if self._place and int(parameters.get("chat_id", 0)) > 0:
                    output.kind = "alone"
                output.lines = [self._symbolic(line) for line in output.lines]
                shown.append(output)
        return shown

    def _real(self, text: str) -> str:
        for key, name in self._keys.items():
            text = text.replace(name, key)
        return text.replace(str(CHATS["Team"]), str(self.chats["Team"].id)).replace(
            str(CHATS["News"]), str(self.chats["News"].id)
        )

    def _symbolic(self, text: str) -> str:
        """The text with what the bot makes anew each time as a dialogue names it."""
        for key in _INVITATION.findall(text):
            # In order, as `keys_in_order` names them where there is no HTTP.
            self._keys.setdefault(key, f"key{len(self._keys) + 1:021}")
            text = text.replace(key, self._keys[key])
        return text.replace(str(self.chats["Team"].id), str(CHATS["Team"])).replace(
            str(self.chats["News"].id), str(CHATS["News"])
        )


@asynccontextmanager
async def emulated_bot(
    shared: Path, folder: Path, given: Sequence[str] = (), *, webhook: bool = False, **options: Any
) -> AsyncIterator[EmulatorSession]:
    """A bot that runs against an emulator of its own, by polling or by webhook."""
    emulator = load_emulator(shared)
    settings = settings_of(given)
    if webhook:
        port = _free_port()
        settings["telegram_webhook_url"] = f"http://127.0.0.1:{port}/hook/pincite"
        settings["telegram_webhook_listen"] = f"127.0.0.1:{port}"
    privacy = "privacy off" not in given
    async with emulator.Telegram(username=BOT, privacy=privacy, **options) as tg:
        settings["telegram_base_url"] = tg.base_url
        with sample_services(folder, tg.token, **settings) as services:
            simulator = EmulatorSession(tg, services, given)
            await simulator.start()
            try:
                yield simulator
            finally:
                await simulator.stop()


async def _either(wanted: Awaitable[Any], running: asyncio.Task[None]) -> None:
    """Wait for something, unless the bot ends before."""
    waiting = asyncio.ensure_future(wanted)
    await asyncio.wait({waiting, running}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        waiting.cancel()
        await running
    await waiting


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def beyond_reason(tg: Any) -> list[str]:
    """Violations of every kind but those that a strict limit may cause and a retry mends."""
    return [str(each) for each in tg.refused("flood")]
