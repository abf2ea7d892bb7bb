"""Asked where it is no member, the bot posts one line there, and answers the person alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.records.access import Access
from tests.bot.telegram.simulator import Simulator, simulated_bot, user


async def asks(simulator: Simulator, who: str, question: str) -> tuple[str, list[Any]]:
    """What is posted in the foreign chat, and what comes in private."""
    asked = {
        "message_id": 5,
        "date": 1_700_000_000,
        "chat": {"id": -1009, "type": "supergroup", "title": "Elsewhere"},
        "from": user(who),
        "text": f"@pincite_bot {question}",
        "entities": [{"type": "mention", "offset": 0, "length": 12}],
        "guest_query_id": str(simulator._update_id),
    }
    shown = await simulator.deliver(simulator._update("guest_message", asked))
    posted = simulator.double.said("answerGuestQuery")[-1]["result"]
    assert all(call["chat_id"] != -1009 for call in simulator.double.said("sendMessage"))
    return posted["input_message_content"]["message_text"], shown


async def test_the_person_alone_is_answered(tmp_path: Path) -> None:
    """No word of a document is posted in the chat; the private chat gets the whole answer."""
    async with simulated_bot(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Reader", "", "/start"))
        line, [answer] = await asks(simulator, "Reader", "the notices")
        assert line == "I answered in our private chat."
        assert "notices were not qualified" in answer.lines[0]


async def test_who_has_no_private_chat_or_no_matter_gets_a_link(tmp_path: Path) -> None:
    """The line is the same for both: it does not tell who is admitted."""
    async with simulated_bot(tmp_path) as simulator:
        admitted, [*none] = await asks(simulator, "Reader", "the notices")
        assert none == []
        stranger, [*none] = await asks(simulator, "Stranger", "the notices")
        assert none == []
        assert admitted == stranger == "I answer in a private chat alone."


async def test_several_matters_need_a_choice(tmp_path: Path) -> None:
    """The matter that was chosen is asked, and nothing before one is chosen."""
    async with simulated_bot(tmp_path) as simulator:
        access = Access(simulator.services.database, simulator.services.settings)
        access.admit(user("Reader")["id"], "lease", "reader")
        await simulator.deliver(simulator.message("Reader", "", "/start"))
        _, [asked] = await asks(simulator, "Reader", "the notices")
        assert asked.lines[0].startswith("Which of your matters")
        await simulator.deliver(simulator.message("Reader", "", "/matter lease"))
        _, [answer] = await asks(simulator, "Reader", "the notices")
        assert "notices were not qualified" not in " ".join(answer.lines)
        _, [answer] = await asks(simulator, "Reader", "the rent")
        assert "tenant pays the rent" in answer.lines[0]
