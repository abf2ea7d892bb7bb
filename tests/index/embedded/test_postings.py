"""Rows and block maxima against the postings they are made from."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.embedded.building import build
from index.embedded.segment import BLOCK, FULL, SHARE, Segment
from index.engine.protocol import BM25
from index.engine.terms import Analyzed

PASSAGES = st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=12), min_size=1)


def postings(segment: Segment, place: int) -> tuple[np.ndarray, np.ndarray]:
    start, end = segment.offsets[place], segment.offsets[place + 1]
    return segment.ordinals[start:end], segment.frequencies[start:end]


@given(PASSAGES)
def test_a_row_tells_what_postings_tell(passages: list[list[str]]) -> None:
    """Terms in a sixteenth of the passages have a row, and it holds their frequencies."""
    segment = build(Analyzed(key, "D", terms) for key, terms in enumerate(passages))
    for place in range(len(segment.hashes)):
        ordinals, frequencies = postings(segment, place)
        found = segment.row(place)
        assert (found is not None) == (len(ordinals) * SHARE >= len(segment))
        if found:
            assert np.array_equal(np.flatnonzero(found[0]), ordinals)
            assert np.array_equal(found[0][ordinals], frequencies)


@given(PASSAGES, st.floats(0.3, 30))
def test_no_passage_earns_more_than_its_block(passages: list[list[str]], mean: float) -> None:
    """Whatever the mean length; at the segment's own, by less than a byte's step too much."""
    segment = build(Analyzed(key, "D", terms) for key, terms in enumerate(passages))
    own = float(segment.mean[0])
    for model in (BM25(len(passages), mean), BM25(len(passages), own)):
        step = (model.k1 + 1) / FULL
        factors = model.length_factor(segment.lengths)
        for row, maxima in zip(segment.rows, segment.maxima, strict=True):
            earned = model.saturation(row, factors)
            bounds = np.repeat(maxima, BLOCK)[: len(segment)] * step * max(1.0, model.avgdl / own)
            assert (earned <= bounds * (1 + 1e-12)).all()
            if model.avgdl == own:
                most = np.maximum.reduceat(earned, np.arange(0, len(segment), BLOCK))
                assert (maxima * step < most + step).all()


def test_a_term_too_frequent_for_a_byte_has_no_row() -> None:
    """It is looked up in its postings."""
    segment = build([Analyzed(0, "D", ["a"] * 256), Analyzed(1, "D", ["a", "b"])])
    places = segment.find(np.array([]).astype(np.uint64))
    assert len(places) == 0
    assert len(segment.common) == 1
    assert segment.row(int(segment.common[0])) is not None
