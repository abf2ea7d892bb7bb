"""A process that indexes until it is killed, started anew again and again by forking.

`python -m tests.index.embedded.killed` reads lines `FOLDER EVENT` and answers each with a line: how
often a file was opened, made, renamed or removed. EVENT is the number of the one at which to die;
0: none.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from pathlib import Path
from typing import Any

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database
from index.embedded import engine as embedded
from index.embedded.engine import EmbeddedEngine
from index.engine.sync import catch_up
from tests.index.conftest import filing

EVENTS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}
STEPS = (1, 7, 1, 1, 3, 1, 9, 1, 2, 1)
"""Documents filed before each catching up: now a few, now so many that they go to disk at once."""


def index(folder: Path) -> None:
    """File, withdraw, catch up, merge and save, with segments of three passages."""
    embedded.SEGMENT_SIZE = 3
    library = Library(open_database(f"sqlite:///{folder / 'pincite.db'}"))
    file = filing(library)
    engine, since, numbers = EmbeddedEngine(folder / "index"), None, itertools.count(1)
    for step, count in enumerate(STEPS):
        for number in itertools.islice(numbers, count):
            file(f"appeal {number}", f"judgment {number} damages", path=str(number))
        if step % 3 == 2:
            library.withdraw(min(library.live_matters()), scope=Scope.all())
        since = catch_up(library, engine, since=since)
        if step % 2:
            engine.save()
    engine.save()


def _run(folder: Path, last: int) -> int:
    seen = 0

    def count(event: str, _: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in EVENTS:
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    index(folder)
    return seen


def main() -> None:
    """Do what the lines say, each in a process of its own."""
    for line in sys.stdin:
        folder, last = line.split()
        reading, writing = os.pipe()
        if not os.fork():
            os.write(writing, str(_run(Path(folder), int(last))).encode())
            os._exit(0)
        os.close(writing)
        os.wait()
        with os.fdopen(reading) as said:
            sys.stdout.write((said.read() or "killed") + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
