"""Where does one passage end and the next begin, and how is each named?

text -> lines -> paragraphs, headings, articles -> sections -> pieces -> passages

Every word lies in exactly one passage. A heading opens the passage of the text below it, without
marks such as Markdown's `##`, and is carried as context by the passages after that one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.citing.pins import PinNamer
from corpus.language.lengths import MAX_WEIGHT, MIN_WEIGHT, weight
from corpus.language.scripts import HAN
from corpus.language.sentences import cut
from corpus.models import DocumentKind, Heading, Passage, Unit
from corpus.splitting import grouping
from corpus.splitting import headings as titles
from corpus.splitting.furniture import (
    find_address_lines,
    find_furniture,
    find_representatives,
    find_title_lines,
)
from corpus.splitting.numbering import (
    Numbering,
    Path,
    find_numbers,
    find_signs,
    renumber,
)
from corpus.splitting.paragraphs import Paragraph, find_lines, join_lines
from corpus.splitting.statutes import (
    find_articles,
    find_recitals,
    find_sections,
    place_paragraphs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_HAN = re.compile(f"[{HAN}]")
_CAPTION = 500  # characters that tell the script of a caption


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
    kind: DocumentKind | None = None,
) -> tuple[Passage, ...]:
    """Cut a document's text into passages: verbatim, in order, disjoint, never blank.

    A passage weighs about as much as 60 to 400 Han characters or 150 to 1,000 Latin ones; its
    headings come on top. Articles of a statute, list items with a title, and what stands alone
    under a heading may be shorter. Tables of contents, rules and running heads are in none. Time
    grows linearly with the text.

    headings: spans that the format marks as headings; others are found
    page_starts: the offset at which each page begins, ascending; empty without pages
    kind: what the document is, where it is known: a judgment is numbered otherwise than a contract
    """
    layout = _Layout(text, headings, page_starts, kind)
    passages: list[Passage] = []
    for section in layout.sections():
        for start, run, heading in layout.runs(section):
            end = run[-1].end
            pin = layout.pin(run, section)
            page = layout.pins.page(start)
            passages.append(
                Passage(len(passages) + 1, start, end, text[start:end], pin, page, heading)
            )
    return tuple(passages)


def split_units(text: str, units: Sequence[Unit]) -> tuple[Passage, ...]:
    """The passages of what has its own places, such as the rows of a spreadsheet.

    Verbatim, in order, disjoint, never blank: one for each unit. A unit that is too long for one
    passage is cut at the best marks that there are, and its pin counts the parts:
    `Fees!A12:F12 (1/3)`.
    """
    passages: list[Passage] = []
    for unit in units:
        spans = cut(text, unit.start, unit.end, MAX_WEIGHT)
        for part, (start, end) in enumerate(spans, start=1):
            pin = f"{unit.pin} ({part}/{len(spans)})" if len(spans) > 1 else unit.pin
            passages.append(
                Passage(
                    len(passages) + 1, start, end, text[start:end], pin, unit.page, unit.heading
                )
            )
    return tuple(passages)


def find_outline(
    text: str,
    *,
    headings: Sequence[Heading] = (),
    page_starts: Sequence[int] = (),
    kind: DocumentKind | None = None,
) -> tuple[Heading, ...]:
    """The headings that `split` finds in a text, in order; the highest has level 1.

    A statute's articles are headings too, below its chapters.
    """
    return _Layout(text, headings, page_starts, kind).outline()


class _Layout:
    """What is where in one text: paragraphs, headings, articles, the document's own numbers."""

    def __init__(
        self,
        text: str,
        headings: Sequence[Heading],
        page_starts: Sequence[int],
        kind: DocumentKind | None,
    ) -> None:
        self._text = text
        self._places: dict[int, list[Path]] = {}
        self._is_contract = kind == "contract"
        text_lines = find_lines(text)
        spans = [(line.start, line.end) for line in text_lines]
        self._articles = find_articles(text, spans)
        if not self._articles and kind == "statute":
            self._articles = find_sections(text, spans)
        marked = titles.rank_marked_lines(text, text_lines, headings, self._articles)
        self._parts = join_lines(
            text,
            text_lines,
            alone=frozenset(marked),
            openings=frozenset(self._articles),
            pages=frozenset(page_starts),
        )
        self._numbers, self._outline = self._number(marked, kind)
        numbers, outline = self._numbers, self._outline
        ends = (number for number in outline if number > max(numbers.series, default=0))
        self._last_numbered = min(ends, default=len(self._parts))
        self._skipped = find_furniture(text, self._parts, outline)
        front = find_title_lines(text, self._parts, self._articles)
        front |= find_address_lines(text, self._parts, kind)
        self._titles = front | frozenset(outline) | self._skipped
        self.pins = PinNamer(
            [(part.start, part.end) for part in self._parts],
            page_starts,
            titles=self._titles,
            caption="首部" if _HAN.search(text, 0, _CAPTION) else "caption",
        )
        self._notes = grouping.find_footnotes(text, self._parts, page_starts)
        belonging = numbers.inherited | find_representatives(text, self._parts)
        self._depths = dict.fromkeys(belonging, 1) | dict.fromkeys(numbers.series, 0)

    def _number(
        self, marked: Mapping[int, int], kind: DocumentKind | None
    ) -> tuple[Numbering, dict[int, titles.RankedHeading]]:
        """The document's own numbers, and its headings, by part: each is a clue to the other."""
        # A law's articles are its numbers; signs within them are items.
        numbers = (
            find_recitals(self._text, self._parts, min(self._articles))
            if self._articles
            else find_numbers(self._text, self._parts, kind, marked)
        )
        outline = titles.find_headings(
            self._text,
            self._parts,
            marked,
            by_articles=bool(self._articles),
            numbered=numbers.series,
            titled=numbers.titled,
        )
        if not self._articles and not any(numbers.paths):
            numbers = find_signs(self._text, self._parts, outline)
        return numbers, outline

    def sections(self) -> list[_Section]:
        """The text's sections, in order, without what is no passage."""
        plain = _sections(self._parts, self._outline, self._articles, self._skipped)
        return _with_front(self._text, self._parts, list(plain), self._skipped)

    def outline(self) -> tuple[Heading, ...]:
        """The headings, and the articles below them."""
        ranks = {number: heading.rank for number, heading in self._outline.items()}
        lowest = max(ranks.values(), default=0) + 1
        for number, part in enumerate(self._parts):
            if part.start in self._articles:
                ranks.setdefault(number, lowest)
        # Ranks of different scripts and formats leave gaps; a reader counts levels.
        levels = {rank: level for level, rank in enumerate(sorted(set(ranks.values())), start=1)}
        return tuple(
            Heading(self._parts[n].start, self._parts[n].end, levels[ranks[n]])
            for n in sorted(ranks)
        )

    def runs(self, section: _Section) -> Iterator[tuple[int, Sequence[grouping.Piece], str]]:
        """The passages of a section: where each begins, its pieces, the headings above it."""
        pieces = grouping.cut_paragraphs(
            self._text, self._parts, section.numbers, self._notes, self._depths
        )
        headed = weight(self._text[section.start : pieces[0].start])
        group = grouping.group_article if section.article else grouping.group_pieces
        for order, run in enumerate(group(pieces, headed)):
            if order:
                yield run[0].start, run, section.within
            else:
                yield section.start, run, section.above

    def pin(self, run: Sequence[grouping.Piece], section: _Section) -> str:
        """The pin of a passage of the section."""
        if section.article:
            return self.pins.name(run, self._article_paths(run, section))
        return self.pins.name(run, self._own_paths(run))

    def _article_paths(self, run: Sequence[grouping.Piece], section: _Section) -> list[Path]:
        first = section.numbers[0]
        if first not in self._places:  # once an article, however many passages it has
            words = (self._text[self._parts[n].start : self._parts[n].end] for n in section.numbers)
            self._places = {first: place_paragraphs(section.article, words)}
        places = self._places[first]
        whole = run[0].start == self._parts[first].start and run[-1].end == (
            self._parts[section.numbers[-1]].end
        )
        if whole:
            return [places[0][:1]]
        inner = [places[piece.paragraph - first] for piece in run]
        # A label alone stands above the paragraph whose number the passage has.
        return [path for path in inner if path != (section.article,)] or inner

    def _own_paths(self, run: Sequence[grouping.Piece]) -> list[Path]:
        """The paths of a run; empty where its first paragraph has no number of its own."""
        # Title lines above the first clause have no number of their own.
        counted = [piece for piece in run if piece.paragraph not in self._titles] or run
        paths = [self._path(piece) for piece in counted]
        if self._numbers.series:  # a judge's name or a heading stands above the first number
            sizes = [piece.size for path, piece in zip(paths, counted, strict=True) if path]
            mostly = 2 * sum(sizes) >= sum(piece.size for piece in run)
            return [path for path in paths if path] if mostly else []
        if len(paths) > 1 and _titles_only(self._text, counted[0]) and paths[0] and paths[1]:
            del paths[0]
        led_in = bool(paths[0]) or self._leads_in(counted, paths)
        return [path for path in paths if path] if led_in else []

    def _leads_in(self, run: Sequence[grouping.Piece], paths: Sequence[Path]) -> bool:
        """Is what stands before the run's first number only what leads in to it?"""
        at = next((at for at, path in enumerate(paths) if path), 0)
        before, numbered = run[:at], run[at:]
        if not before:
            return False
        # A contract's title, date and parties stand above its first clause.
        earlier = self._numbers.paths[: run[0].paragraph]
        introduces = self._is_contract and not any(earlier)
        if not introduces and not self._text[: before[-1].end].endswith((":", "：")):
            return False
        return sum(piece.size for piece in numbered) >= sum(piece.size for piece in before)

    def _path(self, piece: grouping.Piece) -> Path:
        numbers = self._numbers
        path = numbers.paths[piece.paragraph]
        if not numbers.series:
            return path if piece.part == 1 else renumber(path, self._text[piece.start : piece.end])
        # What follows the last number under a heading of its own, such as a note on appeals.
        return () if piece.paragraph > self._last_numbered else path


def _titles_only(text: str, piece: grouping.Piece) -> bool:
    """Is this a clause's heading, so that the passage is about the clauses below it?"""
    words = text[piece.start : piece.end]
    return piece.size < MIN_WEIGHT and not words.rstrip("*_ ").endswith(tuple(".;:。；：，,"))


def _sections(
    parts: Sequence[Paragraph],
    outline: Mapping[int, titles.RankedHeading],
    articles: Mapping[int, str],
    skipped: frozenset[int],
) -> Iterator[_Section]:
    """Cut at headings, at articles, at what is skipped, and around items that have a title."""
    trail: list[titles.RankedHeading] = []
    number = 0
    while number < len(parts):
        if number in skipped:
            number += 1
            continue
        start, above = parts[number].start, titles.join_labels(trail)
        if number in outline:
            start += outline[number].mark
            above = titles.open_heading(trail, outline[number])
        while number in outline and number not in skipped:
            titles.open_heading(trail, outline[number])
            number += 1
        if number in skipped or number == len(parts):
            continue
        first, article = number, articles.get(parts[number].start, "")
        number += 1
        while number < len(parts) and number not in outline:
            titled = not article and (parts[number].titled or parts[number - 1].titled)
            if parts[number].start in articles or titled or number in skipped:
                break
            number += 1
        within = titles.join_labels(trail)
        yield _Section(start, tuple(range(first, number)), article, above, within)


def _with_front(
    text: str, parts: Sequence[Paragraph], sections: list[_Section], skipped: frozenset[int]
) -> list[_Section]:
    """Let what little stands before the first heading, such as title and date, join its text."""
    if len(sections) < 2:
        return sections
    front, body = sections[:2]
    before = weight(text[front.start : parts[body.numbers[0]].start])
    # A passage is one span: what is skipped in between, such as contents, keeps them apart.
    apart = not skipped.isdisjoint(range(front.numbers[-1], body.numbers[0]))
    if front.article or parts[body.numbers[0]].titled or before >= MIN_WEIGHT or apart:
        return sections
    # Before an article it is one more heading: the article's own paragraphs are those that count.
    numbers = body.numbers if body.article else front.numbers + body.numbers
    return [replace(body, start=front.start, numbers=numbers, above=""), *sections[2:]]
