from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.models import PassageRecord, Scope
from index.engine.analysis import passage_terms
from index.search import Searcher
from index.text.analyzer import analyze
from index.text.canonical import CITED, cited, titled, work
from index.text.normalize import fold
from tests.index.conftest import File


@pytest.mark.parametrize(
    ("term", "ways"),
    [
        (
            "law:劳动合同法:36",
            (
                "劳动合同法第三十六条",
                "《中华人民共和国劳动合同法》第36條",
                "根据劳动合同法第36条",
                "《勞動合同法（2012修正）》第三十六條",
                "请问劳动合同法第三十六条",
            ),
        ),
        ("law:刑法:287-2", ("刑法第二百八十七条之二", "中华人民共和国刑法第287条之2")),
        (
            "law:民间借贷案件适用法律若干问题的规定:20",
            ("《民间借贷案件适用法律若干问题的规定》第二十条",),
        ),
    ],
)
def test_an_article_of_a_law_has_one_form(term: str, ways: tuple[str, ...]) -> None:
    """However it is cited, and the token covers what was cited."""
    for way in ways:
        assert [found for _, _, found in cited(fold(way).text)] == [term]
        assert {way[t.start : t.end][-1] for t in analyze(way) if t.term == term} <= set(
            "条條之二2"
        )


@pytest.mark.parametrize("text", ["第三十六条", "本合同第三条", "Article 36", "《红楼梦》里说", ""])
def test_what_names_no_law_is_no_citation(text: str) -> None:
    """An article alone may be any law's."""
    assert not list(cited(text))


def test_a_passage_is_the_article_of_its_title() -> None:
    """Title and pin together cite it; a title that names no law cites nothing."""
    assert (
        titled("中華人民共和國勞動合同法", "第三十六條") == "《中华人民共和国劳动合同法》第三十六条"
    )
    assert titled("A lease", "Article 3") == ""


def test_an_article_is_a_part_of_its_law() -> None:
    """By the law's short name, whichever edition or issuer; any other title stands for itself."""
    assert work("中华人民共和国劳动合同法第三十六条") == work("《勞動合同法》第2條") == "劳动合同法"
    assert work("第二審判決") == "第二審判決"


def test_the_article_asked_for_comes_first(searcher: Searcher, file: File) -> None:
    """Before other laws' articles of that number, and others that mention it often."""
    file("《保险法》第十六条 订立合同时应当如实告知。", title="保险法第十六条")
    file(
        "《军人保险法》第十六条 军人退役后参加职工保险，保险关系相应转入。",
        title="军人保险法第十六条",
    )
    file("《保险法》第二十条 保险法第十五条、第十六条所称保险，保险费。", title="保险法第二十条")
    hit = searcher.answer("保险法第16条的内容是什么？", scope=Scope.all()).hits[0]
    assert "如实告知" in hit.text


def test_an_article_is_found_by_its_documents_title() -> None:
    """Where the title names the law, and the passage has no more than its number for a pin."""
    article = PassageRecord(
        1,
        "d",
        1,
        0,
        9,
        "用人单位应当依法办事。",
        "第二條",
        None,
        "",
        "中華人民共和國某某法",
        None,
        None,
        None,
    )
    assert passage_terms(article).count("law:某某法:2") == 1
    assert not any(term.startswith(CITED) for term in passage_terms(replace(article, title="租约")))
