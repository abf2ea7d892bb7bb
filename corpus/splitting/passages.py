"""Where does one passage end and the next begin, and how is each named?

text -> lines -> paragraphs, headings, articles -> sections -> pieces -> passages

Every word lies in exactly one passage. A heading opens the passage of the text below it, without
marks such as Markdown's `##`, and is carried as context by the passages after that one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.citing.pins import PinNamer
from corpus.language.lengths import MIN_WEIGHT, weight
from corpus.models import Heading, Passage
from corpus.splitting import grouping
from corpus.splitting import headings as titles
from corpus.splitting.paragraphs import Paragraph, find_lines, join_lines
from corpus.splitting.statutes import find_articles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


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
    text_lines = find_lines(text)
    articles = find_articles(text, ((line.start, line.end) for line in text_lines))
    marked = titles.rank_marked_lines(text, text_lines, headings, articles)
    parts = join_lines(text, text_lines, alone=frozenset(marked), openings=frozenset(articles))
    outline = titles.find_headings(text, parts, marked, by_articles=bool(articles))
    pins = PinNamer([part.end for part in parts], page_starts)
    notes = grouping.find_footnotes(text, parts, page_starts)
    passages: list[Passage] = []
    for section in _with_front(text, parts, list(_sections(parts, outline, articles))):
        pieces = grouping.cut_paragraphs(text, parts, section.numbers, notes)
        runs = grouping.group_pieces(pieces, weight(text[section.start : pieces[0].start]))
        for order, run in enumerate(runs):
            start = run[0].start if order else section.start
            end = run[-1].end
            heading = section.within if order else section.above
            pin = pins.name(
                run, article=section.article, first=section.numbers[0], whole=len(runs) == 1
            )
            passages.append(
                Passage(
                    len(passages) + 1, start, end, text[start:end], pin, pins.page(start), heading
                )
            )
    return tuple(passages)


def _sections(
    parts: Sequence[Paragraph],
    outline: Mapping[int, titles.RankedHeading],
    articles: Mapping[int, str],
) -> Iterator[_Section]:
    """Cut at headings, at articles, and around list items that have a title of their own."""
    trail: list[titles.RankedHeading] = []
    number = 0
    while number < len(parts):
        start, above = parts[number].start, titles.join_labels(trail)
        if number in outline:
            start += outline[number].mark
            above = titles.open_heading(trail, outline[number])
        while number in outline:
            titles.open_heading(trail, outline[number])
            number += 1
        first, article = number, articles.get(parts[number].start, "")
        number += 1
        while number < len(parts) and number not in outline:
            titled = not article and (parts[number].titled or parts[number - 1].titled)
            if parts[number].start in articles or titled:
                break
            number += 1
        within = titles.join_labels(trail)
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
