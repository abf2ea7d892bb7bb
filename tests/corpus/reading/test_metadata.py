from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import DocumentFacts, Extract, Metadata
from corpus.reading.first_lines import first_lines
from corpus.reading.judgments_chinese import chinese_judgment
from corpus.reading.metadata import complete
from corpus.reading.opening import Opening
from corpus.reading.read import read

BODY = "本院认为，云服务器租赁服务提供者不承担侵权责任，原告的通知不构成合格的通知。" * 3
ENGLISH = "The court of appeal held that a lessor of cloud servers is not liable. " * 4


@pytest.mark.shared
def test_the_news_report_says_what_it_is(shared: Path) -> None:
    """Title, date and publisher stand in its first lines and are all found."""
    for path in sorted((shared / "seeds").glob("*.txt")):
        first, second = [line for line in path.read_text("utf-8").splitlines() if line][:2]
        about = read(path.read_bytes(), path.name).metadata
        assert about.title == first
        assert f"{about.date} {about.publisher}" == second
        assert about.language == "zh-Hant"


@pytest.mark.parametrize(
    ("top", "about"),
    [
        ("二审改判\n\n2021-02-08 人民網\n\n", ("二审改判", "2021-02-08", "人民網")),
        ("二审改判\n2021年2月8日　人民网\n", ("二审改判", "2021-02-08", "人民网")),
        ("二审改判\n人民网 2021-02-08 10:30\n", ("二审改判", "2021-02-08", "人民网")),
        ("二审改判\n\n发布时间：2021-02-08 来源：人民网\n\n", ("二审改判", "2021-02-08", "人民网")),
        (
            "標題：二審改判\n來源：人民網\n日期：民國110年2月8日\n",
            ("二審改判", "2021-02-08", "人民網"),
        ),
        ("二审改判\n\n二〇二一年二月八日\n\n", ("二审改判", "2021-02-08", None)),
        ("二审改判\n\n记者 张三\n\n", ("二审改判", None, None)),
    ],
)
def test_chinese_first_lines(top: str, about: tuple[str | None, ...]) -> None:
    """As reports open: with or without labels, in figures or characters."""
    found = first_lines(top + BODY)
    assert (found.title, found.date, found.publisher) == about


@pytest.mark.parametrize(
    ("top", "about"),
    [
        ("Appeal reverses\n\nSouth Daily, June 25, 2019\n\n", ("2019-06-25", "South Daily")),
        ("Appeal reverses\n25 June 2019 | South Daily\n\n", ("2019-06-25", "South Daily")),
        (
            "Appeal reverses\nPublished: 2019-06-25\nSource: South Daily\n\n",
            ("2019-06-25", "South Daily"),
        ),
        ("Appeal reverses\nBy A. Reporter\nJune 2019\n\n", ("2019-06", None)),
    ],
)
def test_english_first_lines(top: str, about: tuple[str | None, ...]) -> None:
    """A title, then a date and a publisher in either order."""
    found = first_lines(top + ENGLISH)
    assert found.title == "Appeal reverses"
    assert (found.date, found.publisher) == about


@pytest.mark.parametrize(
    "text",
    [
        "2015年10月10日 第一次通知\n2017年6月20日 一审判决\n2019年6月20日 二审判决\n",
        "The court held on 20 June 2019 that the lessor is not liable.\n",
        "案号 (2019)京73民终1194号\n\n" + BODY,
        "Meet at 08/02/2021 or 02/08/2021.\n\n" + ENGLISH,
        BODY,
        "",
    ],
)
def test_nothing_is_better_than_something_wrong(text: str) -> None:
    """Dates of events, in sentences, in docket numbers or that can be read two ways are none."""
    assert first_lines(text).date is None
    assert first_lines(text).publisher is None


def test_addresses_and_labels() -> None:
    """An address by itself or after its label; a sentence after a label is no publisher."""
    assert first_lines(f"题目在此\n原文链接：https://example.org/1\n\n{BODY}").url == (
        "https://example.org/1"
    )
    assert first_lines(f"题目在此\nhttps://example.org/2\n\n{BODY}").url == "https://example.org/2"
    assert first_lines("题目在此\n来源：本院认为，通知不合格。\n\n" + BODY).publisher is None


MAINLAND = f"""
北京知识产权法院
民 事 判 决 书

（2017）京73民终1194号

上诉人：甲公司。
{BODY}
审 判 长　　张三
二〇一九年六月二十日
书 记 员　　李四
"""


def test_a_judgment_is_named_after_court_number_and_kind() -> None:
    """Mainland form; the day is that on which it was signed, at its end."""
    assert chinese_judgment(Opening(MAINLAND)) == Metadata(
        "北京知识产权法院（2017）京73民终1194号民事判决书",
        "2019-06-20",
        "北京知识产权法院",
        facts=DocumentFacts(
            "judgment", "北京知识产权法院", "（2017）京73民终1194号", parties=("甲公司",)
        ),
    )
    taiwan = f"智慧財產法院民事判決\n108年度民著訴字第12號\n{BODY}\n中華民國108年12月31日\n"
    assert chinese_judgment(Opening(taiwan)) == Metadata(
        "智慧財產法院108年度民著訴字第12號民事判決",
        "2019-12-31",
        "智慧財產法院",
        facts=DocumentFacts("judgment", "智慧財產法院", "108年度民著訴字第12號"),
    )
    assert chinese_judgment(Opening("北京知识产权法院作出判决。\n")) is None


GIVEN = Metadata("Given", "2001-01-01", "Given House", "https://example.org/", "en-US")


def test_what_a_person_wrote_counts_before_first_lines() -> None:
    """Front matter and headers first; what they leave out is filled from the text."""
    text = f"Appeal reverses\n\nSouth Daily, June 25, 2019\n\n{ENGLISH}"
    assert complete(Extract(text, "text/markdown", GIVEN)) == Metadata(
        "Given", "2001-01-01", "Given House", "https://example.org/", "en", DocumentFacts("news")
    )
    assert complete(Extract(text, "text/markdown", Metadata(title="Given"))) == Metadata(
        "Given", "2019-06-25", "South Daily", None, "en", DocumentFacts("news")
    )


def test_properties_count_after_first_lines() -> None:
    """A file's properties are often a template's, unless the text repeats their title."""
    text = f"Appeal reverses\n\nSouth Daily, June 25, 2019\n\n{ENGLISH}"
    found = complete(Extract(text, "application/pdf", GIVEN))
    assert (found.title, found.date, found.publisher) == (
        "Appeal reverses",
        "2019-06-25",
        "South Daily",
    )
    given = Metadata(title="South Daily, June 25")
    assert complete(Extract(text, "application/pdf", given)).title == "South Daily, June 25"
    assert complete(Extract(ENGLISH, "application/pdf", GIVEN)).title == "Given"


@given(st.text(max_size=300))
def test_any_text_has_some_metadata(text: str) -> None:
    """Whatever stands there: one-line fields of bounded length, none of them blank."""
    found = complete(Extract(text, "text/plain"))
    for value in (found.title, found.date, found.publisher, found.url):
        assert value is None or (value.strip() and "\n" not in value and len(value) <= 600)
