from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query.asking import (
    ANSWER_KINDS,
    cue_clauses,
    find_asking,
    is_greeting,
    set_apart,
)
from index.query.question import Marks, parse_question
from index.text.analyzer import BIGRAM
from index.text.normalize import fold

SURNAMES = "陈李王赵黄周吴徐孙马朱胡林郭何高罗郑梁"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英"
ASKS = ("判几年", "判了多久", "判多少年", "怎么判的", "判咗幾耐", "是谁", "係邊個", "被判什么刑")


@given(st.sampled_from(SURNAMES), st.text(GIVEN, min_size=2, max_size=2), st.sampled_from(ASKS))
def test_a_name_does_not_glue_to_the_words_that_ask(surname: str, given: str, asks: str) -> None:
    """陈立新判几年 is a name and words that ask: no term or pair of characters spans both."""
    name = surname + given
    parsed = parse_question(name + asks, marks=Marks(names=((0, len(name)),)))
    for word in parsed.words:
        assert word.surface in name
    pairs = {
        clause.surface
        for clause in parsed.query.clauses
        if clause.alternatives[0].term[0] == BIGRAM
    }
    assert pairs <= {name[:2], name[1:]}


@pytest.mark.parametrize(
    "text",
    ["一共多少钱", "多久", "哪天", "幾多錢", "怎么办", "点解", "邊個", "how long",
     "how much in total",
     "判几年", "几年", "是什么", "为什么", "请问是谁", "what is the amount"],
)  # fmt: skip
def test_words_that_ask_are_never_content(text: str) -> None:
    """They ask for a kind of answer; nothing lacks them."""
    parsed = parse_question(text)
    assert parsed.has_words
    assert not [word for word in parsed.words if word.surface not in "钱錢"]


@given(st.text(max_size=60))
def test_what_is_set_apart_leads_back_to_the_text(text: str) -> None:
    """Whatever is cut, every character comes from its own place."""
    folded = fold(text)
    asking = find_asking(folded.text)
    apart = set_apart(folded, asking, range(0, len(folded.text), 3))
    for place, character in enumerate(apart.text):
        if character.strip():
            start, end = apart.span(place, place + 1)
            assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["thanks", "Thank you so much!", "好的", "好的，谢谢！", "ok", "OK 👍",
     "good morning", "who are you?",
     "你好", "您好！",
     "早安",
     "唔該晒", "多謝", "明白了", "你是誰", "收到", "辛苦了", "hi there",
     "你能做什麼"],
)  # fmt: skip
def test_greetings_ask_nothing(text: str) -> None:
    """Thanks, agreement, greetings and 'who are you', in three languages."""
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    ["", "?", "😀", "thanks clause", "好的证据", "who are you suing?", "谢谢被告的律师是谁",
     "ok to terminate?",

     "good faith", "help with notice periods", "知道或者应当知道",
     "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 4096],
)  # fmt: skip
def test_questions_are_no_greetings(text: str) -> None:
    """A word that greets as well may ask."""
    assert not is_greeting(text)


@pytest.mark.parametrize(
    ("text", "shows"),
    [("租期三年", True), ("在8个月内", True), ("处六月以上五年以下有期徒刑", True),
     ("30天内", True), ("五个工作日", True), ("within ten (10) business days", True),
     ("创立于2009年", False), ("2015年10月10日致函", False), ("二〇〇九年成立", False),
     ("8月宣判", False)],
)  # fmt: skip
def test_a_date_shows_no_period(text: str, shows: bool) -> None:
    """A year and a day of the month answer when, not how long."""
    period = next(kind for kind in ANSWER_KINDS if kind.name == "period")
    assert bool(period.shown.search(fold(text).text)) is shows


@pytest.mark.parametrize("text", ["二审为何逆转", "why did the appeal reverse?", "终审怎么判"])
def test_how_an_appeal_ended_is_looked_for_in_orders(text: str) -> None:
    """The passage that says so names orders, seldom the appeal or its reversal."""
    terms = {
        alternative.term for clause in cue_clauses(text) for alternative in clause.alternatives
    }
    assert {"撤销", "驳回"} <= terms
