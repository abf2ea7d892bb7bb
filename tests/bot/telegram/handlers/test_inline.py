"""What is offered inline keeps Telegram's limits, and comes in any case."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.records.question_limit import PersonalLimit
from bot.telegram.handlers.inline import result_of
from bot.texts import LANGUAGES, texts_in
from index.answer import Hit
from tests.bot.telegram.markup import check_message, utf16
from tests.bot.telegram.simulator import Simulator, simulated_bot, user
from tests.bot.views.samples import hits
from tests.examples import examples


@settings(max_examples=examples(60), deadline=None)
@given(hits(), st.sampled_from(sorted(LANGUAGES)))
def test_limits(hit: Hit, language: str) -> None:
    """Whatever a document says, the offer and the message it becomes are within limits."""
    offered = result_of(hit, texts_in(language), "pincite_bot").to_dict()
    assert offered["title"].strip()
    assert utf16(offered["title"]) <= 100
    assert utf16(offered["description"]) <= 160
    check_message(offered["input_message_content"]["message_text"], [])
    [[button]] = offered["reply_markup"]["inline_keyboard"]
    assert button["url"] == f"https://t.me/pincite_bot?start=s_{hit.citation}"


async def asked(simulator: Simulator, who: str, question: str) -> list[str]:
    """The lines that come back."""
    query = {"id": "1", "from": user(who), "offset": "", "query": question}
    [offered] = await simulator.deliver(simulator._update("inline_query", query))
    return offered.lines


async def test_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing asked, too much at once, a fault of ours: one line each."""
    async with simulated_bot(tmp_path) as simulator:
        assert await asked(simulator, "Reader", "  ") == ["Write a question after my name"]
        simulator.app.bot_data.typing_limit = PersonalLimit(1)
        assert len(await asked(simulator, "Reader", "the notices")) > 1
        assert (await asked(simulator, "Reader", "the notices"))[0].startswith("That was a lot")
        assert await asked(simulator, "Stranger", "x") == ["You are not admitted to any matter"]
        monkeypatch.setattr(simulator.services.searcher, "answer", None)
        [line] = await asked(simulator, "Owner", "the notices")
        assert line.startswith("Something went wrong")


async def test_ten_at_most(tmp_path: Path) -> None:
    """However many passages answer, ten are offered."""
    async with simulated_bot(tmp_path, ["15 files in appeal from Keeper"]) as simulator:
        assert (await asked(simulator, "Reader", "paper")).count("¶ 1") == 10
