"""Giving passages their vectors, wherever these are kept: one suite over a folder and Milvus."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database
from index.search import Searcher
from index.semantic.embedder import Floats
from index.semantic.embedding import BackgroundEmbedding
from index.semantic.search import Meaning, ModelVectors
from tests.index.conftest import File, filing
from tests.index.milvus.lite import MIGRATIONS
from tests.index.semantic.stand_ins import (
    BATCH,
    Counting,
    Open,
    Topics,
    catch_up,
    cosines,
    meaning_of,
    pending,
    size,
    texts,
    unit,
    work_of,
)

SECONDS = 30


def cosines_by_text(library: Library, opened: ModelVectors, question: str) -> dict[str, float]:
    """Of all live passages."""
    live = list(library.live_passages())
    values = cosines(opened, question, live)
    return {passage.text: value for passage, value in zip(live, values, strict=True)}


def test_only_what_is_missing_is_embedded(library: Library, file: File, open_: Open) -> None:
    """Passages are embedded once, as they were written, and those of new documents later."""
    embedder = Counting()
    meaning = open_(library, embedder)
    file("第一條　民法", "Ｗｉｄｅ 第二")
    assert pending(meaning) == 2
    done: list[tuple[int, int]] = []
    catch_up(meaning, progress=lambda *so_far: done.append(so_far))
    assert embedder.seen == ["第一條　民法", "Ｗｉｄｅ 第二"]
    assert done == [(2, 2)]
    file("third one")
    for _ in range(2):
        catch_up(meaning)
        catch_up(open_(library, embedder))
    assert embedder.seen[2:] == ["third one"]
    assert pending(meaning) == pending(open_(library, embedder)) == 0
    assert size(meaning) == 3


def test_cosines_are_those_of_the_vectors(library: Library, file: File, open_: Open) -> None:
    """Worked out from the vectors; what has none yet, and what is no passage, has none."""
    meaning = open_(library, Counting())
    file("a", "bb", "ccc")
    catch_up(meaning)
    file("dddd")
    expected = {text: float(unit(len(text)) @ unit(2)) for text in ("a", "bb", "ccc")}
    found = cosines_by_text(library, meaning, "qq")
    assert {text: found[text] for text in expected} == pytest.approx(expected, abs=1e-3)
    assert np.isnan(found["dddd"])
    question = unit(2)
    assert np.isnan(meaning.vectors.compare(question, [987654]).passages).all()
    assert len(meaning.vectors.compare(question, []).passages) == 0


def test_what_a_stop_leaves_undone_is_done_later(library: Library, file: File, open_: Open) -> None:
    """Whenever it is stopped, each passage is embedded exactly once in the end."""
    embedder = Counting()
    file(*(f"number {number}" for number in range(3 * BATCH)))
    for number in range(5):
        file(f"and {number}")
    rounds = 0
    while pending(open_(library, embedder)):
        before = len(embedder.seen)
        catch_up(open_(library, embedder), stopped=lambda: len(embedder.seen) > before)  # noqa: B023
        assert len(embedder.seen) > before
        rounds += 1
    assert rounds >= 3
    assert sorted(embedder.seen) == texts(library)


def test_a_question_waits_for_some(library: Library, file: File, open_: Open) -> None:
    """`most` bounds what is embedded, to a batch; looking again goes on from there."""
    embedder = Counting()
    file(*(f"number {number}" for number in range(4 * BATCH)))
    for turn in range(1, 5):
        catch_up(open_(library, embedder), most=BATCH)
        assert len(embedder.seen) == turn * BATCH
    assert pending(open_(library, embedder)) == 0


def test_a_kill_costs_a_batch(library: Library, file: File, open_: Open) -> None:
    """What was saved before it is not embedded again."""

    class Killed(Counting):
        def passages(self, texts: Sequence[str]) -> Floats:
            if len(self.seen) == 2 * BATCH:
                raise KeyboardInterrupt
            return super().passages(texts)

    file(*(f"number {number}" for number in range(3 * BATCH)))
    killed, after = Killed(), Counting()
    with pytest.raises(KeyboardInterrupt):
        catch_up(open_(library, killed))
    catch_up(open_(library, after))
    assert sorted(killed.seen + after.seen) == texts(library)


def test_the_vectors_of_withdrawn_passages_are_let_go(
    library: Library, file: File, open_: Open
) -> None:
    """Only live passages have vectors in the end; a document that comes back has its own again."""
    embedder = Counting()
    file("stays")
    gone = file("goes", "goes too", path="gone")
    catch_up(open_(library, embedder))
    library.withdraw(str(gone.document_id), scope=Scope.all())
    catch_up(open_(library, embedder))
    assert size(open_(library, embedder)) == 1
    file("goes", "goes too", path="gone")
    meaning = open_(library, embedder)
    catch_up(meaning)
    assert size(meaning) == 3
    assert not np.isnan(list(cosines_by_text(library, meaning, "q").values())).any()


def test_another_models_vectors_are_never_mixed(library: Library, file: File, open_: Open) -> None:
    """Each model's cosines are of its own vectors."""
    file("one")
    old, new = Counting(), Counting()
    catch_up(open_(library, old, model="old"))
    meaning = open_(library, new, model="new")
    assert np.isnan(list(cosines_by_text(library, meaning, "q").values())).all()
    catch_up(meaning)
    assert old.seen == new.seen == ["one"]
    assert not np.isnan(list(cosines_by_text(library, meaning, "q").values())).any()


def test_a_restored_database_is_never_matched_with_other_passages(
    library: Library, file: File, open_: Open, tmp_path: Path
) -> None:
    """Keys given out anew after a restore stand for other texts, and have no vector of the old."""
    meaning = open_(library, Counting())
    file("kept from before")
    catch_up(meaning)
    with (
        closing(sqlite3.connect(tmp_path / "pincite.db")) as source,
        closing(sqlite3.connect(tmp_path / "restored.db")) as target,
    ):
        source.backup(target)
    file("lost in between", "this one too")
    catch_up(meaning)

    database = open_database(f"sqlite:///{tmp_path / 'restored.db'}", migrations=MIGRATIONS)
    restored, embedder = Library(database), Counting()
    filing(restored)("an altogether other text", "and its second")
    keys = [passage.key for passage in restored.live_passages()]
    assert keys == [passage.key for passage in library.live_passages()]
    after = open_(restored, embedder)
    before = cosines_by_text(restored, after, "q")
    assert not np.isnan(before.pop("kept from before"))
    assert np.isnan(list(before.values())).all()
    catch_up(after)
    assert embedder.seen == ["an altogether other text", "and its second"]
    found = cosines_by_text(restored, after, "q")
    expected = {text: float(unit(len(text)) @ unit(1)) for text in texts(restored)}
    assert found == pytest.approx(expected, abs=1e-3)
    database.dispose()


def test_answers_are_the_same_wherever_vectors_are_kept(
    library: Library, file: File, open_: Open, tmp_path: Path
) -> None:
    """Hits, scores and confidence, also while some passages have no vector."""
    topics = [f"topic{number}" for number in range(7)]
    file(*(f"the bank {'court ' * (number % 4)}{topics[number % 7]}" for number in range(60)))
    embedder = Topics(*topics)
    plain = Searcher(library, meaning=meaning_of(library, tmp_path / "plain", embedder))
    meaning = open_(library, embedder)
    catch_up(meaning)
    found = Searcher(library, meaning=Meaning(meaning))
    for question in ("bank topic3", "court bank topic5 topic1", "the court"):
        one, other = (each.answer(question, scope=Scope.all(), k=60) for each in (plain, found))
        assert [hit.citation for hit in one.hits] == [hit.citation for hit in other.hits]
        for name in ("score", "confidence"):
            assert [getattr(hit, name) for hit in one.hits] == pytest.approx(
                [getattr(hit, name) for hit in other.hits], abs=1e-4
            )


def test_the_background_embeds_when_woken(library: Library, file: File, open_: Open) -> None:
    """What was filed before a call to `wake` has its vectors soon after."""
    embedded = threading.Event()

    class Told(Counting):
        def passages(self, texts: Sequence[str]) -> Floats:
            embedded.set()
            return super().passages(texts)

    meaning = open_(library, Told())
    background = BackgroundEmbedding([work_of(meaning)], failed=lambda _: None)
    for text in ("one", "two more"):
        embedded.clear()
        file(text)
        background.wake()
        assert embedded.wait(SECONDS)
    background.close()
    assert pending(meaning) == 0


def test_a_failing_round_is_reported_and_the_next_one_tried(
    library: Library, file: File, open_: Open
) -> None:
    """A full disk ends a round, not the thread."""
    failures: list[Exception] = []
    failed = threading.Event()

    def fail(error: Exception) -> None:
        failures.append(error)
        failed.set()

    class Full(Counting):
        def passages(self, texts: Sequence[str]) -> Floats:
            raise OSError("no space left")

    file("one")
    meaning = open_(library, Full())
    background = BackgroundEmbedding([work_of(meaning)], fail)
    for _ in range(2):
        failed.clear()
        background.wake()
        assert failed.wait(SECONDS)
    background.close()
    assert len(failures) >= 2
    assert {str(error) for error in failures} == {"no space left"}
