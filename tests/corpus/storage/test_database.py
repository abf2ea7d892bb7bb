"""Opening, reading and writing; and one clear line when the database cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import event, func, insert, select

from corpus.errors import DatabaseUnavailable
from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import FILE_NAME, open_database, snapshot, transaction
from corpus.storage.migrations import MIGRATIONS
from corpus.storage.schema import changes, migrations
from tests.corpus.conftest import Opened, reading_of

OPEN_WHEN_TOLD = """
import sys
from corpus.storage.database import open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(sys.argv[1])
"""

FILL_UNTIL_FULL = """
import resource, sys
from pathlib import Path
from corpus.storage.database import open_database
from corpus.errors import DatabaseUnavailable
from corpus.library import Library
from tests.corpus.conftest import reading_of
from corpus.models import Scope
library = Library(open_database(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
try:
    for number in range(10_000):
        text = f"{number}\\n" + "x" * 5_000
        filed = library.file(reading_of(text), matter="m", path=f"/{number}")
        print(filed.document_id, flush=True)
except DatabaseUnavailable as error:
    print(error, file=sys.stderr)
    sys.exit(3)
"""


@pytest.fixture
def sqlite(tmp_path: Path, opened: Opened) -> sqlalchemy.Engine:
    """A SQLite database."""
    return opened(folder=tmp_path / "data")


def pragma(database: sqlalchemy.Engine, name: str) -> object:
    """A SQLite setting."""
    with snapshot(database) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_is_set_up_to_keep_what_it_reported(sqlite: sqlalchemy.Engine) -> None:
    """WAL, synchronous FULL (2), foreign keys and a time to wait for other writers."""
    assert pragma(sqlite, "journal_mode") == "wal"
    assert pragma(sqlite, "synchronous") == 2
    assert pragma(sqlite, "foreign_keys") == 1
    assert pragma(sqlite, "busy_timeout") == 30_000


def test_the_data_folder_is_made_and_closed_to_others(tmp_path: Path) -> None:
    """Nobody else may read the folder that holds a team's documents."""
    folder = tmp_path / "new" / "data"
    open_database("", folder=folder).dispose()
    assert (folder / FILE_NAME).is_file()
    assert folder.stat().st_mode & 0o077 == 0


def test_reading_then_writing_never_collides(database: sqlalchemy.Engine) -> None:
    """Transactions that write what they read run one after another: no number is given twice."""

    def number_ten() -> None:
        for _ in range(10):
            with transaction(database) as connection:
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("LOCK TABLE changes IN EXCLUSIVE MODE")
                last = connection.scalar(select(func.max(changes.c.revision))) or 0
                connection.execute(insert(changes).values(revision=last + 1, document_id="x"))

    threads = [threading.Thread(target=number_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with snapshot(database) as connection:
        numbers = list(connection.scalars(select(changes.c.revision)))
    assert sorted(numbers) == list(range(1, 41))


def test_a_reader_sees_one_state_and_waits_for_nobody(database: sqlalchemy.Engine) -> None:
    """What another commits while we read stays out of our snapshot."""
    count = select(func.count()).select_from(changes)
    with snapshot(database) as reader:
        before = reader.scalar(count)
        with transaction(database) as writer:
            writer.execute(insert(changes).values(revision=1, document_id="x"))
        assert reader.scalar(count) == before == 0
    with snapshot(database) as reader:
        assert reader.scalar(count) == 1


@pytest.mark.slow
def test_many_may_open_a_new_database_at_once(url: str, opened: Opened) -> None:
    """Four processes open one that is not there yet: all succeed, each migration runs once."""
    command = [sys.executable, "-c", OPEN_WHEN_TOLD, url]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.communicate("go\n", timeout=60)
    assert [process.returncode for process in started] == [0, 0, 0, 0]
    with snapshot(opened(url)) as connection:
        assert connection.scalar(select(func.count()).select_from(migrations)) == len(MIGRATIONS)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "cannot be read"),
        ("mysql://me:secret@here/db", "mysql is no database"),
        ("sqlite://", "forgets everything"),
        ("sqlite:///:memory:", "forgets everything"),
        ("sqlite:////dev/null/x.db", "cannot be made"),
        ("postgresql://me:secret@127.0.0.1:1/db", "127.0.0.1:1/db: "),
    ],
)
def test_an_address_that_does_not_work_is_explained(address: str, says: str) -> None:
    """One line, with what was wrong, and without the password."""
    if address.startswith("postgresql"):
        pytest.importorskip("psycopg", reason="needs the postgres extra")
    with pytest.raises(DatabaseUnavailable, match=says) as why:
        open_database(address)
    assert "\n" not in str(why.value)
    assert "secret" not in str(why.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """It is named, and not a byte of it changes."""
    content = b"Dear colleague,\n" * 400
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(DatabaseUnavailable, match=r"pincite\.sqlite3: it is no database file"):
        open_database("", folder=tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_a_lock_that_is_kept_is_explained(tmp_path: Path, opened: Opened) -> None:
    """A writer gives up after its time and says that another process holds the lock."""
    impatient = opened(folder=tmp_path, busy_seconds=0.01)
    holder = sqlite3.connect(tmp_path / FILE_NAME)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="another process keeps it locked"):
        Library(impatient).create_matter("m")
    holder.close()
    assert Library(impatient).create_matter("m")


def test_a_database_that_may_only_be_read_is_explained(sqlite: sqlalchemy.Engine) -> None:
    """Writing fails with the reason; reading goes on."""

    @event.listens_for(sqlite, "checkout")
    def forbid(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    with pytest.raises(DatabaseUnavailable, match="may not be written"):
        Library(sqlite).create_matter("m")
    assert Library(sqlite).matters() == ()


def test_a_full_disk_loses_nothing(sqlite: sqlalchemy.Engine) -> None:
    """SQLite's own limit: the filing that does not fit is refused whole, then there is room."""
    library = Library(sqlite)
    stored = library.file(reading_of("kept\n" * 5), matter="m", path="/kept")
    pages = pragma(sqlite, "page_count")

    @event.listens_for(sqlite, "checkout")
    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    with pytest.raises(DatabaseUnavailable, match="the disk is full; what was filed is safe"):
        library.file(reading_of("too long\n" * 5_000), matter="m", path="/more")
    assert [record.id for record in library.documents(Scope.all())] == [stored.document_id]
    assert library.integrity() == []
    event.remove(sqlite, "checkout", limit)
    sqlite.dispose()
    assert library.file(reading_of("too long\n" * 5_000), matter="m", path="/more").passages == 5000
    assert library.integrity() == []


@pytest.mark.slow
def test_a_file_size_limit_loses_nothing(tmp_path: Path, opened: Opened) -> None:
    """The kernel refuses to write on: one line, status kept, and all that was reported is there."""
    pytest.importorskip("resource", reason="needs limits on file sizes")
    url = f"sqlite:///{tmp_path / 'small.db'}"
    command = [sys.executable, "-c", FILL_UNTIL_FULL, url]
    process = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert process.returncode == 3, process.stderr
    assert process.stderr.count("\n") == 1
    assert "it may be full" in process.stderr
    library = Library(opened(url))
    filed = process.stdout.split()
    assert filed
    assert sorted(record.id for record in library.documents(Scope.all())) == sorted(filed)
    assert library.integrity() == []
