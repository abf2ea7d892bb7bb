"""The engine against rank_bm25's own class, and against indexes of what a scope sees alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from corpus.models import Scope
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import K1, Alternative, B, Clause, Query, Ranking
from index.engine.terms import Analyzed
from tests.examples import examples

TOKENS = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=15)
PASSAGES = st.lists(TOKENS, min_size=1, max_size=25)


def query(terms: list[str], weight: float = 1.0) -> Query:
    return Query(tuple(Clause(t, (Alternative(t),), weight) for t in dict.fromkeys(terms)))


def engine_of(
    passages: list[list[str]], matters: dict[int, frozenset[str]] | None = None
) -> EmbeddedEngine:
    engine = EmbeddedEngine()
    live = {f"D{key}": (matters or {}).get(key, frozenset({"m"})) for key in range(len(passages))}
    engine.update((Analyzed(key, f"D{key}", p) for key, p in enumerate(passages)), live)
    return engine


def pairs(ranking: Ranking) -> list[tuple[int, float]]:
    return [(c.key, c.score) for c in ranking.candidates]


@given(PASSAGES, TOKENS)
def test_scores_and_order_are_rank_bm25s(passages: list[list[str]], asked: list[str]) -> None:
    """Top ten and scores agree with BM25Plus(delta=0), ties by key, non-matching left out."""
    oracle = BM25Plus(passages, k1=K1, b=B, delta=0).get_scores(list(dict.fromkeys(asked)))
    expected = [(key, score) for key, score in enumerate(oracle) if set(passages[key]) & set(asked)]
    expected.sort(key=lambda pair: (-round(pair[1], 9), pair[0]))
    found = pairs(engine_of(passages).search(query(asked), scope=Scope.all(), k=10))
    assert [score for _, score in found] == pytest.approx([s for _, s in expected[:10]], rel=1e-9)
    assert {key for key, _ in found} <= {key for key, _ in expected}


@given(PASSAGES, TOKENS, st.lists(st.sampled_from(["x", "y", "xy"]), min_size=25, max_size=25))
def test_a_scope_ranks_as_if_it_were_all_there_is(
    passages: list[list[str]], asked: list[str], filing: list[str]
) -> None:
    """No score, order or frequency tells anything of another matter's documents."""
    matters = {key: frozenset(filing[key]) for key in range(len(passages))}
    inside = [key for key in matters if "x" in matters[key]]
    walled = engine_of(passages, matters).search(query(asked), scope=Scope.of("x"), k=10)
    alone = engine_of([passages[key] for key in inside]).search(
        query(asked), scope=Scope.all(), k=10
    )
    assert [(inside[key], score) for key, score in pairs(alone)] == pairs(walled)
    assert (alone.frequencies, alone.size) == (walled.frequencies, walled.size)


@given(PASSAGES, TOKENS, st.sets(st.integers(0, 24)))
def test_withdrawn_documents_leave_search_and_statistics(
    passages: list[list[str]], asked: list[str], gone: set[int]
) -> None:
    """After an update that drops documents, nothing is as if they had ever been there."""
    engine = engine_of(passages)
    kept = [key for key in range(len(passages)) if key not in gone]
    engine.update((), {f"D{key}": frozenset({"m"}) for key in kept})
    alone = engine_of([passages[key] for key in kept]).search(query(asked), scope=Scope.all(), k=10)
    after = engine.search(query(asked), scope=Scope.all(), k=10)
    assert [(kept[key], score) for key, score in pairs(alone)] == pairs(after)


@settings(max_examples=examples(30))
@given(st.lists(PASSAGES, min_size=1, max_size=4), TOKENS)
def test_adding_in_steps_is_adding_at_once(parts: list[list[list[str]]], asked: list[str]) -> None:
    """However the passages arrive, the ranking is the same."""
    whole = [passage for part in parts for passage in part]
    stepwise = EmbeddedEngine()
    at = 0
    for part in parts:
        live = {f"D{key}": frozenset({"m"}) for key in range(at + len(part))}
        stepwise.update((Analyzed(key, f"D{key}", p) for key, p in enumerate(part, at)), live)
        at += len(part)
    found = pairs(stepwise.search(query(asked), scope=Scope.all(), k=10))
    expected = pairs(engine_of(whole).search(query(asked), scope=Scope.all(), k=10))
    assert found == expected


def test_alternatives_share_one_clause() -> None:
    """A clause's tf and df are its alternatives' by probability (Darwish and Oard)."""
    passages = [["a", "x"], ["b", "b"], ["c", "y"]]
    clause = Clause("either", (Alternative("a", 0.5), Alternative("b", 0.25)))
    ranking = engine_of(passages).search(Query((clause,)), scope=Scope.all(), k=10)
    assert ranking.frequencies == (0.75,)
    # 0.5 * 1 and 0.25 * 2 are the same expected tf in passages of the same length
    assert [key for key, _ in pairs(ranking)] == [0, 1]
    assert pairs(ranking)[0][1] == pytest.approx(pairs(ranking)[1][1])


@given(PASSAGES, TOKENS)
def test_evidence_is_what_counting_finds(passages: list[list[str]], asked: list[str]) -> None:
    """A candidate carries each clause's frequency in it, and its length."""
    terms = list(dict.fromkeys(asked))
    for candidate in engine_of(passages).search(query(asked), scope=Scope.all(), k=10).candidates:
        passage = passages[candidate.key]
        assert candidate.evidence == tuple(float(passage.count(term)) for term in terms)
        assert candidate.length == len(passage)


def test_no_evidence_no_candidate() -> None:
    """A passage without any of the terms is no candidate, however few others there are."""
    assert engine_of([["a"], ["b"]]).search(query(["z"]), scope=Scope.all(), k=10).candidates == ()
    assert EmbeddedEngine().search(query(["a"]), scope=Scope.all(), k=10).candidates == ()
