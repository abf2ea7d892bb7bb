"""What says the same is shown once, and what differs in anything that counts is not the same."""

from __future__ import annotations

import pytest

from index.reranking.repeats import Wording, find_repeats

NOTICE = (
    "如不服本判决,可在接到判决书的第二日起十日内,通过本院或者直接向{court}提出上诉。"
    "书面上诉的,应当提交上诉状正本一份,副本二份。逾期未提出上诉的,本判决即发生法律效力,当事人必须履行。"
)
CLAUSE = (
    "{party} shall not disclose the confidential information of the other party to any person "
    "within {days} days after the end of this agreement, and shall return all copies on request."
)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (NOTICE.format(court="临川市人民法院"), NOTICE.format(court="彩云市人民法院"), True),
        (CLAUSE.format(party="tovald", days=30), CLAUSE.format(party="quillon", days=30), True),
        # A figure, or a negation, makes it another text.
        (CLAUSE.format(party="tovald", days=30), CLAUSE.format(party="tovald", days=60), False),
        (CLAUSE.format(party="tovald", days=30),
         CLAUSE.format(party="tovald", days=30).replace("shall not", "shall"), False),
        (NOTICE.format(court="临川"), NOTICE.format(court="临川").replace("十日", "十五日"), False),
        # Signs and spaces say nothing; a short text has to be the same to the letter.
        ("甲方应当付款。", "甲方应当付款", True),
        ("甲方应当付款。", "乙方应当付款。", False),
        ("", "", True),
    ],
)  # fmt: skip
def test_what_repeats(first: str, second: str, same: bool) -> None:
    assert Wording.of(first).repeats(Wording.of(second)) is same
    assert Wording.of(second).repeats(Wording.of(first)) is same


def test_the_first_in_order_is_shown_with_those_that_repeat_it() -> None:
    words = [Wording.of(text) for text in ("甲", "乙", "甲", "甲")]
    assert find_repeats([2, 1, 0, 3], words, ["A", "B", "C", "D"], {}) == {2: [0, 3], 1: []}


def test_the_edition_in_force_is_shown_for_an_older_one() -> None:
    words = [Wording.of(text) for text in ("甲", "乙", "甲")]
    replaced = {"OLD": frozenset({"NEW"})}
    assert find_repeats([0, 1, 2], words, ["OLD", "B", "NEW"], replaced) == {2: [0], 1: []}
    assert find_repeats([2, 1, 0], words, ["OLD", "B", "NEW"], replaced) == {2: [0], 1: []}
