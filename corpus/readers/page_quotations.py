"""Which lines of a page are a block quotation?  Those that are set in on both sides.

A page says nothing of quotations but how they are set. So these are lines that follow each other,
begin together right of the text around, and end together left of where it ends, though the next
word would have fitted. A list is set in on one side alone; the lines of an address end anywhere,
and so do short paragraphs, each of which ends its sentence. A title of two lines, which is set in
the middle, ends none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.language.scripts import HAN

if TYPE_CHECKING:
    from corpus.readers.page_layout import PlacedLine

_SET_IN = 1.0  # heights of letters on either side, at least
_ALIGNED = 0.2  # heights of letters by which lines of one block begin apart
_FIRST_LINE = 3.0  # heights of letters by which the first line of a paragraph is set in farther
_REACHING = 0.08  # of the block's width by which its lines are shorter than the longest
_NARROWEST = 12  # heights of letters
_SENTENCE_END = re.compile(r"[。！？；.!?;][”’」』\"')）]*\s*\Z")
_CLOSED = re.compile(r"[。！？；.!?;:：…)）\]’”」』\"'](?:\[\d+\])?\s*\Z")
_SMALL = re.compile(rf"[a-z{HAN}]")
_ITEM = re.compile(r"[•·●○■□◆▪–—*-]\s|[（(]?[\da-zA-Z]{1,3}[)）.]\s|\d+(?:\.\d+)+\s")


def quotation_blocks(lines: Sequence[PlacedLine]) -> Iterator[range]:
    """The lines of each block, by their places in the sequence."""
    start = 0
    for stop in range(1, len(lines) + 1):
        if stop < len(lines) and _belongs(lines[start:stop], lines[stop]):
            continue
        if _is_quotation(lines[start:stop]):
            yield range(start, stop)
        start = stop


def _belongs(block: Sequence[PlacedLine], below: PlacedLine) -> bool:
    """Whether a line goes on with the block above it."""
    last = block[-1]
    size = below.line.size
    if last.page != below.page or abs(last.line.size - size) > 0.2 * size:
        return False
    shift = below.line.left - min(at.line.left for at in block)
    if abs(shift) < _ALIGNED * size:
        return True
    # A paragraph's first line may be set in farther than those below it.
    if len(block) == 1:
        return -_FIRST_LINE * size < shift < 0 and below.indent >= _SET_IN
    is_set_in = all(at.indent >= _SET_IN for at in block)
    return (
        is_set_in and 0 < shift < _FIRST_LINE * size and bool(_SENTENCE_END.search(last.line.text))
    )


def _is_quotation(block: Sequence[PlacedLine]) -> bool:
    if len(block) < 2 or any("\t" in at.line.text for at in block):
        return False
    if any(_ITEM.match(at.line.text) for at in block):
        return False
    text = " ".join(at.line.text for at in block)
    if not _CLOSED.search(text) or not _SMALL.search(text):
        return False
    size = block[0].line.size
    left, right = min(at.line.left for at in block), max(at.line.right for at in block)
    if right - left < _NARROWEST * size:
        return False
    if any(at.indent < _SET_IN or at.body_right - at.line.right < _SET_IN * size for at in block):
        return False
    breaks = block[:-1]
    unfinished = [at for at in breaks if not _SENTENCE_END.search(at.line.text)]
    reaching = sum(right - at.line.right <= _REACHING * (right - left) for at in unfinished)
    # Ragged lines are shorter by a word at most: the word that begins the next line.
    fitting = sum(
        at.line.right + below.line.first_word + 0.3 * size > right
        for at, below in pairwise(block)
        if at in unfinished
    )
    return 2 * len(unfinished) > len(breaks) and 10 * max(reaching, fitting) >= 7 * len(unfinished)
