from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.answering.sentence import find_highlights
from index.text.analyzer import BIGRAM, terms

TEXT = st.text(st.sampled_from("阿里雲公司網際網路伺服器上訴 \n\u200bab1,。"), max_size=60)


@given(TEXT, TEXT)
def test_highlights_are_sorted_disjoint_and_never_blank(text: str, question: str) -> None:
    """Spans lie in the passage, in order, apart from each other, and show something."""
    spans = find_highlights(text, set(terms(question)))
    assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in spans)
    assert all(one[1] < two[0] for one, two in pairwise(spans))


def test_highlights_are_in_the_documents_own_script() -> None:
    """A Simplified question marks the Traditional, Taiwan-worded text."""
    text = "該網際網路伺服器提供商"
    spans = find_highlights(text, set(terms("互联网服务器")))
    assert [text[start:end] for start, end in spans] == ["網際網路伺服器"]


def test_pairs_count_only_where_no_word_does() -> None:
    """A pair that matches by accident is not marked beside real words."""
    text = "一审判决后上诉"
    assert find_highlights(text, {f"{BIGRAM}审判", "上诉"}) == ((5, 7),)
    assert find_highlights(text, {f"{BIGRAM}审判"}) == ((1, 3),)
