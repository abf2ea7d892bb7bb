"""The heartbeat: fresh means alive, late or missing means not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.heartbeat import LATE_AFTER, NAME, beat, is_alive


def test_a_beat_is_good_for_a_while(tmp_path: Path) -> None:
    """Alive just before LATE_AFTER seconds have passed, and not after."""
    assert not is_alive(tmp_path, 0.0)
    beat(tmp_path)
    noted = (tmp_path / NAME).stat().st_mtime
    assert is_alive(tmp_path, noted + LATE_AFTER - 1)
    assert not is_alive(tmp_path, noted + LATE_AFTER + 1)


@pytest.mark.slow
def test_the_container_check_tells_by_its_status(tmp_path: Path) -> None:
    """`python -m bot.heartbeat` is all that the image runs, and imports none of our libraries."""
    command = [sys.executable, "-m", "bot.heartbeat"]
    environment = {"PINCITE_DATA": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    assert subprocess.run(command, env=environment, check=False, timeout=30).returncode == 1
    beat(tmp_path)
    assert subprocess.run(command, env=environment, check=False, timeout=30).returncode == 0
