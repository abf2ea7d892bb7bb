"""A source fits into one message, however long, and tells what is known of its document."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.markup import escape
from bot.views.signs import without_signs
from bot.views.source import source_view
from tests.bot.telegram.dialogue import rich_lines
from tests.bot.views.samples import bare, checked, long_texts, quoted_in, source_of, texts
from tests.bot.views.test_render import EN
from tests.examples import examples


@settings(deadline=None, max_examples=examples(60))
@given(long_texts, texts, st.booleans())
def test_every_source_fits(text: str, title: str, newer: bool) -> None:
    """Any passage opens in parts that fit, which together hold all of it but Markdown's signs."""
    # White space at an edge, and a sign elsewhere.
    text = re.sub("[\x0b\x0c\x1c-\x1f\x85]", " ", text)
    source = source_of(text, title or "t", superseded_by="AAAAAAAA" if newer else None)
    seen = checked(source_view(source, EN))
    match = re.search(r"part 1 of (\d+)", seen)
    parts = int(match[1]) if match else 1
    assert bool("Superseded" in seen) >= newer
    quoted = "".join(quoted_in(source_view(source, EN, part=part)) for part in range(1, parts + 1))
    assert bare(quoted.replace("…", "")) == bare(escape(without_signs(text)[0]).replace("…", ""))


def test_a_source_tells_what_is_known() -> None:
    """Publisher, date, pin, page, link, matter, hash and the ways to its neighbours."""
    source = source_of("It reversed.", "Appeal", before=True, after=True, superseded_by="AAAAAAAA")
    view = source_view(source, EN)
    text = checked(view)
    for fact in ("Appeal", "Gazette · 2019-06-20 · ¶ 4 · p. 3", "https://example.org/x"):
        assert fact in text
    assert "Matter m · Added 2026-11-22" in text
    assert "0" * 64 in text
    data = [[button.data for button in row] for row in view.rows]
    assert data[0] == ["turn:K7Q2M3PD-3", "turn:K7Q2M3PD-5"]
    assert data[3] == ["turn:AAAAAAAA-1"]  # after two rows of styles
    copies = [button.copy for button in view.rows[1]]
    assert all(copies)
    assert "K7Q2M3PD-4" in copies[0]
    assert "[N/OL]" in copies[1]


def test_long_sources_turn_their_parts_first() -> None:
    """Next leads through the parts of a passage, then to its neighbour."""
    source = source_of("One sentence. " * 800, "Long", before=True, after=True)
    first, last = source_view(source, EN), source_view(source, EN, part=99)
    assert [button.data for button in first.rows[0]] == ["turn:K7Q2M3PD-3", "turn:K7Q2M3PD-4:2"]
    assert last.rows[0][0].data.startswith("turn:K7Q2M3PD-4:")
    assert last.rows[0][1].data == "turn:K7Q2M3PD-5"


def test_a_long_source_is_one_rich_message_of_the_same_words() -> None:
    """All its words are in one message, its sentence bold, and no button turns parts."""
    text = "第一條。" * 1_500 + "The rent is due on the first. " + "Then more. " * 200
    start = text.index("The rent")
    view = source_view(source_of(text, "Long"), EN, answer=(start, start + 29))
    assert view.rich
    said = "".join(rich_lines(view.rich.message()["blocks"]))
    assert bare(text) in bare(said)
    assert {"type": "bold", "text": "The rent is due on the first."} in [
        part for block in view.rich.blocks[2]["blocks"] for part in block["text"]
    ]
    assert not any(":2" in button.data for row in view.rich_rows for button in row)
    short = source_view(source_of("It reversed.", "Appeal"), EN)
    assert short.rich is None, "apps that know no rich messages show ordinary ones"
    assert source_view(source_of("第" * 31_000, "Longer"), EN).rich is None
