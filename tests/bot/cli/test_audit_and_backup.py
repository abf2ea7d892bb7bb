"""`export-audit`, `backup` and `restore`: what was asked comes out whole, and all comes back."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from bot.audit import NAMES
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
    assert set(first) == {column.name for column in audit.columns} | set(NAMES)
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


@pytest.mark.usefixtures("filed")
def test_an_answer_is_explained_by_its_number(pincite: CommandLine) -> None:
    """What was searched, by which version, with which scores; then what holds of it today."""
    pincite("ask", "who repairs the roof?", "--matter", "warehouse")
    pincite("ask", "xylophone quartets")
    [first, second] = pincite("export-audit", "--json").shapes
    assert first["details"]["matters"] == ["warehouse"]
    assert second["details"]["refusal"]
    assert "roof" not in json.dumps(first["details"])
    ran = pincite("explain", "--audit", "1")
    assert (ran.status, ran.err) == (0, "")
    [citation, *_] = first["citations"]
    for part in (
        citation,
        "searched: warehouse",
        first["index_version"],
        "the same index",
        "'roof'",
    ):
        assert part in ran.out
    assert f"{first['details']['scores'][0][1]:.3f}" in ran.out
    assert "refused (" in pincite("explain", "--audit", "2").out
    pincite("remove", citation.partition("-")[0])
    withdrawn = pincite("explain", "--audit", "1")
    assert withdrawn.status == 0
    assert "documents or program changed" in withdrawn.out
    assert pincite("explain", "--audit", "99").status == 1
    assert pincite("explain").status == 2


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


def test_a_backup_is_proved_to_restore(filed: Path, pincite: CommandLine, nowhere: Path) -> None:
    """Without leaving anything; a damaged one is refused in one line, and so is what is none."""
    pincite("ask", "who repairs the roof?")
    assert pincite("backup", "copy").status == 0
    well = pincite("backup", "--verify", "copy")
    assert (well.status, well.err) == (0, "")
    assert "restored and checked 2 documents" in well.out
    for name in ("pincite.sqlite3", "audit.key", "manifest.json"):
        path = nowhere / "copy" / name
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        ran = pincite("backup", "copy", "--verify")
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
        path.write_bytes(content)
    assert pincite("backup", "--verify", "nowhere").status == 1
    assert pincite("backup").status == 2


def test_a_restored_audit_keeps_its_key(filed: Path, pincite: CommandLine) -> None:
    """So that its seals can be checked where it is restored."""
    pincite("ask", "who repairs the roof?")
    pincite("doctor", "--offline")
    pincite("backup", "copy")
    pincite("--data", "other", "restore", "copy")
    ran = pincite("--data", "other", "doctor", "--offline")
    assert "audit      ok    1 record, the chain is whole" in ran.out


def test_an_encrypted_backup_comes_back_with_its_key_alone(
    filed: Path, pincite: CommandLine, nowhere: Path
) -> None:
    """Nothing of it is readable without; all comes back with it."""
    made = pincite("backup", "--new-identity", "key.txt")
    recipient = made.out.split("--recipient ")[1].strip()
    assert pincite("backup", "--new-identity", "key.txt").status == 2
    assert (nowhere / "key.txt").stat().st_mode & 0o777 == 0o600
    assert pincite("backup", "copy", "--recipient", recipient).status == 0
    names = {path.name for path in (nowhere / "copy").iterdir()}
    assert names == {"manifest.json", "pincite.sqlite3.age", "audit.key.age"}
    assert b"warehouse" not in (nowhere / "copy" / "pincite.sqlite3.age").read_bytes()
    assert not list(filed.glob(".backup*"))
    pincite("backup", "--new-identity", "other.txt")
    for options in ([], ["--identity", "other.txt"]):
        for command in (["backup", "--verify", "copy"], ["--data", "new", "restore", "copy"]):
            ran = pincite(*command, *options)
            assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1), command
    assert pincite("backup", "--verify", "copy", "--identity", "key.txt").status == 0
    assert pincite("--data", "new", "restore", "copy", "--identity", "key.txt").status == 0
    assert pincite("--data", "new", "documents").out == pincite("documents").out
    assert pincite("backup", "x", "--recipient", "nonsense").status == 2


def test_a_backup_of_a_newer_version_is_refused(
    filed: Path, pincite: CommandLine, nowhere: Path
) -> None:
    """Before anything is written, with the way back."""
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    with database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO migrations VALUES ('9999 of tomorrow', 'x')")
    from corpus.storage.backup import backup

    backup(database, filed, nowhere / "copy")
    database.dispose()
    ran = pincite("--data", "new", "restore", "copy")
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "newer version" in ran.err
    assert not list((nowhere / "new").iterdir())
