"""A legal hold: nothing of its matter goes while it lasts, and each refusal says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bot import maintenance
from bot.migrations import MIGRATIONS
from bot.records.access import Access
from bot.records.audit import Audit, AuditRecord
from bot.records.forgetting import forget_person, forget_postponed
from bot.records.holding import hold_matter, postponed, release_matter
from corpus.errors import HoldExists, NotFound, UnderHold
from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database, snapshot
from tests.bot.conftest import CommandLine
from tests.bot.telegram.dialogue import Turn
from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import Simulator, simulated_bot
from tests.corpus.conftest import reading_of

ANN, BEN = 11, 22
REASON = "claim of 5 March"


@pytest.fixture
def library(database: sqlalchemy.Engine) -> Library:
    """Two matters; one document is in both."""
    library = Library(database)
    for matter, text in (("a", "one"), ("b", "two"), ("a", "both"), ("b", "both")):
        library.file(reading_of(text), matter=matter, path=text)
    return library


def ids(library: Library) -> dict[str, str]:
    """Document ids by path."""
    return {str(record.path): record.id for record in library.documents(Scope.all())}


def kinds(database: sqlalchemy.Engine) -> list[str]:
    return [row["kind"] for row in Audit(database).rows()]


def test_nothing_is_withdrawn_while_it_is_held(library: Library) -> None:
    """Not from the held matter, whatever else the order names; from other matters it may be."""
    documents = ids(library)
    hold_matter(library.database, "A", REASON)
    for scope, name in ((Scope.of("a"), "one"), (Scope.all(), "one"), (Scope.all(), "both")):
        with pytest.raises(UnderHold, match=f"{REASON}.*until 'pincite release a'"):
            library.withdraw(documents[name], scope=scope)
    assert library.withdraw(documents["both"], scope=Scope.of("b")) == ("b",)
    assert library.document(documents["both"], Scope.of("a"))
    release_matter(library.database, "a")
    assert library.withdraw(documents["both"], scope=Scope.all()) == ("a",)


def test_what_was_replaced_stays_and_cannot_be_withdrawn(library: Library) -> None:
    """The old version keeps opening."""
    old = ids(library)["one"]
    hold_matter(library.database, "a", REASON)
    assert library.file(reading_of("newer"), matter="a", path="one").outcome == "replaced"
    with pytest.raises(UnderHold):
        library.withdraw(old, scope=Scope.all())
    assert library.document(old, Scope.all()).superseded_by


def test_hold_and_release_are_on_record(library: Library) -> None:
    """With matter and reason; twice is refused."""
    database = library.database
    hold_matter(database, "a", REASON)
    with pytest.raises(HoldExists, match=REASON):
        hold_matter(database, "A", "another")
    with pytest.raises(NotFound):
        hold_matter(database, "nowhere", REASON)
    release_matter(database, "a")
    with pytest.raises(NotFound, match="under no hold"):
        release_matter(database, "a")
    rows = list(Audit(database).rows())
    assert [(row["kind"], row["details"]["reason"]) for row in rows] == [
        ("held", REASON), ("released", REASON)
    ]  # fmt: skip
    assert Audit(database).problems() == []
    assert hold_matter(database, "a", "anew").reason == "anew"


SETTINGS: Any = type("Owners", (), {"owners": frozenset(), "open": False})()


@pytest.mark.parametrize("tie", ["admitted", "shown", "about", "filed", "chat", "owner", "none"])
def test_whom_it_concerns_is_forgotten_at_its_end(library: Library, tie: str) -> None:
    """By whatever tie; a person without one is forgotten at once."""
    database, access = library.database, Access(library.database, SETTINGS)
    audit = Audit(database)
    citation = f"{ids(library)['one']}-1"
    question = AuditRecord("answer", "telegram", (), question="why?", person_id=ANN, chat_id=ANN)
    audit.record(question)
    match tie:
        case "admitted":
            access.admit(ANN, "a", "reader")
        case "shown":
            audit.record(AuditRecord("source", "telegram", (citation,), person_id=ANN))
        case "about":
            details = {"matter": "a"}
            audit.record(AuditRecord("admitted", "telegram", (), about_id=ANN, details=details))
        case "filed":
            library.file(reading_of("hers"), matter="a", path="hers", added_by=ANN)
        case "chat":
            access.bind(-5, 0, "a")
            audit.record(AuditRecord("answer", "telegram", (), person_id=ANN, chat_id=-5))
    access.admit(ANN, "b", "reader")
    hold_matter(database, "a", REASON)
    owners = frozenset({ANN}) if tie == "owner" else frozenset()
    kept_by = [hold.matter for hold in forget_person(database, ANN, owners)]
    concerned = tie != "none"
    assert kept_by == (["a"] if concerned else [])
    assert any(row["person_id"] == ANN for row in audit.rows()) == concerned
    forget_person(database, ANN, owners)
    assert kinds(database).count("forgetting postponed") == concerned
    assert forget_postponed(database, owners) == 0
    release_matter(database, "a")
    assert forget_postponed(database, owners) == concerned
    with snapshot(database) as connection:
        assert postponed(connection) == []
    assert not any(ANN in (row["person_id"], row["about_id"]) for row in audit.rows())
    assert audit.problems() == []


async def test_nothing_expires_while_a_matter_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither records nor questions; afterwards they do."""
    # The scene's own records are as old: what is dropped ends at the first record that is not.
    monkeypatch.setattr("bot.records.audit.now", lambda: "2020-01-01T00:00:00Z")
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        services = simulator.services
        services.audit.record(AuditRecord("answer", "telegram", (), question="old"))
        monkeypatch.undo()
        services.audit.record(AuditRecord("answer", "telegram", (), question="new"))
        hold_matter(services.database, "lease", REASON)
        maintenance.clean_up(services)
        asked = [row["question"] for row in services.audit.rows() if row["question"]]
        assert asked == ["old", "new"]
        release_matter(services.database, "lease")
        maintenance.clean_up(services)
        assert "old" not in [row["question"] for row in services.audit.rows()]
        assert services.audit.problems() == []


def turn(who: str, verb: str, text: str) -> Turn:
    return Turn(0, who, verb, text, "", "")


async def said(simulator: Simulator, *turns: Turn) -> str:
    """All that the bot showed."""
    outputs = [output for each in turns for output in await simulator.play(each)]
    return "\n".join(str(output) for output in outputs)


async def test_telegram_obeys(tmp_path: Path) -> None:
    """The keeper's button and /forgetme say that a hold is the reason."""
    async with simulated_bot(tmp_path) as simulator:
        access = Access(simulator.services.database, simulator.services.settings)
        access.admit(PEOPLE["Keeper"][0], "lease", "keeper")
        hold_matter(simulator.services.database, "lease", REASON)
        [document, *_] = simulator.services.library.documents(Scope.of("lease"))
        asked = (turn("Keeper", "says", "/documents"), turn("Keeper", "presses", "Withdraw"))
        await said(simulator, *asked)
        shown = await said(simulator, turn("Keeper", "presses", "1"))
        shown = await said(simulator, turn("Keeper", "presses", "Yes"))
        assert f"lease: {REASON}" in shown
        assert simulator.services.library.document(document.id, Scope.all()).matters
        forgetme = (turn("Keeper", "says", "/forgetme"), turn("Keeper", "presses", "Yes"))
        assert f"lease: {REASON}" in await said(simulator, *forgetme)
        assert access.scope_of_keeper(PEOPLE["Keeper"][0]) == Scope.of("lease")


def test_the_command_line(filed: Path, pincite: CommandLine) -> None:
    """What a person sees, with the status of each."""
    assert "no matter is under a legal hold" in pincite("hold").out
    assert pincite("hold", "warehouse").status == 1
    placed = pincite("hold", "Warehouse", "--reason", REASON)
    assert (placed.status, "until 'pincite release warehouse'" in placed.out) == (0, True)
    assert REASON in pincite("hold").out
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    [document, *_] = Library(database).documents(Scope.all())
    database.dispose()
    refused = pincite("remove", document.id)
    assert (refused.status, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert REASON in refused.err
    assert pincite("hold", "warehouse", "--reason", "again").status == 1
    assert pincite("release", "warehouse").status == 0
    assert pincite("release", "warehouse").status == 1
    assert pincite("remove", document.id).status == 0
