"""Room is shared out and texts are shortened within their limits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.markup import quoted_first, shares, shortened, units, visible
from bot.views.quotation import pieces
from tests.bot.telegram.markup import utf16
from tests.bot.views.samples import bare, long_texts, texts


@given(st.integers(0, 500), st.lists(st.integers(0, 200), max_size=12))
def test_shares(total: int, wants: list[int]) -> None:
    """Nobody gets more than wanted or less than an equal part, and nothing is given twice."""
    given_out = shares(total, wants)
    assert sum(given_out) <= total
    assert all(got <= want for got, want in zip(given_out, wants, strict=True))
    if wants:
        fair = total // len(wants)
        assert all(got >= min(w, fair) for got, w in zip(given_out, wants, strict=True))


@given(texts, st.integers(1, 50))
def test_shortened(text: str, limit: int) -> None:
    """A text within the limit is untouched, any other fits and says that it was cut."""
    short = shortened(text, limit)
    assert units(short) <= limit
    assert short == text or short.endswith("…")


@settings(deadline=None)
@given(long_texts, st.integers(20, 600))
def test_pieces_fit(text: str, room: int) -> None:
    """Every piece fits, and together they hold every character but white space."""
    spans = pieces(text, room)
    assert all(utf16(text[start:end]) <= room for start, end in spans)
    assert bare("".join(text[start:end] for start, end in spans)) == bare(text)


def test_what_is_quoted_comes_first_where_space_is_short() -> None:
    """A source begins with its text; an answer with its sentence, which the passage holds."""
    source = "<b>Lease</b>\n<blockquote>Rent is due.</blockquote>\nK7Q2M3PD-4"
    assert visible(quoted_first(source)).startswith("Rent is due.\nLease")
    folded = "<blockquote expandable>Roof. Rent.</blockquote>"
    answer = f"<b>Rent is due.</b>\n1 · Lease\n{folded}\n\n2 · B"
    assert visible(quoted_first(answer)) == "Rent is due.\n1 · Lease\n2 · B"
    assert quoted_first("No.") == "No."
