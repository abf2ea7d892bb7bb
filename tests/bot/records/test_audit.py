"""The audit: whatever is changed, removed or moved shows; what may go goes, and the rest holds."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from bot.migrations import MIGRATIONS
from bot.records import audit as audits
from bot.records.audit import Audit, AuditRecord, Kind, audit, audit_ends
from bot.records.conversation import questions
from corpus.storage.database import transaction
from corpus.storage.migrations import apply_missing
from corpus.storage.schema import migrations
from tests.corpus.conftest import Opened
from tests.databases import open_migrated
from tests.examples import examples

GROUP, ANN, BEN = -100, 11, 22
KINDS: tuple[Kind, ...] = ("answer", "page", "source")
APPEND = """
import sys
from bot.records.audit import Audit, AuditRecord
from bot.migrations import MIGRATIONS
from corpus.storage.database import open_database
audit = Audit(open_database(sys.argv[1], migrations=MIGRATIONS))
for at in range(25):
    audit.record(AuditRecord("answer", "command line", (f"A-{at}",), "1.1", sys.argv[2]))
"""


def shown(number: int) -> AuditRecord:
    """The records of a talk: in a private chat, in a group, and in a terminal."""
    person = (ANN, BEN, None)[number % 3]
    chat = (ANN, GROUP, None)[number % 3]
    question = None if number % 4 == 3 else f"question {number}, 為何？"
    citations = tuple(f"K7Q2M3PD-{ordinal}" for ordinal in range(number % 3))
    return AuditRecord(
        KINDS[number % 3], "telegram", citations, "1.5", question, chat, 0, number, person
    )


def filled(database: sqlalchemy.Engine, count: int = 9) -> Audit:
    """An audit with some records."""
    records = Audit(database)
    for number in range(count):
        records.record(shown(number))
    return records


def hash_again(row: dict[str, Any]) -> str:
    """A record's hash as docs/operations.md describes it, from the exported row alone."""

    def digest(first: str, fields: dict[str, Any]) -> str:
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256((first + "\n" + text).encode("ascii")).hexdigest()

    private = row["chat_id"] is not None and row["chat_id"] > 0
    personal = {
        "chat": row["chat_id"] if private else None,
        "message_id": row["message_id"],
        "person_id": row["person_id"],
        "question": row["question"],
    }
    if row["salt"]:
        assert row["personal"] == digest(row["salt"], personal)
    names = ("number", "at", "kind", "via", "thread_id", "citations", "index_version", "details")
    public = {name: row[name] for name in (*names, "personal")}
    return digest(row["previous"], public | {"chat": None if private else row["chat_id"]})


def test_a_stranger_can_check_every_hash(database: sqlalchemy.Engine) -> None:
    """From the exported rows and the description alone, each hash follows from the one before."""
    records = filled(database)
    rows = list(records.rows())
    assert [row["number"] for row in rows] == list(range(1, 10))
    assert rows[0]["previous"] == "0" * 64
    assert all(after["previous"] == before["hash"] for before, after in pairwise(rows))
    assert [hash_again(row) for row in rows] == [row["hash"] for row in rows]
    assert rows[1]["question"] == "question 1, 為何？"
    assert records.problems() == []
    assert (records.last().number, records.last().hash) == (9, rows[-1]["hash"])


def test_an_empty_audit_is_whole(database: sqlalchemy.Engine) -> None:
    """Nothing was shown, so nothing is missing."""
    assert Audit(database).problems() == []
    assert Audit(database).drop_before(1) == 0


CHANGED: dict[str, Any] = {
    "at": "2020-01-01T00:00:00Z",
    "kind": "watch",
    "via": "console",
    "chat_id": -7,
    "thread_id": 7,
    "message_id": 777,
    "person_id": 777,
    "question": "another question",
    "salt": "00" * 16,
    "personal": "0" * 64,
    "citations": ["A-1"],
    "index_version": "9.9",
    "details": {"numbers": [1]},
    "previous": "1" * 64,
    "hash": "2" * 64,
}


@pytest.mark.parametrize("column", [*CHANGED, "nothing"])
def test_a_changed_record_shows(opened: Opened, tmp_path: Any, column: str) -> None:
    """Whichever column of whichever record is written over, and only then."""
    database = opened(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    records = filled(database, 3)
    for number in range(1, 4):
        with database.connect() as connection:
            before = dict(
                connection.execute(select(audit).filter_by(number=number)).mappings().one()
            )
        change = {} if column == "nothing" else {column: CHANGED[column]}
        for values in (change, before):
            with transaction(database) as connection:
                connection.execute(update(audit).filter_by(number=number).values(values or before))
            problems = records.problems()
            assert bool(problems) == (values is change and bool(change)), (column, number)
            assert all(str(number) in problem or str(number + 1) in problem for problem in problems)


@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_removed_record_shows(database: sqlalchemy.Engine, number: int) -> None:
    """The first one, one in the middle, and the newest."""
    records = filled(database)
    with transaction(database) as connection:
        connection.execute(delete(audit).filter_by(number=number))
    assert f"record {number} is missing" in records.problems()


@given(st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
def test_records_that_change_places_show(
    tmp_path_factory: pytest.TempPathFactory, one: int, other: int
) -> None:
    """Two records exchanged, with their numbers and even their links made to fit."""
    folder = tmp_path_factory.mktemp("exchanged")
    database = open_migrated(f"sqlite:///{folder / 'kept.sqlite3'}", migrations=MIGRATIONS)
    records = filled(database, 6)
    rows = {row["number"]: row for row in records.rows()}
    with transaction(database) as connection:
        for here, target in {one: other, other: one}.items():
            fitting = {name: rows[here][name] for name in ("number", "previous", "hash")}
            connection.execute(delete(audit).filter_by(number=here))
            connection.execute(insert(audit).values(rows[target] | fitting))
    assert bool(records.problems()) == (one != other)
    database.dispose()


def test_forgetting_leaves_the_chain_whole(database: sqlalchemy.Engine) -> None:
    """No trace of the person is left, the others' words are, and each hash is as it was."""
    records = filled(database)
    before = {row["number"]: row for row in records.rows()}
    with transaction(database) as connection:
        assert audits.forget(connection, ANN) == 3
        assert audits.forget(connection, 404) == 0
    after = {row["number"]: row for row in records.rows()}
    assert records.problems() == []
    assert len(after) == len(before) + 1
    for number, row in before.items():
        is_anns = row["person_id"] == ANN
        emptied = {"message_id", "person_id", "question", "salt", "chat_id"} if is_anns else set()
        assert after[number] == row | dict.fromkeys(emptied)
    assert after[10]["details"] == {"numbers": [1, 4, 7]}
    records.record(shown(9))
    assert records.problems() == []


def test_a_question_cannot_be_forgotten_in_secret(database: sqlalchemy.Engine) -> None:
    """Removed the same way but without the record that says so, it shows."""
    records = filled(database)
    nothing = dict.fromkeys(("message_id", "person_id", "question", "salt", "chat_id"))
    with transaction(database) as connection:
        connection.execute(update(audit).filter_by(number=1).values(nothing))
    assert records.problems() == ["the question of record 1 was removed, and by no /forgetme"]


def age(database: sqlalchemy.Engine, monkeypatch: pytest.MonkeyPatch) -> Audit:
    """An audit of four old records and three new ones."""
    monkeypatch.setattr("bot.records.audit.now", lambda: "2020-01-01T00:00:00Z")
    filled(database, 4)
    monkeypatch.undo()
    return filled(database, 3)


def test_old_records_go_and_the_rest_holds(
    database: sqlalchemy.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are dropped from the front, a record says so, and it can be done again and again."""
    records = age(database, monkeypatch)
    assert records.drop_before(365) == 4
    assert [row["number"] for row in records.rows()] == [5, 6, 7, 8]
    assert records.problems() == []
    assert records.drop_before(365) == 0
    records.record(shown(1))
    monkeypatch.setattr("bot.records.audit.now", lambda: "2099-01-01T00:00:00Z")
    assert records.drop_before(-36_500) == 5
    assert records.problems() == []
    assert [row["kind"] for row in records.rows()] == ["dropped"]


def test_the_front_cannot_be_dropped_in_secret(
    database: sqlalchemy.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anchor moved by hand, with no record of it in the chain, shows."""
    records = age(database, monkeypatch)
    row = list(records.rows())[1]
    with transaction(database) as connection:
        connection.execute(delete(audit).where(audit.c.number <= 2))
        connection.execute(insert(audit_ends).values(end="first", number=2, hash=row["hash"]))
    assert any("none says that they were dropped" in problem for problem in records.problems())


@pytest.mark.slow
def test_several_processes_append(url: str, opened: Opened) -> None:
    """Four at once: no number is given twice, none is lost, and the chain is whole."""
    records = Audit(opened(url))
    command = [sys.executable, "-c", APPEND, url]
    started = [subprocess.Popen([*command, f"writer {number}"]) for number in range(4)]
    assert [process.wait(timeout=120) for process in started] == [0] * 4
    rows = list(records.rows())
    assert [row["number"] for row in rows] == list(range(1, 101))
    assert sorted({row["question"] for row in rows}) == [f"writer {number}" for number in range(4)]
    assert records.problems() == []


def test_answers_given_before_become_records(url: str, opened: Opened) -> None:
    """A database from before the audit had a table keeps its answers, in order, in a chain."""
    database = opened(url)
    with transaction(database) as connection:
        for table in (audit, audit_ends):
            table.drop(connection)
        connection.execute(delete(migrations).where(migrations.c.name.startswith("0002")))
        for number, answer_id in ((1, 901), (2, None), (3, 903)):
            row = {
                "at": f"2026-01-0{number}T00:00:00Z",
                "chat_id": GROUP,
                "thread_id": 0,
                "message_id": number,
                "answer_id": answer_id,
                "person_id": ANN,
                "question": f"question {number}",
                "citations": ["A-1", "", "A-3"],
            }
            connection.execute(insert(questions).values(row))
        apply_missing(connection, MIGRATIONS)
    records = Audit(database)
    assert [(row["at"][:10], row["question"], row["citations"]) for row in records.rows()] == [
        ("2026-01-01", "question 1", ["A-1", "A-3"]),
        ("2026-01-03", "question 3", ["A-1", "A-3"]),
    ]
    assert records.problems() == []
