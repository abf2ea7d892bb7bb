"""What every engine keeps, whichever it is: one suite over all of them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from rank_bm25 import BM25Plus

from corpus.models import Scope
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import K1, Alternative, B, Clause, Engine, Query, Ranking
from index.engine.terms import Analyzed
from tests.index.milvus.lite import Server

LETTERS = "abcdefghij"
SEEDS = range(4)
NewEngine = Callable[[], Engine]
Passages = list[list[str]]
Matters = list[frozenset[str]]


@pytest.fixture(params=["embedded", pytest.param("milvus", marks=pytest.mark.milvus)])
def new_engine(request: pytest.FixtureRequest) -> Iterator[NewEngine]:
    """Makes empty engines of one kind."""
    with ExitStack() as closing:

        def make() -> Engine:
            if request.param == "embedded":
                return EmbeddedEngine()
            server: Server = request.getfixturevalue("milvus")
            return closing.enter_context(server.empty_engine())

        yield make


def add(engine: Engine, passages: Passages, matters: Matters | None = None) -> Engine:
    """Add passages, each a document of its own that is live in its matters."""
    live = {f"D{key}": matters[key] if matters else frozenset("m") for key in range(len(passages))}
    engine.update((Analyzed(key, f"D{key}", p) for key, p in enumerate(passages)), live)
    return engine


def some_passages(chance: random.Random, most: int = 40) -> Passages:
    """Passages of one to fifteen letters."""
    return [
        chance.choices(LETTERS, k=chance.randint(1, 15)) for _ in range(chance.randint(1, most))
    ]


def query(terms: str | list[str], weight: float = 1.0) -> Query:
    """Each term a clause of its own."""
    return Query(tuple(Clause(t, (Alternative(t),), weight) for t in dict.fromkeys(terms)))


def translated(chance: random.Random) -> Query:
    """Clauses of several alternatives, as translations make them; letters come in several."""
    clauses = []
    for number in range(chance.randint(1, 4)):
        letters = chance.sample(LETTERS, chance.randint(1, 5))
        parts = [chance.random() + 0.05 for _ in letters]
        alternatives = tuple(
            Alternative(letter, part / sum(parts))
            for letter, part in zip(letters, parts, strict=True)
        )
        clauses.append(Clause(str(number), alternatives, chance.choice([0.5, 1.0, 2.0])))
    return Query(tuple(clauses))


def pairs(ranking: Ranking) -> list[tuple[int, float]]:
    """Keys and scores, best first."""
    return [(each.key, each.score) for each in ranking.candidates]


def plainly(passages: Passages, asked: Query) -> list[tuple[int, float]]:
    """The score as `index.engine.protocol` defines it, passage by passage; best ten first."""
    mean = sum(map(len, passages)) / len(passages)
    scores = [0.0] * len(passages)
    for clause in asked.clauses:
        df = sum(one.p * sum(one.term in p for p in passages) for one in clause.alternatives)
        for at, passage in enumerate(passages):
            tf = sum(one.p * passage.count(one.term) for one in clause.alternatives)
            if tf:
                norm = K1 * (1 - B + B * len(passage) / mean)
                idf = math.log((len(passages) + 1) / min(df, len(passages)))
                scores[at] += clause.weight * idf * tf * (K1 + 1) / (tf + norm)
    best = sorted((-score, key) for key, score in enumerate(scores) if score > 0)
    return [(key, -negative) for negative, key in best][:10]


def same(found: Ranking, expected: list[tuple[int, float]]) -> bool:
    """Whether the scores agree, and the keys wherever scores do not nearly tie."""
    got = pairs(found)
    assert [score for _, score in got] == pytest.approx([s for _, s in expected], rel=1e-9)
    clear = [
        at
        for at in range(len(expected) - 1)
        if expected[at][1] > expected[at + 1][1] * (1 + 1e-9)
        and (not at or expected[at - 1][1] > expected[at][1] * (1 + 1e-9))
    ]
    return all(got[at][0] == expected[at][0] for at in clear)


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_are_rank_bm25s(new_engine: NewEngine, seed: int) -> None:
    """The best ten and their scores agree with BM25Plus(delta=0); what matches nothing is out."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    engine = add(new_engine(), passages)
    for _ in range(5):
        terms = sorted(set(chance.choices(LETTERS, k=5)))
        oracle = BM25Plus(passages, k1=K1, b=B, delta=0).get_scores(terms)
        expected = sorted((-score, key) for key, score in enumerate(oracle) if score > 0)[:10]
        found = engine.search(query(terms), scope=Scope.all(), k=10)
        assert same(found, [(key, -negative) for negative, key in expected])


@pytest.mark.parametrize("seed", SEEDS)
def test_alternatives_share_their_clause(new_engine: NewEngine, seed: int) -> None:
    """A clause's tf and df are its alternatives' by probability (Darwish and Oard), then BM25."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    engine = add(new_engine(), passages)
    for _ in range(5):
        asked = translated(chance)
        found = engine.search(asked, scope=Scope.all(), k=10)
        assert same(found, plainly(passages, asked))
        for clause, frequency in zip(asked.clauses, found.frequencies, strict=True):
            held = (one.p * sum(one.term in p for p in passages) for one in clause.alternatives)
            assert frequency == pytest.approx(sum(held))


@pytest.mark.parametrize("seed", SEEDS)
def test_evidence_is_what_counting_finds(new_engine: NewEngine, seed: int) -> None:
    """A candidate carries each clause's expected frequency in it, and its length."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    asked = translated(chance)
    for candidate in add(new_engine(), passages).search(asked, scope=Scope.all(), k=10).candidates:
        passage = passages[candidate.key]
        assert candidate.length == len(passage)
        assert candidate.document_id == f"D{candidate.key}"
        assert candidate.evidence == pytest.approx(
            [sum(one.p * passage.count(one.term) for one in c.alternatives) for c in asked.clauses]
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_scope_ranks_as_if_it_were_all_there_is(new_engine: NewEngine, seed: int) -> None:
    """No score, order or frequency tells anything of another matter's documents."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    matters = [frozenset(chance.choice(["x", "y", "z", "xy", "yz", "xz"])) for _ in passages]
    everything = add(new_engine(), passages, matters)
    for scope in (Scope.of("x"), Scope.of(*"xz"), Scope.of(*"xyz")):
        inside = [key for key in range(len(passages)) if scope.visible(matters[key])]
        alone = add(new_engine(), [passages[key] for key in inside])
        asked = query(chance.sample(LETTERS, 4))
        walled = everything.search(asked, scope=scope, k=10)
        unwalled = alone.search(asked, scope=Scope.all(), k=10)
        assert pairs(walled) == [(inside[key], score) for key, score in pairs(unwalled)]
        assert (walled.frequencies, walled.size) == (unwalled.frequencies, unwalled.size)
        assert walled.mean_length == pytest.approx(unwalled.mean_length)
    assert everything.search(asked, scope=Scope.of("w"), k=10).size == 0
    assert everything.search(asked, scope=Scope.of(), k=10).candidates == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_limit_to_documents_leaves_out_the_others_and_changes_no_score(
    new_engine: NewEngine, seed: int
) -> None:
    """Limited to documents, a search finds what is theirs of the whole ranking, and in scope."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    matters = [frozenset(chance.choice(["x", "y", "xy"])) for _ in passages]
    engine = add(new_engine(), passages, matters)
    asked = query(chance.sample(LETTERS, 4))
    for scope in (Scope.all(), Scope.of("x")):
        whole = engine.search(asked, scope=scope, k=len(passages))
        for share in (0.0, 0.1, 0.5, 1.0):
            chosen = {f"D{key}" for key in range(len(passages)) if chance.random() < share}
            within = frozenset({*chosen, "NOTHERE0"})
            limited = engine.search(asked, scope=scope, k=5, within=within)
            expected = [c for c in whole.candidates if c.document_id in within][:5]
            assert [c.key for c in limited.candidates] == [c.key for c in expected]
            scores = [c.score for c in limited.candidates]
            assert scores == pytest.approx([c.score for c in expected])
            assert (limited.frequencies, limited.size) == (whole.frequencies, whole.size)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_withdrawn_leaves_no_trace(new_engine: NewEngine, seed: int) -> None:
    """Withdrawing documents is as never having added them, for scores and statistics too."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    stays = {key for key in range(len(passages)) if chance.random() < 0.6}
    engine = add(new_engine(), passages)
    engine.update([], {f"D{key}": frozenset("m") for key in stays})
    kept = sorted(stays)
    alone = add(new_engine(), [passages[key] for key in kept])
    asked = query(LETTERS[:4])
    after, before = (
        engine.search(asked, scope=Scope.all(), k=10),
        alone.search(asked, scope=Scope.all(), k=10),
    )
    assert pairs(after) == [(kept[key], score) for key, score in pairs(before)]
    assert (after.frequencies, after.size) == (before.frequencies, before.size)


@pytest.mark.parametrize("seed", SEEDS)
def test_filing_elsewhere_is_seen(new_engine: NewEngine, seed: int) -> None:
    """A document that is live in other matters than before is found there, and there alone."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    names = [f"D{key}" for key in range(len(passages))]
    engine = add(new_engine(), passages, [frozenset("x")] * len(passages))
    matters = [frozenset(chance.choice(["x", "y", "xy"])) for _ in passages]
    engine.update([], dict(zip(names, matters, strict=True)))
    at_once = add(new_engine(), passages, matters)
    for scope in (Scope.of("x"), Scope.of("y"), Scope.all()):
        asked = query(LETTERS[:4])
        assert engine.search(asked, scope=scope, k=10) == at_once.search(asked, scope=scope, k=10)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_partial_update_leaves_the_others_alone(new_engine: NewEngine, seed: int) -> None:
    """Only the documents named change, and the empty set withdraws; what is lacking is told."""
    chance = random.Random(seed)
    passages = some_passages(chance)
    live = {f"D{key}": frozenset("x") for key in range(len(passages))}
    engine = add(new_engine(), passages, [frozenset("x")] * len(passages))
    named = {name: frozenset(chance.choice(["", "y", "xy"])) for name in sorted(live)[::2]}
    engine.update([], named, partial=True)
    matters = [(live | named)[f"D{key}"] for key in range(len(passages))]
    kept = [key for key, each in enumerate(matters) if each]
    at_once = add(new_engine(), [passages[key] for key in kept], [matters[key] for key in kept])
    for scope in (Scope.of("x"), Scope.of("y")):
        found = engine.search(query(LETTERS[:4]), scope=scope, k=10)
        expected = at_once.search(query(LETTERS[:4]), scope=scope, k=10)
        assert pairs(found) == [(kept[key], score) for key, score in pairs(expected)]
        assert (found.frequencies, found.size) == (expected.frequencies, expected.size)
    assert engine.lacking(["D0x", *(f"D{key}" for key in kept), "D0w"]) == ["D0w", "D0x"]


@pytest.mark.parametrize("seed", SEEDS)
def test_adding_in_steps_is_adding_at_once(new_engine: NewEngine, seed: int) -> None:
    """However the passages arrive, the ranking is the same; what came before is not added again."""
    chance = random.Random(seed)
    parts = [some_passages(chance, 15) for _ in range(3)]
    stepwise = new_engine()
    at = 0
    for part in parts:
        live = {f"D{key}": frozenset("m") for key in range(at + len(part))}
        stepwise.update((Analyzed(key, f"D{key}", p) for key, p in enumerate(part, at)), live)
        at += len(part)
        assert stepwise.holds() == live.keys()
    whole = add(new_engine(), [passage for part in parts for passage in part])
    asked = query(LETTERS[:4])
    assert stepwise.search(asked, scope=Scope.all(), k=10) == whole.search(
        asked, scope=Scope.all(), k=10
    )


def test_no_evidence_no_candidate(new_engine: NewEngine) -> None:
    """A passage without any of the terms is no candidate, nor is one without terms at all."""
    assert new_engine().search(query("a"), scope=Scope.all(), k=10) == Ranking((), (0.0,), 0, 1.0)
    engine = add(new_engine(), [["a"], ["b"], []])
    assert engine.search(query("z"), scope=Scope.all(), k=10).candidates == ()
    found = engine.search(query("a"), scope=Scope.all(), k=10)
    assert [each.key for each in found.candidates] == [0]
    assert found.size == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_included_passages_are_scored_as_the_others_are(new_engine: NewEngine, seed: int) -> None:
    """What a search is told to include comes with the score of a deeper search, 0 where it holds
    no term; nothing outside the scope, or the documents searched, and nothing twice.
    """
    chance = random.Random(seed)
    passages = some_passages(chance)
    matters = [frozenset({chance.choice("mn")}) for _ in passages]
    engine = add(new_engine(), passages, matters)
    words = query(sorted(set(chance.choices(LETTERS[:5], k=3))))
    scope = Scope.of("m")
    seen = {key for key in range(len(passages)) if "m" in matters[key]}
    limit = frozenset(f"D{key}" for key in range(len(passages)) if key % 3)
    for within, allowed in ((None, seen), (limit, {key for key in seen if key % 3})):
        deep = engine.search(words, scope=scope, k=len(passages), within=within)
        every_score = dict(pairs(deep))
        ranking = engine.search(
            words, scope=scope, k=2, within=within, include=[*range(len(passages)), 99_999]
        )
        best = {candidate.key for candidate in ranking.candidates}
        assert pairs(ranking) == pairs(deep)[:2]
        assert {candidate.key for candidate in ranking.included} == allowed - best
        for candidate in ranking.included:
            assert candidate.score == pytest.approx(every_score.get(candidate.key, 0.0))
            assert candidate.shares_words == (candidate.key in every_score)
            assert candidate.length == len(passages[candidate.key])
