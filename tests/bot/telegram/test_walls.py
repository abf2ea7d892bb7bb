"""Outsiders try every entry point, and none lets out a word of the walled matter.

Two worlds differ in one thing: in the first the matter `lease` holds a document, in the second it
is empty. Whatever an outsider does, the bot must do the very same in both: then nothing of what
it sent can have come from behind the wall, be it a word, a title, a count or a citation.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.records.access import Access
from bot.telegram.app import ALLOWED_UPDATES
from corpus.library import Library
from corpus.models import Metadata
from tests.bot.telegram import sample_matters
from tests.bot.telegram.dialogue import Turn
from tests.bot.telegram.entry_points import (
    COMMANDS,
    DOCUMENT,
    PRESSES,
    QUESTION,
    QUOTED,
    STRANGER,
    Outsider,
    entry_points,
    keys_in_order,
    membership,
)
from tests.bot.telegram.request_double import BOT, Call
from tests.bot.telegram.sample_matters import JUDGMENT, PEOPLE, reading
from tests.bot.telegram.simulator import ALIEN, CHATS, Simulator, simulated_bot

pytestmark = pytest.mark.slow

WALLED = ("tenant", "landlord", "warehouse", "thirty", "2024-05-01", "garage")
"""Words of the walled matter that no outsider writes."""
MOVED = -2001

Kind = Callable[[Simulator], Awaitable[Outsider]]


# -- the outsiders -------------------------------------------------------------------------------


def access(simulator: Simulator) -> Access:
    return Access(simulator.services.database, simulator.services.settings)


async def not_admitted(simulator: Simulator) -> Outsider:
    return Outsider(simulator)


async def admitted_elsewhere(simulator: Simulator) -> Outsider:
    return Outsider(simulator, "Reader")


async def keeper_elsewhere(simulator: Simulator) -> Outsider:
    access(simulator).admit(PEOPLE["Reader"][0], "appeal", "keeper")
    return Outsider(simulator, "Reader")


async def _once_inside(simulator: Simulator) -> Outsider:
    access(simulator).admit(STRANGER, "lease", "keeper")
    outsider = Outsider(simulator)
    for text in (QUESTION, f"/watch {QUESTION}"):
        await outsider.say(text)
    await outsider.press(f"keep:{DOCUMENT}-1")
    return outsider


async def dismissed_meanwhile(simulator: Simulator) -> Outsider:
    outsider = await _once_inside(simulator)
    access(simulator).dismiss(STRANGER, "lease")
    return outsider


async def forgotten_meanwhile(simulator: Simulator) -> Outsider:
    outsider = await _once_inside(simulator)
    await outsider.say("/forgetme")
    shown = simulator.double.shown[-1]
    await simulator.deliver(simulator.pressed("Stranger", shown, "Yes"))
    return outsider


async def blocked_and_back(simulator: Simulator) -> Outsider:
    outsider = await _once_inside(simulator)
    await membership(outsider, "member", "kicked")
    access(simulator).dismiss(STRANGER, "lease")
    await membership(outsider, "kicked", "member")
    return outsider


async def other_chat(simulator: Simulator) -> Outsider:
    access(simulator).bind(CHATS["Team"], 0, "appeal")
    return Outsider(simulator, place="Team")


async def chat_without_matter(simulator: Simulator) -> Outsider:
    return Outsider(simulator, place="Team")


async def insider_in_another_chat(simulator: Simulator) -> Outsider:
    access(simulator).bind(CHATS["Team"], 0, "appeal")
    access(simulator).admit(PEOPLE["讀者"][0], "lease", "reader")
    return Outsider(simulator, "讀者", "Team", admitted=True)


async def other_topic(simulator: Simulator) -> Outsider:
    access(simulator).bind(CHATS["Forum"], 0, "appeal")
    return Outsider(simulator, place="Forum/Claims")


async def chat_of_a_topic(simulator: Simulator) -> Outsider:
    return Outsider(simulator, place="Forum")


async def unbound_meanwhile(simulator: Simulator) -> Outsider:
    access(simulator).bind(CHATS["Team"], 0, "lease")
    outsider = Outsider(simulator, place="Team")
    for text in (f"/ask {QUESTION}", f"/watch {QUESTION}"):
        await outsider.say(text)
    access(simulator).unbind(CHATS["Team"], 0, "lease")
    return outsider


async def left_behind_by_migration(simulator: Simulator) -> Outsider:
    access(simulator).bind(CHATS["Team"], 0, "lease")
    outsider = Outsider(simulator, place="Team")
    for text in (f"/ask {QUESTION}", f"/watch {QUESTION}"):
        await outsider.say(text)
    await outsider.say("", migrate_to_chat_id=MOVED)
    return outsider


async def anonymous(simulator: Simulator) -> Outsider:
    return Outsider(simulator, "Anonymous", "Team")


async def channel_identity(simulator: Simulator) -> Outsider:
    return Outsider(simulator, "Stranger", "Team", ALIEN)


async def channel(simulator: Simulator) -> Outsider:
    return Outsider(simulator, "News", "News")


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
    library.file(reading(*sample_matters.LEASE, metadata=lease), matter="lease", path="l")


async def _tried(
    folder: Path, kind: Kind, fill: Callable[[Library], None], monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[str]]:
    """What the bot sent at each entry point, as it went over the wire."""
    folder.mkdir()
    keys_in_order(monkeypatch)
    monkeypatch.setattr(sample_matters, "file_sample_documents", fill)
    given = ["6000 questions a minute", "Forum/Leases may ask lease", "privacy off"]
    sent: dict[str, list[str]] = {}
    async with simulated_bot(folder, given) as simulator:
        # Questions with buttons that wait for an insider, whose keys an outsider tries.
        for text in (QUESTION, "/who lease", f"/admit {PEOPLE['Reader'][0]} lease"):
            await simulator.play(Turn(0, "Keeper", "says", text, "", ""))
        outsider = await kind(simulator)
        for name, entry_point in entry_points():
            mark = len(simulator.double.calls)
            await asyncio.wait_for(entry_point(outsider), 60)
            calls = [call for call in simulator.double.calls[mark:] if not _asks_of_itself(call)]
            # The group that moved hears of what it may see, at its new id.
            calls = [call for call in calls if call.parameters.get("chat_id") != MOVED]
            # What the moved group hears takes ids too.
            sent[name] = [re.sub(r"'ephemeral_message_id': \d+", "", str(x)) for x in calls]
    return sent


def _asks_of_itself(call: Call) -> bool:
    """Whether the bot asks what the server knows and what its own rights are: once, at any time."""
    own = call.method == "getChatMember" and call.parameters["user_id"] == BOT["id"]
    return own or call.method == "getMyCommands"


def _leaks(sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """The entry points at which a word of the walled matter came out, or its citation unasked."""
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
    """The entry points are real: to one who keeps the matter, what should show it does."""

    async def inside(simulator: Simulator) -> Outsider:
        return await _once_inside(simulator)

    sent = await _tried(tmp_path / "full", inside, _with_the_lease, monkeypatch)
    wanted = {
        f"asks {QUESTION}",
        f"edits {QUESTION}",
        f"/source {DOCUMENT}-1",
        f"/start s_{DOCUMENT}-1",
        "/documents",
        "/kept",
        f"/check {QUOTED}",
        f"/each {QUESTION}",
        "sends a file to be checked",
        f"presses open:{DOCUMENT}-1",
        f"presses turn:{DOCUMENT}-2",
        f"presses file:{DOCUMENT}",
        "presses docs:0",
        "asks inline, 0",
        "hears of a new document",
        "hears of it the day after",
    }
    assert wanted <= set(_leaks(sent))


async def test_every_handler_has_a_door(tmp_path: Path) -> None:
    """A command or button that is added later, and forgotten here, fails this test."""
    async with simulated_bot(tmp_path) as simulator:
        handlers = [each for group in simulator.app.handlers.values() for each in group]
    said = {re.split(r"\W", text[1:], maxsplit=1)[0] for text in COMMANDS}
    commands = {
        name for each in handlers if isinstance(each, CommandHandler) for name in each.commands
    }
    assert commands <= said
    for each in handlers:
        if isinstance(each, CallbackQueryHandler) and isinstance(each.pattern, re.Pattern):
            assert any(each.pattern.match(data) for data in PRESSES), each.pattern


async def test_every_kind_of_update_has_a_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever kind of update the bot listens for, some entry point brings it."""
    brought: set[str] = set()

    async def note(update: dict[str, Any]) -> None:
        brought.update(update)

    async with simulated_bot(tmp_path) as simulator:
        await simulator.play(Turn(0, "Keeper", "says", QUESTION, "", ""))
        monkeypatch.setattr(simulator, "deliver", note)
        for outsider in (Outsider(simulator), Outsider(simulator, "News", "News")):
            for _, entry_point in entry_points():
                await entry_point(outsider)
    assert {kind.value for kind in ALLOWED_UPDATES} <= brought
