"""Block quotations of a PDF are lines set in on both sides; lists and titles are none."""

from __future__ import annotations

import textwrap

import pytest

from corpus.readers import pdf as reader
from tests.corpus.making import Placed, pdf

BODY = (
    "The appeal turns on what a notice must say to the keeper of a register, and on when it must"
    " be said. The judge below thought that a bare letter was enough, and we do not agree. "
) * 2
QUOTED = (
    "A notice that names neither the entry nor the fault which it complains of is no notice within"
    " the meaning of the rule, and the keeper may leave it unanswered without any blame at all."
)
TWO_LINES = (
    "A notice which names no entry is no notice at all within this rule, and needs no answer."
)
HAN = (
    "合格的通知應當載明登記事項的具體位置與錯誤之處，未載明者不發生通知的效力，登記機關得不予答復。"
    * 2
)
HAN_BODY = "上訴人主張其已依法通知登記機關，登記機關應於三十日內更正登記事項並答復申請人。" * 3


def page(*parts: tuple[str, float, int]) -> bytes:
    """A PDF whose parts begin `left` and are wrapped at a width of characters."""
    lines: list[Placed] = []
    y = 780.0
    for text, left, width in parts:
        for line in textwrap.wrap(text, width) or [""]:
            lines.append((left, y, 12.0, line))
            y -= 16
        y -= 8
    return pdf([lines])


def quoted(content: bytes) -> list[str]:
    """What the reader takes for block quotations, without its line ends."""
    extract = reader.read(content, "a.pdf")
    return [" ".join(extract.text[start:end].split()) for start, end in extract.quoted]


@pytest.mark.parametrize(
    ("text", "left", "width", "body", "body_width"),
    [
        (QUOTED, 108.0, 64, BODY, 76),
        (TWO_LINES, 108.0, 64, BODY, 76),
        (HAN, 120.0, 30, HAN_BODY, 38),
        (f"{QUOTED} {QUOTED}", 100.0, 66, BODY, 76),
    ],
)
def test_a_quotation(text: str, left: float, width: int, body: str, body_width: int) -> None:
    """It is found whole, and nothing else is."""
    content = page((body, 72.0, body_width), (text, left, width), (body, 72.0, body_width))
    assert [words.replace(" ", "") for words in quoted(content)] == [text.replace(" ", "")]


@pytest.mark.parametrize(
    "parts",
    [
        [(QUOTED, 108.0, 70)],  # set in on the left alone, as what belongs to a list
        [(f"- {TWO_LINES}", 108.0, 64)],
        [("Harbour Registry Ltd, 12 Quay Street,", 330.0, 20)],
        [("IN THE COURT OF APPEAL OF THE HARBOUR", 150.0, 40), ("AND IN ITS REGISTRY", 150.0, 40)],
        [("Judgment on a notice", 220.0, 40), ("of the Harbour Registry", 210.0, 40)],
        [("Short it is.", 108.0, 60), ("Shorter.", 108.0, 60), ("It ends here.", 108.0, 60)],
    ],
)
def test_no_quotation(parts: list[tuple[str, float, int]]) -> None:
    """Items, addresses, titles, and short paragraphs."""
    assert quoted(page((BODY, 72.0, 76), *parts, (BODY, 72.0, 76))) == []
