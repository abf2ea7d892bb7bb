"""`PINCITE_INDEX=milvus`: the same answers from the command line, and one line when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import select

from bot.migrations import MIGRATIONS
from corpus.storage.database import open_database
from index.milvus.tables import shared_indexes, vector_sets
from index.semantic import embedder
from tests.bot.conftest import CommandLine
from tests.bot.test_embedding import Flat
from tests.index.milvus.lite import TOKEN, Server

pytestmark = pytest.mark.milvus

QUESTIONS = "who repairs the roof?\n誰通知了出租人?\nthe rent\n"


def collections_of(database: sqlalchemy.Engine) -> list[str]:
    """The names of the collections that a database knows."""
    with database.connect() as connection:
        return list(connection.scalars(select(shared_indexes.c.name)))


def sets_of(database: sqlalchemy.Engine) -> list[str]:
    """The names of the sets of vectors that a database knows."""
    with database.connect() as connection:
        return list(connection.scalars(select(vector_sets.c.name)))


@pytest.fixture
def on_milvus(milvus: Server, filed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """FILES filed before, and the settings changed to Milvus; the address of the server."""
    monkeypatch.setenv("PINCITE_INDEX", "milvus")
    monkeypatch.setenv("PINCITE_MILVUS_URI", milvus.uri)
    if TOKEN:
        monkeypatch.setenv("PINCITE_MILVUS_TOKEN", TOKEN)
    yield milvus.uri
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    for name in collections_of(database) + sets_of(database):
        milvus.client.drop_collection(name)
    database.dispose()


def test_the_same_answers(
    on_milvus: str, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hits, scores and refusals are those of the embedded engine; only the time differs."""
    answers = pincite("ask", "--json", stdin=QUESTIONS).shapes
    monkeypatch.setenv("PINCITE_INDEX", "embedded")
    expected = pincite("ask", "--json", stdin=QUESTIONS).shapes
    for answer in (*answers, *expected):
        del answer["took_ms"]
    assert answers == expected
    assert all(answer["hits"] for answer in answers)


def test_removing_and_adding(on_milvus: str, pincite: CommandLine, nowhere: Path) -> None:
    """What is removed is not found; what is added is, in its matter alone."""
    (lease,) = [
        each["id"] for each in pincite("documents", "--json").shapes if "Lease" in each["title"]
    ]
    assert "Lease" in pincite("ask", "who repairs the roof?").out
    pincite("remove", lease)
    assert "Lease" not in pincite("ask", "who repairs the roof?").out
    (nowhere / "note.txt").write_text("The insurer repairs the roof.\n", encoding="utf-8")
    pincite("add", "note.txt", "--matter", "claims")
    assert "insurer" in pincite("ask", "who repairs the roof?").out
    assert "insurer" not in pincite("ask", "who repairs the roof?", "--matter", "warehouse").out


def test_vectors_are_shared_too(
    on_milvus: str,
    pincite: CommandLine,
    filed: Path,
    milvus: Server,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """With meaning switched on later, what is missing is embedded into Milvus, and no folder."""
    monkeypatch.delenv("PINCITE_MEANING")
    monkeypatch.setattr(embedder, "UniversalSentenceEncoder", Flat)
    assert pincite("ask", "who repairs the roof?").status == 0
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    (name,) = sets_of(database)
    database.dispose()
    passages = {
        "filter": "sentence == 0",
        "output_fields": ["count(*)"],
        "consistency_level": "Strong",
    }
    assert milvus.client.query(name, **passages)[0]["count(*)"] == 2
    assert "2 passages embedded" in pincite("doctor", "--offline").out
    (tmp_path / "new.txt").write_text("The deposit is three months' rent.\n")
    assert pincite("add", tmp_path / "new.txt").status == 0
    assert milvus.client.query(name, **passages)[0]["count(*)"] == 3
    assert not (filed / "vectors").exists()


def test_the_doctor_counts(
    on_milvus: str, pincite: CommandLine, filed: Path, milvus: Server
) -> None:
    """It is well while Milvus holds what was counted; what got lost is named, with the mend."""
    well = pincite("doctor", "--offline")
    assert well.status == 0
    (line,) = [line for line in well.out.splitlines() if line.startswith("index")]
    assert line.split()[1] == "ok"
    assert "passages in Milvus" in line
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    (name,) = collections_of(database)
    database.dispose()
    milvus.client.delete(name, filter="key >= 0")
    ill = pincite("doctor", "--offline")
    assert ill.status == 1
    (line,) = [line for line in ill.out.splitlines() if line.startswith("index")]
    assert line.split()[1] == "fail"
    assert f"drop the collection {name}" in line
    milvus.client.drop_collection(name)
    assert pincite("doctor", "--offline").status == 0


def test_no_server_is_one_line(
    filed: Path, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking fails with status 1 and the mend; so does the doctor, in its own form."""
    monkeypatch.setenv("PINCITE_INDEX", "milvus")
    monkeypatch.setenv("PINCITE_MILVUS_URI", "http://127.0.0.1:1")
    ran = pincite("ask", "the rent")
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "http://127.0.0.1:1" in ran.err
    assert "PINCITE_MILVUS_URI" in ran.err
    seen = pincite("doctor", "--offline")
    assert (seen.status, seen.err) == (1, "")
    assert "index      fail  Milvus at http://127.0.0.1:1" in seen.out


def test_moving_to_milvus_and_back(
    on_milvus: str, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built beforehand, while the embedded index serves; repeated, it changes nothing."""
    monkeypatch.setenv("PINCITE_INDEX", "embedded")
    expected = pincite("ask", "--json", stdin=QUESTIONS).shapes
    for _ in range(2):
        moved = pincite("move", "--to", "milvus")
        assert (moved.status, moved.err) == (0, "")
        assert "the index of 2 documents is in Milvus" in moved.out
        assert "PINCITE_INDEX=milvus" in moved.out
    monkeypatch.setenv("PINCITE_INDEX", "milvus")
    answers = pincite("ask", "--json", stdin=QUESTIONS).shapes
    assert [each["hits"] for each in answers] == [each["hits"] for each in expected]
    back = pincite("move", "--to", "embedded")
    assert (back.status, back.err) == (0, "")
    assert "the data folder" in back.out
