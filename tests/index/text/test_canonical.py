from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.dates import find_dates
from index.text.canonical import _FORMS, canonical_terms
from index.text.normalize import fold


def found(text: str) -> set[str]:
    return {term for _, _, term in canonical_terms(fold(text).text)}


@pytest.mark.parametrize(
    "ways",
    [
        ("第三十六條", "第36条", "第３６條", "Article 36", "Art. 36", "art 36", "§ 36"),
        ("第十五條之一", "第15条之1", "Article 15-1"),
        ("26萬", "26万", "260,000", "二十六万", "贰拾陆万", "260 thousand"),
        ("1.5 million", "150万", "1,500,000", "一百五十萬"),
        ("25%", "百分之二十五", "25 per cent"),
        (
            "2015年10月10日",
            "10 October 2015",
            "October 10, 2015",
            "10th of Oct. 2015",
            "2015-10-10",
            "2015/10/10",
            "二〇一五年十月十日",
            "民國104年10月10日",
            "中華民國一百零四年十月十日",
            "104年10月10日",
            "２０１５年１０月１０日",
            "the 10th day of October, 2015",
            "平成二十七年十月十日",
        ),
        ("2015年10月", "October 2015", "二〇一五年十月"),
        ("(2017)京73民终1194号", "（2017）京73民終1194號", "〔2017〕京73民终 1194 号"),
        ("(2015)石民(知)初字第8279号", "（2015）石民（知）初字第8279號"),
        ("108年度台上字第1234號", "108年度台上字第 1234 号"),
    ],
)
def test_ways_of_writing_one_thing_share_a_term_of_their_own(ways: tuple[str, ...]) -> None:
    """All ways give a common term that the other things' ways do not give."""
    common = set.intersection(*map(found, ways))
    assert common - found("第七條 3 May 1999 (1999)沪01民初7号 7,000,000 七成")


@pytest.mark.parametrize("text", ["一審", "二审", "第三人", "may", "1194", "版本 2.3.1", "三方"])
def test_what_is_no_date_or_article_is_not_taken_for_one(text: str) -> None:
    """Bare words and numbers give no article, date or docket."""
    assert not any(":" in term for term in found(text))


@given(
    st.text(st.sampled_from("第三十六条之年月日号()0123456789,.%-/ 万亿oct民国百分之"), max_size=80)
)
def test_spans_lie_in_the_text_and_terms_are_not_empty(text: str) -> None:
    """Whatever is written, terms come with the span that says them."""
    for start, end, term in canonical_terms(text):
        assert term
        assert 0 <= start < end <= len(text)


FRAGMENTS = st.sampled_from(
    " ,第,三十六,36,条,art. ,§,年,月,日,民国,2015,二〇一五,-,/,.,10,oct,ober ,百分之,万,million,%,"
    "(,),京,民终,号,٣".split(",")
)


@given(st.lists(FRAGMENTS, max_size=14).map("".join))
def test_looking_for_a_forms_characters_first_loses_none(text: str) -> None:
    """What is found is what every pattern finds by itself, in the same order."""
    everything = [term for _, find in _FORMS for term in find(text)]
    assert list(canonical_terms(text)) == everything


@pytest.mark.parametrize("text", ["2021年2月31日", "31 February 2021", "2021-02-31", "二月三十日"])
def test_an_impossible_date_is_text(text: str) -> None:
    """Neither the day nor its month is a date."""
    assert not any(term.startswith("date:") for term in found(text))


DATES = st.one_of(
    st.tuples(
        st.sampled_from(["", "中華民國", "民國", "令和"]),
        st.sampled_from(
            ["2021", "１１０", "110", "二〇二一", "一百一十", "99", "元", "3", "二OO八"]
        ),
        st.sampled_from(["年", " 年 "]),
        st.sampled_from(["2", "２", "二", "十二", "13"]),
        st.sampled_from(["月", " 月"]),
        st.sampled_from(["", "8日", "廿八日", "卅一日", "31 號", "二十九号"]),
    ).map("".join),
    st.tuples(
        st.sampled_from(["2021", "1998", "3", "31"]),
        st.sampled_from("-/."),
        st.sampled_from(["2", "02", "12", "30"]),
        st.sampled_from("-/."),
        st.sampled_from(["8", "31", "2021"]),
    ).map("".join),
    st.tuples(
        st.sampled_from(["", "8 ", "31st day of ", "30-"]),
        st.sampled_from(["February", "MAY", "Sept.", "Dec"]),
        st.sampled_from(["", " 3", " 31st"]),
        st.sampled_from([", ", " ", "-"]),
        st.sampled_from(["2021", "98", ""]),
    ).map("".join),
)
GLUE = st.sampled_from(["", " ", "，", "于", "(", ")", ".", "a", "1", "號", "/", "至"])


@given(st.lists(st.one_of(DATES, GLUE), max_size=8).map("".join))
def test_metadata_and_index_read_the_same_dates(text: str) -> None:
    """Every date that metadata finds is a date term of the index, and every whole one back."""
    line = {f"date:{date.iso}" for date in find_dates(text)}
    index = {term for term in found(text) if term.startswith("date:") and "--" not in term}
    months = {term[: len("date:2021-02")] for term in line}
    assert line <= index
    assert index == line | months
