"""Plain text is the bytes, decoded; figures that a wrap broke are whole again."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.plain import read, rejoin_figures

WRAPPED = """
    原告主張被告應給付租金，並請求自民國一百零九年起算之利息共計新臺幣1,512,
    905 元，及自起訴狀繕本送達翌日起至清償日止，按週年利率百分之五計算之利
    息，被告則以其已付清為辯。
"""


def test_a_figure_broken_by_the_wrap_is_whole() -> None:
    """On the line where it begins; nothing but white space moves."""
    text = read(WRAPPED.encode(), "a.txt").text
    assert "新臺幣1,512,905\n     元，" in text
    assert "".join(text.split()) == "".join(WRAPPED.split())


def test_figures_below_one_another_stay() -> None:
    """In a column, in English, and where the line above was not filled."""
    for text in (
        "金額如下：\n1,200\n3,400\n",
        "The sum due under the lease for the whole of the term is HKD 1,512,\n905 of it paid.\n",
        WRAPPED.replace("並請求自民國一百零九年起算之利息共計", ""),
    ):
        assert rejoin_figures(text) == text


@given(st.text("一二三四五六七八九十1,9 \n", max_size=300))
def test_only_white_space_moves(text: str) -> None:
    """Whatever the text: the same characters in the same order."""
    assert re.sub(r"\s", "", rejoin_figures(text)) == re.sub(r"\s", "", text)
