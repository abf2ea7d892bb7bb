from __future__ import annotations

from pathlib import Path

import pytest

from corpus.citing.ids import parse_citation
from corpus.errors import NotFound
from corpus.library import Library
from corpus.models import Scope
from index.answer import Answer
from index.search import Searcher
from tests.index.conftest import File

EVERYTHING = Scope.all()


def texts(answer: Answer) -> list[str]:
    return [hit.text for hit in answer.hits]


def test_an_answer_quotes_the_passage_word_for_word(searcher: Searcher, file: File) -> None:
    """Text, offsets, citation, matter and highlights are those of the document."""
    filed = file("第一段說別的事。", "喬春是北京百瑞律師事務所律師。", title="報導")
    answer = searcher.answer("乔春是哪家律师事务所的?", scope=EVERYTHING)
    hit = answer.hits[0]
    assert (answer.answered, hit.rank, hit.pin, hit.matter) == (True, 1, "¶ 2", "m")
    assert hit.citation == f"{filed.document_id}-2"
    assert hit.text == "喬春是北京百瑞律師事務所律師。"
    assert "律師事務所" in "".join(hit.matched)
    assert all(hit.text[start:end].strip() for start, end in hit.highlights)


def test_hits_come_page_by_page_without_gap_or_repeat(searcher: Searcher, file: File) -> None:
    """`skip` goes on where the last page ended; `more` says whether there is another."""
    file(*[f"上诉 {n} 次" for n in range(7)])
    whole = searcher.answer("上诉", scope=EVERYTHING, k=10)
    pages = [searcher.answer("上诉", scope=EVERYTHING, k=3, skip=skip) for skip in (0, 3, 6)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert [page.more for page in pages] == [True, True, False]
    assert [hit.rank for hit in whole.hits] == list(range(1, 8))


def test_scope_is_a_wall(searcher: Searcher, file: File) -> None:
    """A matter's words neither answer nor show in a refusal elsewhere."""
    file("秘密合同的價格", matter="secret")
    file("公開的消息", matter="open")
    walled = searcher.answer("合同價格", scope=Scope.of("open"))
    assert walled.hits == ()
    assert walled.refusal
    assert walled.refusal.unknown == ("合同", "價格")
    nobody = searcher.answer("合同價格", scope=Scope.of())
    assert nobody.refusal
    assert nobody.refusal.kind == "no_documents"


@pytest.mark.parametrize(
    ("question", "kind"),
    [("", "nothing_asked"), ("?!😀", "nothing_asked"), ("這是什麼", "only_common_words"),
     ("量子糾纏", "no_evidence")],
)  # fmt: skip
def test_a_refusal_says_why(searcher: Searcher, file: File, question: str, kind: str) -> None:
    """Each way of not being answered has its own reason."""
    file("公開的消息")
    refusal = searcher.answer(question, scope=EVERYTHING).refusal
    assert refusal
    assert refusal.kind == kind
    assert str(refusal)


def test_withdrawn_and_superseded_documents_leave_at_once(
    searcher: Searcher, library: Library, file: File
) -> None:
    """The next answer after a change does not know what was there before."""
    file("旧版本的条款", path="a")
    other = file("条款之外", path="b")
    assert len(searcher.answer("条款", scope=EVERYTHING).hits) == 2
    file("新版本", path="a")
    assert texts(searcher.answer("条款", scope=EVERYTHING)) == ["条款之外"]
    library.withdraw(str(other.document_id), scope=Scope.all())
    assert searcher.answer("条款", scope=EVERYTHING).hits == ()
    file("旧版本的条款", path="a")
    assert texts(searcher.answer("条款", scope=EVERYTHING)) == ["旧版本的条款"]


def test_the_index_is_kept_and_caught_up_at_the_next_start(
    library: Library, file: File, tmp_path: Path
) -> None:
    """A new searcher over the same folder answers the same, also about what came meanwhile."""
    file("上诉人")
    with_folder = Searcher(library, folder=tmp_path / "index")
    with_folder.answer("上诉人", scope=EVERYTHING)
    with_folder.close()
    file("上诉状")
    again = Searcher(library, folder=tmp_path / "index")
    assert len(again.answer("上诉", scope=EVERYTHING).hits) == 2


def test_an_explanation_adds_up_to_the_score(searcher: Searcher, file: File) -> None:
    """The factors of every hit sum to the score that it was ranked by."""
    file("二审法院撤销一审判决", "一审法院判赔二十六万元", "别的事情")
    question = "一审法院判赔多少"
    for hit in searcher.answer(question, scope=EVERYTHING).hits:
        explanation = searcher.explain(question, parse_citation(hit.citation), scope=EVERYTHING)
        assert explanation.score == pytest.approx(hit.score)
        assert hit.citation in str(explanation)
    with pytest.raises(NotFound):
        searcher.explain(question, parse_citation("00000000-1"), scope=EVERYTHING)
