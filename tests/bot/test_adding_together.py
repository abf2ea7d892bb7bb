"""`pincite add` on two machines at once: data folders of their own, one database and one Milvus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.migrations import MIGRATIONS
from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database
from tests.databases import new_postgresql_url
from tests.index.milvus.lite import TOKEN, Server

pytestmark = [pytest.mark.milvus, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
OWN, COMMON = 12, 12


@pytest.fixture
def settings(postgresql: str, milvus: Server, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment that both machines share."""
    before = set(milvus.client.list_collections())
    plain = {name: each for name, each in os.environ.items() if not name.startswith("PINCITE_")}
    yield plain | {
        "PYTHONPATH": str(ROOT),
        # As docs/operations.md says: whoever shares a database shares the key that seals its audit.
        "PINCITE_AUDIT_KEY_FILE": str(tmp_path / "shared" / "audit.key"),
        "PINCITE_DATABASE_URL": new_postgresql_url(postgresql),
        "PINCITE_INDEX": "milvus",
        "PINCITE_MILVUS_URI": milvus.uri,
        "PINCITE_MILVUS_TOKEN": TOKEN,
    }
    for name in set(milvus.client.list_collections()) - before:
        milvus.client.drop_collection(name)


def folder_of(where: Path, machine: str) -> Path:
    """Notes of this machine alone, and notes that every machine has, content for content."""
    folder = where / machine
    folder.mkdir()
    for number in range(OWN):
        text = f"The {machine} tenant pays rent number {number}.\n"
        (folder / f"own {number}.txt").write_text(text, encoding="utf-8")
    for number in range(COMMON):
        text = f"The landlord repairs roof number {number}.\n"
        (folder / f"common {number}.txt").write_text(text, encoding="utf-8")
    return folder


def command(*arguments: str) -> list[str]:
    """The command line of `pincite`."""
    return [sys.executable, "-m", "bot", *arguments]


def test_both_file_all_they_have(settings: dict[str, str], tmp_path: Path) -> None:
    """Each file has one outcome, contents that both have are kept once, and all is searched."""
    running = [
        subprocess.Popen(
            command(
                "--data", str(tmp_path / f"data {machine}"),
                "add", str(folder_of(tmp_path, machine)), "--matter", "leases", "--json",
            ),
            env=settings, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for machine in ("north", "south")
    ]  # fmt: skip
    ended = [each.communicate(timeout=SECONDS) for each in running]
    assert [each.returncode for each in running] == [0, 0], ended
    outcomes = [json.loads(line) for out, _ in ended for line in out.splitlines()]
    assert len(outcomes) == 2 * (OWN + COMMON)
    assert {each["outcome"] for each in outcomes} <= {"added", "unchanged"}
    database = open_database(settings["PINCITE_DATABASE_URL"], migrations=MIGRATIONS)
    library = Library(database)
    assert library.integrity() == []
    assert library.count_documents(Scope.all()) == 2 * OWN + COMMON
    changes = [revision for revision, _ in library.changes_after(0, 1000)]
    assert changes == list(range(1, len(changes) + 1)), "no revision is lost or given twice"
    database.dispose()
    asked = "the north tenant pays rent number 7\nwho repairs roof number 3?\n"
    ran = subprocess.run(
        command("--data", str(tmp_path / "data south"), "ask", "-k", "1", "--json"),
        env=settings, cwd=tmp_path, input=asked, capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip
    hits = [json.loads(line)["hits"][0]["text"] for line in ran.stdout.splitlines()]
    assert hits == [
        "The north tenant pays rent number 7.",
        "The landlord repairs roof number 3.",
    ], ran.stderr
    checked = subprocess.run(
        command("--data", str(tmp_path / "data north"), "doctor", "--offline"),
        env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
    assert f"{2 * OWN + COMMON} passages in Milvus" in checked.stdout
