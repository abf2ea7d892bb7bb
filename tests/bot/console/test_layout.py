"""Lines for a terminal: nothing is lost, nothing is too wide, and marks stay where they belong."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.console.layout import Prose, breaks

TEXTS = st.text("ab c，。「」《》（）一二三，.-é\u0301\U0001f600", max_size=60)


def pieces(text: str, width: int) -> list[str]:
    cuts = [0, *breaks(text, width), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


@given(TEXTS, st.integers(2, 30))
def test_every_character_is_kept_and_every_line_fits(text: str, width: int) -> None:
    """The pieces put together are the text; only blanks stand beyond the width."""
    lines = pieces(text, width)
    assert "".join(lines) == text
    assert all(cell_len(piece.rstrip()) <= width for piece in lines)
    assert all(lines) or not text


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("the landlord repairs the roof", 12, ["the landlord ", "repairs the ", "roof"]),
        ("上訴人：阿里雲", 6, ["上訴", "人：阿", "里雲"]),
        ("他說「可以」", 6, ["他說", "「可", "以」"]),
        ("第36條 and 第十條", 8, ["第36條 ", "and 第十", "條"]),
        ("（一）。」、二", 4, ["（一", "）。", "」、", "二"]),
        ("unbreakableword", 6, ["unbrea", "kablew", "ord"]),
        ("", 6, [""]),
    ],
)
def test_where_lines_break(text: str, width: int, wanted: list[str]) -> None:
    """By hand: words whole, no closing mark first, no opening mark last."""
    assert pieces(text, width) == wanted


def test_on_a_terminal_it_takes_the_width_there_is() -> None:
    """As Rich prints it, styles and tabs included."""
    screen = io.StringIO()
    Console(file=screen, width=6).print(Prose("上訴人：阿里雲\n\n\tx", "bold"))
    assert [line.rstrip() for line in screen.getvalue().splitlines()][:4] == [
        "上訴",
        "人：阿",
        "里雲",
        "",
    ]
