"""Each hit names the sentence that answers, within its own passage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.models import Scope
from index.answer import Hit
from index.answering.sentence import MODEL, WEIGHTS, AnswerFinder, SentenceCosines, find_parts
from index.engine.protocol import Ranking
from index.query.question import parse_question
from index.search import Searcher
from index.semantic.search import SemanticScore
from tests.examples import examples
from tests.index.conftest import File


def best(searcher: Searcher, question: str) -> tuple[Hit, str]:
    hit = searcher.answer(question, scope=Scope.all(), k=1).hits[0]
    assert hit.answer is not None
    return hit, hit.text[slice(*hit.answer)]


def test_the_sentence_that_answers(searcher: Searcher, file: File) -> None:
    """Of the sentences of a passage the one with what was asked, and the value in it."""
    file(
        "Harbour lease\n\nThe lease covers both sheds. Rent of £900 is due on the first of each "
        "month. The landlord repairs the roof.",
        "Something else altogether is written here.",
    )
    hit, sentence = best(searcher, "how much is the rent?")
    assert sentence == "Rent of £900 is due on the first of each month."
    assert hit.value is not None
    assert hit.text[slice(*hit.value)] == "£900"


def test_a_heading_does_not_answer(searcher: Searcher, file: File) -> None:
    """However many of the question's words it has."""
    file("货物瑕疵的通知期限\n\n买方发现货物有瑕疵的，应当在十五日内通知卖方。", "与此无关。")
    assert best(searcher, "货物瑕疵通知期限多少天")[1].startswith("买方")


def test_an_item_comes_with_its_introduction(searcher: Searcher, file: File) -> None:
    """The first item of a list is quoted from the line that announces it."""
    text = "有下列情形之一的，可以解除合同：\n（一）租客拖欠租金满三个月；\n（二）房屋倒塌。"
    file(text, "与此无关。")
    assert best(searcher, "拖欠租金多久可以解除合同")[1].startswith("有下列情形之一")


def test_the_answer_to_a_heading_question_follows_it(searcher: Searcher, file: File) -> None:
    """A question that the text itself asks is answered by the sentence after it."""
    text = "Why did the carrier lose? It had loaded the crates on deck. Costs follow the event."
    file(text, "Nothing of that kind.")
    assert best(searcher, "why did the carrier lose?")[1] == "It had loaded the crates on deck."


def test_what_was_decided_is_in_the_courts_words(searcher: Searcher, file: File) -> None:
    """Where the outcome is asked for, the order counts more than what a party asked."""
    text = "上诉人请求改判。经审理，驳回上诉，维持原判。"
    file(text, "与此无关。")
    assert "驳回上诉" in best(searcher, "上诉结果如何")[1]


@settings(deadline=None, max_examples=examples(60))
@given(st.text(max_size=120), st.text(max_size=600))
def test_any_text_has_an_answer_within(question: str, text: str) -> None:
    """Whatever is asked of whatever passage, the span lies inside and is not blank."""
    parsed = parse_question(question)
    clauses = len(parsed.query.clauses)
    finder = AnswerFinder.of(parsed, Ranking((), (1.0,) * clauses, 9, 20.0))
    answering = finder.find(text)
    if answering is None:
        assert not text.strip()
        return
    start, end = answering.answer
    assert 0 <= start < end <= len(text)
    assert text[start:end].strip()
    if answering.value:
        assert start <= answering.value[0] < answering.value[1] <= end


@pytest.mark.parametrize("text", ["\ufdfa" * 4096, "啊" * 20_000, "a. " * 5_000, "；" * 9_000])
def test_odd_passages(text: str) -> None:
    """Signs without end are answered from as well."""
    parsed = parse_question("how much is a 啊 worth?")
    ranking = Ranking((), (1.0,) * len(parsed.query.clauses), 9, 20.0)
    assert AnswerFinder.of(parsed, ranking).find(text) is not None


def test_every_signal_has_a_weight() -> None:
    """The rows of the model are as wide as its weights."""
    parsed = parse_question("rent")
    finder = AnswerFinder.of(parsed, Ranking((), (1.0,) * len(parsed.query.clauses), 9, 20.0))
    units = find_parts("Rent is due.")
    assert finder.signals("Rent is due.", units).shape == (1, len(MODEL)) == (1, len(WEIGHTS))


def test_meaning_chooses_where_no_word_is_shared() -> None:
    """The sentence that comes nearest in meaning, among those without a word of the question."""
    parsed = parse_question("谁来修屋顶")
    finder = AnswerFinder.of(parsed, Ranking((), (1.0,) * len(parsed.query.clauses), 9, 20.0))
    text = "The lease covers both of the sheds. The landlord repairs the roof at once."
    score = SemanticScore(0.4, 1.0, by_sentence=np.array([0.1, 0.6], np.float32))
    cosines = SentenceCosines.of_passage(text, score)
    found = finder.find(text, cosines)
    assert found is not None
    assert text[slice(*found.answer)].startswith("The landlord")
    assert SentenceCosines.of_passage(text, SemanticScore(None, 0.0)) is None
