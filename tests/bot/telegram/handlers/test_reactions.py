"""A thumb on an answer is feedback, and taking it back takes the feedback back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.records.access import Access
from tests.bot.telegram.simulator import Simulator, simulated_bot, user


def reaction(simulator: Simulator, who: str, before: list[str], after: list[str]) -> dict[str, Any]:
    """Somebody changes a reaction to the bot's last message."""
    shown = simulator.double.shown[-1]
    change = {
        "chat": simulator.double.message(shown)["chat"],
        "message_id": shown.message_id,
        "user": user(who),
        "date": 1_700_000_000,
        "old_reaction": [{"type": "emoji", "emoji": each} for each in before],
        "new_reaction": [{"type": "emoji", "emoji": each} for each in after],
    }
    return simulator._update("message_reaction", change)


def verdicts(simulator: Simulator) -> list[bool]:
    """What is kept."""
    judgements = simulator.app.bot_data.conversation.judgements()
    return [judgement.useful for judgement in judgements]


@pytest.mark.parametrize("place", ["", "Team"])
async def test_thumbs_count(tmp_path: Path, place: str) -> None:
    """Each person's last thumb counts once; other reactions say nothing; no message comes back."""
    async with simulated_bot(tmp_path, ["Team may ask appeal"]) as simulator:
        await simulator.deliver(simulator.message("Reader", place, "/ask the notices"))
        steps = [
            ([], ["👍"], [True]),
            (["👍"], ["👎"], [False]),
            (["👎"], ["🔥"], []),
            (["🔥"], ["👍"], [True]),
            (["👍"], [], []),
        ]
        for before, after, kept in steps:
            assert await simulator.deliver(reaction(simulator, "Reader", before, after)) == []
            assert verdicts(simulator) == kept


async def test_only_answers_and_only_insiders_count(tmp_path: Path) -> None:
    """A thumb on something else, or by whoever lost the matter, is nothing."""
    async with simulated_bot(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Reader", "", "/help"))
        await simulator.deliver(reaction(simulator, "Reader", [], ["👍"]))
        await simulator.deliver(simulator.message("Reader", "", "the notices"))
        access = Access(simulator.services.database, simulator.services.settings)
        access.dismiss(user("Reader")["id"], "appeal")
        await simulator.deliver(reaction(simulator, "Reader", [], ["👍"]))
        assert verdicts(simulator) == []
