"""`pincite move`: what it refuses, and that everything works in the new place."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from tests.bot.conftest import CommandLine
from tests.databases import new_postgresql_url


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ((), "either --to milvus|embedded or --to-database"),
        (("--to", "milvus", "--to-database", "sqlite:///x"), "either --to"),
        (("--to", "lucene"), "'lucene'"),
        (("--to", "milvus"), "PINCITE_MILVUS_URI"),
    ],
)
def test_wrong_usage_is_one_line(
    pincite: CommandLine, arguments: tuple[str, ...], wanted: str
) -> None:
    """Status 2, what was expected, and nothing done."""
    ran = pincite("move", *arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert wanted in ran.err


@pytest.mark.parametrize("name", ["run.lock", "add.lock"])
def test_nobody_may_be_at_work(filed: Path, pincite: CommandLine, name: str) -> None:
    """What would be filed or asked meanwhile would be lost."""
    with FileLock(filed / name, timeout=0):
        ran = pincite("move", "--to-database", "sqlite:///there.sqlite3")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "end it first" in ran.err


def test_the_same_database_is_refused(filed: Path, pincite: CommandLine) -> None:
    """It would be a copy onto itself."""
    ran = pincite("move", "--to-database", f"sqlite:///{filed.absolute()}/pincite.sqlite3")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "in that database already" in ran.err


@pytest.mark.slow
def test_everything_works_in_the_new_place(
    filed: Path, pincite: CommandLine, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked on PostgreSQL, the answers are those of before; a second move is refused."""
    question = "who repairs the roof?"
    expected = pincite("ask", question, "--json").shapes[0]["hits"]
    url = new_postgresql_url(postgresql)
    ran = pincite("move", "--to-database", url)
    assert (ran.status, ran.err) == (0, "")
    assert "copied 2 documents" in ran.out
    assert pincite("move", "--to-database", url).status == 1
    monkeypatch.setenv("PINCITE_DATABASE_URL", url)
    assert pincite("ask", question, "--json").shapes[0]["hits"] == expected
    assert pincite("doctor", "--offline").status == 0
