"""A file in the data folder that says the bot is alive; `python -m bot.heartbeat` checks its age.

It imports almost nothing, so that a container can be checked every minute at almost no cost.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

SECONDS = 30
LATE_AFTER = 3 * SECONDS
NAME = "heartbeat"


def beat(folder: Path) -> None:
    """Touch the file; call this every SECONDS from the event loop that is watched."""
    (folder / NAME).touch()


def is_alive(folder: Path, now: float) -> bool:
    """Whether the last beat is younger than LATE_AFTER; `now` in seconds since the epoch."""
    try:
        return now - (folder / NAME).stat().st_mtime < LATE_AFTER
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if is_alive(Path(os.environ.get("PINCITE_DATA") or "data"), time.time()) else 1)
