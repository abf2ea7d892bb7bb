"""Kept passages: a folder for each matter in each place, and nothing of the passages themselves."""

from __future__ import annotations

import pytest
import sqlalchemy

from bot.memo.folder import folders
from bot.records.forgetting import forget_person
from bot.records.kept import MOST, KeptPassages
from corpus.library import Library
from corpus.models import Scope
from tests.corpus.conftest import filed, id_of
from tests.databases import Opened


@pytest.fixture
def database(url: str, opened: Opened) -> sqlalchemy.Engine:
    """A whole database, on either kind."""
    return opened(url)


def test_a_second_press_takes_it_out(database: sqlalchemy.Engine) -> None:
    """Each chat, topic and matter has a folder of its own, in the order kept."""
    kept = KeptPassages(database)
    assert kept.toggle(7, 0, 7, ("a", "AAAAAAAA-1"), "why?") == "kept"
    assert kept.toggle(7, 0, 7, ("a", "AAAAAAAA-2")) == "kept"
    assert kept.toggle(7, 5, 7, ("a", "AAAAAAAA-1")) == "kept"
    assert kept.toggle(7, 0, 7, ("b", "AAAAAAAA-1")) == "kept"
    assert [(each.matter, each.citation) for each in kept.passages_in(7, 0)] == [
        ("a", "AAAAAAAA-1"), ("a", "AAAAAAAA-2"), ("b", "AAAAAAAA-1")
    ]  # fmt: skip
    assert kept.toggle(7, 0, 8, ("a", "AAAAAAAA-1")) == "taken out"
    assert kept.empty(7, 0, "a") == 1
    assert [each.matter for each in kept.passages_in(7, 0)] == ["b"]
    assert len(kept.passages_in(7, 5)) == 1


def test_a_folder_has_an_end(database: sqlalchemy.Engine) -> None:
    """No folder grows beyond what a memo can hold."""
    kept = KeptPassages(database)
    outcomes = [kept.toggle(7, 0, 7, ("a", f"AAAAAAAA-{n}")) for n in range(1, MOST + 3)]
    assert outcomes[MOST:] == ["full", "full"]
    assert len(kept.passages_in(7, 0)) == MOST


def test_a_group_takes_its_folders_along(database: sqlalchemy.Engine) -> None:
    """A supergroup gets the folders of the group that it replaces, unless it has some."""
    kept = KeptPassages(database)
    kept.toggle(-7, 0, 7, ("a", "AAAAAAAA-1"))
    kept.migrate(-7, -1007)
    assert not kept.passages_in(-7, 0)
    assert len(kept.passages_in(-1007, 0)) == 1


def test_the_forgotten_leave_no_words(database: sqlalchemy.Engine) -> None:
    """A private folder goes; what was kept in a group stays, without person and question."""
    kept = KeptPassages(database)
    kept.toggle(7, 0, 7, ("a", "AAAAAAAA-1"), "why?")
    kept.toggle(-9, 0, 7, ("a", "AAAAAAAA-1"), "why?")
    kept.toggle(-9, 0, 8, ("a", "AAAAAAAA-2"), "and?")
    forget_person(database, 7)
    assert not kept.passages_in(7, 0)
    assert [each.question for each in kept.passages_in(-9, 0)] == ["", "and?"]


def test_a_folder_shows_what_may_be_seen_now(database: sqlalchemy.Engine) -> None:
    """Out of scope: left out; withdrawn: marked; a closed matter's copy opens nothing."""
    library, kept = Library(database), KeptPassages(database)
    first = id_of(filed(library, "one line", "/1", "a"))
    second = id_of(filed(library, "another line", "/2", "a"))
    filed(library, "one line", "/1", "b")
    for matter, citation in (("a", f"{first}-1"), ("a", f"{second}-1"), ("b", f"{first}-1")):
        kept.toggle(7, 0, 7, (matter, citation))
    passages = kept.passages_in(7, 0)
    assert not folders(library, passages, Scope.of("c"))
    assert list(folders(library, passages, Scope.of("b"))) == ["b"]
    library.withdraw(first, scope=Scope.of("a"))
    found = folders(library, passages, Scope.all())
    assert [(each.source is None, each.note) for each in found["a"]] == [(True, 0), (False, 1)]
    assert [each.note for each in found["b"]] == [1]
