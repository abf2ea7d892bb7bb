"""Which paragraphs belong together, and how many of them make one passage?

A list belongs to the line that leads in to it, a clause's parts to the clause, a table's rows to
each other; what is short joins what follows it, and at the end what stands before it, as a page's
footnotes do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from corpus.language.lengths import MAX_WEIGHT, MIN_WEIGHT, Span, weight
from corpus.language.sentences import cut, pack

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from corpus.splitting.paragraphs import Paragraph

LARGEST = MAX_WEIGHT + MIN_WEIGHT  # a short piece may come on top of a full one
_COMFORTABLE = MAX_WEIGHT // 2  # items of a list that is too long are joined up to this
_DEEPEST = 9

_LEAD_IN = re.compile(r"[:：][*_\s]*\Z")
_QUESTION = re.compile(r"(?:Q|Question|問|问|问题|問題)\s?\d*\s?[.:：、]")
_NOTE = re.compile(r"\[(?:\d{1,4}|[ivxlc]{1,8})\](?=\s)")
_FOOTNOTE = re.compile(r"\d{1,3}(?:\s|(?=[A-Z《「『“見见參参]))|[①-⑳]|[*†‡]+\s?(?=\w)")
_ROW = re.compile(r"[|\t│┃├]")
_CREDIT = re.compile(r"[（(【\[][^（(]*[）)】\]]|(?:——|—|–|責編|责编|責任編輯|责任编辑).*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a part of one that is too long."""

    start: int
    end: int
    paragraph: int
    """The paragraph's number, from 0."""
    part: int
    parts: int
    size: int
    gap: int
    """The weight of the white space before it."""
    depth: int
    """0: stands by itself; 1 and more: belongs to what is before it, the deeper the closer."""
    credit: bool
    """A short closing line, such as an editor's name in brackets, or a footnote."""


def find_footnotes(
    text: str, paragraphs: Sequence[Paragraph], page_starts: Sequence[int]
) -> frozenset[int]:
    """The numbers of the short paragraphs that close a page and open with a footnote's mark."""
    footnotes: set[int] = set()
    starts = [paragraph.start for paragraph in paragraphs]
    for page_start in page_starts[1:]:
        number = bisect_left(starts, page_start) - 1
        if number >= 0 and paragraphs[number].end > page_start:  # it goes on over the page
            number -= 1
        while number >= 0 and _is_footnote(text, paragraphs[number]):
            footnotes.add(number)
            number -= 1
    return frozenset(footnotes)


def _is_footnote(text: str, paragraph: Paragraph) -> bool:
    words = text[paragraph.start : paragraph.end]
    return bool(_FOOTNOTE.match(words)) and weight(words) < MIN_WEIGHT


def cut_paragraphs(
    text: str,
    paragraphs: Sequence[Paragraph],
    numbers: Sequence[int],
    notes: Collection[int] = (),
    fixed: Mapping[int, int] = MappingProxyType({}),
) -> list[Piece]:
    """The paragraphs of these numbers, those that are too long in parts.

    notes: footnotes
    fixed: the depth of paragraphs where it is known: 0 for a judgment's own numbers, 1 for what
        belongs to the paragraph before it, such as a party's representative
    """
    pieces: list[Piece] = []
    for number, depth in zip(numbers, _depths(text, paragraphs, numbers), strict=True):
        paragraph = paragraphs[number]
        spans = _cut(text, paragraph.start, paragraph.end)
        for part, (start, end) in enumerate(spans, start=1):
            gap = weight(text[pieces[-1].end : start]) if pieces else 0
            words = text[start:end]
            short = weight(words) < MIN_WEIGHT
            credit = number in notes or (short and bool(_CREDIT.fullmatch(words)))
            level = fixed.get(number, depth) if part == 1 else 0
            pieces.append(
                Piece(start, end, number, part, len(spans), weight(words), gap, level, credit)
            )
    return pieces


def _cut(text: str, start: int, end: int) -> list[Span]:
    """A paragraph in parts that fit; a table between its rows, since half a row says nothing."""
    rows = text[start:end].splitlines(keepends=True)
    is_table = 2 * sum("\t" in row for row in rows) > len(rows)
    if not is_table or weight(text[start:end]) <= MAX_WEIGHT:
        return cut(text, start, end)
    bounds: list[Span] = []
    for row in rows:
        bounds.append((start, start + len(row)))
        start += len(row)
    runs = pack([weight(text[slice(*row)]) for row in bounds], MAX_WEIGHT)
    # A single row may be longer than a passage: it is cut as other text is.
    return [
        span for first, last in runs for span in cut(text, bounds[first][0], bounds[last - 1][1])
    ]


def group_pieces(pieces: Sequence[Piece], headed: int = 0) -> list[list[Piece]]:
    """The runs of pieces that each make one passage.

    headed: the weight of the headings above the first piece; what they open may be shorter
    """
    runs = [fitting for whole in _chunks(pieces, 0) for fitting in _fit(whole)]
    runs = _join(runs, enough=MIN_WEIGHT, limit=LARGEST, headed=headed)
    if len(runs) > 1 and size(runs[-1]) < MIN_WEIGHT:
        last = runs.pop()
        runs.extend(_join([runs.pop(), last], enough=LARGEST, limit=LARGEST))
    return runs


def group_article(pieces: Sequence[Piece], headed: int = 0) -> list[list[Piece]]:
    """An article whole if it fits, else cut between its paragraphs, items with their paragraph.

    headed: as for `group_pieces`; an article is whole however little stands in it
    """
    if size(pieces) <= MAX_WEIGHT:
        return [list(pieces)]
    runs = [fitting for whole in _chunks(pieces, 0) for fitting in _fit(whole)]
    bounds = pack([size(run) + run[0].gap for run in runs], MAX_WEIGHT)
    packed = [[piece for run in runs[first:last] for piece in run] for first, last in bounds]
    if headed + size(packed[0]) < MIN_WEIGHT and size(packed[0] + packed[1]) <= LARGEST:
        packed[:2] = [packed[0] + packed[1]]
    return packed


def size(run: Sequence[Piece]) -> int:
    """The weight of the text from the first piece to the last."""
    return sum(piece.size + piece.gap for piece in run) - run[0].gap


def _fit(run: list[Piece]) -> list[list[Piece]]:
    """The run itself if it is not too long, else its items, joined while they stay comfortable."""
    if len(run) == 1 or size(run) <= MAX_WEIGHT:
        return [run]
    shallowest = min(piece.depth for piece in run[1:])
    parts = [fitting for chunk in _chunks(run, shallowest) for fitting in _fit(chunk)]
    return _join(parts, enough=_COMFORTABLE, limit=_COMFORTABLE)


def _chunks(run: Sequence[Piece], depth: int) -> list[list[Piece]]:
    """Cut before each piece of this depth or a smaller one."""
    chunks: list[list[Piece]] = []
    for piece in run:
        if not chunks or piece.depth <= depth:
            chunks.append([])
        chunks[-1].append(piece)
    return chunks


def _join(
    runs: Sequence[list[Piece]], *, enough: int, limit: int, headed: int = 0
) -> list[list[Piece]]:
    """Join each run to the one before it until that is enough, never beyond the limit."""
    joined: list[list[Piece]] = []
    total = 0
    for run in runs:
        above = headed if len(joined) == 1 else 0
        added = size(run) + run[0].gap
        wanting = total + above < enough or run[0].credit
        if joined and wanting and total + added <= limit:
            joined[-1].extend(run)
            total += added
        else:
            joined.append(list(run))
            total = size(run)
    return joined


def _depths(text: str, paragraphs: Sequence[Paragraph], numbers: Sequence[int]) -> list[int]:
    """How closely each paragraph belongs to the one before it."""
    depths: list[int] = []
    opened: list[Paragraph] = []  # the open list's item on each level, outermost first
    base, leads_in, row, before = 0, False, False, ""
    for number in numbers:
        paragraph = paragraphs[number]
        words = text[paragraph.start : paragraph.end]
        last = depths[-1] if depths else 0
        was_row, row = row, bool(_ROW.search(words))
        if paragraph.marker:
            base = base if opened else (last + 1) * leads_in
            depth = base + _level(opened, paragraph)
        elif opened and paragraph.indent > opened[-1].indent:
            depth = base + len(opened)
        elif leads_in or _is_note(words, before):
            depth = last + 1
        else:
            depth = max(1, last) if row and was_row else 0
            opened.clear()
        leads_in = bool(_LEAD_IN.search(words[-8:]) or _QUESTION.match(words))
        before = before if depth and _NOTE.match(words) else words
        depths.append(min(depth, _DEEPEST))
    return depths


def _is_note(words: str, before: str) -> bool:
    """Is this a footnote, which opens with the mark that stands in the paragraph before it?"""
    mark = _NOTE.match(words)
    return mark is not None and mark[0] in before[1:]


def _level(opened: list[Paragraph], item: Paragraph) -> int:
    """The item's level in the open list, which it becomes part of; an unseen marker opens one."""
    markers = [paragraph.marker for paragraph in opened]
    if item.marker in markers:
        del opened[markers.index(item.marker) :]
    opened.append(item)
    return len(opened) - 1
