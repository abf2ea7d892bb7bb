"""Machines that embed together: into Milvus, each document by one of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.models import Scope
from index.milvus.claims import SECONDS as HELD
from index.milvus.claims import Claims
from index.milvus.embedding import SharedEmbedding
from index.milvus.vectors import MilvusVectors
from index.semantic.embedder import Floats
from index.semantic.embedding import FolderEmbedding
from index.semantic.search import ModelVectors
from tests.index.conftest import File
from tests.index.milvus.lite import Server
from tests.index.semantic.stand_ins import (
    MODEL,
    Counting,
    Open,
    catch_up,
    cosines,
    pending,
    size,
    texts,
    unit,
    vectors_in,
)

pytestmark = pytest.mark.milvus

SECONDS = 30


def test_machines_share_the_work(library: Library, file: File, open_shared: Open) -> None:
    """Two at once embed every passage, and none of them twice."""
    for number in range(70):
        file(f"number {number}", f"and its second {number}")
    machines = [Counting(), Counting()]
    started = threading.Barrier(2, timeout=SECONDS)

    def work(meaning: ModelVectors) -> None:
        started.wait()
        catch_up(meaning)

    with ThreadPoolExecutor(2) as pool:
        meanings = [open_shared(library, each) for each in machines]
        for done in [pool.submit(work, each) for each in meanings]:
            done.result(SECONDS)
    assert sorted(machines[0].seen + machines[1].seen) == texts(library)
    assert pending(meanings[0]) == 0


def test_what_a_dead_machine_had_taken_on_is_done_by_another(
    library: Library, file: File, open_shared: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before its time is over, then at once."""
    file("one", "two more")
    meaning = open_shared(library, Counting())
    dead = Claims.open(library.database, MODEL)
    assert len(dead.take(9)) == 1
    catch_up(meaning)
    assert pending(meaning) == 2
    later = time.time() + HELD + 1
    monkeypatch.setattr("index.milvus.claims.time.time", lambda: later)
    catch_up(meaning)
    assert pending(meaning) == 0


def test_what_is_withdrawn_while_it_is_embedded_leaves_nothing(
    library: Library, file: File, open_shared: Open
) -> None:
    """Neither vectors nor a note that there are some."""
    filed = file("one", "two more")
    other = open_shared(library, Counting())

    class Interrupted(Counting):
        def passages(self, texts: Sequence[str]) -> Floats:
            library.withdraw(str(filed.document_id), scope=Scope.all())
            catch_up(other)
            return super().passages(texts)

    meaning = open_shared(library, Interrupted())
    catch_up(meaning)
    assert size(meaning) == 0
    assert Claims.open(library.database, MODEL).withdrawn() == []


def test_a_lost_collection_is_embedded_again(
    library: Library, file: File, open_shared: Open, milvus: Server
) -> None:
    """The database is the source of truth: what the server lost comes back by itself."""
    file("one")
    first = open_shared(library, Counting())
    catch_up(first)
    assert isinstance(first.vectors, MilvusVectors)
    milvus.client.drop_collection(first.vectors.collection)
    again = Counting()
    meaning = open_shared(library, again)
    assert pending(meaning) == 1
    catch_up(meaning)
    assert again.seen == ["one"]


def test_what_a_machine_kept_before_is_copied(
    library: Library, file: File, milvus: Server, open_shared: Open, tmp_path: Path
) -> None:
    """Moved to Milvus, passages that have a vector in the folder are not embedded again."""
    file("one", "two more")
    folder, embedder = tmp_path / "vectors", Counting()
    FolderEmbedding(library, vectors_in(folder), embedder).catch_up()
    file("and a third")
    shared = open_shared(library, embedder)
    vectors = shared.vectors
    assert isinstance(vectors, MilvusVectors)
    claims = Claims.open(library.database, MODEL)
    SharedEmbedding(library, vectors, claims, embedder, vectors_in(folder)).catch_up()
    assert embedder.seen == ["one", "two more", "and a third"]
    live = list(library.live_passages())
    expected = [float(unit(len(text)) @ unit(1)) for text in embedder.seen]
    assert cosines(shared, "q", live) == pytest.approx(expected, abs=1e-3)
