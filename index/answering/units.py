"""The parts of a passage that can answer: its sentences, and the items of its lists.

Hard-wrapped lines are one sentence. A heading answers nothing, so it is told apart. An item of a
list is read with the line that introduces it, without which it says too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.language.lengths import MAX_WEIGHT, Span, weight
from corpus.language.sentences import find_sentences
from corpus.splitting.paragraphs import Paragraph, find_lines, join_lines

JOINED = 600
"""Parts of a sentence that semicolons divide stay together up to this weight, 120 Han characters:
apart they lose their subject, and more of them no longer point at an answer."""
FRAGMENT = 20
"""What is lighter than 4 Han characters, such as the number of a paragraph, is no unit."""
HEADING = 300
"""No heading is heavier: 60 Han characters, 150 Latin ones."""

_SEMICOLON = re.compile(r"[；;]\W*\Z")
_CLOSED = re.compile(r"[。！？；：.!?;:…]\W{0,3}\Z")
_INTRODUCES = re.compile(r"[：:][\s—–-]{0,3}\Z")
_NUMBERED = re.compile(
    r"\s*(?:第\S{1,8}[編编章節节條条款項项目]|[（(]?[\dA-Za-z一二三四五六七八九十]{1,4}[)）.、．]|#{1,6}\s"
    r"|(?:article|section|part|chapter)\s+[\dIVX.]{1,8})+",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"\d|[:：]\s*\S|[元圆圓年月日]|[审審]\s*判\s*[长長员員]|法\s*官|[书書]\s*[记記]|[告訴诉理護护]\s*人|[原被]\s*告"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a passage's text, `[start, end)`.

    `introduction`: for an item of a list the line that introduces it.
    """

    start: int
    end: int
    is_heading: bool = False
    introduction: Span | None = None

    @property
    def span(self) -> Span:
        """Where it stands in the passage."""
        return self.start, self.end


def find_units(text: str) -> list[Unit]:
    """The units of a passage in order; none where it is blank."""
    paragraphs = join_lines(text, find_lines(text), alone=frozenset(), openings=frozenset())
    units: list[Unit] = []
    introduction: Span | None = None
    for number, paragraph in enumerate(paragraphs):
        spans = list(_joined(text, find_sentences(text, paragraph.start, paragraph.end)))
        # A list ends at the first paragraph that is no item.
        introduction = introduction if paragraph.marker or _is_item(text, paragraph) else None
        heading = _is_heading(text, paragraphs, number)
        units += [Unit(*span, heading, introduction) for span in spans]
        if spans and _INTRODUCES.search(text, *spans[-1]):
            introduction = spans[-1]
    return units


def introduces(text: str, span: Span) -> bool:
    """Whether a span ends with the colon that announces a list."""
    return _INTRODUCES.search(text, *span) is not None


def _joined(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Spans, fragments joined to what follows and short parts of one sentence to each other."""
    begun: Span | None = None
    for start, end in spans:
        if begun is not None:
            size = weight(text[begun[0] : end])
            is_fragment = weight(text[slice(*begun)]) < FRAGMENT
            goes_on = size <= JOINED and _SEMICOLON.search(text, *begun)
            if (is_fragment or goes_on) and size <= MAX_WEIGHT:
                begun = begun[0], end
                continue
            yield begun
        begun = start, end
    if begun is not None:
        yield begun


def _is_item(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph without a marker that is known is an item by how it ends."""
    return _SEMICOLON.search(text, paragraph.start, paragraph.end) is not None


def _is_heading(text: str, paragraphs: Sequence[Paragraph], number: int) -> bool:
    """Whether a paragraph only names what follows it.

    A line that gives a value, such as the day of a judgment or a party, is none, nor is the last
    one, which has nothing to name.
    """
    paragraph = paragraphs[number]
    words = text[paragraph.start : paragraph.end]
    if number + 1 == len(paragraphs) or weight(words) > HEADING or _CLOSED.search(words):
        return False
    return not _VALUE.search(_NUMBERED.sub("", words))
