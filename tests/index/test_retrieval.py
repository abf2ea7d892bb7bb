"""Where a question looks: the documents that it names, its case, everywhere."""

from __future__ import annotations

import hashlib

import pytest

from corpus.library import Library
from corpus.models import Metadata, Passage, Reading, Scope
from index.embedded.engine import EmbeddedEngine
from index.naming.directory import DocumentDirectory
from index.reranking.passage_view import PassageViews
from index.reranking.pipeline import Pipeline
from index.retrieval import Earlier, Retriever
from index.search import Searcher
from tests.index.conftest import File, filing

EVERYTHING = Scope.all()
NUMERALS = "一二三四五六七八九"


def file_articles(library: Library, title: str, count: int) -> str:
    """File a law of so many articles, one passage each; returns its id."""
    articles = [f"第{NUMERALS[n]}条 渔船应当登记{n}。" for n in range(count)]
    text, passages, at = "\n".join(articles), [], 0
    for number, article in enumerate(articles, 1):
        pin = f"第{NUMERALS[number - 1]}条"
        passages.append(Passage(number, at, at + len(article), article, pin))
        at += len(article) + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    reading = Reading(
        "x.txt", text.encode(), digest, "text/plain", text, Metadata(title), (), tuple(passages)
    )
    return library.file(reading, matter="m", path=title).document_id or ""


@pytest.fixture
def cases(file: File) -> dict[str, str]:
    """Two judgments that share their words, and a third elsewhere."""
    ids = {}
    for name, years in (("黎庆舟", "三年"), ("戚方达", "五年")):
        filed = file(
            f"被告人{name}，男，某厂司机。",
            "审判长由本院指定。合议庭评议了本案，辩护人到庭。",
            f"被告人{name}犯危险驾驶罪，判处有期徒刑{years}。罚金二千元。",
            title=f"{name}危险驾驶案判决书",
            path=f"{name}.txt",
        )
        ids[name] = filed.document_id or ""
    file("被告人韩学军犯盗窃罪，判处有期徒刑九年。", title="韩学军盗窃案判决书", matter="walled")
    return ids


def test_a_named_case_is_searched_alone(searcher: Searcher, cases: dict[str, str]) -> None:
    """Only its own passages are ranked, and the answer says so."""
    answer = searcher.answer("戚方達判幾年", scope=EVERYTHING)
    assert {hit.document_id for hit in answer.hits} == {cases["戚方达"]}
    assert answer.within
    assert answer.within.words == ("戚方達",)
    assert [document for document, _ in answer.within.documents] == [cases["戚方达"]]


def test_a_case_named_by_its_sound_is_searched_alone(
    translating: Searcher, cases: dict[str, str]
) -> None:
    """The answer tells the name as it was written; a party of another matter has no spelling."""
    answer = translating.answer("how long was Fangda Qi sentenced to?", scope=Scope.of("m"))
    assert {hit.document_id for hit in answer.hits} == {cases["戚方达"]}
    assert answer.within
    assert answer.within.words == ("Fangda Qi",)
    walled = translating.answer("how long was Han Xuejun sentenced to?", scope=Scope.of("m"))
    assert walled.within is None


def test_the_limit_can_be_taken_away(searcher: Searcher, cases: dict[str, str]) -> None:
    """Everything in scope is searched then."""
    answer = searcher.answer("戚方达判处有期徒刑几年", scope=EVERYTHING, limited=False)
    assert answer.within is None
    assert len({hit.document_id for hit in answer.hits}) > 1


def test_documents_can_be_named_outright(searcher: Searcher, cases: dict[str, str]) -> None:
    """`in TITLE: question` searches that one, whatever the question says."""
    for text in ("in 黎庆舟危险驾驶案判决书: 判处有期徒刑", f"in {cases['黎庆舟']}: 判处有期徒刑"):
        answer = searcher.answer(text, scope=EVERYTHING)
        assert {hit.document_id for hit in answer.hits} == {cases["黎庆舟"]}
        assert answer.within
        assert answer.within.words == ()


def test_words_and_qualifiers_of_titles_choose_nothing(
    searcher: Searcher, library: Library
) -> None:
    """王朝 begins with a surname, and what stands in brackets tells namesakes apart."""
    titles = ("渔民王朝", "海沟卫星", "青石县(河湾联邦)", "白沙县(河湾联邦)")
    for title in titles:
        file_articles(library, title, 3)
    for question in ("王朝登记了什么", "哪颗卫星登记了", "河湾联邦的渔船怎么登记"):
        assert searcher.answer(question, scope=EVERYTHING).within is None


def test_names_of_other_matters_choose_nothing(searcher: Searcher, cases: dict[str, str]) -> None:
    """Neither a limit nor a refusal tells whether a name stands behind the wall."""
    for name in ("韩学军", "韩学东"):
        answer = searcher.answer(f"{name}判几年", scope=Scope.of("m"))
        assert answer.within is None
        assert not answer.answered
        assert answer.refusal
        assert answer.refusal.unknown == (name,)


def test_a_follow_up_stays_in_its_case(searcher: Searcher, cases: dict[str, str]) -> None:
    """那罚金呢 leans on the question before; 审判长是谁 only stays in its judgment."""
    for follow_up in ("那罚金呢?", "审判长是谁"):
        answer = searcher.answer(follow_up, scope=EVERYTHING, earlier="戚方达判几年")
        assert {hit.document_id for hit in answer.hits} == {cases["戚方达"]}
        assert answer.understood_as == f"{follow_up} (戚方达判几年)"


@pytest.mark.parametrize(
    ("follow_up", "alone"),
    [
        ("那賠償呢?", True), ("and the appeal?", True), ("那二审呢?", True),
        ("and when?", False), ("为什么?", False), ("and then?", False),
    ],
)  # fmt: skip
def test_a_follow_up_with_a_subject_has_a_meaning_of_its_own(follow_up: str, alone: bool) -> None:
    """Together with the earlier question it would find the earlier passage again, and surely."""
    engine, views = EmbeddedEngine(), PassageViews(lambda _: {})
    retriever = Retriever(Pipeline(engine, views), DocumentDirectory.of([]))
    before = "一审判赔多少钱?"
    earlier = Earlier.of(follow_up, before, retriever)
    assert earlier
    assert earlier.meant_text == (follow_up if alone else f"{before} {follow_up}")


@pytest.mark.parametrize(
    "question",
    ["渔船登记法第1300条", "渔船登记法 1300", "《漁船登記法》第一千三百條說什麼"],
)
def test_an_article_that_a_law_lacks_is_said_not_to_exist(
    searcher: Searcher, statute: str, question: str
) -> None:
    """No other article is shown as its answer."""
    answer = searcher.answer(question, scope=EVERYTHING)
    assert answer.refusal
    assert (answer.refusal.kind, answer.refusal.article[1]) == ("no_article", "1300")


@pytest.mark.parametrize("question", ["渔船登记法第2条", "渔船登记法2条的内容", "漁船登記法第二條"])
def test_the_cited_article_stands_above_what_quotes_it(
    searcher: Searcher, statute: str, question: str
) -> None:
    """A judgment that quotes it at length comes below."""
    answer = searcher.answer(question, scope=EVERYTHING)
    assert answer.answered
    assert answer.hits[0].citation == f"{statute}-2"


@pytest.fixture
def statute(library: Library) -> str:
    """A law of three articles, and a judgment that quotes one of them again and again."""
    file = filing(library)
    file(
        "依照渔船登记法第二条，渔船登记法第二条规定登记，渔船登记法第二条适用于本案。",
        title="某判决",
    )
    return file_articles(library, "渔船登记法", 3)


@pytest.mark.parametrize(
    "question",
    ["", " ", "😀" * 500, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 4096,
     "在" * 4096, "in a: " * 600, "第" * 2000 + "条", "《" * 4000,
     "consider " * 400, "判几年" * 1300],
)  # fmt: skip
def test_odd_questions_are_answered(
    searcher: Searcher, cases: dict[str, str], question: str
) -> None:
    """Whatever is sent, there is an answer or a reason, in reasonable time."""
    answer = searcher.answer(question, scope=EVERYTHING)
    assert answer.answered or answer.refusal


def test_the_edition_in_force_comes_first_unless_another_is_asked_for(
    searcher: Searcher, file: File
) -> None:
    """Of two editions that say the same, wherever the older one would have stood."""
    opening = "第一条 为了管理渔船登记，制定本法。"
    old = file(
        opening, "第二条 渔船登记应当在七日内办理登记。", title="中华人民共和国渔船法",
        path="渔船法(2011-05-01).md",
    )  # fmt: skip
    new = file(
        opening, "第二条 渔船所有人办理登记，应当在三日内提出。", title="中华人民共和国渔船法",
        path="渔船法(2021-05-01).md",
    )  # fmt: skip
    for question, edition in (
        ("渔船登记应当在几日内办理", new),
        ("现行渔船法登记应当在几日内办理", new),
        ("2011年渔船法登记应当在几日内办理", old),
        ("旧渔船法登记应当在几日内办理", old),
    ):
        hits = searcher.answer(question, scope=EVERYTHING).hits
        assert hits[0].document_id == edition.document_id
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
