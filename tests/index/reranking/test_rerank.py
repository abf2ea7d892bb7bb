"""Reranking: what it may do to an order, and that its weights can be learnt and told."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.citing.ids import parse_citation
from corpus.models import Scope
from index.evaluation.collection import Collection, JudgedPassage
from index.evaluation.evaluate import index_collection, passage_views_of, roc_area
from index.query.asking import ANSWER_KINDS, expected_kinds
from index.query.question import parse_question
from index.reranking.features.registry import FEATURE_NAMES
from index.reranking.pipeline import RERANK_DEPTH, rerank_weights, with_features
from index.search import Searcher
from index.text.normalize import fold_term
from tests.index.conftest import File


def test_scores_never_rise_with_rank(casefile: Searcher) -> None:
    """Across the last candidate looked at closely too, and with confidence likewise."""
    hits = casefile.answer("通知 服务器 侵权 法院", scope=Scope.all(), k=3 * RERANK_DEPTH).hits
    assert len(hits) > RERANK_DEPTH
    scores, sure = [hit.score for hit in hits], [hit.confidence for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert sure == sorted(sure, reverse=True)


def test_pages_follow_on_each_other(casefile: Searcher) -> None:
    """Page by page, the same passages come in the same order as all at once."""
    question = "why was the judgment revoked?"
    whole = casefile.answer(question, scope=Scope.all(), k=30).hits
    pages = [
        casefile.answer(question, scope=Scope.all(), k=5, skip=skip).hits
        for skip in range(0, 30, 5)
    ]
    assert [hit.citation for page in pages for hit in page] == [hit.citation for hit in whole]


def test_a_date_is_preferred_where_one_is_asked_for(searcher: Searcher, file: File) -> None:
    """Between passages with the same words, the one that shows the kind of answer expected."""
    file("合同签订于双方公司的会议室。", "合同签订于2015年10月10日的会议。", "别的事情。")
    assert "2015" in searcher.answer("合同什么时候签订?", scope=Scope.all()).hits[0].text


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("判决是何时作出的?", {"date"}),
        ("how much did it cost?", {"money"}),
        ("谁是原告?", {"person"}),
        ("why did it fail?", {"reason"}),
        ("货车是红色的", set()),
        ("上訴期限幾耐?", {"period"}),
        ("買咗幾多張票", {"count"}),
        ("賠幾錢", {"money"}),
        ("邊個律師代表佢?", {"counsel", "person"}),
        ("審判長是誰", {"judge", "person"}),
        ("二審怎麼判", {"outcome"}),
        ("可唔可以退貨?", {"whether"}),
        ("遺失咗點算?", {"how"}),
        ("What does Deliverable mean?", {"definition"}),
        ("which court heard it", {"court"}),
        ("what interest rate applies", {"percent"}),
    ],
)
def test_questions_expect_kinds_of_answers(question: str, kinds: set[str]) -> None:
    """By their question words alone."""
    found = {
        kind.name
        for kind, wanted in zip(ANSWER_KINDS, expected_kinds(fold_term(question)), strict=True)
        if wanted
    }
    assert found == kinds


def rows(question: str, *passages: JudgedPassage) -> list[dict[str, float]]:
    """The features of passages for a question, by name, in the order of the passages."""
    collection = Collection("x", passages, {}, {})
    found = index_collection(collection).search(
        parse_question(question).query, scope=Scope.all(), k=9
    )
    looked = with_features(parse_question(question), found, passage_views_of(collection), {})
    keys = [one.key for one in looked.ranking.candidates]
    return [dict(zip(FEATURE_NAMES, looked.rows[keys.index(n)], strict=True)) for n in sorted(keys)]


def test_articles_of_one_law_speak_for_each_other() -> None:
    """The mean of the five best others of the law, beside the best; none where it is alone."""
    first, second, alone = rows(
        "旅客的行李",
        JudgedPassage("1", "铁路法第一条", "旅客的行李。"),
        JudgedPassage("2", "《铁路法》第二条", "旅客。"),
        JudgedPassage("3", "航空法第一条", "行李由人保管。"),
    )
    assert first["mean_over_law"] == pytest.approx(second["bm25"] / 5)
    assert second["mean_over_law"] == pytest.approx(first["bm25"] / 5)
    assert alone["mean_over_law"] == 0


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    """Counted pair by pair, a tie counting half."""
    there, away = np.array([0.9, 0.5, 0.4]), np.array([0.5, 0.1])
    pairs = [(a > b) + 0.5 * (a == b) for a in there for b in away]
    assert roc_area(there, away) == pytest.approx(np.mean(pairs))


def test_the_shipped_weights_name_features_that_exist() -> None:
    """Every one of them, and the score itself is not weighed twice."""
    assert len(rerank_weights()) == len(FEATURE_NAMES)
    assert rerank_weights()[FEATURE_NAMES.index("bm25")] == 0


def test_an_explanation_names_features_in_words(casefile: Searcher) -> None:
    """And adds up to the score, beyond what the words earn."""
    question = "why did the appeal reverse?"
    for hit in casefile.answer(question, scope=Scope.all(), k=3).hits:
        told = casefile.explain(question, parse_citation(hit.citation), scope=Scope.all())
        assert told.score == pytest.approx(hit.score)
        assert "best sentence" in str(told)


def test_what_says_the_same_is_shown_once(searcher: Searcher, file: File) -> None:
    """A clause that several contracts have goes below the others, whatever it scores."""
    clause = "Kappa shall pay the deposit within ten days."
    file(f"{clause}\n", title="First lease")
    file(f"{clause} \n", title="Second lease")
    file("Kappa shall pay the deposit within twenty days, as the landlord agrees.\n", title="Third")
    answer = searcher.answer("when does kappa pay the deposit", scope=Scope.all(), k=3)
    texts = [hit.text.strip() for hit in answer.hits]
    assert len(texts) == 3
    assert texts[0] != texts[1]
    assert texts.count(clause) == 2
    # The one that is shown says where else the same stands.
    places = [(same.title, same.citation) for hit in answer.hits for same in hit.also]
    again = next(hit for hit in answer.hits[1:] if hit.text.strip() == clause)
    assert places == [(again.title, again.citation)]
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
