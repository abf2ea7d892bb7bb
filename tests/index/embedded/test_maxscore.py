"""Skipping against adding everything up: the same passages, the same scores to the last bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from corpus.models import Scope
from index.embedded.building import build
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import BM25, K1, Alternative, B, Clause, Query
from index.engine.terms import Analyzed
from tests.examples import examples

MATTERS = ("x", "y", "z")
SEEDS = st.integers(0, 2**32 - 1)


def corpus(random: np.random.Generator, size: int) -> list[list[str]]:
    """Passages of very different lengths over words from very common to rare."""
    ranks = np.minimum(random.zipf(1.3, (size, 40)), 400)
    lengths = random.integers(1, 41, size)
    return [
        [f"w{word}" for word in row[:length]] for row, length in zip(ranks, lengths, strict=True)
    ]


def query(random: np.random.Generator) -> Query:
    """Clauses of up to five weighted alternatives, some words in several, some in none."""
    clauses = []
    for number in range(random.integers(1, 9)):
        words = random.choice(420, random.integers(1, 6), replace=False)
        alternatives = tuple(
            Alternative(f"w{word}", float(p))
            for word, p in zip(words, random.uniform(0.01, 1, len(words)), strict=True)
        )
        clauses.append(Clause(str(number), alternatives, float(random.choice([0.5, 1.0, 2.0]))))
    return Query(tuple(clauses))


def plainly(passages: dict[int, list[str]], asked: Query, k: int) -> list[tuple[int, float]]:
    """The ranking by the formulas, passage after passage."""
    lengths = [len(passage) for passage in passages.values()]
    model = BM25(len(passages), sum(lengths) / len(lengths) if lengths else 0.0)
    scores = dict.fromkeys(passages, 0.0)
    for clause in asked.clauses:
        df = sum(
            one.p * sum(one.term in passage for passage in passages.values())
            for one in clause.alternatives
        )
        weight = clause.weight * model.inverse_document_frequency(min(df, len(passages)))
        for key, passage in passages.items():
            tf = sum((one.p * passage.count(one.term) for one in clause.alternatives), 0.0)
            factor = model.length_factor(np.array([len(passage)]))
            scores[key] += weight * float(model.saturation(np.array([tf]), factor)[0])
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(key, score) for key, score in ranked if score > 0][:k]


@settings(max_examples=examples(60), deadline=None)
@given(SEEDS, st.sampled_from([1, 2, 10, 100]), st.sampled_from([None, "x", "xy"]))
def test_nothing_that_belongs_in_front_is_skipped(seed: int, k: int, matters: str | None) -> None:
    """The best k are those of the plain computation, with the same scores, in the same order."""
    random = np.random.default_rng(seed)
    passages = corpus(random, 300)
    scope = Scope.all() if matters is None else Scope.of(*matters)
    places = [frozenset(random.choice(MATTERS, random.integers(0, 3))) for _ in range(60)]
    engine = EmbeddedEngine()
    # in three updates, and so, as a rule, in several segments
    for part in np.array_split(np.arange(300), 3):
        live = {f"D{key // 5}": places[key // 5] for key in range(int(part[-1]) + 1)}
        engine.update([Analyzed(int(k), f"D{k // 5}", passages[k]) for k in part], live)
    seen = {
        key: passage
        for key, passage in enumerate(passages)
        if places[key // 5] and scope.visible(places[key // 5])
    }
    for _ in range(5):
        asked = query(random)
        found = engine.search(asked, scope=scope, k=k).candidates
        assert [(one.key, one.score) for one in found] == plainly(seen, asked, k)


@pytest.mark.parametrize("common", [False, True])
def test_the_top_ten_are_rank_bm25s_where_much_is_skipped(common: bool) -> None:
    """On some thousands of passages the oracle's top ten scores come out, to 1e-9."""
    random = np.random.default_rng(7)
    passages = corpus(random, 5000)
    oracle = BM25Plus(passages, k1=K1, b=B, delta=0)
    engine = EmbeddedEngine()
    live = {str(key): frozenset({"m"}) for key in range(len(passages))}
    engine.update((Analyzed(key, str(key), p) for key, p in enumerate(passages)), live)
    for _ in range(20):
        words = [f"w{word}" for word in random.choice(6 if common else 300, 5, replace=False) + 1]
        asked = Query(tuple(Clause(word, (Alternative(word),)) for word in words))
        expected = np.sort(oracle.get_scores(words))[::-1][:10]
        found = engine.search(asked, scope=Scope.all(), k=10).candidates
        assert [one.score for one in found] == pytest.approx(expected.tolist(), rel=1e-9)


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=9), min_size=1, max_size=9))
def test_no_passage_earns_more_than_the_bound(passages: list[list[str]]) -> None:
    """The bound kept for a term is at least what it earns anywhere, whatever the mean length."""
    segment = build(Analyzed(key, "D", terms) for key, terms in enumerate(passages))
    for mean_length in (0.5, 3.0, 20.0):
        model = BM25(len(passages), mean_length)
        for place, (start, end) in enumerate(_bounds(segment.offsets)):
            lengths = segment.lengths[segment.ordinals[start:end]]
            tf = segment.frequencies[start:end].astype(float)
            earned = model.saturation(tf, model.length_factor(lengths))
            most = model.upper_bound(float(segment.peaks[place]), float(segment.densities[place]))
            assert earned.max() <= most * (1 + 1e-12)


def test_equal_scores_stand_in_order_of_key() -> None:
    """Of many passages alike, the ones with the lowest keys come first, wherever they stand."""
    engine = EmbeddedEngine()
    live = {str(key): frozenset({"m"}) for key in range(100)}
    for keys in (range(50, 100), range(50)):
        engine.update([Analyzed(key, str(key), ["a", "b"]) for key in keys], live)
    asked = Query((Clause("a", (Alternative("a"),)),))
    found = engine.search(asked, scope=Scope.all(), k=7).candidates
    assert [one.key for one in found] == list(range(7))


def _bounds(offsets: np.ndarray) -> Iterator[tuple[int, int]]:
    return zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
