"""A file goes out only within Telegram's limits, under a name that is only a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.telegram.handlers import source
from bot.telegram.handlers.source import file_name
from corpus.models import Original
from tests.bot.telegram.simulator import simulated_bot


async def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that Telegram would refuse is refused in a sentence, and not uploaded."""
    monkeypatch.setattr(source, "LARGEST_FILE", 10)
    async with simulated_bot(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Reader", "", "/source TBE0G5NG-1"))
        shown = simulator.double.shown[-1]
        [toast] = await simulator.deliver(simulator.pressed("Reader", shown, "Original file"))
        assert "larger than the 50 MB" in toast.lines[0]
        assert not simulator.double.said("sendDocument")


@pytest.mark.parametrize(
    ("name", "sent"),
    [("a.pdf", "a.pdf"), ("x/../a.pdf", "a.pdf"), ("a\nb.pdf", "a b.pdf"), ("x/", "document")],
)
def test_names(name: str, sent: str) -> None:
    """No folder and no line end stands in the name of a file that is sent."""
    assert file_name(Original(name, "application/pdf", b"")) == sent
