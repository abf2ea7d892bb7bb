"""The bot against an emulator of the Bot API that refuses what the real server refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from corpus.models import Scope
from tests.bot.telegram.dialogue import Dialogue, dialogues, perform
from tests.bot.telegram.emulator import beyond_reason, emulated_bot

pytestmark = [pytest.mark.shared, pytest.mark.slow]


BOTS_AT_ONCE = 12
"""More of them would start too slowly for the emulator on two busy cores."""


@pytest.mark.parametrize("api", ["10.3", "10.0"])
async def test_dialogues(shared: Path, tmp_path: Path, api: str) -> None:
    """Every dialogue goes over HTTP as it went without, and breaks no rule of either server."""

    gate = asyncio.Semaphore(BOTS_AT_ONCE)

    async def one(dialogue: Dialogue) -> None:
        async with gate:
            await play(dialogue)

    async def play(dialogue: Dialogue) -> None:
        folder = tmp_path / dialogue.name
        folder.mkdir()
        given = [*dialogue.given, f"Telegram {api}"]
        async with emulated_bot(shared, folder, given, api=api) as simulator:
            await perform(dialogue, simulator)
            await simulator.tg.wait_idle()
            wanted = sum(len(turn.expected) for turn in dialogue.turns)
            assert len(simulator._outputs(0)) == wanted, "something more was said"
            assert not beyond_reason(simulator.tg)

    played = await asyncio.gather(*map(one, dialogues()), return_exceptions=True)
    assert not [fault for fault in played if fault], "\n\n".join(map(str, filter(None, played)))


async def test_webhook(shared: Path, tmp_path: Path) -> None:
    """By webhook the same is answered, once, and only to who knows the secret."""
    async with emulated_bot(
        shared, tmp_path, ["Team may ask appeal"], webhook=True, webhook_retry=0.1
    ) as simulator:
        tg, reader, team = simulator.tg, simulator.users["Reader"], simulator.chats["Team"]
        asked = tg.send(reader, tg.private(reader), "the notices")
        assert "TBE0G5NG-3" in (await tg.wait_reply(reader, to=asked)).text
        command = tg.command(reader, team, "ask", "the first judgment")
        assert "TBE0G5NG-1" in (await tg.wait_reply(team, to=command)).text
        forged = {"update_id": 1, "message": asked | {"message_id": 99}}
        async with ClientSession() as stranger:
            for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
                url = tg.webhook["url"]
                async with stranger.post(url, json=forged, headers=headers) as response:
                    assert response.status == 403
        tg.redeliver({"update_id": max(tg.delivered_at), "message": command})
        await tg.wait_idle()
        assert len(tg.sent) == 2

        def before(delivery: dict[str, Any]) -> bool:
            """Between setWebhook and listening there is a moment; Telegram tries again."""
            return bool(delivery["error"] == "Connection refused")

        assert not beyond_reason(tg)
        assert {each["status"] for each in tg.webhook_deliveries if not before(each)} == {200}


@pytest.mark.parametrize("method", ["sendMessage", "sendChatAction", "getUpdates"])
async def test_no_answer_is_lost(shared: Path, tmp_path: Path, method: str) -> None:
    """Whatever befalls a request, the question is answered."""

    async def one(kind: str) -> None:
        folder = tmp_path / kind
        folder.mkdir()
        async with emulated_bot(shared, folder) as simulator:
            tg, reader = simulator.tg, simulator.users["Reader"]
            tg.fault(kind, method, times=2, delay=0.2)
            asked = tg.send(reader, tg.private(reader), "the notices")
            answer = await tg.wait_reply(reader, 20, to=asked)
            assert "TBE0G5NG-3" in answer.text
            assert not beyond_reason(tg)

    kinds = ("drop", "drop_after", "500", "502", "slow", "429", "garbage")
    await asyncio.gather(*map(one, kinds))


async def test_places_that_are_gone(shared: Path, tmp_path: Path) -> None:
    """A deleted or closed topic, a deleted question, a person who left: nothing goes elsewhere."""
    given = ["Forum may ask appeal", "Team may ask appeal"]
    async with emulated_bot(shared, tmp_path, given) as simulator:
        tg, reader, forum = simulator.tg, simulator.users["Reader"], simulator.chats["Forum"]
        simulator.topics["Claims"].deleted = True
        simulator.topics["Leases"].closed = True
        for topic in simulator.topics.values():
            tg.command(reader, forum, "ask", "the notices", topic=topic)
        tg.block(reader)
        await tg.wait_idle()
        assert not tg.sent
        assert {each.kind for each in tg.violations} == {"bad_request"}
        tg.violations.clear()
        stranger, team = simulator.users["Stranger"], simulator.chats["Team"]
        asked = tg.command(stranger, team, "ask", "the notices")
        tg.delete(team, asked)
        answer = await tg.wait_reply(team)
        assert "TBE0G5NG-3" in answer.text
        tg.delete(team, answer)
        press = tg.press(stranger, answer, "Useful")
        assert "no longer works" in (await tg.wait_answer(press))["text"]
        assert not beyond_reason(tg)


async def test_a_group_becomes_a_supergroup(shared: Path, tmp_path: Path) -> None:
    """Bindings and language follow the group to its new id."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, owner = simulator.tg, simulator.users["Owner"]
        group = tg.group("Small", [owner, simulator.users["Reader"]])
        tg.command(owner, group, "bind", "appeal")
        assert "is now bound" in (await tg.wait_reply(group)).text
        new = tg.upgrade(group)
        await tg.wait_idle()
        asked = tg.command(simulator.users["Reader"], new, "ask", "the notices")
        assert "TBE0G5NG-3" in (await tg.wait_reply(new, to=asked)).text
        assert not beyond_reason(tg)


async def test_joining(shared: Path, tmp_path: Path) -> None:
    """Added to a chat, the bot says in three lines what it hears, what is bound, what is next."""
    async with emulated_bot(shared, tmp_path, ["Team may ask appeal"]) as simulator:
        tg, owner = simulator.tg, simulator.users["Owner"]
        group = tg.group("Fresh", [owner], bot=None)
        tg.add_bot(group, by=owner)
        lines = (await tg.wait_reply(group)).text.splitlines()
        assert len(lines) == 3
        assert "/ask" in lines[0]
        assert "/bind" in lines[2]
        team = simulator.chats["Team"]
        tg.remove_bot(team, by=owner)
        tg.add_bot(team, by=simulator.users["讀者"], status="administrator")
        lines = (await tg.wait_reply(team)).text.splitlines()
        assert "@pincite_bot" in lines[0]
        assert lines[1] == "這裡綁定了：appeal。"
        channel = tg.channel("Gazette", bot=None)
        tg.add_bot(channel, by=owner, status="administrator")
        lines = (await tg.wait_reply(channel)).text.splitlines()
        assert f"/bind MATTER {channel.id}" in lines[2]
        assert not beyond_reason(tg)


async def test_edits_in_any_order(shared: Path, tmp_path: Path) -> None:
    """An edit that overtakes its question is answered, and the question that comes later is not."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, reader = simulator.tg, simulator.users["Reader"]
        chat = tg.private(reader)
        tg.send_edit_out_of_order(reader, chat, "the rent", "the notices")
        answer = await tg.wait_reply(reader)
        await tg.wait_idle()
        assert "TBE0G5NG-3" in answer.text
        assert len(tg.sent) == 1
        assert not answer.edits
        assert not beyond_reason(tg)


async def test_comments_on_a_channel(shared: Path, tmp_path: Path) -> None:
    """The copy of a post in the linked group is not answered; a comment that asks is."""
    given = ["News may ask appeal", "Team may ask lease", "privacy off"]
    async with emulated_bot(shared, tmp_path, given) as simulator:
        tg, news, team = simulator.tg, simulator.chats["News"], simulator.chats["Team"]
        news.linked, team.linked = team, news
        post = tg.post(news, "/ask the notices")
        assert "TBE0G5NG-3" in (await tg.wait_reply(news, to=post)).text
        comment = tg.command(
            simulator.users["Reader"], team, "ask", "the rent", reply_to=post["_forward_id"]
        )
        assert "VCB051JR-1" in (await tg.wait_reply(team, to=comment)).text
        await tg.wait_idle()
        assert len(tg.sent) == 2
        assert not beyond_reason(tg)


async def test_many_ask_at_once(shared: Path, tmp_path: Path) -> None:
    """Sixty people ask within seconds, and each gets an answer to their own question."""
    given = ["strangers may ask appeal"]
    async with emulated_bot(shared, tmp_path, given) as simulator:
        questions = ["the notices", "the first judgment", "the servers"]
        report = await simulator.tg.load(
            users=60, chats=60, rate=25, duration=2.4, text=lambda i: questions[i % 3], timeout=20
        )
        assert report.lost == 0, report
        assert report.floods == 0, report
        assert not beyond_reason(simulator.tg)


async def test_commands_are_offered(shared: Path, tmp_path: Path) -> None:
    """Telegram lists the commands by what a person may do, where they are, and their language."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, users, team = simulator.tg, simulator.users, simulator.chats["Team"]
        for name in ("Owner", "讀者"):
            tg.command(users[name], tg.private(users[name]), "start")
            await tg.wait_reply(users[name])
        await tg.wait_idle()

        def listed(name: str, chat: Any) -> dict[str, str]:
            return {x["command"]: x["description"] for x in tg.commands_for(users[name], chat)}

        assert "admit" in listed("Owner", tg.private(users["Owner"]))
        assert "admit" not in listed("Reader", tg.private(users["Reader"]))
        assert "ask" in listed("Reader", team)
        assert "bind" in listed("Owner", team)
        assert "bind" not in listed("Reader", team)
        assert listed("读者", tg.private(users["读者"]))["help"] == "如何提问"
        assert listed("讀者", tg.private(users["讀者"]))["help"] == "如何提問"
        assert not beyond_reason(tg)


@pytest.mark.parametrize("method", ["getFile", "file", "sendMessage", "editMessageText"])
async def test_no_upload_is_lost(shared: Path, tmp_path: Path, method: str) -> None:
    """Whatever befalls a request, a file that was sent is filed and its sender is told, once."""

    async def one(kind: str) -> None:
        folder = tmp_path / kind
        folder.mkdir()
        async with emulated_bot(shared, folder) as simulator:
            tg, keeper = simulator.tg, simulator.users["Keeper"]
            tg.fault(kind, method, times=2, delay=0.2)
            tg.send_document(keeper, tg.private(keeper), b"The garage is let.", "a.txt")
            told = "a.txt is (filed in|on file in) lease"
            answer = await tg.wait_text(tg.private(keeper), told, 20)
            assert answer.button("Open a.txt")
            assert len(simulator.services.library.documents(Scope.of("lease"))) == 2
            # An edit that arrived, but was not seen to, is made once more.
            assert not tg.refused("flood", "not_modified" if kind == "drop_after" else "")

    kinds = ("drop", "drop_after", "500", "502", "slow") + (
        () if method == "file" else ("429", "garbage")
    )
    await asyncio.gather(*map(one, kinds))


async def test_an_upload_over_a_restart(shared: Path, tmp_path: Path) -> None:
    """A bot that is stopped while it fetches a file files it when it runs again."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, keeper = simulator.tg, simulator.users["Keeper"]
        tg.fault("slow", "file", times=1, delay=30)
        tg.send_document(keeper, tg.private(keeper), b"The garage is let.", "a.txt")
        await tg.wait_text(tg.private(keeper), "fetching it")
        await simulator.restart()
        answer = await tg.wait_text(tg.private(keeper), "a.txt is filed in lease")
        assert len(tg.sent) == 1
        assert answer.button("Open a.txt")
        # The server still held the old bot's request for updates when the new one asked.
        assert not tg.refused("flood", "conflict")


async def test_inline(shared: Path, tmp_path: Path) -> None:
    """What is offered is personal and uncached; what is posted leads to the bot, and no further."""
    async with emulated_bot(shared, tmp_path) as simulator:
        tg, reader, stranger = simulator.tg, simulator.users["Reader"], simulator.users["Stranger"]
        query = tg.inline_query(reader, "the notices")
        [offered] = await tg.wait_answer(query)
        assert (query.answer["is_personal"], query.answer["cache_time"]) == (True, 0)
        posted = tg.choose(query, offered["id"], simulator.chats["Team"])
        assert "TBE0G5NG-3" in posted["text"]
        tg.start_link(stranger, "s_TBE0G5NG-3")
        refused = await tg.wait_reply(stranger)
        assert "You cannot ask anything yet" in refused.text
        query = tg.inline_query(stranger, "the notices")
        assert await tg.wait_answer(query) == []
        tg.start_link(stranger, query.answer["button"]["start_parameter"])
        assert "You cannot ask anything yet" in (await tg.wait_reply(stranger)).text
        await tg.wait_idle()
        assert len([sent for sent in tg.sent if sent.method == "sendMessage"]) == 2
        assert not beyond_reason(tg)
