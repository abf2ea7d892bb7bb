"""A kill at any point of adding, merging and switching leaves an index that opens and is right."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import Alternative, Clause, Query
from index.engine.sync import catch_up
from tests.index.conftest import filing

pytestmark = pytest.mark.slow

QUERY = Query(tuple(Clause(term, (Alternative(term),)) for term in ("appeal", "judgment", "7")))

Run = Callable[[Path, int], str]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Index into a folder and die at an event, in a process that is there already."""
    command = [sys.executable, "-m", "tests.index.embedded.killed"]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdin
        assert process.stdout

        def ask(folder: Path, event: int) -> str:
            assert process.stdin
            assert process.stdout
            folder.mkdir()
            process.stdin.write(f"{folder} {event}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield ask
        process.stdin.close()


@pytest.mark.parametrize(
    "kills", [pytest.param(12, id="12"), pytest.param(200, marks=pytest.mark.thorough, id="200")]
)
def test_a_kill_costs_nothing_that_the_database_holds(run: Run, tmp_path: Path, kills: int) -> None:
    """Whatever is done to its files, the index then equals one built anew from the database."""
    events = int(run(tmp_path / "undisturbed", 0))
    assert events > 300  # enough to be killed in the middle of everything
    dice = random.Random(kills)
    for kill in range(kills):
        folder = tmp_path / str(kill)
        # one in each part of the work, from the first event to the last
        event = dice.randint(1 + events * kill // kills, events * (kill + 1) // kills)
        # Merging threads make the count differ a little, so a run may end before its last event.
        assert run(folder, event) == "killed" or event > events * 0.9
        check(folder)


def check(folder: Path) -> None:
    """The index opens, is as one built anew, can go on, and leaves nothing lying about."""
    database = open_database(f"sqlite:///{folder / 'pincite.db'}")
    library = Library(database)
    engine = EmbeddedEngine(folder / "index")
    since = catch_up(library, engine)
    assert_as_built_anew(engine, library)
    filing(library)("appeal once more", path="last")
    catch_up(library, engine, since=since)
    engine.save()
    opened = EmbeddedEngine(folder / "index")
    assert opened.lacking(library.live_matters()) == []
    catch_up(library, opened)
    assert_as_built_anew(opened, library)
    manifest = json.loads((folder / "index" / "manifest.json").read_text())
    found = {path.name for path in (folder / "index").glob("segment-*")}
    assert found == set(manifest["segments"])
    database.dispose()


def assert_as_built_anew(engine: EmbeddedEngine, library: Library) -> None:
    anew = EmbeddedEngine()
    catch_up(library, anew)
    assert engine.search(QUERY, scope=Scope.all(), k=100) == anew.search(
        QUERY, scope=Scope.all(), k=100
    )
