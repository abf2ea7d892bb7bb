"""The whole answer with all its buttons is on one screen of a phone, whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.texts import texts_in
from bot.views.render import Page, answer_view
from bot.views.view import View
from corpus.language.lengths import columns
from corpus.models import Scope
from index.search import Searcher
from tests.bot.telegram.markup import Markup
from tests.index.conftest import casefile, expander
from tests.index.test_casefile_questions import TRUE

pytestmark = pytest.mark.slow

__all__ = ["casefile", "expander"]

COLUMNS = 38
"""Of a line: Latin characters, each of which is half as wide as a Han character."""
LINES = 20
FOLDED = 3
"""Lines that Telegram shows of a folded quotation."""
TALKS = {
    "en": ("why did the appeal reverse?", "and what about the notices?", "and the damages then?"),
    "zh-Hant": ("上訴為何逆轉?", "那通知呢?", "那賠償金額呢?"),
    "zh-Hans": ("二审为什么改判?", "那通知呢?", "那赔偿金额呢?"),
}
_FOLD = re.compile(r"<blockquote expandable>(.*?)</blockquote>", re.DOTALL)


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text as a phone breaks them: at spaces, and between Han characters."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+", paragraph):
            if columns(line + piece.rstrip()) > width:
                lines += [line] if line else []
                line = piece.lstrip()
                while columns(line) > width:
                    lines.append(line[:width])
                    line = line[width:]
            else:
                line += piece
        lines.append(line)
    return lines


def screen(view: View) -> list[str]:
    """What a person sees before a tap: the text, then the rows of buttons."""
    lines: list[str] = []
    for number, part in enumerate(_FOLD.split(view.html)):
        text = Markup(part).text.strip("\n")
        if text and number % 2:
            lines += wrapped(text, COLUMNS - 2)[:FOLDED]
        elif text:
            lines += wrapped(text, COLUMNS)
    return lines + [" | ".join(button.label for button in row) for row in view.rows]


def asked(searcher: Searcher) -> Iterator[tuple[str, View]]:
    """Questions in three languages, and talks that go on from what was understood."""
    for question, _ in TRUE:
        answer = searcher.answer(question, scope=Scope.all(), k=3)
        han = any("\u3400" <= character < "\ua000" for character in question)
        for language in ("zh-Hant", "zh-Hans") if han else ("en",):
            for several in (False, True):
                page = Page("token0000001", 3, several=several)
                yield question, answer_view(answer, texts_in(language), page)
    for language, (first, *following) in TALKS.items():
        topic = first
        for question in following:
            answer = searcher.answer(question, scope=Scope.all(), k=3, earlier=topic)
            topic = answer.understood_as or question
            yield question, answer_view(answer, texts_in(language), Page("token0000001", 3))


def test_an_answer_is_on_one_screen(casefile: Searcher) -> None:
    """Its text and all five rows of buttons, that of the reader's page among them."""
    too_long = []
    for question, view in asked(casefile):
        shown = screen(view)
        if len(shown) > LINES:
            too_long.append((question, len(shown), shown))
    assert not too_long, "\n\n".join("\n".join(shown) for _, _, shown in too_long[:3])


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 8, ["one two ", "three"]),
        ("上訴為何逆轉", 6, ["上訴為", "何逆轉"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("a\n\nb", 4, ["a", "", "b"]),
    ],
)
def test_a_phone_wraps(text: str, width: int, lines: list[str]) -> None:
    """The measure itself."""
    assert wrapped(text, width) == lines
