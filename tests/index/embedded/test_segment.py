from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.embedded.building import build, builds
from index.embedded.merging import merge
from index.embedded.segment import ARRAYS, Segment
from index.engine.terms import Analyzed

PASSAGES = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=12), max_size=12)


def analyzed(passages: list[list[str]], first: int = 0) -> list[Analyzed]:
    return [Analyzed(key, f"D{key // 2}", tokens) for key, tokens in enumerate(passages, first)]


def contents(segment: Segment) -> dict[int, tuple[str, int, Counter[str]]]:
    """Key -> document, length and term counts, read back through postings."""
    counts: dict[int, Counter[str]] = {int(key): Counter() for key in segment.keys}
    for term in "abcdefg":
        for ordinal, frequency in zip(*segment.postings(term), strict=True):
            counts[int(segment.keys[ordinal])][term] = int(frequency)
    return {
        int(key): (segment.document_ids[document].decode(), int(length), counts[int(key)])
        for key, document, length in zip(
            segment.keys, segment.documents, segment.lengths, strict=True
        )
    }


def expected(passages: list[Analyzed]) -> dict[int, tuple[str, int, Counter[str]]]:
    return {p.key: (p.document_id, len(p.terms), Counter(p.terms)) for p in passages}


@given(PASSAGES)
def test_postings_read_back_as_what_was_built(passages: list[list[str]]) -> None:
    """Counting each passage by itself gives what the postings say of it."""
    assert contents(build(analyzed(passages))) == expected(analyzed(passages))


@given(PASSAGES, PASSAGES, st.sets(st.integers(0, 23)))
def test_a_merge_is_a_build_of_what_is_alive(
    one: list[list[str]], two: list[list[str]], dead: set[int]
) -> None:
    """Merging segments, in memory or on disk, equals building one from the passages kept."""
    parts = [analyzed(one), analyzed(two, len(one))]
    alive = [np.array([p.key not in dead for p in part], dtype=np.bool_) for part in parts]
    merged = merge([build(part) for part in parts], alive)
    assert contents(merged) == expected([p for part in parts for p in part if p.key not in dead])
    with TemporaryDirectory() as folder:
        segments = [build(part) for part in parts]
        on_disk = merge(segments, alive, Path(folder) / "segment")
        for name in ARRAYS:
            assert np.array_equal(getattr(on_disk, name), getattr(merged, name)), name


@given(PASSAGES, st.integers(1, 5))
def test_documents_are_never_torn_apart(passages: list[list[str]], size: int) -> None:
    """Building in pieces gives the same passages, and no document stands in two pieces."""
    pieces = list(builds(analyzed(passages), size))
    together: dict[int, tuple[str, int, Counter[str]]] = {}
    for piece in pieces:
        together |= contents(piece)
    assert together == expected(analyzed(passages))
    names = [name for piece in pieces for name in piece.document_ids.tolist()]
    assert len(names) == len(set(names))


def test_a_saved_segment_maps_back_the_same(tmp_path: Path) -> None:
    """Saving and mapping loses nothing."""
    passages = analyzed([["a", "b", "a"], [], ["c"]])
    build(passages).save(tmp_path / "segment")
    assert contents(Segment.open(tmp_path / "segment", verify=True)) == expected(passages)
