"""Constants that were tuned on the development collections: a change of one fails here.

The figures stand here once more on purpose. Whoever changes one measures again (docs/retrieval.md)
and changes both.
"""

from __future__ import annotations

import numpy as np
import pytest

from index.answering.confidence import (
    SIGNALS,
    ConfidenceModel,
    LogisticModel,
    confidence_signals,
    is_answered,
    shipped_model,
)
from index.engine.protocol import Alternative, Candidate, Clause, Query, Ranking
from index.query.follow_up import is_follow_up, with_earlier
from index.query.question import parse_question
from index.reranking.features.registry import COLUMN, FEATURE_NAMES
from index.reranking.pipeline import RERANK_DEPTH, Reranked


def signals(scores: list[float], rank: int = 0, **columns: list[float]) -> dict[str, float]:
    """The confidence's signals by name, for candidates with these scores and features."""
    rows = np.zeros((len(scores), len(FEATURE_NAMES)))
    for name, column in columns.items():
        rows[:, COLUMN[name]] = column
    return dict(zip(SIGNALS, confidence_signals(rows, np.array(scores), rank), strict=True))


def test_a_question_that_names_its_documents_is_told_from_others() -> None:
    """By a signal of its own, which raises the probability that something answers."""
    rows = np.zeros((1, len(FEATURE_NAMES)))
    placed, unplaced = (
        confidence_signals(rows, np.ones(1), is_placed=is_placed) for is_placed in (True, False)
    )
    assert list(placed - unplaced) == [float(name == "is_placed") for name in SIGNALS]
    for with_meaning in (True, False):
        model = shipped_model(with_meaning=with_meaning).anything
        assert model.probability(placed) > model.probability(unplaced)


def test_clauses_of_the_earlier_question_weigh_three_tenths() -> None:
    """Beside those of the question itself."""
    joined = with_earlier(parse_question("omega"), parse_question("kappa")).query.clauses
    assert [clause.weight for clause in joined] == [1, 0.3]


def test_a_follow_up_has_two_words_or_four_with_a_pronoun() -> None:
    """One more, and the question stands by itself."""
    assert is_follow_up(parse_question("and omega kappa?"))
    assert not is_follow_up(parse_question("and omega kappa lambda?"))
    assert is_follow_up(parse_question("did it omega kappa lambda sigma?"))
    assert not is_follow_up(parse_question("did it omega kappa lambda sigma theta?"))


def test_pairs_weigh_half_and_a_cited_article_three_times() -> None:
    """Beside a word."""
    weights = {
        clause.alternatives[0].term: clause.weight
        for clause in parse_question("《铁路法》第二条的行李").query.clauses
    }
    assert weights["行李"] == 1
    assert weights["\N{BROKEN BAR}行李"] == 0.5
    assert weights["law:铁路法:2"] == 3


def test_only_telling_alternatives_are_shown() -> None:
    """From a probability of one tenth."""
    alternatives = (Alternative("omega"), Alternative("kappa", 0.1), Alternative("sigma", 0.09))
    assert Query((Clause("omega", alternatives),)).telling_terms() == {"omega", "kappa"}


def test_twenty_candidates_are_reranked() -> None:
    """Pages of answers follow on each other for as many."""
    assert RERANK_DEPTH == 20


def test_two_candidates_say_nothing_of_how_far_one_stands_out() -> None:
    """A usual margin is assumed, from three on it is that of the scores."""
    two, three = signals([1.0, 0.1]), signals([1.0, 0.1, 0.0])
    assert (two["margin"], two["softmax"]) == (0.15, 0.5)
    assert three["margin"] == pytest.approx(0.9)


def test_scores_compete_ten_times_as_sharply() -> None:
    """Of three candidates, one a tenth above the others has e / (e + 2)."""
    assert signals([1.0, 0.9, 0.9])["softmax"] == pytest.approx(np.e / (np.e + 2))


def test_a_passage_is_compared_with_nine_others() -> None:
    """The tenth other one changes nothing."""
    shares = [1.0] + [0.5] * 9
    ten = signals([1.0] * 10, bm25_share=shares)
    eleven = signals([1.0] * 11, bm25_share=[*shares, 9.0])
    assert ten["bm25_share_above_mean"] == eleven["bm25_share_above_mean"] == 0.5


@pytest.mark.parametrize(
    ("size", "probability", "unknown", "words", "answered"),
    [
        (10_000, 0.11, 0.4, 1, True), (10_000, 0.09, 0.4, 1, False),
        (4, 0.06, 0.4, 1, True), (4, 0.04, 0.4, 1, False),
        (10_000, 0.21, 0.5, 1, True), (10_000, 0.19, 0.5, 1, False),
        (10_000, 0.19, 0.5, 2, True),
    ],
)  # fmt: skip
def test_how_likely_an_answer_must_be(
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    probability: float,
    unknown: float,
    words: int,
    answered: bool,
) -> None:
    """The threshold; half of it among four passages; .2 for one word of what is mostly unknown."""
    says = LogisticModel(np.zeros(len(SIGNALS)), float(np.log(probability / (1 - probability))))
    model = ConfidenceModel(says, says, own_words=0.1, translated=0.1)
    monkeypatch.setattr("index.answering.confidence.model_for", lambda *_: model)
    rows = np.zeros((1, len(FEATURE_NAMES)))
    rows[0, COLUMN["unknown_weight"]] = unknown
    rows[0, COLUMN["words_matched"]] = words / (words + 2)
    ranking = Ranking((Candidate(1, "D", 1.0, 1, ()),), (), size, 1.0)
    assert is_answered(Reranked(ranking, rows)) == answered
