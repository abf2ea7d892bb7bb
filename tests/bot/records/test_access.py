"""Who may ask what: the walls, from the side of the database."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy
from pydantic import SecretStr

from bot.records.access import Access
from bot.settings import Settings
from bot.telegram.ownership import CLAIM_TRIES, OwnershipClaim
from corpus.library import Library
from corpus.models import Scope
from tests.databases import Opened

OWNER, KEEPER, READER, STRANGER = 1, 2, 3, 4
GROUP, TOPIC = -100, 7


@pytest.fixture
def database(url: str, opened: Opened) -> sqlalchemy.Engine:
    """A database with the matters `a` and `b`."""
    database = opened(url)
    library = Library(database)
    assert library.create_matter("a")
    assert library.create_matter("b")
    return database


def access_to(database: sqlalchemy.Engine, **settings: Any) -> Access:
    chosen: dict[str, Any] = {"owners": frozenset({OWNER}), "_env_file": None, **settings}
    return Access(database, Settings(**chosen | {"telegram_token": SecretStr("1:" + "A" * 35)}))


def test_nobody_sees_anything_at_first(database: sqlalchemy.Engine) -> None:
    """Without an admission or a binding the scope is empty; an owner's is everything."""
    access = access_to(database)
    assert access.scope_of_person(STRANGER) == Scope.of()
    assert access.scope_of_chat(GROUP, TOPIC) == Scope.of()
    assert access.scope_of_keeper(STRANGER) == Scope.of()
    assert access.scope_of_person(OWNER) == Scope.all()
    assert access.scope_of_keeper(OWNER) == Scope.all()


def test_admission_holds_at_once_and_ends_at_once(database: sqlalchemy.Engine) -> None:
    """A person has one role in a matter; dismissed, they have none."""
    access = access_to(database)
    assert access.admit(READER, "a", "reader")
    assert not access.admit(READER, "a", "reader")
    assert access.scope_of_person(READER) == Scope.of("a")
    assert access.scope_of_keeper(READER) == Scope.of()
    assert access.admit(READER, "a", "keeper")
    assert access.scope_of_person(READER) == access.scope_of_keeper(READER) == Scope.of("a")
    assert access.dismiss(READER, "a")
    assert not access.dismiss(READER, "a")
    assert access.scope_of_person(READER) == Scope.of()


def test_a_topic_before_its_chat(database: sqlalchemy.Engine) -> None:
    """A topic with matters of its own asks these alone; one without asks those of its chat."""
    access = access_to(database)
    assert access.bind(GROUP, 0, "a")
    assert not access.bind(GROUP, 0, "a")
    assert access.scope_of_chat(GROUP, TOPIC) == Scope.of("a")
    assert access.bind(GROUP, TOPIC, "b")
    assert access.scope_of_chat(GROUP, TOPIC) == Scope.of("b")
    assert access.scope_of_chat(GROUP) == Scope.of("a")
    assert access.unbind(GROUP, TOPIC, "b")
    assert not access.unbind(GROUP, TOPIC, "b")
    assert access.scope_of_chat(GROUP, TOPIC) == Scope.of("a")
    assert access.scope_of_chat(-999) == Scope.of()


def test_no_binding_to_what_does_not_exist(database: sqlalchemy.Engine) -> None:
    """A matter that does not exist cannot be given to anybody."""
    access = access_to(database)
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        access.bind(GROUP, 0, "nothing")
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        access.admit(READER, "nothing", "reader")


def test_a_supergroup_inherits(database: sqlalchemy.Engine) -> None:
    """All bindings follow a group's new id, once, whatever was bound there before."""
    access = access_to(database)
    access.bind(GROUP, 0, "a")
    access.bind(GROUP, TOPIC, "b")
    access.bind(-200, 0, "a")
    for _ in range(2):
        access.migrate(GROUP, -200)
        assert access.bound(-200) == {"a"}
        assert access.bound(-200, TOPIC) == {"b"}
        assert access.scope_of_chat(GROUP) == Scope.of()


def test_the_open_matter(database: sqlalchemy.Engine) -> None:
    """Strangers may ask the open matter in its stored spelling, if there is one, in private."""
    access = access_to(database, open=True, open_matter="A")
    assert access.scope_of_person(STRANGER) == Scope.of("a")
    access.admit(READER, "b", "reader")
    assert access.scope_of_person(READER) == Scope.of("a", "b")
    assert access.scope_of_chat(GROUP) == Scope.of()
    assert access_to(database, open=True, open_matter="gone").scope_of_person(4) == Scope.of()


def test_claiming_works_once(database: sqlalchemy.Engine) -> None:
    """The right code makes an owner, and then no code does."""
    access = access_to(database, owners=frozenset())
    claim = OwnershipClaim(access)
    assert len(claim.code) * 4 >= 64, "bits"
    assert claim.is_open()
    assert claim.try_code(STRANGER, "wrong") == "wrong"
    assert claim.try_code(STRANGER, "ｃｏｄｅ") == "wrong"
    assert claim.try_code(READER, claim.code) == "claimed"
    assert access.is_owner(READER)
    assert claim.try_code(STRANGER, claim.code) == "closed"
    assert OwnershipClaim(access).try_code(STRANGER, claim.code) == "closed"
    assert access.owners() == {READER}


def test_five_wrong_tries_lock_it(database: sqlalchemy.Engine) -> None:
    """Whoever guesses: after five wrong tries even the right code is refused, until a restart."""
    access = access_to(database, owners=frozenset())
    claim = OwnershipClaim(access)
    outcomes = [claim.try_code(9, f"guess {number}") for number in range(CLAIM_TRIES)]
    assert outcomes == ["wrong"] * (CLAIM_TRIES - 1) + ["locked"]
    assert claim.try_code(9, claim.code) == "locked"
    assert access.owners() == frozenset()
    assert OwnershipClaim(access, "new").try_code(READER, "new") == "claimed"


def test_nothing_to_claim_where_there_is_an_owner(database: sqlalchemy.Engine) -> None:
    """Owners in the settings close the claim from the start."""
    claim = OwnershipClaim(access_to(database))
    assert not claim.is_open()
    assert claim.try_code(STRANGER, claim.code) == "closed"


def test_two_machines_make_one_owner(database: sqlalchemy.Engine) -> None:
    """However many claim at the same moment, one of them becomes the owner."""
    claims = [OwnershipClaim(access_to(database, owners=frozenset())) for _ in range(8)]
    together = threading.Barrier(len(claims))
    outcomes: list[str] = []

    def try_one(number: int, claim: OwnershipClaim) -> None:
        together.wait()
        outcomes.append(claim.try_code(number, claim.code))

    threads = [threading.Thread(target=try_one, args=pair) for pair in enumerate(claims, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["claimed"] + ["closed"] * 7
    assert len(access_to(database, owners=frozenset()).owners()) == 1
