"""Who joins: keepers are told once of all who come together, and asked for a chat's matter."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.records.access import Access
from tests.bot.telegram.entry_points import Outsider, membership
from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import CHATS, simulated_bot, user

if TYPE_CHECKING:
    from tests.bot.telegram.simulator import Simulator

GIVEN = ["Team may ask lease"]


def joined_by_message(simulator: Simulator, *names: str, **more: Any) -> dict[str, Any]:
    """An update that tells of several people in one message of the group."""
    members = [user(name) | more for name in names]
    return simulator.message("Stranger", "Team", "", new_chat_members=members)


def joined_by_update(simulator: Simulator, name: str) -> dict[str, Any]:
    """An update about one person, as an administrator gets it."""
    change = {
        "chat": {"id": CHATS["Team"], "type": "supergroup", "title": "Team"},
        "from": user(name),
        "date": 1_700_000_000,
        "old_chat_member": {"user": user(name), "status": "left"},
        "new_chat_member": {"user": user(name), "status": "member"},
    }
    return simulator._update("chat_member", change)


async def reach_keepers(simulator: Simulator) -> None:
    """Let the bot write to the owner and the keeper in private."""
    for name in ("Owner", "Keeper"):
        await simulator.deliver(simulator.message(name, "", "/start"))
    simulator.double.shown.clear()


def told(simulator: Simulator, name: str) -> list[str]:
    number = PEOPLE[name][0]
    return [shown.text for shown in simulator.double.shown if shown.chat_id == number]


async def test_several_joins_are_one_note(tmp_path: Path) -> None:
    """However Telegram tells of them: in one message, one by one, or both ways at once."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        await reach_keepers(simulator)
        arrived = asyncio.Event()
        simulator.app.bot_data.joins.pause = lambda _: arrived.wait()  # type: ignore[assignment]
        asyncio.get_running_loop().call_later(0.3, arrived.set)
        updates = [
            joined_by_message(simulator, "Reader", "讀者"),
            joined_by_update(simulator, "Reader"),
            joined_by_update(simulator, "读者"),
        ]
        await simulator.deliver(*updates)
        for name in ("Owner", "Keeper"):
            [note] = told(simulator, name)
            head, *lines = note.splitlines()
            assert head.startswith("👥 3 joined ")
            assert "lease" in head
            assert len(lines) == 3


async def test_one_join_is_a_sentence(tmp_path: Path) -> None:
    """A bot is called one; whoever brought somebody is not told."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        await reach_keepers(simulator)
        update = joined_by_message(simulator, "Reader", is_bot=True)
        update["message"]["from"] = user("Keeper")
        await simulator.deliver(update)
        [note] = told(simulator, "Owner")
        assert note.startswith("🤖 The bot Reader")
        assert not told(simulator, "Keeper")


async def test_many_joins_fit_into_one_note(tmp_path: Path) -> None:
    """Of a crowd the first are named, and the rest are counted."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        await reach_keepers(simulator)
        crowd = [user("Reader") | {"id": 9_000 + n, "first_name": "A" * 60} for n in range(90)]
        await simulator.deliver(simulator.message("Stranger", "Team", "", new_chat_members=crowd))
        [note] = told(simulator, "Owner")
        assert len(note.splitlines()) == 22
        assert note.endswith("And 70 more.")


async def test_a_keeper_out_of_reach_leaves_the_question_to_the_owner(tmp_path: Path) -> None:
    """A keeper added the bot and never wrote to it: the owner who runs the group is asked."""
    async with simulated_bot(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Owner", "", "/start"))
        access = Access(simulator.services.database, simulator.services.settings)
        assert not access.bound(CHATS["Team"])
        simulator.double.shown.clear()
        await membership(Outsider(simulator, "Keeper", "Team"), "left", "member")
        [question] = told(simulator, "Owner")
        assert question.startswith("Which matter may be asked in ")
        assert not told(simulator, "Keeper")
