"""The Read button below passages in Telegram: where it leads, and that it opens there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.reader.leave import LeaveKeys
from bot.reader.links import ReadLinks
from bot.records.access import Access
from bot.views.view import Button
from tests.bot.telegram.emulator import EmulatorSession, _free_port, emulated_bot
from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import CHATS, Simulator, simulated_bot, user

URL = "https://reader.example/pincite"
PRIVATE = [f"a reader at {URL}"]
GROUP = [f"a reader at {URL}", "Team may ask appeal"]
NAMED = [f"a reader at {URL} named page", "Team may ask appeal"]
QUESTION = "the notices"
CITATION = "TBE0G5NG-3"
READER = PEOPLE["Reader"][0]


async def keyboard(simulator: Simulator, place: str, text: str) -> list[dict[str, Any]]:
    """The buttons below the bot's answer, in order."""
    await simulator.deliver(simulator.message("Reader", place, text))
    shown = simulator.double.shown[-1]
    return [button for row in shown.keyboard for button in row]


def reading(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [button for button in buttons if "Read" in button["text"]]


async def test_in_private_it_opens_a_mini_app(tmp_path: Path) -> None:
    """One button a passage, and one below an opened passage."""
    async with simulated_bot(tmp_path, PRIVATE) as simulator:
        buttons = reading(await keyboard(simulator, "", QUESTION))
        address = f"{URL}/read/s_{CITATION}?app=1"
        assert {"text": "📄 Read 1", "web_app": {"url": address}} in buttons
        opens = [b for b in await keyboard(simulator, "", QUESTION) if "Open" in b["text"]]
        assert len(buttons) == len(opens)
        [button] = reading(await keyboard(simulator, "", f"/source {CITATION}"))
        assert button["web_app"]["url"] == address


async def test_in_a_group_it_is_a_link_to_the_mini_app(tmp_path: Path) -> None:
    """Which names nobody: each person who presses it shows their own leave."""
    async with simulated_bot(tmp_path, NAMED) as simulator:
        buttons = reading(await keyboard(simulator, "Team", f"/ask {QUESTION}"))
        link = f"https://t.me/pincite_bot/page?startapp=s_{CITATION}"
        assert {"text": "📄 Read 1", "url": link} in buttons


async def test_without_a_mini_app_it_is_a_signed_link(tmp_path: Path) -> None:
    """Signed for who asked; through the chat where that is all they have."""
    async with simulated_bot(tmp_path, GROUP) as simulator:
        token = simulator.services.settings.telegram_token
        assert token
        keys = LeaveKeys.of_token(token.get_secret_value())

        async def leave() -> Any:
            buttons = reading(await keyboard(simulator, "Team", f"/ask {QUESTION}"))
            address = urlsplit(buttons[0]["url"])
            assert address.geturl().startswith(f"{URL}/read/s_{CITATION}?key=")
            return keys.read(parse_qs(address.query)["key"][0])

        own = await leave()
        assert (own.person_id, own.chat_id) == (READER, None)
        assert own.document_id == CITATION.partition("-")[0]
        access = Access(simulator.services.database, simulator.services.settings)
        access.dismiss(READER, "appeal")
        by_chat = await leave()
        assert (by_chat.person_id, by_chat.chat_id) == (READER, CHATS["Team"])


async def test_without_a_reader_there_is_no_button(tmp_path: Path) -> None:
    """Nor where Telegram could not open it."""
    for number, given in enumerate(([], ["a reader at http://127.0.0.1:8090"])):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with simulated_bot(folder, given) as simulator:
            assert reading(await keyboard(simulator, "", QUESTION)) == []
            assert reading(await keyboard(simulator, "", f"/source {CITATION}")) == []


async def test_in_a_channel_nobody_asked(tmp_path: Path) -> None:
    """No link can be signed for a channel's post: it leads to each reader's private chat."""
    async with simulated_bot(tmp_path, PRIVATE) as simulator:
        bot_data = simulator.app.bot_data
        assert isinstance(bot_data.read_links, ReadLinks)
        rows = ((Button("📄 Read 1", read=CITATION),),)
        [[button]] = bot_data.read_links.resolve(rows, CHATS["News"], "pincite_bot")
        assert button.url == f"https://t.me/pincite_bot?start=s_{CITATION}"


@pytest.mark.parametrize("kind", ["sender", "private", "group", "supergroup", "channel", None])
@pytest.mark.parametrize("given", [PRIVATE, NAMED, []])
async def test_inline(tmp_path: Path, given: list[str], kind: str | None) -> None:
    """A Mini App for everybody; a signed link only where nobody but the asker sees it."""
    async with simulated_bot(tmp_path, given) as simulator:
        query = {"id": "1", "from": user("Reader"), "offset": "", "query": QUESTION}
        where = {"chat_type": kind} if kind else {}
        await simulator.deliver(simulator._update("inline_query", query | where))
        call = next(c for c in simulator.double.calls if c.method == "answerInlineQuery")
        results = call.parameters["results"]
        results = json.loads(results) if isinstance(results, str) else results
        result = next(result for result in results if result["id"] == CITATION)
        urls = [b["url"] for row in result["reply_markup"]["inline_keyboard"] for b in row]
        assert urls[0] == f"https://t.me/pincite_bot?start=s_{CITATION}"
        if given == NAMED:
            assert urls[1:] == [f"https://t.me/pincite_bot/page?startapp=s_{CITATION}"]
        elif given == PRIVATE and kind == "sender":
            token = simulator.services.settings.telegram_token
            assert token
            [key] = parse_qs(urlsplit(urls[1]).query)["key"]
            leave = LeaveKeys.of_token(token.get_secret_value()).read(key)
            assert leave
            assert (leave.person_id, leave.chat_id) == (READER, None)
        else:
            assert urls[1:] == []


# -- end to end ------------------------------------------------------------------------------------


async def opened(session: EmulatorSession, port: int, data: str) -> httpx.Response:
    """What the page's script gets for the data that Telegram gives it."""
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, timeout=60, trust_env=False) as client:
        body = {"citation": CITATION, "init_data": data}
        traded = await client.post("/pincite/read/leave", data=body)
        if traded.status_code != 200:
            return traded
        return await client.get(f"/pincite/read/{traded.json()['address']}")


@pytest.mark.slow
@pytest.mark.shared
async def test_the_bot_serves_what_its_buttons_open(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By polling, beside the bot: the admitted read, a stranger does not, a member does."""
    port = _free_port()
    given = [*NAMED, f"reader listens at 127.0.0.1:{port}"]
    async with emulated_bot(shared, tmp_path, given, apps=["page"]) as session:
        tg = session.tg
        reader, stranger = session.users["Reader"], session.users["Stranger"]
        asked = tg.send(reader, tg.private(reader), QUESTION)
        answer = await tg.wait_reply(reader, to=asked)
        assert CITATION in json.dumps(answer.raw if hasattr(answer, "raw") else str(answer))
        page = await opened(session, port, tg.init_data(reader, query=True))
        assert page.status_code == 200
        assert f'data-citation="{CITATION}"' in page.text
        tampered = tg.tampered_init_data(stranger, as_user=reader)
        expired, foreign = tg.expired_init_data(reader), tg.foreign_init_data(reader)
        for data in (tampered, expired, foreign):
            assert (await opened(session, port, data)).status_code == 404
        # In the chat that may ask the matter, so that the chat lets them in.
        assert (await opened(session, port, tg.init_data(stranger))).status_code == 200
        assert not tg.violations
