from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.numerals import parse_number, parse_roman


def chinese(value: int) -> str:
    """A slow, plain writer of Chinese numerals, the independent other side of `parse_number`."""
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
    """parse_number(chinese(n)) == n, for every n below a hundred million."""
    assert parse_number(chinese(value)) == value


@given(st.integers(0, 9_999), st.sampled_from([0x660, 0x966, 0xFF10, 0x1D7CE]))
def test_figures_of_every_script(value: int, zero: int) -> None:
    """Arabic, Devanagari, full-width and mathematical figures are figures."""
    assert parse_number("".join(chr(zero + int(figure)) for figure in str(value))) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("廿八", 28),
        ("卅", 30),
        ("二〇二一", 2021),
        ("一一〇", 110),
        ("26萬", 260_000),
        ("貳拾參億", 2_300_000_000),
        ("", None),
        ("法", None),
        ("1.5", None),
    ],
)
def test_mixed_and_banking_forms(text: str, value: int | None) -> None:
    """In both scripts, with the signs for twenty and thirty; anything else is no number."""
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("IV", 4), ("xxxix", 39), ("MCMXCIV", 1994), ("A", None)]
)
def test_roman(text: str, value: int | None) -> None:
    """In either case."""
    assert parse_roman(text) == value
