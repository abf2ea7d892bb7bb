"""Follow-ups: dialogues over the casefile, and what stands by itself."""

from __future__ import annotations

import pytest

from corpus.models import Scope
from index.query.follow_up import EARLIER_WEIGHT, is_follow_up, with_earlier
from index.query.question import parse_question
from index.search import Searcher

EVERYTHING = Scope.all()


@pytest.mark.parametrize(
    "question",
    [
        "那賠償呢?", "李卫呢？", "为什么?", "多少?", "and how much?", "why?", "And Locojoy?",
        "what about damages?", "when did it pass the notice on?", "他怎么看?", "那一審怎麼判?",
        "對方的理由是什麼?", "Who represented them?", "damages?",
    ],
)  # fmt: skip
def test_what_leans_on_the_question_before(question: str) -> None:
    """Few words, an opening or closing that goes on, or a pronoun in place of the subject."""
    assert is_follow_up(parse_question(question))


@pytest.mark.parametrize(
    "question",
    [
        "why did the appeal reverse?", "二审为什么改判?", "上訴為何逆轉?", "誰是喬春?",
        "Who is Qiao Chun?", "What is Wireshark?", "And what did the appeal court hold on fault?",
        "王遷怎麼看伺服器業者的責任?", "那么云服务器出租人收到通知以后应当采取什么措施?",
        "Does the Regulation apply to a company that rents out servers to its customers?", "", "?!",
    ],
)  # fmt: skip
def test_what_stands_by_itself(question: str) -> None:
    """Questions with words enough of their own, and no questions at all."""
    assert not is_follow_up(parse_question(question))


@pytest.mark.parametrize(
    ("earlier", "question", "told"),
    [
        ("王遷怎麼看?", "李衛呢?", "加值電信服務"),
        ("What did the first-instance court decide?", "and how much?", "250,000"),
        ("what did the support ticket say?", "and the letters?", "two letters"),
        ("Who is Wang Qian?", "what did he compare the provider to?", "serviced flats"),
        ("What is forwarding the notice?", "is it a necessary measure?", "必要措施"),
        ("一审判赔多少?", "为什么?", "25万元"),
    ],
)
def test_a_dialogue_goes_on(casefile: Searcher, earlier: str, question: str, told: str) -> None:
    """The passage looked for is among the first three, and both questions are named."""
    answer = casefile.answer(question, scope=EVERYTHING, earlier=earlier)
    assert any(told in hit.text for hit in answer.hits)
    assert answer.question == question
    assert answer.understood_as == f"{question} ({earlier})"


def test_a_talk_goes_on_from_what_was_understood(casefile: Searcher) -> None:
    """The third question still knows the first, by way of what the second was understood as."""
    second = casefile.answer("李衛呢?", scope=EVERYTHING, earlier="王遷怎麼看伺服器業者?")
    third = casefile.answer("为什么?", scope=EVERYTHING, earlier=second.understood_as)
    assert "李衛" in second.hits[0].text
    assert any("李衛" in hit.text for hit in third.hits)


def test_what_stands_by_itself_is_not_touched(casefile: Searcher) -> None:
    """The same hits and scores whatever was asked before."""
    alone = casefile.answer("why did the appeal reverse?", scope=EVERYTHING)
    after = casefile.answer("why did the appeal reverse?", scope=EVERYTHING, earlier="李衛呢?")
    assert after.hits == alone.hits
    assert after.understood_as is None


def test_the_earlier_question_weighs_less() -> None:
    """Its clauses come after those of the question, none twice, at a part of their weight."""
    asked, earlier = parse_question("那賠償呢?"), parse_question("一審賠償多少?")
    both = with_earlier(asked, earlier).query.clauses
    own = asked.query.clauses
    assert both[: len(own)] == own
    weights = {clause.alternatives[0].term: clause.weight for clause in both}
    assert weights["一审"] == EARLIER_WEIGHT
    assert weights["赔偿"] == 1
    assert len(weights) == len(both)
