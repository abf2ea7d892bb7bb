"""Where does one passage end and the next begin, and how is each named?

text -> lines -> paragraphs, headings, articles -> sections -> pieces -> passages

Every word lies in exactly one passage. A heading opens the passage of the text below it, without
marks such as Markdown's `##`, and is carried as context by the passages after that one.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.language.lengths import MIN_WEIGHT, weight
from corpus.models import Heading, Passage
from corpus.splitting import grouping
from corpus.splitting import headings as titles
from corpus.splitting.paragraphs import Paragraph, lines, paragraphs
from corpus.splitting.statutes import article_openings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.splitting.grouping import Piece


@dataclass(frozen=True, slots=True)
class _Section:
    """Paragraphs between which passages may be cut, but which share none with their neighbours."""

    start: int
    """Where its headings begin, or its first paragraph."""
    numbers: tuple[int, ...]
    article: str
    above: str
    """The headings in force above its own."""
    within: str


def split(
    text: str,
    *,
    headings: Sequence[Heading] = (),
    page_starts: Sequence[int] = (),
    language: str | None = None,
) -> tuple[Passage, ...]:
    """Cut a document's text into passages: verbatim, in order, disjoint, never blank.

    A passage weighs about as much as 60 to 400 Han characters or 150 to 1,000 Latin ones; its
    headings come on top. Articles of a statute, list items with a title, and what stands alone
    under a heading may be shorter. Time grows linearly with the text.

    headings: spans that the format marks as headings; others are found
    page_starts: the offset at which each page begins, ascending; empty without pages
    language: accepted for the caller's convenience; scripts are told from the characters
    """
    found = lines(text)
    articles = article_openings(text, ((line.start, line.end) for line in found))
    marked = titles.marked_lines(text, found, headings, articles)
    parts = paragraphs(text, found, alone=frozenset(marked), openings=frozenset(articles))
    outline = titles.find(text, parts, marked, by_articles=bool(articles))
    pins = _Pins(parts, page_starts)
    notes = grouping.footnotes(text, parts, page_starts)
    passages: list[Passage] = []
    for section in _with_front(text, parts, list(_sections(parts, outline, articles))):
        pieces = grouping.pieces(text, parts, section.numbers, notes)
        runs = grouping.group(pieces, weight(text[section.start : pieces[0].start]))
        for order, run in enumerate(runs):
            start = run[0].start if order else section.start
            end = run[-1].end
            heading = section.within if order else section.above
            pin = pins.name(section, run, whole=len(runs) == 1)
            passages.append(
                Passage(
                    len(passages) + 1, start, end, text[start:end], pin, pins.page(start), heading
                )
            )
    return tuple(passages)


def _sections(
    parts: Sequence[Paragraph], outline: Mapping[int, titles.Found], articles: Mapping[int, str]
) -> Iterator[_Section]:
    """Cut at headings, at articles, and around list items that have a title of their own."""
    trail: list[titles.Found] = []
    number = 0
    while number < len(parts):
        start, above = parts[number].start, titles.context(trail)
        if number in outline:
            start += outline[number].mark
            above = titles.enter(trail, outline[number])
        while number in outline:
            titles.enter(trail, outline[number])
            number += 1
        first, article = number, articles.get(parts[number].start, "")
        number += 1
        while number < len(parts) and number not in outline:
            titled = not article and (parts[number].titled or parts[number - 1].titled)
            if parts[number].start in articles or titled:
                break
            number += 1
        within = titles.context(trail)
        yield _Section(start, tuple(range(first, number)), article, above, within)


def _with_front(text: str, parts: Sequence[Paragraph], sections: list[_Section]) -> list[_Section]:
    """Let what little stands before the first heading, such as title and date, join its text."""
    if len(sections) < 2:
        return sections
    front, body = sections[:2]
    before = weight(text[front.start : parts[body.numbers[0]].start])
    if front.article or parts[body.numbers[0]].titled or before >= MIN_WEIGHT:
        return sections
    # Before an article it is one more heading: the article's own paragraphs are those that count.
    numbers = body.numbers if body.article else front.numbers + body.numbers
    return [replace(body, start=front.start, numbers=numbers, above=""), *sections[2:]]


class _Pins:
    """Names places: by article, else by page and the paragraph on it, else by paragraph."""

    def __init__(self, parts: Sequence[Paragraph], page_starts: Sequence[int]) -> None:
        self._page_starts = page_starts
        ends = [part.end for part in parts]
        self._first_on_page = [bisect_right(ends, start) for start in page_starts]

    def page(self, offset: int) -> int | None:
        if not self._page_starts:
            return None
        return max(1, bisect_right(self._page_starts, offset))

    def name(self, section: _Section, run: Sequence[Piece], *, whole: bool) -> str:
        """whole: the run is all there is of its section"""
        if section.article:
            label = _label(run, section.numbers[0])
            return section.article if whole else f"{section.article} {label}"
        page, last = self.page(run[0].start), self.page(run[-1].end - 1)
        if page is None or last is None:
            return _label(run, 0)
        if page == last:
            return f"p. {page} {_label(run, self._first_on_page[page - 1])}"
        part = _part(run) if run[0].paragraph == run[-1].paragraph else ""
        return f"pp. {page}–{last}{part}"


def _label(run: Sequence[Piece], before: int) -> str:
    """`¶ 4`, `¶¶ 4–6`, `¶ 4 (1/3)`: paragraph numbers, counted after the first `before` ones."""
    first, last = run[0].paragraph, run[-1].paragraph
    if first == last:
        return f"¶ {first - before + 1}{_part(run)}"
    opening = _part([piece for piece in run if piece.paragraph == first])
    closing = _part([piece for piece in run if piece.paragraph == last])
    return f"¶¶ {first - before + 1}{opening}–{last - before + 1}{closing}"


def _part(run: Sequence[Piece]) -> str:
    """` (2/3)`: which parts of a paragraph these are; empty if they are all of it."""
    first, last, parts = run[0].part, run[-1].part, run[0].parts
    if last - first + 1 == parts:
        return ""
    return f" ({first}/{parts})" if first == last else f" ({first}–{last}/{parts})"
