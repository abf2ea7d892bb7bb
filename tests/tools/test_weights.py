"""Learning the weights: what marks an answer is found, and nothing moves without a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.answering.confidence import SIGNALS, TRANSLATED, ConfidenceModel, LogisticModel
from index.evaluation.evaluate import roc_area
from index.reranking.features.registry import COLUMN, FEATURE_NAMES
from index.vocabulary.tables import open_query_expander
from tools.judged import JudgedQuestion, holds, judge_matters
from tools.weights import (
    AWAY,
    MATTERS,
    Examples,
    JudgedSource,
    examples_of,
    fit_confidence,
    fit_logistic,
    learn_weights,
    probabilities,
    recall,
    with_thresholds,
)


def asked(number: int) -> JudgedQuestion:
    """A question of which the second candidate answers, which alone has a `cited_article`.

    The third stands in the same document.
    """
    rows = np.zeros((4, len(FEATURE_NAMES)))
    rows[:, COLUMN["bm25"]] = [1.0, 0.9, 0.5, 0.4]
    rows[:, COLUMN["words_matched"]] = 0.5
    rows[:, COLUMN["sentence_cosine"]] = 0.5
    rows[1, COLUMN["cited_article"]] = 1.0
    relevant, near = np.array([0.0, 1.0, 0.0, 0.0]), np.array([0.0, 1.0, 1.0, 0.0])
    return JudgedQuestion(str(number), rows, relevant, near, 1, held_out=False)


QUESTIONS = [asked(number) for number in range(20)]
SOURCE = JudgedSource("matters", MATTERS, QUESTIONS)


@pytest.fixture
def nothing_shipped(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """No weights to start from."""
    weights = np.zeros(len(FEATURE_NAMES))
    monkeypatch.setattr("tools.weights.shipped_weights", lambda: weights)
    return weights


def test_a_telling_feature_is_learnt(nothing_shipped: np.ndarray) -> None:
    """What marks the answer outweighs a lower score; the same again gives the same weights."""
    learnt = learn_weights([SOURCE])
    assert recall(QUESTIONS, nothing_shipped)[0] == 0
    assert recall(QUESTIONS, learnt)[0] == 1
    assert learnt[COLUMN["bm25"]] == 0
    assert np.array_equal(learnt, learn_weights([SOURCE]))


def test_weights_are_held_to_those_that_are_shipped(nothing_shipped: np.ndarray) -> None:
    """The harder, the less they move."""
    free, held = learn_weights([SOURCE], 1e-3), learn_weights([SOURCE], 1e3)
    assert abs(held[COLUMN["cited_article"]]) < 0.01 < free[COLUMN["cited_article"]]


def test_a_question_is_seen_with_its_answer_and_without() -> None:
    """As it is, without the passage that answers, without the whole document."""
    weights = np.zeros(len(FEATURE_NAMES))
    weights[COLUMN["cited_article"]] = 1.0
    examples = examples_of(QUESTIONS[:1], weights, with_meaning=True)
    assert examples.answers.tolist() == [1, 0, 0]
    assert examples.share.tolist() == [1, AWAY, AWAY]
    assert examples.answerable.tolist() == [1, 0, 0]
    cosine = list(SIGNALS).index("sentence_cosine")
    assert examples.signals[:, cosine].tolist() == [0.5] * 3
    by_words = examples_of(QUESTIONS[:1], weights, with_meaning=False)
    assert by_words.signals[:, cosine].tolist() == [0.0] * 3


def test_confidence_is_a_probability_that_tells_apart() -> None:
    """Signs that answers have give a high one, and about as often as it says."""
    random = np.random.default_rng(7)
    there = random.normal(0.3, 1.0, (400, len(SIGNALS)))
    away = random.normal(-0.3, 1.0, (400, len(SIGNALS)))
    answers = np.repeat([1.0, 0.0], 400)
    model = fit_logistic(Examples(np.concatenate([there, away]), answers, np.ones(800), answers))
    sure, unsure = probabilities(model, there), probabilities(model, away)
    assert roc_area(sure, unsure) > 0.9
    assert np.concatenate([sure, unsure]).mean() == pytest.approx(0.5, abs=0.05)


def test_a_wrong_first_passage_may_show_that_something_answers() -> None:
    """The first signal marks the first passage as right, the second that there is an answer."""
    signals = np.zeros((300, len(SIGNALS)))
    signals[:100, 0] = signals[:200, 1] = 1.0
    answers, answerable = np.repeat([1.0, 0, 0], 100), np.repeat([1.0, 1, 0], 100)
    group = Examples(signals, answers, np.ones(300), answerable)
    model = fit_confidence({"m": group}, {"m": 1.0}, ["m"], 0.05)
    right, beside, nothing = signals[0], signals[100], signals[200]
    assert model.first.probability(right) > 0.7
    assert model.first.probability(beside) < 0.3
    assert model.anything.probability(beside) > 0.7
    assert model.anything.probability(beside) >= model.threshold(beside)
    assert model.anything.probability(nothing) < model.threshold(nothing)


def test_enough_is_let_through_of_every_source() -> None:
    """Nineteen in twenty of the answerable questions, in their own words and across languages."""
    random = np.random.default_rng(3)
    ones = np.ones(1600)
    groups = [
        Examples(random.normal(mean, 1.0, (1600, len(SIGNALS))), ones, ones, ones)
        for mean in (0.5, 1.0)
    ]
    for group in groups:
        group.signals[:, TRANSLATED] = np.arange(1600) % 2
    weights = np.where(np.arange(len(SIGNALS)) == TRANSLATED, -2.0, 0.1)
    logistic = LogisticModel(weights, 0.0)
    model = with_thresholds(ConfidenceModel(logistic, logistic), groups, 0.05)
    assert model.translated < model.own_words
    for across in (0, 1):
        answered = [
            np.mean([
                logistic.probability(row) >= model.threshold(row)
                for row in group.signals
                if row[TRANSLATED] == across
            ])
            for group in groups
        ]  # fmt: skip
        assert answered[0] == pytest.approx(0.95, abs=0.005)
        assert answered[1] > answered[0]


def test_a_cut_passage_holds_words_by_more_than_half() -> None:
    """At its end or its beginning; the middle of a passage does not count."""
    assert holds("xxabcdefyy", "abcdef")
    assert holds("xxabcd", "abcdef")
    assert holds("cdefyy", "abcdef")
    assert not holds("xxabc", "abcdef")
    assert not holds("xxabcdyy", "abcdef")


@pytest.mark.slow
def test_matters_are_read_as_people_get_them(tmp_path: Path) -> None:
    """Each question sees the passages of its own matter, and which of them answer."""
    for matter, text in (("a", "Omega pays seven silver coins."), ("b", "Kappa pays nothing.")):
        (tmp_path / "matters" / matter).mkdir(parents=True)
        (tmp_path / "matters" / matter / "deed.txt").write_text(text + "\n", "utf-8")
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"id": "1", "matter": "a", "question": "how many coins does omega pay",'
        ' "gold": [{"document": "deed.txt", "text": "seven silver"}]}\n'
        '{"id": "2", "matter": "b", "question": "what does kappa pay", "gold": []}\n',
        "utf-8",
    )
    first, second = judge_matters(
        tmp_path / "matters", [(file, True)], open_query_expander(), tmp_path / "data"
    )
    assert (first.relevant.tolist(), first.same_document.tolist(), first.judged) == ([1], [1], 1)
    assert (second.relevant.tolist(), second.judged) == ([0], 0)
    assert not first.held_out
