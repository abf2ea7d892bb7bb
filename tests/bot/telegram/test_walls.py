"""Every door is tried by every kind of outsider, and none lets out a word of the walled matter.

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
    STRANGER,
    Outsider,
    doors,
    membership,
)
from tests.bot.telegram.sample_matters import JUDGMENT, PEOPLE, reading
from tests.bot.telegram.simulator import ALIEN, CHATS, Simulator, simulated_bot

WALLED = ("tenant", "landlord", "warehouse", "thirty", "2024-05-01", "garage")
"""Words of the walled matter that no outsider writes."""
MOVED = -2001

Kind = Callable[[Simulator], Awaitable[Outsider]]


# -- the outsiders -------------------------------------------------------------------------------


def access(stage: Simulator) -> Access:
    return Access(stage.services.database, stage.services.settings)


async def not_admitted(stage: Simulator) -> Outsider:
    return Outsider(stage)


async def admitted_elsewhere(stage: Simulator) -> Outsider:
    return Outsider(stage, "Reader")


async def keeper_elsewhere(stage: Simulator) -> Outsider:
    access(stage).admit(PEOPLE["Reader"][0], "appeal", "keeper")
    return Outsider(stage, "Reader")


async def _once_inside(stage: Simulator) -> Outsider:
    access(stage).admit(STRANGER, "lease", "keeper")
    intruder = Outsider(stage)
    for text in (QUESTION, f"/watch {QUESTION}"):
        await intruder.say(text)
    return intruder


async def dismissed_meanwhile(stage: Simulator) -> Outsider:
    intruder = await _once_inside(stage)
    access(stage).dismiss(STRANGER, "lease")
    return intruder


async def forgotten_meanwhile(stage: Simulator) -> Outsider:
    intruder = await _once_inside(stage)
    await intruder.say("/forgetme")
    shown = stage.double.shown[-1]
    await stage.deliver(stage.pressed("Stranger", shown, "Yes"))
    return intruder


async def blocked_and_back(stage: Simulator) -> Outsider:
    intruder = await _once_inside(stage)
    await membership(intruder, "member", "kicked")
    access(stage).dismiss(STRANGER, "lease")
    await membership(intruder, "kicked", "member")
    return intruder


async def other_chat(stage: Simulator) -> Outsider:
    access(stage).bind(CHATS["Team"], 0, "appeal")
    return Outsider(stage, place="Team")


async def chat_without_matter(stage: Simulator) -> Outsider:
    return Outsider(stage, place="Team")


async def insider_in_another_chat(stage: Simulator) -> Outsider:
    access(stage).bind(CHATS["Team"], 0, "appeal")
    access(stage).admit(PEOPLE["讀者"][0], "lease", "reader")
    return Outsider(stage, "讀者", "Team", admitted=True)


async def other_topic(stage: Simulator) -> Outsider:
    access(stage).bind(CHATS["Forum"], 0, "appeal")
    return Outsider(stage, place="Forum/Claims")


async def chat_of_a_topic(stage: Simulator) -> Outsider:
    return Outsider(stage, place="Forum")


async def unbound_meanwhile(stage: Simulator) -> Outsider:
    access(stage).bind(CHATS["Team"], 0, "lease")
    intruder = Outsider(stage, place="Team")
    for text in (f"/ask {QUESTION}", f"/watch {QUESTION}"):
        await intruder.say(text)
    access(stage).unbind(CHATS["Team"], 0, "lease")
    return intruder


async def left_behind_by_migration(stage: Simulator) -> Outsider:
    access(stage).bind(CHATS["Team"], 0, "lease")
    intruder = Outsider(stage, place="Team")
    for text in (f"/ask {QUESTION}", f"/watch {QUESTION}"):
        await intruder.say(text)
    await intruder.say("", migrate_to_chat_id=MOVED)
    return intruder


async def anonymous(stage: Simulator) -> Outsider:
    return Outsider(stage, "Anonymous", "Team")


async def channel_identity(stage: Simulator) -> Outsider:
    return Outsider(stage, "Stranger", "Team", ALIEN)


async def channel(stage: Simulator) -> Outsider:
    return Outsider(stage, "News", "News")


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
    """What the bot sent at each door, as it went over the wire."""
    folder.mkdir()
    monkeypatch.setattr(sample_matters, "file_world", fill)
    given = ["6000 questions a minute", "Forum/Leases may ask lease", "privacy off"]
    sent: dict[str, list[str]] = {}
    async with simulated_bot(folder, given) as stage:
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

    async def inside(stage: Simulator) -> Outsider:
        return await _once_inside(stage)

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
        "asks inline, 0",
        "hears of a new document",
        "hears of it the day after",
    }
    assert wanted <= set(_leaks(sent))


async def test_every_handler_has_a_door(tmp_path: Path) -> None:
    """A command or button that is added later, and forgotten here, fails this test."""
    async with simulated_bot(tmp_path) as stage:
        handlers = [each for group in stage.app.handlers.values() for each in group]
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
    """Whatever kind of update the bot listens for, some door brings it."""
    brought: set[str] = set()

    async def note(update: dict[str, Any]) -> None:
        brought.update(update)

    async with simulated_bot(tmp_path) as stage:
        await stage.play(Turn(0, "Keeper", "says", QUESTION, "", ""))
        monkeypatch.setattr(stage, "deliver", note)
        for intruder in (Outsider(stage), Outsider(stage, "News", "News")):
            for _, door in doors():
                await door(intruder)
    assert {kind.value for kind in ALLOWED_UPDATES} <= brought
