"""The command line as a test sees it: arguments and input in, status and output out."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from sqlalchemy import delete

from bot.cli.program import run_command
from bot.compose import READ_MEMORY_MB, READ_SECONDS
from bot.migrations import MIGRATIONS
from bot.records.audit import audit, audit_ends
from corpus.models import Reading
from corpus.reading.bounded import BoundedReader
from corpus.storage.database import open_database, transaction
from index.vocabulary import tables
from index.vocabulary.transliteration import NameRecognizer
from tests.databases import Opened, opening
from tests.speeds import shared_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEASE = """Lease of the warehouse

2024-05-01

The tenant pays the rent on the first day of each month.

The landlord repairs the roof at his own cost within thirty days of a notice.
"""
MEMO = """倉庫租賃備忘錄

2024-06-12

承租人於六月十日以電子郵件通知出租人屋頂漏水，並附上照片三張。
"""
FILES = {"lease.txt": LEASE, "memo.txt": MEMO}


class SharedReader(BoundedReader):
    """The reader of all commands of a test session: its processes stay for the next command."""

    def read(self, content: bytes, name: str) -> Reading:
        """As BoundedReader does."""
        with shared_process():
            return super().read(content, name)


_shared_table = cache(tables.open_table)
_shared_recognizer = cache(NameRecognizer.of)


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def shapes(self) -> list[Any]:
        """The output as JSON, one object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """Runs `pincite` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str | Path, stdin: bytes | str = b"") -> Ran:
        typed = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        self._capsys.readouterr()
        status = run_command([os.fspath(argument) for argument in arguments])
        printed = self._capsys.readouterr()
        return Ran(status, printed.out, printed.err)


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens whole databases, with every package's tables; closes them when the test is over."""
    with opening(MIGRATIONS) as open_one:
        yield open_one


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to stand in, with no setting of the machine's and its logging put back."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PINCITE_")]:
        monkeypatch.delenv(name)
    # Loading the model takes a second; what it does is tested where it is the subject.
    monkeypatch.setenv("PINCITE_MEANING", "off")
    # The dictionary never changes. A process reads it once; here each command is a process.
    monkeypatch.setattr(tables, "open_table", lambda *_: _shared_table())
    monkeypatch.setattr(NameRecognizer, "of", _shared_recognizer)
    root = logging.getLogger()
    handlers, level, logs = root.handlers[:], root.level, structlog.get_config()
    yield tmp_path
    root.handlers, root.level = handlers, level
    structlog.configure(**logs)


@pytest.fixture(scope="session")
def shared_reader() -> Iterator[SharedReader]:
    """A reader that reads as the program's own does, in processes that are started once."""
    reader = SharedReader(2, READ_SECONDS, READ_MEMORY_MB)
    yield reader
    reader.close()


@pytest.fixture
def pincite(
    nowhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shared_reader: SharedReader,
) -> CommandLine:
    """The command line, standing in an empty folder."""
    monkeypatch.setattr(BoundedReader, "__enter__", lambda _: shared_reader)
    return CommandLine(monkeypatch, capsys)


@pytest.fixture(scope="session")
def _filed_once(tmp_path_factory: pytest.TempPathFactory, shared_reader: SharedReader) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    (folder / "lease").mkdir()
    for name, text in FILES.items():
        (folder / "lease" / name).write_text(text, encoding="utf-8")
    arguments = ["--data", folder / "data", "add", folder / "lease", "--matter", "warehouse"]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PINCITE_MEANING", "off")
        environment.setattr(BoundedReader, "__enter__", lambda _: shared_reader)
        assert run_command(list(map(str, arguments))) == 0
    # Adding is on record; tests of the audit count from an empty one.
    database = open_database("", folder=folder / "data", migrations=MIGRATIONS)
    with transaction(database) as connection:
        for table in (audit, audit_ends):
            connection.execute(delete(table))
    database.dispose()
    return folder


@pytest.fixture
def filed(_filed_once: Path, nowhere: Path) -> Path:
    """A data folder `data` here, with FILES filed in the matter `warehouse`."""
    shutil.copytree(_filed_once / "data", nowhere / "data")
    return nowhere / "data"
