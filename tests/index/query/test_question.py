from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine.protocol import Alternative, Clause, Query
from index.query.question import MOST_CLAUSES, parse_question
from index.text.analyzer import BIGRAM, terms


@given(st.text(max_size=60))
def test_a_query_asks_only_for_terms_of_the_question_each_once(text: str) -> None:
    """Every clause's term is one the analyzer gives, and none comes twice."""
    asked = [
        one.term for clause in parse_question(text).query.clauses for one in clause.alternatives
    ]
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(terms(text))


@pytest.mark.parametrize("text", ["", "  ", "?!。,", "😀🎉", "\u200b", "—…"])
def test_signs_alone_ask_nothing(text: str) -> None:
    """Punctuation, emoji and blanks give no query and no words."""
    asked = parse_question(text)
    assert not asked.query
    assert not asked.has_words


@pytest.mark.parametrize("text", ["什么是什么", "為什麼", "what is it", "Who was that?", "的了是"])
def test_common_words_alone_give_no_query_but_are_words(text: str) -> None:
    """A person is told that the words are too common, not that nothing was written."""
    asked = parse_question(text)
    assert not asked.query
    assert asked.has_words


def test_surfaces_are_the_questions_own_writing() -> None:
    """What the documents do not know is told in the script it was asked in."""
    asked = parse_question("網際網路上的量子糾纏")
    assert asked.unknown([0.0] * len(asked.query.clauses)) == ("網際網路", "量子", "糾纏")


def test_a_word_is_known_where_one_overlapping_it_is() -> None:
    """To documents that know 法院, of 人民法院 only 人民 is new; to others all of it."""
    asked = parse_question("人民法院")
    held = [float(clause.alternatives[0].term == "法院") for clause in asked.query.clauses]
    assert asked.unknown(held) == ("人民",)
    assert asked.unknown([0.0] * len(held)) == ("人民法院",)


def test_bigrams_of_common_words_are_left_out() -> None:
    """为什么 asks; its pairs of characters name nothing."""
    asked = {one.term for c in parse_question("为什么改判").query.clauses for one in c.alternatives}
    assert f"{BIGRAM}什么" not in asked
    assert f"{BIGRAM}改判" in asked


def test_a_long_text_is_a_bounded_query() -> None:
    """4,096 characters of different words ask for no more than the bound."""
    text = " ".join(f"word{n}" for n in range(600))[:4096]
    assert len(parse_question(text).query.clauses) == MOST_CLAUSES


def test_a_phrase_that_passages_say_otherwise_makes_its_words_known() -> None:
    """And no other word: `falcon` is known by its phrase, `falconry` and `roof` are not."""
    clauses = [
        Clause(surface, (Alternative(surface),))
        for surface in ("project falcon", "falcon", "falconry", "roof")
    ]
    question = replace(parse_question("x"), query=Query(tuple(clauses)))
    assert question.with_phrases([3.0, 0.0, 0.0, 0.0]) == [3.0, 3.0, 0.0, 0.0]
