"""A watched folder is filed, and so is what changes in it, whatever happens to the folder."""

from __future__ import annotations

import os
import queue
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from corpus import watch as watch_module
from corpus.errors import DatabaseUnavailable
from corpus.ingest import Ingest
from corpus.library import Library
from corpus.models import Filed, Scope
from corpus.watch import Report
from tests.corpus.conftest import Opened, PlainReader
from tests.corpus.sentences import sentence


@dataclass
class Watched:
    """A folder being watched, and what was reported of it."""

    folder: Path
    library: Library
    ingest: Ingest
    stop: threading.Event = field(default_factory=threading.Event)
    reports: queue.Queue[Filed] = field(default_factory=queue.Queue)

    def start(self, report: Report | None = None) -> None:
        """Watch in a thread of its own."""
        self.thread = threading.Thread(
            target=watch_module.watch_folder,
            args=(self.ingest, self.folder, "m"),
            kwargs={"stop": self.stop, "report": report or self.reports.put},
        )
        self.thread.start()

    def told(self, outcome: str, name: str) -> Filed:
        """The next report of this outcome for this name; others before it are passed over."""
        while True:
            filed = self.reports.get(timeout=30)
            if (filed.outcome, Path(filed.path).name) == (outcome, name):
                return filed


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened) -> Iterator[Watched]:
    """A folder with one file, watched with short pauses; stopped afterwards."""
    monkeypatch.setattr(watch_module, "SETTLED_MS", 20)
    monkeypatch.setattr(watch_module, "LOOK_MS", 50)
    monkeypatch.setattr(watch_module, "AGAIN_SECONDS", 0.05)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old").write_text("old")
    library = Library(opened(folder=tmp_path / "data"))
    ingest = Ingest(library, PlainReader(), max_bytes=1000, lock=tmp_path / "add.lock")
    watched = Watched(folder, library, ingest)
    yield watched
    watched.stop.set()
    watched.thread.join(timeout=30)
    assert not watched.thread.is_alive()


def test_what_changes_is_filed(watched: Watched) -> None:
    """What was there, what is new, what changed, what is moved in, in new folders too."""
    watched.start()
    watched.told("added", "old")
    (watched.folder / "new").write_text("new")
    watched.told("added", "new")
    (watched.folder / "new").write_text("newer")
    assert watched.told("replaced", "new").supersedes
    outside = watched.folder.parent / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "moved").write_text("moved")
    outside.rename(watched.folder / "inside")
    filed = watched.told("added", "moved")
    assert filed.path == str(watched.folder.resolve() / "inside" / "deep" / "moved")


def test_what_vanishes_is_told_and_kept(watched: Watched) -> None:
    """A file, and the files of a folder; their documents stay live."""
    (watched.folder / "sub").mkdir()
    (watched.folder / "sub" / "file").write_text("in a folder")
    watched.start()
    watched.told("added", "file")
    (watched.folder / "old").unlink()
    outcome = watched.told("unchanged", "old")
    assert sentence(outcome.reason) == (
        f"its file is gone; the document stays until 'pincite remove {outcome.document_id}'"
    )
    shutil.rmtree(watched.folder / "sub")
    assert watched.told("unchanged", "file").document_id
    assert watched.library.count_documents(Scope.all()) == 2


def test_hidden_files_and_links_stay_out(watched: Watched) -> None:
    """As in every folder that is added."""
    outside = watched.folder.parent / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (watched.folder / "link").symlink_to(outside)
    watched.start()
    watched.told("refused", "link")
    (watched.folder / ".hidden").write_text("hidden")
    (outside / "another").write_text("another secret")
    (watched.folder / "z").write_text("last")
    watched.told("added", "z")
    assert {record.title for record in watched.library.documents(Scope.all())} == {"old", "z"}


def test_a_folder_that_goes_and_comes_back_is_watched_again(watched: Watched) -> None:
    """Its going is told; what it holds when it is back, and then, is filed."""
    watched.start()
    watched.told("added", "old")
    watched.folder.rename(watched.folder.parent / "away")
    assert "not there" in sentence(watched.told("refused", "folder").reason)
    watched.folder.mkdir()
    (watched.folder / "first").write_text("first")
    watched.told("added", "first")
    (watched.folder / "second").write_text("second")
    watched.told("added", "second")


def test_a_name_that_is_no_text_stops_nothing(watched: Watched) -> None:
    """It is filed, and so is what comes after it."""
    watched.start()
    watched.told("added", "old")
    Path(os.fsdecode(os.fsencode(watched.folder) + b"/n\xff")).write_text("nu")
    watched.told("added", "n\\xff")
    (watched.folder / "new").write_text("new")
    watched.told("added", "new")


def test_the_withdrawn_is_not_brought_back(watched: Watched) -> None:
    """Neither by starting again nor by touching its file; another version of it is new."""
    [filed] = watched.ingest.add([watched.folder / "old"], "m")
    watched.library.withdraw(filed.document_id or "", scope=Scope.all())
    watched.start()
    assert "withdrawn" in sentence(watched.told("refused", "old").reason)
    (watched.folder / "old").touch()
    watched.told("refused", "old")
    assert watched.library.count_documents(Scope.all()) == 0
    (watched.folder / "old").write_text("another version")
    watched.told("added", "old")


def test_a_database_that_fails_is_tried_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is told, and the folder is looked at anew when it works again."""
    working = watched.library.known_outcome

    def full(*_: object, **__: object) -> None:
        monkeypatch.setattr(watched.library, "known_outcome", working)
        raise DatabaseUnavailable("the disk is full")

    monkeypatch.setattr(watched.library, "known_outcome", full)
    watched.start()
    assert sentence(watched.told("refused", "folder").reason) == "the disk is full"
    watched.told("added", "old")


def test_without_watches_the_folder_is_looked_at_now_and_then(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the system has no more watches to give."""

    def exhausted(*_: object, **__: object) -> None:
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr(watch_module, "watch", exhausted)
    watched.start()
    assert "watch limit" in sentence(watched.told("refused", "folder").reason)
    watched.told("added", "old")
    (watched.folder / "new").write_text("new")
    watched.told("added", "new")


def test_a_large_folder_can_be_stopped_midway(watched: Watched) -> None:
    """Stopping does not wait for the whole of it."""
    for number in range(50):
        (watched.folder / f"{number:02}").write_text(f"text {number}")
    reported: list[Filed] = []

    def stop_at_once(filed: Filed) -> None:
        reported.append(filed)
        watched.stop.set()

    watched.start(stop_at_once)
    watched.thread.join(timeout=30)
    assert len(reported) == 1
