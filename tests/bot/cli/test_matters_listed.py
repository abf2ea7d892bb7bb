"""However many matters there are, and however long their names, a list of them is a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.telegram.simulator import simulated_bot


@pytest.mark.parametrize("letter", ["m", "詞", "𠮷"])
async def test_lists_of_matters(tmp_path: Path, letter: str) -> None:
    """The request double refuses what is over a limit; each of these is answered with a list."""
    async with simulated_bot(tmp_path) as simulator:
        for number in range(100):
            simulator.services.library.create_matter(f"{number:02}" + letter * 62)
        for command in ("/matters", "/start", "/documents"):
            [reply] = await simulator.deliver(simulator.message("Owner", "", command))
            assert reply.kind == "message"
            assert "went wrong" not in "".join(reply.lines)
        await simulator.deliver(
            simulator.message("Owner", "", "", **simulator.attached("a.txt containing 1"))
        )
        assert "went wrong" not in simulator.double.shown[-1].text
        assert len(simulator.double.shown[-1].keyboard) == 30
