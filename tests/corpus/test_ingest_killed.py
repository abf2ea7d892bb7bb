"""A kill at any point of an ingest leaves whole documents, and repeating completes the rest."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import event

from corpus.ingest import Ingest
from corpus.library import Library
from corpus.models import Scope
from tests.corpus.conftest import Opened, PlainReader, letter, new_postgresql_url

pytestmark = pytest.mark.slow

KILLED_AT_STATEMENT = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from corpus.storage.database import open_database
from corpus.ingest import Ingest
from corpus.library import Library
from tests.corpus.conftest import PlainReader
from corpus.models import Scope
url, folder, last = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
database = open_database(url)
seen = 0
def count(*_):
    global seen
    seen += 1
    if seen == last:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(database, "before_cursor_execute", count)
event.listen(database, "commit", count)
lock = folder.parent / "add.lock"
for filed in Ingest(Library(database), PlainReader(), max_bytes=1000, lock=lock).add([folder], "m"):
    print(filed.path, flush=True)
"""


def lay_out(folder: Path) -> None:
    """Twelve files, some of them holding others."""
    folder.mkdir()
    for number in range(12):
        inside = (("a", f"inside {number}\nmore"), ("b", f"also inside {number}"))
        text = f"file {number}\nsecond line"
        (folder / f"{number:02}").write_text(letter(text, *inside) if number % 4 == 3 else text)


def ingest_all(database: sqlalchemy.Engine, folder: Path) -> set[str]:
    """Add the folder in this process; the outcomes that occurred, nested ones too."""
    ingest = Ingest(
        Library(database), PlainReader(), max_bytes=1000, lock=folder.parent / "add.lock"
    )
    outcomes = list(ingest.add([folder], "m"))
    return {f.outcome for whole in outcomes for f in (whole, *whole.attachments)}


def held(database: sqlalchemy.Engine) -> set[tuple[str, ...]]:
    """What a library holds: each document's path, id and the texts of its passages."""
    library = Library(database)
    return {
        (
            record.path or "",
            record.id,
            *(passage.text for passage in library.document_passages([record.id])),
        )
        for record in library.documents(Scope.all())
    }


def statements(database: sqlalchemy.Engine, folder: Path) -> int:
    """How many statements and commits an undisturbed ingest takes."""
    statements_seen: list[None] = []
    event.listen(database, "before_cursor_execute", lambda *_: statements_seen.append(None))
    event.listen(database, "commit", lambda *_: statements_seen.append(None))
    assert ingest_all(database, folder) == {"added"}
    return len(statements_seen)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_kill_leaves_whole_documents(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, opened: Opened
) -> None:
    """Killed at four points: what is there is sound and whole; the next run makes it complete."""

    def new_url(number: int) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / str(number)}.db"
        return new_postgresql_url(request.getfixturevalue("postgresql"))

    folder = tmp_path / "folder"
    lay_out(folder)
    undisturbed = opened(new_url(0))
    total = statements(undisturbed, folder)
    expected = held(undisturbed)
    points = random.Random(7).sample(range(1, total + 1), 4)
    for number, point in enumerate(points, start=1):
        url = new_url(number)
        command = [sys.executable, "-c", KILLED_AT_STATEMENT, url, str(folder), str(point)]
        killed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        database = opened(url)
        library = Library(database)
        assert library.integrity() == []
        documents = held(database)
        assert documents <= expected
        assert set(killed.stdout.split()) <= {path for path, *_ in documents}
        assert_letters_are_whole(documents, folder)
        ingest_all(database, folder)
        assert held(database) == expected
        assert library.revision() == len(library.changed_since(0, Scope.all())) == len(expected)


def assert_letters_are_whole(left: set[tuple[str, ...]], folder: Path) -> None:
    """A letter is there with both of its attachments, or not at all."""
    paths = {path for path, *_ in left}
    for number in (3, 7, 11):
        letter_and_inside = {f"{folder / f'{number:02}'}{part}" for part in ("", "/a", "/b")}
        assert letter_and_inside <= paths or not letter_and_inside & paths
