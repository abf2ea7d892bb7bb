"""Checked quotations as messages: what differs is struck and underlined, within the limits."""

from __future__ import annotations

from bot.texts import texts_in
from bot.views.checking import asked_head, check_block, checks_blocks
from bot.views.markup import MESSAGE_ENTITIES, MESSAGE_UNITS, units, visible
from bot.views.render import Page, answer_view
from index.answer import Answer
from index.quotations.check import QuotationCheck
from index.quotations.differences import Difference
from tests.bot.telegram.markup import Markup
from tests.bot.views.samples import hit_of

TEXTS = texts_in("en")


def altered(text: str = "五年間不行使而消滅 <@all>", changes: int = 1) -> QuotationCheck:
    """An altered quotation."""
    differences = tuple(Difference(n, n + 1, text[n], "二", marked=False) for n in range(changes))
    return QuotationCheck(
        text, 0, len(text), "altered", False, "K7Q2M3PD-4", "K7Q2M3PD", "民法", "第一九七條",
        "二年間", 0, 3, differences,
    )  # fmt: skip


def test_a_difference() -> None:
    """The word quoted is struck, the original follows underlined, the rest is escaped."""
    html = check_block(altered(), TEXTS)
    assert "<s>五</s><u>二</u>年間" in html
    assert "&lt;" in html
    Markup(html)


def test_an_answer_that_warns() -> None:
    """The warning and the difference stand above the passage."""
    answer = Answer(
        "q", (hit_of("二年間不行使而消滅"),), 1.0, kind="quotation", quotation=altered()
    )
    view = answer_view(answer, TEXTS, Page("1", 3))
    assert view.html.startswith(asked_head(altered(), TEXTS))
    assert "differs from its source" in visible(view.html)


def test_many_quotations_stay_within_a_message() -> None:
    """What does not fit is left out, and said to be."""
    checks = [altered("甲乙丙丁" * 400, changes=40) for _ in range(60)]
    blocks = checks_blocks(checks, TEXTS)
    assert not blocks.is_whole
    assert units(visible(blocks.html)) <= MESSAGE_UNITS
    assert Markup(blocks.html).entities <= MESSAGE_ENTITIES
