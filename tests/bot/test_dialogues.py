"""The dialogues, played against the request double."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.dialogue import Dialogue, dialogues, perform
from tests.bot.stage import plain_stage


@pytest.mark.parametrize("dialogue", dialogues(), ids=lambda dialogue: dialogue.name)
async def test_dialogue(dialogue: Dialogue, tmp_path: Path) -> None:
    """What is said in the file is answered as the file says."""
    async with plain_stage(tmp_path, dialogue.given) as stage:
        await perform(dialogue, stage)
