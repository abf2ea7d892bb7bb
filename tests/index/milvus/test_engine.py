"""The distributed engine beyond the contract: kills, losses, many processes, counts, errors."""

from __future__ import annotations

import random
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import select

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database, snapshot
from index.engine.terms import Analyzed
from index.errors import EngineUnavailable
from index.milvus import engine as engines
from index.milvus.counts import Counts
from index.milvus.engine import MilvusEngine
from index.milvus.server import connect
from index.milvus.sparse import term_number
from index.milvus.tables import index_terms
from index.search import Searcher
from index.text.analyzer import terms
from tests.index.conftest import File
from tests.index.milvus.lite import MIGRATIONS, Server
from tests.index.test_engines import LETTERS, add, query, some_passages

pytestmark = pytest.mark.milvus

SECONDS = 30
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    """A database of this test's own, which `library` uses too."""
    database = open_database(f"sqlite:///{tmp_path / 'pincite.db'}", migrations=MIGRATIONS)
    yield database
    database.dispose()


@pytest.fixture
def library(database: sqlalchemy.Engine) -> Library:
    """A library over that database."""
    return Library(database)


@pytest.fixture
def engine(milvus: Server, database: sqlalchemy.Engine) -> Iterator[MilvusEngine]:
    """An engine over the library's database, with a collection of its own."""
    with milvus.engine(database) as engine:
        yield engine


def term_counts(database: sqlalchemy.Engine) -> Counter[tuple[int, int]]:
    """What the database says: (term, cell) -> passages."""
    with snapshot(database) as connection:
        rows = connection.execute(select(index_terms)).all()
    return Counter({(row.term, row.cell): row.passages for row in rows if row.passages})


def recount(engine: MilvusEngine, passages: dict[str, list[str]]) -> Counter[tuple[int, int]]:
    """The same, counted from the passages that are held."""
    cells = {name: document.cell for name, document in engine._counts.indexed().items()}
    return Counter(
        (term_number(term), cells[name]) for name in cells for term in set(passages[name])
    )


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_a_recount(
    engine: MilvusEngine, database: sqlalchemy.Engine, seed: int
) -> None:
    """After any sequence of filings and withdrawals, term by term and cell by cell."""
    chance = random.Random(seed)
    passages = {f"D{key}": p for key, p in enumerate(some_passages(chance))}
    for _ in range(4):
        live = {
            name: frozenset(chance.choice(["x", "y", "xy"]))
            for name in passages
            if chance.random() < 0.7
        }
        added = (Analyzed(int(name[1:]), name, p) for name, p in passages.items() if name in live)
        engine.update(added, live)
        assert engine.holds() == live.keys()
        assert term_counts(database) == recount(engine, passages)
        rows, counted = engine.count()
        assert rows == counted == len(live)


def test_a_kill_before_the_counts_is_made_good(
    engine: MilvusEngine, library: Library, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that were written and not counted are written again: once, and counted once."""
    file("one roof", "two walls")
    file("three floors")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Counts, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            engine.catch_up(library)
    assert engine.count() == (3, 0)
    engine.catch_up(library)
    assert engine.count() == (3, 3)
    assert len(engine.search(query(terms("roof")), scope=Scope.all(), k=5).candidates) == 1


@pytest.mark.parametrize("turn", [1, 2, 500])
def test_catching_up_in_turns(
    engine: MilvusEngine, library: Library, file: File, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few changes a turn takes, the index ends where the library stands."""
    monkeypatch.setattr(engines, "CHANGES", turn)
    old = file("the old roof", path="a")
    kept = file("the roof stays", path="b", matter="n")
    gone = file("a roof that goes", path="c")
    file("the new roof", path="a")
    assert old.document_id
    assert gone.document_id
    library.withdraw(gone.document_id, scope=Scope.all())
    seen: list[tuple[int, int]] = []
    revision = engine.catch_up(library, lambda done, todo: seen.append((done, todo)))
    assert revision == library.revision()
    assert seen[-1] == (revision, revision)
    assert engine.holds() == library.live_matters().keys()
    found = engine.search(query(terms("roof")), scope=Scope.of("n"), k=5)
    assert [each.document_id for each in found.candidates] == [kept.document_id]
    assert engine.search(query(terms("roof")), scope=Scope.all(), k=5).size == 2


def test_a_searcher_sees_changes_at_once(
    engine: MilvusEngine, library: Library, file: File
) -> None:
    """Filed, superseded, withdrawn: the next answer knows, here and in another process."""
    here, there = Searcher(library, engine=engine), Searcher(library, engine=engine)
    for searcher in (here, there):
        assert searcher.answer("roof", scope=Scope.all()).hits == ()
    file("the roof leaks", path="a")
    for searcher in (here, there):
        assert [hit.text for hit in searcher.answer("roof", scope=Scope.all()).hits] == [
            "the roof leaks"
        ]
    filed = file("the roof holds", path="a")
    for searcher in (there, here):
        assert [hit.text for hit in searcher.answer("roof", scope=Scope.all()).hits] == [
            "the roof holds"
        ]
    assert filed.document_id
    library.withdraw(filed.document_id, scope=Scope.all())
    for searcher in (there, here):
        assert searcher.answer("roof", scope=Scope.all()).hits == ()


def test_two_writers_take_turns(
    milvus: Server, engine: MilvusEngine, database: sqlalchemy.Engine, library: Library, file: File,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Two that catch up at once, turn by turn, count nothing twice."""
    monkeypatch.setattr(engines, "CHANGES", 3)
    for number in range(20):
        file(f"roof number {number}")
    other = MilvusEngine(milvus.client, database, milvus.uri)
    with futures.ThreadPoolExecutor(2) as pool:
        done = [pool.submit(each.catch_up, library) for each in (engine, other)]
        assert [each.result(SECONDS) for each in done] == [library.revision()] * 2
    assert engine.count() == (20, 20)
    assert other.search(query(terms("roof")), scope=Scope.all(), k=5).frequencies[0] == 20


def test_a_lost_collection_is_built_again(
    milvus: Server, engine: MilvusEngine, database: sqlalchemy.Engine, library: Library, file: File
) -> None:
    """The database is the source of truth: what the server lost comes back by itself."""
    file("the roof leaks")
    engine.catch_up(library)
    milvus.client.drop_collection(engine.collection)
    again = MilvusEngine(milvus.client, database, milvus.uri)
    assert again.collection == engine.collection
    assert again.holds() == frozenset()
    again.catch_up(library)
    assert len(again.search(query(terms("roof")), scope=Scope.all(), k=5).candidates) == 1


def test_another_analyzer_has_an_index_of_its_own(
    milvus: Server, engine: MilvusEngine, database: sqlalchemy.Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Terms of two versions are never mixed, and the old index serves the old version on."""
    add(engine, [["a"]])
    monkeypatch.setattr("index.text.analyzer.VERSION", "another")
    with milvus.engine(database) as newer:
        assert newer.collection != engine.collection
        assert newer.holds() == frozenset()
        add(newer, [["b"], ["a"]])
    assert engine.count() == (1, 1)


def test_long_documents_are_counted_whole(
    engine: MilvusEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches end where documents do, pages of rows need not; withdrawing undoes all of it."""
    monkeypatch.setattr(engines, "BATCH", 10)
    monkeypatch.setattr("index.milvus.rows.PAGE", 7)
    chance = random.Random(0)
    passages = [Analyzed(key, f"D{key // 25}", chance.choices(LETTERS, k=5)) for key in range(100)]
    live = {f"D{number}": frozenset("m") for number in range(4)}
    engine.update(iter(passages), live)
    assert engine.count() == (100, 100)
    engine.update([], {"D1": frozenset("n")})
    assert engine.count() == (25, 25)
    mine = [p.terms for p in passages if p.document_id == "D1"]
    frequencies = engine.search(query(LETTERS), scope=Scope.of("n"), k=5).frequencies
    assert list(frequencies) == [sum(letter in p for p in mine) for letter in LETTERS]


def refusing_server(message: str) -> tuple[str, Callable[[], None]]:
    """The address of a server that turns every call away, and what stops it."""
    import grpc

    class TurnAway(grpc.ServerInterceptor):  # type: ignore[misc]
        def intercept_service(self, _: object, details: object) -> object:
            def refuse(_: object, context: grpc.ServicerContext) -> None:
                context.abort(grpc.StatusCode.UNAUTHENTICATED, message)

            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(futures.ThreadPoolExecutor(1), interceptors=[TurnAway()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return f"http://127.0.0.1:{port}", lambda: server.stop(None).wait(SECONDS)


def test_a_wrong_token_is_one_line() -> None:
    """It names the server and the setting, and never the token."""
    uri, stop = refusing_server("auth check failure, please check username and password")
    try:
        with pytest.raises(EngineUnavailable) as refused:
            connect(uri, "root:secret")
    finally:
        stop()
    said = str(refused.value)
    assert uri in said
    assert "PINCITE_MILVUS_TOKEN" in said
    assert "secret" not in said
    assert "\n" not in said


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1", "nonsense", "/nowhere/at/all/milvus.db"])
def test_no_server_is_one_line(uri: str) -> None:
    """It names the address that was tried and the setting to mend."""
    with pytest.raises(EngineUnavailable) as refused:
        connect(uri)
    assert uri in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(EngineUnavailable, match=r"pip install 'pincite\[milvus\]'"):
        connect("http://127.0.0.1:1")


def test_a_server_that_goes_away_is_one_line(
    engine: MilvusEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only at the start: a search that cannot be done says so."""
    add(engine, [["a"]])
    engine._client.drop_collection(engine.collection)
    with pytest.raises(EngineUnavailable, match="PINCITE_MILVUS_URI"):
        engine.search(query("a"), scope=Scope.all(), k=1)
    engine._rows.prepare()


@pytest.mark.usefixtures("milvus")
def test_only_one_process_opens_a_file(tmp_path: Path) -> None:
    """Milvus Lite belongs to one process; a second one is told so in a line."""
    pytest.importorskip("milvus_lite", reason="needs milvus-lite, which has no wheel here")
    path = str(tmp_path / "milvus.db")
    client = connect(path)
    script = """
import sys
from index.errors import EngineUnavailable
from index.milvus.server import connect
from corpus.models import Scope
try:
    connect(sys.argv[1])
except EngineUnavailable as error:
    print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, path],
        check=True, capture_output=True, text=True, timeout=60, cwd=ROOT,
    )  # fmt: skip
    client.close()
    assert path in ran.stdout
    assert "one process at a time" in ran.stdout
    assert ran.stdout.count("\n") == 1


@pytest.mark.usefixtures("milvus")
def test_a_file_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine Milvus Lite makes its socket late: connecting waits until it is there."""
    milvus_lite = pytest.importorskip("milvus_lite", reason="needs milvus-lite, no wheel here")
    (program,) = Path(milvus_lite.__file__).parent.glob("lib/milvus")
    late = tmp_path / "bin" / "milvus"
    late.parent.mkdir()
    # The package looks half a second after the start whether its server lives.
    libraries = f"LD_LIBRARY_PATH={shlex.quote(str(program.parent))}"
    late.write_text(
        f'#!/bin/sh\nsleep 1\n{libraries} exec {shlex.quote(str(program))} "$@"\n',
        encoding="utf-8",
    )
    late.chmod(0o700)
    monkeypatch.setenv("BIN_PATH", str(late.parent))
    client = connect(str(tmp_path / "late.db"))
    assert client.list_collections() == []
    client.close()
