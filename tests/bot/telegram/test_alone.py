"""What one person of a group asks for is seen by that person, or by nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.telegram.newer_api import PLACEHOLDER
from tests.bot.telegram.dialogue import Turn
from tests.bot.telegram.request_double import Call, RequestDouble
from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import CHATS, Simulator, simulated_bot

GIVEN = ["Team may ask appeal"]
QUESTION = "the notice, the notices"
READER = PEOPLE["Reader"][0]


def whispered(simulator: Simulator, who: str, text: str) -> dict[str, Any]:
    """An update with a message that only the bot sees."""
    update = simulator.message(who, "Team", text)
    simulator._whisper(update["message"])
    return update


def shown_to_all(double: RequestDouble) -> list[str]:
    """What everybody in the group was sent, also what was deleted afterwards."""
    sent = double.said("sendMessage") + double.said("sendDocument")
    group = [call for call in sent if int(call["chat_id"]) == CHATS["Team"]]
    return [
        call.get("text", call.get("caption", ""))
        for call in group
        if not double.is_new or "ephemeral_message_parameters" not in call
    ]


class Liar(RequestDouble):
    """A server that keeps `is_ephemeral`, and yet sends to everybody."""

    def _sendMessage(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.is_new = False
        try:
            said = {name: each for name, each in said.items() if name != "reply_parameters"}
            return super()._sendMessage(said)
        finally:
            self.is_new = True


@pytest.mark.parametrize("private", [True, False])
async def test_a_server_that_sends_it_to_all_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, private: bool
) -> None:
    """It gets a message with no word of a document, which is deleted at once, and nothing more."""
    monkeypatch.setattr("tests.bot.telegram.simulator.RequestDouble", Liar)
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        double = simulator.double
        if private:
            await simulator.play(Turn(0, "Reader", "says", "hello", "", ""))
        mark = len(double.calls)
        for _ in range(2):
            await simulator.deliver(whispered(simulator, "Reader", f"/privately {QUESTION}"))
        group = [c for c in double.calls[mark:] if c.parameters.get("chat_id") == CHATS["Team"]]
        sent = [call for call in group if call.method != "sendChatAction"]
        assert [call.method for call in sent] == ["sendMessage", "deleteMessage"]
        assert sent[0].parameters["text"] == PLACEHOLDER
        answers = [c for c in double.calls[mark:] if c.parameters.get("chat_id") == READER]
        assert len(answers) == (2 if private else 0)
        assert all("notice" in call.parameters["text"] for call in answers)


async def test_nothing_is_sent_to_find_out_what_the_server_knows(tmp_path: Path) -> None:
    """An older server is asked for its commands, and for nothing else."""
    async with simulated_bot(tmp_path, [*GIVEN, "Telegram 10.0"]) as simulator:
        await simulator.play(Turn(0, "Stranger", "says", f"/ask {QUESTION}", "Team", ""))
        public = len(shown_to_all(simulator.double))
        for label in ("Open 1", "More"):
            await simulator.play(Turn(0, "Reader", "presses", label, "Team", ""))
        assert len(shown_to_all(simulator.double)) == public
        assert not simulator.double.said("editMessageText")
        assert len(simulator.double.said("getMyCommands")) == 1


async def test_only_the_first_is_preceded_by_a_placeholder(tmp_path: Path) -> None:
    """Once the server has shown that it keeps a message from others, answers come at once."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        for _ in range(3):
            await simulator.deliver(whispered(simulator, "Reader", f"/me {QUESTION}"))
        texts = [call["text"] for call in simulator.double.said("sendMessage")]
        assert texts.count(PLACEHOLDER) == 1
        assert shown_to_all(simulator.double) == []
        parameters = simulator.double.said("sendMessage")[-1]
        assert parameters["ephemeral_message_parameters"] == {"receiver_user_id": READER}
        assert list(parameters["reply_parameters"]) == ["ephemeral_message_id"]


async def test_a_slow_search_keeps_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the 15 seconds a placeholder is sent, and edited when the search is done."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        double, outbox = simulator.double, simulator.app.bot_data.outbox
        await simulator.deliver(whispered(simulator, "Reader", "/me the first judgment"))
        searched = asyncio.Event()
        loop = asyncio.get_running_loop()
        answer = simulator.services.searcher.answer

        def slow(*args: Any, **kwargs: Any) -> Any:
            asyncio.run_coroutine_threadsafe(searched.wait(), loop).result(20)
            return answer(*args, **kwargs)

        async def pause(_: float) -> None:
            """No time passes: the placeholder comes while the search waits for it."""

        async def finish() -> None:
            while PLACEHOLDER not in [call["text"] for call in double.said("sendMessage")[mark:]]:
                await asyncio.sleep(0.01)
            searched.set()

        mark = len(double.said("sendMessage"))
        monkeypatch.setattr(simulator.services.searcher, "answer", slow)
        monkeypatch.setattr(outbox, "pause", pause)
        update = whispered(simulator, "Reader", "/me the notices")
        await asyncio.gather(simulator.deliver(update), finish())
        assert "notices" in double.said("editEphemeralMessageText")[-1]["text"]
        assert shown_to_all(double) == []


async def test_a_press_is_answered_before_anything_is_sent(tmp_path: Path) -> None:
    """Also while what an earlier press of the same message shows is held back."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        double = simulator.double
        await simulator.play(Turn(0, "Stranger", "says", f"/ask {QUESTION}", "Team", ""))
        answer = double.shown[-1]
        released = asyncio.Event()
        send = simulator.app.bot_data.outbox.newer.send_alone

        async def held_back(*args: Any, **kwargs: Any) -> int:
            await released.wait()
            return await send(*args, **kwargs)

        simulator.app.bot_data.outbox.newer.send_alone = held_back  # type: ignore[method-assign]
        presses = [
            asyncio.create_task(simulator.deliver(simulator.pressed(who, answer, label)))
            for who in ("Reader", "Keeper")
            for label in ("Open 1", "Open 2", "More")
        ]
        async with asyncio.timeout(20):
            while len(double.said("answerCallbackQuery")) < len(presses):
                await asyncio.sleep(0.01)
        assert not [call for call in double.calls if _is_alone(call)]
        released.set()
        await asyncio.gather(*presses)
        assert len([call for call in double.calls if _is_alone(call)]) >= len(presses)


async def test_an_administrator_answers_the_asker_alone(tmp_path: Path) -> None:
    """Help, lists, sources and refusals, though the command was sent to everybody."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        simulator.double.own_rights = {CHATS["Team"]}
        for text in ("/help", "/documents", "/source TBE0G5NG-1", "/ask the rent", "/me the rent"):
            (shown,) = await simulator.play(Turn(0, "Reader", "says", text, "Team", ""))
            assert shown.kind == "alone", text
        (shown,) = await simulator.play(Turn(0, "Reader", "says", "/ask the notices", "Team", ""))
        assert shown.kind == "message"
        assert len(shown_to_all(simulator.double)) == 1


async def test_what_is_shown_alone_is_on_record(tmp_path: Path) -> None:
    """Who saw which passage of a private answer stands in the audit like any other."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        await simulator.deliver(whispered(simulator, "Reader", "/privately the notices"))
        (row,) = [row for row in simulator.services.audit.rows() if row["kind"] == "answer"]
        assert (row["person_id"], row["chat_id"]) == (READER, CHATS["Team"])
        assert row["citations"] == ["TBE0G5NG-3"]


def _is_alone(call: Call) -> bool:
    return "ephemeral_message_parameters" in call.parameters
