"""Presses of buttons below messages that are out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.telegram.simulator import Simulator, simulated_bot


async def _asked_in_a_topic(simulator: Simulator) -> None:
    await simulator.deliver(simulator.message("Reader", "Forum/Claims", "/ask the notices"))


@pytest.mark.parametrize("label", ["Useful", "1"])
async def test_below_a_deleted_message_nothing_is_opened(tmp_path: Path, label: str) -> None:
    """Telegram no longer tells its topic, so nobody can tell what may be seen there."""
    given = ["Forum may ask lease", "Forum/Claims may ask appeal"]
    async with simulated_bot(tmp_path, given) as simulator:
        await _asked_in_a_topic(simulator)
        shown = simulator.double.shown[-1]
        update = simulator.pressed("Reader", shown, label)
        there = simulator.double.message(shown)
        gone = {"message_id": shown.message_id, "chat": there["chat"], "date": 0}
        update["callback_query"]["message"] = gone
        (toast,) = await simulator.deliver(update)
        assert toast.kind == "toast"
        assert "no longer works" in toast.lines[0]
