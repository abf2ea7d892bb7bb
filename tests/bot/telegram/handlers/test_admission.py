"""An order about the author of a message means who wrote it, never who forwarded it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import simulated_bot, user

DATE = 1_700_000_000
HIDDEN = {"type": "hidden_user", "date": DATE, "sender_user_name": "Reader"}
CHANNEL = {
    "type": "channel",
    "date": DATE,
    "chat": {"id": -1009, "type": "channel", "title": "Alien"},
    "message_id": 7,
}


async def admitted(folder: Path, origin: dict[str, Any]) -> set[str]:
    """Who may ask the matter after `/admit lease` in reply to what the stranger forwarded."""
    async with simulated_bot(folder) as simulator:
        forwarded = simulator.message("Stranger", "Team", "hello", forward_origin=origin)
        order = simulator.message("Keeper", "Team", "/admit lease", forwarded["message"])
        [output] = await simulator.deliver(order)
        assert output.lines
        if output.rows:
            assert output.rows[0] == ["Admit Reader to lease"]
            await simulator.deliver(
                simulator.pressed("Keeper", simulator.double.shown[-1], "Admit")
            )
        access = simulator.app.bot_data.access
        return {
            name
            for name in ("Reader", "Stranger")
            if access.admitted_to(PEOPLE[name][0]).allows("lease")
        }


async def test_the_original_author_is_admitted(tmp_path: Path) -> None:
    """A reply to a forwarded message admits who wrote it, and not who carried it there."""
    origin = {"type": "user", "date": DATE, "sender_user": user("Reader")}
    assert await admitted(tmp_path, origin) == {"Reader"}


@pytest.mark.parametrize("origin", [HIDDEN, CHANNEL], ids=["hidden", "channel"])
async def test_a_hidden_author_is_refused(tmp_path: Path, origin: dict[str, Any]) -> None:
    """Where the author cannot be told, nobody is admitted: neither they nor the forwarder."""
    assert await admitted(tmp_path, origin) == set()
