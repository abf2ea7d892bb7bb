"""Quotations in a text: marks of every kind, blocks, and what is too short to be one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotations.extraction import find_quotations, is_pasted, without_question

LONG = "one two three four five six"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"He said “{LONG}” twice.", [LONG]),
        (f'He said "{LONG}" and "{LONG} 7".', [LONG, f"{LONG} 7"]),
        ("他說「甲乙丙丁戊己庚辛」云云", ["甲乙丙丁戊己庚辛"]),
        ("他說『甲乙丙丁戊己庚辛』、「甲乙」", ["甲乙丙丁戊己庚辛"]),
        ("他说“甲乙丙丁‘戊己’庚辛”。", ["甲乙丙丁‘戊己’庚辛"]),
        (f"«{LONG}» et ‘{LONG}’", [LONG, LONG]),
        ("“one two three four” is too short", []),
        ("The tenant's and the landlord's: it's theirs, isn't it so?", []),
        (f"“{LONG}\n\n“{LONG}” and no more", [LONG, LONG]),
        (f"“{LONG} with no end", []),
        (f"“{LONG}\n\nand more of it” and no more", [f"{LONG}\n\nand more of it"]),
        (f"“{LONG} lost\n\nThen “{LONG}” again", [LONG]),
        (f"「甲乙丙丁\n\n戊己庚辛壬」，又「{LONG}」", ["甲乙丙丁\n\n戊己庚辛壬", LONG]),
        (f"in the ‘90s {LONG}\n\nthe tenants’ {LONG}", []),
        (f"> {LONG}\n> and more\n\nafter", [f"{LONG}\n> and more"]),
        (f"> “{LONG}”\n", [LONG]),
    ],
)
def test_what_is_a_quotation(text: str, expected: list[str]) -> None:
    """The outermost marks count, eight Han characters or five words on."""
    assert [text[start:end] for start, end in find_quotations(text)] == expected


def test_blocks_are_quotations() -> None:
    """Neighbouring blocks are one; marks within them are none of their own."""
    text = f"Before.\n\n{LONG} “{LONG}”\n\nmore words\n\nAfter."
    start = text.index(LONG)
    middle, end = text.index("\n\nmore"), text.index("\n\nAfter")
    spans = find_quotations(text, [(start, middle), (middle + 2, end)])
    assert spans == [(start, end)]


@given(st.text(alphabet='“”「」『』"‘’> \nab甲乙', max_size=80))
def test_spans_lie_in_order(text: str) -> None:
    """Whatever the marks are, spans ascend and do not overlap."""
    places = [place for span in find_quotations(text) for place in span]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


def test_a_question_is_told_from_a_statement() -> None:
    """What makes a question of a sentence is taken off; twenty characters may be a passage."""
    assert without_question("五年間不行使而消滅，對嗎？") == "五年間不行使而消滅"
    assert without_question("It lapses in five years, is that right?") == "It lapses in five years"
    assert without_question("It lapses in five years.") == "It lapses in five years."
    pasted = [is_pasted(text) for text in ("甲" * 20, "甲" * 19, "word " * 12, "word " * 11)]
    assert pasted == [True, False, True, False]
