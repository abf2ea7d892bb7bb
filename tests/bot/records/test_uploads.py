"""What is kept of files on their way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import inspect, update

from bot.migrations import MIGRATIONS
from bot.records.leases import LEASE
from bot.records.uploads import SentFile, UploadOutcome, Uploads, uploads
from corpus.storage.database import transaction
from corpus.storage.schema import migrations
from tests.databases import open_migrated

SENT = SentFile(
    chat_id=1,
    thread_id=0,
    message_id=5,
    person_id=1,
    language="en",
    file_id="f",
    name="a.txt",
    album="7",
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    engine = open_migrated(f"sqlite:///{tmp_path / 'pincite.sqlite3'}", migrations=MIGRATIONS)
    yield engine
    engine.dispose()


def test_an_album_keeps_together(database: sqlalchemy.Engine) -> None:
    """A later file joins the message and the matter of its album, of the same person alone."""
    uploads_here = Uploads(database)
    first = uploads_here.receive(SENT)
    assert uploads_here.receive(replace(SENT, name="other")) == first
    uploads_here.show_in(first.key, 9)
    assert uploads_here.receive(replace(SENT, message_id=6)).progress_id == 9
    assert [upload.matter for upload in uploads_here.choose(1, 9, "lease")] == ["lease", "lease"]
    third = uploads_here.receive(replace(SENT, message_id=7))
    assert (third.progress_id, third.matter) == (9, "lease")
    assert uploads_here.choose(1, 9, "appeal") == []
    for stranger in (
        replace(SENT, message_id=8, person_id=2),
        replace(SENT, message_id=9, album=None),
        replace(SENT, message_id=5, chat_id=2),
    ):
        assert uploads_here.receive(stranger).progress_id is None


def test_the_unfinished_stay(database: sqlalchemy.Engine) -> None:
    """What has an outcome is forgotten after an hour, what has none never."""
    uploads_here = Uploads(database)
    first, second = uploads_here.receive(SENT), uploads_here.receive(replace(SENT, message_id=6))
    uploads_here.finish(first.key, UploadOutcome("done", "X-1"))
    with transaction(database) as connection:
        connection.execute(update(uploads).values(at="2001-01-01T00:00:00Z"))
    uploads_here.receive(replace(SENT, message_id=7))
    assert [upload.key for upload in uploads_here.unfinished()] == [second.key, second.key + 1]
    assert uploads_here.receive(SENT).key not in (first.key, second.key)


def test_one_holds_what_is_to_be_filed(database: sqlalchemy.Engine) -> None:
    """Others take it when the hold lapsed or was let go; whoever starts alone takes everything."""
    moment = 1000.0
    first, second = (Uploads(database, lambda: moment) for _ in range(2))
    sent = first.receive(replace(SENT, matter="lease"))
    waiting = first.receive(replace(SENT, message_id=6, album=None))
    assert first.acquire(sent.key)
    assert not second.acquire(sent.key)
    assert not second.take_over()
    moment += LEASE * 0.9
    first.renew([sent.key])
    moment += LEASE * 0.9
    assert not second.take_over()
    moment += LEASE * 0.2
    assert [upload.key for upload in second.take_over()] == [sent.key]  # no choice is taken over
    assert not first.acquire(sent.key)
    assert not first.take_over()
    second.release_all()
    assert [upload.key for upload in first.take_over()] == [sent.key]
    assert [upload.key for upload in second.take_over(alone=True)] == [sent.key, waiting.key]
    assert first.finish(sent.key, UploadOutcome("one"))
    assert not second.finish(sent.key, UploadOutcome("two"))
    assert not second.acquire(sent.key)
    assert not second.take_over(alone=True)[1:]


def test_a_database_of_before(tmp_path: Path) -> None:
    """A database from before uploads gets their table when it is opened."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    old = open_migrated(url, migrations=MIGRATIONS)
    with transaction(old) as connection:
        uploads.drop(connection)
        connection.execute(migrations.delete().where(migrations.c.name == "0005 uploads"))
    old.dispose()
    new = open_migrated(url, migrations=MIGRATIONS)
    assert inspect(new).has_table("uploads")
    new.dispose()
