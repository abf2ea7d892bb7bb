"""The operator sees who may ask and which chats are bound, and makes and revokes owners."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.compose import open_database_of
from bot.records.access import Access
from bot.records.audit import Audit
from bot.records.people import ChatRecord, People, Person
from bot.settings import Settings, read_settings
from corpus.library import Library
from tests.bot.conftest import CommandLine


def _settings() -> Settings:
    return read_settings(Path("data"))


def _let_in() -> None:
    """A matter with a keeper, a reader, a group and a topic."""
    settings = _settings()
    with open_database_of(settings) as database:
        Library(database).create_matter("lease")
        access, people = Access(database, settings), People(database)
        access.admit(11, "lease", "keeper")
        access.admit(12, "lease", "reader")
        people.meet(Person(11, "Ann \u202eLee", "ann"))
        people.visit(ChatRecord(-100, "Team", "supergroup"))
        access.bind(-100, 0, "lease")
        access.bind(-100, 7, "lease")


def test_nobody_yet(pincite: CommandLine, nowhere: Path) -> None:
    """An empty installation says what to do."""
    for command in ("people", "chats", "owners"):
        ran = pincite(command)
        assert ran.status == 0
        assert ran.out == ""
        assert len(ran.err.splitlines()) == 1
        assert pincite(command, "--json").out == ""


def test_who_may_ask(pincite: CommandLine, nowhere: Path) -> None:
    """Each line of JSON has the fields of the contract; plain lines show no control characters."""
    _let_in()
    keeper, reader = (json.loads(line) for line in pincite("people", "--json").out.splitlines())
    assert set(keeper) == {"id", "name", "matter", "role", "since"}
    assert (keeper["id"], keeper["matter"], keeper["role"]) == (11, "lease", "keeper")
    assert (reader["id"], reader["name"], reader["role"]) == (12, None, "reader")
    assert "\u202e" not in pincite("people").out
    whole, topic = (json.loads(line) for line in pincite("chats", "--json").out.splitlines())
    assert set(whole) == {"id", "title", "thread", "matter", "since"}
    assert (whole["id"], whole["title"], whole["thread"]) == (-100, "Team", None)
    assert topic["thread"] == 7
    assert pincite("people", "--matter", "lease").out.count("\n") == 2
    assert pincite("chats", "--matter", "nothing").status == 1


def test_owners(pincite: CommandLine, nowhere: Path) -> None:
    """Owners are made and revoked by id, and both are on record."""
    assert pincite("owners", "--add", "21").status == 0
    assert pincite("owners", "--add", "21").status == 1
    [owner] = (json.loads(line) for line in pincite("people", "--json").out.splitlines())
    assert (owner["id"], owner["role"], owner["matter"]) == (21, "owner", None)
    assert pincite("owners", "--revoke", "21").status == 0
    assert pincite("owners", "--revoke", "21").status == 1
    assert pincite("owners", "--add", "-5").status == 2
    with open_database_of(_settings()) as database:
        rows = list(Audit(database).rows())
    assert [(row["kind"], row["about_id"], row["via"]) for row in rows] == [
        ("owner made", 21, "command line"),
        ("owner revoked", 21, "command line"),
    ]


def test_owners_of_the_settings(
    pincite: CommandLine, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that the settings name are shown as such, and are not revoked here."""
    monkeypatch.setenv("PINCITE_OWNERS", "31")
    [owner] = (json.loads(line) for line in pincite("owners", "--json").out.splitlines())
    assert (owner["id"], owner["set"]) == (31, True)
    ran = pincite("owners", "--revoke", "31")
    assert ran.status == 1
    assert "PINCITE_OWNERS" in ran.err
