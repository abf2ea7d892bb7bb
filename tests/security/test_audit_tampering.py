"""The exported audit finds each of more than a hundred kinds of tampering.

Whoever tampers is taken to be clever: they make every checksum in the folder fit again. Kinds that
need something from outside, a noted hash or the key, are checked with that, and each without the
key: a chain that was written anew must show by a note alone.
"""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.audit_bundle import PAGE, PROGRAM, write_bundle
from bot.errors import RefusalError
from bot.migrations import MIGRATIONS
from bot.records import audit as audits
from bot.records.audit import Audit, AuditRecord, audit
from bot.records.audit_chain import (
    CONTENTS,
    RECORDS,
    ChainLink,
    about_digest,
    bundle_problems,
    personal_digest,
    record_hash,
)
from bot.records.audit_key import FILE, attach_key
from corpus.storage.database import transaction
from tests.bot.records.test_audit import ANN, filled
from tests.databases import open_migrated

Rows = list[dict[str, Any]]
Contents = dict[str, Any]
OTHER: dict[str, Any] = {
    "number": 77,
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
    "about_id": 777,
    "about_salt": "00" * 16,
    "about": "0" * 64,
}
SEAL = "0" * 8 + ":" + "0" * 64
VICTIM = 9
"""A record with all fields: an act in a group, by one person, about another."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle of 14 records from number 3 on, and the key beside it."""
    folder = tmp_path_factory.mktemp("exported")
    database = open_migrated(f"sqlite:///{folder / 'kept.sqlite3'}", migrations=MIGRATIONS)
    attach_key(database, folder / FILE, ChainLink())
    _fill(database)
    write_bundle(Audit(database), folder / "bundle")
    database.dispose()
    return folder


def _fill(database: Engine) -> None:
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("bot.records.audit.now", lambda: "2020-01-01T00:00:00Z")
        filled(database, 2)
    records = filled(database, 6)
    details = {"role": "reader", "matter": "lease"}
    records.record(
        AuditRecord(
            "admitted", "telegram", ("K7Q2M3PD-1",), "1.5", "why?", -100, 3, 5, 22, 33, details
        )
    )
    records.drop_before(365)
    filled(database, 3)
    with transaction(database) as connection:
        audits.forget(connection, ANN)
    filled(database, 2)


# -- what somebody does --------------------------------------------------------------------------


def _row(rows: Rows, number: int = VICTIM) -> dict[str, Any]:
    return next(row for row in rows if row["number"] == number)


def change(field: str, value: Any, rows: Rows, contents: Contents) -> None:
    """Write another value into a field, and leave all else."""
    _row(rows)[field] = value


def leave_out(field: str, rows: Rows, contents: Contents) -> None:
    """Remove a field."""
    del _row(rows)[field]


def chain_anew(rows: Rows, contents: Contents) -> None:
    """Compute every digest, hash, link and end anew."""
    before = ChainLink(**contents["first"])
    for row in rows:
        row |= {"number": before.number + 1, "previous": before.hash}
        row["personal"], row["about"] = personal_digest(row), about_digest(row)
        row["hash"] = record_hash(row)
        before = ChainLink(row["number"], row["hash"])
    contents |= {"last": {"number": before.number, "hash": before.hash}, "records": len(rows)}


def change_and_chain_anew(field: str, value: Any, rows: Rows, contents: Contents) -> None:
    """Write another value, and make everything fit."""
    _row(rows)[field] = value
    chain_anew(rows, contents)


def remove(numbers: list[int], rows: Rows, contents: Contents) -> None:
    """Take records out, and say that there were fewer."""
    rows[:] = [row for row in rows if row["number"] not in numbers]
    contents["records"] = len(rows)


def cut(count: int, rows: Rows, contents: Contents) -> None:
    """Cut the end off, and move it."""
    del rows[-count:]
    last = rows[-1]
    contents |= {"records": len(rows), "last": {"number": last["number"], "hash": last["hash"]}}


def cut_front(count: int, rows: Rows, contents: Contents) -> None:
    """Drop the oldest records without a record that says so."""
    gone = rows[count - 1]
    del rows[:count]
    contents |= {"records": len(rows), "first": {"number": gone["number"], "hash": gone["hash"]}}


def swap(one: int, other: int, rows: Rows, contents: Contents) -> None:
    """Exchange two records, their numbers and links made to fit."""
    first, second = _row(rows, one), _row(rows, other)
    fitting = ("number", "previous", "hash")
    kept = {row["number"]: {name: row[name] for name in fitting} for row in (first, second)}
    at, to = rows.index(first), rows.index(second)
    rows[at], rows[to] = second | kept[one], first | kept[other]


def swap_lines(rows: Rows, contents: Contents) -> None:
    """Exchange two lines."""
    rows[3], rows[4] = rows[4], rows[3]


def reverse(rows: Rows, contents: Contents) -> None:
    """Turn the order round."""
    rows.reverse()


def repeat(number: int, rows: Rows, contents: Contents) -> None:
    """Write a record twice."""
    row = _row(rows, number)
    rows.insert(rows.index(row), copy.deepcopy(row))
    contents["records"] = len(rows)


def add(row_of: Callable[[Rows], dict[str, Any]], rows: Rows, contents: Contents) -> None:
    """Append a record of one's own with a hash that fits, and move the end."""
    row = row_of(rows) | {"number": rows[-1]["number"] + 1, "previous": rows[-1]["hash"]}
    row["personal"], row["about"] = personal_digest(row), about_digest(row)
    row["hash"] = record_hash(row)
    rows.append(row)
    last = {"number": row["number"], "hash": row["hash"]}
    contents |= {"records": len(rows), "last": last}


def insert_between(rows: Rows, contents: Contents) -> None:
    """Put a record of one's own in between, and number all that follow anew."""
    rows.insert(5, copy.deepcopy(_row(rows)) | {"question": "never asked"})
    chain_anew(rows, contents)


def empty(rows: Rows, contents: Contents) -> None:
    """Leave nothing, as if nothing had ever been recorded."""
    rows.clear()
    contents |= {"records": 0, "first": vars(ChainLink()), "last": vars(ChainLink())}


def forget_in_secret(rows: Rows, contents: Contents) -> None:
    """Take a person out of a record, with no record that says so."""
    _row(rows).update(dict.fromkeys(("message_id", "person_id", "question", "salt")))


def forget_about_in_secret(rows: Rows, contents: Contents) -> None:
    """Take out whom an act was about."""
    _row(rows).update(dict.fromkeys(("about_id", "about_salt")))


def _ours(kind: str, details: Any) -> Callable[[Rows], dict[str, Any]]:
    def row_of(rows: Rows) -> dict[str, Any]:
        row = dict.fromkeys(rows[0]) | {"at": rows[-1]["at"], "kind": kind, "via": ""}
        return row | {"citations": [], "index_version": "", "details": details, "seal": SEAL}

    return row_of


def forge_forgotten(rows: Rows, contents: Contents) -> None:
    """Take a person out of a record, and forge the record that says so."""
    forget_in_secret(rows, contents)
    add(_ours("forgotten", {"numbers": [VICTIM]}), rows, contents)


def forge_dropped(rows: Rows, contents: Contents) -> None:
    """Drop the oldest records, and forge the record that says so."""
    gone = rows[3]
    cut_front(4, rows, contents)
    add(_ours("dropped", {"number": gone["number"], "hash": gone["hash"]}), rows, contents)


def end(which: str, name: str, value: Any, rows: Rows, contents: Contents) -> None:
    """Say something else of the ends."""
    contents[which] = contents[which] | {name: value}


def count_otherwise(by: int, rows: Rows, contents: Contents) -> None:
    """Say something else of the number of records."""
    contents["records"] += by


Change = Callable[[Rows, Contents], None]
FIELDS: dict[str, Change] = {
    **{f"{name} changed": partial(change, name, OTHER[name]) for name in OTHER},
    **{f"{name} emptied": partial(change, name, None) for name in OTHER},
    **{f"{name} of another type": partial(change, name, [1.5]) for name in OTHER},
    **{f"{name} left out": partial(leave_out, name) for name in (*OTHER, "seal")},
    "a field added": partial(change, "note", "x"),
    "a citation that is no text": partial(change, "citations", [1]),
    "a citation added": partial(change, "citations", ["K7Q2M3PD-1", "K7Q2M3PD-2"]),
    "a number as true": partial(change, "thread_id", True),
    "details changed deep inside": partial(
        change, "details", {"role": "keeper", "matter": "lease"}
    ),
}
PLACES: dict[str, Change] = {
    "the first removed": partial(remove, [3]),
    "one in the middle removed": partial(remove, [8]),
    "several removed": partial(remove, [6, 7, 8]),
    "the last removed": partial(remove, [16]),
    "all removed but the ends kept": partial(remove, list(range(1, 99))),
    "one written twice": partial(repeat, 7),
    "two exchanged": partial(swap, 5, 8),
    "two neighbours exchanged": partial(swap, 7, 8),
    "two lines exchanged": swap_lines,
    "the order turned round": reverse,
    "the oldest dropped in secret": partial(cut_front, 2),
    "a person removed in secret": forget_in_secret,
    "whom it was about removed in secret": forget_about_in_secret,
    "what is there said to be forgotten": partial(
        add, _ours("forgotten", {"numbers": [4, VICTIM]})
    ),
    "what comes later said to be forgotten": partial(add, _ours("forgotten", {"numbers": [999]})),
    "nothing said to be forgotten": partial(add, _ours("forgotten", None)),
    "what is there said to be dropped": partial(
        add, _ours("dropped", {"number": 5, "hash": "0" * 64})
    ),
    "itself said to be dropped": partial(add, _ours("dropped", {"number": 17, "hash": "0" * 64})),
    "nothing said to be dropped": partial(add, _ours("dropped", {})),
    "the first end moved back": partial(end, "first", "number", 1),
    "the hash of the first end changed": partial(end, "first", "hash", "3" * 64),
    "the last end moved on": partial(end, "last", "number", 17),
    "the last end moved back": partial(end, "last", "number", 15),
    "the hash of the last end changed": partial(end, "last", "hash", "3" * 64),
    "one more counted": partial(count_otherwise, 1),
    "one fewer counted": partial(count_otherwise, -1),
}
ANEW: dict[str, Change] = {
    **{
        f"{name} changed, the chain computed anew": partial(
            change_and_chain_anew, name, OTHER[name]
        )
        for name in OTHER
        # What is computed anew, and what follows from it, is as it was.
        if name not in ("number", "personal", "previous", "hash", "about")
    },
    "the newest cut off": partial(cut, 1),
    "five cut off": partial(cut, 5),
    "all but one cut off": partial(cut, 13),
    "one put in between": insert_between,
    "nothing left": empty,
}
SEALED: dict[str, Change] = {
    "the seal changed": partial(change, "seal", SEAL),
    "the seal emptied": partial(change, "seal", None),
    "the seal of another record": partial(change, "seal", "taken"),
    "a forged record that somebody was forgotten": forge_forgotten,
    "a forged record of a drop": forge_dropped,
    "an answer that was never given": partial(
        add, lambda rows: copy.deepcopy(_row(rows)) | {"question": "never asked"}
    ),
}


def _line_changes() -> dict[str, Callable[[bytes], bytes]]:
    def in_middle(put: bytes) -> Callable[[bytes], bytes]:
        return lambda text: text[: text.index(b"\n") + 1] + put + text[text.index(b"\n") + 1 :]

    return {
        "a line that is no JSON": in_middle(b"nonsense\n"),
        "an empty line": in_middle(b"\n"),
        "a line that is a list": in_middle(b"[]\n"),
        "two records on a line": lambda text: text.replace(b"}\n{", b"} {", 1),
        "the last line torn": lambda text: text[:-40],
        "the last line without its end": lambda text: text[:-1],
        "a name that stands twice": lambda text: text.replace(
            b'{"number"', b'{"number": 1, "number"', 1
        ),
        "bytes that are no text": in_middle(b"\xff\xfe\n"),
        "a mark before the first line": lambda text: b"\xef\xbb\xbf" + text,
        "an empty file": lambda _: b"",
        "NaN for a number": lambda text: text.replace(b'"thread_id": 0', b'"thread_id": NaN', 1),
    }


def _write(folder: Path, rows: Rows, contents: Contents) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / RECORDS).write_text(lines, encoding="utf-8")
    _make_checksums_fit(folder, contents)


def _make_checksums_fit(folder: Path, contents: Contents) -> None:
    for name in contents["sha256"]:
        contents["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / CONTENTS).write_text(json.dumps(contents), encoding="utf-8")


def _read(folder: Path) -> tuple[Rows, Contents]:
    lines = (folder / RECORDS).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines], json.loads((folder / CONTENTS).read_text("utf-8"))


@pytest.fixture
def bundle(exported: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    return Path(shutil.copytree(exported / "bundle", tmp_path / "bundle"))


def found(folder: Path, noted: tuple[str, ...] = (), key: Path | None = None) -> list[str]:
    """What the verifier says."""
    return list(bundle_problems(folder, noted, key))


def newest(folder: Path) -> str:
    """The newest hash, as the owners were sent it."""
    last = json.loads((folder / CONTENTS).read_text("utf-8"))["last"]
    return f"{last['number']}:{last['hash']}"


@pytest.mark.slow
def test_a_bundle_as_it_was_exported_is_whole(exported: Path, bundle: Path) -> None:
    """With and without what is noted elsewhere, and by the program that lies in it alone."""
    assert found(bundle) == []
    note = newest(bundle)
    assert found(bundle, (note, note[:12]), exported / FILE) == []
    rows, contents = _read(bundle)
    _write(bundle, rows, contents)
    assert found(bundle, (note,)) == [], "making the checksums fit is no tampering by itself"
    # -I -S: nothing but the standard library, and not this folder.
    command = [sys.executable, "-I", "-S", str(bundle / PROGRAM), "--noted", note]
    ran = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("whole: 14 records, up to number 16 with the hash")
    assert {column.name for column in audit.columns} == set(rows[0])


@pytest.mark.parametrize("kind", [*FIELDS, *PLACES])
def test_what_does_not_fit_shows_alone(bundle: Path, kind: str) -> None:
    """Without anything from outside."""
    rows, contents = _read(bundle)
    (FIELDS | PLACES)[kind](rows, contents)
    _write(bundle, rows, contents)
    assert found(bundle)


@pytest.mark.slow
@pytest.mark.parametrize("kind", _line_changes())
def test_lines_that_are_no_records_show(bundle: Path, kind: str) -> None:
    """Whatever the file is made to hold."""
    path = bundle / RECORDS
    before = path.read_bytes()
    path.write_bytes(_line_changes()[kind](before))
    assert path.read_bytes() != before
    contents = json.loads((bundle / CONTENTS).read_text("utf-8"))
    _make_checksums_fit(bundle, contents)
    command = [sys.executable, "-I", "-S", str(bundle / PROGRAM)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith("NOT WHOLE: ")


@pytest.mark.parametrize("kind", ANEW)
def test_a_chain_that_fits_shows_by_a_noted_hash(bundle: Path, kind: str) -> None:
    """The newest hash, noted before; the key is not needed."""
    note = newest(bundle)
    rows, contents = _read(bundle)
    ANEW[kind](rows, contents)
    _write(bundle, rows, contents)
    assert found(bundle, (note,))


@pytest.mark.parametrize("kind", [*ANEW, *SEALED])
def test_a_chain_that_fits_shows_by_the_key(exported: Path, bundle: Path, kind: str) -> None:
    """Nobody without it can seal; what was noted is not needed."""
    rows, contents = _read(bundle)
    (ANEW | SEALED)[kind](rows, contents)
    _write(bundle, rows, contents)
    assert found(bundle, (), exported / FILE)


@pytest.mark.parametrize("name", [RECORDS, PROGRAM, PAGE, CONTENTS])
@pytest.mark.parametrize("how", ["changed", "emptied", "removed"])
def test_each_file_of_the_folder_is_watched(bundle: Path, name: str, how: str) -> None:
    """The page and the program too: whoever reads them is to read what was exported."""
    path = bundle / name
    if how == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" x" if how == "changed" else b"")
    try:
        assert found(bundle)
    except (OSError, ValueError):
        assert name == CONTENTS or how == "removed"


def test_there_are_a_hundred_kinds() -> None:
    """Each counted once, however often it is checked."""
    kinds = {*FIELDS, *PLACES, *ANEW, *SEALED, *_line_changes()}
    assert len(kinds) + 3 * 4 >= 100


def test_no_folder_is_written_over(exported: Path, tmp_path: Path) -> None:
    """A folder that holds something is refused in one line, and stays as it is."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").write_text("x")
    database = open_migrated(f"sqlite:///{tmp_path / 'kept.sqlite3'}", migrations=MIGRATIONS)
    with pytest.raises(RefusalError, match="is not empty: name a new folder"):
        write_bundle(Audit(database), tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["precious"]
    write_bundle(Audit(database), tmp_path / "new")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()} == {0o600}
    assert [row["kind"] for row in Audit(database).rows()] == ["exported"]
    database.dispose()
