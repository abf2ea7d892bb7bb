"""What a scope sees of a term's postings, by every way of finding it."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.models import Scope
from index.embedded.building import build
from index.embedded.segment import TermPostings
from index.embedded.segment_reader import Filings
from index.engine.terms import Analyzed

SIZE = 2000


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.99, 1.0])
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("rows", [True, False])
def test_what_is_seen_is_what_the_mask_lets_through(
    share: float, together: bool, rows: bool
) -> None:
    """Few passages or many, in one run or scattered: the same as asking one by one."""
    random = np.random.default_rng(int(share * 100))
    passages = [["common"] * random.integers(1, 4) for _ in range(SIZE)]
    for at in random.choice(SIZE, 700, replace=False):
        passages[at].append("middling")
    segment = build(Analyzed(key, f"D{key:04}", terms) for key, terms in enumerate(passages))
    seen = np.arange(SIZE) < share * SIZE if together else random.random(SIZE) < share
    live = {f"D{key:04}": frozenset({"x" if seen[key] else "y"}) for key in range(SIZE)}
    mask = Filings.of(live).reader_of(segment).mask(Scope.of("x"))
    for term in ("common", "middling"):
        ordinals, frequencies = segment.postings(term)
        row = np.bincount(ordinals, frequencies, SIZE).astype(np.uint8)
        postings = TermPostings(ordinals, frequencies, row if rows else None)
        visible = mask.visible(postings)
        assert np.array_equal(visible.ordinals, ordinals[seen[ordinals]])
        assert np.array_equal(visible.frequencies, frequencies[seen[ordinals]])
        assert mask.count(postings) == int(seen[ordinals].sum())
