"""The one value that was asked for is marked, and nothing where there are two."""

from __future__ import annotations

import pytest

from index.answering.values import find_value
from index.text.normalize import fold


def marked(question: str, sentence: str) -> str | None:
    whole = (0, len(sentence))
    value = find_value(sentence, whole, whole, fold(question).text)
    return sentence[slice(*value)] if value else None


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        (
            "when was the lease signed?",
            "The lease was signed on 4 May 2016.",
            "4 May 2016",
        ),
        ("什么时候签的合同？", "双方于2018年4月3日签订本合同。", "2018年4月3日"),
        ("何時判決？", "民國１０９年８月４日宣示判決。", "民國１０９年８月４日"),
        ("how much was the deposit?", "The tenant paid a deposit of £1,250.50.", "£1,250.50"),
        ("一審判賠多少錢", "被告應給付原告新臺幣31萬2,400元。", "新臺幣31萬2,400元"),
        ("冷静期多少天", "自收到申请之日起四十五日内可以撤回。", "四十五日"),
        (
            "how long is the notice period?",
            "It is thirty (30) days.",
            "thirty (30) days",
        ),
        ("持股比例是多少", "第七条 甲方持有公司百分之三十五的股权。", "百分之三十五"),
        ("上訴人的律師是誰", "訴訟代理人 周文凱律師", "周文凱"),
        ("审判长是谁", "审 判 长 何一舟", "何一舟"),
        ("案子涉及多少箱货", "警方查获酒类共27箱。", "27箱"),
    ],
)
def test_the_value_asked_for(question: str, sentence: str, value: str) -> None:
    """Dates, sums, periods, shares, counsel and judges, in each script."""
    assert marked(question, sentence) == value


def test_two_values_are_not_told_apart() -> None:
    """Where a sentence has two of the kind, none is marked."""
    assert marked("赔了多少钱？", "赔偿医疗费300元、误工费500元。") is None


def test_what_the_question_says_is_no_answer() -> None:
    """A date that the question names is not the one it asks for."""
    assert marked("合同2016年签订，何时到期？", "2016年签订的合同于2019年到期。") == "2019年"


def test_an_article_is_no_figure() -> None:
    """The number of an article, or of a paragraph, is not counted."""
    assert marked("满多少人才可以开会？", "第十五条 会议由12人以上出席。") == "12人"


def test_a_question_without_a_value_marks_none() -> None:
    """Why and whether ask for no figure."""
    assert marked("为什么败诉？", "因2015年的合同无效，赔偿300元。") is None
