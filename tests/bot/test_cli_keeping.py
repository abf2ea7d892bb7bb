"""`export-audit`, `backup` and `restore`: what was asked comes out whole, and all comes back."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from corpus.database import open_database, transaction
from corpus.schema import asked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import CommandLine

QUESTIONS = ["who repairs the roof?", '=HYPERLINK("x")', '雙引號 " 與\n換行, 逗號', "+1"]


@pytest.fixture
def asked_some(filed: Path) -> None:
    database = open_database("", folder=filed)
    with transaction(database) as connection:
        for number, question in enumerate(QUESTIONS, 1):
            row = {
                "at": f"2026-01-02T03:04:0{number}Z",
                "chat_id": -5,
                "thread_id": 0,
                "message_id": number,
                "person_id": None if number == 2 else 77,
                "question": question,
                "citations": ["K7Q2M3PD-4", "K7Q2M3PD-5"],
            }
            connection.execute(insert(asked).values(row))
    database.dispose()


@pytest.mark.usefixtures("asked_some")
def test_json_lines_hold_each_question_as_it_was(pincite: CommandLine) -> None:
    """Oldest first, exactly as asked."""
    ran = pincite("export-audit", "--json")
    assert ran.status == 0
    assert [row["question"] for row in ran.shapes] == QUESTIONS
    assert ran.shapes[0] == {
        "at": "2026-01-02T03:04:01Z",
        "chat_id": -5,
        "thread_id": 0,
        "message_id": 1,
        "person_id": 77,
        "question": QUESTIONS[0],
        "citations": ["K7Q2M3PD-4", "K7Q2M3PD-5"],
    }


@pytest.mark.usefixtures("asked_some")
def test_csv_is_read_back_and_starts_no_formula(pincite: CommandLine) -> None:
    """A spreadsheet sees text where someone asked with a formula."""
    rows = list(csv.DictReader(io.StringIO(pincite("export-audit").out, newline="")))
    assert [row["question"].removeprefix("'") for row in rows] == QUESTIONS
    assert [row["question"].startswith("'") for row in rows] == [False, True, False, True]
    assert rows[0]["chat_id"] == "-5"
    assert rows[1]["person_id"] == ""
    assert rows[0]["citations"] == "K7Q2M3PD-4 K7Q2M3PD-5"


def test_a_backup_brings_everything_back(filed: Path, pincite: CommandLine, nowhere: Path) -> None:
    """The same documents and the same answers, in another place."""
    assert pincite("backup", "copy").status == 0
    assert pincite("--data", "other", "restore", "copy").status == 0
    assert pincite("--data", "other", "documents").out == pincite("documents").out
    there, here = (
        pincite("--data", data, "ask", "who repairs the roof?").out for data in ("other", filed)
    )
    assert there == here


def test_a_backup_overwrites_nothing(filed: Path, pincite: CommandLine, nowhere: Path) -> None:
    """Neither a folder that holds something, nor a data folder in use."""
    (nowhere / "full").mkdir()
    (nowhere / "full" / "precious").write_text("x")
    for arguments in (["backup", "full"], ["restore", "full"], ["restore", "missing"]):
        ran = pincite(*arguments)
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert [each.name for each in (nowhere / "full").iterdir()] == ["precious"]
    assert pincite("backup", "copy").status == 0
    assert pincite("restore", "copy").status == 1
    assert len(pincite("documents").out.splitlines()) == 2
