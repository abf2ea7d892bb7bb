"""Alignment: the differences, undone, give the source back, and equal tokens are equal."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from index.quotations.alignment import Alignment, align
from index.quotations.canonical import canonical, canonical_text, tokens_of

WORDS = st.lists(st.sampled_from("甲 乙 丙 丁 one two three ， .".split()), min_size=3, max_size=40)


def undone(quotation: list[str], source: list[str], alignment: Alignment) -> list[str]:
    """The quotation with what stands in the source in place of each difference."""
    tokens = list(quotation)
    for edit in reversed(alignment.edits):
        tokens[edit.start : edit.end] = source[edit.source_start : edit.source_end]
    return tokens


@given(WORDS, WORDS)
def test_differences_lead_from_one_to_the_other(quotation: list[str], source: list[str]) -> None:
    """Whatever the two are, as far as they are aligned at all."""
    alignment = align(quotation, source)
    if alignment:
        part = source[alignment.source_start : alignment.source_end]
        assert undone(quotation, source, alignment) == part
        assert all(quotation[q] == source[s] for q, s in alignment.pairs)
        assert list(alignment.pairs) == sorted(set(alignment.pairs))


@given(WORDS, WORDS, WORDS)
def test_what_stands_there_is_found(before: list[str], words: list[str], after: list[str]) -> None:
    """A quotation that is a part of the source has no difference."""
    alignment = align(words, before + words + after)
    assert alignment is not None
    assert not alignment.edits


def test_time_grows_with_the_length() -> None:
    """Ten times the text takes far less than a hundred times as long."""

    def seconds(size: int) -> float:
        source = [str(number * number) for number in range(size)]
        quotation = [token if at % 50 else "x" for at, token in enumerate(source)]
        started = time.process_time()
        assert align(quotation, source)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(20_000) < 60 * seconds(2_000) + 0.5


@given(st.text(max_size=60))
def test_the_canonical_form_leads_back(text: str) -> None:
    """Offsets ascend within the text, and the form without offsets is the same."""
    form = canonical(text)
    assert form.text == canonical_text(text)
    assert len(form.text) == len(form.folded) == len(form.starts) == len(form.ends)
    assert list(form.starts) == sorted(form.starts)
    assert all(0 <= at < len(text) for at in form.starts)
    tokens = tokens_of(form)
    assert all(start < end for start, end in tokens.spans)
