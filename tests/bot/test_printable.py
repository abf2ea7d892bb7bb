"""Text for a terminal: of the same length, and with nothing in it that a terminal would obey."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.printable import printable, printable_line

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_lengths_never_change(text: str) -> None:
    """Offsets into the text hold for what is shown."""
    assert len(printable(text)) == len(text) == len(printable_line(text))


@given(ANY_TEXT)
def test_nothing_is_obeyed(text: str) -> None:
    """No control, no bidirectional override, no lone surrogate is left; a line stays a line."""
    bidirectional = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    for char in printable(text):
        assert unicodedata.category(char) not in {"Cs", "Zl", "Zp"}
        assert unicodedata.category(char) != "Cc" or char in "\n\t"
        assert unicodedata.bidirectional(char) not in bidirectional
    assert len(printable_line(text).splitlines()) <= 1


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs"))))
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Letters, marks, digits, punctuation and symbols of any script stay as they are."""
    assert printable(text) == text


def test_controls_are_shown_as_pictures() -> None:
    """An escape sequence is seen for what it is."""
    assert printable("a\x1b[2Jb\r\n\u202ec") == "a␛[2Jb \n\N{REPLACEMENT CHARACTER}c"
