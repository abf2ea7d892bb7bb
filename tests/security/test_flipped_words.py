"""Words that the disk altered are never shown: read from a copy or left out, said, and healed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import delete, update

from bot.cli.program import run_command
from bot.compose import open_services
from bot.maintenance import repair_noticed
from bot.migrations import MIGRATIONS
from bot.settings import read_settings
from corpus.errors import Damaged
from corpus.library import Library
from corpus.models import Scope
from corpus.repair import find_damaged
from corpus.storage import soundness
from corpus.storage.database import FILE_NAME, open_database, transaction
from corpus.storage.schema import document_digests, documents, filings, originals, passages
from tests.bot.conftest import CommandLine

pytestmark = pytest.mark.slow

LEASE = """Lease of the quay

2021-05-06

1. The tenant pays the rent on the first day of each quarter.

2. The landlord repairs the crane within thirty days of a notice.

3. 承租人於六月十日以書面通知出租人吊車故障，並附上照片三張。
"""
QUESTION = "who repairs the crane?"


@pytest.fixture(scope="module")
def filed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file, and the data folder into which it was added."""
    folder = tmp_path_factory.mktemp("words")
    (folder / "lease.txt").write_text(LEASE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PINCITE_MEANING", "off")
        assert run_command(["--data", str(folder / "data"), "add", str(folder / "lease.txt")]) == 0
    return folder


@pytest.fixture
def data(filed_once: Path, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that data folder, as `data` here."""
    monkeypatch.setenv("PINCITE_MEANING", "off")
    monkeypatch.setattr(soundness, "_reported", set())
    shutil.copytree(filed_once / "data", nowhere / "data")
    return nowhere / "data"


@pytest.fixture
def database(data: Path) -> Iterator[sqlalchemy.Engine]:
    """Its database."""
    engine = open_database("", folder=data, migrations=MIGRATIONS)
    yield engine
    engine.dispose()


def change(database: sqlalchemy.Engine, statement: Any) -> None:
    """Alter what is stored, as a disk does: nothing learns of it."""
    with transaction(database) as connection:
        connection.execute(statement)
    database.dispose()


def words_of(column: Any, old: str, new: str) -> Any:
    """An update that alters words in a column."""
    return update(column.table).values({column.name: sqlalchemy.func.replace(column, old, new)})


PASSAGE = words_of(passages.c.text, "thirty", "ninety")
TEXT = words_of(documents.c.text, "thirty", "ninety")
EVERY_KIND = {
    "a passage": [PASSAGE],
    "the document's text": [TEXT],
    "both": [PASSAGE, TEXT],
    "a pin": [update(passages).values(pin="[39]")],
    "an offset": [update(passages).values(start=passages.c.start + 1)],
    "a page": [update(passages).values(page=7)],
    "the title": [update(documents).values(title="Lease of the pier")],
    "the date": [update(documents).values(date="2012-05-06")],
    "the facts": [update(documents).values(facts={"docket": "7"})],
    "where pages begin": [update(documents).values(page_starts=[0, 9])],
    "a digest": [update(passages).values(digest="0" * 24)],
    "the document's digest": [update(document_digests).values(about="0" * 24)],
}


@pytest.mark.parametrize("statements", EVERY_KIND.values(), ids=EVERY_KIND)
def test_altered_words_are_not_shown_and_come_back(
    data: Path, database: sqlalchemy.Engine, pincite: CommandLine, statements: list[Any]
) -> None:
    """An answer shows what was filed or nothing, a line says so, and the doctor brings it back."""
    before = pincite("ask", QUESTION, "--json").shapes[0]["hits"]
    opened = pincite("source", before[0]["citation"], "--json")
    assert "thirty" in before[0]["text"]
    for statement in statements:
        change(database, statement)
    after = pincite("ask", QUESTION, "--json")
    for hit in after.shapes[0]["hits"]:
        assert hit in before
    shown = pincite("source", before[0]["citation"], "--json")
    assert shown.status == 1 or shown.shapes[0]["text"] == opened.shapes[0]["text"]
    doctor = pincite("doctor", "--offline")
    assert (doctor.status, "not what was filed" in doctor.out) == (1, True), doctor.out
    fixed = pincite("doctor", "--offline", "--fix")
    assert (fixed.status, "brought back as it was filed" in fixed.out) == (0, True), fixed.out
    assert pincite("ask", QUESTION, "--json").shapes[0]["hits"] == before
    assert pincite("source", before[0]["citation"], "--json").shapes == opened.shapes


@pytest.mark.parametrize("lost", [delete(originals), update(originals).values(content=b"other")])
def test_a_lost_original_comes_back_from_its_file(
    database: sqlalchemy.Engine, filed_once: Path, pincite: CommandLine, lost: Any
) -> None:
    """By the doctor where the file still is, by adding it again from anywhere; else it is said."""
    library = Library(database)
    [document] = library.documents(Scope.all())
    change(database, lost)
    with pytest.raises(Damaged, match="add its file again"):
        library.original(document.id, Scope.all())
    change(database, update(filings).values(path="telegram/ab/lease.txt"))
    ran = pincite("doctor", "--offline", "--fix")
    assert (ran.status, ran.out.count("add its file again")) == (1, 2), ran.out
    assert pincite("add", filed_once / "lease.txt").status == 0
    assert library.original(document.id, Scope.all()).content == LEASE.encode()
    change(database, lost)
    assert pincite("doctor", "--offline", "--fix").status == 0
    assert library.original(document.id, Scope.all()).content == LEASE.encode()


def test_bytes_that_are_no_text_end_no_query(data: Path, pincite: CommandLine) -> None:
    """A flipped bit in the middle of a character leaves out one passage; no error quotes it."""
    before = pincite("ask", QUESTION, "--json").shapes[0]["hits"]
    file = data / FILE_NAME
    content = bytearray(file.read_bytes())
    at = 0
    while (at := content.find("六月十日".encode(), at + 1)) > 0:
        content[at + 1] ^= 0x80
    file.write_bytes(content)
    after = pincite("ask", QUESTION, "--json")
    assert [hit["text"] for hit in after.shapes[0]["hits"]] == [
        hit["text"] for hit in before if "六月十日" not in hit["text"]
    ]
    for ran in (after, pincite("documents"), pincite("ask", "吊車故障", "--json")):
        assert "Traceback" not in ran.err
        assert "承租人" not in ran.err
    fixed = pincite("doctor", "--offline", "--fix")
    assert "brought back as it was filed" in fixed.out
    assert pincite("ask", QUESTION, "--json").shapes[0]["hits"] == before


def test_damage_that_nothing_mends_is_said(
    database: sqlalchemy.Engine, pincite: CommandLine
) -> None:
    """Both copies of the words and the original are lost: status 1, and a line says what to do."""
    for statement in (*EVERY_KIND["both"], update(originals).values(content=b"other")):
        change(database, statement)
    change(database, update(filings).values(path="telegram/ab/lease.txt"))
    ran = pincite("doctor", "--offline", "--fix")
    assert ran.status == 1
    assert "not fixed" in ran.out
    assert "add its file again" in ran.out
    assert "ninety" not in pincite("ask", QUESTION).out


def test_a_running_bot_repairs_what_it_meets(database: sqlalchemy.Engine, data: Path) -> None:
    """Within a minute, without anybody's doing."""
    change(database, PASSAGE)
    soundness.take_noticed()
    with open_services(read_settings()) as services:
        answer = services.searcher.answer(QUESTION, scope=Scope.all())
        assert "thirty" in answer.hits[0].text
        repair_noticed(services)
        assert list(find_damaged(services.database)) == []
        assert soundness.take_noticed() == []
