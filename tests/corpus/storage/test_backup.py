"""What is backed up comes back whole, or not at all, and overwrites nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy

from corpus.errors import BackupRefused
from corpus.library import Library
from corpus.models import Scope
from corpus.storage.backup import MANIFEST, backup, restore
from corpus.storage.database import FILE_NAME, transaction
from tests.corpus.conftest import Opened, filed, reading_of


@pytest.fixture
def data(tmp_path: Path, opened: Opened) -> Path:
    """A data folder with a library and a glossary."""
    folder = tmp_path / "data"
    library = Library(opened(folder=folder))
    filed(library, "one\ntwo", "/1")
    filed(library, "three", "/1")
    filed(library, "four\nfive", "/2", "b")
    (folder / "glossary.tsv").write_text("trade secret\t商業秘密\n")
    (folder / "index").mkdir()
    (folder / "index" / "postings").write_bytes(b"rebuilt, never backed up")
    return folder


def held(opened: Opened, folder: Path) -> tuple[object, ...]:
    """All that a library tells of itself."""
    library = Library(opened(folder=folder))
    documents = library.documents(Scope.all())
    return (
        documents,
        [library.original(document.id, Scope.all()) for document in documents],
        list(library.live_passages()),
        library.live_matters(),
        library.matters(),
        library.revision(),
        library.integrity(),
    )


def test_a_round_trip_brings_everything_back(data: Path, tmp_path: Path, opened: Opened) -> None:
    """Documents, originals, passages, matters, revisions, and the glossary; no index."""
    manifest = backup(opened(folder=data), data, tmp_path / "backup")
    assert (manifest.documents, manifest.passages) == (3, 5)
    assert restore(tmp_path / "backup", tmp_path / "new" / "data") == manifest
    assert held(opened, tmp_path / "new" / "data") == held(opened, data)
    files = {path.name for path in (tmp_path / "new" / "data").iterdir()} - {
        f"{FILE_NAME}-wal",
        f"{FILE_NAME}-shm",
    }
    assert files == {FILE_NAME, "glossary.tsv"}
    assert {path.name for path in (tmp_path / "backup").iterdir()} == files | {MANIFEST}


def test_a_backup_is_one_state_while_others_write(
    data: Path, tmp_path: Path, opened: Opened
) -> None:
    """What is not committed yet is not in it, and nobody waits."""
    database = opened(folder=data)
    with transaction(database) as connection:
        connection.exec_driver_sql("DELETE FROM changes")
        backup(opened(folder=data), data, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "new")
    assert Library(database).revision() == 0
    assert Library(opened(folder=tmp_path / "new")).revision() == 4


@pytest.mark.parametrize("act", [backup, restore])
def test_nothing_is_overwritten(
    act: Callable[..., object], data: Path, tmp_path: Path, opened: Opened
) -> None:
    """A folder that holds something is refused and stays as it is; an empty one is taken."""
    database = opened(folder=data)
    backup(database, data, tmp_path / "backup")
    target = tmp_path / "target"
    target.mkdir()
    (target / "letter").write_text("dear")
    arguments = (database, data, target) if act is backup else (tmp_path / "backup", target)
    with pytest.raises(BackupRefused, match="target is not empty"):
        act(*arguments)
    assert [path.name for path in target.iterdir()] == ["letter"]
    (target / "letter").unlink()
    act(*arguments)
    assert (target / FILE_NAME).is_file()


def test_a_target_that_is_a_file_is_refused(data: Path, tmp_path: Path, opened: Opened) -> None:
    """In one line with its name."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(BackupRefused, match="file: File exists"):
        backup(opened(folder=data), data, tmp_path / "file")


def spoil_database(folder: Path) -> None:
    """Change one byte in the middle."""
    content = bytearray((folder / FILE_NAME).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / FILE_NAME).write_bytes(content)


def spoil_manifest(folder: Path, **held: object) -> None:
    """Change what the manifest says."""
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | held))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoil_database, "is not what was backed up"),
        (lambda folder: (folder / "glossary.tsv").write_text("x"), "is not what was backed up"),
        (lambda folder: (folder / FILE_NAME).unlink(), "No such file"),
        (lambda folder: (folder / MANIFEST).unlink(), "holds no finished backup"),
        (lambda folder: (folder / MANIFEST).write_text("[]"), "another version"),
        (lambda folder: (folder / MANIFEST).write_text("{"), "holds no finished backup"),
        (lambda folder: spoil_manifest(folder, format=2), "another version"),
        (lambda folder: spoil_manifest(folder, passages=9), "counts otherwise"),
        (lambda folder: spoil_manifest(folder, sha256={"../../x": "0"}), "names other things"),
        (lambda folder: spoil_manifest(folder, sha256=7), "names other things"),
        (lambda folder: spoil_manifest(folder, more=7), "names other things"),
    ],
)
def test_a_spoilt_backup_brings_nothing_back(
    data: Path, tmp_path: Path, opened: Opened, spoil: Callable[[Path], object], says: str
) -> None:
    """One line says what is wrong, and the data folder stays empty."""
    backup(opened(folder=data), data, tmp_path / "backup")
    spoil(tmp_path / "backup")
    with pytest.raises(BackupRefused, match=says) as why:
        restore(tmp_path / "backup", tmp_path / "new")
    assert "\n" not in str(why.value)
    assert not list((tmp_path / "new").glob("*"))


def test_an_unfinished_backup_can_be_made_again(data: Path, tmp_path: Path, opened: Opened) -> None:
    """What a killed one left behind is cleared away."""
    (tmp_path / "backup" / ".unfinished").mkdir(parents=True)
    (tmp_path / "backup" / ".unfinished" / FILE_NAME).write_text("half")
    assert backup(opened(folder=data), data, tmp_path / "backup").documents == 3


def test_postgresql_is_left_to_its_own_tools(
    url: str, database: sqlalchemy.Engine, tmp_path: Path
) -> None:
    """It says which; SQLite at any address is copied."""
    Library(database).file(reading_of("x"), matter="m", path="/x")
    if url.startswith("sqlite"):
        assert backup(database, tmp_path, tmp_path / "backup").documents == 1
        return
    with pytest.raises(BackupRefused, match="pg_dump"):
        backup(database, tmp_path, tmp_path / "backup")
