"""Lists of documents keep Telegram's limits and say who filed what, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import LANGUAGES, texts_in
from bot.views.listing import PAGE, Listing, choose_view, confirm_view, digest, list_view
from corpus.models import ListedDocument
from tests.bot.telegram.markup import check_message
from tests.bot.views.samples import texts as nasty_texts
from tests.corpus.recorded import RECORD
from tests.examples import examples


def document(
    title: str, publisher: str | None = None, replaced_by: str | None = None
) -> ListedDocument:
    earlier = "2001-01-01T00:00:00Z"
    record = replace(
        RECORD, title=title, publisher=publisher, superseded_by=replaced_by, added=earlier
    )
    return ListedDocument(record, "2026-11-22T12:00:00Z", 102)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.tuples(nasty_texts, nasty_texts), min_size=1, max_size=PAGE),
    nasty_texts,
    st.sampled_from(sorted(LANGUAGES)),
)
def test_limits(facts: list[tuple[str, str]], name: str, language: str) -> None:
    """Whatever documents and people are called, each view is a message that Telegram takes."""
    listed = tuple(document(title or "t", publisher) for title, publisher in facts)
    listing = Listing(listed, 10**8, 2 * 10**8, {102: name})
    texts = texts_in(language)
    matters = [chr(0x4E00 + number) * 64 for number in range(120)]
    views = (
        list_view(listing, texts, keeps=True),
        choose_view(listing, texts),
        confirm_view(listed[0].document, matters, texts, 10**8),
    )
    for view in views:
        keyboard = [[{"text": b.label, "callback_data": b.data} for b in row] for row in view.rows]
        check_message(view.html, keyboard)


def test_who_and_when() -> None:
    """The day of filing within the scope counts, not that of an earlier one behind a wall."""
    listing = Listing((document("Lease", replaced_by="X"),), 0, 1, {102: "Ann <b>"})
    view = list_view(listing, texts_in("en"), keeps=False)
    assert "added 2026-11-22 by Ann &lt;b&gt; · superseded" in view.html
    assert "2001" not in view.html
    unknown = Listing(listing.listed, 0, 1, {})
    assert "added 2026-11-22 · superseded" in list_view(unknown, texts_in("en"), keeps=False).html


@pytest.mark.parametrize("others", [["a"], ["a", "b", "c"], []])
def test_digest(others: list[str]) -> None:
    """Any other set of matters has another digest; their order does not matter."""
    assert digest(["b", "a"]) == digest({"a", "b"})
    assert digest(others) != digest(["a", "b"])
