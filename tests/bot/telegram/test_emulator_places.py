"""Places that come and go, against the emulator: left, blocked, moved, deleted, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.telegram.emulator import EmulatorSession, beyond_reason, emulated_bot

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOUND = "New documents answer watch"


async def watches(simulator: EmulatorSession, who: str, chat: Any, **more: Any) -> None:
    """Somebody sets a watch for garages."""
    tg = simulator.tg
    asked = tg.command(simulator.users[who], chat, "watch", "the garage", **more)
    assert "is set" in (await tg.wait_reply(chat, to=asked)).text


async def arrival(simulator: EmulatorSession, text: str = "The garage is let.") -> None:
    """A document comes that answers the watches; wait until a keeper's own, set last, is told."""
    tg, keeper = simulator.tg, simulator.users["Keeper"]
    private = tg.private(keeper)
    await watches(simulator, "Keeper", private)
    tg.send_document(keeper, private, text.encode(), "a.txt")
    await tg.wait_text(private, FOUND, 20)
    await tg.wait_idle()


def told(simulator: EmulatorSession, chat: Any) -> list[Any]:
    """What was said in a chat of watches that found something."""
    return [sent for sent in simulator.tg.sent if sent.chat_id == chat.id and FOUND in sent.text]


def clear(tg: Any, kind: str) -> None:
    """Forget that the bot tried what it could not know to be in vain; it did, and nothing else."""
    assert {each.kind for each in tg.violations} - {"flood"} == {kind}
    tg.violations.clear()


async def test_removed_and_added_again(shared: Path, tmp_path: Path) -> None:
    """A chat that the bot was removed from hears nothing; when it is back, what it missed."""
    async with emulated_bot(shared, tmp_path, ["Team may ask lease"]) as simulator:
        tg, owner, team = simulator.tg, simulator.users["Owner"], simulator.chats["Team"]
        await watches(simulator, "Stranger", team)
        tg.remove_bot(team, by=owner)
        await arrival(simulator)
        assert not told(simulator, team)
        clear(tg, "forbidden")
        tg.add_bot(team, by=owner)
        assert "lease" in (await tg.wait_text(team, "Bound here")).text
        assert "The garage is let." in (await tg.wait_text(team, FOUND)).text
        asked = tg.command(simulator.users["Stranger"], team, "ask", "the rent")
        assert "VCB051JR-1" in (await tg.wait_reply(team, to=asked)).text
        asked = tg.command(simulator.users["Stranger"], team, "watches")
        assert "the garage" in (await tg.wait_reply(team, to=asked)).text
        assert not beyond_reason(tg)


async def test_blocked_and_back(shared: Path, tmp_path: Path) -> None:
    """Nobody is held up by a person who blocked the bot; whoever is back hears what came."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, owner = simulator.tg, simulator.users["Owner"]
        private = tg.private(owner)
        await watches(simulator, "Owner", private)
        tg.block(owner)
        await arrival(simulator)
        assert not told(simulator, private)
        clear(tg, "forbidden")
        tg.block(owner, blocked=False)
        assert "The garage is let." in (await tg.wait_text(private, FOUND)).text
        asked = tg.send(owner, private, "the rent")
        assert "VCB051JR-1" in (await tg.wait_reply(owner, to=asked)).text
        asked = tg.command(owner, private, "watches")
        assert "the garage" in (await tg.wait_reply(owner, to=asked)).text
        assert not beyond_reason(tg)


async def test_dismissed_while_blocked(shared: Path, tmp_path: Path) -> None:
    """Who was dismissed meanwhile is outside when they come back."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, owner, reader = simulator.tg, simulator.users["Owner"], simulator.users["Reader"]
        asked = tg.send(reader, tg.private(reader), "the notices")
        answer = await tg.wait_reply(reader, to=asked)
        tg.block(reader)
        asked = tg.command(owner, tg.private(owner), "dismiss", f"{reader.id} appeal")
        assert "no longer admitted" in (await tg.wait_reply(owner, to=asked)).text
        tg.block(reader, blocked=False)
        press = tg.press(reader, answer, "Open 1")
        assert "You cannot ask anything yet" in (await tg.wait_answer(press))["text"]
        asked = tg.send(reader, tg.private(reader), "the notices")
        assert "You cannot ask anything yet" in (await tg.wait_reply(reader, to=asked)).text
        assert not beyond_reason(tg)


async def test_watches_move_with_their_group(shared: Path, tmp_path: Path) -> None:
    """What a group watches for is told at its new id, and what it was answered can be opened."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, owner, reader = simulator.tg, simulator.users["Owner"], simulator.users["Reader"]
        group = tg.group("Small", [owner, reader])
        asked = tg.command(owner, group, "bind", "lease")
        assert "is now bound" in (await tg.wait_reply(group, to=asked)).text
        await watches(simulator, "Reader", group)
        new = tg.upgrade(group)
        await arrival(simulator)
        assert not told(simulator, group)
        [found] = told(simulator, new)
        tg.press(reader, found, "Open 1")
        assert "The garage is let." in (await tg.wait_text(new, "SHA-256")).text
        asked = tg.command(owner, new, "unbind", "lease")
        assert "no longer bound" in (await tg.wait_reply(new, to=asked)).text
        assert not beyond_reason(tg)


async def test_a_watch_in_a_deleted_topic(shared: Path, tmp_path: Path) -> None:
    """What a deleted topic watched for is told nowhere, least of all to the whole forum."""
    given = ["Forum/Claims may ask lease", "Forum/Leases may ask lease"]
    async with emulated_bot(shared, tmp_path, given) as simulator:
        tg, forum = simulator.tg, simulator.chats["Forum"]
        for name in ("Claims", "Leases"):
            await watches(simulator, "Stranger", forum, topic=simulator.topics[name])
        simulator.topics["Claims"].deleted = True
        await arrival(simulator)
        [found] = told(simulator, forum)
        assert found.thread_id == simulator.topics["Leases"].id
        clear(tg, "bad_request")


async def test_sent_twice_over_a_restart(shared: Path, tmp_path: Path) -> None:
    """A question that comes again after a restart was answered already."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, reader = simulator.tg, simulator.users["Reader"]
        asked = tg.send(reader, tg.private(reader), "the notices")
        await tg.wait_reply(reader, to=asked)
        update = {"update_id": max(tg.delivered_at), "message": asked}
        await tg.wait_idle()
        await simulator.restart()
        tg.redeliver(update)
        again = tg.send(reader, tg.private(reader), "the first judgment")
        assert "TBE0G5NG-1" in (await tg.wait_reply(reader, to=again)).text
        await tg.wait_idle()
        assert len(tg.sent) == 2
        assert not tg.refused("flood", "conflict")
