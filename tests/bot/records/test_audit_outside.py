"""What is outside the database shows what was done inside it: the key, notes, and the clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import delete, insert, text, update

from bot.records import audit as audits
from bot.records import audit_chain
from bot.records.audit import Audit, AuditRecord, audit, audit_ends
from bot.records.audit_chain import ChainLink
from bot.records.audit_key import FILE, attach_key, key_of, note, notes_path, read_notes
from bot.records.marks import STEADY, is_due, last_clock_reading, read_clock
from corpus.storage.database import transaction
from tests.bot.records.test_audit import ANN, filled, shown
from tests.databases import Opened

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def chain_anew(database: sqlalchemy.Engine, rows: list[dict[str, Any]]) -> None:
    """What somebody does who can write to the database and reads this program, without the key."""
    before = ChainLink()
    with transaction(database) as connection:
        connection.execute(delete(audit))
        for number, row in enumerate(rows, 1):
            row |= {"number": number, "previous": before.hash}
            row["personal"] = audit_chain.personal_digest(row)
            row["hash"] = audit_chain.record_hash(row)
            connection.execute(insert(audit), row)
            before = ChainLink(number, row["hash"])
        connection.execute(delete(audit_ends))
        end = {"end": "last", "number": before.number, "hash": before.hash}
        connection.execute(insert(audit_ends), end)


def sealed(database: sqlalchemy.Engine, folder: Path) -> Audit:
    """An audit of nine records, sealed and noted."""
    attach_key(database, folder / FILE, Audit(database).last())
    records = filled(database)
    note(notes_path(folder / FILE), records.last())
    return records


def test_a_chain_computed_anew_shows(database: sqlalchemy.Engine, tmp_path: Path) -> None:
    """Every hash fits, and no seal does."""
    records = sealed(database, tmp_path)
    assert records.problems() == []
    rows = list(records.rows())
    rows[4]["question"] = "another question"
    chain_anew(database, rows)
    assert "record 5 was sealed by somebody without the key" in records.problems()
    for row in rows:
        row["seal"] = None
    chain_anew(database, rows)
    assert records.problems()[0] == "record 1 bears no seal"


@pytest.mark.parametrize("kind", ["forgotten", "dropped"])
def test_a_forged_record_of_ours_shows(
    database: sqlalchemy.Engine, tmp_path: Path, kind: str
) -> None:
    """Somebody without the key cannot say that a record was forgotten or dropped."""
    records = sealed(database, tmp_path)
    rows = list(records.rows())
    forged: dict[str, Any] = dict.fromkeys(rows[0]) | {
        "at": rows[-1]["at"],
        "kind": kind,
        "via": "",
    }
    forged |= {"citations": [], "index_version": "", "personal": ""}
    if kind == "forgotten":
        emptied = ("message_id", "person_id", "question", "salt")
        rows[1] |= dict.fromkeys(emptied)
        forged["details"] = {"numbers": [2]}
    else:
        forged["details"] = {"number": 3, "hash": rows[2]["hash"]}
        rows = rows[3:]
    forged |= {"number": 10, "previous": rows[-1]["hash"]}
    forged["hash"] = audit_chain.record_hash(forged)
    with transaction(database) as connection:
        if kind == "dropped":
            connection.execute(delete(audit).where(audit.c.number <= 3))
            first = {"end": "first", **forged["details"]}
            connection.execute(insert(audit_ends), first)
        else:
            connection.execute(update(audit).filter_by(number=2).values(dict.fromkeys(emptied)))
        connection.execute(insert(audit), forged)
        last = {"number": 10, "hash": forged["hash"]}
        connection.execute(update(audit_ends).filter_by(end="last").values(last))
    assert records.problems() == ["record 10 bears no seal"]


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("forgotten", {"numbers": [2]}),
        ("forgotten", {"numbers": [99]}),
        ("forgotten", {"numbers": "all"}),
        ("forgotten", None),
        ("dropped", {"number": 12, "hash": "0" * 64}),
        ("dropped", {"number": "3"}),
        ("dropped", None),
    ],
)
def test_a_record_of_ours_that_is_not_true_shows_without_a_key(
    database: sqlalchemy.Engine, kind: str, details: Any
) -> None:
    """What it says cannot be: that record is there, or that number does not exist."""
    records = filled(database)
    with transaction(database) as connection:
        audits._append_row(connection, {"kind": kind, "details": details})
    assert any("record 10" in problem for problem in records.problems())


def test_a_cut_tail_shows(database: sqlalchemy.Engine, tmp_path: Path) -> None:
    """With every seal in place and the end moved back, by the hash that was noted before."""
    records = sealed(database, tmp_path)
    notes = read_notes(notes_path(tmp_path / FILE))
    end = list(records.rows())[5]
    with transaction(database) as connection:
        connection.execute(delete(audit).where(audit.c.number > 6))
        last = {"number": 6, "hash": end["hash"]}
        connection.execute(update(audit_ends).filter_by(end="last").values(last))
    assert records.problems() == []
    [problem] = records.find_problems(notes)
    assert "records 7 to 9 were noted elsewhere and are missing" in problem
    for number in range(4):
        records.record(shown(number))
    [problem] = records.find_problems(notes)
    assert problem == "record 9 has not the hash that was noted for it elsewhere"


def test_forgetting_and_dropping_stay_whole_with_key_and_notes(
    database: sqlalchemy.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the program itself removes breaks neither seals nor notes."""
    monkeypatch.setattr("bot.records.audit.now", lambda: "2020-01-01T00:00:00Z")
    records = sealed(database, tmp_path)
    monkeypatch.undo()
    records.record(AuditRecord("admitted", "telegram", (), person_id=22, about_id=ANN))
    with transaction(database) as connection:
        audits.forget(connection, ANN)
    notes = read_notes(notes_path(tmp_path / FILE))
    assert list(records.find_problems(notes)) == []
    assert records.row(10)["about_id"] is None  # type: ignore[index]
    assert records.row(10)["person_id"] == 22  # type: ignore[index]
    assert records.drop_before(365) == 9
    assert list(records.find_problems(notes)) == []


def test_whom_a_record_is_about_cannot_be_changed(database: sqlalchemy.Engine) -> None:
    """Neither to another person, nor to nobody without a record of it."""
    records = filled(database, 2)
    records.record(AuditRecord("admitted", "telegram", (), person_id=22, about_id=ANN))
    assert records.problems() == []
    for change, problem in (
        ({"about_id": 99}, "record 3 is not what was written"),
        ({"about_id": None, "about_salt": None}, "the question of record 3 was removed"),
        ({"about": None}, "record 3 is not what was written"),
    ):
        row = dict(records.row(3) or {})
        with transaction(database) as connection:
            connection.execute(update(audit).filter_by(number=3).values(change))
        assert problem in records.problems()[0]
        with transaction(database) as connection:
            connection.execute(update(audit).filter_by(number=3).values(row))
    assert records.problems() == []


@pytest.mark.parametrize("content", ['{"numbers": [1', "", "7", '"text"', "[[[", "\\ud800"])
@pytest.mark.parametrize("column", ["citations", "details"])
def test_damaged_json_is_told(opened: Opened, tmp_path: Path, column: str, content: str) -> None:
    """The walk goes on, names the record, and the export still prints every other one."""
    database = opened(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    records = filled(database, 4)
    with transaction(database) as connection:
        statement = text(f"UPDATE audit SET {column} = :content WHERE number = 2")
        connection.execute(statement, {"content": content})
    assert "record 2 is damaged" in records.problems()[0]
    assert [row["number"] for row in records.rows()] == [1, 2, 3, 4]


@pytest.mark.parametrize("column", ["number", "at", "kind", "question", "hash", "previous", "salt"])
@pytest.mark.parametrize("value", ["x'00ff'", "1.5", "'x'", "-1"])
def test_a_value_of_another_type_is_told(
    opened: Opened, tmp_path: Path, column: str, value: str
) -> None:
    """SQLite keeps whatever is written into a column."""
    database = opened(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    records = filled(database, 4)
    with transaction(database) as connection:
        connection.execute(text(f"UPDATE audit SET {column} = {value} WHERE number = 2"))
    assert records.problems()


def test_a_damaged_key_is_moved_aside(database: sqlalchemy.Engine, tmp_path: Path) -> None:
    """The bot goes on with a new one, and it is told that older seals cannot be checked."""
    records = sealed(database, tmp_path)
    old = key_of(database)
    for content in (b"", b"\xff", (tmp_path / FILE).read_bytes().replace(b'"key"', b'"kex"')):
        (tmp_path / FILE).write_bytes(content)
        attach_key(database, tmp_path / FILE, records.last())
        records.record(shown(1))
    assert old
    assert records.problems() == []
    assert old.id in records.lost_keys()
    assert (tmp_path / f"{FILE}.damaged").exists()
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_damaged_note_is_passed_over(tmp_path: Path) -> None:
    """One note a day, the newest of that day, and no line that was not written so."""
    path = tmp_path / "audit.notes"
    for number in (1, 2):
        note(path, ChainLink(number, f"{number}" * 64))
    assert read_notes(path) == [ChainLink(2, "2" * 64)]
    path.write_bytes(path.read_bytes() + b"\xff\xfe nonsense\n\n1 2\n")
    assert read_notes(path) == [ChainLink(2, "2" * 64)]


# -- the clock ------------------------------------------------------------------------------------


def after(database: sqlalchemy.Engine, *days: float) -> datetime:
    """The day up to which the clock is trusted when it was read after so many days each."""
    for day in days:
        reading = read_clock(database, NOW + timedelta(days=day))
    return reading.confirmed


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def test_a_steady_clock_is_trusted(database: sqlalchemy.Engine) -> None:
    """It is read every few hours while the bot runs."""
    assert after(database, 0, 0.25, 0.5, 1, 2.9) == day(2.9)


def test_a_leap_drops_nothing(database: sqlalchemy.Engine, tmp_path: Path) -> None:
    """A clock 400 days ahead, put right after a few days: it was never believed."""
    assert after(database, 0, 0.25, 400.25, 400.5, 402) == day(0.25)
    assert last_clock_reading(database).since == day(400.25)  # type: ignore[union-attr]
    assert after(database, 4, 4.25) == day(0.25)
    assert after(database, *(4 + step for step in range(1, 9))) == day(12)
    reading = last_clock_reading(database)
    assert reading
    assert reading.since is None


def test_a_bot_that_was_off_is_believed_after_a_week(database: sqlalchemy.Engine) -> None:
    """It runs on from the new time for so long."""
    after(database, 0, 30)
    assert after(database, *range(31, 37)) == day(0)
    assert after(database, 30 + STEADY.days) == day(37)


def test_one_that_is_started_now_and_then_is_a_leap_behind(database: sqlalchemy.Engine) -> None:
    """Once a month: what was old a month ago goes."""
    assert [after(database, start) for start in (0, 30, 60, 90)] == [
        day(0), day(0), day(30), day(60)
    ]  # fmt: skip


def test_a_clock_set_back_takes_trust_back(database: sqlalchemy.Engine) -> None:
    """What it says now is what counts, until it was steady again."""
    assert after(database, 0, 1, -5) == day(-5)


def test_once_a_day(database: sqlalchemy.Engine) -> None:
    """Not at first, then once in each day, for one of several processes."""
    every = timedelta(days=1)
    times = (0, 0.5, 1, 1, 1.9, 2.5, -9, -8.5)
    due = [is_due(database, "x", every, NOW + timedelta(days=time)) for time in times]
    assert due == [False, False, True, False, False, True, True, False]


def test_details_are_hashed_as_they_come_back(database: sqlalchemy.Engine) -> None:
    """Whatever a person types as a reason: NUL, half a character, many scripts."""
    records = Audit(database)
    reason = "保全 \x00 \ud800 é \N{GRINNING FACE}"
    records.record(AuditRecord("held", "command line", (), details={"reason": reason}))
    assert records.problems() == []
    [row] = records.rows()
    assert json.loads(json.dumps(row["details"])) == row["details"]
