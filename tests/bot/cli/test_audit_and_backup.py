"""`export-audit`, `backup` and `restore`: what was asked comes out whole, and all comes back."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from bot.migrations import MIGRATIONS
from bot.records.audit import Audit, AuditRecord, audit
from corpus.storage.database import open_database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import CommandLine

QUESTIONS = ["who repairs the roof?", '=HYPERLINK("x")', '雙引號 " 與\n換行, 逗號', "+1"]


@pytest.fixture
def asked_some(filed: Path) -> None:
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    for number, question in enumerate(QUESTIONS, 1):
        person = None if number == 2 else 77
        citations = ("K7Q2M3PD-4", "K7Q2M3PD-5")
        record = AuditRecord(
            "answer", "telegram", citations, "1.3", question, -5, 0, number, person
        )
        Audit(database).record(record)
    database.dispose()


@pytest.mark.usefixtures("asked_some")
def test_json_lines_hold_each_question_as_it_was(pincite: CommandLine) -> None:
    """Oldest first, exactly as asked, with all that is needed to check the hashes."""
    ran = pincite("export-audit", "--json")
    assert ran.status == 0
    assert [row["question"] for row in ran.shapes] == QUESTIONS
    first = ran.shapes[0]
    assert set(first) == {column.name for column in audit.columns}
    assert (
        first
        | {
            "number": 1,
            "kind": "answer",
            "via": "telegram",
            "chat_id": -5,
            "thread_id": 0,
            "message_id": 1,
            "person_id": 77,
            "citations": ["K7Q2M3PD-4", "K7Q2M3PD-5"],
            "index_version": "1.3",
            "previous": "0" * 64,
        }
        == first
    )
    assert ran.shapes[1]["previous"] == first["hash"]


@pytest.mark.usefixtures("asked_some")
def test_csv_is_read_back_and_starts_no_formula(pincite: CommandLine) -> None:
    """A spreadsheet sees text where someone asked with a formula."""
    rows = list(csv.DictReader(io.StringIO(pincite("export-audit").out, newline="")))
    assert [row["question"].removeprefix("'") for row in rows] == QUESTIONS
    assert [row["question"].startswith("'") for row in rows] == [False, True, False, True]
    assert rows[0]["chat_id"] == "-5"
    assert rows[1]["person_id"] == ""
    assert rows[0]["citations"] == "K7Q2M3PD-4 K7Q2M3PD-5"


@pytest.mark.usefixtures("asked_some")
def test_a_bundle_is_written_and_recorded(filed: Path, pincite: CommandLine) -> None:
    """The newest hash is printed, to be noted; a folder that holds something is refused."""
    ran = pincite("export-audit", "--bundle", "bundle")
    assert (ran.status, ran.err) == (0, "")
    assert "exported 4 records to bundle, up to 4:" in ran.out
    assert pincite("export-audit", "--bundle", "bundle").status == 1
    [record] = [
        row for row in pincite("export-audit", "--json").shapes if row["kind"] == "exported"
    ]
    assert record["details"]["bundle"] in ran.out


@pytest.mark.usefixtures("filed")
def test_every_answer_leaves_a_record(pincite: CommandLine) -> None:
    """Asked as an argument or piped in, answered or not, and a passage opened: each one record."""
    hit = pincite("ask", "who repairs the roof?", "-k", "1", "--json").shapes[0]["hits"][0]
    pincite("ask", "--json", stdin="when is the rent due?\nxylophone\n")
    pincite("source", hit["citation"])
    pincite("source", "00000000-1")
    rows = pincite("export-audit", "--json").shapes
    assert [(row["kind"], row["question"]) for row in rows] == [
        ("answer", "who repairs the roof?"),
        ("answer", "when is the rent due?"),
        ("answer", "xylophone"),
        ("source", None),
    ]
    assert {row["via"] for row in rows} == {"command line"}
    assert rows[0]["citations"] == rows[3]["citations"] == [hit["citation"]]
    assert rows[1]["citations"]
    assert rows[2]["citations"] == []
    assert re.fullmatch(r"\S+\.2", rows[0]["index_version"]), "two documents were filed"


def test_a_backup_brings_everything_back(filed: Path, pincite: CommandLine, nowhere: Path) -> None:
    """The same documents and the same answers, in another place."""
    assert pincite("backup", "copy").status == 0
    assert pincite("--data", "other", "restore", "copy").status == 0
    assert pincite("--data", "other", "documents").out == pincite("documents").out
    restored, original = (
        pincite("--data", data, "ask", "who repairs the roof?").out for data in ("other", filed)
    )
    assert restored == original


def test_a_backup_overwrites_nothing(filed: Path, pincite: CommandLine, nowhere: Path) -> None:
    """Neither a folder that holds something, nor a data folder in use."""
    (nowhere / "full").mkdir()
    (nowhere / "full" / "precious").write_text("x")
    for arguments in (["backup", "full"], ["restore", "full"], ["restore", "missing"]):
        ran = pincite(*arguments)
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert [entry.name for entry in (nowhere / "full").iterdir()] == ["precious"]
    assert pincite("backup", "copy").status == 0
    assert pincite("restore", "copy").status == 1
    assert len(pincite("documents").out.splitlines()) == 2
