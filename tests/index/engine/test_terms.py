"""Bigrams kept as runs against bigrams as strings."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.embedded.building import build
from index.embedded.segment import ARRAYS
from index.engine.terms import END, Analyzed, PassageTerms

RUNS = st.lists(st.text("上诉人撤𠀀", min_size=1, max_size=5), max_size=4)
WORDS = st.lists(st.sampled_from(["上诉", "appeal", "36", "¦カタ"]), max_size=5)
PASSAGES = st.lists(st.tuples(WORDS, RUNS), max_size=6)


@given(WORDS, RUNS)
def test_they_are_the_sequence_of_all_their_strings(words: list[str], runs: list[str]) -> None:
    """Words first, then each run's pairs of neighbours."""
    everything = words + [f"¦{run[at : at + 2]}" for run in runs for at in range(len(run) - 1)]
    terms = PassageTerms(words, END.join(runs))
    assert list(terms) == everything
    assert len(terms) == len(everything)
    assert terms == everything


@given(PASSAGES, st.data())
def test_a_segment_is_the_same_however_bigrams_come(
    passages: list[tuple[list[str], list[str]]], data: st.DataObject
) -> None:
    """As runs, as strings, or as either in different passages."""
    runs = [PassageTerms(words, END.join(some)) for words, some in passages]
    mixed = [some if data.draw(st.booleans()) else list(some) for some in runs]
    plain = build(Analyzed(key, "D", list(some)) for key, some in enumerate(runs))
    for terms in (runs, mixed):
        segment = build(Analyzed(key, "D", some) for key, some in enumerate(terms))
        for name in ARRAYS:
            assert np.array_equal(getattr(segment, name), getattr(plain, name)), name
