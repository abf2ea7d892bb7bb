"""Markdown's signs are left out of what a person reads, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.signs import without_signs


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("## 二、判決\n\n**主文**：駁回。", "二、判決\n\n主文：駁回。"),
        ("> The *whole* of `clause 4` is __void__.", "The whole of clause 4 is void."),
        ("See [the order](https://example.org/a).", "See the order."),
        ("| Item | Fee |\n|---|---:|\n| Room | 20 |", "| Item | Fee |\n| Room | 20 |"),
        ("2 * 3 * 4, a*b*c, snake_case_name, ** not paired", None),
        ("* Counsel did not appear. C# and #hashtag stay; 5 > 3.", None),
        ("[2019] 1 WLR 25 (CA) and [46] (see below)", None),
    ],
)
def test_signs_go_and_words_stay(text: str, seen: str | None) -> None:
    """Headings, emphasis, code, links, quotations and rules go; stars and brackets of law stay."""
    assert without_signs(text)[0] == (text if seen is None else seen)


@given(st.text(alphabet="ab *_#`>|-[]()\n/:", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_marks_stay_on_their_words(text: str, first: int, last: int) -> None:
    """A marked span holds afterwards just what it held, without the signs."""
    start, end = sorted((min(first, len(text)), min(last, len(text))))
    shown, [(a, b)] = without_signs(text, [(start, end)])
    assert 0 <= a <= b <= len(shown)
    letters = [each for each in text[start:end] if each in "ab"]
    assert [each for each in shown[a:b] if each in "ab"] == letters


def test_a_marked_word_keeps_its_place() -> None:
    """A bold sentence below a heading is marked from its first to its last letter."""
    text = "# Terms\n\nThe **rent** is due."
    shown, [(a, b)] = without_signs(text, [(text.index("The"), len(text))])
    assert shown[a:b] == "The rent is due."
