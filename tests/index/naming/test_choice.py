from __future__ import annotations

import pytest

from corpus.models import DocumentFacts
from index.naming.directory import DocumentDirectory
from index.naming.document_names import DocumentNames
from index.retrieval import read_names
from index.text.normalize import fold

OPENING = "第一条 为了规范，制定本法。"
DOCUMENTS = (
    DocumentNames(
        "LI",
        "河源省临川市中级人民法院（2020）河01刑终88号刑事判决书",
        "黎庆舟受贿.txt",
        facts=DocumentFacts(
            "judgment", "河源省临川市中级人民法院", "（2020）河01刑终88号", None, ("黎庆舟",)
        ),
    ),
    DocumentNames(
        "QI",
        "臺灣彩雲地方法院112年度訴字第77號民事判決",
        language="zh-Hant",
        facts=DocumentFacts(
            "judgment", "臺灣彩雲地方法院", parties=("戚方達", "遠帆鋼鐵企業有限公司")
        ),
    ),
    DocumentNames("OLD", "中华人民共和国渔船法", "渔船法(2011-05-01).md", opening=OPENING),
    DocumentNames("NEW", "中华人民共和国渔船法", "渔船法(2021-05-01).md", opening=OPENING),
    DocumentNames("PIPL", "中华人民共和国个人信息保护法", opening=OPENING),
    DocumentNames("SSA", "Satellite Service Agreement"),
    DocumentNames("NDA", "Quillon-Marbeck-Mutual-NDA"),
    DocumentNames("NDB", "Non-Disclosure-Agreement-Tovald"),
    DocumentNames(
        "CIR", "Opinion", facts=DocumentFacts("judgment", "Court of Appeals for the Sixth Circuit")
    ),
    DocumentNames("PEN", "臺灣澎湖地方法院111年度訴字第5號民事判決", language="zh-Hant"),
    DocumentNames("MEM", "Notes on overtime"),
)
DIRECTORY = DocumentDirectory.of(DOCUMENTS)


@pytest.mark.parametrize(
    ("question", "chosen"),
    [
        ("黎庆舟判几年", {"LI"}),
        ("黎慶舟判咗幾耐", {"LI"}),
        ("临川中院那个案子哪天判的", {"LI"}),
        ("（2020）河01刑终88号的罚金", {"LI"}),
        ("彩雲案判賠多少", {"QI"}),
        ("远帆钢铁的律师", {"QI"}),
        ("who won the Penghu case", {"PEN"}),
        ("damages in the judgment from Penghu", {"PEN"}),
        ("a ferry to Penghu", set()),
        ("渔船法登记要多久", {"NEW"}),
        ("现行渔船法第三条", {"NEW"}),
        ("2011年渔船法怎么规定登记", {"OLD"}),
        ("旧渔船法怎么规定登记", {"OLD"}),
        ("registration in the 2011 version of 渔船法", {"OLD"}),
        ("个保法的同意规则", {"PIPL"}),
        ("consent under the PIPL", {"PIPL"}),
        ("liability cap in the satellite service agreement", {"SSA"}),
        ("liability cap in the SSA", {"SSA"}),
        ("Consider the Agreement between Quillon and Marbeck; are copies kept?", {"NDA"}),
        ("Consider Tovald's Non-Disclosure Agreement; may copies be kept?", {"NDB"}),
        ("what did the 6th circuit hold", {"CIR"}),
        ("what did the Sixth Cir. hold", {"CIR"}),
        ("overtime pay", set()),
        ("how many hours of overtime a month", set()),
        ("违约金过高怎么办", set()),
        ("notes", set()),
        ("", set()),
        ("😀" * 50, set()),
        ("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200, set()),
    ],
)  # fmt: skip
def test_a_question_chooses_the_documents_that_it_names(question: str, chosen: set[str]) -> None:
    """By party, court, place, docket, law, short name, edition, title or initials; else none."""
    names = read_names(question, DIRECTORY)
    assert {DOCUMENTS[number].id for number in names.choice.documents} == chosen


@pytest.mark.parametrize(
    ("question", "law", "number"),
    [
        ("个人信息保护法39条", "PIPL", "39"),
        ("个人信息保护法 39", "PIPL", "39"),
        ("個保法第585條第2款", "PIPL", "585"),
        ("《个人信息保护法》第十三条规定了什么", "PIPL", "13"),
        ("大陆个人信息保护法第13条", "PIPL", "13"),
        ("个保法一百零二条", "PIPL", "102"),
        ("Article 39 of the Personal Information Protection Law", "PIPL", "39"),
        ("art 39 of the PRC personal information protection law", "PIPL", "39"),
        ("PIPL Article 13", "PIPL", "13"),
        ("s 9 PIPL", "PIPL", "9"),
        ("PIPL § 9", "PIPL", "9"),
        ("个保法第84条之1", "PIPL", "84-1"),
        ("個保法第 84-1 條", "PIPL", "84-1"),
    ],
)
def test_articles_are_understood_however_they_are_cited(
    question: str, law: str, number: str
) -> None:
    """Full, short and English names, either script, with or without 第, before or after."""
    [cited] = read_names(question, DIRECTORY).cited
    assert ({DOCUMENTS[n].id for n in cited.law.documents}, cited.number) == ({law}, number)


def test_a_law_that_the_scope_lacks_is_known_to_be_missing() -> None:
    """What is held elsewhere is not named; a law nobody has is told."""
    names = read_names("劳动合同法第39条", DIRECTORY)
    assert names.missing_laws == ((0, 5),)
    assert not names.choice


def test_words_are_told_as_the_question_has_them() -> None:
    """Traditional stays Traditional, capitals stay capitals."""
    assert read_names("黎慶舟判幾年", DIRECTORY).words == ("黎慶舟",)
    assert read_names("cap in the SSA", DIRECTORY).words == ("SSA",)


def test_looking_names_up_takes_time_linear_in_the_question() -> None:
    """A pasted page costs no more than its length."""
    text = "黎庆舟与远帆钢铁 the SSA " * 170
    names = DIRECTORY.find_names(fold(text).text)
    assert len(names) <= len(text)
