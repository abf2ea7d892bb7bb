"""Tables of many documents: the same words as a rich message and as ordinary ones, all of them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bot.texts import LANGUAGES, texts_in
from bot.views.markup import MESSAGE_ENTITIES, MESSAGE_UNITS, units, visible
from bot.views.tables import (
    FEW_ROWS,
    Table,
    compared_table,
    each_table,
    table_view,
    timeline_table,
)
from index.answer import EachAnswer
from index.comparison import ComparedPair, ComparedUnit
from index.timeline import DatedSentence, Timeline
from tests.bot.telegram.dialogue import rich_lines
from tests.bot.telegram.markup import Markup
from tests.bot.views.samples import hit_of

ENGLISH = texts_in("en")
WORD = re.compile(r"\w+")


def dated(count: int, text: str = "The roof was repaired.") -> Table:
    """A table of so many dates."""
    rows = [
        DatedSentence(f"2020-01-{n % 28 + 1:02}", None, f"{text} {n}", f"K7Q2M3PD-{n}", "K", "題",
                      f"¶ {n}", 0, 9)
        for n in range(1, count + 1)
    ]  # fmt: skip
    table = timeline_table(Timeline(tuple(rows), 3), ENGLISH)
    assert table
    return table


def compared(count: int, text: str, changes: int) -> Table:
    """A table of so many changed articles."""
    spans = tuple((n * 4, n * 4 + 2, n * 4, n * 4 + 2) for n in range(changes))
    pairs = [
        ComparedPair(
            "changed",
            ComparedUnit(f"A7Q2M3PD-{n}", f"Article {n}", text, 0),
            ComparedUnit(f"B7Q2M3PD-{n}", f"Article {n}", text, 0),
            spans,
        )
        for n in range(1, count + 1)
    ]
    return compared_table(pairs, ENGLISH)


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text))


def markup_words(table: Table) -> Counter[str]:
    """The words of all the ordinary messages, each line of sum once."""
    rows = (row.html for part in table.parts() for row in part)
    # A tag ends a word: what stands before it and after it are two.
    apart = (visible(re.sub(r"(</(?:blockquote|code)>)", r" \1 ", row)) for row in rows)
    return words(" ".join([*apart, visible(table.total)]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, FEW_ROWS + 1, 60])
def test_the_same_words_in_both_forms(language: str, count: int) -> None:
    """The rich message holds every word of the ordinary ones, and its header beside them."""
    texts = texts_in(language)
    hits = tuple(hit_of(f"The rent is due on day {n}.") for n in range(count))
    tables = (
        each_table(EachAnswer("q", hits, (), 1.0), texts),
        compared(count, "The tenant pays twelve months of rent ahead.", 3),
        dated(count),
    )
    for table in tables:
        rich = table.rich()
        assert (rich is None) == (count <= FEW_ROWS)
        if rich:
            shown = words("\n".join(rich_lines(rich.message()["blocks"])))
            missing = markup_words(table) - shown
            assert not missing
            assert set(shown - markup_words(table)) <= set(words(" ".join(table.header)))


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 90, 400])
@pytest.mark.parametrize("text", ["甲" * 500, "<b>&" * 120, "👩‍⚖️ " * 100])
def test_parts_keep_the_limits_and_lose_nothing(count: int, text: str) -> None:
    """Every part is within Telegram's limits, and together they hold each row once, in order."""
    for table in (dated(count, text), compared(count, text * 4, 30)):
        parts = table.parts()
        assert [row for part in parts for row in part] == list(table.rows)
        for number in range(len(parts)):
            view = table_view(table, ENGLISH, "key0000001", number)
            assert units(visible(view.html)) <= MESSAGE_UNITS
            assert Markup(view.html).entities <= MESSAGE_ENTITIES
            labels = [button.label for row in view.rows for button in row]
            assert (ENGLISH.back_label in labels) == (number > 0)
            assert (ENGLISH.more_label in labels) == (number + 1 < len(parts))


def test_a_table_beyond_a_rich_message_comes_in_parts() -> None:
    """What a rich message cannot hold is not cut: it comes as ordinary messages."""
    assert dated(700).rich() is None
    assert len(dated(700).parts()) > 1
