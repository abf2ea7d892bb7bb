"""Every file comes to one outcome, in order; repeating changes nothing; one works at a time."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from corpus import ingest as ingest_module
from corpus.errors import DatabaseUnavailable, InvalidMatter
from corpus.ingest import Ingest
from corpus.library import Library
from corpus.models import Filed, Scope
from corpus.reasons import Reason
from tests.corpus.conftest import PlainReader, letter
from tests.corpus.sentences import sentence


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of five files, of which two cannot be read."""
    root = tmp_path / "folder"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("alpha")
    (root / "b.txt").write_bytes(b"")
    (root / "c.txt").write_text("gamma\ngamma")
    (root / "sub" / "d.txt").write_text("x" * 1001)
    (root / "sub" / "e.txt").write_text("epsilon")
    return root


def told(outcomes: list[Filed]) -> list[tuple[str, str]]:
    """The names and outcomes, in order."""
    return [(Path(filed.path).name, filed.outcome) for filed in outcomes]


def texts(library: Library) -> list[str]:
    """What search may find, in the order of filing."""
    return [passage.text for passage in library.live_passages()]


FIRST = [
    ("a.txt", "added"),
    ("b.txt", "refused"),
    ("c.txt", "added"),
    ("d.txt", "refused"),
    ("e.txt", "added"),
]


@pytest.mark.parametrize("window", [1, 2, 64])
def test_outcomes_come_in_the_order_of_the_files(
    ingest: Ingest, library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    """Refused ones among the others, however many files are looked at together."""
    monkeypatch.setattr(ingest_module, "WINDOW", window)
    outcomes = list(ingest.add([folder], "m"))
    assert told(outcomes) == FIRST
    assert outcomes[0].path == str(folder.resolve() / "a.txt")
    assert outcomes[1].reason == Reason("empty_file")
    assert sentence(outcomes[3].reason) == (
        "it is larger than 0.000954 MB, the limit that PINCITE_MAX_FILE_MB sets"
    )
    assert {filed.matter for filed in outcomes} == {"m"}
    assert texts(library) == ["alpha", "gamma", "gamma", "epsilon"]


def test_repeating_reads_and_changes_nothing(
    ingest: Ingest, library: Library, reader: PlainReader, folder: Path
) -> None:
    """Hashes tell what is filed; only what was refused is tried again."""
    first = list(ingest.add([folder], "m"))
    revision = library.revision()
    reader.read.clear()
    again = list(ingest.add([folder, folder / "a.txt"], "M"))
    assert told(again) == [
        (name, "unchanged" if outcome == "added" else outcome) for name, outcome in FIRST
    ] + [("a.txt", "unchanged")]
    assert [filed.document_id for filed in again[:-1]] == [filed.document_id for filed in first]
    assert [filed.passages for filed in again[:-1]] == [filed.passages for filed in first]
    assert reader.read == ["b.txt"]
    assert library.revision() == revision


def test_changed_files_replace_and_copies_are_known(
    ingest: Ingest, library: Library, folder: Path
) -> None:
    """A new version supersedes; the same content elsewhere is the same document."""
    [first] = ingest.add([folder / "a.txt"], "m")
    (folder / "a.txt").write_text("alpha, second version")
    (folder / "copy.txt").write_text("alpha")
    outcomes = list(ingest.add([folder / "a.txt", folder / "copy.txt"], "m"))
    assert told(outcomes) == [("a.txt", "replaced"), ("copy.txt", "added")]
    assert outcomes[0].supersedes == outcomes[1].document_id == first.document_id
    (folder / "twin.txt").write_text("alpha")
    [twin] = ingest.add([folder / "twin.txt"], "m")
    assert twin.outcome == "unchanged"
    assert sentence(twin.reason) == f"the same content as {folder.resolve() / 'copy.txt'}"


def test_bad_paths_among_good_ones(ingest: Ingest, tmp_path: Path, folder: Path) -> None:
    """A pipe, a link, a path that is not there, a name that is no text: reasons, no hanging."""
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("a.txt")
    Path(os.fsdecode(os.fsencode(folder) + b"/n\xff.txt")).write_text("nu")
    outcomes = list(ingest.add([tmp_path / "nowhere", folder], "m"))
    assert told(outcomes) == [
        ("nowhere", "refused"),
        *FIRST[:3],
        ("link", "refused"),
        ("n\\xff.txt", "added"),
        ("pipe", "refused"),
        *FIRST[3:],
    ]
    assert all(filed.reason for filed in outcomes if filed.outcome == "refused")


def test_a_file_that_vanishes_midway_is_refused(
    ingest: Ingest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found, then gone before it is opened."""
    monkeypatch.setattr(ingest_module, "WINDOW", 1)
    outcomes = []
    for filed in ingest.add([folder], "m"):
        outcomes.append(filed)
        (folder / "c.txt").unlink(missing_ok=True)
    assert outcomes[2].outcome == "refused"
    assert outcomes[2].reason == Reason("no_such_file")
    assert told(outcomes)[3:] == FIRST[3:]


def test_files_inside_files_are_filed_with_them(
    ingest: Ingest, library: Library, folder: Path
) -> None:
    """Nested outcomes, and again on repeating; what is dropped from the file goes with it."""
    mail = folder / "mail"
    mail.write_text(letter("dear", ("a", "inside"), ("b", ""), ("c", letter("in", ("d", "deep")))))
    [first] = ingest.add([mail], "m")
    assert told(list(first.attachments)) == [("a", "added"), ("b", "refused"), ("c", "added")]
    assert told(list(first.attachments[2].attachments)) == [("d", "added")]
    assert texts(library) == ["dear", "inside", "in", "deep"]
    [again] = ingest.add([mail], "m")
    assert told([again, *again.attachments]) == [
        ("mail", "unchanged"),
        ("a", "unchanged"),
        ("b", "refused"),
        ("c", "unchanged"),
    ]
    mail.write_text(letter("dear again", ("a", "inside")))
    [changed] = ingest.add([mail], "m")
    assert told([changed, *changed.attachments]) == [("mail", "replaced"), ("a", "unchanged")]
    assert texts(library) == ["inside", "dear again"]


def test_uploads_are_filed_under_a_path_of_their_own(
    ingest: Ingest, library: Library, reader: PlainReader
) -> None:
    """With the same outcomes and limits as files."""

    def add(content: bytes) -> Filed:
        return ingest.add_bytes(content, "note.txt", "m", path="telegram/7/note.txt", added_by=42)

    assert add(b"one").outcome == "added"
    assert add(b"one").outcome == "unchanged"
    assert reader.read == ["note.txt"]
    assert add(b"two").outcome == "replaced"
    assert add(b"").reason == Reason("empty_file")
    assert sentence(add(b"x" * 1001).reason).startswith("it is larger than")
    [new, old] = library.documents(Scope.all())
    assert (new.title, new.path, old.superseded_by) == ("note.txt", "telegram/7/note.txt", new.id)


def test_progress_counts_every_file(ingest: Ingest, folder: Path) -> None:
    """From none to all, refused ones too, naming the file just done."""
    calls: list[tuple[int, int, str]] = []
    list(
        ingest.add(
            [folder], "m", progress=lambda done, all_, at: calls.append((done, all_, at.name))
        )
    )
    assert calls == [(0, 5, "a.txt"), *((n + 1, 5, FIRST[n][0]) for n in range(5))]


def test_a_matter_outside_the_form_is_refused_at_once(ingest: Ingest, folder: Path) -> None:
    """Before the first outcome is asked for."""
    with pytest.raises(InvalidMatter):
        ingest.add([folder], "no/matter")


def test_one_add_at_a_time(ingest: Ingest, folder: Path, tmp_path: Path) -> None:
    """The second says once that it waits, and goes on when the first is done."""
    first = FileLock(tmp_path / "add.lock", thread_local=False)
    first.acquire()
    waited: list[bool] = []

    def waiting() -> None:
        waited.append(first.is_locked)
        first.release()

    assert told(list(ingest.add([folder], "m", waiting=waiting))) == FIRST
    assert waited == [True]
    list(ingest.add([folder], "m", waiting=waiting))
    assert waited == [True]


def test_an_abandoned_add_lets_the_next_one_in(ingest: Ingest, folder: Path) -> None:
    """The lock goes with the iterator, even one that was never begun or is closed elsewhere."""
    ingest.add([folder], "m")
    half = ingest.add([folder], "m")
    assert next(half).outcome == "added"
    closer = threading.Thread(target=half.close)  # type: ignore[attr-defined]
    closer.start()
    closer.join()
    assert len(list(ingest.add([folder], "m"))) == 5


def test_told_to_stop_it_stops_even_while_waiting(
    ingest: Ingest, folder: Path, tmp_path: Path
) -> None:
    """Between two files, and at the lock."""
    stop = threading.Event()
    outcomes = ingest.add_within(folder, [folder], "m", stop=stop)
    assert next(outcomes).outcome == "added"
    stop.set()
    assert list(outcomes) == []
    with FileLock(tmp_path / "add.lock", thread_local=False):
        assert list(ingest.add_within(folder, [folder], "m", stop=stop)) == []
    stop.clear()
    assert len(list(ingest.add_within(folder, [folder], "m", stop=stop))) == 5


def test_a_lock_that_cannot_be_made_is_explained(library: Library, folder: Path) -> None:
    """One line with its path."""
    nowhere = Ingest(library, PlainReader(), max_bytes=10, lock=Path("/dev/null/add.lock"))
    with pytest.raises(DatabaseUnavailable, match=r"/dev/null/add\.lock cannot be locked"):
        list(nowhere.add([folder], "m"))


def test_a_watched_folder_does_not_bring_back_the_withdrawn(
    ingest: Ingest, library: Library, folder: Path
) -> None:
    """Only a person's own `add` does."""
    [filed] = ingest.add([folder / "a.txt"], "m")
    library.withdraw(filed.document_id or "", scope=Scope.all())
    stop = threading.Event()
    [kept_out] = ingest.add_within(folder, [folder / "a.txt"], "m", stop=stop)
    assert kept_out.outcome == "refused"
    assert texts(library) == []
    [back] = ingest.add([folder / "a.txt"], "m")
    assert back.outcome == "added"
