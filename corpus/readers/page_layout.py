"""From the pieces of a page to its lines as a reader's eye takes them.

What stands beside the text is set aside: turned stamps at the margin, and the line numbers of
pleading paper. What stands side by side is told apart: cells of a table stay on one line, columns
of prose are read one after the other, although a program may have drawn them line by line.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_INTEGER = re.compile(r"\d{1,3}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_LEAST_NUMBERED = 8  # lines; shorter runs of numbers are lists or tables
_SAME_PLACE = 2.0  # ems
_LEAST_COLUMN_LINES = 3
_BOXES = {"☐", "☒"}
_PROSE = 25  # characters of a line of prose in a narrow column
_ASIDE_SIZE = 0.5  # what is set aside counts as small print below the text


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line: its text and where it stands, in any unit, `y` growing upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    """The height of its letters, which is about the width of a Han character."""
    first_word: float
    """The width of what could have stood at the end of the line above."""
    confidence: float = 1.0
    """How sure recognition was of it, from 0 to 1; text that a file holds is sure."""


@dataclass(frozen=True, slots=True)
class LineSegment:
    """A piece of a line without a wide gap: its text and where it stands, in any unit."""

    text: str
    left: float
    right: float
    y: float
    """Its baseline, growing upwards."""
    size: float
    first_word: float
    """The width of what could have stood at the end of the line above."""
    direction: int = 0
    """Degrees by which its line is turned against the sheet."""
    confidence: float = 1.0
    """How sure recognition was of it, from 0 to 1; text that a file holds is sure."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The lines of a page in reading order, and its size in the lines' unit, 0 if unknown."""

    lines: Sequence[PageLine]
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line in its column: where the column's lines begin and end, and on which page it is."""

    line: PageLine
    page: int
    column_left: float
    column_right: float
    body_right: float = 0.0
    """Where the lines of the text around end, which go farther than those of a quotation."""
    pitch: float = 1.5
    """The distance from line to line around it, in units of its letters."""

    @property
    def indent(self) -> float:
        """In units of its letters."""
        return (self.line.left - self.column_left) / self.line.size


SegmentRow = list[LineSegment]


def arrange(rows: Sequence[SegmentRow]) -> list[PageLine]:
    """The page's lines in reading order, cells of a row joined by tabs.

    What is set aside comes last and counts as small print, so that it breaks no paragraph.
    """
    upright, turned = _by_direction(rows)
    upright = _without_line_numbers(_without_copies(upright))
    lines = [_line(row) for row in _columns_apart(upright)]
    if not lines:
        return [_line(row) for row in turned]
    lowest = min(line.y for line in lines)
    size = _ASIDE_SIZE * statistics.median(line.size for line in lines)
    aside = [_line(row) for row in turned]
    return lines + [
        replace(line, y=lowest - 100 * number, size=size)
        for number, line in enumerate(aside, start=1)
    ]


def _by_direction(rows: Sequence[SegmentRow]) -> tuple[list[SegmentRow], list[SegmentRow]]:
    """The rows that run as most of the page does, and the others."""
    weights: Counter[int] = Counter()
    for row in rows:
        for segment in row:
            weights[segment.direction] += len(segment.text)
    if not weights:
        return [], []
    usual = weights.most_common(1)[0][0]
    return (
        [row for row in rows if row[0].direction == usual],
        [row for row in rows if row[0].direction != usual],
    )


def _without_copies(rows: list[SegmentRow]) -> list[SegmentRow]:
    """Without rows drawn once more at the same place, which makes them look bold or shadowed."""
    originals: list[SegmentRow] = []
    places: dict[str, list[LineSegment]] = {}
    for row in rows:
        text = "\t".join(segment.text for segment in row)
        first = row[0]
        near = 0.4 * first.size
        earlier = places.setdefault(text, [])
        if any(abs(a.left - first.left) < near and abs(a.y - first.y) < near for a in earlier):
            continue
        earlier.append(first)
        originals.append(row)
    return originals


def _without_line_numbers(rows: list[SegmentRow]) -> list[SegmentRow]:
    """Without the numbers that pleading paper and statutes print beside every line, or every 5th.

    They stand in one column beside the text, count up by one step, and are as far apart as lines.
    """
    numbers = [
        (row[at], number, at)
        for number, row in enumerate(rows)
        for at in {0, len(row) - 1}
        if _INTEGER.fullmatch(row[at].text)
    ]
    drop: set[tuple[int, int]] = set()
    for side in (0.0, 1.0):  # beside the left margin, then beside the right one
        column = [entry for entry in numbers if _stands_beside(entry[0], rows, side)]
        column.sort(key=lambda entry: -entry[0].y)
        if _counts_lines(column, rows):
            drop |= {(number, at) for _, number, at in column}
    pruned = (
        [segment for at, segment in enumerate(row) if (number, at) not in drop]
        for number, row in enumerate(rows)
    )
    return [row for row in pruned if row]


def _stands_beside(segment: LineSegment, rows: list[SegmentRow], side: float) -> bool:
    """Whether a piece stands outside the text, left or right of nearly all of its lines."""
    texts = [s for row in rows for s in row if not _INTEGER.fullmatch(s.text)]
    if not texts:
        return False
    if side:
        beyond = sum(s.right < segment.left for s in texts)
    else:
        beyond = sum(s.left > segment.right for s in texts)
    return 10 * beyond >= 9 * len(texts)


def _counts_lines(column: list[tuple[LineSegment, int, int]], rows: list[SegmentRow]) -> bool:
    values = [int(segment.text) for segment, _, _ in column]
    steps = Counter(b - a for a, b in pairwise(values))
    if not steps:
        return False
    step, times = steps.most_common(1)[0]
    least = _LEAST_NUMBERED if step == 1 else 3
    if step not in {1, 5, 10} or len(values) < least or 5 * times < 4 * (len(values) - 1):
        return False
    if step == 1 and values[0] > 3:
        return False
    drops = [a.y - b.y for (a, _, _), (b, _, _) in pairwise(column)]
    usual = statistics.median(drops)
    even = sum(abs(drop - usual) < 0.2 * usual for drop in drops)
    # A table's first column may count too, but its rows have several cells.
    cells = [len(rows[number]) for _, number, _ in column]
    return 5 * even >= 4 * len(drops) and statistics.median(cells) <= 2


def _columns_apart(rows: list[SegmentRow]) -> Iterator[SegmentRow]:
    """Rows of two columns of prose, read column by column; all others as they are."""
    start = 0
    while start < len(rows):
        stop = start
        while stop < len(rows) and _same_gutter(rows[start], rows[stop]):
            stop += 1
        block = rows[start:stop]
        if _are_columns(block):
            yield from ([row[0]] for row in block)
            yield from (row[1:] for row in block if len(row) > 1)
        else:
            yield from block or [rows[start]]
        start = max(stop, start + 1)


def _same_gutter(first: SegmentRow, row: SegmentRow) -> bool:
    """Whether two rows are parted at the same place; one of them may lack its right part."""
    if len(first) != 2 or len(row) > 2:
        return False
    if len(row) == 1:
        return row[0].right < first[1].left and abs(row[0].left - first[0].left) < 4 * row[0].size
    near = _SAME_PLACE * first[0].size
    return abs(row[1].left - first[1].left) < near and abs(row[0].left - first[0].left) < 2 * near


def _are_columns(block: list[SegmentRow]) -> bool:
    """Columns of prose: two languages side by side, or long lines in both."""
    pairs = [row for row in block if len(row) == 2]
    if len(pairs) < _LEAST_COLUMN_LINES:
        return False
    left, right = (" ".join(row[at].text for row in pairs) for at in (0, 1))
    if _is_han(left) != _is_han(right):
        return True
    long = sum(min(len(row[0].text), len(row[1].text)) >= _PROSE for row in pairs)
    return len(pairs) > _LEAST_COLUMN_LINES and 5 * long >= 4 * len(pairs)


def _is_han(text: str) -> bool:
    return len(_HAN.findall(text)) > len(_LATIN.findall(text)) / 2


def _line(row: SegmentRow) -> PageLine:
    """A row as one line; its first word is that of its first piece."""
    first = row[0]
    text = first.text
    for before, segment in pairwise(row):
        text += (" " if before.text in _BOXES else "\t") + segment.text  # a box and its label
    return PageLine(
        text,
        first.left,
        row[-1].right,
        first.y,
        statistics.median(segment.size for segment in row),
        first.first_word,
        min(segment.confidence for segment in row),
    )
