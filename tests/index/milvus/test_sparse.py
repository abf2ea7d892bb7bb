"""Sparse vectors: weights give frequencies back, and the product is the score where it can be."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine.protocol import BM25, K1, Alternative, Clause
from index.milvus.sparse import (
    NUMBERS,
    WORDLESS,
    SparseRow,
    exact,
    expected,
    frequencies,
    passage_weights,
    question_weights,
    share,
    term_number,
)

MEANS = st.floats(1, 500)
TERMS = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=200)


def in_float32(weights: dict[int, float]) -> dict[int, float]:
    """As Milvus gives weights back."""
    return {number: float(np.float32(weight)) for number, weight in weights.items()}


@given(TERMS, MEANS, st.integers(1, 1000))
def test_weights_give_frequencies_back(terms: list[str], mean: float, often: int) -> None:
    """Whatever the mean length, and as far as a thousand occurrences, in single precision."""
    terms = terms + ["x"] * often
    stored = BM25(0, mean)
    weights = in_float32(passage_weights(terms, stored))
    lengths = np.full(len(weights), len(terms))
    found = frequencies(np.array(list(weights.values())), lengths, stored)
    counts = Counter(map(term_number, terms))
    assert dict(zip(weights, found, strict=True)) == counts


@given(st.lists(TERMS, min_size=1, max_size=10), st.sets(st.sampled_from("abcdefghij"), min_size=1))
def test_the_product_is_the_score_of_plain_words(
    passages: list[list[str]], asked: set[str]
) -> None:
    """With one alternative a clause and the scope's own mean length nothing is approximate."""
    clauses = [Clause(term, (Alternative(term),)) for term in sorted(asked)]
    model = BM25(len(passages), sum(map(len, passages)) / len(passages))
    counts = Counter(term_number(term) for passage in passages for term in set(passage))
    df = expected(clauses, counts)
    question = question_weights(clauses, df, model)
    rows = [
        SparseRow(key, str(key), 1, len(terms), passage_weights(terms, model))
        for key, terms in enumerate(passages)
    ]
    scores = {each.key: each.score for each in exact(clauses, df, rows, model, model)}
    for row in rows:
        product = sum(question.get(number, 0.0) * weight for number, weight in row.weights.items())
        assert product == pytest.approx(scores.get(row.key, 0.0))


@given(st.floats(0.001, 1))
def test_a_share_is_exact_for_one_occurrence_in_a_mean_passage(p: float) -> None:
    """There the product of an alternative alone is its clause's score."""
    [once] = BM25(1, 1.0).saturation(np.array([1.0]), np.array([K1]))
    [expected_once] = BM25(1, 1.0).saturation(np.array([p]), np.array([K1]))
    assert share(p) * once == pytest.approx(expected_once)
    assert p <= share(p) <= 1


@given(st.text())
def test_numbers_are_what_milvus_takes(term: str) -> None:
    """Below 2**32 - 1, and never that of a passage without terms."""
    assert 0 <= term_number(term) < NUMBERS == WORDLESS < 2**32 - 1
    assert passage_weights([], BM25(0, 1.0)).keys() == {WORDLESS}
