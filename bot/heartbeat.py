"""A note in the data folder that the bot is alive: `python -m bot.heartbeat` looks at its age.

Imports next to nothing, so that a container can be checked every minute for almost no work.
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
    """Note that all is well now; call it every SECONDS from the loop whose health matters."""
    (folder / NAME).touch()


def is_alive(folder: Path, now: float) -> bool:
    """Whether the last note is younger than LATE_AFTER; `now` in seconds since the epoch."""
    try:
        return now - (folder / NAME).stat().st_mtime < LATE_AFTER
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if is_alive(Path(os.environ.get("PINCITE_DATA") or "data"), time.time()) else 1)
