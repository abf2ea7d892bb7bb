from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalize import fold
from index.text.numerals import _FORMS, canonical, number


def found(text: str) -> set[str]:
    return {term for _, _, term in canonical(fold(text).text)}


def chinese(value: int) -> str:
    """A slow, plain writer of Chinese numerals, the independent other side of `number`."""
    digits = "零一二三四五六七八九"

    def below_myriad(n: int) -> str:
        out = ""
        for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, n = divmod(n, unit)
            if digit:
                out += digits[digit] + name
            elif out and n and not out.endswith("零"):
                out += "零"
        return out

    high, low = divmod(value, 10_000)
    text = below_myriad(high) + "万" if high else ""
    if high and 0 < low < 1000:
        text += "零"
    return text + below_myriad(low)


@given(st.integers(1, 99_999_999))
def test_a_number_written_in_chinese_reads_back(value: int) -> None:
    """number(chinese(n)) == n, for every n below a hundred million."""
    assert number(chinese(value)) == value


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
    for start, end, term in canonical(text):
        assert term
        assert 0 <= start < end <= len(text)


FRAGMENTS = st.sampled_from(
    " ,第,三十六,36,条,art. ,§,年,月,日,民国,2015,二〇一五,-,/,.,10,oct,ober ,百分之,万,million,%,"
    "(,),京,民终,号,٣".split(",")
)


@given(st.lists(FRAGMENTS, max_size=14).map("".join))
def test_looking_for_a_forms_characters_first_loses_none(text: str) -> None:
    """What is found is what every pattern finds by itself, in the same order."""
    everything = [
        (match.start(), match.end(), term)
        for _, pattern, terms in _FORMS
        for match in pattern.finditer(text)
        for term in terms(match)
    ]
    assert list(canonical(text)) == everything
