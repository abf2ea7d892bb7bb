"""A passage falls into sentences and items; headings are told apart, and nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.language.lengths import MAX_WEIGHT, weight
from index.answering.sentence import find_parts


def shown(text: str) -> list[str]:
    return [text[part.start : part.end] for part in find_parts(text)]


def test_a_heading_is_no_sentence() -> None:
    """A line that names what follows is told apart; a line that gives a value is not."""
    text = "Article 12 Notice of defects\n\nThe buyer gives notice in ten days. Silence accepts."
    units = find_parts(text)
    assert [part.is_heading for part in units] == [True, False, False]
    assert not any(part.is_heading for part in find_parts("审判长 何一舟\n二〇二一年三月九日"))


def test_hard_wrapped_lines_are_one_sentence() -> None:
    """A line that the width of a column ends does not end the sentence."""
    text = (
        "The parties agree that the machines will be delivered to the\n"
        "harbour of the seller not later than the last working day of\n"
        "the month in which the deposit was paid, unless the buyer has\n"
        "asked for a later day in writing. Risk passes on delivery."
    )
    assert [part.split()[0] for part in shown(text)] == ["The", "Risk"]


def test_an_item_has_its_introduction() -> None:
    """Each item of a list knows the line that announces it; what follows the list does not."""
    text = "租客有下列义务：\n（一）按月付租；\n（二）不得转租。\n其他事项另行约定。"
    units = find_parts(text)
    announced = (0, text.index("\n"))
    assert [part.introduction for part in units] == [None, announced, announced, None]


def test_semicolons_divide_only_what_is_long() -> None:
    """Two short clauses stay together; clauses of a hundred characters each do not."""
    assert len(shown("甲方供货；乙方付款。")) == 1
    assert len(shown(f"{'甲方应当供货' * 20}；{'乙方应当付款' * 20}。")) == 2


def test_a_title_that_ends_with_a_mark_ends_no_sentence() -> None:
    """What stands within 《》 is a name."""
    assert len(shown("他写了《谁是证人？》一书。后来又写了续篇。")) == 2


@given(st.text(st.sampled_from("甲乙。；：!?. \n\t一、(a)1第条ab-*#《》🙂\u3000"), max_size=300))
def test_units_are_in_order_and_hold_all_words(text: str) -> None:
    """Units do not overlap, are not blank, not too heavy, and leave out nothing but blanks."""
    units = find_parts(text)
    ends = [0, *(part.end for part in units)]
    assert all(end <= part.start < part.end for end, part in zip(ends, units, strict=False))
    assert all(weight(text[part.start : part.end]) <= MAX_WEIGHT for part in units)
    held = "".join(text[part.start : part.end] for part in units)
    assert "".join(held.split()) == "".join(text.split())


def test_a_passage_without_end_is_cut() -> None:
    """A sign that folds to many, repeated without a stop, still makes units of bounded size."""
    units = find_parts("\ufdfa" * 4096)
    assert max(part.end - part.start for part in units) <= MAX_WEIGHT
