"""Citations to copy: the exact form in each style, whatever is missing, however long."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.citing.case_names import american_court
from corpus.citing.styles import COPY_LIMIT, cite, cite_document
from corpus.language.lengths import shorten_middle, utf16_length
from corpus.models import DocumentFacts, DocumentRecord, Edition, PassageRecord
from tests.corpus.recorded import RECORD

DOCUMENT = replace(
    RECORD,
    title="阿里雲如何撥開侵權「烏雲」?",
    date="2021-02-08",
    publisher="人民網",
    url="https://example.org/a",
    language="zh-Hant",
)
BRIEF = replace(
    DOCUMENT, title="Brief for the client", publisher="Pincite casefile", language="en", url=None
)


def _passage(pin: str = "¶ 4") -> PassageRecord:
    return PassageRecord(
        key=1,
        document_id=DOCUMENT.id,
        ordinal=4,
        start=0,
        end=1,
        text="x",
        pin=pin,
        page=None,
        heading="",
        title=DOCUMENT.title,
        date=DOCUMENT.date,
        publisher=DOCUMENT.publisher,
        language=DOCUMENT.language,
    )


WEB_PAGE = {
    "plain": "《阿里雲如何撥開侵權「烏雲」?》，人民網，2021-02-08，¶ 4 [K7Q2M3PD-4]",
    "gb7714": "人民網. 阿里雲如何撥開侵權「烏雲」?[EB/OL]. 2021: 第4段(2021-02-08). https://example.org/a.",
    "bluebook": "阿里雲如何撥開侵權「烏雲」?, 人民網 (Feb. 8, 2021), ¶ 4, https://example.org/a",
    "oscola": "‘阿里雲如何撥開侵權「烏雲」?’ (人民網, 8 February 2021), para 4 <https://example.org/a>",
    "hk": "〈阿里雲如何撥開侵權「烏雲」?〉，人民網，2021年2月8日，第4段，https://example.org/a",
    "tw": "〈阿里雲如何撥開侵權「烏雲」?〉，人民網，2021年2月8日，第4段，https://example.org/a",
}
NOTE = {
    "plain": "Brief for the client, Pincite casefile, 2021-02-08, ¶¶ 4–6 [K7Q2M3PD-4]",
    "gb7714": "Pincite casefile. Brief for the client[Z]. 2021-02-08: ¶¶ 4–6.",
    "bluebook": "Brief for the client, Pincite casefile (Feb. 8, 2021), ¶¶ 4–6",
    "oscola": "‘Brief for the client’ (Pincite casefile, 8 February 2021), paras 4–6",
    "hk": "‘Brief for the client’ (Pincite casefile, 8 February 2021), paras 4–6",
    "tw": "‘Brief for the client’ (Pincite casefile, 8 February 2021), paras 4–6",
}
NEWSPAPER = {
    "plain": "《判决》，人民日报，2021-02-08，p. 3 [K7Q2M3PD-4]",
    "gb7714": "判决[N]. 人民日报, 2021-02-08(3).",
    "bluebook": "判决, 人民日报, Feb. 8, 2021, at 3",
    "oscola": "‘判决’ 人民日报 (8 February 2021) 3",
    "tw": "〈判决〉，人民日报，2021年2月8日，第3頁",
}
NEWSPAPER_ON_THE_WEB = {
    "plain": "Brief for the client, People's Daily, 2021-02-08, ¶ 1 [K7Q2M3PD-4]",
    "gb7714": "Brief for the client[N/OL]. People's Daily, 2021-02-08: ¶ 1. https://e.org/b.",
    "bluebook": "Brief for the client, People's Daily (Feb. 8, 2021), ¶ 1, https://e.org/b",
    "hk": "‘Brief for the client’ People's Daily (8 February 2021), para 1 <https://e.org/b>",
}
UNDATED = {
    "plain": "Lease v2.1 final, Article 3 [K7Q2M3PD-4]",
    "gb7714": "Lease v2.1 final[Z]. Article 3.",
    "bluebook": "Lease v2.1 final, art. 3",
    "oscola": "‘Lease v2.1 final’, art 3",
}


@pytest.mark.parametrize(
    ("document", "pin", "expected"),
    [
        (DOCUMENT, "¶ 4", WEB_PAGE),
        (BRIEF, "¶¶ 4–6", NOTE),
        (replace(DOCUMENT, publisher="人民日报", url=None, title="判决"), "p. 3", NEWSPAPER),
        (
            replace(BRIEF, publisher="People's Daily", date="2021-02-08", url="https://e.org/b"),
            "¶ 1",
            NEWSPAPER_ON_THE_WEB,
        ),
        (
            replace(BRIEF, title="Lease v2.1 final.docx", publisher=None, date=None),
            "Article 3",
            UNDATED,
        ),
    ],
)
def test_each_style_has_its_form(
    document: DocumentRecord, pin: str, expected: dict[str, str]
) -> None:
    """Web page, note, newspaper, newspaper on the web, undated file: field by field."""
    cite_as = cite(_passage(pin), document)
    assert {name: cite_as[name] for name in expected} == expected
    assert list(cite_as) == ["plain", "gb7714", "bluebook", "oscola", "hk", "tw"]


def _judgment(title: str, **facts: Any) -> DocumentRecord:
    language = "en" if title.isascii() else "zh-Hans"
    known = DocumentFacts("judgment", **facts)
    court = facts.get("court")
    return replace(DOCUMENT, title=title, publisher=court, url=None, language=language, facts=known)


ENGLISH = _judgment(
    "Hartwell Grain Limited and others (Appellants) v The Commissioners for His Majesty's Revenue"
    " and Customs (Respondent) [2024] UKSC 99",
    court="UK Supreme Court",
    neutral_citation="[2024] UKSC 99",
)
MAINLAND = _judgment(
    "云州市中级人民法院（2018）云06民终31号民事判决书",
    court="云州市中级人民法院",
    docket="（2018）云06民终31号",
)
TAIWANESE = replace(
    _judgment(
        "臺灣海山地方法院109年度訴字第31號民事判決",
        court="臺灣海山地方法院",
        docket="109年度訴字第31號",
    ),
    language="zh-Hant",
)
AMERICAN = _judgment(
    "Ada Quill, et al. v. Northgate Insurance Company and another, No. 21-50111",
    court="United States Court of Appeals for the Fifth Circuit",
    docket="21-50111",
)
EUROPEAN = _judgment(
    "Case C-999/12 Quill SL v AEPD",
    court="Court of Justice of the European Union",
    docket="C-999/12",
    neutral_citation="ECLI:EU:C:2014:999",
)
UNREPORTED = _judgment(
    "Quill Ltd v Northgate Ltd", court="Hong Kong Court of First Instance", docket="HCA 31/2019"
)


@pytest.mark.parametrize(
    ("document", "pin", "expected"),
    [
        (
            ENGLISH,
            "[46]",
            {
                "plain": "Hartwell Grain Ltd v HMRC [2024] UKSC 99, [46] [K7Q2M3PD-4]",
                "gb7714": (
                    "UK Supreme Court. Hartwell Grain Ltd v HMRC [2024] UKSC 99[Z]. "
                    "2021-02-08: [46]."
                ),
                "bluebook": "Hartwell Grain Ltd v. HMRC [2024] UKSC 99, [46] (UK)",
                "oscola": "Hartwell Grain Ltd v HMRC [2024] UKSC 99 [46]",
                "hk": "Hartwell Grain Ltd v HMRC [2024] UKSC 99, [46]",
                "tw": "Hartwell Grain Ltd v HMRC [2024] UKSC 99, [46]",
            },
        ),
        (
            MAINLAND,
            "¶ 16 (1/2)",
            {
                "plain": "云州市中级人民法院（2018）云06民终31号民事判决书，¶ 16 [K7Q2M3PD-4]",
                "gb7714": (
                    "云州市中级人民法院. （2018）云06民终31号民事判决书[Z]. 2021-02-08: 第16段."
                ),
                "bluebook": (
                    "（2018）云06民终31号民事判决书 ¶ 16 (云州市中级人民法院 Feb. 8, 2021) (China)"
                ),
                "oscola": "云州市中级人民法院（2018）云06民终31号民事判决书, para 16",
                "hk": "云州市中级人民法院（2018）云06民终31号民事判决书，第16段",
            },
        ),
        (
            TAIWANESE,
            "四、㈢、",
            {
                "plain": "臺灣海山地方法院109年度訴字第31號民事判決，四、㈢ [K7Q2M3PD-4]",
                "tw": "臺灣海山地方法院109年度訴字第31號民事判決，四、㈢",
                "bluebook": (
                    "109年度訴字第31號民事判決 四、㈢ (臺灣海山地方法院 Feb. 8, 2021) (Taiwan)"
                ),
            },
        ),
        (
            AMERICAN,
            "p. 6 (printed 4) ¶¶ 3–5",
            {
                "plain": (
                    "Ada Quill v. Northgate Ins. Co., No. 21-50111 (5th Cir. Feb. 8, 2021), "
                    "p. 4 ¶¶ 3–5 [K7Q2M3PD-4]"
                ),
                "bluebook": (
                    "Ada Quill v. Northgate Ins. Co., No. 21-50111, slip op. at 4 "
                    "(5th Cir. Feb. 8, 2021)"
                ),
                "oscola": (
                    "Ada Quill v Northgate Ins Co, No 21-50111 (5th Cir, 8 February 2021), 4"
                ),
            },
        ),
        (
            EUROPEAN,
            "[46]–[47]",
            {
                "plain": (
                    "Case C-999/12 Quill SL v AEPD, ECLI:EU:C:2014:999, [46]–[47] [K7Q2M3PD-4]"
                ),
                "oscola": "Case C-999/12 Quill SL v AEPD ECLI:EU:C:2014:999, paras 46–47",
                "hk": "Case C-999/12 Quill SL v AEPD ECLI:EU:C:2014:999, paras 46–47",
                "bluebook": (
                    "Case C-999/12, Quill SL v. AEPD, ECLI:EU:C:2014:999, ¶¶ 46–47 (Feb. 8, 2021)"
                ),
            },
        ),
        (
            UNREPORTED,
            "[46]",
            {
                "hk": (
                    "Quill Ltd v Northgate Ltd (Hong Kong Court of First Instance, HCA 31/2019, "
                    "8 February 2021), [46]"
                ),
            },
        ),
        (
            replace(MAINLAND, title="张某诉云州某公司买卖合同纠纷案"),
            "第二段",
            {
                "tw": (
                    "张某诉云州某公司买卖合同纠纷案，云州市中级人民法院（2018）云06民终31号，第二段"
                )
            },
        ),
        (
            replace(
                MAINLAND, title="云州市中级人民法院（2018）云06民终31号张某合同纠纷二审民事判决书"
            ),
            "¶ 2",
            {"tw": "云州市中级人民法院（2018）云06民终31号民事判决书，第2段"},
        ),
    ],
)
def test_judgments_are_cited_as_lawyers_of_their_country_do(
    document: DocumentRecord, pin: str, expected: dict[str, str]
) -> None:
    """By neutral citation, by docket, by ECLI; parties without roles; no part of a passage."""
    cite_as = cite(_passage(pin), document)
    assert {name: cite_as[name] for name in expected} == expected


def _law(title: str, language: str, edition: Edition | None = None) -> DocumentRecord:
    facts = DocumentFacts("statute", work=title, edition=edition)
    return replace(DOCUMENT, title=title, publisher=None, url=None, language=language, facts=facts)


@pytest.mark.parametrize(
    ("document", "pin", "style", "expected"),
    [
        (
            _law("中华人民共和国云产法", "zh-Hans"),
            "第三十九条第（二）项",
            "plain",
            "《中华人民共和国云产法》第三十九条第二项 [K7Q2M3PD-4]",
        ),
        (
            _law("中华人民共和国云产法", "zh-Hans", Edition("2023修订", amended="2023-12-29")),
            "第三十九条第二款第（一）项至第（三）项",
            "hk",
            "《中华人民共和国云产法》第三十九条第二款第一项至第三项（2023修订）",
        ),
        (
            _law("中华人民共和国云产法", "zh-Hans", Edition("2023修订", amended="2023-12-29")),
            "第三十九条第二款第（一）项",
            "bluebook",
            "中华人民共和国云产法 art. 39(2)(1) (2023修订) (China)",
        ),
        (_law("中华人民共和国民法典·云产编", "zh-Hans"), "第九条至第十二条", "oscola",
         "中华人民共和国民法典, arts 9–12"),
        (_law("中华人民共和国刑法修正案（九十）", "zh-Hans"), "二十一、", "tw",
         "《中华人民共和国刑法修正案（九十）》第二十一条"),
        (_law("雲產法", "zh-Hant"), "第228-1條第1項", "tw", "雲產法第228條之1第1項"),
        (_law("香港雲產條例", "zh-Hant"), "第6條", "hk", "《香港雲產條例》第6條"),
        (_law("最高法院关于适用《云产法》的解释", "zh-Hans"), "首部", "hk",
         "《最高法院关于适用〈云产法〉的解释》，首部"),
        (_law("Cloud Estates Act 1980", "en"), "Section 9", "oscola",
         "Cloud Estates Act 1980, s 9"),
        (_law("Cloud Estates Act 1980", "en"), "Section 9", "bluebook",
         "Cloud Estates Act 1980, § 9"),
        (_law("15 U.S.C. § 4599", "en"), "§ 4599(a)", "bluebook", "15 U.S.C. § 4599(a)"),
        (_law("15 U.S.C. § 4599", "en"), "§ 12", "oscola", "15 U.S.C. § 4599, s 12"),
        (_law("雲產法", "zh-Hant"), "第184條第1項", "bluebook", "雲產法 art. 184(1) (Taiwan)"),
        (_law("香港雲產條例", "zh-Hant"), "第6條", "bluebook", "香港雲產條例 art. 6"),
        (_law("Cloud Estates Law", "en", Edition("amended 2021")), "Article 5(2)", "plain",
         "Cloud Estates Law, Article 5(2) (amended 2021) [K7Q2M3PD-4]"),
        (_law("Cloud Estates Law", "en", Edition("amended 2021")), "Article 5(2)", "hk",
         "Cloud Estates Law (amended 2021), art 5(2)"),
    ],
)  # fmt: skip
def test_laws_are_cited_by_article(
    document: DocumentRecord, pin: str, style: str, expected: str
) -> None:
    """The law's name, the article behind it, the edition last; items without their brackets."""
    assert cite(_passage(pin), document)[style] == expected


def test_contracts_letters_and_papers_have_forms_of_their_own() -> None:
    """A contract by clause, a letter with its day, a paper filed in a case before the case."""
    contract = replace(
        BRIEF,
        title="Supply Agreement",
        publisher=None,
        facts=DocumentFacts("contract", parties=("Quill Ltd", "Northgate GmbH")),
    )
    named = "Supply Agreement between Quill Ltd and Northgate GmbH"
    cite_as = cite(_passage("§ 10.4"), contract)
    assert cite_as["plain"] == f"{named}, 2021-02-08, § 10.4 [K7Q2M3PD-4]"
    assert cite_as["oscola"] == f"{named} (8 February 2021), cl 10.4"
    assert cite_as["bluebook"] == f"{named} § 10.4 (Feb. 8, 2021)"
    # What the reader took for parties may be half a sentence; it names nobody.
    wrong = replace(contract.facts, parties=("Provider", "Customer is not responsible"))
    assert cite(_passage("§ 1"), replace(contract, facts=wrong))["hk"] == (
        "Supply Agreement (8 February 2021), cl 1"
    )
    chinese = replace(
        contract, title="供货合同", language="zh-Hans", facts=DocumentFacts("contract")
    )
    assert cite(_passage("第五条"), chinese)["tw"] == "《供货合同》第五条"
    letter = replace(BRIEF, title="The roof", publisher="Ada Quill", media_type="message/rfc822")
    assert cite(_passage("¶ 1"), letter)["oscola"] == (
        "Email, ‘The roof’ (Ada Quill, 8 February 2021), para 1"
    )
    paper = replace(
        AMERICAN,
        title="Motion to Stay, Ada Quill v. Northgate Inc, No. 3",
        facts=replace(AMERICAN.facts, kind="filing", parties=("Ada Quill", "Northgate Inc")),
    )
    assert cite(_passage("p. 2 ¶ 1"), paper)["bluebook"] == (
        "Motion to Stay at 2, Ada Quill v. Northgate Inc., No. 21-50111 (5th Cir. Feb. 8, 2021)"
    )


@pytest.mark.parametrize(
    ("court", "short"),
    [
        ("United States District Court, Northern District of California", "N.D. Cal."),
        ("United States District Court for the Southern District of New York", "S.D.N.Y."),
        ("United States District Court for the District of Arizona", "D. Ariz."),
        ("United States Court of Appeals for the Federal Circuit", "Fed. Cir."),
        ("United States Court of Appeals", ""),
        ("Supreme Court of the United States", "U.S."),
        ("Missouri Court of Appeals, Eastern District", "Mo. Ct. App."),
        ("Supreme Court of West Virginia", "W. Va."),
        ("High Court of England and Wales (Chancery Division)", None),
        (None, None),
    ],
)
def test_american_courts_are_abbreviated(court: str | None, short: str | None) -> None:
    """As the Bluebook's tables T1 and T7 have them."""
    assert american_court(court) == short


def test_a_document_as_a_whole_is_cited_without_pin_and_id() -> None:
    """For a table of authorities: the same names, nothing about a passage."""
    assert cite_document(ENGLISH)["plain"] == "Hartwell Grain Ltd v HMRC [2024] UKSC 99"
    assert cite_document(MAINLAND)["plain"] == "云州市中级人民法院（2018）云06民终31号民事判决书"
    assert cite_document(DOCUMENT)["plain"] == "《阿里雲如何撥開侵權「烏雲」?》，人民網，2021-02-08"


@pytest.mark.parametrize(
    ("date", "written"),
    [
        ("2019-06-20", "June 20, 2019"),
        ("2019-09", "Sept. 2019"),
        ("2019", "2019"),
        ("2019-13", "2019-13"),
    ],
)
def test_the_bluebook_writes_dates_as_far_as_known(date: str, written: str) -> None:
    """Months as in the Bluebook's table T.12; a date that is none is left as it is."""
    assert f"({written})" in cite(_passage(), replace(BRIEF, date=date))["bluebook"]


OPTIONAL = st.none() | st.sampled_from(["Pincite casefile", "人民日报", "人民網"])


@given(
    publisher=OPTIONAL,
    date=st.sampled_from([None, "2019", "2019-06", "2019-06-20"]),
    url=st.sampled_from([None, "https://example.org/a"]),
    language=st.sampled_from([None, "en", "zh-Hans"]),
)
def test_what_is_missing_leaves_no_punctuation(
    publisher: str | None, date: str | None, url: str | None, language: str | None
) -> None:
    """No separator stands twice, first or last, and no bracket is empty."""
    document = replace(BRIEF, publisher=publisher, date=date, url=url, language=language)
    cite_as = cite(_passage(), document)
    for text in cite_as.values():
        assert not re.search(
            r"[,，.:;]\s*[,，.:;]|\(\s*\)|\[\s*\]|\s[,，.:;)]|\s\s|^\W*[,，.:]", text
        )
        assert "None" not in text
        assert re.search("¶ 4|para 4|第4段", text)
    assert cite_as["plain"].endswith("[K7Q2M3PD-4]")


@given(
    title=st.text(min_size=1, max_size=600),
    publisher=st.none() | st.text(max_size=400),
    url=st.none() | st.text(alphabet="abc/.", max_size=400).map("https://e.org/".__add__),
    language=st.sampled_from(["en", "zh-Hans"]),
)
def test_a_copy_button_holds_it(
    title: str, publisher: str | None, url: str | None, language: str
) -> None:
    """At most 256 UTF-16 units, pin and citation id never lost; without a limit nothing is."""
    document = replace(BRIEF, title=title, publisher=publisher, url=url, language=language)
    cite_as = cite(_passage("pp. 3–4"), document)
    for text in cite_as.values():
        assert len(text.encode("utf-16-le", "surrogatepass")) // 2 <= COPY_LIMIT
        assert re.search("pp. 3–4|at 3–4|第3至4页|, 3–4", text)
    assert cite_as["plain"].endswith("[K7Q2M3PD-4]")
    assert " ".join(title.split()) in cite(_passage(), document, limit=None)["plain"]


@given(st.text(), st.integers(1, 80))
def test_shortening_keeps_both_ends(text: str, limit: int) -> None:
    """What fits is left alone; what does not begins and ends as it did, within the limit."""
    short = shorten_middle(text, limit)
    assert utf16_length(short) <= limit
    if utf16_length(text) <= limit:
        assert short == text
    else:
        opening, _, closing = short.rpartition("…") if text.count("…") == 0 else ("", "", "")
        assert text.startswith(opening)
        assert text.endswith(closing)


def test_shortening_cuts_no_character_in_two() -> None:
    """Emoji sequences and combining marks are kept or left out whole."""
    family = "👩\u200d👩\u200d👧"
    assert shorten_middle(family * 20, 30) in {
        f"{family * a}…{family * b}" for a in range(9) for b in range(9)
    }


@given(st.text())
def test_utf16_length_is_the_encoders(text: str) -> None:
    """As many units as the codec writes."""
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
