"""A database moves whole: every row of every table, resumable, and never into one in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import insert, select

from bot.migrations import TABLES
from bot.records.audit import Audit, AuditRecord
from corpus.errors import DatabaseUnavailable, MoveRefused
from corpus.library import Library
from corpus.models import Scope
from corpus.storage import move as moving
from corpus.storage.database import transaction
from corpus.storage.move import move
from tests.corpus.conftest import filed, reading_of
from tests.databases import Opened, new_postgresql_url

pytestmark = pytest.mark.slow


@pytest.fixture
def source(tmp_path: Path, opened: Opened) -> sqlalchemy.Engine:
    """An SQLite database in which much has happened, in every table something."""
    database = opened(folder=tmp_path / "data")
    library = Library(database)
    for number in range(30):
        filed(library, f"note {number}\nits second line", f"/{number}")
    filed(library, "note 3, mended", "/3")
    withdrawn = filed(library, "to be withdrawn\x00", "/gone", "b")
    assert withdrawn.document_id
    library.withdraw(withdrawn.document_id, scope=Scope.all())
    Audit(database).record(AuditRecord("answer", "console", ("A-1",), "1.1", "why?"))
    fill_empty_tables(database)
    return database


def fill_empty_tables(database: sqlalchemy.Engine) -> None:
    """A row in each table that has none, of values of its columns' kinds."""
    with transaction(database) as connection:
        for table in TABLES:
            if connection.execute(select(table).limit(1)).first() is None:
                row = {c.name: value_of(c, connection) for c in table.columns}
                connection.execute(insert(table), row)


def value_of(column: sqlalchemy.Column[Any], connection: sqlalchemy.Connection) -> Any:
    """Some value that the column takes."""
    for key in column.foreign_keys:
        return connection.scalar(select(key.column).limit(1))
    kind = column.type.python_type
    return {str: "x", int: 2**20, bool: True, float: 0.5, object: {"a": ["律"]}, bytes: b"\0"}[kind]


def contents(database: sqlalchemy.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with database.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()), key=repr
            )
            for table in TABLES
        }


def test_every_row_of_every_table_moves(
    source: sqlalchemy.Engine, url: str, opened: Opened
) -> None:
    """To either database; nothing is left out, whatever tables come in later versions."""
    target = opened(url)
    progress: list[tuple[int, int]] = []
    counts = move(source, target, TABLES, lambda done, total, _: progress.append((done, total)))
    assert contents(target) == contents(source)
    assert all(contents(source).values())
    assert (counts.documents, counts.passages) == (32, 62)
    assert counts.revision == Library(source).revision()
    rows = sum(map(len, contents(source).values()))
    assert progress[-1] == (rows, rows)
    assert Library(target).integrity() == []
    assert Audit(target).problems() == []


def test_life_goes_on_in_the_new_place(source: sqlalchemy.Engine, url: str, opened: Opened) -> None:
    """New rows get new keys, and the next change is the next one."""
    target = opened(url)
    move(source, target, TABLES)
    library = Library(target)
    filed(library, "filed after the move", "/new")
    assert library.revision() == Library(source).revision() + 1
    assert library.integrity() == []
    [newest] = library.documents(Scope.all(), limit=1)
    assert newest.path == "/new"


def test_there_and_back(
    source: sqlalchemy.Engine, postgresql: str, opened: Opened, tmp_path: Path
) -> None:
    """From SQLite to PostgreSQL and to SQLite again, it is what it was."""
    postgresql_database = opened(new_postgresql_url(postgresql))
    sqlite_database = opened(folder=tmp_path / "back")
    move(source, postgresql_database, TABLES)
    move(postgresql_database, sqlite_database, TABLES)
    assert contents(sqlite_database) == contents(source)


def test_a_move_that_was_cut_short_goes_on(
    source: sqlalchemy.Engine, url: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was copied is not copied again, and before the end nothing looks finished."""
    target = opened(url)

    def killed(done: int, _: int, __: str) -> None:
        if done > 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(source, target, TABLES, killed)
    half = contents(target)
    assert half["documents"]
    assert half["filings"] == []
    assert Library(target).count_documents(Scope.all()) == 0
    inserted: list[str] = []

    @sqlalchemy.event.listens_for(target, "before_cursor_execute")
    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        inserted.append(statement)

    move(source, target, TABLES)
    assert contents(target) == contents(source)
    assert len([s for s in inserted if s.startswith("INSERT INTO documents")]) <= 1


def test_a_move_that_fails_in_its_last_step_leaves_that_undone(
    source: sqlalchemy.Engine, url: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can take a part for the whole; the next try completes it."""
    target = opened(url)

    def full(*_: object) -> None:
        raise DatabaseUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(moving, "_advance_sequences", full)
        with pytest.raises(DatabaseUnavailable):
            move(source, target, TABLES)
    assert contents(target)["filings"] == []
    move(source, target, TABLES)
    assert contents(target) == contents(source)


def test_a_database_in_use_is_refused(source: sqlalchemy.Engine, url: str, opened: Opened) -> None:
    """Whether by others or by an earlier move; it stays as it was."""
    target = opened(url)
    filed(Library(target), "theirs", "/theirs")
    before = contents(target)
    with pytest.raises(MoveRefused, match="is in use"):
        move(source, target, TABLES)
    assert contents(target) == before


@pytest.mark.parametrize("text", ["of another", "note 1\nits second line"])
def test_a_half_copy_of_another_is_refused(
    source: sqlalchemy.Engine, url: str, opened: Opened, tmp_path: Path, text: str
) -> None:
    """Two installations are never mixed, even where both hold the same document."""
    target = opened(url)
    other = opened(folder=tmp_path / "other")
    filed(Library(other), text, "/1")

    def killed(_: int, __: int, table: str) -> None:
        if table not in ("documents", "originals", "passages"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(other, target, TABLES, killed)
    with pytest.raises(MoveRefused, match="holds other documents"):
        move(source, target, TABLES)


def test_a_change_meanwhile_is_noticed(source: sqlalchemy.Engine, url: str, opened: Opened) -> None:
    """What was filed during the move would be missing: nothing counts as moved then."""
    target = opened(url)
    late = iter([reading_of("filed during the move")])

    def meanwhile(*_: object) -> None:
        for reading in late:
            Library(source).file(reading, matter="a", path="/late")

    with pytest.raises(MoveRefused, match="changed meanwhile"):
        move(source, target, TABLES, meanwhile)
    move(source, target, TABLES)
    assert contents(target) == contents(source)
