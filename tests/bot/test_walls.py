"""Every door is tried by every kind of outsider, and none lets out a word of the walled matter.

Two worlds differ in one thing: in the first the matter `lease` holds a document, in the second it
is empty. Whatever an outsider does, the bot must do the very same in both: then nothing of what
it sent can have come from behind the wall, be it a word, a title, a count or a citation.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.access import Access
from corpus.library import Library
from corpus.models import Metadata
from tests.bot import world
from tests.bot.dialogue import Turn
from tests.bot.request_double import BOT, Shown
from tests.bot.stage import CHATS, PlainStage, plain_stage, user
from tests.bot.world import JUDGMENT, PEOPLE, reading

DOCUMENT = "VCB051JR"
WALLED = ("tenant", "landlord", "warehouse", "thirty", "2024-05-01", "garage")
"""Words of the walled matter that no outsider writes."""
QUESTION = "rent, roof, notice"
STRANGER = PEOPLE["Stranger"][0]
MOVED = -2001


@dataclass
class Intruder:
    """Somebody outside the wall, where they stand, and how they came to stand there."""

    stage: PlainStage
    who: str = "Stranger"
    place: str = ""
    more: dict[str, Any] = field(default_factory=dict)

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
        said = self.stage.message(self.who, self.place, text, reply, **self.more, **more)
        await self.stage.deliver(said)

    async def edit(self, before: str, after: str) -> None:
        """Write something harmless, and change it."""
        await self.say(before)
        await self.stage.deliver(self.stage.edited(self.stage._said[self.who], after))

    async def press(self, data: str) -> None:
        """Press a button with this data below the message that answered an insider."""
        shown = self.seen()
        await self.stage.deliver(self.stage.pressed_data(self.presser, shown, data))

    def seen(self) -> Shown:
        """The first message of the bot, as if it stood in the intruder's own chat."""
        first = self.stage.double.shown[0]
        shown = Shown(self.chat_id, first.message_id, None, None, "x", "x", [])
        if (self.chat_id, first.message_id) not in {
            (each.chat_id, each.message_id) for each in self.stage.double.shown
        }:
            self.stage.double.shown.append(shown)  # so that an edit of it is no error
        return shown


Door = Callable[[Intruder], Awaitable[None]]
Kind = Callable[[PlainStage], Awaitable[Intruder]]


# -- the doors -----------------------------------------------------------------------------------

ASKED = ("", "/ask ", "/ask@pincite_bot ", "@pincite_bot ")
COMMANDS = (
    *("/start", "/help", "/language", "/privacy", "/documents", "/watches", "/unwatch 1"),
    *("/digest", "/digest 8", "/export", "/export json", "/matters", "/matters new lease"),
    *("/claim guess", "/add", "/add lease", "/bind lease", "/unbind lease", "/source", "/source 1"),
    *(f"/admit {STRANGER} lease", f"/dismiss {PEOPLE['Keeper'][0]} lease", "/forgetme"),
    *(f"/source {DOCUMENT}-1", f"/source {DOCUMENT.lower()}-2", f"/source {DOCUMENT}-9"),
    *(f"/start s_{DOCUMENT}-1", f"/watch {QUESTION}", f"/bind lease {CHATS['Team']}"),
)
PRESSES = (
    *(f"{verb}:{key}:{skip}" for verb in ("more", "near") for key in (1, 2, 3) for skip in (0, 2)),
    *(f"judge:{key}:1" for key in (1, 2, 3)),
    *(f"open:{DOCUMENT}-1", f"turn:{DOCUMENT}-2", f"turn:{DOCUMENT}-1:2", f"file:{DOCUMENT}"),
    *("docs:0", "docs:8", "drops:0", f"drop:{DOCUMENT}:0", f"dropped:{DOCUMENT}:0:0abc"),
    *("unwatch:1", "into:0abc", "speak:en", f"forget:{PEOPLE['Keeper'][0]}:1", "nonsense"),
)


def doors() -> Iterator[tuple[str, Door]]:
    """Every way in, by its name."""
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
    yield "/ask, replying", says("/ask", _question)
    yield "a mention, replying", says("@pincite_bot", _question)
    for data in PRESSES:
        yield f"presses {data}", presses(data)
    yield "asks inline", _inline
    yield "adds the bot again", added
    yield "hears of a new document", _arrival


def says(text: str, reply: Callable[[Intruder], dict[str, Any]] | None = None, **more: Any) -> Door:
    async def door(intruder: Intruder) -> None:
        await intruder.say(text, reply(intruder) if reply else None, **more)

    return door


def edits(before: str, after: str) -> Door:
    async def door(intruder: Intruder) -> None:
        await intruder.edit(before, after)

    return door


def presses(data: str) -> Door:
    async def door(intruder: Intruder) -> None:
        await intruder.press(data)

    return door


async def added(intruder: Intruder) -> None:
    await _membership(intruder, "left", "member")


def _answer(intruder: Intruder) -> dict[str, Any]:
    """The bot's answer to somebody else, to be replied to."""
    return intruder.stage.double.message(intruder.seen())


def _question(intruder: Intruder) -> dict[str, Any]:
    """A message of an insider in the same chat, which asks about the walled matter."""
    said = intruder.stage.message("Keeper", intruder.place.partition("/")[0], QUESTION)["message"]
    assert isinstance(said, dict)
    return said


_ORIGIN = {"type": "user", "date": 1_700_000_000, "sender_user": BOT}


async def _inline(intruder: Intruder) -> None:
    person = user(intruder.presser)
    query = {"id": "1", "from": person, "query": QUESTION, "offset": ""}
    await intruder.stage.deliver(intruder.stage._update("inline_query", query))


async def _membership(intruder: Intruder, before: str, after: str) -> None:
    chat = intruder.stage._chat(intruder.who, intruder.place.partition("/")[0])
    change = {
        "chat": chat,
        "from": user(intruder.presser),
        "date": 1_700_000_000,
        "old_chat_member": _member(before),
        "new_chat_member": _member(after),
    }
    await intruder.stage.deliver(intruder.stage._update("my_chat_member", change))


def _member(status: str) -> dict[str, Any]:
    banned = {"until_date": 0} if status == "kicked" else {}
    return {"user": BOT, "status": status} | banned


async def _arrival(intruder: Intruder) -> None:
    """A document arrives behind the wall, which answers every watch there is; in one world."""
    library = intruder.stage.services.library
    if library.count_documents(frozenset({"lease"})):
        new = reading(f"The garage: {QUESTION}.", metadata=Metadata("The garage"))
        library.file(new, matter="lease", path="new")
    await intruder.stage.app.bot_data.lookout.round()


# -- the outsiders -------------------------------------------------------------------------------


def access(stage: PlainStage) -> Access:
    return Access(stage.services.database, stage.services.settings)


async def not_admitted(stage: PlainStage) -> Intruder:
    return Intruder(stage)


async def admitted_elsewhere(stage: PlainStage) -> Intruder:
    return Intruder(stage, "Reader")


async def keeper_elsewhere(stage: PlainStage) -> Intruder:
    access(stage).admit(PEOPLE["Reader"][0], "appeal", "keeper")
    return Intruder(stage, "Reader")


async def _once_inside(stage: PlainStage) -> Intruder:
    access(stage).admit(STRANGER, "lease", "keeper")
    intruder = Intruder(stage)
    for text in (QUESTION, f"/watch {QUESTION}"):
        await intruder.say(text)
    return intruder


async def dismissed_meanwhile(stage: PlainStage) -> Intruder:
    intruder = await _once_inside(stage)
    access(stage).dismiss(STRANGER, "lease")
    return intruder


async def forgotten_meanwhile(stage: PlainStage) -> Intruder:
    intruder = await _once_inside(stage)
    await intruder.say("/forgetme")
    shown = stage.double.shown[-1]
    await stage.deliver(stage.pressed("Stranger", shown, "Yes"))
    return intruder


async def blocked_and_back(stage: PlainStage) -> Intruder:
    intruder = await _once_inside(stage)
    await _membership(intruder, "member", "kicked")
    access(stage).dismiss(STRANGER, "lease")
    await _membership(intruder, "kicked", "member")
    return intruder


async def other_chat(stage: PlainStage) -> Intruder:
    access(stage).bind(CHATS["Team"], 0, "appeal")
    return Intruder(stage, place="Team")


async def chat_without_matter(stage: PlainStage) -> Intruder:
    return Intruder(stage, place="Team")


async def insider_in_another_chat(stage: PlainStage) -> Intruder:
    access(stage).bind(CHATS["Team"], 0, "appeal")
    access(stage).admit(PEOPLE["讀者"][0], "lease", "reader")
    return Intruder(stage, "讀者", "Team")


async def other_topic(stage: PlainStage) -> Intruder:
    access(stage).bind(CHATS["Forum"], 0, "appeal")
    return Intruder(stage, place="Forum/Claims")


async def chat_of_a_topic(stage: PlainStage) -> Intruder:
    return Intruder(stage, place="Forum")


async def unbound_meanwhile(stage: PlainStage) -> Intruder:
    access(stage).bind(CHATS["Team"], 0, "lease")
    intruder = Intruder(stage, place="Team")
    for text in (f"/ask {QUESTION}", f"/watch {QUESTION}"):
        await intruder.say(text)
    access(stage).unbind(CHATS["Team"], 0, "lease")
    return intruder


async def left_behind_by_migration(stage: PlainStage) -> Intruder:
    access(stage).bind(CHATS["Team"], 0, "lease")
    intruder = Intruder(stage, place="Team")
    for text in (f"/ask {QUESTION}", f"/watch {QUESTION}"):
        await intruder.say(text)
    await intruder.say("", migrate_to_chat_id=MOVED)
    return intruder


async def anonymous(stage: PlainStage) -> Intruder:
    return Intruder(stage, "Anonymous", "Team")


async def channel_identity(stage: PlainStage) -> Intruder:
    alien = {"id": -1009, "type": "channel", "title": "Alien"}
    behind = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    return Intruder(stage, "Stranger", "Team", {"sender_chat": alien, "from": behind})


async def channel(stage: PlainStage) -> Intruder:
    return Intruder(stage, "News", "News")


KINDS: tuple[Kind, ...] = (
    *(not_admitted, admitted_elsewhere, keeper_elsewhere, dismissed_meanwhile),
    *(forgotten_meanwhile, blocked_and_back, other_chat, chat_without_matter),
    *(insider_in_another_chat, other_topic, chat_of_a_topic, unbound_meanwhile),
    *(left_behind_by_migration, anonymous, channel_identity, channel),
)


# -- the two worlds ------------------------------------------------------------------------------


def _without_the_lease(library: Library) -> None:
    judgment = Metadata("Summary of the appeal judgment", "2019-06-20", None, None, "en")
    library.file(reading(*JUDGMENT, metadata=judgment), matter="appeal", path="j")
    library.create_matter("lease")


def _with_the_lease(library: Library) -> None:
    _without_the_lease(library)
    lease = Metadata("Lease of the warehouse", "2024-05-01", None, None, "en")
    library.file(reading(*world.LEASE, metadata=lease), matter="lease", path="l")


async def _tried(
    folder: Path, kind: Kind, fill: Callable[[Library], None], monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[str]]:
    """What the bot sent at each door, as it went over the wire."""
    folder.mkdir()
    monkeypatch.setattr(world, "file_world", fill)
    given = ["6000 questions a minute", "Forum/Leases may ask lease", "privacy off"]
    sent: dict[str, list[str]] = {}
    async with plain_stage(folder, given) as stage:
        await stage.play(Turn(0, "Keeper", "says", QUESTION, "", ""))
        intruder = await kind(stage)
        for name, door in doors():
            mark = len(stage.double.calls)
            await asyncio.wait_for(door(intruder), 60)
            calls = stage.double.calls[mark:]
            # The group that moved hears of what it may see, at its new id.
            sent[name] = [str(x) for x in calls if x.parameters.get("chat_id") != MOVED]
    return sent


def _leaks(sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """The doors at which a word of the walled matter came out, or its citation unasked."""
    found = {}
    for name, calls in sent.items():
        words = [word for word in WALLED if any(word in call for call in calls)]
        if DOCUMENT not in name.upper() and any(DOCUMENT in call for call in calls):
            words.append(DOCUMENT)
        if words:
            found[name] = words
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_no_door_is_open(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot does the very same whether the walled matter holds anything or not."""
    full = await _tried(tmp_path / "full", kind, _with_the_lease, monkeypatch)
    empty = await _tried(tmp_path / "empty", kind, _without_the_lease, monkeypatch)
    assert _leaks(full) == {}
    for name, sent in full.items():
        assert sent == empty[name], name


async def test_an_insider_finds_the_doors_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doors are real: to one who keeps the matter, what should show it does."""

    async def inside(stage: PlainStage) -> Intruder:
        access(stage).admit(STRANGER, "lease", "keeper")
        return Intruder(stage)

    sent = await _tried(tmp_path / "full", inside, _with_the_lease, monkeypatch)
    wanted = {
        f"asks {QUESTION}",
        f"edits {QUESTION}",
        f"/source {DOCUMENT}-1",
        f"/start s_{DOCUMENT}-1",
        "/documents",
        f"presses open:{DOCUMENT}-1",
        f"presses turn:{DOCUMENT}-2",
        f"presses file:{DOCUMENT}",
        "presses docs:0",
    }
    assert wanted <= set(_leaks(sent))


async def test_every_handler_has_a_door(tmp_path: Path) -> None:
    """A command or button that is added later, and forgotten here, fails this test."""
    async with plain_stage(tmp_path) as stage:
        handlers = [each for group in stage.app.handlers.values() for each in group]
    said = {re.split(r"\W", text[1:], maxsplit=1)[0] for text in COMMANDS}
    commands = {
        name for each in handlers if isinstance(each, CommandHandler) for name in each.commands
    }
    assert commands <= said
    for each in handlers:
        if isinstance(each, CallbackQueryHandler) and isinstance(each.pattern, re.Pattern):
            assert any(each.pattern.match(data) for data in PRESSES), each.pattern
