"""Everything that an outsider can do to the bot, each as one entry point."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.records import keys
from corpus.models import Metadata, Scope
from tests.bot.telegram.request_double import BOT, Shown
from tests.bot.telegram.sample_matters import PEOPLE, reading
from tests.bot.telegram.simulator import CHATS, Simulator, user

DOCUMENT = "VCB051JR"
"""The document of the walled matter `lease`."""
QUESTION = "rent, roof, notice"
QUOTED = "pays the rent on the first day of every month"
"""Nearly words of the walled document, of which a check would tell the rest."""
STRANGER = PEOPLE["Stranger"][0]


@dataclass
class Outsider:
    """Somebody outside the wall, where they stand, and how they came to stand there."""

    simulator: Simulator
    who: str = "Stranger"
    place: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    admitted: bool = False
    """Whether they are outside as long as they are in this chat, and inside in private."""

    @property
    def chat_id(self) -> int:
        """The chat in which they stand."""
        name = self.place.partition("/")[0]
        return CHATS[name] if name else int(user(self.who)["id"])

    @property
    def presser(self) -> str:
        """Who presses: behind anonymous administrators and channels stands a person."""
        return self.who if self.who in PEOPLE else "Stranger"

    async def say(self, text: str, reply: dict[str, Any] | None = None, **more: Any) -> None:
        """Write a message."""
        said = self.simulator.message(self.who, self.place, text, reply, **self.more, **more)
        await self.simulator.deliver(said)

    async def edit(self, before: str, after: str) -> None:
        """Write something harmless, and change it."""
        await self.say(before)
        await self.simulator.deliver(self.simulator.edited(self.simulator._said[self.who], after))

    async def press(self, data: str) -> None:
        """ButtonPress a button with this data below the message that answered an insider."""
        shown = self.seen()
        await self.simulator.deliver(self.simulator.pressed_data(self.presser, shown, data))

    def seen(self) -> Shown:
        """The first message of the bot, as if it stood in the outsider's own chat."""
        first = self.simulator.double.shown[0]
        shown = Shown(self.chat_id, first.message_id, None, None, "x", "x", [])
        if (self.chat_id, first.message_id) not in {
            (each.chat_id, each.message_id) for each in self.simulator.double.shown
        }:
            self.simulator.double.shown.append(shown)  # so that an edit of it is no error
        return shown


def keys_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the keys of buttons and links be a count, so that two worlds give out the same ones."""
    counts = {9: itertools.count(1), 18: itertools.count(1)}

    def counted(size: int) -> str:
        return f"key{next(counts[size]):0{size * 4 // 3 - 3}}"

    monkeypatch.setattr(keys, "_url_safe", counted)


EntryPoint = Callable[[Outsider], Awaitable[None]]

ASKED = ("", "/ask ", "/ask@pincite_bot ", "@pincite_bot ", "/privately ", "/me ")
COMMANDS = (
    *("/start", "/help", "/language", "/privacy", "/documents", "/watches", "/unwatch 1"),
    *("/digest", "/digest 8", "/export", "/export json", "/matters", "/matters new lease"),
    *("/kept", "/memo", "/memo The roof"),
    *(
        "/check",
        f"/check {QUOTED}",
        "/compare",
        f"/compare {DOCUMENT}",
        "/compare lease / warehouse",
    ),
    *("/each", f"/each {QUESTION}", "/timeline", "/timeline rent"),
    *("/claim guess", "/add", "/add lease", "/bind lease", "/unbind lease", "/source", "/source 1"),
    *(f"/admit {STRANGER} lease", f"/dismiss {PEOPLE['Keeper'][0]} lease", "/forgetme"),
    *(f"/source {DOCUMENT}-1", f"/source {DOCUMENT.lower()}-2", f"/source {DOCUMENT}-9"),
    *("/ask", "/privately", "/me", "/watch", "/digest"),
    *(f"/start s_{DOCUMENT}-1", f"/watch {QUESTION}", f"/bind lease {CHATS['Team']}"),
    *(
        "/matter",
        "/matter lease",
        "/who lease",
        "/chats",
        "/owners",
        "/invite lease",
        "/invitations",
    ),
    *(
        "/admit lease",
        "/admit lease @keeper",
        "/admit @nobody lease keeper",
        "/dismiss @keeper lease",
    ),
    *("/start b_key000000002", f"/start j_{'k' * 24}", "/start j_key000000001"),
)
KEYS = ("key000000001", "key000000002", "key000000003")
"""The first keys that the bot gives out (`keys_in_order`): of others, as if they got known."""
PRESSES = (
    *(f"{verb}:{key}:{skip}" for verb in ("more", "near") for key in KEYS for skip in (0, 2)),
    *(f"judge:{key}:1" for key in KEYS),
    *(f"part:{key}:{part}" for key in KEYS for part in (0, 1)),
    *(f"open:{DOCUMENT}-1", f"turn:{DOCUMENT}-2", f"turn:{DOCUMENT}-1:2", f"file:{DOCUMENT}"),
    *(f"keep:{DOCUMENT}-1", "memo:1", "unkeep:1"),
    *("docs:0", "docs:8", "drops:0", f"drop:{DOCUMENT}:0", f"dropped:{DOCUMENT}:0:0abc"),
    *(f"do:{key}:{number}" for key in KEYS for number in (0, 1, 9)),
    *(
        "letmein",
        "undo",
        "unwatch:1",
        "stop:1",
        "into:0abc",
        "speak:en",
        f"forget:{PEOPLE['Keeper'][0]}:1",
        "nonsense",
    ),
)
WHISPERED = (
    *(f"/privately {QUESTION}", f"/me {QUESTION}", f"/source {DOCUMENT}-1", "/documents", "/help"),
    *(QUESTION, "more", "1", f"{DOCUMENT}-1"),
)
"""What a person of a group sends so that only the bot sees it."""
INLINE = ((QUESTION, ""), ("", ""), (QUESTION, "10"), (f"{DOCUMENT}-1", ""), ("rent", ""))
FILES = (
    "a.txt containing Bread.",
    "b.txt containing Butter. with /add lease",
    "a photo",
    "a photo with /add",
    "a photo with the rent?",
)
CHECKED_FILE = f"q.txt containing “{QUOTED}” with /check"


def entry_points() -> Iterator[tuple[str, EntryPoint]]:
    """Every way in, by its name: what arrives comes first, while those who had a watch have it."""
    yield "hears of a new document", _arrival
    yield "hears of it the day after", _digest
    yield "sends a file to be checked", sends(CHECKED_FILE)
    yield "/check, replying to a file", says("/check", _file(CHECKED_FILE))
    for command in COMMANDS:
        yield command, says(command)
        yield f"{command}, replying", says(command, _answer)
    for prefix in ASKED:
        text = prefix + QUESTION
        yield f"asks {text}", says(text)
        yield f"follows up {text}", says(text, _answer)
        yield f"forwards {text}", says(text, forward_origin=_ORIGIN)
        yield f"edits into {text}", edits("good morning", text)
        yield f"edits {text}", edits(f"{text}?", text)
    for text in ("more", "2", "and the rent?", f"{DOCUMENT}-1", "thanks", "hello"):
        yield f"says {text}", says(text)
        yield f"says {text}, replying", says(text, _answer)
    for text in WHISPERED:
        yield f"whispers {text}", whispers(text)
        yield f"whispers {text}, replying", whispers(text, _answer)
    for command in ("/ask", "/watch", "/source", "/digest"):
        text = f"{DOCUMENT}-1" if command == "/source" else QUESTION
        yield f"answers what {command} asks: {text}", answers_prompt(command, text)
    yield "/ask, replying", says("/ask", _question)
    yield "a mention, replying", says("@pincite_bot", _question)
    for data in PRESSES:
        yield f"presses {data}", presses(data)
    for number, (query, offset) in enumerate(INLINE):
        yield f"asks inline, {number}", asks(query, offset)
    for number, file in enumerate(FILES):
        yield f"sends a file, {number}", sends(file)
        yield f"/add, replying to a file, {number}", says("/add", _file(file))
        yield f"/add lease, replying to a file, {number}", says("/add lease", _file(file))
    yield "adds the bot again", added
    yield "posts a citation that was offered inline", says(f"📖 {DOCUMENT}-1", via_bot=BOT)
    yield "reacts to an answer", reacts
    yield "asks as a guest", asks_as_guest
    yield "picks a person", picks_person
    yield "picks a chat", picks_chat
    yield "brings somebody into the chat", says("", new_chat_members=[user("Reader")])
    yield "joins the chat", joined
    yield "hears of a new document, later", _arrival


def says(
    text: str, reply: Callable[[Outsider], dict[str, Any]] | None = None, **more: Any
) -> EntryPoint:
    async def entry_point(outsider: Outsider) -> None:
        await outsider.say(text, reply(outsider) if reply else None, **more)

    return entry_point


def whispers(text: str, reply: Callable[[Outsider], dict[str, Any]] | None = None) -> EntryPoint:
    async def entry_point(outsider: Outsider) -> None:
        if outsider.place in ("", "News") or outsider.who not in PEOPLE or outsider.more:
            return  # only members of groups can, and under their own name
        simulator = outsider.simulator
        said = simulator.message(
            outsider.who, outsider.place, text, reply(outsider) if reply else None
        )
        simulator._whisper(said["message"])
        await simulator.deliver(said)

    return entry_point


def answers_prompt(command: str, text: str) -> EntryPoint:
    """A bare command, then what it asked for: the outsider's words, or a citation."""

    async def entry_point(outsider: Outsider) -> None:
        await outsider.say(command)
        prompt = outsider.simulator.double.shown[-1]
        reply = outsider.simulator.double.message(prompt)
        await outsider.say(text, reply if prompt.chat_id == outsider.chat_id else None)

    return entry_point


def edits(before: str, after: str) -> EntryPoint:
    async def entry_point(outsider: Outsider) -> None:
        await outsider.edit(before, after)

    return entry_point


def presses(data: str) -> EntryPoint:
    async def entry_point(outsider: Outsider) -> None:
        await outsider.press(data)

    return entry_point


def asks(query: str, offset: str) -> EntryPoint:
    async def entry_point(outsider: Outsider) -> None:
        if outsider.admitted:
            return  # wherever they ask inline, what is offered is for their eyes alone
        asked = {"id": "1", "from": user(outsider.presser), "query": query, "offset": offset}
        await outsider.simulator.deliver(outsider.simulator._update("inline_query", asked))

    return entry_point


def sends(file: str) -> EntryPoint:
    async def entry_point(outsider: Outsider) -> None:
        await outsider.say("", **outsider.simulator.attached(file))

    return entry_point


async def added(outsider: Outsider) -> None:
    await membership(outsider, "left", "member")


async def reacts(outsider: Outsider) -> None:
    reaction = {
        "chat": outsider.simulator._chat(outsider.who, outsider.place.partition("/")[0]),
        "message_id": outsider.seen().message_id,
        "user": user(outsider.presser),
        "date": 1_700_000_000,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    await outsider.simulator.deliver(outsider.simulator._update("message_reaction", reaction))


async def asks_as_guest(outsider: Outsider) -> None:
    if outsider.admitted:
        return  # wherever they ask as a guest, the answer is for their eyes alone
    asked = {
        "message_id": 5,
        "date": 1_700_000_000,
        "chat": {"id": -1009, "type": "supergroup", "title": "Elsewhere"},
        "from": user(outsider.presser),
        "text": f"@pincite_bot {QUESTION}",
        "entities": [{"type": "mention", "offset": 0, "length": 12}],
        "guest_query_id": "7",
    }
    await outsider.simulator.deliver(outsider.simulator._update("guest_message", asked))


async def picks_person(outsider: Outsider) -> None:
    shared = {"request_id": 1, "users": [{"user_id": STRANGER, "first_name": "Stranger"}]}
    await outsider.say("", users_shared=shared)


async def picks_chat(outsider: Outsider) -> None:
    await outsider.say("", chat_shared={"request_id": 1, "chat_id": CHATS["Team"]})


async def joined(outsider: Outsider) -> None:
    chat = outsider.simulator._chat(outsider.who, outsider.place.partition("/")[0])
    change = {
        "chat": chat,
        "from": user("Reader"),
        "date": 1_700_000_000,
        "old_chat_member": {"user": user("Reader"), "status": "left"},
        "new_chat_member": {"user": user("Reader"), "status": "member"},
    }
    await outsider.simulator.deliver(outsider.simulator._update("chat_member", change))


def _answer(outsider: Outsider) -> dict[str, Any]:
    """The bot's answer to somebody else, to be replied to."""
    return outsider.simulator.double.message(outsider.seen())


def _question(outsider: Outsider) -> dict[str, Any]:
    """A message of an insider in the same chat, which asks about the walled matter."""
    said = outsider.simulator.message("Keeper", outsider.place.partition("/")[0], QUESTION)[
        "message"
    ]
    assert isinstance(said, dict)
    return said


def _file(file: str) -> Callable[[Outsider], dict[str, Any]]:
    """A file that somebody sent in the same chat before, to be replied to."""

    def sent(outsider: Outsider) -> dict[str, Any]:
        simulator, place = outsider.simulator, outsider.place.partition("/")[0]
        said = simulator.message("Keeper", place, "", **simulator.attached(file))["message"]
        assert isinstance(said, dict)
        return said

    return sent


_ORIGIN = {"type": "user", "date": 1_700_000_000, "sender_user": BOT}


async def membership(outsider: Outsider, before: str, after: str) -> None:
    chat = outsider.simulator._chat(outsider.who, outsider.place.partition("/")[0])
    change = {
        "chat": chat,
        "from": user(outsider.presser),
        "date": 1_700_000_000,
        "old_chat_member": _member(before),
        "new_chat_member": _member(after),
    }
    await outsider.simulator.deliver(outsider.simulator._update("my_chat_member", change))


def _member(status: str) -> dict[str, Any]:
    banned = {"until_date": 0} if status == "kicked" else {}
    return {"user": BOT, "status": status} | banned


async def _arrival(outsider: Outsider) -> None:
    """A document arrives behind the wall, which answers every watch there is; in one world."""
    library = outsider.simulator.services.library
    if known := library.count_documents(Scope.of("lease")):
        title = f"The garage {known}"
        new = reading(f"{title}: {QUESTION}.", metadata=Metadata(title))
        library.file(new, matter="lease", path=title)
    await outsider.simulator.app.bot_data.watch_notifier.run_round()


async def _digest(outsider: Outsider) -> None:
    """The same, told a day later to those who want to be told once a day."""
    await outsider.say("/digest 8")
    await _arrival(outsider)
    watch_notifier = outsider.simulator.app.bot_data.watch_notifier
    today, watch_notifier.clock = (
        watch_notifier.clock,
        lambda: datetime.now(UTC) + timedelta(days=1),
    )
    await watch_notifier.run_round()
    watch_notifier.clock = today
    await outsider.say("/digest off")
