"""Simulates Telegram without a network: updates go in, and the request double keeps the answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from telegram import Update

from bot.compose import Services
from bot.records.access import Access
from bot.records.people import People, Person
from bot.telegram.app import build
from bot.telegram.ownership import OwnershipClaim
from bot.telegram.pacing import Pacing
from bot.texts import LANGUAGES
from corpus.models import Metadata
from tests.bot.telegram.dialogue import Output, Turn, file_in, output_of
from tests.bot.telegram.request_double import BOT, TOKEN, Call, RequestDouble, Shown
from tests.bot.telegram.sample_matters import PEOPLE, reading, sample_services

if TYPE_CHECKING:
    from bot.telegram.context import App
    from bot.telegram.update_queue import UpdateQueue

CHATS = {"Team": -1001, "Forum": -1002, "News": -1003}
CODE = "c0de"
TOPICS = {"Claims": 11, "Leases": 12}
ALIEN = {
    "sender_chat": {"id": -1009, "type": "channel", "title": "Alien"},
    "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
}
"""What a message says of its author who speaks in a group as a channel of theirs."""
SHOWN_IN_PRIVATE = [[texts.shown_in_private] for texts in LANGUAGES.values()]
"""What a press is answered on a server that has no messages for one person of a group."""
_ENTITIES = re.compile(r"(?<!\S)/[A-Za-z0-9_]+(?:@\w+)?|(?<!\w)@\w+")


class Simulator:
    """Plays turns against the application, one update after another."""

    def __init__(self, app: App, double: RequestDouble, services: Services) -> None:
        self.app = app
        self.double = double
        self.services = services
        self._update_id = 1
        self._message_id = 0
        self._clock = 1_700_000_000
        self._said: dict[str, dict[str, Any]] = {}
        self._last: dict[str, Any] = {}
        self._place = ""

    # -- a turn ----------------------------------------------------------------------------------

    async def play(self, turn: Turn) -> list[Output]:
        """Do what the turn says; returns what the bot showed."""
        self._place = turn.place
        if turn.verb in ("forwards", "says at once"):
            return await self._deliver_parts(turn)
        if turn.verb == "waits":
            self._clock += int(turn.text.split()[0]) * 60
            return []
        match turn.verb:
            case "says" | "posts":
                update = self._spoken(turn)
            case "sends":
                update = self._spoken(turn, self.attached(turn.text))
            case "whispers":
                update = self._spoken(turn)
                self._whisper(update["message"])
            case "edits":
                update = self.edited(self._said[turn.who], turn.text)
            case "presses":
                update = self.pressed(turn.who, self.last_shown(turn), turn.text)
            case "asks":
                asked = {"id": str(self._update_id), "from": user(turn.who), "offset": ""}
                update = self._update("inline_query", asked | {"query": turn.text})
            case "repeats":
                update = self._last
        return await self.deliver(update)

    async def _deliver_parts(self, turn: Turn) -> list[Output]:
        """Deliver what one gesture sends: several texts within a second."""
        origin = {"type": "user", "date": self._clock, "sender_user": user("Owner")}
        more = {"forward_origin": origin} if turn.verb == "forwards" else {}
        updates = []
        for text in turn.text.split(" || "):
            updates.append(self._spoken(replace(turn, text=text), dict(more)))
            self._clock -= 1
        return await self.deliver(*updates)

    async def deliver(self, *updates: dict[str, Any]) -> list[Output]:
        """Hand updates to the bot, all of them at once; returns what it showed."""
        mark = len(self.double.calls)
        self._last = updates[-1]
        app = self.next_app()
        parsed = [Update.de_json(update, self.app.bot) for update in updates]
        queue = cast("UpdateQueue", app.update_processor)
        if len(parsed) > 1:
            for update in parsed:
                await queue.receive(update)
        await asyncio.gather(
            *(queue.process_update(update, app.process_update(update)) for update in parsed)
        )
        await app.bot_data.outbox.idle()
        await app.bot_data.upload_processor.idle()
        await app.bot_data.watch_notifier.run_round()
        outputs = (self.output_of(call) for call in self.double.calls[mark:])
        return [output for output in outputs if output]

    def output_of(self, call: Call) -> Output | None:
        """What a request shows; what an older server shows in private counts as shown alone."""
        output = output_of(call.method, call.parameters)
        if output and self._place and int(call.parameters.get("chat_id", 0)) > 0:
            output.kind = "alone"
        return None if output and output.lines in SHOWN_IN_PRIVATE else output

    def next_app(self) -> App:
        """The application that gets the next update."""
        return self.app

    # -- updates ---------------------------------------------------------------------------------

    def message(
        self, who: str, place: str, text: str, reply_to: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """An update with a new message. `place`: '' for private, a chat, or `Forum/Claims`."""
        chat, _, topic = place.partition("/")
        self._message_id += 1
        self._clock += 1
        message: dict[str, Any] = {
            "message_id": self._message_id,
            "date": self._clock,
            "chat": self._chat(who, chat),
            "text": text,
            "entities": _entities(text),
        }
        if chat in CHATS and who in (chat, "Anonymous"):
            message["sender_chat"] = self._chat(who, chat)
            anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
            message |= {} if who == chat else {"from": anonymous}
        else:
            message |= ALIEN if who == "Alien" else {"from": user(who)}
        if topic:
            message |= {"message_thread_id": TOPICS[topic], "is_topic_message": True}
            message["reply_to_message"] = self._topic_start(message["chat"], topic)
        if reply_to:
            message["reply_to_message"] = reply_to
        message |= more
        if "photo" in message or "document" in message or "voice" in message:
            message = {key: message[key] for key in message if key not in ("text", "entities")}
        self._said[who] = message
        return self._update("channel_post" if chat == who else "message", message)

    def edited(self, message: dict[str, Any], text: str) -> dict[str, Any]:
        """An update with another text for a message."""
        self._clock += 1
        message |= {"text": text, "entities": _entities(text), "edit_date": self._clock}
        post = message["chat"]["type"] == "channel"
        return self._update("edited_channel_post" if post else "edited_message", dict(message))

    def pressed(self, who: str, shown: Shown, label: str) -> dict[str, Any]:
        """An update that says who pressed which button."""
        return self.pressed_data(who, shown, shown.button(label)["callback_data"])

    def pressed_data(self, who: str, shown: Shown, data: str) -> dict[str, Any]:
        """The same with any callback data, which anybody can send."""
        query = {
            "id": str(self._update_id),
            "from": user(who),
            "chat_instance": "1",
            "data": data,
            "message": self.double.message(shown),
        }
        return self._update("callback_query", query)

    def last_shown(self, turn: Turn) -> Shown:
        """The bot's last message in the place of a turn that has such a button."""
        chat_ids = {self._chat(turn.who, turn.place.partition("/")[0])["id"]}
        person_id = user(turn.who)["id"] if turn.who in PEOPLE else 0
        if not self.double.is_new:
            chat_ids.add(person_id)
        there = [
            shown
            for shown in self.double.shown
            if shown.chat_id in chat_ids and shown.reader in (0, person_id)
        ]
        labels = (label for shown in there for row in shown.labels for label in row)
        assert any(turn.text in label for label in labels), f"no button {turn.text} anywhere"
        has = [shown for shown in there if any(turn.text in x for row in shown.labels for x in row)]
        return has[-1]

    def attached(self, text: str, **more: Any) -> dict[str, Any]:
        """What a message holds instead of a text: a photo, or a file that can be fetched."""
        file = file_in(text)
        if text == "a recording":
            return {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}} | more
        if file is None:
            # A keeper's photo is fetched: it opens as a picture does, and cannot be read.
            self.double.stored.setdefault("f", b"\xff\xd8\xff\xe0")
            size = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
            _, _, words = text.partition(" with ")
            captioned: dict[str, Any] = {"caption": words, "caption_entities": _entities(words)}
            return {"photo": [size]} | (captioned if words else {}) | more
        file_id = f"file{len(self.double.stored)}"
        document = {
            "file_id": file_id,
            "file_unique_id": f"u{len(self.double.stored)}",
            "file_name": file.name,
            "file_size": file.size or len(file.content),
        }
        self.double.stored[file_id] = file.content
        caption = {"caption": file.caption, "caption_entities": _entities(file.caption)}
        return {"document": document} | (caption if file.caption else {}) | more

    def _spoken(self, turn: Turn, more: dict[str, Any] | None = None) -> dict[str, Any]:
        place = turn.who if turn.verb == "posts" else turn.place
        reply = None
        if turn.quote:
            quote = {"text": turn.quote, "position": 0, "is_manual": True}
            more = (more or {}) | {"quote": quote}
        if turn.to == "the bot":
            reply = self.double.message(self.double.shown[-1])
        elif turn.to:
            reply = self._said[turn.to]
        return self.message(turn.who, place, turn.text, reply, **more or {})

    def _whisper(self, message: dict[str, Any]) -> None:
        """Make a message one that only the bot sees, where Telegram knows such messages."""
        if self.double.is_new:
            message["ephemeral_message_id"] = message["message_id"]
            message["message_id"] = 0
            message["receiver_user"] = BOT

    def _update(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        self._update_id += 1
        return {"update_id": self._update_id, kind: payload}

    def _chat(self, who: str, name: str) -> dict[str, Any]:
        if not name:
            return {"id": user(who)["id"], "type": "private", "first_name": who}
        kind = "channel" if name == "News" else "supergroup"
        return {"id": CHATS[name], "type": kind, "title": name, "is_forum": name == "Forum"}

    def _topic_start(self, chat: dict[str, Any], topic: str) -> dict[str, Any]:
        """What Telegram adds to every message in a topic, as if it were a reply."""
        return {
            "message_id": TOPICS[topic],
            "date": self._clock,
            "chat": chat,
            "from": BOT,
            "forum_topic_created": {"name": topic, "icon_color": 1},
        }


@asynccontextmanager
async def simulated_bot(
    folder: Path, given: Sequence[str] = (), url: str = ""
) -> AsyncIterator[Simulator]:
    """A simulator with the scene set, as the `given` lines of a dialogue say."""
    with sample_services(folder, TOKEN, url, **settings_of(given)) as services:
        double = double_of(given)
        app = app_of(services, double)
        bind(services, given, CHATS, TOPICS)
        async with app, app.update_processor:
            yield Simulator(app, double, services)


def double_of(given: Sequence[str]) -> RequestDouble:
    """A Telegram that knows the chats of the scene."""
    double = RequestDouble()
    double.hears_all = "privacy off" in given
    double.is_new = "Telegram 10.0" not in given
    double.administrators = {chat: {PEOPLE["Owner"][0]} for chat in CHATS.values()}
    double.usernames = {"@news": CHATS["News"]}
    double.kinds = {CHATS["News"]: "channel"}
    double.titles = {number: name for name, number in CHATS.items()}
    return double


def app_of(services: Services, double: RequestDouble) -> App:
    """A bot that speaks to the double, and may be claimed with CODE."""
    app = build(services, request=double, pacing=Pacing(second=0))
    app.bot_data.claim = OwnershipClaim(app.bot_data.access, CODE)
    cast("UpdateQueue", app.update_processor).pause = _no_pause
    app.bot_data.joins.pause = _no_pause  # type: ignore[assignment]
    return app


async def _no_pause(_: float) -> None:
    """Whatever belongs together has arrived together."""


def settings_of(given: Sequence[str]) -> dict[str, Any]:
    """The settings that a scene needs."""
    settings: dict[str, Any] = {}
    for line in given:
        if limit := re.fullmatch(r"(\d+) questions a minute", line):
            settings["questions_per_minute"] = int(limit[1])
        if opened := re.fullmatch(r"strangers may ask (\w+)", line):
            settings |= {"open": True, "open_matter": opened[1]}
        if reader := re.fullmatch(r"a reader at (\S+)(?: named (\w+))?", line):
            settings |= {"reader_url": reader[1], "reader_app": reader[2]}
        if closed := re.fullmatch(r"no files of (\w+)", line):
            settings["no_originals"] = frozenset((closed[1],))
        if listens := re.fullmatch(r"reader listens at (\S+)", line):
            settings["reader_listen"] = listens[1]
        if line == "no owner":
            settings["owners"] = frozenset()
    return settings


def bind(
    services: Services, given: Sequence[str], chats: dict[str, int], topics: dict[str, int]
) -> None:
    """Bind what `Team may ask appeal` says, and file what `9 files in lease from Keeper` says."""
    access = Access(services.database, services.settings)
    if "Telegram 10.0" in given:
        people = People(services.database)
        for name, (number, _) in PEOPLE.items():
            if f"{name} never wrote in private" in given:
                continue
            people.meet(Person(number, name, name.lower() if name.isascii() else None))
            people.open_chat(number)
    for line in given:
        filed = re.fullmatch(r"(\d+) files in (\w+) from (\w+)", line)
        if filed:
            for number in range(1, int(filed[1]) + 1):
                paper = reading(f"Paper {number}.", metadata=Metadata(f"Paper {number}"))
                sender = PEOPLE[filed[3]][0]
                services.library.file(paper, matter=filed[2], path=str(number), added_by=sender)
        found = re.fullmatch(r"(\w+)(?:/(\w+))? may ask (\w+)", line)
        if found and found[1] in chats:
            access.bind(chats[found[1]], topics[found[2]] if found[2] else 0, found[3])


def user(who: str) -> dict[str, Any]:
    """A person as Telegram describes them."""
    number, language = PEOPLE[who]
    described = {"id": number, "is_bot": False, "first_name": who, "language_code": language}
    return described | ({"username": who.lower()} if who.isascii() else {})


def _entities(text: str) -> list[dict[str, Any]]:
    """Commands and mentions, at UTF-16 offsets."""
    return [
        {
            "type": "bot_command" if found[0][0] == "/" else "mention",
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found[0]),
        }
        for found in _ENTITIES.finditer(text)
    ]
