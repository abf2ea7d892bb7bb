"""Long tables: one rich message where the server knows those, else parts that buttons turn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.records.access import Access
from tests.bot.telegram.dialogue import Output, Turn
from tests.bot.telegram.simulator import CHATS, simulated_bot

if TYPE_CHECKING:
    from tests.bot.telegram.simulator import Simulator

pytestmark = pytest.mark.slow

GIVEN = ["120 files in lease from Keeper", "Team may ask lease"]
OLDER = [*GIVEN, "Telegram 10.0"]


async def play(simulator: Simulator, who: str, verb: str, text: str, place: str) -> list[Output]:
    return await simulator.play(Turn(0, who, verb, text, place, ""))


async def test_one_rich_message_holds_all(tmp_path: Path) -> None:
    """Every document has its row in one message without buttons, and there is no file."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        [shown] = await play(simulator, "Reader", "says", "/each the rent?", "Team")
        assert shown.is_rich
        assert not shown.rows
        assert all(any(f"Paper {n} · " in line for line in shown.lines) for n in range(1, 121))


async def test_an_older_server_shows_parts(tmp_path: Path) -> None:
    """The first part comes with all of it as a file; each part turns to the next and back."""
    async with simulated_bot(tmp_path, OLDER) as simulator:
        first, file = await play(simulator, "Keeper", "says", "/each the rent?", "")
        assert first.rows == [["More ▸"]]
        assert "part 1 of 2" in first.lines
        assert file.lines == ["📎"]
        [second] = await play(simulator, "Keeper", "presses", "More", "")
        assert (second.kind, second.rows) == ("edit", [["◂ Back"]])
        assert "part 2 of 2" in second.lines
        rows = [line for part in (first, second) for line in part.lines if "Paper" in line]
        assert len(rows) == 120
        [again] = await play(simulator, "Keeper", "presses", "Back", "")
        assert set(first.lines) - set(again.lines) == {"All of it is in the file."}


async def test_another_person_turns_for_themselves(tmp_path: Path) -> None:
    """Who presses in a group sees the part alone; what everybody sees stays as it was."""
    async with simulated_bot(tmp_path, OLDER) as simulator:
        await play(simulator, "Reader", "says", "/each the rent?", "Team")
        [part] = await play(simulator, "Stranger", "presses", "More", "Team")
        assert part.kind == "alone"
        assert "part 2 of 2" in part.lines


async def test_a_part_asks_what_may_be_seen_now(tmp_path: Path) -> None:
    """After the matter was unbound, a part shows nothing of it."""
    async with simulated_bot(tmp_path, OLDER) as simulator:
        await play(simulator, "Reader", "says", "/each the rent?", "Team")
        access = Access(simulator.services.database, simulator.services.settings)
        access.unbind(CHATS["Team"], 0, "lease")
        [toast] = await play(simulator, "Reader", "presses", "More", "Team")
        assert (toast.kind, toast.lines) == ("toast", ["You may not see this here."])
