"""What the page shows of a passage, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.citing.styles import STYLES, cite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reader.rendering import OutlineEntry, ReaderPassage
    from corpus.language.lengths import Span
    from corpus.models import Source
    from corpus.readers.page_boxes import PageBoxes
    from index.comparison import ComparedPair


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a document as it looks."""

    number: int
    """From 1."""
    width: int
    height: int
    """In points: what counts is their ratio."""
    boxes: PageBoxes | None
    """None where the page cannot be read."""


@dataclass(frozen=True, slots=True)
class StyledQuotation:
    """The passage with its citation in one style, ready to be pasted."""

    style: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkedPassage:
    """Another place that the page leads to, with a key of its own."""

    citation: str
    key: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """All that one page of HTML shows."""

    source: Source
    key: str
    passages: Sequence[ReaderPassage]
    pages: Sequence[PageView]
    outline: Sequence[OutlineEntry]
    quotations: Sequence[StyledQuotation]
    position: tuple[int, int] | None
    """The passage's place among those of the answer, and how many these are."""
    previous: LinkedPassage | None
    following: LinkedPassage | None
    newer: LinkedPassage | None
    older: LinkedPassage | None
    earlier_part: str
    later_part: str
    """The citations with which the parts before and after begin, '' where there is none."""
    may_have_original: bool


@dataclass(frozen=True, slots=True)
class ShownChange:
    """An article or paragraph before and after: words, each with whether they differ."""

    pin: str
    before: tuple[tuple[str, bool], ...]
    after: tuple[tuple[str, bool], ...]
    before_citation: str
    after_citation: str


def quotations_of(source: Source) -> list[StyledQuotation]:
    """The passage with its citation, in each style."""
    # Nothing is cut here, as it is for a copy button of Telegram: the clipboard of a browser has
    # room.
    cite_as = cite(source.passage, source.document, limit=None)
    words = source.passage.text.strip()
    is_chinese = (source.document.language or "").startswith("zh")
    # Taiwan and Hong Kong quote with corner brackets, the mainland as English does.
    quoted = f"「{words}」" if source.document.language == "zh-Hant" else f"“{words}”"
    # A block of several lines carries its source below it; a sentence has it beside.
    join = "\n" if is_chinese or "\n" in words else " "
    return [
        StyledQuotation(style.name, style.label, f"{quoted}{join}{cite_as[style.name]}")
        for style in STYLES
    ]


def change_of(pair: ComparedPair) -> ShownChange:
    """A pair of two versions, as it is shown."""
    before, after = pair.before, pair.after
    newest = after or before
    assert newest
    spans = pair.differences
    return ShownChange(
        newest.pin,
        _marked_parts(before.text, [span[:2] for span in spans]) if before else (),
        _marked_parts(after.text, [span[2:] for span in spans]) if after else (),
        before.citation if before else "",
        after.citation if after else "",
    )


def _marked_parts(text: str, spans: Sequence[Span]) -> tuple[tuple[str, bool], ...]:
    """The text cut where spans begin and end; all of it differs where there are none."""
    if not spans:
        return ((text, True),)
    parts: list[tuple[str, bool]] = []
    place = 0
    for start, end in spans:
        parts += [(text[place:start], False), (text[start:end], True)]
        place = end
    return tuple(part for part in [*parts, (text[place:], False)] if part[0])
