"""Who embeds which documents, on both databases; no Milvus is needed for it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy

from corpus.library import Library
from corpus.models import Scope
from index.milvus.claims import SECONDS, Claims
from tests.databases import opening
from tests.index.conftest import filing
from tests.index.milvus.lite import MIGRATIONS


@pytest.fixture
def database(url: str) -> Iterator[sqlalchemy.Engine]:
    """An empty database of its own, on each kind of server."""
    with opening(MIGRATIONS) as opened:
        yield opened(url)


@pytest.fixture
def names(database: sqlalchemy.Engine) -> list[str]:
    """Five documents, filed one after another, of one, two, … passages."""
    add = filing(Library(database))
    filed = [add(*(f"{number} {part}" for part in range(number))) for number in range(1, 6)]
    return [str(each.document_id) for each in filed]


@pytest.fixture
def claims(database: sqlalchemy.Engine) -> Claims:
    """Those of a set with nothing in it."""
    return Claims.open(database, "model")


def test_a_set_for_each_model(database: sqlalchemy.Engine, claims: Claims) -> None:
    """Opened again it is the same one; another model has one of its own."""
    assert Claims.open(database, "model").name == claims.name
    assert Claims.open(database, "other").name != claims.name


def test_documents_are_taken_once_in_the_order_of_filing(claims: Claims, names: list[str]) -> None:
    """Until they are released; what is finished is taken no more, and is not left."""
    assert claims.pending() == 15
    assert claims.take(2) == names[:2]
    assert claims.take(9) == names[2:]
    assert claims.take(9) == []
    assert claims.finish(names[:2]) == []
    claims.release(names)
    assert claims.pending() == 12
    assert claims.take(9) == names[2:]
    claims.finish(names[2:])
    assert claims.pending() == 0
    claims.reset()
    assert claims.pending() == 15


def test_what_is_not_renewed_is_free_again(
    claims: Claims, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever renews in time keeps what it holds."""
    now = 1000.0
    monkeypatch.setattr("index.milvus.claims.time.time", lambda: now)
    claims.take(5)
    now += SECONDS * 0.8
    claims.renew(names[:2])
    now += SECONDS * 0.8
    assert claims.take(9) == names[2:]


def test_withdrawn_documents_are_told_until_they_are_forgotten(
    database: sqlalchemy.Engine, claims: Claims, names: list[str]
) -> None:
    """Also those that were being embedded; finishing one says so."""
    claims.take(3)
    claims.finish(names[:1])
    library = Library(database)
    for name in names[:2]:
        library.withdraw(name, scope=Scope.all())
    assert claims.withdrawn() == sorted(names[:2])
    claims.forget(names[:2])
    assert claims.withdrawn() == []
    assert claims.finish(names[:3]) == sorted(names[:2])
    assert claims.pending() == 4 + 5


def test_nobody_takes_what_another_takes(
    database: sqlalchemy.Engine, claims: Claims, names: list[str]
) -> None:
    """Several at once, from several connections."""
    with ThreadPoolExecutor(4) as pool:
        machines = [Claims.open(database, "model") for _ in range(4)]
        taken = [pool.submit(machine.take, 2) for machine in machines for _ in range(3)]
        found = [name for each in taken for name in each.result(30)]
    assert sorted(found) == sorted(names)
    assert claims.take(9) == []
